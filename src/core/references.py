"""References: figures that a text names, {table.row.column}, printed where the text stands.

    "全年收入{overview.income}万元，其中事业运行支出{公开05表.2010550.小计}万元。"

A reference is the name of one figure, as `explain.find_cell` understands it, and nothing else: no
formula, no template language. {{ and }} print braces. What names no figure is a finding (S12) and
is printed as something that is still to be filled in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .document import Run, placeholder
from .i18n import _
from .source import Cell, address, legible
from .taxonomy import NUMBERS

if TYPE_CHECKING:
    from .report import Report

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")

FIGURES = (*NUMBERS, "percent")
"""The kinds of columns that are figures."""


class Reference(NamedTuple):
    """A figure that a text names, from `start` to `end` in it. A brace that stands alone has no name."""

    name: str
    start: int
    end: int


def references(text: str) -> list[Reference]:
    """What a text refers to, in its order; also braces without a partner, whose name is the brace."""
    return [Reference(match[0] if match[1] is None else match[1], *match.span())
            for match in _BRACES.finditer(text) if match[0] not in ("{{", "}}")]


def written(name: str) -> str:
    """A text that refers to the figure of this name."""
    return "{" + name + "}"


def shortest(report: Report, cell: Cell) -> str:
    """The shortest address of a cell: without its column, where that is the table's first one."""
    return ".".join(cell[:2]) if report.taxonomy.tables[cell[0]].primary == cell[2] else address(cell)


def can_refer(report: Report, node: tuple[Any, ...]) -> bool:
    """May the text of this graph node name figures? Prose, reasons and the long texts of records."""
    if node[0] in (":prose", ":reason"):
        return True
    return node[0][0] != ":" and report.taxonomy.tables[node[0]].columns[node[2]].long


def resolve(report: Report, name: str) -> Cell | str:
    """The cell that a reference names, or why it names none. Computed as a node of the graph."""
    from .explain import find_cell

    try:
        cell = find_cell(report, name)
    except ValueError as error:
        return str(error)
    table = report.taxonomy.tables[cell[0]]
    if table.columns[cell[2]].kind not in FIGURES:
        return _("“{cell}” is no figure").format(cell=address(cell))
    if cell[1] not in report.rows(table.id) and not (
            table.accounts and cell[1] in report.graph.get((":compared", table.id))):
        return _("the report has no row “{row}” in {table}").format(row=cell[1], table=table.title)
    return cell


def expanded(report: Report, text: str, cell: str = "") -> tuple[Run, ...]:
    """A text with the figures that it names. `cell` is the address of the text itself, if it has one."""
    if "{" not in text and "}" not in text:
        return (Run(text, cell),)
    runs: list[Run] = []
    words, at = "", 0
    for match in _BRACES.finditer(text):
        words += text[at:match.start()]
        at = match.end()
        if match[1] is None:
            words += match[0][0]  # a brace that was written twice, or that stands alone
            continue
        runs += [Run(words, cell), _figure(report, match[1])]
        words = ""
    runs.append(Run(words + text[at:], cell))
    return tuple([run for run in runs if run.text])


def _figure(report: Report, name: str) -> Run:
    """The figure of a name, as a narrative prints it."""
    cell = report.graph.get((":reference", name))
    if isinstance(cell, str):
        return Run(placeholder(legible(name).strip() or "数"))
    return Run(report.shown(cell, "narrative"), address(cell))


def bare(text: str) -> str:
    """A text as it is judged by its words: a figure for each reference, braces as they are printed."""
    return _BRACES.sub(lambda match: "0" if match[1] is not None else match[0][0], text)


def lines(runs: tuple[Run, ...]) -> list[tuple[Run, ...]]:
    """Runs as the lines of their text, without blanks around them; empty lines are left out."""
    found: list[list[Run]] = [[]]
    for run in runs:
        first, *more = run.text.split("\n")
        found[-1].append(run._replace(text=first))
        found += [[run._replace(text=part)] for part in more]
    return [stripped for line in found if (stripped := _stripped(line))]


def _stripped(line: list[Run]) -> tuple[Run, ...]:
    kept = [run for run in line if run.text]
    while kept and not kept[0].text.strip():
        del kept[0]
    while kept and not kept[-1].text.strip():
        del kept[-1]
    if kept:
        kept[0] = kept[0]._replace(text=kept[0].text.lstrip())
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip())
    return tuple(kept)
