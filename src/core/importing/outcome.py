"""The outcome of an import, before it is done: the source as it would be, and how the workbook's totals
compare with those that the report computes from what was imported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from ..amounts import ZERO
from ..drafting import entering
from ..drafting.entering import Edit
from ..formula import cell_of
from ..opening import build_report
from ..reading import parse_source
from ..report import Report
from ..source import Cell, Source, is_derived, parse_cell
from ..taxonomy import NUMBERS, Taxonomy
from ..toml.editing import Digits, SourceText
from .figures import Figure
from .patterns import printed_facts
from .placing import NOTHING, Placed
from .plan import Difference

_SUM = re.compile(r"\w+(?: \+ \w+)+")
"""A formula that adds up the columns of its own row."""


def edited(report: Report, edits: Iterable[Edit]) -> tuple[str, Report]:
    """The text of the source with these edits, and the report that it gives. Raises EditError."""
    edits = list(edits)
    text = SourceText.parse(report.source.text)
    edits = [*entering.taken_back(report.source, edits), *edits, *entering.looked_over(report.source, edits)]
    entering.write_all(report, text, (literal(report.taxonomy, edit) for edit in edits))
    if any(edit.kind not in ("cell", "official") or report.taxonomy.tables[edit.key[0]].axis == "records"
           or report.taxonomy.tables[edit.key[0]].owner for edit in edits):
        source = parse_source(text.text(), report.source.path)
    else:
        source = followed(report.source, edits, text.text())
    after = build_report(source) if source.catalogue_file else Report(source, report.prior_report)
    return text.text(), after


def followed(old: Source, edits: Iterable[Edit], text: str) -> Source:
    """The source after edits of figures in tables of accounts and lines, as reading the text would give
    it: the whole text is read again before it is written, and need not be each time a plan is looked at."""
    new = Source.__new__(Source)
    vars(new).update(vars(old), entries=dict(old.entries), official=dict(old.official), problems=list(old.problems),
                     rows={table: list(rows) for table, rows in old.rows.items()})
    new.retext(text)
    known = {table: set(rows) for table, rows in old.rows.items()}
    touched: dict[tuple[str, str], None] = {}
    for kind, cell, value in edits:
        column = old.taxonomy.tables[cell[0]].columns[cell[2]]
        store, key = (new.entries, old.key) if kind == "cell" else (new.official, partial(old.addressed_key, kind))
        if value is None:
            store.pop(cell, None)
        else:
            store[cell] = parse_cell(column, Decimal(value) if column.kind == "amount" else value, old.unit,
                                     kind == "official")._replace(path=key(cell))
        touched[cell[:2]] = None
    for table_id, row in touched:
        table = old.taxonomy.tables[table_id]
        if table.accounts and len(row) == table.digits:
            filled = any((table_id, row, column) in new.entries for column in table.columns)
            if filled and row not in known[table_id]:
                new.rows[table_id].append(row)
            elif not filled and row in known[table_id]:
                new.rows[table_id].remove(row)
    return new


def literal(taxonomy: Taxonomy, edit: Edit) -> Edit:
    """The edit with its value as it stands in the file."""
    def value(table: str, column: str, raw: Any) -> Any:
        return Digits(raw) if taxonomy.tables[table].columns[column].kind in NUMBERS and isinstance(raw, str) else raw

    if edit.kind == "insert":
        given = {column: value(edit.key[0], column, raw) for column, raw in edit.value.items()}
        return edit._replace(value=given)
    if edit.kind in ("cell", "prior", "official"):
        return edit._replace(value=value(edit.key[0], edit.key[2], edit.value))
    return edit


def compared(after: Report, totals: Iterable[Placed], show: Any) -> tuple[list[Difference], int]:
    """The totals of a workbook that are not what the report computes, and how many are."""
    found: dict[Cell, Difference] = {}
    agreed = 0
    used = {(cell[0], cell[2]) for cell in (*after.source.entries, *after.source.official)}
    for own in totals:
        table = after.taxonomy.tables[own.cell[0]]
        if table.columns[own.cell[2]].kind not in NUMBERS:
            continue
        if own.figure is NOTHING and table.columns[own.cell[2]].formula is None and own.cell[::2] not in used \
                and table.accounts:
            agreed += 1  # a column without any entry adds up to nothing
            continue
        ours, theirs = after.value(own.cell), own.figure
        if ours is None:
            continue  # not all that it is computed from is known yet: nothing to compare
        if abs(ours - theirs.value) <= theirs.half:
            agreed += 1
            continue
        interval = after.interval(own.cell)
        tail = interval.low <= theirs.value + theirs.half and theirs.value - theirs.half <= interval.high
        found.setdefault(own.cell, Difference(own.cell, after.label(own.cell), show(own.cell, Figure(ours)),
                                              show(own.cell, theirs), str(own.spot), tail))
    return sorted(found.values(), key=lambda difference: difference.tail), agreed


def rank(taxonomy: Taxonomy, cell: Cell) -> tuple[int, ...]:
    """What is summed before what: items before 款 before 类, columns before their total, lines in order."""
    table = taxonomy.tables[cell[0]]
    if table.accounts:
        return 0, 0 if cell[1] == "total" else -len(cell[1]), table.columns[cell[2]].formula is not None
    line = list(table.lines).index(cell[1].rpartition("/")[2]) if table.lines else 0
    return 1, list(taxonomy.tables).index(cell[0]), line, list(table.columns).index(cell[2])


def solved(after: Report, totals: Iterable[Placed], placed: Mapping[Cell, Placed]) -> dict[Cell, Placed]:
    """Entries that no form prints, from the sums that it prints: 项目支出 = 金额 - 基本支出.

    Only where exactly one part of a sum is unknown, and where the format prints that part nowhere: a
    part that is printed and missing is for the accountant to see to.
    """
    taxonomy = after.taxonomy
    printed = printed_facts(after.format)
    found: dict[Cell, Placed] = {}
    hopeless: set[tuple[str, str]] = set()
    for own in totals:
        table = taxonomy.tables[own.cell[0]]
        if own.cell[::2] in hopeless:
            continue
        formula = table.formula(own.cell[1], own.cell[2])
        parent = table.accounts and (own.cell[1] == "total" or len(own.cell[1]) < table.digits)
        if table.accounts and not parent and (formula is None or not _SUM.fullmatch(formula.text) or not any(
                column.formula is None and (table.id, "*", column.id) not in printed
                for column in table.columns.values())):
            hopeless.add((table.id, own.cell[2]))
        if formula is None or parent or not _SUM.fullmatch(formula.text) or any(ref.prior for ref in formula.refs):
            continue
        parts = [cell_of(ref, own.cell[1], own.cell[2]) for ref in formula.refs]
        unknown = [cell for cell in parts
                   if not is_derived(taxonomy.tables[cell[0]], cell[1], cell[2]) and cell not in placed]
        if len(unknown) != 1 or (unknown[0][0], unknown[0][1] if table.lines else "*", unknown[0][2]) in printed:
            continue
        others = [cell for cell in parts if cell != unknown[0]]
        if any(after.value(cell) is None for cell in others):
            continue
        value: Decimal = own.figure.value - sum((after.value(cell) for cell in others), ZERO)
        slack = own.figure.half + sum((after.interval(cell).half_width for cell in others), ZERO)
        figure = Figure(ZERO if abs(value) <= slack else value, own.figure.half)
        found[unknown[0]] = own._replace(cell=unknown[0], figure=figure)
    return found
