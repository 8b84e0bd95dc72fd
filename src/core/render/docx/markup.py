"""WordprocessingML as text: runs, paragraphs, fields. Only what passes `plain` reaches a file."""

from __future__ import annotations

import re

from ...document import OPEN, pieces
from ...text.width import printable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# “ ” … — ① and their like, which Word sets in the Latin font unless it is told otherwise.
_AMBIGUOUS = re.compile("[\u00a1-\u00ff\u2010-\u2044\u2100-\u27ff]")
_HIGHLIGHT = '<w:highlight w:val="yellow"/>'
_HINT = '<w:rFonts w:hint="eastAsia"/>'


def plain(text: str, keep: str = "") -> str:
    """`text` without controls, marks that reorder it and characters that XML can't hold; those in
    `keep` stay."""
    return printable(text, keep, instead="").replace("\ufffe", "").replace("\uffff", "")


def escape(text: str) -> str:
    """A plain text as XML, in an element or between double quotes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def run(text: str, properties: str = "") -> str:
    """A run of a plain text; nothing for an empty one. `properties`: what its w:rPr holds. What is still
    to be entered is highlighted, in runs of its own."""
    if OPEN.search(text):
        return "".join(_run(piece, properties + _HIGHLIGHT * open) for piece, open in pieces(text))
    return _run(text, properties)


def _run(text: str, properties: str) -> str:
    if not text:
        return ""
    if _AMBIGUOUS.search(text):
        properties = _HINT + properties
    if properties:
        properties = f"<w:rPr>{properties}</w:rPr>"
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f"<w:r>{properties}<w:t{space}>{escape(text)}</w:t></w:r>"


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph. `properties`: what its w:pPr holds after the style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(instruction: str, result: str) -> str:
    """A field with the result that is shown until it is updated."""
    return field_begin(instruction) + result + FIELD_END


def field_begin(instruction: str) -> str:
    """What stands before a field's result."""
    return (f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {instruction} '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
