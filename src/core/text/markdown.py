"""Text in Markdown: every character stands for itself, whoever wrote it."""

from __future__ import annotations

import re

from .width import printable

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~&#$]|:(?=//)|@|(?<=www)\.", re.IGNORECASE)
_START = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)])(?=\s|$))")


def escaped(text: str) -> str:
    """A text on one line that Markdown shows as it is: no markup, no link, no list, no control character."""
    text = " ".join(printable(text, keep="\n").split("\n"))
    text = _MARKUP.sub(lambda match: "\\" + match[0], text)
    return _START.sub(lambda match: match[1] + (f"\\{match[2]}" if match[2] else f"{match[3]}\\{match[4]}"), text)


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table's lines. The cells are Markdown already."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]
