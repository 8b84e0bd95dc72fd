"""A chart as text: a line for each bar, label, bar, figure.

    图：支出决算结构图（单位：万元）
      基本支出 ██████████████           355.12万元，41.79%
      项目支出 ████████████████████     494.62万元，58.21%
"""

from __future__ import annotations

from ..document import Chart
from .width import printable, width
from .wrap import wrap

_MARGIN = "  "
_BLOCK = "█"
_LEAST_BAR = 8  # columns: below this, bars tell nothing and only the figures stand
_LONGEST_LABEL = 28  # columns


def draw(chart: Chart, measure: int, ambiguous: int = 2) -> list[str]:
    """The lines of a chart, `measure` columns at most (as far as its labels and figures have room).

    The longest bar has the width that is left; a figure that is not zero has at least one block,
    and one below zero has none.
    """
    lines = wrap(printable(chart.title), measure, ambiguous=ambiguous)
    labels = [printable(bar.label) for bar in chart.bars]
    figures = [printable(bar.text) for bar in chart.bars]
    named = min(max((width(label, ambiguous) for label in labels), default=0), _LONGEST_LABEL)
    told = max((width(figure, ambiguous) for figure in figures), default=0)
    block = width(_BLOCK, ambiguous)
    room = (measure - len(_MARGIN) - named - told - 2) // block
    most = max((bar.value for bar in chart.bars), default=0)
    for bar, label, figure in zip(chart.bars, labels, figures):
        *above, last = wrap(label, named, ambiguous=ambiguous) or [""]
        lines += [_MARGIN + part for part in above]
        drawn = ""
        if room * block >= _LEAST_BAR:
            length = max(1, round(room * bar.value / most)) if bar.value > 0 else 0
            drawn = _BLOCK * length + " " if length else ""
        gap = " " * max(0, named - width(last, ambiguous))
        lines.append(f"{_MARGIN}{last}{gap} {drawn}{figure}")
    return lines
