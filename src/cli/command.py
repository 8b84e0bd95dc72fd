"""What every command is made with: its parser, the exit codes, how it speaks."""

from __future__ import annotations

import argparse
import sys

from ..core.i18n import _
from .help import Help

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any

OK, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes: fine (or only notes and warnings); errors were found; a file could not be read."""


def add_command(
    commands: Any, name: str, run: Any, help: str, description: str, example: str
) -> argparse.ArgumentParser:
    """A command `name`, done by `run(options)`, with the options that all commands have."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=description, epilog=example, formatter_class=Help, allow_abbrev=False)
    parser.set_defaults(run=run)
    add_language(parser)
    if name != "doctor":
        # Unset, an option after `formats check` would undo one before it.
        parser.add_argument("--formats-dir", default=argparse.SUPPRESS, metavar=_("DIR"), help=_(
            "a folder with formats of your own (province/kind); also JUESUAN_FORMATS, or formats_dir in the settings"))
    return parser


def add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", metavar=_("LANGUAGE"), help=_("language: zh_CN (default) or en; also JUESUAN_LANG"))


def add_catalogue(parser: argparse.ArgumentParser) -> None:
    """For commands that read a source."""
    parser.add_argument("--catalogue", default="", metavar=_("FILE"), help=_(
        "a catalogue file of your own (CSV: code,name), beside the one that the source names"))


def add_shown_as(parser: argparse.ArgumentParser) -> None:
    """For commands that can show a report in another format."""
    parser.add_argument("--as", dest="shown_as", default="", metavar=_("FORMAT"), help=_(
        "in another format of the same kind of report than the source's own; what it needs beyond the source is "
        "left to be filled in"))


def whole(text: str) -> int:
    """A whole number, for argparse."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("“{text}” is no whole number").format(text=text)) from None


def say(text: str) -> None:
    """Tell the user something in one line, on standard error, control characters made harmless: the name of a
    file can hold anything. Where nobody can be told, the exit code tells it."""
    from ..core.text.width import printable

    try:
        print(printable(text), file=sys.stderr, flush=True)
    except OSError:
        return


def write(data: bytes) -> None:
    """What programs read, on standard output: the same bytes in every locale."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
