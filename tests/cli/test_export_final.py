"""`juesuan export`: what is open and what is wrong is counted; --final writes nothing but what can be published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from juesuan.core.render import KINDS

from .conftest import EXAMPLE, Run
from .test_bad_input import BODY, HEAD, write

FINAL = EXAMPLE.with_name("panzhihua-dongqu-2023.toml")
"""A report that nothing stands in the way of."""


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    return write(tmp_path, HEAD + BODY, "unfinished.toml")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Complete, with errors."""
    return write(tmp_path, EXAMPLE.read_text("utf-8").replace("project = 3.76", "project = 4.76"), "wrong.toml")


def test_a_draft_on_standard_output_is_told_of(unfinished: Path, wrong: Path, juesuan: Run) -> None:
    shown = juesuan("export", unfinished)
    assert shown.code == 0
    said = re.fullmatch(rf"{unfinished}：草稿，完成 (\d+)%，待填 (\d+) 项.*\n", shown.err)
    assert said is not None
    assert shown.out.startswith(f"草稿（待填{said[2]}项")
    shown = juesuan("export", wrong)
    assert shown.code == 0
    assert shown.err == f"{wrong}：草稿，完成 100%，错误 2 处，未说明的警告 6 条\n"
    assert shown.out.startswith("草稿（错误2处）\n\n")


def test_of_a_final_report_nothing_is_told(juesuan: Run, tmp_path: Path) -> None:
    for more in ((), ("--final",)):
        shown = juesuan("export", FINAL, *more)
        assert (shown.code, shown.err) == (0, "")
        assert "草稿" not in shown.out
    told = juesuan("export", FINAL, "--final", "-o", tmp_path / "a.txt")
    assert (told.code, told.err) == (0, f"{FINAL} → {tmp_path}/a.txt：完成 100%\n")
    assert (tmp_path / "a.txt").read_bytes() == shown.data


def test_the_language_is_the_user_s(wrong: Path, juesuan: Run) -> None:
    shown = juesuan("export", wrong, "--lang", "en")
    assert shown.err == f"{wrong}: draft, complete 100%, errors: 2, warnings not acknowledged: 6\n"
    assert shown.out.startswith("草稿（错误2处）")


@pytest.mark.parametrize("to", KINDS)
def test_what_is_not_final_is_refused_and_nothing_is_written(
    to: str, unfinished: Path, wrong: Path, juesuan: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for source in (unfinished, wrong, EXAMPLE):
        for where in ((), ("-o", out), ("--out-dir", out)):
            refused = juesuan("export", source, "--final", "--to", to, *where)
            assert (refused.code, refused.data) == (1, b"")
            assert refused.err.startswith(f"{source}：不能定稿，未生成报告：")
            assert not out.exists()


def test_an_existing_report_stays_when_the_new_one_is_not_final(wrong: Path, juesuan: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.txt"
    juesuan("export", FINAL, "--final", "-o", out)
    before = out.read_bytes()
    assert juesuan("export", wrong, "--final", "-o", out).code == 1
    assert out.read_bytes() == before


def test_the_refusal_lists_what_stands_in_the_way(unfinished: Path, wrong: Path, juesuan: Run) -> None:
    first, *lines = juesuan("export", wrong, "--final").err.splitlines()
    assert first == f"{wrong}：不能定稿，未生成报告：错误 2 处，未说明的警告 6 条"
    assert re.fullmatch(r"  错误  E07  第 \d+ 行  .+", lines[0])
    assert [line[:4] for line in lines] == ["  错误"] * 2 + ["  警告"] * 6
    assert lines[-1] == "  警告  ……另有 1 项"
    first, *lines = juesuan("export", unfinished, "--final").err.splitlines()
    assert re.fullmatch(rf"{unfinished}：不能定稿，未生成报告：待填 \d+ 项.*", first)
    assert lines[0] == "  待填  部门主要职责"
    assert re.fullmatch(r"  待填  ……另有 \d+ 项", lines[5])


def test_warnings_alone_make_no_draft_but_are_to_be_acknowledged_before_it_is_final(juesuan: Run) -> None:
    shown = juesuan("export", EXAMPLE)
    assert "草稿" not in shown.out + shown.err
    refused = juesuan("export", EXAMPLE, "--final")
    assert refused.code == 1
    assert "未说明的警告 6 条" in refused.err


def test_a_source_with_faults_is_refused_as_ever(juesuan: Run, tmp_path: Path) -> None:
    bad = write(tmp_path, HEAD + "[vehicles]\nother = -1\nothers = 1\n", "bad.toml")
    result = juesuan("export", bad, "--final")
    assert result.code == 1
    assert f"{bad}：有 2 处错误须先改正，未生成报告" in result.err


@pytest.mark.parametrize("number", [1, 10])
def test_of_many_files_those_that_are_final_are_written(
    number: int, unfinished: Path, wrong: Path, juesuan: Run, tmp_path: Path
) -> None:
    finished = [write(tmp_path, FINAL.read_text("utf-8"), f"f{n}.toml") for n in range(number)]
    result = juesuan("export", unfinished, *finished, wrong, "--final", "--out-dir", tmp_path / "out")
    assert result.code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(f"f{n}.txt" for n in range(number))
    assert f"{unfinished}：不能定稿" in result.err
    assert f"{wrong}：不能定稿" in result.err
    assert result.err.endswith(f"共 {number + 2} 个文件，已生成 {number} 个，写入 {tmp_path / 'out'}\n")


def test_a_file_that_can_t_be_read_is_worse_than_one_that_is_not_final(
    wrong: Path, juesuan: Run, tmp_path: Path
) -> None:
    result = juesuan("export", wrong, tmp_path / "gone.toml", "--final", "--out-dir", tmp_path / "out")
    assert result.code == 2
    assert not (tmp_path / "out").exists()


def test_the_help_says_what_the_exit_code_means(juesuan: Run) -> None:
    words = "".join(juesuan("export", "--help").out.split())
    assert "--final" in words
    assert "1有源文件写错，或者用了--final而有报告不能定稿，未予生成" in words
