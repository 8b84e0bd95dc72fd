"""`juesuan export`: where reports go, what they look like, and how many at once are told."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from juesuan.core import batch
from juesuan.core.text.width import width

from .conftest import EXAMPLE, Run
from .test_bad_input import BODY, HEAD, write

FIGURE = re.compile(r"-?[0-9]+\.[0-9]{2}")
FINAL = EXAMPLE.with_name("panzhihua-dongqu-2023.toml")
"""A report that nothing stands in the way of."""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten sources, each another department's: more than are written by one process."""
    folder = tmp_path_factory.mktemp("many")
    text = EXAMPLE.read_text("utf-8")
    return [write(folder, text.replace("三明市", f"第{n}"), f"d{n}.toml") for n in range(10)]


@pytest.mark.parametrize("to", ["text", "json"])
def test_one_file_goes_to_standard_output_or_to_a_file(to: str, juesuan: Run, tmp_path: Path) -> None:
    shown = juesuan("export", EXAMPLE, "--to", to)
    assert (shown.code, shown.err) == (0, f"{EXAMPLE}：完成 100%，未说明的警告 6 条\n")
    assert shown.out.endswith("\n")
    assert not shown.out.endswith("\n\n")
    written = juesuan("export", EXAMPLE, "--to", to, "-o", tmp_path / "报告.out")
    assert (written.code, written.data) == (0, b"")
    assert (tmp_path / "报告.out").read_bytes() == shown.data
    juesuan("export", EXAMPLE, "--to", to, "--out-dir", tmp_path / "new/folder")
    ending = {"text": ".txt", "json": ".json"}[to]
    assert (tmp_path / "new/folder" / f"sanming-2024{ending}").read_bytes() == shown.data


def test_many_files_on_all_cores_are_the_same_bytes(copies: list[Path], juesuan: Run, tmp_path: Path) -> None:
    result = juesuan("export", *copies, "--out-dir", tmp_path)
    assert (result.code, result.data) == (0, b"")
    assert result.err.splitlines() == [
        f"{path} → {tmp_path / path.stem}.txt：完成 100%，未说明的警告 6 条" for path in copies]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"d{n}.txt" for n in range(10)]
    for path in copies:
        assert (tmp_path / f"{path.stem}.txt").read_bytes() == juesuan("export", path).data


def test_word_documents_of_many_files(copies: list[Path], juesuan: Run, tmp_path: Path) -> None:
    result = juesuan("export", *copies, "--to", "docx", "--out-dir", tmp_path)
    assert (result.code, result.data) == (0, b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"d{n}.docx" for n in range(10)]
    alone = juesuan("export", copies[0], "--to", "docx")
    assert alone.data.startswith(b"PK")
    assert (tmp_path / "d0.docx").read_bytes() == alone.data


@pytest.mark.parametrize("number", [3, 10])
def test_one_bad_file_does_not_stop_the_others(number: int, copies: list[Path], juesuan: Run, tmp_path: Path) -> None:
    bad = write(tmp_path, "schema = 3\n", "bad.toml")
    files = [*copies[: number // 2], bad, tmp_path / "gone.toml", *copies[number // 2 : number]]
    result = juesuan("export", *files, "--out-dir", tmp_path / "out")
    assert result.code == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"d{n}.txt" for n in range(number)]
    lines = result.err.splitlines()
    assert [line for line in lines if "→" not in line] == [
        f"{bad}：第 1 行：schema = 3 由更新版本的 juesuan 写成，请先升级本程序",
        f"{tmp_path / 'gone.toml'}：没有这个文件，请检查路径。",
        f"共 {number + 2} 个文件，已生成 {number} 个，写入 {tmp_path / 'out'}",
    ]


def test_a_source_with_faults_among_sound_ones(copies: list[Path], juesuan: Run, tmp_path: Path) -> None:
    bad = write(tmp_path, HEAD + "[vehicles]\nother = -1\nothers = 1\n", "bad.toml")
    result = juesuan("export", copies[0], bad, "--out-dir", tmp_path / "out")
    assert result.code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["d0.txt"]
    assert f"{bad}：第 8 行：" in result.err
    assert f"{bad}：第 9 行：" in result.err
    assert f"{bad}：有 2 处错误须先改正，未生成报告" in result.err


def test_nothing_to_write_makes_no_folder(juesuan: Run, tmp_path: Path) -> None:
    bad = write(tmp_path, "schema = 3\n")
    assert juesuan("export", bad, "--out-dir", tmp_path / "out").code == 2
    assert not (tmp_path / "out").exists()


def test_two_reports_of_one_name(juesuan: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, HEAD + BODY, "x.toml")
    result = juesuan("export", tmp_path / "a/x.toml", tmp_path / "b/x.toml", "--out-dir", tmp_path / "out")
    assert result.code == 2
    assert all(str(tmp_path / name) in result.err for name in ("a/x.toml", "b/x.toml", "out/x.txt"))
    assert not (tmp_path / "out").exists()


def test_of_many_files_only_failures_and_a_summary_are_told(juesuan: Run, tmp_path: Path) -> None:
    files = [write(tmp_path, FINAL.read_text("utf-8"), f"{n}.toml") for n in range(21)]
    result = juesuan("export", *files, "--out-dir", tmp_path / "b")
    assert result.err.splitlines() == [f"共 21 个文件，已生成 21 个，写入 {tmp_path / 'b'}"]
    files[5] = tmp_path / "gone.toml"
    lines = juesuan("export", *files, "--out-dir", tmp_path / "c").err.splitlines()
    assert len(lines) == 2
    assert "gone.toml" in lines[0]
    assert "20" in lines[1]


def test_of_many_files_every_draft_is_told(juesuan: Run, tmp_path: Path) -> None:
    files = [write(tmp_path, FINAL.read_text("utf-8"), f"{n}.toml") for n in range(19)]
    files += [write(tmp_path, HEAD + BODY, "draft.toml"), EXAMPLE]
    lines = juesuan("export", *files, "--out-dir", tmp_path / "b").err.splitlines()
    assert re.fullmatch(rf"{files[19]} → {tmp_path}/b/draft\.txt：草稿，完成 \d+%，待填 \d+ 项", lines[0])
    assert lines[1:] == [
        f"{EXAMPLE} → {tmp_path}/b/sanming-2024.txt：完成 100%，未说明的警告 6 条",
        f"共 21 个文件，已生成 21 个，写入 {tmp_path / 'b'}，其中草稿 1 个"]


def test_a_worker_that_dies_is_told(juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the system takes its memory away."""
    if multiprocessing.get_start_method() != "fork":
        pytest.skip("only a forked worker has our stand-in")

    def die(_job: batch.Job) -> batch.Done:
        os._exit(1)

    die.__module__, die.__qualname__ = batch.__name__, "run_job"  # by which a worker knows it
    monkeypatch.setattr(batch, "run_job", die)
    files = [write(tmp_path, HEAD + BODY, f"{n}.toml") for n in range(9)]
    result = juesuan("export", *files, "--out-dir", tmp_path / "out")
    assert result.code == 2
    lines = result.err.splitlines()
    assert [line.partition("：")[0] for line in lines[:-1]] == list(map(str, files))
    assert all("内存不足" in line for line in lines[:-1])


def test_progress_of_an_unfinished_report_is_told(juesuan: Run, tmp_path: Path) -> None:
    result = juesuan("export", write(tmp_path, HEAD + BODY), "-o", tmp_path / "a.txt")
    said = rf"{tmp_path}/a\.toml → {tmp_path}/a\.txt：草稿，完成 [1-9][0-9]?%，待填 [1-9]\d* 项.*\n"
    assert re.fullmatch(said, result.err)


def test_a_bar_is_drawn_only_where_a_person_looks_on(
    juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    files = [write(tmp_path, HEAD + BODY, f"{n}.toml") for n in range(3)]
    quiet = juesuan("export", *files, "--out-dir", tmp_path / "a").err
    assert "正在生成" not in quiet
    assert "\x1b" not in quiet
    watched = juesuan("export", *files, "--out-dir", tmp_path / "b", tty=True).err
    assert "正在生成" in watched
    assert "100%" in watched
    alone = juesuan("export", files[0], "-o", tmp_path / "c.txt", tty=True).err
    assert "正在生成" not in alone
    assert "\x1b" not in alone


# JSON


LINE = (int, type(None))

SHAPE: dict[str, Any] = {
    "format": str,
    "year": int,
    "department": str,
    "unit": str,
    "tables": [
        {
            "id": str,
            "form": str,
            "title": str,
            "rows": [{"id": str, "code": str, "label": str, "cells": {str: str}}],
        }
    ],
    "sections": [{"number": str, "title": str, "text": str}],
    "progress": {"required": int, "done": int, "percent": int, "missing": [{"kind": str, "id": str, "line": LINE}]},
    "findings": [
        {
            "code": str,
            "severity": str,
            "place": str,
            "line": LINE,
            "message": str,
            "left": str,
            "right": str,
            "difference": str,
            "tolerance": str,
        }
    ],
}


def assert_shape(data: Any, shape: Any, at: str = "") -> None:
    """`data` has every key of `shape`, of its type; lists hold such elements."""
    if isinstance(shape, list):
        assert isinstance(data, list), at
        for number, element in enumerate(data):
            assert_shape(element, shape[0], f"{at}[{number}]")
    elif isinstance(shape, dict) and str in shape:
        assert all(isinstance(key, str) and (value is None or isinstance(value, shape[str]))  # null: unknown
                   for key, value in data.items()), at
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            assert key in data, f"{at}.{key}"
            assert_shape(data[key], inner, f"{at}.{key}")
    else:
        assert isinstance(data, shape), (at, data)
        assert not isinstance(data, bool), at


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    """A source with missing entries, warnings and errors."""
    return write(tmp_path, HEAD + BODY.replace("2101501 = { basic = 10.00 }", "2109998 = { basic = 11.00 }", 1))


def test_json_is_of_the_shape_that_scripts_rely_on(unfinished: Path, juesuan: Run) -> None:
    for path in (EXAMPLE, unfinished):
        data = json.loads(juesuan("export", path, "--to", "json").out)
        assert_shape(data, SHAPE)
        assert {finding["severity"] for finding in data["findings"]} <= {"error", "warning", "note"}
        assert data["tables"]
        assert data["sections"]
    assert data["progress"]["missing"]
    assert {finding["severity"] for finding in data["findings"]} == {"error", "warning"}


def test_json_tells_what_check_tells(juesuan: Run) -> None:
    data = json.loads(juesuan("export", EXAMPLE, "--to", "json").out)
    checked = json.loads(juesuan("check", EXAMPLE, "--format", "json").out)
    assert checked["file"] == str(EXAMPLE)
    for key in ("format", "year", "department", "unit", "progress", "findings"):
        assert checked[key] == data[key]


WITH_CODES = {"income", "expenditure", "general_budget", "basic_economic", "government_fund", "state_capital"}


def test_figures_in_json_are_those_of_the_text(juesuan: Run) -> None:
    """Every row of every table stands in the text on one line, with its code, its name and its figures in order."""
    lines = [
        re.split(r"\s{2,}|(?<=\d) (?=\D)", line.strip())
        for line in juesuan("export", EXAMPLE, "--width", 0).out.split("\n")
    ]
    data = json.loads(juesuan("export", EXAMPLE, "--to", "json").out)
    for table in data["tables"]:
        if table["id"].startswith("self_evaluation"):
            continue
        for row in table["rows"]:
            wanted = [text for text in (row["label"].strip(), *row["cells"].values()) if text]
            with_code = [row["code"], *wanted] if row["code"] and table["id"] in WITH_CODES else wanted
            assert any(holds(line, with_code) for line in lines), (table["id"], with_code)


def holds(line: list[str], wanted: list[str]) -> bool:
    """Do the words stand on the line, next to each other and in order?"""
    return any(line[at : at + len(wanted)] == wanted for at in range(len(line) - len(wanted) + 1))


def test_evaluation_tables_in_json_are_those_of_the_text(juesuan: Run) -> None:
    text = juesuan("export", EXAMPLE, "--width", 0).out
    data = json.loads(juesuan("export", EXAMPLE, "--to", "json").out)
    tables = [table for table in data["tables"] if table["id"].startswith("self_evaluation")]
    assert len(tables) == 2
    for table in tables:
        for row in table["rows"]:
            for words in row["cells"].values():
                assert all(part in text for part in words.split("\n")), words


def test_sections_in_json_are_those_of_the_text(juesuan: Run) -> None:
    text = juesuan("export", EXAMPLE, "--width", 0).out
    data = json.loads(juesuan("export", EXAMPLE, "--to", "json").out)
    for section in data["sections"]:
        assert section["title"] in text
        assert all(line in text for line in section["text"].split("\n"))


# The text


def test_gb18030_is_the_same_text(juesuan: Run, tmp_path: Path) -> None:
    plain = juesuan("export", EXAMPLE)
    other = juesuan("export", EXAMPLE, "--encoding", "gb18030")
    assert other.data != plain.data
    assert other.data.decode("gb18030") == plain.out
    juesuan("export", EXAMPLE, "--encoding", "gb18030", "-o", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == other.data


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_no_figure_is_lost_at_any_width(columns: int, juesuan: Run) -> None:
    free, text = juesuan("export", EXAMPLE, "--width", 0).out, juesuan("export", EXAMPLE, "--width", columns).out
    assert Counter(FIGURE.findall(text)) == Counter(FIGURE.findall(free))
    # One closing mark may hang past the margin; so may a figure in the narrowest tables.
    most = max(width(line) for line in text.split("\n"))
    assert most <= columns + 2 or columns == 40
    assert ("续表" in text) == (columns < 120)
    assert max(width(line) for line in free.split("\n")) > 120


def test_the_width_of_ambiguous_characters(juesuan: Run) -> None:
    """Tables are level in a font that draws “ ” … as narrow as one that draws them wide."""
    for ambiguous in (1, 2):
        text = juesuan("export", EXAMPLE, "--ambiguous", ambiguous).out
        (title,) = (
            line for line in text.split("\n") if re.fullmatch(r" +一般公共预算财政拨款“三公”经费支出决算表", line)
        )
        rule = text.split(title)[1].split("\n")[3]
        assert set(rule) == {"="}
        assert abs((width(title, ambiguous) + len(title) - len(title.lstrip())) - len(rule)) <= 1


def page_number(page: str) -> int | None:
    match = re.search(r"^ *- ([0-9]+) -$", page.rstrip("\n").split("\n")[-1])
    return int(match[1]) if match else None


def entries(contents: str) -> list[tuple[str, int]]:
    """The titles of a table of contents and their pages."""
    joined = re.sub(r"\n +(?=[^ 一二三四五六七八九第])", "", contents)
    return [(match[1], int(match[2])) for match in re.finditer(r"^ *(\S.*?) \.{3,} +([0-9]+)$", joined, re.MULTILINE)]


@pytest.mark.parametrize("page_lines", [20, 40, 60])
def test_pages_and_the_table_of_contents(page_lines: int, juesuan: Run) -> None:
    text = juesuan("export", EXAMPLE, "--page-lines", page_lines).out
    pages = text.split("\f")
    assert all(page.count("\n") == page_lines for page in pages[:-1])
    assert pages[-1].count("\n") <= page_lines
    numbers = [page_number(page) for page in pages]
    front = numbers.index(1)
    assert numbers == [None] * front + list(range(1, len(pages) - front + 1))
    found = entries("\n".join(pages[1:front]))
    assert len(found) == 26
    for title, number in found:
        assert title in [line.strip() for line in pages[front + number - 1].split("\n")], (title, number)


def test_pages_without_form_feeds(juesuan: Run) -> None:
    """A page is a part or a table then; its number still agrees with the contents."""
    text = juesuan("export", EXAMPLE).out
    assert "\f" not in text
    pages = re.split(r"^ *- [0-9]+ -$", text, flags=re.MULTILINE)
    for title, number in entries(pages[0]):
        lines = [line.strip() for line in pages[number - 1].split("\n")]
        assert title in (lines[lines.index("目  录") + 30 :] if number == 1 else lines), (title, number)


def test_nothing_unprintable_in_the_text(juesuan: Run) -> None:
    text = juesuan("export", EXAMPLE).out
    assert {unicodedata.category(character) for character in text} & {"Cc", "Cf", "Cs", "Co", "Cn"} == {"Cc"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


# ── what is there already ──


def pretend_word(data: bytes) -> bytes:
    """A document as Word leaves it: with its own properties."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            whole = old.read(name)
            if name == "docProps/core.xml":
                whole = whole.replace(b"</cp:core", b"<cp:lastModifiedBy>x</cp:lastModifiedBy></cp:core")
                whole = whole.replace(b"2000-01-01T", b"2024-05-06T", 1)
            new.writestr(name, whole)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["txt", "docx", "xlsx", "md", "html", "json"])
def test_an_export_replaces_an_export_and_nothing_else_unasked(kind: str, tmp_path: Path, juesuan: Run) -> None:
    out = tmp_path / f"out.{kind}"
    source = tmp_path / "2024.toml"
    source.write_text(EXAMPLE.read_text("utf-8").replace("301.82", "1301.82"), "utf-8")
    assert juesuan("export", source, "-o", out).code == 0
    assert juesuan("export", EXAMPLE, "-o", out).code == 0  # other figures
    mine = out.read_bytes()
    others = [EXAMPLE.read_bytes(), b"notes of mine\n",
              "2024年度\n三明市医疗保障局\n我的笔记：还没写完。\n另一行\n".encode(),
              b"PK\x03\x04 damaged", b"\0" * 100, b"{}", b"<html></html>"]
    if kind in ("docx", "xlsx"):
        others.append(pretend_word(mine))
    for data in others:
        out.write_bytes(data)
        refused = juesuan("export", EXAMPLE, "-o", out)
        assert refused.code == 2, data[:40]
        assert "--force" in refused.err
        assert out.read_bytes() == data
    out.write_bytes(others[1])
    assert juesuan("export", EXAMPLE, "-o", out, "--force").code == 0
    assert out.read_bytes() == mine
    out.write_bytes(b"")
    assert juesuan("export", EXAMPLE, "-o", out).code == 0


def test_an_export_of_what_is_not_filled_in_yet_is_replaced(tmp_path: Path, juesuan: Run) -> None:
    source = tmp_path / "2024.toml"
    juesuan("new", "fujian/final-accounts", source, "--department", "某局", "--year", "2024")
    for kind in ("txt", "md"):
        out = tmp_path / f"out.{kind}"
        assert juesuan("export", source, "-o", out).code == 0
        assert juesuan("export", EXAMPLE, "-o", out).code == 0


@pytest.mark.parametrize("name", ["other.toml", "notes.txt", "报告.docx"])
def test_another_source_is_never_replaced_unasked(name: str, tmp_path: Path, juesuan: Run) -> None:
    other = tmp_path / name
    other.write_bytes(EXAMPLE.read_bytes())
    assert juesuan("export", EXAMPLE, "-o", other).code == 2
    assert other.read_bytes() == EXAMPLE.read_bytes()


def test_with_a_folder_every_file_is_looked_at(tmp_path: Path, juesuan: Run) -> None:
    theirs = tmp_path / "sanming-2024.txt"
    theirs.write_text("mine", "utf-8")
    assert juesuan("export", EXAMPLE, "--out-dir", tmp_path).code == 2
    assert theirs.read_text("utf-8") == "mine"
    assert juesuan("export", EXAMPLE, "--out-dir", tmp_path, "--force").code == 0
    assert juesuan("export", EXAMPLE, "--out-dir", tmp_path, "--encoding", "gb18030").code == 0
    assert juesuan("export", EXAMPLE, "--out-dir", tmp_path, "--width", "80").code == 0
