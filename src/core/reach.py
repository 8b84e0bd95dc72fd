"""Reach: the facts that a format asks for, of all that its taxonomy knows.

A taxonomy serves every province, so no format prints all of it. A fact is asked for when the
format prints it, decides something by it, or computes what it prints from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .formats import Block, Each, Form, Format, RowSpec, Template
from .formula import Formula, Ref
from .taxonomy import Table

Fact = tuple[str, str, str]
"""Table, line ('*' where the table has none) and column."""

_REACHED: dict[str, tuple[Format, frozenset[Fact], frozenset[Fact], frozenset[str]]] = {}


def reached(format: Format) -> frozenset[Fact]:
    """The facts that the format asks for."""
    return _facts(format)[0]


def shown(format: Format) -> frozenset[Fact]:
    """Those, and what follows from nothing but them: what a sheet of the format shows."""
    return _facts(format)[1]


def unasked(format: Format, refs: Iterable[Ref]) -> set[Fact]:
    """What these references mean and the format does not ask for: the facts that are entered, of derived ones those
    that they are computed from. Without line and column, the rows of a table of which it asks for nothing."""
    facts, tables = shown(format), _facts(format)[2]
    found: set[Fact] = set()
    pending: list[Fact] = []
    for ref in refs:
        read = _of(format.taxonomy.tables[ref.table], ref)
        pending += read
        if not read and ref.table not in tables:
            found.add((ref.table, "", ""))
    seen: set[Fact] = set()
    while pending:
        fact = pending.pop()
        if fact in facts or fact in seen:
            continue
        seen.add(fact)
        read = _read(format, fact)
        pending += read
        if not read:
            found.add(fact if fact[0] in tables else (fact[0], "", ""))
    return found


def owned_tables(format: Format, table: str) -> list[Table]:
    """The tables of each record of `table` that the format asks for."""
    asked = _facts(format)[2]
    return [own for own in format.taxonomy.owned(table) if own.id in asked]


def _facts(format: Format) -> tuple[frozenset[Fact], frozenset[Fact], frozenset[str]]:
    known = _REACHED.get(format.id)
    if known is None or known[0] is not format:
        asked = _closure(format)
        known = _REACHED[format.id] = (format, asked, frozenset(_following(format, asked)),
                                       frozenset(fact[0] for fact in asked))
    return known[1:]


def _closure(format: Format) -> frozenset[Fact]:
    tables = format.taxonomy.tables
    pending = [fact for ref in _refs(format) for fact in _of(tables[ref.table], ref)]
    found: set[Fact] = set()
    while pending:
        fact = pending.pop()
        if fact in found:
            continue
        found.add(fact)
        pending += _read(format, fact)
    return frozenset(found)


def _following(format: Format, asked: frozenset[Fact]) -> Iterator[Fact]:
    known: dict[Fact, bool] = {}

    def follows(fact: Fact) -> bool:
        if fact not in known:
            read = _read(format, fact)
            known[fact] = fact in asked or (bool(read) and all(map(follows, read)))
        return known[fact]

    for table in format.taxonomy.tables.values():
        for line in table.lines or ("*",):
            for column in table.columns:
                if follows((table.id, line, column)):
                    yield table.id, line, column


def _read(format: Format, fact: Fact) -> list[Fact]:
    """What a derived fact is computed from."""
    table_id, line, column = fact
    formula = format.taxonomy.tables[table_id].formula(line, column)
    if formula is None:
        return []
    tables = format.taxonomy.tables
    return [read for ref in formula.refs for read in _of(tables[ref.table], ref, line, column)]


def _of(table: Table, ref: Ref, line: str = "", column: str = "") -> list[Fact]:
    """The facts that a reference means, where `line` and `column` are those around it."""
    name = column if ref.column == "*" else ref.column
    if not name:
        return []
    row = ref.row.removeprefix("../")
    if not table.lines:
        return [(table.id, "*", name)]
    if ref.range or row not in table.lines:
        own = [line] if row == "row" and line in table.lines else table.lines
        return [(table.id, each, name) for each in own]
    return [(table.id, row, name)]


def _refs(format: Format) -> Iterator[Ref]:
    for template in format.cover:
        yield from template.refs()
    for section in format.sections:
        yield from section.title.refs()
        yield from _in(section.when)
        for block in section.blocks:
            yield from _in_block(format, block)
    for term in format.glossary:
        yield from _in(term.when)


def _in(formula: Formula | None) -> tuple[Ref, ...]:
    return formula.refs if formula is not None else ()


def _in_template(template: Template | None) -> Iterator[Ref]:
    return template.refs() if template is not None else iter(())


def _in_each(each: Each | None) -> Iterator[Ref]:
    if each is not None and each.ref is not None:
        yield each.ref
        yield from _in(each.when)
        if each.group:
            yield Ref(each.ref.table, each.ref.row, each.group, range=True)


def _in_block(format: Format, block: Block) -> Iterator[Ref]:
    yield from _in(block.when)
    yield from _in_template(block.template)
    yield from _in_each(block.each)
    if block.kind == "form":
        yield from _in_form(format.forms[block.name])
    if block.chart is not None:
        yield from block.chart.title.refs()
        for row in block.chart.rows:
            yield from _in_each(row.each)
            yield from _in_template(row.label)
            yield row.cell
    for inner in block.blocks:
        yield from _in_block(format, inner)


def _in_form(form: Form) -> Iterator[Ref]:
    for template in (form.title, form.left, form.right, *form.notes, form.empty_note):
        yield from _in_template(template)
    yield from _in(form.empty)
    for panel in form.panels:
        for row in panel.rows + panel.foot:
            yield from _in_row(row)


def _in_row(row: RowSpec) -> Iterator[Ref]:
    yield from _in_each(row.each)
    for template in (row.label, row.side, *(cell.template for cell in row.grid)):
        yield from _in_template(template)
    for formula in row.cells.values():
        yield from formula.refs
    for inner in row.group:
        yield from _in_row(inner)
