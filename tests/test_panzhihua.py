"""Panzhihua's Dongqu (Sichuan) against the published report. See published.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.drafting.session import Session
from juesuan.core.formats import load_format
from juesuan.core.reading import parse_source
from juesuan.core.skeleton import new_source

from .published import FIGURE, Published, check_golden, table_rows

REPORT = Published("panzhihua-dongqu-2023")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return REPORT.printed(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def ours(printed: dict[str, str]) -> dict[str, Any]:
    return REPORT.ours(printed)


@pytest.fixture(scope="module")
def reports(ours: dict[str, Any]) -> dict[str, str]:
    """The paragraphs of the performance reports that hold figures, named as in tests/data."""
    kinds = {"（一）部门财政资金收入情况": "income", "（二）部门财政资金支出情况": "expenditure",
             "（三）人员概况": "staff",
             "（一）项目资金申报及批复情况": "applied", "（一）项目完成情况": "cost",
             "（一）评价结论": "conclusion"}
    found: dict[str, str] = {}
    of = "report"
    for section in ours["sections"]:
        if named := re.search(r"（项目：(.*)）$", section["title"]):
            of = named[1]
        if kind := kinds.get(section["title"]):
            text = section["text"]
            found[f"report:{kind}" if of == "report" else f"{kind}:{of}"] = (
                text[text.index("4. 成本指标"):] if kind == "cost" else text)
    return found


def plain(figure: str) -> str:
    """A figure without the zeros at the end of its decimals: 336.50 and 336.5 are one."""
    percent = "%" if figure.endswith("%") else ""
    figure = figure.removesuffix("%")
    return (figure.rstrip("0").rstrip(".") if "." in figure else figure) + percent


def check(place: str, text: str, published: list[str]) -> None:
    figures = ["".join(match) for match in FIGURE.findall(text)]
    assert list(map(plain, figures)) == list(map(plain, REPORT.expected(place, published)))


@pytest.mark.parametrize("id", REPORT.data["sections"])
def test_sections(id: str, ours: dict[str, Any]) -> None:
    (text,) = (section["text"] for section in ours["sections"] if section["id"] == id)
    check(id, text, REPORT.data["sections"][id])


@pytest.mark.parametrize("place", REPORT.data["reports"])
def test_performance_reports(place: str, reports: dict[str, str]) -> None:
    check(place, reports[place], REPORT.data["reports"][place])


def test_the_narrative_comes_first_and_thirteen_tables_at_the_end(printed: dict[str, str]) -> None:
    text = printed["panzhihua-dongqu-2023.txt"].split("第五部分 附表")[-1]
    titles = re.findall(r"(?m)^[一二三四五六七八九十]+、(.*表)$", text)
    assert len(titles) == 13
    assert "三、支出决算情况说明" not in text


def test_tables_say_what_the_narrative_says(ours: dict[str, Any]) -> None:
    """Their layout is inferred where none was published: the figures are those of the narrative."""
    assert table_rows(ours, "fiscal_economic")["total"]["total"] == "849.74"
    economic = table_rows(ours, "economic_expenditure")["total"]
    assert economic == {"total": "849.74", "basic": "355.12", "project": "494.62"}
    assert table_rows(ours, "basic_economic")["personnel"]["amount"] == "333.77"
    projects = table_rows(ours, "general_budget_projects")
    assert projects["total"]["project"] == "494.62"
    assert "2101501" not in projects
    assert projects["2101506"]["project"] == "10.22"
    assert table_rows(ours, "three_public")["reception"] == {"budget": "0.12", "outturn": "0.12"}


def test_charts_are_data(ours: dict[str, Any]) -> None:
    charts = {chart["section"]: chart for chart in ours["charts"]}
    assert list(charts) == ["overall", "income", "expenditure", "fiscal", "general_budget-total",
                            "general_budget-structure", "three_public-details"]
    assert [bar["value"] for bar in charts["overall"]["bars"]] == ["1386.15", "849.73", "1386.15", "849.74"]
    assert charts["expenditure"]["bars"][0] == {"label": "基本支出", "value": "355.12", "text": "355.12万元，41.79%"}
    assert [bar["label"] for bar in charts["general_budget-structure"]["bars"]] == [
        "社会保障和就业支出", "卫生健康支出", "住房保障支出"]


def test_every_difference_is_explained() -> None:
    REPORT.check_differences()


def test_findings_are_those_that_are_told(ours: dict[str, Any]) -> None:
    REPORT.check_findings(ours)


@pytest.mark.parametrize("name", ["panzhihua-dongqu-2023.txt", "panzhihua-dongqu-2023.json"])
def test_golden(name: str, printed: dict[str, str]) -> None:
    check_golden(name, printed)


def test_a_new_source_asks_for_what_the_format_prints(tmp_path: Path) -> None:
    text = new_source(load_format("sichuan/final-accounts"), "示例局", 2024)
    assert parse_source(text).problems == []
    for asked in ("three_public_vehicles", "receptions", "project_spending", "overall_result", "blocks", "ex_ante"):
        assert asked in text
    for other in ("general_budget_classes", "over_500k_general", "headcount", "overall_tasks"):
        assert other not in text
    path = tmp_path / "new.toml"
    path.write_text(text, encoding="utf-8")
    assert Session.open(str(path)).report.source.problems == []
