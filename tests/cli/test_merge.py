"""`juesuan merge`: what it writes, what it refuses, and that the rest of the program takes its result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from juesuan.core.drafting.session import Edit, Session

from .conftest import Run
from .test_process import heed_ctrl_c

DATA = Path(__file__).parents[1] / "data" / "merge"
GOLDEN = Path(__file__).parents[1] / "golden" / "merged.toml"
MANY = 12
"""More than are read in one process."""


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    files = [tmp_path / name for name in ("本级.toml", "科技馆.toml")]
    for file in files:
        file.write_bytes((DATA / file.name).read_bytes())
    return files


@pytest.fixture
def department(juesuan: Run, units: list[Path], tmp_path: Path) -> Path:
    out = tmp_path / "科协.toml"
    assert juesuan("merge", *units, "-o", out).code == 0
    return out


def many(folder: Path, count: int = MANY) -> list[Path]:
    text = (DATA / "科技馆.toml").read_text("utf-8")
    files = []
    for number in range(count):
        files.append(folder / f"{number:02}.toml")
        files[-1].write_text(text.replace("青禾县科技馆", f"第{number}科技馆"), "utf-8")
    return files


def test_a_department_is_written_and_what_to_look_at_is_said(
    juesuan: Run, units: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "科协.toml"
    result = juesuan("merge", *units, "-o", out)
    assert (result.code, result.data) == (0, b"")
    assert out.read_text("utf-8") == GOLDEN.read_text("utf-8")
    assert "抵销单位之间的往来：上级补助 35000.00 元" in result.err
    assert "科目 2060799" in result.err
    assert f"juesuan check {out}" in result.err


def test_the_order_of_the_files_does_not_matter(juesuan: Run, units: list[Path], department: Path) -> None:
    before = department.read_bytes()
    assert juesuan("merge", *reversed(units), "-o", department, "--overwrite").code == 0
    assert department.read_bytes() == before


def test_worker_processes_give_the_same_as_one(juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from juesuan.core import batch

    files = many(tmp_path)
    assert juesuan("merge", *files, "-o", tmp_path / "a.toml", "--unit", "万元").code == 0
    monkeypatch.setattr(batch, "SMALL", MANY)
    assert juesuan("merge", *files, "-o", tmp_path / "b.toml", "--unit", "万元").code == 0
    assert (tmp_path / "a.toml").read_bytes() == (tmp_path / "b.toml").read_bytes()


def test_a_unit_that_does_not_fit_stops_the_merge_or_is_left_out(
    juesuan: Run, units: list[Path], tmp_path: Path
) -> None:
    other = tmp_path / "去年.toml"
    text = units[1].read_text("utf-8")
    other.write_text(text.replace("year = 2024", "year = 2023").replace("县科技馆", "县少年宫"), "utf-8")
    out = tmp_path / "out.toml"
    result = juesuan("merge", *units, other, "-o", out)
    assert result.code == 1
    assert not out.exists()
    assert "去年.toml" in result.err
    assert "2023" in result.err
    assert "--skip" in result.err
    result = juesuan("merge", *units, other, "-o", out, "--skip")
    assert result.code == 0
    assert "去年.toml" in result.err
    assert out.read_text("utf-8") == GOLDEN.read_text("utf-8")


def test_nothing_that_is_there_is_written_over(juesuan: Run, units: list[Path], department: Path) -> None:
    before = {file: file.read_bytes() for file in (*units, department)}
    assert juesuan("merge", *units, "-o", department).code == 2
    assert juesuan("merge", *units, "-o", units[0], "--overwrite").code == 2
    assert {file: file.read_bytes() for file in before} == before


def test_a_folder_that_is_not_there(juesuan: Run, units: list[Path], tmp_path: Path) -> None:
    result = juesuan("merge", *units, "-o", tmp_path / "x" / "out.toml")
    assert result.code == 2
    assert "Traceback" not in result.err


def test_options_go_into_the_source(juesuan: Run, units: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out.toml"
    stated = ("--department", "甲部门", "--unit", "万元", "--prior", "旧.toml")
    assert juesuan("merge", *units, "-o", out, *stated).code == 0
    text = out.read_text("utf-8")
    assert 'department = "甲部门"' in text
    assert 'unit = "万元"' in text
    assert 'prior = "旧.toml"' in text
    assert "other = 3.800055" in text


def test_the_result_is_checked_and_exported(juesuan: Run, department: Path) -> None:
    checked = juesuan("check", department)
    assert checked.code == 0
    assert "错误 0" in checked.out
    assert "N01" in checked.out
    printed = juesuan("export", department)
    assert printed.code == 0
    assert "青禾县科学技术协会" in printed.out
    assert "154.00" in printed.out
    assert juesuan("export", department, "--to", "json").code == 0


def test_explain_goes_down_to_the_units(juesuan: Run, department: Path, units: list[Path]) -> None:
    said = juesuan("explain", department, "income.total.total").out
    assert "123.50 万元  [本级.toml]" in said
    assert "34.50 万元（345000.55 元）  [科技馆.toml]" in said
    assert "−4.00 万元" in said
    units[1].unlink()
    said = juesuan("explain", department, "income.total.total")
    assert said.code == 0
    assert "没有这个文件" in said.out


def test_an_edit_of_the_result_touches_one_line(department: Path) -> None:
    before = department.read_text("utf-8").splitlines()
    session = Session.open(str(department))
    try:
        session.run("改", [Edit("cell", ("income", "2060799", "other"), "38000.56")])
        session.save()
    finally:
        session.close()
    after = department.read_text("utf-8").splitlines()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert [("38000.55" in one, "38000.56" in other) for one, other in changed] == [(True, True)]


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    files = many(tmp_path, 200)
    before = set(os.listdir(tmp_path))
    command = [sys.executable, "-m", "juesuan", "merge", *map(str, files), "-o", str(tmp_path / "out.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                               preexec_fn=heed_ctrl_c)
    until = time.monotonic() + 30
    while process.poll() is None and not _children(process.pid):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    try:
        _out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert "Traceback" not in err.decode()
    assert set(os.listdir(tmp_path)) == before


def _children(process: int) -> bool:
    return bool(Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").strip())


def test_every_option_is_told_in_its_document() -> None:
    from juesuan import cli

    (commands,) = (action.choices for action in cli._parser()._actions if isinstance(action.choices, dict))
    text = (Path(__file__).parents[2] / "docs" / "merging.md").read_text("utf-8")
    for action in commands["merge"]._actions:
        for option in action.option_strings[:1]:
            assert option in ("-h", "--lang", "--formats-dir") or f"`{option}`" in text, option
