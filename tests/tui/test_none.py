"""What is not known yet, and what there is none of, on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan import cli

from .driver import Driver, drive


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    source = tmp_path / "2024.toml"
    assert cli.main(["new", "fujian/final-accounts", str(source), "--department", "某局", "--year", "2024"]) == 0
    return source


async def go(driver: Driver, place: str) -> None:
    await driver.keys("ctrl+g", place, "enter")


def test_one_key_says_that_there_is_none_and_takes_it_back(empty: Path) -> None:
    async def flow(driver: Driver) -> None:
        await go(driver, "government_fund.total")
        assert "待填" in driver.text()
        assert "0.00" not in driver.text()
        await driver.keys("ctrl+backslash")
        assert "（本年没有）" in driver.text()
        assert "0.00" in driver.text()
        assert "没有使用政府性基金预算拨款安排的支出" in "".join(driver.text().split())
        assert 'none = ["government_fund"]' in driver.session.source.text
        await driver.keys("ctrl+z")
        assert "（本年没有）" not in driver.text()
        await driver.keys("ctrl+y", "ctrl+backslash")
        assert "（本年没有）" not in driver.text()
        line = next(line for line in driver.session.source.text.splitlines() if line.startswith("none = "))
        assert line.startswith("none = []")
        assert "#" in line  # what stands behind it stays

    drive(empty, flow)


def test_a_row_takes_the_word_back_that_there_is_none(empty: Path) -> None:
    async def flow(driver: Driver) -> None:
        await go(driver, "government_fund.total")
        await driver.keys("ctrl+backslash", "insert", "2296002", "enter", "5", "enter")
        assert driver.session.source.absent == {}
        assert driver.session.report.rows("government_fund")[-1] == "2296002"
        await driver.keys("ctrl+backslash")
        assert "先删去" in driver.value
        assert driver.session.source.problems == []

    drive(empty, flow)


def test_a_total_says_what_is_known_so_far(empty: Path) -> None:
    async def flow(driver: Driver) -> None:
        await go(driver, "vehicles.special")
        await driver.keys("3", "enter")
        await go(driver, "vehicles.total")
        assert any(line.split()[-1:] == ["3+"] for line in driver.lines()), driver.text()
        await driver.keys("ctrl+backslash")
        assert "除已录入的以外" in driver.value
        assert driver.session.report.value(("vehicles", "total", "count")) == 3
        assert any(line.split()[-1:] == ["3"] for line in driver.lines()), driver.text()
        assert any(line.split()[-1:] == ["-"] for line in driver.lines()), driver.text()

    drive(empty, flow)


def test_a_reader_says_nothing_of_the_kind(empty: Path) -> None:
    before = empty.read_bytes()

    async def flow(driver: Driver) -> None:
        await go(driver, "government_fund.total")
        await driver.keys("ctrl+backslash")
        assert "（本年没有）" not in driver.text()

    drive(empty, flow, read_only=True)
    assert empty.read_bytes() == before
