"""The sentences that read otherwise, with what differs in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from ..compose import numbered_sections
from ..narrative import NOWHERE, Context

if TYPE_CHECKING:
    from ..document import Run
    from ..formats import Block
    from ..report import Report
    from .matching import Rows

Marks = tuple[tuple[int, int], ...]
"""Stretches of a text, each with its start and its end; an empty one where just the other text has something."""

MOST = 400_000
"""Two stretches whose lengths multiply to more are not compared word by word."""

_NUMBER = re.compile(r"^\s*(?:（?[0-9一二三四五六七八九十百]+[）、.．]|[①-⑳])\s*")
_PIECES = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?|【[^】]*】|.", re.DOTALL)


class SentenceChange(NamedTuple):
    """A sentence that reads otherwise: its section's heading, how it read and how it reads ('' where
    there was or is none), and which stretches of either are not in the other."""

    section: str
    heading: str
    before: str
    after: str
    marks_before: Marks
    marks_after: Marks


class _Sentence(NamedTuple):
    section: str
    heading: str
    text: str
    runs: tuple[Run, ...]


def sentences(before: Report, after: Report, rows: Rows) -> Iterator[SentenceChange]:
    """The sentences that differ between two reports of one format, in the order of the later one, each
    that is gone after the one that it followed. A text of the accountant's that was changed itself is
    told as such, and not again; nor is a sentence that only has another number in its list."""
    old = dict(_said(before, rows, True))
    new = dict(_said(after, rows, False))
    previous: Any = None
    gone: dict[Any, list[_Sentence]] = {}
    for key, own in old.items():
        if key in new:
            previous = key
        else:
            gone.setdefault(previous, []).append(own)
    yield from (_changed(own, None) for own in gone.get(None, ()))
    for key, own in new.items():
        was = old.get(key)
        if was is None or _bare(was.text) != _bare(own.text):
            yield _changed(was, own)
        yield from (_changed(each, None) for each in gone.get(key, ()))


def _said(report: Report, rows: Rows, earlier: bool) -> Iterator[tuple[Any, _Sentence]]:
    """The sentences of a report, each under a key that the other report knows it by."""
    for section, number, title in numbered_sections(report):
        heading = number + title
        for block in section.blocks:
            for key, runs in _inside(report, rows, block, NOWHERE, "", earlier):
                text = "".join(run.text for run in runs)
                if text.strip():
                    yield key, _Sentence(section.id, heading, text, runs)


def _inside(report: Report, rows: Rows, block: Block, context: Context, table: str,
            earlier: bool) -> Iterator[tuple[Any, tuple[Run, ...]]]:
    if block.kind == "each" and block.each is not None:
        for turn in report.graph.get((":each", block.id, context)):
            for inner in block.blocks:
                yield from _inside(report, rows, inner, turn, block.each.table or table, earlier)
    elif block.kind not in ("form", "page", "glossary", "prose") or (block.kind == "prose" and _refers(report, block)):
        runs = report.graph.get((":text", block.id, context)) or ()
        row = context.row
        if table and row:
            row = (rows.now(table, row) if earlier else row) or f"gone {row}"
        yield (block.id, row), runs


def _refers(report: Report, block: Block) -> bool:
    """Does a text of the accountant's name figures, which change without it?"""
    return "{" in report.source.prose.get(block.name, "")


def _bare(text: str) -> str:
    return _NUMBER.sub("", text)


def _changed(was: _Sentence | None, now: _Sentence | None) -> SentenceChange:
    own = now or was
    assert own is not None
    if was is None or now is None:
        return SentenceChange(own.section, own.heading, was.text if was else "", now.text if now else "", (), ())
    marks = marked(was.runs, now.runs)
    numbers = [match.end() if (match := _NUMBER.match(each.text)) else 0 for each in (was, now)]
    return SentenceChange(own.section, own.heading, was.text, now.text, *(
        tuple(mark for mark in side if mark[1] > number) for side, number in zip(marks, numbers)))


def marked(before: tuple[Run, ...], after: tuple[Run, ...]) -> tuple[Marks, Marks]:
    """What differs between two sentences: figures whole, words by character."""
    if len(before) == len(after):  # one pattern with other figures, as most are
        pairs = [_pieces(one.text, other.text) for one, other in zip(before, after)]
        lengths = [(len(one.text), len(other.text)) for one, other in zip(before, after)]
    else:
        texts = ["".join(run.text for run in runs) for runs in (before, after)]
        pairs, lengths = [_pieces(*texts)], [(len(texts[0]), len(texts[1]))]
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    start = [0, 0]
    for pair, length in zip(pairs, lengths):
        for side in (0, 1):
            for first, last in pair[side]:
                found[side].append((start[side] + first, start[side] + last))
            start[side] += length[side]
    return tuple(found[0]), tuple(found[1])


def texts_marked(before: str, after: str) -> tuple[Marks, Marks]:
    """What differs between two texts; nothing where one of them is none."""
    if not before or not after:
        return (), ()
    old, new = _pieces(before, after)
    return tuple(old), tuple(new)


def _pieces(before: str, after: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The stretches of either text that the other does not have."""
    if before == after:
        return [], []
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    one, other = old[head:len(old) - tail], new[head:len(new) - tail]
    steps = [("replace", 0, len(one), 0, len(other))]
    if len(one) * len(other) < MOST:
        steps = list(SequenceMatcher(None, one, other, autojunk=False).get_opcodes())
    at, found = [_ends(one), _ends(other)], ([], [])  # type: ignore[var-annotated]
    first = len("".join(old[:head]))
    for step, start, end, start_after, end_after in steps:
        if step != "equal":
            for side, (low, high) in enumerate(((start, end), (start_after, end_after))):
                found[side].append((first + at[side][low], first + at[side][high]))
    return found


def _ends(pieces: list[str]) -> list[int]:
    """Where each piece begins, and where the last one ends."""
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found
