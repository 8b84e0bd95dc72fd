"""Deeds: what a step of the history did, in a line for whoever takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..drafting.entering import RECORDS, Edit
from ..i18n import _

if TYPE_CHECKING:
    from ..report import Report

VALUES = ("cell", "official", "prior", "reason", "prose")
"""The edits of which both states can be told."""

LONGEST = 24
"""So many characters of a text are told."""


def state(report: Report, edits: tuple[Edit, ...]) -> str:
    """What stands now where a single edit was made; '' for several edits."""
    edits = _told(edits)
    return _value(report, edits[0]) if len(edits) == 1 and edits[0].kind in VALUES else ""


def deed(report: Report, name: str, edits: tuple[Edit, ...], before: str, after: str) -> str:
    """A step in words: what changed and where (last, since it can be long), or how many places or rows. `before` and
    `after` are the `state` on both sides."""
    edits = _told(edits)
    if not edits:
        return name
    first = edits[0]
    if len(edits) == 1 and first.kind in VALUES:
        empty = _("empty")
        return f"{before or empty} → {after or empty}  {_place(report, first)}"
    if len(edits) == 1 and first.kind not in RECORDS:
        return name
    records = [edit for edit in edits if edit.kind in RECORDS]
    if len(records) == len(edits):
        return _("{name} ({count}) in {table}").format(
            name=name, count=len(edits), table=report.taxonomy.tables[first.key[0]].title
        )
    return _("{name}: {count} places").format(name=name, count=len(edits) - len(records))


def _told(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits without the confirmations that go with them."""
    return tuple(edit for edit in edits if edit.kind != "confirm") or edits


def _place(report: Report, edit: Edit) -> str:
    if edit.kind == "prose":
        return report.format.prose[edit.key[0]].label
    label = report.label((edit.key[0], edit.key[1], edit.key[2]))
    words = {"prior": _("last year's figure: {place}"), "reason": _("reason: {place}"),
             "official": _("official figure: {place}")}
    return words.get(edit.kind, "{place}").format(place=label)


def _value(report: Report, edit: Edit) -> str:
    source = report.source
    if edit.kind == "prose":
        return _shortened(source.prose.get(edit.key[0], ""))
    cell = (edit.key[0], edit.key[1], edit.key[2])
    if edit.kind == "reason":
        return _shortened(source.reasons.get(cell, ""))
    stores = {"cell": source.entries, "official": source.official, "prior": source.prior}
    entry = stores[edit.kind].get(cell)
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    return "" if entry is None else _shortened(report.show(entry.value, kind))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
