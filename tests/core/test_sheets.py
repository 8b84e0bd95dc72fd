"""Sheets: every section can be filled in, and every entry has its place in exactly one sheet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.formats import load_format
from juesuan.core.opening import build_report
from juesuan.core.reach import reached
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.source import is_derived
from juesuan.core.views.sheets import ComparisonSheet, Sheet, TableSheet, section_tables, sheets

FORMAT = load_format("fujian/final-accounts")
EXAMPLE = Path(__file__).parents[2] / "examples" / "sanming-2024.toml"
SECTIONS = [section.id for section in FORMAT.sections]


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(parse_source(EXAMPLE.read_text(encoding="utf-8"), str(EXAMPLE)))


def all_sheets(report: Report) -> list[tuple[str, Sheet]]:
    """Every sheet of every section, and those of the records in them."""
    found: list[tuple[str, Sheet]] = []
    for section in SECTIONS:
        for sheet in sheets(report, section):
            found.append((section, sheet))
            if isinstance(sheet, TableSheet):
                found += [
                    (section, TableSheet(report, own.id, row))
                    for row in sheet.rows
                    for own in report.taxonomy.owned(sheet.table.id)
                ]
    return found


def test_every_table_that_is_entered_belongs_to_one_section() -> None:
    found = Counter(table for tables in section_tables(FORMAT).values() for table in tables)
    entered = {table.id for table in FORMAT.taxonomy.tables.values() if table.entered and not table.owner}
    assert set(found) <= entered
    assert all(count == 1 for count in found.values())
    lines = {
        table.id
        for table in FORMAT.taxonomy.tables.values()
        if table.lines and all(is_derived(table, row, column) for row in table.lines for column in table.columns)
    }
    asked = {table for table, _line, _column in reached(FORMAT)}
    assert (entered & asked) - lines <= set(found)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_place_of_a_section_can_be_shown(report: Report, section: str) -> None:
    for sheet in sheets(report, section):
        assert sheet.title
        assert len({column.id for column in sheet.columns}) == len(sheet.columns)
        for row in sheet.rows:
            for number, column in enumerate(sheet.columns):
                place = sheet.place(row, number)
                assert place.state in ("label", "entered", "blank", "derived", "official")
                assert isinstance(place.text, str)
                if column.kind in ("code", "label"):
                    assert not place.editable


def test_every_entry_has_one_place(report: Report) -> None:
    found: Counter[Any] = Counter()
    for _section, sheet in all_sheets(report):
        for row in sheet.rows:
            for number in range(len(sheet.columns)):
                place = sheet.place(row, number)
                if place.kind == "cell":
                    assert place.cell is not None
                    table = report.taxonomy.tables[place.cell[0]]
                    assert not is_derived(table, place.cell[1], place.cell[2])
                    assert (place.state == "entered") == (place.cell in report.source.entries)
                    found[place.cell] += 1
                elif place.state in ("derived", "official") and isinstance(sheet, TableSheet):
                    assert not place.editable
                    assert place.cell is not None
    assert set(report.source.entries) <= set(found)
    assert all(count == 1 for count in found.values())


def test_every_prior_figure_and_reason_of_the_walk_has_a_place(report: Report) -> None:
    places = {
        (place.kind, place.cell)
        for _section, sheet in all_sheets(report)
        if isinstance(sheet, ComparisonSheet)
        for row in sheet.rows
        for number in range(len(sheet.columns))
        for place in [sheet.place(row, number)]
    }
    from juesuan.core.progress import needs

    for need in needs(report):
        if need.kind in ("prior", "reason") and need.state != "spared":
            assert (need.kind, tuple(need.key.split("."))) in places


def test_what_is_entered_in_a_place_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "2024.toml"
    path.write_bytes(EXAMPLE.read_bytes())
    session = Session.open(str(path))
    values = {"amount": "1.25", "count": "3", "score": "5", "text": "文字", "flag": True}
    shown = {"amount": "1.25", "count": "3", "score": "5", "text": "文字", "flag": "是"}
    tried = 0
    for section, sheet in all_sheets(session.report):
        if not sheet.rows:
            continue
        row = sheet.rows[-1]
        for number in range(len(sheet.columns)):
            place = sheet.place(row, number)
            if not place.editable or place.cell is None:
                continue
            kind = (
                "text"
                if place.kind == "reason"
                else session.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]].kind
            )
            if kind == "choice":
                continue
            session.run("录入", [Edit(place.kind, place.cell, values[kind])])
            now = sheet.place(row, number)
            assert now.state == "entered", (section, place)
            assert now.text.replace(",", "") == shown[kind]
            session.undo()
            assert sheet.place(row, number) == place
            tried += 1
    assert tried > 30
