"""juesuan edit, view, new, doctor: what is done in the terminal, and the beginning of a source."""

from __future__ import annotations

import argparse

from ..core.i18n import _
from .command import OK, UNREADABLE, add_catalogue, add_command, say, whole

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any


def add_edit(commands: Any) -> None:
    edit = add_command(commands, "edit", _edit, _("draft a report in the terminal"), _(
        "Opens a source file in the terminal program: outline, tables, sentences, findings, preview. F1 there explains "
        "the keys."), _("Example: juesuan edit 2024.toml"))
    edit.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    add_catalogue(edit)


def add_view(commands: Any) -> None:
    view = add_command(commands, "view", _view, _("look at a report in the terminal"), _(
        "The same without any way to change the file."), _("Example: juesuan view 2024.toml"))
    view.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    add_catalogue(view)


def add_new(commands: Any) -> None:
    new = add_command(commands, "new", _new, _("begin a source"), _(
        "Writes a new source file with every required entry in place, or one made out of last year's. An existing file "
        "is never overwritten."), _(
        "Example:\n  juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024\n"
        "  juesuan new 2025.toml --from 2024.toml"))
    new.add_argument("format", nargs="?", default="", metavar=_("FORMAT"), help=_(
        "a format, see juesuan formats; with --from, that of last year's source if left out"))
    new.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
    new.add_argument("--department", metavar=_("NAME"), help=_("the department's full name"))
    new.add_argument("--year", type=whole, metavar=_("YEAR"), help=_("the report's year"))
    new.add_argument("--unit", choices=("万元", "元"), help=_("unit of the amounts (default 万元)"))
    new.add_argument("--prior", default="", metavar=_("FILE"), help=_("last year's source, relative to the new one"))
    new.add_argument("--from", dest="last", default="", metavar=_("LAST"), help=_(
        "make it out of last year's source: names and texts stay, marked as to be looked over, amounts are left blank, "
        "last year's figures come from that file"))
    new.add_argument("--standalone", action="store_true", help=_(
        "with --from: write last year's figures into the new source, which then does without that file"))
    new.usage = _("juesuan new [options] FORMAT FILE --department NAME --year YEAR\n"
                  "       juesuan new [options] [FORMAT] FILE --from LAST")
    new.set_defaults(refuse=new.error)
    _take_names_anywhere(new)


def _take_names_anywhere(parser: argparse.ArgumentParser) -> None:
    """Let options stand between the positional arguments though one of them may be left out: argparse
    takes the first one that it meets for all of them, unless it is told to look for options first."""
    plainly = parser.parse_known_args

    def parse(arguments: Any = None, namespace: Any = None) -> Any:
        parser.parse_known_args = plainly  # type: ignore[method-assign]
        return parser.parse_known_intermixed_args(arguments, namespace)

    parser.parse_known_args = parse  # type: ignore[assignment,method-assign]


def add_doctor(commands: Any) -> None:
    doctor = add_command(commands, "doctor", _doctor, _("look at the terminal"), _(
        "Tells what the terminal can do: encoding, size, colours, widths, settings, where files lie; then shows keys "
        "as they arrive. Exit code 1: something should be mended."), _("Example:\n  juesuan doctor"))
    doctor.add_argument("--no-keys", action="store_true", help=_("do not wait for keys"))


def _edit(options: argparse.Namespace) -> int:
    from ..tui.start import edit

    return edit(options.file, options.catalogue)


def _view(options: argparse.Namespace) -> int:
    from ..tui.start import view

    return view(options.file, options.catalogue)


def _new(options: argparse.Namespace) -> int:
    from ..core.amounts import AmountError
    from ..core.beginning import begin, begin_from
    from ..core.formats import NoSuchFormat
    from ..core.source import SourceError, located
    from ..core.storage import StorageError
    from ..core.taxonomy import TaxonomyError

    _refuse_what_contradicts(options)
    begun = None
    try:
        if options.last:
            begun = begin_from(options.file, options.last, options.format, options.year or 0,
                               options.department or "", options.unit or "", options.standalone)
        else:
            begin(options.file, options.format, options.year, options.department, options.unit or "万元",
                  options.prior)
    except SourceError as error:
        say(located(options.last, error.line, error.message))
        return UNREADABLE
    except StorageError as error:
        say(located(error.path or options.file, error.line, error.message))
        return UNREADABLE
    except (NoSuchFormat, TaxonomyError, AmountError) as error:
        say(str(error))
        return UNREADABLE
    if begun is not None:
        say(_("{file} is made out of {last}: {count} texts and tables are to be looked over").format(
            file=options.file, last=options.last, count=begun.carried))
        if not begun.prior:
            say(_("{last} is not of the year before {year}: its figures are not last year's and were left").format(
                last=options.last, year=begun.year))
    say(_("{file} is written; fill it in, then: juesuan check {file}").format(file=options.file))
    return OK


def _refuse_what_contradicts(options: argparse.Namespace) -> None:
    """End with a message where options are missing, or do not go together."""
    if options.last:
        if options.prior:
            options.refuse(_("--prior is left out with --from, which says the same"))
        return
    if options.standalone:
        options.refuse(_("--standalone goes with --from"))
    needed = {_("FORMAT"): options.format or None, "--department": options.department, "--year": options.year}
    missing = [name for name, given in needed.items() if given is None]
    if missing:
        options.refuse(_("the following arguments are required: %s") % ", ".join(missing))


def _doctor(options: argparse.Namespace) -> int:
    from ..tui.doctor import doctor

    return doctor(not options.no_keys)
