"""Reading a source: TOML text taken apart into a `Source`, every fault of it noted at once.

A file that can't be understood at all (no TOML, another schema, an unknown format) raises
SourceError; everything else that is wrong becomes a `Problem` of the source.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from sys import intern
from typing import Any

from .amounts import UNITS, AmountError, kind_of
from .bounds import excess_of_data, excess_of_text
from .formula import owner_of
from .i18n import _
from .review import read_carried, read_review
from .source import (
    ADDRESSED,
    FIRST_DIGIT,
    MOST_PROBLEMS,
    NONE,
    SCHEMA,
    SCHEMAS,
    Cell,
    Entry,
    Path,
    Problem,
    Source,
    SourceError,
    address,
    check_line,
    check_text,
    filled_rows,
    is_code,
    is_derived,
    legible,
    parse_address,
    parse_cell,
)
from .storage import Stored, read_text
from .taxonomy import NUMBERS, Column, Table, TaxonomyError
from .toml.positions import index_lines, statements

_OTHER_BASE = re.compile(r"[+-]?0[xob][0-9A-Fa-f_]+")
_MARKS = re.compile(r"^[ \t]*schema[ \t]*=[ \t]*\d", re.MULTILINE), re.compile(r"^[ \t]*\[[ \t]*report\b", re.MULTILINE)
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


def _no_source() -> str:
    return _("no juesuan source: the first line should say schema = {schema}").format(schema=SCHEMA)


def load_source(path: str) -> Source:
    """The source file `path`. Raises StorageError or SourceError where it can't be read."""
    return parse_source(read_text(path), path)


def parse_source(stored: Stored | str, path: str = "") -> Source:
    """A source from its text. Raises SourceError where it can't be understood at all."""
    text = stored if isinstance(stored, str) else stored.text
    if not text.strip():
        raise SourceError(path, _("the file is empty; juesuan new writes one to begin with"))
    excess = excess_of_text(text)
    if excess is not None:
        raise SourceError(path, excess.message, text.count("\n", 0, excess.at) + 1 if excess.at >= 0 else None)
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        from .toml.faults import explain_fault

        # Any file can be named as last year's: what is no source is not quoted, or its lines would be published.
        marks = sum(mark.search(text) is not None for mark in _MARKS)
        fault = explain_fault(text, str(error), marks == len(_MARKS))
        message = fault.message if marks else _no_source() + _(" ({text})").format(text=fault.message)
        raise SourceError(path, message, fault.line) from None
    except RecursionError:
        raise SourceError(path, _("the brackets are nested too deep for a source")) from None
    except ValueError:  # an integer of more digits than Python reads
        raise SourceError(path, _("a figure has thousands of digits")) from None
    excess = excess_of_data(data)
    if excess is not None:
        raise SourceError(path, excess.message, _line(text, excess.path))
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
    new.absent = {place: path for place, path in source.absent.items() if not place[1] or place[0] not in inside}
    if raw is not None:
        reader = _Reader(new, {})
        reader.table(table, raw, "", (key,))
        reader.stated_none()
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
        except (NoSuchFormat, TaxonomyError) as error:
            raise SourceError(path, str(error), _line(text, ("report", "format"))) from None
        reader = cls(Source(path, text, format.taxonomy, format), data)
        reader.source.schema = data["schema"]
        reader.meta(report)
        reader.merged()
        reader.tables()
        reader.stated_none()
        reader.prose()
        reader.addressed()
        reader.review()
        tables = [table.key for table in format.taxonomy.tables.values() if not table.owner]
        parts = ("schema", "report", "prose", *tables, *ADDRESSED, "accounts", "glossary", "review", "merged")
        reader.unknown(data, parts, ())
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
        if isinstance(schema, bool) or schema not in SCHEMAS or not isinstance(schema, int):
            if isinstance(schema, int) and schema > SCHEMA:
                raise SourceError(path, _("schema = {schema} was written by a later juesuan: update this one").format(
                    schema=kind_of(schema)), _line(text, ("schema",)))
            if schema is not None and (not isinstance(schema, str) or "report" in data):
                raise SourceError(path, _("schema is {found}: {schema} is expected").format(
                    found=kind_of(schema), schema=SCHEMA), _line(text, ("schema",)))
            raise SourceError(path, _no_source(), _line(text, ("schema",)))
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
        self.unknown(report, ("format", "year", "department", "unit", "prior", "catalogue", NONE), ("report",))
        tables = [table for table in source.taxonomy.tables.values() if not table.owner and table.is_entered]
        self.none(report, {table.key: table for table in tables}, "", ("report",))

    def none(self, data: dict[str, Any], tables: dict[str, Table], owner: str, base: Path) -> None:
        """The tables of which `data`, [report] or a record, states that there is nothing."""
        raw, path = data.get(NONE, []), (*base, NONE)
        if not isinstance(raw, list) or not all(isinstance(key, str) for key in raw):
            self.problem("T02", path, _("{key} is a list of tables, such as [\"{example}\"]").format(
                key=NONE, example=next(iter(tables), "")))
            return
        for key in raw:
            if key not in tables:
                self.problem("T01", path, _("there is no table “{table}”").format(table=legible(key)),
                             _similar(key, tuple(tables)))
            else:
                self.source.absent[tables[key].id, owner] = path

    def stated_none(self) -> None:
        """What is stated to be empty, and is not."""
        source = self.source
        if not source.absent:
            return
        full = {(table, "") for table, rows in filled_rows(source).items() if rows}
        full |= {(table, owner_of(row)) for table, rows in source.rows.items() for row in rows
                 if source.taxonomy.tables[table].axis == "records"}
        for (table, owner), path in source.absent.items():
            if (table, owner) in full:
                title = source.taxonomy.tables[table].title
                self.problem("T11", path, _("“{table}” is stated to be empty here, and holds entries").format(
                    table=title), _("take it out of the list, or delete the entries"))

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
            self.problem("T01", path, _("unknown key “{key}”").format(key=legible(key)), _similar(key, known))

    def merged(self) -> None:
        """What a merged source says of its units: before the figures, whose precision it tells."""
        if "merged" in self.data:
            from .merging.stated import read_merged

            source = self.source
            source.merged = read_merged(self.mapping("merged"), source.taxonomy, source.unit, self.problem)

    def tables(self) -> None:
        source = self.source
        for table in source.taxonomy.tables.values():
            if table.owner or table.key not in self.data:
                continue
            self.table(table, self.data[table.key], "", (table.key,))
        source.blank = tuple(
            (table.id, code) for table in source.taxonomy.tables.values() if table.axis == "functional"
            for code in source.rows[table.id] if not any(
                (table.id, code, column.id) in source.entries for column in table.entered if column.kind in NUMBERS))

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
                elif key == NONE:
                    self.none(record, owned, row, here)
                else:
                    self.cell(table, row, key, raw, here + (key,))

    def account_rows(self, table: Table, data: dict[str, Any], path: Path) -> None:
        digits = table.digits
        entered = table.entered
        for code, raw in data.items():
            code = intern(code)  # the same accounts stand in many tables
            here = path + (code,)
            if not is_code(table, code) or len(code) != digits:
                if code == "total" or is_code(table, code):
                    self.problem("T04", here, _("“{code}” is a sum of its items and is not entered").format(code=code),
                                 _("enter the items; a published figure that differs goes to [official]"))
                else:
                    message = _("“{code}” is no account code: {digits} digits that begin with {first} are expected")
                    self.problem("T06", here, message.format(
                        code=legible(code), digits=digits, first=FIRST_DIGIT[table.axis]))
                continue
            self.source.rows[table.id].append(code)
            self.source.row_paths[table.id, code] = here
            if isinstance(raw, dict):
                for key, value in raw.items():
                    key = intern(key)
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
                cell = (table.id, row, key)
                self.source.entries[cell] = self.source.rounded(cell, entry)

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
                self.problem("T06", path, message.format(code=legible(code)))
            else:
                self.source.accounts[code] = self.text(name, path, check_line)

        for term, text in self.mapping("glossary").items():
            path = ("glossary", term)
            self.source.glossary[self.text(term, path)] = self.text(text, path)

    def review(self) -> None:
        source, data = self.source, self.mapping("review")
        source.acknowledged = read_review(data, self.problem)
        tables = [table.key for table in source.taxonomy.tables.values() if not table.owner]
        known = [*(f"prose.{id}" for id in source.format.prose), *tables]
        source.carried = read_carried(data, known, self.problem)

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
                store = self.source.prior if part == "prior" else self.source.official
                store[cell] = self.source.rounded(cell, entry, part == "prior")

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


def _similar(key: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key[:60], known, 1)
    if close:
        return _("did you mean “{key}”?").format(key=close[0])
    return _("known here: {keys}").format(keys=", ".join(known[:20])) if known else ""
