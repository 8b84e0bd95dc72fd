"""A block of a TOML text: a header and the keys below it, and how a key in it is edited.

A block is never changed, only replaced by another. An edit touches the stretch of one value,
of one member of a row, or one line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, NamedTuple

from .array_text import attached_start
from .pairs import Pairs, moved
from .positions import Entry, Path, members, statements
from .values import Digits, key_text


class Place(NamedTuple):
    """Where a key stands in a block, or would stand.

    `rest` is its path inside the block, or inside the inline table or array `holder`; `entries`
    are what is there; `entry` is the key itself, or None, and then `shared` is the number of
    the keys of `rest` that name a table made by dotted keys. `blocked` is set where the path
    goes through a single value.
    """

    rest: Path
    holder: Entry | None
    entries: Sequence[Entry]
    entry: Entry | None
    shared: int
    blocked: bool = False


class Block:
    """A piece of a text. Every line of its body ends with a newline; the first block has no header."""

    __slots__ = ("_pairs", "body", "gap", "header")

    def __init__(self, gap: str, body: str, header: Entry | None) -> None:
        self.gap, self.body, self.header = gap, body, header
        self._pairs: Pairs | None = None

    @property
    def pairs(self) -> Pairs:
        """The keys with their values, at their places in the body."""
        if self._pairs is None:
            self._pairs = Pairs.of([entry for entry in statements(self.body) if not entry.kind])
        return self._pairs

    def is_bare(self) -> bool:
        """Tell whether there is nothing but the header of a table. The gap stays in any case."""
        header = self._own_header()
        if header is None or header.kind != "[":
            return False
        return not self.body[: header.start].strip() and not self.body[header.end :].strip()

    def find(self, path: Path) -> Place:
        """Find a key in the block, through the inline tables and arrays around it."""
        rest, holder = path, None
        entries: Sequence[Entry] = self.pairs
        entry, shared = _match(entries, rest)
        while entry is not None and len(entry.keys) < len(rest):
            if self.body[entry.value] not in "[{":
                return Place(rest, holder, entries, None, shared, blocked=True)
            rest = rest[len(entry.keys) :]
            holder, entries = entry, members(self.body, entry.value)
            entry, shared = _match(entries, rest)
        return Place(rest, holder, entries, entry, shared)

    def read(self, entry: Entry) -> Any:
        """Give the value of an entry."""
        text = f"value = {self.body[entry.value : entry.end]}"
        return tomllib.loads(text, parse_float=Digits)["value"]

    def with_gap(self, gap: str) -> Block:
        """Give the block after another gap."""
        return Block(gap, self.body, self.header)

    def replaced(self, start: int, end: int, text: str) -> Block:
        """Give the block with another text from `start` to `end` of its body."""
        block = Block(self.gap, self.body[:start] + text + self.body[end:], self.header)
        # Only what the cut touches is parsed again; what comes after it has moved.
        count = self.pairs.count_ending(start)
        rest = max(count, self.pairs.count_starting(end))
        touched = self.pairs[count:rest]
        by = len(text) - (end - start)
        first = min(start, touched[0].start) if touched else start
        last = (max(end, touched[-1].end) if touched else end) + by
        between = [moved(entry, first) for entry in statements(block.body[first:last])]
        block._pairs = self.pairs.replaced(count, rest, between, by)
        return block

    def with_member(self, place: Place, keys: tuple[str, ...], literal: str) -> Block:
        """Add a member at the end of the inline table at `place`."""
        pair = f"{key_text(keys)} = {literal}"
        if place.entries:
            end = place.entries[-1].end
            return self.replaced(end, end, f", {pair}")
        assert place.holder is not None
        return self.replaced(place.holder.value, place.holder.end, f"{{ {pair} }}")

    def with_line(self, keys: tuple[str, ...], literal: str, newline: str) -> Block:
        """Add a line with a new key: a code of digits in the order of the codes, others at the end."""
        codes = [entry for entry in self.pairs if _is_code(entry.keys[0])] if _is_code(keys[0]) else []
        at, indent = len(self.body), ""
        for near in codes[-1:] or self.pairs[-1:]:
            at, indent = self.line_end(near), self.indent(near.start)
        after = next((code for code in codes if str(code.keys[0]) > keys[0]), None)
        if after is not None:
            number = self.pairs.index(after)
            first = self.line_end(self.pairs[number - 1]) if number else self.first_line()
            at, indent = attached_start(self.body, after.start, first), self.indent(after.start)
        return self.replaced(at, at, f"{indent}{key_text(keys)} = {literal}{newline}")

    def without(self, path: Path) -> Block | None:
        """Take a key away, and the inline tables that are empty then. None if there is none.

        Of a table that is made by dotted keys, one key is taken.
        """
        chain: list[tuple[Sequence[Entry], Entry]] = []
        entries: Sequence[Entry] = self.pairs
        while path:
            entry, _shared = _match(entries, path)
            if entry is None:
                entry = next((entry for entry in entries if entry.keys[: len(path)] == path), None)
            if entry is None:
                return None
            chain.append((entries, entry))
            path = path[len(entry.keys) :]
            if path and self.body[entry.value] not in "[{":
                return None
            if path:
                entries = members(self.body, entry.value)
        # An inline table goes with its last member, but not an element of an array.
        while len(chain) > 1 and len(chain[-1][0]) == 1 and isinstance(chain[-2][1].keys[0], str):
            chain.pop()
        if not chain:
            return None
        entries, entry = chain[-1]
        if len(chain) == 1:
            start = self.body.rfind("\n", 0, entry.start) + 1
            return self.replaced(start, self.line_end(entry), "")
        if len(entries) == 1:
            element = chain[-2][1]
            return self.replaced(element.value, element.end, "{}")
        number = entries.index(entry)
        if number:
            return self.replaced(entries[number - 1].end, entry.end, "")
        return self.replaced(entry.start, entries[1].start, "")

    def indent(self, at: int) -> str:
        """Give the spaces that begin the line of `at`."""
        line = self.body[self.body.rfind("\n", 0, at) + 1 : at]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def first_line(self) -> int:
        """Give where the line below the header begins."""
        header = self._own_header()
        return self.line_end(header) if header else 0

    def _own_header(self) -> Entry | None:
        """Give the header at its place in the body."""
        return None if self.header is None else next(statements(self.body))

    def line_end(self, entry: Entry) -> int:
        """Give where the line after an entry begins."""
        return self.body.find("\n", entry.end) + 1


def common_length(one: Path, other: Path) -> int:
    """Give the number of keys with which both paths begin."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _match(entries: Sequence[Entry], path: Path) -> tuple[Entry | None, int]:
    """Find the entry on the way to a path: its keys are the first of the path.

    Where there is none, how many keys the path shares with a dotted key is given.
    """
    shared = 0
    if not path:
        return None, shared
    for entry in entries.named(path[0]) if isinstance(entries, Pairs) else entries:
        common = common_length(entry.keys, path)
        if common == len(entry.keys):
            return entry, common
        shared = max(shared, common)
    return None, shared


def _is_code(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdigit()
