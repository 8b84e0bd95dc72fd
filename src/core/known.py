"""What is known: which empty cells and tables are still to be filled, and what the others count as.

The one law, for every face and renderer: what is asked for and was not entered is unknown, and so is what is
computed from it. That there is nothing is stated (`Source.absent`), or follows where nothing is asked for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .amounts import ZERO
from .formula import UNDEFINED, Unknown, owner_of
from .source import Cell, is_derived
from .taxonomy import NUMBERS, Column, Table

if TYPE_CHECKING:
    from .report import Report

BLANKS: dict[str, Any] = {"amount": ZERO, "count": ZERO, "score": ZERO, "percent": UNDEFINED,
                          "text": "", "choice": "", "flag": False}
"""What an empty cell counts as that need not be filled."""


def blank(report: Report, table: Table, cell: Cell) -> Any:
    """What an empty cell counts as: nothing known (None), if it is a figure that is asked for."""
    column = table.columns[cell[2]]
    if column.default is not None:
        return Decimal(column.default) if column.kind in NUMBERS else column.default
    return None if column.kind in NUMBERS and _is_open(report, table, cell) else BLANKS[column.kind]


def asked(report: Report, cell: Cell) -> bool:
    """Is the cell to be entered, as things stand, and empty?"""
    table = report.taxonomy.tables[cell[0]]
    column = table.columns[cell[2]]
    if column.default is not None or column.formula is not None or report.graph.get((":entered", *cell)):
        return False
    if table.accounts and column.kind not in NUMBERS:
        return not column.optional and len(cell[1]) == table.digits
    return not is_derived(table, cell[1], cell[2]) and _is_open(report, table, cell)


def _is_open(report: Report, table: Table, cell: Cell) -> bool:
    """Is an empty cell to be filled? In a row of accounts that has figures it is zero, as accountants
    write it; so it is in a table of which there is nothing."""
    row, column = cell[1], table.columns[cell[2]]
    if table.accounts:
        if row in report.filled[table.id]:
            return False
        named = table.axis == "functional" and (table.id, row) in report.source.row_paths
        return named or report.lacks(table.id)
    if (table.id, owner_of(row)) in report.source.absent:
        return False
    line = table.line(row)
    if column.optional or (line is not None and line.optional):
        # Beside what was entered it is zero; where nothing was, nobody knows.
        return not report.graph.get((":begun", table.id, row if line is None else owner_of(row)))
    return not _is_spared(report, column, cell)


def _is_spared(report: Report, column: Column, cell: Cell) -> bool:
    """Need the cell not be filled, as things stand?"""
    try:
        return column.spared is not None and bool(column.spared(report.values, cell[1], cell[2]))
    except Unknown:
        return False


def is_partial_sum(report: Report, cell: Cell) -> bool:
    """Is the part of a unit missing in a merged figure?"""
    merged = report.source.merged
    if merged is None or not merged.unknown or cell in report.source.official:
        return False
    return cell in merged.unknown or (report.taxonomy.tables[cell[0]].accounts and cell[:1] in merged.unknown)


def partial(report: Report, cell: Cell) -> Any:
    """What is known so far of a computed figure: without what is not known yet."""
    table = report.taxonomy.tables[cell[0]]
    try:
        value = report.derived(table, cell, report.partial_values)
    except Unknown:
        return None
    return BLANKS[table.columns[cell[2]].kind] if value is None else value


# ── tables ──


def lacking(report: Report, table_id: str, owner: str) -> bool:
    """Is it not known what a table holds (of a record, where it belongs to one): are there no rows that were
    entered, and has nobody said that there is nothing?"""
    source, table = report.source, report.taxonomy.tables[table_id]
    if table.owner and not owner:  # of all records together
        return report.lacks(table.owner) or any(report.lacks(table_id, row) for row in report.rows(table.owner))
    if table.accounts and not table.entered:
        return not report.items(table_id) and any(report.lacks(other) for other in table.rows_from)
    if source.merged is not None and (table_id,) in source.merged.unknown:
        return True
    if (table_id, owner) in source.absent:
        return False
    if table.accounts:
        if report.filled[table_id]:
            return False
    elif table.lines or any(owner_of(row) == owner for row in report.rows(table_id)):
        return False
    gate = table.needed or table.asked
    try:
        if gate is not None and not gate(report.values):
            return False
    except Unknown:
        return True
    if source.schema > 1:
        return True
    return table.required or not (owner or report.graph.get((":settled",)))


def lacks_rows(report: Report, table_id: str, column: str, owner: str = "") -> bool:
    """Is it not known what stands in the column ('': which rows there are) of a table without rows? They may
    come from another table, with figures where the column is computed."""
    table = report.taxonomy.tables[table_id]
    further = table.rows_from if not column or table.columns[column].formula else ()
    return report.lacks(table_id, owner) or any(report.lacks(other) for other in further)


def begun(report: Report, table_id: str, place: str) -> bool:
    """Is any figure entered in a record, or in a table of fixed lines (of the record `place`), or is none
    asked for there?"""
    table = report.taxonomy.tables[table_id]
    rows = [f"{place}/{line}" if place else line for line in table.lines] or [place]
    cells = [(row, column) for row in rows for column in table.entered
             if column.kind in NUMBERS and table.formula(row, column.id) is None]
    if any((table_id, row, column.id) in report.source.entries for row, column in cells):
        return True
    return all(column.optional or ((line := table.line(row)) is not None and line.optional) for row, column in cells)


def settled(report: Report) -> bool:
    """Has every table of accounts figures that any report must have? Then the other tables of a source
    of schema 1 say by being empty that there is nothing."""
    return all(report.filled[table.id] for table in report.taxonomy.tables.values()
               if table.accounts and table.required and table.needed is None)
