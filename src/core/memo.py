"""The memo of a check: findings grouped by severity, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checks import Finding, findings
from .i18n import _
from .progress import progress

if TYPE_CHECKING:
    from .report import Report


def memo(report: "Report", file: str) -> tuple[list[str], bool]:
    """The lines of the memo on `file`, and whether there is an error among the findings."""
    found = findings(report)
    counts = {severity: sum(finding.severity == severity for finding in found) for severity in ("error", "warning", "note")}
    done = progress(report)
    lines = [_("{file}: {department}, {year}, {title}").format(
        file=file, department=report.source.department, year=report.source.year, title=report.format.title),
        _("progress {percent}% ({done} of {required}); errors {error}, warnings {warning}, notes {note}").format(
            percent=done.percent, done=done.done, required=done.required, **counts)]
    titles = {"error": _("Errors: these cannot be true"), "warning": _("Warnings: look at these again"),
              "note": _("Notes: nothing to do if they are as meant")}
    for severity, title in titles.items():
        of = [finding for finding in found if finding.severity == severity]
        if of:
            lines += ["", f"{title}（{len(of)}）"]
            for finding in of:
                lines += _lines(report, finding)
    if done.missing:
        lines += ["", _("Still to be entered ({number})").format(number=len(done.missing))]
        for need in done.missing:
            line = report.source.line(need.path)
            where = _("line {line}").format(line=line) + "  " if line else ""
            lines.append(f"  {where}{need.place}")
    return [_safe(line) for line in lines], bool(counts["error"])


def _lines(report: "Report", finding: Finding) -> list[str]:
    line = report.source.line(finding.path)
    where = _("line {line}").format(line=line) + "  " if line else ""
    lines = [f"  {finding.code}  {where}{finding.message}"]
    if finding.place and finding.place not in finding.message:
        lines.append("        " + _("place: {place}").format(place=finding.place))
    if finding.right:
        unit = report.format.numbers["unit"]
        lines.append("        " + _("left {left}, right {right}, difference {difference}, tolerance {tolerance} ({unit})").format(
            left=finding.left, right=finding.right, difference=finding.difference, tolerance=finding.tolerance or "0", unit=unit))
    if finding.hint:
        lines.append("        " + _("what to do: {hint}").format(hint=finding.hint))
    return lines


def _safe(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
