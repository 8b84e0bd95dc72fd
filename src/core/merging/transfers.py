"""Transfers between the units of a department: what is eliminated, and its effect on other figures.

A source does not say from whom a unit received money or to whom it paid. What is eliminated on an
account is therefore the most that can have gone between different units of the merged set: no more
than either side, and nothing of a unit with itself. What is left over stands on one side only; it
came from or went to others, or one of the units booked it wrongly: a finding says so (N01).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ..amounts import ZERO
from ..formats import Format
from ..report import Report
from ..source import Cell, Entry, of_nothing_else
from ..taxonomy import Taxonomy, Transfer
from .stated import Flow, Key


def eliminated(flow: Flow) -> Decimal:
    """How much of a flow is between different units (元).

    Of the sources' two totals, that is what a flow from payers to receivers can carry at most, where
    nobody pays himself: the unit with the most on both sides can only meet what the others have.
    """
    others = flow.income + flow.expenditure - flow.largest
    return max(ZERO, min(flow.income, flow.expenditure, others))


def joined(one: Flow, other: Flow) -> Flow:
    """The flow of two sets of units together."""
    return Flow(one.income + other.income, one.expenditure + other.expenditure, max(one.largest, other.largest))


def cells_of(transfer: Transfer, account: str) -> tuple[Cell, Cell]:
    """Where the two sides of a transfer stand: received, and spent."""
    income, expenditure = transfer.income, transfer.expenditure
    return (income[0], account, income[1]), (expenditure[0], account, expenditure[1])


def by_id(taxonomy: Taxonomy, id: str) -> Transfer:
    return next(transfer for transfer in taxonomy.transfers if transfer.id == id)


def reductions(taxonomy: Taxonomy, flows: Mapping[Key, Flow]) -> Iterator[tuple[Cell, Decimal]]:
    """By how much each cell is smaller in the department's report than the sum of its units'."""
    for (id, account), flow in flows.items():
        amount = eliminated(flow)
        if amount:
            for cell in cells_of(by_id(taxonomy, id), account):
                yield cell, amount


def effect(format: Format, year: int, amounts: Iterable[tuple[Cell, Decimal]]) -> Report:
    """A report of nothing but these amounts: its figures are what they add to any other figure, as all
    that transfers are part of is sums."""
    entries = {cell: Entry(amount) for cell, amount in amounts}
    report = Report(of_nothing_else(format.taxonomy, format, year, entries))
    report.graph.tracks = False
    return report
