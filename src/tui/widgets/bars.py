"""Bars: single lines of text, and the prompt at which a line is typed."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from ...core.text.width import printable, width
from ...core.views.lineedit import LineEdit, in_line
from .painted import Painted


def fitted(text: str, columns: int, ambiguous: int) -> str:
    """The text in just so many columns, cut with a mark where it is too long."""
    taken = width(text, ambiguous)
    if taken > columns:
        while taken > columns - 1 and text:
            text = text[:-1]
            taken = width(text, ambiguous)
        text += ">"
        taken += 1
    return text + " " * (columns - taken)


def ending(text: str, columns: int, ambiguous: int) -> str:
    """The end of a text (of a path), cut with a mark where it is too long."""
    if width(text, ambiguous) <= columns:
        return text
    while text and width(text, ambiguous) > columns - 1:
        text = text[1:]
    return "<" + text


class Bar(Painted):
    """One line of text, cut with a mark where it is too long."""

    def __init__(self, id: str, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.line = ""
        self.ambiguous = ambiguous

    def show(self, text: str) -> None:
        """Show another text, control characters made harmless."""
        text = printable(text)
        if text != self.line:
            self.line = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text = self.line if y == 0 else ""
        return Strip([Segment(fitted(text, self.size.width, self.ambiguous), self.base)], self.size.width)


class Prompt(Painted):
    """A question and a line to answer it with. `asking` while it is open; then the screen hands
    it the keys."""

    def __init__(self, id: str, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.question = self.purpose = ""
        self.edit = LineEdit()
        self.asking = False
        self.ambiguous = ambiguous

    def ask(self, purpose: str, question: str, text: str = "") -> None:
        """Show the question."""
        self.purpose, self.question, self.edit = purpose, question, LineEdit(text)
        self.display = self.asking = True
        self.redraw()

    def close(self) -> None:
        """Put the question away."""
        self.display = self.asking = False

    def render_line(self, y: int) -> Strip:
        columns = self.size.width
        question = fitted(
            self.question, min(width(self.question, self.ambiguous), max(0, columns - 12)), self.ambiguous
        )
        text, _caret = self.edit.visible(max(8, columns - width(question, self.ambiguous) - 1), self.ambiguous)
        return Strip([Segment(fitted(f"{question} {text}", columns, self.ambiguous), self.base)], columns)

    def redraw(self) -> None:
        """Draw the line anew, and put the terminal's cursor at the caret."""
        self.refresh()
        self.call_after_refresh(self.place_cursor)

    def place_cursor(self) -> None:
        """The terminal's own cursor stands at the caret, for the input method's window."""
        if self.asking:
            before = min(width(self.question, self.ambiguous), max(0, self.size.width - 12)) + 1
            caret = self.edit.visible(max(8, self.size.width - before), self.ambiguous)[1]
            self.app.cursor_position = self.content_region.offset + (before + caret, 0)

    def key(self, key: str, character: str) -> str | None:
        """Do a key: 'entered', 'left', 'typed', or None for a key that means nothing here."""
        if key in ("escape", "ctrl+g"):
            self.close()
            return "left"
        if key == "enter":
            self.close()
            return "entered"
        if self.edit.key(key):
            self.redraw()
            return "typed"
        if character:
            self.edit.insert(character)
            self.redraw()
            return "typed"
        return None

    def paste(self, text: str) -> None:
        """Put a pasted text at the caret, its lines as one."""
        self.edit.insert(in_line(text))
        self.redraw()
