"""What the sheets of the terminal program say and where they lead: heads, official figures, seeking, the walk."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core import i18n
from juesuan.core.opening import open_report
from juesuan.core.report import Report
from juesuan.core.text.width import width
from juesuan.core.views.heads import head_lines, printed_headers
from juesuan.core.views.official import verdict
from juesuan.core.views.seek import seek
from juesuan.core.views.sheets import ComparisonSheet, TableSheet
from juesuan.core.views.standing import Standing

EXAMPLE = Path(__file__).parent.parent.parent / "examples/sanming-2024.toml"


@pytest.fixture(scope="module")
def report() -> Report:
    return open_report(str(EXAMPLE))


def text(lines: list[list[tuple[int, str]]]) -> list[str]:
    shown = []
    for line in lines:
        own = ""
        for start, part in line:
            own += " " * (start - width(own, 1)) + part
        shown.append(own)
    return shown


def test_headers_are_those_of_the_printed_form(report: Report) -> None:
    headers = printed_headers(report.format)
    assert headers["general_budget", "code"] == ("项目", "功能分类|科目编码")
    assert headers["general_budget", "basic"] == ("本年支出", "基本支出")
    assert headers["expenditure", "label"] == ("项目", "科目名称")
    assert headers["basic_economic", "amount"] == ("金额",)
    assert ("income", "general_budget") not in headers


def test_a_head_of_levels(report: Report) -> None:
    sheet = TableSheet(report, "general_budget")
    heads, titles = [column.head for column in sheet.columns], [column.title for column in sheet.columns]
    right = [False, False, True, True, True]
    assert text(head_lines(heads, titles, [8, 10, 10, 10, 10], right, 4)) == [
        "-------项目-------- ------------本年支出------------",
        "功能分类",
        "科目编码 科目名称         小计   基本支出   项目支出",
    ]
    assert text(head_lines(heads, titles, [8, 10, 10, 10, 10], right, 2)) == [
        "-------项目-------- ------------本年支出------------",
        "科目编码 科目名称         小计   基本支出   项目支出",
    ]
    for most in range(1, 6):
        assert len(head_lines(heads, titles, [8, 10, 10, 10, 10], right, most)) <= most


def test_an_official_figure_is_judged(report: Report) -> None:
    assert "4954.84" in verdict(report, ("income", "21015", "fiscal"))
    assert verdict(report, ("income", "210", "fiscal")) == ""


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("公开05表.2101501.小计", ("general_budget", "2101501", "total")),
        ("income.2101501.fiscal", ("income", "2101501", "fiscal")),
        ("xzyx", ("income", "2101501", "total")),
        ("行政运行", ("income", "2101501", "total")),
        ("30101", ("basic_economic", "30101", "amount")),
        ("1427.33", ("basic_economic", "30103", "amount")),
        ("国内公务接待人次", ("three_public_counts", "reception_persons", "count")),
        ("主要职责", ("duties",)),
    ],
)
def test_what_a_word_means(report: Report, typed: str, cell: tuple[str, ...]) -> None:
    hits = [hit.cell for hit in seek(report, typed)]
    assert hits[0] == cell


def test_the_table_that_is_shown_comes_first(report: Report) -> None:
    assert next(seek(report, "xzyx", first="general_budget")).cell == ("general_budget", "2101501", "total")
    assert list(seek(report, " ")) == []


def test_everything_is_looked_over_once(report: Report) -> None:
    todo = Standing(report).overlook()
    tables = [each.cell[0] for each in todo if len(each.cell) == 1]
    assert {"income", "expenditure", "general_budget", "basic_economic", "overview"} <= set(tables)
    assert len({each.what for each in todo}) == len(todo)
    assert ("project_funds", "1") in [each.cell for each in todo]


def test_titles_follow_the_language(report: Report) -> None:
    i18n.use_language("en")
    try:
        sheet = ComparisonSheet(report, "general_budget")
        assert [sheet.title, *(column.title for column in sheet.columns)] == [
            "Compared with last year",
            "Item",
            "This year",
            "Last year",
            "Change",
            "Change %",
            "Main reason",
        ]
        assert next(column.title for column in TableSheet(report, "units").columns) == "No."
    finally:
        i18n.use_language(None)
