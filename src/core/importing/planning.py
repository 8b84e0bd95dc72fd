"""Planning: from the tables of a workbook to the edits of a source, and all that is to be said of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..amounts import ZERO
from ..drafting.entering import Edit
from ..formula import cell_of
from ..i18n import _
from ..reach import reached
from ..report import Report
from ..source import Cell, Entry, address, is_derived, is_row
from ..toml.editing import EditError
from .book import Book, BookError, Sheet
from .facts import Facts, read_facts
from .figures import Figure, shown, written
from .finding import FoundTable, find_tables
from .outcome import compared, edited, rank, solved
from .patterns import patterns
from .placing import NOTHING, Placed, Placement, Record, Spot, Unplaced, place
from .plan import Difference, Entered, Options, Plan, TableNote
from .priors import PriorCells
from .words import code_text, folded, plain

MOST_TITLES = 10_000
"""Each text that holds 表 is looked at closely: so many, no workbook of accounts has."""


class Planner:
    """Makes one plan."""

    def __init__(self, report: Report, book: Book, options: Options) -> None:
        self.report = report
        self.taxonomy = report.taxonomy
        self.source = report.source
        self.book = book
        self.options = options
        self.tables: list[TableNote] = []
        self.faults: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.notes: dict[str, None] = {}
        self.placed: dict[Cell, Placed] = {}
        self.totals: list[Placed] = []
        self.records: list[Record] = []
        self.covered: set[tuple[str, str]] = set()
        self.read: dict[str, str] = {}
        self.new: list[Entered] = []
        self.changed: list[Entered] = []
        self.kept: list[Entered] = []
        self.edits: list[Edit] = []
        self.same = self.unasked = 0
        self.unitless = False
        self.asked = reached(report.format)
        self._derived: dict[Any, bool] = {}
        self.known: dict[str, dict[float, Figure]] = {}

    def plan(self) -> Plan:
        """The plan. Raises BookError."""
        facts = read_facts(self.report, self.book)
        if facts is None:
            self.other_book()
        elif not self.own_book(facts):
            facts = None
        if self.options.prior:
            self.priors()
        else:
            if facts is not None:
                self.own_records(facts)
            self.entries(self.placed, whole=facts is not None)
            self.record_entries()
            self.missing()
            self.nothing()
            if facts is not None:
                self.own_nothing(facts)
            self.texts(facts)
        text, differences, agreed = self.outcome(whole=facts is not None)
        if self.unasked:
            self.note(_("{count} figures are not asked for by this format and are left out").format(count=self.unasked))
        return Plan(self.book.path, self.options.prior, tuple(self.tables), tuple(self.new), tuple(self.changed),
                    self.same, tuple(self.kept), tuple(differences), agreed, tuple(self.faults), tuple(self.unplaced),
                    tuple(self.notes), tuple(self.edits), text, self.unitless)

    def note(self, text: str) -> None:
        self.notes[text] = None

    # ── reading ──

    def other_book(self) -> None:
        """The printed and exported tables of a workbook that others made."""
        possible = sum(isinstance(value, str) and "表" in value
                       for sheet in self.book.sheets for row in sheet.rows for value in row)
        if possible > MOST_TITLES:
            raise BookError(_("the workbook has more than {count} texts that could be titles of tables: copy just the "
                              "tables that are needed to a new workbook, and import that").format(count=MOST_TITLES))
        for sheet in self.book.sheets:
            if not sheet.hidden:
                self.sheet(sheet)
        hidden = [sheet.name for sheet in self.book.sheets if sheet.hidden]
        if hidden:
            self.note(_("hidden sheets are not read: {sheets}").format(sheets="、".join(map(shown, hidden[:8]))))
        if not any(table.taken for table in self.tables) and not self.faults:
            titles = [pattern.title for pattern in patterns(self.report.format) if pattern.panels]
            if titles:
                self.faults.append(_("no table of this report is in the workbook; a table is known by its title, such "
                                     "as “{title}”, and the headers below it").format(title=titles[0]))
            else:
                self.faults.append(_("reports of this format have no tables that could be read from a workbook"))

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
        where = f"{shown(found.sheet.name)}!{found.head + 1}-{found.bottom}"
        title, note, taken = found.pattern.title, "", 0
        unit = found.unit or self.options.unit
        if found.pattern.unused:
            note = _("known, not needed")
        elif not found.panels:
            note = _("its columns are not recognised")
            self.faults.append(_("{where}: “{title}” has other columns than are known").format(
                where=where, title=title))
        elif self.other_year(found.year, f"{shown(found.sheet.name)}: {title}"):
            note = _("of another year")
        elif not unit and self.has_amounts(found):
            note, self.unitless = _("without a unit"), True
            self.faults.append(_("{where}: “{title}” states no unit: say --unit 元 or --unit 万元").format(
                where=where, title=title))
        else:
            taken = self.take(found, place(self.report, found, unit or "元", self.known.setdefault(unit, {})))
            self.check_department(found.department)
        self.tables.append(TableNote(title, code_text(found.code), where, unit, taken, note))

    def other_year(self, year: int, where: str) -> bool:
        expected = self.source.year - 1 if self.options.prior else self.source.year
        if not year or year == expected:
            return False
        self.faults.append(_("{where}: of {year}, where {expected} is expected").format(
            where=where, year=year, expected=expected))
        return True

    def check_department(self, theirs: str) -> None:
        if theirs and self.source.department and folded(theirs) != folded(self.source.department):
            self.note(_("the workbook is that of “{theirs}”, the source that of “{ours}”").format(
                theirs=shown(theirs), ours=self.source.department))

    def has_amounts(self, found: FoundTable) -> bool:
        """Does a table hold amounts, and not just counts (a list of units with headcounts)?"""
        for panel in found.panels:
            records = panel.panel.records
            if records is None or any(self.taxonomy.tables[records.table].columns[column].kind == "amount"
                                      for column in records.cells.values()):
                return True
        return False

    def take(self, found: FoundTable, placement: Placement) -> int:
        """Note what a table says; the number of its cells that have a place."""
        self.lose(placement.unplaced)
        for panel in found.panels:
            for accounts in panel.panel.accounts:
                if not accounts.named:
                    if not placement.unplaced:
                        self.read.setdefault(accounts.table, f"{shown(found.sheet.name)}!{found.head + 1}")
                    self.covered.update(accounts.cells[header] for header in panel.headers.values()
                                        if header in accounts.cells)
        for own in placement.placed:
            self.sort(own)
        self.records += placement.records
        self.names(placement)
        return len(placement.placed) + sum(1 + len(record.values) for record in placement.records)

    def lose(self, unplaced: list[Unplaced]) -> None:
        self.unplaced += unplaced
        self.faults += [_("{place}: {why}").format(place=lost.place, why=lost.why) for lost in unplaced if lost.fault]

    def sort(self, own: Placed) -> None:
        """An entry, or a total to compare; what merely repeats an entry is both."""
        if self.options.prior or not self.derived(own.cell):
            self.keep(own)
            return
        repeated = self.repeated(own.cell)
        if repeated is not None:
            self.keep(own._replace(cell=repeated))
        self.totals.append(own)

    def derived(self, cell: Cell) -> bool:
        table = self.taxonomy.tables[cell[0]]
        key = (cell[0], len(cell[1]) if table.accounts and cell[1] != "total" else cell[1], cell[2])
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = is_derived(table, cell[1], cell[2])
        return found

    def repeated(self, cell: Cell) -> Cell | None:
        """The entered cell that a computed one repeats."""
        formula = self.taxonomy.tables[cell[0]].formula(cell[1], cell[2])
        ref = formula.reference if formula is not None else None
        if ref is None or ref.prior or ref.range:
            return None
        found = cell_of(ref, cell[1], cell[2])
        table = self.taxonomy.tables[found[0]]
        usable = not table.owner and is_row(table, found[1], self.taxonomy) and not self.derived(found)
        return found if usable and table.axis != "records" else None

    def keep(self, own: Placed) -> None:
        """One figure for a cell: of two that agree, the one with more digits."""
        before = self.placed.get(own.cell)
        if before is None:
            self.placed[own.cell] = own
            return
        one, other = before.figure, own.figure
        if not isinstance(one.value, Decimal) or abs(one.value - other.value) <= one.half + other.half:
            if other.half < one.half:
                self.placed[own.cell] = own
            return
        self.faults.append(_("{label}: {one} ({first}), but {other} ({second})").format(
            label=self.report.label(own.cell), one=self.text(own.cell, one), first=before.spot,
            other=self.text(own.cell, other), second=own.spot))

    def names(self, placement: Placement) -> None:
        for code, (name, spot) in placement.named.items():
            account = (self.report.functional if code[0] == "2" else self.report.economic).get(code)
            ours = self.report.name(code)
            if ours and plain(name) not in map(plain, (ours, *(account.former if account else ()))):
                self.note(_("{spot}: {code} is called “{theirs}” in the workbook, “{ours}” here").format(
                    spot=f"{spot.sheet}!{spot.row + 1}", code=code, theirs=shown(name), ours=ours))

    # ── what changes ──

    def text(self, cell: Cell, figure: Figure) -> str:
        """A figure as the source writes it, a text as it is."""
        kind = self.taxonomy.tables[cell[0]].columns[cell[2]].kind
        if figure.written:
            return figure.written
        if kind == "amount":
            return written(figure.value, self.source.unit)
        if kind == "flag":
            return self.report.show(figure.value, "flag")
        return format(figure.value, "f") if isinstance(figure.value, Decimal) else str(figure.value)

    def entries(self, placed: Mapping[Cell, Placed], whole: bool = False) -> None:
        """Enter figures. `whole`: the workbook is juesuan's own, and says all that the source said."""
        for cell, own in placed.items():
            table = self.taxonomy.tables[cell[0]]
            entry = self.source.entries.get(cell)
            if own.figure is NOTHING and entry is None and table.accounts and not whole:
                continue  # an account's zero is not written
            fact = (cell[0], cell[1].rpartition("/")[2] if table.lines else "*", cell[2])
            if entry is None and not whole and fact not in self.asked:
                self.unasked += bool(own.figure.value)
                continue
            if own.figure.value == ZERO and table.accounts and not whole:
                if entry is None or entry.value == ZERO:
                    self.same += entry is not None
                    continue
                self.enter("cell", cell, self.said(cell, entry), None, own)
            else:
                self.enter("cell", cell, self.said(cell, entry), own.figure, own, entry)

    @staticmethod
    def agrees(entry: Entry, figure: Figure) -> bool:
        """Is it what the source says, or that with fewer digits?"""
        if entry.value == figure.value:
            return True
        return (isinstance(entry.value, Decimal) and isinstance(figure.value, Decimal) and entry.half < figure.half
                and abs(entry.value - figure.value) <= figure.half)

    def said(self, cell: Cell, entry: Entry | None) -> str:
        return "" if entry is None else self.text(cell, Figure(entry.value))

    def enter(self, kind: str, cell: Cell, old: str, figure: Figure | None, own: Placed,
              entry: Entry | None = None) -> None:
        """Note an edit of a figure, unless the source says the same."""
        if entry is not None and figure is not None and self.agrees(entry, figure):
            self.same += 1
            return
        new = "" if figure is None else self.text(cell, figure)
        value = figure.value if figure is not None and isinstance(figure.value, bool) else new or None
        self.change(Edit(kind, cell, value), address(cell), self.label(cell), old, new, str(own.spot))

    def label(self, cell: Cell) -> str:
        table = self.taxonomy.tables[cell[0]]
        if not table.accounts and not table.lines and cell[1] not in self.report.rows(cell[0]):
            return f"{table.title}·{cell[1]}·{table.columns[cell[2]].label}"
        return self.report.label(cell)

    def change(self, edit: Edit, place: str, label: str, old: str, new: str, spot: str) -> None:
        (self.changed if old else self.new).append(Entered(place, label, old, new, spot))
        self.edits.append(edit)

    def record_entries(self) -> None:
        """Records by their names: those that are there are filled, others come at the end."""
        added: dict[str, int] = {}
        taken: set[tuple[str, str]] = set()
        for record in self.records:
            table = self.taxonomy.tables[record.table]
            free = {row: str(self.report.value((table.id, row, table.label))) for row in self.report.rows(table.id)
                    if (table.id, row) not in taken}
            row = next((row for row, name in free.items() if plain(name) == plain(record.name)), "") or \
                next((row for row, name in free.items() if not name), "")
            values = {table.label: Figure(record.name), **record.values}
            taken.add((table.id, row))
            if row:
                for column, figure in values.items():
                    cell = (table.id, row, column)
                    entry = self.source.entries.get(cell)
                    if entry is not None and isinstance(figure.value, str) and \
                            plain(str(entry.value)) == plain(figure.value):
                        self.same += 1
                    else:
                        own = Placed(cell, figure, record.spot)
                        self.enter("cell", cell, self.said(cell, entry), figure, own, entry)
                continue
            index = len(self.report.rows(table.id)) + added.get(table.id, 0)
            added[table.id] = added.get(table.id, 0) + 1
            self.insert(table.id, "", index, values, str(record.spot))

    def insert(self, table_id: str, owner: str, index: int, values: Mapping[str, Figure], spot: str) -> None:
        """A new record."""
        table = self.taxonomy.tables[table_id]
        row = f"{owner}/{index + 1}" if owner else str(index + 1)
        given: dict[str, Any] = {column: figure.value if isinstance(figure.value, bool)
                                 else self.text((table_id, row, column), figure) for column, figure in values.items()}
        self.edits.append(Edit("insert", (table_id, owner, index), given))
        for column, figure in values.items():
            cell = (table_id, row, column)
            self.new.append(Entered(address(cell), f"{table.title}·{row}·{table.columns[column].label}", "",
                                    self.text(cell, figure), spot))

    def nothing(self) -> None:
        """Tables of accounts that the workbook has without a figure: it says that there is nothing."""
        held = {cell[0] for cell, own in self.placed.items() if own.figure.value}
        for table_id, where in self.read.items():
            table = self.taxonomy.tables[table_id]
            if table_id not in held and table.entered and self.report.lacks(table_id):
                self.change(Edit("none", (table_id, ""), True), table.key, table.title, "", _("none this year"), where)

    def missing(self) -> None:
        """Entries of the source, in tables and columns that the workbook has, of which it says nothing."""
        for cell, entry in self.source.entries.items():
            if (cell[0], cell[2]) not in self.covered or cell in self.placed or not entry.value:
                continue
            old = self.said(cell, entry)
            if self.options.replace:
                self.change(Edit("cell", cell, None), address(cell), self.report.label(cell), old, "", "")
            else:
                self.kept.append(Entered(address(cell), self.report.label(cell), old, old, ""))

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
            self.enter("prior", cell, self.said(cell, entry), own.figure, own, entry)
        for label in wanted.missing(self.placed):
            self.note(_("not in the workbook: {label}").format(label=label))

    # ── juesuan's own workbooks ──

    def own_book(self, facts: Facts) -> bool:
        """What juesuan exported, and a person may have changed. Nothing of it is taken where it is another year's."""
        try:
            year = int(facts.report.get("year", "0").removesuffix(".0"))
        except ValueError:
            year = 0
        if self.other_year(year, "[report]"):
            return False
        if facts.report.get("format", "") != self.report.format.id:
            self.note(_("the workbook was exported from {theirs}, this source is {ours}").format(
                theirs=shown(facts.report.get("format", "")), ours=self.report.format.id))
        self.check_department(facts.report.get("department", ""))
        self.lose(facts.unplaced)
        self.covered = facts.columns
        for own in facts.cells:
            if self.options.prior or not self.derived(own.cell):
                self.placed[own.cell] = own
            else:
                self.totals.append(own)
        self.tables.append(TableNote(_("sheets of facts, exported by juesuan"), "", "", facts.report.get("unit", ""),
                                     len(facts.cells) + len(facts.texts), ""))
        return True

    def own_records(self, facts: Facts) -> None:
        """Records that the source does not have yet: owners before what they own."""
        for table in self.taxonomy.tables.values():
            if table.axis != "records":
                continue
            there = set(self.report.rows(table.id))
            for row in facts.rows.get(table.id, ()):
                if row in there:
                    continue
                owner, _slash, number = row.rpartition("/")
                values = {column: own.figure for column in table.columns
                          if (own := self.placed.pop((table.id, row, column), None)) is not None}
                self.insert(table.id, owner, int(number) - 1, values, "")

    def own_nothing(self, facts: Facts) -> None:
        """The tables of which the workbook states that there is nothing, unless the source has something."""
        held = {cell[0] for cell, own in self.placed.items() if own.figure.value}
        for table_id, owner in facts.nothing:
            table = self.taxonomy.tables[table_id]
            if (table_id, owner) in self.source.absent:
                self.same += 1
                continue
            rows = self.report.filled[table_id] if table.accounts else () if table.lines else [
                row for row in self.source.rows[table_id] if row.rpartition("/")[0] == owner]
            if not rows and not (table.accounts and table_id in held):
                place = f"{table.key}.{owner}" if owner else table.key
                self.change(Edit("none", (table_id, owner), True), place, table.title, "", _("none this year"),
                            "[report]")

    def texts(self, facts: Facts | None) -> None:
        """Texts, last year's and official figures of juesuan's own workbooks."""
        kinds = {"prose": "prose", "reasons": "reason", "accounts": "account", "glossary": "term"}
        said: dict[str, Mapping[Any, Any]] = {
            "prose": self.source.prose, "reasons": self.source.reasons, "accounts": self.source.accounts,
            "glossary": self.source.glossary}
        for text in facts.texts if facts else ():
            if text.part in ("prior", "official"):
                entries = self.source.prior if text.part == "prior" else self.source.official
                entry = entries.get(text.key)
                self.enter(text.part, text.key, self.said(text.key, entry), text.value,
                           Placed(text.key, text.value, text.spot), entry)
                continue
            if text.part == "prose" and text.key not in self.report.format.prose:
                self.unplaced.append(Unplaced(text.spot, text.spot, 1, shown(text.value),
                                              _("the format has no text “{key}”").format(key=shown(text.key))))
                continue
            old = said[text.part].get(text.key, "")
            if old == text.value.strip():
                self.same += 1
                continue
            key = text.key if text.part == "reasons" else (text.key,)
            label = text.key
            if text.part == "reasons":
                label = self.report.label(text.key)
            elif text.part == "prose":
                label = self.report.format.prose[text.key].label
            self.change(Edit(kinds[text.part], key, text.value), f"{text.part}.{'.'.join(key)}", label, shown(old),
                        shown(text.value), str(text.spot))

    # ── the outcome ──

    def outcome(self, whole: bool) -> tuple[str, list[Difference], int]:
        """The source as it would be, and where the workbook's totals differ from those of its parts."""
        try:
            text, after = edited(self.report, self.edits) if self.edits else ("", self.report)
            if self.options.prior:
                return text, [], 0
            count = len(self.edits)
            self.entries({} if whole else solved(after, self.totals, self.placed))
            if len(self.edits) > count:
                self.note(_("{count} figures that no table prints follow from the workbook's sums and their other "
                            "parts").format(count=len(self.edits) - count))
                text, after = edited(self.report, self.edits)
            differences, agreed = compared(after, self.totals, self.text)
            done: set[Cell] = set()
            while self.options.official and (tails := [found.cell for found in differences if found.tail]):
                # From the items up: what one official figure explains needs no other.
                first = min(rank(self.taxonomy, cell) for cell in tails)
                chosen = {cell for cell in tails if rank(self.taxonomy, cell) == first} - done
                if not chosen:
                    break
                done |= chosen
                for own in {own.cell: own for own in reversed(self.totals) if own.cell in chosen}.values():
                    entry = self.source.official.get(own.cell)
                    self.enter("official", own.cell, self.said(own.cell, entry), own.figure, own)
                text, after = edited(self.report, self.edits)
                differences, agreed = compared(after, self.totals, self.text)
        except EditError as error:
            self.faults.append(str(error))
            return "", [], 0
        return text, differences, agreed

