"""Pinyin initials: what a user of an input method types for a name that both sides know.

GB 2312 puts its 3,755 common characters in the order of their pinyin, so that the codes at which
each letter begins say the initial of every one of them; only what stands outside needs a table.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

_LETTERS = "abcdefghjklmnopqrstwxyz"
_BEGINNINGS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END = 0xD7F9
_RARE = {"殡": "b", "赈": "z", "圳": "z", "泸": "l", "濮": "p", "亳": "b"}
"""Characters of the second level, which is in the order of radicals."""
_FURTHER = {
    "行": "h", "重": "c", "长": "z", "调": "t", "校": "j", "会": "k", "降": "x", "率": "l", "传": "z", "系": "j",
    "乐": "y", "藏": "z", "朝": "z", "参": "s", "畜": "c", "种": "c", "省": "x", "给": "j", "单": "s", "属": "z",
    "弹": "t", "石": "d", "屏": "b", "车": "j", "卡": "q",
}  # fmt: skip
"""The other initial of a character with two readings."""


def initial(character: str) -> str:
    """The pinyin initial of a Chinese character, a Latin letter or digit itself in lower case, '' for all else."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    if character in _RARE:
        return _RARE[character]
    try:
        first, second = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    code = first << 8 | second
    return _LETTERS[bisect_right(_BEGINNINGS, code) - 1] if _BEGINNINGS[0] <= code <= _END else ""


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[str, ...]:
    found = ((initial(character), character) for character in text)
    return tuple(letter + _FURTHER.get(character, "") for letter, character in found if letter)


def rank(text: str, typed: str) -> int | None:
    """How well typed initials fit a text: 0 all of it, 1 its beginning, 2 a part; None: not at all."""
    readings, typed = _readings(text), typed.lower()
    if not typed or len(typed) > len(readings):
        return None
    for start in range(len(readings) - len(typed) + 1):
        if all(letter in readings[start + number] for number, letter in enumerate(typed)):
            return 2 if start else 0 if len(typed) == len(readings) else 1
    return None
