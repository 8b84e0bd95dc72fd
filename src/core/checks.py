"""Findings: what in a report cannot be true, or should be looked at again.

A relation is judged by value first. Where it fails, the two sides are compared as the
intervals that their rounded figures leave open: if they meet, the difference is 尾差 (a note);
if they don't, it is an error. No tolerance is chosen anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from .amounts import ZERO, Interval, as_interval, show_number
from .formula import Check, Formula, Ref, Unknown, cell_of
from .i18n import _, language
from .source import Cell, Path, address, is_derived, is_summed
from .taxonomy import Rule, Table
from .text.width import printable
from .text_rules import TEXT_RULES, TextFault

if TYPE_CHECKING:
    from .report import Report

SEVERITIES = ("error", "warning", "note")

EMPTY_REASONS = ("正常浮动", "实际经费支出", "正常变动", "正常增减", "据实列支", "据实支出", "工作需要", "其他原因")
"""Reasons that explain nothing (J20)."""


class Finding(NamedTuple):
    """A rule that does not hold. `left`, `right`, `difference` and `tolerance` are printed figures
    in the report's unit, '' where the rule compares none. `cell` is '' for a place that is no cell."""

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


def findings(report: Report) -> list[Finding]:
    """All findings, errors first, within a severity in the order of the file's faults and the rules."""
    found = [Finding(problem.code, "error", "", printable(".".join(str(part) for part in problem.path)), problem.path,
                     problem.message, hint=problem.hint) for problem in report.source.problems]
    for root in roots(report):
        found += _collect(report, root)
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _collect(report: Report, node: Any) -> Iterator[Finding]:
    value = report.graph.get(node)
    if node[0] == ":judged":
        if value is not None:
            yield value
    else:
        for child in value:
            yield from _collect(report, child)


def roots(report: Report) -> list[Any]:
    """The graph nodes under which all findings hang."""
    lists = ["rules", "tails", "accounts", "negatives", "texts", "reasons", "prior"]
    return [(":judges", name) for name in lists]


def instances(report: Report, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a list of judgements holds: the nodes of single judgements, or of further lists."""
    kind = key[0]
    if kind == "rules":
        return tuple((":judges", "rule", number) for number in range(len(report.rules)))
    if kind == "rule":
        rule = report.rules[key[1]]
        rows = report.values.selected(rule.each.table, rule.each.row, "") if rule.each else ("",)
        return tuple((":judged", "rule", key[1], check, row) for row in rows for check in range(len(rule.checks)))
    if kind == "tails":
        return tuple(_tails(report)) if judges_tails(report) else ()
    if kind == "accounts":
        first: dict[str, str] = {}
        for table in report.taxonomy.tables.values():
            for code in report.items(table.id) if table.accounts else ():
                first.setdefault(code, table.id)
        return tuple((":judged", "account", table_id, code) for code, table_id in first.items())
    if kind == "negatives":
        negative = (cell for cell, entry in report.source.entries.items()
                    if isinstance(entry.value, Decimal) and entry.value < 0)
        return tuple((":judged", "negative", *cell) for cell in _in_order(report, negative))
    if kind == "texts":
        return tuple((":judged", "text", number, *node) for node in _texts(report) for number in range(len(TEXT_RULES)))
    if kind == "reasons":
        from .progress import mentions

        cells = dict.fromkeys(cell for _section, cell in mentions(report, "because"))
        told = {*cells, *(cell for _section, cell in mentions(report, "remark"))}
        untold = [cell for cell in _in_order(report, report.source.reasons) if cell not in told]
        return (*((":judged", "reason", *cell) for cell in cells), (":judged", "opposites"),
                *((":judged", "untold", *cell) for cell in untold))
    if kind == "prior":
        if report.prior_report is None:
            return ()
        return ((":judged", "renamed"),
                *((":judged", "restated", *cell) for cell in _in_order(report, report.source.prior)))
    raise KeyError(kind)


def _in_order(report: Report, cells: Iterable[Cell]) -> list[Cell]:
    """The cells in the order of the tables, however the file is ordered."""
    tables = list(report.taxonomy.tables)
    return sorted(cells, key=lambda cell: (tables.index(cell[0]), cell))


def judge(report: Report, key: tuple[Any, ...]) -> Finding | None:
    """One judgement: a finding, or None."""
    found: Finding | None = _JUDGES[key[0]](report, *key[1:])
    return found


# ── relations ──


def _judge_rule(report: Report, number: int, position: int, row: str) -> Finding | None:
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
        if rule.exact and not _reckoned(report, check, row):
            if _holds(report.printed(left), check.operator, report.printed(right)):
                return None
            return _found(report, rule, check.left, check.right, row, left, right)
        low, high = as_interval(check.left(report.intervals, row)), as_interval(check.right(report.intervals, row))
    except (Unknown, ZeroDivisionError):
        return None
    if not _possible(low, check.operator, high):
        return _found(report, rule, check.left, check.right, row, left, right, low.half_width + high.half_width)
    if rule.severity == "note":
        return None
    return _found(report, rule, check.left, check.right, row, left, right, low.half_width + high.half_width, tail=True)


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
    ref = rule.at or (left.refs or (right.refs if right else ()))[0]
    table = report.taxonomy.tables[ref.table]
    kind = _kind(report, left, right)
    path: Path
    if ref.range:
        where, label, path = "", table.title, (table.key,)
    else:
        cell = cell_of(ref, row)
        where, label, path = address(cell), report.label(cell), place_path(report, cell)
    if ref.prior:
        label, path = _("last year's figure: {place}").format(place=label), _prior_path(report, ref, row)
    figures = {"left": "", "right": "", "difference": ""}
    if b is not None:
        figures = {"left": _figure(report, a, kind), "right": _figure(report, b, kind),
                   "difference": _figure(report, a - b, kind)}
    english = language() == "en"
    message = (rule.english if english else rule.message).format(
        place=label, row=report.row_label(rule.each.table, row) if rule.each else "", **figures)
    hint = rule.english_hint if english else rule.hint
    if tail:
        message += _(" (within rounding)")
        hint = _tail_hint()
    return Finding(rule.code, "note" if tail else rule.severity, where, label, path, message,
                   figures["left"], figures["right"], figures["difference"],
                   _figure(report, tolerance, kind) if b is not None else "", hint, rule.source)


def _tail_hint() -> str:
    return _("a difference of rounding (尾差): nothing to adjust; the note under the tables says so")



def _kind(report: Report, *formulas: Formula | None) -> str:
    for formula in formulas:
        for ref in formula.refs if formula else ():
            if ref.column and ref.column != "*":
                kind = report.taxonomy.tables[ref.table].columns[ref.column].kind
                return kind if kind == "amount" else "count"
    return "count"


def _figure(report: Report, value: Any, kind: str) -> str:
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


def _prior_path(report: Report, ref: Ref, row: str) -> Path:
    """Where last year's figure comes from: its entry, the part [prior], or last year's file."""
    entry = None if ref.range else report.source.prior.get(cell_of(ref, row))
    if entry is not None:
        return entry.path
    return ("report", "prior") if report.prior_report is not None else ("prior",)


# ── 尾差: official figures, and sums of printed figures ──


def judges_tails(report: Report) -> bool:
    """Can a printed total differ from the sum of its printed parts? Only where an official figure
    stands beside a sum, or the source is finer than the page."""
    return bool(report.source.official or report.finer)


def _tails(report: Report) -> Iterator[Any]:
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


def _judge_tail(report: Report, table_id: str, row: str, column: str) -> Finding | None:
    """An error before a note, of the two ways in which a figure can be computed."""
    table, cell = report.taxonomy.tables[table_id], (table_id, row, column)
    if table.columns[column].kind != "amount":
        return _judge_other(report, table, cell)
    both = (_judge_sum(report, table, cell, report.derived), _judge_sum(report, table, cell, report.horizontal))
    found = [finding for finding in both if finding is not None]
    return min(found, key=lambda finding: SEVERITIES.index(finding.severity), default=None)


def _judge_sum(report: Report, table: Table, cell: Cell, compute: Any) -> Finding | None:
    """Does the figure agree with what `compute` gives, the sum of its children or its formula?"""
    value = report.value(cell)
    across = compute == report.horizontal
    expected = compute(table, cell, report.values)
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
    left, right = _figure(report, value, "amount"), _figure(report, expected, "amount")
    if severity == "note":
        message = _("{place}: {left} differs from the sum {right} within rounding")
        hint = _tail_hint()
    else:
        message, hint = _contradiction()
    label = report.label(cell)
    return Finding(code, severity, address(cell), label, place_path(report, cell),
                   message.format(place=label, left=left, right=right), left, right,
                   _figure(report, value - expected, "amount"), _figure(report, tolerance, "amount"), hint,
                   _FORMULAS)


def _judge_other(report: Report, table: Table, cell: Cell) -> Finding | None:
    """An official count, number of points or grade: nothing is rounded there."""
    value, expected = report.value(cell), report.derived(table, cell, report.values)
    if value == expected:
        return None
    kind = table.columns[cell[2]].kind
    left, right = report.show(value, kind), report.show(expected, kind)
    numbers = isinstance(value, Decimal) and isinstance(expected, Decimal)
    message, hint = _contradiction()
    label = report.label(cell)
    return Finding(table.rule(cell[1], cell[2]), "error", address(cell), label, place_path(report, cell),
                   message.format(place=label, left=left, right=right), left, right,
                   report.show(value - expected, kind) if numbers else "", "0" if numbers else "", hint, _FORMULAS)


def _contradiction() -> tuple[str, str]:
    return (_("{place}: {left} contradicts the computed {right}"),
            _("check the official figure and the entries that it sums up; "
              "delete the official figure if the sum is right"))


_FORMULAS = "部门决算报表表内、表间审核公式"


# ── accounts, negatives, last year ──


def _judge_account(report: Report, table_id: str, code: str) -> Finding | None:
    table = report.taxonomy.tables[table_id]
    catalogue = report.functional if table.axis == "functional" else report.economic
    account = catalogue.get(code)
    own = report.source.accounts.get(code, "")
    cell = (table_id, code, table.primary)
    place = f"{table.title}·{report.row_label(table_id, code)}"
    path = report.source.row_paths.get((table_id, code)) or (table.key, code)
    if account is None:
        if own:
            return None
        parent = catalogue.parent(code)
        message = _("account {code} is not in the catalogue of {year}").format(code=code, year=report.source.year)
        if parent is not None and catalogue.get(parent) is None:
            message += _(", nor is its parent {parent}").format(parent=parent)
        return Finding("F06", "warning", address(cell), place, path, message,
                       hint=_("check the code; if it is right, give its name in [accounts]"),
                       source="年度《政府收支分类科目》")
    if own and own != account.name and own not in account.former:
        severity = "note" if account.grade == "C" else "warning"  # of such a name the catalogue is not sure
        return Finding("J18", severity, address(cell), place, ("accounts", code),
                       _("account {code} is called “{own}” here, “{name}” in the catalogue").format(
                           code=code, own=own, name=account.name),
                       hint=_("use the official name, or leave it if the catalogue is wrong"),
                       source="年度《政府收支分类科目》")
    return None


def _judge_negative(report: Report, table: str, row: str, column: str) -> Finding | None:
    cell = (table, row, column)
    entry = report.source.entries.get(cell)
    if entry is None or entry.value >= 0:
        return None
    label = report.label(cell)
    left = _figure(report, entry.value, "amount")
    return Finding("A06", "warning", address(cell), label, entry.path,
                   _("{place} is negative: {left}").format(place=label, left=left), left,
                   hint=_("amounts are negative only by corrections of earlier years: check the sign"),
                   source="部门决算报表编制说明")


def _judge_restated(report: Report, table: str, row: str, column: str) -> Finding | None:
    cell = (table, row, column)
    entry = report.source.prior.get(cell)
    if entry is None or report.prior_report is None:
        return None
    published = report.prior_report.prior_year_value(cell, report)
    kind = report.taxonomy.tables[table].columns[column].kind
    value = report.printed(entry.value) * report.scale if kind == "amount" else entry.value
    if published is None or published == value:
        return None
    label = report.label(cell)
    left, right = _figure(report, entry.value, kind), _figure(report, published, kind)
    return Finding("K06", "warning", address(cell), label, entry.path,
                   _("last year's figure {left} differs from the published {right}: {place}").format(
                       left=left, right=right, place=label),
                   left, right, _figure(report, entry.value - published, kind), "0",
                   hint=_("delete the entry, or say in the report why last year was restated"),
                   source="部门决算管理办法：与上年衔接")


def _judge_renamed(report: Report) -> Finding | None:
    """Last year's source of another department: it was renamed, or the wrong file is named."""
    prior = report.prior_report
    if prior is None or prior.source.department == report.source.department:
        return None
    message = _("last year's source is that of “{department}”").format(department=prior.source.department)
    return Finding("K06", "note", "", _("last year's source"), ("report", "prior"), message,
                   hint=_("right where the department was renamed: check the file otherwise"),
                   source="部门决算管理办法：与上年衔接")


# ── texts and reasons ──


def _texts(report: Report) -> Iterator[Any]:
    """The nodes of everything that the accountant wrote in words."""
    yield (":stated", "report", "department")
    for part, written in (("accounts", report.source.accounts), ("glossary", report.source.glossary)):
        for key in written:
            yield (":stated", part, key)
    for id in report.format.prose:
        yield (":prose", id)
    for cell in _in_order(report, report.source.reasons):
        yield (":reason", *cell)
    for table in report.taxonomy.tables.values():
        texts = [column.id for column in table.entered if column.kind == "text"]
        if table.axis == "records" and texts:
            for row in report.rows(table.id):
                for column in texts:
                    yield (table.id, row, column)


def _judge_text(report: Report, number: int, *node: str) -> Finding | None:
    text = report.graph.get(node)
    code, severity, rule = TEXT_RULES[number]
    fault: TextFault | None = rule(text) if text else None
    if fault is None:
        return None
    where, path, place = _of_text(report, node)
    return Finding(code, severity, where, place, path, fault.message, left=fault.found, hint=fault.hint,
                   source=fault.source)


def _of_text(report: Report, node: tuple[str, ...]) -> tuple[str, Path, str]:
    """The cell of a text ('' where it is none), its key, and what it is called."""
    if node[0] == ":prose":
        return "", ("prose", node[1]), report.format.prose[node[1]].label
    if node[0] == ":stated":
        return "", node[1:], _("name of the department") if node[1] == "report" else node[2]
    cell = (node[-3], node[-2], node[-1])
    if node[0] == ":reason":
        return "", report.source.addressed_key("reasons", cell), report.label(cell)
    return address(cell), report.source.key(cell), report.label(cell)


_CHANGES = "地方预决算公开操作规程：增减变化须说明原因"


def _judge_reason(report: Report, table: str, row: str, column: str) -> Finding | None:
    from .narrative import NOWHERE, Environment

    cell = (table, row, column)
    moved = Environment(report, NOWHERE).difference(cell)
    if moved is None or not moved[2]:
        return None
    reason = report.graph.get((":reason", *cell))
    label = report.label(cell)
    left, path = "", report.source.addressed_key("reasons", cell)
    if not reason:
        left, path = show_number(moved[2], 2), ("reasons",)
        message = _("{place} has changed by {left}, and no reason is given").format(place=label, left=left)
    elif reason.strip("。；; ").removeprefix("属") in EMPTY_REASONS:
        message = _("{place}: the reason “{reason}” explains nothing").format(place=label, reason=reason)
    else:
        return None
    return Finding("J20", "warning", address(cell), label, path, message, left,
                   hint=_("name the project, the people or the policy behind the change"), source=_CHANGES)


def _judge_opposites(report: Report) -> Finding | None:
    """The same reason for a rise and for a fall."""
    seen: dict[str, tuple[Cell, bool]] = {}
    for node in report.graph.get((":judges", "reasons")) if report.graph.known((":judges", "reasons")) else ():
        if node[1] != "reason":
            continue
        cell: Cell = node[2:]
        reason = report.graph.get((":reason", *cell)).strip("。；; ")
        moved = report.graph.get((":moved", *cell)) if reason else None
        if not moved:
            continue
        up = moved > 0
        other, other_up = seen.setdefault(reason, (cell, up))
        if other_up != up:
            label = report.label(cell)
            return Finding("J20", "warning", address(cell), label, report.source.addressed_key("reasons", cell),
                           _("the reason “{reason}” explains a rise and a fall: {place} and {other}").format(
                               reason=reason, place=label, other=report.label(other)),
                           hint=_("say what happened in each case"), source=_CHANGES)
    return None


def _judge_untold(report: Report, table: str, row: str, column: str) -> Finding | None:
    """A reason that is not printed, because no sentence tells of the change."""
    cell = (table, row, column)
    if not report.graph.get((":reason", *cell)):
        return None
    label = report.label(cell)
    message = _("{place}: this reason is not printed, because no sentence of the report tells of the change")
    return Finding("J20", "note", address(cell), label, report.source.addressed_key("reasons", cell),
                   message.format(place=label),
                   hint=_("check the address, or delete the reason"), source=_CHANGES)


_JUDGES: dict[str, Any] = {
    "rule": _judge_rule, "tail": _judge_tail, "account": _judge_account, "negative": _judge_negative,
    "restated": _judge_restated, "renamed": _judge_renamed, "text": _judge_text, "reason": _judge_reason,
    "opposites": _judge_opposites, "untold": _judge_untold,
}
