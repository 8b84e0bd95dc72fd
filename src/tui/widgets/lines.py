"""Lines: a list of lines with a cursor, for the outline, findings, previews and choices."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ...core.text.width import width


class Item(NamedTuple):
    """A line: its text, what it stands for (None: nothing to choose), and the name of its style."""

    text: str
    key: Any = None
    style: str = ""


class Lines(Widget, can_focus=True):
    """Lines of text; the cursor stands on one of them."""

    COMPONENT_CLASSES = {"lines--cursor", "lines--strong", "lines--error", "lines--warning", "lines--dim", "lines--changed"}

    class Chosen(Message):
        """Enter was pressed on a line."""

        def __init__(self, lines: "Lines", key: Any) -> None:
            super().__init__()
            self.lines, self.key = lines, key

        @property
        def control(self) -> "Lines":
            return self.lines

    def __init__(self, id: str | None = None, ambiguous: int = 1, cursor: bool = True) -> None:
        super().__init__(id=id)
        self.items: list[Item] = []
        self.row = self.top = 0
        self.ambiguous = ambiguous
        self.has_cursor = cursor
        self.can_focus = cursor

    def show(self, items: list[Item], key: Any = None) -> None:
        """Show these lines, the cursor on the one with `key`, or where it was."""
        if items == self.items and key is None:
            return
        self.items = items
        if key is not None:
            self.row = next((n for n, item in enumerate(items) if item.key == key), self.row)
        self.row = max(0, min(self.row, len(items) - 1))
        self._keep_in_sight()
        self.refresh()

    @property
    def chosen(self) -> Any:
        return self.items[self.row].key if self.row < len(self.items) else None

    def move_to(self, row: int) -> None:
        """Put the cursor on a line."""
        row = max(0, min(row, len(self.items) - 1))
        old, top = self.row, self.top
        self.row = row
        self._keep_in_sight()
        if top != self.top:
            self.refresh()
        else:
            for number in {old, row}:
                if 0 <= number - self.top < self.size.height:
                    self.refresh(Region(0, number - self.top, self.size.width, 1))
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + (0, self.row - self.top)

    def _keep_in_sight(self) -> None:
        height = max(1, self.size.height)
        if self.row < self.top:
            self.top = self.row
        elif self.row >= self.top + height:
            self.top = self.row - height + 1

    def render_line(self, y: int) -> Strip:
        number = self.top + y
        base = self.rich_style
        if number >= len(self.items):
            return Strip.blank(self.size.width, base)
        item = self.items[number]
        style = self.get_component_rich_style("lines--" + item.style) if item.style else base
        if self.has_cursor and number == self.row and self.has_focus:
            style = self.get_component_rich_style("lines--cursor")
        text = item.text
        while width(text, self.ambiguous) > self.size.width:
            text = text[:-1]
        return Strip([Segment(text + " " * (self.size.width - width(text, self.ambiguous)), style)], self.size.width)

    def on_key(self, event: events.Key) -> None:
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -1_000_000, "end": 1_000_000}
        if event.key in steps:
            if self.has_cursor:
                self.move_to(self.row + steps[event.key])
        elif event.key == "enter":
            self.post_message(self.Chosen(self, self.chosen))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_focus(self) -> None:
        self.refresh()
        self.app.cursor_position = self.content_region.offset + (0, self.row - self.top)

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self._keep_in_sight()
