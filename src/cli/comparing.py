"""juesuan diff: what changed between two versions of a report."""

from __future__ import annotations

import argparse

from ..core.i18n import _
from .command import ERRORS, OK, UNREADABLE, add_catalogue, add_command, say, write

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any


def add_diff(commands: Any) -> None:
    diff = add_command(commands, "diff", _diff, _("compare two versions"), _(
        "Tells what changed from source A to source B in the words of the report: figures that were entered, what "
        "followed from them, texts, rows, and the sentences that read otherwise. Both are of one kind of report; their "
        "units and formats may differ. Exit code 0: the reports are the same; 1: they differ; 2: a file could not be "
        "read."), _("Example:\n  juesuan diff 2024-submitted.toml 2024.toml"))
    diff.add_argument("before", metavar="A", help=_("the earlier source"))
    diff.add_argument("after", metavar="B", help=_("the later source"))
    diff.add_argument("--format", choices=("text", "markdown", "json"), default="text", help=_(
        "text (default), markdown, or json"))
    add_catalogue(diff)


def _diff(options: argparse.Namespace) -> int:
    from ..core.batch import collect_rarely, open_or_say
    from ..core.comparing import comparable, compare, told

    collect_rarely()
    reports = []
    for file in (options.before, options.after):
        report, message = open_or_say(file, options.catalogue)
        if report is None:
            say(message)
            return UNREADABLE
        report.graph.tracks = False  # what is only read is never updated
        reports.append(report)
    before, after = reports
    if not comparable(before, after):
        say(_("{a} is a {kind}, {b} a {other}: only reports of one kind are compared").format(
            a=options.before, b=options.after, kind=before.taxonomy.title, other=after.taxonomy.title))
        return UNREADABLE
    found = compare(before, after)
    files = options.before, options.after
    if options.format == "json":
        from ..core.render.json import dump

        write((dump(told.as_data(found, (before, after), files)) + "\n").encode())
    else:
        tell = told.as_text if options.format == "text" else told.as_markdown
        print("\n".join(tell(found, (told.head(before, files[0]), told.head(after, files[1])))))
    return OK if found.same else ERRORS
