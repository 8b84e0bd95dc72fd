"""Comparing: what changed between two versions of a report, in the words of the report.

    found = compare(open_report("2024-draft.toml"), open_report("2024.toml"))
    found.differences     # what was entered, what followed from it, rows that came or went
    found.sentences       # the sentences that read otherwise, old and new

The later report speaks: figures are printed in its unit, places have its names. Records are
matched by their names, not by their numbers. What is the same says nothing: two sources that
differ in comments or in their order only are the same report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .derived import derived
from .entries import Difference, differences
from .matching import match
from .sentences import SentenceChange, sentences

if TYPE_CHECKING:
    from ..report import Report

__all__ = ["Comparison", "Difference", "SentenceChange", "compare", "comparable"]


class Comparison(NamedTuple):
    """What differs between two reports. `worded`: could their sentences be compared? Those of
    two formats are worded differently altogether."""

    differences: tuple[Difference, ...]
    sentences: tuple[SentenceChange, ...]
    worded: bool = True

    @property
    def same(self) -> bool:
        return not self.differences and not self.sentences


def comparable(before: Report, after: Report) -> bool:
    """Are they reports of one kind?"""
    return before.taxonomy.id == after.taxonomy.id


def compare(before: Report, after: Report) -> Comparison:
    """What changed from one report to the other, both of one kind (`comparable`)."""
    rows = match(before, after)
    worded = before.format.id == after.format.id
    return Comparison((*differences(before, after, rows), *derived(before, after, rows)),
                      tuple(sentences(before, after, rows)) if worded else (), worded)
