"""A report as one HTML page, for web sites and for printing from a browser.

The page stands alone: its style is in it, and it has no scripts and asks for nothing from
elsewhere (its content security policy says so too). Every text of the report is escaped. For
readers who listen, tables have captions, and each of their figures knows the labels that it
stands under and beside. Printed, each part begins a page, wide tables lie across, and heads of
tables are repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ...document import (
    OPEN,
    Block,
    Chart,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Table,
    pieces,
)
from ...text.grid import GridRow, Placed, place
from ...text.width import printable
from ..tables import Head, head_rows, heads_over, stands_out
from .chart import picture
from .style import DRAFT, STYLE

if TYPE_CHECKING:
    from ...report import Report

WIDE = 9
"""A table of so many columns or more lies across the page when it is printed."""

_DEEPEST = 6
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def export(document: Document, report: Report) -> bytes:
    """The bytes of `render`."""
    return render(document).encode()


def render(document: Document) -> str:
    """The whole page. It ends with one newline."""
    anchors = _anchors(document)
    body: list[str] = []
    turned = False  # does the next block begin a page?
    tables = 0
    for block, wide in zip(document.blocks, _across(document.blocks)):
        if isinstance(block, PageBreak):
            turned = True
            continue
        classes = ["page"] * turned + ["wide"] * wide
        turned = False
        if isinstance(block, Table):
            tables += 1
            body += _table(block, f"table-{tables}", classes)
        else:
            body += _flow(block, document, anchors, classes)
    style, banner = STYLE, []
    if document.draft is not None:
        line = _text(document.draft.line)
        style, banner = STYLE + DRAFT.replace("LINE", line), [f'<p class="draft" role="note">{line}</p>']
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="zh-CN">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="format-detection" content="telephone=no">',  # else telephones take figures for numbers to dial
        f"<title>{_plain(document.title)}</title>", f"<style>\n{style}</style>", "</head>", "<body>", *banner, "<main>",
        *body, "</main>", "</body>", "</html>", ""])


def _across(blocks: tuple[Block, ...]) -> list[bool]:
    """Which blocks lie across the page: wide tables, and the headings right above them."""
    across: list[bool] = []
    after = False
    for block in reversed(blocks):
        if isinstance(block, Table):
            after = len(block.columns) >= WIDE
        elif not isinstance(block, Heading):
            after = False
        across.append(after)
    return across[::-1]


def _class(classes: list[str]) -> str:
    return f' class="{" ".join(classes)}"' if classes else ""


def _text(text: str) -> str:
    """Text for the page: nothing in it is markup. What is still to be entered is marked."""
    if not OPEN.search(text):
        return _plain(text)
    parts = pieces(printable(text, keep="\n").strip(" "))
    return "".join(f"<mark>{escape(piece)}</mark>" if open else escape(piece) for piece, open in parts).replace(
        "\n", "<br>")


def _plain(text: str) -> str:
    """Text for the page where it can hold no elements."""
    return escape(printable(text, keep="\n").strip(" ")).replace("\n", "<br>")


# ── running text ──

def _flow(block: Block, document: Document, anchors: dict[int, str], classes: list[str]) -> Iterator[str]:
    """Anything but a table."""
    if isinstance(block, Cover):
        lines = "".join(f"<span>{_text(line)}</span> " for line in block.lines if line.strip())
        yield f'<header{_class(classes)}><h1>{lines.rstrip(" ")}</h1></header>'
    elif isinstance(block, Contents):
        yield from _contents(block, document, anchors, classes)
    elif isinstance(block, Heading):
        text = _text(block.number + block.title)
        if text:
            level = min(block.level + 1, _DEEPEST)
            yield f'<h{level} id="{anchors[id(block)]}"{_class(classes)}>{text}</h{level}>'
    elif isinstance(block, Paragraph) and block.text.strip():
        yield f"<p{_class([*classes, *['flush'] * (not block.indent)])}>{_text(block.text)}</p>"
    elif isinstance(block, Chart):
        yield f"<figure{_class(['chart', *classes])}>"
        yield f"<figcaption>{_text(block.title)}</figcaption>"
        yield from picture(block)
        yield "</figure>"


def _anchors(document: Document) -> dict[int, str]:
    """What each heading is called in links, by the identity of the heading."""
    anchors: dict[int, str] = {}
    taken: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Heading):
            name = anchor = "s-" + re.sub(r"[^\w.-]+", "-", block.id)
            number = 1
            while anchor in taken:
                number += 1
                anchor = f"{name}-{number}"
            taken.add(anchor)
            anchors[id(block)] = anchor
    return anchors


def _contents(contents: Contents, document: Document, anchors: dict[int, str], classes: list[str]) -> Iterator[str]:
    """The listed headings as lists within lists, each a link to where it stands."""
    title = _text(contents.title)
    yield f'<nav{_class(["contents", *classes])} aria-label="{_plain(contents.title)}">'
    if title:
        yield f'<p class="title">{title}</p>'
    open_levels: list[int] = []
    for block in document.blocks:
        if not isinstance(block, Heading) or not block.listed:
            continue
        text = _text(block.number + block.title)
        if not text:
            continue
        while open_levels and open_levels[-1] > block.level:
            yield "</li></ol>"
            open_levels.pop()
        if open_levels and open_levels[-1] == block.level:
            yield "</li>"
        else:
            yield "<ol>"
            open_levels.append(block.level)
        yield f'<li><a href="#{anchors[id(block)]}">{text}</a>'
    yield from ["</li></ol>"] * len(open_levels)
    yield "</nav>"


# ── tables ──

def _table(table: Table, name: str, classes: list[str]) -> Iterator[str]:
    """A table with its caption above and its notes below."""
    yield f"<figure{_class(classes)}>"
    # Whoever has no mouse must be able to move a table that is wider than the screen.
    yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}">'
    yield "<table>"
    yield f'<caption><span class="title" id="{name}">{_text(table.title or table.form or name)}</span>'
    for text, which in ((table.form, "form"), (table.left, "left"), (table.right, "right")):
        if text.strip():
            yield f'<span class="{which}">{_text(text)}</span>'
    yield "</caption>"
    heads = head_rows(table.columns)
    yield from _head(table.columns, heads, name)
    yield "<tbody>"
    for number, (row, placed) in enumerate(zip(table.rows, place(table)), 1):
        yield _row(table, row, placed, heads, name, number)
    yield "</tbody>"
    yield "</table>"
    yield "</div>"
    notes = [note for note in table.notes if note.strip()]
    if notes:
        yield '<figcaption class="notes">'
        yield from (f"<p>{_text(note)}</p>" for note in notes)
        yield "</figcaption>"
    yield "</figure>"


def _head(columns: tuple[Column, ...], heads: list[list[Head]], name: str) -> Iterator[str]:
    if not heads:
        return
    yield "<thead>"
    for row in heads:
        cells = []
        for head in row:
            label = "<wbr>".join(_text(part) for part in head.label.split("|"))
            attributes = _panel(columns, head.column) + _spans(head.columns, head.rows)
            if not label:
                cells.append(f"<td{attributes}></td>")
                continue
            narrow = head.leaf and columns[head.column].kind in ("figure", "code")  # names need the room
            parts = ' class="parts"' if "|" in head.label else ""
            label = f"<span{parts}>{label}</span>" if label and narrow else label
            scope = "col" if head.leaf and head.columns == 1 else "colgroup"
            id = f' id="{_head_id(name, heads, head)}"' if len(heads) > 1 else ""
            cells.append(f'<th scope="{scope}"{id}{attributes}>{label}</th>')
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</thead>"


def _head_id(name: str, heads: list[list[Head]], head: Head) -> str:
    level = next(number for number, row in enumerate(heads, 1) if head in row)
    return f"{name}-{level}-{head.column + 1}"


def _row(table: Table, row: Row, placed: GridRow, heads: list[list[Head]], name: str, number: int) -> str:
    """A row. Under a head of several levels, each cell names the labels that it belongs to."""
    columns = table.columns
    cells = placed.cells or [
        Placed(at, 1, 1, text, 0, "right" if columns[at].kind == "figure" else "left", columns[at].kind != "name")
        for at, text in enumerate(placed.texts)]
    titles = _titles(columns, cells, bool(heads))
    printed: list[str] = []
    beside: dict[int, str] = {}  # panel: the cell that says what its row is
    for cell in cells:
        panel = columns[cell.column].panel
        text = _text(cell.text)
        attributes = _panel(columns, cell.column, cell.align, cell.fixed) + _spans(cell.columns, cell.rows)
        title = cell.column in titles
        if len(heads) > 1:
            labels = [_head_id(name, heads, head) for head in heads_over(heads, cell.column) if head.label]
            if title:
                beside[panel] = f"{name}-r{number}-{panel + 1}"
                attributes += f' id="{beside[panel]}"'
            elif panel in beside:
                labels.append(beside[panel])
            if labels and text:
                attributes += f' headers="{" ".join(labels)}"'
        tag = "th" if title else "td"
        scope = ' scope="row"' if title else ""
        printed.append(f"<{tag}{scope}{attributes}>{text}</{tag}>")
    return f"<tr{_class(['strong'] * stands_out(table, row) + ['rule'] * row.rule)}>{''.join(printed)}</tr>"


def _titles(columns: tuple[Column, ...], cells: list[Placed], headed: bool) -> set[int]:
    """The columns whose cells say what the row is: the name in every panel; in a table without a
    head, what stands first."""
    if not headed:
        return {cell.column for cell in cells[:1] if cell.text.strip()}
    titles: dict[int, int] = {}
    for cell in cells:
        column = columns[cell.column]
        if column.kind == "name" and cell.text.strip():
            titles.setdefault(column.panel, cell.column)
    return set(titles.values())


def _panel(columns: tuple[Column, ...], at: int, align: str = "", fixed: bool = False) -> str:
    """The classes of a cell: how it is set, and whether it begins another list of a form."""
    classes = [align] * (align in ("center", "right")) + ["fixed"] * fixed
    if at and columns[at].panel != columns[at - 1].panel:
        classes.append("panel")
    return _class(classes)


def _spans(columns: int, rows: int) -> str:
    return (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
