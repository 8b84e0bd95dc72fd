"""juesuan export: reports of many sources."""

from __future__ import annotations

import argparse
import os
import sys

from ..core.i18n import _
from .command import OK, UNREADABLE, add_catalogue, add_command, add_shown_as, say, whole, write

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any

FEW = 20
"""So many written files are told one by one; of more, only those of which there is more to tell."""


def add_export(commands: Any) -> None:
    from ..core.render import KINDS

    export = add_command(commands, "export", _export, _("write reports"), _(
        "Writes the report of each source file. One file alone goes to standard output, or to -o; several go to "
        "--out-dir, worked on by all cores; a file that can't be read does not stop the others. A report with "
        "something still to be entered or with errors is written as a draft, and says so; how much of either there is, "
        "and how many warnings were not acknowledged, is told. Exit code 0: all are written, drafts too; 1: a source "
        "has faults, or with --final a report is not final, and is not exported; 2: a file could not be read or "
        "written."), _(
        "Example:\n  juesuan export 2024.toml -o 2024.txt\n  juesuan export --as shanxi/final-accounts 2024.toml"))
    export.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    where = export.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar=_("OUT"), help=_("the file to write"))
    where.add_argument("--out-dir", metavar=_("DIR"), help=_("the folder to write to; it is made if need be"))
    kinds = ", ".join(f"{name} ({_(kind.title)})" for name, kind in KINDS.items())
    export.add_argument("--to", choices=tuple(KINDS), help=_(
        "kind of report: {kinds}; by default what the ending of -o asks for, or else text").format(kinds=kinds))
    export.add_argument("--final", action="store_true", help=_(
        "only reports that can be published: nothing is written of one with anything to be entered, with errors, or "
        "with warnings that were not acknowledged with a reason"))
    export.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8", help=_(
        "of the text report (default utf-8)"))
    export.add_argument("--width", type=whole, metavar=_("NUMBER"), default=120, help=_(
        "columns of the widest table line (default 120); wider tables are continued; 0: as wide as they are, "
        "nothing wrapped"))
    export.add_argument("--page-lines", type=whole, metavar=_("NUMBER"), default=0, help=_(
        "lines of a page, pages then parted by form feeds; 0 (default): a page is a part or a table, however long"))
    export.add_argument("--ambiguous", type=int, choices=(1, 2), default=2, help=_(
        "columns of “ ” … — and the like in the font that the text is read in (default 2)"))
    export.add_argument("--force", action="store_true", help=_(
        "write over a file that is there already and is no such report"))
    add_catalogue(export)
    add_shown_as(export)


def _export(options: argparse.Namespace) -> int:
    from ..core.batch import Job, run_jobs
    from ..core.render import KINDS, USUAL, kind_of

    options.to = options.to or kind_of(options.output or "") or USUAL
    if options.width < 0 or 0 < options.width < 40 or options.page_lines < 0 or 0 < options.page_lines < 20:
        say(_("--width is 0 or at least 40, --page-lines 0 or at least 20"))
        return UNREADABLE
    if len(options.files) > 1 and not options.out_dir:
        say(_("several files need --out-dir, the folder to write their reports to"))
        return UNREADABLE
    kind = KINDS[options.to]
    if kind.binary and not (options.output or options.out_dir) and sys.stdout.isatty():
        say(_("--to {kind} is not for a terminal: name a file with -o, or a folder with --out-dir").format(
            kind=options.to))
        return UNREADABLE
    few = len(options.files) <= FEW
    jobs = []
    for file in options.files:
        name = os.path.splitext(os.path.basename(file.rstrip("/")))[0] + kind.ending
        output = os.path.join(options.out_dir, name) if options.out_dir else options.output or ""
        jobs.append(Job(file, output, options.to, options.encoding, options.width, options.page_lines,
                        options.ambiguous, options.catalogue, options.out_dir or "", options.final, options.shown_as,
                        options.force))
    refusal = _clash(jobs)
    if refusal:
        say(refusal)
        return UNREADABLE
    result, written, drafts = OK, 0, 0
    for done in run_jobs(jobs):
        result = max(result, done.code)
        for line in done.messages:
            say(line)
        if done.data:
            write(done.data)
        if done.code == OK:
            written += 1
            draft = bool(done.open or done.errors)
            drafts += draft
            if draft or done.warnings or (few and done.job.output):
                say(_standing(done, draft))
    if not few or 1 < len(jobs) != written:
        summary = _("written to {folder}: {written} of {total}").format(
            folder=options.out_dir, written=written, total=len(jobs))
        say(summary + (_(", drafts among them: {count}").format(count=drafts) if drafts else ""))
    return result


def _standing(done: Any, draft: bool) -> str:
    """How the report stands that was written: a draft or not, what is open, what is wrong."""
    from ..core.final import counted

    words = _("{file} → {out}") if done.job.output else "{file}"
    words = words.format(file=done.job.file, out=done.job.output) + _(": ")
    stands = [_("draft")] * draft + [_("complete {percent}%").format(percent=done.percent)]
    return words + _(", ").join(filter(None, [*stands, counted(done.open, done.errors, done.warnings)]))


def _clash(jobs: list[Any]) -> str:
    """Why these files can't be written: two to one place, or one over a source. '' if they can."""
    sources = {os.path.realpath(job.file) for job in jobs}
    seen: dict[str, Any] = {}
    for job in jobs:
        if not job.output:
            continue
        place = os.path.realpath(job.output)
        if place in seen:
            return _("{a} and {b} would both be written to {out}: export them to two folders").format(
                a=seen[place].file, b=job.file, out=job.output)
        if place in sources:
            return _("{out} is a source: it is not overwritten by a report").format(out=job.output)
        seen[place] = job
    return ""
