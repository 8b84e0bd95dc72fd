"""Where a report stands: what is missing and what is wrong, section by section.

Both are counted once over the whole report, and from then on by what each edit changed: a
report with thousands of rows is followed as quickly as a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..checks import Finding, findings
from ..narrative import NOWHERE
from ..progress import DONE, MISSING, Need, needs, roots, told_in
from ..reach import owned_tables
from ..source import Cell
from .sheets import ComparisonSheet, home_sections, section_tables

if TYPE_CHECKING:
    from ..changes import Change
    from ..report import Report

SIGNS = {"error": "!", "warning": "?", "note": "~"}
"""What a place shows of its worst finding: an error, something to look at, 尾差 or another note."""


COMPARISON = ":comparison"
"""Stands for a section's comparison with last year in what is to be looked over."""


class Todo(NamedTuple):
    """Something that needs the accountant: a need that is not met, a finding, or (neither of them) a
    table or text that is only looked over (`cell`: a table, a table and the record that it belongs
    to, a text's id, or COMPARISON and a section). `order` is its place in the walk through the report."""

    order: tuple[int, int]
    section: str
    need: Need | None = None
    finding: Finding | None = None
    cell: tuple[str, ...] = ()

    @property
    def what(self) -> tuple[object, ...]:
        """What it is about, whatever else has changed."""
        if self.need is not None:
            return self.need[:2]
        if self.finding is not None:
            return self.finding.severity, self.finding.code, self.finding.cell, self.finding.path
        return self.cell


class Standing:
    """The needs and findings of one report, counted."""

    def __init__(self, report: Report) -> None:
        self.renew(report)

    def renew(self, report: Report) -> None:
        """Count everything."""
        self.report = report
        self._homes = home_sections(report.format)
        self._order = {section.id: number for number, section in enumerate(report.format.sections)}
        self._needs: dict[str, dict[str, int]] = {}
        for root in roots(report):
            for list_node in report.graph.get(root):
                for node in report.graph.get(list_node):
                    self._count(".".join(node[1:]), report.graph.get(node), 1)
        self._found: dict[Finding, int] = {}
        self.counts = {"error": 0, "warning": 0, "note": 0}
        self._errors: dict[Finding, str] = {}
        self._warnings: dict[Finding, str] = {}
        self._at: dict[str, list[str]] = {}
        for finding in findings(report):
            self._note(finding, 1)

    def follow(self, report: Report, change: Change) -> None:
        """Bring the counts up to an edit."""
        if report is not self.report or any(key[0] == "problem" for key in change.findings):
            self.renew(report)
            return
        for key, (before, after) in change.progress.items():
            self._count(key, before, -1)
            self._count(key, after, 1)
        for old, new in change.findings.values():
            self._note(old, -1)
            self._note(new, 1)

    def _count(self, key: str, state: str | None, step: int) -> None:
        if state in (DONE, MISSING):
            counts = self._needs.setdefault(self._section(key), {DONE: 0, MISSING: 0})
            counts[state] += step

    def _note(self, finding: Finding | None, step: int) -> None:
        if finding is None or finding.acknowledged:
            return
        self.counts[finding.severity] += step
        count = self._found.get(finding, 0) + step
        if count:
            self._found[finding] = count
        else:
            self._found.pop(finding)
        known = {"error": self._errors, "warning": self._warnings}.get(finding.severity)
        if known is not None and count:
            known[finding] = self.section_of(finding)
        elif known is not None:
            known.pop(finding, None)
        here = self._at.setdefault(finding.cell, [])
        if step > 0:
            here.append(finding.severity)
        else:
            here.remove(finding.severity)

    def _section(self, key: str) -> str:
        """The section where a need is met: a table's is the one that shows its sheet."""
        kind, section, *rest = key.split(".")
        return self._homes.get(rest[0], section) if kind in ("table", "cell", "row", "carried") else section

    # ── what is asked ──

    @property
    def percent(self) -> int:
        """Whole percent of the needs that are met, 100 only when nothing is missing."""
        done = sum(counts[DONE] for counts in self._needs.values())
        all_ = done + sum(counts[MISSING] for counts in self._needs.values())
        return done * 100 // all_ if all_ else 100

    def state(self, section: str) -> str:
        """'' where nothing is asked for, else 'empty', 'begun' or 'complete'."""
        counts = self._needs.get(section)
        if not counts or not counts[DONE] + counts[MISSING]:
            return ""
        return "complete" if not counts[MISSING] else "begun" if counts[DONE] else "empty"

    def faulty(self) -> set[str]:
        """The sections with an error."""
        return set(self._errors.values())

    def sign(self, cell: Cell) -> str:
        """The sign of the worst finding at a cell, '' for none."""
        here = self._at.get(".".join(cell), ())
        return next((sign for severity, sign in SIGNS.items() if severity in here), "")

    def section_of(self, finding: Finding) -> str:
        """The section where a finding is mended, '' where none is."""
        path, report = finding.path, self.report
        if path and path[0] == "prose":
            for section in report.format.sections:
                if any(block.name == path[-1] and block.kind in ("prose", "inline") for block in section.blocks):
                    return str(section.id)
            return ""
        if finding.cell and path and path[0] in ("reasons", "prior"):
            table, row, column = finding.cell.split(".")
            return self.told_section((table, row, column)) or self._homes.get(table, "")
        if finding.cell:
            return self._homes.get(finding.cell.partition(".")[0], "")
        keys = {table.key: table.id for table in report.taxonomy.tables.values() if not table.owner}
        return self._homes.get(keys.get(str(path[0]), ""), "") if path else ""

    def told_section(self, cell: Cell) -> str:
        """The section whose sentences compare the cell with last year's figure."""
        format = self.report.format
        for section in format.sections:
            if (section.when is None or self.report.graph.get((":text", f"{section.id}.0", NOWHERE))) and any(
                ref.table == cell[0] and ref.column == cell[2] and (not ref.fixed or ref.row == cell[1])
                for function in ("change", "because", "remark")
                for ref in told_in(section, function)
            ):
                return str(section.id)
        return ""

    def todo(self) -> list[Todo]:
        """All that needs the accountant, in the order of the report: what is missing, then errors."""
        found = []
        for number, need in enumerate(needs(self.report)):
            if need.state == MISSING:
                section = self._section(".".join((need.kind, need.section, need.key)))
                found.append(Todo((self._order.get(section, -1), number), section, need))
        first = len(self._order)
        found += [
            Todo((first, number), section, None, finding)
            for number, (finding, section) in enumerate(self._errors.items())
        ]
        return sorted(found, key=lambda todo: todo.order)

    def warnings(self) -> list[Todo]:
        """What should be looked at: it may be right."""
        return [
            Todo((len(self._order) + 1, number), section, None, finding)
            for number, (finding, section) in enumerate(self._warnings.items())
        ]

    def overlook(self) -> list[Todo]:
        """What no need and no rule asks for can still be missing: every table, those of each record,
        every optional text that is empty and every comparison with a reason left out."""
        report = self.report
        found: list[tuple[str, tuple[str, ...]]] = []
        order = len(self._order) + 2
        for section, tables in section_tables(report.format).items():
            if report.graph.get((":holds", f"{section}.0", NOWHERE)) is False:
                continue
            for table in tables:
                found.append((section, (table,)))
                for own in owned_tables(report.format, table):
                    found += [(section, (own.id, row)) for row in report.rows(table)]
        for section_ in report.format.sections:
            for block in section_.blocks:
                prose = report.format.prose.get(block.name) if block.kind in ("prose", "inline") else None
                if prose is not None and prose.optional and not report.source.prose.get(prose.id):
                    found.append((section_.id, (prose.id,)))
        for section_ in report.format.sections:
            comparison = ComparisonSheet(report, section_.id)
            if any(tuple(row.split(".")) not in report.source.reasons for row in comparison.rows):
                found.append((section_.id, (COMPARISON, section_.id)))
        return [Todo((order, number), section, None, None, cell) for number, (section, cell) in enumerate(found)]


def filled_sections(report: Report) -> set[str]:
    """The sections in which something is entered or written: those with a sheet or a text."""
    tables = section_tables(report.format)
    found = set()
    for section in report.format.sections:
        written = any(block.kind in ("prose", "inline") for block in section.blocks)
        compared = any(True for function in ("change", "because", "remark") for _ref in told_in(section, function))
        if tables[section.id] or written or compared:
            found.add(section.id)
    return found
