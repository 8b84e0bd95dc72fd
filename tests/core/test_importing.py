# ruff: noqa: E501 - rows of sheets stand on a line each
"""Figures from workbooks: tables are found wherever they stand, figures get their place or are told."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core.compose import compose
from juesuan.core.document import Table
from juesuan.core.formats import load_format
from juesuan.core.importing.book import read_book
from juesuan.core.importing.plan import Options, Plan, make_plan
from juesuan.core.opening import build_report, open_report
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source

from .books import accounting_book, write_forms, write_rows

EXAMPLES = Path(__file__).parents[2] / "examples"
FUJIAN = "fujian/final-accounts"
DEPARTMENT = "青禾县科学技术协会"


def empty(format: str = FUJIAN, year: int = 2024, unit: str = "万元", department: str = DEPARTMENT) -> Report:
    return of(new_source(load_format(format), department, year, unit))


def of(text: str) -> Report:
    return build_report(parse_source(text, "x.toml"))


def planned(path: Path, report: Report | None = None, **options: Any) -> Plan:
    return make_plan(report or empty(), read_book(str(path)), Options(**options))


def said(plan: Plan) -> dict[str, str]:
    return {line.place: line.new for line in (*plan.new, *plan.changed)}


def printed(report: Report, skip: tuple[str, ...] = ()) -> list[Any]:
    return [(table.id, table.rows) for table in compose(report).blocks
            if isinstance(table, Table) and table.id not in skip and any(column.header for column in table.columns)]


EXPENDITURE = [
    ["支出决算表"],
    ["", "", "", "", "公开03表"],
    ["部门：青禾县科学技术协会", "", "", "", "单位：万元"],
    ["项目", "", "本年支出合计", "基本支出", "项目支出"],
    ["支出功能分类科目编码", "科目名称"],
    ["", "合计", 198.7, 146.2, 52.5],
    ["206", "科学技术支出", 198.7, 146.2, 52.5],
    ["20607", "科学技术普及", 198.7, 146.2, 52.5],
    ["2060701", "机构运行", 146.2, 146.2, 0.0],
    ["2060702", "科普活动", 52.5, 0.0, 52.5],
]
BASIC, PROJECT = "expenditure.2060701.basic", "expenditure.2060702.project"


@pytest.mark.parametrize("example", ["sanming-2024", "linfen-2021", "ningde-2024"])
@pytest.mark.parametrize("unit", ["万元", "元"])
def test_printed_forms_give_the_figures_that_they_were_printed_from(example: str, unit: str, tmp_path: Path) -> None:
    report = open_report(str(EXAMPLES / f"{example}.toml"))
    path = write_forms(tmp_path / "a.xlsx", report, unit=unit)
    start = empty(report.format.id, report.source.year, report.source.unit, report.source.department)
    plan = planned(path, start, official=True)
    assert not plan.faults
    assert not plan.unplaced
    assert not plan.differences
    assert printed(of(plan.text)) == printed(report)


def test_forms_without_merged_cells_are_read_as_well(tmp_path: Path) -> None:
    report = open_report(str(EXAMPLES / "linfen-2021.toml"))
    start = empty(report.format.id, 2021, report.source.unit, report.source.department)
    merged = planned(write_forms(tmp_path / "a.xlsx", report), start)
    plain = planned(write_forms(tmp_path / "b.xlsx", report, merged=False), start)
    assert said(merged) == said(plain)


def test_imported_again_nothing_changes(tmp_path: Path) -> None:
    report = open_report(str(EXAMPLES / "sanming-2024.toml"))
    path = write_forms(tmp_path / "a.xlsx", report)
    assert planned(path, report).changes == 0


@pytest.mark.parametrize("codes", ["three", "one", "first", "number"])
@pytest.mark.parametrize("unit", ["元", "万元"])
def test_tables_of_the_accounting_system(codes: str, unit: str, tmp_path: Path) -> None:
    plan = planned(accounting_book(tmp_path / "a.xlsx", unit=unit, codes=codes))
    assert not plan.faults
    assert not plan.unplaced
    assert not plan.wrong
    found = said(plan)
    assert Decimal(found["income.2060701.fiscal"]) == Decimal("146.20005")
    assert Decimal(found["income.2060702.other"]) == Decimal("2.5")
    assert Decimal(found["expenditure.2060702.project"]) == Decimal("52.500033")
    assert Decimal(found["general_budget.2060702.project"]) == Decimal("50.000033")
    assert Decimal(found["basic_economic.30302.amount"]) == Decimal("5.930075")
    assert Decimal(found["overview.opening_balance.amount"]) == Decimal("0.32")
    assert found["three_public.vehicle_running.budget"] == "3.00"
    assert found["three_public.vehicle_running.outturn"] == "2.50"
    assert found["three_public_counts.reception_persons.count"] == "63"
    assert found["vehicles.other.count"] == "1"
    assert found["operating_costs.administrative.amount"] == "6.00"
    assert [table.code for table in plan.tables if table.note] == ["财决05表"]


def test_amounts_are_written_in_the_unit_of_the_source(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", {"s": EXPENDITURE}, {"s": ["A4:B4"]})
    assert said(planned(path, empty(unit="元")))[BASIC] == "1462000.00"
    assert said(planned(path, empty(unit="万元")))[BASIC] == "146.20"


def test_a_table_without_a_unit_is_not_guessed(tmp_path: Path) -> None:
    rows = [row if number != 2 else ["部门：青禾县科学技术协会"] for number, row in enumerate(EXPENDITURE)]
    path = write_rows(tmp_path / "a.xlsx", {"s": rows}, {"s": ["A4:B4"]})
    plan = planned(path)
    assert not plan.new
    assert any("--unit" in fault for fault in plan.faults)
    assert said(planned(path, unit="元"))[BASIC] == "0.01462"


@given(order=st.permutations([2, 3, 4]), blanks=st.lists(st.integers(6, 9), max_size=4), unit=st.sampled_from(["元", "万元", "千元"]),
       left=st.integers(0, 3), above=st.integers(0, 4), spaces=st.sampled_from(["", " ", "\u3000", "\n"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_in_any_order_blank_rows_and_units(order: list[int], blanks: list[int], unit: str, left: int, above: int,
                                                   spaces: str, tmp_path: Path) -> None:
    factor = {"元": 10000.0, "万元": 1.0, "千元": 10.0}[unit]
    rows: list[list[Any]] = [[] for _blank in range(above)]
    for number, row in enumerate(EXPENDITURE):
        cells: list[Any] = [*row, "", "", "", ""][:5]
        if number == 2:
            cells[4] = f"单位：{unit}"
        elif number >= 3:
            cells = [*cells[:2], *(cells[at] for at in order)]
        cells = [value * factor if isinstance(value, float) else value for value in cells]
        cells = [spaces.join(value) if isinstance(value, str) and number in (0, 3, 4) else value for value in cells]
        rows.append([""] * left + cells)
        rows += [[] for blank in blanks if blank == number]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"数据": rows}))
    assert not plan.faults
    assert not plan.unplaced
    assert not plan.differences
    assert said(plan) == {BASIC: "146.20", PROJECT: "52.50"}


def test_labels_are_known_in_many_spellings(tmp_path: Path) -> None:
    rows = [["一般公共预算财政拨款“三公”经费支出决算表"], ["部门：青禾县科学技术协会", "", "金额单位：万元"], ["项　目", "行次", "决 算 数"],
            ["合  计", 1, 5.0], ["1、因公出国(境)费用", 2, 1.0], ["２．公务用车购置及运行费", 3, 3.0], ["其中：①公务用车购置费", 4, 1.0],
            ["　　（2）公务用车运行费", 5, 2.0], ["三、公务接待费", 6, 1.0], ["注：本表反映…… 9.00"]]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": rows}))
    assert not plan.faults
    assert not plan.unplaced
    assert not plan.differences
    assert said(plan) == {f"three_public.{line}.outturn": new for line, new in (
        ("abroad", "1.00"), ("vehicle_purchase", "1.00"), ("vehicle_running", "2.00"), ("reception", "1.00"))}


def test_budget_and_outturn_of_three_public_in_one_table(tmp_path: Path) -> None:
    rows = [["一般公共预算财政拨款“三公”经费支出决算表"], ["单位：万元"],
            ["预算数", "", "", "", "", "", "决算数", "", "", "", "", ""],
            ["合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"] * 2,
            ["", "", "小计", "公务用车购置费", "公务用车运行费", ""] * 2, list(map(float, range(1, 13))),
            [6.0, 0.0, 4.0, 1.0, 3.0, 2.0, 5.5, 0.0, 3.5, 1.0, 2.5, 2.0]]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": rows}, {"s": ["A3:F3", "G3:L3", "C4:E4", "I4:K4"]}))
    assert not plan.faults
    assert not plan.differences
    found = said(plan)
    assert found["three_public.vehicle_running.budget"] == "3.00"
    assert found["three_public.vehicle_running.outturn"] == "2.50"


def test_every_cell_without_a_place_is_told_with_its_address(tmp_path: Path) -> None:
    rows = [[*row, *extra] for row, extra in zip(EXPENDITURE, [
        [], [], [], ["会议费"], [], [1.0], [1.0], [1.0], [0.0], [1.0]])]
    rows += [["", "临时增加的一行", 3.0, 3.0], ["9999999", "没有这个科目", 1.0]]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"支出": rows, "草稿": [["随手记的", 12.5]]}, {"支出": ["A4:B4"]}))
    assert {(lost.place, lost.cells) for lost in plan.unplaced} == {
        ("支出!F6:F10", 4), ("支出!C11:D11", 2), ("支出!C12", 1), ("草稿!B1", 1)}
    assert not plan.faults


@pytest.mark.parametrize(("value", "number_format"), [
    (datetime.datetime(2024, 1, 5), "yyyy-mm-dd"), (0.25, "0.00%"), ("约三百", ""), ("3%", ""), (True, ""), (12345.0, "0!.0,"),
    (12.3456789, ""), (1e20, "")])
def test_what_is_no_amount_is_refused_with_its_place(value: Any, number_format: str, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("支出")
    for number, row in enumerate(EXPENDITURE):
        sheet.write_row(number, 0, row)
    style = book.add_format({"num_format": number_format} if number_format else {})
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(8, 3, value, style)
    else:
        sheet.write(8, 3, value, style)
    book.close()
    plan = planned(path)
    assert [lost.place for lost in plan.unplaced if lost.fault] == ["支出!D9"]
    assert len(plan.faults) == 1
    assert BASIC not in said(plan)


@pytest.mark.parametrize(("formula", "value"), [("=1+1", ""), ("=[1]账!A1", 5), ("=1/0", "#DIV/0!")])
def test_formulas_that_say_nothing_sure_are_refused(formula: str, value: Any, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("支出")
    for number, row in enumerate(EXPENDITURE):
        sheet.write_row(number, 0, row)
    sheet.write_formula(8, 3, formula, None, value)
    sheet.write_formula(9, 4, "=50+2.5", None, 52.5)
    book.close()
    plan = planned(path)
    assert [lost.place for lost in plan.unplaced if lost.fault] == ["支出!D9"]
    assert said(plan)[PROJECT] == "52.50"


def test_numbers_that_are_kept_as_text_are_numbers(tmp_path: Path) -> None:
    rows = [[str(value) if isinstance(value, float) else value for value in row] for row in EXPENDITURE]
    rows[8][3] = "１４６.２０"
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": rows}))
    assert said(plan) == {BASIC: "146.20", PROJECT: "52.50"}


def test_floats_are_freed_of_what_binary_fractions_leave(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[8][3] = 0.1 + 0.2 + 145.9 - 1e-13
    assert said(planned(write_rows(tmp_path / "a.xlsx", {"s": rows})))[BASIC] == "146.20"


def test_totals_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[6][2], rows[5][2] = 199.7, 198.71
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": rows}))
    assert [(".".join(found.cell), found.ours, found.theirs, found.tail) for found in plan.differences] == [
        ("expenditure.206.total", "198.70", "199.70", False), ("expenditure.total.total", "198.70", "198.71", True)]
    assert plan.wrong
    assert said(plan) == {BASIC: "146.20", PROJECT: "52.50"}  # nothing is made to fit


def test_rounding_becomes_official_only_where_asked(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[5][2] = 198.71
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": rows}), official=True)
    assert said(plan)["expenditure.total.total"] == "198.71"
    assert not plan.differences
    assert '"expenditure.total" = 198.71' in plan.text


def test_two_tables_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    other = [list(row) for row in EXPENDITURE]
    other[8][3] = other[8][2] = 150.0
    plan = planned(write_rows(tmp_path / "a.xlsx", {"一": EXPENDITURE, "二": other}))
    assert len(plan.faults) == 1
    assert "一!D9" in plan.faults[0]
    assert "二!D9" in plan.faults[0]


def test_of_two_that_agree_the_more_exact_is_taken(tmp_path: Path) -> None:
    exact = [[value * 10000 + (12.34 if value == 146.2 else 0) if isinstance(value, float) else value for value in row]
             for row in EXPENDITURE]
    exact[2] = ["", "", "", "", "单位：元"]
    for sheets in ({"万": EXPENDITURE, "元": exact}, {"元": exact, "万": EXPENDITURE}):
        plan = planned(write_rows(tmp_path / "a.xlsx", sheets))
        assert not plan.faults
        assert said(plan)[BASIC] == "146.201234"


def test_another_year_is_refused(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[0] = ["2023年度支出决算表"]
    path = write_rows(tmp_path / "a.xlsx", {"s": rows})
    assert planned(path).faults
    assert not planned(path).new
    assert not planned(path, prior=True).faults


def test_the_report_that_totals_are_compared_with_is_that_of_the_text(tmp_path: Path) -> None:
    from juesuan.core.importing.outcome import edited

    for example in ("sanming-2024", "ningde-2024"):
        report = open_report(str(EXAMPLES / f"{example}.toml"))
        start = empty(report.format.id, report.source.year, report.source.unit, report.source.department)
        plan = planned(write_forms(tmp_path / "a.xlsx", report), start, official=True)
        edits = [edit for edit in plan.edits if edit.kind in ("cell", "official")
                 and report.taxonomy.tables[edit.key[0]].axis != "records"]
        text, after = edited(start, edits)
        read = of(text)
        assert {cell: entry for cell, entry in after.source.entries.items() if entry.value} == {
            cell: entry for cell, entry in read.source.entries.items() if entry.value}
        assert after.source.official == read.source.official
        assert {table: sorted(rows) for table, rows in after.source.rows.items()} == {
            table: sorted(rows) for table, rows in read.source.rows.items()}


def test_another_department_is_noted(tmp_path: Path) -> None:
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": EXPENDITURE}), empty(department="红禾县文化馆"))
    assert any("青禾县科学技术协会" in note for note in plan.notes)


def test_a_code_with_another_name_is_noted(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[9][1] = "科技馆站"
    assert any("2060702" in note for note in planned(write_rows(tmp_path / "a.xlsx", {"s": rows})).notes)


def test_what_the_workbook_lacks_stays_unless_replaced(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", {"s": EXPENDITURE})
    report = of(planned(path).text.replace("[expenditure]", "[expenditure]\n2080505 = { basic = 18.36 }", 1))
    plan = planned(path, report)
    assert [line.place for line in plan.kept] == ["expenditure.2080505.basic"]
    assert plan.changes == 0
    replaced = planned(path, report, replace=True)
    assert said(replaced) == {"expenditure.2080505.basic": ""}
    assert "2080505 = { basic" not in replaced.text


def test_the_source_keeps_comments_and_order(tmp_path: Path) -> None:
    text = new_source(load_format(FUJIAN), DEPARTMENT, 2024).replace(
        "[expenditure]", "# 我的注释\n[expenditure]\n2060705 = { basic = 1.00 }  # 手工补录\n", 1)
    plan = planned(write_rows(tmp_path / "a.xlsx", {"s": EXPENDITURE}), of(text))
    lines = plan.text.splitlines()
    at = lines.index("2060705 = { basic = 1.00 }  # 手工补录")
    assert lines[at - 2:at] == ["2060701 = { basic = 146.20 }", "2060702 = { project = 52.50 }"]
    assert [line for line in lines if line not in text.splitlines()] == lines[at - 2:at]


def test_a_finer_entry_of_the_source_is_not_rounded_off(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", {"s": EXPENDITURE})
    report = of(planned(path).text.replace("basic = 146.20", "basic = 146.201234"))
    assert planned(path, report).changes == 0


def test_last_years_workbook_gives_the_prior_figures(tmp_path: Path) -> None:
    last = open_report(str(EXAMPLES / "sanming-2024.toml"))
    path = write_forms(tmp_path / "a.xlsx", last)
    start = empty(year=2025, department=last.source.department)
    plan = planned(path, start, prior=True)
    assert not plan.faults
    assert not said(plan).keys() - {line.place for line in plan.new}
    after = of(plan.text)
    for cell in (("overview", "total", "amount"), ("general_budget", "2101550", "total"),
                 ("three_public", "vehicles", "outturn"), ("fiscal", "total", "total"), ("general_budget", "total", "total")):
        assert after.printed(after.prior(cell)) == last.printed(last.value(cell))
    assert not after.source.entries.keys() - start.source.entries.keys()
    assert any("机关运行经费" in note for note in plan.notes)  # the printed tables do not have it


def test_a_list_of_contents_is_no_table(tmp_path: Path) -> None:
    contents = [["目录"], ["一、收入决算表"], ["二、支出决算表"], ["三、财政拨款收入支出决算总表"]]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"目录": contents, "s": EXPENDITURE}))
    assert [table.title for table in plan.tables] == ["支出决算表"]
    assert not plan.faults


def test_several_tables_in_one_sheet(tmp_path: Path) -> None:
    income = [["收入决算表"], ["", "", "单位：元"], ["科目编码", "科目名称", "财政拨款收入"], ["2060701", "机构运行", 1462000.0]]
    plan = planned(write_rows(tmp_path / "a.xlsx", {"全部": [*EXPENDITURE, [], *income]}))
    assert not plan.faults
    assert said(plan)["income.2060701.fiscal"] == "146.20"
    assert said(plan)[BASIC] == "146.20"


def test_a_workbook_of_other_things_is_refused(tmp_path: Path) -> None:
    plan = planned(write_rows(tmp_path / "a.xlsx", {"考勤": [["姓名", "天数"], ["张三", 21.0]]}))
    assert len(plan.faults) == 1
    assert not plan.text


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面")
    sheet = book.add_worksheet("旧的")
    sheet.hide()
    for number, row in enumerate(EXPENDITURE):
        sheet.write_row(number, 0, row)
    book.close()
    plan = planned(path)
    assert not plan.new
    assert any("旧的" in note for note in plan.notes)
