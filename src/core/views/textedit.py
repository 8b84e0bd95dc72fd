"""A text of paragraphs being edited: caret, selection, undo and the lines it is shown on, without any screen.

The lines are broken by the same rules as the report's, so that no mark stands at a line's start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..text.typed import shown
from ..text.width import width
from ..text.wrap import split

MOST_UNDO = 1000
"""So many steps can be taken back."""


FAR = 1_000_000
"""A column beyond every line's end: who goes up or down from a line's end stays at the ends."""


class Line(NamedTuple):
    """A line as it is shown: where it starts in the text, and what stands on it, character by character."""

    start: int
    text: str


class _State(NamedTuple):
    text: str
    caret: int


class TextEdit:
    """A text with a caret. `anchor` is where a selection began, None for no selection."""

    def __init__(self, text: str = "", columns: int = 78, ambiguous: int = 1) -> None:
        self.text = text
        self.caret = len(text)
        self.anchor: int | None = None
        self.columns, self.ambiguous = columns, ambiguous
        self._wrapped: dict[str, list[str]] = {}
        self._lines: list[Line] | None = None
        self._goal: int | None = None
        self._at_end = False  # at the end of a line, not at the start of the one that goes on with it
        self._done: list[_State] = []
        self._undone: list[_State] = []
        self._typing = -1

    # ── lines ──

    def resize(self, columns: int, ambiguous: int = 0) -> None:
        """Break the lines at another width."""
        ambiguous = ambiguous or self.ambiguous
        if (columns, ambiguous) != (self.columns, self.ambiguous):
            self.columns, self.ambiguous, self._lines = columns, ambiguous, None
            self._wrapped.clear()

    @property
    def lines(self) -> list[Line]:
        """The lines as they are shown; at least one."""
        if self._lines is None:
            self._lines = list(self._broken())
        return self._lines

    def _broken(self) -> Iterator[Line]:
        at = 0
        known, self._wrapped = self._wrapped, {}
        for paragraph in shown(self.text).split("\n"):
            pieces = known.get(paragraph)
            if pieces is None:
                pieces = split(paragraph, max(4, self.columns), ambiguous=self.ambiguous, hang=False) or [""]
            self._wrapped[paragraph] = pieces
            for piece in pieces:
                yield Line(at, piece)
                at += len(piece)
            at += 1  # the newline

    @property
    def position(self) -> tuple[int, int]:
        """The line of the caret, and its column on the screen."""
        row = bisect_right(self.lines, self.caret, key=lambda line: line.start) - 1
        if self._at_end and row and self.lines[row].start == self.caret and self._end_of(row - 1) == self.caret:
            row -= 1
        start, text = self.lines[row]
        return row, min(width(text[: self.caret - start], self.ambiguous), max(0, self.columns - 1))

    @property
    def selection(self) -> tuple[int, int]:
        """The selected stretch; empty at the caret where nothing is selected."""
        other = self.caret if self.anchor is None else self.anchor
        return min(self.caret, other), max(self.caret, other)

    @property
    def selected(self) -> str:
        """The selected text."""
        start, end = self.selection
        return self.text[start:end]

    # ── changing ──

    def insert(self, text: str) -> None:
        """Put a text in the selection's place. Characters typed one after another are one step of undo."""
        start, end = self.selection
        alone = len(text) == 1 and text != "\n" and start == end
        self._replace(start, end, text, alone and self._typing == start)
        self._typing = self.caret if alone else -1

    def _replace(self, start: int, end: int, text: str, joined: bool = False) -> None:
        if self.text[start:end] == text:
            self.anchor = None
            return
        if not joined:
            self._done = [*self._done[-MOST_UNDO + 1 :], _State(self.text, self.caret)]
        self._undone.clear()
        self.text = self.text[:start] + text + self.text[end:]
        self._put(start + len(text))

    def _put(self, caret: int) -> None:
        self.caret, self.anchor = caret, None
        self._lines = self._goal = None
        self._at_end = False

    def undo(self) -> None:
        """Take the last step back."""
        self._travel(self._done, self._undone)

    def redo(self) -> None:
        """Do the last step again that was taken back."""
        self._travel(self._undone, self._done)

    def _travel(self, start: list[_State], goal: list[_State]) -> None:
        if start:
            goal.append(_State(self.text, self.caret))
            self.text, caret = start.pop()
            self._put(caret)
            self._typing = -1

    def go(self, place: int) -> None:
        """Put the caret before a character of the text."""
        self._go(place, False)

    def select_all(self) -> None:
        """Select the whole text."""
        self.anchor, self.caret = 0, len(self.text)

    # ── keys ──

    def _beside(self, step: int) -> int:
        """The place before or after the next character, which may have marks that take no room."""
        at = max(0, min(len(self.text), self.caret + step))
        while 0 < at < len(self.text) and self.text[at] != "\n" and not width(shown(self.text[at]), self.ambiguous):
            at += step
        return at

    def key(self, key: str, page: int = 10) -> bool:
        """Do what a key does to a text; False for a key that means nothing here."""
        plain = key.removeprefix("shift+")
        if plain in ("up", "down", "pageup", "pagedown"):
            steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
            if self._goal is None:
                self._goal = FAR if self._at_end else self.position[1]
            goal = self._goal
            caret, at_end = self._vertical(steps[plain], goal)
            self._go(caret, key != plain, at_end)
            self._goal = goal
        elif plain in _TARGETS:
            self._go(_TARGETS[plain](self), key != plain, plain == "end")
        elif key in _CUTS:
            start, end = self.selection
            if start == end:
                start, end = sorted((self.caret, _CUTS[key](self)))
            self._replace(start, end, "")
            self._typing = -1
        else:
            return False
        return True

    def _go(self, caret: int, select: bool, at_end: bool = False) -> None:
        if select and self.anchor is None:
            self.anchor = self.caret
        elif not select:
            self.anchor = None
        self.caret, self._at_end = caret, at_end
        self._typing, self._goal = -1, None

    def _vertical(self, step: int, goal: int) -> tuple[int, bool]:
        """The place so many lines further, at the column where the way up or down began (`goal`); and
        whether it is the end of its line."""
        wanted = self.position[0] + step
        if wanted < 0:
            return 0, False
        if wanted >= len(self.lines):
            return len(self.text), False
        start, text = self.lines[wanted]
        taken = 0
        for at, character in enumerate(text):
            taken += width(character, self.ambiguous)
            if taken > goal:
                return start + at, False
        return self._end_of(wanted), True

    def _end_of(self, row: int) -> int:
        start, text = self.lines[row]
        return start + len(text)

    def _word(self, step: int) -> int:
        """Past a run of the same kind of characters: words are not told apart in Chinese, marks are."""
        at = self.caret
        while 0 <= at + min(step, 0) < len(self.text) and self.text[at + min(step, 0)].isspace():
            at += step
        if 0 <= at + min(step, 0) < len(self.text):
            kind = self.text[at + min(step, 0)].isalnum()
            while 0 <= at + min(step, 0) < len(self.text):
                character = self.text[at + min(step, 0)]
                if character.isspace() or character.isalnum() != kind:
                    break
                at += step
        return at


_TARGETS: dict[str, Callable[[TextEdit], int]] = {
    "left": lambda edit: edit._beside(-1),
    "right": lambda edit: edit._beside(1),
    "home": lambda edit: edit.lines[edit.position[0]].start,
    "end": lambda edit: edit._end_of(edit.position[0]),
    "ctrl+left": lambda edit: edit._word(-1),
    "ctrl+right": lambda edit: edit._word(1),
    "ctrl+home": lambda edit: 0,
    "ctrl+end": lambda edit: len(edit.text),
}
_CUTS: dict[str, Callable[[TextEdit], int]] = {
    "backspace": lambda edit: edit._beside(-1),
    "delete": lambda edit: edit._beside(1),
    "ctrl+k": lambda edit: edit._end_of(edit.position[0]),
    "ctrl+u": lambda edit: edit.lines[edit.position[0]].start,
}
