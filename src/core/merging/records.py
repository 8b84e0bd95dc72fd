"""Records of a source, by the file that they came from, pickled: they wait in a file until they are written."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

from ..formula import owner_of
from ..report import Report
from ..source import NONE, Cell
from ..taxonomy import Table
from .stated import Figure, Leaf


def in_records(table: Table) -> bool:
    """Is the table one of records, or does it belong to one?"""
    return table.axis == "records" or bool(table.owner)


def records_of(report: Report, leaves: tuple[Leaf, ...], alone: bool) -> Iterator[bytes]:
    """The records that came from each leaf, by table, pickled: they pass through a file."""
    source = report.source
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for cell, entry in source.entries.items():
        table = report.taxonomy.tables[cell[0]]
        if in_records(table):
            value = entry.value
            if not alone and isinstance(value, str) and "{" in value and table.columns[cell[2]].long:
                value = _frozen(report, value)
            cells.setdefault(cell[:2], {})[cell[2]] = (value, entry.half)
    below: dict[tuple[str, str], list[str]] = {}
    for table in report.taxonomy.tables.values():
        for row in source.rows[table.id] if table.axis == "records" else ():
            below.setdefault((table.id, owner_of(row)), []).append(row)
    official = _officialin_records(report)
    at: dict[str, int] = {}
    for leaf in leaves:
        found = {}
        for table in report.taxonomy.tables.values():
            count = dict(leaf.records).get(table.key, 0)
            if table.axis == "records" and not table.owner and count and (table.appended or alone):
                first = at.get(table.id, 0)
                at[table.id] = first + count
                rows = below[table.id, ""][first:first + count]
                found[table.id] = [{**_record(report, cells, below, table, row),
                                    "official": official.get((table.id, row), {})} for row in rows]
        yield pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def _officialin_records(report: Report) -> dict[tuple[str, str], dict[Cell, Figure]]:
    """Official figures of records and of what belongs to them, by record, without its number."""
    found: dict[tuple[str, str], dict[Cell, Figure]] = {}
    for cell, entry in report.source.official.items():
        table = report.taxonomy.tables[cell[0]]
        if in_records(table):
            while table.owner:
                table = report.taxonomy.tables[table.owner]
            number, _slash, rest = cell[1].partition("/")
            found.setdefault((table.id, number), {})[cell[0], rest, cell[2]] = (entry.value, entry.half)
    return found


def _record(report: Report, cells: Any, below: Any, table: Table, row: str) -> dict[str, Any]:
    """A record: its cells under '', the tables of which it has nothing, and what belongs to it by table:
    records, or lines with their cells."""
    found: dict[str, Any] = {"": cells.get((table.id, row), {}), NONE: []}
    for owned in report.taxonomy.owned(table.id):
        if (owned.id, row) in report.source.absent or (owned.axis == "records" and not below.get((owned.id, row))
                                                       and not report.lacks(owned.id, row)):
            found[NONE].append(owned.key)
        if owned.axis == "records":
            found[owned.id] = [_record(report, cells, below, owned, own) for own in below.get((owned.id, row), ())]
        else:
            found[owned.id] = {line: own for line in owned.lines if (own := cells.get((owned.id, f"{row}/{line}")))}
    return found


def _frozen(report: Report, text: str) -> str:
    """A text with the figures that it names written out: in the department's report, their names would
    mean the department's figures."""
    from ..references import expanded, references

    if not references(text):
        return text
    plain = "".join(run.text for run in expanded(report, text))
    return plain.replace("{", "{{").replace("}", "}}")

