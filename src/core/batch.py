"""Exports without a screen: one job a source file, on all cores where there are many."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Iterator, NamedTuple

from .i18n import _

if TYPE_CHECKING:
    from .report import Report

SMALL = 8
"""So few files are faster in one process than in several."""


class Job(NamedTuple):
    """One export: the source, where to write ('' for back to the caller), and how."""

    file: str
    output: str
    to: str = "text"
    encoding: str = "utf-8"
    width: int = 120
    page_lines: int = 0
    ambiguous: int = 2
    catalogue: str = ""


class Done(NamedTuple):
    """What became of a job: exit code (0, 1 refused, 2 unreadable), messages, the bytes if not written."""

    file: str
    code: int
    messages: tuple[str, ...]
    data: bytes = b""


def open_or_say(file: str, catalogue: str = "") -> tuple["Report | None", str]:
    """The report of a source file, or None and why it can't be read: file, line, what to do."""
    from .opening import open_report
    from .source import SourceError
    from .storage import StorageError

    try:
        return open_report(file, catalogue), ""
    except SourceError as error:
        line = _("line {line}").format(line=error.line) + "：" if error.line else ""
        return None, f"{file}：{line}{error.message}"
    except StorageError as error:
        return None, str(error)


def run_job(job: Job) -> Done:
    """Export one source. A source with faults is refused: a wrong figure must not be printed."""
    from .compose import compose
    from .storage import StorageError, write_atomic

    report, message = open_or_say(job.file, job.catalogue)
    if report is None:
        return Done(job.file, 2, (message,))
    if report.source.problems:
        return Done(job.file, 1, tuple(_faults(report, job.file)))
    document = compose(report)
    if job.to == "json":
        from .render import json

        data = json.render(document, report).encode()
    else:
        from .render import text

        data = text.render(document, width=job.width, ambiguous=job.ambiguous, page_lines=job.page_lines).encode(job.encoding)
    if not job.output:
        return Done(job.file, 0, (), data)
    try:
        write_atomic(job.output, data)
    except StorageError as error:
        return Done(job.file, 2, (str(error),))
    return Done(job.file, 0, ())


def _faults(report: "Report", file: str) -> Iterator[str]:
    for problem in report.source.problems:
        line = report.source.line(problem.path)
        where = _("line {line}").format(line=line) + "：" if line else ""
        hint = f"（{problem.hint}）" if problem.hint else ""
        yield f"{file}：{where}{problem.message}{hint}"
    yield _("{file}: not exported, {count} faults to mend first").format(file=file, count=len(report.source.problems))


def run_jobs(jobs: list[Job]) -> Iterator[Done]:
    """Every job's result, in the order of the jobs; a progress bar where a person looks on."""
    results = map(run_job, jobs) if len(jobs) <= SMALL else _in_parallel(jobs)
    if len(jobs) > 1 and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from track(results, _("exporting"), len(jobs), console=Console(stderr=True))
    else:
        yield from results


def _in_parallel(jobs: list[Job]) -> Iterator[Done]:
    from concurrent.futures import ProcessPoolExecutor

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(min(cores, len(jobs))) as pool:
        yield from pool.map(run_job, jobs, chunksize=max(1, min(16, len(jobs) // (cores * 4) or 1)))
