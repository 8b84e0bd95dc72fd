"""How much a source may hold: far more than any department has, and no more than can be read and written in seconds.

A file of 16 MiB can hold what takes minutes or gigabytes: a key of 200,000 parts, 150,000 records, a name
of 50,000 characters. It is refused before anything is made of it, with the line and what is allowed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .i18n import _

DEEP, DEEPEST, MOST_DEEP = 16, 4_000, 4
"""A key of so many parts is deep (an address has three); so many parts it has at most, and so many are deep."""
MOST_ENTRIES = 200_000
"""So many = there are; the source of a department of a thousand units has three quarters of it."""
MOST_HEADERS = 60_000
MOST_ROWS = 60_000
"""So many rows and records there are in all tables together."""
MOST_MEMBERS = 40_000
MOST_RECORDS = 10_000
"""So many entries a table has, and a list."""
LONGEST_PROSE, LONGEST_TEXT, LONGEST_LINE = 4_000_000, 200_000, 2_000
"""So many characters has a text in [prose], one that stands in a table, and one of a single line, such as a name."""
MOST_LINES = 300_000
"""So many lines has a text: each becomes a paragraph."""
LONGEST_NUMBER = 10_000

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_DEEP = re.compile(rf"(?:^|[{{,])[ \t]*(?:\[\[?[ \t]*)?(?:{_PART}){{{DEEP},}}", re.MULTILINE)
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_NUMBER = re.compile(rf"[0-9_]{{{LONGEST_NUMBER}}}")

Path = tuple[Any, ...]


class Excess(NamedTuple):
    """What is too much: the message, and where: the place in the text, or the key."""

    message: str
    at: int = -1
    path: Path = ()


def excess_of_text(text: str) -> Excess | None:
    """What makes a text take too long to be taken apart, None for nothing."""
    for number, key in enumerate(_DEEP.finditer(text), 1):
        if number > MOST_DEEP or key[0].count(".") >= DEEPEST:
            most = DEEP if number > MOST_DEEP else DEEPEST
            return Excess(_("the key has more than {most} parts").format(most=most), key.end())
    if (found := _NUMBER.search(text)) is not None:
        return Excess(_("a figure has thousands of digits"), found.start())
    entries = text.count("=")
    if entries > MOST_ENTRIES:
        return Excess(_("there are {count} entries (=), and at most {most} are read").format(
            count=entries, most=MOST_ENTRIES))
    headers = sum(1 for _found in _HEADER.finditer(text)) if text.count("[") > MOST_HEADERS else 0
    if headers > MOST_HEADERS:
        return Excess(_("there are {count} tables and records, and at most {most} are read").format(
            count=headers, most=MOST_HEADERS))
    return None


def excess_of_data(data: dict[str, Any]) -> Excess | None:
    """What is too much in a text that was taken apart, None for nothing."""
    rows = 0
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            most = LONGEST_PROSE if path[0] == "prose" else LONGEST_TEXT
            if len(value) > most:
                return Excess(_("the text has {count} characters, and at most {most} are read").format(
                    count=len(value), most=most), path=path)
            lines = value.count("\n")
            if lines > MOST_LINES:
                return Excess(_("the text has {count} lines, and at most {most} are read").format(
                    count=lines, most=MOST_LINES), path=path)
            continue
        rows += 1
        most = MOST_RECORDS if isinstance(value, list) else MOST_MEMBERS
        if len(value) > most:
            return Excess(_("[{key}] has {count} entries, and at most {most} are read").format(
                key=_named(path), count=len(value), most=most), path=path)
        if rows > MOST_ROWS:
            return Excess(_("there are more than {most} rows and records").format(most=MOST_ROWS), path=path)
        members = value.items() if isinstance(value, dict) else enumerate(value)
        waiting += [((*path, key), each) for key, each in members if isinstance(each, (str, dict, list))]
    return None


def _named(path: Path) -> str:
    from .source import legible

    return legible(".".join(str(key) for key in path if isinstance(key, str)))
