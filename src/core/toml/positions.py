"""Where things stand in a TOML text: the line of a key, the stretch of a value.

tomllib says what a text means but not where. This scanner says where, and relies on tomllib
for the rest: it is only for texts that tomllib has accepted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

Key = str | int
Path = tuple[Key, ...]

# No pattern repeats a group: that takes memory for every turn, and what would free it (possessive
# quantifiers) finds wrong ends in Python before 3.11.5. Nor can one begin again where it failed.
_GAP = re.compile(r"[ \t\r\n]*(?:#[^\n]*)?[ \t\r\n]*")
_BARE_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*(\.?)")
_SPACES = re.compile(r"[ \t]*")
_NEWLINE = re.compile("\n")
_WORD = re.compile(r"[^,\]}#\r\n]+")
_PLAIN_ROW = re.compile(r"""[\[{][^\[\]{}"'#]*[\]}]""")
_MARK = re.compile(r"""["'#\[\]{}]""")
_ESCAPE_OR_END = {'"': re.compile(r'\\[\s\S]|"'), '"""': re.compile(r'\\[\s\S]|"""')}


class Entry(NamedTuple):
    """A header ([table] or [[array]]), a `key = value`, or an element of an array.

    `keys` are relative to the table around it: more than one where they are dotted; an element
    has its number. `start` to `end` is its stretch of the text, `value` the start of its value;
    `kind` is '[' or '[[' for a header (which has no value), '' for the others.
    """

    keys: Path
    start: int
    value: int
    end: int
    kind: str = ""


class Lines:
    """The lines of the keys of a text."""

    __slots__ = ("_ends", "_root", "_text")

    def __init__(self, text: str, root: _Node) -> None:
        self._text = text
        self._root = root
        self._ends: list[int] | None = None

    def line_of(self, path: Path) -> int | None:
        """Give the line, from 1, on which the key `path` stands.

        A table stands where its header does, an element of an array where it begins. What does
        not exist stands where the nearest table or array around it does; None if none exists.
        """
        node, at = self._root, -1
        for key in path:
            found = node.inner(self._text).get(key)
            if found is None:
                break
            node, at = found, found.at
        if at < 0:
            return None
        if self._ends is None:  # once: to count from the start for each key is quadratic
            self._ends = [found.start() for found in _NEWLINE.finditer(self._text)]
        return bisect_left(self._ends, at) + 1


def index_lines(text: str) -> Lines:
    """Find the lines of all keys of a valid TOML text, in one pass over it."""
    root = _Node(-1)
    table = root
    for entry in statements(text):
        if entry.kind:
            table = root.enter(entry, [])
            continue
        node = table
        for key in entry.keys:
            node = node.child(key, entry.start)
        if text[entry.value] in "[{":
            node.pending = entry.value
    return Lines(text, root)


def statements(text: str) -> Iterator[Entry]:
    """Find the headers and the key-value pairs of a valid TOML text, in its order."""
    at = skip_gap(text, 0)
    while at < len(text):
        if text[at] == "[":
            kind = "[[" if text.startswith("[[", at) else "["
            keys, end = _read_key(text, at + len(kind))
            end += len(kind)
            yield Entry(keys, at, -1, end, kind)
        else:
            entry = _read_pair(text, at)
            yield entry
            end = entry.end
        at = skip_gap(text, end)


def members(text: str, opening: int) -> list[Entry]:
    """Find the members of the inline table, or the elements of the array, that begins there."""
    found: list[Entry] = []
    table = text[opening] == "{"
    at = skip_gap(text, opening + 1)
    while text[at] not in "]}":
        entry = _read_pair(text, at) if table else Entry((len(found),), at, at, value_end(text, at))
        found.append(entry)
        at = skip_gap(text, entry.end)
        if text[at] == ",":
            at = skip_gap(text, at + 1)
    return found


def value_end(text: str, at: int) -> int:
    """Give the end of the value that begins there."""
    first = text[at]
    if first in "\"'":
        return _string_end(text, at)
    if first not in "[{":
        found = _WORD.match(text, at)
        return at + len(found.group().rstrip(" \t")) if found else at
    if (found := _PLAIN_ROW.match(text, at)) is not None:
        return found.end()  # nearly every row, and five times as fast
    depth = 0
    while (mark := _MARK.search(text, at)) is not None:
        at = mark.end()
        match mark.group():
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
                if not depth:
                    return at
            case "#":
                at = text.find("\n", at)
                if at < 0:
                    break
            case _:
                at = _string_end(text, mark.start())
    raise ValueError("not a valid TOML text")


def _string_end(text: str, at: int) -> int:
    """The end of the string, of any of the four kinds, whose first quote is there."""
    quote = text[at]
    closing = quote * 3 if text.startswith(quote * 3, at) else quote
    begin = at + len(closing)
    if quote == "'":
        end = text.find(closing, begin)
    else:
        marks = _ESCAPE_OR_END[closing].finditer(text, begin)
        end = next((mark.start() for mark in marks if mark.group() == closing), -1)
    if end < 0:
        raise ValueError("not a valid TOML text")
    end += len(closing)
    if len(closing) == 3:  # of five quotes the first two are the text's
        end += next(more for more in (2, 1, 0) if text.startswith(quote * more, end))
    return end


def header_paths(headers: Iterable[Entry]) -> list[Path]:
    """Give the full paths of the headers of a text: with the numbers of the elements in them."""
    root = _Node(-1)
    paths: list[Path] = []
    for header in headers:
        path: list[Key] = []
        root.enter(header, path)
        paths.append(tuple(path))
    return paths


class _Node:
    """A key: where it stands, and the keys inside it.

    What stands inside an inline table or an array is found when it is first asked for:
    `pending` is where its brackets open, -1 otherwise. `newest` is the number of the newest
    element of an array of tables, -1 if this is none. A tree of keys, and not a dict of paths:
    that would grow with the square of a long dotted key.
    """

    __slots__ = ("at", "children", "newest", "pending")

    def __init__(self, at: int) -> None:
        self.at = at
        self.children: dict[Key, _Node] = {}
        self.newest = -1
        self.pending = -1

    def child(self, key: Key, at: int) -> _Node:
        node = self.children.get(key)
        if node is None:
            node = self.children[key] = _Node(at)
        return node

    def enter(self, header: Entry, path: list[Key]) -> _Node:
        """Go to the table that a header opens, and note the way in `path`."""
        node = self
        for key in header.keys:
            if node.newest >= 0:
                path.append(node.newest)
                node = node.children[node.newest]
            path.append(key)
            node = node.child(key, header.start)
        if header.kind == "[[":
            node.newest += 1
            path.append(node.newest)
            return node.child(node.newest, header.start)
        node.at = header.start  # [a.b] implied [a] before; here it stands itself
        return node

    def inner(self, text: str) -> dict[Key, _Node]:
        if self.pending >= 0:
            opening, self.pending = self.pending, -1
            for entry in members(text, opening):
                node = self
                for key in entry.keys:
                    node = node.child(key, entry.start)
                if text[entry.value] in "[{":
                    node.pending = entry.value
        return self.children


def _read_pair(text: str, at: int) -> Entry:
    keys, equals = _read_key(text, at)
    value = equals + 1
    while text[value] in " \t":
        value += 1
    return Entry(keys, at, value, value_end(text, value))


def _read_key(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Read a key, dotted or not. Give its parts, and the place of what comes after it."""
    parts: list[str] = []
    dot = "."
    while dot:
        found = _BARE_KEY.match(text, at)
        if found is not None:
            part, dot = found.groups()
            at = found.end()
        else:
            part, at = _read_quoted(text, _end(_SPACES, text, at))
            at = _end(_SPACES, text, at)
            dot = "." if text.startswith(".", at) else ""
            at += len(dot)
        parts.append(part)
    return tuple(parts), at


def _read_quoted(text: str, at: int) -> tuple[str, int]:
    """Read a part of a key between quotes. Give it, and the place of what comes after it."""
    if text[at : at + 1] not in ('"', "'"):
        raise ValueError("not a valid TOML text")
    end = _string_end(text, at)
    if text[at] == '"' and "\\" in text[at:end]:
        import tomllib  # the one that knows the escapes

        return next(iter(tomllib.loads(f"{text[at:end]} = 0"))), end
    return text[at + 1 : end - 1], end


def skip_gap(text: str, at: int) -> int:
    """Give the place of what comes after the spaces, newlines and comments."""
    at = _end(_GAP, text, at)
    while text.startswith("#", at):
        at = _end(_GAP, text, at)
    return at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The end of what matches there; `pattern` also matches nothing."""
    found = pattern.match(text, at)
    return found.end() if found else at
