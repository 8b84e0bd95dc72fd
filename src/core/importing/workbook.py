"""A workbook read in the child process: what python-calamine reads, after the guards have looked at it.

For each sheet: ["sheet", name, hidden], then ["about", merged ranges, marks], then its rows, some at a time.
A value that JSON does not have is a list of the name of its type and its text (`book` reads them back).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ..documents.inside import Refused
from .cells import damaged
from .guards import guard

AT_A_TIME = 256
PLAIN = (str, float, int, bool)


def read(data: bytes) -> Iterator[list[Any]]:
    """Read a workbook's bytes. Raises Refused."""
    guarded = guard(data)
    del data
    try:
        book = CalamineWorkbook.from_filelike(guarded.packed)
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            yield ["sheet", meta.name, meta.visible != SheetVisibleEnum.Visible]
            if meta.name not in guarded.sheets:
                raise damaged(meta.name)
            sheet = book.get_sheet_by_name(meta.name)
            marks = guarded.sheets.pop(meta.name).marks
            yield ["about", sheet.merged_cell_ranges or [], [[*place, mark] for place, mark in marks.items()]]
            rows = sheet.to_python(skip_empty_area=False)
            for at in range(0, len(rows), AT_A_TIME):
                yield ["rows", [[value if value.__class__ in PLAIN else _typed(value) for value in row]
                                for row in rows[at:at + AT_A_TIME]]]
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise damaged(error) from None


def _typed(value: Any) -> list[Any]:
    if isinstance(value, timedelta):
        return ["timedelta", value.days, value.seconds, value.microseconds]
    return [type(value).__name__, value.isoformat()]
