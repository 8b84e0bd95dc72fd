"""What a file must be before a workbook is read from it: it can come from anywhere.

An .xlsx is a zip of XML. Here it is opened with bounds on what it unpacks to, the parts that say what stands
in the cells are found by their relations, its sheets are looked through (`cells`), and just these parts are
packed anew, under the usual names and uncompressed, for the reader. All of this runs in a child process
(`core.documents`), which no bytes can harm: what is refused here is refused for the clearer word.
"""

from __future__ import annotations

import io
import zipfile
from posixpath import dirname, join, normpath
from typing import NamedTuple

from ..documents.inside import Refused
from ..i18n import _
from .cells import MOST_AREA, MOST_CELLS, Sheet, damaged, look, odd_styles, parse

MOST_XML = 32 * 1024 * 1024
"""So many bytes of XML a workbook may unpack to: some hundred thousand cells."""
MOST_PARTS = 2000
MOST_SHEETS = 500
MOST_MARKS = 150_000
"""Cells of a workbook about which something is special."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOLDERS = {"worksheet": "worksheets", "chartsheet": "chartsheets", "dialogsheet": "dialogsheets",
            "xlMacrosheet": "macrosheets"}
_RELATIONS = ('<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
              '2006/relationships">{}</Relationships>')
_RELATION = ('<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
             'Target="{}"/>')


class Guarded(NamedTuple):
    """A workbook that may be read: its parts packed anew, and its sheets as they were looked through, by name
    (of the others, such as those of charts, nothing is known)."""

    packed: io.BytesIO
    sheets: dict[str, Sheet]


class Relation(NamedTuple):
    """What a part refers to: the last word of the relation's type, and the path of the part, folded."""

    kind: str
    path: str


def guard(data: bytes) -> Guarded:
    """Look at a workbook's bytes. Raises Refused where it is none, or could not be read."""
    _refuse_others(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _guarded(_Parts(archive))
    except (Refused, MemoryError):
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise damaged(error) from None
    except Exception as error:  # zlib.error, lzma.LZMAError: each packer has its own
        raise damaged(type(error).__name__) from None


class _Parts:
    """The parts of the zip, by their paths in small letters, each unpacked when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = MOST_XML
        self.entries: dict[str, zipfile.ZipInfo] = {}
        if len(archive.infolist()) > MOST_PARTS:
            raise Refused(_("the workbook has {count} parts: this is no workbook of accounts").format(
                count=len(archive.infolist())))
        for entry in archive.infolist():
            if entry.flag_bits & 1:
                raise Refused(_("the workbook is encrypted: open it in Excel or WPS, save it without a password"))
            name = _path(entry.filename)
            if name in self.entries and name.endswith((".xml", ".rels")):
                raise Refused(_("the workbook is damaged: {part} is there twice").format(part=name[:60]))
            self.entries[name] = entry

    def read(self, path: str) -> bytes:
        entry = self.entries[path]
        content = b""
        if entry.file_size <= self.left:
            with self.archive.open(entry) as stream:  # counted again: what is declared can be a lie
                content = stream.read(self.left + 1)
        if max(len(content), entry.file_size) > self.left:
            raise Refused(_("the workbook unpacks to more than {limit} MB: no accounts are that large. Delete empty "
                            "rows and columns that are formatted, save it as a new file, and import that").format(
                limit=MOST_XML // 1048576))
        self.left -= len(content)
        return content


def _guarded(parts: _Parts) -> Guarded:
    home = _home(parts)
    relations = _relations(parts, home)
    packed = {"xl/workbook.xml": parts.read(home)}
    written = {}
    for id, kind, name in (("s", "styles", "styles.xml"), ("t", "sharedStrings", "sharedStrings.xml")):
        path = next((found.path for found in relations.values() if found.kind == kind), f"xl/{name.lower()}")
        if path in parts.entries:
            packed[f"xl/{name}"] = parts.read(path)
            written[f"{id}.juesuan"] = (kind, name)
    odd = odd_styles(packed["xl/styles.xml"]) if "xl/styles.xml" in packed else {}
    sheets: dict[str, Sheet] = {}
    taken: set[str] = set()
    filled = area = marks = 0
    for name, id in _sheets(packed["xl/workbook.xml"]):
        kind, path = relations.get(id, Relation("", ""))
        if len(name) > 255:
            raise damaged(name)
        if name in sheets or path in taken:
            raise damaged(_("a sheet is there twice"))
        taken.add(path)
        target = f"{_FOLDERS.get(kind, 'worksheets')}/sheet{len(taken)}.xml"
        written[id] = (kind, target)
        if path not in parts.entries or kind != "worksheet":
            continue
        sheet = look(name, parts.read(path), odd)
        packed[f"xl/{target}"] = sheet.xml
        sheets[name] = sheet._replace(xml=b"")
        filled, area, marks = filled + sheet.filled, area + sheet.area, marks + len(sheet.marks)
        if marks > MOST_MARKS:
            raise Refused(_("the workbook has more than {count} percentages, errors, or formulas without a result: "
                            "copy just the tables that are needed to a new file, and import that").format(
                count=MOST_MARKS))
        if filled > MOST_CELLS or area > 2 * MOST_AREA:
            raise Refused(_("the sheets of the workbook have more than {count} cells in all: no accounts are that "
                            "large. Copy the sheets that are needed to a new file, and import that").format(
                count=MOST_CELLS if filled > MOST_CELLS else 2 * MOST_AREA))
    return Guarded(_packed(packed, written), sheets)


def _packed(parts: dict[str, bytes], relations: dict[str, tuple[str, str]]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, found in (("_rels/.rels", {"w": ("officeDocument", "xl/workbook.xml")}),
                            ("xl/_rels/workbook.xml.rels", relations)):
            text = "".join(_RELATION.format(*map(_quoted, (id, *relation))) for id, relation in found.items())
            archive.writestr(zipfile.ZipInfo(name), _RELATIONS.format(text))
        while parts:
            name, content = parts.popitem()
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.seek(0)
    return packed


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _path(name: str) -> str:
    """A part's path as it is compared: without regard to case."""
    return normpath(name.replace("\\", "/").lstrip("/")).lower()


def _refuse_others(data: bytes) -> None:
    """Name what is no .xlsx by what it is."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(_("the workbook is encrypted: open it in Excel or WPS, save it without a password"))
        raise Refused(_("this is a workbook of the old format (.xls): open it in Excel or WPS, save it as .xlsx"))
    if data.startswith(b"PK"):
        return
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise Refused(_("this is a web page that is named like a workbook, as some systems export it: open it in "
                        "Excel or WPS, save it as .xlsx"))
    if not data:
        raise Refused(_("the file is empty"))
    raise _no_workbook()


def _no_workbook() -> Refused:
    return Refused(_("this is no workbook (.xlsx): open it in Excel or WPS, save it as .xlsx"))


def _home(parts: _Parts) -> str:
    """The path of the part that names the sheets."""
    told = (found.path for found in _relations(parts, "").values() if found.kind == "officeDocument")
    usual = (name for name in parts.entries if name.endswith("workbook.xml") and name.count("/") <= 1)
    home = next((path for path in (*told, *usual) if path in parts.entries), "")
    if not home or home.startswith(("word/", "ppt/")):
        raise _no_workbook()
    return home


def _relations(parts: _Parts, home: str) -> dict[str, Relation]:
    """What a part ('' for the package) refers to, by the names that it has for it."""
    found: dict[str, Relation] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target if target.startswith(("/", "\\")) else join(dirname(home), target)
            found[attributes.get("Id", "")] = Relation(attributes.get("Type", "").rpartition("/")[2], _path(path))

    name = join(dirname(home), "_rels", home.rpartition("/")[2] + ".rels")
    if name in parts.entries:
        parse(parts.read(name), start)
    return found


def _sheets(xml: bytes) -> list[tuple[str, str]]:
    """The names of the sheets, and those of their relations."""
    found: list[tuple[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            if len(found) == MOST_SHEETS:
                raise Refused(_("the workbook has more than {count} sheets: copy those that are needed to a new file, "
                                "and import that").format(count=MOST_SHEETS))
            id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            found.append((attributes.get("name", ""), id))

    parse(xml, start)
    return found
