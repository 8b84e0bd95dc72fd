"""On which page a heading stands: what Word will find when it lays the report out.

The page numbers of a Word document are known to no one but the program that shows it. But the
heights of all lines are exact here and the lines are broken by the rules that Word follows, so
that they can be told beforehand, for the table of contents to be right when it is first seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Lines(NamedTuple):
    """A paragraph: its lines' height, how many, the room above and below. `keep`: it stays
    with what follows; its page is told under the name `mark`."""

    height: int
    lines: int = 1
    before: int = 0
    after: int = 0
    keep: bool = False
    mark: str = ""


class Rows(NamedTuple):
    """A table: the height of its head, which every page of it begins with, and of its rows.
    `whole`: it is not torn."""

    head: int
    rows: tuple[int, ...]
    whole: bool = False


class NewPage(NamedTuple):
    """A new page begins, so high."""

    height: int


Box = Lines | Rows | NewPage


def pages(boxes: Iterable[Box], height: int) -> dict[str, int]:
    """The page of every mark, from 1."""
    found: dict[str, int] = {}
    page, used = 1, 0
    kept: list[Lines] = []  # paragraphs that wait for what they stay with

    def put_kept(need: int) -> None:
        nonlocal page, used
        whole = sum(box.before + box.height * box.lines + box.after for box in kept)
        if used and used + whole + need > height:
            page, used = page + 1, 0
        for box in kept:
            if box.mark:
                found[box.mark] = page
            used += box.before + box.height * box.lines + box.after
        kept.clear()

    for box in boxes:
        if isinstance(box, NewPage):
            put_kept(0)
            page, used, height = page + bool(used), 0, box.height
        elif isinstance(box, Rows):
            put_kept(box.head + sum(box.rows if box.whole else box.rows[:1]))
            used += box.head
            for row in box.rows:
                if used + row > height and used > box.head:
                    page, used = page + 1, box.head
                while used + row > height:  # a row taller than a page goes on on the next
                    row -= height - used
                    page, used = page + 1, box.head
                    if box.head >= height:
                        break
                used += row
        elif box.keep:
            kept.append(box)
        else:
            put_kept(box.before + box.height * (box.lines if box.lines < 4 else 2))
            used += box.before
            left = box.lines
            while used + left * box.height > height:  # neither its first line nor its last stands alone
                here = max(0, min((height - used) // box.height, left - 2))
                left -= here if here > 1 or not used else 0
                left -= not (here or used)  # a page so low that no line fits
                page, used = page + 1, 0
            used += left * box.height + box.after
    put_kept(0)
    return found
