"""The exported workbook: what is in it, that it is live, and that nothing in it acts."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core.compose import compose
from juesuan.core.document import Table
from juesuan.core.i18n import language, use_language
from juesuan.core.opening import open_report
from juesuan.core.reach import reached
from juesuan.core.reading import parse_source
from juesuan.core.render.xlsx import export
from juesuan.core.render.xlsx.book import sheets
from juesuan.core.render.xlsx.sheet import LONGEST, Box, Names, Sheet, clean
from juesuan.core.report import Report
from juesuan.core.source import is_derived
from python_calamine import CalamineWorkbook

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))

SMALL = """
schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "{unit}"
[income]
2010550 = {{ fiscal = "{amount}" }}
[expenditure]
2010550 = {{ basic = "{amount}" }}
"""


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> tuple[Report, list[Sheet]]:
    report = open_report(str(request.param))
    return report, sheets(compose(report), report)


def small(amount: str = "301.82", unit: str = "万元", more: str = "") -> Report:
    return Report(parse_source(SMALL.format(amount=amount, unit=unit) + more))


def read(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def tables(made: list[Sheet]) -> dict[str, Sheet]:
    """The sheets of facts by what their first cell says."""
    first = {sheet: next(box for box in sheet.boxes if box.row == box.column == 0).value for sheet in made}
    return {str(value).removeprefix("juesuan:"): sheet for sheet, value in first.items()
            if str(value).startswith("juesuan:")}


def at(sheet: Sheet, row: str, column: str) -> Box:
    """A cell of a sheet of facts, by its ids."""
    head = {box.value: box.column for box in sheet.boxes if box.row == 0}
    keys = {box.value: box.row for box in sheet.boxes if box.column == 0 and box.row > 1}
    return next(box for box in sheet.boxes if (box.row, box.column) == (keys[row], head[column]))


# ── what is in it ──


def test_a_sheet_for_each_form_in_the_order_of_the_report(example: tuple[Report, list[Sheet]]) -> None:
    report, made = example
    titles = [table.title for table in compose(report).blocks if isinstance(table, Table)]
    forms = [sheet for sheet in made if sheet.printed is not None]
    assert [next(box.value for box in sheet.boxes if box.row == sheet.printed[0]) for sheet in forms] == titles


def test_every_printed_figure_is_a_formula(example: tuple[Report, list[Sheet]]) -> None:
    report, made = example
    forms = iter(sheet for sheet in made if sheet.printed is not None)
    for table in compose(report).blocks:
        if isinstance(table, Table):
            wanted = [cell.text for row in table.rows for cell in row.cells if cell.address and cell.text]
            live = sum(bool(box.formula) for box in next(forms).boxes)
            assert live >= len(wanted), table.title


def test_every_fact_is_in_its_place_entered_ones_as_numbers_and_computed_ones_as_formulas(
        example: tuple[Report, list[Sheet]]) -> None:
    report, made = example
    found = tables(made)
    scale = Decimal(10000) if report.source.unit == "万元" else Decimal(1)
    constants = 0
    asked = reached(report.format)
    for table in report.taxonomy.tables.values():
        boxes = {(box.row, box.column): box for box in found[table.id].boxes}
        assert [boxes[0, 2 + n].value for n in range(len(table.columns))] == list(table.columns)
        listed = [str(box.value) for box in found[table.id].boxes if box.column == 0 and box.row > 1]
        for row in set(report.rows(table.id)) - set(listed):
            assert not any((table.id, row, column) in report.source.entries or report.value((table.id, row, column))
                           for column in table.columns)
        for down, row in enumerate(listed, 2):
            for right, column in enumerate(table.columns.values(), 2):
                cell = (table.id, row, column.id)
                box = boxes[down, right]
                entry = report.source.official.get(cell) or report.source.entries.get(cell)
                if entry is not None:
                    assert not box.formula
                    assert box.value == (entry.value / scale if column.kind == "amount" else entry.value)
                    assert bool(box.comment) == (cell in report.source.official)
                elif not is_derived(table, row, column.id):
                    assert box.value is None
                elif report.value(cell) is None:  # nothing that the format asks for: a formula would say 0
                    assert (box.formula, box.value) == ("", None)
                    assert (table.id, row if table.lines else "*", column.id) not in asked
                elif column.kind in ("amount", "count", "score"):
                    constants += not box.formula
    assert constants == 0


def test_only_functions_that_every_spreadsheet_has_and_none_that_is_volatile(
        example: tuple[Report, list[Sheet]]) -> None:
    used = set()
    for sheet in example[1]:
        for box in sheet.boxes:
            assert len(box.formula) < 8192
            used.update(re.findall(r"([A-Z]+)\(", re.sub(r'"[^"]*"', "", box.formula)))
    assert used <= {"SUM", "ROUND", "IF", "AND", "OR", "NOT", "EXACT", "LEN", "MIN", "MAX", "ABS", "COUNTIF", "SUMIF",
                    "SUMPRODUCT", "COUNTA", "TRIM"}


def test_what_has_no_formula_is_marked(example: tuple[Report, list[Sheet]]) -> None:
    """Such as whether a target in words was met: the head says how it was computed."""
    report, made = example
    found = tables(made)
    for id, name in (("project_indicators", "met"), ("overall_indicators", "completion"), ("indicators", "met")):
        if id in report.taxonomy.tables and report.rows(id) and name in report.taxonomy.tables[id].columns:
            head = next(box for box in found[id].boxes
                        if box.row == 1 and box.value == report.taxonomy.tables[id].columns[name].label)
            assert "算法：" in head.comment


def test_facts_without_a_figure_are_hidden_and_can_be_shown(example: tuple[Report, list[Sheet]]) -> None:
    report, made = example
    hidden = {id for id, sheet in tables(made).items() if sheet.hidden}
    for cell in (*report.source.entries, *report.source.official):
        assert cell[0] not in hidden
    assert not any(sheet.hidden for sheet in made if sheet.printed is not None)


# ── amounts ──


def test_amounts_are_in_the_unit_of_the_source_and_printed_in_that_of_the_format() -> None:
    for unit, amount, formula in (("元", "3018249.99", "/10000,2)"), ("万元", "301.824999", ",2)")):
        made = sheets(compose(report := small(amount, unit)), report)
        fact = at(tables(made)["income"], "2010550", "fiscal")
        assert (fact.value, fact.formula) == (Decimal(amount), "")
        form = next(sheet for sheet in made if sheet.name == "公开02表")
        box = next(box for box in form.boxes if box.formula and box.value)
        assert (box.value, box.formula.endswith(formula)) == (Decimal("301.82"), True)


def test_a_sum_is_over_its_children() -> None:
    made = sheets(compose(report := small()), report)
    income = tables(made)["income"]
    assert at(income, "total", "fiscal").formula == "ROUND(SUM(D4),6)"
    assert at(income, "2010550", "total").formula == "ROUND(D6+E6+F6+G6+H6+I6,6)"


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("15.01", "5.01", "18.01"),  # the tail of a row and of a column: one, told twice
        ("15.02", "5.01", "18.02"),
        ("15.02", "4.99", "18.01"),  # two tails
    ],
)
def test_a_tail_is_counted_once(row: str, column: str, value: str) -> None:
    text = f"""schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
unit = "万元"
[expenditure]
2010101 = {{ basic = 10.00, project = 5.00 }}
2080505 = {{ basic = 3.00 }}
[official]
"expenditure.2010101.total" = {row}
"expenditure.total.project" = {column}
"""
    report = Report(parse_source(text))
    box = at(tables(sheets(compose(report), report))["expenditure"], "total", "total")
    assert box.value == Decimal(value)
    below, across, down = "C4-(D4+E4+F4+G4+H4)", "D3+E3+F3+G3+H3", "SUM(C4,C7)"
    beside = f"{across}-{down}+{below}"
    assert box.formula == f"ROUND({down}-({below})+MAX(0,{below},{beside})+MIN(0,{below},{beside}),6)"


def test_an_official_figure_is_a_constant_beside_what_is_computed() -> None:
    report = small(more='[official]\n"expenditure.total.total" = 301.83\n')
    made = tables(sheets(compose(report), report))
    fact = at(made["expenditure"], "total", "total")
    assert (fact.value, fact.formula) == (Decimal("301.83"), "")
    assert "301.82" in fact.comment
    listed = made["[official]"]
    key = "expenditure.total.total"
    assert at(listed, key, "value").value == Decimal("301.83")
    assert at(listed, key, "value").formula.endswith("!C3")
    assert at(listed, key, "computed").value == Decimal("301.82")
    assert at(listed, key, "difference").value == Decimal("0.01")


@pytest.mark.parametrize(("amount", "kept"), [("301.82", False), ("301.8", False), ("301.820000", True),
                                              ("301.8201", False), ("301.82010", True)])
def test_what_a_number_would_lose_is_kept_as_it_was_written(amount: str, kept: bool) -> None:
    made = tables(sheets(compose(report := small(amount)), report))
    written = {box.value for box in made["[written]"].boxes if box.column == 2 and box.row > 1}
    assert written == ({amount} if kept else set())


def test_a_zero_that_was_entered_is_no_empty_cell() -> None:
    made = tables(sheets(compose(report := small("0")), report))
    assert at(made["income"], "2010550", "fiscal").value == 0
    assert at(made["income"], "2010550", "other").value is None


# ── text ──


def test_text_that_looks_like_a_formula_stays_text() -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(1)", "{=1}", "=HYPERLINK(\"http://x\")", "http://example.org", "'=1", "007"]
    more = "".join(f'[[units]]\nname = {name!r}\n' if '"' in name else f'[[units]]\nname = "{name}"\n' for name in evil)
    report = small(more=more)
    data = export(compose(report), report)
    shown = read(data)
    facts = next(rows for rows in shown.values() if rows and rows[0][0] == "juesuan:units")
    assert [row[2] for row in facts[2:]] == evil
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        formulas = re.findall(r"<f>(.*?)</f>", "".join(package.read(name).decode() for name in package.namelist()
                                                       if name.startswith("xl/worksheets/sheet")))
        links = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".rels"))
    assert not any("HYPERLINK" in formula or formula in ("1+1", "1") for formula in formulas)
    assert "http://example.org" not in links
    assert "http://x" not in links


def test_texts_that_a_cell_cannot_hold_are_not_lost() -> None:
    text = "".join(f"第{number}句。" for number in range(9000))
    report = small(more=f'[prose]\nduties = "{text}"\n')
    made = sheets(compose(report), report)
    assert all(len(box.value) <= LONGEST for sheet in made for box in sheet.boxes if isinstance(box.value, str))
    prose = tables(made)["[prose]"]
    parts = [str(box.value) for box in prose.boxes if box.column == 2 and box.row > 1]
    assert len(parts) > 1
    assert "".join(parts) == text
    shown = "".join(str(box.value) for sheet in made if not sheet.name.startswith("数据") for box in sheet.boxes)
    assert text in shown


def test_nothing_that_a_package_cannot_hold_or_that_acts_on_a_screen() -> None:
    assert clean("a\0b\x1bc\u202ed\ud800e\uffff\r\nf\tg") == "abcde\nf\tg"
    report = small()
    report.source.department = "某\x1b[31m局\ud800_x0041_"
    shown = read(export(compose(report), report))
    about = next(rows for rows in shown.values() if rows[0][0] == "juesuan:[report]")
    assert ["department", "", "某[31m局_x0041_"] in about


# ── the file ──


def test_equal_reports_are_equal_files_in_every_language() -> None:
    report = small()
    before = language()
    made = []
    try:
        for code in ("en", "zh_CN"):
            use_language(code)
            made.append(export(compose(report), report))
    finally:
        use_language(before)
    assert made[0] == made[1]


def test_a_reader_finds_all_that_was_written(example: tuple[Report, list[Sheet]]) -> None:
    report, made = example
    shown = read(export(compose(report), report))
    assert list(shown) == [sheet.name for sheet in made]
    for sheet in made:
        rows = shown[sheet.name]
        for box in sheet.boxes:
            value = rows[box.row][box.column] if box.row < len(rows) and box.column < len(rows[box.row]) else ""
            if isinstance(box.value, Decimal):
                assert value == float(box.value)
            else:
                assert value == (box.value if box.value is not None else "")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(min_size=0, max_size=40) | st.sampled_from(["公开01表", "a" * 40, "A" * 40, "History", "'x'"])))
def test_names_of_sheets_are_what_spreadsheets_take(wanted: list[str]) -> None:
    names = Names()
    made = [names.make(name) for name in wanted]
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not re.search(r"[\[\]:*?/\\\0-\x1f]", name)
        assert name.strip("'") == name
        assert name.casefold() != "history"
