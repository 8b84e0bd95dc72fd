"""A screen of lines to read, search and choose from."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from ...core.i18n import _
from ...core.views.commands import Command
from ..widgets.bars import Bar, Prompt
from ..widgets.lines import Item, Lines
from .base import KeyScreen


class ReadingScreen(KeyScreen):
    """Lines over the whole screen. Enter gives back what the line stands for, Esc nothing."""

    OWN = "reading"

    def __init__(
        self, title: str, lines: Sequence[str | Item], ambiguous: int = 1, row: int = 0, choose: bool = False
    ) -> None:
        self.choose = choose
        super().__init__(ambiguous)
        self.heading = title
        self.items = [line if isinstance(line, Item) else Item(line) for line in lines]
        self.row = row
        self.sought = ""

    def known_commands(self) -> list[Command]:
        missing = {"reading.acknowledge"} if self.choose else {"reading.acknowledge", "reading.go"}
        return [command for command in super().known_commands() if command.id not in missing]

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Lines("lines", self.ambiguous, active=True)
        yield Prompt("prompt", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    @property
    def lines(self) -> Lines:
        return self.query_one("#lines", Lines)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    def start(self) -> None:
        self.show_footer()
        self.lines.row = self.row
        self.lines.show(self.items)
        self._tell()

    def move_to(self, row: int) -> None:
        """Put the cursor on a line."""
        self.lines.move_to(row)
        self._tell()

    def _tell(self) -> None:
        self.query_one("#title", Bar).show(f" {self.heading}  {self.lines.row + 1}/{len(self.items)}")

    def key(self, key: str, character: str) -> bool:
        if self.prompt.asking:
            done = self.prompt.key(key, character)
            if done in ("entered", "left"):
                self.lines.place_cursor()
            if done == "entered" and self.prompt.edit.text:
                self.search(self.prompt.edit.text)
        elif command := self.command(key, character):
            self._do(command)
        elif self.lines.key(key):
            self._tell()
        return True

    def _do(self, command: str) -> None:
        if command == "leave":
            self.dismiss(None)
        elif command == "search":
            self.prompt.ask("search", _("Search:"))
        elif command == "again":
            self.search(self.sought)
        elif command == "before":
            self.search(self.sought, -1)
        elif command == "help":
            self.show_help()
        elif self.lines.chosen is not None:
            self.dismiss(self.lines.chosen)

    def paste(self, text: str) -> bool:
        if self.prompt.asking:
            self.prompt.paste(text)
        return True

    def search(self, text: str, step: int = 1) -> None:
        """Go to the next line that holds the text, or with -1 to the one before."""
        self.sought = text
        here = self.lines.row
        order = [*range(here + 1, len(self.items)), *range(here + 1)]
        if step < 0:
            order = [*range(here - 1, -1, -1), *range(len(self.items) - 1, here - 1, -1)]
        found = next((number for number in order if text and text in self.items[number].text), None)
        if found is not None:
            self.move_to(found)
        else:
            self.query_one("#title", Bar).show(" " + _("“{text}” is not found").format(text=text))
