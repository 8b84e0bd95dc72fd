"""Figures that follow: those that are computed, and last year's from its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..progress import mentions
from ..reach import reached
from ..source import Cell, is_derived
from .entries import Difference, words

if TYPE_CHECKING:
    from ..report import Report
    from .matching import Rows


def derived(before: Report, after: Report, rows: Rows) -> Iterator[Difference]:
    """The computed figures that are printed otherwise, of what either format asks for. Those of rows
    that came or went follow from the rows and are not told."""
    asked = reached(before.format) | reached(after.format)
    for table in after.taxonomy.tables.values():
        known = set(before.rows(table.id))
        for row in after.rows(table.id):
            was = rows.then(table.id, row)
            if was not in known:
                continue
            line = table.line(row)
            fact = line.id if line else "*"
            for column in table.columns.values():
                cell, then = (table.id, row, column.id), (table.id, was, column.id)
                if (table.id, fact, column.id) not in asked or not is_derived(table, row, column.id):
                    continue
                if cell in after.source.official or then in before.source.official:
                    continue  # told as what it is
                one, other = _shown(before, after, then, column.kind), _shown(after, after, cell, column.kind)
                if one != other:
                    yield Difference("derived", *words(after, cell), one, other, cell, after.source.key(cell))
    yield from _last_year(before, after, rows)


def _shown(report: Report, printer: Report, cell: Cell, kind: str) -> str:
    """A figure of one report, as the other one prints it."""
    return str(printer.show(report.value(cell), kind))


def _last_year(before: Report, after: Report, rows: Rows) -> Iterator[Difference]:
    """Last year's figures that the sentences speak of, where they come from a file."""
    if before.prior_report is None and after.prior_report is None:
        return
    for cell in dict.fromkeys(cell for _section, cell in mentions(after, "change")):
        then = (cell[0], rows.then(cell[0], cell[1]), cell[2])
        if cell in after.source.prior or then in before.source.prior:
            continue
        one, other = before.prior(then), after.prior(cell)
        kind = after.taxonomy.tables[cell[0]].columns[cell[2]].kind
        was, is_ = ("" if value is None else str(after.show(value, kind)) for value in (one, other))
        if was != is_:
            yield Difference("derived_prior", *words(after, cell), was, is_, cell,
                             after.source.addressed_key("prior", cell))
