"""juesuan import: shown first, asked for, written as a whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..core.books import write_rows
from ..core.test_import_hostile import FAR, HEAD, TAIL, with_sheet
from ..core.test_importing import EXPENDITURE

Run = Callable[..., Any]


@pytest.fixture
def source(tmp_path: Path, juesuan: Run) -> Path:
    path = tmp_path / "2024.toml"
    new = juesuan("new", "fujian/final-accounts", path, "--department", "青禾县科学技术协会", "--year", "2024")
    assert new.code == 0
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "决算报表.xlsx", {"支出": EXPENDITURE}, {"支出": ["A4:B4"]})


def test_it_shows_first_and_writes_only_when_told(source: Path, book: Path, juesuan: Run) -> None:
    before = source.read_bytes()
    shown = juesuan("import", book, source)
    assert shown.code == 2
    assert "--yes" in shown.err
    assert "支出决算·2060701 机构运行·基本支出：146.20（支出!D9）" in shown.out
    assert source.read_bytes() == before
    dry = juesuan("import", book, source, "--dry-run", "--yes")
    assert dry.code == 0
    assert dry.out == shown.out
    assert source.read_bytes() == before
    done = juesuan("import", book, source, "--yes")
    assert done.code == 0
    assert "2060701 = { basic = 146.20 }" in source.read_text()
    again = juesuan("import", book, source)
    assert again.code == 0
    assert "没有要改的" in again.err


def test_a_person_is_asked(source: Path, book: Path, juesuan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def __init__(self, answer: str) -> None:
            self.answer = answer

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.answer

    before = source.read_bytes()
    monkeypatch.setattr(sys, "stdin", Terminal("\n"))
    assert juesuan("import", book, source).code == 0
    assert source.read_bytes() == before
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert juesuan("import", book, source).code == 0
    assert source.read_bytes() != before


def test_cells_that_cannot_be_read_stop_it(source: Path, tmp_path: Path, juesuan: Run) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[8][3] = "待核实"
    book = write_rows(tmp_path / "a.xlsx", {"支出": rows})
    before = source.read_bytes()
    stopped = juesuan("import", book, source, "--yes")
    assert stopped.code == 1
    assert "支出!D9" in stopped.out
    assert source.read_bytes() == before
    assert juesuan("import", book, source, "--yes", "--partial").code == 1
    assert "2060702 = { project = 52.50 }" in source.read_text()
    assert "2060701" not in source.read_text()


def test_totals_that_differ_are_told_by_the_exit_code(source: Path, tmp_path: Path, juesuan: Run) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[5][2] = 999.0
    book = write_rows(tmp_path / "a.xlsx", {"支出": rows})
    assert juesuan("import", book, source, "--yes").code == 1
    assert "2060702 = { project = 52.50 }" in source.read_text()


def test_as_json(source: Path, book: Path, juesuan: Run) -> None:
    data = json.loads(juesuan("import", book, source, "--format", "json", "--dry-run").out)
    assert {line["place"]: line["new"] for line in data["new"]} == {
        "expenditure.2060701.basic": "146.20", "expenditure.2060702.project": "52.50"}
    assert data["tables"][0]["title"] == "支出决算表"


@pytest.mark.parametrize("content", [b"", b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"])
def test_what_is_no_workbook_is_refused(content: bytes, source: Path, tmp_path: Path, juesuan: Run) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(content)
    refused = juesuan("import", book, source, "--yes")
    assert refused.code == 2
    assert "a.xlsx" in refused.err
    assert not refused.out


def test_a_file_that_somebody_edits_is_left_alone(source: Path, book: Path, juesuan: Run) -> None:
    from juesuan.core.drafting.lock import hold

    before = source.read_bytes()
    lock = hold(str(source))
    try:
        assert juesuan("import", book, source, "--yes").code == 2
    finally:
        lock.release()
    assert source.read_bytes() == before


def test_missing_files_are_named(source: Path, book: Path, tmp_path: Path, juesuan: Run) -> None:
    assert "没有.xlsx" in juesuan("import", tmp_path / "没有.xlsx", source).err
    assert "没有.toml" in juesuan("import", book, tmp_path / "没有.toml").err


def test_what_ends_the_reader_ends_nothing_else(source: Path, tmp_path: Path) -> None:
    """A cell so far away that its reader gives up the process: one line, exit code 2, nothing of the reader's own."""
    book = with_sheet(tmp_path / "a.xlsx", HEAD + FAR["far beyond"] + TAIL)
    before = source.read_bytes()
    done = subprocess.run([sys.executable, "-m", "juesuan", "import", book, source, "--yes"], capture_output=True,
                          encoding="utf-8", cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "工作表“表”" in line
    assert "Excel" in line
    assert source.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("core")]


def test_a_text_that_is_none_of_a_list_is_taken(tmp_path: Path, juesuan: Run) -> None:
    """A closed list that a real table breaks, through a workbook, a merge and next year's source."""
    item = '\n[procurement]\ngoods = 6.00\n[[procurement_items]]\nname = "计算机"\nmethod = "政府集中采购"\n'
    files = [tmp_path / f"{name}.toml" for name in ("甲", "乙")]
    for file in files:
        assert juesuan("new", "jiangsu/budget", file, "--department", file.stem, "--year", "2024").code == 0
    own, other = files
    head = own.read_text("utf-8").partition("\n[")[0]
    own.write_text(f'{head}\n[report]\nformat = "jiangsu/budget"\nyear = 2024\ndepartment = "甲"\nunit = "万元"\n'
                   f'{item}general_budget = 6.00\n', "utf-8")
    book = tmp_path / "甲.xlsx"
    assert juesuan("export", own, "-o", book).code == 0
    assert juesuan("import", book, other, "--yes").code in (0, 1)
    assert 'method = "政府集中采购"' in other.read_text("utf-8")
    together = tmp_path / "合.toml"
    assert juesuan("merge", own, other, "-o", together, "--department", "合").code == 0
    assert together.read_text("utf-8").count('method = "政府集中采购"') == 2
    checked = juesuan("check", together)
    assert (checked.code, checked.out.count("S14")) == (0, 2)
