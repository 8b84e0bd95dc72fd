"""Printed tables as sheets: laid out as they are published, every figure a formula over the facts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ...amounts import UNITS, round_half_up
from ...document import OPEN, Cell, Column, Table
from ...formula import UNDEFINED, Unknown
from ...formula_excel import Piece, Untranslatable, excel_formula, quoted, reading
from ...source import Cell as Fact
from ...taxonomy import NUMBERS
from ...text.width import width
from ..tables import head_rows, stands_out
from .places import View
from .sheet import DRAFT, Sheet, Style, clean, reference

if TYPE_CHECKING:
    from ...report import Report

TITLE = Style(size=16, bold=True, align="center", font="黑体")
HEADING = Style(size=12, bold=True)
LINE = Style(size=10)
HEAD = Style(align="center", bold=True, wrap=True, border=True)
NOTE = Style(size=9, wrap=True)

_WIDE_PAGE = 96  # columns of text that a page holds upright
_TALLEST = 409  # points: no row of a sheet is higher
_POINTS = 13.5  # a line of text
_NAME_MOST, _TEXT_MOST, _TEXT_LEAST = 44, 40, 8
_IRREGULAR = 100  # columns that a table without a head is wide, at least


class Shown(NamedTuple):
    """A figure of a form: the formula, its number format, what it comes to."""

    formula: str
    number: str
    value: str | Decimal


def form_sheet(sheet: Sheet, table: Table, headings: list[str], report: Report, view: View, draft: str) -> None:
    """Fill a sheet with a printed table, under the headings that stand before it; over them, where this
    is no more than a draft, a line that says so."""
    columns = table.columns
    last = len(columns) - 1
    widths = _widths(table)
    sheet.widths = [columns + 1.5 for columns in widths]
    down = 0
    if draft:
        sheet.put(down, 0, draft, DRAFT)
        down += 1
    for text in headings:
        sheet.put(down, 0, clean(text), HEADING)
        down += 1
    top = down
    sheet.put(down, 0, clean(table.title), TITLE._replace(wrap=True), columns=last + 1)
    sheet.heights[down] = 24 * _lines(table.title, sum(widths) * 10 / 16)
    down += 1
    if table.form:
        sheet.put(down, last, clean(table.form), LINE._replace(align="right"))
        down += 1
    if table.left or table.right:
        if table.left:
            sheet.put(down, 0, clean(table.left if last else f"{table.left}　{table.right}"), LINE)
        if table.right and (last or not table.left):
            sheet.put(down, last, clean(table.right), LINE._replace(align="right"))
        down += 1
    head = down
    down = _head(sheet, columns, widths, down)
    if down > head:
        keys = 0
        while keys < len(columns) and columns[keys].key and not any(column.panel for column in columns):
            keys += 1
        sheet.frozen = (down, keys)
        sheet.repeated = (head, down - 1)
    down = _body(sheet, table, widths, down, report, view)
    for note in table.notes:
        sheet.put(down, 0, clean(note), NOTE, columns=last + 1)
        sheet.heights[down] = _POINTS * _lines(note, sum(widths))
        down += 1
    sheet.printed = (top, 0, down - 1, last)
    sheet.landscape = sum(widths) > _WIDE_PAGE


def _head(sheet: Sheet, columns: tuple[Column, ...], widths: list[int], top: int) -> int:
    """The labels over the columns; equal neighbours on a level are one. The row below them."""
    heads = head_rows(columns)
    lines = [1] * len(heads)
    for level, cells in enumerate(heads):
        for head in cells:
            room = sum(widths[head.column:head.column + head.columns])
            text = head.label.replace("|", "")
            if head.leaf and width(text) > room:
                text = head.label.replace("|", "\n")
            sheet.put(top + level, head.column, clean(text), HEAD, rows=head.rows, columns=head.columns)
            for own in range(level, level + head.rows):
                lines[own] = max(lines[own], -(-_lines(text, room) // head.rows))
    for level, count in enumerate(lines):
        sheet.heights[top + level] = 4 + _POINTS * count
    return top + len(heads)


def _body(sheet: Sheet, table: Table, widths: list[int], top: int, report: Report, view: View) -> int:
    irregular = not any(column.header for column in table.columns)
    covered: dict[int, int] = {}  # column: how many more rows a cell above covers it
    for down, row in enumerate(table.rows, top):
        at = 0
        lines = 1
        strong = stands_out(table, row)
        for cell in row.cells:
            while covered.get(at, 0):
                covered[at] -= 1
                at += 1
            column = table.columns[at]
            style = Style(border=True, align=cell.align if cell.align != "left" else "", bold=strong, wrap=True)
            rows = min(cell.rows, top + len(table.rows) - down)
            _cell(sheet, cell, column, style, down, at, rows, report, view, table.unit)
            if cell.rows == 1:
                lines = max(lines, _lines(cell.text, sum(widths[at:at + cell.columns])))
            for own in range(at, at + cell.columns):
                if rows > 1:
                    covered[own] = rows - 1
            at += cell.columns
        for own in range(at, len(table.columns)):
            if covered.get(own, 0):
                covered[own] -= 1
        if lines > 1 or irregular:
            sheet.heights[down] = min(_TALLEST, 4 + _POINTS * lines)
    return top + len(table.rows)


def _cell(sheet: Sheet, cell: Cell, column: Column, style: Style, down: int, right: int, rows: int, report: Report,
          view: View, unit: str) -> None:
    span = {"rows": rows, "columns": cell.columns}
    shown = shown_cell(cell, report, view, unit)
    if shown is not None:
        sheet.put(down, right, shown.value, style._replace(number=shown.number), formula=shown.formula, **span)
    elif column.kind == "figure" and cell.text.isascii() and cell.text.isdigit() and not cell.address:
        # 行次, 栏次
        sheet.put(down, right, Decimal(cell.text), style._replace(align="center"), **span)
    else:
        if column.kind == "code" and cell.text:
            sheet.codes.append(reference(down, right))
            style = style._replace(number="@")
        sheet.put(down, right, clean(cell.text) or None, style, **span)


def _widths(table: Table) -> list[int]:
    """The width of every column in columns of text."""
    found = []
    irregular = not any(column.header for column in table.columns)
    texts = _single(table)
    for number, column in enumerate(table.columns):
        widest = max((width(line) for text in texts[number] for line in text.split("\n")), default=0)
        label = column.header[-1] if column.header else ""
        least = max((width(part) for part in label.split("|")), default=0)
        if column.kind == "name":
            least, widest = max(least, 12), min(widest, _NAME_MOST)
        elif column.kind == "text":
            least, widest = max(min(least, 20), _TEXT_LEAST), min(widest, 18 if irregular else _TEXT_MOST)
        found.append(max(least, widest, 6))
    if irregular and sum(found) < _IRREGULAR:
        found = [own * _IRREGULAR // sum(found) for own in found]
    return found


def _single(table: Table) -> list[list[str]]:
    """The texts of each column, of cells that stand in one column alone."""
    found: list[list[str]] = [[] for _column in table.columns]
    covered: dict[int, int] = {}
    for row in table.rows:
        at = 0
        for cell in row.cells:
            while covered.get(at, 0):
                covered[at] -= 1
                at += 1
            if cell.columns == 1:
                found[at].append(cell.text)
            for own in range(at, at + cell.columns):
                if cell.rows > 1:
                    covered[own] = cell.rows - 1
            at += cell.columns
        for own in range(at, len(table.columns)):
            if covered.get(own, 0):
                covered[own] -= 1
    return found


def _lines(text: str, columns: float) -> int:
    """How many lines a text takes in a cell so wide."""
    return sum(max(1, -int(-width(line) // max(columns, 1))) for line in text.split("\n"))


# ── figures ──


def shown_cell(cell: Cell, report: Report, view: View, unit: str = "") -> Shown | None:
    """The formula of a printed cell, in the unit of its table ('': the format's); None for words, and for
    what no formula gives as it is printed."""
    suffix = f":{unit}" if unit else ""
    if not cell.text or OPEN.search(cell.text):  # a formula would say 0
        return None
    if cell.parts:
        return _put_together(cell, report, view, "table" + suffix)
    if not cell.address:
        return None
    table, row, column = cell.address.split(".")
    fact = (table, row, column)
    for place in ("table" + suffix, "narrative" + suffix):
        if cell.text == report.shown(fact, place):
            return _figure(fact, cell.text, report, view, place)
    return None


def _figure(fact: Fact, text: str, report: Report, view: View, place: str) -> Shown | None:
    column = report.taxonomy.tables[fact[0]].columns[fact[2]]
    piece = reading(view, fact)
    value = report.value(fact)
    if column.kind == "amount":
        return amount(piece, value, text, report, view, place)
    if column.kind == "percent":
        style = report.format.numbers
        loose = style.get("percent_trim") or style.get("percent_whole")
        decimals = style["percent_decimals"]
        undefined = quoted(style.get("undefined", "—"))
        return Shown(f'IF({piece.text}="",{undefined},ROUND({piece.text}*100,{decimals}))',
                     _pattern(text) if loose and value is not UNDEFINED else _pattern("0." + "0" * decimals),
                     text if value is UNDEFINED else Decimal(text.replace(",", "")))
    if column.kind in NUMBERS:
        return Shown(piece.value, "", value)
    if column.kind == "flag":
        return Shown(f'IF({piece.condition},"是","否")', "", text)
    return Shown(piece.value, "", clean(text))


def amount(piece: Piece, value: Decimal, text: str, report: Report, view: View, place: str = "table") -> Shown:
    """An amount (元) as it is printed at a place (`Report.show`)."""
    numbers = report.format.numbers
    style, _colon, unit = place.partition(":")
    if numbers.get(style + "_trim"):
        number = _pattern(text) if numbers.get(style + "_thousands") else ""
    else:
        number = _pattern(("1,0" if numbers.get(style + "_thousands") else "") + "0." + "0" * report.decimals)
    scale = UNITS[unit or numbers["unit"]]
    return Shown(printed(piece, report, view, scale), number, round_half_up(value / scale, report.decimals))


def printed(piece: Piece, report: Report, view: View, scale: Decimal) -> str:
    """An amount in the unit (`scale` 元) and with the decimals that are printed."""
    if scale == view.scale:
        text = piece.text
    elif scale > view.scale:
        text = f"{piece.within(3)}/{scale / view.scale:f}"
    else:
        text = f"{piece.within(3)}*{view.scale / scale:f}"
    return f"ROUND({text},{report.decimals})"


def _pattern(text: str) -> str:
    """The number format in which a number looks like `text`."""
    decimals = len(text.partition(".")[2])
    whole = "#,##0" if "," in text else "0"
    return whole + ("." + "0" * decimals if decimals else "")


def _put_together(cell: Cell, report: Report, view: View, place: str) -> Shown | None:
    """A text of words and figures, each as it is printed; a single computed amount."""
    if len(cell.parts) == 1:
        formula, row = cell.parts[0]
        try:
            piece = excel_formula(formula, view, row)
        except Untranslatable:
            return None
        if piece.kind == "number" and not piece.plain and piece.number is None and formula.refs:
            return _computed(formula.type.kind, piece, cell.text, report, view, place)
        return Shown(piece.value, "", clean(cell.text)) if piece.kind == "text" and formula.refs else None
    texts = [_part(part, report, view) for part in cell.parts]
    if None in texts or all(isinstance(part, str) for part in cell.parts):
        return None
    joined = "&".join(text for text in texts if text)
    try:
        plain = "".join(_plain(part, report) for part in cell.parts)
    except Unknown:
        return None
    if plain != cell.text:  # a blank at its end was left out
        if plain.strip() != cell.text or "  " in plain.strip():
            return None
        joined = f"TRIM({joined})"
    return Shown(joined, "", clean(cell.text))


def _computed(kind: str, piece: Piece, text: str, report: Report, view: View, place: str) -> Shown | None:
    """A figure that a formula of the format gives, as it is printed."""
    if not _is_number(text) or piece.money != (kind == "amount"):
        return None
    number = Decimal(text.replace(",", ""))
    if kind == "amount":
        unit = place.partition(":")[2]
        value = number * UNITS[unit or report.format.numbers["unit"]]
        other = "narrative" + place.removeprefix("table")
        return amount(piece, value, text, report, view, place if report.show(value, kind, place) == text else other)
    if kind == "percent":
        decimals = report.format.numbers["percent_decimals"]
        return Shown(f"ROUND({piece.within(3)}*100,{decimals})", _pattern(text), number)
    return Shown(f"ROUND({piece.text},4)", "", number)


def _part(part: Any, report: Report, view: View) -> str | None:
    if isinstance(part, str):
        return quoted(part)
    formula, row = part
    try:
        piece = excel_formula(formula, view, row)
    except Untranslatable:
        return None
    if piece.kind == "text":
        return piece.text
    if piece.kind == "number" and not piece.money and formula.type.kind != "percent":
        return f"ROUND({piece.text},4)" if formula.reference is None or piece.exact else None
    return None


def _plain(part: Any, report: Report) -> str:
    """What a part says."""
    if isinstance(part, str):
        return part
    formula, row = part
    return report.worth(formula(report.values, row), formula.type.kind)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace("-", "", 1).replace(".", "", 1).isdigit()
