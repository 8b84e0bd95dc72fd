"""Beginning a report: a new source file, as `juesuan new` and the start screen's steps write it."""

from __future__ import annotations

import os
from typing import NamedTuple

from .amounts import AmountError
from .formats import Format, load_format
from .i18n import _
from .skeleton import new_source
from .source import check_line, resolve
from .storage import save

UNITS = ("万元", "元")


def begin(path: str, format_id: str, year: int, department: str, unit: str = "万元", prior: str = "") -> None:
    """Write a new source. `prior`: last year's source, relative to the new one.

    Raises:
        NoSuchFormat, TaxonomyError: the format is none.
        AmountError: what is asked for can't be; the message says what.
        StorageError: the file can't be written, or there is one already.
    """
    format = load_format(format_id)
    department, prior = check_line(department), check_line(prior)
    _check(format, year, department)
    # The digest of no file: whatever is there already, a link to nowhere among it, is left as it is.
    save(path, new_source(format, department, year, unit, prior), "")


class Begun(NamedTuple):
    """What a new source was made of: its year, the texts and tables to look over, and whether last
    year's figures are in reach."""

    year: int
    carried: int
    prior: bool


def begin_from(path: str, last_path: str, format_id: str = "", year: int = 0, department: str = "", unit: str = "",
               standalone: bool = False) -> Begun:
    """Write a new source out of last year's. What is not given is as last year's source says; `standalone`:
    last year's figures are written into it, and it does without that file.

    Raises as `begin` does; besides, SourceError or StorageError of `last_path` where that can't be read.
    """
    from .carrying import take_over
    from .opening import open_report

    last = open_report(last_path)
    source = last.source
    format = load_format(format_id or source.format.id)
    if format.taxonomy is not source.taxonomy:
        raise AmountError(_("{file} is a {kind}, {format} a format of another kind of report").format(
            file=last_path, kind=source.taxonomy.title, format=format.id))
    if source.problems:
        raise AmountError(_("{file} has faults of its own: check it first").format(file=last_path))
    year = year or source.year + 1
    department = check_line(department) or source.department
    _check(format, year, department)
    unit = unit or source.unit
    follows = year == source.year + 1
    folder = os.path.dirname(os.path.realpath(path))
    prior = os.path.relpath(os.path.abspath(last_path), folder) if follows and not standalone else ""
    catalogue = source.catalogue_file and os.path.relpath(
        os.path.abspath(resolve(last_path, source.catalogue_file)), folder)
    carried = take_over(last, format, unit, standalone and follows)
    save(path, new_source(format, department, year, unit, prior, catalogue, carried), "")
    return Begun(year, len(carried.keys), follows)


def _check(format: Format, year: int, department: str) -> None:
    """Raises AmountError where there can't be such a report."""
    if not department:
        raise AmountError(_("The department's full name is missing"))
    if not format.since <= year <= format.until:
        raise AmountError(_("The year is {year}: the format {format} holds for {since} to {until}").format(
            year=year, format=format.id, since=format.since, until=format.until))


def usual_year(format_id: str, today: int) -> int:
    """The year for which one most likely begins a report in the year `today`: the one before it."""
    format = load_format(format_id)
    return max(format.since, min(format.until, today - 1))
