"""The plan of an import: what a workbook says, what it would change in a source, and what it can't.

Nothing is written here. A plan is a pure function of the source's text, the workbook and the options;
the same edits are then done by the editor or by the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import ZERO
from ..drafting import entering
from ..drafting.entering import Edit
from ..formula import cell_of
from ..i18n import _
from ..opening import build_report
from ..reach import reached
from ..reading import parse_source
from ..report import Report
from ..source import Cell, is_derived, is_row
from ..taxonomy import NUMBERS
from ..toml.editing import Digits, EditError, SourceText
from .book import Book, Sheet
from .figures import Figure, shown, written
from .finding import FoundTable, find_tables
from .patterns import patterns, printed_facts
from .placing import Placed, Placement, Record, Spot, Unplaced, place
from .priors import PriorCells
from .words import folded, plain


_SUM = re.compile(r"\w+(?: \+ \w+)+")
"""A formula that adds up the columns of its own row."""


class Options(NamedTuple):
    """How to import. `unit`: of tables that state none. `prior`: the workbook is last year's. `official`:
    totals that differ by rounding become official figures. `replace`: what the workbook's tables don't
    have goes from the source. `partial`: go on where some cells can't be read."""

    unit: str = ""
    prior: bool = False
    official: bool = False
    replace: bool = False
    partial: bool = False


class TableNote(NamedTuple):
    """A table of the workbook: its title, its number, where it stands, its unit, how many of its cells
    have a place, and what is to be said of it ('' for nothing)."""

    title: str
    code: str
    where: str
    unit: str
    taken: int
    note: str


class Entered(NamedTuple):
    """An entry that the workbook gives: the cell, in words, what the source says, what it will say."""

    cell: Cell
    label: str
    old: str
    new: str
    spot: str


class Difference(NamedTuple):
    """A total of the workbook that is not what its parts give: `tail` where rounding explains it (尾差)."""

    cell: Cell
    label: str
    ours: str
    theirs: str
    spot: str
    tail: bool


class Plan(NamedTuple):
    """What an import would do. `faults` stand in its way, `text` is the source as it would be ('' where
    nothing changes)."""

    book: str
    prior: bool
    tables: tuple[TableNote, ...]
    new: tuple[Entered, ...]
    changed: tuple[Entered, ...]
    same: int
    kept: tuple[Entered, ...]
    differences: tuple[Difference, ...]
    agreed: int
    faults: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    notes: tuple[str, ...]
    edits: tuple[Edit, ...]
    text: str

    @property
    def changes(self) -> int:
        """How many entries come, change or go."""
        return len(self.new) + len(self.changed)


def make_plan(report: Report, book: Book, options: Options = Options()) -> Plan:
    """What importing `book` into the source of `report` would do."""
    return _Planner(report, book, options).plan()


class _Planner:
    def __init__(self, report: Report, book: Book, options: Options) -> None:
        self.report = report
        self.book = book
        self.options = options
        self.source = report.source
        self.tables: list[TableNote] = []
        self.faults: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.notes: list[str] = []
        self.placed: dict[Cell, Placed] = {}
        self.records: list[Record] = []
        self.totals: list[Placed] = []
        self.covered: set[tuple[str, str]] = set()
        self.new: list[Entered] = []
        self.changed: list[Entered] = []
        self.kept: list[Entered] = []
        self.edits: list[Edit] = []
        self.same = self.unasked = 0
        self.officials: set[Cell] = set()
        self.asked = reached(report.format)

    def plan(self) -> Plan:
        for sheet in self.book.sheets:
            self.sheet(sheet)
        if self.book.hidden:
            self.notes.append(_("hidden sheets are not read: {sheets}").format(sheets="、".join(self.book.hidden[:8])))
        if not any(table.taken for table in self.tables) and not self.faults:
            self.faults.append(_("no table of this report is in the workbook: a table is known by its title (such as "
                                 "{title}) and the headers below it").format(
                title=patterns(self.report.format)[0].title))
        if self.options.prior:
            self.priors()
        else:
            self.entries(self.placed)
            self.record_entries()
            self.missing()
        text, differences, agreed = self.outcome()
        if self.unasked:
            self.notes.append(_("{count} figures are not asked for by this format and are left out").format(
                count=self.unasked))
        return Plan(self.book.path, self.options.prior, tuple(self.tables), tuple(self.new), tuple(self.changed),
                    self.same, tuple(self.kept), tuple(differences), agreed, tuple(self.faults), tuple(self.unplaced),
                    tuple(self.notes), tuple(self.edits), text)

    # ── reading ──

    def sheet(self, sheet: Sheet) -> None:
        found = find_tables(sheet, patterns(self.report.format), self.source.department)
        if not found:
            figures = [(row, at) for row, line in enumerate(sheet.rows) for at, value in enumerate(line)
                       if isinstance(value, float) and value]
            if figures:
                first, last = Spot(sheet.name, *figures[0]), Spot(sheet.name, *figures[-1])
                self.unplaced.append(Unplaced(first, last, len(figures), shown(sheet.value(*figures[0])),
                                              _("the sheet holds no table that is known")))
        for table in found:
            self.table(table)

    def table(self, found: FoundTable) -> None:
        where = f"{found.sheet.name}!{found.head + 1}-{found.bottom}"
        title, note, taken = found.pattern.title, "", 0
        unit = found.unit or self.options.unit
        if found.pattern.unused:
            note = _("known, not needed")
        elif not found.panels:
            note = _("its columns are not recognised")
            self.faults.append(_("{where}: “{title}” has other columns than are known").format(where=where, title=title))
        elif self.other_year(found):
            note = _("of another year")
        elif not unit and not _without_amounts(self.report, found):
            note = _("without a unit")
            self.faults.append(_("{where}: “{title}” states no unit: say --unit 元 or --unit 万元").format(
                where=where, title=title))
        else:
            placement = place(self.report, found, unit or "元")
            taken = self.take(found, placement)
            self.check_department(found)
        self.tables.append(TableNote(title, found.code, where, unit, taken, note))

    def other_year(self, found: FoundTable) -> bool:
        expected = self.source.year - 1 if self.options.prior else self.source.year
        if not found.year or found.year == expected:
            return False
        message = _("{sheet}: “{title}” is of {year}, where {expected} is expected")
        self.faults.append(message.format(sheet=found.sheet.name, title=found.pattern.title, year=found.year,
                                          expected=expected))
        return True

    def check_department(self, found: FoundTable) -> None:
        if found.department and self.source.department and folded(found.department) != folded(self.source.department):
            note = _("the workbook is that of “{theirs}”, the source that of “{ours}”").format(
                theirs=shown(found.department), ours=self.source.department)
            if note not in self.notes:
                self.notes.append(note)

    def take(self, found: FoundTable, placement: Placement) -> int:
        self.unplaced += placement.unplaced
        self.faults += [_("{place}: {why}").format(place=lost.place, why=lost.why)
                        for lost in placement.unplaced if lost.fault]
        for panel in found.panels:
            for accounts in panel.panel.accounts:
                if not accounts.named:
                    self.covered.update(accounts.cells[header] for header in panel.headers.values()
                                        if header in accounts.cells)
        for own in placement.placed:
            if self.options.prior or not self.derived(own.cell):
                self.keep(own)
            else:
                repeated = self.repeated(own.cell)
                if repeated is not None:
                    self.keep(own._replace(cell=repeated))
                self.totals.append(own)
        self.records += placement.records
        self.names(placement)
        return len(placement.placed) + sum(len(record.values) for record in placement.records)

    def derived(self, cell: Cell) -> bool:
        return is_derived(self.report.taxonomy.tables[cell[0]], cell[1], cell[2])

    def repeated(self, cell: Cell) -> Cell | None:
        """The entered cell that a computed one repeats: what is printed there is entered here."""
        formula = self.report.taxonomy.tables[cell[0]].formula(cell[1], cell[2])
        ref = formula.reference if formula is not None else None
        if ref is None or ref.prior or ref.range:
            return None
        found = cell_of(ref, cell[1], cell[2])
        table = self.report.taxonomy.tables[found[0]]
        usable = is_row(table, found[1], self.report.taxonomy) and not table.owner and not self.derived(found)
        return found if usable else None

    def keep(self, own: Placed) -> None:
        """One figure for a cell: of two that agree, the one with more digits."""
        before = self.placed.get(own.cell)
        if before is None:
            self.placed[own.cell] = own
            return
        one, other = before.figure, own.figure
        if one.value == other.value or (isinstance(one.value, Decimal)
                                        and abs(one.value - other.value) <= one.half + other.half):
            if other.half < one.half:
                self.placed[own.cell] = own
        elif isinstance(one.value, Decimal):
            self.faults.append(_("{label}: {one} ({first}), but {other} ({second})").format(
                label=self.report.label(own.cell), one=self.text(own.cell, one), first=before.spot,
                other=self.text(own.cell, other), second=own.spot))

    def names(self, placement: Placement) -> None:
        for code, (name, spot) in placement.named.items():
            catalogue = self.report.functional if code[0] == "2" else self.report.economic
            account = catalogue.get(code)
            ours = self.report.name(code)
            known = [ours, *(account.former if account else ())]
            if ours and plain(name) not in map(plain, known):
                self.notes.append(_("{spot}: {code} is called “{theirs}” in the workbook, “{ours}” here").format(
                    spot=f"{spot.sheet}!{spot.row + 1}", code=code, theirs=shown(name), ours=ours))

    # ── what changes ──

    def text(self, cell: Cell, figure: Figure) -> str:
        """A figure as the source writes it."""
        kind = self.report.taxonomy.tables[cell[0]].columns[cell[2]].kind
        if kind == "amount":
            return written(figure.value, self.source.unit)
        return format(figure.value, "f") if isinstance(figure.value, Decimal) else figure.value

    def entries(self, placed: Mapping[Cell, Placed]) -> None:
        for cell, own in placed.items():
            table = self.report.taxonomy.tables[cell[0]]
            entry = self.source.entries.get(cell)
            fact = (cell[0], cell[1] if table.lines else "*", cell[2])
            if entry is None and fact not in self.asked:
                self.unasked += bool(own.figure.value)
                continue
            new = self.text(cell, own.figure)
            if own.figure.value == ZERO and table.accounts:
                if entry is None or entry.value == ZERO:
                    self.same += entry is not None  # an account's zero is not written
                    continue
                new = ""
            if entry is not None and self.agrees(entry, own.figure):
                self.same += 1
                continue
            self.enter("cell", cell, self.shown(cell, entry), new, str(own.spot))

    @staticmethod
    def agrees(entry: Any, figure: Figure) -> bool:
        """Is it what the source says, or that with fewer digits?"""
        if entry.value == figure.value:
            return True
        return (isinstance(entry.value, Decimal) and isinstance(figure.value, Decimal) and entry.half < figure.half
                and abs(entry.value - figure.value) <= figure.half)

    def shown(self, cell: Cell, entry: Any) -> str:
        return "" if entry is None else self.text(cell, Figure(entry.value))

    def enter(self, kind: str, cell: Cell, old: str, new: str, spot: str) -> None:
        line = Entered(cell, self.report.label(cell), old, new, spot)
        (self.changed if old else self.new).append(line)
        self.edits.append(Edit(kind, cell, new or None))

    def record_entries(self) -> None:
        """Records by their names: those that are there are filled, others come at the end."""
        added: dict[str, int] = {}
        taken: set[tuple[str, str]] = set()
        for record in self.records:
            table = self.report.taxonomy.tables[record.table]
            rows = [row for row in self.report.rows(table.id) if (table.id, row) not in taken]
            said = {row: self.report.value((table.id, row, table.label)) for row in rows}
            row = next((row for row in rows if plain(said[row]) == plain(record.name)), "") or \
                next((row for row in rows if not said[row]), "")
            values = {table.label: Figure(record.name), **record.values}
            if row:
                taken.add((table.id, row))
                for column, figure in values.items():
                    cell = (table.id, row, column)
                    entry = self.source.entries.get(cell)
                    if entry is not None and (self.agrees(entry, figure) or
                                              (isinstance(figure.value, str)
                                               and plain(str(entry.value)) == plain(figure.value))):
                        self.same += 1
                    elif figure.value != "":
                        self.enter("cell", cell, self.shown(cell, entry), self.text(cell, figure), str(record.spot))
                continue
            index = len(self.report.rows(table.id)) + added.get(table.id, 0)
            added[table.id] = added.get(table.id, 0) + 1
            given = {column: self.text((table.id, "", column), figure) for column, figure in values.items()}
            self.edits.append(Edit("insert", (table.id, "", index), given))
            for column, value in given.items():
                self.new.append(Entered((table.id, str(index + 1), column),
                                        f"{table.title}·{record.name}·{table.columns[column].label}", "", value,
                                        str(record.spot)))

    def missing(self) -> None:
        """Entries of the source, in tables and columns that the workbook has, of which it says nothing."""
        for cell, entry in self.source.entries.items():
            if (cell[0], cell[2]) not in self.covered or cell in self.placed or entry.value == ZERO:
                continue
            old = self.shown(cell, entry)
            if self.options.replace:
                self.enter("cell", cell, old, "", "")
            else:
                self.kept.append(Entered(cell, self.report.label(cell), old, old, ""))

    def priors(self) -> None:
        """Last year's figures that this report asks for, from last year's workbook."""
        wanted = PriorCells(self.report)
        for cell, own in wanted.chosen(self.placed):
            entry = self.source.prior.get(cell)
            if entry is None and self.report.prior_report is not None:
                given = self.report.prior(cell)
                if given is not None and abs(given - own.figure.value) <= self.report.scale / 200:
                    self.same += 1
                    continue
            if entry is not None and self.agrees(entry, own.figure):
                self.same += 1
                continue
            self.enter("prior", cell, self.shown(cell, entry), self.text(cell, own.figure), str(own.spot))
        for label in wanted.missing(self.placed):
            self.notes.append(_("not in the workbook: {label}").format(label=label))

    # ── the outcome ──

    def outcome(self) -> tuple[str, list[Difference], int]:
        """The source as it would be, and where the workbook's totals differ from those of its parts."""
        text, after = self.written()
        if self.options.prior or self.faults:
            return text, [], 0
        if self.solved(after):
            text, after = self.written()
        differences, agreed = self.compared(after)
        while self.options.official and (tails := [found for found in differences if found.tail]):
            # From the items up: what one official figure explains needs no other.
            first = min(self.rank(found.cell) for found in tails)
            chosen = [found for found in tails if self.rank(found.cell) == first
                      and found.cell not in self.officials]
            if not chosen:
                break
            for found in chosen:
                self.officials.add(found.cell)
                self.enter("official", found.cell, self.shown(found.cell, self.source.official.get(found.cell)),
                           found.theirs, found.spot)
            text, after = self.written()
            differences, agreed = self.compared(after)
        return text, differences, agreed

    def rank(self, cell: Cell) -> tuple[int, ...]:
        """What is summed before what: items before 款 before 类, columns before their total, lines in order."""
        tables = self.report.taxonomy.tables
        table = tables[cell[0]]
        if table.accounts:
            return 0, 0 if cell[1] == "total" else -len(cell[1]), table.columns[cell[2]].formula is not None
        return 1, list(tables).index(cell[0]), list(table.lines).index(cell[1]), list(table.columns).index(cell[2])

    def solved(self, after: Report) -> bool:
        """Entries that no form prints, from the sums that it prints: 项目支出 = 金额 - 基本支出. Is there one?"""
        printed = printed_facts(self.report.format)
        found: dict[Cell, Placed] = {}
        for own in self.totals:
            table = self.report.taxonomy.tables[own.cell[0]]
            formula = table.formula(own.cell[1], own.cell[2])
            if formula is None or _SUM.fullmatch(formula.text) is None or (table.accounts and (
                    own.cell[1] == "total" or len(own.cell[1]) < table.digits)):
                continue
            parts = [cell_of(ref, own.cell[1], own.cell[2]) for ref in formula.refs if not ref.range and not ref.prior]
            hidden = [cell for cell in parts if not self.derived(cell) and cell not in self.placed
                      and (cell[0], cell[1] if table.lines else "*", cell[2]) not in printed]
            if len(hidden) != 1 or len(parts) != len(formula.refs) or any(
                    not self.derived(cell) and cell not in self.placed for cell in parts if cell != hidden[0]):
                continue
            others = [cell for cell in parts if cell != hidden[0]]
            value = own.figure.value - sum((after.value(cell) for cell in others), ZERO)
            slack = own.figure.half + sum((after.interval(cell).half_width for cell in others), ZERO)
            found[hidden[0]] = own._replace(cell=hidden[0], figure=Figure(
                ZERO if abs(value) <= slack and value else value, own.figure.half))
        before = len(self.edits)
        self.entries(found)
        if len(self.edits) > before:
            self.notes.append(_("{count} figures that no table prints follow from the workbook's sums and their other "
                                "parts").format(count=len(self.edits) - before))
        return len(self.edits) > before

    def written(self) -> tuple[str, Report]:
        if not self.edits:
            return "", self.report
        text = SourceText.parse(self.source.text)
        try:
            entering.write_all(self.report, text, map(self.literal, self.edits))
        except EditError as error:
            self.faults.append(str(error))
            return "", self.report
        source = parse_source(text.text(), self.source.path)
        after = Report(source, self.report.prior_report) if not source.catalogue_file else build_report(source)
        return text.text(), after

    def literal(self, edit: Edit) -> Edit:
        """The edit with its value as it stands in the file."""
        def value(table: str, column: str, raw: Any) -> Any:
            kind = self.report.taxonomy.tables[table].columns[column].kind
            return Digits(raw) if kind in NUMBERS and raw is not None else raw

        if edit.kind == "insert":
            given = {column: value(edit.key[0], column, raw) for column, raw in edit.value.items()}
            return edit._replace(value=given)
        return edit._replace(value=value(edit.key[0], edit.key[2], edit.value))

    def compared(self, after: Report) -> tuple[list[Difference], int]:
        found: dict[Cell, Difference] = {}
        agreed = 0
        for own in self.totals:
            table = after.taxonomy.tables[own.cell[0]]
            if own.cell[2] not in table.columns or table.columns[own.cell[2]].kind not in NUMBERS:
                continue
            ours, theirs = after.value(own.cell), own.figure
            if ours is None or abs(ours - theirs.value) <= theirs.half:
                agreed += 1
                continue
            interval = after.interval(own.cell)
            tail = interval.low <= theirs.value + theirs.half and theirs.value - theirs.half <= interval.high
            found.setdefault(own.cell, Difference(
                own.cell, after.label(own.cell), self.text(own.cell, Figure(ours)), self.text(own.cell, theirs),
                str(own.spot), tail))
        return sorted(found.values(), key=lambda difference: difference.tail), agreed


def _without_amounts(report: Report, found: FoundTable) -> bool:
    """Does a table hold no amounts at all (a list of units with headcounts)?"""
    tables = report.taxonomy.tables
    return all(panel.panel.records is not None and all(
        tables[panel.panel.records.table].columns[column].kind != "amount"
        for column in panel.panel.records.cells.values()) for panel in found.panels)


def spots(lines: Iterable[Entered]) -> list[str]:
    """The spots of lines, for tests and messages."""
    return [line.spot for line in lines]
