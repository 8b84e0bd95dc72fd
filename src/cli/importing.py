"""juesuan import: a workbook's figures into a source."""

from __future__ import annotations

import argparse
import sys

from ..core.i18n import _
from .command import ERRORS, OK, UNREADABLE, add_catalogue, add_command, say, write

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any


def add_import(commands: Any) -> None:
    own = add_command(commands, "import", _import, _("take the figures of a workbook"), _(
        "Reads an .xlsx workbook: the published tables, those of the accounting system (财决01 …), or what juesuan "
        "exported. Tables are found by their titles and headers. Shows what it found and what would change, and asks "
        "before it writes. Exit code 0: done (or nothing to do); 1: cells that can't be read, and nothing is written, "
        "or totals of the workbook differ by more than rounding; 2: a file could not be read or written."), _(
        "Example:\n  juesuan import 决算报表.xlsx 2024.toml\n  juesuan import --prior 2023年决算.xlsx 2024.toml"))
    own.add_argument("book", metavar=_("BOOK"), help=_("a workbook (.xlsx)"))
    own.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    own.add_argument("--prior", action="store_true", help=_(
        "the workbook is last year's: its figures become the prior-year figures that the report asks for"))
    own.add_argument("--unit", choices=("元", "万元"), default="", help=_("of tables that state no unit"))
    own.add_argument("--official", action="store_true", help=_(
        "totals that differ from ours by rounding become official figures"))
    own.add_argument("--replace", action="store_true", help=_(
        "empty what the workbook's tables do not have (without it, it stays)"))
    own.add_argument("--partial", action="store_true", help=_("take the rest where some cells can't be read"))
    own.add_argument("--dry-run", action="store_true", help=_("show what would change, and write nothing"))
    own.add_argument("--yes", action="store_true", help=_("write without asking"))
    own.add_argument("--all", action="store_true", help=_("list every entry, however many"))
    own.add_argument("--format", choices=("text", "json"), default="text", help=_(
        "of what is shown: text (default) or json"))
    add_catalogue(own)


def _import(options: argparse.Namespace) -> int:
    from ..core.importing.book import BookError, read_book
    from ..core.importing.plan import Options, as_data, make_plan
    from ..core.importing.telling import summary, told
    from ..core.opening import build_report
    from ..core.reading import parse_source
    from ..core.source import SourceError, located
    from ..core.storage import StorageError, read_text

    try:
        stored = read_text(options.file)
        source = parse_source(stored, options.file)
        if any(problem.path in (("report",), ("report", "unit")) for problem in source.problems):
            say(_("{file} has faults of its own: check it first").format(file=options.file))
            return UNREADABLE  # without a unit, every figure would be written wrong
        plan = make_plan(build_report(source, options.catalogue), read_book(options.book), Options(
            options.unit, options.prior, options.official, options.replace, options.partial))
    except StorageError as error:
        say(located(error.path, error.line, error.message))
        return UNREADABLE
    except SourceError as error:
        say(located(options.file, error.line, error.message))
        return UNREADABLE
    except BookError as error:
        say(located(options.book, None, str(error)))
        return UNREADABLE
    if options.format == "json":
        from ..core.render.json import dump

        write((dump(as_data(plan)) + "\n").encode())
    else:
        print("\n".join(told(plan, options.all)))
    result = ERRORS if plan.faults or plan.wrong else OK
    if plan.faults and not options.partial:
        say(_("nothing is written: mend the workbook, or take the rest with --partial"))
        return ERRORS
    if not plan.text or options.dry_run:
        say(_("nothing is written (--dry-run)") if plan.text else _("nothing to change"))
        return result
    if not options.yes:
        if not sys.stdin.isatty():
            say(_("nothing is written: add --yes to write without asking"))
            return UNREADABLE
        if not _agreed(options.file):
            say(_("nothing is written"))
            return result
    try:
        remarks = _write(options.file, plan.text, stored)
    except StorageError as error:
        say(located(error.path, error.line, error.message))
        return UNREADABLE
    for remark in remarks:
        say(located(options.file, None, remark))
    say(_("{file} is written: {summary}").format(file=options.file, summary=summary(plan)))
    return result


def _agreed(file: str) -> bool:
    """Ask on the terminal."""
    print(_("Write this into {file}? [y/N] ").format(file=file), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _write(file: str, text: str, stored: Any) -> list[str]:
    """Put the new text in the place of the one that was read; remarks on the file. Raises StorageError (Held,
    ChangedOutside), and SourceError should the text be no source."""
    from ..core.drafting.lock import hold
    from ..core.reading import parse_source
    from ..core.storage import save

    parse_source(text, file)
    remarks: list[str] = []
    lock = hold(file)
    try:
        save(file, text, stored.digest, bom=stored.bom, remarks=remarks)
    finally:
        lock.release()
    return remarks
