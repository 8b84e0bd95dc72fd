"""Sheets as plain data: what stands where, in what style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

LONGEST = 32767
"""Characters that a cell holds."""

Value = str | Decimal | bool | None


class Style(NamedTuple):
    """How a cell looks. `number`: a number format; `fill` and `color`: RGB; `size`: points."""

    number: str = ""
    align: str = ""
    bold: bool = False
    size: float = 10
    wrap: bool = False
    border: bool = False
    font: str = "宋体"
    fill: str = ""
    color: str = ""
    top: bool = False


PLAIN = Style()
DRAFT = Style(size=12, bold=True, font="黑体", color="C00000", fill="FFFF00")
"""The line that says that this is a draft."""


class Box(NamedTuple):
    """What stands in a cell: a value, with the formula that gives it (without '=') where there is one.

    `rows` and `columns`: what it spans. `link`: the name of the sheet that it leads to.
    """

    row: int
    column: int
    value: Value
    style: Style = PLAIN
    formula: str = ""
    comment: str = ""
    rows: int = 1
    columns: int = 1
    link: str = ""


class Drawing(NamedTuple):
    """A chart over cells of its sheet: its kind (document.Chart), its title, the first and last row of
    its bars, the columns of their labels and values, the row that it stands in."""

    kind: str
    title: str
    first: int
    last: int
    labels: int
    values: int
    row: int
    column: int


class Sheet:
    """One sheet. `frozen`: rows and columns that stay; `repeated`: the rows printed on every page;
    `printed`: the first and the last row and column that are printed (all, if None); `head`: what stands
    at the head of each printed page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.boxes: list[Box] = []
        self.widths: list[float] = []
        self.heights: dict[int, float] = {}
        self.frozen: tuple[int, int] | None = None
        self.repeated: tuple[int, int] | None = None
        self.printed: tuple[int, int, int, int] | None = None
        self.landscape = False
        self.hidden = False
        self.gridlines = False
        self.color = ""
        self.head = ""
        self.drawings: list[Drawing] = []
        self.codes: list[str] = []
        """Cells where digits are meant as text, such as the codes of accounts."""

    def put(self, row: int, column: int, value: Value, style: Style = PLAIN, **more: Any) -> None:
        self.boxes.append(Box(row, column, value, style, **more))


# What XML 1.0 does not hold, and what acts on a screen or hides.
_DROPPED = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]")


def clean(text: str) -> str:
    """The text without control characters; a line ends with a line feed."""
    if text.isprintable():
        return text
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\n\t]")
_LONGEST_NAME = 31  # UTF-16 units


class Names:
    """Names of sheets: no two alike (letters in either case are), none too long."""

    def __init__(self) -> None:
        self.taken: set[str] = {"history"}  # which Excel keeps for itself

    def make(self, wanted: str) -> str:
        """The name, cut and numbered where that must be."""
        wanted = _NOT_IN_NAMES.sub(" ", clean(wanted)).strip().strip("'").strip() or "表"
        name = _cut(wanted, _LONGEST_NAME)
        number = 1
        while name.casefold() in self.taken:
            number += 1
            name = _cut(wanted, _LONGEST_NAME - len(f" ({number})")) + f" ({number})"
        self.taken.add(name.casefold())
        return name


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text.rstrip(" '")


@cache
def letters(column: int) -> str:
    """A, B … Z, AA: the name of a column counted from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def reference(row: int, column: int, sheet: str = "") -> str:
    """C3, or 'sheet'!C3, of places counted from 0."""
    return prefix(sheet) + letters(column) + str(row + 1)


def prefix(sheet: str) -> str:
    """A sheet's name before a reference."""
    return "'" + sheet.replace("'", "''") + "'!" if sheet else ""


def stretches(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows as stretches of neighbours, first and last."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def decimal(value: Decimal) -> Decimal:
    """The number without zeros at its end, never in exponents."""
    return value.normalize() + Decimal(0)
