"""Findings: what in a report cannot be true, or should be looked at again.

A relation is judged by value first. Where it fails, the two sides are compared as the
intervals that their rounded figures leave open: if they meet, the difference is 尾差 (a note);
if they don't, it is an error. No tolerance is chosen anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..text.width import printable
from . import entries, merging, relations, tails, words
from .finding import SEVERITIES, Finding, in_order
from .tails import tails_from

if TYPE_CHECKING:
    from ..report import Report

__all__ = ["SEVERITIES", "Finding", "errors", "findings", "instances", "judge", "roots", "tails_from"]


def findings(report: Report) -> list[Finding]:
    """All findings, errors first, within a severity in the order of the file's faults and the rules;
    last those that were acknowledged."""
    found = [Finding(problem.code, "error", "", printable(".".join(str(part) for part in problem.path)), problem.path,
                     problem.message, hint=problem.hint) for problem in report.source.problems]
    for root in roots(report):
        found += _collect(report, root)
    return sorted(found, key=lambda finding: (bool(finding.acknowledged), SEVERITIES.index(finding.severity)))


def errors(report: Report) -> list[Finding]:
    """The errors among the findings, in order: for many reports, as what can be no error is not looked for."""
    found = [Finding(problem.code, "error", "", printable(".".join(str(part) for part in problem.path)), problem.path,
                     problem.message, hint=problem.hint) for problem in report.source.problems]
    judged = (report.graph.get(node) for root in roots(report) for node in _errors_below(report, root))
    return found + [own for own in judged if own is not None and own.severity == "error"]


def _errors_below(report: Report, node: Any) -> Iterator[Any]:
    """The judgements under a list of them that can find errors."""
    if node[1] == "rules":
        for number, rule in enumerate(report.rules):
            if rule.severity == "error":
                yield from report.graph.get((":judges", "rule", number))
    elif node[1] == "texts":
        for text in words.texts(report):
            yield from words.judgements(report, text, "error")
    elif node[1] == "tails":
        yield from report.graph.get(node)


def _collect(report: Report, node: Any) -> Iterator[Finding]:
    value = report.graph.get(node)
    if node[0] == ":judged":
        if value is not None:
            yield value
    else:
        for child in value:
            yield from _collect(report, child)


def roots(report: Report) -> list[Any]:
    """The graph nodes under which all findings hang."""
    lists = ["rules", "tails", "accounts", "negatives", "choices", "texts", "carried", "reasons", "prior", "merged"]
    return [(":judges", name) for name in lists]


def instances(report: Report, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a list of judgements holds: the nodes of single judgements, or of further lists."""
    kind = key[0]
    if kind == "rules":
        return tuple((":judges", "rule", number) for number in range(len(report.rules)))
    if kind == "rule":
        return tuple((":judged", "rule", key[1], check, row)
                     for row, check in relations.asked(report, report.rules[key[1]]))
    if kind == "tails":
        return tuple(tails.tails(report)) if any(tails_from(report)) else ()
    if kind == "accounts":
        first: dict[str, str] = {}
        for table in report.taxonomy.tables.values():
            stated = set(report.source.rows[table.id])  # not those that follow from other tables' rows
            for code in report.items(table.id) if table.accounts else ():
                if code in stated:
                    first.setdefault(code, table.id)
        return tuple((":judged", "account", table_id, code) for code, table_id in first.items())
    if kind == "negatives":
        negative = (cell for cell, entry in report.source.entries.items()
                    if isinstance(entry.value, Decimal) and entry.value < 0)
        return tuple((":judged", "negative", *cell) for cell in in_order(report, negative))
    if kind == "choices":
        return tuple(entries.others(report))
    if kind == "texts":
        return tuple((":judges", "text", *node) for node in words.texts(report))
    if kind == "text":
        return tuple(words.judgements(report, key[1:]))
    if kind == "carried":
        return tuple((":judged", "carried", *node) for node in words.carried(report))
    if kind == "reasons":
        from ..progress import mentions

        cells = dict.fromkeys(cell for _section, cell in mentions(report, "because"))
        told = {cell for function in ("because", "remark") for _section, cell in mentions(report, function, True)}
        # In another format than the source's own, fewer sentences may ask for reasons.
        own = report.format is report.source.own_format
        untold = [cell for cell in in_order(report, report.source.reasons) if cell not in told] if own else []
        return (*((":judged", "reason", *cell) for cell in cells),
                *((":judged", "opposites", *shared) for shared in words.shared_reasons(report, cells)),
                *((":judged", "untold", *cell) for cell in untold))
    if kind == "prior":
        if report.prior_report is None:
            return ()
        return ((":judged", "renamed"),
                *((":judged", "restated", *cell) for cell in in_order(report, report.source.prior)))
    if kind == "merged":
        return tuple(merging.accounts(report))
    raise KeyError(kind)


def judge(report: Report, key: tuple[Any, ...]) -> Finding | None:
    """One judgement: a finding, or None."""
    from ..review import reviewed

    found: Finding | None = _JUDGES[key[0]](report, *key[1:])
    if found is None:
        return None
    return reviewed(report, found, lambda: _beside(report, found))


def _beside(report: Report, found: Finding) -> Iterator[Finding]:
    """The findings that share code and place with one, itself among them."""
    others: list[Finding | None] = [*relations.of_code(report, found.code, found.cell)]
    if found.code == "J20" and found.cell:
        others.append(words.judge_reason(report, *found.cell.split(".")))
        others += [words.judge_opposites(report, *node[2:]) for node in report.graph.get((":judges", "reasons"))
                   if node[1] == "opposites"]
    if found.code == "A06" and found.cell:
        others.append(entries.judge_negative(report, *found.cell.split(".")))
    for other in (found, *others):
        if other is not None and (other.code, other.cell, other.cell or other.path) == (
            found.code, found.cell, found.cell or found.path
        ):
            yield other


_JUDGES: dict[str, Any] = {
    "rule": relations.judge_rule, "tail": tails.judge_tail,
    "account": entries.judge_account, "negative": entries.judge_negative,
    "choice": entries.judge_choice,
    "restated": entries.judge_restated, "renamed": entries.judge_renamed,
    "text": words.judge_text, "reference": words.judge_reference, "carried": words.judge_carried,
    "reason": words.judge_reason,
    "opposites": words.judge_opposites, "untold": words.judge_untold, "transfer": merging.judge_transfer,
}
