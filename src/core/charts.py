"""Charts: the figures of a report side by side, as plain data (document.Chart)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from .amounts import ZERO, show_number
from .document import Bar, Chart, is_open, placeholder
from .formats import Block, ChartRow, Template
from .formula import cell_of
from .narrative import Context, Environment, percent
from .source import Cell, address

if TYPE_CHECKING:
    from .report import Report


def chart(report: Report, block: Block, context: Context, section: str) -> Chart:
    """The chart of a block. Its bars hold the printed figures, as the sentences around it do; a
    figure that is not known is a bar without length that says so."""
    spec = block.chart
    assert spec is not None
    cells = [found for row in spec.rows for found in _cells(report, row, context)]
    if spec.kind == "totals":
        bars = [bar for label, cell in cells for bar in _two_years(report, label, cell)]
    else:
        bars = [_bar(report, label, cell, report.value(cell)) for label, cell in cells]
    if spec.kind == "shares":
        whole = sum((bar.value for bar in bars), ZERO)
        if spec.whole is not None:
            amount = report.value(cell_of(spec.whole, context.row))
            whole = ZERO if amount is None else report.printed(amount)
        bars = _shared(report, bars, whole)
    return Chart(block.id, spec.kind, _words(report, spec.title, context), report.format.numbers["unit"],
                 tuple(bars), section)


def _cells(report: Report, row: ChartRow, context: Context) -> Iterator[tuple[str, Cell]]:
    for turn in report.text.contexts(row.each, context) if row.each else (context,):
        label = _words(report, row.label, turn) if row.label else Environment(report, turn).name(turn.row)
        yield label, cell_of(row.cell, turn.row)


def _two_years(report: Report, label: str, cell: Cell) -> Iterator[Bar]:
    year = report.source.year
    prior = report.prior(cell)
    if prior is None:
        yield Bar(f"{year - 1}年度{label}", ZERO, placeholder("上年数"), address(cell))
    else:
        yield _bar(report, f"{year - 1}年度{label}", cell, prior)
    yield _bar(report, f"{year}年度{label}", cell, report.value(cell))


def _bar(report: Report, label: str, cell: Cell, amount: Decimal | None) -> Bar:
    if amount is None:
        return Bar(label, ZERO, placeholder(), address(cell))
    numbers = report.format.numbers
    value = report.printed(amount)
    text = show_number(value, report.decimals, numbers.get("narrative_thousands", False),
                       numbers.get("narrative_trim", False))
    return Bar(label, value, text + numbers["unit"], address(cell))


def _shared(report: Report, bars: list[Bar], whole: Decimal) -> list[Bar]:
    """The bars with their shares of the whole; a whole of nothing has none, nor what is not known."""
    if whole <= 0 or any(is_open(bar.text) for bar in bars):
        return bars
    return [bar._replace(text=f"{bar.text}，{percent(bar.value, whole, report.format.numbers)}%") for bar in bars]


def _words(report: Report, template: Template, context: Context) -> str:
    return "".join(run.text for run in report.text.fill(template, Environment(report, context)))
