"""The clipboard: what Excel and WPS write is read as they mean it; sums are exact, and nothing else runs."""

from __future__ import annotations

import warnings
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import AmountError
from juesuan.core.views.tsv import compute, figure, format_table, parse_table

CELLS = st.text('ab"\t\n1,.中（ ', max_size=6)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\n3\t4", [["1", "2"], ["3", "4"]]),
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1\r2", [["1"], ["2"]]),
        ("", [[""]]),
        ("\t", [["", ""]]),
        ("1\n\n2", [["1"], [""], ["2"]]),
        ('"a\tb"\tc', [["a\tb", "c"]]),
        ('"两\n行"\t2', [["两\n行", "2"]]),
        ('"他说""好"""', [['他说"好"']]),
        ('5" 管', [['5" 管']]),
        ('""\t1', [["", "1"]]),
        ('"1,234.50"', [["1,234.50"]]),
        ('"没有关', [["没有关"]]),
        ("'1", [["'1"]]),
        ("（100）\t−5", [["（100）", "−5"]]),
    ],
)
def test_pasted_texts(text: str, rows: list[list[str]]) -> None:
    assert parse_table(text) == rows


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4), st.sampled_from(["", "\n"]))
def test_what_is_copied_is_pasted(rows: list[list[str]], end: str) -> None:
    if rows[-1] != [""] or end:
        assert parse_table(format_table(rows) + end) == rows


@settings(deadline=None)
@given(st.text('a"\t\n\r1', max_size=40))
def test_any_text_is_a_table(text: str) -> None:
    rows = parse_table(text)
    assert rows
    assert all(rows)
    assert parse_table(format_table(rows) + "\n") == rows


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("=120.5+33", "153.5"),
        ("＝１２０．５＋３３", "153.5"),
        ("= 0.1 + 0.2", "0.3"),
        ("=(1+2)*3", "9"),
        ("=（1＋2）×3", "9"),
        ("=10÷4", "2.5"),
        ("=-3", "-3"),
        ("=5−8", "-3"),
        ("=100", "100"),
        ("=1*1", "1"),
        ("=1,234.5+1", "1235.5"),
        ("=1 234+1", "1235"),
        ("=9999999999999999.99*9999999999999999.99", "99999999999999999800000000000000.0001"),
        ("=301.82-301.82", "0"),
        ("12.5", "12.5"),
        ("", ""),
        ("文字", "文字"),
        ("=1.10+1.10", "2.20"),
        ("=+7", "7"),
        ("=100*100", "10000"),
    ],
)
def test_sums(typed: str, result: str) -> None:
    assert compute(typed) == result


@pytest.mark.parametrize(
    "typed",
    [
        "=",
        "=a",
        "=abs(1)",
        "=__import__('os')",
        "=2**9",
        "=2**9**9**9",
        "=1//2",
        "=5%2",
        "=1<2",
        "=[1]",
        "=(1,2)",
        "='1'",
        "=1.",
        "=1/0",
        "=0/0",
        "=1+",
        "=1 2",
        "=1,2",
        "=1,23+1",
        "=1234.56①",
        "=2²",
        "=9**9**9**9**9",
        "=0x1F",
        "=1j",
        "=True",
        "=None",
        "=...",
        "=lambda: 1",
        "=(x:=1)",
        "=1 if 1 else 2",
        "=~1",
        "=not 1",
        "=1;2",
        "=1\n+2",
        "=f'{1}'",
        "=nan",
        "=inf",
        "=" + "(" * 500 + "1" + ")" * 500,
        "=" + "-" * 5000 + "1",
        "=" + "1+" * 9000 + "1",
        "=" + "9" * 5000,
        "=" + "9" * 41,
    ],
)
def test_only_sums_are_computed(typed: str) -> None:
    with pytest.raises(AmountError, match=r"."):
        compute(typed)


def test_what_is_no_sum_warns_of_nothing() -> None:
    """Python warns of what looks odd in a program, and would do so in the middle of the screen."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for typed in ("=0b1or 1", "=1if 1else 2", "=1and 2", "=0x1for", "='\\d'", "=1 is 1", "=1(2)"):
            with pytest.raises(AmountError):
                compute(typed)
    assert not warned


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        (" -   ", "0"),
        (" ¥-   ", "0"),
        ("－", "0"),
        ("—", "0"),
        ("——", ""),
        ("/", ""),
        ("无", ""),
        (" ¥3,016.47 ", "3016.47"),
        ("￥３，０１６．４７", "3016.47"),
        (" ¥(3,016.47)", "-3016.47"),
        ("（¥3,016.47）", "-3016.47"),
        ("-¥3,016.47", "-3016.47"),
        ("¥-3,016.47", "-3016.47"),
        ("\u00a0¥\u00a03 016.47\u00a0", "3016.47"),
        ("RMB 5", "5"),
        ("12.5", "12.5"),
        ("=1+2", "3"),
        ("", ""),
        ("¥", "¥"),
        ("¥¥3", "¥¥3"),
        ("x", "x"),
        ("¥1,23", "1,23"),
    ],
)
def test_figures_as_workbooks_show_them(typed: str, result: str) -> None:
    assert figure(typed) == result


NUMBERS = st.decimals(-9999, 9999, places=2, allow_nan=False)


@settings(deadline=None)
@given(NUMBERS, st.lists(st.tuples(st.sampled_from("+-*"), NUMBERS), max_size=6))
def test_sums_are_exact(first: Decimal, parts: list[tuple[str, Decimal]]) -> None:
    typed, value = f"{first}", Fraction(first)
    for operator, number in parts:
        typed = f"({typed}){operator}({number})"
        value = {"+": value + Fraction(number), "-": value - Fraction(number), "*": value * Fraction(number)}[operator]
    assert Fraction(compute(f"={typed}")) == value
