"""Text in Markdown: every character stands for itself, whoever wrote it."""

from __future__ import annotations

import re

from .width import printable

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#&|~$^@]|:(?=//)|(?<=[wW]{3})\.")
"""What could be markup anywhere in a line, in the dialects in use; the last two would make a link."""

_AT_START = re.compile(r"([-+=:%]|\d+(?=[.)]))")
"""What could make a list, a rule, a heading and the like of a line that it begins."""


def words(text: str) -> str:
    """Text within a line that has begun already: no character of it is markup."""
    lines = (line.strip(" ") for line in printable(text, keep="\n").split("\n"))
    return _MARKUP.sub(r"\\\g<0>", " ".join(filter(None, lines)))


def start(text: str) -> str:
    """A line of text: no character of it is markup, nor do its first ones make more of it."""
    line = words(text)
    begun = _AT_START.match(line)
    if begun is None:
        return line
    at = begun.end() if begun[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def lines(text: str) -> str:
    """A paragraph; a line of it that ends with '\\' is broken there."""
    return "\\\n".join(filter(None, map(start, text.split("\n"))))


def row(cells: list[str]) -> str:
    """A row of a table. The cells are Markdown already."""
    return "| " + " | ".join(cells) + " |"


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table's lines. The cells are Markdown already."""
    return [row(heads), "|" + " --- |" * len(heads), *map(row, rows)]
