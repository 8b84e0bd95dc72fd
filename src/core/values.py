"""Environments of formulas: the same formula over values, intervals, printed figures, last year's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import known
from .amounts import Interval
from .catalogue import listed_name
from .formula import Unknown, owner_of

if TYPE_CHECKING:
    from .report import Report


class Values:
    """The environment of formulas: point values. What is not known raises Unknown, and so does a list
    of rows of which nobody has said that there are none."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._below: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {}

    def cell(self, table: str, row: str, column: str) -> Any:
        value = self.report.graph.get((table, row, column))
        if value is None or (value == "" and self.report.asked((table, row, column))):
            raise Unknown
        return value

    def selected(self, table: str, selector: str, row: str) -> tuple[str, ...]:
        """The rows that a range goes over."""
        report = self.report
        if selector == "classes":
            return report.taxonomy.classes
        if selector == "items":
            return report.items(table)
        if selector == "compared":
            return report.graph.get((":compared", table))
        rows = report.rows(table)
        if selector == "own":
            return self._owned(table, rows).get(row, ())
        return rows

    def _owned(self, table: str, rows: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """The rows of a table by their owner: looked through once, not once for each owner."""
        known = self._below.get(table)
        if known is None or known[0] is not rows:
            below: dict[str, list[str]] = {}
            for row in rows:
                below.setdefault(owner_of(row), []).append(row)
            known = self._below[table] = rows, {owner: tuple(own) for owner, own in below.items()}
        return known[1]

    def range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        rows = self.selected(table, selector, row)
        owner = row if selector == "own" else ""
        if self.report.lacks(table, owner) or (not rows and known.lacks_rows(self.report, table, column, owner)):
            raise Unknown
        if not column:
            return list(rows)
        return [self.cell(table, own, column) for own in rows]

    def prior(self, table: str, row: str, column: str) -> Any:
        value = self.report.graph.get((":prior", table, row, column))
        if value is None:
            raise Unknown
        return value

    def prior_range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        return [self.prior(table, own, column) for own in self.selected(table, selector, row)]

    def variable(self, name: str) -> Any:
        return getattr(self.report.source, name)

    def name(self, code: str) -> str:
        return self.report.name(code)

    def listed_name(self, code: str) -> str:
        """The name that the classification gives an account, whatever the source or the own catalogue call it;
        '' for an account that only they know."""
        return listed_name(code, self.report.source.year)

    @staticmethod
    def class_of(code: str) -> str:
        return code[:3]


class Intervals(Values):
    """Formulas over intervals: what the sum of rounded figures leaves open."""

    def cell(self, table: str, row: str, column: str) -> Any:
        report = self.report
        if report.taxonomy.tables[table].columns[column].kind in ("amount", "percent"):
            return report.interval((table, row, column))
        return super().cell(table, row, column)

    def prior(self, table: str, row: str, column: str) -> Any:
        report, cell = self.report, (table, row, column)
        value = super().prior(table, row, column)
        if report.taxonomy.tables[table].columns[column].kind != "amount":
            return value
        entry = report.source.prior.get(cell)
        if entry is None and report.prior_report is None:
            formula = report.prior_formula(cell)
            return value if formula is None else formula(report.prior_intervals, row, column)
        if entry is None and report.exact and report.prior_report is not None:
            return report.prior_report.interval(cell)
        half = entry.half if entry is not None else report.scale.scaleb(-report.decimals) / 2
        return Interval(value - half, value + half)


class Partial(Values):
    """Formulas over what is known so far: what is not known counts as nothing."""

    def cell(self, table: str, row: str, column: str) -> Any:
        value = self.report.graph.get((table, row, column))
        return self.report.partial((table, row, column)) if value is None else value

    def range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        rows = self.selected(table, selector, row)
        return [self.cell(table, own, column) for own in rows] if column else list(rows)


class PriorIntervals(Intervals):
    """Formulas over the intervals of last year's figures."""

    def cell(self, table: str, row: str, column: str) -> Any:
        return self.prior(table, row, column)


class Printed(Values):
    """Formulas over the printed figures, as a reader adds them up."""

    def cell(self, table: str, row: str, column: str) -> Any:
        value = super().cell(table, row, column)
        if self.report.taxonomy.tables[table].columns[column].kind == "amount":
            return self.report.printed(value) * self.report.scale
        return value


class Prior(Values):
    """Formulas over last year's figures."""

    def cell(self, table: str, row: str, column: str) -> Any:
        return self.prior(table, row, column)
