"""Acknowledging: findings that are right as they are, in the text of the source (see `review`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..checks import Finding, findings
from ..report import Report
from ..review import RECORDS, Said, judged_of, place_of, read_review
from ..source import ADDRESSED, Source, parse_address
from ..taxonomy import Taxonomy
from ..toml.editing import SourceText

Key = tuple[str, str, tuple[str, ...]]
"""Which finding: its code, its place, what was judged."""


def key_of(finding: Finding) -> Key:
    """What an acknowledgement of the finding is about."""
    return finding.code, place_of(finding), judged_of(finding)


def lapsed(report: Report, finding: Finding) -> list[Key]:
    """Acknowledgements of other figures at the finding's place, which fit nothing any more."""
    code, place, _judged = key_of(finding)
    fitting = {key_of(other) for other in findings(report)}
    said = report.source.acknowledged.get((code, place), ())
    return [(code, place, judged) for judged, _reason in said if (code, place, judged) not in fitting]


def is_open(report: Report, key: Key) -> bool:
    """Is there such a finding, and no error?"""
    return any(key_of(finding) == key and finding.severity != "error" for finding in findings(report))


def write(text: SourceText, key: Key, reason: str | None) -> None:
    """Put an acknowledgement into the text, or take it away. Raises EditError."""
    code, place, judged = key
    records = text.get(RECORDS) or []
    at = next((number for number, record in enumerate(records) if _about(record) == key), None)
    if at is None and reason is not None:
        record = {"code": code, "place": place, "judged": list(judged), "reason": reason}
        text.insert_record(RECORDS, len(records), record)
    elif at is not None and reason is None:
        text.remove_record(RECORDS, at)
    elif at is not None:
        text.set((*RECORDS, at, "reason"), reason)


def said(text: SourceText, key: Key) -> Said | None:
    """What the text says now of the place that a key is about."""
    records = {"acknowledged": text.get(RECORDS) or []}
    return read_review(records, lambda _code, _path, _message: None).get(key[:2])


def _about(record: Any) -> Any:
    """What a record of the text is about, as the reader takes it."""
    if not isinstance(record, dict):
        return None
    judged = record.get("judged")
    words = tuple(judged) if isinstance(judged, list) else ()
    return str(record.get("code")).strip(), str(record.get("place")).strip(), words


def follow_records(
    taxonomy: Taxonomy, text: SourceText, tables: set[str], owner: str, renumber: Callable[[int], int | None]
) -> None:
    """Let acknowledgements follow the records that they speak of."""
    records = text.get(RECORDS)
    for at, record in reversed(list(enumerate(records if isinstance(records, list) else []))):
        place = record.get("place") if isinstance(record, dict) else None
        cell = _cell(taxonomy, place)
        if cell is None or cell[0] not in tables or not cell[1].startswith(owner):
            continue
        number, slash, rest = cell[1][len(owner):].partition("/")
        new = renumber(int(number) - 1)
        if new is None:
            text.remove_record(RECORDS, at)
        elif new != int(number) - 1:
            words = str(place).split(".")
            words[words.index(cell[0]) + 1] = f"{owner}{new + 1}{slash}{rest}"
            text.set((*RECORDS, at, "place"), ".".join(words))


def speaks_of(source: Source, tables: set[str]) -> bool:
    """Does an acknowledgement speak of cells of these tables?"""
    cells = (_cell(source.taxonomy, place) for _code, place in source.acknowledged)
    return any(cell is not None and cell[0] in tables for cell in cells)


def _cell(taxonomy: Taxonomy, place: Any) -> tuple[str, str, str] | None:
    """The cell that a place is about, itself or by a reason, an official figure, one of last year."""
    part, _dot, rest = str(place).partition(".")
    try:
        return parse_address(rest if part in ADDRESSED else str(place), taxonomy)
    except ValueError:
        return None
