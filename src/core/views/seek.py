"""Seeking: the places of a report that a typed word may mean."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .. import pinyin
from ..explain import find_cell
from ..reach import owned_tables, shown
from ..source import Cell
from ..taxonomy import NUMBERS
from .sheets import section_tables

if TYPE_CHECKING:
    from ..report import Report
    from ..taxonomy import Table


class Hit(NamedTuple):
    """A place: a cell, or a text that is written (its id as the only part)."""

    cell: tuple[str, ...]
    label: str


def seek(report: Report, text: str, contents: bool = True, first: str = "") -> Iterator[Hit]:
    """The places that a text may mean, the likeliest first: an address or printed name
    (公开05表.2010550.小计); rows by code, name or pinyin initials; columns and written texts by name;
    with `contents`, what stands in the cells. In the order of the report, the table `first` before others."""
    text = text.strip()
    if not text:
        return
    found: dict[tuple[str, ...], None] = {}
    for cell in _places(report, text, contents, first):
        if cell not in found:
            found[cell] = None
            yield Hit(cell, _label(report, cell))


def _label(report: Report, cell: tuple[str, ...]) -> str:
    return report.format.prose[cell[0]].label if len(cell) == 1 else report.label((cell[0], cell[1], cell[2]))


def _places(report: Report, text: str, contents: bool, first: str) -> Iterator[tuple[str, ...]]:
    if "." in text or "·" in text:
        with contextlib.suppress(ValueError):
            yield find_cell(report, text)
    tables = sorted(_in_order(report), key=lambda table: table.id != first)
    for table in tables:
        names = {table.title, table.title + "表", table.id}
        rows = report.rows(table.id)
        if text in names and rows:
            yield table.id, rows[0], table.primary
    # The accounts of a report stand in many tables: each is looked at once.
    fits: dict[tuple[str, str], int | None] = {}
    for best in (0, 1):
        for table in tables:
            for row in report.rows(table.id):
                key = (table.axis if table.accounts else table.id, row)
                if key not in fits:
                    fits[key] = _fit(_name(report, table, row), row if table.accounts else "", text)
                if fits[key] == best:
                    yield table.id, row, table.primary
    for table in tables:
        printed = {column for id, _line, column in shown(report.format) if id == table.id}
        for column in table.columns.values():
            if column.id in printed and text in column.label and report.rows(table.id):
                yield table.id, report.rows(table.id)[0], column.id
    for prose in report.format.prose.values():
        if text in prose.label or _initials(prose.label, text, False):
            yield (prose.id,)
    if contents:
        yield from _contents(report, tables, text)


def _in_order(report: Report) -> Iterator[Table]:
    """The tables that are filled in, in the order of the report, each followed by what belongs to its records."""
    for tables in section_tables(report.format).values():
        for id in tables:
            yield report.taxonomy.tables[id]
            yield from owned_tables(report.format, id)


def _name(report: Report, table: Table, row: str) -> str:
    if table.accounts:
        return "合计" if row == "total" else report.name(row)
    return report.row_label(table.id, row)


def _fit(name: str, code: str, text: str) -> int | None:
    """How well a text fits a row: 0 where it is the row's code, name or initials, 1 where these
    begin with it or hold it, None where they don't."""
    if text in (code, name) or _initials(name, text, True):
        return 0
    return 1 if (code and code.startswith(text)) or text in name or _initials(name, text, False) else None


def _initials(name: str, text: str, whole: bool) -> bool:
    if not (text.isascii() and text.isalpha()):
        return False
    rank = pinyin.rank(name, text)
    return rank == 0 if whole else rank is not None


def _contents(report: Report, tables: list[Table], text: str) -> Iterator[Cell]:
    figure = text.replace(",", "").replace("，", "")
    for table in tables:
        for row in report.rows(table.id):
            for column in table.columns.values():
                cell = (table.id, row, column.id)
                if column.kind in NUMBERS:
                    if figure in (shown := report.shown(cell)) and shown.lstrip("-").startswith(figure.lstrip("-")):
                        yield cell
                elif column.kind in ("text", "choice") and text in str(report.value(cell) or ""):
                    yield cell
