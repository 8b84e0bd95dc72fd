"""Merging from the files to the text of the department's source. Writes nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ..amounts import UNITS, AmountError, show_number
from ..i18n import _
from ..source import Cell, check_line
from .stated import Key
from .total import Total, matched, relative, unmatched
from .transfers import by_id, cells_of
from .unit import Job, Refused, Unit, read_unit
from .writing import joined_text, written

FEW = 5
"""So many units are named where more could be."""

HEAD_OFFICE = ("（本级）", "(本级)", "本级", "（机关）", "(机关)")
"""How the name of a department's own unit ends, beside the department's name."""


class Outcome(NamedTuple):
    """What merging gave: the source's text ('' where there is none), how many units are in it, which
    files are not and why, and what the department should look at."""

    text: str
    units: int
    refused: tuple[Refused, ...]
    remarks: tuple[str, ...]


Spread = Callable[[Callable[[Job], Unit | Refused], list[Job]], Iterable[Unit | Refused]]
"""How a function is applied to jobs: `map`, or over worker processes, in any order."""


def merge(files: list[str], output: str, *, department: str = "", unit: str = "", prior: str = "", skip: bool = False,
          catalogue: str = "", spread: Spread = map) -> Outcome:
    """The sum of the sources `files`, as the text of a source that will be `output`.

    Args:
        department: its name; without, that of the unit which calls itself its head office.
        unit: of its amounts; without, the finest of the units'.
        prior: last year's source of the department, relative to `output`; without, last year's
            figures are the sums of the units'.
        skip: leave out what does not fit. Otherwise the text is '' if anything does not.
    """
    totals: dict[tuple[str, int], Total] = {}
    refused: list[Refused] = []
    seen: dict[tuple[str, int], dict[str, str]] = {}
    try:
        jobs, unfit = _jobs(files, catalogue, os.path.dirname(os.path.abspath(output)))
        refused += unfit
        for own in spread(read_unit, jobs):
            if isinstance(own, Refused):
                refused.append(own)
                continue
            key = (own.format, own.year)
            known = _known(own, seen.setdefault(key, {}))
            if known:
                refused.append(Refused(own.file, known))
                continue
            if key not in totals:
                totals[key] = Total(*key)
            totals[key].add(own)
        total, others = _chosen(totals)
        refused += others
        refused.sort()
        if total is None or (refused and not skip):
            return Outcome("", total.files if total else 0, tuple(refused), ())
        if unit:
            total.unit = unit
        folder = os.path.dirname(os.path.abspath(output))
        name = department or head_office(leaf.department for leaf, *_rest in total.ordered(folder))
        text = joined_text(written(total, folder, name, prior))
        return Outcome(text, len(total.leaves), tuple(refused), tuple(_remarks(total, name, prior)))
    finally:
        for each in totals.values():
            each.close()


def _jobs(files: list[str], catalogue: str, folder: str) -> tuple[list[Job], list[Refused]]:
    """A job for each file, in an order of their own; a file that is named twice counts once, one that the merged
    source in `folder` can't name not at all."""
    places: dict[str, str] = {}
    twice = []
    for file in sorted(files):
        place = os.path.realpath(file)
        try:
            check_line(relative(file, folder))
        except AmountError:
            twice.append(Refused(file, _("its name or path holds what no source can hold: rename it")))
            continue
        if place in places:
            twice.append(Refused(file, _("it is named twice, as {file} too").format(file=places[place])))
        else:
            places[place] = file
    alone = len(places) == 1
    return [Job(file, catalogue, alone) for file in places.values()], twice


def _known(unit: Unit, seen: dict[str, str]) -> str:
    """Is some of it in the sum already? Says which; else remembers it all."""
    names = [name for leaf in unit.leaves for name in (leaf.digest, leaf.file, f"name {leaf.department}")
             if name and name != "name "]
    for leaf in unit.leaves:
        for name in (leaf.digest, leaf.file, f"name {leaf.department}"):
            if name in seen and leaf.department:
                return _("“{department}” is in {file} already").format(department=leaf.department, file=seen[name])
            if name in seen and name != "name ":
                return _("{leaf} is in {file} already").format(leaf=leaf.file, file=seen[name])
    seen.update(dict.fromkeys(names, unit.file))
    return ""


def _chosen(totals: dict[tuple[str, int], Total]) -> tuple[Total | None, list[Refused]]:
    """The sum of the format and year that most files have, and the files of the others."""
    if not totals:
        return None, []
    counts = Counter({key: total.files for key, total in totals.items()})
    (first, most), *rest = sorted(counts.items(), key=lambda own: (-own[1], own[0]))
    if rest and rest[0][1] == most:
        message = _("{format} of {year}: as many sources are of another format or year; name only those that belong "
                    "together")
        return None, [Refused(file, message.format(format=key[0], year=key[1]))
                      for key, total in totals.items() for file in _files(total)]
    message = _("{format} of {year}: the others are {expected} of {expected_year}")
    return totals[first], [
        Refused(file, message.format(format=key[0], year=key[1], expected=first[0], expected_year=first[1]))
        for key, _count in rest for file in _files(totals[key])]


def _files(total: Total) -> list[str]:
    return sorted({file for _leaf, file, *_rest in total.leaves})


def head_office(departments: Iterable[str]) -> str:
    """The department's name, of the one unit that calls itself its head office; else ''."""
    found = {name.removesuffix(ending) for name in departments for ending in HEAD_OFFICE if name.endswith(ending)}
    found.discard("")
    shortest = min(found, key=len, default="")
    return shortest if len([name for name in found if not name.endswith(HEAD_OFFICE)]) == 1 else ""


# ── what the department should look at ──


def _remarks(total: Total, department: str, prior: str) -> Iterator[str]:
    amounts = {id: amount for id, amount in matched(total) if amount}
    for id, amount in amounts.items():
        transfer = by_id(total.taxonomy, id)
        yield _("eliminated between the units: {label} {amount} {unit}").format(
            label=transfer.label, amount=_shown(total, amount), unit=total.unit)
    for key, flow, amount in unmatched(total):
        yield _unmatched(total, key, flow.income, flow.expenditure, amount)
    if not prior:
        if total.unsure and amounts:
            yield _("last year's figures are the sums of the units' and hold transfers between them, which are not "
                    "known for last year: merge last year's sources, too, and name the result with --prior")
        open_ = sorted(filter(_told(total), total.unknown))
        for cell in open_[:FEW]:
            yield _("last year's figure of {cell} is left open: {file} does not state its own").format(
                cell=".".join(cell), file=total.unknown[cell])
        if len(open_) > FEW:
            yield _("and {count} further figures of last year").format(count=len(open_) - FEW)
    for file, places in sorted(total.missing.items())[:FEW]:
        yield _("{file}: {count} figures are not entered, and the department's are not known, such as {place}").format(
            file=file, count=len(places), place=places[0])
    if len(total.missing) > FEW:
        yield _("and {count} further units with figures that are not entered").format(count=len(total.missing) - FEW)
    for code, names in sorted(total.renamed.items()):
        yield _("“{code}” is called differently by the units: {names}").format(
            code=code, names="、".join(sorted(names)))
    if not department:
        yield _("the department's name is left open: write it in [report], or use --department")


def _told(total: Total) -> Callable[[Cell], bool]:
    """Whether the format tells the change of a cell, so that last year's figure is needed."""
    from ..progress import told

    refs = set(told(total.format, "change"))
    fixed = {(ref.table, ref.row, ref.column) for ref in refs if ref.fixed and not ref.range}
    rows = {(ref.table, ref.column) for ref in refs if not ref.fixed or ref.range}
    return lambda cell: cell in fixed or (cell[1] != "total" and (cell[0], cell[2]) in rows)


def _unmatched(total: Total, key: Key, income: Decimal, expenditure: Decimal, amount: Decimal) -> str:
    transfer = by_id(total.taxonomy, key[0])
    left, right = cells_of(transfer, key[1])
    tables = total.taxonomy.tables
    sides = sorted(total.sides[key])
    receivers = [own for own in sides if own.income]
    payers = [own for own in sides if own.expenditure]
    return _("account {account}: {left} {income} ({receivers}), {right} {expenditure} ({payers}); eliminated "
             "{amount}, the rest stays").format(
        account=key[1], left=tables[left[0]].columns[left[2]].label, income=_shown(total, income),
        receivers=_named(own.department for own in receivers), right=tables[right[0]].columns[right[2]].label,
        expenditure=_shown(total, expenditure), payers=_named(own.department for own in payers),
        amount=_shown(total, amount))


def _named(names: Iterable[str]) -> str:
    found = list(names)
    if not found:
        return _("none")
    text = "、".join(found[:FEW])
    return text if len(found) <= FEW else _("{names} and {count} further").format(names=text, count=len(found) - FEW)


def _shown(total: Total, amount: Decimal) -> str:
    text = show_number(amount / UNITS[total.unit], 6, trim=True)
    whole, _point, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
