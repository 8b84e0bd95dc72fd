"""The source: what the accountant entered, by cell and by key of the file (read by `reading`).

What is wrong with the file is kept as problems, each with the path of its key (from which the
line is found) and what was expected.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from . import amounts
from .amounts import ZERO, AmountError, kind_of
from .bounds import LONGEST_LINE
from .i18n import _
from .taxonomy import LEVELS, NUMBERS, Column, Table, Taxonomy
from .text.typed import CANNOT_STAY
from .toml.positions import Lines, index_lines

if TYPE_CHECKING:
    from .merging.stated import Merged

SCHEMA = 2
"""What new sources are written as."""

SCHEMAS = (1, SCHEMA)
"""What is read. In a source of schema 1, which can't state that there is none, an empty table says so
where a report need not have it; from schema 2 on it is not known until it is stated."""

NONE = "none"
"""The key under which [report], or a record, names its tables of which there is nothing."""

Cell = tuple[str, str, str]
"""A cell's address: table, row, column."""

Path = tuple[Any, ...]
"""A key's path in the TOML file."""

ADDRESSED = ("reasons", "prior", "official")
"""The parts of the file whose keys are addresses."""

FIRST_DIGIT = {"functional": "2", "economic": "3"}

MOST_PROBLEMS = 500
"""So many problems of one file are listed: more is no source with faults but another kind of file."""


class SourceError(Exception):
    """The file can't be understood: which file, which line (or None), what was expected."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.path, self.message, self.line = path, message, line


def located(file: str, line: int | None, message: str) -> str:
    """A message about a line of a file, or about all of it."""
    if line:
        return _("{file}: line {line}: {message}").format(file=file, line=line, message=message)
    return _("{file}: {message}").format(file=file, message=message)


class Problem(NamedTuple):
    """A fault of the file at the key `path`. `code` is T01 … (docs/rules.md)."""

    code: str
    path: Path
    message: str
    hint: str = ""


class Entry(NamedTuple):
    """What was entered: its value (元, count, points, text …), half of its last digit (元), its key."""

    value: Any
    half: Decimal = ZERO
    path: Path = ()


class Source:
    """A source file, taken apart. Mutable only through `Report`, which keeps it consistent.

    `carried`: texts and tables taken over from last year that nobody has looked over yet (see
    `review`); `blank`: the account rows (table, code) that the file names without any figure; `absent`:
    the tables (table, record that they belong to or '') of which it is stated that there is nothing (but
    what is entered, where the lines are fixed), each with its key.
    """

    def __init__(self, path: str, text: str, taxonomy: Taxonomy, format: Any) -> None:
        self.path = path
        self.text = text
        self.taxonomy = taxonomy
        self.format = format
        self.own_format = format
        self.schema = SCHEMA
        self.year = 0
        self.department = ""
        self.unit = "万元"
        self.prior_file = ""
        self.catalogue_file = ""
        self.entries: dict[Cell, Entry] = {}
        self.rows: dict[str, list[str]] = {table: [] for table in taxonomy.tables}
        self.row_paths: dict[tuple[str, str], Path] = {}
        self.prose: dict[str, str] = {}
        self.reasons: dict[Cell, str] = {}
        self.prior: dict[Cell, Entry] = {}
        self.official: dict[Cell, Entry] = {}
        self.addressed: dict[tuple[str, Cell], Path] = {}
        self.accounts: dict[str, str] = {}
        self.glossary: dict[str, str] = {}
        self.carried: dict[str, bool] = {}
        self.blank: tuple[tuple[str, str], ...] = ()
        self.absent: dict[tuple[str, str], Path] = {}
        self.acknowledged: dict[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]] = {}
        self.merged: Merged | None = None
        self.problems: list[Problem] = []
        self._lines: Lines | None = None

    def line(self, path: Path) -> int | None:
        """The line on which the key stands, or that of the nearest table around it."""
        if self._lines is None:
            self._lines = index_lines(self.text)
        return self._lines.line_of(path)

    def retext(self, text: str) -> None:
        """The file's text has changed (an editor's doing): lines are looked up in the new one."""
        self.text, self._lines = text, None

    def rounded(self, cell: Cell, entry: Entry, prior: bool = False) -> Entry:
        """An entry with what it leaves open: more than its last digit, if it is a sum of rounded figures."""
        if self.merged is None:
            return entry
        half = (self.merged.prior_rounding if prior else self.merged.rounding).get(cell)
        return entry if half is None else entry._replace(half=half)

    def none_key(self, table: Table, owner: str) -> Path:
        """Where it is stated that a table (of a record, where it belongs to one) is empty."""
        base = self.row_path(self.taxonomy.tables[table.owner], owner) if owner else ("report",)
        return (*base, NONE)

    def key(self, cell: Cell) -> Path:
        """Where the cell is entered, or would be."""
        entry = self.entries.get(cell)
        if entry is not None:
            return entry.path
        table = self.taxonomy.tables[cell[0]]
        base = self.row_path(table, cell[1])
        single = not table.owner and table.axis != "records" and len(table.entered) == 1
        return base if single else base + (cell[2],)

    def addressed_key(self, part: str, cell: Cell) -> Path:
        """Where [part] (reasons, prior, official) speaks of the cell, or would."""
        known = self.addressed.get((part, cell))
        if known is not None:
            return known
        primary = self.taxonomy.tables[cell[0]].primary == cell[2]
        return part, ".".join(cell[:2] if primary else cell)

    def row_path(self, table: Table, row: str) -> Path:
        if table.axis == "records":
            owner, _slash, number = row.rpartition("/")
            base = self.row_path(self.taxonomy.tables[table.owner], owner) if owner else ()
            return base + (table.key, int(number) - 1 if number.isdigit() else 0)
        if table.owner:
            owner, _slash, line = row.rpartition("/")
            return self.row_path(self.taxonomy.tables[table.owner], owner) + (table.key, line)
        return (table.key, row)


def filled_rows(source: Source) -> dict[str, set[str]]:
    """The accounts of each account table that have a figure."""
    filled: dict[str, set[str]] = {table.id: set() for table in source.taxonomy.tables.values() if table.accounts}
    for table_id, row, column in source.entries:
        if table_id in filled and source.taxonomy.tables[table_id].columns[column].kind in NUMBERS:
            filled[table_id].add(row)
    return filled


def of_nothing_else(taxonomy: Taxonomy, format: Any, year: int, entries: Mapping[Cell, Entry]) -> Source:
    """A source that holds these figures and states that there is nothing besides."""
    source = Source("", "", taxonomy, format)
    source.year = year
    source.absent = {(table, ""): () for table in taxonomy.tables}
    for cell, entry in entries.items():
        source.entries[cell] = entry
        if taxonomy.tables[cell[0]].accounts and cell[1] not in source.rows[cell[0]]:
            source.rows[cell[0]].append(cell[1])
    return source


def address(cell: Cell) -> str:
    """A cell's address as it is written: 'general_budget.2010550.total'."""
    return ".".join(cell)


def parse_address(text: str, taxonomy: Taxonomy) -> Cell:
    """The cell of 'table.row.column', or 'table.row' for the primary column. Raises ValueError."""
    table_id, _dot, rest = text.partition(".")
    table = taxonomy.tables.get(table_id)
    if table is None:
        raise ValueError(_("there is no table “{table}”").format(table=legible(table_id)))
    row, _dot, column = rest.partition(".")
    column = column or table.primary
    if column not in table.columns:
        raise ValueError(_("table “{table}” has no column “{column}”").format(
            table=table_id, column=legible(column)))
    if not is_row(table, row, taxonomy):
        raise ValueError(_("table “{table}” has no row “{row}”").format(table=table_id, row=legible(row)))
    return table_id, row, column


def is_row(table: Table, row: str, taxonomy: Taxonomy) -> bool:
    """Can the table have such a row?"""
    if table.accounts:
        return row == "total" or is_code(table, row)
    if table.owner:
        owner, _slash, row = row.rpartition("/")
        if not is_row(taxonomy.tables[table.owner], owner, taxonomy):
            return False
    if table.lines:
        return row in table.lines
    return row.isascii() and row.isdigit() and row[0] != "0"


def is_code(table: Table, code: str) -> bool:
    """Is it a code of the table's classification, of any level?"""
    digits = code.isascii() and code.isdigit() and len(code) in LEVELS[table.axis].values()
    return digits and len(code) <= table.digits and code[0] == FIRST_DIGIT[table.axis]


def is_derived(table: Table, row: str, column: str) -> bool:
    """Is the cell computed rather than entered?"""
    return _is_parent(table, row) or table.formula(row, column) is not None


def is_summed(table: Table, row: str, column: str) -> bool:
    """Is the cell the sum of the rows below it?"""
    own = table.columns[column]
    return _is_parent(table, row) and own.down and own.kind in NUMBERS


def _is_parent(table: Table, row: str) -> bool:
    return table.accounts and (row == "total" or len(row) < table.digits)


def parse_cell(column: Column, raw: Any, unit: str, official: bool = False) -> Entry:
    """What is written for a cell of `column`, as an Entry. Raises AmountError with what was expected.

    An entered zero is nothing; an `official` one can be a small amount that was rounded.
    """
    if column.kind == "amount":
        value, half = amounts.parse_amount(raw, unit)
        return Entry(value, amounts.half_step(raw, unit) if official else half)
    if column.kind == "count":
        return Entry(amounts.parse_count(raw))
    if column.kind == "score":
        return Entry(amounts.parse_score(raw))
    if column.kind == "flag":
        if not isinstance(raw, bool):
            raise AmountError(_("true or false is expected here, not {found}").format(found=kind_of(raw)))
        return Entry(raw)
    if column.kind == "percent":
        raise AmountError(_("a percentage is computed and is not entered"))
    # A choice that is none of the list is kept: real reports break closed lists, and a finding tells of it (S14).
    return Entry(check_text(raw) if column.long else check_line(raw))


def check_text(raw: Any) -> str:
    """A text without anything that could act on a terminal or hide in print. Raises AmountError."""
    if not isinstance(raw, str):
        raise AmountError(_("a text in quotation marks is expected here, not {found}").format(found=kind_of(raw)))
    match = None if raw.isprintable() else CANNOT_STAY.search(raw)
    if match is not None:
        before = " ".join(raw[max(0, match.start() - 8):match.start()].split())
        raise AmountError(_("the text holds the invisible character U+{code:04X} after “{before}”: delete it").format(
            code=ord(match[0]), before=before))
    return raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").strip()


def check_line(raw: Any) -> str:
    """A text of one line, such as a name. Raises AmountError."""
    text = check_text(raw)
    if len(text) > LONGEST_LINE:
        raise AmountError(_("the text has {count} characters, and at most {most} are read").format(
            count=len(text), most=LONGEST_LINE))
    if "\n" in text:
        raise AmountError(_("one line is expected here, not {count}").format(count=text.count("\n") + 1))
    return text


def hidden(text: str, keep: str = "") -> str:
    """The first character that hides in print or acts on a terminal, as U+202E; '' if there is none. Line
    breaks and tabs are such, but for those in `keep`."""
    for char in text if not text.isprintable() else "":
        if (char < " " or CANNOT_STAY.match(char)) and char not in keep:
            return f"U+{ord(char):04X}"
    return ""


def legible(key: str) -> str:
    """A key or a name of the file in a message: short, and without what acts on a terminal."""
    from .text.width import printable

    return printable(key if len(key) <= 40 else key[:39] + "…")


def resolve(source_path: str, name: str) -> str:
    """A file named in a source, relative to it."""
    return os.path.join(os.path.dirname(source_path), name)
