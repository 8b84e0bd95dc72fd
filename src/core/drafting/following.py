"""Following: a report is brought up to a source that was read anew, and says what is different."""

from __future__ import annotations

from typing import Any

from ..changes import Change, sorted_change
from ..checks import tails_from
from ..report import Report
from ..source import Problem, Source, filled_rows

HEAD = ("schema", "year", "department", "unit", "prior_file", "catalogue_file", "accounts", "glossary")
"""What so much depends on that a report of other values is better made anew."""


def adopt(report: Report, source: Source) -> Change | None:
    """Make `source` the report's source, and compute again just what depends on what differs.

    None, and nothing done, where too much differs for that: then make another report, and
    `compare` them.
    """
    old = report.source
    if old.format is not source.format or any(getattr(old, name) != getattr(source, name) for name in HEAD):
        return None
    # What is wrong with the files that the source names was found when they were opened.
    source.problems += [problem for problem in old.problems
                        if problem.code in ("T09", "T10") and problem not in source.problems]
    had_tails, before = tails_from(report), list(old.problems)
    inputs = _inputs(report, old, source)
    vars(old).update(vars(source))
    if tails_from(report) != had_tails:
        inputs.append((":judges", "tails"))
    change = report.update(inputs)
    _note_problems(change, before, old.problems)
    return change


def compare(before: Report, after: Report) -> Change:
    """What differs between two reports."""
    old, new = dict(before.watched()), dict(after.watched())
    change = sorted_change({node: (old.get(node), new.get(node)) for node in {**old, **new}
                            if old.get(node) != new.get(node)})
    _note_problems(change, before.source.problems, after.source.problems)
    return change


def merge(changes: list[Change]) -> Change:
    """What several changes, one after the other, changed in all."""
    merged = Change({}, {}, {}, {})
    parts: list[dict[Any, tuple[Any, Any]]] = list(merged)
    for change in changes:
        made: list[dict[Any, tuple[Any, Any]]] = list(change)
        for into, new in zip(parts, made):
            for key, (before, after) in new.items():
                first = into[key][0] if key in into else before
                into[key] = (first, after)
    for part in parts:
        for key in [key for key, (before, after) in part.items() if before == after]:
            del part[key]
    return merged


def _inputs(report: Report, old: Source, new: Source) -> list[Any]:
    """The nodes of the graph whose values in the source differ."""
    found: list[Any] = []
    stores: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = [
        ("cell", old.entries, new.entries), ("official", old.official, new.official), ("prior", old.prior, new.prior),
        ("reason", old.reasons, new.reasons), ("prose", old.prose, new.prose),
        ("acknowledged", old.acknowledged, new.acknowledged), ("absent", old.absent, new.absent)]
    for kind, before, after in stores:
        for key in before.keys() | after.keys():
            one, other = before.get(key), after.get(key)
            if one is not other and one != other:
                found += report.inputs(kind, (key,) if kind == "prose" else key, one, other)
                if kind == "cell":
                    found += report.judged_by(key)  # they tell the key under which it stands, too
    for part, cell in old.addressed.keys() | new.addressed.keys():
        if old.addressed.get((part, cell)) != new.addressed.get((part, cell)):
            for node in (cell, (":prior", *cell), (":reason", *cell)):
                found += report.judged_by(node)
    filled = filled_rows(new)
    for table_id, rows in filled.items():
        for row in rows ^ report.filled[table_id]:
            found += report.filled_inputs(report.taxonomy.tables[table_id], row)
    report.filled = filled
    found += [(":carried",)] if old.carried != new.carried else []
    found += [(":blank",)] if old.blank != new.blank else []
    found += [(":merged",)] if old.merged != new.merged else []
    for table in report.taxonomy.tables.values():
        if old.rows[table.id] != new.rows[table.id]:
            found += [(":rows", table.id), (":items", table.id), (":judges", "accounts")]
            for code in set(old.rows[table.id]) ^ set(new.rows[table.id]) if table.accounts else ():
                found += report.judged_above(table, code)
    return found


def _note_problems(change: Change, before: list[Problem], after: list[Problem]) -> None:
    for problem in before:
        if problem not in after:
            change.findings["problem", *problem[:2]] = (problem, None)
    for problem in after:
        if problem not in before:
            key = ("problem", *problem[:2])
            change.findings[key] = (change.findings.get(key, (None, None))[0], problem)
