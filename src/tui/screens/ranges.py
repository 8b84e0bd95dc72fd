"""Ranges: copying, pasting, filling and clearing places of a sheet. Each command is one step of undo."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ...core.amounts import AmountError, parse_number
from ...core.drafting.entering import normalised
from ...core.drafting.session import Edit, Refused
from ...core.i18n import _
from ...core.taxonomy import NUMBERS
from ...core.views.sheets import Place, Sheet, TableSheet
from ...core.views.tsv import figure, format_table, parse_table
from .entering import Entering

MOST_SAID = 200
"""So many cells that were not taken are listed."""


class Taken(NamedTuple):
    """What a paste or a fill comes to: the edits, what was not taken, in words, and what was pasted into
    computed places (row, column, text), which the edits may make true."""

    edits: list[Edit]
    refused: list[str]
    computed: list[tuple[str, int, str]]


class Ranges(Entering):
    """The commands on selected places."""

    clipboard = ""

    def do_clear(self) -> None:
        """Empty the selected places; an official figure goes where it is the one place selected."""
        edits = [
            Edit(place.kind, place.cell or (), None)
            for row in self.grid.selected()
            for place in row
            if place.editable and place.state == "entered"
        ]
        here = self.grid.here
        if self.grid.corner is None and here is not None and here.state == "official" and here.cell is not None:
            edits = [Edit("official", here.cell, None)]
        if edits:
            self.run_edits(_("Clear"), edits)

    def do_copy(self) -> None:
        sheet = self.grid.sheet
        if sheet is None or not self.grid.row_ids:
            return
        (top, left), (bottom, right) = self.grid.range
        rows = [
            [sheet.typed(self.grid.row_ids[row], column).strip() for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
        self.clipboard = format_table(rows)
        self.app.copy_to_clipboard(self.clipboard)
        self.show_value(_("{count} places copied").format(count=sum(map(len, rows))))

    def do_cut(self) -> None:
        self.do_copy()
        self.do_clear()

    def do_paste(self) -> None:
        if self.clipboard:
            self.paste_table(self.clipboard)

    def paste_table(self, text: str) -> None:
        """Put a table of cells down from the cursor, as one command. In the column of the codes, the
        first column of what is pasted says which accounts the lines belong to. What can't be
        entered is left out, and listed."""
        sheet = self.grid.sheet
        if sheet is None or self.session.read_only:
            return
        (top, left), _end = self.grid.range
        lines = parse_table(text)
        if isinstance(sheet, TableSheet) and sheet.grows == "account" and left == 0:
            taken = self._by_code(sheet, lines)
        else:
            taken = self._by_place(sheet, lines, top, left)
        self._do_taken(_("Paste"), taken)

    def _by_code(self, sheet: TableSheet, lines: list[list[str]]) -> Taken:
        """Lines that say in their first cell which account they are of."""
        taken = Taken([], [], [])
        for number, cells in enumerate(lines, 1):
            code = cells[0].strip()
            if not any(cell.strip() for cell in cells) or (code in sheet.rows and not self._is_code(sheet, code)):
                continue  # a parent, which is the sum of its items
            if not self._is_code(sheet, code):
                taken.refused.append(
                    _("line {line}: “{code}” is no account of {digits} digits").format(
                        line=number, code=code[:20], digits=sheet.table.digits
                    )
                )
                continue
            for column, cell in enumerate(cells[: len(sheet.columns)]):
                self._take(taken, sheet, code, column, cell)
        return taken

    def _by_place(self, sheet: Sheet, lines: list[list[str]], top: int, left: int) -> Taken:
        """Cells in the places where they land."""
        taken = Taken([], [], [])
        taken.edits.extend(self._new_records(sheet, top + len(lines)))
        outside = 0
        for down, cells in enumerate(lines):
            row = self._row(sheet, top + down)
            inside = len(sheet.columns) - left if row else 0
            for column, cell in enumerate(cells[:inside], left):
                self._take(taken, sheet, row, column, cell)
            outside += sum(bool(cell.strip()) for cell in cells[inside:])
        if outside:
            taken.refused.append(_("{count} cells beyond the edge of the sheet").format(count=outside))
        return taken

    def _take(self, taken: Taken, sheet: Sheet, row: str, column: int, text: str) -> None:
        """Take a pasted cell, or note why not. Nothing is said of names and of what stands there anyway."""
        text, place = text.strip(), sheet.place(row, column)
        if place.state == "label" or text == sheet.typed(row, column).strip() or place.cell is None:
            return
        if not place.editable:
            if text:
                taken.computed.append((row, column, text))
            return
        if text or place.state == "entered":
            try:
                edit = self._edit(place, text)
                normalised(self.session.report, edit)
                taken.edits.append(edit)
            except (AmountError, Refused) as error:
                taken.refused.append(f"{error}（{self.session.report.label(place.cell)}）")

    def _says(self, sheet: Sheet, row: str, column: int, text: str) -> bool:
        """Does a computed place say what was pasted there? Workbooks show as many digits as they like."""
        place, kind = sheet.place(row, column), sheet.columns[column].kind
        if kind not in NUMBERS:
            return text == place.text
        try:
            pasted = parse_number(figure(text) or "0")
        except AmountError:
            return False
        said = sheet.typed(row, column), place.text
        return any(_is(each, pasted) for each in said) or (not any(said) and not pasted)

    def _untrue(self, sheet: Sheet, taken: Taken) -> Iterator[str]:
        """What was pasted into computed places and differs from what they say now, in words."""
        for row, column, text in taken.computed:
            cell = sheet.place(row, column).cell
            if cell is not None and not self._says(sheet, row, column, text):
                yield _("“{text}” is left out, the place is computed ({place})").format(
                    place=self.session.report.label(cell), text=text[:20])

    def _do_taken(self, name: str, taken: Taken) -> None:
        """Enter what was taken, and say what was not: one line, or a list where that is too short."""
        count = sum(edit.kind != "insert" for edit in taken.edits)
        if taken.edits and not self.run_edits(name, taken.edits):
            return
        if self.grid.sheet is not None:
            taken.refused.extend(self._untrue(self.grid.sheet, taken))
        words = _("{name}: {count} places").format(name=name, count=count)
        if len(taken.refused) == 1:
            words += "  " + _("not taken: {what}").format(what=taken.refused[0])
        elif taken.refused:
            words += "  " + _("not taken: {what}").format(what=len(taken.refused))
            said: list[str] = taken.refused[:MOST_SAID]
            if len(taken.refused) > MOST_SAID:
                said.append(_("… and {count} more").format(count=len(taken.refused) - MOST_SAID))
            self.read(words, said)
        self.show_value(words)

    def _new_records(self, sheet: Sheet, rows: int) -> list[Edit]:
        """The records to add, so that there are `rows` of them."""
        if not isinstance(sheet, TableSheet) or sheet.grows != "record":
            return []
        return [Edit("insert", (sheet.table.id, sheet.owner, number)) for number in range(len(self.grid.row_ids), rows)]

    def _row(self, sheet: Sheet, number: int) -> str:
        """The row of a number, also of a record that is about to be added."""
        if number < len(self.grid.row_ids):
            return self.grid.row_ids[number]
        if isinstance(sheet, TableSheet) and sheet.grows == "record":
            return f"{sheet.owner}/{number + 1}" if sheet.owner else str(number + 1)
        return ""

    def do_fill(self) -> None:
        """Fill down: the first line of the selection, else what stands above the cursor."""
        (top, left), (bottom, right) = self.grid.range
        first = max(0, top - 1) if top == bottom else top
        rows, columns = range(first + 1, bottom + 1), range(left, right + 1)
        self._fill(_("Fill down"), [((first, column), (row, column)) for column in columns for row in rows])

    def do_fill_right(self) -> None:
        """Fill right: the first column of the selection, else what stands left of the cursor."""
        (top, left), (bottom, right) = self.grid.range
        first = max(0, left - 1) if left == right else left
        rows, columns = range(top, bottom + 1), range(first + 1, right + 1)
        self._fill(_("Fill right"), [((row, first), (row, column)) for row in rows for column in columns])

    def _fill(self, name: str, pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        sheet = self.grid.sheet
        if sheet is None or not self.grid.row_ids:
            return
        taken = Taken([], [], [])
        for (from_row, from_column), (row, column) in pairs:
            if self._place(sheet, row, column).editable:
                text = sheet.typed(self.grid.row_ids[from_row], from_column)
                self._take(taken, sheet, self.grid.row_ids[row], column, text)
        if taken.edits or taken.refused:
            self._do_taken(name, taken)

    def _place(self, sheet: Sheet, row: int, column: int) -> Place:
        return sheet.place(self.grid.row_ids[row], column)


def _is(text: str, value: Decimal) -> bool:
    try:
        return parse_number(text) == value
    except AmountError:
        return False
