"""What was entered otherwise: heads, figures and texts of tables, rows, reasons, texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..amounts import UNITS
from ..i18n import _
from ..source import Cell, Entry, Path
from ..text.width import printable

if TYPE_CHECKING:
    from ..report import Report
    from .matching import Rows

class Difference(NamedTuple):
    """Something that differs. `before` and `after` are in the words of the report, '' for nothing.

    `kind`: 'report' (a key of [report]), 'fault' (of the file), 'added' or 'removed' (a row), 'order'
    (of records), 'none' (it is stated that there is nothing in a table), 'entered', 'official', 'prior'
    (last year's figure), 'reason', 'prose', 'account' or 'term' (a name or explanation of one's own),
    'acknowledged'; and 'derived', 'derived_prior' for
    figures that follow from what was entered, here or in last year's file.
    `table`, `row` and `column` say where, in words; `cell` is the place's address in the later report,
    or, where the row is gone (`gone`), in the earlier one; `path` its key in the file.
    """

    kind: str
    table: str
    row: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    cell: tuple[str, ...] = ()
    path: Path = ()
    gone: bool = False

    @property
    def place(self) -> str:
        """Where it is, in words."""
        words = {"official": _("official figure: {place}"), "prior": _("last year's figure: {place}"),
                 "derived_prior": _("last year's figure: {place}"), "reason": _("reason: {place}"),
                 "acknowledged": _("acknowledged: {place}"), "account": _("name of the account: {place}"),
                 "term": _("glossary: {place}")}
        place = "·".join(part for part in (self.table, self.row, self.column) if part)
        return words.get(self.kind, "{place}").format(place=place)


def differences(before: Report, after: Report, rows: Rows, typed: bool = False) -> Iterator[Difference]:
    """What was entered in one report and not, or otherwise, in the other, in the order of the tables.
    `typed`: figures with all their digits in the unit of the file, as they were typed."""
    yield from _head(before, after)
    for table in after.taxonomy.tables.values():
        yield from _rows(before, after, rows, table.id)
        yield from _cells(before, after, rows, table.id, typed)
        yield from _stated(before, after, rows, table.id)
    for part in ("official", "prior"):
        yield from _addressed(before, after, rows, part, typed)
    yield from _reasons(before, after, rows)
    yield from _texts(before, after)


def _head(before: Report, after: Report) -> Iterator[Difference]:
    old, new = before.source, after.source
    heads = ((_("format"), "format", before.format.id, after.format.id), (_("year"), "year", old.year, new.year),
             (_("name of the department"), "department", old.department, new.department),
             (_("unit"), "unit", old.unit, new.unit),
             (_("last year's source"), "prior", old.prior_file, new.prior_file),
             (_("catalogue"), "catalogue", old.catalogue_file, new.catalogue_file))
    for label, key, was, is_ in heads:
        if was != is_:
            yield Difference("report", label, before=str(was), after=str(is_), path=("report", key))
    faults = [{".".join(map(str, fault.path)): fault.message for fault in source.problems} for source in (old, new)]
    for place in dict.fromkeys([*faults[0], *faults[1]]):
        was, is_ = faults[0].get(place, ""), faults[1].get(place, "")
        if was != is_:
            yield Difference("fault", _("fault of the file: {place}").format(place=place), before=was, after=is_)


# ── tables ──


def _rows(before: Report, after: Report, rows: Rows, table_id: str) -> Iterator[Difference]:
    """Rows of the file that came or went, and records in another order."""
    table = after.taxonomy.tables[table_id]
    if table.lines or (table.owner and table.axis != "records"):
        return
    old, new = before.source.rows[table_id], after.source.rows[table_id]
    known, here = set(old), set(new)

    def told(report: Report, kind: str, row: str) -> Difference:
        label = report.row_label(table_id, row)
        owner = f"{report.row_label(table.owner, row.rpartition('/')[0])} › " if table.owner else ""
        words = ("", label) if kind == "added" else (label, "")
        return Difference(kind, table.title, owner + label, "", *words, cell=(table_id, row, table.primary),
                          path=report.source.row_path(table, row), gone=kind == "removed")

    for row in old:
        if rows.now(table_id, row) not in here:
            yield told(before, "removed", row)
    for row in new:
        if rows.then(table_id, row) not in known:
            yield told(after, "added", row)
    if table.axis == "records":
        kept = [rows.then(table_id, row) for row in new if rows.then(table_id, row)]
        was = [row for row in old if rows.now(table_id, row)]
        if kept != was:
            names = ["、".join(report.row_label(table_id, row) for row in own)
                     for report, own in ((before, was), (after, [rows.now(table_id, row) for row in kept]))]
            yield Difference("order", table.title, _("order"), "", names[0], names[1],
                             (table_id, new[0], table.primary))


def _cells(before: Report, after: Report, rows: Rows, table_id: str, typed: bool) -> Iterator[Difference]:
    """Figures and texts of a table, in the order of its rows; those of rows that went, last."""
    table = after.taxonomy.tables[table_id]
    old, new = before.source.entries, after.source.entries
    columns = table.entered
    stated = after.rows(table_id) if table.lines else after.source.rows[table_id]
    if table.accounts:
        stated = sorted(stated)
    for row in stated:
        was = rows.then(table_id, row)
        for column in columns:
            cell = (table_id, row, column.id)
            entries = (old.get((table_id, was, column.id)) if was else None), new.get(cell)
            yield from _told("entered", before, after, cell, entries, typed)
    here = set(stated)
    gone = before.rows(table_id) if table.lines else before.source.rows[table_id]
    for row in gone:
        if rows.now(table_id, row) in here:
            continue
        for column in columns:
            entry = old.get((table_id, row, column.id))
            if entry is not None:
                yield from _told("entered", before, after, (table_id, row, column.id), (entry, None), typed, gone=True)


def _stated(before: Report, after: Report, rows: Rows, table_id: str) -> Iterator[Difference]:
    """Where one of the reports states that there is nothing in a table, and the other does not."""
    table = after.taxonomy.tables[table_id]
    old = {rows.now(table.owner, owner) if owner else "" for id, owner in before.source.absent if id == table_id}
    new = {owner for id, owner in after.source.absent if id == table_id}
    for owner in sorted(old ^ new):
        row = after.row_label(table.owner, owner) if owner in after.rows(table.owner or table_id) and owner else ""
        was, is_ = (_("none this year") if owner in stated else "" for stated in (old, new))
        yield Difference("none", table.title, row, "", was, is_, (table_id, f"{owner}/" if owner else "", ""),
                         after.source.none_key(table, owner))


def _addressed(before: Report, after: Report, rows: Rows, part: str, typed: bool) -> Iterator[Difference]:
    """Official figures and figures of last year."""
    old: dict[Cell, Entry] = getattr(before.source, part)
    new: dict[Cell, Entry] = getattr(after.source, part)
    for cell, gone in _ordered(after, rows, old, new):
        entries = (old[cell], None) if gone else (old.get(_then(rows, cell)), new.get(cell))
        yield from _told(part, before, after, cell, entries, typed, gone)


def _told(kind: str, before: Report, after: Report, cell: Cell, entries: tuple[Entry | None, Entry | None],
          typed: bool, gone: bool = False) -> Iterator[Difference]:
    one, other = entries
    if agree(before, after, cell, one, other):
        return
    if typed:
        was, is_ = digits(before, cell, one), digits(after, cell, other)
    else:
        was, is_ = (printed(after, cell, entry) for entry in entries)
        if was == is_:  # they differ in digits that are not printed
            was, is_ = (digits(after, cell, entry) for entry in entries)
    yield Difference(kind, *words(before if gone else after, cell), was, is_, cell,
                     _key(before if gone else after, kind, cell), gone)


def _key(report: Report, kind: str, cell: Cell) -> Path:
    return report.source.key(cell) if kind == "entered" else report.source.addressed_key(kind, cell)


def agree(before: Report, after: Report, cell: Cell, one: Entry | None, other: Entry | None) -> bool:
    """Do two entries say the same? Amounts of files in two units do where the values meet that their
    last digits leave open: 301.82 万元 is 3018234.56 元."""
    if one is None or other is None:
        return one is other
    if one.value == other.value:
        return True
    kind = after.taxonomy.tables[cell[0]].columns[cell[2]].kind
    return (kind == "amount" and before.source.unit != after.source.unit
            and abs(one.value - other.value) <= one.half + other.half)


# ── texts ──


def _reasons(before: Report, after: Report, rows: Rows) -> Iterator[Difference]:
    old, new = before.source.reasons, after.source.reasons
    for cell, gone in _ordered(after, rows, old, new):
        was, is_ = (old[cell], "") if gone else (old.get(_then(rows, cell), ""), new.get(cell, ""))
        if was != is_:
            report = before if gone else after
            yield Difference("reason", *words(report, cell), was, is_, cell,
                             report.source.addressed_key("reasons", cell), gone)


def _texts(before: Report, after: Report) -> Iterator[Difference]:
    old, new = before.source, after.source
    prose = {**before.format.prose, **after.format.prose}
    for key in prose:
        was, is_ = old.prose.get(key, ""), new.prose.get(key, "")
        if was != is_:
            yield Difference("prose", prose[key].label, "", "", was, is_, (key,), ("prose", key))
    for kind, part in (("account", "accounts"), ("term", "glossary")):
        one, other = getattr(old, part), getattr(new, part)
        for key in dict.fromkeys([*one, *other]):
            if one.get(key, "") != other.get(key, ""):
                yield Difference(kind, key, "", "", one.get(key, ""), other.get(key, ""), (), (part, key))
    said = [{key: "；".join(reason for _judged, reason in told) for key, told in source.acknowledged.items()}
            for source in (old, new)]
    for place in dict.fromkeys([*said[0], *said[1]]):
        was, is_ = said[0].get(place, ""), said[1].get(place, "")
        if old.acknowledged.get(place) != new.acknowledged.get(place):
            yield Difference("acknowledged", " ".join(place), "", "", was, is_, (), ("review", "acknowledged"))


# ── places and figures in words ──


def _then(rows: Rows, cell: Cell) -> Cell:
    return cell[0], rows.then(cell[0], cell[1]), cell[2]


def _ordered(after: Report, rows: Rows, old: Iterable[Cell], new: Iterable[Cell]) -> list[tuple[Cell, bool]]:
    """The addressed cells of both reports in the order of the tables; True for those of rows that are gone."""
    found: dict[tuple[Cell, bool], None] = dict.fromkeys((cell, False) for cell in new)
    for cell in old:
        now = rows.now(cell[0], cell[1])
        found[((cell[0], now, cell[2]), False) if now else (cell, True)] = None
    tables = {table: number for number, table in enumerate(after.taxonomy.tables)}
    return sorted(found, key=lambda place: (tables[place[0][0]], place))


def words(report: Report, cell: Cell) -> tuple[str, str, str]:
    """Table, row and column of a cell as the report calls them."""
    table = report.taxonomy.tables[cell[0]]
    try:
        row = report.row_label(cell[0], cell[1])
        if table.owner:
            row = f"{report.row_label(table.owner, cell[1].rpartition('/')[0])} › {row}"
    except (KeyError, ValueError):  # of a record that there is not
        row = cell[1]
    return table.title, row, table.columns[cell[2]].label if len(table.columns) > 1 else ""


def printed(report: Report, cell: Cell, entry: Entry | None) -> str:
    """An entry as the report prints it."""
    if entry is None:
        return ""
    return str(report.show(entry.value, report.taxonomy.tables[cell[0]].columns[cell[2]].kind))


def digits(report: Report, cell: Cell, entry: Entry | None) -> str:
    """An entry with all its digits, an amount in the unit of the file."""
    if entry is None:
        return ""
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    if kind == "amount":
        value = entry.value / UNITS[report.source.unit]
        whole, _point, fraction = format(value.normalize(), "f").partition(".")
        return f"{whole}.{fraction:0<2}" if value else "0.00"
    return format(entry.value, "f") if isinstance(entry.value, Decimal) else str(report.show(entry.value, kind))


def shortened(text: str, longest: int, start: int = 0) -> str:
    """A text on one line, from `start` on, with what acts on a terminal made harmless."""
    part = " ".join(printable(text[start:start + longest + 1], keep="\n").split())
    if not part:
        return "…" if text else ""
    return ("…" if start else "") + (part if len(text) - start <= longest else part[:longest] + "…")
