"""What is wrong with a text that tomllib refuses, in the user's words.

tomllib says where it gave up and what it expected there, in English and in terms of its
grammar. Who wrote the file is helped by the commonest slips: Chinese punctuation, a figure with
separators, a text without quotation marks, a key written twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..i18n import _

_WHERE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_TWICE = ("Cannot overwrite", "Cannot declare", "Duplicate inline", "Cannot redefine", "Cannot mutate")
_UNCLOSED = ("Unterminated", "Expected '\"\"\"'", "Expected \"'''\"")
_SEPARATED = re.compile(r"=\s*-?\d{1,3}(?:[,，_ ]\d{3})+(?:\.\d+)?\s*(?:[,，}#]|$)")
_QUOTES = tuple("“”‘’＂＇「」")
_SIGNS = {"，": ",", "；": ",", "、": ",", ";": ",", "＝": "=", "：": "=", ":": "=", "＃": "#", "。": ".",
          "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_LONGEST = 40


class Fault(NamedTuple):
    """The fault, and the line on which it stands (None: not known)."""

    message: str
    line: int | None


def explain_fault(text: str, message: str, quoted: bool = True) -> Fault:
    """The fault behind tomllib's `message` about `text`; `quoted`: with the line on which it stands."""
    match = _WHERE.fullmatch(message)
    if match is None:
        return Fault(_("not valid TOML: {what}").format(what=message), None)
    what, row, column = match.groups()
    if row is None and what.startswith(_UNCLOSED):
        return Fault(_("a text that begins here is not closed before the end of the file"), _last_opening(text))
    line = int(row) if row else text.count("\n", 0, len(text.rstrip())) + 1
    # Columns count characters of the text with its line ends made one character, as `own` has them.
    own = text.replace("\r\n", "\n").split("\n")[line - 1]
    here = own[int(column) - 1:] if row else ""
    fault = _fault(what, own, here) or _("not valid TOML: {what}").format(what=what)
    return Fault(fault + (_("; found: {found}").format(found=_shown(own)) if quoted else ""), line)


def _fault(what: str, own: str, here: str) -> str:
    """The fault of the line `own`, from `here` on not understood; '' for one that is not common."""
    if what.startswith(_TWICE):
        return _("the same key or table stands there twice: keep one of them")
    if what.startswith(("Illegal character '\\n'", "Illegal character '\\r'", "Unterminated string")):
        return _("the text is not closed: a quotation mark \" is missing on this line")
    if what.startswith(("Illegal character", "Found invalid character")):
        return _("an invisible control character stands there: delete it")
    if what.startswith("Unescaped"):
        return _("a backslash \\ in a text is written twice: \\\\")
    if _SEPARATED.search(own):
        return _("a figure with separators between thousands stands in quotation marks")
    if here.startswith(_QUOTES) or own.lstrip().startswith(_QUOTES):
        return _("quotation marks around a key or a text are straight ones (\"), not Chinese ones")
    for place in (here, own.lstrip()):
        if place[:1] in _SIGNS:
            return _("write {sign} instead of {found}").format(sign=_SIGNS[place[:1]], found=place[:1])
    if what.startswith("Invalid value"):
        return _no_value(here)
    if what.startswith("Expected '='"):
        return _("a key is followed by = and a value")
    if what.startswith("Expected ']"):
        return _("a closing bracket ] is missing")
    if what.startswith(("Invalid statement", "Invalid initial")):
        return _("a line is key = value, [table], or a comment after #")
    if what.startswith("Expected newline"):
        return _("a figure or a text ends its line: no unit, sign or word follows it")
    if what.startswith(("Unclosed inline table", "Unclosed array")):
        return _("a comma or a closing bracket is missing")
    return ""


def _no_value(here: str) -> str:
    first = here[:1]
    if not first or first in "#,}]":
        return _("the value is missing; what is still unknown is written \"\"")
    if "０" <= first <= "９":
        return _("a figure in full-width digits stands in quotation marks")
    if first.isalpha():
        return _("a text stands in quotation marks (\")")
    return _("neither a figure nor a text in quotation marks")


def _last_opening(text: str) -> int:
    """The line on which the last text of several lines begins; the last line, if there is none."""
    at = max(text.rfind('"""'), text.rfind("'''"))
    return text.count("\n", 0, at if at >= 0 else len(text.rstrip())) + 1


def _shown(text: str) -> str:
    from ..text.width import printable

    text = printable(text.strip())
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "…"
