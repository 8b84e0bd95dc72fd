"""How much a source may hold: far more than any department has, and no more than can be read and written in seconds.

A file of 16 MiB can hold what takes minutes or gigabytes: a key of 200,000 parts, 150,000 records, a name
of 50,000 characters. It is refused before anything is made of it, with the line and what is allowed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .i18n import _

DEEPEST = 16
"""So many parts a key has at most: an address has three."""
MOST_ENTRIES = 200_000
"""So many = there are; the source of a department of a thousand units has three quarters of it."""
MOST_HEADERS = 60_000
MOST_ROWS = 60_000
"""So many rows and records there are in all tables together."""
MOST_MEMBERS = 20_000
MOST_RECORDS = 10_000
"""So many entries a table has, and a list."""
MOST_ADDRESSED = 40_000
"""So many entries [prior], [official] and [reasons] have: of all tables, not of one."""
LONGEST_TEXT = 200_000
LONGEST_LINE = 2_000
"""So many characters a text has, and one of a single line, such as a name."""
LONGEST_NUMBER = 5_000

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_DEEP = re.compile(rf"(?:^|[{{,])[ \t]*(?:\[\[?[ \t]*)?(?:{_PART}){{{DEEPEST}}}", re.MULTILINE)
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
    if (found := _DEEP.search(text)) is not None:
        return Excess(_("the key has more than {most} parts").format(most=DEEPEST), found.end())
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


def excess_of_data(data: dict[str, Any], addressed: tuple[str, ...]) -> Excess | None:
    """What is too much in a text that was taken apart, None for nothing. `addressed`: the parts whose entries
    are of all tables."""
    rows = 0
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                return Excess(_("the text has {count} characters, and at most {most} are read").format(
                    count=len(value), most=LONGEST_TEXT), path=path)
            continue
        rows += 1
        most = MOST_RECORDS if isinstance(value, list) else MOST_MEMBERS
        if len(path) == 1 and path[0] in addressed:
            most = MOST_ADDRESSED
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
