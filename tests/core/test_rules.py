"""Which rules are asked in which report, and what they go by."""

from __future__ import annotations

import pytest
from juesuan.core.catalogue import load_catalogue
from juesuan.core.checks import Finding, findings
from juesuan.core.compose import compose
from juesuan.core.formats import list_formats, load_format
from juesuan.core.reading import parse_source
from juesuan.core.render import export
from juesuan.core.report import Report

HEAD = """schema = 1
[report]
format = "{format}"
year = {year}
department = "某局"
unit = "万元"
"""


def report_of(text: str, format: str = "fujian/final-accounts", year: int = 2024) -> Report:
    return Report(parse_source(HEAD.format(format=format, year=year) + text))


def of_code(report: Report, code: str) -> list[Finding]:
    return [finding for finding in findings(report) if finding.code == code]


# ── only what a format asks for ──

OTHER_FUNDS = """
[income]
2010101 = { fiscal = 10.00 }
[expenditure]
2010101 = { basic = 12.00 }
[general_budget]
2010101 = { basic = 10.00 }
[basic_economic]
30101 = 10.00
"""


@pytest.mark.parametrize(
    ("format", "found"),
    [("fujian/final-accounts", 1), ("shanxi/final-accounts", 0), ("sichuan/final-accounts", 0)],
)
def test_a_rule_is_asked_where_the_format_asks_for_its_facts(format: str, found: int) -> None:
    """Who pays the other 2.00 is told in Fujian's explanations alone."""
    assert len(of_code(report_of(OTHER_FUNDS, format), "C07")) == found


def test_a_rule_is_asked_of_what_is_entered_all_the_same() -> None:
    entered = OTHER_FUNDS + "[basic_expenditure]\npersonnel_other = 1.00\n"
    assert [found.difference for found in of_code(report_of(entered, "shanxi/final-accounts"), "C07")] == ["-1.00"]
    report = report_of(OTHER_FUNDS, "shanxi/final-accounts")
    report.watch()
    cell = ("basic_expenditure", "personnel_other", "amount")
    for value, count in (("1.00", 1), ("2.00", 0), ("1.00", 1), ("", 0)):
        report.set(cell, value)
        assert len(of_code(report, "C07")) == count


@pytest.mark.parametrize(
    ("format", "text"),
    [
        # The economic accounts of project expenditure, the assets to be bought, the shares of blocks: not asked for.
        ("jiangsu/budget", "[three_public]\nvehicle_purchase = 20.00\n"),
        ("sichuan/final-accounts", '[[projects]]\nname = "甲"\n[[projects.indicators]]\nname = "乙"\n'),
    ],
)
def test_what_nobody_asked_for_is_not_missed(format: str, text: str) -> None:
    codes = {found.code for found in findings(report_of(text, format))}
    assert not codes & {"L10", "M01", "M07"}


# ── accounts by year ──


@pytest.mark.parametrize(
    ("code", "year", "words"),
    [
        ("2080504", 2019, ""),
        ("2080504", 2020, "2019年及以前"),
        ("2089901", 2020, ""),
        ("2089901", 2024, "2020年及以前"),
        ("2100601", 2022, ""),
        ("2100601", 2023, "2022年及以前"),
        ("2010308", 2023, ""),
        ("2010308", 2024, "2023年及以前"),
        ("2240107", 2020, ""),
        ("2240107", 2021, "2019年至2020年"),
        ("2014101", 2024, "2025年起"),
        ("2340101", 2020, ""),
    ],
)
def test_an_account_is_judged_by_the_years_in_which_it_was(code: str, year: int, words: str) -> None:
    report = report_of(f"[expenditure]\n{code} = {{ basic = 1.00 }}\n", year=year)
    found = [finding.message for finding in of_code(report, "F06")]
    assert len(found) == bool(words)
    if words:
        assert words in found[0]
        assert report.name(code) == ""


def test_an_account_of_another_year_that_the_source_names_is_its_own() -> None:
    text = '[expenditure]\n2080504 = { basic = 1.00 }\n[accounts]\n2080504 = "未归口管理的行政单位离退休"\n'
    assert of_code(report_of(text), "F06") == []


@pytest.mark.parametrize("format", list_formats())
def test_every_account_is_one_of_some_year_that_a_format_claims(format: str) -> None:
    """No year of a format is without a catalogue that holds together: parents of all accounts."""
    found = load_format(format)
    for year in range(found.since, found.until + 1):
        catalogue = load_catalogue("functional", year)
        assert all(above in catalogue for code in catalogue for above in catalogue.ancestors(code))


# ── closed lists ──

PROCUREMENT = """
[procurement]
goods = 10.00
[[procurement_items]]
category = "{category}"
economic = "办公设备购置"
name = "台式计算机"
method = "{method}"
general_budget = 10.00
"""


@pytest.mark.parametrize("method", ["政府集中采购", "=2+3", "批量集中采购（省级）"])
@pytest.mark.parametrize("kind", ["text", "markdown", "html", "docx", "xlsx", "json"])
def test_a_text_that_is_none_of_a_closed_list_is_kept_printed_and_told(method: str, kind: str) -> None:
    report = report_of(PROCUREMENT.format(category="货物", method=method), "jiangsu/budget")
    assert report.source.problems == []
    assert report.value(("procurement_items", "1", "method")) == method
    found = of_code(report, "S14")
    assert [(one.severity, one.cell, one.left) for one in found] == [("warning", "procurement_items.1.method", method)]
    assert "集中采购、部门集中采购、分散采购" in found[0].message
    data = export(kind, compose(report), report)
    if kind in ("markdown", "html", "json"):
        assert method in data.decode("utf-8").replace("\\", "")


def test_what_is_chosen_is_judged_with_every_edit() -> None:
    report = report_of(PROCUREMENT.format(category="货物", method="集中采购"), "jiangsu/budget")
    report.watch()
    for column, text, count in (("method", "协议供货", 1), ("category", "设备", 2), ("method", "分散采购", 1),
                                ("category", "", 0)):  # fmt: skip
        report.set(("procurement_items", "1", column), text)
        assert len(of_code(report, "S14")) == count


def test_personal_data_is_found_in_a_text_that_was_chosen() -> None:
    report = report_of(PROCUREMENT.format(category="货物", method="13800138000"), "jiangsu/budget")
    assert [found.severity for found in of_code(report, "S07")] == ["error"]


@pytest.mark.parametrize(("operator", "met"), [
    ("≥", True), ("不低于", True), (">=", True), ("大于", True),
    ("≤", False), ("不超过", False), ("<", False), ("=", False),
])  # fmt: skip
def test_a_sign_in_words_is_understood(operator: str, met: bool) -> None:
    text = f"""[[projects]]
name = "甲"
[[projects.indicators]]
name = "乙"
operator = "{operator}"
target = "95%"
actual = "98%"
weight = 90
"""
    report = report_of(text)
    assert report.value(("project_indicators", "1/1", "met")) is met
    assert report.value(("project_indicators", "1/1", "operator")) == operator
