"""A chart as an SVG picture within the HTML page: bars from the top down, each with its label and its figure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from ...document import OPEN, Chart, pieces
from ...text.width import printable, width
from ...text.wrap import wrap

_SIZE = 14  # of the letters, in the picture's units
_COLUMN = 8.2  # as wide as a column is at most: digits are wider than half of a Chinese character
_LINE = 20
_BAR = 16
_GAP = 10  # between label, bar and figure, and between one bar and the next
_WIDTH = 720
_LONGEST_LABEL = 30  # columns
_LEAST_ROOM = 120  # for bars, however long the figures are


def picture(chart: Chart) -> Iterator[str]:
    """The lines of a chart without its title. What it shows stands in its label, for those who listen."""
    labels = [wrap(printable(bar.label).strip(), _LONGEST_LABEL) or [""] for bar in chart.bars]
    figures = [printable(bar.text).strip() for bar in chart.bars]
    named = _COLUMN * max((width(line) for label in labels for line in label), default=0)
    told = _COLUMN * max(map(width, figures), default=0)
    room = max(_LEAST_ROOM, _WIDTH - named - told - 2 * _GAP)
    across = named + room + told + 2 * _GAP
    most = max((bar.value for bar in chart.bars), default=Decimal(0))
    heights = [max(_BAR, _LINE * len(label)) for label in labels]
    down = sum(heights) + _GAP * max(0, len(heights) - 1)
    told_all = "；".join(f"{''.join(label)} {figure}" for label, figure in zip(labels, figures))
    yield (f'<svg role="img" aria-label="{escape(f"{printable(chart.title)}：{told_all}")}"'
           f' viewBox="0 0 {_number(across)} {down}" width="{_number(across)}" height="{down}">')
    top = 0
    for bar, label, figure, height in zip(chart.bars, labels, figures, heights):
        middle = top + height / 2
        first = middle - _LINE * (len(label) - 1) / 2
        for number, line in enumerate(label):
            # A mark that was broken between two lines is in neither of them.
            whole = len(label) > 1 and bool(OPEN.search(bar.label))
            yield _words(line, named, first + _LINE * number, "end", whole)
        length = float(room) * float(bar.value / most) if bar.value > 0 else 0.0
        if length:
            yield (f'<rect x="{_number(named + _GAP)}" y="{_number(middle - _BAR / 2)}"'
                   f' width="{_number(max(1.0, length))}" height="{_BAR}"/>')
        yield _words(figure, named + _GAP + length + (_GAP if length else 0), middle, "start")
        top += height + _GAP
    yield "</svg>"


def _words(text: str, x: float, middle: float, anchor: str, whole: bool = False) -> str:
    """A line; what is still to be entered is marked in it, or the `whole` line."""
    words = "".join(f'<tspan class="open">{escape(piece)}</tspan>' if open or whole else escape(piece)
                    for piece, open in pieces(text))  # fmt: skip
    return f'<text x="{_number(x)}" y="{_number(middle + _SIZE * .36)}" text-anchor="{anchor}">{words}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
