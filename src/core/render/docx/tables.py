"""Printed tables as Word's: on an upright page or across, at the size at which they fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...document import Cell, Column, Table
from ...text import grid
from ...text.wrap import wrap_label
from ..tables import head_rows, stands_out
from .markup import escape, paragraph, plain, run
from .measure import lines
from .room import Text, needs, shape, squeeze, widen
from .styles import HEIGHT, LINE, MEASURE, RULE, SMALLEST, STYLES, TABLE_SIZES

_TALL = 3  # part of a page: a taller row may go on on the next one


class Laid(NamedTuple):
    """A table ready for its page: the caption's paragraphs and heights, the table, the heights of
    its head and its rows, the notes below it with theirs. The caption stays with the first row, and
    a table that a page has room for is kept `whole`."""

    landscape: bool
    caption: list[str]
    captions: list[int]
    table: str
    head: int
    rows: list[int]
    whole: bool
    notes: list[str]
    note_heights: list[int]


class _Words(NamedTuple):
    """What stands around a table."""

    title: str
    form: str
    left: str
    right: str
    notes: list[str]


class _Fit(NamedTuple):
    """One way to set a table: its size, its columns' widths, its head's and its rows' heights."""

    landscape: bool
    size: int
    widths: list[int]
    head: list[int]
    rows: list[int]

    @property
    def measure(self) -> int:
        return HEIGHT if self.landscape else MEASURE

    def captions(self, words: _Words) -> list[int]:
        """The heights of the lines above the table."""
        line, pad, _side = TABLE_SIZES[self.size]
        units = bool(words.form) + bool(words.left or words.right)
        titles = [LINE * lines(words.title, self.measure, STYLES["TableTitle"].size)] if words.title else []
        return titles + [line + pad] * units

    def notes(self, words: _Words) -> list[int]:
        """The heights of the notes below it."""
        height = STYLES[f"TableNote{self.size}"].line
        return [lines(note, self.measure, self.size) * height for note in words.notes]


class _Placed(NamedTuple):
    """A cell in its place; `rows` = 0: it goes on from the row above. `fixed`: it stands on one line."""

    column: int
    columns: int
    rows: int
    text: str
    align: str
    fixed: bool = False


def lay_out(table: Table, above: int = 0) -> Laid:
    """The table with all that belongs to it, where headings `above` high stand over it on its page.
    ValueError when its cells overlap."""
    columns = tuple(column._replace(header=tuple(map(plain, column.header))) for column in table.columns)
    rows = grid.place(table)
    cells, head = list(_place(table)), list(_head(columns))
    title, form, left, right = (plain(text).strip() for text in (table.title, table.form, table.left, table.right))
    notes = [part for note in table.notes for part in plain(note, "\n").split("\n")]
    words = _Words(title, form, left, right, notes)
    fit = _fit(table._replace(columns=columns), words, rows, head, cells, above)
    caption = [paragraph("TableTitle", run(words.title))] if words.title else []
    if words.form:
        caption.append(paragraph(f"TableUnit{fit.size}", run(words.form), '<w:jc w:val="right"/>'))
    if words.left or words.right:
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{fit.measure}"/></w:tabs>'
        content = run(words.left) + ("<w:r><w:tab/></w:r>" + run(words.right) if words.right else "")
        caption.append(paragraph(f"TableUnit{fit.size}", content, tab))
    whole = _pages(fit, words, above) == 1
    return Laid(fit.landscape, caption, fit.captions(words), _table(table, title, fit, head, cells, whole),
                sum(fit.head) + RULE, fit.rows, whole, [paragraph(f"TableNote{fit.size}", run(note)) for note in notes],
                fit.notes(words))  # fmt: skip


def _place(table: Table) -> Iterator[list[_Placed]]:
    """The rows with their cells in their places, and blank ones where a row has none."""
    kinds = [column.kind for column in table.columns]
    above: dict[int, _Placed] = {}  # by its column: a cell that goes on, with the rows that it still has
    for number, row in enumerate(table.rows):
        placed: list[_Placed] = []
        below: dict[int, _Placed] = {}
        waiting = iter(row.cells)
        at = 0
        while at < len(kinds):
            if going := above.get(at):
                placed.append(going._replace(rows=0, text=""))
                if going.rows > 1:
                    below[at] = going._replace(rows=going.rows - 1)
                at += going.columns
                continue
            cell = next(waiting, Cell(""))
            kind = kinds[at] if cell.columns == 1 else ""
            align = "right" if kind == "figure" and (cell.address or cell.align != "center") else cell.align
            fixed = align == "right" or kind in ("figure", "code")
            rows = min(cell.rows, len(table.rows) - number)
            text = plain(cell.text.rstrip(), "" if fixed else "\n")
            placed.append(_Placed(at, cell.columns, rows, text, align, fixed))
            if rows > 1:
                below[at] = placed[-1]._replace(rows=rows - 1)
            at += cell.columns
        above = below
        yield placed


def _head(columns: tuple[Column, ...]) -> Iterator[list[_Placed]]:
    """The rows of the head: labels above the columns that they are for, each down to the next."""
    above: list[_Placed] = []  # labels that go on in the rows below
    for row in head_rows(columns):
        labels = [_Placed(head.column, head.columns, head.rows, head.label, "center") for head in row]
        yield sorted([*(label._replace(rows=0, text="") for label in above), *labels])
        above = [label._replace(rows=label.rows - 1) for label in above + labels if label.rows > 1]


# ── how it fits ──


def _fit(table: Table, words: _Words, rows: list[grid.GridRow], head: list[list[_Placed]],
         cells: list[list[_Placed]], above: int) -> _Fit:  # fmt: skip
    """The best way to set the table: upright if its columns have room enough there, at the size
    that takes the fewest pages, the largest of such; or else across; or else as small as need be."""
    irregular = not head or any(cell.rows > 1 for row in cells for cell in row)
    low, high = grid.limits(table, rows, wrapped=True, irregular=irregular)
    roomy = [max(least, min(most, grid.NAME_USUAL)) if column.kind == "name" else least
             for least, most, column in zip(low, high, table.columns)]  # fmt: skip
    asked = needs(_texts(table, head, cells))
    usual = [size for size in TABLE_SIZES if size >= SMALLEST]

    def set_at(size: int, measure: int, least: list[int]) -> _Fit | None:
        """The table of that size, if it has room."""
        room = _room(measure, size, len(least))
        if sum(least) > room:
            return None
        side = TABLE_SIZES[size][2]
        firm = squeeze(widen(table, least, asked, size, side), widen(table, low, asked, size, side), room)
        if firm is None:
            return None
        most = [max(pair) for pair in zip(firm, high)]
        widths = grid.fit(table, rows, grid.Limits(firm, most), room)
        return _set(size, measure == HEIGHT, _spread(widths, measure, size), head, cells)

    for measure, least in ((MEASURE, roomy), (HEIGHT, roomy), (HEIGHT, low)):
        fits = []
        for size in usual:
            if fit := set_at(size, measure, least):
                fits.append(fit)
                if _pages(fit, words, above) == 1:
                    break
        if fits:
            return min(fits, key=lambda fit: _pages(fit, words, above))
    for size in TABLE_SIZES:
        if size < SMALLEST and (fit := set_at(size, HEIGHT, low)):
            return fit
    smallest = min(TABLE_SIZES)
    widths = widen(table, low, asked, smallest, TABLE_SIZES[smallest][2])
    return _set(smallest, True, _spread(widths, HEIGHT, smallest), head, cells)


def _texts(table: Table, head: list[list[_Placed]], cells: list[list[_Placed]]) -> set[Text]:
    """What the texts of a table need of its columns; most are alike."""
    found = {Text(cell.column, cell.columns, shape(cell.text), True, 2, False) for row in head for cell in row}
    for source, row in zip(table.rows, cells):
        bold = stands_out(table, source)
        for cell in row:
            text = shape(cell.text)
            if cell.fixed:
                found.add(Text(cell.column, cell.columns, text, False, len(_margins(cell)), bold))
            elif "0" in text:
                found.add(Text(cell.column, cell.columns, text, True, 2, bold))
    return found


def _margins(cell: _Placed) -> tuple[str, ...]:
    """The sides on which a cell keeps its text from the rule. One on a line of its own does so where it begins
    or ends, and may come near to the other side in a wide font."""
    if not cell.fixed:
        return ("left", "right")
    return () if cell.align == "center" else (cell.align,)


def _room(measure: int, size: int, columns: int) -> int:
    """How many half-width characters of a size stand beside each other in so many cells."""
    return (measure - columns * 2 * TABLE_SIZES[size][2]) // (size * 5)


def _spread(widths: list[int], measure: int, size: int) -> list[int]:
    """The widths in twips, so that together they take the whole measure."""
    side = 2 * TABLE_SIZES[size][2]
    natural = [columns * size * 5 + side for columns in widths]
    total = sum(natural)
    spread = [column * measure // total for column in natural]
    spread[-1] += measure - sum(spread)
    return spread


def _set(size: int, landscape: bool, widths: list[int], head: list[list[_Placed]],
         cells: list[list[_Placed]]) -> _Fit:
    line, pad, side = TABLE_SIZES[size]

    def height(row: list[_Placed], label: bool) -> int:
        most = 1
        for cell in row:
            if cell.rows <= 1 and cell.text and not cell.fixed:
                most = max(most, _count(cell, widths, size, side, label))
        return most * line + 2 * pad + RULE

    def heights(rows: list[list[_Placed]], label: bool) -> list[int]:
        found = [height(row, label) for row in rows]
        for number, row in enumerate(rows):  # what a cell over several rows needs, the last of them gives
            for cell in row:
                if cell.rows > 1 and cell.text:
                    needs = _count(cell, widths, size, side, label) * line + 2 * pad + RULE
                    last = number + cell.rows - 1
                    found[last] += max(0, needs - sum(found[number : last + 1]))
        return found

    return _Fit(landscape, size, widths, heights(head, True), heights(cells, False))


def _count(cell: _Placed, widths: list[int], size: int, side: int, label: bool) -> int:
    """How many lines a cell's text takes."""
    room = max(1, sum(widths[cell.column : cell.column + cell.columns]) - 2 * side)
    if cell.fixed:
        return 1
    parts = _broken(cell.text, room, size) if label else cell.text.split("\n")
    return sum(lines(part, room, size) for part in parts)


def _broken(label: str, room: int, size: int) -> list[str]:
    """A label, broken where it is best broken if it must be."""
    return list(wrap_label(label, max(1, room // (size * 5)))) if "|" in label else [label]


def _pages(fit: _Fit, words: _Words, above: int) -> int:
    """How many pages the table takes with its caption, what stands above that, and its notes."""
    page = MEASURE if fit.landscape else HEIGHT
    head = sum(fit.head) + RULE
    used = above + sum(fit.captions(words)) + head
    pages = 1
    for height in [*fit.rows, *fit.notes(words)]:
        if used + height > page:
            pages, used = pages + 1, head
        used += height
    return pages


# ── as XML ──


def _table(table: Table, title: str, fit: _Fit, head: list[list[_Placed]], cells: list[list[_Placed]],
           whole: bool) -> str:  # fmt: skip
    _line, pad, side = TABLE_SIZES[fit.size]
    total = sum(fit.widths)
    parts = [
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:top w:w="{pad}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/><w:bottom w:w="{pad}" w:type="dxa"/>'
        f'<w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val="{escape(title)}"/></w:tblPr>'
        "<w:tblGrid>",
        *(f'<w:gridCol w:w="{column}"/>' for column in fit.widths),
        "</w:tblGrid>",
    ]
    write = _Writer(fit, whole)
    for row, height in zip(head, fit.head):
        parts.append(f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/><w:tblHeader/>'
                     f'</w:trPr>{"".join(write.label(cell) for cell in row)}</w:tr>')  # fmt: skip
    tall = (MEASURE if fit.landscape else HEIGHT) // _TALL
    for source, row, height in zip(table.rows, cells, fit.rows):
        write.keeps, write.bold = whole and row is not cells[-1], stands_out(table, source)
        split = "<w:cantSplit/>" if height <= tall else ""
        parts.append(f'<w:tr><w:trPr>{split}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>')
        parts += [write.cell(cell) for cell in row]
        parts.append("</w:tr>")
    parts.append("</w:tbl>")
    return "".join(parts)


class _Writer:
    """Cells as XML; what stands before and after a text is made once for all that are alike."""

    def __init__(self, fit: _Fit, keeps: bool) -> None:
        self.fit = fit
        self.keeps = keeps  # the rows stay with the row below
        self.bold = False
        self.frames: dict[tuple[int, int, int, str, bool, bool], tuple[str, str]] = {}

    def label(self, cell: _Placed) -> str:
        before, after = self.frame(cell)
        room = sum(self.fit.widths[cell.column : cell.column + cell.columns]) - 2 * TABLE_SIZES[self.fit.size][2]
        return before + "<w:r><w:br/></w:r>".join(map(run, _broken(cell.text, room, self.fit.size))) + after

    def cell(self, cell: _Placed) -> str:
        before, after = self.frame(cell)
        bold = "<w:b/>" if self.bold else ""
        if "\n" not in cell.text:
            return before + run(cell.text, bold) + after
        again = after.removesuffix("</w:tc>") + before[before.index("<w:p>") :]
        return before + again.join(run(line, bold) for line in cell.text.split("\n")) + after

    def frame(self, cell: _Placed) -> tuple[str, str]:
        """What stands before a cell's runs, and after them."""
        key = (cell.column, cell.columns, min(cell.rows, 2), cell.align, cell.fixed, self.keeps)
        found = self.frames.get(key)
        if found is None:
            wide = sum(self.fit.widths[cell.column : cell.column + cell.columns])
            span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
            merged = {0: "<w:vMerge/>", 1: ""}.get(cell.rows, '<w:vMerge w:val="restart"/>')
            align = "" if cell.align == "left" else f'<w:jc w:val="{cell.align}"/>'
            keep = "<w:keepNext/>" if self.keeps else ""
            kept = _margins(cell)
            none = "".join(f'<w:{edge} w:w="0" w:type="dxa"/>' for edge in ("left", "right") if edge not in kept)
            margins = f"<w:tcMar>{none}</w:tcMar>" if none else ""
            found = self.frames[key] = (
                f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}{merged}{margins}<w:vAlign w:val="center"/>'
                f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="Table{self.fit.size}"/>{keep}{align}</w:pPr>', "</w:p></w:tc>")
        return found
