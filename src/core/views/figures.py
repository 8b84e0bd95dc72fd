"""Figures to choose from: found by table, row and column, in Chinese, by code or by pinyin initials."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple

from .. import pinyin
from ..formula_words import short
from ..references import FIGURES, references, shortest
from ..source import Cell

if TYPE_CHECKING:
    from ..report import Report

MOST = 100
"""So many figures are listed."""


class Figure(NamedTuple):
    """A figure: its cell, the name by which a text refers to it, its label, and what it prints now."""

    cell: Cell
    name: str
    label: str
    value: str


def figure(report: Report, cell: Cell) -> Figure:
    """The figure of a cell."""
    return Figure(cell, shortest(report, cell), report.label(cell), report.shown(cell, "narrative"))


def search(report: Report, text: str, limit: int = MOST) -> list[Figure]:
    """The figures that a typed text may mean: each of its words fits the table, the row or the
    column. Where all fit as well, totals and first columns come before the others. Where nothing is
    typed yet, the first row of each table."""
    words = text.lower().replace("·", " ").replace(".", " ").split()
    forms = {form.id: form.code for form in report.format.forms.values() if form.code}
    known: dict[tuple[str, ...], Ranks] = {}

    def ranks(*names: str) -> Ranks:
        if names not in known:
            known[names] = tuple(min(_rank(name, word) for name in names) for word in words)
        return known[names]

    found: list[tuple[int, int, Cell]] = []
    for table in report.taxonomy.tables.values():
        columns = [(column.id, ranks(short(column.label), column.label))
                   for column in table.columns.values() if column.kind in FIGURES]
        of_table = ranks(table.title, table.id, forms.get(table.id, ""))
        widest = _best(of_table, *(of_column for _id, of_column in columns))
        rows = report.rows(table.id) if columns else ()
        for row in rows if words else rows[:1]:
            label = report.name(row) if table.accounts and row != "total" else report.row_label(table.id, row)
            of_row = ranks(label, row)
            if NOT in _best(widest, of_row):
                continue
            for column, of_column in columns:
                fits = _best(of_table, of_row, of_column)
                if NOT not in fits:
                    second = (row != "total") + (column != table.primary)
                    found.append((sum(fits) * 4 + second, len(found), (table.id, row, column)))
    return [figure(report, cell) for _fit, _number, cell in nsmallest(limit, found)]


Ranks = tuple[int, ...]
"""How well each typed word fits a name: 0 all of it, 1 its beginning, 2 a part, NOT not at all."""

NOT = 9


def _best(*ranks: Ranks) -> Ranks:
    return tuple(map(min, zip(*ranks, strict=True))) if len(ranks) > 1 else ranks[0]


def _rank(name: str, word: str) -> int:
    lower = name.lower()
    if word in lower:
        return 0 if word == lower else 1 if lower.startswith(word) else 2
    found = pinyin.rank(name, word) if word.isascii() and word.isalpha() else None
    return NOT if found is None else found


def printed(report: Report, text: str) -> list[tuple[str, bool]]:
    """What the references of a text print, a line each: name, figure, place; and whether there is one."""
    found: dict[str, tuple[str, bool]] = {}
    for name in dict.fromkeys(each.name for each in references(text)):
        cell = None if name in ("{", "}") else report.graph.get((":reference", name))
        if isinstance(cell, tuple):
            own = figure(report, cell)
            found[name] = f"{name} = {own.value}  {own.label}", True
        else:
            found[name] = f"{name}  {cell or '{ }'}", False
    return list(found.values())
