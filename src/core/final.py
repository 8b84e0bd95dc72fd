"""Final or a draft: what keeps a report from being published as it is.

A report with something open or with an error is a draft, and each of its documents says so. Only a
report without either, whose warnings were all acknowledged with a reason (`review`), is final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .checks import Finding, errors, findings
from .document import Block, Document, Draft, open_places
from .i18n import _
from .memo import finding_lines
from .progress import MISSING, Need, progress, roots
from .text.width import printable

if TYPE_CHECKING:
    from .report import Report

FEW = 5
"""So many obstacles of a kind are told one by one; of more, only how many."""


class Obstacles(NamedTuple):
    """What stands between a report and its publication: what is missing; where the document says 【待填】
    though nothing is (a text that was written so, a name that nobody gave); errors; and warnings that
    nobody has acknowledged."""

    percent: int
    needs: tuple[Need, ...]
    marks: tuple[str, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def open(self) -> int:
        """How much is still to be entered."""
        return len(self.needs) or len(self.marks)

    @property
    def draft(self) -> bool:
        """Is the report no more than a draft?"""
        return bool(self.open or self.errors)

    @property
    def final(self) -> bool:
        """Does nothing stand in the way?"""
        return not (self.draft or self.warnings)


def drafted(report: Report, blocks: tuple[Block, ...]) -> Draft | None:
    """Why a report of these blocks is a draft; None where it is none."""
    get = report.graph.get
    missing = sum(get(node) == MISSING for root in roots(report) for listed in get(root) for node in get(listed))
    open = missing or sum(1 for _place in open_places(blocks))
    faults = len(errors(report))
    return Draft(open, faults) if open or faults else None


def obstacles(report: Report, document: Document) -> Obstacles:
    """All that stands in the way of a report and its document."""
    done = progress(report)
    found = findings(report)
    marks = () if done.missing else tuple(open_places(document.blocks))
    return Obstacles(done.percent, done.missing, marks,
                     tuple(finding for finding in found if finding.severity == "error"),
                     tuple(finding for finding in found if finding.severity == "warning" and not finding.acknowledged))


def counted(open: int, errors: int, warnings: int) -> str:
    """The counts in words, without those of nothing; '' where all are."""
    counts = []
    if open:
        counts.append(_("to be entered: {count}").format(count=open))
    if errors:
        counts.append(_("errors: {count}").format(count=errors))
    if warnings:
        counts.append(_("warnings not acknowledged: {count}").format(count=warnings))
    return _(", ").join(counts)


def told(report: Report, found: Obstacles) -> list[str]:
    """The first few obstacles of each kind, line by line, with their places."""
    of: tuple[tuple[str, list[str]], ...] = (
        (_("to be entered"), [_asked(report, need) for need in found.needs] or [
            _("【待填】 is printed: {place}").format(place=place) for place in found.marks]),
        (_("error"), [finding_lines(report, finding)[0].strip() for finding in found.errors]),
        (_("warning"), [finding_lines(report, finding)[0].strip() for finding in found.warnings]),
    )
    lines = []
    for kind, texts in of:
        lines += [f"  {kind}  {text}" for text in texts[:FEW]]
        if len(texts) > FEW:
            lines.append(f"  {kind}  " + _("… and {count} more").format(count=len(texts) - FEW))
    return [printable(line) for line in lines]


def _asked(report: Report, need: Need) -> str:
    line = report.source.line(need.path)
    return (_("line {line}").format(line=line) + "  " if line else "") + need.place
