"""A plan in words: what was found in a workbook, and what an import would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..i18n import _
from ..text.width import printable
from .plan import Difference, Entered, Plan

FEW = 40
"""So many lines of a list are told unless all are asked for."""


def told(plan: Plan, all: bool = False) -> list[str]:
    """The plan, line by line. What could not be placed is told in full, whatever its length."""
    return [printable(line) for line in _lines(plan, None if all else FEW)]


def summary(plan: Plan) -> str:
    """The plan in one line."""
    parts = [_("{count} new").format(count=len(plan.new)), _("{count} changed").format(count=len(plan.changed)),
             _("{count} the same").format(count=plan.same)]
    if plan.differences:
        parts.append(_("{count} totals differ").format(count=len(plan.differences)))
    if plan.unplaced:
        parts.append(_("{count} cells without a place").format(count=sum(lost.cells for lost in plan.unplaced)))
    return "，".join(parts)


def _lines(plan: Plan, most: int | None) -> Iterator[str]:
    yield _("Tables found in {book}:").format(book=plan.book)
    for table in plan.tables:
        name = f"{table.code} {table.title}".lstrip()
        place = f"（{table.where}）" if table.where else ""
        if table.note:
            yield f"  {name}{place}：{table.note}"
        else:
            unit = f"，{table.unit}" if table.unit else ""
            yield "  " + _("{name}{place}: {count} cells have their place{unit}").format(
                name=name, place=place, count=table.taken, unit=unit)
    if not plan.tables:
        yield "  " + _("none")
    if plan.faults:
        yield ""
        yield _("Can't be read ({count}):").format(count=len(plan.faults))
        yield from _listed(plan.faults, None)
    yield from _entries(_("Last year's figures, new ({count}):") if plan.prior else _("New ({count}):"), plan.new, most)
    yield from _entries(_("Changed ({count}):"), plan.changed, most)
    if plan.kept:
        yield ""
        yield _("In the source, but not in the workbook: stay as they are ({count}, --replace empties them):").format(
            count=len(plan.kept))
        yield from _listed((f"{line.label} {line.old}" for line in plan.kept), most)
    if plan.differences:
        yield ""
        yield _("Totals of the workbook that are not the sum of their parts ({count}):").format(
            count=len(plan.differences))
        yield from _listed((_difference(found) for found in plan.differences), most)
    others = [lost for lost in plan.unplaced if not lost.fault]
    if others:
        yield ""
        yield _("Cells without a place, not taken ({count}):").format(count=sum(lost.cells for lost in others))
        yield from _listed((_("{place} ({text}): {why}").format(place=lost.place, text=lost.text, why=lost.why)
                            for lost in others), None)
    if plan.notes:
        yield ""
        yield _("To note ({count}):").format(count=len(plan.notes))
        yield from _listed(plan.notes, most)
    yield ""
    yield _("Together: {summary}; {agreed} totals agree").format(summary=summary(plan), agreed=plan.agreed)


def _difference(found: Difference) -> str:
    words = _("{label}: {theirs} in the workbook ({spot}), computed {ours}: rounding (尾差)") if found.tail else \
        _("{label}: {theirs} in the workbook ({spot}), computed {ours}")
    return words.format(label=found.label, theirs=found.theirs, ours=found.ours, spot=found.spot)


def _entries(title: str, lines: tuple[Entered, ...], most: int | None) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield title.format(count=len(lines))
    yield from _listed((_entry(line) for line in lines), most)


def _entry(line: Entered) -> str:
    spot = f"（{line.spot}）" if line.spot else ""
    new = line.new or _("(empty)")
    return f"{line.label}：{line.old} → {new}{spot}" if line.old else f"{line.label}：{new}{spot}"


def _listed(lines: Iterable[str], most: int | None) -> Iterator[str]:
    every = list(lines)
    shown = every if most is None else every[:most]
    for line in shown:
        yield "  " + " ".join(line.split())
    if len(shown) < len(every):
        yield "  " + _("… and {count} more (--all lists them)").format(count=len(every) - len(shown))
