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
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from .formula import Formula, FormulaError, Ref, Scope, compile_formula
from .i18n import _
from .taxonomy import Table, Taxonomy, TaxonomyError, load_taxonomy, read_data

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")

VARIABLES = frozenset(("year", "department", "n", "code"))

TEXT_FUNCTIONS = {
    "name": "value", "cn": "value", "suffixed": "value", "closed": "value", "amount": "value", "prose": "value",
    "joined": "ref", "change": "ref", "because": "ref", "remark": "ref", "percentage": "ref", "names": "ref",
    "class_of": "value", "circled": "value", "itemized": "ref",
}

_SLOT = re.compile(r"\{([^{}]*)\}")


class NoSuchFormat(ValueError):
    """There is no format of this name; the message lists those that there are."""


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


class Block(NamedTuple):
    """A piece of a section: kind 'text', 'prose', 'form', 'heading', 'each', 'page' or 'glossary'."""

    id: str
    kind: str
    template: Template | None = None
    name: str = ""
    when: Formula | None = None
    each: Each | None = None
    blocks: tuple[Block, ...] = ()
    level: int = 0
    indent: bool = True


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
    with `blank` no figures are. `style`: whose number style an irregular form has."""

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


def list_formats(folder: str = FOLDER) -> list[str]:
    """The ids of all formats, in order."""
    found = []
    for province in sorted(os.listdir(folder)):
        inside = os.path.join(folder, province)
        if os.path.isdir(inside):
            found += [f"{province}/{kind}" for kind in sorted(os.listdir(inside))
                      if os.path.exists(os.path.join(inside, kind, "format.toml"))]
    return found


@cache
def load_format(id: str, folder: str = FOLDER) -> Format:
    """The format `id`. Raises NoSuchFormat if there is none, TaxonomyError if it is not well formed."""
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", id) or not os.path.exists(os.path.join(folder, id, "format.toml")):
        raise NoSuchFormat(_("there is no format “{id}”; there are: {formats}").format(
            id=id if id.isprintable() and len(id) < 60 else "…", formats=", ".join(list_formats(folder))))
    return _Loader(os.path.join(folder, id)).format()


class _Loader:
    """Reads one format's folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.file = os.path.join(folder, "format.toml")
        self.data = read_data(self.file)
        if "taxonomy" not in self.data:
            raise TaxonomyError(self.file, "", _("“{key}” is missing").format(key="taxonomy"))
        self.taxonomy = load_taxonomy(self.data["taxonomy"])
        self.place = ""
        self.prose: dict[str, Prose] = {}

    def format(self) -> Format:
        data = self.data
        try:
            cover = tuple(self.template(line, None) for line in data["cover"])
            self.file = os.path.join(self.folder, "forms.toml")
            forms = {form["id"]: self.form(form) for form in read_data(self.file)["forms"]}
            self.file = os.path.join(self.folder, "sections.toml")
            sections = tuple(self.sections(read_data(self.file)["sections"], forms))
            self.file = os.path.join(self.folder, "glossary.toml")
            glossary = tuple(map(self.term, read_data(self.file)["glossary"]))
            self.file, self.place = os.path.join(self.folder, "format.toml"), ""
            return Format(data["id"], data["title"], self.taxonomy, data["years"][0], data["years"][1], data["numbers"],
                          data["wording"], cover, data["contents"], sections, forms, self.prose, glossary,
                          data.get("note", ""), os.path.join(self.folder, "rules.toml"))
        except FormulaError as error:
            raise TaxonomyError(self.file, self.place, str(error)) from None
        except KeyError as error:
            raise TaxonomyError(self.file, self.place, _("“{key}” is missing").format(key=error.args[0])) from None

    def term(self, data: dict[str, Any]) -> Term:
        """A term, with the taxonomy's own text and condition where the format gives no text."""
        if "text" not in data:
            if data["term"] not in self.taxonomy.glossary:
                raise KeyError("text")
            data = {**self.taxonomy.glossary[data["term"]], **data}
        return Term(data["term"], data["text"], self.formula(data.get("when"), None))

    def scope(self, table: Table | None) -> Scope:
        return Scope(self.taxonomy.tables, table, "column", VARIABLES, TEXT_FUNCTIONS)

    def formula(self, text: str | None, table: Table | None) -> Formula | None:
        return None if text is None else compile_formula(text, self.scope(table))

    def template(self, text: str, table: Table | None) -> Template:
        parts: list[Any] = []
        for number, part in enumerate(_SLOT.split(text)):
            if number % 2:
                formula = compile_formula(part, self.scope(table))
                parts.append(Slot(formula, formula.reference))
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
        return Each(ref, group, data.get("nonzero", False), tuple(data.get("catalogue", ())), data.get("first", ""),
                    data.get("last", ""), self.formula(data.get("filter"), inner), ref.table), inner

    def sections(self, data: list[dict[str, Any]], forms: dict[str, Form]) -> Iterator[Section]:
        for position, section in enumerate(data):
            level = section["level"]
            id = section.get("id", f"section-{position + 1}")
            self.place = id
            blocks = tuple(self.blocks(section.get("blocks", ()), id, None, forms))
            yield Section(id, level, self.template(section["title"], None),
                          blocks, section.get("listed", level <= 2), section.get("page", level == 1),
                          self.formula(section.get("when"), None), section.get("numbered", True))

    def blocks(self, data: Any, id: str, table: Table | None, forms: dict[str, Form]) -> Iterator[Block]:
        for number, block in enumerate(data, 1):
            here = self.place = f"{id}.{number}"
            when = self.formula(block.get("when"), table)
            if "each" in block:
                each, inner = self.each(block, table)
                inside = tuple(self.blocks(block["blocks"], here, inner, forms))
                yield Block(here, "each", when=when, each=each, blocks=inside)
            elif "heading" in block:
                yield Block(here, "heading", self.template(block["heading"], table), when=when, level=block["level"])
            elif "text" in block:
                text = self.template(block["text"], table)
                yield Block(here, "text", text, when=when, indent=block.get("indent", True))
            elif "prose" in block:
                prose = Prose(block["prose"], block["label"], block["guidance"], block.get("optional", False), when)
                self.prose[prose.id] = prose
                yield Block(here, "inline" if block.get("inline") else "prose", name=prose.id, when=when)
            elif "paragraphs" in block:
                yield Block(here, "paragraphs", self.template("{" + block["paragraphs"] + "}", table), when=when)
            elif "form" in block:
                if block["form"] not in forms:
                    raise FormulaError(_("there is no form “{id}”").format(id=block["form"]))
                yield Block(here, "form", name=block["form"], when=when)
            elif "page" in block:
                yield Block(here, "page", when=when)
            elif "glossary" in block:
                yield Block(here, "glossary", when=when)
            else:
                raise FormulaError(_("a block without text, prose, form, heading or each"))

    def form(self, data: dict[str, Any]) -> Form:
        self.place = data["id"]
        table = self.taxonomy.tables[data["of"]] if "of" in data else None
        panels = tuple(self.panel(panel, table) for panel in data.get("panels", [data]))
        return Form(data["id"], data.get("code", ""), self.template(data["title"], table),
                    self.template(data.get("left", ""), table), self.template(data.get("right", ""), table), panels,
                    tuple(self.template(note, table) for note in data.get("notes", ())),
                    self.formula(data.get("empty"), table),
                    self.template(data["empty_note"], table) if "empty_note" in data else None, data.get("of", ""),
                    data.get("blank", False), data.get("style", "table"))

    def panel(self, data: dict[str, Any], table: Table | None) -> Panel:
        columns = []
        for column in data["columns"]:
            kind = column.get("kind", "figure")
            header = tuple(column["header"].split(">")) if column.get("header") else ()
            columns.append(FormColumn(column["id"], header, kind, column.get("key", kind in ("code", "name")),
                                      column.get("start", 0)))
        rows = tuple(self.row(row, columns, table) for row in data.get("rows", ()))
        foot = tuple(self.row(row, columns, table) for row in data.get("foot", ()))
        return Panel(tuple(columns), rows, foot)

    def row(self, data: dict[str, Any], columns: list[FormColumn], table: Table | None) -> RowSpec:
        each = None
        if "each" in data:
            each, table = self.each(data, table)
        if "side" in data:
            return RowSpec(data.get("id", ""), None, {}, each, side=self.template(data["side"], table),
                           group=tuple(self.row(row, columns, table) for row in data["rows"]))
        if "grid" in data:
            grid = tuple(self.grid_cell(cell, table) for cell in data["grid"])
            return RowSpec(data.get("id", ""), None, {}, each, grid=grid)
        figures = [column.id for column in columns if column.kind in ("figure", "text")]
        cells = data.get("cells")
        if cells is None and table is not None and each is not None:
            cells = {column: column for column in figures if column in table.columns}
        elif isinstance(cells, list):
            cells = {column: text for column, text in zip(figures, cells) if text}
        formulas = {column: compile_formula(text, self.scope(table)) for column, text in (cells or {}).items()}
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
