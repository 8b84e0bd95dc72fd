"""Joining: two texts that were edited apart from each other, as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|[A-Za-z_]+|\s+|.", re.DOTALL)
_Finer = Callable[[str], list[str]]


class _Edit(NamedTuple):
    """Pieces of the base that were replaced: from `start` to before `end`, by others."""

    start: int
    end: int
    pieces: list[str]
    mine: bool


def joined(base: str, mine: str, theirs: str, both: bool = True) -> str:
    """`theirs` with what was changed from `base` to `mine`: line by line, and in lines that both changed word by
    word. Where both changed the same, `mine` holds; what either put at one place stands there both, or (not
    `both`) mine alone."""
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    one, two, three = (text.splitlines(keepends=True) for text in (base, mine, theirs))
    return "".join(_joined(one, two, three, both, _words))


def _joined(base: list[str], mine: list[str], theirs: list[str], both: bool, finer: _Finer | None) -> list[str]:
    edits = sorted([*_edits(base, mine, True), *_edits(base, theirs, False)], key=lambda edit: edit[:2])
    result: list[str] = []
    at = 0
    while edits:
        group = [edits.pop(0)]
        start, end = group[0].start, group[0].end
        while edits and (edits[0].start < end or edits[0].start == start == end):
            group.append(edits.pop(0))
            end = max(end, group[-1].end)
        result += base[at:start]
        result += _settled(base, group, start, end, both, finer)
        at = end
    return result + base[at:]


def _settled(
    base: list[str], group: list[_Edit], start: int, end: int, both: bool, finer: _Finer | None
) -> list[str]:
    """What stands for a stretch of the base that one of the two changed, or both."""
    mine, theirs = ([edit for edit in group if edit.mine is own] for own in (True, False))
    if not mine or not theirs:
        return _made(base, mine or theirs, start, end)
    put, over = _made(base, theirs, start, end), _made(base, mine, start, end)
    if start == end:
        return put + [piece for piece in over if piece not in put] if both else over
    if finer is None:
        return over
    return _joined(finer("".join(base[start:end])), finer("".join(over)), finer("".join(put)), both, None)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _made(base: list[str], edits: list[_Edit], start: int, end: int) -> list[str]:
    made: list[str] = []
    for edit in edits:
        made += [*base[start:edit.start], *edit.pieces]
        start = edit.end
    return made + base[start:end]


def _edits(base: list[str], other: list[str], mine: bool) -> list[_Edit]:
    """What was changed. What is alike at the start and at the end is not compared further."""
    most, first, last = min(len(base), len(other)), 0, 0
    while first < most and base[first] == other[first]:
        first += 1
    while last < most - first and base[-1 - last] == other[-1 - last]:
        last += 1
    old, new = base[first:len(base) - last], other[first:len(other) - last]
    return [_Edit(first + a, first + b, new[c:d], mine)
            for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes() if kind != "equal"]
