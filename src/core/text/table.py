"""Printed tables as lines of fixed-pitch text.

A table has rules of '=' above and below, a rule of '-' below its head and above the rows
that ask for one, two blanks between its columns (four between side-by-side panels) and no
vertical lines: it stays readable where a font draws “ ” … — a little narrower or wider.

Figures are right-aligned, and are never wrapped, cut or left out. What is too wide is
narrowed by wrapping labels, names and texts; then its panels are put under one another;
then a panel is continued by groups of columns, with its key columns repeated, under the
title with （续表）. What still does not fit goes past the margin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..document import Cell, Column, Row, Table
from . import grid
from .body import TableRow, body_rows
from .grid import GridRow, Limits
from .header import header_lines
from .width import printable, width
from .wrap import wrap, wrap_evenly

CONTINUED = "（续表）"

_NOTE_LEAST = 76  # columns: notes below a narrow table are as wide as paragraphs


class Part(NamedTuple):
    """A table, or one piece of a table that is too wide: from its title to its last rule."""

    caption: list[str]
    continued: list[str]  # the caption where the part goes on, on another page
    head: list[str]  # the first rule, the labels, and the rule below them
    rows: list[TableRow]
    foot: str

    def lines(self) -> list[str]:
        """The whole part on one page."""
        lines = [*self.caption, *self.head]
        for number, row in enumerate(self.rows):
            if row.rule and number:
                lines.append(row.rule)
            lines.extend(row.lines)
        lines.append(self.foot)
        return lines


class Layout(NamedTuple):
    """A laid-out table: its parts from top to bottom, and the lines of its notes."""

    parts: list[Part]
    notes: list[str]


def table_lines(table: Table, width: int = 120, ambiguous: int = 2) -> list[str]:
    """`table` as lines without trailing blanks, a blank line between its parts."""
    layout = lay_out(table, width, ambiguous)
    lines: list[str] = []
    for part in layout.parts:
        if lines:
            lines.append("")
        lines.extend(part.lines())
    return lines + layout.notes


def lay_out(table: Table, width: int = 120, ambiguous: int = 2) -> Layout:
    """`table` in parts of at most `width` columns, where that can be; 0 is 'do not wrap'.

    ValueError when a row has more cells than the table has columns, or cells overlap.
    """
    parts: list[Part] = []
    for piece, rows, bounds in _pieces(table, width, ambiguous):
        parts.append(_part(piece, rows, bounds, width, ambiguous, bool(parts)))
    measure = max(_NOTE_LEAST, *(len(part.foot) for part in parts))
    if width:
        measure = min(measure, width)
    notes: list[str] = []
    for note in table.notes:
        notes += wrap(printable(note, keep="\n"), measure if width else 0, ambiguous=ambiguous)
    return Layout(parts, notes)


# --- what is too wide ---

_Piece = tuple[Table, list[GridRow], Limits]


def _pieces(table: Table, width: int, ambiguous: int) -> Iterator[_Piece]:
    """The table, or the tables that it is split into, with their cells and column limits."""
    rows = grid.place(table, ambiguous)
    splits = _can_split(table, rows)
    bounds = grid.limits(table, rows, wrapped=width > 0, irregular=not splits, ambiguous=ambiguous)
    spare = width - sum(grid.gaps(table.columns)) - sum(bounds.low)
    if width == 0 or spare >= 0 or not splits:
        yield table, rows, bounds
        return
    panels = sorted({column.panel for column in table.columns})
    if len(panels) > 1:
        for panel in panels:
            which = [i for i, column in enumerate(table.columns) if column.panel == panel]
            yield from _pieces(_select(table, which, blank_rows=False), width, ambiguous)
        return
    groups = _groups(table.columns, bounds, width)
    if len(groups) == 1:
        yield table, rows, bounds
        return
    for which in groups:
        piece = _select(table, which, blank_rows=True)
        rows = grid.place(piece, ambiguous)
        bounds = grid.limits(piece, rows, wrapped=True, irregular=False, ambiguous=ambiguous)
        yield piece, rows, bounds


def _can_split(table: Table, rows: list[GridRow]) -> bool:
    """Whether the columns can be printed apart: not without a head, nor with cells that span
    more than key columns. A cell that reaches into another panel ends in that panel."""
    if not any(column.header for column in table.columns):
        return False
    keys = _keys(table.columns)
    for row in rows:
        for cell in row.cells:
            if cell.rows > 1:
                return False
            if cell.columns > 1:
                covers = range(cell.column, cell.column + cell.columns)
                if len({table.columns[i].panel for i in covers}) == 1 and not keys.issuperset(covers):
                    return False
    return True


def _keys(columns: tuple[Column, ...]) -> set[int]:
    """The columns that name the rows: those marked so, or else a panel's first codes and names."""
    keys = {i for i, column in enumerate(columns) if column.key}
    marked = {columns[i].panel for i in keys}
    for i, column in enumerate(columns):
        if column.panel not in marked and column.kind in ("code", "name"):
            first = i == 0 or columns[i - 1].panel != column.panel
            if first or i - 1 in keys:
                keys.add(i)
    return keys


def _select(table: Table, which: list[int], *, blank_rows: bool) -> Table:
    """The table with only some of its columns; rows that this leaves blank, only if asked for."""
    chosen = set(which)
    rows: list[Row] = []
    for row in table.rows:
        cells: list[Cell] = []
        at = 0
        for cell in row.cells:
            end = at + cell.columns
            kept = sum(i in chosen for i in range(at, end))
            if kept == cell.columns:
                cells.append(cell)
            elif kept:  # printed where it ends, beside the figure that it names
                cells.append(cell._replace(columns=kept, text=cell.text if end - 1 in chosen else ""))
            at = end
        if blank_rows or any(cell.text.strip() for cell in cells):
            rows.append(row._replace(cells=tuple(cells)))
    return table._replace(columns=tuple(table.columns[i] for i in which), rows=tuple(rows))


def _groups(columns: tuple[Column, ...], bounds: Limits, width: int) -> list[list[int]]:
    """The columns of one panel in groups that fit, the key columns in every group.

    Columns under one heading stay together where they can, and the groups are about equally
    wide.
    """
    keys = sorted(_keys(columns))
    others = [i for i in range(len(columns)) if i not in keys]
    if not others:
        return [keys]
    taken = [low + grid.GAP for low in bounds.low]
    least = sum(taken[i] for i in keys)
    usual = sum(max(bounds.low[i], min(bounds.high[i], grid.NAME_USUAL)) + grid.GAP for i in keys)
    packed: list[list[int]] = []
    for key_columns in (usual, least):  # narrower names, if that saves a group
        room = width + grid.GAP - key_columns
        units = _units(columns, others, 0, room, taken)
        groups = _packed(units, room, taken)
        if not packed or len(groups) < len(packed):
            packed = groups
            largest = max(sum(taken[i] for i in unit) for unit in units)
            for less in range(room - 1, largest - 1, -1):
                even = _packed(units, less, taken)
                if len(even) > len(packed):
                    break
                packed = even
    return [sorted(keys + group) for group in packed]


def _units(columns: tuple[Column, ...], which: list[int], level: int, room: int, taken: list[int]) -> list[list[int]]:
    """Neighbours under one heading, down to the level on which they fit into the room."""
    runs: list[list[int]] = []
    for i in which:
        header = columns[i].header
        if runs and header[: level + 1] == columns[runs[-1][-1]].header[: level + 1]:
            runs[-1].append(i)
        else:
            runs.append([i])
    units: list[list[int]] = []
    for run in runs:
        if len(run) == 1 or sum(taken[i] for i in run) <= room:
            units.append(run)
        elif level + 1 < max(len(columns[i].header) for i in run):
            units += _units(columns, run, level + 1, room, taken)
        else:
            units += [[i] for i in run]
    return units


def _packed(units: list[list[int]], room: int, taken: list[int]) -> list[list[int]]:
    """Units in as few groups as the room allows, in order; a group has at least one."""
    groups: list[list[int]] = []
    left = 0
    for unit in units:
        need = sum(taken[i] for i in unit)
        if groups and need <= left:
            groups[-1] += unit
            left -= need
        else:
            groups.append(list(unit))
            left = room - need
    return groups


# --- one part ---


def _part(
    table: Table,
    rows: list[GridRow],
    bounds: Limits,
    limit: int,
    ambiguous: int,
    continues: bool,
) -> Part:
    """One part, laid out in at most `limit` columns (0: no limit) if it can be."""
    title, form, left, right = (printable(text).strip() for text in (table.title, table.form, table.left, table.right))
    before = grid.gaps(table.columns)
    widths = _widths(table, rows, bounds, before, limit)
    every = range(len(widths))
    beside = width(left, ambiguous) + width(right, ambiguous) + (grid.GAP if left and right else 0)
    wish = max(width(title, ambiguous), beside, width(form, ambiguous))
    if limit:
        wish = min(wish, limit)
    grid.grow(table.columns, widths, every, wish - sum(widths) - sum(before))

    starts: list[int] = []
    at = 0
    for gap, columns in zip(before, widths):
        starts.append(at + gap)
        at += gap + columns
    labels = header_lines(table.columns, starts, widths, ambiguous)
    head = ["=" * at, *labels, "-" * at] if labels else ["=" * at]
    again = _caption(title + CONTINUED, form, left, right, at, limit, ambiguous)
    first = again if continues else _caption(title, form, left, right, at, limit, ambiguous)
    return Part(first, again, head, body_rows(table, rows, starts, widths, ambiguous), "=" * at)


def _widths(table: Table, rows: list[GridRow], bounds: Limits, before: list[int], limit: int) -> list[int]:
    """The column widths. What room is left goes to columns below cells that must still wrap."""
    if not limit:
        return list(bounds.high)
    room = limit - sum(before)
    widths = grid.fit(table, rows, bounds, room)
    left = room - sum(widths)
    if left > 0:
        for row in rows:
            for cell in row.cells:
                if cell.columns > 1 and not cell.fixed:
                    covers = range(cell.column, cell.column + cell.columns)
                    have = sum(widths[i] for i in covers) + sum(before[i] for i in covers[1:])
                    more = min(left, max(0, cell.width - have))
                    grid.grow(table.columns, widths, covers, more)
                    left -= more
    return widths


def _caption(title: str, form: str, left: str, right: str, total: int, limit: int, ambiguous: int) -> list[str]:
    """The lines above a part: the title, the code of the form, the department and the unit."""
    lines: list[str] = []
    if title and title != CONTINUED:
        lines += centred(title, total, ambiguous, limit)
    if form:
        lines.append(" " * max(0, total - width(form, ambiguous)) + form)
    if left or right:
        between = total - width(left, ambiguous) - width(right, ambiguous)
        if left and (between < grid.GAP or not right):
            lines += wrap(left, limit, ambiguous=ambiguous)
            left, between = "", total - width(right, ambiguous)
        if right:
            lines.append(left + " " * max(0, between) + right)
    return lines


def centred(text: str, columns: int, ambiguous: int = 2, limit: int = 0) -> list[str]:
    """`text` in the middle of `columns` columns; wrapped into `limit` columns unless that is 0."""
    lines = wrap_evenly(text, limit, ambiguous)
    return [" " * max(0, (columns - width(line, ambiguous)) // 2) + line for line in lines]
