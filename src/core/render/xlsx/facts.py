"""The sheets of facts, one a fact table: entries as numbers, all else as formulas between them.

Besides them a sheet for each part of the source that is no table, so that the workbook holds all that
was entered. Their shape is a promise to whatever reads them: docs/workbook.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ...amounts import UNITS, ZERO
from ...formula import Formula, Scope
from ...formula_excel import Piece, Untranslatable, excel_formula, kind_of, reading, summed
from ...formula_words import formula_words
from ...source import Cell, Entry, address, is_derived, is_summed
from ...taxonomy import NUMBERS, Column, Table
from .sheet import LONGEST, Names, Sheet, Style, clean, decimal, letters, prefix, reference, stretches

if TYPE_CHECKING:
    from ...report import Report

MARK = "juesuan:"
LAYOUT = 1
FIRST_ROW, FIRST_COLUMN = 2, 2

_GREY = "808080"
_MACHINE = Style(size=8, color=_GREY)
_HEAD = Style(bold=True, wrap=True, align="center", border=True, fill="E7ECF3")
_KEY = Style(number="@", border=True, color=_GREY)
_LABEL = Style(border=True)
_ENTERED = Style(border=True, color="1F3FBF")  # what was entered is blue, as accountants have it
_DERIVED = Style(border=True)
_FIXED = Style(border=True, fill="FFF2CC")
_TAB = "A6A6A6"


class Facts:
    """Where every fact stands: sheets by table, rows and columns counted from 0."""

    def __init__(self, report: Report, names: Names) -> None:
        self.report = report
        self.tables = report.taxonomy.tables
        self.scale = UNITS[report.source.unit]
        self.sheets = {table.id: names.make("数据·" + table.title) for table in self.tables.values()}
        self.rows = {table.id: {row: FIRST_ROW + n for n, row in enumerate(_rows(report, table))}
                     for table in self.tables.values()}
        self.columns = {table.id: {column: FIRST_COLUMN + n for n, column in enumerate(table.columns)}
                        for table in self.tables.values()}
        self.prior_sheet = names.make("数据·上年数")
        self.prior_rows = {cell: FIRST_ROW + n for n, cell in enumerate(sorted(report.source.prior))}

    def seen_from(self, table: str) -> View:
        """The places as the formulas of a table's sheet name them; '' for any other sheet."""
        return View(self, self.sheets.get(table, ""))


class View:
    """The places of facts (formula_excel.Places), seen from a sheet."""

    def __init__(self, facts: Facts, sheet: str) -> None:
        self.facts = facts
        self.sheet = sheet
        self.scale = facts.scale
        self.report = facts.report

    def at(self, cell: Cell) -> str:
        table, row, column = cell
        sheet = self.facts.sheets[table]
        there = self.facts.rows[table].get(row)
        right = self.facts.columns[table][column]
        if there is not None:
            return reference(there, right, "" if sheet == self.sheet else sheet)
        if sheet == self.sheet or not self.facts.tables[table].accounts or \
                self.facts.tables[table].columns[column].kind not in NUMBERS:
            return ""
        start, name = prefix(sheet), letters(right)
        return f'SUMIF({start}$A:$A,"{row}",{start}${name}:${name})'

    def prior(self, cell: Cell) -> str:
        row = self.facts.prior_rows.get(cell)
        return "" if row is None else reference(row, FIRST_COLUMN, self.facts.prior_sheet)

    def ranges(self, table: str, rows: Iterable[str], column: str) -> list[str]:
        known = self.facts.rows[table]
        sheet = self.facts.sheets[table]
        start = "" if sheet == self.sheet else prefix(sheet)
        name = letters(self.facts.columns[table][column] if column else 0)
        return [start + (f"{name}{first + 1}" if first == last else f"{name}{first + 1}:{name}{last + 1}")
                for first, last in stretches(known[row] for row in rows if row in known)]

    def column(self, table: str, column: str) -> Column:
        return self.facts.tables[table].columns[column]

    def selected(self, table: str, selector: str, row: str) -> Iterable[str]:
        return self.report.values.selected(table, selector, row)

    def judged(self, tree: ast.expr, row: str, column: str) -> Any:
        return Formula("", (), tree, Scope({}))(self.report.values, row, column)


def _rows(report: Report, table: Table) -> list[str]:
    """The rows of a table; of accounts those under which there is something, so that rows that wait for a
    figure make no difference."""
    rows = report.rows(table.id)
    if not table.accounts:
        return list(rows)
    source = report.source
    used = {"total"}
    for row in rows:
        cells = [(table.id, row, column) for column in table.columns]
        if any(cell in source.entries or cell in source.official or report.value(cell) for cell in cells):
            used.update((row[:3], row[:5], row))
    return [row for row in rows if row in used]


def derivation(report: Report, view: View, cell: Cell) -> Piece:
    """The formula of a derived cell. Raises Untranslatable."""
    table = report.taxonomy.tables[cell[0]]
    column = table.columns[cell[2]]
    if is_summed(table, cell[1], cell[2]):
        children = report.graph.get((":tree", table.id)).get(cell[1])
        if children is not None:
            return _sum_of(report, view, table, cell, children)
        if (table.id, cell[1]) not in report.official_rows:
            return Piece("0")
    formula = table.formula(cell[1], cell[2])
    if formula is None:
        raise Untranslatable
    piece = excel_formula(formula, view, cell[1], cell[2])
    if piece.kind != kind_of(column):
        raise Untranslatable
    return piece


def _sum_of(report: Report, view: View, table: Table, cell: Cell, children: tuple[str, ...]) -> Piece:
    """The sum of a parent's children, as Report.derived has it where there are official figures: what
    those add below stays where other figures change."""
    formula = table.columns[cell[2]].formula
    money = table.columns[cell[2]].kind == "amount"
    if formula is None or cell[:2] not in report.official_rows:
        return Piece(summed(view.ranges(table.id, children, cell[2])), money=money)
    total = excel_formula(formula, view, cell[1], cell[2])
    official = [row for id, row in report.official_rows if id == table.id]
    for child in children:
        if view.at((table.id, child, cell[2])) and any(row.startswith(child) for row in official):
            piece = excel_formula(formula, view, child, cell[2])
            total = Piece(f"{total.text}+{view.at((table.id, child, cell[2]))}-{piece.within(3)}", level=2, money=money)
    return total


def exact(piece: Piece, column: Column, scale: Decimal) -> str:
    """The formula, with sums of amounts freed of what binary fractions leave behind."""
    if piece.plain or not piece.exact or piece.number is not None or piece.kind != "number" or piece.text == "0":
        return piece.value
    if column.kind == "amount":
        return f"ROUND({piece.text},{2 if scale == 1 else 6})"
    return f"ROUND({piece.text},4)" if column.kind == "score" else piece.text


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
            computed = _stored(report.derived(table, cell, report.values), column, facts.scale)
            shown = format(decimal(computed), "f") if isinstance(computed, Decimal) else computed
            comment = f"公开数。由公式算出的是 {shown}。"
        sheet.put(down, right, value, _look(style, column, entry.value, facts.scale), comment=comment)
        return True
    if not is_derived(table, cell[1], cell[2]):
        sheet.put(down, right, None, _look(_ENTERED, column))
        return False
    value = report.value(cell)
    if column.kind in ("text", "choice") and not value and table.formula(cell[1], cell[2]) is None:
        sheet.put(down, right, None, _look(_DERIVED, column))
        return False
    stored = "" if value is None else _stored(value, column, facts.scale)
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
    if column.kind == "amount":
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
             ("catalogue", source.catalogue_file)]
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
    computed = _stored(report.derived(table, cell, report.values), column, facts.scale)
    if not isinstance(value, Decimal):
        return _Line(address(cell), label(report, cell), (value, computed, ""))
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
