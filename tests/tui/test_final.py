"""Exporting in the terminal: what is open and wrong is told; a draft or a final report; what is to be done first."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.final import obstacles

from .conftest import EXAMPLE
from .driver import Driver, drive


@pytest.fixture
def wrong(example: Path) -> Path:
    """Complete, with two errors and seven warnings."""
    text = example.read_text("utf-8")
    example.write_text(text.replace("project = 3.76", "project = 4.76"), "utf-8")
    return example


@pytest.fixture
def final(example: Path) -> Path:
    example.write_bytes(EXAMPLE.with_name("panzhihua-dongqu-2023.toml").read_bytes())
    return example


def test_a_draft_is_offered_as_one_and_says_that_it_is(wrong: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert driver.lines()[0].startswith(" 导出：错误 2 处，未说明的警告 6 条")
        assert "草稿（照现状写出，标明“草稿”）：" in driver.text()
        assert "[定稿" in driver.text()
        await driver.keys("enter", "enter")
        await driver.until("已写入")
        assert "草稿（错误2处）" in driver.value

    drive(wrong, flow)
    (written,) = wrong.parent.glob("*.txt")
    assert written.read_text("utf-8").startswith("草稿（错误2处）\n\n")


def test_a_final_report_is_refused_with_what_stands_in_the_way(wrong: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12", *["down"] * 7, "enter")
        assert driver.lines()[0].startswith(" 不能定稿：错误 2 处，未说明的警告 6 条")
        assert "! E07" in driver.text()
        assert "? G05" in driver.text()
        # The cursor is on the first of it; Enter goes there.
        await driver.keys("down", "enter")
        assert "公开数 9.03" in driver.value
        cell = driver.editor.grid.here.cell
        assert cell == ("overview", "closing_balance", "amount")
        await driver.keys("f12", *["down"] * 8, "enter")
        assert "2101501" in driver.value or "非财政拨款" in driver.value

    drive(wrong, flow)
    assert not list(wrong.parent.glob("*.txt"))


def test_what_is_missing_leads_to_where_it_is_entered(tmp_path: Path) -> None:
    source = tmp_path / "new.toml"
    source.write_text('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n'
                      'department = "某局"\nunit = "万元"\n', "utf-8")  # fmt: skip

    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        found = obstacles(driver.session.report, compose(driver.session.report))
        assert f"待填 {found.open} 项" in driver.lines()[0]
        # It is shown in the order of the report.
        at = next(n for n, need in enumerate(found.needs) if need.key == "overview.opening_balance.amount")
        await driver.keys("/", *"年初结转和结余", "enter", "enter")
        assert driver.editor.grid.here.cell == ("overview", "opening_balance", "amount")
        assert "待录入" in driver.value
        assert at > 0

    drive(source, flow)


def test_where_nothing_stands_in_the_way_it_is_final(final: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert driver.lines()[0].startswith(" 导出：可以定稿")
        assert "草稿" not in driver.text()
        assert "\n定稿：" in driver.text()
        await driver.keys("enter", "enter")
        await driver.until("已写入")
        assert "草稿" not in driver.value

    drive(final, flow)
    (written,) = final.parent.glob("*.txt")
    assert "草稿" not in written.read_text("utf-8")


def test_warnings_alone_make_no_draft(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert "照现状写出（填完了，没有错误，但有警告没有说明）：" in driver.text()
        await driver.keys(*["down"] * 7, "enter")
        assert "不能定稿：未说明的警告 6 条" in driver.lines()[0]
        await driver.keys("escape", "f12", "enter", "enter")
        await driver.until("已写入")

    drive(example, flow)
    (written,) = example.parent.glob("*.txt")
    assert "草稿" not in written.read_text("utf-8")


def test_the_preview_of_a_draft_says_so(wrong: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f9")
        assert "草稿（错误2处）" in driver.lines()[0]

    drive(wrong, flow)


@pytest.mark.parametrize("columns", [60, 80, 160])
def test_the_choice_fits_the_screen(columns: int, wrong: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert "[定稿" in driver.text()
        assert "! A04" in driver.text()

    drive(wrong, flow, size=(columns, 24))
