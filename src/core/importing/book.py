"""A workbook as tables of values, which a child process has read (`workbook`)."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from ..disk import read_bytes
from ..documents.child import SECONDS, Refused, Unread, read_apart
from ..i18n import _
from ..text.width import printable

__all__ = ["Book", "BookError", "Sheet", "cell_name", "read_book"]


class BookError(Exception):
    """The workbook can't be read: the message says why, and what to do."""


class Sheet(NamedTuple):
    """A sheet: its values row by row ('' where nothing stands), the ranges of merged cells (both
    corners, from 0), what is special about single cells (cells.Sheet), and whether it is hidden."""

    name: str
    rows: list[list[Any]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    marks: dict[tuple[int, int], str]
    hidden: bool = False

    def value(self, row: int, column: int) -> Any:
        line = self.rows[row] if 0 <= row < len(self.rows) else []
        return line[column] if 0 <= column < len(line) else ""


class Book(NamedTuple):
    """A workbook: its sheets in order."""

    path: str
    sheets: tuple[Sheet, ...]


def read_book(path: str) -> Book:
    """The workbook in a file. Raises StorageError, or BookError with why it can't be read."""
    sheets: list[Sheet] = []
    try:
        for value in read_apart("workbook", read_bytes(path)):
            _take(value, sheets)
    except Refused as refused:
        raise BookError(printable(str(refused))) from None
    except Unread as unread:
        raise BookError(_why(unread, sheets)) from None
    except (ValueError, TypeError, LookupError):  # what came from the child is not what workbook.read gives
        raise BookError(_why(Unread("broken"), sheets)) from None
    return Book(path, tuple(sheets))


def _take(value: Any, sheets: list[Sheet]) -> None:
    """Add what the child said next to what it said before."""
    if value[0] == "sheet":
        sheets.append(Sheet(str(value[1]), [], (), {}, bool(value[2])))
    elif value[0] == "about":
        merged = tuple(((int(r1), int(c1)), (int(r2), int(c2))) for (r1, c1), (r2, c2) in value[1])
        marks = {(int(row), int(column)): str(mark) for row, column, mark in value[2]}
        sheets[-1] = sheets[-1]._replace(merged=merged, marks=marks)
    else:
        for row in value[1]:
            for at, cell in enumerate(row):
                if cell.__class__ is list:
                    row[at] = _typed(*cell)
            sheets[-1].rows.append(row)


def _typed(name: str, *values: Any) -> Any:
    if name == "timedelta":
        return datetime.timedelta(*values)
    types: dict[str, Any] = {"date": datetime.date, "datetime": datetime.datetime, "time": datetime.time}
    return types[name].fromisoformat(*values)


def _why(unread: Unread, sheets: list[Sheet]) -> str:
    """Why a workbook was not read to its end, and what to do."""
    reason = {
        "time": _("reading it took more than {seconds} seconds and was stopped").format(seconds=SECONDS),
        "memory": _("reading it takes more memory than any accounts need, and was stopped"),
        "large": _("it holds more text than any accounts do, and reading it was stopped"),
        "missing": _("“{name}” is not installed here, which this needs").format(name=unread.detail),
        "start": _("no process could be started that reads it ({error})").format(error=unread.detail or "-"),
    }.get(unread.reason, _("the reader broke off: it is damaged, or takes more memory than any accounts need"))
    if unread.reason in ("missing", "start"):
        return printable(reason)
    place = _("sheet “{sheet}”: ").format(sheet=sheets[-1].name[:40]) if sheets else ""
    return printable(_("{place}{reason}. Open it in Excel or WPS, copy just the tables that are needed to a new "
                       "workbook, and import that").format(place=place, reason=reason))


def cell_name(row: int, column: int) -> str:
    """A cell's name as spreadsheets write it: (0, 0) is A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
