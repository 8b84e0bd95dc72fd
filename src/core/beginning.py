"""Beginning a report: a new source file, as `juesuan new` and the start screen's steps write it."""

from __future__ import annotations

from .amounts import AmountError
from .formats import load_format
from .i18n import _
from .skeleton import new_source
from .source import check_line
from .storage import save

UNITS = ("万元", "元")


def begin(path: str, format_id: str, year: int, department: str, unit: str = "万元", prior: str = "") -> None:
    """Write a new source. `prior`: last year's source, relative to the new one.

    Raises:
        NoSuchFormat: the format is none.
        AmountError: what is asked for can't be; the message says what.
        StorageError: the file can't be written, or there is one already.
    """
    format = load_format(format_id)
    department, prior = check_line(department), check_line(prior)
    if not department:
        raise AmountError(_("The department's full name is missing"))
    if not format.since <= year <= format.until:
        raise AmountError(_("The year is {year}: the format {format} holds for {since} to {until}").format(
            year=year, format=format.id, since=format.since, until=format.until))
    # The digest of no file: whatever is there already, a link to nowhere among it, is left as it is.
    save(path, new_source(format, department, year, unit, prior), "")


def usual_year(format_id: str, today: int) -> int:
    """The year for which one most likely begins a report in the year `today`: the one before it."""
    format = load_format(format_id)
    return max(format.since, min(format.until, today - 1))
