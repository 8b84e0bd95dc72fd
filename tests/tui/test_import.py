"""A workbook in the terminal program: chosen, shown, done as one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.beginning import begin

from ..core.books import write_rows
from ..core.test_import_hostile import FAR, HEAD, TAIL, with_sheet
from ..core.test_importing import EXPENDITURE
from .driver import Driver, drive


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "2024.toml"
    begin(str(path), "fujian/final-accounts", 2024, "青禾县科学技术协会", "万元", "")
    return path


async def choose(driver: Driver, name: str, command: str = "导入工作簿") -> None:
    """The command by its name, the workbook by its name."""
    await driver.keys("ctrl+p", command, "enter")
    await driver.keys(name, "enter")
    for _step in range(20):
        await driver.settle()


def test_it_is_shown_and_done_as_one_step(source: Path) -> None:
    write_rows(source.with_name("决算报表.xlsx"), {"支出": EXPENDITURE}, {"支出": ["A4:B4"]})

    async def flow(driver: Driver) -> None:
        before = driver.session.text.text()
        await choose(driver, "决算报表")
        assert "新增 2" in driver.text()
        assert "支出决算·2060701 机构运行·基本支出：146.20" in driver.text()
        assert driver.session.text.text() == before
        await driver.keys("enter")
        assert "2060701 = { basic = 146.20 }" in driver.session.text.text()
        assert len(driver.session.done) == 1
        await driver.keys("ctrl+z")
        assert driver.session.text.text() == before

    drive(source, flow, (120, 40))


def test_esc_changes_nothing(source: Path) -> None:
    write_rows(source.with_name("a.xlsx"), {"支出": EXPENDITURE})

    async def flow(driver: Driver) -> None:
        before = driver.session.text.text()
        await choose(driver, "a.xlsx")
        await driver.keys("escape")
        assert driver.session.text.text() == before
        assert not driver.session.done

    drive(source, flow)


def test_a_unit_that_is_not_stated_is_asked_for(source: Path) -> None:
    rows = [row if number != 2 else [] for number, row in enumerate(EXPENDITURE)]
    write_rows(source.with_name("a.xlsx"), {"支出": rows})

    async def flow(driver: Driver) -> None:
        await choose(driver, "a.xlsx")
        assert "没有写明单位" in driver.text()
        await driver.keys("down", "enter")
        assert "146.20" in driver.text()
        await driver.keys("enter")
        assert "2060701 = { basic = 146.20 }" in driver.session.text.text()

    drive(source, flow, (120, 40))


def test_rounding_can_become_official(source: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[5][2] = 198.71
    write_rows(source.with_name("a.xlsx"), {"支出": rows})

    async def flow(driver: Driver) -> None:
        await choose(driver, "a.xlsx")
        assert "尾差" in driver.text()
        await driver.keys("down", "enter")
        await driver.keys("enter")
        assert '"expenditure.total" = 198.71' in driver.session.text.text()

    drive(source, flow, (120, 40))


def test_what_is_no_workbook_is_told_above_the_sheet(source: Path) -> None:
    source.with_name("a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    async def flow(driver: Driver) -> None:
        await choose(driver, "a.xlsx")
        assert ".xls" in driver.value

    drive(source, flow)


@pytest.mark.parametrize("row", ["far beyond", "single quotes"])
def test_what_ends_the_reader_leaves_the_program_whole(
        row: str, source: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The first one lets the reader abort its process, which would have been this one."""
    with_sheet(source.with_name("a.xlsx"), HEAD + FAR[row] + TAIL)
    write_rows(source.with_name("决算报表.xlsx"), {"支出": EXPENDITURE}, {"支出": ["A4:B4"]})

    async def flow(driver: Driver) -> None:
        before = driver.session.text.text()
        await choose(driver, "a.xlsx")
        assert "工作表“表”" in driver.value
        assert driver.session.text.text() == before
        await choose(driver, "决算报表")
        await driver.keys("enter")
        assert "2060701 = { basic = 146.20 }" in driver.session.text.text()

    drive(source, flow, (120, 40))
    assert capfd.readouterr() == ("", "")


def test_last_years_workbook(source: Path) -> None:
    rows = [list(row) for row in EXPENDITURE]
    rows[0] = ["2023年度支出决算表"]
    write_rows(source.with_name("去年.xlsx"), {"支出": rows})

    async def flow(driver: Driver) -> None:
        await choose(driver, "去年", "导入上年工作簿")
        assert "支出决算·合计·本年支出合计：198.70" in driver.text()
        await driver.keys("enter")
        assert '"expenditure.total" = 198.70' in driver.session.text.text()

    drive(source, flow, (120, 40))


def test_a_reader_has_no_such_command(source: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p")
        assert "导入" not in driver.text()

    drive(source, flow, (120, 60), read_only=True)
