"""A finding, and what it says of a place: the cell, the key in the file, the figures of both sides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..amounts import show_number
from ..formula import Ref, cell_of
from ..i18n import _
from ..source import Cell, Path, is_derived

if TYPE_CHECKING:
    from ..report import Report

SEVERITIES = ("error", "warning", "note")


class Finding(NamedTuple):
    """A rule that does not hold. `left`, `right`, `difference` and `tolerance` are printed figures
    in the report's unit, '' where the rule compares none. `cell` is '' for a place that is no cell.
    `judged` is what was judged, where that is not `left` and `right`; `acknowledged` the reason for
    which the finding is right as it is, '' where it was not acknowledged."""

    code: str
    severity: str
    cell: str
    place: str
    path: Path
    message: str
    left: str = ""
    right: str = ""
    difference: str = ""
    tolerance: str = ""
    hint: str = ""
    source: str = ""
    judged: tuple[str, ...] = ()
    acknowledged: str = ""


def in_order(report: Report, cells: Iterable[Cell]) -> list[Cell]:
    """The cells in the order of the tables, however the file is ordered."""
    tables = list(report.taxonomy.tables)
    return sorted(cells, key=lambda cell: (tables.index(cell[0]), cell))


def figure(report: Report, value: Any, kind: str) -> str:
    """A side of a relation: amounts in the report's unit with all digits they really have, at least
    the printed ones."""
    if isinstance(value, str):
        return value
    if kind != "amount":
        return show_number(value, 6, trim=True)
    text = show_number(value / report.scale, 8, trim=True)
    whole, _point, fraction = text.partition(".")
    return whole + "." + fraction.ljust(report.decimals, "0") if report.decimals else text


def place_path(report: Report, cell: Cell) -> Path:
    """The key in the file to look at for a cell: its official figure, its entry, or the first
    entry that it is computed from."""
    return _written(report, cell) or report.source.key(cell)


def _written(report: Report, cell: Cell) -> Path | None:
    report.graph.get(cell)  # a judgement that tells the key of a cell is made anew with it
    entry = report.source.official.get(cell) or report.source.entries.get(cell)
    if entry is not None:
        return entry.path
    table = report.taxonomy.tables[cell[0]]
    if not is_derived(table, cell[1], cell[2]):
        return None
    if report.source.rows[table.id] and table.accounts and cell[1] in report.graph.get((":tree", table.id)):
        return (table.key,)
    formula = table.formula(cell[1], cell[2])
    if formula is None:
        return None
    paths = [path for path in (_range_path(report, ref, cell[1]) if ref.range else
                               _written(report, cell_of(ref, cell[1], cell[2])) for ref in formula.refs) if path]
    line = table.line(cell[1])
    if len(formula.refs) > 1 and line and line.formula is formula and any(path[0] == table.key for path in paths):
        return (table.key,)  # of several lines of the table
    return paths[0] if paths else None


def _range_path(report: Report, ref: Ref, row: str) -> Path:
    """Where the rows of a range begin: those of a record's own table stand in the record."""
    table = report.taxonomy.tables[ref.table]
    return (report.source.row_path(report.taxonomy.tables[table.owner], row) if table.owner else ()) + (table.key,)


def prior_path(report: Report, ref: Ref, row: str) -> Path:
    """Where last year's figure comes from: its entry, the part [prior], or last year's file."""
    entry = None if ref.range else report.source.prior.get(cell_of(ref, row))
    if entry is not None:
        return entry.path
    return ("report", "prior") if report.prior_report is not None else ("prior",)


def tail_hint() -> str:
    return _("a difference of rounding (尾差): nothing to adjust; the note under the tables says so")
