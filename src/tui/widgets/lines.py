"""Lines: a list of lines with a cursor, for the outline, sentences, findings, previews and choices."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from ...core.text.width import printable, width
from .bars import fitted
from .painted import Painted


class Item(NamedTuple):
    """A line: its text, what it stands for (None: nothing to choose), the name of its style, and
    the stretches (start, end) of its text that have changed."""

    text: str
    key: Any = None
    style: str = ""
    changed: tuple[tuple[int, int], ...] = ()


class Lines(Painted):
    """Lines of text; while `active`, a cursor stands on one of them."""

    COMPONENT_CLASSES = {
        "lines--cursor",
        "lines--here",
        "lines--strong",
        "lines--error",
        "lines--warning",
        "lines--dim",
        "lines--changed",
    }

    def __init__(self, id: str | None = None, ambiguous: int = 1, active: bool = False) -> None:
        super().__init__(id=id)
        self.items: list[Item] = []
        self.row = self.top = 0
        self.ambiguous = ambiguous
        self.active = active
        self.here: Any = None

    def show(self, items: list[Item], key: Any = None) -> None:
        """Show these lines, the cursor on the one with `key`, or where it was."""
        old, before = self.items, (self.row, self.top, self.here)
        self.items = [item if item.text.isprintable() else item._replace(text=printable(item.text)) for item in items]
        if key is not None:
            self.here = key
            self.row = next((n for n, item in enumerate(items) if item.key == key), self.row)
        self.row = max(0, min(self.row, len(items) - 1))
        self._keep_in_sight()
        if len(old) != len(self.items) or before != (self.row, self.top, self.here):
            self.refresh()
            return
        for number, item in enumerate(self.items):
            if item != old[number]:
                self._refresh_line(number)

    @property
    def chosen(self) -> Any:
        """What the line under the cursor stands for."""
        return self.items[self.row].key if self.row < len(self.items) else None

    def activate(self, active: bool) -> None:
        """Show the cursor, or leave the keys to others."""
        if active != self.active:
            self.active = active
            self._refresh_line(self.row)
        self.place_cursor()

    def move_to(self, row: int) -> None:
        """Put the cursor on a line."""
        old, top = self.row, self.top
        self.row = max(0, min(row, len(self.items) - 1))
        self._keep_in_sight()
        if top != self.top:
            self.refresh()
        else:
            for number in {old, self.row}:
                self._refresh_line(number)
        self.place_cursor()

    def place_cursor(self) -> None:
        """The terminal's own cursor stands on the line, for readers of the screen."""
        if self.active:
            self.app.cursor_position = self.content_region.offset + (0, self.row - self.top)

    def _refresh_line(self, number: int) -> None:
        if 0 <= number - self.top < self.size.height:
            self.refresh(Region(0, number - self.top, self.size.width, 1))

    def _keep_in_sight(self) -> None:
        height = max(1, self.size.height)
        if self.row < self.top:
            self.top = self.row
        elif self.row >= self.top + height:
            self.top = self.row - height + 1
        self.top = max(0, min(self.top, len(self.items) - height))

    def render_line(self, y: int) -> Strip:
        number = self.top + y
        base = self.base
        if number >= len(self.items):
            return Strip.blank(self.size.width, base)
        item = self.items[number]
        style = self.get_component_rich_style("lines--" + item.style) if item.style else base
        if number == self.row and self.active:
            style = self.get_component_rich_style("lines--cursor")
        elif self.here is not None and item.key == self.here:
            style = style + self.get_component_rich_style("lines--here", partial=True)
        text = fitted(item.text, self.size.width, self.ambiguous)
        if not item.changed:
            return Strip([Segment(text, style)], self.size.width)
        marked = self.get_component_rich_style("lines--changed")
        segments, at = [], 0
        for start, end in item.changed:
            segments += [Segment(text[at:start], style), Segment(text[start:end], marked)]
            at = end
        segments.append(Segment(text[at:], style))
        return Strip([segment for segment in segments if segment.text], self.size.width)

    def key(self, key: str) -> bool:
        """Move the cursor; False for a key that means nothing here."""
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -1_000_000, "end": 1_000_000}
        if key not in steps:
            return False
        self.move_to(self.row + steps[key])
        return True

    def on_resize(self) -> None:
        self.top = 0
        self._keep_in_sight()
        self.refresh()
        self.call_after_refresh(self.place_cursor)


def wrapped_item(text: str, lines: list[str], changed: tuple[tuple[int, int], ...], ambiguous: int = 1) -> list[Item]:
    """The lines into which a text was wrapped, with the stretches of the text that have changed."""
    if not changed:
        return [Item(line) for line in lines]
    items, at = [], 0
    for line in lines:
        stretches: list[tuple[int, int]] = []
        for column, character in enumerate(line):
            if not width(character, ambiguous) or at >= len(text):
                continue
            if text[at] != character:
                if character.isspace():
                    continue  # an indent
                while at < len(text) - 1 and text[at] != character:
                    at += 1  # a blank that wrapping dropped
            if any(start <= at < end for start, end in changed):
                if stretches and stretches[-1][1] == column:
                    stretches[-1] = stretches[-1][0], column + 1
                else:
                    stretches.append((column, column + 1))
            at += 1
        items.append(Item(line, None, "", tuple(stretches)))
    return items
