"""Charts as text: what a reader must see."""

from __future__ import annotations

from decimal import Decimal

import pytest
from juesuan.core.document import Bar, Chart
from juesuan.core.text.chart import draw
from juesuan.core.text.width import width


def chart(*bars: tuple[str, str, str]) -> Chart:
    drawn = tuple(Bar(label, Decimal(value), text) for label, value, text in bars)
    return Chart("c", "bars", "图：支出结构", "万元", drawn)


def lengths(lines: list[str]) -> list[int]:
    return [line.count("█") for line in lines[1:]]


def test_bars_are_as_long_as_their_values() -> None:
    lines = draw(chart(("基本支出", "200", "200万元"), ("项目支出", "100", "100万元")), 76)
    assert lines[0] == "图：支出结构"
    long, short = lengths(lines)
    assert long == pytest.approx(2 * short, abs=1)
    assert lines[1].endswith("200万元")


def test_the_smallest_figure_is_seen_and_nothing_has_no_bar() -> None:
    bars = [("甲", "10000", "10000万元"), ("乙", "0.01", "0.01万元"), ("丙", "0", "0万元"), ("丁", "-5", "-5万元")]
    lines = draw(chart(*bars), 76)
    assert lengths(lines)[1:] == [1, 0, 0]


@pytest.mark.parametrize("ambiguous", [1, 2])
@pytest.mark.parametrize("measure", [40, 60, 76])
def test_lines_keep_to_the_measure(measure: int, ambiguous: int) -> None:
    bars = [("国有资本经营预算财政拨款收入", "355.12", "355.12万元，41.79%"), ("其他", "1", "1万元")]
    lines = draw(chart(*bars), measure, ambiguous)
    assert max(width(line, ambiguous) for line in lines) <= max(measure, 2 + 28 + 1 + 18)


def test_all_zero_and_empty_charts_stand() -> None:
    assert lengths(draw(chart(("甲", "0", "0万元")), 76)) == [0]
    assert draw(chart(), 76) == ["图：支出结构"]
