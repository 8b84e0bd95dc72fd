"""Formats: how a province prints a kind of report, read from a folder of TOML.

    format.toml    what it is, number style, wording, cover
    sections.toml  the outline: headings and, under them, blocks (text, prose, forms)
    forms.toml     the printed tables
    glossary.toml  the terms that the report explains
    rules.toml     rules of the province's own, if any, in the form of the taxonomy's

Sentences hold slots, `{expression}`, in the formula language with the functions of
`narrative.TEXT_FUNCTIONS`. Nothing here knows a province by name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from .amounts import UNITS
from .formula import Formula, FormulaError, Ref, Scope, compile_formula
from .i18n import _
from .taxonomy import Table, Taxonomy, TaxonomyError, list_taxonomies, load_taxonomy, read_data
from .text.width import printable

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")

VARIABLE = "JUESUAN_FORMATS"
"""The environment variable that names the folder of an organisation's own formats."""

VARIABLES = frozenset(("year", "department", "n", "code"))

TEXT_FUNCTIONS = {
    "name": "value", "cn": "value", "suffixed": "value", "closed": "value", "amount": "value", "prose": "value",
    "joined": "ref", "change": "ref", "because": "ref", "remark": "ref", "percentage": "ref", "names": "ref",
    "class_of": "value", "section_of": "value", "circled": "value", "itemized": "ref",
}

_SLOT = re.compile(r"\{([^{}]*)\}")


class NoSuchFormat(ValueError):
    """There is no format of this name (the message lists those that there are), or there are two."""


class Slot(NamedTuple):
    """A figure or a phrase in a sentence. `ref` is the cell it shows when it shows just one."""

    formula: Formula
    ref: Ref | None


class Template(NamedTuple):
    """A sentence pattern: literal text and slots, in order."""

    parts: tuple[Any, ...]

    def refs(self) -> Iterator[Ref]:
        for part in self.parts:
            if isinstance(part, Slot):
                yield from part.formula.refs


class Each(NamedTuple):
    """What a block or a row is repeated over: a range, or the rows of the group around it.

    `group`: a column; consecutive rows with equal values make one turn. `nonzero`: leave out
    account rows without any figure. `catalogue`: every account of the classes between the
    codes `first` and `last`, used or not. `table`: whose rows these are.
    """

    ref: Ref | None
    group: str = ""
    nonzero: bool = False
    catalogue: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    when: Formula | None = None
    table: str = ""


class ChartRow(NamedTuple):
    """A bar of a chart, or one for each row of a range: its label (or the account's name), its cell."""

    label: Template | None
    cell: Ref
    each: Each | None = None


class ChartSpec(NamedTuple):
    """A chart: its kind (document.Chart), its title, its bars, and what shares are of (None: all bars together)."""

    kind: str
    title: Template
    rows: tuple[ChartRow, ...]
    whole: Ref | None = None


CHARTS = ("totals", "shares", "bars")


class Block(NamedTuple):
    """A piece of a section: kind 'text', 'prose', 'form', 'heading', 'each', 'page', 'chart' or 'glossary'."""

    id: str
    kind: str
    template: Template | None = None
    name: str = ""
    when: Formula | None = None
    each: Each | None = None
    blocks: tuple[Block, ...] = ()
    level: int = 0
    indent: bool = True
    chart: ChartSpec | None = None


class Section(NamedTuple):
    """A heading of the outline and what stands under it, up to the next heading. One that
    is not `numbered` is not counted."""

    id: str
    level: int
    title: Template
    blocks: tuple[Block, ...]
    listed: bool
    page: bool
    when: Formula | None = None
    numbered: bool = True


class GridCell(NamedTuple):
    """A cell of an irregular form. `merge`: one cell for consecutive rows with the same text."""

    template: Template
    columns: int = 1
    align: str = "left"
    merge: bool = False


class RowSpec(NamedTuple):
    """A row of a form, or a row for each of a range. `cells` maps column ids to formulas;
    `grid` holds the cells of an irregular form; `side` spans the rows of `group`. `numbered`:
    the figure columns are numbered here (栏次). `code`: what a fixed row has in the code column.
    `heading`: words over the rows below, without a line number."""

    id: str
    label: Template | None
    cells: dict[str, Formula]
    each: Each | None = None
    strong: bool = False
    grid: tuple[GridCell, ...] = ()
    side: Template | None = None
    group: tuple[RowSpec, ...] = ()
    numbered: bool = False
    code: str = ""
    heading: bool = False


class FormColumn(NamedTuple):
    """A printed column: its id, its header from the top level down, its kind (document.Column).

    `start`: the first of the numbers of a 'line' column (行次) that counts blank lines, too."""

    id: str
    header: tuple[str, ...]
    kind: str
    key: bool
    start: int = 0


class Panel(NamedTuple):
    """One of the lists that stand side by side in a form; `foot` rows are level with the others'."""

    columns: tuple[FormColumn, ...]
    rows: tuple[RowSpec, ...]
    foot: tuple[RowSpec, ...]


class Form(NamedTuple):
    """A printed table (公开表). `empty_note` is printed when `empty` holds (no data), and then
    with `blank` no figures are. `style`: whose number style an irregular form has. `unit`: that of its
    amounts, where it is not the format's."""

    id: str
    code: str
    title: Template
    left: Template
    right: Template
    panels: tuple[Panel, ...]
    notes: tuple[Template, ...]
    empty: Formula | None
    empty_note: Template | None
    each: str = ""
    blank: bool = False
    style: str = "table"
    unit: str = ""

    @property
    def place(self) -> str:
        """How its figures are printed (`Report.show`)."""
        return f"{self.style}:{self.unit}" if self.unit else self.style


class Prose(NamedTuple):
    """A text that the accountant writes: its name, what it must hold. It is asked for where `when` holds."""

    id: str
    label: str
    guidance: str
    optional: bool = False
    when: Formula | None = None


class Term(NamedTuple):
    """A term that the report explains, where `when` holds (or always)."""

    term: str
    text: str
    when: Formula | None


class Format(NamedTuple):
    """How one province prints one kind of report in a span of years."""

    id: str
    title: str
    taxonomy: Taxonomy
    since: int
    until: int
    numbers: dict[str, Any]
    wording: dict[str, str]
    cover: tuple[Template, ...]
    contents: str
    sections: tuple[Section, ...]
    forms: dict[str, Form]
    prose: dict[str, Prose]
    glossary: tuple[Term, ...]
    note: str
    rules_file: str = ""


_own = ""


def use_formats(folder: str) -> None:
    """Look for formats in this folder of an organisation's own, too; '' for ours alone."""
    global _own
    _own = folder


def own_formats() -> str:
    """The folder of an organisation's own formats, '' for none."""
    return _own


def list_formats(folder: str = "") -> list[str]:
    """The ids of the formats in a folder; without one, of ours and the organisation's own, in order."""
    if not folder:
        return sorted({*list_formats(FOLDER), *(list_formats(_own) if _own else ())})
    found = []
    for province in _inside(folder):
        inside = os.path.join(folder, province)
        found += [f"{province}/{kind}" for kind in _inside(inside)
                  if os.path.exists(os.path.join(inside, kind, "format.toml"))]
    return found


def _inside(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def sound_formats() -> tuple[list[Format], list[TaxonomyError | NoSuchFormat]]:
    """The formats that there are, in order, and why others can't be used."""
    sound: list[Format] = []
    faulty: list[TaxonomyError | NoSuchFormat] = []
    for id in list_formats():
        try:
            sound.append(load_format(id))
        except (TaxonomyError, NoSuchFormat) as error:
            faulty.append(error)
    return sound, faulty


def load_format(id: str, folder: str = "") -> Format:
    """The format `id`, from `folder` or (without one) from ours or the organisation's own.

    Raises NoSuchFormat if there is none or if there are two, TaxonomyError if it is not well formed.
    """
    named = re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", id)
    folders = [folder] if folder else [FOLDER, _own] if _own else [FOLDER]
    homes = [home for home in folders if named and os.path.exists(os.path.join(home, id, "format.toml"))]
    if not homes:
        raise NoSuchFormat(_("there is no format “{id}”; there are: {formats}").format(
            id=id if id.isprintable() and len(id) < 60 else "…", formats=", ".join(list_formats(folder))))
    if len(homes) > 1:
        raise NoSuchFormat(_("there are two formats “{id}”, one in {folder} and one that comes with the program: give "
                             "yours another id and folder").format(id=id, folder=_own))
    return _load(id, homes[0], homes[0] == _own)


@cache
def _load(id: str, home: str, strict: bool) -> Format:
    """A format. `strict`: all that `juesuan formats check` looks for is refused; ours are tested for it."""
    folder = os.path.join(home, id)
    if strict:
        from .format_check import check_format

        for fault in check_format(folder):
            raise fault
    loader = Loader(folder)
    format = loader.format()
    if loader.faults or format is None:
        raise loader.faults[0]
    return format


class Loader:
    """Reads one format's folder, and goes on after a fault: what stands beside it is still read.

    `faults` are in the order of the files; `read` is how a file of data is read.
    """

    def __init__(self, folder: str, read: Callable[[str], dict[str, Any]] = read_data) -> None:
        self.folder = folder
        self.read = read
        self.faults: list[TaxonomyError] = []
        self.path: tuple[Any, ...] = ()
        self.place = ""
        self.file = os.path.join(folder, "format.toml")
        self.data = read(self.file)
        known = list_taxonomies()
        if self.data.get("taxonomy") not in known:
            raise TaxonomyError(self.file, "taxonomy", _("taxonomy is one of: {known}").format(
                known=", ".join(known)), ("taxonomy",))
        self.taxonomy = load_taxonomy(self.data["taxonomy"])
        self.prose: dict[str, Prose] = {}
        self.forms: dict[str, Form] = {}
        self.outline: list[Section] = []

    @contextmanager
    def part(self, *path: Any) -> Iterator[None]:
        """What is read inside stands at this key, deeper in the file: there its fault is noted."""
        outer, self.path = self.path, (*self.path, *path)
        try:
            yield
        except FormulaError as error:
            self.wrong(str(error))
        except TaxonomyError as error:
            self.faults.append(error)
        except KeyError as error:
            self.wrong(_("“{key}” is missing").format(key=error.args[0]))
        except (TypeError, AttributeError, ValueError, IndexError):
            self.wrong(_("this is not written as a format is (docs/add-a-province.md)"))
        finally:
            self.path = outer

    def wrong(self, message: str) -> None:
        self.faults.append(TaxonomyError(self.file, self.place, message, self.path))

    def format(self) -> Format | None:
        """The format; None where what it is called or how it counts is missing."""
        data = self.data
        cover: list[Template] = []
        with self.part("cover"):
            cover += [self.template(line, None, number) for number, line in enumerate(data["cover"])]
        forms = self.listed("forms")
        for number, form in forms:
            with self.part("forms", number):
                self.forms[form["id"]] = self.form(form)
        sections = self.listed("sections")
        self.outline += self.sections(sections, {form.get("id", "") for _number, form in forms})
        glossary = []
        for number, term in self.listed("glossary"):
            with self.part("glossary", number):
                glossary.append(self.term(term))
        self.file, self.place = os.path.join(self.folder, "format.toml"), ""
        for key in ("id", "title", "years", "contents", "numbers", "wording"):
            with self.part():
                data[key]
        format = None
        with self.part():
            format = Format(data.get("id", ""), data.get("title", ""), self.taxonomy, data["years"][0],
                            data["years"][1], data.get("numbers", {}), data.get("wording", {}), tuple(cover),
                            data.get("contents", ""),
                            tuple(self.outline), self.forms, self.prose, tuple(glossary),
                            printable(" ".join(data.get("note", "").split())),
                            os.path.join(self.folder, "rules.toml"))
        return format

    def listed(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """The [[name]] of the file of this name, numbered; none where it can't be read."""
        self.file, self.place = os.path.join(self.folder, name + ".toml"), ""
        found: list[tuple[int, dict[str, Any]]] = []
        with self.part():
            found += enumerate(self.read(self.file)[name])
        return found

    def term(self, data: dict[str, Any]) -> Term:
        """A term, with the taxonomy's own text and condition where the format gives no text."""
        known = {} if "text" in data else self.taxonomy.glossary.get(data["term"])
        if known is None:
            raise KeyError("text")
        when = data.get("when", known.get("when"))
        return Term(data["term"], data.get("text") or known["text"], self.formula(when, None, "when"))

    def scope(self, table: Table | None) -> Scope:
        return Scope(self.taxonomy.tables, table, "column", VARIABLES, TEXT_FUNCTIONS)

    def formula(self, text: str | None, table: Table | None, *path: Any) -> Formula | None:
        """A formula at a key; None where there is none, or a faulty one, which is noted."""
        formula = None
        with self.part(*path):
            formula = None if text is None else compile_formula(text, self.scope(table))
        return formula

    def template(self, text: str, table: Table | None, *path: Any) -> Template:
        """A sentence at a key, without the slots that are faulty, which are noted."""
        parts: list[Any] = []
        with self.part(*path):
            for number, part in enumerate(_SLOT.split(text)):
                if number % 2:
                    formula = self.formula(part, table)
                    parts += [Slot(formula, formula.reference)] if formula else []
                elif part:
                    parts.append(part)
        return Template(tuple(parts))

    def each(self, data: dict[str, Any], table: Table | None) -> tuple[Each, Table | None]:
        group = data.get("group", "") if isinstance(data.get("group", ""), str) else ""
        if data["each"] == "group":
            return Each(None, group, table=table.id if table else ""), table
        formula = compile_formula(data["each"], self.scope(table))
        ref = formula.refs[0]
        inner = self.taxonomy.tables[ref.table]
        if group and group not in inner.columns:
            raise FormulaError(_("table “{table}” has no column “{column}”").format(table=ref.table, column=group))
        return Each(ref, group, data.get("nonzero", False), tuple(data.get("catalogue", ())), data.get("first", ""),
                    data.get("last", ""), self.formula(data.get("filter"), inner, "filter"), ref.table), inner

    def sections(self, data: list[tuple[int, dict[str, Any]]], forms: Collection[str]) -> Iterator[Section]:
        for position, section in data:
            with self.part("sections", position):
                self.place = id = section.get("id", f"section-{position + 1}")
                when = self.formula(section.get("when"), None, "when")
                level, title = section["level"], self.template(section["title"], None, "title")
                blocks = tuple(self.blocks(section.get("blocks", ()), id, None, forms))
                yield Section(id, level, title, blocks, section.get("listed", level <= 2),
                              section.get("page", level == 1), when, section.get("numbered", True))

    def blocks(self, data: Any, id: str, table: Table | None, forms: Collection[str]) -> Iterator[Block]:
        for number, block in enumerate(data, 1):
            with self.part("blocks", number - 1):
                self.place = f"{id}.{number}"
                yield self.block(block, self.place, table, forms)

    def block(self, block: dict[str, Any], here: str, table: Table | None, forms: Collection[str]) -> Block:
        when = self.formula(block.get("when"), table, "when")
        if "each" in block:
            each, inner = self.each(block, table)
            inside = tuple(self.blocks(block["blocks"], here, inner, forms))
            return Block(here, "each", when=when, each=each, blocks=inside)
        if "heading" in block:
            return Block(here, "heading", self.template(block["heading"], table), when=when, level=block["level"])
        if "text" in block:
            text = self.template(block["text"], table)
            return Block(here, "text", text, when=when, indent=block.get("indent", True))
        if "prose" in block:
            prose = Prose(block["prose"], block["label"], block["guidance"], block.get("optional", False), when)
            self.prose[prose.id] = prose
            return Block(here, "inline" if block.get("inline") else "prose", name=prose.id, when=when)
        if "paragraphs" in block:
            return Block(here, "paragraphs", self.template("{" + block["paragraphs"] + "}", table), when=when)
        if "form" in block:
            if block["form"] not in forms:
                raise FormulaError(_("there is no form “{id}”").format(id=block["form"]))
            return Block(here, "form", name=block["form"], when=when)
        if "chart" in block:
            return Block(here, "chart", when=when, chart=self.chart(block, table))
        for kind in ("page", "glossary"):
            if kind in block:
                return Block(here, kind, when=when)
        raise FormulaError(_("a block without text, prose, form, heading or each"))

    def chart(self, data: dict[str, Any], table: Table | None) -> ChartSpec:
        if data["chart"] not in CHARTS:
            raise FormulaError(_("there is no chart “{kind}”; there are: {kinds}").format(
                kind=data["chart"], kinds=", ".join(CHARTS)))
        title, rows = self.template(data["title"], table, "title"), []
        for number, row in enumerate(data["rows"]):
            with self.part("rows", number):
                each, inner = self.each(row, table) if "each" in row else (None, table)
                label = self.template(row["label"], inner, "label") if "label" in row else None
                rows.append(ChartRow(label, self.single(row["cell"], inner), each))
        whole = self.single(data["whole"], table) if "whole" in data else None
        return ChartSpec(data["chart"], title, tuple(rows), whole)

    def single(self, text: str, table: Table | None) -> Ref:
        """The one figure that a formula names. FormulaError where it is more than that."""
        ref = compile_formula(text, self.scope(table)).reference
        if ref is None:
            raise FormulaError(_("“{text}” is no single figure").format(text=text))
        return ref

    def form(self, data: dict[str, Any]) -> Form:
        self.place = data["id"]
        table = self.table(data["of"]) if "of" in data else None
        panels = []
        for number, panel in enumerate(data.get("panels", [data])):
            with self.part(*(("panels", number) if "panels" in data else ())):
                panels.append(self.panel(panel, table))
        return Form(data["id"], data.get("code", ""), self.template(data["title"], table, "title"),
                    self.template(data.get("left", ""), table, "left"),
                    self.template(data.get("right", ""), table, "right"), tuple(panels),
                    tuple(self.template(note, table, "notes", n) for n, note in enumerate(data.get("notes", ()))),
                    self.formula(data.get("empty"), table, "empty"),
                    self.template(data["empty_note"], table, "empty_note") if "empty_note" in data else None,
                    data.get("of", ""), data.get("blank", False), data.get("style", "table"),
                    self.unit(data.get("unit", self.data.get("numbers", {}).get("table_unit", ""))))

    @staticmethod
    def unit(unit: str) -> str:
        """The unit of a form's amounts, '' for the format's."""
        if unit and unit not in UNITS:
            raise FormulaError(_("unit is 元 or 万元"))
        return unit

    def table(self, id: str) -> Table:
        if id not in self.taxonomy.tables:
            raise FormulaError(_("there is no table “{table}”").format(table=id))
        return self.taxonomy.tables[id]

    def panel(self, data: dict[str, Any], table: Table | None) -> Panel:
        columns = []
        for number, column in enumerate(data["columns"]):
            with self.part("columns", number):
                kind = column.get("kind", "figure")
                header = tuple(column["header"].split(">")) if column.get("header") else ()
                columns.append(FormColumn(column["id"], header, kind, column.get("key", kind in ("code", "name")),
                                          column.get("start", 0)))
        return Panel(tuple(columns), self.rows(data, "rows", columns, table), self.rows(data, "foot", columns, table))

    def rows(self, data: dict[str, Any], key: str, columns: list[FormColumn],
             table: Table | None) -> tuple[RowSpec, ...]:
        rows = []
        for number, row in enumerate(data.get(key, ())):
            with self.part(key, number):
                rows.append(self.row(row, columns, table))
        return tuple(rows)

    def row(self, data: dict[str, Any], columns: list[FormColumn], table: Table | None) -> RowSpec:
        each = None
        if "each" in data:
            each, table = self.each(data, table)
        if "side" in data:
            return RowSpec(data.get("id", ""), None, {}, each, side=self.template(data["side"], table),
                           group=self.rows(data, "rows", columns, table))
        if "grid" in data:
            grid = tuple(self.grid_cell(cell, table) for cell in data["grid"])
            return RowSpec(data.get("id", ""), None, {}, each, grid=grid)
        figures = [column.id for column in columns if column.kind in ("figure", "text")]
        given = data.get("cells")
        if given is None and table is not None and each is not None:
            cells = {column: column for column in figures if column in table.columns}
        elif isinstance(given, list):
            cells = {column: text for column, text in zip(figures, given) if text}
            if len(given) > len(figures):
                raise FormulaError(_("{given} cells, but there are {columns} columns of figures").format(
                    given=len(given), columns=len(figures)))
        else:
            cells = given or {}
        formulas = {}
        for column, text in cells.items():
            if column not in figures:
                raise FormulaError(_("the form has no column “{column}” of figures").format(column=column))
            formula = self.formula(text, table)
            if formula is not None:
                formulas[column] = formula
        label = self.template(data["label"], table) if "label" in data else None
        return RowSpec(data.get("id", ""), label, formulas, each, data.get("strong", False),
                       numbered=data.get("numbered", False), code=data.get("code", ""),
                       heading=data.get("heading", False))

    def grid_cell(self, data: Any, table: Table | None) -> GridCell:
        if isinstance(data, str):
            return GridCell(self.template(data, table))
        return GridCell(self.template(data["text"], table), data.get("columns", 1), data.get("align", "left"),
                        data.get("merge", False))


def numbered(sections: Iterable[Section]) -> Iterator[tuple[Section, str]]:
    """Sections with their numbers, counted level by level."""
    counters = [0, 0, 0, 0, 0]
    for section in sections:
        if not section.numbered:
            yield section, ""
            continue
        counters[section.level] += 1
        counters[section.level + 1:] = [0] * (len(counters) - section.level - 1)
        yield section, heading_number(section.level, counters[section.level])


def heading_number(level: int, number: int) -> str:
    """The number before a heading: 第一部分 , 一、, （一）, 1. by level 1 to 4."""
    if level == 1:
        return f"第{chinese_number(number)}部分 "
    if level == 2:
        return f"{chinese_number(number)}、"
    if level == 3:
        return f"（{chinese_number(number)}）"
    return f"{number}. "


def circled_number(number: int) -> str:
    """①, ② … ⑳, then (21): the ordinals of short lists."""
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"（{number}）"


_DIGITS = "零一二三四五六七八九"
_UNITS = ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"))


def chinese_number(number: int) -> str:
    """一, 十, 十二, 二十六, 一百零五, 一千零一十 …: the ordinals of headings and lists."""
    text = _spelled(number)
    return text[1:] if 10 <= number < 20 else text


def _spelled(number: int) -> str:
    for unit, name in _UNITS:
        if number >= unit:
            head, rest = divmod(number, unit)
            gap = "零" if 0 < rest < unit // 10 else ""
            return _spelled(head) + name + gap + (_spelled(rest) if rest else "")
    return _DIGITS[number]
