"""The rows of a printed table as lines."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter, sub
from typing import NamedTuple

from ..document import Table
from .grid import GAP, GridRow, Placed, Segment, compose, place_row
from .width import width
from .wrap import BLANKS, NO_START, wrap


class TableRow(NamedTuple):
    """A printed row. `rule` is the line above it, '' for none; it falls away under the head."""

    rule: str
    lines: list[str]


class _Open(NamedTuple):
    """A cell that goes on in the rows below: the lines not yet printed, the rows to come."""

    cell: Placed
    lines: list[str]
    rows: int


def body_rows(
    table: Table, rows: list[GridRow], starts: list[int], widths: list[int], ambiguous: int
) -> list[TableRow]:
    """The rows as lines. A cell over several rows is printed down along them."""
    ends = [start + columns for start, columns in zip(starts, widths)]
    total = ends[-1] if ends else 0
    pattern, order = _plain_pattern(table, starts, ends)
    blanks = [" " * columns for columns in range(max(widths, default=0) + 1)]
    body: list[TableRow] = []
    going: list[_Open] = []
    for row, (texts, taken, cells) in zip(table.rows, rows):
        rule = "-" * total if row.rule and not going else ""
        if taken:
            spare = list(map(sub, widths, taken))
            if min(spare) >= 0:
                line = pattern % order(texts + tuple(map(blanks.__getitem__, spare)))
                body.append(TableRow(rule, [line.rstrip()]))
                continue
            cells = place_row(table, row, (), 1, ambiguous)
        broken = [_broken_rule(going, starts, ends, ambiguous)] if row.rule and going else []
        lines, going = _tall_row(cells, going, starts, ends, ambiguous)
        body.append(TableRow(rule, broken + lines))
    return body


def _plain_pattern(
    table: Table, starts: list[int], ends: list[int]
) -> tuple[str, Callable[[tuple[str, ...]], tuple[str, ...]]]:
    """How the texts of a plain row and the blanks that fill their columns make a line.

    The pattern for `%`, and what puts the texts followed by the blanks in its order.
    """
    count = len(table.columns)
    pattern = ""
    order: list[int] = []
    at = 0
    for number, column in enumerate(table.columns):
        pattern += " " * (starts[number] - at) + "%s%s"
        right = column.kind == "figure"
        order += [count + number, number] if right else [number, count + number]
        at = ends[number]
    return pattern, itemgetter(*order) if order else tuple


def _tall_row(
    cells: list[Placed], going: list[_Open], starts: list[int], ends: list[int], ambiguous: int
) -> tuple[list[str], list[_Open]]:
    """The lines of a row with wrapped cells or cells over several rows, and what goes on below."""
    here = going + [_Open(cell, _cell_lines(cell, starts, ends, ambiguous), cell.rows) for cell in cells]
    here.sort(key=lambda item: item.cell.column)
    height = max((len(item.lines) for item in here if item.rows == 1), default=1)
    height = max(height, 1)
    lines: list[str] = []
    for number in range(height):
        segments: list[Segment] = []
        for item in here:
            if number < len(item.lines):
                segments += _segment(item.cell, item.lines[number], starts, ends, ambiguous)
        lines.append(compose(segments))
    below = [_Open(item.cell, item.lines[height:], item.rows - 1) for item in here if item.rows > 1]
    return lines, below


def _broken_rule(going: list[_Open], starts: list[int], ends: list[int], ambiguous: int) -> str:
    """A rule that leaves out the columns of cells which go on below it; they lose no line."""
    segments: list[Segment] = []
    at = 0
    for item in going:
        first = starts[item.cell.column]
        if first - GAP > at:
            segments.append((at, "-" * (first - GAP - at), first - GAP - at))
        if item.lines:
            segments += _segment(item.cell, item.lines.pop(0), starts, ends, ambiguous)
        at = ends[item.cell.column + item.cell.columns - 1] + GAP
    if at < ends[-1]:
        segments.append((at, "-" * (ends[-1] - at), ends[-1] - at))
    return compose(segments)


def _cell_lines(cell: Placed, starts: list[int], ends: list[int], ambiguous: int) -> list[str]:
    """The text of a cell wrapped into its place. Lines after the first keep its indent."""
    if not cell.text:
        return []
    if cell.fixed:
        return [cell.text]
    room = ends[cell.column + cell.columns - 1] - starts[cell.column]
    if max(cell.width, len(cell.text)) <= room and "\n" not in cell.text and cell.text[0] not in BLANKS:
        return [cell.text]  # as most do
    lines: list[str] = []
    for paragraph in cell.text.split("\n"):
        text = paragraph.lstrip(BLANKS)
        indent = paragraph[: len(paragraph) - len(text)]
        if 2 * width(indent, ambiguous) > room:
            indent = ""
        inner = room - width(indent, ambiguous)
        wrapped = wrap(text, inner, ambiguous=ambiguous, hang=False)
        if len(wrapped) > 1 and sum(char not in NO_START for char in wrapped[-1]) == 1:
            # One character alone on the last line reads badly: give it company.
            narrower = wrap(text, max(inner - 2, 1), ambiguous=ambiguous, hang=False)
            if len(narrower) == len(wrapped):
                wrapped = narrower
        lines += [indent + line for line in wrapped]
    return lines


def _segment(cell: Placed, text: str, starts: list[int], ends: list[int], ambiguous: int) -> list[Segment]:
    """One line of a cell in its place; nothing when it is blank."""
    if not text.strip():
        return []
    taken = width(text, ambiguous)
    start = starts[cell.column]
    spare = max(0, ends[cell.column + cell.columns - 1] - start - taken)
    if cell.align == "right":
        start += spare
    elif cell.align == "center":
        start += spare // 2
    return [(start, text, taken)]
