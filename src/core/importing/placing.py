"""Placing: which cell of the report each figure of a table is, and which figures have no place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..amounts import ZERO
from ..catalogue import Catalogue
from ..i18n import _
from ..report import Report
from ..source import Cell, is_code
from ..taxonomy import Table
from .book import cell_name
from .figures import Figure, NoFigure, is_blank, marked, read_figure, shown
from .finding import FoundPanel, FoundTable, fit
from .patterns import Accounts, Line, header_word, label_word, words
from .rows import RowReader
from .words import bare, folded, plain


class Spot(NamedTuple):
    """A cell of the workbook."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{cell_name(self.row, self.column)}"


class Placed(NamedTuple):
    """A figure with its place in the report, and the spot where it stands in the workbook."""

    cell: Cell
    figure: Figure
    spot: Spot


class Unplaced(NamedTuple):
    """Cells of the workbook that were not taken: from `spot` to `last`, `cells` of them, what the first
    says, and why. `fault`: they should have been taken, and can't be read."""

    spot: Spot
    last: Spot
    cells: int
    text: str
    why: str
    fault: bool = False

    @property
    def place(self) -> str:
        end = "" if self.last[1:] == self.spot[1:] else ":" + cell_name(self.last.row, self.last.column)
        return f"{self.spot}{end}"


class Record(NamedTuple):
    """A row of the workbook that is a record of `table`: its name, and its other columns."""

    table: str
    name: str
    values: Mapping[str, Figure]
    spot: Spot


class Placement(NamedTuple):
    """What one table of the workbook says. `named`: codes with the names that the workbook gives them."""

    placed: list[Placed]
    records: list[Record]
    unplaced: list[Unplaced]
    named: dict[str, tuple[str, Spot]]


def place(report: Report, found: FoundTable, unit: str, known: dict[float, Figure] | None = None) -> Placement:
    """The figures of a table that was found, in `unit`. `known`: amounts that were read before, in that unit."""
    placer = _Placer(report, found, unit, {} if known is None else known)
    for panel in found.panels:
        placer.panel(panel)
    placer.columns_without_place()
    return placer.result


NOTHING = Figure(ZERO)


class _Placer:
    def __init__(self, report: Report, found: FoundTable, unit: str, known: dict[float, Figure]) -> None:
        self.report = report
        self.found = found
        self.sheet = found.sheet
        self.unit = unit
        self.result = Placement([], [], [], {})
        self.lost: dict[int, list[int]] = {}
        self.taken: set[int] = set()
        self.known = known
        known[0.0] = NOTHING

    def panel(self, panel: FoundPanel) -> None:
        if panel.panel.across is not None:
            self.across(panel)
            return
        reader = RowReader(self.sheet, panel.columns)
        rows = _Rows(self.report, self.found, panel)
        figures = [column.at for column in panel.columns if column.path and not column.key]
        known = [at for at in figures if at in panel.headers]
        self.taken.update(column.at for column in panel.columns if column.key or column.at in panel.headers)
        before = ""
        for row in range(self.found.top, self.found.bottom):
            values = self.sheet.rows[row] if row < len(self.sheet.rows) else []
            filled = [at for at in figures if at < len(values)
                      and (values[at].__class__ is float or self.says(values[at], row, at))]
            code, label = reader.read(row)
            if not filled and not (panel.panel.records and label):
                before = label or before
                continue
            if self.is_numbers(label, [values[at] for at in filled]):
                continue
            if panel.panel.records is not None:
                self.record(panel, row, label)
                continue
            target = rows.target(code, label)
            if target is None:
                if any(not _is_zero(values[at]) for at in filled):
                    self.no_row(row, [at for at in filled if at in known] or filled, label or code or before, code)
                continue
            if code and label:
                self.result.named.setdefault(code, (label, Spot(self.sheet.name, row, 0)))
            for at in filled:
                if at in panel.headers:
                    cell = target.get(at)
                    if cell is not None:
                        self.figure(cell, row, at, values[at])
                else:
                    self.lost.setdefault(at, []).append(row)

    def says(self, value: Any, row: int, at: int) -> bool:
        return not is_blank(value) or (row, at) in self.sheet.marks

    @staticmethod
    def is_numbers(label: str, values: list[Any]) -> bool:
        """Is it the row that numbers the columns (栏次)?"""
        if words().keys.get(plain(label)) == "blank":
            return True
        if label or len(values) < 2:
            return False
        numbers = [int(value) for value in values if _number(value) is not None and _number(value) == int(value)]
        return len(numbers) == len(values) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) \
            and numbers[0] > 0

    def figure(self, cell: Cell, row: int, at: int, value: Any) -> None:
        """Take the figure that stands at a spot for a cell of the report."""
        spot = Spot(self.sheet.name, row, at)
        known = self.known.get(value) if value.__class__ is float and (row, at) not in self.sheet.marks else None
        if known is not None and (known is NOTHING or self.is_amount(cell)):
            self.result.placed.append(Placed(cell, known, spot))  # most are nothing, or stand in another table, too
            return
        kind = self.report.taxonomy.tables[cell[0]].columns[cell[2]].kind
        mark = self.sheet.marks.get((row, at), "")
        try:
            if mark and (kind in ("amount", "count") or mark in ("unsaved", "error")):
                raise NoFigure(marked(mark))
            figure = read_figure(value, kind, self.unit)
        except NoFigure as error:
            self.result.unplaced.append(Unplaced(spot, spot, 1, shown(value), f"{self.report.label(cell)}：{error}",
                                                 True))
            return
        if figure is not None:
            if kind == "amount" and value.__class__ is float:
                self.known[value] = figure
            self.result.placed.append(Placed(cell, figure, spot))

    def is_amount(self, cell: Cell) -> bool:
        return self.report.taxonomy.tables[cell[0]].columns[cell[2]].kind == "amount"

    def no_row(self, row: int, filled: list[int], label: str, code: str) -> None:
        first, last = Spot(self.sheet.name, row, filled[0]), Spot(self.sheet.name, row, filled[-1])
        name = shown(f"{code} {label}".strip()) if code and code != label else shown(label)
        why = _("the row “{label}” belongs to no place of this table").format(label=name) if name else \
            _("the row has neither a code nor a label")
        self.result.unplaced.append(Unplaced(first, last, len(filled), shown(self.sheet.value(row, filled[0])), why))

    def columns_without_place(self) -> None:
        """Tell of columns whose header nobody knows, and of figures outside of every list."""
        headers = {column.at: "·".join(column.path) for panel in self.found.panels for column in panel.columns}
        grouped = {column.at for panel in self.found.panels for column in panel.columns}
        for row in range(self.found.top, self.found.bottom) if self.found.panels else ():
            for at, value in enumerate(self.sheet.rows[row]):
                if at not in grouped and _number(value):
                    self.lost.setdefault(at, []).append(row)
        for at, rows in sorted(self.lost.items()):
            told = [row for row in rows if not _is_zero(self.sheet.value(row, at))]
            if not told:
                continue
            first, last = Spot(self.sheet.name, told[0], at), Spot(self.sheet.name, told[-1], at)
            header = headers.get(at, "")
            why = _("the column “{header}” belongs to no place of this table").format(header=shown(header)) if header \
                else _("the column has no header")
            self.result.unplaced.append(Unplaced(first, last, len(told), shown(self.sheet.value(told[0], at)), why))

    # ── other shapes ──

    def record(self, panel: FoundPanel, row: int, label: str) -> None:
        records = panel.panel.records
        assert records is not None
        columns = self.report.taxonomy.tables[records.table].columns
        if not label or plain(label) in words().totals:
            return
        values = {}
        for at, header in panel.headers.items():
            column = records.cells.get(header)
            if column is None:
                continue
            spot, value = Spot(self.sheet.name, row, at), self.sheet.value(row, at)
            try:
                figure = read_figure(value, columns[column].kind, self.unit)
            except NoFigure as error:
                self.result.unplaced.append(Unplaced(spot, spot, 1, shown(value), f"{columns[column].label}：{error}",
                                                     True))
                continue
            if figure is not None:
                values[column] = figure
        self.result.records.append(Record(records.table, label, values, Spot(self.sheet.name, row, 0)))

    def across(self, panel: FoundPanel) -> None:
        """Accounts in the header: the row 合计 has their figures."""
        assert panel.panel.across is not None
        table_id, column_id = panel.panel.across
        codes = _across_codes(self.report, table_id, panel)
        self.taken.update(column.at for column in panel.columns)
        reader = RowReader(self.sheet, panel.columns)
        for row in range(self.found.top, self.found.bottom):
            code, label = reader.read(row)
            if code or label_word(label) not in words().totals:
                continue
            for column in panel.columns:
                value = self.sheet.value(row, column.at)
                if column.key or not self.says(value, row, column.at):
                    continue
                account = codes.get(column.at)
                if account is not None:
                    self.figure((table_id, account, column_id), row, column.at, value)
                elif not _is_zero(value) and column.path and column.path[-1] != "合计":
                    self.lost.setdefault(column.at, []).append(row)
            return


def _across_codes(report: Report, table_id: str, panel: FoundPanel) -> dict[int, str]:
    """The economic accounts that stand in a header, by column: the class above, its sections below."""
    table = report.taxonomy.tables[table_id]
    names = {plain(report.name(code)): code for code in report.economic.codes() if len(code) == 3}
    found: dict[int, str] = {}
    for column in panel.columns:
        above = next((names[level] for level in column.path if level in names), "")
        leaf = column.path[-1] if column.path else ""
        if not above or column.key:
            continue
        if leaf == header_word("合计") or (names.get(leaf) == above and len(column.path) == 1):
            found[column.at] = above
            continue
        code = next((code for code in report.economic.children(above) if plain(report.name(code)) == leaf
                     or bare(report.name(code)) == bare(leaf)), "")
        if code and above in table.classes:
            found[column.at] = code
    return found


class _Rows:
    """Finds the place of a row in the pattern of its list."""

    def __init__(self, report: Report, found: FoundTable, panel: FoundPanel) -> None:
        self.report = report
        self.panel = panel.panel
        self.others = [other for other in found.pattern.panels if other is not panel.panel]
        self.columns = {column.at: column.path for column in panel.columns}
        self.headers = panel.headers
        self.last = -1
        self.account = ""
        self._names: dict[str, list[str]] | None = None
        # By column of the sheet, what is there of each group of accounts.
        self._accounts = [(report.taxonomy.tables[rows.table], rows, [
            (at, *rows.cells[header]) for at, header in panel.headers.items() if header in rows.cells])
            for rows in panel.panel.accounts]

    def target(self, code: str, label: str) -> Mapping[int, Cell] | None:
        """The cells of a row by the columns of the sheet; None where the row has no place."""
        if code:
            for known, _rows, columns in self._accounts:
                if is_code(known, code):
                    self.account = code
                    return {at: (table, code, column) for at, table, column in columns}
        line = self.line(code, label_word(label))
        if line is not None:
            return {at: line.cells[header] for at, header in self.headers.items() if header in line.cells}
        if code:
            return None
        word = label_word(label)
        for _known, rows, columns in self._accounts:
            row = "total" if word in words().totals else self.named(rows, word)
            if row:
                self.account = row if row != "total" else self.account
                cells = {at: (table, row, column) for at, table, column in columns}
                if row == "total":
                    cells = {**{at: self.panel.totals[header] for at, header in self.headers.items()
                                if header in self.panel.totals}, **cells}
                return cells
        return self.elsewhere(word)

    def line(self, code: str, word: str) -> Line | None:
        """The fixed row of that name: the next one, where several have it."""
        lines = self.panel.lines
        if not word and not code:
            ways = [[number for number, line in enumerate(lines) if not line.label and not line.code]]
        else:
            ways = [[number for number, line in enumerate(lines) if code and line.code == code],
                    [number for number, line in enumerate(lines) if word and line.label == word],
                    [number for number, line in enumerate(lines) if word and bare(line.label) == bare(word)]]
        for found in ways:
            if found:
                number = next((number for number in found if number > self.last), found[-1])
                if not word and not code and number <= self.last:
                    return None
                self.last = number
                return lines[number]
        return None

    def named(self, rows: Accounts, word: str) -> str:
        """The account that a label names: of the printed classes, or the one below the account above it."""
        if self._names is None:
            self._names = {}
            catalogue: Catalogue = self.report.functional if rows.digit == "2" else self.report.economic
            table: Table = self.report.taxonomy.tables[rows.table]
            for code in catalogue.codes():
                account = catalogue.get(code)
                if account is not None and len(code) <= (3 if rows.named else table.digits):
                    for name in (account.name, *account.former):
                        self._names.setdefault(plain(name), []).append(code)
        found = self._names.get(word, [])
        if len(found) > 1 and not rows.named:
            found = [code for code in found if self.account and code.startswith(self.account[:len(code) - 2])]
        return found[0] if len(found) == 1 or (found and rows.named) else ""

    def elsewhere(self, word: str) -> Mapping[int, Cell] | None:
        """A row that another list of the table has: lists can be divided otherwise than in the pattern."""
        for other in self.others:
            line = next((line for line in other.lines if line.label == word), None)
            if line is None or not word:
                continue
            cells = {}
            for at in self.headers:
                score, cell = max(((fit(self.columns[at], own, other.headers), cell)
                                   for own, cell in line.cells.items()), default=(0.0, None))
                if score > 0 and cell is not None:
                    cells[at] = cell
            return cells
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = folded(value) if isinstance(value, str) else ""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 15 else None


def _is_zero(value: Any) -> bool:
    return value == 0 or (isinstance(value, str) and folded(value).strip("0.") == "" and bool(folded(value)))
