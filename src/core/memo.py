"""The memo of a check: findings grouped by severity, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checks import Finding, findings
from .i18n import _
from .progress import progress
from .text.width import printable

if TYPE_CHECKING:
    from .report import Report


def memo(report: Report, file: str) -> tuple[list[str], bool]:
    """The lines of the memo on `file`, and whether there is an error among the findings."""
    found = findings(report)
    acknowledged = [finding for finding in found if finding.acknowledged]
    found = [finding for finding in found if not finding.acknowledged]
    counts = {severity: sum(finding.severity == severity for finding in found)
              for severity in ("error", "warning", "note")}
    done = progress(report)
    source = report.source
    lines = [_("{file}: {department}, {title} of {year}").format(
        file=file, department=source.department, year=source.year, title=report.format.title),
        _("complete {percent}% ({done} of {required}); errors {error}, warnings {warning}, notes {note}").format(
            percent=done.percent, done=done.done, required=done.required, **counts)]
    if acknowledged:
        lines[-1] += _(", acknowledged {count}").format(count=len(acknowledged))
    titles = {"error": _("Errors: these cannot be true"), "warning": _("Warnings: look at these again"),
              "note": _("Notes: nothing to do if they are as meant")}
    groups = [(title, [finding for finding in found if finding.severity == severity])
              for severity, title in titles.items()]
    for title, of in (*groups, (_("Acknowledged: right as they are"), acknowledged)):
        if of:
            lines += ["", title + _(" ({text})").format(text=len(of))]
            for finding in of:
                lines += finding_lines(report, finding)
    missing = [need for need in done.missing if need.kind != "reason"]  # of reasons J20 tells
    if missing:
        lines += ["", _("Still to be entered") + _(" ({text})").format(text=len(missing))]
        lines += [f"  {_where(report.source.line(need.path))}{need.place}" for need in missing]
    return [printable(line) for line in lines], bool(counts["error"])


def _where(line: int | None) -> str:
    return _("line {line}").format(line=line) + "  " if line else ""


def finding_lines(report: Report, finding: Finding) -> list[str]:
    lines = [f"  {finding.code}  {_where(report.source.line(finding.path))}{finding.message}"]
    margin = " " * 8
    if finding.place and finding.place not in finding.message and finding.cell:
        lines.append(margin + _("place: {place}").format(place=finding.place))
    figures = _figures(report, finding)
    if figures:
        lines.append(margin + figures)
    if finding.acknowledged:
        lines.append(margin + _("acknowledged: {reason}").format(reason=finding.acknowledged))
    elif finding.hint:
        lines.append(margin + _("what to do: {hint}").format(hint=finding.hint))
    return lines


def _figures(report: Report, finding: Finding) -> str:
    """Both sides, with their unit if they are amounts; '' where no difference is told: a condition
    such as 'more than 0' has none."""
    if not finding.difference.strip("-0."):
        return ""
    if finding.cell:
        table, _row, column = finding.cell.split(".")
        amounts = report.taxonomy.tables[table].columns[column].kind == "amount"
    else:  # sums over many rows: only amounts have decimals wherever they stand
        amounts = all("." in figure for figure in (finding.left, finding.right, finding.difference))
    words = _("left {left}, right {right}, difference {difference}").format(
        left=finding.left, right=finding.right, difference=finding.difference)
    if finding.tolerance.strip("-0."):
        words += _(", tolerance {tolerance}").format(tolerance=finding.tolerance)
    return words + (_(" ({text})").format(text=report.format.numbers["unit"]) if amounts else "")
