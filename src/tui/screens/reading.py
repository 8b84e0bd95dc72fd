"""A screen of lines to read, search and choose from."""

from __future__ import annotations

from typing import Any, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen

from ...core.i18n import _
from ..widgets.bars import Bar, Prompt
from ..widgets.lines import Item, Lines


class ReadingScreen(Screen[Any]):
    """Lines over the whole screen. Enter gives back what the line stands for, Esc nothing."""

    def __init__(self, title: str, lines: Sequence[str | Item], ambiguous: int) -> None:
        super().__init__()
        self.heading = title
        self.items = [line if isinstance(line, Item) else Item(line) for line in lines]
        self.ambiguous = ambiguous
        self.sought = ""

    def compose(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Lines("lines", self.ambiguous)
        yield Prompt("prompt", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    def on_mount(self) -> None:
        self.query_one("#title", Bar).show(" " + self.heading)
        self.query_one("#footer", Bar).show(_("Esc back  Enter choose  / search  n next"))
        self.query_one("#lines", Lines).show(self.items)
        self.query_one("#lines", Lines).focus()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "q", "ctrl+g"):
            self.dismiss(None)
        elif event.key in ("slash", "ctrl+f"):
            self.query_one("#prompt", Prompt).ask("search", _("Search:"))
        elif event.key == "n":
            self.search(self.sought)
        else:
            return
        event.stop()

    @on(Lines.Chosen)
    def _chosen(self, event: Lines.Chosen) -> None:
        if event.key is not None:
            self.dismiss(event.key)

    @on(Prompt.Answered)
    def _answered(self, event: Prompt.Answered) -> None:
        lines = self.query_one("#lines", Lines)
        lines.focus()
        if event.text:
            self.search(event.text)

    def search(self, text: str) -> None:
        """Go to the next line that holds the text."""
        self.sought = text
        lines = self.query_one("#lines", Lines)
        order = [*range(lines.row + 1, len(self.items)), *range(lines.row + 1)]
        found = next((number for number in order if text and text in self.items[number].text), None)
        if found is not None:
            lines.move_to(found)
