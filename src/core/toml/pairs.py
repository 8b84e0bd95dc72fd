"""The keys of a block at their places, in stretches that move as one.

A large table has thousands of lines, and all that follows an edit moves by some characters: a
stretch of lines is moved by adding to one number, without a look at what is in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import overload

from .positions import Entry, Key

_START, _END = attrgetter("start"), attrgetter("end")

_LONG = 64
"""So many entries make a stretch; an edit makes those of one or two stretches anew."""


class _Stretch:
    """Entries that stand in a row, at the places where they stood when the stretch was made."""

    __slots__ = ("_named", "entries")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._named: dict[Key, list[Entry]] | None = None

    def named(self, key: Key) -> Sequence[Entry]:
        """Those of which the first key is `key`."""
        if self._named is None:
            self._named = {}
            for entry in self.entries:
                self._named.setdefault(entry.keys[0], []).append(entry)
        return self._named.get(key, ())


class Pairs(Sequence[Entry]):
    """The entries of a block, in order. Never changed, only replaced by others."""

    __slots__ = ("_ends", "_parts")

    def __init__(self, parts: Iterable[tuple[int, _Stretch]]) -> None:
        self._parts = [part for part in parts if part[1].entries]
        self._ends = list(accumulate(len(stretch.entries) for _by, stretch in self._parts))

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Pairs:
        """Make stretches of entries."""
        return cls(_parted(entries))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Entry]:
        for by, stretch in self._parts:
            yield from stretch.entries if not by else (moved(entry, by) for entry in stretch.entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(index)
        part = bisect_right(self._ends, number)
        by, stretch = self._parts[part]
        return moved(stretch.entries[number - self._first(part)], by)

    def named(self, key: Key) -> Iterator[Entry]:
        """Those of which the first key is `key`."""
        for by, stretch in self._parts:
            for entry in stretch.named(key):
                yield moved(entry, by)

    def replaced(self, start: int, end: int, between: Sequence[Entry], by: int) -> Pairs:
        """Others in the place of those from number `start` to `end`; what follows moves by `by`."""
        last = bisect_left(self._ends, end)
        first = min(bisect_right(self._ends, start), last)  # between two stretches: the first one grows
        kept = self._cut(first, 0, start - self._first(first))
        rest = self._cut(last, end - self._first(last), None)
        after = [(by + own, stretch) for own, stretch in self._parts[last + 1 :]]
        made = [*kept, *between, *(moved(entry, by) for entry in rest)]
        return Pairs([*self._parts[:first], *_parted(made), *after])

    def count_ending(self, at: int) -> int:
        """How many of them end at `at` or before it."""
        part = bisect_right(self._parts, at, key=lambda part: part[0] + part[1].entries[-1].end)
        if part == len(self._parts):
            return len(self)
        by, stretch = self._parts[part]
        return self._first(part) + bisect_right(stretch.entries, at - by, key=_END)

    def count_starting(self, at: int) -> int:
        """How many of them start before `at`."""
        part = bisect_left(self._parts, at, key=lambda part: part[0] + part[1].entries[-1].start)
        if part == len(self._parts):
            return len(self)
        by, stretch = self._parts[part]
        return self._first(part) + bisect_left(stretch.entries, at - by, key=_START)

    def _first(self, part: int) -> int:
        """The number of a stretch's first entry."""
        return self._ends[part - 1] if part else 0

    def _cut(self, part: int, start: int, end: int | None) -> list[Entry]:
        """Some of a stretch's entries, at their places now."""
        if part == len(self._parts):
            return []
        by, stretch = self._parts[part]
        return [moved(entry, by) for entry in stretch.entries[start:end]]


def moved(entry: Entry, by: int) -> Entry:
    """The entry `by` characters further on."""
    if not by:
        return entry
    keys, start, value, end, kind = entry
    return Entry(keys, start + by, value + by, end + by, kind)


def _parted(entries: Sequence[Entry]) -> Iterator[tuple[int, _Stretch]]:
    return ((0, _Stretch(entries[at : at + _LONG])) for at in range(0, len(entries), _LONG))
