"""Another version, last year, and what was taken over from it, on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.beginning import begin_from

from .driver import Driver, drive

OLD = "2010550 = { fiscal = 301.82 }"


@pytest.fixture
def version(example: Path) -> Path:
    """An earlier version beside the example."""
    path = example.with_name("earlier.toml")
    path.write_text(example.read_text("utf-8").replace(OLD, "2010550 = { fiscal = 291.82 }").replace(
        "“三明采购联盟”", "采购联盟"), "utf-8")
    return path


@pytest.fixture
def next_year(example: Path) -> Path:
    path = example.with_name("2025.toml")
    begin_from(str(path), str(example))
    return path


async def command(driver: Driver, id: str) -> None:
    """A command by its name in the palette."""
    await driver.keys("ctrl+p", id, "enter")


async def choose(driver: Driver, words: str) -> None:
    """Press Enter on the line that holds the words."""
    lines = driver.app.screen.lines  # type: ignore[attr-defined]
    row = next(number for number, item in enumerate(lines.items) if words in item.text)
    await driver.keys(*["down"] * (row - lines.row), "enter")


@pytest.mark.parametrize("read_only", [False, True])
def test_what_changed_since_another_version_leads_to_its_place(
    example: Path, version: Path, read_only: bool
) -> None:
    before = example.read_bytes(), version.read_bytes()

    async def flow(driver: Driver) -> None:
        await command(driver, "compare")
        await driver.keys("earlier", "enter")
        assert "earlier.toml" in driver.lines()[0]
        text = driver.text()
        for words in ("录入（1）", "收入决算", "2010550 事业运行·财政拨款收入：291.82 → 301.82", "文字（1）"):
            assert words in text
        await choose(driver, "291.82 →")
        assert driver.editor.grid.here.cell == ("income", "2010550", "fiscal")
        assert "原为：291.82" in driver.value
        await command(driver, "compare")
        await driver.keys("earlier", "enter")
        await choose(driver, "重点完成的工作")
        assert driver.editor.stops[driver.editor.stop] == "achievements"
        await command(driver, "compare")
        await driver.keys("earlier", "enter")
        await choose(driver, "与上年决算数相比，各减少")
        assert driver.editor.section == "overall-total"

    drive(example, flow, (100, 40), read_only)
    assert (example.read_bytes(), version.read_bytes()) == before


def test_what_can_t_be_compared_is_said(example: Path, version: Path) -> None:
    version.write_text("x = ", "utf-8")
    example.with_name("same.toml").write_bytes(example.read_bytes())
    other = Path(__file__).parents[2] / "examples/gaoyi-2024.toml"
    example.with_name("other.toml").write_bytes(other.read_bytes())

    async def flow(driver: Driver) -> None:
        for name, said in (("earlier", "earlier.toml"), ("same", "没有不同"), ("other", "同一种报告")):
            await command(driver, "compare")
            await driver.keys(name, "enter")
            assert said in driver.value
        await command(driver, "compare")
        await driver.keys("escape", "escape")
        assert driver.app.screen is driver.editor

    drive(example, flow, (120, 30))


def test_last_year_is_the_version_at_hand(next_year: Path, example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await command(driver, "compare")
        assert f"[上年：{example.name}]" in driver.text()
        await driver.keys("enter")
        assert "2024 → 2025" in driver.text()
        await driver.keys("escape")
        await command(driver, "last_year")
        assert "缺 0 项" in driver.lines()[0]
        await choose(driver, "收入支出决算总表·收入总计")
        assert driver.editor.grid.here.kind == "prior"

    drive(next_year, flow, (100, 30), read_only=True)


def test_last_years_figures_that_are_missing_come_first(example: Path) -> None:
    text = example.read_text("utf-8")
    line = next(line for line in text.split("\n") if line.startswith('"operating_costs.total" = 286'))
    example.write_text(text.replace(line, "", 1), "utf-8")

    async def flow(driver: Driver) -> None:
        await command(driver, "last_year")
        assert "缺 1 项" in driver.lines()[0]
        assert driver.lines()[1].startswith("! 机关运行经费·合计")
        await driver.keys("enter")
        assert driver.editor.grid.here.cell == ("operating_costs", "total", "amount")
        assert driver.editor.grid.here.kind == "prior"

    drive(example, flow, (100, 30))


def test_the_walk_leads_to_what_was_taken_over_and_it_is_confirmed(next_year: Path) -> None:
    async def flow(driver: Driver) -> None:
        session = driver.session
        for _step in range(200):
            await driver.keys("f5")
            if "待复核" in driver.value:
                break
        assert "部门主要职责" in driver.value
        assert "F2 打开" in driver.value
        assert "^P 确认" in driver.value
        await command(driver, "confirm")
        assert "prose.duties" not in session.source.carried
        assert driver.value.startswith("已复核：部门主要职责")
        await driver.keys("ctrl+z")
        assert "prose.duties" in session.source.carried
        # Who opens it and leaves it by “done” has looked it over, too; who turns away has not.
        await driver.keys("f2", "escape")
        assert "prose.duties" in session.source.carried
        await driver.keys("f2", "f2")
        assert "prose.duties" not in session.source.carried
        await driver.keys("ctrl+z")
        # A text that is written anew needs no confirmation.
        await driver.keys("f2", "本年", "ctrl+s")
        assert "prose.duties" not in session.source.carried
        assert session.source.prose["duties"].endswith("本年")

    drive(next_year, flow)


def test_accounts_without_a_figure_go_by_one_command_and_come_back(next_year: Path) -> None:
    async def flow(driver: Driver) -> None:
        driver.editor.go_to(("income", "2010550", "fiscal"))
        await driver.keys("5", "enter")
        await command(driver, "confirm")
        assert driver.session.source.rows["income"] == ["2010550"]
        assert "删去没有数的科目 9 个" in driver.value
        await driver.keys("ctrl+z")
        assert len(driver.session.source.rows["income"]) == 10
        driver.editor.go_to(("income", "2013299", "fiscal"))
        await driver.keys("ctrl+k")
        assert "2013299" not in driver.session.source.rows["income"]
        driver.editor.go_to(("overview", "opening_balance", "amount"))
        await command(driver, "confirm")
        assert driver.value == "这里没有待复核的内容。"

    drive(next_year, flow)


def test_a_reader_is_led_there_and_confirms_nothing(next_year: Path) -> None:
    before = next_year.read_bytes()

    async def flow(driver: Driver) -> None:
        for _step in range(200):
            await driver.keys("f5")
            if "待复核" in driver.value:
                break
        assert "确认" not in driver.value
        await driver.keys("ctrl+p", "confirm")
        assert "确认" not in driver.text()
        await driver.keys("escape", "f2")
        assert driver.session.source.carried

    drive(next_year, flow, read_only=True)
    assert next_year.read_bytes() == before
