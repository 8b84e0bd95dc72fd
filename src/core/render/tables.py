"""What renderers with real tables share: a head as cells, which rows stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..document import Column, Row, Table
from ..text.header import groups


class Head(NamedTuple):
    """A cell of a head: its label ('|' where it is best broken), its first column, what it spans,
    and whether no label stands below it."""

    label: str
    column: int
    columns: int
    rows: int
    leaf: bool


def head_rows(columns: Sequence[Column]) -> list[list[Head]]:
    """The cells of a head, level by level from the top, no row for columns without labels.

    Equal neighbours on a level are one cell; a label without others below it reaches down to
    the last level. A column without labels has an empty cell as high as the head.
    """
    depth = max((len(column.header) for column in columns), default=0)
    rows: list[list[Head]] = []
    for level in range(depth):
        heads = [Head("", at, 1, depth, True) for at, column in enumerate(columns) if not column.header and not level]
        for first, last, leaf in groups(columns, level):
            rows_down = depth - level if leaf else 1
            heads.append(Head(columns[first].header[level], first, last - first + 1, rows_down, leaf))
        rows.append(sorted(heads, key=lambda head: head.column))
    return rows


def heads_over(rows: list[list[Head]], column: int) -> list[Head]:
    """The cells of a head that stand over a column, from the top."""
    return [head for row in rows for head in row if head.column <= column < head.column + head.columns]


def stands_out(table: Table, row: Row) -> bool:
    """Is the row a total? Not where lists stand side by side: a total of one may stand beside an item of another."""
    return row.strong and all(column.panel == table.columns[0].panel for column in table.columns)
