"""Last year's figures of a source, as far as they are asked for and known."""

from __future__ import annotations

from collections.abc import Iterator

from ..amounts import ZERO, as_interval
from ..formula import Ref
from ..report import Report
from ..source import Cell
from ..taxonomy import Table
from .records import in_records
from .stated import Figure, Flow, Key
from .transfers import cells_of, effect, reductions


def prior_flows(report: Report) -> dict[Key, Flow]:
    """Last year's: as the merged source states them, or from last year's figures as far as they are known."""
    if report.source.merged is not None:
        return dict(report.source.merged.prior_transfers)
    found = {}
    for transfer in report.taxonomy.transfers:
        for account in _prior_accounts(report, transfer.income[0]) | _prior_accounts(report, transfer.expenditure[0]):
            income, expenditure = ((_prior_figure(report, cell) or (ZERO, ZERO))[0]
                                   for cell in cells_of(transfer, account))
            if income or expenditure:
                found[transfer.id, account] = Flow(income, expenditure, income + expenditure)
    return found


def _prior_accounts(report: Report, table: str) -> set[str]:
    found = {cell[1] for cell in report.source.prior if cell[0] == table}
    if report.prior_report is not None:
        found |= set(report.prior_report.items(table))
    return {account for account in found if len(account) == report.taxonomy.tables[table].digits}


def prior_figures(report: Report) -> tuple[dict[Cell, Figure], frozenset[Cell]]:
    """Last year's figures that the format asks for or a rule reads: those that are known, with what was
    eliminated before, and those that are not."""
    known: dict[Cell, Figure] = {}
    unknown: set[Cell] = set()
    merged = report.source.merged
    before = None
    if merged is not None and merged.prior_transfers:
        before = effect(report.format, report.source.year, reductions(report.taxonomy, merged.prior_transfers))
    for cell in _asked(report):
        figure = _prior_figure(report, cell)
        if figure is None:
            unknown.add(cell)
        else:
            added = before.value(cell) if before is not None and cell[1] in before.rows(cell[0]) else ZERO
            known[cell] = (figure[0] + added, figure[1])
    return known, frozenset(unknown)


def _asked(report: Report) -> Iterator[Cell]:
    from ..progress import told
    from ..reach import reached

    refs = dict.fromkeys(told(report.format, "change"))
    facts = reached(report.format)
    for rule in report.rules:
        for check in rule.checks:
            for ref in (ref for side in (check.left, check.right) if side for ref in side.refs if ref.prior):
                line = ref.row if report.taxonomy.tables[ref.table].lines else "*"
                if (ref.table, line, ref.column) in facts:
                    refs[ref] = None
    found: dict[Cell, None] = {}
    for ref in refs:
        table = report.taxonomy.tables[ref.table]
        if not in_records(table) and table.columns[ref.column].adds:
            found |= dict.fromkeys((table.id, row, ref.column) for row in _rows(report, table, ref))
    return iter(found)


def _rows(report: Report, table: Table, ref: Ref) -> Iterator[str]:
    if ref.fixed and not ref.range:
        yield ref.row
    elif table.accounts:
        yield from sorted({*report.items(table.id), *_prior_accounts(report, table.id)})
    else:
        yield from table.lines


def _prior_figure(report: Report, cell: Cell) -> Figure | None:
    """Last year's figure, of last year's source to the fen; None where it is not known."""
    entry = report.source.prior.get(cell)
    if entry is not None:
        return entry.value, entry.half
    last = report.prior_report
    if last is not None:
        if cell[0] not in last.taxonomy.tables or report.taxonomy is not last.taxonomy:
            return None
        value = last.value(cell)
        return None if value is None else (value, last.interval(cell).half_width)
    value = report.prior(cell)
    if value is None:
        return None
    return value, as_interval(report.intervals.prior(*cell)).half_width
