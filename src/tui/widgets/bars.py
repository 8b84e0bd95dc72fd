"""Bars: single lines of text, and the prompt at which a line is typed."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ...core.lineedit import LineEdit
from ...core.text.width import width


class Bar(Widget):
    """One line of text, cut with a mark where it is too long."""

    def __init__(self, id: str, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.line = ""
        self.ambiguous = ambiguous

    def show(self, text: str) -> None:
        if text != self.line:
            self.line = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text = self.line
        if width(text, self.ambiguous) > self.size.width:
            while width(text, self.ambiguous) > self.size.width - 1:
                text = text[:-1]
            text += ">"
        return Strip([Segment(text + " " * (self.size.width - width(text, self.ambiguous)), self.rich_style)], self.size.width)


class Prompt(Widget, can_focus=True):
    """A question and a line to answer it with."""

    class Answered(Message):
        """The line was entered, or left with Esc (`text` is None)."""

        def __init__(self, purpose: str, text: str | None) -> None:
            super().__init__()
            self.purpose, self.text = purpose, text

    class Typed(Message):
        """The line has changed."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose, self.text = purpose, text

    def __init__(self, id: str, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.question = self.purpose = ""
        self.edit = LineEdit()
        self.ambiguous = ambiguous

    def ask(self, purpose: str, question: str, text: str = "") -> None:
        """Show the question and take the keys."""
        self.purpose, self.question, self.edit = purpose, question, LineEdit(text)
        self.display = True
        self.focus()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        room = max(8, self.size.width - width(self.question, self.ambiguous) - 1)
        text, caret = self.edit.visible(room, self.ambiguous)
        line = f"{self.question} {text}"
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + (width(self.question, self.ambiguous) + 1 + caret, 0)
        return Strip([Segment(line + " " * max(0, self.size.width - width(line, self.ambiguous)), self.rich_style)], self.size.width)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "ctrl+g"):
            self._leave(None)
        elif event.key == "enter":
            self._leave(self.edit.text)
        elif self.edit.key(event.key):
            self._typed()
        elif event.character and event.is_printable:
            self.edit.insert(event.character)
            self._typed()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.edit.insert(event.text)
        self._typed()

    def _typed(self) -> None:
        self.refresh()
        self.post_message(self.Typed(self.purpose, self.edit.text))

    def _leave(self, text: str | None) -> None:
        self.display = False
        self.post_message(self.Answered(self.purpose, text))
