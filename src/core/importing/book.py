"""A workbook as tables of values: what python-calamine reads, after the guards have let it pass."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from ..disk import read_bytes
from ..i18n import _
from .guards import BookError, guard

__all__ = ["Book", "BookError", "Sheet", "cell_name", "read_book"]


class Sheet(NamedTuple):
    """A sheet: its values row by row ('' where nothing stands), the ranges of merged cells (both
    corners, from 0), what is special about single cells (guards.Part), and whether it is hidden."""

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
    guarded = guard(read_bytes(path))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(guarded.data))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            part = guarded.sheets.get(meta.name)
            sheets.append(Sheet(meta.name, sheet.to_python(skip_empty_area=False),
                                tuple(sheet.merged_cell_ranges or ()), part.marks if part else {},
                                meta.visible != SheetVisibleEnum.Visible))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise BookError(_("the workbook is damaged ({error}): open it in Excel or WPS, and save it anew").format(
            error=str(error)[:80])) from None
    return Book(path, tuple(sheets))


def cell_name(row: int, column: int) -> str:
    """A cell's name as spreadsheets write it: (0, 0) is A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
