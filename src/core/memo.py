"""The memo of a check: findings grouped by severity, for people; as text, or in Markdown for a reviewer's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .checks import Finding, findings
from .i18n import _
from .progress import Need, progress
from .text.width import printable

if TYPE_CHECKING:
    from .report import Report


class Memo(NamedTuple):
    """What a check found. `heads`: which report it is, and how it stands; `groups`: findings under a
    title; `needs`: what is still missing, under a title."""

    heads: tuple[str, str]
    groups: tuple[tuple[str, tuple[Finding, ...]], ...]
    needs: tuple[tuple[str, tuple[Need, ...]], ...]
    errors: int


def gathered(report: Report, file: str) -> Memo:
    """The memo on `file`, its parts in their order, empty ones left out."""
    every = findings(report)
    acknowledged = tuple(finding for finding in every if finding.acknowledged)
    by = {severity: tuple(finding for finding in every if finding.severity == severity and not finding.acknowledged)
          for severity in ("error", "warning", "note")}
    done, source = progress(report), report.source
    counts = {severity: len(found) for severity, found in by.items()}
    stands = _("complete {percent}% ({done} of {required}); errors {error}, warnings {warning}, notes {note}").format(
        percent=done.percent, done=done.done, required=done.required, **counts)
    if acknowledged:
        stands += _(", acknowledged {count}").format(count=len(acknowledged))
    which = _("{file}: {department}, {title} of {year}").format(
        file=file, department=source.department, year=source.year, title=report.format.title)
    groups = ((_("Errors: these cannot be true"), by["error"]), (_("Warnings: look at these again"), by["warning"]),
              (_("Notes: nothing to do if they are as meant"), by["note"]),
              (_("Acknowledged: right as they are"), acknowledged))
    missing = [need for need in done.missing if need.kind != "reason"]  # of reasons J20 tells
    taken = _("Taken over from the units, to be looked over") if source.merged is not None else _(
        "Taken over from last year, to be looked over")
    needs = ((taken, tuple(n for n in missing if n.kind == "carried")),
             (_("Still to be entered"), tuple(n for n in missing if n.kind not in ("carried", "prior"))),
             (_("Last year's figures, still missing"), tuple(n for n in missing if n.kind == "prior")))
    return Memo((which, stands), tuple(group for group in groups if group[1]),
                tuple(group for group in needs if group[1]), counts["error"])


def memo(report: Report, file: str) -> tuple[list[str], bool]:
    """The lines of the memo on `file`, and whether there is an error among the findings."""
    found = gathered(report, file)
    lines = list(found.heads)
    for title, of in found.groups:
        lines += ["", title + _(" ({text})").format(text=len(of))]
        for finding in of:
            lines += finding_lines(report, finding)
    for title, needs in found.needs:
        lines += ["", title + _(" ({text})").format(text=len(needs))]
        lines += [f"  {_where(report.source.line(need.path))}{need.place}" for need in needs]
    return [printable(line) for line in lines], bool(found.errors)


def markdown(report: Report, file: str) -> tuple[list[str], bool]:
    """The same as lines of Markdown, with the sources of the rules: a reviewer's memo."""
    from .text.markdown import start as escaped
    from .text.markdown import table

    found = gathered(report, file)
    lines = ["# " + escaped(_("Memo: {department} {year} {title}").format(
        department=report.source.department, year=report.source.year, title=report.taxonomy.title)), ""]
    lines += ["- " + escaped(head) for head in found.heads]
    for title, of in found.groups:
        lines += ["", "## " + escaped(title + _(" ({text})").format(text=len(of))), ""]
        for number, finding in enumerate(of, 1):
            lead = f"{number}. "
            lines.append(f"{lead}{finding.code} {escaped(finding.message)}")
            lines += [" " * len(lead) + "- " + escaped(told) for told in [*_located(report, finding), *(
                [_("after: {rule}").format(rule=finding.source)] if finding.source else [])]]
    for title, needs in found.needs:
        lines += ["", "## " + escaped(title + _(" ({text})").format(text=len(needs))), ""]
        lines += table([_("Line"), _("Place")], [
            [str(report.source.line(need.path) or ""), escaped(need.place)] for need in needs])
    return lines, bool(found.errors)


def _where(line: int | None) -> str:
    return _("line {line}").format(line=line) + "  " if line else ""


def finding_lines(report: Report, finding: Finding) -> list[str]:
    lines = [f"  {finding.code}  {_where(report.source.line(finding.path))}{finding.message}"]
    return lines + [" " * 8 + told for told in _told(report, finding)]


def _located(report: Report, finding: Finding) -> list[str]:
    """What is told below a finding, its line in the file first."""
    line = report.source.line(finding.path)
    return [*([_where(line).strip()] if line else []), *_told(report, finding)]


def _told(report: Report, finding: Finding) -> list[str]:
    """What is told below a finding: the place, both sides, what to do or why it is right."""
    lines = []
    if finding.place and finding.place not in finding.message and finding.cell:
        lines.append(_("place: {place}").format(place=finding.place))
    figures = _figures(report, finding)
    if figures:
        lines.append(figures)
    if finding.acknowledged:
        lines.append(_("acknowledged: {reason}").format(reason=finding.acknowledged))
    elif finding.hint:
        lines.append(_("what to do: {hint}").format(hint=finding.hint))
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
