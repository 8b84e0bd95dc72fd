"""Referring: texts that name figures of records follow these when they move."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..explain import table_named
from ..references import can_refer, references, written
from ..report import Report
from ..source import Path
from ..toml.editing import SourceText

GONE = "已删除"
"""Stands in a reference for the number of a record that was removed: so it is pointed at, and never
names another record."""


def follow_records(
    report: Report, text: SourceText, tables: set[str], owner: str, renumber: Callable[[int], int | None]
) -> None:
    """Renumber the records that texts name. Called before the records move in the text."""
    for path, _words in list(_texts(report)):
        words = text.get(path)
        if not isinstance(words, str):
            continue
        new, at = "", 0
        for found in references(words):
            name = _renumbered(report, found.name, tables, owner, renumber)
            new += words[at:found.start] + (words[found.start:found.end] if name == found.name else written(name))
            at = found.end
        new += words[at:]
        if new != words:
            text.set(path, new)


def _renumbered(report: Report, name: str, tables: set[str], owner: str, renumber: Callable[[int], int | None]) -> str:
    table, _dot, rest = name.partition(".")
    row, *column = rest.split(".")
    number, slash, inner = row.removeprefix(owner).partition("/")
    if table_named(report, table.strip()) not in tables or not row.startswith(owner) or not number.isdecimal():
        return name
    new = renumber(int(number) - 1)
    moved = GONE if new is None else str(new + 1)
    return ".".join([table, f"{owner}{moved}{slash}{inner}", *column])


def refers_to(report: Report, tables: set[str]) -> bool:
    """Does a text name figures of these tables?"""
    return any(table_named(report, found.name.partition(".")[0].strip()) in tables
               for _path, words in _texts(report) for found in references(words))


def _texts(report: Report) -> Iterator[tuple[Path, str]]:
    """The texts that name figures, with their keys in the file."""
    source = report.source
    for id, words in source.prose.items():
        if "{" in words:
            yield ("prose", id), words
    for cell, words in source.reasons.items():
        if "{" in words:
            yield source.addressed_key("reasons", cell), words
    for cell, entry in source.entries.items():
        if isinstance(entry.value, str) and "{" in entry.value and can_refer(report, cell):
            yield entry.path, entry.value
