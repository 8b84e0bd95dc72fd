"""The text of a report with the cells whose figures stand on each line, to go from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..compose import compose
from ..document import Document, Paragraph, Table
from ..source import Cell
from ..text.table import lay_out
from ..text.width import printable
from ..text.wrap import INDENT, wrap
from .text import MEASURE, render

if TYPE_CHECKING:
    from ..report import Report

Placed = tuple[str, tuple[Cell, ...]]
"""A line of the text, without blanks at its end, and the cells whose figures stand on it."""


def placed_lines(report: Report, width: int, ambiguous: int) -> tuple[list[str], dict[int, tuple[Cell, ...]]]:
    """The lines of the whole report, and for the lines with figures their cells.

    The lines of each block are laid out as the renderer does, and found again in its text: they
    follow each other there, so that equal lines are not mistaken for one another.
    """
    document = compose(report)
    lines = render(document, width=width, ambiguous=ambiguous).rstrip("\n").split("\n")
    places: dict[int, tuple[Cell, ...]] = {}
    at = 0
    for text, cells in _figures(document, width, ambiguous):
        try:
            at = lines.index(text, at)
        except ValueError:
            continue
        places[at] = cells
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
        cells, at = [], 0
        while figures and (found := line.find(figures[0][0], at)) >= 0:
            text, cell = figures.pop(0)
            at = found + len(text)
            cells.append(cell)
        if cells:
            yield line.rstrip(), tuple(cells)


def _of_table(table: Table, width: int, ambiguous: int) -> Iterator[Placed]:
    for part in lay_out(table, width, ambiguous).parts:
        after = 0
        for laid in part.rows:
            text = "\n".join(laid.lines)
            for number in range(after, len(table.rows)):
                figures = [cell for cell in table.rows[number].cells if cell.address and cell.text]
                cells = [cell for cell in figures if cell.text in text]
                label = next((cell.text for cell in table.rows[number].cells if cell.text), "")
                if cells and (len(laid.lines) > 1 or label in text or cells == figures):
                    after = number + 1
                    yield laid.lines[0].rstrip(), tuple(_cell(cell.address) for cell in cells)
                    break


def _cell(address: str) -> Cell:
    table, row, column = address.split(".")
    return table, row, column
