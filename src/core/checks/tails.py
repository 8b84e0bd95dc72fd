"""尾差: official figures beside computed ones, and sums of printed figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..amounts import ZERO, as_interval
from ..formula import Unknown
from ..i18n import _
from ..source import Cell, address, is_derived, is_summed
from ..taxonomy import Table
from .finding import SEVERITIES, Finding, figure, place_path, tail_hint

if TYPE_CHECKING:
    from ..report import Report


def tails_from(report: Report) -> tuple[bool, bool]:
    """What a printed total can differ by from the sum of its printed parts: is there an official figure
    beside a sum, is there an entry that is finer than the page?"""
    return bool(report.source.official), bool(report.finer)


def tails(report: Report) -> Iterator[Any]:
    """The derived cells whose printed figure can differ from their printed parts: the official
    ones, and the sums of rows at or above them that a formula gives as well; where an entry is
    finer than the page, every derived cell. Besides, official figures that are no amounts."""
    for table in report.taxonomy.tables.values():
        columns = [column.id for column in table.columns.values() if column.kind == "amount"]
        rows = dict.fromkeys(report.rows(table.id) if report.finer else ())
        for own, row in sorted(report.official_rows):
            if own == table.id:
                rows |= dict.fromkeys(_upwards(table, row))
        for row in rows:
            for column in columns:
                if is_derived(table, row, column):
                    yield (":judged", "tail", table.id, row, column)
    for cell in sorted(report.source.official):
        if report.taxonomy.tables[cell[0]].columns[cell[2]].kind != "amount":
            yield (":judged", "tail", *cell)


def _upwards(table: Table, row: str) -> list[str]:
    """The row, and on an account axis those above it."""
    if not table.accounts or row == "total":
        return [row]
    return [row, *(row[:length] for length in (5, 3) if length < len(row)), "total"]


def judge_tail(report: Report, table_id: str, row: str, column: str) -> Finding | None:
    """An error before a note, of the two ways in which a figure can be computed."""
    table, cell = report.taxonomy.tables[table_id], (table_id, row, column)
    if table.columns[column].kind != "amount":
        return _judge_other(report, table, cell)
    if report.value(cell) is None:
        return None
    both = (_judge_sum(report, table, cell, report.derived), _judge_sum(report, table, cell, report.horizontal))
    found = [finding for finding in both if finding is not None]
    return min(found, key=lambda finding: SEVERITIES.index(finding.severity), default=None)


def _judge_sum(report: Report, table: Table, cell: Cell, compute: Any) -> Finding | None:
    """Does the figure agree with what `compute` gives, the sum of its children or its formula? Where that
    is not known, nothing is said."""
    value = report.value(cell)
    across = compute == report.horizontal
    try:
        expected = compute(table, cell, report.values)
    except Unknown:
        return None
    if expected is None and (across or cell not in report.source.official):
        return None
    if expected is None:  # an official sum of no items at all
        return _tail_finding(report, table, cell, value, ZERO, "error", ZERO) if value else None
    if expected == value:
        printed = compute(table, cell, report.printed_values)
        if report.printed(printed) == report.printed(value):
            return None
        return _tail_finding(report, table, cell, report.printed(value) * report.scale, printed, "note", ZERO, across)
    if cell in report.source.official and not is_summed(table, *cell[1:]) and _repeats(table, cell):
        same = report.printed(value) == report.printed(expected)
        return None if same else _tail_finding(report, table, cell, value, expected, "error", ZERO)
    own, bounds = report.interval(cell), as_interval(compute(table, cell, report.intervals))
    meets = own.low <= bounds.high and bounds.low <= own.high
    if across and not meets and cell[:2] not in report.official_rows:
        return None  # not this row's own: an official figure below contradicts, and is reported there
    return _tail_finding(report, table, cell, value, expected, "note" if meets else "error",
                         own.half_width + bounds.half_width, across)


def _repeats(table: Table, cell: Cell) -> bool:
    formula = table.formula(cell[1], cell[2])
    return formula is not None and formula.reference is not None


def _tail_finding(report: Report, table: Table, cell: Cell, value: Decimal, expected: Decimal, severity: str,
                  tolerance: Decimal, across: bool = False) -> Finding:
    if not across and is_summed(table, *cell[1:]):
        code = table.total_rule if cell[1] == "total" else table.children_rule
    else:
        code = table.rule(cell[1], cell[2])
    left, right = figure(report, value, "amount"), figure(report, expected, "amount")
    if severity == "note":
        message = _("{place}: {left} differs from the sum {right} within rounding")
        hint = tail_hint()
    else:
        message, hint = _contradiction()
    label = report.label(cell)
    return Finding(code, severity, address(cell), label, place_path(report, cell),
                   message.format(place=label, left=left, right=right), left, right,
                   figure(report, value - expected, "amount"), figure(report, tolerance, "amount"), hint,
                   report.taxonomy.sources["formulas"])


def _judge_other(report: Report, table: Table, cell: Cell) -> Finding | None:
    """An official count, number of points or grade: nothing is rounded there."""
    try:
        value, expected = report.value(cell), report.derived(table, cell, report.values)
    except Unknown:
        return None
    if value == expected:
        return None
    kind = table.columns[cell[2]].kind
    left, right = report.show(value, kind), report.show(expected, kind)
    numbers = isinstance(value, Decimal) and isinstance(expected, Decimal)
    message, hint = _contradiction()
    label = report.label(cell)
    return Finding(table.rule(cell[1], cell[2]), "error", address(cell), label, place_path(report, cell),
                   message.format(place=label, left=left, right=right), left, right,
                   report.show(value - expected, kind) if numbers else "", "0" if numbers else "", hint,
                   report.taxonomy.sources["formulas"])


def _contradiction() -> tuple[str, str]:
    return (_("{place}: {left} contradicts the computed {right}"),
            _("check the official figure and the entries that it sums up; "
              "delete the official figure if the sum is right"))
