"""A screen to write a longer text in."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import TextArea

from ...core.i18n import _
from ..widgets.bars import Bar


class WritingScreen(Screen[str | None]):
    """A text area with what the text must hold above it and the count of its characters below."""

    def __init__(self, title: str, text: str, read_only: bool) -> None:
        super().__init__()
        self.heading, self.text, self.read_only = title, text, read_only

    def compose(self) -> ComposeResult:
        yield Bar("title")
        area = TextArea(self.text, soft_wrap=True, tab_behavior="focus", read_only=self.read_only, show_line_numbers=False)
        area.cursor_blink = False
        yield area
        yield Bar("footer")

    def on_mount(self) -> None:
        self.query_one("#title", Bar).show(" " + self.heading)
        self.query_one(TextArea).focus()
        self._count()

    def on_text_area_changed(self) -> None:
        self._count()

    def _count(self) -> None:
        characters = len("".join(self.query_one(TextArea).text.split()))
        self.query_one("#footer", Bar).show(_("{count} characters   ^S or F2 done   Esc leaves the text as it was").format(count=characters))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("ctrl+s", "f2"):
            event.stop()
            self.dismiss(self.query_one(TextArea).text)
        elif event.key == "escape":
            event.stop()
            self.dismiss(None)
