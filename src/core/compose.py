"""Composition: a report and its format, put together as a document in reading order.

Everything is decided here; a renderer only lays it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .charts import chart
from .document import (
    Block,
    Cell,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    is_open,
    placeholder,
)
from .final import drafted
from .formats import Form, FormColumn, GridCell, Panel, RowSpec, Slot, heading_number, numbered
from .formula import Formula, Unknown, cell_of
from .narrative import NOWHERE, Context, Environment, known_to_hold
from .references import expanded, lines
from .source import address

if TYPE_CHECKING:
    from . import formats
    from .report import Report

Record = tuple[str, str, str, dict[str, str]]


def compose(report: Report) -> Document:
    """The whole document of a report."""
    composer = _Composer(report)
    cover = tuple(composer.plain(line) for line in report.format.cover)
    blocks: list[Block] = [Cover(cover), PageBreak()]
    if report.format.contents:
        blocks.append(Contents(report.format.contents))
    for block in composer.sections():
        if not (isinstance(block, PageBreak) and isinstance(blocks[-1], PageBreak)):
            blocks.append(block)
    return Document("".join(cover), tuple(blocks), drafted(report, tuple(blocks)))


def composed_blocks(report: Report, block: formats.Block, section: str) -> list[Block]:
    """What one block of a section comes to."""
    return list(_Composer(report).block(block, NOWHERE, section))


def compose_form(report: Report, id: str, row: str = "") -> Table:
    """One printed table (of one record, where it is printed for each)."""
    return _Composer(report).form(report.format.forms[id], Context(row), "")


def listed_form(report: Report, id: str) -> Table:
    """The rows of a printed table, to find a figure in: without notes, its texts as they are written
    (they may name figures that are being looked for)."""
    return _Composer(report, plain=True).form(report.format.forms[id], NOWHERE, "")


def form_title(report: Report, id: str) -> str:
    """What stands above a printed table."""
    return _Composer(report).plain(report.format.forms[id].title)


def numbered_sections(report: Report) -> Iterator[tuple[formats.Section, str, str]]:
    """The sections that are printed, each with its number and its title; only these are counted."""
    titles = {section.id: report.graph.get((":text", f"{section.id}.0", NOWHERE)) for section in report.format.sections}
    for section, number in numbered(section for section in report.format.sections if titles[section.id] is not None):
        yield section, number, "".join(run.text for run in titles[section.id])


def _once(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, where several sentences wait for the same thing just one that says so."""
    last: Block | None = None
    for block in blocks:
        if not (isinstance(block, Paragraph) and block == last and is_open(block.text)):
            yield block
        last = block


class _Composer:
    def __init__(self, report: Report, plain: bool = False) -> None:
        self.report = report
        self.unfilled = plain
        self.text = report.text
        self.graph = report.graph

    def plain(self, template: formats.Template, context: Context = NOWHERE) -> str:
        return "".join(run.text for run in self.text.fill(template, Environment(self.report, context)))

    def sections(self) -> Iterator[Block]:
        alone = False  # is the last block a section's heading, which stays with what follows?
        for section, number, title in numbered_sections(self.report):
            if section.page and not alone:
                yield PageBreak()
            yield Heading(section.id, section.level, number, title, section.listed)
            alone = True
            for made in _once(block for own in section.blocks for block in self.block(own, NOWHERE, section.id)):
                if not (alone and isinstance(made, PageBreak)):
                    yield made
                alone = False

    def block(self, block: formats.Block, context: Context, section: str) -> Iterator[Block]:
        if block.kind == "each":
            for turn in self.graph.get((":each", block.id, context)):
                for inner in block.blocks:
                    yield from self.block(inner, turn, section)
            return
        runs = self.graph.get((":text", block.id, context))
        if runs is None or block.kind == "inline":
            return
        if block.kind == "text":
            yield Paragraph(runs, block.indent, section)
        elif block.kind in ("prose", "paragraphs"):
            for line in lines(runs):
                yield Paragraph(line, True, section)
        elif block.kind == "heading":
            yield Heading(f"{block.id}@{context.row}" if context.row else block.id, block.level, "",
                          "".join(run.text for run in runs))
        elif block.kind == "form":
            yield self.form(self.report.format.forms[block.name], context, section)
        elif block.kind == "chart":
            yield chart(self.report, block, context, section)
        elif block.kind == "page":
            yield PageBreak()
        elif block.kind == "glossary":
            yield from self.glossary(section)

    def glossary(self, section: str) -> Iterator[Block]:
        env = Environment(self.report, NOWHERE)
        terms = [(term.term, term.text) for term in self.report.format.glossary
                 if term.when is None or known_to_hold(term.when, env)]
        for number, (term, text) in enumerate([*terms, *self.report.source.glossary.items()], 1):
            yield Paragraph((Run(f"{heading_number(2, number)}{term}：{text}"),), True, section)

    # ── forms ──

    def form(self, form: Form, context: Context, section: str) -> Table:
        columns = tuple(
            Column(column.id, column.header, "figure" if column.kind == "line" else column.kind, number, column.key)
            for number, panel in enumerate(form.panels) for column in panel.columns)
        if any(spec.grid or spec.side for panel in form.panels for spec in panel.rows):
            grid = _Grid(self, form.panels[0].columns, context, form.place)
            rows, records = grid.rows(form.panels[0].rows)
        else:
            rows, records = self.panels(form, context)
        notes = [] if self.unfilled else [self.plain(note, context) for note in form.notes]
        if not self.unfilled and self.is_empty(form, context):
            notes += [self.plain(form.empty_note, context)] if form.empty_note is not None else []
        id = f"{form.id}.{context.row}" if form.each else form.id
        return Table(id, self.plain(form.title, context), form.code, self.plain(form.left, context),
                     self.plain(form.right, context), columns, rows, tuple(notes), records, section, form.unit)

    def is_empty(self, form: Form, context: Context) -> bool:
        """Has the form no data?"""
        return form.empty is not None and known_to_hold(form.empty, Environment(self.report, context), context.row)

    def panels(self, form: Form, context: Context) -> tuple[tuple[Row, ...], tuple[Record, ...]]:
        """The rows of lists that stand side by side: bodies level at the top, feet at the bottom."""
        before = 0  # the figure columns of the panels to the left, which 栏次 counts on
        bodies, feet = [], []
        for panel in form.panels:
            bodies.append(list(self.printed_rows(panel, panel.rows, context, form.place, columns=before)))
            feet.append(list(self.printed_rows(panel, panel.foot, context, form.place, len(bodies[-1]))))
            before += sum(column.kind == "figure" for column in panel.columns)
        height, foot = max(map(len, bodies)), max(map(len, feet))
        blanks = [_Printed((Cell(""),) * len(panel.columns), None) for panel in form.panels]
        if any(column.start for panel in form.panels for column in panel.columns):
            for blank, body, below in zip(blanks, bodies, feet):
                body += [blank] * (height - len(body))
                below[:0] = [blank] * (foot - len(below))
            bodies, feet = self.lined(form, bodies), self.lined(form, feet, height)
        if form.blank and not self.unfilled and self.is_empty(form, context):
            bodies = [[part if part.numbered else part.blanked() for part in body] for body in bodies]
        rows = []
        for number in range(height + foot):
            parts = []
            for blank, body, below in zip(blanks, bodies, feet):
                if number < height:
                    parts.append(body[number] if number < len(body) else blank)
                else:
                    at = number - height - (foot - len(below))
                    parts.append(below[at] if at >= 0 else blank)
            rows.append(Row(tuple(cell for part in parts for cell in part.cells), any(part.strong for part in parts),
                            number == height and bool(foot)))
        records = tuple(part.record for body, below in zip(bodies, feet) for part in body + below if part.record)
        return tuple(rows), records

    @staticmethod
    def lined(form: Form, parts: list[list[_Printed]], before: int = 0) -> list[list[_Printed]]:
        """The rows of each panel with the numbers of its lines (行次), blank ones counted; `before`
        is the height of what stands above, 栏次 included."""
        found = []
        for panel, rows in zip(form.panels, parts):
            start = next((at for at, column in enumerate(panel.columns) if column.start), None)
            if start is None:
                found.append(rows)
                continue
            number = panel.columns[start].start + max(0, before - sum(spec.numbered for spec in panel.rows))
            lined = []
            for part in rows:
                lined.append(part if part.numbered else part.with_line(start, panel.columns[start].id, number))
                number += not part.numbered
            found.append(lined)
        return found

    def printed_rows(self, panel: Panel, specs: tuple[RowSpec, ...], context: Context, place: str,
                     before: int = 0, columns: int = 0) -> Iterator[_Printed]:
        number = before
        for spec in specs:
            turns = self.text.contexts(spec.each, context) if spec.each else (context,)
            for turn in turns:
                number += not (spec.numbered or spec.heading)
                yield self.printed_row(panel.columns, spec, turn, place, number, columns)

    def printed_row(self, columns: tuple[FormColumn, ...], spec: RowSpec, turn: Context, place: str, number: int,
                    before: int) -> _Printed:
        report = self.report
        ref = spec.each.ref if spec.each else None
        accounts = ref is not None and report.taxonomy.tables[ref.table].accounts
        row = turn.row
        total = accounts and row == "total"
        code = row if accounts and not total else spec.code
        if spec.label is not None:
            label = self.plain(spec.label, turn)
        else:
            label = "合计" if total else Environment(report, turn).name(row) if accounts else ""
        cells: list[Cell] = []
        printed: dict[str, str] = {}
        for column in columns:
            kind = column.kind
            if kind == "code":
                cells.append(Cell(code))
            elif kind == "name":
                cells.append(Cell(label, "center" if total else "left"))
            else:
                where, parts = "", tuple[Any, ...]()
                if kind == "line":
                    text = "" if spec.numbered or spec.heading or not label else str(number)
                elif spec.numbered:
                    before += 1
                    text = str(before)
                else:
                    text, where, parts = self.figure(spec, column.id, row, turn, place)
                cells.append(Cell(text, "left" if kind == "text" else "right", where, parts=parts))
                printed[column.id] = text
        id = spec.id or row
        record = (id, code, label, printed) if id else None
        return _Printed(tuple(cells), record, spec.strong or total or (accounts and len(code) == 3), spec.numbered)

    def figure(self, spec: RowSpec, column: str, row: str, turn: Context,
               place: str) -> tuple[str, str, tuple[Any, ...]]:
        """What stands in a column of a row, the address of its cell, what a computed one is made of."""
        formula = spec.cells.get(column)
        if formula is None:
            return "", "", ()
        ref = formula.reference
        if ref is None:
            return self.computed(formula, turn, place), "", ((formula, row),)
        cell = cell_of(ref, row)
        if self.report.taxonomy.tables[cell[0]].columns[cell[2]].long and not self.unfilled:
            return "".join(run.text for run in expanded(self.report, self.report.shown(cell))), address(cell), ()
        return self.report.shown(cell, place), address(cell), ()


    def computed(self, formula: Formula, turn: Context, place: str) -> str:
        """What a cell's formula gives, as it is printed."""
        try:
            value = formula(Environment(self.report, turn, place), turn.row)
        except Unknown:
            return placeholder()
        if isinstance(value, tuple):
            return "".join(run.text for run in value)
        return self.report.worth(value, formula.type.kind, place)


class _Printed(NamedTuple):
    """A printed row of one panel, and its record for JSON."""

    cells: tuple[Cell, ...]
    record: Record | None
    strong: bool = False
    numbered: bool = False

    def with_line(self, at: int, column: str, number: int) -> _Printed:
        """The row with the number of its line."""
        cells = (*self.cells[:at], Cell(str(number), "right"), *self.cells[at + 1:])
        record = (*self.record[:3], {**self.record[3], column: str(number)}) if self.record else None
        return self._replace(cells=cells, record=record)

    def blanked(self) -> _Printed:
        """The row without its figures."""
        cells = tuple(cell._replace(text="") if cell.address else cell for cell in self.cells)
        record = (*self.record[:3], dict.fromkeys(self.record[3], "")) if self.record else None
        return self._replace(cells=cells, record=record)


class _Grid:
    """The rows of an irregular form, with cells that span columns and rows."""

    def __init__(self, composer: _Composer, columns: tuple[FormColumn, ...], context: Context, style: str) -> None:
        self.composer = composer
        self.columns = columns
        self.context = context
        self.style = style

    def rows(self, specs: tuple[RowSpec, ...]) -> tuple[tuple[Row, ...], tuple[Record, ...]]:
        rows: list[Row] = []
        records: list[Record] = []
        for spec in specs:
            if spec.side is None:
                for id, cells in self.lines(spec, "", 0):
                    rows.append(Row(tuple(cell for cell in cells if cell.rows), rule=True))
                    records.append(self.record(id, cells, 0, ""))
                continue
            side = self.composer.plain(spec.side, self.context)
            lines = [line for inner in spec.group for line in self.lines(inner, spec.id, 1)]
            for number, (id, cells) in enumerate(lines):
                records.append(self.record(id, cells, 1, side))
                first = [Cell(side, rows=len(lines))] if number == 0 else []
                rows.append(Row((*first, *(cell for cell in cells if cell.rows)), rule=True))
        return tuple(rows), tuple(records)

    def lines(self, spec: RowSpec, group: str, start: int) -> list[tuple[str, list[Cell]]]:
        """The rows that one specification makes; cells that a merged one above covers have rows = 0."""
        turns = self.composer.text.contexts(spec.each, self.context) if spec.each else (self.context,)
        lines = []
        for turn in turns:
            name = str(turn.n) if spec.each else spec.id
            lines.append((".".join(part for part in (group, name) if part),
                          [self.cell(cell, turn) for cell in spec.grid]))
        for position, cell in enumerate(spec.grid):
            if cell.merge:
                self.merge(lines, position)
        return lines

    def cell(self, spec: GridCell, turn: Context) -> Cell:
        runs = self.composer.text.fill(spec.template, Environment(self.composer.report, turn, self.style))
        figures = [run.cell for run in runs if run.cell]
        text = "".join(run.text for run in runs).rstrip(" ")
        slot = spec.template.parts[0] if len(spec.template.parts) == 1 else ""
        parts: tuple[Any, ...] = ()
        if len(spec.template.parts) > 1 or (isinstance(slot, Slot) and slot.ref is None):
            parts = tuple((part.formula, turn.row) if isinstance(part, Slot) else part for part in spec.template.parts)
        if isinstance(slot, Slot) and slot.ref is not None and not slot.ref.prior:
            figures = [address(cell_of(slot.ref, turn.row))]  # of a text, whatever figures it names
        return Cell(text, spec.align, figures[0] if len(figures) == 1 and runs else "", spec.columns, parts=parts)

    @staticmethod
    def merge(lines: list[tuple[str, list[Cell]]], position: int) -> None:
        """Make one cell of equal neighbours in a column, within the merged cell to its left."""
        top = 0
        for number in range(1, len(lines) + 1):
            if number < len(lines):
                cells = lines[number][1]
                within = not position or not cells[position - 1].rows
                if within and cells[position].text == lines[top][1][position].text:
                    continue
            lines[top][1][position] = lines[top][1][position]._replace(rows=number - top)
            for covered in range(top + 1, number):
                lines[covered][1][position] = lines[covered][1][position]._replace(rows=0)
            top = number

    def record(self, id: str, cells: list[Cell], start: int, side: str) -> Record:
        printed: dict[str, str] = {}
        at = start
        for cell in cells:
            printed[self.columns[at].id] = cell.text
            at += cell.columns
        return id, "", side or cells[0].text, printed
