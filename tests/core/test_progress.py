"""Progress: what the format asks for, and that it is enough."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Paragraph, Table
from juesuan.core.formats import list_formats, load_format
from juesuan.core.progress import DONE, MISSING, SPARED, Need, Progress, needs, progress, reached_tables, told
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

from .stating import nothing_else

EXAMPLE = (Path(__file__).parents[2] / "examples" / "sanming-2024.toml").read_text(encoding="utf-8")
HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
"""


def report_of(text: str) -> Report:
    return Report(parse_source(text))


def states(report: Report) -> dict[tuple[str, str], str]:
    return {(need.kind, need.key): need.state for need in needs(report)}


def words(report: Report) -> str:
    """All that the report prints."""
    lines = []
    for block in compose(report).blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += [block.title, block.left, *(cell.text for row in block.rows for cell in row.cells), *block.notes]
    return "\n".join(lines)


def test_the_example_is_complete() -> None:
    report = report_of(EXAMPLE)
    done = progress(report)
    assert done.missing == ()
    assert (done.percent, done.done) == (100, done.required)
    assert "【待填" not in words(report)


def test_an_empty_report_lacks_everything_that_is_required() -> None:
    found = states(report_of(HEAD.replace('department = "某局"\n', "")))
    for key in (
        ("meta", "department"), ("prose", "duties"), ("prose", "main_task"), ("table", "income"),
    ("table", "expenditure"),
        ("table", "general_budget"), ("table", "basic_economic"), ("table", "units"),
    ("cell", "overview.opening_balance.amount"),
        ("cell", "overview.balance_distribution.amount"), ("cell", "fiscal.opening.general_budget"),
        ("cell", "three_public.reception.budget"), ("cell", "three_public.reception.outturn"),
        ("cell", "three_public_counts.reception_persons.count"), ("cell", "vehicles.other.count"),
        ("cell", "equipment.over_1m.count"), ("cell", "procurement.goods.sme"), ("cell", "sme_contracts.micro.amount"),
        ("cell", "operating_costs.administrative.amount"), ("cell", "organization.offices.count"),
        ("prior", "overview.total.amount"),
    ("prior", "three_public.abroad.outturn"),
    ):  # fmt: skip
        assert found[key] == MISSING, key
    assert DONE not in found.values()


def test_nothing_is_asked_for_that_is_computed_or_optional() -> None:
    found = states(report_of(HEAD))
    for key in (
        ("cell", "overview.total.amount"), ("cell", "overview.income.amount"),
    ("cell", "fiscal.opening.government_fund"),
        ("cell", "basic_expenditure.personnel_other.amount"), ("cell", "operating_costs.referenced.amount"),
        ("cell", "sme_contracts.total.amount"), ("cell", "vehicles.total.count"), ("table", "government_fund"),
        ("table", "state_capital"), ("table", "projects"), ("table", "fiscal_expenditure"),
    ):  # fmt: skip
        assert key not in found, key


def test_each_need_is_asked_for_once_and_says_where() -> None:
    report = report_of(EXAMPLE)
    found = list(needs(report))
    assert len({(need.kind, need.key) for need in found}) == len(found)
    sections = {section.id for section in report.format.sections} | {"cover"}
    for need in found:
        assert need.section in sections
        assert need.place
        assert report.source.line(need.path) is not None or need.state == SPARED


def test_zero_is_an_answer_and_a_blank_is_none() -> None:
    found = states(report_of(HEAD + '[vehicles]\nother = 0\nspecial = ""\n[overview]\nopening_balance = 0.00\n'))
    assert found["cell", "vehicles.other.count"] == DONE
    assert found["cell", "overview.opening_balance.amount"] == DONE
    assert found["cell", "vehicles.special.count"] == MISSING


def test_a_text_is_asked_for_where_it_is_printed() -> None:
    key = ("prose", "other_vehicle_use")
    assert states(report_of(HEAD))[key] == SPARED
    assert states(report_of(HEAD + "[vehicles]\nother = 1\n"))[key] == MISSING
    assert states(report_of(HEAD + "[vehicles]\nother = 1\n[prose]\nother_vehicle_use = '稽核'\n"))[key] == DONE


def test_records_need_their_columns() -> None:
    found = states(report_of(HEAD + '[[projects]]\nname = "甲"\n[[projects.indicators]]\nname = "子"\n'))
    assert found["cell", "projects.1.name"] == DONE
    assert found["cell", "projects.1.goal"] == MISSING
    assert found["cell", "project_indicators.1/1.weight"] == MISSING
    assert found["cell", "project_funds.1/current_fiscal.annual"] == MISSING
    for key in ("projects.1.execution_weight", "projects.1.tier", "projects.1.published", "projects.1.score",
                "project_indicators.1/1.deviation", "project_funds.1/other.annual",
    "project_funds.1/total.annual"):  # fmt: skip
        assert ("cell", key) not in found


INDICATOR = HEAD + """[[projects]]
name = "甲"
[projects.funds]
current_fiscal = { initial = 1, annual = 1, executed = 1 }
[[projects.indicators]]
name = "子"
operator = "OPERATOR"
target = "TARGET"
actual = "ACTUAL"
weight = 20
"""


@pytest.mark.parametrize(("operator", "target", "actual", "points"), [
    ("≥", "100人", "120人", "20"), ("≥", "100人", "95人", "19"), ("≥", "90%", "30%", "6.67"), ("≤", "5次", "0次", "20"),
    ("≤", "5", "8", "12.5"), ("=", "3家", "3家", "20"), ("=", "4家", "3家", "15"), ("=", "完善", "完善", "20"),
    ("≥", "0", "0", "20"), ("≥", "-5%", "-3%", "20"), ("≥", "5%", "-2%", "0"),
])
def test_points_that_target_and_result_decide_are_not_asked_for(
        operator: str, target: str, actual: str, points: str) -> None:
    text = INDICATOR.replace("OPERATOR", operator).replace("TARGET", target).replace("ACTUAL", actual)
    report = report_of(text)
    assert report.shown(("project_indicators", "1/1", "points")) == points
    assert report.shown(("projects", "1", "score")) == str(10 + Decimal(points))
    assert states(report)["cell", "project_indicators.1/1.score"] == SPARED
    assert "【待填：自评得分】" not in words(report)


@pytest.mark.parametrize(("operator", "target", "actual"), [
    ("=", "3家", "5家"), ("=", "稳步提高", "有所提高"), ("≥", "100人", "9成"), (">", "90", "90"), ("≥", "90%", "95分"),
    ("≥", "-5%", "-8%"),
])
def test_points_that_need_a_judgement_are_asked_for(operator: str, target: str, actual: str) -> None:
    text = INDICATOR.replace("OPERATOR", operator).replace("TARGET", target).replace("ACTUAL", actual)
    assert states(report_of(text))["cell", "project_indicators.1/1.score"] == MISSING
    assert "【待填：自评得分】" in words(report_of(text))
    judged = report_of(text + "score = 17\n")
    assert states(judged)["cell", "project_indicators.1/1.score"] == DONE
    assert judged.shown(("project_indicators", "1/1", "points")) == "17"
    assert "【待填：自评得分】" not in words(judged)


def test_last_years_figures_are_asked_for_where_a_change_is_told() -> None:
    text = HEAD + "[general_budget]\n2010550 = { basic = 1 }\n2013299 = { basic = 0 }\n"
    found = states(report_of(text))
    assert found["prior", "general_budget.2010550.total"] == MISSING
    assert ("prior", "general_budget.2013299.total") not in found
    found = states(report_of(text + '[prior]\n"general_budget.2010550" = 0\n'))
    assert found["prior", "general_budget.2010550.total"] == DONE


def test_last_years_file_answers_for_last_year() -> None:
    last = report_of(nothing_else(HEAD.replace("2024", "2023")))
    report = Report(parse_source(HEAD), last)
    assert {need.state for need in needs(report) if need.kind == "prior"} == {DONE}


def test_what_last_years_file_leaves_open_is_not_known() -> None:
    last = report_of(HEAD.replace("2024", "2023"))
    report = Report(parse_source(HEAD), last)
    assert {need.state for need in needs(report) if need.kind == "prior"} == {MISSING}


def test_percentages_are_whole_and_never_early() -> None:
    nothing = Need("cell", "", "", "", (), MISSING)
    assert Progress(0, 0, ()).percent == 100
    assert Progress(1000, 999, (nothing,)).percent == 99
    assert Progress(3, 1, (nothing, nothing)).percent == 33
    assert Progress(7, 7, ()).percent == 100


def answer(report: Report, need: Need) -> None:
    """Give what is asked for, whatever it is."""
    if need.kind == "prose":
        report.set_prose(need.key, "一段话。")
        return
    if need.kind == "table":
        code = "30101" if need.key == "basic_economic" else "2010550"
        report.set((need.key, code, report.taxonomy.tables[need.key].entered[0].id), "3")
        return
    table, row, column = need.key.split(".")
    cell = (table, row, column)
    if need.kind == "prior":
        report.set_prior(cell, "2")
    elif need.kind == "reason":
        report.set_reason(cell, "人员增加")
    else:
        own = report.taxonomy.tables[table].columns[column]
        values: dict[str, Any] = {"text": "文字", "flag": True, "choice": own.choices[0] if own.choices else ""}
        report.set(cell, values.get(own.kind, "1"))


@pytest.mark.parametrize(
    "text", ["[[units]]\n[[projects]]\n[[projects.indicators]]\n[[projects.problems]]\n", "[[units]]\n"]
)
def test_who_answers_all_that_is_asked_for_has_a_complete_report(text: str) -> None:
    report = report_of(HEAD + text)
    report.watch()
    for _ in range(500):
        missing = progress(report).missing
        if not missing:
            break
        answer(report, missing[0])
        assert missing[0].key not in {need.key for need in progress(report).missing if need.kind == missing[0].kind}
    assert progress(report).percent == 100
    assert "【待填" not in words(report)


def test_what_the_format_tells_and_reads() -> None:
    format = report_of(HEAD).format
    assert {ref.table for ref in told(format, "change")} == {
        "overview", "income", "expenditure", "fiscal", "general_budget", "government_fund", "state_capital",
    "three_public",
        "operating_costs"}  # fmt: skip
    formats = [other for other in map(load_format, list_formats()) if other.taxonomy is format.taxonomy]
    assert set().union(*map(reached_tables, formats)) == set(format.taxonomy.tables)
    assert "overall_tasks" not in reached_tables(format)  # which another province prints


def test_a_department_of_funds_alone_needs_no_general_budget() -> None:
    text = (HEAD + 'unit = "万元"\n[income]\n2296002 = { fiscal = 5 }\n'
            "[government_fund]\n2296002 = { income = 5, basic = 5 }\n")
    found = states(report_of(text))
    assert found["table", "general_budget"] == found["table", "basic_economic"] == SPARED
    assert states(report_of(HEAD))["table", "general_budget"] == MISSING
