"""What the terminal program shows of a report as a whole: its standing, its sentences, its preview."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from juesuan.core.opening import open_report
from juesuan.core.progress import progress
from juesuan.core.render.places import placed_lines
from juesuan.core.report import Report
from juesuan.core.source import is_derived
from juesuan.core.views.said import Said
from juesuan.core.views.standing import Standing, filled_sections

EXAMPLE = Path(__file__).parent.parent.parent / "examples/sanming-2024.toml"


@pytest.fixture
def report() -> Report:
    found = open_report(str(EXAMPLE))
    found.watch()
    return found


def told(standing: Standing) -> object:
    """All that a standing says, for a comparison."""
    sections = [section.id for section in standing.report.format.sections]
    cells = list(standing.report.source.entries)
    return (
        standing.percent,
        standing.counts,
        [standing.state(section) for section in sections],
        standing.faulty(),
        [standing.sign(cell) for cell in cells],
        {(todo.section, todo.need, todo.finding) for todo in standing.todo()},
    )


def test_following_edits_gives_what_counting_anew_gives(report: Report) -> None:
    standing = Standing(report)
    chosen = random.Random(1)
    cells = sorted(cell for cell, entry in report.source.entries.items() if not isinstance(entry.value, str | bool))
    for step in range(60):
        cell = chosen.choice(cells)
        table = report.taxonomy.tables[cell[0]]
        if not is_derived(table, cell[1], cell[2]):
            kind = table.columns[cell[2]].kind
            value = chosen.choice([None, "0", "7", "12.5" if kind == "amount" else "3"])
            standing.follow(report, report.set(cell, value))
        if step % 7 == 0:
            standing.follow(report, report.set_prose("duties", chosen.choice(["", "职责", "（一)职责"])))
            reasons = sorted(report.source.reasons)
            if reasons:
                text = chosen.choice(["", "正常浮动", "新增"])
                standing.follow(report, report.set_reason(chosen.choice(reasons), text))
    assert told(standing) == told(Standing(report))
    assert standing.percent == progress(report).percent


def test_the_needs_of_a_table_stand_where_its_sheet_is(report: Report) -> None:
    standing = Standing(report)
    standing.follow(report, report.set(("operating_costs", "administrative", "amount"), None))
    assert standing.state("operating_costs") == "begun"
    standing.follow(report, report.set(("vehicles", "other", "count"), None))
    assert standing.state("assets") == "begun"
    assert [todo.section for todo in standing.todo()][:2] == ["operating_costs", "assets"]


def test_sections_with_something_to_enter(report: Report) -> None:
    filled = filled_sections(report)
    assert {"units", "duties", "table-basic_economic", "general_budget"} <= filled
    assert not {"overview", "tables", "notes", "glossary"} & filled


def test_the_sentences_of_a_table_are_those_of_its_figures(report: Report) -> None:
    said = Said(report, "table-expenditure", ("expenditure",))
    assert said[0].text.startswith("2024年度支出6201.62万元")
    change = report.set(("expenditure", "2080505", "project"), "1")
    assert said.follow(report, change) == 0
    text, new = said[0].text, said[0].new
    assert "6202.62" in [text[start:end] for start, end in new]
    assert said.follow(report, report.set(("vehicles", "other", "count"), "3")) is None


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_line_of_the_preview_holds_the_figures_of_its_cells(report: Report, width: int) -> None:
    lines, places = placed_lines(report, width, 1)
    assert len(places) > 250
    cells = {figure.cell for found in places.values() for figure in found}
    for number, found in places.items():
        assert [figure.start for figure in found] == sorted(figure.start for figure in found)
        assert all(0 <= figure.start < figure.end <= len(lines[number]) for figure in found)
    for cell in (("operating_costs", "total", "amount"), ("expenditure", "2080505", "basic")):
        assert cell in cells
    narrative = [number for number, found in places.items() for figure in found
                 if figure.cell == ("operating_costs", "total", "amount") and
                 lines[number][figure.start : figure.end] == "177.08"]
    assert narrative
