"""juesuan check and explain: what is wrong with a source, and where a figure comes from."""

from __future__ import annotations

import argparse
import sys

from ..core.i18n import _
from .command import ERRORS, OK, UNREADABLE, add_catalogue, add_command, add_shown_as, say, write
from .help import terminal_columns

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any


def add_check(commands: Any) -> None:
    check = add_command(commands, "check", _check, _("check sources"), _(
        "Lists what is wrong, doubtful or remarkable in each source file. Exit code 0: nothing worse than warnings; "
        "1: errors; 2: a file could not be read."), _("Example:\n  juesuan check 2024.toml"))
    check.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    check.add_argument("--format", choices=("text", "markdown", "json"), default="text", help=_(
        "text (default), markdown: a memo for the file of a reviewer, or json: one object a line for each file"))
    add_catalogue(check)
    add_shown_as(check)


def add_explain(commands: Any) -> None:
    explain = add_command(commands, "explain", _explain, _("explain a figure"), _(
        "Shows how a figure comes about, down to what was entered. CELL is table.row.column (docs/source-format.md), "
        "or in the words of a form."), _(
        "Example:\n  juesuan explain 2024.toml overview.total\n  juesuan explain 2024.toml 公开05表.2010550.小计"))
    explain.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    explain.add_argument("cell", metavar=_("CELL"), help=_("the figure's address"))
    add_catalogue(explain)


def _check(options: argparse.Namespace) -> int:
    from ..core.batch import open_or_say

    result = OK
    for number, file in enumerate(options.files):
        report, message = open_or_say(file, options.catalogue, options.shown_as)
        if options.format == "json":
            from ..core.render.json import checked, dump

            data = checked(report, file) if report is not None else {"file": file, "error": message}
            write((dump(data) + "\n").encode())
            worst = report is not None and any(finding["severity"] == "error" for finding in data["findings"])
        elif report is not None:
            from ..core.memo import markdown, memo

            lines, worst = (memo if options.format == "text" else markdown)(report, file)
            print("\n".join(([""] if number else []) + lines))
        if report is None:
            say(message)
            result = UNREADABLE
        elif worst:
            result = max(result, ERRORS)
    return result


def _explain(options: argparse.Namespace) -> int:
    from ..core.batch import open_or_say
    from ..core.explain import as_text, explain, find_cell
    from ..core.source import located

    report, message = open_or_say(options.file, options.catalogue)
    if report is None:
        say(message)
        return UNREADABLE
    try:
        cell = find_cell(report, options.cell)
    except ValueError as error:
        say(located(options.cell, None, str(error)))
        return UNREADABLE
    lines = as_text(report, explain(report, cell), _line_width())
    if report.source.merged is not None:
        from ..core.batch import spread
        from ..core.merging import tracing

        found = tracing.trace(report, cell, lambda run, jobs: spread(run, jobs, tracing.lost, _("reading")))
        lines += ["", *tracing.as_text(report, cell, found)] if found else []
    print("\n".join(lines))
    return OK


def _line_width() -> int:
    """The columns for lines of text: the terminal's, or some for whatever reads us."""
    return max(60, terminal_columns(100)) if sys.stdout.isatty() else 100
