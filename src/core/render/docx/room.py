"""How wide the columns of a table must be for no figure, no code and no number in a text to break.

A document names its fonts, and the machine that shows it may have others: what has room in Times
New Roman breaks within its cell in DejaVu Serif, whose digits are a quarter wider. So room is kept
for the widest of the fonts that take its place. No mark in a file could instead forbid the break:
neither Word nor LibreOffice lets a word stand past the edge of a cell of fixed width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...document import Table
from ...text import grid
from .measure import widest

_WORD = re.compile("[!-~]+")
_WORD_MOST = 24  # a longer number within a text may break

_SPARE = 15  # twips: half a rule on either side, and what is lost where lengths are rounded

_ALIKE = str.maketrans("123456789", "000000000")


class Text(NamedTuple):
    """What a cell asks of its columns: its `shape`, whether it may be wrapped between its words, how many of
    the cell's sides it needs (`margins`), and whether it is set bold."""

    column: int
    columns: int
    shape: str
    wrapped: bool
    margins: int
    bold: bool


def shape(text: str) -> str:
    """A text with zeros for its digits, which are all equally wide."""
    return text.translate(_ALIKE)


class Need(NamedTuple):
    """The room for the widest text of those columns, in thousandths of the size, beside so many sides of a cell."""

    column: int
    columns: int
    margins: int
    wide: int


def needs(texts: Iterable[Text]) -> list[Need]:
    """What the texts of a table ask of its columns, in the same order for the same texts."""
    found: dict[tuple[int, int, int], int] = {}
    for column, columns, text, wrapped, margins, bold in texts:
        key = (column, columns, margins)
        for word in _words(text) if wrapped else (text,):
            found[key] = max(found.get(key, 0), widest(word, bold))
    return sorted(Need(*key, wide) for key, wide in found.items())


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) <= _WORD_MOST and "0" in word]


def widen(table: Table, low: list[int], asked: list[Need], size: int, side: int) -> list[int]:
    """The widths `low` of columns (in half-width characters of a size), widened to what is asked; `side` is the
    room on either side of a cell, in twips."""
    widths = list(low)
    for need in sorted(asked, key=lambda need: need.columns):  # a cell over several takes what they have already
        room = need.wide * size // 100 + _SPARE - (2 * need.columns - need.margins) * side
        covers = range(need.column, need.column + need.columns)
        missing = -(-room // (size * 5)) - sum(widths[i] for i in covers)
        grid.grow(table.columns, widths, covers, missing)
    return widths


def squeeze(widths: list[int], low: list[int], room: int) -> list[int] | None:
    """Widths of at most `room` together, none narrower than in `low`: those that have most to give, give;
    None when that is not enough."""
    over = sum(widths) - room
    if over > sum(wide - least for wide, least in zip(widths, low)):
        return None
    squeezed = list(widths)
    while over > 0:
        most = max(range(len(low)), key=lambda i: squeezed[i] - low[i])
        squeezed[most] -= 1
        over -= 1
    return squeezed
