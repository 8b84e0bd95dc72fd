"""The elements of a TOML array as rows that can be changed without touching the others.

To each row belongs what a reader sees as its own: the comments right above it, its comma, and
the comment after it on its line. A row that is removed or moved takes these along; every other
row stays as it was written.
"""

from __future__ import annotations

import re

from .positions import members, skip_gap

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*|\r)?\n")
_COMMENT = re.compile(r"#[^\r\n]*")


class ArrayText:
    """The text of an array, from bracket to bracket: its head, its rows, its tail.

    `newline` and `indent` are those of the file and of the line on which the array begins;
    `flat` keeps an array that was empty on one line.
    """

    __slots__ = ("_flat", "_head", "_indent", "_newline", "_rows", "_tail", "_trailing")

    def __init__(self, text: str, newline: str, indent: str = "", flat: bool = False) -> None:
        self._newline, self._indent, self._flat = newline, indent, flat
        self._head = _rest_of_line(text, 1)
        self._rows: list[_Row] = []
        at = 1 + len(self._head)
        # Whether the last row has a comma is the writer's style: it stays so.
        self._trailing = not flat
        for element in members(text, 0):
            comma = skip_gap(text, element.end)
            self._trailing = text[comma] == ","
            end = comma + 1 if self._trailing else element.end
            row = _Row(text[at : element.start], text[element.start : element.end])
            row.between = text[element.end : comma] if self._trailing else ""
            row.after = _rest_of_line(text, end)
            self._rows.append(row)
            at = end + len(row.after)
        self._tail = text[at:-1]

    def __str__(self) -> str:
        last = len(self._rows) - 1
        rows = (row.text(comma=self._trailing or number < last) for number, row in enumerate(self._rows))
        return f"[{self._head}{''.join(rows)}{self._tail}]"

    def is_bare(self) -> bool:
        """Tell whether nothing is left in the array, not even a comment."""
        return not self._rows and "#" not in self._head + self._tail

    def insert(self, index: int, value: str) -> None:
        """Put a new row at `index`."""
        self._put(index, _Row("", value))

    def remove(self, index: int) -> None:
        """Take a row away."""
        self._take(index)

    def move(self, old: int, new: int) -> None:
        """Take the row `old` out and put it where it becomes the row `new`."""
        self._put(new, self._take(old))

    def _put(self, index: int, row: _Row) -> None:
        if not self._rows:
            self._begin()
        by_lines = self._by_lines()
        if by_lines:
            if not row.after:
                near = self._rows[min(index, len(self._rows) - 1)].before if self._rows else self._indent + "  "
                row.before, row.after = near.rpartition("\n")[2], self._newline
        elif index:
            row.before = " "
        elif self._rows:
            row.before, self._rows[0].before = self._rows[0].before, " "
        self._rows.insert(index, row)

    def _take(self, index: int) -> _Row:
        by_lines = self._by_lines()
        row = self._rows.pop(index)
        if by_lines:
            start = attached_start(row.before, len(row.before), 0)
            above, row.before = row.before[:start], row.before[start:]
            if "#" in above:  # comments apart from the row belong to the place
                if index < len(self._rows):
                    self._rows[index].before = above + self._rows[index].before
                else:
                    self._tail = above + self._tail
        elif not index and self._rows:
            self._rows[0].before = row.before
        return row

    def _begin(self) -> None:
        """Prepare an empty array for its first row."""
        inside = self._head + self._tail
        self._trailing = not self._flat or "#" in inside
        self._tail = self._indent if self._trailing else ""
        self._head = self._newline if self._trailing else ""
        if "#" in inside:  # they end with a newline, or the bracket would be part of them
            self._head = inside.rstrip(" \t")

    def _by_lines(self) -> bool:
        """Tell whether each row has its own line, or all share one. Make it so where it is mixed."""
        if self._head.endswith("\n") and all(row.ends_line() for row in self._rows):
            return True
        gaps = [self._head, self._tail]
        for row in self._rows:
            gaps += row.before, row.between, row.after
        if not any("\n" in gap for gap in gaps):
            return False
        indent = self._indent + "  "
        self._head = self._as_lines(self._head, " ") or self._newline
        for row in self._rows:
            row.before = self._as_lines(row.before + row.between, indent) + indent
            row.between = ""
            row.after = self._as_lines(row.after, "  ") or self._newline
        self._tail = self._as_lines(self._tail, indent) + self._indent
        return True

    def _as_lines(self, gap: str, indent: str) -> str:
        """Give the comments in a gap, each on its line."""
        return "".join(indent + comment + self._newline for comment in _COMMENT.findall(gap))


class _Row:
    """A row: `before` and `after` hold its spaces, newlines and comments, `between` those before its comma."""

    __slots__ = ("after", "before", "between", "value")

    def __init__(self, before: str, value: str) -> None:
        self.before, self.value, self.between, self.after = before, value, "", ""

    def ends_line(self) -> bool:
        return self.after.endswith("\n") and "\n" not in self.between

    def text(self, comma: bool) -> str:
        return f"{self.before}{self.value}{self.between}{',' if comma else ''}{self.after}"


def attached_start(text: str, at: int, first: int) -> int:
    """Give the start of the comment lines right above the line of `at`, or of that line itself.

    Nothing before `first`, the start of a line, is looked at.
    """
    start = text.rfind("\n", first, at) + 1 or first
    while start > first:
        above = text.rfind("\n", first, start - 1) + 1 or first
        if not text[above:start].lstrip(" \t").startswith("#"):
            break
        start = above
    return start


def _rest_of_line(text: str, at: int) -> str:
    """Give the rest of the line, with its comment and newline, '' if a value stands in it."""
    found = _REST_OF_LINE.match(text, at)
    return found.group() if found else ""
