"""Drives the program without a terminal: keys as the bytes that a terminal sends, screens as text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from juesuan.core.drafting.session import Session
from juesuan.tui.app import JuesuanApp
from textual import events
from textual._xterm_parser import XTermParser

KEYS = {
    "ctrl+backslash": "\x1c",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f12": "\x1b[24~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "shift+up": "\x1b[1;2A",
    "shift+down": "\x1b[1;2B",
    "shift+right": "\x1b[1;2C",
    "shift+left": "\x1b[1;2D",
    "ctrl+up": "\x1b[1;5A",
    "ctrl+down": "\x1b[1;5B",
    "ctrl+pageup": "\x1b[5;5~",
    "ctrl+pagedown": "\x1b[6;5~",
    "ctrl+home": "\x1b[1;5H",
    "ctrl+end": "\x1b[1;5F",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "cdefgklnoprstuvwxyzq"},
}
"""What xterm sends."""


def parsed(data: str) -> list[Any]:
    """The events that Textual makes of what a terminal sends."""
    parser = XTermParser()
    found = list(parser.feed(data))
    return found + list(parser.feed(""))


class Driver:
    """A running program."""

    def __init__(self, app: JuesuanApp, pilot: Any) -> None:
        self.app, self.pilot = app, pilot

    @property
    def session(self) -> Session:
        assert self.app.session is not None
        return self.app.session

    @property
    def editor(self) -> Any:
        return self.app.editor

    async def keys(self, *names: str) -> None:
        """Press keys, one after another without a pause: named ones, or texts typed."""
        for name in names:
            for event in parsed(KEYS.get(name, name)):
                self.app.post_message(event)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste a text as a terminal with bracketed paste does."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until all is done and shown."""
        await self.pilot.pause()

    async def until(self, words: str) -> None:
        """Wait until the line above the sheet says this."""
        for _step in range(50):
            if words in self.value:
                return
            await self.settle()
        raise AssertionError(self.text())

    def lines(self) -> list[str]:
        """The screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines()) + "\n"

    @property
    def value(self) -> str:
        """The line above the sheet."""
        return self.lines()[1].strip()


def drive(
    path: Path | str | None,
    flow: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
    read_only: bool = False,
    **options: Any,
) -> JuesuanApp:
    """Run the program on a file, or on none, through a flow of keys."""
    app = JuesuanApp(Session.open(str(path), read_only) if path else None, **options)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            await flow(driver)

    asyncio.run(run())
    if app.session is not None:
        app.session.close()
    return app
