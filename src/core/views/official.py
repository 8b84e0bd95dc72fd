"""Official figures (公开数): what one says beside the figure that is computed in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checks import judge
from ..checks.finding import figure
from ..i18n import _
from .commands import key_of

if TYPE_CHECKING:
    from ..checks import Finding
    from ..report import Report
    from ..source import Cell


def tail(report: Report, cell: Cell) -> Finding | None:
    """How the printed figure of a derived cell differs from its printed parts: a note (尾差), an
    error, or not at all."""
    return judge(report, ("tail", *cell))


def verdict(report: Report, cell: Cell) -> str:
    """An official figure in words: what is computed, by how much they differ, and whether rounding
    explains that. '' where the cell has none."""
    if cell not in report.source.official:
        return ""
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    value, computed = report.value(cell), report.computed(cell)
    if computed is None:
        return _("official figure; what it is the sum of is not known yet")
    if kind == "amount":
        words = _("official figure; computed {computed}, difference {difference}: ").format(
            computed=figure(report, computed, kind), difference=figure(report, value - computed, kind)
        )
    else:
        words = _("official figure; computed {computed}: ").format(computed=report.show(computed, kind))
    found = tail(report, cell)
    if found is None:
        return words + _("equal, it can be dropped ({key})").format(key=key_of("clear"))
    if found.severity == "error":
        return words + _("rounding does not explain it")
    return words + _("rounding (±{tolerance})").format(tolerance=found.tolerance)
