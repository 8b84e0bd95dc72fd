"""The grid: one widget for every sheet, drawn line by line, edited in place.

A cell is edited where it stands: a widget of its own for that would cost Textual a whole screen.
The grid shows a `Sheet` of the core and holds nothing but the cursor, the selection, the scroll
and the text that is being typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from ...core.source import Cell
from ...core.taxonomy import NUMBERS
from ...core.text.width import printable, width
from ...core.views.heads import head_lines
from ...core.views.lineedit import LineEdit
from ...core.views.sheets import Place, Sheet
from .bars import fitted
from .painted import Painted

WIDTHS = {
    "code": 8,
    "label": 26,
    "text": 20,
    "choice": 8,
    "flag": 8,
    "count": 8,
    "score": 8,
    "percent": 10,
    "amount": 10,
}
NUMERIC = (*NUMBERS, "percent")
STATES = {"label": "grid--label", "derived": "grid--derived", "partial": "grid--derived", "official": "grid--official"}
SIGN_STYLES = {"!": "grid--error", "?": "grid--warning"}
Position = tuple[int, int]


class GridView(Painted):
    """A sheet with a cursor. Header and key columns stay in sight."""

    COMPONENT_CLASSES = {
        "grid--header",
        "grid--label",
        "grid--derived",
        "grid--cursor",
        "grid--selected",
        "grid--edit",
        "grid--error",
        "grid--warning",
        "grid--official",
        "grid--changed",
    }

    def __init__(self, id: str | None = None, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        self.row_ids: tuple[str, ...] = ()
        self.row = self.column = 0
        self.corner: Position | None = None
        self.top = self.left_column = 0
        self.edit: LineEdit | None = None
        self.changed: set[Cell] = set()
        self.ambiguous = ambiguous
        self.active = True
        self.sign: Callable[[Cell], str] = lambda cell: ""
        self.moved: Callable[[], None] = lambda: None
        self._widths: list[int] = []
        self._header: list[list[tuple[int, str]]] = []
        self._headed = -1

    # ── what is shown ──

    def show(self, sheet: Sheet | None, row: str = "", column: str = "") -> None:
        """Show a sheet, the cursor on a row and column, or on the first place to fill."""
        self.sheet = sheet
        self.edit = self.corner = None
        self.top = self.left_column = 0
        self.row_ids = sheet.rows if sheet else ()
        self.measure()
        self.row, self.column = self._first()
        if row in self.row_ids:
            self.row = self.row_ids.index(row)
        if sheet is not None and column:
            self.column = next((n for n, own in enumerate(sheet.columns) if own.id == column), self.column)
        self._keep_in_sight()
        self.refresh()
        self._tell()

    def follow(self, cells: set[Cell], signed: set[Cell]) -> None:
        """Show what an edit changed: these cells, and the signs of others; rows may have come or gone, and the
        cursor stays on its row where that still is."""
        if self.sheet is None:
            return
        before, self.changed = self.changed, cells
        rows, here = self.sheet.rows, self.row_id
        if rows == self.row_ids:
            touched = self.sheet.touched(before | cells | signed)
            for number in range(self.top, min(len(rows), self.top + self.size.height)):
                if number == self.row or rows[number] in touched:
                    self._refresh_row(number)
            self._tell()
            return
        self.row_ids, self.corner = rows, None
        if here in rows:
            self.row = rows.index(here)
        self.row = max(0, min(self.row, len(rows) - 1))
        self.measure()
        self._keep_in_sight()
        self.refresh()
        self._tell()

    @property
    def here(self) -> Place | None:
        """The place under the cursor."""
        if self.sheet is None or not self.row_ids:
            return None
        return self.sheet.place(self.row_ids[self.row], self.column)

    @property
    def row_id(self) -> str:
        """The row under the cursor, '' for none."""
        return self.row_ids[self.row] if self.row < len(self.row_ids) else ""

    @property
    def range(self) -> tuple[Position, Position]:
        """The selected rectangle: top left and bottom right."""
        row, column = self.corner or (self.row, self.column)
        return (min(row, self.row), min(column, self.column)), (max(row, self.row), max(column, self.column))

    def selected(self) -> list[list[Place]]:
        """The selected places, row by row."""
        if self.sheet is None or not self.row_ids:
            return []
        (top, left), (bottom, right) = self.range
        return [
            [self.sheet.place(self.row_ids[row], column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    def places(self, start: Position = (0, 0), step: int = 1) -> Iterator[tuple[int, int, Place]]:
        """The places that can be filled in, row by row, from `start` on or backwards."""
        if self.sheet is None:
            return
        columns = range(len(self.sheet.columns))[::step]
        for row in range(start[0], len(self.row_ids)) if step > 0 else range(start[0], -1, -1):
            for column in columns:
                if row != start[0] or (column - start[1]) * step >= 0:
                    place = self.sheet.place(self.row_ids[row], column)
                    if place.editable:
                        yield row, column, place

    def _first(self) -> Position:
        """The first empty place to fill among the first hundred, else the first to fill, else the first."""
        best = None
        for number, (row, column, place) in enumerate(self.places()):
            best = best or (row, column)
            if place.state == "blank":
                return row, column
            if number > 100:
                break
        return best or (0, len([c for c in self.sheet.columns if c.frozen]) if self.sheet else 0)

    def measure(self) -> None:
        self._widths, self._header = [], []
        if self.sheet is None:
            return
        widest_label = max(12, min(32, self.size.width // 3))
        for number, column in enumerate(self.sheet.columns):
            least = WIDTHS.get(column.kind, 12)
            if column.kind in NUMERIC:
                longest = max(
                    (width(self.sheet.place(row, number).text, self.ambiguous) + 1 for row in self.row_ids[:200]),
                    default=0,
                )
                least = max(least, min(longest, 18))
            elif column.kind == "label":
                least = 10
                for row in self.row_ids:
                    least = max(least, min(width(self.sheet.place(row, number).text, self.ambiguous), widest_label))
                    if least == widest_label:
                        break
            self._widths.append(least)
        self._widen_texts()
        self._lay_out_head()

    def _lay_out_head(self) -> None:
        """Measure the head. Its height is that over all columns, so that the rows stay where they
        are while the columns pass."""
        assert self.sheet is not None
        columns = self.sheet.columns
        right = [column.kind in NUMERIC for column in columns]
        whole = head_lines([column.head for column in columns], [column.title for column in columns],
                           self._widths, right, self._most_head, self.ambiguous)
        self._header = [[] for _line in whole]
        self._headed = -1

    def _follow_head(self) -> None:
        """Lay out the head over the columns that are in sight now."""
        if self.sheet is None or self._headed == self.left_column or not self._header:
            return
        self._headed = self.left_column
        columns = [self.sheet.columns[number] for number, _start in self._shown_columns()]
        sizes = [self._widths[number] for number, _start in self._shown_columns()]
        right = [column.kind in NUMERIC for column in columns]
        head = head_lines([column.head for column in columns], [column.title for column in columns],
                          sizes, right, len(self._header), self.ambiguous)
        self._header = [[] for _line in range(len(self._header) - len(head))] + head

    @property
    def _most_head(self) -> int:
        """So many lines the head may have at most: rows must stay in sight."""
        return 2 if self.size.height < 10 else 4 if self.size.height < 30 else 6

    def _widen_texts(self) -> None:
        """Give what room is left to the columns of names, then of texts, as far as they have use for it."""
        assert self.sheet is not None
        spare = self.size.width - sum(self._widths) - len(self._widths) + 1
        texts = [number for number, column in enumerate(self.sheet.columns) if column.kind == "label"]
        texts += [number for number, column in enumerate(self.sheet.columns) if column.kind == "text"]
        for left, number in zip(range(len(texts), 0, -1), texts):
            longest = max(
                (width(self.sheet.place(row, number).text, self.ambiguous) for row in self.row_ids[:50]), default=0
            )
            share = spare if self.sheet.columns[number].kind == "label" else spare // left
            more = max(0, min(longest + 1 - self._widths[number], share))
            self._widths[number] += more
            spare -= more

    @property
    def header_height(self) -> int:
        """The lines of the header."""
        return len(self._header)

    def _shown_columns(self) -> list[tuple[int, int]]:
        """The columns in sight and where each begins: the frozen ones, then from `left_column` on."""
        if self.sheet is None:
            return []
        x, shown = 0, []
        frozen = [n for n, column in enumerate(self.sheet.columns) if column.frozen]
        rest = [n for n, column in enumerate(self.sheet.columns) if not column.frozen][self.left_column :]
        for number in frozen + rest:
            if x + self._widths[number] > self.size.width and number not in frozen and number != rest[0]:
                break
            shown.append((number, x))
            x += self._widths[number] + 1
        return shown

    def _keep_in_sight(self) -> None:
        visible = max(1, self.size.height - self.header_height)
        if self.row < self.top:
            self.top = self.row
        elif self.row >= self.top + visible:
            self.top = self.row - visible + 1
        if self.sheet is None or not self.size.width:
            return
        frozen = sum(column.frozen for column in self.sheet.columns)
        if self.column >= frozen:
            position = self.column - frozen
            self.left_column = min(self.left_column, position)
            while self.column not in [number for number, _x in self._shown_columns()] and self.left_column < position:
                self.left_column += 1
        self._follow_head()

    # ── drawing ──

    def render_line(self, y: int) -> Strip:
        base = self.base
        number = self.top + y - self.header_height
        if y < self.header_height:
            return self._head_line(y)
        if self.sheet is None or number >= len(self.row_ids):
            return Strip.blank(self.size.width, base)
        segments: list[Segment] = []
        x = 0
        for column, start in self._shown_columns():
            if start > x:
                segments.append(Segment(" " * (start - x), base))
            size = max(0, min(self._widths[column], self.size.width - start))
            text, style, right = self._cell(number, column, size)
            segments.append(Segment(self._fit(text, size, right), style))
            x = start + size
        segments.append(Segment(" " * max(0, self.size.width - x), base))
        return Strip(segments, self.size.width)

    def _head_line(self, y: int) -> Strip:
        """A line of the head."""
        line = ""
        for start, text in self._header[y]:
            line += " " * (start - width(line, self.ambiguous)) + text
        style = self.get_component_rich_style("grid--header")
        return Strip([Segment(fitted(line, self.size.width, self.ambiguous), style)], self.size.width)

    def _cell(self, number: int, column: int, size: int) -> tuple[str, Style, bool]:
        """What stands in a cell, its style, and whether it stands on the right."""
        assert self.sheet is not None
        place = self.sheet.place(self.row_ids[number], column)
        right = self.sheet.columns[column].kind in NUMERIC
        cursor = (number, column) == (self.row, self.column) and self.active
        if cursor and self.edit is not None:
            return self.edit.visible(size, self.ambiguous)[0], self.get_component_rich_style("grid--edit"), False
        name = STATES.get(place.state, "")
        if place.cell in self.changed and (place.kind != "reason" and place.state != "label"):
            name = "grid--changed"
        sign = self.sign(place.cell) if place.cell else ""
        name = SIGN_STYLES.get(sign, name)
        if self.corner is not None and self._in_range(number, column):
            name = "grid--selected"
        if cursor:
            name = "grid--cursor"
        style = self.get_component_rich_style(name) if name else self.base
        text = printable(place.text.replace("\n", " "))
        if place.state == "official":
            text = "*" + text
        elif place.state == "none" and not text:
            text = "-"
        elif place.state == "blank" and not text:
            text = "·" if right else "…"
        return sign + text, style, right

    def _fit(self, text: str, size: int, right: bool) -> str:
        """The text in just so many columns; a figure that has no room shows #, never a part of itself."""
        taken = width(text, self.ambiguous)
        if right and taken > size:
            return "#" * size
        return " " * (size - taken) + text if right else fitted(text, size, self.ambiguous) if size else ""

    def _in_range(self, row: int, column: int) -> bool:
        (top, left), (bottom, right) = self.range
        return top <= row <= bottom and left <= column <= right

    def _refresh_row(self, row: int) -> None:
        y = row - self.top + self.header_height
        if self.header_height <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    # ── moving ──

    def move_to(self, row: int, column: int, select: bool = False) -> None:
        """Put the cursor on a place, drawing again just what looks different."""
        if self.sheet is None or not self.row_ids:
            return
        row = max(0, min(row, len(self.row_ids) - 1))
        column = max(0, min(column, len(self.sheet.columns) - 1))
        if (row, column, self.corner, select) == (self.row, self.column, None, False):
            return
        old, before, had = self.row, (self.top, self.left_column), self.corner
        if select and self.corner is None:
            self.corner = (self.row, self.column)
        elif not select:
            self.corner = None
        self.row, self.column = row, column
        self._keep_in_sight()
        if before != (self.top, self.left_column) or had or self.corner:
            self.refresh()
        else:
            self._refresh_row(old)
            self._refresh_row(row)
        self._tell()

    def activate(self, active: bool) -> None:
        """Show the cursor, or leave the keys to others."""
        if active != self.active:
            self.active = active
            self._refresh_row(self.row)
        self.place_cursor()

    def _tell(self) -> None:
        self.place_cursor()
        self.moved()

    def place_cursor(self) -> None:
        """The terminal's own cursor stands at the cell, for the input method's window."""
        if not self.active:
            return
        for number, start in self._shown_columns():
            if number == self.column:
                caret = self.edit.visible(self._widths[number], self.ambiguous)[1] if self.edit else 0
                y = self.row - self.top + self.header_height
                self.app.cursor_position = self.content_region.offset + (start + caret, y)

    def on_resize(self) -> None:
        self.measure()
        self._keep_in_sight()
        self.refresh()
        self.call_after_refresh(self.place_cursor)
