"""江苏's budget, a format that follows public rules rather than a published report: with invented, round
figures, and with the facts of a department elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from juesuan.core.checks import findings
from juesuan.core.compose import compose
from juesuan.core.document import Document, Heading, Table
from juesuan.core.formats import load_format
from juesuan.core.opening import open_report
from juesuan.core.progress import progress
from juesuan.core.render.text import render
from juesuan.core.report import Report

ROOT = Path(__file__).parent.parent
FORMAT = "jiangsu/budget"


@pytest.fixture(scope="module")
def invented() -> Report:
    return open_report(str(ROOT / "tests/data/jiangsu-budget.toml"))


@pytest.fixture(scope="module")
def document(invented: Report) -> Document:
    return compose(invented)


def rows(document: Document, id: str) -> dict[str, list[str]]:
    (table,) = (block for block in document.blocks if isinstance(block, Table) and block.id == id)
    return {row[0]: list(row[3].values()) for row in table.records}


def test_the_format_says_that_no_published_report_stands_behind_it() -> None:
    assert "没有与某一份已公布的报告逐行对照过" in load_format(FORMAT).note


def test_thirteen_tables_in_the_order_of_their_numbers(document: Document) -> None:
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [table.form for table in tables] == [f"公开{number:02}表" for number in range(1, 14)]


def test_fifteen_explanations(document: Document) -> None:
    titles = [block.title for block in document.blocks if isinstance(block, Heading) and block.level <= 2]
    after = titles[titles.index("2024年度部门预算情况说明") + 1:titles.index("名词解释")]
    assert len(after) == 15


def test_all_is_there_and_nothing_is_wrong(invented: Report) -> None:
    assert [finding for finding in findings(invented) if finding.severity != "note"] == []
    assert progress(invented).missing == ()
    assert "待填" not in render(compose(invented))


def test_figures_are_split_as_the_province_prints_them(document: Document) -> None:
    overview = rows(document, "overview")
    assert [overview[id] for id in ("current", "carried_over", "total")] == [["1,100.00"], ["50.00"], ["1,150.00"]]
    assert [overview[id] for id in ("spent", "closing", "spent_total")] == [["1,150.00"], ["0.00"], ["1,150.00"]]
    # 合计, 基本支出 with 人员经费 and 公用经费, 项目支出
    assert rows(document, "general_budget")["total"] == ["1,050.00", "600.00", "450.00", "150.00", "450.00"]
    assert rows(document, "fiscal_expenditure")["2101501"] == ["600.00", "600.00", "450.00", "150.00", "0.00"]
    assert rows(document, "basic_economic")["301"] == ["400.00", "400.00", "0.00"]
    assert rows(document, "basic_economic")["302"] == ["150.00", "0.00", "150.00"]
    assert rows(document, "fiscal")["total"] == ["1,050.00"]
    assert rows(document, "income")["department"][11:15] == ["50.00", "50.00", "0.00", "0.00"]
    assert rows(document, "three_public")["amounts"] == ["8.00", "0.00", "5.00", "0.00", "5.00", "3.00", "4.00", "6.00"]
    assert rows(document, "operating_economic")["total"] == ["120.00"]


def test_sentences(document: Document) -> None:
    text = render(document, width=0)
    assert "收入、支出预算总计1150.00万元，与上年相比，收、支预算总计增加150.00万元，增长15.00%。主要原因是" in text
    assert "（1）一般公共预算拨款收入1000.00万元，与上年相比增加50.00万元，增长5.26%。主要原因是" in text
    assert "上年结转结余为50.00万元，与上年相比没有变化。" in text
    assert "基本支出600.00万元，占52.17%；" in text
    assert "公务接待费支出3.00万元，占“三公”经费的37.50%" in text
    assert "政府采购支出预算总额12.00万元，其中：拟采购货物支出12.00万元" in text


def test_another_provinces_facts_lack_things_and_are_not_wrong() -> None:
    report = open_report(str(ROOT / "examples/ningde-2024.toml"), "", FORMAT)
    assert [finding for finding in findings(report) if finding.severity == "error"] == []
    lacking = "\n".join(str(need) for need in progress(report).missing)
    for what in ("carried_over", "meetings", "operating_economic", "procurement_items"):
        assert what in lacking
    text = render(compose(report), width=0)
    assert "收入、支出预算总计207172.81万元" in text
    assert len(re.findall("待填：上年数", text)) > 10
