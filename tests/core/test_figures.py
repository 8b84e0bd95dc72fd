"""Choosing a figure for a text: by Chinese names, by code, by pinyin; and what references print."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.opening import open_report
from juesuan.core.references import resolve
from juesuan.core.report import Report
from juesuan.core.views.figures import printed, search


@pytest.fixture(scope="module")
def report() -> Report:
    return open_report(str(Path(__file__).parents[2] / "examples" / "sanming-2024.toml"))


@pytest.mark.parametrize(("typed", "name"), [
    ("收入总计", "overview.total"), ("sgjf 合计", "three_public.total"), ("公开05 2101501", "general_budget.2101501"),
    ("ybggys 行政运行 jbzc", "general_budget.2101501.basic"), ("2101501 项目支出", "expenditure.2101501.project"),
    ("OVERVIEW 总计", "overview.total"), ("支出决算·合计", "expenditure.total"),
])  # fmt: skip
def test_a_figure_is_found_by_its_table_row_and_column(report: Report, typed: str, name: str) -> None:
    names = [found.name for found in search(report, typed)]
    assert name in names[:3]


def test_what_is_found_is_what_a_text_prints(report: Report) -> None:
    for found in [*search(report, ""), *search(report, "x")]:
        assert resolve(report, found.name) == found.cell
        assert found.value == report.shown(found.cell, "narrative")


def test_nothing_fits_nonsense(report: Report) -> None:
    assert search(report, "没有这样的数") == []
    assert search(report, "xzyx 没有") == []
    assert len(search(report, "", 5)) == 5


def test_what_references_print_is_told(report: Report) -> None:
    told = printed(report, "收{overview.total}支{overview.total}，{没有}，{{甲}}，{units.1.name}{")
    assert told[0] == ("overview.total = 6210.66  收入支出决算总表·收入总计", True)
    assert [found for _line, found in told] == [True, False, False, False]
    assert printed(report, "没有引用") == []
