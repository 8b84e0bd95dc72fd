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
        await driver.keys("5", "enter", "f2")
        assert driver.session.text.text() == before
        await at(driver, ("general_budget", "208", "basic"))
        await driver.keys("f2")
        assert "计算" in driver.value

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


def test_a_wrong_cell_refuses_the_whole_paste(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await at(driver, ("general_budget", "2080505", "basic"))
        before = driver.session.text.text()
        await driver.paste("1\n=1+\n")
        assert driver.session.text.text() == before
        await driver.paste("1\nx\n")
        assert driver.session.text.text() == before

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
