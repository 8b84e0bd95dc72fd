"""Files: saving where another program changed the file, saving as, findings for a reviewer, redrawing."""

from __future__ import annotations

from pathlib import Path

from juesuan import cli
from juesuan.core.drafting.session import Session
from juesuan.core.views.commands import commands

from .driver import Driver, drive

CELL = ("general_budget", "2080505", "basic")


async def change_both(driver: Driver, path: Path) -> None:
    """An edit here, and another one by another program; then save."""
    assert driver.editor.go_to(CELL)
    await driver.keys("440.32", "enter")
    text = path.read_text("utf-8")
    path.write_text(text.replace("administrative = 177.08", "administrative = 177.09"), "utf-8")
    await driver.keys("ctrl+s")
    assert "177.09" in driver.text()
    assert "440.32" in driver.text()


def test_a_file_changed_outside_is_not_overwritten_unasked(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await change_both(driver, example)
        outside = example.read_bytes()
        await driver.keys("escape")
        assert example.read_bytes() == outside
        assert driver.session.dirty

    drive(example, flow)


def test_the_file_on_disk_can_be_taken_and_the_edits_brought_back(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await change_both(driver, example)
        outside = example.read_text("utf-8")
        await driver.keys("enter")
        assert driver.session.text.text() == outside
        await driver.keys("ctrl+z")
        assert "440.32" in driver.session.text.text()
        await driver.keys("ctrl+s")
        assert not driver.session.dirty
        assert "440.32" in example.read_text("utf-8")

    drive(example, flow)


def test_the_edits_can_be_saved_elsewhere(example: Path) -> None:
    other = example.with_name("other.toml")

    async def flow(driver: Driver) -> None:
        await change_both(driver, example)
        await driver.keys("down", "enter", *["backspace"] * 300, str(other), "enter")
        assert "440.32" in other.read_text("utf-8")
        assert "177.09" in example.read_text("utf-8")
        assert driver.session.path == str(other)

    drive(example, flow)


def test_the_edits_can_be_saved_over_it(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await change_both(driver, example)
        await driver.keys("down", "down", "enter")
        assert "440.32" in example.read_text("utf-8")
        assert "177.09" not in example.read_text("utf-8")

    drive(example, flow)


def test_a_file_that_is_there_is_asked_about(example: Path) -> None:
    other = example.with_name("other.toml")
    other.write_text("# mine\n", "utf-8")

    async def flow(driver: Driver) -> None:
        for answer, kept in (("n", True), ("y", False)):
            await driver.keys("ctrl+p", "save_as", "enter", *["backspace"] * 300, str(other), "enter")
            assert other.read_text("utf-8") == "# mine\n"
            await driver.keys(answer, "enter")
            assert (other.read_text("utf-8") == "# mine\n") == kept

    drive(example, flow)


def test_a_reviewer_writes_the_findings_to_a_file(example: Path) -> None:
    out = example.with_name("out.txt")
    before = {path.name for path in example.parent.iterdir()}

    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p", "memo", "enter", *["backspace"] * 300, str(example), "enter")
        assert "源文件" in driver.value
        await driver.keys("ctrl+p", "memo", "enter", *["backspace"] * 300, str(out), "enter")
        assert "C06" in out.read_text("utf-8")
        await driver.keys("ctrl+p", "redraw", "enter")

    drive(example, flow, read_only=True)
    assert {path.name for path in example.parent.iterdir()} == before | {"out.txt"}


def test_every_command_is_done_by_the_editor() -> None:
    from juesuan.tui.screens.editor import EditorScreen

    for command in commands():
        assert callable(getattr(EditorScreen, "do_" + command.id))


def test_a_second_editor_reads(example: Path) -> None:
    first = Session.open(str(example))

    async def flow(driver: Driver) -> None:
        assert "正在编辑" in driver.value
        assert driver.session.read_only

    drive(example, flow)
    first.close()
    assert cli.main(["check", str(example)]) == 0


def test_an_editor_is_told_once_that_the_file_was_changed(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        example.write_text(example.read_text("utf-8") + "# more\n", "utf-8")
        driver.editor._look_again()
        await driver.settle()
        assert "其他程序" in driver.value
        await driver.keys("down")
        driver.editor._look_again()
        await driver.settle()
        assert "其他程序" not in driver.value

    drive(example, flow)
