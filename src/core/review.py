"""Review: findings that are right as they are, acknowledged with a reason, as the source keeps them.

    [[review.acknowledged]]
    code = "G04"
    place = "three_public.reception.outturn"
    judged = ["1.20", "1.00"]
    reason = "……"

A record speaks of one finding: its code, its place (the cell, or the key in the file), and the
figures or words that were judged. When these change, the finding is back. An error is arithmetic
that cannot be true and is never acknowledged.

    [review]
    carried = ["prose.duties", "units"]

What was taken over from last year's source (`carrying`) and still has to be looked over: texts by
their key, tables by theirs. Whatever else stands under [review] is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .amounts import AmountError
from .checks.finding import Finding
from .i18n import _
from .source import Path, check_line, legible

if TYPE_CHECKING:
    from .report import Report

RECORDS: Path = ("review", "acknowledged")
"""Where the records stand in the file."""

CARRIED: Path = ("review", "carried")
"""Where the list stands of what was taken over."""

Key = tuple[str, str]
"""What a record is about: code and place of a finding."""

Said = tuple[tuple[tuple[str, ...], str], ...]
"""What is acknowledged of one key: what was judged, and the reason."""


def place_of(finding: Finding) -> str:
    """The place of a finding as a record names it: its cell, or its key in the file."""
    return finding.cell or ".".join(str(part) for part in finding.path)


def judged_of(finding: Finding) -> tuple[str, ...]:
    """What was judged: the figures of both sides or the words that were found."""
    return finding.judged or tuple(text for text in (finding.left, finding.right) if text)


def reviewed(report: Report, finding: Finding, beside: Callable[[], Iterable[Finding]]) -> Finding:
    """The finding with the reason for which it was acknowledged; or, where it was acknowledged
    for other figures, with a word on that. `beside` gives the findings of now that share its code
    and place: what was said of one of them says nothing of it."""
    if finding.severity == "error":
        return finding
    said: Said = report.graph.get((":acknowledged", finding.code, place_of(finding)))
    for judged, reason in said:
        if judged == judged_of(finding):
            return finding._replace(acknowledged=reason)
    others = {judged_of(other) for other in beside()} if said else set()
    before = [(judged, reason) for judged, reason in said if judged not in others]
    if not before:
        return finding
    judged, reason = before[-1]
    words = _("acknowledged before, for other figures ({judged}): {reason}").format(
        judged=", ".join(judged), reason=reason)
    return finding._replace(hint=_("; ").join(part for part in (finding.hint, words) if part))


def read_review(data: dict[str, Any], problem: Callable[[str, Path, str], None]) -> dict[Key, Said]:
    """The acknowledgements under [review]. `problem` is told what is wrong: code, key, message."""
    records = data.get("acknowledged", [])
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        problem("T02", RECORDS, _("[[{key}]] is a list of records").format(key=".".join(RECORDS)))
        return {}
    found: dict[Key, Said] = {}
    for number, record in enumerate(records):
        here = (*RECORDS, number)
        texts = [_text(record, key, here, problem) for key in ("code", "place", "reason")]
        judged = record.get("judged", [])
        if not isinstance(judged, list) or not all(isinstance(text, str) for text in judged):
            problem("T02", (*here, "judged"), _("a list of texts in quotation marks is expected here"))
        elif all(texts):
            code, place, reason = texts
            said = found.get((code, place), ())
            if any(tuple(judged) == other for other, _reason in said):
                problem("T07", here, _("{code} at “{place}” is acknowledged twice: keep one of them").format(
                    code=code, place=place))
            found[code, place] = (*said, (tuple(judged), reason))
    return found


def read_carried(
    data: dict[str, Any], known: Iterable[str], problem: Callable[[str, Path, str], None]
) -> dict[str, bool]:
    """What [review] says was taken over and is to be looked over, in the file's order. `known`: the keys
    that there can be."""
    keys = data.get(CARRIED[1], [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        problem("T02", CARRIED, _("a list of texts in quotation marks is expected here"))
        return {}
    known = set(known)
    for number, key in enumerate(keys):
        if key not in known:
            problem("T01", (*CARRIED, number), _("unknown key “{key}”").format(key=legible(key)))
    return {key: True for key in keys if key in known}


def _text(record: dict[str, Any], key: str, here: Path, problem: Callable[[str, Path, str], None]) -> str:
    """One of a record's texts, '' where something is wrong with it."""
    if key not in record:
        problem("T02", here, _("an acknowledgement needs {key} = \"…\"").format(key=key))
        return ""
    try:
        text = check_line(record[key])
    except AmountError as error:
        problem("T05" if isinstance(record[key], str) else "T02", (*here, key), str(error))
        return ""
    if not text:
        problem("T05", (*here, key), _("a text is expected here"))
    elif key == "code" and text.startswith("T"):
        problem("T05", (*here, key), _("an error can't be acknowledged: it must be corrected"))
        return ""
    return text
