"""Taxonomies: what is counted in a kind of report, read from data.

A taxonomy is a TOML file of tables (axis, columns, lines, formulas) and one of rules. It is
the same in every province; how a province prints it is a format's matter.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from .formula import (
    SELECTORS,
    Check,
    Formula,
    FormulaError,
    Ref,
    Scope,
    compile_check,
    compile_condition,
    compile_formula,
    compile_rows,
    formula_type,
)
from .formula_types import Signature, Type, fits, name_of, quote
from .i18n import _
from .text.width import printable

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "taxonomies")

AXES = ("functional", "economic", "lines", "records")
KINDS = ("amount", "count", "score", "percent", "text", "choice", "flag")
NUMBERS = ("amount", "count", "score")
SEVERITIES = ("error", "warning", "note")

ADDITIVE = ("amount", "count")
"""The kinds of figures that add up over the units of a department, unless the taxonomy says otherwise:
points and ratios of units say nothing of the department's."""

LEVELS = {"functional": {"class": 3, "section": 5, "item": 7}, "economic": {"class": 3, "section": 5}}
"""How long the codes of each level are: 类, 款, 项; the last is what a table holds unless it says otherwise."""

_NAMING = Signature("value", ("text",), "text")
RULE_FUNCTIONS = {"name": _NAMING, "listed_name": _NAMING, "class_of": _NAMING}


class TaxonomyError(ValueError):
    """A taxonomy or a format is not well formed: file, place and what is wrong; `path` is the key, or
    `line` the line where no key can be had."""

    def __init__(self, file: str, place: str, message: str, path: tuple[Any, ...] = (), line: int = 0) -> None:
        place, message = printable(place), printable(message)
        super().__init__(": ".join(part for part in (printable(file), place, message) if part))
        self.file, self.place, self.message, self.path, self.line = file, place, message, path, line


class Column(NamedTuple):
    """A column of a fact table. Entered, or derived by `formula` (then `rule` is the formula's code).

    `kind`: 'amount' (元), 'count', 'score' (points), 'percent' (a ratio, 1 is 100 %), 'text',
    'choice' (one of `choices`) or 'flag'. `optional`: may stay empty, always or (`spared`) where
    this holds. `awaits`: the entered column that a derived one takes its figure from where it
    can't be derived. `down`: on an account axis, parents are the sum of their children (else the
    formula holds on every row). `yearly`: a text that tells of one year and is not taken over into
    the next. `adds`: a department's figure is the sum of its units' (amounts and counts are, unless
    it says otherwise).
    """

    id: str
    label: str
    kind: str = "amount"
    formula: Formula | None = None
    rule: str = ""
    optional: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    example: str = ""
    long: bool = False
    down: bool = True
    yearly: bool = False
    spared: Formula | None = None
    awaits: str = ""
    adds: bool = False


class Line(NamedTuple):
    """A fixed row. `formula` derives it in every column, `cells` in single ones. `adds`: a department's
    figures of the line are the sums of its units'."""

    id: str
    label: str
    formula: Formula | None = None
    cells: Mapping[str, Formula] = MappingProxyType({})
    rule: str = ""
    optional: bool = False
    adds: bool = True


class Table:
    """A fact table: columns over an axis. See the taxonomy's own comments for the axes.

    `owner`: the records table that each copy of this one belongs to, under its `key`.
    `rows_from`: tables whose rows are rows here, too. `children_rule`, `total_rule`: the codes
    of the sums down an account axis. `required`: a report needs at least one row, as far as
    `needed` holds. `asked`: where there is nothing, that is to be stated as far as this holds (or
    always). `level`: what is entered on an account axis ('class', 'section', 'item'),
    `digits` how long its codes are; `classes` the classes that an economic table offers.
    `examples`: codes of accounts that are typical of the table, for the reference. `appended`: a
    department has the records of all its units (else records of its own).
    """

    __slots__ = ("id", "title", "axis", "primary", "columns", "lines", "owner", "key", "rows_from",
                 "accounts", "children_rule", "total_rule", "required", "needed", "asked", "label", "note", "examples",
                 "level", "digits", "classes", "appended")

    def __init__(self, id: str, data: dict[str, Any]) -> None:
        self.id = id
        self.title: str = data["title"]
        self.axis: str = data["axis"]
        self.accounts = self.axis in ("functional", "economic")
        self.primary: str = data["primary"]
        self.owner: str = data.get("owner", "")
        self.key: str = data.get("key", id)
        self.rows_from: tuple[str, ...] = tuple(data.get("rows_from", ()))
        sums = data.get("sums", {})
        self.children_rule: str = sums.get("children", "")
        self.total_rule: str = sums.get("total", "")
        self.required: bool = bool(data.get("required", False))
        self.needed: Formula | None = None
        self.asked: Formula | None = None
        levels = LEVELS.get(self.axis, {"": 0})
        self.level: str = data.get("level", list(levels)[-1])
        self.digits: int = levels.get(self.level, 0)
        self.classes: tuple[str, ...] = tuple(data.get("classes", ()))
        self.label: str = data.get("label", "")
        self.note: str = data.get("note", "")
        self.examples: tuple[str, ...] = tuple(data.get("examples", ()))
        self.appended: bool = data.get("appended", True)
        self.columns: dict[str, Column] = {}
        self.lines: dict[str, Line] = {}

    @property
    def entered(self) -> list[Column]:
        """The columns that the accountant fills."""
        return [column for column in self.columns.values() if column.formula is None]

    @property
    def is_entered(self) -> bool:
        """Is there anything to enter in the table?"""
        return bool(self.entered) and (not self.lines or any(
            self.formula(line, column.id) is None for line in self.lines for column in self.entered))

    def adds(self, row: str, column: str) -> bool:
        """Is a department's figure in this cell the sum of its units'?"""
        line = self.line(row)
        return self.columns[column].adds and (line is None or line.adds)

    def line(self, row: str) -> Line | None:
        """The fixed line that a row is ('1/total' is the line total of record 1)."""
        return self.lines.get(row.rpartition("/")[2])

    def formula(self, row: str, column: str) -> Formula | None:
        """What derives the cell; None where it is entered, or the sum of its children."""
        if self.lines:
            line = self.lines[row.rpartition("/")[2]]
            return line.cells.get(column) or self.columns[column].formula or line.formula
        return self.columns[column].formula

    def rule(self, row: str, column: str) -> str:
        """The code under which a figure is reported that contradicts its formula."""
        own = self.columns[column]
        if self.lines:
            line = self.lines[row.rpartition("/")[2]]
            return line.rule if line.cells or line.formula or not own.rule else own.rule
        return own.rule


def level_name(table: Table) -> str:
    """What the rows that are entered in an account table are called: 类, 款 or 项."""
    return {"class": "类", "section": "款", "item": "项"}[table.level]


class Transfer(NamedTuple):
    """Money that goes between the units of one department: what one receives, another spends.

    In the department's report it is neither income nor expenditure. `income` and `expenditure` are the
    tables (on one axis) and columns of the two sides.
    """

    id: str
    label: str
    income: tuple[str, str]
    expenditure: tuple[str, str]
    source: str


class Rule(NamedTuple):
    """A relation that must hold (审核公式). `checks` are judged by interval, or to the digit if `exact`."""

    code: str
    checks: tuple[Check, ...]
    severity: str
    each: Ref | None
    when: Formula | None
    at: Ref | None
    exact: bool
    message: str
    english: str
    hint: str
    english_hint: str
    source: str


class Taxonomy:
    """A kind of report: its tables, its printed classes and its rules.

    `sources`: on what authority findings are reported that no rule of the data states: 'formulas',
    'entries' and 'prior'.
    """

    def __init__(self, id: str, title: str) -> None:
        self.id = id
        self.title = title
        self.tables: dict[str, Table] = {}
        self.classes: tuple[str, ...] = ()
        self.economic: tuple[str, ...] = ()
        self.sources = {"formulas": "", "entries": "", "prior": ""}
        self.groups: dict[str, str] = {}
        self.glossary: dict[str, dict[str, Any]] = {}
        self.transfers: tuple[Transfer, ...] = ()
        self._rules: list[dict[str, Any]] = []
        self._compiled: list[Rule] | None = None

    @property
    def rules(self) -> list[Rule]:
        """The rules, compiled when first asked for (an export needs none)."""
        if self._compiled is None:
            self._compiled = [compile_rule(self, data) for data in self._rules]
        return self._compiled

    def owned(self, table: str) -> list[Table]:
        """The tables that belong to each record of `table`."""
        return [other for other in self.tables.values() if other.owner == table]


@cache
def list_taxonomies(folder: str = FOLDER) -> tuple[str, ...]:
    """The ids of all taxonomies, in order."""
    return tuple(sorted(name[:-5] for name in os.listdir(folder) if re.fullmatch(r"[a-z-]+\.toml", name)))


@cache
def load_taxonomy(id: str, folder: str = FOLDER) -> Taxonomy:
    """The taxonomy `id`. Raises TaxonomyError for the first thing that is not well formed."""
    file = os.path.join(folder, id + ".toml")
    data = read_data(file)
    try:
        taxonomy = Taxonomy(data["id"], data["title"])
        taxonomy.classes = tuple(data["classes"])
        taxonomy.economic = tuple(data["economic"])
        taxonomy.sources.update(data.get("sources", {}))
        tables = data["tables"]
    except KeyError as error:
        raise TaxonomyError(file, "", _("“{key}” is missing").format(key=error.args[0])) from None
    for name, table in tables.items():
        taxonomy.tables[name] = _table(file, name, table)
    for known in taxonomy.tables.values():
        known.classes = known.classes or (taxonomy.economic if known.axis == "economic" else ())
        for other in (*known.rows_from, *([known.owner] if known.owner else [])):
            if other not in taxonomy.tables:
                raise TaxonomyError(file, known.id, _("there is no table “{table}”").format(table=other))
    for name, table in data["tables"].items():
        _formulas(file, taxonomy, taxonomy.tables[name], table)
    _refuse_cycles(file, taxonomy)
    taxonomy.transfers = tuple(_transfer(file, taxonomy, transfer) for transfer in data.get("transfers", ()))
    rules = os.path.join(folder, id + ".rules.toml")
    if os.path.exists(rules):
        taxonomy.groups = read_data(rules).get("groups", {})
        taxonomy._rules = _rules_data(rules)
    glossary = os.path.join(folder, id + ".glossary.toml")
    if os.path.exists(glossary):
        taxonomy.glossary = {term["term"]: term for term in read_data(glossary)["glossary"]}
    return taxonomy


def read_data(file: str) -> dict[str, Any]:
    """A TOML file of ours. Raises TaxonomyError where it can't be read."""
    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(file, "", str(error)) from None
    except RecursionError:
        raise TaxonomyError(file, "", _("the brackets are nested too deep")) from None
    except ValueError:  # an integer of more digits than Python reads
        raise TaxonomyError(file, "", _("a figure has thousands of digits")) from None


def _table(file: str, name: str, data: dict[str, Any]) -> Table:
    try:
        table = Table(name, data)
        for id, column in data["columns"].items():
            table.columns[id] = Column(
                id, column["label"], column.get("kind", "amount"), None, column.get("rule", ""),
                column.get("optional") is True or "default" in column, column.get("default"),
                tuple(column.get("choices", ())), column.get("example", ""), column.get("long", False),
                column.get("down", True) and column.get("kind", "amount") in NUMBERS, column.get("yearly", False),
                awaits=column.get("awaits", ""),
                adds=column.get("adds", column.get("kind", "amount") in ADDITIVE))
            if table.columns[id].kind not in KINDS:
                raise TaxonomyError(file, f"{name}.{id}", f"kind {column['kind']!r}")
        for id in data.get("lines", {}):
            if id in SELECTORS:
                raise TaxonomyError(file, f"{name}.{id}", _(
                    "“{key}” has a meaning of its own in formulas: another key is needed").format(key=id))
        for id, line in data.get("lines", {}).items():
            table.lines[id] = Line(id, line["label"], rule=line.get("rule", ""), optional=line.get("optional", False),
                                  adds=line.get("adds", True))
    except KeyError as error:
        raise TaxonomyError(file, name, _("“{key}” is missing").format(key=error.args[0])) from None
    if (table.axis not in AXES or table.primary not in table.columns or bool(table.lines) != (table.axis == "lines")
            or (table.label and table.label not in table.columns) or (table.accounts and not table.digits)):
        raise TaxonomyError(file, name, _("axis, lines and primary column do not agree"))
    return table


def _transfer(file: str, taxonomy: Taxonomy, data: dict[str, Any]) -> Transfer:
    place = f"transfers.{data.get('id', '?')}"
    try:
        sides = [tuple(data[side].split(".")) for side in ("income", "expenditure")]
        transfer = Transfer(data["id"], data["label"], sides[0], sides[1], data["source"])
    except KeyError as error:
        raise TaxonomyError(file, place, _("“{key}” is missing").format(key=error.args[0])) from None
    for table, *column in sides:
        known = taxonomy.tables.get(table)
        if known is None or not known.accounts or len(column) != 1 or column[0] not in known.columns or \
                known.columns[column[0]].formula is not None:
            raise TaxonomyError(file, place, _("a transfer is between two entered columns of account tables"))
    return transfer


def _formulas(file: str, taxonomy: Taxonomy, table: Table, data: dict[str, Any]) -> None:
    columns = Scope(taxonomy.tables, table, "column")
    lines = Scope(taxonomy.tables, table, "line")
    place = table.id
    try:
        if isinstance(data.get("required"), str):
            table.needed = compile_condition(data["required"], Scope(taxonomy.tables))
        if "asked" in data:
            table.asked = compile_condition(data["asked"], Scope(taxonomy.tables))
        for id, column in data["columns"].items():
            place = f"{table.id}.{id}"
            if "formula" in column:
                formula = _fitting(compile_formula(column["formula"], columns), table, id)
                down = table.columns[id].down and formula.reference is None
                table.columns[id] = table.columns[id]._replace(formula=formula, down=down)
            if isinstance(column.get("optional"), str):
                table.columns[id] = table.columns[id]._replace(spared=compile_condition(column["optional"], columns))
            if column.get("awaits", id) not in table.columns:
                raise FormulaError(_("table “{table}” has no column “{column}”").format(
                    table=table.id, column=column["awaits"]))
        for id, line in data.get("lines", {}).items():
            place = f"{table.id}.{id}"
            whole = compile_formula(line["formula"], lines) if "formula" in line else None
            cells = {column: compile_formula(text, columns) for column, text in line.get("cells", {}).items()}
            for column in cells:
                if column not in table.columns:
                    raise FormulaError(_("table “{table}” has no column “{column}”").format(
                        table=table.id, column=column))
                _fitting(cells[column], table, column)
            for own in table.columns.values():
                if whole is not None and own.formula is None and own.id not in cells:
                    _fitting(whole, table, own.id)
            table.lines[id] = table.lines[id]._replace(formula=whole, cells=cells)
    except FormulaError as error:
        raise TaxonomyError(file, place, str(error)) from None


def _fitting(formula: Formula, table: Table, column: str) -> Formula:
    """The formula, which gives what its column holds. Raises FormulaError."""
    kind = table.columns[column].kind
    found = formula_type(formula, column)
    if not fits(found, kind):
        raise FormulaError(_("“{text}” is {found}, and the column “{column}” holds {kind}").format(
            text=quote(formula.text), found=name_of(found), column=column, kind=name_of(Type(kind))))
    return formula


def _refuse_cycles(file: str, taxonomy: Taxonomy) -> None:
    """No cell may need itself. Rows of records and accounts count as one row."""
    reads: dict[tuple[str, str, str], set[tuple[str, str, str]]] = {}
    for table in taxonomy.tables.values():
        for row in table.lines or ("*",):
            for column in table.columns:
                formula = table.formula(row, column)
                if formula is not None:
                    reads[table.id, row, column] = set(_static(taxonomy, formula, column))
    done: set[tuple[str, str, str]] = set()
    for start in reads:
        _walk(file, reads, start, [], done)


def _walk(file: str, reads: dict[Any, set[Any]], node: Any, path: list[Any], done: set[Any]) -> None:
    if node in path:
        raise TaxonomyError(file, node[0], _("circular formulas: {cells}").format(
            cells=" → ".join(".".join(cell) for cell in path[path.index(node):] + [node])))
    if node in done or node not in reads:
        return
    for read in reads[node]:
        _walk(file, reads, read, path + [node], done)
    done.add(node)


def _static(taxonomy: Taxonomy, formula: Formula, column: str) -> Iterator[tuple[str, str, str]]:
    for ref in formula.refs:
        table = taxonomy.tables[ref.table]
        name = column if ref.column == "*" else ref.column
        for line in table.lines or ("*",):
            if ref.range or not table.lines or ref.row.removeprefix("../") in (line, "row"):
                yield ref.table, line, name


@cache
def further_rules(taxonomy: Taxonomy, file: str) -> tuple[Rule, ...]:
    """The rules of a format's own file over its taxonomy; none where there is no such file."""
    if not os.path.exists(file):
        return ()
    return tuple(compile_rule(taxonomy, data) for data in _rules_data(file))


def _rules_data(file: str) -> list[dict[str, Any]]:
    data = read_data(file)
    return [{**data.get("defaults", {}), **rule, "file": file} for rule in data["rules"]]


def _named(text: str, scope: Scope) -> Ref:
    """The one cell or range that a formula names. Raises FormulaError."""
    refs = compile_formula(text, scope).refs
    if len(refs) != 1:
        raise FormulaError(_("“{text}” is no single figure").format(text=quote(text)))
    return refs[0]


def compile_rule(taxonomy: Taxonomy, data: dict[str, Any]) -> Rule:
    """A rule from its data. Raises TaxonomyError for the first thing that is wrong with it."""
    try:
        whole = Scope(taxonomy.tables, functions=RULE_FUNCTIONS)
        each = compile_rows(data["each"], whole) if "each" in data else None
        scope = Scope(taxonomy.tables, taxonomy.tables[each.table] if each else None, functions=RULE_FUNCTIONS)
        checks = [data["check"]] if isinstance(data["check"], str) else data["check"]
        severity = data.get("severity", "error")
        if severity not in SEVERITIES:
            raise FormulaError(_("“{key}” is one of: {known}; not “{word}”").format(
                key="severity", known=", ".join(SEVERITIES), word=quote(str(severity))))
        compiled = tuple(compile_check(text, scope) for text in checks)
        at = _named(data["at"], scope) if "at" in data else None
        if at is None and not all(check.left.refs or (check.right and check.right.refs) for check in compiled):
            raise FormulaError(_("a check that reads no cell needs “at”, the cell to look at"))
        return Rule(
            data["code"], compiled, severity, each,
            compile_condition(data["when"], scope) if "when" in data else None, at,
            data.get("exact", False), data["message"], data["en"], data["hint"], data["hint_en"],
            data["source"])
    except FormulaError as error:
        raise TaxonomyError(data["file"], data.get("code", "?"), str(error)) from None
    except KeyError as error:
        message = _("“{key}” is missing").format(key=error.args[0])
        raise TaxonomyError(data["file"], data.get("code", "?"), message) from None
