"""A report as a workbook for spreadsheets: docs/workbook.md tells what is in it.

The sheets are made as plain data (`book`, `facts`, `forms`, `words`); here they are written, the same
bytes for the same report.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from ...document import OPEN, pieces
from .book import sheets
from .sheet import LONGEST, Box, Drawing, Sheet, Style, clean

if TYPE_CHECKING:
    from ...document import Document
    from ...report import Report

_CREATED = datetime(2000, 1, 1)  # of every workbook, so that equal reports are equal files
_A4 = 9
_FILL = "FFFF00"
"""Behind what is still to be entered."""
_MARKED = {"bold": True, "font_color": "#C00000"}
_CHARTS = {"totals": "column", "shares": "pie", "bars": "bar"}


class _Page(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they are: ours hold no function that is younger than Excel 2007, which
    xlsxwriter looks for thirty times in each (half of the time that a large workbook takes)."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def export(document: Document, report: Report) -> bytes:
    """The bytes of an .xlsx file."""
    return written(sheets(document, report), document.title)


def written(sheets: list[Sheet], title: str) -> bytes:
    """The bytes of a workbook of these sheets."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "strings_to_numbers": False})
    book.set_properties({"title": clean(title)[:255], "created": _CREATED})
    formats: dict[Style, Any] = {}

    def looks(style: Style) -> Any:
        if style not in formats:
            formats[style] = book.add_format(_properties(style))
        return formats[style]

    marked = book.add_format(_MARKED)
    for sheet in sheets:
        _write(book, book.add_worksheet(sheet.name, _Page), sheet, looks, marked)
    book.close()
    return stream.getvalue()


def _properties(style: Style) -> dict[str, Any]:
    found: dict[str, Any] = {"font_name": style.font, "font_size": style.size, "valign": "vcenter"}
    if style.number:
        found["num_format"] = style.number
    if style.align:
        found["align"] = style.align
    if style.bold:
        found["bold"] = True
    if style.wrap:
        found["text_wrap"] = True
    if style.border:
        found["border"] = 1
    if style.fill:
        found["bg_color"] = "#" + style.fill
    if style.color:
        found["font_color"] = "#" + style.color
    return found


def _write(book: Any, page: Any, sheet: Sheet, looks: Any, marked: Any) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for row, height in sheet.heights.items():
        page.set_row(row, height)
    for box in sheet.boxes:
        open = isinstance(box.value, str) and OPEN.search(box.value)
        _put(page, box, looks(box.style._replace(fill=_FILL) if open else box.style), marked if open else None)
    if sheet.codes:
        page.ignore_errors({"number_stored_as_text": " ".join(sheet.codes)})
    for drawing in sheet.drawings:
        _draw(book, page, sheet.name, drawing)
    if sheet.frozen is not None:
        page.freeze_panes(*sheet.frozen)
    if sheet.repeated is not None:
        page.repeat_rows(*sheet.repeated)
    if sheet.printed is not None:
        page.print_area(*sheet.printed)
    if sheet.landscape:
        page.set_landscape()
    if sheet.hidden:
        page.hide()
    if sheet.color:
        page.set_tab_color("#" + sheet.color)
    page.hide_gridlines(0 if sheet.gridlines else 2)
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    if sheet.head:
        page.set_header('&C&"黑体,Bold"&14' + sheet.head)
    page.set_footer("&C- &P -")


def _put(page: Any, box: Box, look: Any, marked: Any) -> None:
    """Write a cell; `marked`: the letters of what is still to be entered, where it says so."""
    row, column, value = box.row, box.column, box.value
    if box.rows > 1 or box.columns > 1:
        page.merge_range(row, column, row + box.rows - 1, column + box.columns - 1, "", look)
    if box.formula:
        page.write_formula(row, column, "=" + box.formula, look, _cached(value))
    elif box.link:
        page.write_url(row, column, "internal:'" + box.link.replace("'", "''") + "'!A1", look, str(value))
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, look)
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), look)
    elif value and marked is not None and len(parts := list(pieces(value[:LONGEST]))) > 1:
        rich = [own for piece, open in parts for own in ([marked] * open + [piece])]
        page.write_rich_string(row, column, *rich, look)
    elif value:
        page.write_string(row, column, value[:LONGEST], look)
    else:
        page.write_blank(row, column, None, look)
    if box.comment:
        page.write_comment(row, column, box.comment, {"author": "juesuan", "x_scale": 2})


def _cached(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else "" if value is None else value


def _draw(book: Any, page: Any, name: str, drawing: Drawing) -> None:
    """A native chart of the figures that stand in the sheet."""
    chart = book.add_chart({"type": _CHARTS.get(drawing.kind, "column")})
    series: dict[str, Any] = {
        "categories": [name, drawing.first, drawing.labels, drawing.last, drawing.labels],
        "values": [name, drawing.first, drawing.values, drawing.last, drawing.values],
        "data_labels": {"percentage": True, "leader_lines": True} if drawing.kind == "shares" else {"value": True}}
    chart.add_series(series)
    chart.set_title({"name": drawing.title, "name_font": {"size": 12}})
    if drawing.kind != "shares":
        chart.set_legend({"none": True})
    if drawing.kind == "bars":
        chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 640, "height": 300})
    page.insert_chart(drawing.row, drawing.column, chart, {"x_offset": 8, "y_offset": 4})
