"""Joining: two texts that were edited apart from each other, as one."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple


class _Edit(NamedTuple):
    """Lines of the base that were replaced: from `start` to before `end`, by others."""

    start: int
    end: int
    lines: list[str]
    mine: bool


def joined(base: str, mine: str, theirs: str, both: bool = True) -> str:
    """`theirs` with what was changed from `base` to `mine`, line by line. Where both changed the same lines,
    those of `mine` hold; lines that either put at one place stand there both, or (not `both`) mine alone."""
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    lines = base.splitlines(keepends=True)
    edits = sorted([*_edits(lines, mine, True), *_edits(lines, theirs, False)], key=lambda edit: edit[:2])
    result: list[str] = []
    at = 0
    while edits:
        group = [edits.pop(0)]
        end = group[0].end
        while edits and (edits[0].start < end or (edits[0].start == group[0].start == end)):
            group.append(edits.pop(0))
            end = max(end, group[-1].end)
        result += lines[at:group[0].start]
        result += _settled(lines, group, group[0].start, end, both)
        at = end
    return "".join(result + lines[at:])


def _settled(lines: list[str], group: list[_Edit], start: int, end: int, both: bool) -> list[str]:
    """What stands for a stretch of the base that one of the two changed, or both."""
    mine, theirs = ([edit for edit in group if edit.mine is own] for own in (True, False))
    if not mine or not theirs:
        return _made(lines, mine or theirs, start, end)
    if start == end and both:
        put = _made(lines, theirs, start, end)
        return put + [line for line in _made(lines, mine, start, end) if line not in put]
    return _made(lines, mine, start, end)


def _made(lines: list[str], edits: list[_Edit], start: int, end: int) -> list[str]:
    made: list[str] = []
    for edit in edits:
        made += [*lines[start:edit.start], *edit.lines]
        start = edit.end
    return made + lines[start:end]


def _edits(lines: list[str], text: str, mine: bool) -> list[_Edit]:
    """What was changed in a text's lines. What is alike at its start and its end is not compared further."""
    other = text.splitlines(keepends=True)
    most, first, last = min(len(lines), len(other)), 0, 0
    while first < most and lines[first] == other[first]:
        first += 1
    while last < most - first and lines[-1 - last] == other[-1 - last]:
        last += 1
    old, new = lines[first:len(lines) - last], other[first:len(other) - last]
    return [_Edit(first + a, first + b, new[c:d], mine)
            for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes() if kind != "equal"]
