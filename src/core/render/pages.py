"""Lines and tables put on pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..text.table import Layout, Part

_ROW_START = 6  # lines: with less room left, a row taller than a page begins on the next one


class Item(NamedTuple):
    """What stands on pages as one thing: a heading, a text, or a table with its notes.

    `kind` is 'heading', 'text' or 'table'; `space` asks for a blank line before it, which
    falls away at the top of a page. `number` is the heading's place among the headings.
    """

    kind: str
    lines: list[str]
    table: Layout | None = None
    space: bool = True
    number: int = -1


def paginate(items: list[Item], height: int) -> tuple[list[list[str]], dict[int, int]]:
    """The pages, each of at most `height` lines; and on which of them every heading stands.

    Pages count from 0. A heading is kept with what follows it; a text leaves at least two
    lines on either page; a table that fits on one page is not torn, and one that does not is
    continued under its title and head. No page is empty.
    """
    pages = _Pages(height)
    where: dict[int, int] = {}
    kept = False  # whether the headings before have made room for all headings here
    for place, item in enumerate(items):
        if item.kind == "heading":
            if not kept:
                need, kept = _need(items, place, height)
                if pages.used + item.space + need > height:
                    pages.turn()
            pages.space(item.space)
            where[item.number] = pages.number
            pages.add(item.lines)
            continue
        kept = False
        if item.table is None:
            pages.space(item.space)
            _put_text(pages, item.lines)
        else:
            for number, part in enumerate(item.table.parts):
                last = number == len(item.table.parts) - 1
                after_heading = number == 0 and place > 0 and items[place - 1].kind == "heading"
                _put_part(pages, part, item.table.notes if last else [], after_heading)
    return pages.finished(), where


def blocks_on_pages(blocks: Iterable[list[str]], height: int) -> list[list[str]]:
    """Blocks of lines on pages of at most `height` lines; a block that fits is not torn."""
    pages = _Pages(height)
    for block in blocks:
        if len(block) > pages.room and len(block) <= height:
            pages.turn()
        pages.add(block)
    return pages.finished()


class _Pages:
    """Pages as they are filled."""

    def __init__(self, height: int) -> None:
        self.height = height
        self._pages: list[list[str]] = [[]]

    @property
    def number(self) -> int:
        return len(self._pages) - 1

    @property
    def used(self) -> int:
        return len(self._pages[-1])

    @property
    def room(self) -> int:
        return self.height - len(self._pages[-1])

    def turn(self) -> None:
        """Begin a new page, unless this one is empty."""
        if self._pages[-1]:
            self._pages.append([])

    def space(self, wanted: bool = True) -> None:
        """A blank line, but not at the top of a page; a full page is turned."""
        if self.room <= int(wanted):
            self.turn()
        elif wanted and self._pages[-1]:
            self._pages[-1].append("")

    def add(self, lines: list[str]) -> None:
        """Lines, on as many pages as they take."""
        if len(lines) <= self.room:
            self._pages[-1] += lines
            return
        start = 0
        while start < len(lines):
            if not self.room:
                self.turn()
            taken = lines[start : start + self.room]
            self._pages[-1] += taken
            start += len(taken)

    def finished(self) -> list[list[str]]:
        """The pages, without blank lines at their ends; none when there is nothing on them."""
        for page in self._pages:
            while page and not page[-1]:
                page.pop()
        return self._pages if any(self._pages) else []


def _need(items: list[Item], place: int, height: int) -> tuple[int, bool]:
    """The lines that a heading and what must follow it on its page take; whether a page has them.

    They are all the headings after it, and a whole table; or, where a page has no room for
    that, the table down to its first row. If there is no room for that either, they are the
    first line of whatever comes next.
    """
    own = len(items[place].lines)
    if place + 1 == len(items):
        return own, True
    lines = own
    place += 1
    at_least = own + items[place].space + 1
    while place < len(items) and items[place].kind == "heading" and lines < height:
        lines += items[place].space + len(items[place].lines)
        place += 1
    if place == len(items):
        needs = [0]
    elif (table := items[place].table) is None:
        needs = [items[place].space + _first_lines(items[place].lines)]
    else:
        part = table.parts[0]
        notes = table.notes if len(table.parts) == 1 else []
        needs = [1 + _part_lines(part, notes), 1 + _least_lines(part)]
    for need in needs:
        if lines + need <= height:
            return lines + need, True
    return at_least, False


def _first_lines(lines: list[str]) -> int:
    """How many lines of a text must be on its first page: two, or all of up to three."""
    return len(lines) if len(lines) <= 3 else 2


def _put_text(pages: _Pages, lines: list[str]) -> None:
    """A text. Neither its first line nor its last stands alone on a page."""
    while len(lines) > pages.room:
        here = min(pages.room, len(lines) - 2)
        if here < _first_lines(lines) and pages.used:
            pages.turn()
        else:
            pages.add(lines[:here])
            pages.turn()
            lines = lines[here:]
    pages.add(lines)


def _part_lines(part: Part, notes: list[str]) -> int:
    """The lines of a whole part with the notes below it."""
    rows = sum(len(row.lines) + bool(row.rule and number) for number, row in enumerate(part.rows))
    return len(part.caption) + len(part.head) + rows + 1 + len(notes)


def _least_lines(part: Part) -> int:
    """The lines of a part down to its first row, and the rule below that."""
    first = len(part.rows[0].lines) if part.rows else 0
    return len(part.caption) + len(part.head) + first + 1


def _put_part(pages: _Pages, part: Part, notes: list[str], after_heading: bool) -> None:
    """A part of a table and the notes below it."""
    whole = _part_lines(part, notes)
    least = _least_lines(part)
    repeated = len(part.continued) + len(part.head) + 1  # lines of the table on every page
    torn = repeated >= pages.height  # no page has room for the head and a row
    if pages.used and after_heading:
        torn = torn or least + 1 > pages.room  # the heading must not be left alone
    elif pages.used and (whole if whole <= pages.height else least) + 1 > pages.room:
        pages.turn()
    pages.space()
    if torn or whole <= pages.room:
        pages.add(part.lines())
    else:
        pages.add(part.caption + part.head)
        top = True
        for row in part.rows:
            lines = row.lines if top or not row.rule else [row.rule, *row.lines]
            whole_on_next = len(row.lines) <= pages.height - repeated
            if len(lines) + 1 > pages.room and not top and (whole_on_next or pages.room < _ROW_START):
                _continue(pages, part)
                lines = row.lines
            while len(lines) + 1 > pages.room:  # a row taller than a page
                here = pages.room - 1
                pages.add(lines[:here])
                _continue(pages, part)
                lines = lines[here:]
            pages.add(lines)
            top = False
        pages.add([part.foot])
    pages.add(notes)


def _continue(pages: _Pages, part: Part) -> None:
    """Close the table on this page, and open it again on the next."""
    pages.add([part.foot])
    pages.turn()
    pages.add(part.continued + part.head)
