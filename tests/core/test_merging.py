"""Merging: a department's source as the sum of its units' sources, whatever the order and the grouping."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from juesuan.core.checks import errors, findings
from juesuan.core.drafting.session import Session
from juesuan.core.merging import merge as merging
from juesuan.core.merging.merge import Outcome, merge
from juesuan.core.merging.stated import Flow
from juesuan.core.merging.tracing import trace
from juesuan.core.merging.transfers import eliminated, joined
from juesuan.core.merging.writing import number_text
from juesuan.core.opening import open_report
from juesuan.core.progress import mentions, reached_tables
from juesuan.core.report import Report
from juesuan.core.taxonomy import Table

from .stating import nothing_else

DATA = Path(__file__).parents[1] / "data" / "merge"
EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parents[1] / "golden" / "merged.toml"
UNITS = ("本级.toml", "科技馆.toml")

HEAD = """schema = 1

[report]
format = "fujian/final-accounts"
year = {year}
department = "{department}"
unit = "{unit}"
"""


def put(folder: Path, name: str, text: str = "", year: int = 2024, unit: str = "万元") -> str:
    """A source of the unit `name` with these parts; its file."""
    path = folder / f"{name}.toml"
    path.write_text(nothing_else(HEAD.format(year=year, department=name, unit=unit) + text), "utf-8")
    return str(path)


def merged(folder: Path, name: str, *files: str, **options: Any) -> Report:
    """The report of the source that these files are merged to."""
    outcome = merge(list(files), str(folder / name), **options)
    assert outcome.refused == ()
    (folder / name).write_text(outcome.text, "utf-8")
    return open_report(str(folder / name))


def value(report: Report, cell: str) -> Decimal:
    table, row, column = cell.split(".")
    found: Decimal = report.value((table, row, column))
    return found


INDICATOR = """[[projects.indicators]]
level1 = "产出指标"
name = "数量"
operator = "≥"
target = "10"
actual = "10"
weight = 90
score = 90
"""


def copied(folder: Path) -> list[str]:
    for name in UNITS:
        (folder / name).write_bytes((DATA / name).read_bytes())
    return [str(folder / name) for name in UNITS]


# ── two units, by hand ──


def test_two_units_as_worked_out_by_hand(tmp_path: Path) -> None:
    """青禾县科协 and its 科技馆: 万元 and 元, subsidies of 2.50 and 1.00 paid down, 0.50 remitted up, one of
    the subsidies booked as 1.20 by the receiver. Every figure of the golden file was added by hand."""
    outcome = merge(copied(tmp_path), str(tmp_path / "科协.toml"))
    assert outcome.refused == ()
    assert outcome.units == 2
    assert outcome.text == GOLDEN.read_text("utf-8")


def test_the_department_is_the_sum_without_the_transfers(tmp_path: Path) -> None:
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    units = [open_report(file) for file in copied(tmp_path)]
    for cell in ("income.total.total", "expenditure.total.total", "overview.total.amount"):
        assert value(report, cell) == sum(value(unit, cell) for unit in units) - 40000
    for cell in ("income.total.fiscal", "general_budget.total.total", "overview.closing_balance.amount",
                 "fiscal.closing.total", "basic.total.amount"):
        assert value(report, cell) == sum(value(unit, cell) for unit in units)
    assert not errors(report)


def test_what_is_left_of_a_transfer_is_told_with_both_sides(tmp_path: Path) -> None:
    files = copied(tmp_path)
    told = "\n".join(merge(files, str(tmp_path / "科协.toml")).remarks)
    assert re.search("2060799.*12000.00.*青禾县科技馆.*10000.00.*本级.*10000.00", told)
    found = [own for own in findings(merged(tmp_path, "科协.toml", *files)) if own.code == "N01"]
    assert [(own.severity, own.cell, own.left, own.right, own.difference) for own in found] == [
        ("warning", "income.2060799.superior_subsidy", "1.20", "1.00", "0.20")]


def test_last_years_figures_are_added_up_without_last_years_transfers(tmp_path: Path) -> None:
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    # 110.00 万元 and 240,000 元, of which 20,000 and 4,000 went between the two.
    assert report.prior(("overview", "total", "amount")) == 1100000 + 240000 - 24000
    assert report.prior(("general_budget", "total", "total")) == 1050000 + 200000


# ── what is eliminated ──


@pytest.mark.parametrize(("income", "expenditure", "largest", "between"), [
    (50, 50, 50, 50),  # one pays, another receives
    (50, 30, 50, 30),  # the rest came from elsewhere
    (30, 50, 50, 30),
    (50, 0, 50, 0),
    (80, 80, 80, 80),  # in the middle: 50 from above, 30 on to below
    (50, 30, 80, 0),  # one unit alone: it receives and pays, but not from and to itself
    (60, 40, 80, 20),  # 50 and 30 in one unit, 10 and 10 in another: each can serve the other with 10
    (-5, 5, 5, 0),
])  # fmt: skip
def test_only_what_different_units_can_have_exchanged(
    income: int, expenditure: int, largest: int, between: int
) -> None:
    assert eliminated(Flow(Decimal(income), Decimal(expenditure), Decimal(largest))) == between


amounts = st.integers(0, 5).map(Decimal)
flows = st.tuples(amounts, amounts).map(lambda own: Flow(own[0], own[1], own[0] + own[1]))


@given(st.lists(flows, min_size=1, max_size=6))
def test_eliminated_is_the_most_that_can_flow_between_different_units(units: list[Flow]) -> None:
    """Compared with sending one 元 at a time, wherever there is a way to make room for it."""
    total = units[0]
    for unit in units[1:]:
        total = joined(total, unit)
    assert eliminated(total) == _most(units)


def _most(units: list[Flow]) -> int:
    """Maximum flow by augmenting paths, in whole 元."""
    receivers = [number for number, unit in enumerate(units) for _ in range(int(unit.income))]
    payers = [number for number, unit in enumerate(units) for _ in range(int(unit.expenditure))]
    matched: dict[int, int] = {}

    def reach(payer: int, seen: set[int]) -> bool:
        for place, receiver in enumerate(receivers):
            if receiver != payers[payer] and place not in seen:
                seen.add(place)
                if place not in matched or reach(matched[place], seen):
                    matched[place] = payer
                    return True
        return False

    return sum(reach(payer, set()) for payer in range(len(payers)))


def test_a_unit_alone_keeps_its_transfers(tmp_path: Path) -> None:
    """Its superior and its subordinates are not in the set."""
    file = put(tmp_path, "中间", "[income]\n2060702 = { superior_subsidy = 5.00 }\n[expenditure]\n"
               "2060702 = { subsidy = 3.00 }\n")
    report = merged(tmp_path, "out.toml", file)
    assert value(report, "income.2060702.superior_subsidy") == 50000
    assert value(report, "expenditure.2060702.subsidy") == 30000
    assert not [own for own in findings(report) if own.code == "N01"]


def test_a_transfer_on_two_accounts_is_not_eliminated(tmp_path: Path) -> None:
    """Which of the two is wrong, only the units know."""
    files = [put(tmp_path, "甲", "[expenditure]\n2060701 = { subsidy = 3.00 }\n"),
             put(tmp_path, "乙", "[income]\n2060702 = { superior_subsidy = 3.00 }\n")]
    report = merged(tmp_path, "out.toml", *files)
    assert value(report, "income.total.superior_subsidy") == value(report, "expenditure.total.subsidy") == 30000
    assert [own.cell for own in findings(report) if own.code == "N01"] == [
        "expenditure.2060701.subsidy", "income.2060702.superior_subsidy"]


# ── the same, whatever the order and the grouping ──

CODES = ("2060701", "2060702", "2080505")


def source(chance: Random) -> tuple[str, str]:
    """The unit of a source, and parts that merging treats in different ways."""
    def some() -> bool:
        return chance.random() < 0.5

    def amount() -> str:
        return f"{chance.randrange(300) / 100:.2f}"

    unit = chance.choice(["万元", "元"])
    rows = {table: {code: {column: amount() for column in columns if some()} for code in CODES if some()}
            for table, columns in (("income", ("superior_subsidy", "affiliated", "other")),
                                   ("expenditure", ("remitted", "subsidy", "project")))}
    lines = [f"[{table}]\n" + "".join(
        f"{code} = {{ {', '.join(f'{column} = {text}' for column, text in row.items())} }}\n"
        for code, row in own.items() if row) for table, own in rows.items()]
    if some():
        lines.append(f"[overview]\nopening_balance = {amount()}\n")
    if some():
        lines.append(f"[vehicles]\nother = {chance.randrange(4)}\n")
    for number in range(chance.randrange(3)):
        lines.append(f'[[projects]]\nname = "项目{number}"\n[projects.funds]\n'
                     f"current_fiscal = {{ annual = {amount()} }}\n{INDICATOR}")
    prior = ("income.total", "income.2060702.superior_subsidy", "three_public.total", "general_budget.2060701")
    lines.append("[prior]\n" + "".join(f'"{cell}" = {amount()}\n' for cell in prior if some()))
    others = [Decimal(row["other"]) for code, row in rows["income"].items() if "other" in row and code[:3] == "206"]
    if unit == "万元" and any(others) and some():
        lines.append(f'[official]\n"income.20607.other" = {sum(others) + Decimal("0.01")}\n')
    if some():
        lines.append(f'[accounts]\n2060701 = "{chance.choice(["机构运行", "运行"])}"\n')
    return unit, "\n".join(lines)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
@example(200)  # all income was transfers: nothing of it is left, and that is known
def test_any_order_and_any_grouping_give_the_same_bytes(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    units = [source(chance) for _ in range(chance.randint(2, 5))]
    for path in tmp_path.iterdir():
        path.unlink()
    files = [put(tmp_path, f"单位{number}", text, unit=unit) for number, (unit, text) in enumerate(units)]
    whole = _text(tmp_path, files)
    shuffled = chance.sample(files, len(files))
    assert _text(tmp_path, shuffled) == whole
    assert _text(tmp_path, _grouped(tmp_path, shuffled, chance)) == whole
    report = merged(tmp_path, "whole.toml", *files)
    assert not errors(report)
    reports = [open_report(file) for file in files]
    for column in ("other", "total"):
        gone = {"other": Decimal(0), "total": _gone(reports)}[column]
        expected = sum((value(own, f"income.total.{column}") for own in reports), Decimal(0)) - gone
        assert value(report, f"income.total.{column}") == expected
    assert report.items("projects") == tuple(
        str(number) for number in range(1, 1 + sum(len(own.items("projects")) for own in reports)))


def _text(folder: Path, files: list[str]) -> str:
    outcome = merge(files, str(folder / "out.toml"))
    assert outcome.refused == ()
    return outcome.text


def _grouped(folder: Path, files: list[str], chance: Random) -> list[str]:
    """The files, some of them merged to a source first, and some of those again."""
    left, number = list(files), 0
    while len(left) > 1 and chance.random() < 0.8:
        some = chance.sample(left, chance.randint(1, len(left)))
        left = [file for file in left if file not in some]
        number += 1
        place = folder / f"part{number}.toml"
        place.write_text(merge(some, str(place)).text, "utf-8")
        left.append(str(place))
    return left


def _gone(reports: list[Report]) -> Decimal:
    """What is eliminated, account by account, from the units' own figures."""
    total = Decimal(0)
    for income, expenditure in (("superior_subsidy", "subsidy"), ("affiliated", "remitted")):
        for code in CODES:
            flow = Flow()
            for own in reports:
                sides = [value(own, f"{table}.{code}.{column}") if code in own.rows(table) else Decimal(0)
                         for table, column in (("income", income), ("expenditure", expenditure))]
                flow = joined(flow, Flow(sides[0], sides[1], sides[0] + sides[1]))
            total += eliminated(flow)
    return total


# ── units, digits, tolerance ──


@pytest.mark.parametrize(("value_", "half", "unit", "text", "told"), [
    ("12300", "50", "万元", "1.23", True),
    ("12300", "5", "万元", "1.230", True),
    ("12300", "0", "万元", "1.230000", True),
    ("12345.67", "0", "万元", "1.234567", True),
    ("12300", "100", "万元", "1.23", False),
    ("12345.67", "50", "元", "12345.67", False),
    ("0", "0", "万元", "0.00", True),
    ("-5", "0", "元", "-5.00", True),
])  # fmt: skip
def test_an_amount_is_written_with_all_its_digits(value_: str, half: str, unit: str, text: str, told: bool) -> None:
    assert number_text(Decimal(value_), Decimal(half), unit) == (text, told)


def test_the_finest_unit_is_taken_and_no_digit_is_lost(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲", "[income]\n2060701 = { other = 1.23 }\n"),
             put(tmp_path, "乙", "[income]\n2060701 = { other = 0.01 }\n", unit="元")]
    report = merged(tmp_path, "yuan.toml", *files)
    assert report.source.unit == "元"
    assert value(report, "income.2060701.other") == Decimal("12300.01")
    stated = merged(tmp_path, "wan.toml", *files, unit="万元")
    assert stated.source.unit == "万元"
    assert value(stated, "income.2060701.other") == Decimal("12300.01")


def test_a_sum_leaves_open_what_its_parts_leave_open(tmp_path: Path) -> None:
    """Each unit's total and parts differ by 0.01 within rounding; so may three of them by 0.03, no more."""
    text = ('[income]\n2060701 = {{ other = 1.00 }}\n2060702 = {{ other = {amount} }}\n'
            '[official]\n"income.20607.other" = 2.01\n')
    files = [put(tmp_path, name, text.format(amount="1.00")) for name in ("甲", "乙", "丙")]
    report = merged(tmp_path, "out.toml", *files)
    assert value(report, "income.20607.other") == 60300
    assert value(report, "income.total.other") == 60300
    assert report.interval(("income", "2060701", "other")).half_width == 150
    tails = [own for own in findings(report) if own.cell == "income.20607.other"]
    assert [own.severity for own in tails] == ["note"]
    again = put(tmp_path, "丁", text.format(amount="1.04"))
    assert "2.04" in merge([again], str(tmp_path / "x.toml")).refused[0].message


def test_an_official_figure_keeps_its_distance_from_the_sum(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲", '[income]\n2060701 = { other = 1.00, superior_subsidy = 1.00 }\n'
                 '[official]\n"income.20607.other" = 1.01\n'),
             put(tmp_path, "乙", "[income]\n2060702 = { other = 2.00 }\n[expenditure]\n2060701 = { subsidy = 1.00 }\n")]
    report = merged(tmp_path, "out.toml", *files)
    assert value(report, "income.20607.other") == 30100
    assert value(report, "income.20607.total") == 30100
    opposite = put(tmp_path, "丙", '[income]\n2060701 = { other = 1.00 }\n[official]\n"income.20607.other" = 0.99\n')
    assert not merged(tmp_path, "none.toml", *files, opposite).source.official


# ── what does not add up ──


def test_points_texts_and_reasons_are_left_to_the_department(tmp_path: Path) -> None:
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    assert not any(report.source.prose.values())
    assert not report.source.reasons
    assert ("organization", "subordinate_units", "count") not in report.source.entries
    assert value(report, "organization.offices.count") == 5


def test_of_one_unit_everything_is_taken(tmp_path: Path) -> None:
    file = copied(tmp_path)[1]
    report, own = merged(tmp_path, "out.toml", file), open_report(file)
    assert {key: text for key, text in report.source.prose.items() if text} == own.source.prose
    assert report.source.reasons == own.source.reasons
    assert {cell: entry.value for cell, entry in report.source.entries.items()} == {
        cell: entry.value for cell, entry in own.source.entries.items()}


def asked(report: Report) -> list[Table]:
    """The tables of which the format prints something: of the others nothing need be known."""
    used = reached_tables(report.format)
    return [table for table in report.taxonomy.tables.values() if table.id in used]


@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_every_example_comes_through_alone(tmp_path: Path, example: str) -> None:
    """All kinds of report: what one unit has entered, and what follows from it, is the same afterwards."""
    own = open_report(str(EXAMPLES / f"{example}.toml"))
    report = merged(tmp_path, "out.toml", str(EXAMPLES / f"{example}.toml"))
    for table in asked(own):
        assert report.rows(table.id) == own.rows(table.id)
        for row in own.rows(table.id):
            for column in table.columns:
                assert report.value((table.id, row, column)) == own.value((table.id, row, column)), (table.id, row)
    assert not errors(report)


@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_an_example_doubled(tmp_path: Path, example: str) -> None:
    """Two units with the same figures: twice the amounts and counts, the records of both or of none."""
    text = (EXAMPLES / f"{example}.toml").read_text("utf-8")
    files = []
    for name in ("甲单位", "乙单位"):
        path = tmp_path / f"{name}.toml"
        path.write_text(re.sub(r'(?m)^department = ".*"', f'department = "{name}"', text), "utf-8")
        files.append(str(path))
    own, report = open_report(files[0]), merged(tmp_path, "out.toml", *files)
    assert not errors(report)
    for table in asked(own):
        if table.axis == "records" and not table.owner:
            assert len(report.rows(table.id)) == (2 * len(own.rows(table.id)) if table.appended else 0)
        if table.axis == "records" or table.owner:
            continue
        for row in own.rows(table.id):
            for column in table.columns:
                if table.adds(row, column) and table.formula(row, column) is None:
                    one, two = (side.value((table.id, row, column)) for side in (own, report))
                    assert two == (None if one is None else 2 * one), (table.id, row, column)
    for _section, cell in mentions(own, "change"):
        before = own.prior(cell)
        assert report.prior(cell) == (None if before is None else 2 * before), cell


def test_a_record_keeps_the_figures_that_its_text_names(tmp_path: Path) -> None:
    """In the department's report the name would mean another figure."""
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    assert value(report, "expenditure.total.project") != 140000
    assert report.value(("projects", "1", "overview")) == "更新展品，全年支出14.00万元。"


def test_a_file_of_many_lines_and_odd_characters_comes_through(tmp_path: Path) -> None:
    text = '[[projects]]\nname = "引号\\"与\\\\斜线"\noverview = """\n第一段\n第二段，\\"引\\"。"""\n' + INDICATOR
    files = [put(tmp_path, "甲", text), put(tmp_path, "乙", text)]
    report = merged(tmp_path, "out.toml", *files)
    for row in ("1", "2"):
        assert report.value(("projects", row, "name")) == '引号"与\\斜线'
        assert report.value(("projects", row, "overview")) == '第一段\n第二段，"引"。'


def test_last_years_figure_that_a_unit_does_not_know_is_left_open(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲", '[prior]\n"income.total" = 5.00\n"three_public.total" = 1.00\n'),
             put(tmp_path, "乙", '[prior]\n"income.total" = 2.00\n')]
    report = merged(tmp_path, "out.toml", *files)
    assert report.prior(("income", "total", "total")) == 70000
    assert report.prior(("three_public", "total", "outturn")) is None
    assert any("fiscal.total" in told and "乙" in told for told in merge(files, "x.toml").remarks)


def test_an_account_that_a_unit_has_not_counts_as_nothing_last_year(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲", '[prior]\n"general_budget.2060701" = 5.00\n'),
             put(tmp_path, "乙", '[prior]\n"general_budget.2080505" = 2.00\n')]
    report = merged(tmp_path, "out.toml", *files)
    assert report.prior(("general_budget", "2060701", "total")) == 50000
    assert report.prior(("general_budget", "2080505", "total")) == 20000


def test_last_years_sources_count_to_the_fen(tmp_path: Path) -> None:
    files = []
    for name in ("甲", "乙"):
        before = put(tmp_path, f"{name}旧", "[income]\n2060701 = { other = 49.00 }\n", year=2023, unit="元")
        files.append(put(tmp_path, name, unit="元").strip())
        text = Path(files[-1]).read_text("utf-8")
        Path(files[-1]).write_text(text.rstrip() + f'\nprior = "{Path(before).name}"\n', "utf-8")
    report = merged(tmp_path, "out.toml", *files)
    assert report.prior(("income", "total", "total")) == 98  # each prints 0.00 万元, both together 0.01


def test_a_named_source_of_last_year_takes_the_place_of_the_sums(tmp_path: Path) -> None:
    files = copied(tmp_path)
    text = merge(files, str(tmp_path / "out.toml"), prior="2023.toml").text
    data = tomllib.loads(text)
    assert data["report"]["prior"] == "2023.toml"
    assert "prior" not in data


# ── what does not fit ──


def refused(outcome: Outcome) -> dict[str, str]:
    return {Path(own.file).name: own.message for own in outcome.refused}


def test_units_that_do_not_fit_are_named_and_nothing_is_given(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲"), put(tmp_path, "乙"), put(tmp_path, "丙", year=2023),
             put(tmp_path, "丁", "[income]\n2060701 = { fiscal = 1.00 }\n[state_capital]\n2060701 = { basic = 5 }\n"),
             str(tmp_path / "戊.toml")]
    (tmp_path / "戊.toml").write_text(HEAD + "[[[", "utf-8")
    gone = str(tmp_path / "没有.toml")
    budget = tmp_path / "预算.toml"
    text = re.sub("none = .*\n", "", Path(files[0]).read_text("utf-8")).replace("final-accounts", "budget")
    budget.write_text(text.replace("甲", "庚"), "utf-8")
    outcome = merge([*files, gone, str(budget)], str(tmp_path / "out.toml"))
    assert outcome.text == ""
    told = refused(outcome)
    assert sorted(told) == sorted(["丙.toml", "丁.toml", "戊.toml", "没有.toml", "预算.toml"])
    assert "2023" in told["丙.toml"]
    assert "budget" in told["预算.toml"]
    skipped = merge([*files, gone, str(budget)], str(tmp_path / "out.toml"), skip=True)
    assert skipped.units == 2
    assert refused(skipped) == told
    assert skipped.text == merge(files[:2], str(tmp_path / "out.toml")).text


def test_a_unit_counts_once(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲"), put(tmp_path, "乙"), put(tmp_path, "丙")]
    part = tmp_path / "part.toml"
    part.write_text(merge(files[:2], str(part)).text, "utf-8")
    assert list(refused(merge([*files[1:], str(part)], str(tmp_path / "out.toml")))) == ["乙.toml"] or \
        list(refused(merge([*files[1:], str(part)], str(tmp_path / "out.toml")))) == ["part.toml"]
    assert list(refused(merge([files[0], files[1], files[0]], "out.toml"))) == ["甲.toml"]
    copy = tmp_path / "copy.toml"
    copy.write_text(Path(files[0]).read_text("utf-8") + "# 另存\n", "utf-8")
    assert "甲" in next(iter(refused(merge([*files, str(copy)], "out.toml")).values()))


def test_a_unit_of_another_year_does_not_take_the_place_of_this_years(tmp_path: Path) -> None:
    files = [put(tmp_path, "乙"), put(tmp_path, "甲")]
    before = tmp_path / "0.toml"
    before.write_text(Path(files[1]).read_text("utf-8").replace("year = 2024", "year = 2023"), "utf-8")
    outcome = merge([*files, str(before)], str(tmp_path / "out.toml"), skip=True)
    assert list(refused(outcome)) == ["0.toml"]
    assert outcome.text == merge(files, str(tmp_path / "out.toml")).text


def test_as_many_of_one_year_as_of_another_is_no_department(tmp_path: Path) -> None:
    files = [put(tmp_path, "甲"), put(tmp_path, "乙", year=2023)]
    assert set(refused(merge(files, "out.toml", skip=True))) == {"甲.toml", "乙.toml"}


@pytest.mark.parametrize(("names", "department"), [
    (["青禾县科协（本级）", "青禾县科技馆"], "青禾县科协"), (["甲", "乙"], ""), (["甲（本级）", "乙（本级）"], ""),
    (["青禾县科协本级"], "青禾县科协"),
])  # fmt: skip
def test_the_department_is_called_as_its_head_office(names: list[str], department: str) -> None:
    assert merging.head_office(names) == department


@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_errors_are_those_among_the_findings(tmp_path: Path, example: str) -> None:
    text = (EXAMPLES / f"{example}.toml").read_text("utf-8")
    path = tmp_path / "wrong.toml"
    path.write_text(re.sub(r"(basic|project|score|executed) = (\d)", r"\1 = 9\2", text), "utf-8")
    report = open_report(str(path))
    assert errors(report)
    assert errors(report) == [own for own in findings(report) if own.severity == "error"]


# ── back to the units ──


def test_a_figure_leads_back_to_the_units(tmp_path: Path) -> None:
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    found = trace(report, ("income", "total", "total"))
    assert found is not None
    assert [(own.leaf.file, own.found.value) for own in found.contributions] == [
        ("本级.toml", Decimal(1235000)), ("科技馆.toml", Decimal("345000.55"))]
    assert (found.units, found.eliminated, found.rest) == (2, 40000, 0)
    record = trace(report, ("units", "2", "headcount"))
    assert record is not None
    assert [(own.leaf.department, own.found.value) for own in record.contributions] == [("青禾县科技馆", 6)]


def test_what_changed_or_went_since_is_said(tmp_path: Path) -> None:
    report = merged(tmp_path, "科协.toml", *copied(tmp_path))
    head, museum = (tmp_path / name for name in UNITS)
    head.write_text(head.read_text("utf-8").replace("other = 3.00", "other = 4.00"), "utf-8")
    found = trace(report, ("income", "total", "other"))
    assert found is not None
    assert found.rest == -10000
    assert [own.found.changed for own in found.contributions] == [True, False]
    museum.unlink()
    found = trace(report, ("income", "total", "other"))
    assert found is not None
    assert found.rest is None
    assert [bool(own.found.problem) for own in found.contributions] == [False, True]


def test_merged_sources_lead_back_to_their_units_from_other_folders(tmp_path: Path) -> None:
    inner = tmp_path / "县"
    inner.mkdir()
    part = inner / "部分.toml"
    part.write_text(merge([put(inner, "甲", "[income]\n2060701 = { other = 1.00 }\n"), put(inner, "乙")],
                          str(part)).text, "utf-8")
    report = merged(tmp_path, "out.toml", str(part), put(tmp_path, "丙"))
    found = trace(report, ("income", "total", "total"))
    assert found is not None
    assert found.units == 3
    assert [own.leaf.file for own in found.contributions] == ["县/甲.toml"]


# ── the part [merged] of a file ──


@pytest.mark.parametrize(("text", "code"), [
    ("[merged]\nunits = 3\n", "T02"), ("[merged]\nunits = [{ file = 3 }]\n", "T02"), ("[merged]\nothers = 1\n", "T01"),
    ("[merged]\ntransfers = 3\n", "T02"), ('[merged.transfers]\n"subsidy.2060702" = 3\n', "T02"),
    ('[merged.transfers]\n"x.2060702" = { income = 1.00, expenditure = 1.00, largest = 1.00 }\n', "T02"),
    ('[merged.rounding]\n"income.x" = 1.00\n', "T08"), ('[merged.rounding]\n"income.2060702.other" = "a"\n', "T03"),
    ("merged = 3\n", "T02"),
])  # fmt: skip
def test_faults_of_the_part_are_found(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "x.toml"
    head = HEAD.format(year=2024, department="甲", unit="万元")
    path.write_text(text + head if text.startswith("merged") else head + text, "utf-8")
    assert [problem.code for problem in open_report(str(path)).source.problems] == [code]


def test_an_edited_sum_keeps_what_it_leaves_open_as_the_file_does(tmp_path: Path) -> None:
    """The same after an edit as after reading the file again."""
    files = [put(tmp_path, name, "[income]\n2060701 = { other = 1.00 }\n") for name in ("甲", "乙")]
    report = merged(tmp_path, "out.toml", *files)
    cell = ("income", "2060701", "other")
    report.set(cell, "2.01")
    assert report.interval(cell).half_width == 100


def test_a_file_that_is_merged_anew_while_it_is_open_is_followed(tmp_path: Path) -> None:
    """The findings on transfers follow the part [merged], as those of a newly opened report do."""
    files = copied(tmp_path)
    path = tmp_path / "科协.toml"
    path.write_text(merge(files, str(path)).text, "utf-8")
    session = Session.open(str(path))
    try:
        assert [own.cell for own in findings(session.report) if own.code == "N01"] == [
            "income.2060799.superior_subsidy"]
        museum = Path(files[1])
        museum.write_text(museum.read_text("utf-8").replace("12000.00", "10000.00"), "utf-8")
        path.write_text(merge(files, str(path)).text, "utf-8")
        session.reload()
        assert findings(session.report) == findings(open_report(str(path)))
        assert not [own for own in findings(session.report) if own.code == "N01"]
    finally:
        session.close()
