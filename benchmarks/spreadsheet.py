"""The tables of a report as sheets of formulas, for a spreadsheet to recalculate.

Every entered figure is a value and every derived one a formula over cells, as an accountant
would have built them: a parent is the sum of its children, a column the sum of its columns.
What a spreadsheet formula does not say well (grades, met targets) stands as its value.
"""

from __future__ import annotations

import ast
from decimal import Decimal
from typing import Any, NamedTuple

from juesuan.core.formula import Formula, owner_of
from juesuan.core.report import Report
from juesuan.core.source import Cell

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class Workbook(NamedTuple):
    """Sheets by name, each a rectangle of what stands in its cells; where each cell of the report
    stands: sheet, row, column, from 0; how many formulas there are."""

    sheets: dict[str, list[list[str]]]
    places: dict[Cell, tuple[str, int, int]]
    formulas: int


def workbook(report: Report) -> Workbook:
    """The workbook of a report."""
    places: dict[Cell, tuple[str, int, int]] = {}
    for table in report.taxonomy.tables.values():
        for down, row in enumerate(report.rows(table.id)):
            for right, column in enumerate(table.columns):
                places[table.id, row, column] = (table.id, down, right)
    book = Workbook({}, places, 0)
    count = 0
    for table in report.taxonomy.tables.values():
        rows: list[list[str]] = []
        for row in report.rows(table.id):
            rows.append([])
            for column in table.columns:
                text = _cell(report, book, (table.id, row, column))
                count += text.startswith("=")
                rows[-1].append(text)
        if rows:
            book.sheets[table.id] = rows
    return book._replace(formulas=count)


def name(book: Workbook, cell: Cell, sheet: str) -> str:
    """A cell's name in formulas of a sheet: C7, or $income.C7 from another sheet."""
    own, row, column = book.places[cell]
    letters = chr(ord("A") + column)
    return f"{letters}{row + 1}" if own == sheet else f"${own}.{letters}{row + 1}"


def _cell(report: Report, book: Workbook, cell: Cell) -> str:
    table = report.taxonomy.tables[cell[0]]
    value = report.value(cell)
    if cell not in report.source.official:
        children = report.graph.get((":tree", table.id)).get(cell[1]) if table.accounts else None
        if children is not None and table.columns[cell[2]].down:
            return "=" + (_sum([name(book, (cell[0], child, cell[2]), table.id) for child in children]) or "0")
        formula = table.formula(cell[1], cell[2])
        if formula is not None and isinstance(value, Decimal):
            text = _formula(report, book, formula, cell)
            if text is not None:
                return "=" + text
    return format(value, "f") if isinstance(value, Decimal) else ""


def _sum(names: list[str]) -> str:
    """SUM over names, neighbours as ranges, so that no formula is longer than a spreadsheet takes."""
    runs: list[list[str]] = []
    for one in names:
        last = runs[-1][-1] if runs else ""
        if last and one[0] == last[0] and one[1:].isdigit() and int(one[1:]) == int(last[1:]) + 1:
            runs[-1][1:] = [one]
        else:
            runs.append([one])
    parts = [":".join(run) for run in runs]
    groups = [f"SUM({';'.join(parts[start : start + 200])})" for start in range(0, len(parts), 200)]
    return "+".join(groups)


def _formula(report: Report, book: Workbook, formula: Formula, cell: Cell) -> str | None:
    """The formula over cells, or None where a spreadsheet has no words for it."""

    def text_of(node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Name):
            return {"_row": cell[1], "_column": cell[2]}[node.id]
        if isinstance(node, ast.BinOp):
            return text_of(node.left) + text_of(node.right)
        assert isinstance(node, ast.Call)
        return owner_of(text_of(node.args[0]))

    def say(node: ast.expr) -> str:
        if isinstance(node, ast.BinOp):
            return f"({say(node.left)}{_SIGNS[type(node.op)]}{say(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{say(node.operand)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cell":
            own = (text_of(node.args[0]), text_of(node.args[1]), text_of(node.args[2]))
            return name(book, own, cell[0]) if own in book.places else "0"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_sum":
            return _sum(_range(node.args[0])) or "0"
        raise LookupError

    def _range(node: Any) -> list[str]:
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "range":
            raise LookupError
        table, selector, column = (text_of(argument) for argument in node.args[:3])
        rows = report.values.selected(table, selector, cell[1])
        return [name(book, (table, row, column), cell[0]) for row in rows if (table, row, column) in book.places]

    try:
        return say(formula.tree)
    except LookupError:
        return None
