"""Last year's figures that a report asks for, found in last year's workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..progress import told
from ..report import Report
from ..source import Cell
from ..taxonomy import NUMBERS
from .placing import Placed


class PriorCells:
    """The cells whose figures of last year the sentences and the rules of a report read."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.fixed: dict[Cell, None] = {}
        self.columns: dict[tuple[str, str], tuple[str, str]] = {}
        for ref in told(report.format, "change"):
            self._want(ref.table, ref.row if ref.fixed else "", ref.column)
        for rule in report.rules:
            for check in rule.checks:
                for ref in (*check.left.refs, *(check.right.refs if check.right else ())):
                    if ref.prior and ref.fixed:
                        self._want(ref.table, ref.row, ref.column)

    def _want(self, table_id: str, row: str, column: str) -> None:
        table = self.report.taxonomy.tables[table_id]
        if table.columns[column].kind not in NUMBERS:
            return
        if row:
            self.fixed[table_id, row, column] = None
        elif table.accounts:
            # A column that repeats another table's is found where that one is printed.
            formula = table.columns[column].formula
            ref = formula.reference if formula else None
            self.columns[table_id, column] = (ref.table, ref.column) if ref else (table_id, column)

    def chosen(self, placed: Mapping[Cell, Placed]) -> Iterator[tuple[Cell, Placed]]:
        """The cells that are asked for, with what the workbook says of them."""
        for cell in self.fixed:
            own = placed.get(cell)
            if own is not None:
                yield cell, own
            else:
                yield from ((part, placed[part]) for part in self._parts(cell)
                            if part in placed and part not in self.fixed)
        for (table_id, column), (other, name) in self.columns.items():
            digits = self.report.taxonomy.tables[table_id].digits
            for cell, own in placed.items():
                if cell[0] == other and cell[2] == name and len(cell[1]) == digits and cell[1] != "total" \
                        and own.figure.value:
                    yield (table_id, cell[1], column), own

    def missing(self, placed: Mapping[Cell, Placed]) -> list[str]:
        """The fixed ones that the workbook does not have, nor anything else gives, in words."""
        return [self.report.label(cell) for cell in self.fixed
                if cell not in placed and self.report.prior(cell) is None
                and not all(part in placed for part in self._parts(cell) or [cell])]

    def _parts(self, cell: Cell) -> list[Cell]:
        """The cells that a fixed one is computed from."""
        table = self.report.taxonomy.tables[cell[0]]
        if table.accounts:
            return []
        formula = table.formula(cell[1], cell[2])
        return [(ref.table, ref.row, cell[2] if ref.column == "*" else ref.column)
                for ref in (formula.refs if formula else ()) if ref.fixed and not ref.range]
