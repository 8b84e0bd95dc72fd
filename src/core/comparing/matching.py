"""Which rows of two reports are the same: accounts by their code, records by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..taxonomy import Table

if TYPE_CHECKING:
    from ..report import Report


class Rows:
    """The rows of two reports, matched: `then` gives a later report's row in the earlier one, `now`
    the other way round; '' where there is none. Rows that no record is part of are their own match."""

    def __init__(self) -> None:
        self._then: dict[tuple[str, str], str] = {}
        self._now: dict[tuple[str, str], str] = {}
        self._records: set[str] = set()

    def pair(self, table: str, before: str, after: str) -> None:
        """Note that a row of the earlier report is that of the later one."""
        self._then[table, after], self._now[table, before] = before, after

    def of_records(self, table: str) -> None:
        """Note that a table's rows are records, or lines of records: only what is paired is matched."""
        self._records.add(table)

    def then(self, table: str, row: str) -> str:
        return self._then.get((table, row), "") if table in self._records else row

    def now(self, table: str, row: str) -> str:
        return self._now.get((table, row), "") if table in self._records else row


def match(before: Report, after: Report) -> Rows:
    """The rows of two reports of one kind, matched."""
    rows = Rows()
    for table in after.taxonomy.tables.values():  # an owner stands before what it owns
        if table.axis != "records" and not table.owner:
            continue
        rows.of_records(table.id)
        if not table.owner:
            _pair(before, after, rows, table, before.source.rows[table.id], after.source.rows[table.id])
            continue
        old, new = _by_owner(before, table), _by_owner(after, table)
        for owner, own in new.items():
            was = rows.then(table.owner, owner)
            if not was:
                continue
            if table.axis == "records":
                _pair(before, after, rows, table, old.get(was, []), own)
            else:
                for row in own:
                    rows.pair(table.id, was + "/" + row.rpartition("/")[2], row)
    return rows


def _by_owner(report: Report, table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in report.rows(table.id):
        found.setdefault(row.rpartition("/")[0], []).append(row)
    return found


def _pair(before: Report, after: Report, rows: Rows, table: Table, old: list[str], new: list[str]) -> None:
    """Pair records of one name, in their order; then those of another name that say the same
    otherwise (renamed ones). Where records have no names, or none was entered yet: those that say the
    same, then the others in their order."""
    names = {table.label} if table.label else set()
    others = {column.id for column in table.entered} - names
    for told in (names, others) if names else (others,):
        known: dict[Any, list[str]] = {}
        for row in old:
            if said := _said(before, table, row, told):
                known.setdefault(said, []).append(row)
        left = []
        for row in new:
            fitting = known.get(_said(after, table, row, told))
            if fitting:
                rows.pair(table.id, fitting.pop(0), row)
            else:
                left.append(row)
        old, new = [row for row in old if not rows.now(table.id, row)], left
    if names:
        old = [row for row in old if not _said(before, table, row, names)]
        new = [row for row in new if not _said(after, table, row, names)]
    for one, other in zip(old, new):
        rows.pair(table.id, one, other)


def _said(report: Report, table: Table, row: str, columns: set[str]) -> Any:
    """What is entered in these columns of a record; () for nothing."""
    entries = report.source.entries
    return tuple((column, entry.value) for column in sorted(columns)
                 if (entry := entries.get((table.id, row, column))) is not None)
