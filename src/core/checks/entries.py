"""What is entered: accounts, negative amounts, figures of last year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..catalogue import Catalogue, years_of
from ..i18n import _
from ..source import address, legible
from .finding import Finding, figure, place_path

if TYPE_CHECKING:
    from ..report import Report


def judge_account(report: Report, table_id: str, code: str) -> Finding | None:
    table = report.taxonomy.tables[table_id]
    catalogue = report.functional if table.axis == "functional" else report.economic
    account = catalogue.get(code)
    own = report.source.accounts.get(code, "")
    cell = (table_id, code, table.primary)
    place = f"{table.title}·{report.row_label(table_id, code)}"
    path = report.source.row_paths.get((table_id, code)) or (table.key, code)
    if account is None:
        if own:
            return None
        return Finding("F06", "warning", address(cell), place, path, _of_other_years(code, report.source.year) or
                       _unlisted(code, report.source.year, catalogue),
                       hint=_("check the code; if it is right, give its name in [accounts]"),
                       source="年度《政府收支分类科目》")
    if own and own != account.name and own not in account.former:
        severity = "note" if account.grade == "C" else "warning"  # of such a name the catalogue is not sure
        return Finding("J18", severity, address(cell), place, ("accounts", code),
                       _("account {code} is called “{own}” here, “{name}” in the catalogue").format(
                           code=code, own=own, name=account.name),
                       hint=_("use the official name, or leave it if the catalogue is wrong"),
                       source="年度《政府收支分类科目》", judged=(own, account.name))
    return None


def _unlisted(code: str, year: int, catalogue: Catalogue) -> str:
    parent = catalogue.parent(code)
    message = _("account {code} is not in the catalogue of {year}").format(code=code, year=year)
    if parent is not None and catalogue.get(parent) is None:
        message += _(", nor is its parent {parent}").format(parent=parent)
    return message


def _of_other_years(code: str, year: int) -> str:
    """In which other years there was or will be an account; '' for one of no year."""
    found = years_of(code)
    if not found:
        return ""
    spans = []
    for row in found:
        if row.since and row.until:
            words = _("from {since} to {until}") if row.since < row.until else _("in {until}")
        else:
            words = _("from {since} on") if row.since else _("until {until}")
        spans.append(words.format(since=row.since, until=row.until))
    return _("account {code} {name} is in the catalogue {years}, not in that of {year}").format(
        code=code, name=found[-1].name, years=_(", ").join(spans), year=year)


def judge_negative(report: Report, table: str, row: str, column: str) -> Finding | None:
    cell = (table, row, column)
    entry = report.source.entries.get(cell)
    if entry is None or entry.value >= 0:
        return None
    label = report.label(cell)
    left = figure(report, entry.value, "amount")
    return Finding("A06", "warning", address(cell), label, entry.path,
                   _("{place} is negative: {left}").format(place=label, left=left), left,
                   hint=_("amounts are negative only by corrections of earlier years: check the sign"),
                   source=report.taxonomy.sources["entries"])


def others(report: Report) -> Iterator[Any]:
    """The cells of which the text is none of their column's list."""
    for table in report.taxonomy.tables.values():
        columns = [column for column in table.entered if column.choices]
        for row in report.rows(table.id) if columns else ():
            for column in columns:
                value = report.value((table.id, row, column.id))
                if value and value not in column.choices:
                    yield (":judged", "choice", table.id, row, column.id)


def judge_choice(report: Report, table: str, row: str, column: str) -> Finding | None:
    """S14: a text that is none of a closed list."""
    cell = (table, row, column)
    text, choices = report.value(cell), report.taxonomy.tables[table].columns[column].choices
    if not text or text in choices:
        return None
    label = report.label(cell)
    return Finding("S14", "warning", address(cell), label, place_path(report, cell),
                   _("{place}: “{text}” is none of {choices}; it is printed as it is").format(
                       place=label, text=legible(text), choices="、".join(choices)), left=legible(text),
                   hint=_("take one of the list, or leave it if your finance department has others"),
                   source=report.taxonomy.sources["entries"])


def judge_restated(report: Report, table: str, row: str, column: str) -> Finding | None:
    cell = (table, row, column)
    entry = report.source.prior.get(cell)
    if entry is None or report.prior_report is None:
        return None
    published = report.prior_report.prior_year_value(cell, report)
    kind = report.taxonomy.tables[table].columns[column].kind
    value = report.printed(entry.value) * report.scale if kind == "amount" else entry.value
    if published is not None and kind == "amount":
        published = report.printed(published) * report.scale
    if published is None or published == value:
        return None
    label = report.label(cell)
    left, right = figure(report, entry.value, kind), figure(report, published, kind)
    return Finding("K06", "warning", address(cell), label, entry.path,
                   _("last year's figure {left} differs from the published {right}: {place}").format(
                       left=left, right=right, place=label),
                   left, right, figure(report, entry.value - published, kind), "0",
                   hint=_("delete the entry, or say in the report why last year was restated"),
                   source=report.taxonomy.sources["prior"])


def judge_renamed(report: Report) -> Finding | None:
    """Last year's source of another department: it was renamed, or the wrong file is named."""
    prior = report.prior_report
    if prior is None or prior.source.department == report.source.department:
        return None
    message = _("last year's source is that of “{department}”").format(department=prior.source.department)
    return Finding("K06", "note", "", _("last year's source"), ("report", "prior"), message,
                   hint=_("right where the department was renamed: check the file otherwise"),
                   source=report.taxonomy.sources["prior"],
                   judged=(prior.source.department, report.source.department))
