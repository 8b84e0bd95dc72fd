"""The command line: juesuan export, check, explain, new, formats.

Heavy imports stand inside of the commands, so that `--help` stays quick. Results go to
standard output or to the files asked for; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Sequence

from .core import i18n
from .core.i18n import _

OK, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes: fine (or only notes and warnings); errors were found; a file could not be read."""

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        _choose_language(arguments)
        options = _parser().parse_args(arguments)
        result: int = options.run(options)
        sys.stdout.flush()
        return result
    except KeyboardInterrupt:
        _say(_("interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing that is still buffered can be of use.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _choose_language(arguments: list[str]) -> None:
    """Before anything is said: --lang, or JUESUAN_LANG, or Chinese."""
    code = None
    for number, argument in enumerate(arguments):
        if argument == "--lang" and number + 1 < len(arguments):
            code = arguments[number + 1]
        elif argument.startswith("--lang="):
            code = argument.partition("=")[2]
    try:
        i18n.use_language(code)
    except ValueError as error:
        i18n.use_language("zh_CN")
        _say(str(error))
        raise SystemExit(UNREADABLE) from None


def _say(text: str) -> None:
    """Tell the user something, on standard error, control characters made harmless."""
    print("".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text), file=sys.stderr)


# ── what can be said ──


class _Help(argparse.HelpFormatter):
    """Help whose Chinese lines are wrapped at the terminal's columns, not at its characters."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        from .core.text.wrap import wrap

        return wrap(text, width, ambiguous=1)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from .core.text.wrap import wrap

        return "\n".join(indent + line for line in wrap(text, width - len(indent), ambiguous=1))


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
        "invalid %(type)s value: %(value)r": _("invalid %(type)s value: %(value)r"),
        "not allowed with argument %s": _("not allowed with argument %s"),
    }


def _parser() -> argparse.ArgumentParser:
    words = _argparse_words()
    argparse._ = lambda text: words.get(text, text)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(prog="juesuan", formatter_class=_Help, description=_(
        "Drafts the final accounts that a Chinese government department publishes: enter each figure once; totals, "
        "tables and sentences are computed, and what cannot be true is pointed at."), epilog=_(
        "Example: juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    parser.add_argument("--version", action=_Version, nargs=0, help=_("show the version and exit"))
    _language_option(parser)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True, dest="command")

    export = _command(commands, "export", _export, _("write reports"), _(
        "Writes the report of each source file. One file alone goes to standard output, or to -o; several go to "
        "--out-dir, worked on by all cores; a file that can't be read does not stop the others."), _(
        "Example: juesuan export 2024.toml -o 2024.txt"))
    export.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    where = export.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar=_("OUT"), help=_("the file to write"))
    where.add_argument("--out-dir", metavar=_("DIR"), help=_("the folder to write to; it is made if need be"))
    export.add_argument("--to", choices=("text", "json"), default="text", help=_("kind of report: text (default) or json"))
    export.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8", help=_("of the text report (default utf-8)"))
    export.add_argument("--width", type=int, default=120, help=_(
        "columns of the widest table line (default 120); wider tables are continued; 0: as wide as they are, nothing wrapped"))
    export.add_argument("--page-lines", type=int, default=0, help=_(
        "lines of a page, pages then parted by form feeds; 0 (default): a page is a part or a table, however long"))
    export.add_argument("--ambiguous", type=int, choices=(1, 2), default=2, help=_(
        "columns of “ ” … — and the like in the font that the text is read in (default 2)"))

    check = _command(commands, "check", _check, _("check sources"), _(
        "Lists what is wrong, doubtful or remarkable in each source file. Exit code 0: nothing worse than warnings; "
        "1: errors; 2: a file could not be read."), _("Example: juesuan check 2024.toml"))
    check.add_argument("files", nargs="+", metavar=_("FILE"), help=_("source files"))
    check.add_argument("--format", choices=("text", "json"), default="text", help=_(
        "text (default), or json: one object a line for each file"))

    explain = _command(commands, "explain", _explain, _("explain a figure"), _(
        "Shows how a figure comes about, down to what was entered. CELL is table.row.column (docs/source-format.md) or "
        "the form's words: 公开05表.2010550.小计."), _("Example: juesuan explain 2024.toml overview.total"))
    explain.add_argument("file", metavar=_("FILE"), help=_("a source file"))
    explain.add_argument("cell", metavar=_("CELL"), help=_("the figure's address"))

    new = _command(commands, "new", _new, _("begin a source"), _(
        "Writes a new source file with every required entry in place. An existing file is never overwritten."), _(
        "Example: juesuan new fujian/final-accounts 2024.toml --department 三明市医疗保障局 --year 2024"))
    new.add_argument("format", metavar=_("FORMAT"), help=_("a format, see juesuan formats"))
    new.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
    new.add_argument("--department", required=True, metavar=_("NAME"), help=_("the department's full name"))
    new.add_argument("--year", required=True, type=int, metavar=_("YEAR"), help=_("the report's year"))
    new.add_argument("--unit", choices=("万元", "元"), default="万元", help=_("unit of the amounts (default 万元)"))
    new.add_argument("--prior", default="", metavar=_("FILE"), help=_("last year's source, relative to the new one"))

    _command(commands, "formats", _formats, _("list the formats"), _("Lists the formats: province, kind of report, years."),
             _("Example: juesuan formats"))
    return parser


def _command(commands: Any, name: str, run: Any, help: str, description: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=description, epilog=example, formatter_class=_Help)
    parser.set_defaults(run=run)
    _language_option(parser)
    if name in ("export", "check", "explain"):
        parser.add_argument("--catalogue", default="", metavar=_("FILE"), help=_(
            "a catalogue file of your own (CSV: code,name), beside the one that the source names"))
    return parser


def _language_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", metavar=_("LANGUAGE"), help=_("language: zh_CN (default) or en; also JUESUAN_LANG"))


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


def _export(options: argparse.Namespace) -> int:
    from .core.batch import Job, run_jobs

    if options.width < 0 or 0 < options.width < 40 or options.page_lines < 0 or 0 < options.page_lines < 20:
        _say(_("--width is 0 or at least 40, --page-lines 0 or at least 20"))
        return UNREADABLE
    if len(options.files) > 1 and not options.out_dir:
        _say(_("several files need --out-dir, the folder to write their reports to"))
        return UNREADABLE
    ending = {"text": ".txt", "json": ".json"}[options.to]
    jobs = []
    for file in options.files:
        name = os.path.splitext(os.path.basename(file.rstrip("/")))[0] + ending
        output = os.path.join(options.out_dir, name) if options.out_dir else options.output or ""
        jobs.append(Job(file, output, options.to, options.encoding, options.width, options.page_lines,
                        options.ambiguous, options.catalogue))
    twice = _same_output(jobs)
    if twice:
        _say(_("{a} and {b} would both be written to {out}: export them to two folders").format(
            a=twice[0].file, b=twice[1].file, out=twice[0].output))
        return UNREADABLE
    if options.out_dir:
        try:
            os.makedirs(options.out_dir, exist_ok=True)
        except OSError as error:
            _say(f"{options.out_dir}：{error.strerror}")
            return UNREADABLE
    result = OK
    for done in run_jobs(jobs):
        result = max(result, done.code)
        for line in done.messages:
            _say(line)
        if done.data:
            sys.stdout.buffer.write(done.data)
            sys.stdout.buffer.flush()
    return result


def _same_output(jobs: list[Any]) -> tuple[Any, Any] | None:
    seen: dict[str, Any] = {}
    for job in jobs:
        if job.output:
            key = os.path.realpath(job.output)
            if key in seen:
                return seen[key], job
            seen[key] = job
    return None


def _check(options: argparse.Namespace) -> int:
    from .core.batch import open_or_say

    result = OK
    for number, file in enumerate(options.files):
        report, message = open_or_say(file, options.catalogue)
        if report is None:
            result = UNREADABLE
            if options.format == "json":
                import json

                print(json.dumps({"file": file, "error": message}, ensure_ascii=False))
            _say(message)
            continue
        if options.format == "json":
            import json

            from .core.render.json import head, judged

            data = {"file": file, **head(report), **judged(report)}
            print(json.dumps(data, ensure_ascii=False))
            worst = any(finding["severity"] == "error" for finding in data["findings"])
        else:
            from .core.memo import memo

            lines, worst = memo(report, file)
            print("\n".join(([""] if number else []) + lines))
        result = max(result, ERRORS if worst else OK)
    return result


def _explain(options: argparse.Namespace) -> int:
    from .core.batch import open_or_say
    from .core.explain import as_text, explain, find_cell

    report, message = open_or_say(options.file, options.catalogue)
    if report is None:
        _say(message)
        return UNREADABLE
    try:
        cell = find_cell(report, options.cell)
    except ValueError as error:
        _say(_("{cell}: {message}").format(cell=options.cell, message=error))
        _say(_("tables: {tables}").format(tables=", ".join(report.taxonomy.tables)))
        return UNREADABLE
    print("\n".join(as_text(report, explain(report, cell))))
    return OK


def _new(options: argparse.Namespace) -> int:
    from .core.formats import NoSuchFormat, load_format
    from .core.skeleton import new_source
    from .core.source import AmountError, check_text
    from .core.storage import StorageError, write_atomic

    try:
        format = load_format(options.format)
        department = check_text(options.department)
        if not 2000 <= options.year <= 2100:
            raise AmountError(_("--year is the report's year, such as 2024"))
        if os.path.lexists(options.file):
            raise AmountError(_("{file} is there already and is not overwritten").format(file=options.file))
        text = new_source(format, department, options.year, options.unit, check_text(options.prior))
        write_atomic(options.file, text.encode())
    except (NoSuchFormat, AmountError, StorageError) as error:
        _say(str(error))
        return UNREADABLE
    _say(_("{file} is written; fill it in, then: juesuan check {file}").format(file=options.file))
    return OK


def _formats(options: argparse.Namespace) -> int:
    from .core.formats import list_formats, load_format

    for id in list_formats():
        format = load_format(id)
        print(f"{id}  {format.title}  {format.since}–{format.until}")
    return OK
