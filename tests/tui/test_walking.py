"""Where the program goes: the walk, findings, preview, palette, outline; quitting, saving, reading only."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan import cli
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.pinyin import initial
from juesuan.core.views.commands import commands, matching

from .driver import KEYS, Driver, drive


def test_it_begins_where_something_is_missing(example: Path) -> None:
    text = example.read_text("utf-8")
    example.write_text(
        text.replace("30101 = 1033.52", "# 30101 = 1033.52").replace("administrative = 177.08", ""), "utf-8"
    )

    async def flow(driver: Driver) -> None:
        assert driver.editor.section == "operating_costs"
        assert "○" in driver.editor.outline.items[-6].text or "◐" in "".join(
            item.text for item in driver.editor.outline.items
        )
        await driver.keys("f5")
        assert driver.editor.grid.here.cell == ("operating_costs", "administrative", "amount")
        await driver.keys("177.08", "f5")
        assert driver.editor.standing.percent == 100

    drive(example, flow)


def test_the_walk_goes_on_from_what_it_showed(example: Path) -> None:
    lines = [
        line for line in example.read_text("utf-8").split("\n") if not line.startswith(("offices", "goods", "works"))
    ]
    example.write_text("\n".join(lines), "utf-8")

    async def flow(driver: Driver) -> None:
        seen = []
        for _step in range(6):
            await driver.keys("f5")
            seen.append(driver.editor.grid.here.cell)
        assert seen[0] == ("organization", "offices", "count")
        assert len(set(seen[:5])) == 5
        assert seen[5] == seen[0]

    drive(example, flow)


def test_sections_without_anything_to_enter_are_skipped(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f6", "home", "enter")
        assert driver.editor.section == "duties"
        await driver.keys("f6", *["down"] * 3, "enter")
        assert driver.editor.section == "table-overview"

    drive(example, flow)


def test_a_finding_leads_to_its_place(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f8", "enter")
        assert driver.editor.section == "three_public"
        assert driver.editor.grid.here.cell == ("three_public_counts", "vehicles_kept", "count")
        await driver.keys("f8", "/", "正常浮动", "enter", "enter")
        assert driver.editor.section == "general_budget"
        assert driver.editor.grid.here.kind == "reason"

    drive(example, flow)


def test_a_finding_at_a_figure_on_no_sheet_leads_to_what_is_entered(example: Path) -> None:
    text = example.read_text("utf-8")
    example.write_text(text.replace("2101550 = { basic = 3016.47 }", "2101550 = { basic = 16.47 }", 1), "utf-8")

    async def flow(driver: Driver) -> None:
        await driver.keys("f8", "/", "D11", "enter", "enter")
        assert driver.editor.grid.here.cell[0] == "general_budget"
        assert driver.editor.grid.here.state == "entered"

    drive(example, flow)


def test_a_reader_is_not_told_to_enter_anything(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+g", "overview.closing_balance", "enter", "5")
        assert "F3 说明" in driver.value
        assert "F2" not in driver.value
        await driver.keys("f1")
        assert "键入" not in driver.text()

    drive(example, flow, read_only=True)


def test_the_outline_shows_an_error(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "f6")
        assert any(line.startswith("!") for line in driver.lines())
        await driver.keys("escape", "ctrl+z", "f6")
        assert not any(line.startswith("!") for line in driver.lines())

    drive(example, flow)


def test_preview_leads_to_a_cell_and_back(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f9", "/", "机关运行经费支出177.08", "enter")
        row = driver.app.screen.lines.row
        await driver.keys("enter")
        assert driver.editor.grid.here.cell[0] == "operating_costs"
        await driver.keys("f9")
        assert driver.app.screen.lines.row == row
        assert "177.08" in driver.app.screen.items[driver.app.screen.lines.row].text
        await driver.keys("/", "没有这样的话", "enter")
        assert "找不到" in driver.lines()[0]

    drive(example, flow)


def test_the_preview_goes_along_the_figures_of_a_line(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f9", "/", "2024年度支出6201.62", "enter")
        screen = driver.app.screen
        assert screen.figure.cell == ("expenditure", "total", "total")
        await driver.keys("right")
        assert screen.figure.start > 0
        assert "支出决算" in driver.lines()[0]
        await driver.keys("left", "enter")
        assert driver.editor.grid.here.cell == ("expenditure", "total", "total")
        await driver.keys("f9")
        assert driver.app.screen.figure.cell == ("expenditure", "total", "total")
        assert "2024年度支出" in driver.app.screen.items[driver.app.screen.lines.row].text

    drive(example, flow)


def test_searching_the_preview_both_ways(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f9", "/", "公务接待费", "enter")
        rows = [driver.app.screen.lines.row]
        for key in ("n", "n", "N", "N"):
            await driver.keys(key)
            rows.append(driver.app.screen.lines.row)
        assert rows[0] < rows[1] < rows[2]
        assert rows[3:] == [rows[1], rows[0]]
        await driver.keys("N")
        assert driver.app.screen.lines.row > rows[2]

    drive(example, flow)


def test_the_preview_is_composed_again_only_after_a_change(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f9", "pagedown", "down", "escape")
        composed = driver.editor._preview
        await driver.keys("f9")
        assert driver.editor._preview is composed
        await driver.keys("escape")
        assert driver.editor.go_to(("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "f9")
        assert driver.editor._preview is not composed

    drive(example, flow)


def test_the_palette_finds_by_title_initials_and_id(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p", "bmmc", "enter", *["backspace"] * 20, "新名称", "enter")
        assert driver.session.source.department == "新名称"
        assert driver.lines()[0].startswith(" 新名称")
        await driver.keys("ctrl+p", "撤", "enter")
        assert driver.session.source.department == "三明市医疗保障局"

    drive(example, flow)
    known = commands()
    assert matching(known, "undo")[0].id == "undo"
    assert all(initial(character) for command in known for character in command.title)


def test_the_export_is_the_command_line_s(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert ".json" in driver.text()
        await driver.keys("enter")
        assert "三明市医疗保障局-2024-部门决算.txt" in driver.text()
        await driver.keys("enter")
        await driver.until("已写入")
        await driver.keys("f12", "enter", "enter")
        assert "已经存在" in driver.text()
        await driver.keys("escape", "f12", "enter", "enter", "y", "enter")
        await driver.until("已写入")
        await driver.keys("f12", "enter", *["backspace"] * 300, str(example), "enter")
        await driver.until("源文件")

    drive(example, flow)
    headless = example.with_suffix(".headless")
    assert cli.main(["export", str(example), "-o", str(headless)]) == 0
    assert (example.parent / "三明市医疗保障局-2024-部门决算.txt").read_bytes() == headless.read_bytes()


def test_a_word_document_is_the_command_line_s(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f12")
        assert "Word 文档" in driver.text()
        await driver.keys("down", "enter")
        assert "三明市医疗保障局-2024-部门决算.docx" in driver.text()
        await driver.keys("enter")
        await driver.until("已写入")
        # What was chosen last is offered first; another ending asks for another kind.
        await driver.keys("f12", "enter", *["backspace"] * 300, str(example.with_suffix(".json")), "enter")
        await driver.until("已写入")

    drive(example, flow)
    for made, ending in ((example.parent / "三明市医疗保障局-2024-部门决算.docx", "docx"),
                         (example.with_suffix(".json"), "json")):  # fmt: skip
        headless = example.with_suffix(f".headless.{ending}")
        assert cli.main(["export", str(example), "-o", str(headless)]) == 0
        assert made.read_bytes() == headless.read_bytes()


@pytest.mark.parametrize(("answer", "saved", "left"), [("s", True, True), ("n", False, True), ("x", False, False)])
def test_quitting_with_unsaved_changes_asks(example: Path, answer: str, saved: bool, left: bool) -> None:
    before = example.read_bytes()

    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "ctrl+q")
        assert "尚未保存" in driver.text()
        await driver.keys(answer, "enter")
        assert (driver.app.return_code is not None) == left

    app = drive(example, flow)
    assert (example.read_bytes() != before) == saved
    assert app.editor.drop == (answer == "n")


def test_a_reader_can_change_nothing(example: Path) -> None:
    before = example.read_bytes()

    async def flow(driver: Driver) -> None:
        for key in KEYS:
            if key not in ("ctrl+q",):
                await driver.keys(key, "7", "escape", "escape")
                while len(driver.app.screen_stack) > 2:
                    await driver.keys("escape")
                driver.editor.prompt.close()
        await driver.paste("1\t2\n")
        assert driver.session.text.text().encode() == before
        assert driver.editor.grid.edit is None
        assert "编辑" not in driver.text()
        await driver.keys("ctrl+p", "save")
        assert driver.app.screen.lines.chosen is None

    drive(example, flow, read_only=True)
    assert example.read_bytes() == before


def test_what_an_earlier_session_left_is_offered(example: Path) -> None:
    before = Session.open(str(example))
    before.run("录入", [Edit("cell", ("general_budget", "2080505", "basic"), "1.25")])
    before.close()

    async def take(driver: Driver) -> None:
        assert "未保存的修改" in driver.text()
        await driver.keys("enter")
        assert driver.session.source.entries["general_budget", "2080505", "basic"].value == 12500
        assert driver.session.dirty

    drive(example, take)


def test_help_and_footer_tell_the_same_keys(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f1")
        text = "\n".join(item.text for item in driver.app.screen.items)
        for command in driver.editor.commands.values():
            assert command.title in text

    drive(example, flow)
