"""How many lines a text takes in Word, by the widths of its fonts and the rules of line breaking."""

from __future__ import annotations

import re
from functools import lru_cache

from ...text.width import char_widths
from ...text.wrap import NO_END, NO_START
from .styles import SQUEEZE, SQUEEZED

_HANGING = "!,.:;?、。…！，．：；？"  # the marks that may stand past the margin

# Widths in Times New Roman, in thousandths of the size. A character that is not told is as wide as a
# digit, or as the size when it is Chinese.
_DIGIT, _CAPITAL, _WHOLE = 500, 680, 1000
_NARROW = {" ": 250, ".": 250, ",": 250, ":": 278, ";": 278, "/": 278, "'": 180, "|": 200, "-": 333, "(": 333,
           ")": 333, "[": 333, "]": 333, "!": 333, "%": 833, "+": 564, "=": 564, "<": 564, ">": 564, "@": 921,
           "&": 778}  # fmt: skip


# The widest of the fonts that take its place where it is missing, bold: DejaVu Serif and Sans.
_WIDEST_DIGIT, _WIDEST_SMALL, _WIDEST_CAPITAL, _WIDEST_SIGN = 696, 730, 950, 1002
_WIDEST = {".": 380, ",": 380, ":": 400, ";": 400, "/": 380, "'": 310, "|": 370, "-": 415, " ": 350, "!": 460,
           "(": 475, ")": 475, "[": 475, "]": 475, "m": 1060, "w": 930, "M": 1110, "W": 1130}  # fmt: skip
_REGULAR = 92  # per cent: how wide the same are when they are not bold


class _Widths(dict[str, int]):
    """The width of each character, filled in as it is asked for."""

    def __missing__(self, char: str) -> int:
        if char.isascii():
            wide = _NARROW.get(char, _CAPITAL if char.isupper() else _DIGIT)
        else:
            wide = char_widths(2)[char] * _DIGIT
        self[char] = wide
        return wide


_WIDTHS = _Widths()


class _WidestWidths(dict[str, int]):
    """The same in the widest font."""

    def __missing__(self, char: str) -> int:
        if not char.isascii():
            wide = max(_WIDEST_SMALL, char_widths(2)[char] * _DIGIT)
        elif char.isalpha():
            wide = _WIDEST_CAPITAL if char.isupper() else _WIDEST_SMALL
        else:
            wide = _WIDEST_DIGIT if char.isdigit() else _WIDEST_SIGN
        wide = _WIDEST.get(char, wide)
        self[char] = wide
        return wide


_WIDEST_WIDTHS = _WidestWidths()


def _set(signs: frozenset[str]) -> str:
    return f"[{re.escape(''.join(sorted(signs)))}]"


# What no line break cuts: a Latin word or a number, a dash, or one character; with the marks that belong to it.
_PIECE = re.compile(f"{_set(NO_END)}*(?:[!-~]+|——|……|.){_set(NO_START)}* *", re.DOTALL)


@lru_cache(maxsize=4096)
def width(text: str, size: int) -> int:
    """The width of a line in twips; `size` is in half points."""
    squeeze = SQUEEZE * len(text) if size in SQUEEZED else 0
    return sum(map(_WIDTHS.__getitem__, text)) * size // 100 - squeeze


@lru_cache(maxsize=4096)
def widest(text: str, bold: bool) -> int:
    """The width of a line in thousandths of the size, in the widest font that may take the place of the Latin
    one; no character takes more than 1200."""
    wide = sum(map(_WIDEST_WIDTHS.__getitem__, text))
    return wide if bold or not text.isascii() else wide * _REGULAR // 100 + 1


def lines(text: str, room: int, size: int, indent: int = 0) -> int:
    """How many lines of `room` twips a text takes, at least one; the first begins `indent` twips in."""
    left = room - indent
    if len(text) * size * 10 <= left:
        return 1
    count, begun = 1, indent > 0
    before = ""
    for piece in _PIECE.findall(text):
        bare = piece.rstrip(" ")
        wide = width(bare, size)
        if before and before.isalnum() and piece[0].isalnum() and before.isascii() != piece[0].isascii():
            left -= size * 2  # a fifth of the size: the room between Chinese and figures
        before = piece[-1]
        if wide > left and begun and not _hangs(bare, left, size):
            count, left = count + 1, room
        begun = True
        if wide > left and wide > room:  # a word wider than a line is cut
            count += (wide - 1) // room
            left = room - (wide - 1) % room - 1
        else:
            left -= width(piece, size)
    return count


def _hangs(piece: str, room: int, size: int) -> bool:
    """Whether a piece has room but for the mark that it ends with, which may stand past the margin;
    not after a Latin word or a number."""
    return piece[-1] in _HANGING and not piece[-2:-1].isascii() and width(piece[:-1], size) <= room
