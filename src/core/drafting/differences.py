"""What one source says otherwise than another, entry by entry, in words for the accountant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import UNITS
from ..i18n import _
from ..report import Report
from ..source import Cell, Entry
from ..text.width import printable
from .history import stretch

CONTEXT = 8
"""So many characters of a long text are shown before the place where it differs."""
LONGEST = 40


class Difference(NamedTuple):
    """An entry that differs: what it is about, and what either source says ('' for nothing)."""

    place: str
    before: str
    after: str

    def line(self) -> str:
        empty = _("(nothing)")
        return _("{place}: {before} → {after}").format(
            place=self.place, before=self.before or empty, after=self.after or empty)


def differences(before: Report, after: Report) -> list[Difference]:
    """What was entered in one report and not, or otherwise, in the other, in the order of the tables."""
    return [*_head(before, after), *_records(before, after), *_cells(before, after), *_texts(before, after)]


def _head(before: Report, after: Report) -> Iterator[Difference]:
    labels = (("year", _("year")), ("department", _("name of the department")), ("unit", _("unit")),
              ("prior_file", _("last year's source")), ("catalogue_file", _("catalogue")))
    for name, label in labels:
        old, new = getattr(before.source, name), getattr(after.source, name)
        if old != new:
            yield Difference(label, _short(str(old)), _short(str(new)))
    for part, label in (("accounts", _("name of the account")), ("glossary", _("glossary"))):
        yield from _mapping(getattr(before.source, part), getattr(after.source, part),
                            lambda key, label=label: f"{label}·{printable(key)}")


def _records(before: Report, after: Report) -> Iterator[Difference]:
    """Tables with more or fewer records: how many, and which came or went."""
    for table in after.taxonomy.tables.values():
        old, new = before.source.rows.get(table.id, []), after.source.rows[table.id]
        if table.axis != "records" or len(old) == len(new):
            continue
        counts = [_("{count} records").format(count=len(rows)) for rows in (old, new)]
        yield Difference(table.title, *counts)
        named = [Counter(report.row_label(table.id, row) for row in rows)
                 for report, rows in ((before, old), (after, new))]
        for name in named[0] - named[1]:
            yield Difference(table.title, _short(name), "")
        for name in named[1] - named[0]:
            yield Difference(table.title, "", _short(name))


def _cells(before: Report, after: Report) -> Iterator[Difference]:
    for attribute, pattern in (("entries", "{place}"), ("official", _("official figure: {place}")),
                               ("prior", _("last year's figure: {place}"))):
        old, new = getattr(before.source, attribute), getattr(after.source, attribute)
        for cell in _ordered(after, old.keys() | new.keys()):
            # Where records came or went, their numbers say nothing: the names are told instead.
            told = len(before.source.rows.get(cell[0], ())) == len(after.source.rows.get(cell[0], ()))
            one, other = old.get(cell), new.get(cell)
            if (told or after.taxonomy.tables[cell[0]].axis != "records") and _said(one) != _said(other):
                yield Difference(pattern.format(place=_label(before, after, cell)),
                                 *_pair(_shown(before, cell, one), _shown(after, cell, other)))


def _texts(before: Report, after: Report) -> Iterator[Difference]:
    yield from _mapping(before.source.reasons, after.source.reasons,
                        lambda cell: _("reason: {place}").format(place=_label(before, after, cell)))
    prose = {**before.format.prose, **after.format.prose}
    yield from _mapping(before.source.prose, after.source.prose, lambda key: prose[key].label)
    yield from _mapping(_acknowledged(before), _acknowledged(after),
                        lambda key: _("acknowledged: {place}").format(place=printable(" ".join(key))))


def _acknowledged(report: Report) -> dict[Any, str]:
    """The reasons of the acknowledgements, by code and place."""
    return {key: "；".join(reason for _judged, reason in said) for key, said in report.source.acknowledged.items()}


def _mapping(old: dict[Any, str], new: dict[Any, str], label: Any) -> Iterator[Difference]:
    for key in dict.fromkeys([*old, *new]):
        if old.get(key, "") != new.get(key, ""):
            yield Difference(label(key), *_pair(old.get(key, ""), new.get(key, "")))


def _ordered(report: Report, cells: Any) -> list[Cell]:
    tables = list(report.taxonomy.tables)
    return sorted((cell for cell in cells if cell[0] in tables), key=lambda cell: (tables.index(cell[0]), cell))


def _label(before: Report, after: Report, cell: Cell) -> str:
    report = after if cell in after.source.entries or cell not in before.source.entries else before
    return printable(report.label(cell))


def _said(entry: Entry | None) -> Any:
    return None if entry is None else entry[:2]


def _shown(report: Report, cell: Cell, entry: Entry | None) -> str:
    """An entry with all its digits, in the source's unit."""
    if entry is None:
        return ""
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    if kind == "amount":
        value = entry.value / UNITS[report.source.unit]
        digits = format(value.normalize(), "f")
        whole, _point, fraction = digits.partition(".")
        return f"{whole}.{fraction:0<2}" if value else "0.00"
    return format(entry.value, "f") if isinstance(entry.value, Decimal) else report.show(entry.value, kind)


def _pair(one: str, other: str) -> tuple[str, str]:
    """Two texts, long ones from shortly before the place where they differ."""
    start = max(0, stretch(one, other)[0] - CONTEXT) if max(len(one), len(other)) > LONGEST else 0
    return _short(one, start), _short(other, start)


def _short(text: str, start: int = 0) -> str:
    part = " ".join(printable(text[start:start + LONGEST + 1], keep="\n").split())
    if not part:
        return "…" if text else ""
    return ("…" if start else "") + (part if len(text) - start <= LONGEST else part[:LONGEST] + "…")
