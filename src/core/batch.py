"""Exports without a screen: one job a source file, on all cores where there are many."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .i18n import _, language, use_language

if TYPE_CHECKING:
    from .report import Report

J = TypeVar("J")
R = TypeVar("R")

SMALL = 8
"""So few files are faster in one process than in several."""


class Job(NamedTuple):
    """One export: the source, where to write ('' for back to the caller), the kind (one of
    render.KINDS), and how.

    `folder` is made when there is something to write into it. `final`: write nothing unless the report
    is final. `format`: another one than the source's own. `force`: replace whatever is there.
    """

    file: str
    output: str
    to: str = "text"
    encoding: str = "utf-8"
    width: int = 120
    page_lines: int = 0
    ambiguous: int = 2
    catalogue: str = ""
    folder: str = ""
    final: bool = False
    format: str = ""
    force: bool = False


class Done(NamedTuple):
    """What became of a job: exit code (0, 1 refused, 2 unreadable), messages, the report's progress
    in %, the bytes if they were not written; what is open, the errors, and the warnings that nobody
    acknowledged, counted."""

    job: Job
    code: int
    messages: tuple[str, ...] = ()
    percent: int | None = None
    data: bytes = b""
    open: int = 0
    errors: int = 0
    warnings: int = 0


def open_or_say(file: str, catalogue: str = "", format: str = "") -> tuple[Report | None, str]:
    """The report of a source file, or None and why it can't be read: file, line, what to do."""
    from .opening import open_report
    from .source import SourceError, located
    from .storage import StorageError

    try:
        return open_report(file, catalogue, format), ""
    except (SourceError, StorageError) as error:
        return None, located(file, error.line, error.message)


def run_job(job: Job) -> Done:
    """Export one source. A source with faults is refused: a wrong figure must not be printed."""
    try:
        return _run(job)
    except Exception as error:  # a fault of ours in one report must not stop the others
        if os.environ.get("JUESUAN_DEBUG"):
            raise
        return Done(job, 2, (_("{file}: {message}").format(file=job.file, message=internal_error(error)),))


def _run(job: Job) -> Done:
    from .compose import compose
    from .disk import reason
    from .final import counted, obstacles, told
    from .render import export
    from .source import located
    from .storage import StorageError, write_atomic

    report, message = open_or_say(job.file, job.catalogue, job.format)
    if report is None:
        return Done(job, 2, (message,))
    if report.source.problems:
        return Done(job, 1, tuple(_faults(report, job.file)))
    report.graph.tracks = False  # what is only printed is never updated
    document = compose(report)
    found = obstacles(report, document)
    done = Done(job, 0, (), found.percent, b"", found.open, len(found.errors), len(found.warnings))
    if job.final and not found.final:
        refusal = _("{file}: not final and not exported: {counts}").format(file=job.file, counts=counted(*done[5:]))
        return done._replace(code=1, messages=(refusal, *told(report, found)))
    data = export(job.to, document, report, width=job.width, ambiguous=job.ambiguous, page_lines=job.page_lines,
                  encoding=job.encoding)
    if not job.output:
        return done._replace(data=data)
    try:
        if job.folder:
            os.makedirs(job.folder, exist_ok=True)
        if not job.force and not _may_replace(job, data):
            message = _("there is a file of this name that is no such report: name another one, or add --force")
            return Done(job, 2, (located(job.output, None, message),))
        remark = write_atomic(job.output, data)
    except OSError as error:
        message = _("the folder can't be made: {error}").format(error=reason(error))
        return Done(job, 2, (located(job.folder, None, message),))
    except StorageError as error:
        return Done(job, 2, (located(job.output, error.line, error.message),))
    return done._replace(messages=(located(job.output, None, remark),) if remark else ())


def _may_replace(job: Job, data: bytes) -> bool:
    """Is nothing there yet, or such a report as will be written?"""
    from .disk import StorageError, read_bytes
    from .render.recognise import is_export

    try:
        return is_export(job.to, read_bytes(job.output), data)
    except StorageError as error:  # what is no file is refused when it is written
        return error.reason in ("directory", "special") or not os.path.exists(job.output)


def internal_error(error: Exception) -> str:
    """A fault of the program in one line: what a report of it needs."""
    if isinstance(error, ModuleNotFoundError):
        return _("“{name}” is not installed here, which this needs").format(name=error.name)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else ""
    return _("internal error, please report it: {error} ({where})").format(
        error=f"{type(error).__name__} {error}"[:200], where=where)


def _faults(report: Report, file: str) -> Iterator[str]:
    from .source import located

    for problem in report.source.problems:
        hint = _(" ({text})").format(text=problem.hint) if problem.hint else ""
        yield located(file, report.source.line(problem.path), problem.message + hint)
    yield _("{file}: not exported, {count} faults to mend first").format(file=file, count=len(report.source.problems))


def run_jobs(jobs: list[Job]) -> Iterator[Done]:
    """Every job's result, in the order of the jobs; a progress bar where a person looks on."""
    from .disk import clear_leftovers

    for folder in {os.path.dirname(os.path.realpath(job.output)) for job in jobs if job.output}:
        clear_leftovers(folder)

    def lost(job: Job) -> Done:
        message = _("not exported: a worker process was stopped, perhaps for want of memory")
        return Done(job, 2, (_("{file}: {message}").format(file=job.file, message=message),))

    return spread(run_job, jobs, lost, _("exporting"))


def spread(run: Callable[[J], R], jobs: list[J], lost: Callable[[J], R], doing: str) -> Iterator[R]:
    """What `run` makes of every job, in their order, on all cores where there are many; a progress bar
    where a person looks on. `lost`: the result of a job whose worker process was stopped; `doing`: what
    the bar says. `run`, jobs and results are pickled."""
    collect_rarely()
    results = map(run, jobs) if len(jobs) <= SMALL else _in_parallel(run, jobs, lost)
    if len(jobs) > 1 and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        # Twice a second: over a slow line, a bar must not crowd out what it is about.
        yield from track(results, doing, len(jobs), console=Console(stderr=True), refresh_per_second=2)
    else:
        yield from results


def _in_parallel(run: Callable[[J], R], jobs: list[J], lost: Callable[[J], R]) -> Iterator[R]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from .formats import own_formats

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    chunk = max(1, min(4, len(jobs) // (cores * 4)))  # small: what is begun is finished on Ctrl-C
    finished = 0
    with ProcessPoolExecutor(min(cores, len(jobs)), initializer=_begin, initargs=(language(), own_formats())) as pool:
        try:
            with _undisturbed():
                results = pool.map(run, jobs, chunksize=chunk)
            for done in results:
                finished += 1
                yield done
        except BrokenProcessPool:
            yield from map(lost, jobs[finished:])
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for a moment: a pool of which only some workers have started would never end."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(code: str, formats: str) -> None:
    """A worker speaks the language of its parent, knows its formats, and leaves Ctrl-C to it."""
    import signal

    from .formats import use_formats

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    use_language(code)
    use_formats(formats)


def collect_rarely() -> None:
    """Look for garbage less than once a report. By default Python does so every 700 objects, but
    nothing that a report is made of is garbage before the report is written."""
    gc.set_threshold(50_000)
