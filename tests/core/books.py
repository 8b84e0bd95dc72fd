"""Workbooks as finance offices hand them round, made for the tests: the printed forms of a report,
and the tables of the accounting system."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from juesuan.core.compose import compose
from juesuan.core.document import Table
from juesuan.core.report import Report


def figure(text: str, scale: Decimal = Decimal(1)) -> Any:
    """A printed figure as the number that a spreadsheet holds; other texts as they are."""
    try:
        return float(Decimal(text.replace(",", "")) * scale)
    except ArithmeticError:
        return text


def write_forms(path: Path, report: Report, *, unit: str = "万元", only: tuple[str, ...] = (),
                merged: bool = True, codes: str = "one") -> Path:
    """The printed forms of a report, a sheet each, as an office would lay them out."""
    scale = Decimal(1) if unit == "万元" else Decimal(10000)
    book = xlsxwriter.Workbook(str(path))
    for number, table in enumerate(block for block in compose(report).blocks if isinstance(block, Table)):
        if (only and table.id not in only) or not any(column.header for column in table.columns):
            continue
        sheet = book.add_worksheet(f"{table.form or number} {table.title}".replace("/", "")[:31])
        write_form(sheet, table, unit, scale, merged)
    book.close()
    return path


def write_form(sheet: Any, table: Table, unit: str, scale: Decimal, merged: bool = True, top: int = 0) -> int:
    """One form from row `top` of a sheet; the first row below it."""
    width = len(table.columns)
    sheet.write(top, 0, table.title)
    sheet.write(top + 1, width - 1, table.form)
    sheet.write(top + 2, 0, table.left)
    sheet.write(top + 2, width - 1, table.right.replace("万元", unit))
    head = top + 3
    depth = max(len(column.header) for column in table.columns)
    paths = [tuple(level.replace("|", "\n") for level in column.header) for column in table.columns]
    done: set[tuple[int, int]] = set()
    for level in range(depth):
        for at, path in enumerate(paths):
            if (level, at) in done or level >= len(path):
                continue
            right = at
            while right + 1 < width and paths[right + 1][:level + 1] == path[:level + 1] and \
                    table.columns[right + 1].panel == table.columns[at].panel and level + 1 < len(path):
                right += 1
            bottom = depth - 1 if level + 1 == len(path) else level
            if merged and (right > at or bottom > level):
                sheet.merge_range(head + level, at, head + bottom, right, path[level])
            else:
                sheet.write(head + level, at, path[level])
            done.update((row, column) for row in range(level, bottom + 1) for column in range(at, right + 1))
    row = head + depth
    counts = {"公开10表"}
    for line in table.rows:
        for at, cell in enumerate(line.cells):
            column = table.columns[at]
            if cell.text and column.kind in ("figure", "text"):
                factor = Decimal(1) if column.header[-1] in ("行次", "在职人数") or (
                    table.form in counts and "." not in cell.text) or not cell.address else scale
                sheet.write(row, at, figure(cell.text, factor))
            elif cell.text:
                sheet.write(row, at, cell.text)
        row += 1
    for note in table.notes:
        sheet.write(row, 0, note)
        row += 1
    return row


def write_rows(path: Path, sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None) -> Path:
    """Sheets row by row, with merged ranges (A1:B2) whose text stands in their first cell."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for area in (merges or {}).get(name, ()):
            sheet.merge_range(area, "")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(number, at, value)
    book.close()
    return path
