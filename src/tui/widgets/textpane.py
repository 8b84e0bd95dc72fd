"""The text pane: a longer text being written, drawn line by line."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from ...core.text.width import printable, width
from ...core.views.textedit import TextEdit
from .bars import fitted
from .painted import Painted


class TextPane(Painted):
    """Shows a `TextEdit`, which holds the text; the pane holds just how far it is scrolled."""

    COMPONENT_CLASSES = {"text--selected"}

    def __init__(self, edit: TextEdit, id: str | None = None) -> None:
        super().__init__(id=id)
        self.edit = edit
        self.top = 0

    def on_resize(self) -> None:
        self.edit.resize(self.size.width)
        self.redraw()

    @property
    def page(self) -> int:
        """How many lines PageDown goes."""
        return max(1, self.size.height - 1)

    def redraw(self) -> None:
        """Draw what the edit holds now, the caret in sight."""
        row = self.edit.position[0]
        height = max(1, self.size.height)
        self.top = max(0, min(max(self.top, row - height + 1), row, len(self.edit.lines) - height))
        self.refresh()
        self.call_after_refresh(self.place_cursor)

    def place_cursor(self) -> None:
        """The terminal's own cursor stands at the caret, for the input method's window."""
        row, column = self.edit.position
        self.app.cursor_position = self.content_region.offset + (column, row - self.top)

    def render_line(self, y: int) -> Strip:
        number, columns, base = self.top + y, self.size.width, self.base
        if number >= len(self.edit.lines):
            return Strip.blank(columns, base)
        line = self.edit.lines[number]
        first, last = (max(0, min(len(line.text), at - line.start)) for at in self.edit.selection)
        text = printable(line.text)
        marked = self.get_component_rich_style("text--selected")
        segments = [
            Segment(text[:first], base),
            Segment(text[first:last], marked),
            Segment(text[last:], base),
        ]
        if width(text, self.edit.ambiguous) > columns:  # blanks that stand past the margin
            segments = [Segment(fitted(text.rstrip(), columns, self.edit.ambiguous), base)]
        taken = sum(width(segment.text, self.edit.ambiguous) for segment in segments)
        segments.append(Segment(" " * (columns - taken), base))
        return Strip([segment for segment in segments if segment.text], columns)
