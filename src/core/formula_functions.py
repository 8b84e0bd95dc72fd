"""The functions of formulas: pure ones over figures, intervals, texts and lists of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .amounts import UNITS, ZERO, AmountError, Interval, as_interval, parse_number, round_half_up
from .formula_types import UNDEFINED, Unknown


def _sum(values: Any) -> Any:
    total: Any = ZERO
    for value in values:
        total = total + value
    return total


def _count(values: Any) -> Decimal:
    return Decimal(sum(1 for value in values if value))


def _min(*values: Any) -> Any:
    if any(isinstance(value, Interval) for value in values):
        ends = [as_interval(value) for value in values]
        return Interval(min(end.low for end in ends), min(end.high for end in ends))
    return min(values)


def _max(*values: Any) -> Any:
    return -_min(*(-value for value in values))


def _ratio(part: Any, whole: Any) -> Any:
    """part / whole, and 0 where there is no whole: for points, never for a printed percentage."""
    return part / whole if whole else ZERO


def _length(text: Any) -> Decimal:
    """How many characters; of a passage, those of all its pieces."""
    return Decimal(len(text) if isinstance(text, str) else sum(len(run.text) for run in text))


def _measured(text: str) -> tuple[Decimal, str]:
    """A number and the unit behind it: '98.5%', '20 家'. Raises AmountError for words."""
    number, unit = re.fullmatch(r"(.*\d)?(\D*)", text.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return parse_number(number or ""), unit.strip().replace("％", "%")


_SIGNS = {">=": "≥", "＞=": "≥", "＞＝": "≥", "≧": "≥", "不低于": "≥", "不少于": "≥", "不小于": "≥", "大于等于": "≥",
          "<=": "≤", "＜=": "≤", "＜＝": "≤", "≦": "≤", "不高于": "≤", "不超过": "≤", "不大于": "≤", "小于等于": "≤",
          "＞": ">", "大于": ">", "＜": "<", "小于": "<"}
"""What is written for a sign of comparison, and means it."""


def _meets(operator: str, target: str, actual: str) -> bool:
    """Does the result meet the target? Numbers with the same unit (95%, 98%) are compared as numbers,
    words must be equal."""
    try:
        (wanted, unit), (got, other) = _measured(target), _measured(actual)
    except AmountError:
        return target == actual
    if unit and other and unit != other:
        return target == actual
    return {"≥": got >= wanted, "≤": got <= wanted, ">": got > wanted, "<": got < wanted}.get(
        _SIGNS.get(operator, operator), got == wanted)


def _money(number: str, unit: str) -> Decimal:
    """The amount (元) that a text says: '852.72' in 万元. Raises Unknown for words."""
    try:
        return parse_number(number) * UNITS[unit]
    except (AmountError, KeyError):
        raise Unknown from None


def _contradictory(names: list[str], values: list[str]) -> str:
    """The first name that comes with two different values; '' if there is none."""
    first: dict[str, str] = {}
    for name, value in zip(names, values, strict=True):
        if name and value and first.setdefault(name, value) != value:
            return name
    return ""


def _completion(operator: str, target: str, actual: str) -> Decimal:
    """How much of the target is reached, 1 for all of it; where less is better, the target by the result.
    0 where they are not numbers of one unit, unless equal words say that it is reached."""
    try:
        (wanted, unit), (got, other) = _measured(target), _measured(actual)
    except AmountError:
        return Decimal(target == actual)
    if unit and other and unit != other:
        return Decimal(target == actual)
    part, whole = (wanted, got) if _SIGNS.get(operator, operator) in ("≤", "<") else (got, wanted)
    return part / whole if whole else Decimal(_meets(operator, target, actual))


def _measurable(target: str, actual: str) -> bool:
    """Are both numbers of one unit?"""
    try:
        (_wanted, unit), (_got, other) = _measured(target), _measured(actual)
    except AmountError:
        return False
    return not (unit and other) or unit == other


PURE: dict[str, Callable[..., Any]] = {
    "sum": _sum, "count": _count, "min": _min, "max": _max, "abs": abs, "ratio": _ratio,
    "rate": lambda part, whole: part / whole if whole else UNDEFINED,
    "round": lambda value, decimals=0: round_half_up(value, int(decimals)),
    "length": _length, "meets": _meets,
    "completion": _completion, "measurable": _measurable,
    "has_text": lambda text, values: any(text in value for value in values),
    "money": _money, "contradictory": _contradictory,
}

# How many arguments they take, at least and at most.
ARITY = {"sum": (1, 1), "count": (1, 1), "min": (1, 99), "max": (1, 99), "abs": (1, 1), "ratio": (2, 2),
          "rate": (2, 2), "round": (1, 2), "length": (1, 1), "meets": (3, 3), "has_text": (2, 2),
          "money": (2, 2), "contradictory": (2, 2), "completion": (3, 3), "measurable": (2, 2)}
