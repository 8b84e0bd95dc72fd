"""Figures: all of the report's, to choose one for a text."""

from __future__ import annotations

from textual.app import ComposeResult

from ...core.i18n import _
from ...core.report import Report
from ...core.text.width import width
from ...core.views.figures import search
from ..widgets.bars import Bar, Prompt, fitted
from ..widgets.lines import Item, Lines
from .base import KeyScreen

VALUE_WIDTH = 14
"""The columns that a figure's value gets at least."""


class FiguresScreen(KeyScreen):
    """Figures, filtered by what is typed. Gives back the name of the one chosen, or None."""

    OWN = "figures"

    def __init__(self, report: Report, ambiguous: int = 1) -> None:
        super().__init__(ambiguous)
        self.report = report

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Prompt("prompt", self.ambiguous)
        yield Lines("lines", self.ambiguous, active=True)
        yield Bar("footer", self.ambiguous)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    @property
    def lines(self) -> Lines:
        return self.query_one("#lines", Lines)

    def start(self) -> None:
        self.query_one("#title", Bar).show(" " + _("Insert figure"))
        self.show_footer()
        self.prompt.ask("filter", _("Words for table, row, column (gkys xzyx):"))
        self._filter()

    def _filter(self) -> None:
        items = []
        for found in search(self.report, self.prompt.edit.text):
            room = max(20, self.size.width - VALUE_WIDTH - 2)
            value = " " * max(0, VALUE_WIDTH - width(found.value, self.ambiguous)) + found.value
            items.append(Item(f"{fitted(found.label, room, self.ambiguous)}  {value}", found.name))
        self.lines.row = self.lines.top = 0
        self.lines.show(items)

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        if command == "insert":
            if self.lines.chosen is not None:
                self.dismiss(self.lines.chosen)
        elif command == "leave":
            self.dismiss(None)
        elif command == "help":
            self.show_help()
        elif key in ("up", "down", "pageup", "pagedown"):
            self.lines.key(key)
            self.prompt.place_cursor()
        elif self.prompt.key(key, character) == "typed":
            self._filter()
        return True

    def paste(self, text: str) -> bool:
        self.prompt.paste(text)
        self._filter()
        return True
