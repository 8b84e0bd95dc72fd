"""How wide text is, in columns of a fixed-pitch font.

A Chinese character, full-width punctuation and the ideographic space take two columns,
Latin letters and digits one, combining marks and format characters none. Characters that
Unicode calls ambiguous (“ ” … — · ① ≥) are as wide as the reader's font draws them: two
columns in the Chinese fonts in which exported text is read, which is the default here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WIDE = {"W", "F"}
_NO_WIDTH = {"Mn", "Me", "Cf"}

# Controls would move the cursor, bidirectional controls would reorder what is shown, a line
# separator would break a line, a lone surrogate cannot be encoded, and tag characters hide
# text. Joiners and variation selectors are left alone: rare names are written with them.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class CharWidths(dict[str, int]):
    """The width of each character, filled in as it is asked for."""

    def __init__(self, ambiguous: int) -> None:
        self._ambiguous = ambiguous

    def __missing__(self, char: str) -> int:
        category = unicodedata.category(char)
        if category in _NO_WIDTH:
            columns = 0
        elif category == "Cn":  # unknown to this Python: a younger ideograph or emoji is wide
            columns = 2 if "\u2e80" <= char <= "\ua4cf" or char >= "\U0001f000" else 1
        else:
            kind = unicodedata.east_asian_width(char)
            columns = 2 if kind in _WIDE else self._ambiguous if kind == "A" else 1
        self[char] = columns
        return columns


_WIDTHS = {1: CharWidths(1), 2: CharWidths(2)}


def char_widths(ambiguous: int = 2) -> CharWidths:
    """The table of character widths for `ambiguous` (1 or 2, else ValueError)."""
    try:
        return _WIDTHS[ambiguous]
    except KeyError:
        raise ValueError(f"ambiguous is 1 or 2 columns, not {ambiguous!r}") from None


def width(text: str, ambiguous: int = 2) -> int:
    """How many columns `text` takes on one line.

    `ambiguous` is 1 or 2, else ValueError. A control character counts as one column: what
    is printed is passed through `printable` first.
    """
    if text.isascii():
        return len(text)
    return _measured(text, ambiguous)


@lru_cache(maxsize=8192)
def _measured(text: str, ambiguous: int) -> int:
    return sum(map(char_widths(ambiguous).__getitem__, text))


def printable(text: str, keep: str = "", instead: str = "\ufffd") -> str:
    """`text` with every character that must not reach a page replaced by U+FFFD, or `instead`.

    Those are the C0 and C1 controls, bidirectional controls, line and paragraph separators,
    tag characters and lone surrogates. The characters in `keep` (such as a newline) stay.
    """
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub(lambda match: match[0] if match[0] in keep else instead, text)
