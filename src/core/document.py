"""The document: a report as blocks, in reading order, ready for any renderer.

Everything is decided here already: order, words, printed figures. A renderer (text,
JSON, later Word and Excel) chooses fonts, widths and page breaks, and nothing else.
All classes are immutable, so that one document can be rendered twice or compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

OPEN = re.compile("【待填[^】]*】")
"""How what is not known yet stands in every text of a document: in sentences, in cells, beside bars."""


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in its pieces, each with whether it stands for what is still to be entered."""
    at = 0
    for match in OPEN.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def placeholder(what: str = "") -> str:
    """What is printed for something that is still to be entered, in sentences and in tables."""
    return f"【待填：{what}】" if what else "【待填】"


def is_open(text: str) -> bool:
    """Is it nothing but the mark of what is still to be entered?"""
    return OPEN.fullmatch(text) is not None


class Run(NamedTuple):
    """A stretch of text. `cell` is the address of the figure that it prints, '' for words."""

    text: str
    cell: str = ""


class Cover(NamedTuple):
    """The cover: lines from top to bottom, such as the year, the department, the kind of report."""

    lines: tuple[str, ...]


class Contents(NamedTuple):
    """Where the table of contents stands. Its entries are the headings with `listed`."""

    title: str


class PageBreak(NamedTuple):
    """A new page begins here."""


class Heading(NamedTuple):
    """A heading. `level` 1 is a part (第一部分), 2 is 一、, 3 is （一）, 4 is 1.

    `number` is printed before the title as it stands ("第一部分 ", "一、", "（一）", "1. ").
    `id` names the section (the outline's id), for jumps and for JSON.
    """

    id: str
    level: int
    number: str
    title: str
    listed: bool = False


class Paragraph(NamedTuple):
    """A paragraph. `indent`: the first line starts with two ideographic spaces."""

    runs: tuple[Run, ...]
    indent: bool = True
    section: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


class Cell(NamedTuple):
    """One cell of a printed table; `columns` and `rows` are how many it spans.

    A position that a cell above or to the left covers is left out of its row.
    `align` is 'left', 'center' or 'right'. `address` names the fact, '' for labels. `parts`: what a
    text is put together from that is more than one fact: words, and formulas with their row
    (formula.Formula, str), for a renderer that shows how it comes about.
    """

    text: str
    align: str = "left"
    address: str = ""
    columns: int = 1
    rows: int = 1
    parts: tuple[Any, ...] = ()


class Column(NamedTuple):
    """One column of a printed table.

    `id` is the column's name in JSON. `header` is its labels from the top level down; equal
    neighbours on one level are printed as one heading over both (('本年支出', '小计')).
    A '|' inside a label is the preferred place to break it.
    `kind`: 'figure' (right-aligned, never wrapped), 'code', 'name' (wrapped when long) or
    'text' (wrapped, takes what room there is). `panel` numbers the side-by-side lists of one
    form; a form that is too wide is continued panel under panel. `key` columns are repeated
    when a panel is split.
    """

    id: str
    header: tuple[str, ...]
    kind: str = "figure"
    panel: int = 0
    key: bool = False


class Row(NamedTuple):
    """One row of a printed table. `strong` marks totals; `rule` asks for a line above it."""

    cells: tuple[Cell, ...]
    strong: bool = False
    rule: bool = False


class Table(NamedTuple):
    """A printed table.

    `form` is its official code (公开01表) or ''; `left` and `right` stand on one line above
    the table (部门：…, 单位：万元). `columns` without any header make a table without a head.
    `records` are the rows for JSON: (id, code, label, {column id: printed figure}). `unit` is that of its
    amounts, '' for the report's own.
    """

    id: str
    title: str
    form: str
    left: str
    right: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    records: tuple[tuple[str, str, str, dict[str, str]], ...] = ()
    section: str = ""
    unit: str = ""


class Bar(NamedTuple):
    """One bar of a chart: its label, its value (in the report's unit), the figure that is printed
    beside it, the address of the fact."""

    label: str
    value: Decimal
    text: str
    address: str = ""


class Chart(NamedTuple):
    """A chart as plain data; how it is drawn is the renderer's own affair.

    `kind`: 'totals' (totals of last year and of this one), 'shares' (the parts of a whole, with
    their percentages in `text`) or 'bars' (amounts side by side).
    """

    id: str
    kind: str
    title: str
    unit: str
    bars: tuple[Bar, ...]
    section: str = ""


Block = Cover | Contents | PageBreak | Heading | Paragraph | Table | Chart


class Draft(NamedTuple):
    """Why a document is no more than a draft: how much is still to be entered, how many errors there are."""

    open: int
    errors: int

    @property
    def line(self) -> str:
        """What every page, or the first line, says of it."""
        counts = [f"待填{self.open}项"] * bool(self.open) + [f"错误{self.errors}处"] * bool(self.errors)
        return f"草稿（{'，'.join(counts)}）"


class Document(NamedTuple):
    """A whole report in reading order. `draft` is None where it is complete and without errors."""

    title: str
    blocks: tuple[Block, ...]
    draft: Draft | None = None


def open_places(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Where what is not known yet stands, mark by mark: the heading or the title of the table above it."""
    place = ""
    for block in blocks:
        texts: list[str] = []
        if isinstance(block, Cover):
            texts = list(block.lines)
        elif isinstance(block, Heading):
            place = block.number + block.title
            texts = [block.title]
        elif isinstance(block, Paragraph):
            texts = [block.text]
        elif isinstance(block, Chart):
            texts = [block.title, *(text for bar in block.bars for text in (bar.label, bar.text))]
        elif isinstance(block, Table):
            texts = [block.title, block.left, block.right, *block.notes]
            texts += [cell.text for row in block.rows for cell in row.cells]
        for text in texts:
            yield from [block.title if isinstance(block, Table) else place] * len(OPEN.findall(text))
