"""The head of a printed table: the tree of its column labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..document import Column
from .grid import Segment, compose
from .width import printable, width
from .wrap import wrap_label


class _Label(NamedTuple):
    """A label with the stretch of the table that it heads."""

    level: int
    leaf: bool
    start: int
    columns: int
    lines: tuple[str, ...]


def header_lines(
    columns: Sequence[Column], starts: Sequence[int], widths: Sequence[int], ambiguous: int = 2
) -> list[str]:
    """The labels over columns that start and are as wide as given; no line without labels.

    Equal neighbours on a level are one label, centred over its columns. A '-' rule as wide as
    its columns parts it from the labels below. The lowest labels stand on the last line.
    """
    depth = max((len(column.header) for column in columns), default=0)
    labels = [
        label
        for level in range(depth)
        for label in _labels(columns, level, starts, widths, ambiguous)
        if any(label.lines)
    ]
    if not labels:
        return []
    heights = [0] * depth  # of the lines between two rules
    for label in labels:
        if not label.leaf or label.level == depth - 1:
            heights[label.level] = max(heights[label.level], len(label.lines))
    rules = [any(not label.leaf and label.level == level for label in labels) for level in range(depth)]
    for label in labels:  # a label without children has the room of the levels below it, too
        if label.leaf:
            room = sum(heights[label.level :]) + sum(rules[label.level :])
            heights[-1] += max(0, len(label.lines) - room)

    lines: list[list[Segment]] = [[] for _ in range(sum(heights) + sum(rules))]
    for label in labels:
        if label.leaf:
            below = len(lines)
        else:
            below = sum(heights[: label.level + 1]) + sum(rules[: label.level])
            lines[below].append((label.start, "-" * label.columns, label.columns))
        for number, text in enumerate(label.lines, below - len(label.lines)):
            taken = width(text, ambiguous)
            indent = max(0, (label.columns - taken) // 2)
            lines[number].append((label.start + indent, text, taken))
    return [compose(sorted(line)) for line in lines]


def _labels(
    columns: Sequence[Column],
    level: int,
    starts: Sequence[int],
    widths: Sequence[int],
    ambiguous: int,
) -> list[_Label]:
    """The labels of one level, from left to right."""
    labels: list[_Label] = []
    for first, last, leaf in groups(columns, level):
        across = starts[last] + widths[last] - starts[first]
        lines = wrap_label(printable(columns[first].header[level]), across, ambiguous)
        labels.append(_Label(level, leaf, starts[first], across, lines))
    return labels


def groups(columns: Sequence[Column], level: int) -> Iterator[tuple[int, int, bool]]:
    """The labels of one level of a head, from left to right: the first and the last column below
    each, and whether no label stands below it. Columns without a label on this level are left out."""
    first = 0
    while first < len(columns):
        header = columns[first].header
        if len(header) <= level:
            first += 1
            continue
        leaf = len(header) == level + 1
        last = first
        while (
            last + 1 < len(columns)
            and columns[last + 1].header[: level + 1] == header[: level + 1]
            and (len(columns[last + 1].header) == level + 1) == leaf
        ):
            last += 1
        yield first, last, leaf
        first = last + 1
