"""Themes: another one at any time, nothing lost by it; and nothing that colours alone tell."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.settings import THEMES, Settings

from .driver import Driver, drive
from .terminal import Terminal, screen

SHIFT_DOWN = "\x1b[1;2B"
COLOUR = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")


def colours(driver: Driver) -> set[Any]:
    """The backgrounds on the screen."""
    strips = driver.app.screen._compositor.render_strips()
    return {segment.style.bgcolor for strip in strips for segment in strip if segment.style is not None}


@pytest.mark.parametrize("theme", THEMES)
def test_another_theme_keeps_the_cursor_and_the_screen(example: Path, theme: str) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f5", "down", "right")
        here, cursor, text = driver.editor.grid.here, driver.app.cursor_position, driver.text()
        before = colours(driver)
        start = "light" if theme == "dark" else "dark"
        await driver.keys("ctrl+p", "wg", "enter")
        assert driver.app.screen.lines.chosen == start
        await driver.keys("home", *["down"] * THEMES.index(theme), "enter")
        assert driver.app.look == theme
        assert theme in driver.value
        await driver.settle()
        assert colours(driver) != before
        assert (driver.editor.grid.here, driver.app.cursor_position) == (here, cursor)
        assert driver.lines()[2:] == text.splitlines()[2:]
        assert not driver.session.dirty

    drive(example, flow, settings=Settings(theme="light" if theme == "dark" else ""))


def test_where_there_are_no_colours_the_command_says_why(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p", "wg", "enter")
        assert driver.app.screen is driver.editor
        assert "16" in driver.value

    drive(example, flow, plain=True)


def test_a_reader_may_change_colours(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("ctrl+p", "wg", "enter", "down", "enter")
        assert driver.app.look == "light"

    drive(example, flow, read_only=True)


# On a terminal


@pytest.fixture
def started() -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.signal(signal.SIGKILL)


def test_another_theme_is_sent_at_once(example: Path, started: list[Terminal]) -> None:
    terminal = Terminal(["-m", "juesuan", "edit", str(example)], JUESUAN_THEME="light")
    started.append(terminal)
    terminal.read("下一项".encode())
    assert b"48;2;251;251;247" in terminal.data
    before = screen(terminal.data, 80, 24)
    terminal.send("\x10wg\r")
    terminal.type("\x1b[H\r")
    assert b"48;2;16;20;24" in terminal.read(b"48;2;16;20;24")
    assert screen(terminal.data, 80, 24)[2:] == before[2:]


def test_without_colours_what_is_selected_and_where_the_cursor_is_can_be_seen(
    example: Path, started: list[Terminal]
) -> None:
    terminal = Terminal(["-m", "juesuan", "edit", str(example)], NO_COLOR="1")
    started.append(terminal)
    terminal.read("下一项".encode())
    terminal.send("\x1b[17~" + "\x1b[B" * 7 + "\r")
    moved = terminal.send("\x1b[B")
    assert b"\x1b[0;1;4;7m" in moved
    assert b"\x1b[0;7m" in terminal.send(SHIFT_DOWN)
    assert not COLOUR.search(terminal.data)
