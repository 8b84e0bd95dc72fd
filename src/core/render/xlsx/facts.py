"""The sheets of facts, one a fact table: entries as numbers, all else as formulas between them.

Besides them a sheet for each part of the source that is no table, so that the workbook holds all that
was entered. Their shape is a promise to whatever reads them: docs/workbook.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ...amounts import ZERO
from ...document import placeholder
from ...formula import UNDEFINED, Formula
from ...formula_excel import Untranslatable, reading
from ...formula_words import formula_words
from ...progress import reached_tables
from ...reach import reached
from ...source import Cell, Entry, address, is_derived
from ...taxonomy import Column, Table
from .places import FIRST_COLUMN, FIRST_ROW, Facts, View, derivation, exact
from .sheet import LONGEST, Names, Sheet, Style, clean, decimal, reference

if TYPE_CHECKING:
    from ...report import Report

MARK = "juesuan:"
LAYOUT = 1

_GREY = "808080"
_MACHINE = Style(size=8, color=_GREY)
_HEAD = Style(bold=True, wrap=True, align="center", border=True, fill="E7ECF3")
_KEY = Style(number="@", border=True, color=_GREY)
_LABEL = Style(border=True)
_ENTERED = Style(border=True, color="1F3FBF")  # what was entered is blue, as accountants have it
_DERIVED = Style(border=True)
_FIXED = Style(border=True, fill="FFF2CC")
_TAB = "A6A6A6"


def fact_sheets(facts: Facts, names: Names) -> Iterator[Sheet]:
    """All sheets of facts: the tables, then the other parts of the source. What has no order in the report is
    sorted, so that two sources that say the same make the same workbook."""
    written: list[tuple[str, str, str]] = []
    for table in facts.tables.values():
        yield _table_sheet(facts, table, written)
    yield from _part_sheets(facts, names, written)


def _table_sheet(facts: Facts, table: Table, written: list[tuple[str, str, str]]) -> Sheet:
    report = facts.report
    sheet = _sheet(facts.sheets[table.id], table.id, [*table.columns], "行",
                   [_headed(report, column) for column in table.columns.values()],
                   [9 if table.accounts else 22, 34])
    view = facts.seen_from(table.id)
    fixed: dict[str, str] = {}  # columns whose formulas a spreadsheet has no words for
    used = False
    for row, down in facts.rows[table.id].items():
        sheet.put(down, 0, row, _KEY)
        sheet.put(down, 1, clean(_named(report, table, row)), _LABEL)
        for column in table.columns.values():
            used |= _fact(facts, view, sheet, (table.id, row, column.id), down, written, fixed)
    for name, comment in fixed.items():
        head = next(at for at, box in enumerate(sheet.boxes)
                    if box.row == 1 and box.column == facts.columns[table.id][name])
        sheet.boxes[head] = sheet.boxes[head]._replace(comment=comment)
    for column in table.columns.values():
        sheet.widths.append(_wide(column))
    sheet.hidden = not used
    return sheet


def _fact(facts: Facts, view: View, sheet: Sheet, cell: Cell, down: int, written: list[tuple[str, str, str]],
          fixed: dict[str, str]) -> bool:
    """One fact in its place. Is there anything to see?"""
    report = facts.report
    table = facts.tables[cell[0]]
    column = table.columns[cell[2]]
    right = facts.columns[cell[0]][cell[2]]
    official = report.source.official.get(cell)
    entry = official or report.source.entries.get(cell)
    if entry is not None:
        value = _stored(entry.value, column, facts.scale)
        key = ("official:" if official else "") + address(cell)
        _note(written, key, report, cell, entry, column, facts.scale)
        comment = ""
        style = _ENTERED
        if official is not None:
            style = _FIXED
            computed = _stored(report.computed(cell), column, facts.scale)
            shown = format(decimal(computed), "f") if isinstance(computed, Decimal) else computed or placeholder()
            comment = f"公开数。由公式算出的是 {shown}。"
        sheet.put(down, right, value, _look(style, column, entry.value, facts.scale), comment=comment)
        return True
    if not is_derived(table, cell[1], cell[2]):
        sheet.put(down, right, None, _look(_ENTERED, column))
        return False
    value = report.value(cell)
    if value is None:  # a formula would say 0
        asked = (table.id, cell[1].rpartition("/")[2] if table.lines else "*", column.id) in reached(report.format)
        sheet.put(down, right, placeholder() if asked else None, _look(_DERIVED, column))
        return False
    if column.kind in ("text", "choice") and not value and table.formula(cell[1], cell[2]) is None:
        sheet.put(down, right, None, _look(_DERIVED, column))
        return False
    stored = "" if value is UNDEFINED else _stored(value, column, facts.scale)
    try:
        piece = derivation(report, view, cell)
        sheet.put(down, right, stored, _look(_FIXED if piece.judged else _DERIVED, column),
                  formula=exact(piece, column, facts.scale))
        if piece.judged:
            fixed.setdefault(cell[2], "黄底的格里，对文字的判断（是否达到、完成率）是导出时的，不随文字变。"
                             + _worded(report, table.formula(cell[1], cell[2])))
    except Untranslatable:
        fixed[cell[2]] = "黄底的格由程序算好，不是公式。" + _worded(report, table.formula(cell[1], cell[2]))
        sheet.put(down, right, stored, _look(_FIXED, column))
    return isinstance(value, Decimal) and value != 0


def _worded(report: Report, formula: Formula | None) -> str:
    if formula is None:
        return ""
    words = formula_words(report.taxonomy, formula.text, formula.scope.table, formula.scope.bare, report.name)
    return f"算法：{words}。"


def _stored(value: Any, column: Column, scale: Decimal) -> Any:
    """A value as its cell holds it."""
    if column.kind == "amount" and value is not None:
        return value / scale
    return clean(value)[:LONGEST] if isinstance(value, str) else value


def _look(style: Style, column: Column, value: Any = None, scale: Decimal = ZERO) -> Style:
    """The style with the number format of the column; an amount shows as many decimals as it was written with."""
    decimals = 2
    if column.kind == "amount" and isinstance(value, Decimal):
        decimals = min(8, max(2, -(value / scale).as_tuple().exponent))  # type: ignore[operator]
    return _numbered(style, column.kind, decimals)


@cache
def _numbered(style: Style, kind: str, decimals: int) -> Style:
    number = {"amount": "#,##0." + "0" * decimals, "percent": "0.00%", "text": "@", "choice": "@"}.get(kind, "")
    return style._replace(number=number) if number else style


def _note(written: list[tuple[str, str, str]], key: str, report: Report, cell: Cell, entry: Entry, column: Column,
          scale: Decimal) -> None:
    """Keep what a cell can't hold as it was written: zeros at the end, more digits than a binary
    number has, a very long text."""
    value = entry.value
    if isinstance(value, str):
        if len(value) > LONGEST:
            written.append((key, label(report, cell), value))
    elif isinstance(value, Decimal):
        number = value / scale if column.kind == "amount" else value
        short = decimal(number)
        decimals = -number.as_tuple().exponent  # type: ignore[operator]
        least = 2 if column.kind == "amount" else 0
        if (number and decimals > max(least, -short.as_tuple().exponent)  # type: ignore[operator]
                and column.kind == "amount") or Decimal(repr(float(number))) != number:
            written.append((key, label(report, cell), format(number, "f")))


def _headed(report: Report, column: Column) -> str:
    unit = {"amount": f"（{report.source.unit}）", "percent": ""}.get(column.kind, "")
    return column.label + unit


def _named(report: Report, table: Table, row: str) -> str:
    """What a row is called; the same in every language of the program."""
    if table.accounts:
        return "合计" if row == "total" else report.name(row)
    if table.lines:
        return table.lines[row.rpartition("/")[2]].label
    named: str = report.value((table.id, row, table.label)) if table.label else ""
    return named


def label(report: Report, cell: Cell) -> str:
    """A fact in words: table · row · column."""
    table = report.taxonomy.tables[cell[0]]
    code = cell[1] if table.accounts and cell[1] != "total" else ""
    row = " ".join(part for part in (code, _named(report, table, cell[1])) if part) or f"第{cell[1]}条"
    column = table.columns[cell[2]].label if len(table.columns) > 1 else ""
    return "·".join(part for part in (table.title, row, column) if part)


def _wide(column: Column) -> float:
    if column.long:
        return 50
    return {"amount": 18, "text": 24, "flag": 9}.get(column.kind, 12)


# ── the other parts of the source ──


class _Line(NamedTuple):
    key: str
    label: str
    values: tuple[Any, ...]
    formulas: tuple[str, ...] = ()


def _part_sheets(facts: Facts, names: Names, written: list[tuple[str, str, str]]) -> Iterator[Sheet]:
    report = facts.report
    source = report.source
    about = [("layout", str(LAYOUT)), ("format", report.format.id), ("year", str(source.year)),
             ("department", source.department), ("unit", source.unit), ("prior", source.prior_file),
             ("catalogue", source.catalogue_file), ("schema", str(source.schema)),
             ("none", ", ".join(_nothing(report)))]
    yield _part(names.make("数据·报告"), "[report]", ["value"], ["内容"],
                [_Line(key, "", (value,)) for key, value in about if value])
    prose = report.format.prose
    yield _part(names.make("数据·文字"), "[prose]", ["text"], ["文字"],
                [_Line(id, prose[id].label if id in prose else "", (text,))
                 for id, text in sorted(source.prose.items()) if text])
    yield _part(names.make("数据·主要原因"), "[reasons]", ["text"], ["主要原因"],
                [_Line(address(cell), label(report, cell), (text,))
                 for cell, text in sorted(source.reasons.items()) if text])
    yield _part(facts.prior_sheet, "[prior]", ["value"], ["上年数"],
                [_figure(facts, "prior:", cell, source.prior[cell], written) for cell in sorted(source.prior)])
    yield _part(names.make("数据·公开数"), "[official]", ["value", "computed", "difference"],
                ["公开数", "算出的数", "差额"],
                [_official(facts, cell) for cell in sorted(source.official)])
    yield _part(names.make("数据·科目名称"), "[accounts]", ["text"], ["名称"],
                [_Line(code, "", (name,)) for code, name in sorted(source.accounts.items())])
    yield _part(names.make("数据·名词"), "[glossary]", ["text"], ["文字"],
                [_Line(term, "", (text,)) for term, text in source.glossary.items()])
    yield _part(names.make("数据·写法"), "[written]", ["text"], ["源文件的写法"],
                [_Line(key, label, (text,)) for key, label, text in written])


def _nothing(report: Report) -> Iterator[str]:
    """The tables of which it is stated that there is nothing, those of a record with its row. A source of
    schema 1 says so by leaving tables empty: what reads the workbook need not know of that."""
    source, old = report.source, report.source.schema == 1
    asked = reached_tables(report.format) if old else set()
    for table in report.taxonomy.tables.values():
        for owner in report.rows(table.owner) if table.owner else ("",):
            rows = report.filled[table.id] if table.accounts else report.values.selected(table.id, "own", owner) \
                if owner else source.rows[table.id]
            empty = old and table.id in asked and table.entered and not table.lines and not rows
            if (table.id, owner) in source.absent or (empty and not report.lacks(table.id, owner)):
                yield f"{table.id}.{owner}" if owner else table.id


def _figure(facts: Facts, before: str, cell: Cell, entry: Entry, written: list[tuple[str, str, str]]) -> _Line:
    column = facts.tables[cell[0]].columns[cell[2]]
    _note(written, before + address(cell), facts.report, cell, entry, column, facts.scale)
    return _Line(address(cell), label(facts.report, cell), (_stored(entry.value, column, facts.scale),))


def _official(facts: Facts, cell: Cell) -> _Line:
    """An official figure, what it stands for, and how far they are apart."""
    report = facts.report
    table = facts.tables[cell[0]]
    column = table.columns[cell[2]]
    view = facts.seen_from("")
    value = _stored(report.value(cell), column, facts.scale)
    computed = _stored(report.computed(cell), column, facts.scale)
    if not isinstance(value, Decimal) or computed is None:
        known = placeholder() if computed is None else computed
        return _Line(address(cell), label(report, cell), (value, known, ""))
    try:
        text = exact(derivation(report, view, cell), column, facts.scale)
    except Untranslatable:
        text = ""
    return _Line(address(cell), label(report, cell), (value, computed, value - computed),
                 (reading(view, cell).text, text, "ROUND({value}-{computed},6)"))


def _part(name: str, id: str, columns: list[str], heads: list[str], lines: list[_Line]) -> Sheet:
    sheet = _sheet(name, id, columns, "项目", heads, [36, 50])
    down = FIRST_ROW
    for line in lines:
        parts = _chunks(line.values[0]) if isinstance(line.values[0], str) else [line.values[0]]
        for first in parts:
            sheet.put(down, 0, clean(line.key), _KEY)
            sheet.put(down, 1, clean(line.label), _LABEL)
            for number, value in enumerate((first, *line.values[1:])):
                formula = line.formulas[number] if line.formulas else ""
                formula = formula.format(value=reference(down, 2), computed=reference(down, 3)) \
                    if formula.startswith("ROUND({") else formula
                style = Style(border=True, wrap=True, number="@") if isinstance(value, str) else Style(
                    border=True, number="#,##0.00####")
                sheet.put(down, FIRST_COLUMN + number, value, style, formula=formula)
            down += 1
    sheet.widths += [60 if columns[0] in ("text", "value") and len(columns) == 1 else 20] * len(columns)
    sheet.hidden = not lines
    return sheet


def _chunks(text: str) -> list[str]:
    text = clean(text)
    return [text[start:start + LONGEST] for start in range(0, len(text), LONGEST)] or [""]


def _sheet(name: str, id: str, columns: list[str], key: str, heads: list[str], widths: list[float]) -> Sheet:
    """A sheet with its head for programs and its head for people."""
    sheet = Sheet(name)
    sheet.color = _TAB
    sheet.gridlines = True
    sheet.landscape = True
    sheet.frozen = (FIRST_ROW, FIRST_COLUMN)
    sheet.repeated = (1, 1)
    sheet.heights[1] = 30
    sheet.widths = list(widths)
    for number, text in enumerate([MARK + id, "label", *columns]):
        sheet.put(0, number, text, _MACHINE)
    for number, text in enumerate([key, "名称", *heads]):
        sheet.put(1, number, clean(text), _HEAD)
    return sheet
