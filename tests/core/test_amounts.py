"""Amounts: read exactly, printed half up, and the intervals that rounded figures stand for."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import (
    LARGEST,
    UNITS,
    AmountError,
    Interval,
    as_interval,
    parse_amount,
    parse_count,
    parse_number,
    parse_score,
    round_half_up,
    show_number,
)

fen = st.integers(-(10**15), 10**15)
figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
ends = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """四舍五入, stated apart from the code: the magnitude plus a half, cut off."""
    scaled = abs(value) * 10**decimals + Fraction(1, 2)
    rounded = Fraction(scaled.numerator // scaled.denominator, 10**decimals)
    return rounded if value >= 0 else -rounded


# Reading and printing


@settings(deadline=None)
@given(fen, st.sampled_from(["元", "万元"]))
def test_an_amount_that_was_printed_exactly_is_read_back(cents: int, unit: str) -> None:
    value = Decimal(cents).scaleb(-2)
    assume(abs(value) < LARGEST)
    decimals = 2 if unit == "元" else 6
    text = show_number(value / UNITS[unit], decimals)
    assert parse_amount(text, unit) == (value, 0)


@settings(deadline=None)
@given(fen, st.booleans(), st.booleans())
def test_printing_keeps_the_figure_whatever_the_style(cents: int, thousands: bool, trim: bool) -> None:
    value = Decimal(cents).scaleb(-2)
    assert parse_number(show_number(value, 2, thousands, trim)) == value


@settings(deadline=None)
@given(st.from_regex(r"\A-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?\Z"))
def test_digits_are_kept_as_written(text: str) -> None:
    number = parse_number(text)
    assert str(number) == text
    assert parse_number(Decimal(text)) == number


@settings(deadline=None)
@given(figures, st.integers(0, 4))
def test_half_is_rounded_away_from_zero(value: Decimal, decimals: int) -> None:
    rounded = round_half_up(value, decimals)
    assert Fraction(rounded) == half_up(Fraction(value), decimals)
    assert round_half_up(-value, decimals) == -rounded


@pytest.mark.parametrize(("value", "decimals", "text"), [
    ("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.135", 2, "0.14"),
    ("1.005", 2, "1.01"), ("0.004999", 2, "0.00"), ("99.995", 2, "100.00"), ("7", 2, "7.00"),
])  # fmt: skip
def test_rounding_by_hand(value: str, decimals: int, text: str) -> None:
    assert show_number(Decimal(value), decimals) == text


@pytest.mark.parametrize("value", ["-0", "-0.00", "-0.004", "-0.0049999"])
def test_there_is_no_minus_zero(value: str) -> None:
    assert show_number(Decimal(value), 2) == "0.00"
    assert show_number(Decimal(value), 2, trim=True) == "0"
    assert not round_half_up(Decimal(value), 2).is_signed()


@pytest.mark.parametrize("text", ["-0", "-0.00", "−0"])
def test_minus_zero_is_read_as_zero(text: str) -> None:
    value, half = parse_amount(text, "万元")
    assert (value, half) == (0, 0)
    assert not value.is_signed()
    assert not parse_count(text).is_signed()


def test_thousands_and_trimmed_zeros() -> None:
    assert show_number(Decimal("6064.02"), 2, thousands=True) == "6,064.02"
    assert show_number(Decimal("-1234567.8"), 2, thousands=True) == "-1,234,567.80"
    assert show_number(Decimal(80), 2, trim=True) == "80"
    assert show_number(Decimal("71.30"), 2, trim=True) == "71.3"
    assert show_number(Decimal(100), 0, trim=True) == "100"


# What people type


@pytest.mark.parametrize(("text", "value"), [
    ("１２３．４５", "123.45"), ("1,234.56", "1234.56"), ("１，２３４．５６", "1234.56"), ("12，345，678", "12345678"),
    ("(100)", "-100"), ("（1,000.50）", "-1000.50"), ("−100", "-100"), ("－１００", "-100"), ("–5", "-5"), ("+7", "7"),
    (" 8.50 ", "8.50"), ("\u00a09", "9"), ("\u30000.1\u3000", "0.1"), ("007", "7"),
])  # fmt: skip
def test_what_people_type_is_read(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("raw", [
    "", " ", "abc", "12abc", "1.2.3", "1..2", ".", "-", "+", "()", "1e5", "1E5", "NaN", "nan", "Infinity", "-inf",
    "0x10", "五", "1234.56①", "½", "١٢", "12 元", "--5", "-(5)", "(-5)", "5-", "1,23", "12,34.5", "1,2345", "1 2",
    "12/3", "=1+1", "1\x00", "1\n2", "1\u200b2",
])  # fmt: skip
def test_what_is_no_number_is_refused(raw: str) -> None:
    with pytest.raises(AmountError):
        parse_number(raw)


@pytest.mark.parametrize("raw", [
    True, False, None, 1.5, [], {}, b"1", Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("sNaN"),
])  # fmt: skip
def test_a_value_of_another_type_is_refused(raw: object) -> None:
    for parse in (parse_number, parse_count, parse_score, lambda value: parse_amount(value, "元")):
        with pytest.raises(AmountError):
            parse(raw)


@settings(deadline=None)
@given(st.text(max_size=12) | st.text(st.sampled_from("0123456789.,-+()（） ０９．，−eE_"), max_size=12))
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    message = ""
    try:
        value = parse_number(text)
    except AmountError as error:
        message = str(error)
    else:
        assert value.is_finite()
    assert not {"Cc", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, message))


@pytest.mark.parametrize("raw", [
    "9" * 20, "1" + "0" * 14, "-" + "9" * 20, 10**15, pytest.param("9" * 5000, id="long"),
    pytest.param(10**4999, id="huge"),
])  # fmt: skip
def test_an_amount_beyond_any_department_is_refused(raw: object) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(raw, "元")
    assert len(str(caught.value)) < 200


def test_the_largest_amounts_are_exact() -> None:
    assert parse_amount("99999999999999.99", "元") == (Decimal("99999999999999.99"), 0)
    with pytest.raises(AmountError):
        parse_amount("10000000000", "万元")


@pytest.mark.parametrize(("raw", "unit"), [("0.001", "元"), ("1.2345678", "万元"), ("0.0000001", "万元")])
def test_an_amount_finer_than_a_fen_is_refused(raw: str, unit: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(raw, unit)


def test_trailing_zeros_below_a_fen_are_no_fault() -> None:
    assert parse_amount("1.230", "元") == (Decimal("1.23"), 0)


# What an amount stands for


@pytest.mark.parametrize(("raw", "unit", "half"), [
    ("301.82", "万元", 50), ("301.8", "万元", 50), (301, "万元", 50), ("301.820", "万元", 5),
    ("301.8200", "万元", "0.5"), ("301.82001", "万元", "0.05"), ("301.820015", "万元", 0), ("0", "万元", 0),
    ("0.00", "万元", 0), ("301.82", "元", 0), ("301", "元", "0.5"), (302, "元", "0.5"), ("301.5", "元", 0),
    ("-0.01", "万元", 50), ("213.28万元", "元", 50), ("２１３．２８ 万元", "元", 50), ("213.28万", "元", 50),
    ("2132777.54元", "万元", 0),
])  # fmt: skip
def test_how_far_the_true_amount_can_be(raw: object, unit: str, half: object) -> None:
    """A figure in 万元 has two decimals at least, one in whole 元 is known to the 元; zero, and a figure
    down to 分, are exact. An amount may name its own unit."""
    assert parse_amount(raw, unit)[1] == Decimal(str(half))


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(2, 6))
def test_an_amount_rounded_into_a_unit_stands_for_its_exact_value(cents: int, decimals: int) -> None:
    exact = Decimal(cents).scaleb(-2)
    assume(abs(exact) < LARGEST - 10000)
    written = show_number(exact / 10000, decimals)
    value, half = parse_amount(written, "万元")
    if value:
        assert value - half <= exact <= value + half


# Counts and points


@pytest.mark.parametrize(("raw", "value"), [(11, 11), ("１１", 11), ("1,420", 1420), ("0", 0), ("7.0", 7)])
def test_counts(raw: object, value: int) -> None:
    assert parse_count(raw) == value
    assert str(parse_count(raw)) == str(value)


@pytest.mark.parametrize("raw", ["-1", "1.5", "9" * 20, "十"])
def test_what_is_no_count_is_refused(raw: str) -> None:
    with pytest.raises(AmountError):
        parse_count(raw)


@pytest.mark.parametrize("raw", ["0", "12.5", "100", 1000, Decimal("33.3333")])
def test_points(raw: object) -> None:
    assert parse_score(raw) == Decimal(str(raw))


@pytest.mark.parametrize("raw", ["-0.5", "1000.01", "1.00001", "满分"])
def test_what_are_no_points_is_refused(raw: str) -> None:
    with pytest.raises(AmountError):
        parse_score(raw)


# Intervals


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, Decimal]:
    """An interval and a point in it."""
    low, point, high = sorted(draw(st.tuples(ends, ends, ends)))
    return Interval(low, high), point


@settings(deadline=None)
@given(intervals(), intervals())
def test_arithmetic_on_intervals_holds_every_result(
    one: tuple[Interval, Decimal], two: tuple[Interval, Decimal]
) -> None:
    (a, x), (b, y) = one, two
    for result, point in ((a + b, x + y), (a - b, x - y), (a * b, x * y), (-a, -x), (abs(a), abs(x))):
        assert result.low <= point <= result.high
    if not b.low <= 0 <= b.high:
        quotient = a / b
        exact = Fraction(x) / Fraction(y)
        slack = abs(exact) / 10**50  # the ends are rounded to 60 digits
        assert Fraction(quotient.low) - slack <= exact <= Fraction(quotient.high) + slack
    else:
        with pytest.raises(ZeroDivisionError):
            a / b


@settings(deadline=None)
@given(intervals(), ends)
def test_a_number_beside_an_interval_is_an_exact_one(one: tuple[Interval, Decimal], number: Decimal) -> None:
    a, _point = one
    exact = Interval(number, number)
    assert as_interval(number) == exact
    assert as_interval(a) is a
    assert a + number == number + a == a + exact
    assert a - number == a - exact
    assert number - a == exact - a
    assert a * number == number * a == a * exact
    if number:
        assert a / number == a / exact
    if not a.low <= 0 <= a.high:
        assert number / a == exact / a


@settings(deadline=None)
@given(intervals())
def test_the_ends_of_an_absolute_value_are_reached(one: tuple[Interval, Decimal]) -> None:
    a, _point = one
    magnitude = abs(a)
    assert magnitude.low >= 0
    assert magnitude.high == max(abs(a.low), abs(a.high))
    assert magnitude.low == (0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high)))


@settings(deadline=None)
@given(st.lists(intervals(), max_size=30))
def test_a_sum_of_intervals_is_as_wide_as_its_parts(parts: list[tuple[Interval, Decimal]]) -> None:
    total = sum((interval for interval, _point in parts), Interval(Decimal(0), Decimal(0)))
    assert total.half_width == sum((interval.half_width for interval, _point in parts), Decimal(0))
    assert total.low <= sum((point for _interval, point in parts), Decimal(0)) <= total.high


@pytest.mark.parametrize(("raw", "unit", "yuan"), [
    ("213.28万元", "元", "2132800"), ("213.28 万", "元", "2132800"), ("1,213.28万元", "万元", "12132800"),
    ("5元", "万元", "5"), ("(3.20)万元", "元", "-32000"),
])  # fmt: skip
def test_an_amount_may_name_its_own_unit(raw: str, unit: str, yuan: str) -> None:
    assert parse_amount(raw, unit)[0] == Decimal(yuan)


@pytest.mark.parametrize("raw", ["万元", "五万元", "5亿元", "5%", "5万元元"])
def test_what_names_no_amount_is_refused(raw: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(raw, "元")
