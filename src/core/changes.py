"""What one edit changed: from the nodes that were computed anew to what came, went or moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .narrative import sentence_id
from .source import Cell

if TYPE_CHECKING:
    from .report import Report

LISTS = (":rows", ":each", ":judges", ":needs")
"""Nodes whose value lists what hangs under them."""


class Change(NamedTuple):
    """What one edit changed: each thing with its value before and after (None: not there)."""

    cells: dict[Cell, tuple[Any, Any]]
    sentences: dict[str, tuple[Any, Any]]
    findings: dict[Any, tuple[Any, Any]]
    progress: dict[str, tuple[Any, Any]]


def completed(report: Report, changed: dict[Any, tuple[Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    """What was computed anew; besides, what is there now and was not, or no longer is, because a list
    has changed."""
    gone: dict[Any, Any] = {}
    come: dict[Any, Any] = {}
    lists = [node for node in changed if node[0] in LISTS]
    for node in lists:
        old, new = changed[node]
        has = set(new)
        _leave(report, node, [member for member in old if member not in has], changed, gone)
    for node in lists:
        if node not in gone:  # what a list that left would hold now is not there
            old, new = changed[node]
            had = set(old)
            _enter(report, node, [member for member in new if member not in had], come)
    # What leaves one list and enters another is still there.
    for node in {**gone, **come}:
        before, after = gone.get(node), come.get(node)
        if before == after:
            changed.pop(node, None)
        else:
            changed[node] = (before, after)
        if node not in come and node[0][0] == ":":
            report.graph.forget(node)
    return _listed_only(report, changed, gone)


def _listed_only(report: Report, changed: dict[Any, tuple[Any, Any]],
                 gone: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """Without the cells of rows that were there once, and are still computed, but not shown."""
    rows = {table: set(report.rows(table)) for table in {node[0] for node in changed if node[0][0] != ":"}}
    return {node: values for node, values in changed.items()
            if node[0][0] == ":" or node[1] in rows[node[0]] or node in gone}


def _leave(report: Report, node: Any, members: Iterable[Any], changed: dict[Any, tuple[Any, Any]],
           gone: dict[Any, Any]) -> None:
    """Note the nodes under these members of a list, with their values before the edit."""
    for child in listed(report, node, members):
        if child in gone or not report.graph.known(child):
            continue
        gone[child] = changed[child][0] if child in changed else report.graph.get(child)
        if child[0] in LISTS:
            _leave(report, child, gone[child], changed, gone)


def _enter(report: Report, node: Any, members: Iterable[Any], come: dict[Any, Any]) -> None:
    """Note the nodes under these members of a list, with their values after the edit."""
    for child in listed(report, node, members):
        if child in come:
            continue
        come[child] = report.graph.get(child)
        if child[0] in LISTS:
            _enter(report, child, come[child], come)


def listed(report: Report, node: Any, members: Iterable[Any]) -> list[Any]:
    """The nodes that members of a list stand for."""
    if node[0] == ":rows":
        columns = report.taxonomy.tables[node[1]].columns
        return [(node[1], row, column) for row in members for column in columns]
    if node[0] == ":each":
        return [child for turn in members for child in report.text.children(node, turn)]
    return list(members)


def sorted_change(changed: dict[Any, tuple[Any, Any]]) -> Change:
    """Nodes with their values before and after, as cells, sentences, findings and needs."""
    change = Change({}, {}, {}, {})
    for node, (old, new) in changed.items():
        kind = node[0]
        if kind[0] != ":":
            change.cells[node] = (old, new)
        elif kind == ":text":
            # A sentence that moves in its list is another node with the same id.
            key = sentence_id(node)
            before, after = change.sentences.pop(key, (None, None))
            before, after = old if before is None else before, new if after is None else after
            if before != after:
                change.sentences[key] = (before, after)
        elif kind == ":judged":
            change.findings[node[1:]] = (old, new)
        elif kind == ":need":
            change.progress[".".join(node[1:])] = (old, new)
    return change
