"""The command line. Each module here adds a few commands: their options, and a thin function for each.

Heavy imports stand inside of the commands, so that `--help` stays quick. Results go to
standard output or to the files asked for; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys

from ..core import i18n
from ..core.i18n import _
from .checking import add_check, add_explain
from .command import OK, UNREADABLE, add_language, say
from .comparing import add_diff
from .drafting import add_doctor, add_edit, add_new, add_view
from .exporting import add_export
from .formats import add_formats
from .help import Help, Parser, argparse_words
from .importing import add_import
from .merging import add_merge

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

INTERNAL, INTERRUPTED = 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        _choose_language(arguments)
        options = _parser().parse_args(arguments)
        if options.command not in ("doctor", None) and not _find_formats(options.formats_dir):
            return UNREADABLE
        result: int = options.run(options)
        sys.stdout.flush()
        return result
    except KeyboardInterrupt:
        say(_("interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing that is still buffered can be of use.
        _drop_output()
        return OK
    except OSError as error:
        from ..core.disk import reason

        _drop_output()
        say(_("the output can't be written: {error}").format(error=reason(error)))
        return UNREADABLE
    except Exception as error:
        if os.environ.get("JUESUAN_DEBUG"):
            raise
        from ..core.batch import internal_error

        say(internal_error(error))
        return INTERNAL


def _open_streams() -> None:
    """Put something in the place of a stream that was closed (`>&-`): else the next file that is opened gets its
    number, and what is meant for the user. What is to be read then ends at once, results can't be written, and
    messages go nowhere."""
    ways = (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))
    for number, (name, flags, mode) in enumerate(ways):
        if getattr(sys, name) is None:
            fd = os.open(os.devnull, flags)
            if fd != number:
                os.dup2(fd, number)
                os.close(fd)
            stream = open(number, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115 - for good
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _drop_output() -> None:
    """Send what is still buffered nowhere, lest Python complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _choose_language(arguments: list[str]) -> None:
    """Before anything is said: --lang, or JUESUAN_LANG, or Chinese."""
    code = None
    for number, argument in enumerate(arguments):
        if argument == "--lang" and number + 1 < len(arguments):
            code = arguments[number + 1]
        elif argument.startswith("--lang="):
            code = argument.partition("=")[2]
    try:
        if code is None and not os.environ.get(i18n.VARIABLE):
            from ..core.userdirs import config_file

            if os.path.lexists(config_file()):
                from ..core.settings import language_set

                code = language_set() or None
        i18n.use_language(code)
    except ValueError as error:
        i18n.use_language("zh_CN")
        say(str(error))
        raise SystemExit(UNREADABLE) from None


def _find_formats(folder: str) -> bool:
    """An organisation's own formats: --formats-dir, or JUESUAN_FORMATS, or as the settings say.
    Is the folder there that was asked for?"""
    from ..core.formats import VARIABLE, use_formats
    from ..core.settings import formats_set

    folder = folder or os.environ.get(VARIABLE, "")
    if folder and not os.path.isdir(folder):
        say(_("there is no folder of formats {folder}").format(folder=folder))
        return False
    use_formats(folder or formats_set())
    return True


def _parser() -> argparse.ArgumentParser:
    words = argparse_words()
    argparse._ = lambda text: words.get(text, text)  # type: ignore[attr-defined]
    parser = Parser(prog="juesuan", formatter_class=Help, allow_abbrev=False, description=_(
        "Drafts the final accounts that a Chinese government department publishes: enter each figure once; totals, "
        "tables and sentences are computed, and what cannot be true is pointed at."), epilog=_(
        "Example:\n  juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    parser.set_defaults(run=lambda options: _bare(parser), formats_dir="")
    parser.add_argument("--version", action=_Version, nargs=0, help=_("show the version and exit"))
    add_language(parser)
    # With the name given, argparse need not format the usage to find it.
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=False, dest="command",
                                     prog="juesuan")

    for add in (add_edit, add_view, add_export, add_check, add_explain, add_diff, add_new, add_import, add_merge,
                add_doctor, add_formats):
        add(commands)
    return parser


class _Version(argparse.Action):
    """Prints the version; it is looked up only then, since that takes longer than all the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *_ignored: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print("juesuan " + version("juesuan"), flush=True)
        except PackageNotFoundError:
            print("juesuan", flush=True)
        parser.exit()


def _bare(parser: argparse.ArgumentParser) -> int:
    """No command: the start screen, on a terminal."""
    from ..tui import start

    if start.on_terminal():
        return start.home() if _find_formats("") else UNREADABLE
    parser.error(_("the following arguments are required: %s") % _("COMMAND"))
