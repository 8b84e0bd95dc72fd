"""The command line: juesuan edit, view, export, check, explain, new, doctor, formats.

Heavy imports stand inside of the commands, so that `--help` stays quick. Results go to
standard output or to the files asked for; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys

from .core import i18n
from .core.i18n import _

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

OK, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes: fine (or only notes and warnings); errors were found; a file could not be read."""

INTERNAL, INTERRUPTED = 70, 130

FEW = 20
"""So many written files are told one by one; of more, only how many."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
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
        _say(_("interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing that is still buffered can be of use.
        _drop_output()
        return OK
    except OSError as error:
        from .core.disk import reason

        _drop_output()
        _say(_("the output can't be written: {error}").format(error=reason(error)))
        return UNREADABLE
    except Exception as error:
        if os.environ.get("JUESUAN_DEBUG"):
            raise
        from .core.batch import internal_error

        _say(internal_error(error))
        return INTERNAL


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
            from .core.userdirs import config_file

            if os.path.lexists(config_file()):
                from .core.settings import language_set

                code = language_set() or None
        i18n.use_language(code)
    except ValueError as error:
        i18n.use_language("zh_CN")
        _say(str(error))
        raise SystemExit(UNREADABLE) from None


def _find_formats(folder: str) -> bool:
    """An organisation's own formats: --formats-dir, or JUESUAN_FORMATS, or as the settings say.
    Is the folder there that was asked for?"""
    from .core.formats import VARIABLE, use_formats
    from .core.settings import formats_set

    folder = folder or os.environ.get(VARIABLE, "")
    if folder and not os.path.isdir(folder):
        _say(_("there is no folder of formats {folder}").format(folder=folder))
        return False
    use_formats(folder or formats_set())
    return True


def _say(text: str) -> None:
    """Tell the user something, on standard error, control characters made harmless."""
    from .core.text.width import printable

    print(printable(text, keep="\n"), file=sys.stderr)


def _write(data: bytes) -> None:
    """What programs read, on standard output: the same bytes in every locale."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


# ── what can be said ──


class _Help(argparse.HelpFormatter):
    """Help that is measured in the terminal's columns, not in characters: Chinese takes two."""

    def __init__(self, prog: str) -> None:
        # argparse makes one of these for each option that it is told of, only to look at it.
        super().__init__(prog, width=_terminal_columns(80) - 2)

    def _format_usage(self, *arguments: Any) -> str:
        """argparse counts characters: its lines are made shorter until they fit."""
        whole = self._width
        text = super()._format_usage(*arguments)
        while self._width > 20 and any(_columns(line) > whole for line in text.split("\n")):
            self._width -= 4
            text = super()._format_usage(*arguments)
        self._width = whole
        return text

    def _split_lines(self, text: str, width: int) -> list[str]:
        from .core.text.wrap import wrap

        return wrap(text, width, ambiguous=1)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from .core.text.wrap import wrap

        lines: list[str] = []
        for line in text.split("\n"):  # a command is to be copied: it stays on one line
            lines += [line] if line.startswith("  ") else wrap(line, width - len(indent), ambiguous=1)
        return "\n".join(indent + line for line in lines)

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if action.help is not argparse.SUPPRESS:
            taken = _columns(self._format_action_invocation(action)) + self._current_indent
            self._action_max_length = max(self._action_max_length, taken)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        header = self._format_action_invocation(action)
        extra = _columns(header) - len(header)
        first, newline, rest = text.partition("\n")
        start, found, words = first.partition(header)
        if not extra or not words.strip():
            return text
        if words.startswith(" " * (extra + 2)):
            return start + found + words[extra:] + newline + rest
        column = min(self._action_max_length + 2, self._max_help_position)
        return f"{start}{found}\n{' ' * column}{words.strip()}{newline}{rest}"


def _terminal_columns(usual: int) -> int:
    """The terminal's columns, as shutil.get_terminal_size tells them; to import shutil, with all
    the compression that it knows, would be a tenth of --help."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or usual  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return usual


def _columns(text: str) -> int:
    from .core.text.width import width

    return width(text, 1)


def _argparse_words() -> dict[str, str]:
    """argparse's own words in our languages."""
    return {
        "usage: ": _("usage: "), "positional arguments": _("positional arguments"), "options": _("options"),
        "show this help message and exit": _("show this help message and exit"),
        "%(prog)s: error: %(message)s\n": _("%(prog)s: error: %(message)s\n"),
        "the following arguments are required: %s": _("the following arguments are required: %s"),
        "unrecognized arguments: %s": _("unrecognized arguments: %s"),
        "expected one argument": _("expected one argument"),
        "expected at least one argument": _("expected at least one argument"),
        "argument %(argument_name)s: %(message)s": _("argument %(argument_name)s: %(message)s"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("invalid choice: %(value)r (choose from %(choices)s)"),
        "not allowed with argument %s": _("not allowed with argument %s"),
    }


def _parser() -> argparse.ArgumentParser:
    from .core.render import KINDS

    words = _argparse_words()
    argparse._ = lambda text: words.get(text, text)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(prog="juesuan", formatter_class=_Help, allow_abbrev=False, description=_(
        "Drafts the final accounts that a Chinese government department publishes: enter each figure once; totals, "
        "tables and sentences are computed, and what cannot be true is pointed at."), epilog=_(
        "Example:\n  juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    parser.set_defaults(run=lambda options: _bare(parser), formats_dir="")
    parser.add_argument("--version", action=_Version, nargs=0, help=_("show the version and exit"))
    _language_option(parser)
    # With the name given, argparse need not format the usage to find it.
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=False, dest="command",
                                     prog="juesuan")

    edit = _command(commands, "edit", _edit, _("draft a report in the terminal"), _(
        "Opens a source file in the terminal program: outline, tables, sentences, findings, preview. F1 there explains "
        "the keys."), _("Example: juesuan edit 2024.toml"))
    edit.add_argument("file", metavar=_("FILE"), help=_("a source file"))

    view = _command(commands, "view", _view, _("look at a report in the terminal"), _(
        "The same without any way to change the file."), _("Example: juesuan view 2024.toml"))
    view.add_argument("file", metavar=_("FILE"), help=_("a source file"))

    export = _command(commands, "export", _export, _("write reports"), _(
        "Writes the report of each source file. One file alone goes to standard output, or to -o; several go to "
        "--out-dir, worked on by all cores; a file that can't be read does not stop the others. Exit code 0: all are "
        "written; 1: a source has faults and is not exported; 2: a file could not be read or written."), _(
        "Example:\n  juesuan export 2024.toml -o 2024.txt\n  juesuan export --as shanxi/final-accounts 2024.toml"))
    export.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    where = export.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar=_("OUT"), help=_("the file to write"))
    where.add_argument("--out-dir", metavar=_("DIR"), help=_("the folder to write to; it is made if need be"))
    kinds = ", ".join(f"{name} ({_(kind.title)})" for name, kind in KINDS.items())
    export.add_argument("--to", choices=tuple(KINDS), help=_(
        "kind of report: {kinds}; by default what the ending of -o asks for, or else text").format(kinds=kinds))
    export.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8", help=_(
        "of the text report (default utf-8)"))
    export.add_argument("--width", type=_whole, metavar=_("NUMBER"), default=120, help=_(
        "columns of the widest table line (default 120); wider tables are continued; 0: as wide as they are, "
        "nothing wrapped"))
    export.add_argument("--page-lines", type=_whole, metavar=_("NUMBER"), default=0, help=_(
        "lines of a page, pages then parted by form feeds; 0 (default): a page is a part or a table, however long"))
    export.add_argument("--ambiguous", type=int, choices=(1, 2), default=2, help=_(
        "columns of “ ” … — and the like in the font that the text is read in (default 2)"))

    check = _command(commands, "check", _check, _("check sources"), _(
        "Lists what is wrong, doubtful or remarkable in each source file. Exit code 0: nothing worse than warnings; "
        "1: errors; 2: a file could not be read."), _("Example:\n  juesuan check 2024.toml"))
    check.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    check.add_argument("--format", choices=("text", "json"), default="text", help=_(
        "text (default), or json: one object a line for each file"))

    explain = _command(commands, "explain", _explain, _("explain a figure"), _(
        "Shows how a figure comes about, down to what was entered. CELL is table.row.column (docs/source-format.md), "
        "or in the words of a form."), _(
        "Example:\n  juesuan explain 2024.toml overview.total\n  juesuan explain 2024.toml 公开05表.2010550.小计"))
    explain.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    explain.add_argument("cell", metavar=_("CELL"), help=_("the figure's address"))

    for command in (export, check):
        command.add_argument("--as", dest="shown_as", default="", metavar=_("FORMAT"), help=_(
            "in another format of the same kind of report than the source's own; what it needs beyond the source is "
            "left to be filled in"))

    new = _command(commands, "new", _new, _("begin a source"), _(
        "Writes a new source file with every required entry in place. An existing file is never overwritten."), _(
        "Example:\n  juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    new.add_argument("format", metavar=_("FORMAT"), help=_("a format, see juesuan formats"))
    new.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
    new.add_argument("--department", required=True, metavar=_("NAME"), help=_("the department's full name"))
    new.add_argument("--year", required=True, type=_whole, metavar=_("YEAR"), help=_("the report's year"))
    new.add_argument("--unit", choices=("万元", "元"), default="万元", help=_("unit of the amounts (default 万元)"))
    new.add_argument("--prior", default="", metavar=_("FILE"), help=_("last year's source, relative to the new one"))

    doctor = _command(commands, "doctor", _doctor, _("look at the terminal"), _(
        "Tells what the terminal can do: encoding, size, colours, widths, settings, where files lie; then shows keys "
        "as they arrive. Exit code 1: something should be mended."), _("Example:\n  juesuan doctor"))
    doctor.add_argument("--no-keys", action="store_true", help=_("do not wait for keys"))

    formats = _command(commands, "formats", _formats, _("list the formats, check one"), _(
        "Lists the formats: province, kind of report, years. With check, looks through a format that is being written "
        "(docs/add-a-province.md)."), _(
        "Example:\n  juesuan formats\n  juesuan formats check 格式/jiangsu/budget\n"
        "  juesuan formats --formats-dir 格式"))
    own = formats.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=False, prog="juesuan formats")
    one = _command(own, "check", _check_format, _("look through a format"), _(
        "Lists all that is wrong in the files of a format, with file and line. Exit code 0: nothing; 1: faults; 2: "
        "there is no format."), _("Example:\n  juesuan formats check 格式/jiangsu/budget"))
    one.add_argument("folder", metavar=_("DIR"), help=_("a format's folder, or a folder of formats"))
    return parser


def _command(commands: Any, name: str, run: Any, help: str, description: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=description, epilog=example, formatter_class=_Help,
        allow_abbrev=False)
    parser.set_defaults(run=run)
    _language_option(parser)
    if run in (_edit, _view, _export, _check, _explain):
        parser.add_argument("--catalogue", default="", metavar=_("FILE"), help=_(
            "a catalogue file of your own (CSV: code,name), beside the one that the source names"))
    if name != "doctor":
        # Unset, an option after `formats check` would undo one before it.
        parser.add_argument("--formats-dir", default=argparse.SUPPRESS, metavar=_("DIR"), help=_(
            "a folder with formats of your own (province/kind); also JUESUAN_FORMATS, or formats_dir in the settings"))
    return parser


def _language_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", metavar=_("LANGUAGE"), help=_("language: zh_CN (default) or en; also JUESUAN_LANG"))


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("“{text}” is no whole number").format(text=text)) from None


class _Version(argparse.Action):
    """Prints the version; it is looked up only then, since that takes longer than all the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *_ignored: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print("juesuan " + version("juesuan"))
        except PackageNotFoundError:
            print("juesuan")
        parser.exit()


# ── commands ──


def _bare(parser: argparse.ArgumentParser) -> int:
    """No command: the start screen, on a terminal."""
    from .tui import start

    if start.on_terminal():
        return start.home() if _find_formats("") else UNREADABLE
    parser.error(_("the following arguments are required: %s") % _("COMMAND"))


def _edit(options: argparse.Namespace) -> int:
    from .tui.start import edit

    return edit(options.file, options.catalogue)


def _view(options: argparse.Namespace) -> int:
    from .tui.start import view

    return view(options.file, options.catalogue)


def _export(options: argparse.Namespace) -> int:
    from .core.batch import Job, run_jobs
    from .core.render import KINDS, USUAL, kind_of

    options.to = options.to or kind_of(options.output or "") or USUAL
    if options.width < 0 or 0 < options.width < 40 or options.page_lines < 0 or 0 < options.page_lines < 20:
        _say(_("--width is 0 or at least 40, --page-lines 0 or at least 20"))
        return UNREADABLE
    if len(options.files) > 1 and not options.out_dir:
        _say(_("several files need --out-dir, the folder to write their reports to"))
        return UNREADABLE
    kind = KINDS[options.to]
    if kind.binary and not (options.output or options.out_dir) and sys.stdout.isatty():
        _say(_("--to {kind} is not for a terminal: name a file with -o, or a folder with --out-dir").format(
            kind=options.to))
        return UNREADABLE
    few = len(options.files) <= FEW
    jobs = []
    for file in options.files:
        name = os.path.splitext(os.path.basename(file.rstrip("/")))[0] + kind.ending
        output = os.path.join(options.out_dir, name) if options.out_dir else options.output or ""
        jobs.append(Job(file, output, options.to, options.encoding, options.width, options.page_lines,
                        options.ambiguous, options.catalogue, options.out_dir or "", few, options.shown_as))
    refusal = _clash(jobs)
    if refusal:
        _say(refusal)
        return UNREADABLE
    result, written = OK, 0
    for done in run_jobs(jobs):
        result = max(result, done.code)
        for line in done.messages:
            _say(line)
        if done.data:
            _write(done.data)
        elif done.code == OK:
            written += 1
            if few:
                _say(_("{file} → {out}: complete {percent}%").format(
                    file=done.job.file, out=done.job.output, percent=done.percent))
    if not few or 1 < len(jobs) != written:
        _say(_("written to {folder}: {written} of {total}").format(
            folder=options.out_dir, written=written, total=len(jobs)))
    return result


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


def _check(options: argparse.Namespace) -> int:
    from .core.batch import open_or_say

    result = OK
    for number, file in enumerate(options.files):
        report, message = open_or_say(file, options.catalogue, options.shown_as)
        if options.format == "json":
            from .core.render.json import checked, dump

            data = checked(report, file) if report is not None else {"file": file, "error": message}
            _write((dump(data) + "\n").encode())
            worst = report is not None and any(finding["severity"] == "error" for finding in data["findings"])
        elif report is not None:
            from .core.memo import memo

            lines, worst = memo(report, file)
            print("\n".join(([""] if number else []) + lines))
        if report is None:
            _say(message)
            result = UNREADABLE
        elif worst:
            result = max(result, ERRORS)
    return result


def _explain(options: argparse.Namespace) -> int:
    from .core.batch import open_or_say
    from .core.explain import as_text, explain, find_cell
    from .core.source import located

    report, message = open_or_say(options.file, options.catalogue)
    if report is None:
        _say(message)
        return UNREADABLE
    try:
        cell = find_cell(report, options.cell)
    except ValueError as error:
        _say(located(options.cell, None, str(error)))
        return UNREADABLE
    print("\n".join(as_text(report, explain(report, cell), _line_width())))
    return OK


def _line_width() -> int:
    """The columns for lines of text: the terminal's, or some for whatever reads us."""
    return max(60, _terminal_columns(100)) if sys.stdout.isatty() else 100


def _new(options: argparse.Namespace) -> int:
    from .core.amounts import AmountError
    from .core.beginning import begin
    from .core.formats import NoSuchFormat
    from .core.source import located
    from .core.storage import StorageError
    from .core.taxonomy import TaxonomyError

    try:
        begin(options.file, options.format, options.year, options.department, options.unit, options.prior)
    except StorageError as error:
        _say(located(options.file, error.line, error.message))
        return UNREADABLE
    except (NoSuchFormat, TaxonomyError, AmountError) as error:
        _say(str(error))
        return UNREADABLE
    _say(_("{file} is written; fill it in, then: juesuan check {file}").format(file=options.file))
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from .tui.doctor import doctor

    return doctor(not options.no_keys)


def _formats(options: argparse.Namespace) -> int:
    from .core.formats import sound_formats

    sound, faulty = sound_formats()
    for format in sound:
        print(f"{format.id}  {format.title}  {format.since}–{format.until}")
    for fault in faulty:
        _say(str(fault))
    return ERRORS if faulty else OK


def _check_format(options: argparse.Namespace) -> int:
    from .core.format_check import check_format, fault_lines
    from .core.formats import list_formats

    folder = options.folder
    single = os.path.exists(os.path.join(folder, "format.toml"))
    folders = [folder] if single else [os.path.join(folder, id) for id in list_formats(folder)]
    if not folders:
        _say(_("{folder} holds no format: format.toml is expected in it, or in province/kind below it").format(
            folder=folder))
        return UNREADABLE
    count = 0
    for folder in folders:
        faults = check_format(folder)
        count += len(faults)
        for line in fault_lines(faults):
            print(line)
    _say(_("{formats} formats looked through, {count} faults").format(formats=len(folders), count=count))
    return ERRORS if count else OK
