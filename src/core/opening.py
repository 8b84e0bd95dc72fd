"""Opening: a report from its source file, with last year's file and the catalogue that it names."""

from __future__ import annotations

import os

from .catalogue import Row
from .formats import NoSuchFormat, load_format
from .i18n import _
from .reading import load_source
from .report import Report
from .source import Problem, Source, SourceError, located, resolve
from .storage import StorageError
from .taxonomy import TaxonomyError

LONGEST_CHAIN = 30
"""So many prior files are followed to see that they do not go round in a circle."""


def open_report(path: str, catalogue: str = "", format: str = "") -> Report:
    """The report of the source file `path`, with last year's file and the catalogue that it names.

    `catalogue`: a further organisation's catalogue file. `format`: print it in this format instead
    of the source's own (over the same taxonomy). Raises StorageError or SourceError
    where the source itself can't be read; what is wrong with the other files is a problem.
    """
    source = load_source(path)
    if format:
        _put_in_format(source, format)
    return build_report(source, catalogue)


def _put_in_format(source: Source, id: str) -> None:
    """Let another format print what the source holds. It was read by its own: so the keys are
    known that the other does not ask for, and are no faults. Raises SourceError."""
    try:
        other = load_format(id)
    except (NoSuchFormat, TaxonomyError) as error:
        raise SourceError(source.path, str(error)) from None
    if other.taxonomy is not source.taxonomy:
        message = _("{other} is a format of another kind of report ({theirs}) than this one ({ours}, {own})")
        raise SourceError(source.path, message.format(
            other=other.id, theirs=other.taxonomy.title, ours=source.taxonomy.title, own=source.format.id))
    source.format = other


def build_report(source: Source, catalogue: str = "") -> Report:
    """The report of a source that is already read."""
    rows = _own_catalogue(source, catalogue)
    prior = _prior_report(source) if source.prior_file else None
    return Report(source, prior, rows)


def _own_catalogue(source: Source, catalogue: str) -> list[Row]:
    files = [catalogue] if catalogue else []
    if source.catalogue_file:
        files.append(resolve(source.path, source.catalogue_file))
    rows: list[Row] = []
    if not files:
        return rows
    from pathlib import Path

    from .catalogue import read_catalogue_file

    for file in files:
        read = read_catalogue_file(Path(file))
        rows += read.rows
        for problem in read.problems:
            message = located(file, problem.line, problem.message)
            source.problems.append(Problem("T10", ("report", "catalogue"), message))
    return rows


def _prior_report(source: Source) -> Report | None:
    """Last year's report. Whatever is wrong with its file becomes a problem of this source."""
    where = ("report", "prior")
    try:
        prior = load_source(resolve(source.path, source.prior_file))
        _refuse_circle(source, prior)
    except (StorageError, SourceError) as error:
        source.problems.append(Problem("T09", where, _("last year's source {message}").format(
            message=located(source.prior_file, error.line, error.message))))
        return None
    if prior.year != source.year - 1 or prior.taxonomy is not source.taxonomy:
        message = _("{file} is the {kind} of {year}, not of the year before {this}")
        source.problems.append(Problem("T09", where, message.format(
            file=source.prior_file, kind=prior.taxonomy.title, year=prior.year, this=source.year)))
        return None
    if prior.problems:
        source.problems.append(Problem("T09", where, _("{file} has faults of its own: check it first").format(
            file=source.prior_file)))
        return None
    return Report(prior)


def _refuse_circle(source: Source, prior: Source) -> None:
    """Walk up the chain of prior files: it must end, and the years must fall."""
    seen = {os.path.realpath(source.path)}
    for _year in range(LONGEST_CHAIN):
        here = os.path.realpath(prior.path)
        if here in seen:
            raise SourceError(prior.path, _("the prior files go round in a circle"))
        seen.add(here)
        if not prior.prior_file:
            return
        try:
            prior = load_source(resolve(prior.path, prior.prior_file))
        except (SourceError, StorageError):
            return  # an older year's file is not needed for this report
