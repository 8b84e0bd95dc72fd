"""A report as Markdown (CommonMark with GitHub's tables), for sites and tools that take neither Word nor HTML.

There is no HTML in it, and no character of the report is markup. A table of Markdown knows no merged
cells: the labels over a column stand in one cell, parted by ' / ', and of a merged cell the first
bears the text. Where that is not enough, there is the HTML report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..document import Chart, Contents, Cover, Document, Heading, Paragraph, Table
from ..text.grid import place
from ..text.markdown import lines as _lines
from ..text.markdown import row as _row
from ..text.markdown import start as _line
from ..text.markdown import words as _words
from ..text.width import printable
from .tables import stands_out

if TYPE_CHECKING:
    from ..report import Report

_DEEPEST = 6


def export(document: Document, report: Report) -> bytes:
    """The bytes of `render`."""
    return render(document).encode()


def render(document: Document) -> str:
    """The whole report. It ends with one newline."""
    blocks = [f"**{_words(document.draft.line)}**"] if document.draft is not None else []
    for block in document.blocks:
        if isinstance(block, Cover):
            blocks.append("# " + " ".join(filter(None, (_words(line) for line in block.lines))))
        elif isinstance(block, Contents):
            blocks += _contents(block, document)
        elif isinstance(block, Heading):
            text = _heading(block)
            if text:
                blocks.append("#" * min(block.level + 1, _DEEPEST) + " " + text)
        elif isinstance(block, Paragraph):
            blocks.append(_lines(block.text))
        elif isinstance(block, Table):
            blocks += _table(block)
        elif isinstance(block, Chart):
            bars = (f"- {_line(f'{bar.label}　{bar.text}')}" for bar in block.bars)
            blocks += [_line(block.title), "\n".join(bars)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _heading(heading: Heading) -> str:
    return _words(heading.number + heading.title)


def _contents(contents: Contents, document: Document) -> list[str]:
    """The listed headings, each with a link to where it stands."""
    taken: dict[str, int] = {}
    entries: list[str] = []
    for block in document.blocks:
        text = ""
        if isinstance(block, Cover):
            text = " ".join(printable(line).strip(" ") for line in block.lines)
        elif isinstance(block, Heading):
            text = printable(block.number + block.title).strip(" ")
        if not text:
            continue
        anchor = _anchor(text, taken)
        if isinstance(block, Heading) and block.listed:
            entries.append(f"{'  ' * max(0, block.level - 1)}- [{_words(text)}](#{anchor})")
    title = _words(contents.title)
    return [f"**{title}**" if title else "", "\n".join(entries)]


def _anchor(text: str, taken: dict[str, int]) -> str:
    """The address that GitHub and those who follow it give a heading."""
    plain = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
    number = taken[plain] = taken.get(plain, -1) + 1
    return f"{plain}-{number}" if number else plain


# ── tables ──

def _table(table: Table) -> list[str]:
    """A table: its title, the line above it, its head and rows, its notes."""
    title = _words(table.title)
    above = _line("　".join(filter(None, (table.form, table.left, table.right))))
    heads = [" / ".join(_words(label.replace("|", "")) for label in column.header) for column in table.columns]
    aligns = ["---:" if column.kind == "figure" else ":---" for column in table.columns]
    lines = [_row(heads), _row(aligns), *map(_row, _cells(table))]
    return [f"**{title}**" if title else "", above, "\n".join(lines), *map(_lines, table.notes)]


def _cells(table: Table) -> list[list[str]]:
    """The cells of every row, one for each column. Totals are bold."""
    rows: list[list[str]] = []
    for row, placed in zip(table.rows, place(table)):
        cells = [""] * len(table.columns)
        if placed.texts:
            cells = [_words(text) for text in placed.texts]
        else:
            for cell in placed.cells:
                cells[cell.column] = _words(cell.text)
        strong = stands_out(table, row)
        rows.append([f"**{cell}**" if cell and strong else cell for cell in cells])
    return rows
