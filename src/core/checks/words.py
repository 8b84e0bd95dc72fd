"""What is written in words: texts, and the reasons of changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..amounts import show_number
from ..i18n import _
from ..references import bare, can_refer, references
from ..source import Cell, Path, address, legible
from .finding import Finding, in_order
from .text_rules import TEXT_RULES, TextFault

if TYPE_CHECKING:
    from ..report import Report

EMPTY_REASONS = ("正常浮动", "实际经费支出", "正常变动", "正常增减", "据实列支", "据实支出", "工作需要", "其他原因")
"""Reasons that explain nothing (J20)."""


def texts(report: Report) -> Iterator[Any]:
    """The nodes of everything that the accountant wrote in words."""
    yield (":stated", "report", "department")
    for part, written in (("accounts", report.source.accounts), ("glossary", report.source.glossary)):
        for key in written:
            yield (":stated", part, key)
    for id in report.format.prose:
        yield (":prose", id)
    for cell in in_order(report, report.source.reasons):
        yield (":reason", *cell)
    for table in report.taxonomy.tables.values():
        texts = [column.id for column in table.entered if column.kind in ("text", "choice")]
        if table.axis == "records" and texts:
            for row in report.rows(table.id):
                for column in texts:
                    yield (table.id, row, column)


def judgements(report: Report, node: tuple[str, ...], severity: str = "") -> Iterator[Any]:
    """The judgements of a text: of the rules (of one severity, if it is given) that it breaks, for most
    break none, and of the figures that it names."""
    for number in range(len(TEXT_RULES)):
        if severity in ("", TEXT_RULES[number][1]) and _fault(report, number, node):
            yield (":judged", "text", number, *node)
    if can_refer(report, node):
        for name in dict.fromkeys(found.name for found in references(report.graph.get(node) or "")):
            yield (":judged", "reference", name, *node)


def _fault(report: Report, number: int, node: tuple[str, ...]) -> TextFault | None:
    text = report.graph.get(node)
    _code, _severity, rule = TEXT_RULES[number]
    return rule(bare(text) if can_refer(report, node) else text) if text else None


def judge_text(report: Report, number: int, *node: str) -> Finding | None:
    code, severity, _rule = TEXT_RULES[number]
    fault = _fault(report, number, node)
    if fault is None:
        return None
    where, path, place = _of_text(report, node)
    return Finding(code, severity, where, place, path, fault.message, left=fault.found, hint=fault.hint,
                   source=fault.source)


def judge_reference(report: Report, name: str, *node: str) -> Finding | None:
    """S12: a figure that a text names must be there."""
    where, path, place = _of_text(report, node)
    if node[0] == ":reason":
        where = address((node[1], node[2], node[3]))
    if name in ("{", "}"):
        message = _("a brace stands alone in the text: {place}").format(place=place)
        hint = _("write it twice where one is to be printed")
    else:
        cell = report.graph.get((":reference", name))
        if not isinstance(cell, str):
            return None
        found = legible(name)
        message = _("“{name}” names no figure: {error}").format(name=found, error=cell)
        hint = _("give table.row.column as explain does, or choose the figure in the text's editor")
    return Finding("S12", "error", where, place, path, message, hint=hint, source="一数一源：文字中的数取自报表",
                   judged=(name,))


def _of_text(report: Report, node: tuple[str, ...]) -> tuple[str, Path, str]:
    """The cell of a text ('' where it is none), its key, and what it is called."""
    if node[0] == ":prose":
        return "", ("prose", node[1]), report.format.prose[node[1]].label
    if node[0] == ":stated":
        return "", node[1:], _("name of the department") if node[1] == "report" else node[2]
    cell = (node[-3], node[-2], node[-1])
    if node[0] == ":reason":
        return "", report.source.addressed_key("reasons", cell), report.label(cell)
    return address(cell), report.source.key(cell), report.label(cell)


def carried(report: Report) -> Iterator[Any]:
    """The nodes of the texts that were taken over from last year and not looked over yet."""
    keys = set(report.graph.get((":carried",)))
    if not keys or report.source.merged is not None:  # from the units: of this year
        return
    tables = report.taxonomy.tables
    tops = {table.id: table.key if not table.owner else "" for table in tables.values()}
    for table in tables.values():  # an owner stands before what it owns
        tops[table.id] = tops[table.owner] if table.owner else table.key
    for node in texts(report):
        if f"prose.{node[1]}" in keys if node[0] == ":prose" else tops.get(node[0]) in keys:
            yield node


def judge_carried(report: Report, *node: str) -> Finding | None:
    """S13: a text that was taken over still speaks of last year's year."""
    text, year = report.graph.get(node), report.source.year
    found = re.findall(rf"(?<!\d){year - 1}\s*年", bare(text) if can_refer(report, node) else text)
    if not found:
        return None
    where, path, place = _of_text(report, node)
    message = _("{place} was taken over from last year and still says “{found}” ({count} times)")
    return Finding("S13", "warning", where, place, path, message.format(place=place, found=found[0], count=len(found)),
                   hint=_("bring the text up to {year}, or confirm that it is right").format(year=year),
                   source=_CHANGES_OF_YEAR, judged=(found[0], str(len(found))))


_CHANGES_OF_YEAR = "地方预决算公开操作规程：内容真实、准确"

_CHANGES = "地方预决算公开操作规程：增减变化须说明原因"


def judge_reason(report: Report, table: str, row: str, column: str) -> Finding | None:
    from ..narrative import NOWHERE, Environment

    cell = (table, row, column)
    moved = Environment(report, NOWHERE).difference(cell)
    if moved is None or not moved[2]:
        return None
    reason = report.graph.get((":reason", *cell))
    label = report.label(cell)
    left, path = "", report.source.addressed_key("reasons", cell)
    if not reason:
        left, path = show_number(moved[2], 2), ("reasons",)
        message = _("{place} has changed by {left}, and no reason is given").format(place=label, left=left)
    elif reason.strip("。；; ").removeprefix("属") in EMPTY_REASONS:
        message = _("{place}: the reason “{reason}” explains nothing").format(place=label, reason=reason)
    else:
        return None
    return Finding("J20", "warning", address(cell), label, path, message, left,
                   hint=_("name the project, the people or the policy behind the change"), source=_CHANGES,
                   judged=(show_number(moved[2], 2), *((reason,) if reason else ())))


def shared_reasons(report: Report, cells: Iterable[Cell]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """The reasons that are given for several changes, each with the figures that changed."""
    sharing: dict[str, list[Cell]] = {}
    for cell in cells:
        reason = report.graph.get((":reason", *cell)).strip("。；; ")
        if reason:
            sharing.setdefault(reason, []).append(cell)
    return ((reason, tuple(same)) for reason, same in sharing.items() if len(same) > 1)


def judge_opposites(report: Report, reason: str, cells: tuple[Cell, ...]) -> Finding | None:
    """The same reason for a rise and for a fall."""
    first: tuple[Cell, int] | None = None
    for cell in cells:
        moved = report.graph.get((":moved", *cell))
        if not moved:
            continue
        if first is None:
            first = cell, moved
        elif first[1] != moved:
            label = report.label(cell)
            return Finding("J20", "warning", address(cell), label, report.source.addressed_key("reasons", cell),
                           _("the reason “{reason}” explains a rise and a fall: {place} and {other}").format(
                               reason=reason, place=label, other=report.label(first[0])),
                           hint=_("say what happened in each case"), source=_CHANGES,
                           judged=(reason, address(first[0])))
    return None


def judge_untold(report: Report, table: str, row: str, column: str) -> Finding | None:
    """A reason that is not printed, because no sentence tells of the change."""
    cell = (table, row, column)
    if not report.graph.get((":reason", *cell)):
        return None
    label = report.label(cell)
    message = _("{place}: this reason is not printed, because no sentence of the report tells of the change")
    return Finding("J20", "note", address(cell), label, report.source.addressed_key("reasons", cell),
                   message.format(place=label),
                   hint=_("check the address, or delete the reason"), source=_CHANGES,
                   judged=(report.graph.get((":reason", *cell)),))
