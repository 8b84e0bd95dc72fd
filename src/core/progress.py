"""Progress: what the format needs from the accountant, and what of it is there.

A need is not listed anywhere: it follows from what the format prints. Every cell that a form
or a sentence shows, and every cell that such a figure is computed from, must be entered unless
the taxonomy calls it optional; every list of accounts or records needs its rows, or the word
that there are none; every change that is told needs last year's figure, and every changed figure
its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .formats import Block, Form, Format, RowSpec, Section
from .formula import Formula, Ref, Unknown, cell_of
from .i18n import _
from .narrative import NOWHERE, Context, known_to_hold
from .reach import reached
from .source import Cell, Path
from .taxonomy import NUMBERS

if TYPE_CHECKING:
    from .report import Report

DONE, MISSING, SPARED = "done", "missing", "spared"


class Need(NamedTuple):
    """Something that the accountant has to enter: kind 'meta', 'prose', 'table', 'cell', 'prior' or
    'reason'; 'row', an account that is named without a figure; 'carried', a text or table that was taken
    over from last year and is to be looked over."""

    kind: str
    key: str
    section: str
    place: str
    path: Path
    state: str


class Progress(NamedTuple):
    """How many needs there are, how many are met, and those that are not."""

    required: int
    done: int
    missing: tuple[Need, ...]

    @property
    def percent(self) -> int:
        """Whole percent, 100 only when nothing is missing."""
        return 100 if not self.required else self.done * 100 // self.required


def progress(report: Report) -> Progress:
    """The whole report's progress."""
    found = list(needs(report))
    counted = [need for need in found if need.state != SPARED]
    return Progress(len(counted), sum(need.state == DONE for need in counted),
                    tuple(need for need in counted if need.state == MISSING))


def needs(report: Report) -> Iterator[Need]:
    """Every need in the order of the report, with its state."""
    for root in roots(report):
        for list_node in report.graph.get(root):
            for node in report.graph.get(list_node):
                kind, section, *key = node[1:]
                yield Need(kind, ".".join(key), section, _place(report, kind, key), _path(report, kind, key),
                           report.graph.get(node))


def roots(report: Report) -> list[Any]:
    """The graph node under which all needs hang."""
    return [(":needs", "all")]


def instances(report: Report, key: tuple[str, ...]) -> tuple[Any, ...]:
    """The lists of needs ('all'), or the needs of one kind."""
    if key[0] == "all":
        return ((":needs", "fixed"), (":needs", "records"), (":needs", "row"), (":needs", "carried"),
                (":needs", "prior"), (":needs", "reason"))
    if key[0] == "fixed":
        return tuple(_fixed(report))
    if key[0] == "records":
        return tuple(_records(report))
    if key[0] == "row":
        return tuple((":need", "row", _home(report.format, table), table, code)
                     for table, code in report.graph.get((":blank",)))
    if key[0] == "carried":
        return tuple(_carried(report))
    function = {"prior": "change", "reason": "because"}[key[0]]
    found = {cell: section for section, cell in reversed(list(mentions(report, function)))}
    return tuple((":need", key[0], section, *cell) for cell, section in reversed(found.items()))


def state(report: Report, key: tuple[str, ...]) -> str:
    """Is the need met? 'spared' where, as things stand, nothing is asked for."""
    kind, _section, *rest = key
    graph = report.graph
    if kind == "meta":
        return DONE if report.source.department else MISSING
    if kind == "prose":
        when = report.format.prose[rest[0]].when
        if when is not None and not known_to_hold(when, report.values):
            return SPARED
        return DONE if graph.get((":prose", rest[0])) else MISSING
    if kind == "table":
        table, owner = rest[0], rest[1] if len(rest) > 1 else ""
        if report.lacks(table, owner):
            return MISSING
        rows = report.values.selected(table, "own", owner) if owner else report.items(table)
        return DONE if rows or (table, owner) in report.source.absent else SPARED
    if kind == "carried":
        return MISSING if ".".join(rest) in graph.get((":carried",)) else SPARED
    if kind == "row":
        if (rest[0], rest[1]) not in graph.get((":blank",)):
            return SPARED
        return MISSING if is_blank(report, rest[0], rest[1]) else DONE
    cell: Cell = (rest[0], rest[1], rest[2])
    if kind == "cell":
        return MISSING if report.asked(cell) else DONE if graph.get((":entered", *cell)) else SPARED
    if kind == "prior":
        return DONE if report.prior(cell) is not None else MISSING
    if not graph.get((":moved", *cell)):
        return SPARED
    return DONE if graph.get((":reason", *cell)) else MISSING


def _holds(report: Report, when: Formula | None) -> bool:
    """Does the condition hold, as far as is known?"""
    try:
        return when is None or bool(when(report.values, ""))
    except Unknown:
        return False


def _place(report: Report, kind: str, key: list[str]) -> str:
    if kind == "meta":
        return _("name of the department")
    if kind == "prose":
        return report.format.prose[key[0]].label
    if kind == "table":
        table = report.taxonomy.tables[key[0]]
        if report.source.merged is not None and (table.id,) in report.source.merged.unknown:
            return _("{table}: a unit has not entered it; complete its file and merge again").format(table=table.title)
        if len(key) > 1:
            return _("{table} of {record}: enter them, or state that there are none").format(
                table=table.title, record=report.row_label(table.owner, key[1]))
        if table.required and table.needed is None:
            return table.title
        return _("{table}: enter it, or state that there is none").format(table=table.title)
    if kind == "carried":
        name = report.format.prose[key[1]].label if key[0] == "prose" else report.taxonomy.tables[key[0]].title
        if report.source.merged is not None:
            return _("to be looked over, taken over from the units: {place}").format(place=name)
        return _("to be looked over, taken over from last year: {place}").format(place=name)
    if kind == "row":
        table = report.taxonomy.tables[key[0]]
        return _("no figure, enter one or remove the row: {place}").format(
            place=f"{table.title}·{report.row_label(*key)}")
    label = report.label((key[0], key[1], key[2]))
    words = {"prior": _("last year's figure: {place}"), "reason": _("reason: {place}")}
    return words.get(kind, "{place}").format(place=label)


def _path(report: Report, kind: str, key: list[str]) -> Path:
    if kind == "meta":
        return ("report", "department")
    if kind == "prose":
        return ("prose", key[0])
    if kind == "table":
        table = report.taxonomy.tables[key[0]]
        base = report.source.row_path(report.taxonomy.tables[table.owner], key[1]) if len(key) > 1 else ()
        place = (*base, table.key)
        return place if report.source.line(place) is not None else report.source.none_key(table, "".join(key[1:]))
    if kind == "carried":
        return ("prose", key[1]) if key[0] == "prose" else (key[0],)
    if kind == "row":
        return (report.taxonomy.tables[key[0]].key, key[1])
    if kind in ("prior", "reason"):
        return report.source.addressed_key("reasons" if kind == "reason" else "prior", (key[0], key[1], key[2]))
    return report.source.key((key[0], key[1], key[2]))


# ── what the format reads ──


def is_blank(report: Report, table: str, code: str) -> bool:
    """Has an account's row no figure?"""
    columns = report.taxonomy.tables[table].entered
    return not any(report.graph.get((":entered", table, code, column.id)) for column in columns
                   if column.kind in NUMBERS)


def _home(format: Format, table: str) -> str:
    """The first section that asks for a table, or the cover."""
    used: dict[str, str] = {}
    for section in format.sections:
        for block in walk(section.blocks):
            for ref in block_refs(block, format.forms):
                used.setdefault(ref.table, section.id)
    return used.get(table, "cover")


def _carried(report: Report) -> Iterator[Any]:
    """What was taken over and is to be looked over, in the order of the report."""
    carried = set(report.graph.get((":carried",)))
    if not carried:
        return
    for section in report.format.sections:
        for block in walk(section.blocks):
            if block.kind in ("prose", "inline") and f"prose.{block.name}" in carried:
                carried.discard(f"prose.{block.name}")
                yield (":need", "carried", section.id, "prose", block.name)
    for table in report.taxonomy.tables.values():
        if not table.owner and table.key in carried:
            yield (":need", "carried", _home(report.format, table.id), table.key)


def _fixed(report: Report) -> Iterator[Any]:
    """Needs that don't depend on the rows: texts, tables, fixed cells."""
    yield (":need", "meta", "cover", "department")
    seen: set[Any] = set()
    for section in report.format.sections:
        refs: list[Ref] = list(section.title.refs())
        for block in walk(section.blocks):
            if block.kind in ("prose", "inline") and not report.format.prose[block.name].optional:
                yield (":need", "prose", section.id, block.name)
            refs += block_refs(block, report.format.forms)
        yield from _reached(report, refs, section.id, seen)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from walk(block.blocks)


def block_refs(block: Block, forms: dict[str, Form]) -> list[Ref]:
    refs = list(block.template.refs()) if block.template else []
    if block.each is not None and block.each.ref is not None:
        refs.append(block.each.ref)
    if block.kind == "form":
        form = forms[block.name]
        for panel in form.panels:
            for row in panel.rows + panel.foot:
                refs += _row_refs(row)
    return refs


def _row_refs(row: RowSpec) -> list[Ref]:
    refs: list[Ref] = [row.each.ref] if row.each and row.each.ref else []
    templates = [row.label, row.side, *(cell.template for cell in row.grid)]
    for template in templates:
        refs += list(template.refs()) if template else []
    for formula in row.cells.values():
        refs += formula.refs
    for inner in row.group:
        refs += _row_refs(inner)
    return refs


def _reached(report: Report, refs: list[Ref], section: str, seen: set[Any]) -> Iterator[Any]:
    """The entered cells and tables that the refs lead to, through all formulas, each once."""
    pending = list(refs)
    while pending:
        ref = pending.pop(0)
        table = report.taxonomy.tables[ref.table]
        if not table.lines:
            if table.id in seen:
                continue
            seen.add(table.id)
            if not table.owner and table.entered and (table.required or report.source.schema > 1):
                yield (":need", "table", section, table.id)
            pending += [Ref(other, "items", "", range=True) for other in table.rows_from]
            for column in table.columns.values():
                pending += column.formula.refs if column.formula else ()
            continue
        if table.owner:
            continue
        for row in (ref.row,) if ref.fixed and not ref.range else tuple(table.lines):
            columns = (ref.column,) if ref.column not in ("", "*") else tuple(table.columns)
            for column_id in columns:
                cell = (table.id, row, column_id)
                if cell in seen:
                    continue
                seen.add(cell)
                formula = table.formula(row, column_id)
                if formula is not None:
                    pending += [_here(inner, row, column_id) for inner in formula.refs]
                elif not table.lines[row].optional and not table.columns[column_id].optional:
                    yield (":need", "cell", section, *cell)


def _here(ref: Ref, row: str, column: str) -> Ref:
    """A reference as the formula of this cell means it."""
    if ref.column == "*":
        return ref._replace(column=column)
    return ref._replace(row=row, fixed=True) if ref.row == "row" else ref


def _records(report: Report) -> Iterator[Any]:
    """Needs of each record and of the lines that belong to it, and the texts of each account."""
    used = {block.each.ref.table: section.id for section in reversed(report.format.sections)
            for block in walk(section.blocks) if block.each and block.each.ref}
    for section in reversed(report.format.sections):
        for block in walk(section.blocks):
            for ref in block_refs(block, report.format.forms):
                used[ref.table] = section.id
    asked = reached(report.format)
    for table in report.taxonomy.tables.values():
        if table.id not in used or not (table.axis == "records" or table.owner or table.accounts):
            continue
        if table.owner and not table.lines and report.source.schema > 1:
            yield from ((":need", "table", used[table.id], table.id, row) for row in report.rows(table.owner))
        columns = [column for column in table.columns.values() if not table.accounts or column.kind == "text"]
        for row in report.items(table.id) if columns else ():
            line = table.line(row)
            for column in columns:
                if (table.id, line.id if line else "*", column.id) not in asked:
                    continue
                if table.formula(row, column.id) is None and not column.optional and not (line and line.optional):
                    yield (":need", "cell", used[table.id], table.id, row, column.id)


def mentions(report: Report, function: str, perhaps: bool = False) -> Iterator[tuple[str, Cell]]:
    """The cells that the format's sentences hand to `function`, each with its section; `perhaps`: also those of
    sentences of which it is not known whether they are printed."""
    for section in report.format.sections:
        for cell in _mentioned(report, section.blocks, NOWHERE, function, perhaps):
            yield section.id, cell


def mentioned(report: Report, section_id: str, function: str) -> Iterator[Cell]:
    """The cells that the sentences of one section hand to `function`."""
    section = next(section for section in report.format.sections if section.id == section_id)
    return _mentioned(report, section.blocks, NOWHERE, function)


def _mentioned(report: Report, blocks: tuple[Block, ...], context: Context, function: str,
               perhaps: bool = False) -> Iterator[Cell]:
    for block in blocks:
        if block.kind == "each":
            if _uses(block, function):
                for turn in report.graph.get((":each", block.id, context)):
                    yield from _mentioned(report, block.blocks, turn, function, perhaps)
        elif block.template is not None and _uses(block, function):
            holds = block.when is None or report.graph.get((":holds", block.id, context))
            if not holds and not (perhaps and holds is None):
                continue
            for ref in block.template.refs():
                if ref.function == function:
                    yield cell_of(ref, context.row)


def told(format: Format, function: str) -> Iterator[Ref]:
    """The references that the format's sentences hand to `function`, in the order of the report."""
    for section in format.sections:
        yield from told_in(section, function)


def told_in(section: Section, function: str) -> Iterator[Ref]:
    """The references that the sentences of one section hand to `function`."""
    for block in walk(section.blocks):
        if block.template is not None:
            yield from (ref for ref in block.template.refs() if ref.function == function)


def reached_tables(format: Format) -> set[str]:
    """The tables that the format prints, and those that its figures are computed from."""
    pending: list[Ref] = []
    for section in format.sections:
        pending += section.title.refs()
        for block in walk(section.blocks):
            pending += block_refs(block, format.forms)
    tables = format.taxonomy.tables
    found: set[str] = set()
    while pending:
        table = tables[pending.pop().table]
        if table.id in found:
            continue
        found.add(table.id)
        formulas = [column.formula for column in table.columns.values()]
        for line in table.lines.values():
            formulas += [line.formula, *line.cells.values()]
        for formula in formulas:
            pending += formula.refs if formula else ()
        pending += [Ref(other, "items", "") for other in table.rows_from]
    return found


def _uses(block: Block, function: str) -> bool:
    if block.template is not None and any(ref.function == function for ref in block.template.refs()):
        return True
    return any(_uses(inner, function) for inner in block.blocks)

