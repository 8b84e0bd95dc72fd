"""What is typed and pasted: which of its characters can stand in a text, and what becomes of the others.

Web pages, PDFs and chat programs put characters into a text that nobody sees. Those that mean nothing
are taken out and told; those that do something (turn the order of reading, stand for what was lost)
are shown where they stand, for whoever wrote them to decide.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Controls, bidirectional marks, line separators, tags: what acts on a terminal or hides in print.
CANNOT_STAY = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
                         "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""What ends a line: Word writes U+000B for a line break in a paragraph, Windows U+000D."""

_MEANINGLESS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f"
                          "\ufeff\U000e0000-\U000e007f]")

INSTEAD = "\ufffd"


class Taken(NamedTuple):
    """A text as it is taken from keyboard or clipboard, and the characters that were taken out, each once."""

    text: str
    out: str


def take(text: str, all: bool = False) -> Taken:
    """A typed or pasted text without the characters that mean nothing, its lines ended by newlines.
    `all`: without any that can't stay, for a line that can't show them."""
    if text.isprintable():
        return Taken(text, "")
    text = _BREAKS.sub("\n", text)
    pattern = CANNOT_STAY if all else _MEANINGLESS
    out = "".join(dict.fromkeys(pattern.findall(text)))
    return Taken(pattern.sub("", text) if out else text, out)


def codes(characters: str) -> str:
    """Characters that nobody sees, by their numbers: U+200B、U+00AD."""
    return "、".join(f"U+{ord(character):04X}" for character in characters)


def shown(text: str) -> str:
    """The text as a pane shows it, character by character: a mark where one can't stay."""
    if text.isprintable():
        return text
    return CANNOT_STAY.sub(INSTEAD, text.replace("\t", " ").replace("\r", " "))


def fault(text: str) -> int:
    """Where the first character is that can't stay; -1 for none."""
    match = None if text.isprintable() else CANNOT_STAY.search(text)
    return -1 if match is None else match.start()


def settled(text: str) -> str:
    """The text without what can't stay: what is kept of it where nobody can be asked."""
    return text if text.isprintable() else take(text, all=True).text
