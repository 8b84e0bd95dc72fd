"""Formats: how a province prints a kind of report, read from a folder of TOML.

    format.toml    what it is, number style, wording, cover
    sections.toml  the outline: headings and, under them, blocks (text, prose, forms)
    forms.toml     the printed tables
    glossary.toml  the terms that the report explains
    rules.toml     rules of the province's own, if any, in the form of the taxonomy's

Sentences hold slots, `{expression}`, in the formula language with the functions of
`narrative.TEXT_FUNCTIONS`. Nothing here knows a province by name. This
module says what a format is and which there are; `format_reading` reads one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from .formula import Formula, Ref
from .formula_types import Signature
from .i18n import _
from .taxonomy import Taxonomy, TaxonomyError
from .text.width import printable

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")

VARIABLE = "JUESUAN_FORMATS"
"""The environment variable that names the folder of an organisation's own formats."""

VARIABLES = {"year": "count", "department": "text", "n": "count", "code": "text"}
"""The names that sentences can use, and what they are; the last two only where there are rows."""

TEXT_FUNCTIONS = {
    "name": Signature("value", ("text",), "text"),
    "cn": Signature("value", ("whole",), "text"),
    "circled": Signature("value", ("whole",), "text"),
    "suffixed": Signature("value", ("text", "text"), "text"),
    "closed": Signature("value", ("passage",), "passage"),
    "amount": Signature("value", ("amount",), "text"),
    "prose": Signature("value", ("key",), "passage"),
    "class_of": Signature("value", ("text",), "text"),
    "section_of": Signature("value", ("text",), "text"),
    "joined": Signature("ref", ("range:text", "range"), "text", 1),
    "change": Signature("ref", ("cell:amount", "key"), "passage", 1),
    "because": Signature("ref", ("text", "cell:figure"), "passage"),
    "remark": Signature("ref", ("text", "cell:figure"), "passage"),
    "percentage": Signature("ref", ("text", "cell:amount", "cell:amount", "text"), "passage"),
    "names": Signature("ref", ("accounts:figure",), "text", rest="code"),
    "itemized": Signature("ref", ("accounts:amount", "text"), "passage", rest="code"),
}
"""The functions that sentences can use beside those of formulas: methods of `narrative.Environment`."""


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

COLUMN_KINDS = ("figure", "code", "name", "text", "line")

DEEPEST_HEADING = 4


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
        there = ", ".join(map(printable, list_formats(folder)))
        raise NoSuchFormat(_("there is no format “{id}”; there are: {formats}").format(
            id=id if id.isprintable() and len(id) < 60 else "…", formats=there))
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
    from .format_reading import Loader

    loader = Loader(folder)
    format = loader.format()
    if loader.faults or format is None:
        raise loader.faults[0]
    return format


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
    """一, 十, 十二, 二十六, 一百零五, 一千零一十 …: the ordinals of headings and lists. Raises ValueError below 0."""
    if number < 0:
        raise ValueError(number)
    text = _spelled(number)
    return text[1:] if 10 <= number < 20 else text


def _spelled(number: int) -> str:
    for unit, name in _UNITS:
        if number >= unit:
            head, rest = divmod(number, unit)
            gap = "零" if 0 < rest < unit // 10 else ""
            return _spelled(head) + name + gap + (_spelled(rest) if rest else "")
    return _DIGITS[number]
