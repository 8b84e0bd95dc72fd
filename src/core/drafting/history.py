"""The history of a text: what each step changed, small enough to keep every step of a week.

A step holds the stretches of text that it replaced. The blocks of a text that it left alone are
shared by all states and are not in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..toml.blocks import Block
from ..toml.editing import State


class Patch(NamedTuple):
    """The lines of a block's body that one state has at `start`, and those of the other state."""

    start: int
    before: str
    after: str

    def applied(self, block: Block, forward: bool) -> Block:
        old, new = (self.before, self.after) if forward else (self.after, self.before)
        return block.replaced(self.start, self.start + len(old), new)


class Delta(NamedTuple):
    """What lies between two states: from the block `at` on, the pieces of either that differ."""

    at: int
    before: tuple[Block | Patch, ...]
    after: tuple[Block | Patch, ...]
    rest_before: tuple[Any, ...]
    rest_after: tuple[Any, ...]

    def applied(self, state: State, forward: bool) -> State:
        """The state after the step (`forward`), or before it, from the other one."""
        gone, come = (self.before, self.after) if forward else (self.after, self.before)
        blocks = state[0]
        new = [piece.applied(block, forward) if isinstance(piece, Patch) else piece
               for piece, block in zip(come, blocks[self.at:self.at + len(gone)])] if _patched(come) else come
        return ((*blocks[:self.at], *new, *blocks[self.at + len(gone):]),
                self.rest_after if forward else self.rest_before)


def difference(before: State, after: State) -> Delta:
    """What lies between two states."""
    old, new = before[0], after[0]
    at = 0
    while at < min(len(old), len(new)) and old[at] is new[at]:
        at += 1
    end = 0
    while end < min(len(old), len(new)) - at and old[-1 - end] is new[-1 - end]:
        end += 1
    gone, come = old[at:len(old) - end], new[at:len(new) - end]
    pairs = list(zip(gone, come))
    if len(gone) == len(come) and all(one.gap == other.gap and one.header is other.header for one, other in pairs):
        patches = tuple(_patch(one.body, other.body) for one, other in pairs)
        return Delta(at, patches, patches, before[1], after[1])
    return Delta(at, gone, come, before[1], after[1])


def stretch(before: str, after: str) -> tuple[int, int, int]:
    """Where two texts differ: the start, and the end in either. Equal texts: an empty stretch."""
    start = _common(before, after, min(len(before), len(after)))
    most = min(len(before), len(after)) - start
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if before[len(before) - middle:len(before) - low] == after[len(after) - middle:len(after) - low]:
            low = middle
        else:
            high = middle - 1
    return start, len(before) - low, len(after) - low


def _common(one: str, other: str, most: int) -> int:
    """The number of characters with which both begin, by halves: a comparison of slices is as fast as memory."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _patched(pieces: tuple[Block | Patch, ...]) -> bool:
    return any(isinstance(piece, Patch) for piece in pieces)


def _patch(before: str, after: str) -> Patch:
    """Whole lines, so that no value and no key is cut in two."""
    start, old_end, new_end = stretch(before, after)
    start = before.rfind("\n", 0, start) + 1
    more = 0
    if not (_begins_line(before, old_end) and _begins_line(after, new_end)):
        more = (before.find("\n", old_end) + 1 or len(before)) - old_end
    return Patch(start, before[start:old_end + more], after[start:new_end + more])


def _begins_line(text: str, at: int) -> bool:
    return not at or text[at - 1] == "\n"
