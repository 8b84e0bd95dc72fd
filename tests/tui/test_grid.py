"""The grid: entering, moving, ranges, the clipboard. What was entered is read from the session."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from juesuan.core.source import Cell

from .driver import Driver, drive

BUDGET = "table-general_budget"


def value(driver: Driver, row: str, column: str = "basic", table: str = "general_budget") -> str:
    entry = driver.session.source.entries.get((table, row, column))
    return "" if entry is None else f"{Decimal(entry.value) / 10000:f}"


async def at(driver: Driver, cell: Cell, section: str = "") -> None:
    assert driver.editor.go_to(cell, "cell", section)
    await driver.settle()


def test_typing_replaces_and_enter_goes_down(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("500", "enter", "=120.5+33", "enter")
        assert (value(driver, "2080505"), value(driver, "2080506")) == ("500", "153.5")
        assert driver.editor.grid.row_id == "2101101"
        await driver.keys("ctrl+z")
        assert value(driver, "2080506") == "220.16"
        assert "已撤销" in driver.value
        await driver.keys("ctrl+y")
        assert value(driver, "2080506") == "153.5"

    drive(example, flow)


def test_what_is_refused_stays_in_its_cell(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("12a", "enter")
        assert driver.editor.grid.edit.text == "12a"
        assert "基本支出" in driver.value
        assert "12a" in driver.text()
        await driver.keys("backspace", "enter")
        assert value(driver, "2080505") == "12"
        await driver.keys("9", "escape")
        assert value(driver, "2080506") == "220.16"

    drive(example, flow)


def test_f2_edits_what_stands_there(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("f2", "home", "1", "enter")
        assert value(driver, "2080505") == "1440.31"
        await driver.keys("f2", "end", "backspace", "5", "tab")
        assert value(driver, "2080506") == "220.15"
        assert driver.editor.grid.column == 4

    drive(example, flow)


def test_derived_cells_take_nothing(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "208", "basic"))
        before = driver.session.text.text()
        await driver.keys("5")
        assert "由计算得出" in driver.value
        assert "20805 " in driver.value
        await driver.keys("6")
        assert "由计算得出" in driver.value
        await driver.keys("right", "left")
        assert "由计算得出" not in driver.value
        assert driver.session.text.text() == before

    drive(example, flow)


def test_a_table_typed_by_a_plain_terminal_lands_as_it_stands(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("income", "2080505", "fiscal"), "table-income")
        await driver.keys("1\t2\t3\r4\t5\t6\r")
        assert [
            value(driver, row, column, "income")
            for row in ("2080505", "2080506")
            for column in ("fiscal", "superior_subsidy", "undertaking")
        ] == ["1", "2", "3", "4", "5", "6"] or [
            value(driver, row, column, "income")
            for row in ("2080505", "2080506")
            for column in ("superior_subsidy", "undertaking", "business")
        ] == ["1", "2", "3", "4", "5", "6"]

    drive(example, flow)


@pytest.mark.parametrize("separator", ["\r", "\n", "\r\n"])
def test_a_pasted_table_is_one_command(example: Path, separator: str) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.paste(separator.join(["１，２３４．５\t(100)", "−7\t", ""]))
        assert value(driver, "2080505") == "1234.5"
        assert value(driver, "2080505", "project") == "-100"
        assert value(driver, "2080506") == "-7"
        await driver.keys("ctrl+z")
        assert value(driver, "2080505") == "440.31"
        assert value(driver, "2080505", "project") == ""

    drive(example, flow)


def test_a_table_with_codes_pasted_adds_its_accounts(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("home")
        await driver.paste("2080501\t行政单位离退休\t\t12.3\t\n2080505\t\t\t1\t2\n")
        assert value(driver, "2080501") == "12.3"
        assert (value(driver, "2080505"), value(driver, "2080505", "project")) == ("1", "2")
        assert "2080501" in driver.editor.grid.row_ids

    drive(example, flow)


def test_what_a_paste_can_t_enter_is_left_out_and_listed(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.paste("1\n=1+\n")
        assert driver.session.report.shown(("general_budget", "2080505", "basic")) == "1.00"
        assert "粘贴 1 格" in driver.value
        assert "=1+" in driver.value
        await driver.keys("ctrl+z")
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.paste("（1,2３4.5）\t−2\nx\ty\n")
        assert "未录入：2" in driver.lines()[0]
        assert sum("不是数字" in line for line in driver.lines()) == 2
        await driver.keys("escape")
        assert driver.session.report.shown(("general_budget", "2080505", "basic")) == "-1234.50"
        assert driver.session.report.shown(("general_budget", "2080505", "project")) == "-2.00"
        await driver.keys("ctrl+z")
        assert "粘贴 2 格" in driver.value
        await at(driver, ("three_public_counts", "reception_persons", "count"))
        await driver.paste("-3")
        assert driver.session.report.shown(("three_public_counts", "reception_persons", "count")) == "1420"

    drive(example, flow)


def test_codes_pasted_below_the_last_row_add_accounts(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("expenditure", "2109999", "basic"), "table-expenditure")
        await driver.keys("home")
        table = "2109999\t\t\t1.00\t30.33\n2110101\t行政运行\t\t\"1,000.50\"\t\n99\t\t\t5\n合计\t\t9\n"
        await driver.paste(table)
        assert driver.session.report.shown(("expenditure", "2110101", "basic")) == "1000.50"
        assert driver.session.report.shown(("expenditure", "2109999", "basic")) == "1.00"
        assert "“99”不是 7 位科目编码" in driver.text()
        assert "“合计”" in driver.text()
        await driver.keys("escape", "ctrl+z")
        assert "2110101" not in driver.session.report.rows("expenditure")

    drive(example, flow)


def test_an_official_figure_is_entered_judged_and_taken_back(example: Path) -> None:
    cell = ("expenditure", "total", "basic")

    async def flow(driver: Driver) -> None:
        await at(driver, cell, "table-expenditure")
        await driver.keys("f2", "5032.25", "enter")
        assert driver.session.report.shown(cell) == "5032.25"
        assert "公开数；计算数 5032.24，差 0.01：属尾差" in driver.value
        assert "~*5032.25" in driver.text()
        await driver.keys("f2", *["backspace"] * 7, "5100", "enter")
        assert "超出尾差" in driver.value
        assert "!*5100.00" in driver.text()
        await driver.keys("delete")
        assert cell not in driver.session.source.official
        await driver.keys("ctrl+z")
        assert driver.value == "已撤销：空 → 5100.00  公开数：支出决算·合计·基本支出"
        await driver.keys("f2", *["backspace"] * 7, "enter")
        assert cell not in driver.session.source.official
        await driver.keys("f2", "x", "enter")
        assert "不是数字" in driver.value

    drive(example, flow)


def test_undo_and_redo_say_what_they_do(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "ctrl+z")
        assert driver.value.startswith("已撤销：1.00 → 440.31  一般公共预算财政拨款支出决算·2080505 机关事业")
        await driver.keys("ctrl+y")
        assert driver.value.startswith("已重做：440.31 → 1.00  一般公共预算财政拨款支出决算·2080505 机关事业")
        await driver.keys("up")
        await driver.paste("1.5\n2\n")
        await driver.keys("ctrl+z")
        assert driver.value == "已撤销：粘贴 2 格"
        assert driver.editor.go_to(("units", "2", "name"))
        await driver.keys("insert", "ctrl+z")
        assert driver.value == "已撤销：增行 1 行（决算编制范围的单位）"

    drive(example, flow)


def test_filling_right(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("expenditure", "2080505", "basic"), "table-expenditure")
        await driver.keys("shift+right", "shift+right", "shift+down")
        driver.editor.run_command("fill_right")
        report = driver.session.report
        for column in ("project", "remitted"):
            assert report.shown(("expenditure", "2080505", column)) == "440.31"
        assert report.shown(("expenditure", "2080506", "remitted")) == "220.16"
        await driver.keys("ctrl+z")
        assert driver.session.report.shown(("expenditure", "2080505", "project")) == "0.00"

    drive(example, flow)


def test_going_to_a_cell_and_to_the_next(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        here = lambda: driver.editor.grid.here.cell  # noqa: E731
        await driver.keys("ctrl+g", "公开05表.2101501.小计", "enter")
        assert here() == ("general_budget", "2101501", "total")
        await driver.keys("ctrl+g", "income.2101501.fiscal", "enter")
        assert here() == ("income", "2101501", "fiscal")
        await driver.keys("ctrl+g", "xzyx")
        assert "2101501 行政运行" in driver.value
        await driver.keys("enter")
        assert here()[:2] == ("income", "2101501")
        await driver.keys("ctrl+g", "enter")
        assert here()[:2] == ("expenditure", "2101501")
        await driver.keys("ctrl+g", "1033.52", "enter")
        assert here() == ("basic_economic", "30101", "amount")
        await driver.keys("ctrl+g", "没有这样的话", "enter")
        assert "找不到" in driver.value

    drive(example, flow)


def test_a_source_in_yuan_is_edited_in_yuan(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("three_public", "vehicle_running", "budget"))
        await driver.keys("ctrl+c")
        assert driver.editor.clipboard == "123456.78"
        await driver.keys("f2", "backspace", "9", "enter")
        assert driver.session.source.entries["three_public", "vehicle_running", "budget"].value == Decimal("123456.79")

    text = example.read_text("utf-8").replace('unit       = "万元"', 'unit       = "元"')
    example.write_text(text.replace("budget = 30.00", "budget = 123456.78"), "utf-8")
    drive(example, flow)


def test_the_sentences_beside_a_sheet_scroll(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        first = driver.lines()[17:23]
        await driver.keys("ctrl+pagedown")
        second = driver.lines()[17:23]
        assert second[0] == first[-1]
        for _time in range(30):
            await driver.keys("ctrl+pagedown")
        last = driver.lines()[17:23]
        assert all(last)
        for _time in range(40):
            await driver.keys("ctrl+pageup")
        assert driver.lines()[17:23] == first

    drive(example, flow)


def test_ranges_copy_cut_paste_fill_and_clear(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        await driver.keys("shift+down")
        assert driver.value == "已选 2 格，合计 660.47"
        await driver.keys("ctrl+c")
        assert driver.editor.clipboard == "440.31\n220.16"
        await driver.keys("shift+right", "delete")
        assert value(driver, "2080505") == value(driver, "2080506") == ""
        await driver.keys("ctrl+z")
        assert value(driver, "2080505") == "440.31"
        await at(driver, ("general_budget", "2101101", "basic"))
        await driver.keys("ctrl+v")
        assert (value(driver, "2101101"), value(driver, "2101102")) == ("440.31", "220.16")
        await driver.keys("ctrl+x")
        assert value(driver, "2101101") == ""
        await driver.keys("7", "enter", "up", "shift+down", "ctrl+d")
        assert value(driver, "2101102") == "7"

    drive(example, flow)


def test_the_economic_table_offers_all_its_accounts(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("basic_economic", "30101", "amount"))
        rows = driver.editor.grid.row_ids
        assert {"30101", "30202", "30701", "31002", "39999"} <= set(rows)
        assert not any(row.startswith(("309", "311")) for row in rows)
        await at(driver, ("basic_economic", "30202", "amount"))
        await driver.keys("3.5", "enter")
        assert value(driver, "30202", "amount", "basic_economic") == "3.5"
        assert driver.editor.grid.row_id == "30203"

    drive(example, flow)


def test_an_account_is_added_by_its_name_and_removed(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("expenditure", "2010550", "basic"))
        await driver.keys("insert", "2080501")
        assert "行政单位离退休" in driver.value
        await driver.keys("enter", "5", "enter")
        assert value(driver, "2080501", "basic", "expenditure") == "5"
        await at(driver, ("expenditure", "2080501", "basic"))
        await driver.keys("ctrl+k")
        assert "2080501" not in driver.editor.grid.row_ids
        await driver.keys("insert", "没有这个", "enter")
        assert "没有科目" in driver.value

    drive(example, flow)
