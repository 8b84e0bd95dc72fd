"""Figures of workbooks: what stands in a cell, as an exact amount, or why it is none.

A spreadsheet holds binary floats: 301.82 comes as 301.8200000000001. A figure is taken where it is
a whole number of 分 but for that; whatever else stands in an amount's place is told, never guessed.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import EXACT, LARGEST, ZERO, AmountError, normalise_digits, parse_number
from ..document import is_open
from ..i18n import _
from ..text.width import printable
from .words import BLANKS, FACTORS, folded

_NEAR = 0.000001


class Figure(NamedTuple):
    """What a cell says: its value (元, count, text …), how far the true one may be from it (元), and
    its digits where they are known to the last."""

    value: Any
    half: Decimal = ZERO
    written: str = ""


class NoFigure(ValueError):
    """What stands there is no figure of the kind that belongs there: why."""


def marked(mark: str) -> str:
    """Why a figure that is marked by the guards is not taken."""
    return {
        "unsaved": _("a formula without a result: open the book in Excel or WPS, save it, and import it again"),
        "external": _("a formula over another workbook: nobody can tell if its result is still true; paste the value"),
        "error": _("a formula with an error"),
        "percent": _("a percentage, where an amount is expected"),
        "scaled": _("the cell shows another figure than it holds (a format with thousands or ten thousands)"),
    }[mark]


def is_blank(value: Any) -> bool:
    """Does the cell say nothing?"""
    if value.__class__ is float:
        return False
    return value is None or value == "" or (isinstance(value, str) and (folded(value) in BLANKS or is_open(value)))


def read_figure(value: Any, kind: str, unit: str) -> Figure | None:
    """What stands in the place of a figure of a `kind` (taxonomy.Column), in `unit`; None for nothing.

    Raises NoFigure.
    """
    if value is None or value == "" or (kind not in ("text", "choice") and is_blank(value)):
        return None
    if kind in ("text", "choice"):
        return Figure(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip())
    if kind == "amount":
        return _amount(value, FACTORS[unit])
    number = _number(value)
    if kind == "count":
        near = number.to_integral_value()
        if near < 0 or abs(number - near) > Decimal(_NEAR) or near >= LARGEST:
            raise NoFigure(_("“{text}”: a whole number from 0 is expected").format(text=shown(value)))
        return Figure(near + ZERO)
    return Figure(number + ZERO)


def _amount(value: Any, factor: Decimal) -> Figure:
    fen = int(factor) * 100
    if isinstance(value, float) and math.isfinite(value):
        scaled = value * fen
        whole = round(scaled)
        # What a few additions of floats can have lost is forgiven, and no more.
        exact = abs(scaled - whole) <= max(_NEAR, 8 * math.ulp(scaled))
    else:
        number = EXACT.multiply(_number(value), Decimal(fen))
        whole = int(number.to_integral_value())
        exact = number == whole
    if abs(whole) >= LARGEST * 100:
        raise NoFigure(_("“{text}”: larger than any department's accounts").format(text=shown(value)))
    if not exact:
        raise NoFigure(_("“{text}”: the amount has a part finer than a fen").format(text=shown(value)))
    amount = Decimal(whole).scaleb(-2) + ZERO
    return Figure(amount, _half(whole, fen) if whole and fen > 100 else ZERO)


def _half(whole: int, fen: int) -> Decimal:
    """A figure in 万元 with two decimals stands for ±50 元, as one that is typed does: half of its last digit."""
    step = fen // 100
    while step > 1 and whole % step:
        step //= 10
    return Decimal(step).scaleb(-2) / 2 if step > 1 else ZERO


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise NoFigure(_("“{text}” is no number").format(text=shown(value)))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NoFigure(_("“{text}” is no number").format(text=shown(value)))
        return Decimal(repr(value))
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str):
        text = normalise_digits(value).removeprefix("¥").removeprefix("￥").strip()
        try:
            return parse_number(text)
        except AmountError:
            raise NoFigure(_("the text “{text}”, where a number is expected").format(text=shown(value))) from None
    raise NoFigure(_("the date or time {text}, where a number is expected").format(text=shown(value)))


def shown(value: Any) -> str:
    """A cell's content in a message: short, and without what acts on a terminal."""
    text = printable(" ".join(str(value).split()))
    return text if len(text) <= 24 else text[:23] + "…"


def written(value: Decimal, unit: str) -> str:
    """An amount (元) in the source's `unit`, with two decimals at least."""
    scaled = EXACT.divide(value, FACTORS[unit]).normalize()
    return format(scaled, "f") if -scaled.as_tuple().exponent > 2 else format(scaled, ".2f")  # type: ignore[operator]
