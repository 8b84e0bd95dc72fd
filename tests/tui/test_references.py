"""Figures put into a text: chosen by initials, seen beside the text, printed in the preview, followed live."""

from __future__ import annotations

from pathlib import Path

from juesuan.core.views.commands import use_keys

from .driver import Driver, drive


async def write_main_task(driver: Driver) -> None:
    """Open the text of the main task, the caret at its end."""
    driver.editor.show_section("work")
    await driver.keys("f2", "ctrl+end")


def test_a_figure_is_chosen_inserted_and_seen(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await write_main_task(driver)
        await driver.keys("全年共", "insert", "sgjf 合计")
        assert "39.27" in driver.text()
        await driver.keys("enter", "万元。")
        assert "three_public.total = 39.27" in driver.text()
        await driver.keys("f2")
        assert driver.session.source.prose["main_task"].endswith("全年共{three_public.total}万元。")
        assert "全年共39.27万元" in "".join(item.text for item in driver.editor.text.items)
        await driver.keys("f9", "/", "全年共39.27", "enter", "enter")
        assert driver.editor.grid.here.cell == ("three_public", "total", "outturn")

    drive(example, flow, (160, 50))


def test_the_sentence_follows_the_table(example: Path) -> None:
    said = 'main_task = """\n招待{three_public.reception}万元。'
    example.write_text(example.read_text("utf-8").replace('main_task = """', said, 1), "utf-8")

    async def flow(driver: Driver) -> None:
        before = driver.session.report.shown(("three_public", "reception", "outturn"), "narrative")
        assert driver.editor.go_to(("three_public", "reception", "outturn"))
        await driver.keys("77.77", "enter")
        driver.editor.show_section("work")
        await driver.settle()
        words = "".join(item.text for item in driver.editor.text.items)
        assert "招待77.77万元。" in words
        assert f"招待{before}万元。" not in words

    drive(example, flow)


def test_what_names_no_figure_is_shown_at_once(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await write_main_task(driver)
        await driver.keys("{没有的表.合计}")
        assert "没有的表.合计" in driver.text().rsplit("─", 1)[-1]
        await driver.keys("f2")
        assert "错误 1" in driver.lines()[0]
        await driver.keys("f8", "enter")
        assert driver.editor.section == "work"

    drive(example, flow)


def test_esc_inserts_nothing(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await write_main_task(driver)
        await driver.keys("ctrl+e", "xzyx", "down", "escape", "escape")
        assert not driver.session.dirty
        assert len(driver.app.screen_stack) == 2

    drive(example, flow)


def test_the_screen_of_figures_tells_its_keys_and_has_those_that_are_set(example: Path) -> None:
    use_keys({"figures.insert": ("f4",), "figures.leave": ("ctrl+t",)})

    async def flow(driver: Driver) -> None:
        await write_main_task(driver)
        await driver.keys("insert", "收入总计")
        assert "F4 插入" in driver.lines()[-1]
        assert "^T 返回" in driver.lines()[-1]
        await driver.keys("f1")
        assert "F4" in driver.text()
        await driver.keys("escape", "enter", "f4", "insert", "ctrl+t", "f2")
        assert driver.session.source.prose["main_task"].endswith("{overview.total}")

    drive(example, flow)


def test_the_command_opens_the_text_and_asks(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        driver.editor.show_section("work")
        await driver.keys("ctrl+p", "refer", "enter", "收入总计", "enter", "f2")
        assert driver.session.source.prose["main_task"].endswith("{overview.total}")

    drive(example, flow)


def test_a_reader_has_no_such_command(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p", "refer")
        assert driver.app.screen.lines.chosen is None

    drive(example, flow, read_only=True)
