"""Sheets: what the accountant fills in, section by section, as grids that know no screen.

A sheet is a view of a report: rows, columns, what stands in a place and what may be entered
there. Which sheets a section has follows from what the format prints in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ..amounts import UNITS, show_number
from ..formats import Format, Section
from ..formula import Ref
from ..i18n import _
from ..narrative import NOWHERE, Environment
from ..progress import block_refs, mentioned, walk
from ..reach import shown
from ..source import Cell, is_derived
from ..taxonomy import NUMBERS
from .heads import Header, printed_headers

if TYPE_CHECKING:
    from ..report import Report

PARTIAL = "+"
"""Behind a total of what is known so far: something that it is the sum of is still to be entered."""

NOTHING_KNOWN = "待填"
"""In the place of a total of which nothing is known yet."""

PRIOR_COLUMNS = ("label", "current", "prior", "difference", "rate", "reason")


class SheetColumn(NamedTuple):
    """A column: `kind` as a taxonomy's, or 'code', 'label'; `frozen` columns stay in sight. `header`
    is what the printed form has over it, from the top level down."""

    id: str
    title: str
    kind: str
    frozen: bool = False
    header: Header = ()

    @property
    def head(self) -> Header:
        """The labels over the column."""
        return self.header or (self.title,)


class Place(NamedTuple):
    """What stands in a place of a sheet. `state`: 'label', 'entered', 'blank', 'none' (empty, as it is
    stated that there is nothing), 'derived', 'partial' (of what is known so far) or 'official'.

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

    report: Report
    title: str
    columns: tuple[SheetColumn, ...]
    grows: str = ""

    def renew(self, report: Report) -> None:
        """Rows may have come or gone, or the report is another one."""
        self.report = report

    @property
    def rows(self) -> tuple[str, ...]:
        raise NotImplementedError

    def place(self, row: str, column: int) -> Place:
        raise NotImplementedError

    def typed(self, row: str, column: int) -> str:
        """What stands in a place as it would be typed there: a figure with all its digits, in the unit
        of the source."""
        return self.place(row, column).text

    def touched(self, cells: Iterable[Cell]) -> set[str]:
        """The rows that can look different when these cells have changed."""
        return set(self.rows)


class TableSheet(Sheet):
    """A fact table, whole, or of one record (`owner`). `added` are accounts that have no figure yet."""

    def __init__(self, report: Report, table: str, owner: str = "") -> None:
        self.report = report
        self.table = report.taxonomy.tables[table]
        self.owner = owner
        self.added: dict[str, None] = {}
        self.title = self.table.title
        heads = printed_headers(report.format)
        keys = {"label": _("Item")}
        if self.table.accounts:
            keys = {"code": _("Code"), "label": _("Name")}
            self.grows = "account"
        elif not self.table.lines:
            keys = {"code": _("No.")}
            self.grows = "record"
        self.shown = {fact[1:] for fact in shown(report.format) if fact[0] == table}
        own = [column for column in self.table.columns.values() if any(fact[1] == column.id for fact in self.shown)]
        self.columns = (
            *(SheetColumn(id, title, id, True, heads.get((table, id), ())) for id, title in keys.items()),
            *(SheetColumn(column.id, column.label, column.kind, False, heads.get((table, column.id), ()))
              for column in own),
        )

    @property
    def rows(self) -> tuple[str, ...]:
        rows = self.report.rows(self.table.id)
        offered = self.added.keys() | self._offered()
        if offered:
            return ("total", *sorted({*rows, *offered} - {"total"}))
        if self.table.lines:
            lines = {line for line, _column in self.shown}
            rows = tuple(row for row in rows if row.rpartition("/")[2] in lines)
        return tuple(row for row in rows if row.rpartition("/")[0] == self.owner) if self.table.owner else rows

    def _offered(self) -> set[str]:
        """The accounts that stand in the table whether they have a figure or not: all economic ones
        that the report prints, since there are few, and a department uses most of them."""
        if self.table.axis != "economic":
            return set()
        return {code for code in self.report.economic.codes() if code[:3] in self.table.classes}

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
            return computed(report, cell)
        if cell in report.source.entries:
            return Place(report.shown(cell), "entered", "cell", cell)
        text = report.shown(cell) if own.kind == "flag" else ""
        return Place(text, "none" if self.nothing else "blank", "cell", cell)

    @property
    def nothing(self) -> bool:
        """Is it stated that there is nothing in the table (but what is entered)?"""
        return (self.table.id, self.owner) in self.report.source.absent

    def typed(self, row: str, column: int) -> str:
        place = self.place(row, column)
        own = self.columns[column]
        if place.cell is None or own.kind not in NUMBERS or not place.text:
            return place.text
        entry = self.report.source.entries.get(place.cell)
        if entry is not None and own.kind == "amount" and self.report.source.unit == "元" and entry.half >= 1:
            return show_number(entry.value / UNITS["万元"], 8, trim=True) + "万元"  # as precisely as it was given
        return typed_number(self.report, self.report.value(place.cell), own.kind)

    def touched(self, cells: Iterable[Cell]) -> set[str]:
        return {cell[1] for cell in cells if cell[0] == self.table.id}

    def level(self, row: str) -> int:
        """How deep an account stands: 0 the total, 1 类, 2 款, 3 项; 3 for every other row."""
        if not self.table.accounts:
            return 3
        return 0 if row == "total" else 3 if len(row) == self.table.digits else len(row) // 2


def computed(report: Report, cell: Cell) -> Place:
    """A figure that is computed: what is known of it so far, marked as such, where not all is."""
    if report.value(cell) is not None:
        return Place(report.shown(cell), "official" if cell in report.source.official else "derived", "", cell)
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    known = report.partial(cell) if kind in NUMBERS else None
    return Place(report.show(known, kind) + PARTIAL if known else NOTHING_KNOWN, "partial", "", cell)


class ComparisonSheet(Sheet):
    """The figures that a section compares with last year's, and the reasons for their change."""

    def __init__(self, report: Report, section: str) -> None:
        self.report = report
        self.section = section
        self.title = _("Compared with last year")
        titles = (_("Item"), _("This year"), _("Last year"), _("Change"), _("Change %"), _("Main reason"))
        kinds = ("label", "amount", "amount", "amount", "percent", "text")
        self.columns = tuple(SheetColumn(id, title, kind, id == "label")
                             for id, title, kind in zip(PRIOR_COLUMNS, titles, kinds))

        self._rows: tuple[str, ...] | None = None

    def renew(self, report: Report) -> None:
        self.report, self._rows = report, None

    @property
    def rows(self) -> tuple[str, ...]:
        """The addresses of the cells, in the order of the sentences."""
        if self._rows is None:
            cells = {cell: None for function in ("change", "because", "remark")
                     for cell in mentioned(self.report, self.section, function)}
            self._rows = tuple(".".join(cell) for cell in cells)
        return self._rows

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
            return computed(report, cell)
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
        rate = Environment(report, NOWHERE).growth(cell, moved)
        return Place(("-" if moved[2] < 0 else "") + rate if rate else "—", "derived")


    def typed(self, row: str, column: int) -> str:
        place, id = self.place(row, column), self.columns[column].id
        if place.cell is None or id not in ("current", "prior") or not place.text:
            return place.text
        kind = self.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]].kind
        value = self.report.value(place.cell) if id == "current" else self.report.prior(place.cell)
        return typed_number(self.report, value, kind)


def typed_number(report: Report, value: Any, kind: str) -> str:
    """A number as it is typed: all its digits, an amount in the unit of the source, with the decimals
    of the report at least."""
    if not isinstance(value, Decimal):
        return ""
    if kind != "amount":
        return show_number(value, 6, trim=True)
    text = show_number(value / UNITS[report.source.unit], 8, trim=True)
    if report.source.unit != report.format.numbers["unit"] or not report.decimals:
        return text
    whole, _point, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(report.decimals, '0')}"


_SECTION_TABLES: dict[str, tuple[Format, dict[str, list[str]]]] = {}


def section_tables(format: Format) -> dict[str, list[str]]:
    """Which fact tables are filled in under which section: where a table's rows are printed, else
    where a form, else where a sentence first shows it, else where a shown figure needs it."""
    known = _SECTION_TABLES.get(format.id)
    if known is None or known[0] is not format:
        known = _SECTION_TABLES[format.id] = (format, _section_tables(format))
    return known[1]


def home_sections(format: Format) -> dict[str, str]:
    """The section under which each fact table is filled in; a record's own tables with the records."""
    homes = {table: section for section, tables in section_tables(format).items() for table in tables}
    for table in format.taxonomy.tables.values():
        top = table
        while top.owner:
            top = format.taxonomy.tables[top.owner]
        if top.id in homes:
            homes[table.id] = homes[top.id]
    return homes


def _section_tables(format: Format) -> dict[str, list[str]]:
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


def sheets(report: Report, section: str) -> list[Sheet]:
    """The sheets of a section: its tables, then its comparison with last year."""
    found: list[Sheet] = [TableSheet(report, table) for table in section_tables(report.format)[section]]
    comparison = ComparisonSheet(report, section)
    if comparison.rows:
        found.append(comparison)
    return found
