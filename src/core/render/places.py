"""The text of a report with the figures that stand on each line, to go from them to their cells and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..compose import compose
from ..document import Document, Paragraph, Table
from ..source import Cell
from ..text.table import lay_out
from ..text.width import printable
from ..text.wrap import INDENT, wrap
from .text import MEASURE, render

if TYPE_CHECKING:
    from ..report import Report


class Figure(NamedTuple):
    """A figure on a line: the characters from `start` to `end`, and its cell."""

    start: int
    end: int
    cell: Cell


Placed = tuple[str, tuple[Figure, ...]]
"""A line of the text, without blanks at its end, and the figures that stand on it."""


def placed_lines(report: Report, width: int, ambiguous: int) -> tuple[list[str], dict[int, tuple[Figure, ...]]]:
    """The lines of the whole report, and for the lines with figures those, from left to right.

    The lines of each block are laid out as the renderer does, and found again in its text: they
    follow each other there, so that equal lines are not mistaken for one another.
    """
    document = compose(report)
    lines = render(document, width=width, ambiguous=ambiguous).rstrip("\n").split("\n")
    places: dict[int, tuple[Figure, ...]] = {}
    at = 0
    for text, figures in _figures(document, width, ambiguous):
        try:
            at = lines.index(text, at)
        except ValueError:
            continue
        places[at] = figures
        at += 1
    return lines, places


def _figures(document: Document, width: int, ambiguous: int) -> Iterator[Placed]:
    """The lines that hold figures, in their order."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from _of_paragraph(block, min(MEASURE, width), ambiguous)
        elif isinstance(block, Table):
            yield from _of_table(block, width, ambiguous)


def _of_paragraph(paragraph: Paragraph, columns: int, ambiguous: int) -> Iterator[Placed]:
    figures = [(run.text, _cell(run.cell)) for run in paragraph.runs if run.cell]
    if not figures:
        return
    indent = INDENT if paragraph.indent else ""
    for line in wrap(printable(paragraph.text, keep="\n"), columns, indent=indent, ambiguous=ambiguous):
        found = _along(line, figures)
        figures = figures[len(found) :]
        if found:
            yield line.rstrip(), found


def _of_table(table: Table, width: int, ambiguous: int) -> Iterator[Placed]:
    # What a part of a split table has shown of a row, the next part does not show again.
    printed = ([cell for cell in row.cells if cell.address and cell.text] for row in table.rows)
    left = [[(cell.text, _cell(cell.address)) for cell in cells] for cells in printed]
    for part in lay_out(table, width, ambiguous).parts:
        after = 0
        for laid in part.rows:
            text = "\n".join(laid.lines)
            for number in range(after, len(table.rows)):
                figures = [figure for figure in left[number] if figure[0] in text]
                label = next((cell.text for cell in table.rows[number].cells if cell.text), "")
                if figures and (len(laid.lines) > 1 or label in text or figures == left[number]):
                    after = number + 1
                    for line in laid.lines:
                        found = _along(line, figures, skip=True)
                        cells = {figure.cell for figure in found}
                        figures = [figure for figure in figures if figure[1] not in cells]
                        left[number] = [figure for figure in left[number] if figure[1] not in cells]
                        if found:
                            yield line.rstrip(), found
                    break


def _along(line: str, figures: list[tuple[str, Cell]], skip: bool = False) -> tuple[Figure, ...]:
    """The figures that stand on the line in this order; `skip`: one that does not is passed over."""
    found: list[Figure] = []
    at = 0
    for text, cell in figures:
        match = re.compile(rf"(?<![0-9.]){re.escape(text)}(?![0-9])").search(line, at)
        start = match.start() if match else -1
        if start < 0 and not skip:
            break
        if start >= 0:
            at = start + len(text)
            found.append(Figure(start, at, cell))
    return tuple(found)


def _cell(address: str) -> Cell:
    table, row, column = address.split(".")
    return table, row, column
