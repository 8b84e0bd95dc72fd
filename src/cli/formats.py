"""juesuan formats: which there are, and what is wrong with one that is being written."""

from __future__ import annotations

import argparse
import os

from ..core.i18n import _
from .command import ERRORS, OK, UNREADABLE, add_command, say

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any


def add_formats(commands: Any) -> None:
    formats = add_command(commands, "formats", _formats, _("list the formats, check one"), _(
        "Lists the formats: province, kind of report, years. With check, looks through a format that is being written "
        "(docs/add-a-province.md)."), _(
        "Example:\n  juesuan formats\n  juesuan formats check formats/anhui/budget\n"
        "  juesuan formats --formats-dir formats"))
    own = formats.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=False, prog="juesuan formats")
    one = add_command(own, "check", _check_format, _("look through a format"), _(
        "Lists all that is wrong in the files of a format, with file and line. Exit code 0: nothing; 1: faults; 2: "
        "there is no format."), _("Example:\n  juesuan formats check formats/anhui/budget"))
    one.add_argument("folder", metavar=_("DIR"), help=_("a format's folder, or a folder of formats"))


def _formats(options: argparse.Namespace) -> int:
    from ..core.formats import sound_formats
    from ..core.text.wrap import wrap

    sound, faulty = sound_formats()
    for format in sound:
        print(f"{format.id}  {format.title}  {format.since}–{format.until}")
        for line in wrap(format.note, 74, ambiguous=1) if format.note else ():
            print("    " + line)
    for fault in faulty:
        say(str(fault))
    return ERRORS if faulty else OK


def _check_format(options: argparse.Namespace) -> int:
    from ..core.format_check import check_format, fault_lines
    from ..core.formats import list_formats
    from ..core.text.width import printable

    folder = options.folder
    single = os.path.exists(os.path.join(folder, "format.toml"))
    folders = [folder] if single else [os.path.join(folder, id) for id in list_formats(folder)]
    if not folders:
        say(_("{folder} holds no format: format.toml is expected in it, or in province/kind below it").format(
            folder=printable(folder)))
        return UNREADABLE
    count = 0
    for folder in folders:
        faults = check_format(folder, trial=True)
        count += len(faults)
        for line in fault_lines(faults):
            print(line)
    say(_("{formats} formats looked through, {count} faults").format(formats=len(folders), count=count))
    return ERRORS if count else OK
