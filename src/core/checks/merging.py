"""What a merged source leaves to look at: transfers between units of which one side is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..i18n import _
from ..source import address
from .finding import Finding, figure, place_path

if TYPE_CHECKING:
    from ..report import Report


def accounts(report: Report) -> Iterator[Any]:
    """The accounts on which units may have had transfers with one another; none where nothing was merged."""
    merged = report.graph.get((":merged",))
    if merged is None or len(merged.leaves) < 2:
        return
    for transfer in report.taxonomy.transfers:
        rows = {*report.items(transfer.income[0]), *report.items(transfer.expenditure[0])}
        rows |= {account for id, account in merged.transfers if id == transfer.id}
        for account in sorted(rows):
            yield (":judged", "transfer", transfer.id, account)


def judge_transfer(report: Report, id: str, account: str) -> Finding | None:
    """Is something left of a transfer that is nobody's in the department? Both sides are told as the units
    have them."""
    from ..merging.transfers import by_id, cells_of, eliminated

    merged = report.graph.get((":merged",))
    transfer = by_id(report.taxonomy, id)
    cells = cells_of(transfer, account)
    rest = [report.value(cell) for cell in cells]
    if merged is None or not any(rest):
        return None
    flow = merged.transfers.get((id, account))
    gone = eliminated(flow) if flow is not None else 0
    left, right = (figure(report, value + gone, "amount") for value in rest)
    labels = [report.taxonomy.tables[cell[0]].columns[cell[2]].label for cell in cells]
    cell = cells[0] if rest[0] else cells[1]
    message = _("{account}: the units' {received} {left} and {paid} {right} do not match; eliminated {amount}")
    return Finding("N01", "warning", address(cell), report.label(cell), place_path(report, cell), message.format(
        account=f"{account} {report.name(account)}".strip(), received=labels[0], left=left, paid=labels[1], right=right,
        amount=figure(report, gone, "amount")), left, right, figure(report, rest[0] - rest[1], "amount"), "0",
        _("right where the rest came from or went to others than the merged units; otherwise mend the unit that booked "
          "it on another account or column, and merge again"), transfer.source)
