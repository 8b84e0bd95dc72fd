"""From a figure of a merged source back to the units: what each of them has in the same place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ..amounts import ZERO
from ..i18n import _
from ..source import Cell, address
from .stated import Leaf
from .transfers import effect, reductions

if TYPE_CHECKING:
    from ..report import Report


class Look(NamedTuple):
    """A unit's source, and the cell to look at in it."""

    file: str
    digest: str
    cell: Cell


class Found(NamedTuple):
    """What a unit has there: a value, as it is printed; or None and why it is not known. `changed`: the
    file is another than the one that was merged."""

    value: Any = None
    shown: str = ""
    problem: str = ""
    changed: bool = False


class Contribution(NamedTuple):
    """A unit, and what was found in its source."""

    leaf: Leaf
    found: Found


class Trace(NamedTuple):
    """Where a figure of a merged source comes from. `eliminated`: what transfers between the units take
    away from the sum; `rest`: by how much the figure differs from what is then left, None where figures
    of this kind do not add up or a unit's is not known. `units`: how many were asked."""

    contributions: tuple[Contribution, ...]
    units: int
    eliminated: Decimal = ZERO
    rest: Decimal | None = None


Spread = Callable[[Callable[[Look], Found], list[Look]], Iterable[Found]]


def trace(report: Report, cell: Cell, spread: Spread = map) -> Trace | None:
    """What each unit contributes to `cell`; None where the source is not merged. A row of a record is
    one unit's alone. Units without a figure there are counted, but not listed."""
    merged = report.source.merged
    if merged is None or not merged.leaves:
        return None
    folder = os.path.dirname(report.source.path)
    places = list(_places(report, cell, merged.leaves))
    looks = [Look(os.path.join(folder, leaf.file), leaf.digest, own) for leaf, own in places]
    answers = [Contribution(leaf, found) for (leaf, _own), found in zip(places, spread(look, looks), strict=True)]
    listed = tuple(own for own in answers if own.found.value or own.found.problem or own.found.changed)
    table = report.taxonomy.tables[cell[0]]
    value = report.value(cell)
    if value is None or not _adds(report, cell) or any(own.found.problem for own in answers):
        return Trace(listed, len(places))
    gone = ZERO
    less = list(reductions(report.taxonomy, merged.transfers))
    if less and not table.owner and table.axis != "records":
        without = effect(report.format, report.source.year, less)
        if cell[1] in without.rows(cell[0]):
            gone = without.value(cell)
    total = sum((own.found.value or ZERO for own in answers), ZERO)
    return Trace(listed, len(places), gone, value - (total - gone))


def _adds(report: Report, cell: Cell) -> bool:
    table = report.taxonomy.tables[cell[0]]
    return table.adds(cell[1], cell[2])


def _places(report: Report, cell: Cell, leaves: tuple[Leaf, ...]) -> Iterator[tuple[Leaf, Cell]]:
    """Which cell of which unit stands behind the cell."""
    table = report.taxonomy.tables[cell[0]]
    if table.axis != "records" and not table.owner:
        yield from ((leaf, cell) for leaf in leaves)
        return
    while table.owner:
        table = report.taxonomy.tables[table.owner]
    number, slash, rest = cell[1].partition("/")
    before = 0
    for leaf in leaves:
        count = dict(leaf.records).get(table.key, 0)
        if before < int(number) <= before + count:
            yield leaf, (cell[0], f"{int(number) - before}{slash}{rest}", cell[2])
        before += count


def look(job: Look) -> Found:
    """Read a unit's figure. This runs in worker processes."""
    from ..opening import build_report
    from ..reading import parse_source
    from ..source import SourceError
    from ..storage import StorageError, read_text

    try:
        stored = read_text(job.file)
        report = build_report(parse_source(stored, job.file))
    except (SourceError, StorageError) as error:
        return Found(problem=error.message)
    report.graph.tracks = False
    changed = stored.digest != job.digest
    table = report.taxonomy.tables.get(job.cell[0])
    if table is None or job.cell[1] not in report.rows(job.cell[0]):
        return Found(changed=changed)
    value = report.value(job.cell)
    if value is None:
        return Found(changed=changed)
    kind = table.columns[job.cell[2]].kind
    return Found(value, shown(report, value, kind), changed=changed)


def lost(job: Look) -> Found:
    """The result of a look whose worker process was stopped."""
    return Found(problem=_("it was not read: a worker process was stopped, perhaps for want of memory"))


def shown(report: Report, value: Any, kind: str) -> str:
    """A value with its unit and all its digits."""
    from ..explain import with_unit

    return with_unit(report, value, kind)


def as_text(report: Report, cell: Cell, found: Trace) -> Iterator[str]:
    """A trace as lines."""
    from ..text.width import printable

    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    yield _("Units that were merged ({count}), at {cell}:").format(count=found.units, cell=address(cell))
    for leaf, own in found.contributions:
        words = own.problem or own.shown or _("no figure")
        if own.changed:
            words += "  " + _("the file was changed since")
        yield printable(f"  {leaf.department or leaf.file}  {words}  [{leaf.file}]")
    empty = found.units - len(found.contributions)
    if empty:
        yield "  " + _("{count} units have no figure there").format(count=empty)
    if found.eliminated:
        yield "  " + _("transfers between the units are eliminated: −{amount}").format(
            amount=shown(report, found.eliminated, kind))
    if found.rest:
        yield "  " + _("that is not the figure above: {difference} is from changes after merging, or from the "
                       "department's own").format(difference=shown(report, found.rest, kind))


def glance(report: Report, cell: Cell) -> list[str]:
    """The same for a screen, which must not wait: of few units at once; of many, how they are listed."""
    from ..batch import SMALL

    merged = report.source.merged
    if merged is None or not merged.leaves:
        return []
    if len(list(_places(report, cell, merged.leaves))) > SMALL:
        return [_("{count} units were merged: juesuan explain {file} {cell} lists them").format(
            count=len(merged.leaves), file=os.path.basename(report.source.path), cell=address(cell))]
    found = trace(report, cell)
    return list(as_text(report, cell, found)) if found is not None else []
