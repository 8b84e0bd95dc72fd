"""The grid: one widget for every sheet, drawn line by line, edited in place.

It keeps the focus while a cell is edited: moving the focus costs Textual a whole screen. It
shows a `Sheet` of the core and holds nothing but the cursor, the selection and the scroll.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ...core.lineedit import LineEdit
from ...core.sheets import Place, Sheet
from ...core.text.width import width
from ...core.text.wrap import wrap_evenly

NUMERIC = ("amount", "count", "score", "percent")
WIDTHS = {"code": 8, "label": 26, "text": 24, "choice": 6, "flag": 4, "count": 8, "score": 8, "percent": 10, "amount": 12}
MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class Grid(Widget, can_focus=True):
    """A sheet with a cursor. Header and key columns stay in sight."""

    COMPONENT_CLASSES = {"grid--header", "grid--label", "grid--derived", "grid--cursor", "grid--selected",
                         "grid--edit", "grid--error", "grid--changed"}

    class Moved(Message):
        """The cursor stands on another place."""

    class Entered(Message):
        """The user entered a text in the cursor's place. `move` is where the cursor goes then."""

        def __init__(self, text: str, move: str) -> None:
            super().__init__()
            self.text, self.move = text, move

    class Opened(Message):
        """The user wants the place opened in an editor of its own (long text)."""

    class Pasted(Message):
        """A text with several cells was pasted at the cursor."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, id: str | None = None, ambiguous: int = 1) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        self.row_ids: tuple[str, ...] = ()
        self.row = self.column = 0
        self.anchor: tuple[int, int] | None = None
        self.top = self.left_column = 0
        self.edit: LineEdit | None = None
        self.marks: dict[tuple[str, str, str], str] = {}
        self.changed: set[tuple[str, str, str]] = set()
        self.ambiguous = ambiguous
        self.read_only = False
        self._widths: list[int] = []
        self._header: list[list[str]] = []

    # ── what is shown ──

    def show(self, sheet: Sheet | None, row: str = "", column: str = "") -> None:
        """Show a sheet, the cursor on a row and column, or on the first place to fill."""
        self.sheet = sheet
        self.edit = self.anchor = None
        self.top = self.left_column = 0
        self.row_ids = sheet.rows if sheet else ()
        self._measure()
        self.row, self.column = self._first()
        if row in self.row_ids:
            self.row = self.row_ids.index(row)
        if sheet is not None and column:
            self.column = next((n for n, own in enumerate(sheet.columns) if own.id == column), self.column)
        self._keep_in_sight()
        self.refresh()
        self._tell()

    def reload(self) -> None:
        """Rows may have come or gone; the cursor stays on its row where that still is."""
        if self.sheet is None:
            return
        here = self.row_ids[self.row] if self.row < len(self.row_ids) else ""
        self.row_ids = self.sheet.rows
        if here in self.row_ids:
            self.row = self.row_ids.index(here)
        self.row = max(0, min(self.row, len(self.row_ids) - 1))
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
        return self.row_ids[self.row] if self.row < len(self.row_ids) else ""

    def _first(self) -> tuple[int, int]:
        """The first empty place to fill, else the first to fill, else the first."""
        best = None
        for place in self._places():
            row, column, what = place
            if what.state == "blank":
                return row, column
            best = best or (row, column)
        return best or (0, len([c for c in self.sheet.columns if c.frozen]) if self.sheet else 0)

    def _places(self) -> list[tuple[int, int, Place]]:
        """The editable places, row by row."""
        if self.sheet is None:
            return []
        found = []
        for row, id in enumerate(self.row_ids):
            for column in range(len(self.sheet.columns)):
                place = self.sheet.place(id, column)
                if place.editable:
                    found.append((row, column, place))
        return found

    def _measure(self) -> None:
        self._widths, self._header = [], []
        if self.sheet is None:
            return
        for number, column in enumerate(self.sheet.columns):
            least = WIDTHS.get(column.kind, 12)
            if column.kind in NUMERIC:
                longest = max((width(self.sheet.place(row, number).text, self.ambiguous) for row in self.row_ids[:200]), default=0)
                least = max(least, min(longest, 18))
            elif column.kind == "label":
                longest = max((width(self.sheet.place(row, number).text, self.ambiguous) for row in self.row_ids), default=0)
                least = max(10, min(longest, 32))
            self._widths.append(least)
        wrapped = [list(wrap_evenly(column.title, size, self.ambiguous)) for column, size in zip(self.sheet.columns, self._widths)]
        height = max(map(len, wrapped))
        self._header = [[""] * (height - len(lines)) + lines for lines in wrapped]

    @property
    def header_height(self) -> int:
        return len(self._header[0]) if self._header else 0

    def _shown_columns(self) -> list[tuple[int, int]]:
        """The columns in sight and where each begins: the frozen ones, then from `left_column` on."""
        if self.sheet is None:
            return []
        x, shown = 0, []
        frozen = [n for n, column in enumerate(self.sheet.columns) if column.frozen]
        rest = [n for n, column in enumerate(self.sheet.columns) if not column.frozen]
        for number in frozen + rest[self.left_column:]:
            if x + self._widths[number] > self.size.width and number not in frozen:
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

    # ── drawing ──

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return container.height

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        if self.sheet is None:
            return Strip.blank(self.size.width, base)
        segments: list[Segment] = []
        x = 0
        header = y < self.header_height
        number = self.top + y - self.header_height
        if not header and number >= len(self.row_ids):
            return Strip.blank(self.size.width, base)
        for column, start in self._shown_columns():
            if start > x:
                segments.append(Segment(" " * (start - x), base))
            size = min(self._widths[column], self.size.width - start)
            if header:
                text, style = self._header[column][y], self.get_component_rich_style("grid--header")
                right = self.sheet.columns[column].kind in NUMERIC
            else:
                text, style, right = self._cell(number, column, size)
            segments.append(Segment(self._fit(text, size, right), style))
            x = start + size
        segments.append(Segment(" " * max(0, self.size.width - x), base))
        return Strip(segments, self.size.width)

    def _cell(self, number: int, column: int, size: int) -> tuple[str, Style, bool]:
        assert self.sheet is not None
        row = self.row_ids[number]
        place = self.sheet.place(row, column)
        own = self.sheet.columns[column]
        right = own.kind in NUMERIC
        name = {"label": "grid--label", "derived": "grid--derived", "official": "grid--derived"}.get(place.state, "")
        style = self.get_component_rich_style(name) if name else self.rich_style
        cursor = (number, column) == (self.row, self.column)
        if place.cell in self.changed:
            style = self.get_component_rich_style("grid--changed")
        if self._selected(number, column):
            style = self.get_component_rich_style("grid--selected")
        if cursor and self.edit is not None:
            text, _caret = self.edit.visible(size, self.ambiguous)
            return text, self.get_component_rich_style("grid--edit"), False
        if cursor:
            style = self.get_component_rich_style("grid--cursor")
        text = place.text.replace("\n", " ")
        sign = self.marks.get(place.cell, "") if place.cell else ""
        if sign:
            style = style + self.get_component_rich_style("grid--error") if not cursor else style
            text = sign + text
        elif place.state == "official":
            text = "*" + text
        elif place.state == "blank" and not text:
            text = "·" if right else "…"
        return text, style, right

    def _fit(self, text: str, size: int, right: bool) -> str:
        """The text in just so many columns; a figure that has no room shows #, never a part of itself."""
        taken = width(text, self.ambiguous)
        if taken > size:
            if right:
                return "#" * size
            while taken > size - 1:
                text = text[:-1]
                taken = width(text, self.ambiguous)
            text += ">"
            taken += 1
        blank = " " * (size - taken)
        return blank + text if right else text + blank

    def _selected(self, row: int, column: int) -> bool:
        if self.anchor is None:
            return False
        (top, left), (bottom, right) = self.range
        return top <= row <= bottom and left <= column <= right

    @property
    def range(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The selected rectangle: top left and bottom right."""
        anchor = self.anchor or (self.row, self.column)
        return ((min(anchor[0], self.row), min(anchor[1], self.column)), (max(anchor[0], self.row), max(anchor[1], self.column)))

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
        old, before, had = self.row, (self.top, self.left_column), self.anchor
        if select and self.anchor is None:
            self.anchor = (self.row, self.column)
        elif not select:
            self.anchor = None
        self.row, self.column = row, column
        self._keep_in_sight()
        if before != (self.top, self.left_column) or had or self.anchor:
            self.refresh()
        else:
            self._refresh_row(old)
            self._refresh_row(row)
        self._tell()

    def next_place(self, step: int) -> bool:
        """To the next (1) or the last (-1) place that is filled in; False where there is none."""
        places = [(row, column) for row, column, _place in self._places()]
        ahead = [place for place in places if (place > (self.row, self.column) if step > 0 else place < (self.row, self.column))]
        if not ahead:
            return False
        self.move_to(*(ahead[0] if step > 0 else ahead[-1]))
        return True

    def down_place(self) -> None:
        """Down to the next row where this column is filled in."""
        assert self.sheet is not None
        for row in range(self.row + 1, len(self.row_ids)):
            if self.sheet.place(self.row_ids[row], self.column).editable:
                self.move_to(row, self.column)
                return
        self.next_place(1)

    def _tell(self) -> None:
        self._place_cursor()
        self.post_message(self.Moved())

    def _place_cursor(self) -> None:
        """The terminal's own cursor stands at the cell, for the input method's window."""
        for number, start in self._shown_columns():
            if number == self.column:
                caret = self.edit.visible(self._widths[number], self.ambiguous)[1] if self.edit else 0
                y = self.row - self.top + self.header_height
                self.app.cursor_position = self.content_region.offset + (start + caret, y)

    # ── keys ──

    def begin(self, text: str | None = None) -> bool:
        """Begin to edit the cursor's place, with a text that replaces what stands there, or with that."""
        place = self.here
        if place is None or not place.editable or self.read_only or self.sheet is None:
            return False
        if self.sheet.columns[self.column].kind == "flag":
            self.post_message(self.Entered("false" if place.text == "是" else "true", ""))
            return True
        self.edit = LineEdit(place.text)
        if text is not None:
            self.edit = LineEdit("")
            self.edit.insert(text)
        self._refresh_row(self.row)
        self._place_cursor()
        return True

    def cancel(self) -> None:
        """Leave the edit without entering it."""
        self.edit = None
        self._refresh_row(self.row)
        self._place_cursor()

    def commit(self, move: str) -> None:
        """Hand over what was typed."""
        assert self.edit is not None
        text = self.edit.text
        self.edit = None
        self._refresh_row(self.row)
        self.post_message(self.Entered(text, move))

    def on_key(self, event: events.Key) -> None:
        if self.edit is not None:
            self._edit_key(event)
        else:
            self._move_key(event)

    def _edit_key(self, event: events.Key) -> None:
        assert self.edit is not None
        if event.key in ("enter", "tab", "shift+tab", "up", "down"):
            self.commit({"enter": "down", "tab": "next", "shift+tab": "last"}.get(event.key, event.key))
        elif event.key in ("escape", "ctrl+g"):
            self.cancel()
        elif self.edit.key(event.key):
            self._refresh_row(self.row)
            self._place_cursor()
        elif event.character and event.is_printable:
            self.edit.insert(event.character)
            self._refresh_row(self.row)
            self._place_cursor()
        else:
            return
        event.stop()
        event.prevent_default()

    def _move_key(self, event: events.Key) -> None:
        key = event.key
        select = key.startswith("shift+")
        plain = key.removeprefix("shift+")
        page = max(1, self.size.height - self.header_height - 1)
        if plain in MOVES:
            down, right = MOVES[plain]
            self.move_to(self.row + down, self.column + right, select)
        elif plain in ("pagedown", "pageup"):
            self.move_to(self.row + (page if plain == "pagedown" else -page), self.column, select)
        elif plain in ("home", "end"):
            self.move_to(self.row, 0 if plain == "home" else 10_000, select)
        elif plain in ("ctrl+home", "ctrl+end"):
            self.move_to(0 if plain == "ctrl+home" else 10_000_000, self.column, select)
        elif key == "tab":
            if not self.next_place(1):
                return
        elif key == "shift+tab":
            if not self.next_place(-1):
                return
        elif key == "enter":
            self.down_place()
        elif key in ("backspace",):
            self.begin("")
        elif event.character and event.is_printable and event.character != " " and self.begin(event.character):
            pass
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self.edit is not None and "\t" not in event.text and "\n" not in event.text.strip("\r\n"):
            self.edit.insert(event.text)
            self._refresh_row(self.row)
            self._place_cursor()
        elif not self.read_only:
            self.edit = None
            self.post_message(self.Pasted(event.text))

    def on_resize(self) -> None:
        self._measure()
        self._keep_in_sight()
        self._place_cursor()

    def on_focus(self) -> None:
        self._place_cursor()
