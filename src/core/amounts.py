"""Amounts: exact decimals from the file to the page, and the intervals that they stand for.

Inside, every amount is a `Decimal` in 元 and every count an integral `Decimal`. The source's
unit (元 or 万元) matters when a figure is read and when it is shown, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from typing import Any

from .i18n import _

UNITS = {"元": Decimal(1), "万元": Decimal(10000)}
"""How many 元 one unit is."""

ZERO = Decimal(0)
FEN = Decimal("0.01")
HALF = Decimal("0.5")

# Ample for sums of thousands of amounts, and the same whatever the caller's context is.
EXACT = Context(prec=60)

# The largest department spends some 10^12 元; more digits are a slip of the keyboard.
LARGEST = Decimal(10) ** 14

# Not NFKC: it would make a digit of a footnote mark (1234.56① is not 1234.561).
_TYPED = str.maketrans("０１２３４５６７８９．，＋（）−－﹣–—\u3000\u00a0\u2009\u202f", "0123456789.,+()-----    ")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:([, _])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_WITH_UNIT = re.compile(r"(.*[0-9０-９）)])\s*(元|万元?)")
_LONGEST = 40  # digits: beyond it is no figure, and beyond 4,300 Python refuses to read it


class AmountError(ValueError):
    """What stands there is no figure of the kind asked for. `str()` says why, for the user."""


class Interval:
    """The exact values that a rounded figure can stand for, both ends included. Immutable."""

    __slots__ = ("high", "low")

    def __init__(self, low: Decimal, high: Decimal) -> None:
        self.low = low
        self.high = high

    def __repr__(self) -> str:
        return f"Interval({self.low}, {self.high})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and self.low == other.low and self.high == other.high

    def __hash__(self) -> int:
        return hash((self.low, self.high))

    def __add__(self, other: Interval | Decimal) -> Interval:
        other = as_interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval | Decimal) -> Interval:
        return self + -as_interval(other)

    def __rsub__(self, other: Interval | Decimal) -> Interval:
        return as_interval(other) + -self

    def __mul__(self, other: Interval | Decimal) -> Interval:
        other = as_interval(other)
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    __rmul__ = __mul__

    def __truediv__(self, other: Interval | Decimal) -> Interval:
        other = as_interval(other)
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        ends = [EXACT.divide(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __rtruediv__(self, other: Interval | Decimal) -> Interval:
        return as_interval(other) / self

    def __abs__(self) -> Interval:
        if self.low <= 0 <= self.high:
            return Interval(ZERO, max(-self.low, self.high))
        return self if self.low > 0 else -self

    @property
    def half_width(self) -> Decimal:
        return (self.high - self.low) / 2


def as_interval(value: Interval | Decimal) -> Interval:
    """A number as the interval that holds nothing else."""
    if isinstance(value, Interval):
        return value
    return Interval(value, value)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """四舍五入 on the magnitude: 0.125 → 0.13, −0.125 → −0.13; never −0."""
    return value.quantize(_step(decimals), ROUND_HALF_UP, EXACT) + ZERO


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


@lru_cache(maxsize=8192)  # most figures are printed several times, and many are 0.00
def show_number(value: Decimal, decimals: int, thousands: bool = False, trim: bool = False) -> str:
    """A number with so many decimals, rounded half up: '6064.02', with `thousands` '6,064.02'.

    `trim` drops trailing zeros (80.00 → 80).
    """
    text = format(round_half_up(value, decimals), ",f" if thousands else "f")
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


def show_percent(share: Decimal, numbers: Mapping[str, Any], place: str = "table") -> str:
    """A percentage in a format's number style: with `percent_trim` 8.60 is 8.6, with
    `percent_whole` just 100.00 and 0.00 are 100 and 0. Thousands are separated where they are in the
    amounts of the place ('table' or 'narrative')."""
    decimals = numbers["percent_decimals"]
    whole = numbers.get("percent_whole", False) and round_half_up(share, decimals) % 1 == 0
    return show_number(share, 0 if whole else decimals, numbers.get(place + "_thousands", False),
                       numbers.get("percent_trim", False))


def normalise_digits(text: str) -> str:
    """What people type and paste for a number, as plain ASCII: full-width digits, the many minus
    signs, spaces around it, separators between thousands, and (100) for −100."""
    text = text.translate(_TYPED).strip()
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        text = "-" + text[1:-1]
    if text.startswith("- "):
        text = "-" + text[1:].lstrip()
    text = text.removeprefix("+") if text[1:2].isdigit() else text
    if _GROUPED.fullmatch(text):
        return text.replace(",", "").replace(" ", "").replace("_", "")
    return text


def parse_number(raw: object) -> Decimal:
    """A finite decimal from what TOML or a keyboard gives, digits kept as written.

    Raises AmountError for letters, NaN, infinity, exponents and values of other types.
    """
    if isinstance(raw, bool) or not isinstance(raw, (str, int, Decimal)):
        raise AmountError(_("a number is expected here, not {found}").format(found=kind_of(raw)))
    text = normalise_digits(raw) if isinstance(raw, str) else _written(raw)
    if len(text) > _LONGEST or not _PLAIN.fullmatch(text):
        raise AmountError(_("“{text}” is not a number").format(text=_shorten(raw)))
    return Decimal(text)


def kind_of(raw: object) -> str:
    """What a TOML value is, for a message that refuses it."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f"“{_shorten(raw)}”"
    if isinstance(raw, (int, Decimal)):
        return _shorten(raw)
    if isinstance(raw, dict):
        return _("a table")
    return _("a list") if isinstance(raw, list) else _("a date or time")


def own_unit(raw: object, unit: str) -> tuple[object, str]:
    """An amount and the unit that it is written in: its own, where it names one ('213.28万元')."""
    if isinstance(raw, str):
        match = _WITH_UNIT.fullmatch(raw.strip())
        if match is not None:
            return match[1], "元" if match[2] == "元" else "万元"
    return raw, unit


def parse_amount(raw: object, unit: str) -> tuple[Decimal, Decimal]:
    """An amount written in `unit`, or in the unit that it names itself, as (元, half of its last digit in 元).

    The second says how far the true amount can be from the written one: a figure in 万元 with two
    decimals stands for ±50 元, one in whole 元 for ±0.5 元; zero, and a figure written down to 分, stand
    for themselves. Raises AmountError; besides, for an amount finer than 分 or beyond any department's.
    """
    raw, unit = own_unit(raw, unit)
    number = parse_number(raw)
    scale = UNITS[unit]
    value = EXACT.multiply(number, scale)
    if abs(value) >= LARGEST:
        raise AmountError(_("{text} {unit} is larger than any department's accounts").format(
            text=_shorten(raw), unit=unit))
    if value != value.quantize(FEN, context=EXACT):
        raise AmountError(_("{text} {unit} has a part finer than a fen").format(text=_shorten(raw), unit=unit))
    return value + ZERO, half_step(raw, unit) if value else ZERO


def half_step(raw: object, unit: str) -> Decimal:
    """Half of the last digit (元) of an amount written in `unit`; zero for one written down to 分. Zeros at
    the end may be left out: 213.3 万元 is 213.30, but 213 元 is not known to the 分."""
    raw, unit = own_unit(raw, unit)
    written = -parse_number(raw).as_tuple().exponent  # type: ignore[operator]
    step = UNITS[unit].scaleb(-max(2, written) if written or unit == "万元" else 0)
    return ZERO if step <= FEN else step / 2


def parse_count(raw: object) -> Decimal:
    """A count of things: a whole number, not negative. Raises AmountError."""
    number = parse_number(raw)
    if number != number.to_integral_value() or number < 0:
        raise AmountError(_("“{text}” is not a count: a whole number from 0 is expected").format(text=_shorten(raw)))
    if number >= LARGEST:
        raise AmountError(_("“{text}” is too large for a count").format(text=_shorten(raw)))
    return number.to_integral_value() + ZERO


def parse_score(raw: object) -> Decimal:
    """Points or a weight: 0 to 1000, at most 4 decimals. Raises AmountError."""
    number = parse_number(raw)
    if not 0 <= number <= 1000 or number != number.quantize(Decimal("0.0001"), context=EXACT):
        message = _("“{text}” is not a number of points: 0 to 1000, at most 4 decimals")
        raise AmountError(message.format(text=_shorten(raw)))
    return number


def _written(raw: object) -> str:
    try:
        return str(raw)
    except ValueError:  # a hexadecimal integer of more digits than Python writes in decimal
        return "0x…"


def _shorten(raw: object) -> str:
    """What was found, short enough for a message and without anything that acts on a terminal."""
    from .text.width import printable

    text = printable(" ".join(_written(raw).split()))
    return text if len(text) <= 30 else text[:27] + "…"
