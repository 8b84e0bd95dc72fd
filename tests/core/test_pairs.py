"""The keys of a block in stretches: whatever is replaced, they are those of a plain list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from juesuan.core.toml.pairs import Pairs, moved
from juesuan.core.toml.positions import Entry


def lines(names: list[str], at: int = 0) -> list[Entry]:
    """A line `name = 1` for each."""
    found = []
    for name in names:
        found.append(Entry((name,), at, at + len(name) + 3, at + len(name) + 4))
        at += len(name) + 5
    return found


def after(entries: list[Entry]) -> int:
    return entries[-1].end + 1 if entries else 0


NAMES = st.lists(st.sampled_from(["2010550", "2101599", "a", "甲", "another"]), max_size=200)


@given(NAMES, st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 90), NAMES), max_size=6))
def test_stretches_say_what_a_list_says(names: list[str], cuts: list[tuple[int, int, list[str]]]) -> None:
    plain = lines(names)
    pairs = Pairs.of(plain)
    for where, many, new in cuts:
        start = where % (len(plain) + 1)
        end = min(len(plain), start + many)
        between = lines(new, plain[start].start if start < len(plain) else after(plain))
        by = (after(between) if between else 0) - (after(plain[start:end]) if end > start else 0)
        if not between and end > start:
            by = plain[start].start - after(plain[start:end])
        elif between and end == start:
            by = after(between) - between[0].start
        pairs = pairs.replaced(start, end, between, by)
        plain = [*plain[:start], *between, *(moved(entry, by) for entry in plain[end:])]
        assert list(pairs) == plain
        assert len(pairs) == len(plain)
        assert [pairs[number] for number in range(-len(plain), len(plain))] == plain + plain
        assert pairs[-1:] == plain[-1:]
        for name in {*names, *new}:
            assert list(pairs.named(name)) == [entry for entry in plain if entry.keys[0] == name]
        for at in range(0, after(plain) + 2, 7):
            assert pairs.count_ending(at) == sum(entry.end <= at for entry in plain)
            assert pairs.count_starting(at) == sum(entry.start < at for entry in plain)
    with pytest.raises(IndexError):
        pairs[len(plain)]
