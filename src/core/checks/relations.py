"""Relations between figures: the rules of the taxonomy and of the format."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..amounts import ZERO, Interval, as_interval
from ..formula import Check, Formula, Ref, Unknown, cell_of
from ..i18n import _, language
from ..reach import unasked
from ..source import Path, address
from ..taxonomy import Rule
from .finding import Finding, figure, place_path, prior_path, tail_hint

if TYPE_CHECKING:
    from ..report import Report


def judge_rule(report: Report, number: int, position: int, row: str) -> Finding | None:
    rule = report.rules[number]
    check = rule.checks[position]
    try:
        if rule.when is not None and not rule.when(report.values, row):
            return None
        left = check.left(report.values, row)
        if check.right is None:
            return None if left else _found(report, rule, check.left, None, row)
        right = check.right(report.values, row)
        if _holds(left, check.operator, right):
            return None
        if rule.exact and not isinstance(left, str) and not _reckoned(report, check, row):
            if _holds(report.printed(left), check.operator, report.printed(right)):
                return None
            return _found(report, rule, check.left, check.right, row, left, right)
        if isinstance(left, str):
            return _found(report, rule, check.left, check.right, row, left, right)
        low, high = as_interval(check.left(report.intervals, row)), as_interval(check.right(report.intervals, row))
    except (Unknown, ZeroDivisionError):
        return None
    if not _possible(low, check.operator, high):
        return _found(report, rule, check.left, check.right, row, left, right, low.half_width + high.half_width)
    if rule.severity == "note":
        return None
    return _found(report, rule, check.left, check.right, row, left, right, low.half_width + high.half_width, tail=True)


def asked(report: Report, rule: Rule) -> Iterator[tuple[str, int]]:
    """The rows and the checks (by position) of a rule that are judged in this report: those that read nothing
    but what its format asks for, or what is entered all the same."""
    each = (rule.each,) if rule.each else ()
    positions = [position for position, check in enumerate(rule.checks) if all(
        _is_there(report, *fact)
        for fact in unasked(report.format, (*each, *check.left.refs, *(check.right.refs if check.right else ()))))]
    rows = report.values.selected(rule.each.table, rule.each.row, "") if rule.each and positions else ("",)
    return ((row, position) for row in rows for position in positions)


def _is_there(report: Report, id: str, line: str, column: str) -> bool:
    """Is anything entered in a line and a column of a table, or at all ('')?"""
    table = report.taxonomy.tables[id]
    rows = [row for row in report.rows(id) if line in ("", "*") or row.rpartition("/")[2] == line]
    if not column and table.axis == "records":
        return bool(rows)
    columns = [own.id for own in table.entered if column in ("", own.id)]
    return any(report.graph.get((":entered", id, row, own)) for row in rows for own in columns)


def of_code(report: Report, code: str, place: str) -> Iterator[Finding]:
    """The findings of the rules with a code at a cell ('': where there is none)."""
    for number, rule in enumerate(report.rules):
        if rule.code == code:
            for row, position in asked(report, rule):
                check = rule.checks[position]
                ref = _place(rule, check.left, check.right)
                if ("" if ref.range else address(cell_of(ref, row))) == place:
                    found = judge_rule(report, number, position, row)
                    if found is not None:
                        yield found


def _place(rule: Rule, left: Formula, right: Formula | None) -> Ref:
    """What a finding of a rule points at."""
    return rule.at or (left.refs or (right.refs if right else ()))[0]


def _reckoned(report: Report, check: Check, row: str) -> bool:
    """Does the relation read a figure of last year that was never printed, but follows from rounded ones?"""
    refs = check.left.refs + (check.right.refs if check.right else ())
    return report.prior_report is None and any(
        ref.prior and not ref.range and cell_of(ref, row) not in report.source.prior for ref in refs)


def _holds(left: Any, operator: str, right: Any) -> bool:
    return bool({"==": left == right, "!=": left != right, "<=": left <= right, ">=": left >= right,
                 "<": left < right, ">": left > right}[operator])


def _possible(left: Interval, operator: str, right: Interval) -> bool:
    """Can some values of the two intervals satisfy the relation?"""
    if operator == "==":
        return left.low <= right.high and right.low <= left.high
    if operator in ("<=", "<"):
        return left.low <= right.high if operator == "<=" else left.low < right.high
    if operator in (">=", ">"):
        return left.high >= right.low if operator == ">=" else left.high > right.low
    return left != right or left.low != left.high


def _found(report: Report, rule: Rule, left: Formula, right: Formula | None, row: str, a: Any = None, b: Any = None,
           tolerance: Decimal = ZERO, tail: bool = False) -> Finding:
    ref = _place(rule, left, right)
    table = report.taxonomy.tables[ref.table]
    kind = _kind(report, left, right)
    path: Path
    if ref.range:
        where, label, path = "", table.title, (table.key,)
    else:
        cell = cell_of(ref, row)
        where, label, path = address(cell), report.label(cell), place_path(report, cell)
    if ref.prior:
        label, path = _("last year's figure: {place}").format(place=label), prior_path(report, ref, row)
    figures = {"left": "", "right": "", "difference": ""}
    if b is not None:
        figures = {"left": figure(report, a, kind), "right": figure(report, b, kind),
                   "difference": "" if isinstance(a, str) else figure(report, a - b, kind)}
    english = language() == "en"
    message = (rule.english if english else rule.message).format(
        place=label, row=report.row_label(rule.each.table, row) if rule.each else "", **figures)
    hint = rule.english_hint if english else rule.hint
    if tail:
        message += _(" (within rounding)")
        hint = tail_hint()
    return Finding(rule.code, "note" if tail else rule.severity, where, label, path, message,
                   figures["left"], figures["right"], figures["difference"],
                   figure(report, tolerance, kind) if b is not None else "", hint, rule.source,
                   () if b is not None else _read(report, left, row))


def _read(report: Report, formula: Formula, row: str) -> tuple[str, ...]:
    """The printed figures that a condition reads, which has no two sides."""
    cells = [cell_of(ref, row) for ref in formula.refs if not ref.range and not ref.prior]
    return tuple(report.shown(cell) for cell in dict.fromkeys(cells))


def _kind(report: Report, *formulas: Formula | None) -> str:
    for formula in formulas:
        for ref in formula.refs if formula else ():
            if ref.column and ref.column != "*":
                kind = report.taxonomy.tables[ref.table].columns[ref.column].kind
                return kind if kind == "amount" else "count"
    return "count"
