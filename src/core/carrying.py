"""Carrying: what this year's source takes over from last year's, and what of it is to be looked over.

Names stay, and texts, until the accountant has looked them over (`[review] carried`); figures are
this year's and are left blank, in the rows that had some; last year's figures become the prior year.
Reasons, official figures, acknowledgements and texts that tell of one year (`Column.yearly`) do not
stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .amounts import EXACT, FEN, UNITS, round_half_up
from .formats import Format
from .progress import reached_tables
from .reach import Fact, reached
from .report import Report
from .skeleton import Carried
from .source import Cell, Source
from .taxonomy import NUMBERS, Column, Table
from .toml.values import Digits


def take_over(last: Report, format: Format, unit: str, standalone: bool = False) -> Carried:
    """What a source in `format` takes over from last year's report. `standalone`: with last year's
    figures, in `unit`."""
    source = last.source
    asked, used = reached(format), reached_tables(format)
    carried = Carried({id: text for id in format.prose if (text := source.prose.get(id))}, {}, {},
                      dict(source.accounts), dict(source.glossary), {}, [], {})
    carried.keys.extend(f"prose.{id}" for id in carried.prose)
    tables = last.taxonomy.tables
    for table in tables.values():
        if table.id in used and not table.owner and _take_table(last, table, asked, carried):
            carried.keys.append(table.key)
    if standalone:
        carried.prior.update(prior_figures(last, format, unit))
    return carried


def _take_table(last: Report, table: Table, asked: frozenset[Fact], carried: Carried) -> bool:
    """Take the rows of a table over, and of those that belong to its records; is there a text among them?"""
    written = False
    if table.accounts:
        rows = carried.rows[table.id] = sorted(last.source.rows[table.id])
        for code in rows:
            carried.names[code] = last.name(code)
            written |= _take_row(last, table, code, code, "*", asked, carried)
    elif table.axis == "records":
        for row in last.source.rows[table.id]:
            if not any(_stays(last, own, place) for own, place in _below(last, table, row)):
                continue
            kept = carried.rows.setdefault(table.id, [])
            kept.append(row)
            for own, place in _below(last, table, row):
                if own.axis == "records" and own is not table:
                    carried.rows.setdefault(own.id, []).append(place)
                line = own.line(place)
                written |= _take_row(last, own, place, place, line.id if line else "*", asked, carried)
    return written


def _below(last: Report, table: Table, row: str) -> Iterator[tuple[Table, str]]:
    """A record, and the rows of the tables that belong to it."""
    yield table, row
    for own in last.taxonomy.owned(table.id):
        for place in last.rows(own.id):
            if place.rpartition("/")[0] == row and (own.lines or _stays(last, own, place)):
                yield own, place


def _stays(last: Report, table: Table, row: str) -> bool:
    """Does anything of the row stay that was written in words?"""
    return any((table.id, row, column.id) in last.source.entries for column in table.entered
               if column.kind == "text" and not column.yearly)


def _take_row(last: Report, table: Table, row: str, place: str, line: str, asked: frozenset[Fact],
              carried: Carried) -> bool:
    written = False
    for column in table.entered:
        entry = last.source.entries.get((table.id, row, column.id))
        if entry is None or (table.id, line, column.id) not in asked or table.formula(row, column.id) is not None:
            continue
        stays = column.kind not in NUMBERS and not column.yearly
        if stays or not table.accounts or entry.value:
            carried.cells[table.id, place, column.id] = entry.value if stays else ""
        written |= stays and column.kind == "text"
    return written


# ── last year's figures ──


def prior_figures(last: Report, format: Format, unit: str) -> dict[str, Digits]:
    """The figures of last year that a report in `format` reads, by address, with all their digits."""
    found: dict[str, Digits] = {}
    for cell in _asked_of_last_year(last, format):
        table = last.taxonomy.tables[cell[0]]
        column = table.columns[cell[2]]
        value = last.value(cell)
        if column.kind not in NUMBERS or not isinstance(value, Decimal):
            continue
        address = ".".join(cell[:2] if table.primary == cell[2] else cell)
        found[address] = Digits(_digits(value, column, unit))
    return found


def _digits(value: Decimal, column: Column, unit: str) -> str:
    if column.kind != "amount":
        return format(value.normalize(), "f") if value else "0"
    number = EXACT.divide(round_half_up(value, 2).quantize(FEN), UNITS[unit])
    whole, _point, fraction = format(number.normalize(), "f").partition(".")
    return f"{whole}.{fraction:0<2}" if value else "0.00"


class _Asked:
    """Last year's report, which notes what figures are asked of it."""

    def __init__(self, last: Report) -> None:
        self._last = last
        self.cells: dict[Cell, None] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._last, name)

    def prior_year_value(self, cell: Cell, reader: Report) -> Decimal | None:
        self.cells[cell] = None
        return self._last.prior_year_value(cell, reader)


def _asked_of_last_year(last: Report, format: Format) -> list[Cell]:
    """The cells of which a report asks last year's figure: one with the accounts and figures of last
    year, and one that has nothing yet."""
    prior: Any = _Asked(last)
    for entered in (True, False):
        source = Source(last.source.path, "", last.taxonomy, format)
        vars(source).update(vars(last.source), format=format, prior={}, problems=[], prior_file="",
                            absent={(table, ""): () for table in last.taxonomy.tables})  # then every sentence is told
        if not entered:
            source.entries, source.official, source.acknowledged = {}, {}, {}
            source.rows = {table: [] for table in last.taxonomy.tables}
        for _node in Report(source, prior).watched():
            pass
    tables = list(last.taxonomy.tables)
    return sorted(prior.cells, key=lambda cell: (tables.index(cell[0]), cell[1] != "total", cell))
