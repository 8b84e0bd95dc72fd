"""The sum of sources: figures by cell, flows by account, the records of each file in a spool.

Its size depends on how many different cells the units have, not on how many units there are:
records, of which every unit has its own, wait in a file without a name until they are written.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import ZERO
from ..formats import Format, load_format
from ..source import Cell, Entry, address, of_nothing_else
from .stated import Figure, Flow, Key, Leaf
from .transfers import effect, eliminated, joined, reductions
from .unit import Tail, Texts, Unit

IN_MEMORY = 8 * 1024 * 1024
"""So many bytes of records are kept in memory before they go to a file."""


class Sides(NamedTuple):
    """Who booked a transfer on an account, with both of its sides (元)."""

    department: str
    income: Decimal
    expenditure: Decimal


class Total:
    """What sources of one format and year add up to. `add` may be called in any order."""

    def __init__(self, format: str, year: int) -> None:
        self.format: Format = load_format(format)
        self.taxonomy = self.format.taxonomy
        self.year = year
        self.unit = "万元"
        self.files = 0
        self.leaves: list[tuple[Leaf, str, int, int]] = []
        self.figures: dict[Cell, Figure] = {}
        self.prior: dict[Cell, Figure] = {}
        self.unknown: dict[Cell, str] = {}
        self.transfers: dict[Key, Flow] = {}
        self.prior_transfers: dict[Key, Flow] = {}
        self.sides: dict[Key, list[Sides]] = {}
        self.tails: dict[Cell, Tail] = {}
        self.accounts: dict[str, str] = {}
        self.glossary: dict[str, str] = {}
        self.renamed: dict[str, set[str]] = {}
        self.texts: Texts | None = None
        self.unsure: list[str] = []
        self.missing: dict[str, tuple[str, ...]] = {}
        self.open: set[Cell] = set()
        self.lacking: set[str] = set()
        self.empty: set[str] | None = None
        self._spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the sum
        self._end = 0

    def close(self) -> None:
        """Let the spool of records go."""
        self._spool.close()

    def add(self, unit: Unit) -> None:
        """Add a source of this format and year, that is not in the sum already."""
        self.files += 1
        self.texts = unit.texts
        if unit.unit == "元":
            self.unit = "元"  # the finer one: no figure needs more digits than it has
        for leaf, records in zip(unit.leaves, unit.records, strict=True):
            self.leaves.append((leaf, unit.file, self._end, len(records)))
            self._spool.seek(self._end)
            self._spool.write(records)
            self._end += len(records)
        _add_up(self.figures, unit.figures)
        _add_up(self.prior, unit.prior)
        for cell in unit.unknown:
            self.unknown[cell] = min(unit.file, self.unknown.get(cell, unit.file))
        for mine, theirs in ((self.transfers, unit.transfers), (self.prior_transfers, unit.prior_transfers)):
            for key, flow in theirs.items():
                mine[key] = joined(mine[key], flow) if key in mine else flow
        for key, flow in unit.transfers.items():
            self.sides.setdefault(key, []).append(Sides(unit.department or unit.file, flow.income, flow.expenditure))
        for cell, tail in unit.tails.items():
            before = self.tails.get(cell, Tail(ZERO, ZERO, ZERO))
            self.tails[cell] = Tail(*(one + other for one, other in zip(before, tail, strict=True)))
        for own, names in ((self.accounts, unit.accounts), (self.glossary, unit.glossary)):
            for term, name in names.items():
                if own.get(term, name) != name:
                    self.renamed.setdefault(term, {own[term]}).add(name)
                own[term] = min(name, own.get(term, name))  # any choice that does not depend on the order
        if unit.prior_unsure:
            self.unsure.append(unit.department or unit.file)
        self.open |= unit.open
        self.lacking |= unit.lacking
        self.empty = set(unit.empty) if self.empty is None else self.empty & unit.empty
        if unit.missing:
            self.missing[unit.file] = unit.missing

    # ── what comes out ──

    def ordered(self, folder: str) -> list[tuple[Leaf, str, int, int]]:
        """The merged files in the order of their names seen from `folder`, with the file that they came
        in and the place of their records."""
        named = [(leaf._replace(file=relative(leaf.file, folder)), file, start, length)
                 for leaf, file, start, length in self.leaves]
        return sorted(named, key=lambda own: (own[0].file, own[0].digest))

    def records(self, start: int, length: int) -> dict[str, list[dict[str, Any]]]:
        """The records of one file, by table."""
        self._spool.seek(start)
        found: dict[str, list[dict[str, Any]]] = pickle.loads(self._spool.read(length))
        return found

    def net(self) -> dict[Cell, Figure]:
        """The department's figures: transfers between the units are neither income nor expenditure. What
        is nothing but such a transfer is no row of its own."""
        found = dict(self.figures)
        for cell, amount in reductions(self.taxonomy, self.transfers):
            value, half = found[cell]
            found[cell] = (value - amount, half)
            if value == amount:
                del found[cell]
        return found

    def unknown_parts(self) -> list[str]:
        """The tables and figures of which a unit does not know its part: what the others have is there, but the
        department's figure is not known."""
        held = self.net()
        keys = {key for leaf, *_rest in self.leaves for key, count in leaf.records if count}
        tables = {cell[0] for cell in held} | {table.id for table in self.taxonomy.tables.values()
                                               if table.axis == "records" and not table.owner and table.key in keys}
        return [*(table for table in self.taxonomy.tables if table in tables & self.lacking),
                *(address(cell) for cell in sorted(self.open) if cell in held)]

    def nothing(self) -> list[str]:
        """The tables of which there is nothing: no unit has any, or what they have was all a transfer."""
        held = {cell[0] for cell in self.net()}
        return [table.id for table in self.taxonomy.tables.values() if table.id not in held and (
            table.id in (self.empty or ()) or (table.accounts and table.entered and table.id not in self.lacking))]

    def stated_transfers(self) -> dict[Key, Flow]:
        """The flows that the merged source has to state, as its figures alone do not tell them: those with
        two sides, and those that several units booked."""
        return {key: flow for key, flow in self.transfers.items()
                if (flow.income and flow.expenditure) or flow.largest != flow.income + flow.expenditure}

    def net_prior(self) -> dict[Cell, Figure]:
        """Last year's figures, of which every unit knows its own."""
        less = list(reductions(self.taxonomy, self.prior_transfers))
        found = {cell: figure for cell, figure in self.prior.items() if cell not in self.unknown}
        if less:
            report = effect(self.format, self.year, less)
            for cell, (value, half) in found.items():
                if cell[1] in report.rows(cell[0]):
                    found[cell] = (value - report.value(cell), half)
        return found

    def official(self) -> dict[Cell, Figure]:
        """The department's official figures: what is computed, and the units' 尾差 together. What
        remains open is what the units' official and computed figures leave open."""
        from ..report import Report

        wanted = {cell: tail for cell, tail in self.tails.items() if tail.difference}
        if not wanted:
            return {}
        entries = {cell: Entry(value, half) for cell, (value, half) in self.net().items()}
        source = of_nothing_else(self.taxonomy, self.format, self.year, entries)
        while True:  # official figures enter others: as often as they hang together
            report = Report(source)
            before = dict(source.official)
            for cell, tail in wanted.items():
                table = self.taxonomy.tables[cell[0]]
                computed = report.derived(table, cell, report.values)
                bounds = report.derived(table, cell, report.intervals)
                half = tail.half + max(ZERO, (bounds.half_width if bounds is not None else ZERO) - tail.computed)
                source.official[cell] = Entry((computed or ZERO) + tail.difference, half)
            if source.official == before:
                return {cell: (entry.value, entry.half) for cell, entry in source.official.items()}


def _add_up(mine: dict[Cell, Figure], theirs: dict[Cell, Figure]) -> None:
    for cell, (value, half) in theirs.items():
        had = mine.get(cell)
        mine[cell] = (value, half) if had is None else (had[0] + value, had[1] + half)


def relative(file: str, folder: str) -> str:
    """A file as a source in the folder names it."""
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return file.replace(os.sep, "/")


def unmatched(total: Total) -> Iterator[tuple[Key, Flow, Decimal]]:
    """The flows of which something is left over, with what was eliminated."""
    for key, flow in sorted(total.transfers.items()):
        amount = eliminated(flow)
        if flow.income != amount or flow.expenditure != amount:
            yield key, flow, amount


def matched(total: Total) -> Iterator[tuple[str, Decimal]]:
    """How much was eliminated of each kind of transfer."""
    for transfer in total.taxonomy.transfers:
        yield transfer.id, sum((eliminated(flow) for (id, _account), flow in total.transfers.items()
                                if id == transfer.id), ZERO)
