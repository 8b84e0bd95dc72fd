"""Findings: no false alarm on accounts that are right, none missed on accounts that are wrong.

Departments are made up in 分 (`accounts`), so that everything adds up exactly, and written as a
source in 元, or in 万元 with every figure rounded on its own, as finance bureaus publish them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core.checks import Finding, findings
from juesuan.core.opening import build_report
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.source import Cell, is_derived

from .stating import nothing_else

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
QUICK = settings(deadline=None, max_examples=15, suppress_health_check=SLOW)

LEAST = 5000
"""A figure of less than 50 元 is published as 0.00, which stands for nothing at all."""

ITEMS = ("2010550", "2013299", "2080505", "2080506", "2101101", "2101501", "2101599", "2109999", "2210201")
FUNDS = ("2120801", "2120802", "2290804")
CAPITAL = ("2239999",)
ECONOMIC = ("30101", "30102", "30201", "30211", "30304", "31002")

Accounts = dict[str, dict[str, dict[str, int]]]
"""Table, row, column: 分."""


# ── departments ──


@st.composite
def amounts(draw: st.DrawFn, most: int = 10**10) -> int:
    """分: nothing, or enough to be published."""
    if most < LEAST or draw(st.booleans()):
        return 0
    return draw(st.integers(LEAST, most))


@st.composite
def splits(draw: st.DrawFn, whole: int, parts: int) -> list[int]:
    """The whole in so many parts, each nothing or enough to be published."""
    found = []
    for _part in range(parts - 1):
        part = draw(amounts(whole - LEAST))
        found.append(part)
        whole -= part
    return [*found, whole]


@st.composite
def accounts(draw: st.DrawFn) -> Accounts:
    """A department whose accounts are right to the 分."""
    income: dict[str, dict[str, int]] = {}
    expenditure: dict[str, dict[str, int]] = {}
    general: dict[str, dict[str, int]] = {}
    funds: dict[str, dict[str, int]] = {}
    capital: dict[str, dict[str, int]] = {}
    opening = closing = other = spent = own_basic = 0
    for code in draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=5, unique=True)):
        basic, project, carried = draw(amounts()), draw(amounts()), draw(amounts())
        used = draw(amounts(basic + project - LEAST))
        own, earned, nonfiscal = draw(amounts()), draw(amounts()), draw(amounts())
        general[code] = {"basic": basic, "project": project}
        income[code] = {"fiscal": basic + project + carried - used, "other": earned, "undertaking": draw(amounts())}
        expenditure[code] = {"basic": basic + own, "project": project, "business": nonfiscal}
        opening, closing = opening + used, closing + carried
        other += earned + income[code]["undertaking"]
        spent += own + nonfiscal
        own_basic += own
    fund_opening = 0
    for code in draw(st.lists(st.sampled_from(FUNDS), max_size=2, unique=True)):
        basic, project, left = draw(amounts()), draw(amounts()), draw(amounts())
        carried = draw(amounts(basic + project + left - LEAST))
        received = basic + project + left - carried
        funds[code] = {"opening": carried, "income": received, "basic": basic, "project": project}
        income[code] = {"fiscal": received}
        expenditure[code] = {"basic": basic, "project": project}
        fund_opening += carried
        own_basic += basic
    for code in draw(st.lists(st.sampled_from(CAPITAL), max_size=1, unique=True)):
        project = draw(amounts())
        capital[code] = {"project": project}
        income[code] = {"fiscal": project, "state_capital": project}
        expenditure[code] = {"project": project}
    distributed, kept = draw(amounts()), draw(amounts())
    own_opening = kept + spent + distributed - other
    if own_opening < 0:
        own_opening = 0
    elif 0 < own_opening < LEAST:
        own_opening += LEAST
    basic_total = sum(row["basic"] for row in general.values())
    economic = draw(splits(basic_total, len(ECONOMIC)))
    personnel, public = draw(splits(own_basic, 2))
    quarter = sum(sum(row.values()) for row in general.values()) // 4
    three = [draw(amounts(quarter)) for _line in range(4)]
    goods, services = draw(amounts()), draw(amounts())
    return {
        "income": income, "expenditure": expenditure, "general_budget": general, "government_fund": funds,
        "state_capital": capital,
        "basic_economic": {code: {"amount": amount} for code, amount in zip(ECONOMIC, economic) if amount},
        "basic_expenditure": {"personnel_other": {"amount": personnel}, "public_other": {"amount": public}},
        "overview": {"opening_balance": {"amount": opening + fund_opening + own_opening},
                     "balance_distribution": {"amount": distributed}},
        "fiscal": {"opening": {"general_budget": opening}},
        "three_public": {line: {"budget": amount, "outturn": amount} for line, amount in
                         zip(("abroad", "vehicle_purchase", "vehicle_running", "reception"), three)},
        "operating_costs": {"administrative": {"amount": sum(economic[2:4]) + economic[5]}},
        "procurement": {"goods": {"amount": goods, "sme": draw(amounts(goods))},
                        "services": {"amount": services, "sme": draw(amounts(services))}},
    }


# ── sources ──


def in_yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def in_wan(fen: int) -> str:
    return str((Decimal(fen) / 10**6).quantize(Decimal("0.01"), ROUND_HALF_UP))


def text_of(book: Accounts, unit: str, official: dict[Cell, str] | None = None,
            shuffle: random.Random | None = None) -> str:
    """The source of a department, its tables and rows in any order."""
    write: Callable[[int], str] = in_yuan if unit == "元" else in_wan
    tables = []
    for table, rows in book.items():
        if rows:
            lines = [f"{row} = {{ " + ", ".join(f"{column} = {write(fen)}" for column, fen in columns.items()) + " }"
                     for row, columns in rows.items()]
            tables.append([f"[{table}]", *mixed(lines, shuffle)])
    if official:
        lines = [f'"{".".join(cell)}" = {figure}' for cell, figure in official.items()]
        tables.append(["[official]", *mixed(lines, shuffle)])
    head = 'schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\ndepartment = "某局"\n'
    head += f'unit = "{unit}"\n'
    return nothing_else(head + "\n".join("\n".join(lines) for lines in mixed(tables, shuffle)) + "\n")


def mixed(things: list[Any], shuffle: random.Random | None) -> list[Any]:
    if shuffle is not None:
        shuffle.shuffle(things)
    return things


def report_of(text: str) -> Report:
    report = build_report(parse_source(text))
    assert report.source.problems == []
    return report


def derived_amounts(report: Report) -> Iterator[Cell]:
    for table in report.taxonomy.tables.values():
        for row in report.rows(table.id):
            for column in table.columns.values():
                if column.kind == "amount" and is_derived(table, row, column.id):
                    yield table.id, row, column.id


def published(book: Accounts) -> dict[Cell, str]:
    """Every derived figure as it is published: the exact one, rounded."""
    report = report_of(text_of(book, "元"))
    return {cell: in_wan(int(report.value(cell) * 100)) for cell in derived_amounts(report)}


def errors(report: Report) -> list[Finding]:
    return [finding for finding in findings(report) if finding.severity == "error"]


# ── no false alarm ──


@QUICK
@given(accounts())
def test_exact_accounts_have_no_error(book: Accounts) -> None:
    assert errors(report_of(text_of(book, "元"))) == []


@QUICK
@given(accounts())
def test_rounded_accounts_have_no_error(book: Accounts) -> None:
    assert errors(report_of(text_of(book, "万元"))) == []


@QUICK
@given(accounts())
def test_rounded_accounts_with_every_published_total_have_no_error(book: Accounts) -> None:
    assert errors(report_of(text_of(book, "万元", published(book)))) == []


# ── what a reader adds up ──


SUMS = {
    ("income", "total"): (("fiscal", "superior_subsidy", "undertaking", "business", "affiliated", "other"), "B01"),
    ("expenditure", "total"): (("basic", "project", "remitted", "business", "subsidy"), "C01"),
    ("general_budget", "total"): (("basic", "project"), "E01"),
    ("government_fund", "total"): (("basic", "project"), "H02"),
    ("fiscal_expenditure", "total"): (("general_budget", "government_fund", "state_capital"), "D03"),
}


def shown(report: Report, table: str, row: str, column: str) -> Decimal:
    return Decimal(report.shown((table, row, column)))


@QUICK
@given(accounts())
def test_every_printed_sum_that_does_not_add_up_has_a_note(book: Accounts) -> None:
    report = report_of(text_of(book, "元"))
    noted = {finding.cell for finding in findings(report) if finding.severity == "note"}
    for (table, column), (parts, _code) in SUMS.items():
        for row in report.rows(table):
            if sum(shown(report, table, row, part) for part in parts) != shown(report, table, row, column):
                assert f"{table}.{row}.{column}" in noted
    for table in ("income", "expenditure", "general_budget", "government_fund", "state_capital"):
        rows = report.rows(table)
        columns = [column for column in ("basic", "project", "fiscal", "other", "total")
                   if column in report.taxonomy.tables[table].columns]
        for row in rows:
            length = 3 if row == "total" else len(row) + 2
            below = [other for other in rows if other.isdigit() and len(other) == length and
                     (row == "total" or other.startswith(row))]
            for column in columns if below else ():
                if sum(shown(report, table, other, column) for other in below) != shown(report, table, row, column):
                    assert f"{table}.{row}.{column}" in noted
    opened = shown(report, "overview", "opening_balance", "amount")
    if opened + shown(report, "overview", "income", "amount") != shown(report, "overview", "total", "amount"):
        assert "overview.total.amount" in noted


@QUICK
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.integers(-20, 20))
def test_n_parts_and_their_total_leave_half_a_digit_each(parts: list[int], difference: int) -> None:
    """A total of n rounded parts may differ from their sum by (n + 1) × 0.005 万元, and by no more."""
    codes = [f"302{number:02}" for number in range(1, 1 + len(parts))]
    book = {"basic_economic": {code: {"amount": part * 10**4} for code, part in zip(codes, parts)}}
    stated = Decimal(sum(parts) + difference) / 100
    report = report_of(text_of(book, "万元", {("basic_economic", "302", "amount"): str(stated)}))
    found = {finding.severity for finding in findings(report) if finding.code == "F01"}
    room = len(parts) + 1  # a published 0.00 can be a small amount that was rounded
    assert found == (set() if not difference else {"note"} if 2 * abs(difference) <= room else {"error"})


# ── no error missed ──


class Sum(NamedTuple):
    """A figure that is computed, and the code under which a wrong one is reported."""

    cell: Cell
    code: str


CHECKED = [
    Sum(("income", "total", "fiscal"), "B03"), Sum(("income", "210", "fiscal"), "B02"),
    Sum(("income", "21015", "total"), "B02"), Sum(("income", "2101501", "total"), "B01"),
    Sum(("income", "total", "general_budget"), "B05"), Sum(("expenditure", "total", "total"), "C03"),
    Sum(("expenditure", "210", "basic"), "C02"), Sum(("expenditure", "2101501", "total"), "C01"),
    Sum(("general_budget", "total", "project"), "E03"), Sum(("general_budget", "21015", "basic"), "E02"),
    Sum(("general_budget", "2101501", "total"), "E01"), Sum(("government_fund", "2120801", "total"), "H02"),
    Sum(("government_fund", "2120801", "closing"), "H01"), Sum(("government_fund", "212", "income"), "H02"),
    Sum(("state_capital", "total", "project"), "H02"), Sum(("overview", "income", "amount"), "B04"),
    Sum(("overview", "total", "amount"), "A03"), Sum(("overview", "expenditure", "amount"), "C04"),
    Sum(("overview", "closing_balance", "amount"), "A04"), Sum(("overview", "expenditure_total", "amount"), "A05"),
    Sum(("fiscal_expenditure", "210", "general_budget"), "E05"), Sum(("fiscal_expenditure", "210", "total"), "D03"),
    Sum(("fiscal", "income", "total"), "D01"), Sum(("fiscal", "opening", "total"), "D04"),
    Sum(("fiscal", "total", "general_budget"), "D05"), Sum(("fiscal", "expenditure", "total"), "E04"),
    Sum(("fiscal", "expenditure", "government_fund"), "E04"), Sum(("fiscal", "closing", "general_budget"), "D08"),
    Sum(("fiscal", "expenditure_total", "total"), "D07"), Sum(("basic_economic", "301", "amount"), "F01"),
    Sum(("basic", "personnel", "amount"), "F02"), Sum(("basic", "public", "amount"), "F03"),
    Sum(("basic_expenditure", "personnel", "amount"), "J03"), Sum(("three_public", "total", "outturn"), "G01"),
    Sum(("three_public", "vehicles", "outturn"), "G02"), Sum(("operating_costs", "total", "amount"), "I03"),
    Sum(("procurement", "total", "amount"), "I01"), Sum(("sme_contracts", "total", "amount"), "I04"),
]


@settings(QUICK, max_examples=40)
@given(accounts(), st.sampled_from(CHECKED), st.booleans(), st.booleans())
def test_a_planted_difference_is_always_an_error_of_its_code(
        book: Accounts, planted: Sum, more: bool, only: bool) -> None:
    book["basic_economic"].setdefault("30101", {"amount": LEAST})
    for table, code in (("expenditure", "2101501"), ("general_budget", "2101501"), ("government_fund", "2120801")):
        book[table].setdefault(code, {"basic": LEAST})
        book["income"].setdefault(code, {"fiscal": LEAST})
    figures = published(book)
    right = Decimal(figures[planted.cell])
    # Rounding explains half a digit for each of the figures that go in: here, of far fewer than 200.
    wrong = right + (1 if more else -1)
    stated = {**({} if only else figures), planted.cell: str(wrong)}
    report = report_of(text_of(book, "万元", stated))
    found = [finding for finding in errors(report)
             if finding.cell == ".".join(planted.cell) and finding.code == planted.code]
    assert found
    assert Decimal(found[0].left) == wrong
    assert Decimal(found[0].difference) == Decimal(found[0].left) - Decimal(found[0].right)
    assert report.source.line(found[0].path) is not None


# ── the order of the file ──


@QUICK
@given(accounts(), st.randoms(use_true_random=False), st.sampled_from(CHECKED), st.sampled_from(("元", "万元")))
def test_findings_do_not_depend_on_the_order_of_the_file(
        book: Accounts, shuffle: random.Random, planted: Sum, unit: str) -> None:
    book["basic_economic"]["30101"] = {"amount": -LEAST}
    book["expenditure"]["2109998"] = {"basic": -LEAST}
    official = {planted.cell: "12.34"}
    if unit == "万元":
        official = {**published(book), **official}
    plain = report_of(text_of(book, unit, official))
    other = report_of(text_of(book, unit, official, shuffle))
    assert findings(other) == findings(plain)


# ── places ──


@pytest.mark.parametrize("planted", CHECKED, ids=lambda planted: ".".join(planted.cell))
def test_an_official_figure_is_pointed_at(planted: Sum) -> None:
    text = text_of({"income": {"2101501": {"fiscal": 10**8}}}, "万元", {planted.cell: "77.00"})
    report = report_of(text)
    found = [finding for finding in errors(report) if finding.cell == ".".join(planted.cell)]
    assert found
    assert report.source.line(found[0].path) == text.rstrip("\n").count("\n") + 1


# ── what is written in words ──


def test_all_that_is_written_in_words_is_read() -> None:
    report = report_of("""schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某县（医疗保障局"
unit = "万元"
[accounts]
2101588 = "XX经费"
[glossary]
"甲" = "联系 13800138000"
""")
    found = {(finding.code, finding.path) for finding in findings(report)}
    assert {("S08", ("report", "department")), ("S03", ("accounts", "2101588")), ("S07", ("glossary", "甲"))} <= found


def test_a_reason_that_no_sentence_tells_is_pointed_at() -> None:
    text = text_of({"income": {"2101501": {"fiscal": 10**8}}}, "万元", {})
    report = report_of(text + '[reasons]\n"overview.total" = "业务增加"\n"vehicles.other" = "不会印出来"\n')
    found = [(finding.severity, finding.cell) for finding in findings(report) if "不会印出来" in str(finding.path) or
             (finding.cell == "vehicles.other.count" and finding.code == "J20")]
    assert found == [("note", "vehicles.other.count")]
    remark = report_of(text + '[reasons]\n"income.total" = "只在有的句子里"\n')  # a reason that need not be given
    assert not [finding for finding in findings(remark) if finding.code == "J20" and finding.severity == "note"]


def test_last_years_source_of_another_department_is_pointed_at() -> None:
    text = text_of({"income": {"2101501": {"fiscal": 10**8}}}, "万元", {})
    last = report_of(text.replace("year = 2024", "year = 2023").replace("department = \"", "department = \"原"))
    report = Report(parse_source(text), last)
    assert [finding.severity for finding in findings(report) if finding.path == ("report", "prior")] == ["note"]


def test_a_figure_finer_than_the_page_leaves_a_tail() -> None:
    report = report_of("""schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某县医疗保障局"
unit = "万元"
[income]
2101501 = { fiscal = 10.004 }
2101599 = { fiscal = 10.004 }
[expenditure]
2101501 = { basic = 20.008 }
""")
    found = {finding.cell for finding in findings(report) if finding.severity == "note"}
    assert "income.21015.fiscal" in found
    report.watch()
    report.set(("income", "2101501", "fiscal"), "10")
    report.set(("income", "2101599", "fiscal"), "10")
    report.set(("expenditure", "2101501", "basic"), "20")
    assert not [finding for finding in findings(report) if finding.severity == "note" and "尾差" in finding.hint]
