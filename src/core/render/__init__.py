"""The kinds of report that can be written, each by the module of its name in this package.

A renderer is a module with `export(document, report, **options) -> bytes`. It lays out what the
document says and computes, words and orders nothing. `KINDS` is the one place that lists the
kinds: the command line, the exports of many files and the terminal program all go by it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from ..document import Document
    from ..report import Report

N_ = str  # a message that is translated where it is shown


class Kind:
    """A kind of report: the ending of its files, what users call it, whether its bytes are no text,
    and the options that its renderer takes."""

    def __init__(self, ending: str, title: str, *, binary: bool = False, options: tuple[str, ...] = ()) -> None:
        self.ending, self.title, self.binary, self.options = ending, title, binary, options


KINDS = {
    "text": Kind(".txt", N_("plain text"), options=("width", "ambiguous", "page_lines", "encoding")),
    "docx": Kind(".docx", N_("Word document"), binary=True),
    "xlsx": Kind(".xlsx", N_("Excel, with live formulas"), binary=True),
    "markdown": Kind(".md", N_("Markdown, for web sites")),
    "html": Kind(".html", N_("one HTML page, for web sites and for printing")),
    "json": Kind(".json", N_("JSON, for programs")),
}
"""By the name that `--to` gives and the module bears, in the order in which they are offered."""

USUAL = "text"
"""What is written where nothing asks for another kind."""


def kind_of(path: str) -> str:
    """The kind that a file's name asks for by its ending, '' where it asks for none."""
    lowered = path.lower()
    return next((name for name, kind in KINDS.items() if lowered.endswith(kind.ending)), "")


def export(name: str, document: Document, report: Report, **options: object) -> bytes:
    """The report in one of the `KINDS`. Of the options, its renderer gets those that it takes."""
    from importlib import import_module

    taken = {key: value for key, value in options.items() if key in KINDS[name].options}
    data: bytes = import_module(f".{name}", __name__).export(document, report, **taken)
    return data
