"""A line being edited: text and caret, without any screen."""

from __future__ import annotations

from ..text.typed import settled, shown
from ..text.width import width


def in_line(text: str) -> str:
    """A text of several lines as one, with blanks between them; a single line as it is."""
    lines = text.strip("\r\n").split("\n")
    return " ".join(line.strip() for line in lines if line.strip()) if len(lines) > 1 else lines[0]


class LineEdit:
    """One line of text with a caret, edited by small commands. `fresh`: the first character typed
    replaces all (type to replace)."""

    def __init__(self, text: str = "", fresh: bool = False) -> None:
        self.text = text
        self.caret = len(text)
        self.fresh = fresh

    def insert(self, text: str) -> None:
        """Put a text at the caret; only its first line, without what can't stay."""
        clean = settled(text).split("\n")[0].replace("\t", "")
        if self.fresh:
            self.text, self.caret, self.fresh = "", 0, False
        self.text = self.text[:self.caret] + clean + self.text[self.caret:]
        self.caret += len(clean)

    def key(self, key: str) -> bool:
        """Do what a key does to a line; False for a key that means nothing here."""
        self.fresh = False
        if key == "left":
            self.caret = max(0, self.caret - 1)
        elif key == "right":
            self.caret = min(len(self.text), self.caret + 1)
        elif key in ("home", "ctrl+a"):
            self.caret = 0
        elif key in ("end", "ctrl+e"):
            self.caret = len(self.text)
        elif key == "backspace":
            if self.caret:
                self.text = self.text[:self.caret - 1] + self.text[self.caret:]
                self.caret -= 1
        elif key == "delete":
            self.text = self.text[:self.caret] + self.text[self.caret + 1:]
        elif key == "ctrl+u":
            self.text, self.caret = self.text[self.caret:], 0
        elif key == "ctrl+k":
            self.text = self.text[:self.caret]
        else:
            return False
        return True

    def visible(self, columns: int, ambiguous: int = 1) -> tuple[str, int]:
        """The part of the text that fits into `columns` around the caret, and the caret's column in it."""
        text, start, end = shown(self.text), 0, len(self.text)
        while width(text[start:self.caret], ambiguous) > columns - 1:
            start += 1
        while width(text[start:end], ambiguous) > columns:
            end -= 1
        return text[start:end], width(text[start:self.caret], ambiguous)
