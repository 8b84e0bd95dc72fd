"""The plan of an import: what a workbook says, what it would change in a source, and what it can't.

Nothing is written here. A plan is a pure function of the source's text, the workbook and the options;
the same edits are then done by the editor or by the command line.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..drafting.entering import Edit
from ..report import Report
from .book import Book
from .placing import Unplaced


class Options(NamedTuple):
    """How to import. `unit`: of tables that state none. `prior`: the workbook is last year's. `official`:
    totals that differ by rounding become official figures. `replace`: what the workbook's tables don't
    have goes from the source. `partial`: go on where some cells can't be read."""

    unit: str = ""
    prior: bool = False
    official: bool = False
    replace: bool = False
    partial: bool = False


class TableNote(NamedTuple):
    """A table of the workbook: its title, its number, where it stands, its unit, how many of its cells
    have a place, and what is to be said of it ('' for nothing)."""

    title: str
    code: str
    where: str
    unit: str
    taken: int
    note: str


class Entered(NamedTuple):
    """An entry that the workbook gives: its address (or key), in words, what the source says, what it
    will say ('' for nothing), and the spot in the workbook."""

    place: str
    label: str
    old: str
    new: str
    spot: str


class Difference(NamedTuple):
    """A total of the workbook that is not what its parts give: `tail` where rounding explains it (尾差)."""

    cell: tuple[str, str, str]
    label: str
    ours: str
    theirs: str
    spot: str
    tail: bool


class Plan(NamedTuple):
    """What an import would do. `faults` stand in its way unless it may be partial; `text` is the source
    as it would be ('' where nothing changes). `unitless`: tables state no unit, and none was given."""

    book: str
    prior: bool
    tables: tuple[TableNote, ...]
    new: tuple[Entered, ...]
    changed: tuple[Entered, ...]
    same: int
    kept: tuple[Entered, ...]
    differences: tuple[Difference, ...]
    agreed: int
    faults: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    notes: tuple[str, ...]
    edits: tuple[Edit, ...]
    text: str
    unitless: bool = False

    @property
    def changes(self) -> int:
        """How many entries come, change or go."""
        return len(self.new) + len(self.changed)

    @property
    def wrong(self) -> bool:
        """Do totals differ by more than rounding explains?"""
        return any(not found.tail for found in self.differences)

    @property
    def tails(self) -> bool:
        """Do totals differ by rounding?"""
        return any(found.tail for found in self.differences)


def make_plan(report: Report, book: Book, options: Options = Options()) -> Plan:  # noqa: B008 - immutable
    """What importing `book` into the source of `report` would do. Raises BookError."""
    from .planning import Planner

    return Planner(report, book, options).plan()


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain dictionaries and lists, for scripts."""
    return {
        "book": plan.book, "prior": plan.prior, "changes": plan.changes, "same": plan.same, "agreed": plan.agreed,
        "tables": [table._asdict() for table in plan.tables],
        "new": [line._asdict() for line in plan.new],
        "changed": [line._asdict() for line in plan.changed],
        "kept": [line._asdict() for line in plan.kept],
        "differences": [{**found._asdict(), "cell": ".".join(found.cell)} for found in plan.differences],
        "faults": list(plan.faults),
        "unplaced": [{"place": lost.place, "cells": lost.cells, "text": lost.text, "why": lost.why,
                      "fault": lost.fault} for lost in plan.unplaced],
        "notes": list(plan.notes),
    }
