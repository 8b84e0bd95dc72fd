"""What one source says otherwise than another, entry by entry, in words for the accountant."""

from __future__ import annotations

from typing import NamedTuple

from ..comparing.entries import differences as compared
from ..comparing.entries import shortened
from ..comparing.matching import match
from ..i18n import _
from ..report import Report
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
    """What was entered in one report and not, or otherwise, in the other, in the order of the tables.
    Of records that came or went, the names are told."""
    if before.taxonomy.id != after.taxonomy.id:
        return [Difference(_("format"), before.format.id, after.format.id)]
    found = []
    rows = match(before, after)
    for each in compared(before, after, rows, typed=True):
        of_records = len(each.cell) == 3 and after.taxonomy.tables[each.cell[0]].axis == "records"
        row = each.kind in ("added", "removed")
        alone = each.kind == "entered" and (each.gone or not rows.then(each.cell[0], each.cell[1]))
        if (alone and of_records) or (row and not of_records):
            continue  # a record is told by its name, an account's row by its figures
        found.append(Difference(printable(each.table if row else each.place), *_pair(each.before, each.after)))
    return found


def _pair(one: str, other: str) -> tuple[str, str]:
    """Two texts, long ones from shortly before the place where they differ."""
    start = max(0, stretch(one, other)[0] - CONTEXT) if max(len(one), len(other)) > LONGEST else 0
    return shortened(one, LONGEST, start), shortened(other, LONGEST, start)
