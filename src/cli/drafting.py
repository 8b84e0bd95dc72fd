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
        "Writes a new source file with every required entry in place. An existing file is never overwritten."), _(
        "Example:\n  juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    new.add_argument("format", metavar=_("FORMAT"), help=_("a format, see juesuan formats"))
    new.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
    new.add_argument("--department", required=True, metavar=_("NAME"), help=_("the department's full name"))
    new.add_argument("--year", required=True, type=whole, metavar=_("YEAR"), help=_("the report's year"))
    new.add_argument("--unit", choices=("万元", "元"), default="万元", help=_("unit of the amounts (default 万元)"))
    new.add_argument("--prior", default="", metavar=_("FILE"), help=_("last year's source, relative to the new one"))


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
    from ..core.beginning import begin
    from ..core.formats import NoSuchFormat
    from ..core.source import located
    from ..core.storage import StorageError
    from ..core.taxonomy import TaxonomyError

    try:
        begin(options.file, options.format, options.year, options.department, options.unit, options.prior)
    except StorageError as error:
        say(located(options.file, error.line, error.message))
        return UNREADABLE
    except (NoSuchFormat, TaxonomyError, AmountError) as error:
        say(str(error))
        return UNREADABLE
    say(_("{file} is written; fill it in, then: juesuan check {file}").format(file=options.file))
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from ..tui.doctor import doctor

    return doctor(not options.no_keys)
