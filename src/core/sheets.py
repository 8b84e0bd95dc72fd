"""Sheets: what the accountant fills in, section by section, as grids that know no screen.

A sheet is a view of a report: rows, columns, what stands in a place and what may be entered
there. Which sheets a section has follows from what the format prints in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

from .formats import Format, Section
from .formula import Ref
from .narrative import NOWHERE, Environment, percent
from .progress import block_refs, mentions, walk
from .source import CODE_DIGITS, Cell, is_derived

if TYPE_CHECKING:
    from .report import Report

PRIOR_COLUMNS = ("label", "current", "prior", "difference", "rate", "reason")


class SheetColumn(NamedTuple):
    """A column: `kind` as a taxonomy's, or 'code', 'label'; `frozen` columns stay in sight."""

    id: str
    title: str
    kind: str
    frozen: bool = False


class Place(NamedTuple):
    """What stands in a place of a sheet. `state`: 'label', 'entered', 'blank', 'derived' or 'official'.

    `kind` and `cell` say what an entry there is ('cell', 'prior', 'reason'; '' where nothing is
    entered); `cell` is also what can be explained.
    """

    text: str
    state: str
    kind: str = ""
    cell: Cell | None = None

    @property
    def editable(self) -> bool:
        return bool(self.kind)


class Sheet:
    """A grid of places. `grows`: rows are added by 'account', as 'record', or not at all ('')."""

    title: str
    columns: tuple[SheetColumn, ...]
    grows: str = ""

    @property
    def rows(self) -> tuple[str, ...]:
        raise NotImplementedError

    def place(self, row: str, column: int) -> Place:
        raise NotImplementedError


class TableSheet(Sheet):
    """A fact table, whole, or of one record (`owner`). `added` are accounts that have no figure yet."""

    def __init__(self, report: "Report", table: str, owner: str = "") -> None:
        self.report = report
        self.table = report.taxonomy.tables[table]
        self.owner = owner
        self.added: dict[str, None] = {}
        self.title = self.table.title
        keys: tuple[SheetColumn, ...]
        if self.table.accounts:
            keys = (SheetColumn("code", "科目编码", "code", True), SheetColumn("label", "科目名称", "label", True))
            self.grows = "account"
        elif self.table.lines:
            keys = (SheetColumn("label", "项目", "label", True),)
        else:
            keys = (SheetColumn("code", "序号", "code", True),)
            self.grows = "record"
        self.columns = (*keys, *(SheetColumn(column.id, column.label, column.kind) for column in self.table.columns.values()))

    @property
    def rows(self) -> tuple[str, ...]:
        rows = self.report.rows(self.table.id)
        if self.added:
            return ("total", *sorted({*rows, *self.added} - {"total"}))
        return tuple(row for row in rows if row.rpartition("/")[0] == self.owner) if self.table.owner else rows

    def place(self, row: str, column: int) -> Place:
        own = self.columns[column]
        report = self.report
        if own.kind == "code":
            return Place("" if row == "total" else row.rpartition("/")[2], "label")
        if own.kind == "label":
            if self.table.accounts:
                depth = 0 if row == "total" else len(row) // 2 - 1
                return Place("  " * depth + ("合计" if row == "total" else report.name(row)), "label")
            return Place(report.row_label(self.table.id, row), "label")
        cell = (self.table.id, row, own.id)
        if is_derived(self.table, row, own.id):
            state = "official" if cell in report.source.official else "derived"
            return Place(report.shown(cell), state, "", cell)
        entered = cell in report.source.entries
        text = report.shown(cell) if entered or own.kind == "flag" else ""
        return Place(text, "entered" if entered else "blank", "cell", cell)

    def level(self, row: str) -> int:
        """How deep an account stands: 0 the total, 1 类, 2 款, 3 项; 3 for every other row."""
        if not self.table.accounts:
            return 3
        return 0 if row == "total" else 3 if len(row) == CODE_DIGITS[self.table.axis] else len(row) // 2


class ComparisonSheet(Sheet):
    """The figures that a section compares with last year's, and the reasons for their change."""

    def __init__(self, report: "Report", section: str) -> None:
        self.report = report
        self.section = section
        self.title = "与上年比较"
        titles = ("项目", "本年数", "上年数", "增减额", "增减率%", "主要原因")
        kinds = ("label", "amount", "amount", "amount", "percent", "text")
        self.columns = tuple(SheetColumn(id, title, kind, id == "label")
                             for id, title, kind in zip(PRIOR_COLUMNS, titles, kinds))

    def cells(self) -> dict[str, Cell]:
        """The cells by row id, in the order of the sentences."""
        found: dict[str, Cell] = {}
        for function in ("change", "because", "remark"):
            for section, cell in mentions(self.report, function):
                if section == self.section:
                    found.setdefault(".".join(cell), cell)
        return found

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(self.cells())

    def place(self, row: str, column: int) -> Place:
        table, line, field = row.split(".")
        cell: Cell = (table, line, field)
        report = self.report
        own = report.taxonomy.tables[table]
        id = self.columns[column].id
        if id == "label":
            label = report.row_label(table, line)
            return Place(f"{own.title}·{label}" if label in ("合计", "总计") else label, "label")
        if id == "current":
            return Place(report.shown(cell), "derived", "", cell)
        if id == "prior":
            value = report.prior(cell)
            entered = cell in report.source.prior
            text = "" if value is None else report.show(value, own.columns[field].kind)
            return Place(text, "entered" if entered else "blank" if value is None else "derived", "prior", cell)
        if id == "reason":
            reason = report.source.reasons.get(cell, "")
            return Place(reason, "entered" if reason else "blank", "reason", cell)
        moved = Environment(report, NOWHERE).difference(cell)
        if moved is None:
            return Place("", "derived")
        if id == "difference":
            return Place(f"{moved[2]:.2f}", "derived")
        rate = percent(moved[2], moved[1], report.format.numbers) if moved[1] > 0 else "—"
        return Place(rate, "derived")


def section_tables(format: Format) -> dict[str, list[str]]:
    """Which fact tables are filled in under which section: where a table's rows are printed, else
    where a form, else where a sentence first shows it, else where a shown figure needs it."""
    tables = {table.id for table in format.taxonomy.tables.values() if not table.owner and table.entered}
    found: dict[str, list[str]] = {section.id: [] for section in format.sections}
    for gather in (_listed, _in_forms, _said, _needed):
        for section in format.sections:
            for ref in gather(format, section):
                if ref.table in tables:
                    tables.discard(ref.table)
                    found[section.id].append(ref.table)
    return found


def _listed(format: Format, section: Section) -> Iterator[Ref]:
    for block in walk(section.blocks):
        if block.kind == "form":
            for ref in block_refs(block, format.forms):
                if ref.range and ref.row in ("all", "items"):
                    yield ref


def _in_forms(format: Format, section: Section) -> Iterator[Ref]:
    for block in walk(section.blocks):
        if block.kind == "form":
            yield from (ref for ref in block_refs(block, format.forms) if not ref.range)


def _said(format: Format, section: Section) -> Iterator[Ref]:
    for block in walk(section.blocks):
        if block.kind != "form":
            yield from block_refs(block, format.forms)


def _needed(format: Format, section: Section) -> Iterator[Ref]:
    pending = [ref for block in walk(section.blocks) for ref in block_refs(block, format.forms)]
    seen: set[str] = set()
    while pending:
        table = format.taxonomy.tables[pending.pop(0).table]
        if table.id in seen:
            continue
        seen.add(table.id)
        formulas = [column.formula for column in table.columns.values()]
        for line in table.lines.values():
            formulas += [line.formula, *line.cells.values()]
        for formula in formulas:
            for ref in formula.refs if formula else ():
                yield ref
                pending.append(ref)


def sheets(report: "Report", section: str) -> list[Sheet]:
    """The sheets of a section: its tables, then its comparison with last year."""
    found: list[Sheet] = [TableSheet(report, table) for table in section_tables(report.format)[section]]
    comparison = ComparisonSheet(report, section)
    if comparison.cells():
        found.append(comparison)
    return found
