"""The source file: what the accountant entered, read and checked.

Everything that is wrong with it is found at once and kept as problems, each with the path of
the key (from which the line is found) and what was expected. A file that can't be understood
at all (no TOML, another schema, an unknown format) raises SourceError.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from . import amounts
from .amounts import UNITS, ZERO, AmountError, kind_of
from .i18n import _
from .positions import Lines, index_lines, statements
from .storage import Stored, read_text
from .taxonomy import NUMBERS, Column, Table, Taxonomy

SCHEMA = 1

Cell = tuple[str, str, str]
"""A cell's address: table, row, column."""

Path = tuple[Any, ...]
"""A key's path in the TOML file."""

ADDRESSED = ("reasons", "prior", "official")
"""The parts of the file whose keys are addresses."""

CODE_DIGITS = {"functional": 7, "economic": 5}
"""How long the codes are that are entered: 项 (functional), 款 (economic)."""

_CODE_LENGTHS = {"functional": (3, 5, 7), "economic": (3, 5)}
_FIRST_DIGIT = {"functional": "2", "economic": "3"}

MOST_PROBLEMS = 500
"""So many problems of one file are listed: more is no source with faults but another kind of file."""

# Controls, bidirectional marks, line separators, tags: what acts on a terminal or hides in print.
_INVISIBLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
                        "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

_OTHER_BASE = re.compile(r"[+-]?0[xob][0-9A-Fa-f_]+")
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


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
    """A source file, taken apart. Mutable only through `Report`, which keeps it consistent."""

    def __init__(self, path: str, text: str, taxonomy: Taxonomy, format: Any) -> None:
        self.path = path
        self.text = text
        self.taxonomy = taxonomy
        self.format = format
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


def address(cell: Cell) -> str:
    """A cell's address as it is written: 'general_budget.2010550.total'."""
    return ".".join(cell)


def parse_address(text: str, taxonomy: Taxonomy) -> Cell:
    """The cell of 'table.row.column', or 'table.row' for the primary column. Raises ValueError."""
    table_id, _dot, rest = text.partition(".")
    table = taxonomy.tables.get(table_id)
    if table is None:
        raise ValueError(_("there is no table “{table}”").format(table=_printable(table_id)))
    row, _dot, column = rest.partition(".")
    column = column or table.primary
    if column not in table.columns:
        raise ValueError(_("table “{table}” has no column “{column}”").format(
            table=table_id, column=_printable(column)))
    if not is_row(table, row, taxonomy):
        raise ValueError(_("table “{table}” has no row “{row}”").format(table=table_id, row=_printable(row)))
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
    digits = code.isascii() and code.isdigit() and len(code) in _CODE_LENGTHS[table.axis]
    return digits and code[0] == _FIRST_DIGIT[table.axis]


def is_derived(table: Table, row: str, column: str) -> bool:
    """Is the cell computed rather than entered?"""
    return _is_parent(table, row) or table.formula(row, column) is not None


def is_summed(table: Table, row: str, column: str) -> bool:
    """Is the cell the sum of the rows below it?"""
    return _is_parent(table, row) and table.columns[column].down


def _is_parent(table: Table, row: str) -> bool:
    return table.accounts and (row == "total" or len(row) < CODE_DIGITS[table.axis])


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
    text = check_text(raw) if column.long else check_line(raw)
    if column.kind == "choice" and text not in column.choices:
        raise AmountError(_("“{text}” is none of {choices}").format(
            text=_printable(text), choices="、".join(column.choices)))
    return Entry(text)


def check_text(raw: Any) -> str:
    """A text without anything that could act on a terminal or hide in print. Raises AmountError."""
    if not isinstance(raw, str):
        raise AmountError(_("a text in quotation marks is expected here, not {found}").format(found=kind_of(raw)))
    match = None if raw.isprintable() else _INVISIBLE.search(raw)
    if match is not None:
        before = " ".join(raw[max(0, match.start() - 8):match.start()].split())
        raise AmountError(_("the text holds the invisible character U+{code:04X} after “{before}”: delete it").format(
            code=ord(match[0]), before=before))
    return raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").strip()


def check_line(raw: Any) -> str:
    """A text of one line, such as a name. Raises AmountError."""
    text = check_text(raw)
    if "\n" in text:
        raise AmountError(_("one line is expected here, not {count}").format(count=text.count("\n") + 1))
    return text


def load_source(path: str) -> Source:
    """The source file `path`. Raises StorageError or SourceError where it can't be read."""
    return parse_source(read_text(path), path)


def parse_source(stored: Stored | str, path: str = "") -> Source:
    """A source from its text. Raises SourceError where it can't be understood at all."""
    text = stored if isinstance(stored, str) else stored.text
    if not text.strip():
        raise SourceError(path, _("the file is empty; juesuan new writes one to begin with"))
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        from .toml_faults import explain_fault

        raise SourceError(path, *explain_fault(text, str(error))) from None
    except RecursionError:
        raise SourceError(path, _("the brackets are nested too deep for a source")) from None
    except ValueError:  # an integer of more digits than Python reads
        raise SourceError(path, _("a figure has thousands of digits")) from None
    _refuse_other_bases(path, text)
    return _Reader.whole(data, text, path)


def _refuse_other_bases(path: str, text: str) -> None:
    """TOML reads 0x1F as 31, and an accountant who wrote 0o12 did not mean 10."""
    if not _OTHER_BASE.search(text):
        return
    for entry in statements(text):
        if not entry.kind and text[entry.value] not in "\"'":
            match = _OTHER_BASE.search(_STRINGS.sub("", text[entry.value:entry.end]))
            if match is not None:
                raise SourceError(path, _("“{text}” is not a number").format(text=match[0][:30]),
                                  text.count("\n", 0, entry.value) + 1)


def reread(source: Source, key: str, raw: Any, text: str) -> Source:
    """The source with the records under `key` read anew from `raw` (None: there are none), and
    nothing else; for a source without problems. `text` is that of the whole file."""
    table = next(table for table in source.taxonomy.tables.values() if table.key == key and not table.owner)
    inside = {table.id}
    for other in source.taxonomy.tables.values():  # an owner stands before what it owns
        if other.owner in inside:
            inside.add(other.id)
    new = Source.__new__(Source)
    vars(new).update(vars(source), problems=[])
    new.retext(text)
    new.entries = {cell: entry for cell, entry in source.entries.items() if cell[0] not in inside}
    new.rows = {id: [] if id in inside else rows for id, rows in source.rows.items()}
    new.row_paths = {place: path for place, path in source.row_paths.items() if place[0] not in inside}
    if raw is not None:
        _Reader(new, {}).table(table, raw, "", (key,))
    return new


class _Reader:
    """Reads the parsed TOML into a Source; goes on after every problem."""

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        self.source = source
        self.data = data

    @classmethod
    def whole(cls, data: dict[str, Any], text: str, path: str) -> Source:
        from .formats import NoSuchFormat, load_format

        report = cls.head(data, text, path)
        try:
            format = load_format(report["format"])
        except NoSuchFormat as error:
            raise SourceError(path, str(error), _line(text, ("report", "format"))) from None
        reader = cls(Source(path, text, format.taxonomy, format), data)
        reader.meta(report)
        reader.tables()
        reader.prose()
        reader.addressed()
        tables = [table.key for table in format.taxonomy.tables.values() if not table.owner]
        reader.unknown(data, ("schema", "report", "prose", *tables, *ADDRESSED, "accounts", "glossary", "review"), ())
        return reader.source

    def problem(self, code: str, path: Path, message: str, hint: str = "") -> None:
        problems = self.source.problems
        if len(problems) < MOST_PROBLEMS:
            problems.append(Problem(code, path, message, hint))
        elif len(problems) == MOST_PROBLEMS:
            problems.append(Problem(code, path, _("there are more faults than are listed: mend these first")))

    @staticmethod
    def head(data: dict[str, Any], text: str, path: str) -> dict[str, Any]:
        schema = data.get("schema")
        if isinstance(schema, bool) or schema != SCHEMA or not isinstance(schema, int):
            if isinstance(schema, int) and schema > SCHEMA:
                raise SourceError(path, _("schema = {schema} was written by a later juesuan: update this one").format(
                    schema=kind_of(schema)), _line(text, ("schema",)))
            if schema is not None:
                raise SourceError(path, _("schema is {found}: {schema} is expected").format(
                    found=kind_of(schema), schema=SCHEMA), _line(text, ("schema",)))
            raise SourceError(path, _("no juesuan source: the first line should say schema = {schema}").format(
                schema=SCHEMA))
        report = data.get("report")
        if not isinstance(report, dict):
            raise SourceError(path, _("the part [report] is missing: format, year, department, unit"),
                              _line(text, ("report",)))
        if not isinstance(report.get("format"), str):
            raise SourceError(path, _("[report] needs format = \"province/kind\"; juesuan formats lists them"),
                              _line(text, ("report", "format")))
        return report

    def meta(self, report: dict[str, Any]) -> None:
        source = self.source
        year = report.get("year")
        if isinstance(year, bool) or not isinstance(year, int) or not 2000 <= year <= 2100:
            line = _line(source.text, ("report", "year"))
            if year is None:
                raise SourceError(source.path, _("[report] needs year = the report's year, such as 2024"), line)
            raise SourceError(source.path, _("year is {found}: the report's year is expected, such as 2024").format(
                found=kind_of(year)), line)
        source.year = year
        format = source.format
        if not format.since <= year <= format.until:
            message = _("year is {year}: the format {format} holds for {since} to {until}")
            self.problem("T02", ("report", "year"), message.format(
                year=year, format=format.id, since=format.since, until=format.until))
        unit = report.get("unit")
        if isinstance(unit, str) and unit in UNITS:
            source.unit = unit
        elif unit is None:  # never guessed: every figure would be wrong ten thousand times
            self.problem("T02", ("report",), _("[report] needs unit = \"元\" or unit = \"万元\""))
        else:
            message = _("unit is {found}: 元 or 万元 is expected")
            self.problem("T02", ("report", "unit"), message.format(found=kind_of(unit)))
        for key, attribute in (("department", "department"), ("prior", "prior_file"), ("catalogue", "catalogue_file")):
            if key in report:
                setattr(source, attribute, self.text(report[key], ("report", key), check_line))
        self.unknown(report, ("format", "year", "department", "unit", "prior", "catalogue"), ("report",))

    def text(self, raw: Any, path: Path, check: Callable[[Any], str] = check_text) -> str:
        try:
            return check(raw)
        except AmountError as error:
            self.problem("T05" if isinstance(raw, str) else "T02", path, str(error))
            return ""

    def unknown(self, mapping: dict[str, Any], known: tuple[str, ...], path: Path) -> None:
        for key in mapping:
            if key not in known:
                self.unknown_key(path + (key,), known)

    def unknown_key(self, path: Path, known: tuple[str, ...]) -> None:
        if len(self.source.problems) <= MOST_PROBLEMS:
            key = path[-1]
            self.problem("T01", path, _("unknown key “{key}”").format(key=_printable(key)), _similar(key, known))

    def tables(self) -> None:
        for table in self.source.taxonomy.tables.values():
            if table.owner or table.key not in self.data:
                continue
            self.table(table, self.data[table.key], "", (table.key,))

    def table(self, table: Table, data: Any, owner: str, path: Path) -> None:
        if table.axis == "records":
            self.records(table, data, owner, path)
        elif not isinstance(data, dict):
            self.problem("T02", path, _("[{key}] is a table of rows").format(key=table.key))
        elif table.accounts:
            self.account_rows(table, data, path)
        else:
            self.lines(table, data, owner, path)

    def records(self, table: Table, data: Any, owner: str, path: Path) -> None:
        if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
            self.problem("T02", path, _("[[{key}]] is a list of records").format(key=table.key))
            return
        owned = {other.key: other for other in self.source.taxonomy.owned(table.id)}
        for number, record in enumerate(data):
            row = f"{owner}{number + 1}"
            here = path + (number,)
            self.source.rows[table.id].append(row)
            self.source.row_paths[table.id, row] = here
            for key, raw in record.items():
                if key in owned:
                    self.table(owned[key], raw, row + "/", here + (key,))
                else:
                    self.cell(table, row, key, raw, here + (key,))

    def account_rows(self, table: Table, data: dict[str, Any], path: Path) -> None:
        digits = CODE_DIGITS[table.axis]
        entered = table.entered
        for code, raw in data.items():
            here = path + (code,)
            if not is_code(table, code) or len(code) != digits:
                if code == "total" or is_code(table, code):
                    self.problem("T04", here, _("“{code}” is a sum of its items and is not entered").format(code=code),
                                 _("enter the items; a published figure that differs goes to [official]"))
                else:
                    message = _("“{code}” is no account code: {digits} digits that begin with {first} are expected")
                    self.problem("T06", here, message.format(
                        code=_printable(code), digits=digits, first=_FIRST_DIGIT[table.axis]))
                continue
            self.source.rows[table.id].append(code)
            self.source.row_paths[table.id, code] = here
            if isinstance(raw, dict):
                for key, value in raw.items():
                    self.cell(table, code, key, value, here + (key,))
            elif len(entered) == 1:
                self.cell(table, code, entered[0].id, raw, here)
            else:
                self.problem("T02", here, _("a row is written {{ {columns} }}").format(
                    columns=", ".join(f"{column.id} = …" for column in entered)))

    def lines(self, table: Table, data: dict[str, Any], owner: str, path: Path) -> None:
        entered = table.entered
        for line, raw in data.items():
            here = path + (line,)
            if line not in table.lines:
                self.unknown_key(here, tuple(table.lines))
            elif isinstance(raw, dict):
                for key, value in raw.items():
                    self.cell(table, owner + line, key, value, here + (key,))
            elif len(entered) == 1:
                self.cell(table, owner + line, entered[0].id, raw, here)
            else:
                self.problem("T02", here, _("a row is written {{ {columns} }}").format(
                    columns=", ".join(f"{column.id} = …" for column in entered)))

    def cell(self, table: Table, row: str, key: str, raw: Any, path: Path) -> None:
        column = table.columns.get(key)
        if column is None:
            self.unknown_key(path, tuple(column.id for column in table.entered))
        elif is_derived(table, row, key):
            self.problem("T04", path, _("“{label}” is computed and is not entered").format(label=column.label),
                         _("delete it; a published figure that differs goes to [official]"))
        else:
            entry = self.entry(column, raw, path)
            if entry is not None:
                self.source.entries[table.id, row, key] = entry

    def entry(self, column: Column, raw: Any, path: Path, official: bool = False) -> Entry | None:
        if isinstance(raw, str) and not raw.strip():
            return None
        try:
            return parse_cell(column, raw, self.source.unit, official)._replace(path=path)
        except AmountError as error:
            numeric = column.kind in (*NUMBERS, "percent")
            self.problem("T03" if numeric else "T05" if isinstance(raw, str) else "T02", path,
                         f"{column.label}：{error}")
            return None

    def prose(self) -> None:
        data = self.mapping("prose")
        known = self.source.format.prose
        for key, raw in data.items():
            if key in known:
                self.source.prose[key] = self.text(raw, ("prose", key))
        self.unknown(data, tuple(known), ("prose",))
        for code, name in self.mapping("accounts").items():
            path = ("accounts", code)
            if not (code.isascii() and code.isdigit() and len(code) in (3, 5, 7) and code[0] in "23"):
                message = _("“{code}” is no account code: 3, 5 or 7 digits that begin with 2 or 3 are expected")
                self.problem("T06", path, message.format(code=_printable(code)))
            else:
                self.source.accounts[code] = self.text(name, path, check_line)

        for term, text in self.mapping("glossary").items():
            path = ("glossary", term)
            self.source.glossary[self.text(term, path)] = self.text(text, path)

    def mapping(self, key: str) -> dict[str, Any]:
        data = self.data.get(key, {})
        if not isinstance(data, dict):
            self.problem("T02", (key,), _("[{key}] is a table of rows").format(key=key))
            return {}
        return data

    def addressed(self) -> None:
        source = self.source
        for part, path, raw in self.addresses():
            try:
                cell = parse_address(".".join(path[1:]), source.taxonomy)
            except ValueError as error:
                self.problem("T08", path, str(error),
                             _("an address is table.row or table.row.column, see docs/source-format.md"))
                continue
            if (part, cell) in source.addressed:
                self.problem("T07", path, _("“{cell}” stands in [{part}] twice: keep one of them").format(
                    cell=address(cell), part=part))
                continue
            source.addressed[part, cell] = path
            if part == "reasons":
                source.reasons[cell] = self.text(raw, path)
            else:
                self.figure(part, path, cell, raw)

    def figure(self, part: str, path: Path, cell: Cell, raw: Any) -> None:
        """An official figure, or one of last year."""
        table = self.source.taxonomy.tables[cell[0]]
        column = table.columns[cell[2]]
        if part == "prior" and column.kind not in NUMBERS:
            self.problem("T08", path, _("“{cell}” is no figure").format(cell=address(cell)))
        elif part == "official" and not is_derived(table, cell[1], cell[2]):
            message = _("“{cell}” is entered, so there is no official figure beside it")
            self.problem("T04", path, message.format(cell=address(cell)), _("correct the entry itself"))
        else:
            entry = self.entry(column, raw, path, part == "official")
            if entry is not None:
                (self.source.prior if part == "prior" else self.source.official)[cell] = entry

    def addresses(self) -> Iterator[tuple[str, Path, Any]]:
        """Every addressed value: "a.b.c" = x, and a.b.c = x, which TOML reads as nested tables."""
        for part in ADDRESSED:
            pending: list[tuple[Path, Any]] = [((part, key), raw) for key, raw in reversed(self.mapping(part).items())]
            while pending:
                path, raw = pending.pop()
                if isinstance(raw, dict) and len(path) <= 4:
                    pending.extend((path + (key,), value) for key, value in reversed(raw.items()))
                else:
                    yield part, path, raw


def _line(text: str, path: Path) -> int | None:
    return index_lines(text).line_of(path)


def _printable(key: str) -> str:
    from .text.width import printable

    return printable(key if len(key) <= 40 else key[:39] + "…")


def _similar(key: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key[:60], known, 1)
    if close:
        return _("did you mean “{key}”?").format(key=close[0])
    return _("known here: {keys}").format(keys=", ".join(known[:20])) if known else ""


def resolve(source_path: str, name: str) -> str:
    """A file named in a source, relative to it."""
    return os.path.join(os.path.dirname(source_path), name)
