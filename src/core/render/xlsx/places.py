"""Where every fact stands in the workbook, and what a derived one is there: a formula over others."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...amounts import UNITS
from ...formula import Formula, Scope, Unknown
from ...formula_excel import Piece, Untranslatable, excel_formula, kind_of, summed
from ...source import Cell, is_summed
from ...taxonomy import NUMBERS, Column, Table
from .sheet import Names, letters, prefix, reference, stretches

if TYPE_CHECKING:
    from ...report import Report

_LONGEST_FORMULA = 8000  # characters: spreadsheets take 8192

FIRST_ROW, FIRST_COLUMN = 2, 2
"""Where the facts of a sheet begin, under its two heads and beside the ids and the names of its rows."""


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
        try:
            return Formula("", (), tree, Scope({}))(self.report.values, row, column)
        except Unknown:
            raise Untranslatable from None


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
    """The sum of a parent's children, as Report.way has it where there are official figures, whatever is changed:
    of the tails below and beside, the greater of two in the same direction, both of two in opposite ones."""
    formula = table.columns[cell[2]].formula
    money = table.columns[cell[2]].kind == "amount"
    down = Piece(summed(view.ranges(table.id, children, cell[2])), money=money)
    if formula is None or cell[:2] not in report.official_rows:
        return down
    across = excel_formula(formula, view, cell[1], cell[2])
    official = [row for id, row in report.official_rows if id == table.id]
    tails = [f"{view.at((table.id, child, cell[2]))}-{excel_formula(formula, view, child, cell[2]).within(3)}"
             for child in children
             if view.at((table.id, child, cell[2])) and any(row.startswith(child) for row in official)]
    if not tails:
        return across
    below = "+".join(tails)
    beside = f"{across.text}-{down.text}+{below}"
    text = f"{down.text}-({below})+MAX(0,{below},{beside})+MIN(0,{below},{beside})"
    if len(text) > _LONGEST_FORMULA:
        raise Untranslatable
    return Piece(text, level=2, money=money)


def exact(piece: Piece, column: Column, scale: Decimal) -> str:
    """The formula, with sums of amounts freed of what binary fractions leave behind."""
    if piece.plain or not piece.exact or piece.number is not None or piece.kind != "number" or piece.text == "0":
        return piece.value
    if column.kind == "amount":
        return f"ROUND({piece.text},{2 if scale == 1 else 6})"
    return f"ROUND({piece.text},4)" if column.kind == "score" else piece.text
