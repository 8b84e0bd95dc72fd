"""Is a file that is there already such a report as is about to be written? Only that may be replaced unasked.

Word, Excel and their like leave their own marks in a document that they save: one that somebody
worked on is theirs. Of texts, most lines must be those of the new report, whatever its figures.
"""

from __future__ import annotations

import io
import re

_FIGURES = re.compile(r"[\d\s.,，。、…%％|:：\-—\f]+|【[^】]*】")
_MOST = 65536


def is_export(kind: str, old: bytes, new: bytes) -> bool:
    """Is `old` a report of the kind (one of KINDS) that `new` is? An empty file can be replaced by anything."""
    if not old.strip():
        return True
    if kind in ("docx", "xlsx"):
        return _is_office_export(kind, old)
    if kind == "html":
        head = new[:new.find(b"<title>")]
        return old.startswith(head)
    if kind == "json":
        head = old[:_MOST]
        return head.startswith(b'{\n "') and b'\n "format": "' in head and b'\n "department": "' in head
    return _alike(_text(old), _text(new))


def _is_office_export(kind: str, old: bytes) -> bool:
    """Office programs say when a document was saved and by whom, and Word's add docProps/app.xml."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(io.BytesIO(old)) as whole:
            names = set(whole.namelist())
            with whole.open("docProps/core.xml") as file:
                core = file.read(_MOST)
    except (BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False
    if kind == "docx":
        ours = b"modified" not in core and b"lastModifiedBy>" not in core
        return "word/document.xml" in names and "docProps/app.xml" not in names and ours
    return "xl/workbook.xml" in names and core.count(b">2000-01-01T00:00:00Z<") == 2


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _alike(old: str, new: str) -> bool:
    before, after = _lines(old), _lines(new)
    return 2 * len(before & after) > len(before)


def _lines(text: str) -> set[str]:
    """The lines without their figures, and without what is left to be filled in."""
    return {line for each in text.splitlines() if len(line := _FIGURES.sub("", each)) > 1}
