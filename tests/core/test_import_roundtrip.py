"""Out to a workbook and back into an empty source: the same report."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.formats import load_format
from juesuan.core.importing.book import read_book
from juesuan.core.importing.plan import Options, make_plan
from juesuan.core.opening import build_report, open_report
from juesuan.core.progress import progress
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source

xlsx = pytest.importorskip("juesuan.core.render.xlsx")

HEAD = """schema = 2
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


def blank(report: Report, year: int = 0) -> Report:
    text = new_source(load_format(report.format.id), report.source.department, year or report.source.year,
                      report.source.unit)
    return build_report(parse_source(text, "x.toml"))


def exported(report: Report, tmp_path: Path) -> str:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx.export(compose(report), report))
    return str(path)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_export_import_export_is_the_same_report(example: Path, tmp_path: Path) -> None:
    report = open_report(str(example))
    plan = make_plan(blank(report), read_book(exported(report, tmp_path)))
    assert not plan.faults
    assert not plan.unplaced
    assert not plan.differences
    again = build_report(parse_source(plan.text, str(example)))
    assert compose(again) == compose(report)
    for cell, entry in report.source.entries.items():
        assert (again.source.entries[cell].value, again.source.entries[cell].half) == (entry.value, entry.half), cell
    assert xlsx.export(compose(again), again) == xlsx.export(compose(report), report) or report.source.prior_file


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_imported_into_itself_nothing_changes(example: Path, tmp_path: Path) -> None:
    report = open_report(str(example))
    plan = make_plan(report, read_book(exported(report, tmp_path)))
    assert [line.place for line in (*plan.new, *plan.changed)] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("written_by", ["this juesuan", "an older one"])
def test_a_source_of_schema_1_says_by_empty_tables_that_there_is_nothing(
        example: Path, written_by: str, tmp_path: Path) -> None:
    """Its workbook makes a source that states it; the report is the same."""
    text = re.sub(r"(?m)^none .*\n", "", example.read_text("utf-8")).replace("schema = 2", "schema = 1", 1)
    report = build_report(parse_source(text, str(example)))
    assert not report.source.absent
    book = read_book(exported(report, tmp_path))
    if written_by == "an older one":
        for sheet in book.sheets:
            if sheet.value(0, 0) == "juesuan:[report]":
                sheet.rows[:] = [row for row in sheet.rows if row[0] not in ("schema", "none")]
    again = build_report(parse_source(make_plan(blank(report), book).text, str(example)))
    assert again.source.schema == 2
    assert compose(again) == compose(report)
    assert progress(again).missing == ()


def test_what_a_record_has_none_of_is_carried(tmp_path: Path) -> None:
    text = HEAD + 'none = ["government_fund"]\n[[projects]]\nname = "甲"\nnone = ["indicators", "funds"]\n'
    report = build_report(parse_source(text, "x.toml"))
    plan = make_plan(blank(report), read_book(exported(report, tmp_path)))
    again = build_report(parse_source(plan.text, "x.toml"))
    assert set(again.source.absent) == {
        ("government_fund", ""), ("project_indicators", "1"), ("project_funds", "1")} == set(report.source.absent)
    assert make_plan(again, read_book(exported(report, tmp_path))).changes == 0


def test_figures_take_back_that_there_are_none(tmp_path: Path) -> None:
    fund = "[government_fund]\n2120801 = { income = 3.00, project = 3.00 }\n"
    report = build_report(parse_source(HEAD + fund, "x.toml"))
    start = build_report(parse_source(HEAD + 'none = ["government_fund", "state_capital"]\n', "x.toml"))
    again = build_report(parse_source(make_plan(start, read_book(exported(report, tmp_path))).text, "x.toml"))
    assert again.source.problems == []
    assert set(again.source.absent) == {("state_capital", "")}
    assert again.value(("government_fund", "total", "income")) == 30000
    unsaid = make_plan(report, read_book(exported(start, tmp_path)))  # and a workbook deletes nothing
    assert [edit.key for edit in unsaid.edits] == [("state_capital", "")]


def test_a_figure_changed_in_the_workbook_is_changed_in_the_source(tmp_path: Path) -> None:
    report = open_report(str(EXAMPLES[-1].with_name("sanming-2024.toml")))
    other = build_report(parse_source(report.source.text.replace("administrative = 177.08", "administrative = 188.08"),
                                      report.source.path))
    plan = make_plan(report, read_book(exported(other, tmp_path)))
    assert [(line.place, line.old, line.new) for line in plan.changed] == [
        ("operating_costs.administrative.amount", "177.08", "188.08")]
    assert not plan.new


def test_last_years_export_gives_the_prior_figures(tmp_path: Path) -> None:
    last = open_report(str(EXAMPLES[-1].with_name("sanming-2024.toml")))
    start = blank(last, last.source.year + 1)
    plan = make_plan(start, read_book(exported(last, tmp_path)), Options(prior=True))
    assert not plan.faults
    after = build_report(parse_source(plan.text, "x.toml"))
    for cell in (("overview", "total", "amount"), ("operating_costs", "total", "amount"),
                 ("general_budget", "2101550", "total")):
        prior = after.prior(cell)
        assert isinstance(prior, Decimal)
        assert after.printed(prior) == last.printed(last.value(cell))


def test_of_another_years_workbook_nothing_is_taken(tmp_path: Path) -> None:
    last = open_report(str(EXAMPLES[-1].with_name("sanming-2024.toml")))
    start = blank(last, last.source.year + 1)
    plan = make_plan(start, read_book(exported(last, tmp_path)))
    assert len(plan.faults) == 1
    assert (plan.new, plan.changed, plan.edits) == ((), (), ())
