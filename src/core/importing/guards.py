"""What is looked at in a workbook before anything reads it: it can come from anywhere.

An .xlsx is a zip of XML. Here it is opened with bounds on everything that can grow, its sheets
are looked through for what a reader of values can't see (formulas that were never computed,
figures that other workbooks gave, percentages), and just the parts that were looked at are
packed anew, uncompressed, for the reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from ..i18n import _

MOST_XML = 32 * 1024 * 1024
"""So many bytes of XML a workbook may unpack to: some hundred thousand cells."""
MOST_PARTS = 2000
MOST_CELLS = 400_000
MOST_AREA = 2_000_000
"""Rows times columns up to the last cell of a sheet that is not empty."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LEFT_OUT = re.compile(r"(?i)(^|/)(docProps|customXml|theme|drawings|charts|chartsheets|media|embeddings|externalLinks|"
                       r"pivotCache|pivotTables|printerSettings|queryTables|comments|persons|threadedComments|"
                       r"activeX|ctrlProps|slicers|tables|diagrams)/|(^|/)(comments|calcChain|connections)\d*\.xml$")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_STYLE = re.compile(rb'\bs="([0-9]+)"')


class BookError(Exception):
    """The workbook can't be read: the message says why, and what to do."""


class Part(NamedTuple):
    """A sheet as it was looked through: what is special about cells, by (row, column) from 0.

    'unsaved': a formula without a value; 'external': a formula over another workbook;
    'error': an error (#REF!); 'percent': shown as a percentage; 'scaled': shown divided by thousands.
    """

    marks: dict[tuple[int, int], str]


class Guarded(NamedTuple):
    """A workbook that may be read: its bytes packed anew, and what is special, by sheet name."""

    data: bytes
    sheets: dict[str, Part]


def guard(data: bytes) -> Guarded:
    """Look at a workbook's bytes. Raises BookError where it is none, or can't be read safely."""
    parts = _unpacked(data)
    book = _workbook(parts)
    odd = _odd_styles(parts)
    sheets = {name: _look(name, parts[part], odd) for name, part in book.items() if part in parts}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return Guarded(packed.getvalue(), sheets)


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of the zip that say what stands in the cells."""
    _refuse_others(data)
    too_large = BookError(_("the workbook unpacks to more than {limit} MB: no accounts are that large. Delete empty "
                            "rows and columns that are formatted, save it as a new file, and import that").format(
        limit=MOST_XML // 1048576))
    found: dict[str, bytes] = {}
    left = MOST_XML
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise BookError(_("the workbook has {count} parts: this is no workbook of accounts").format(
                    count=len(archive.infolist())))
            for info in archive.infolist():
                if info.flag_bits & 1:
                    raise BookError(_("the workbook is encrypted: open it in Excel or WPS, save it without a password"))
                if not info.filename.lower().endswith((".xml", ".rels")) or _LEFT_OUT.search(info.filename):
                    continue
                if info.filename in found:
                    raise BookError(_("the workbook is damaged: {part} is there twice").format(part=info.filename[:60]))
                if info.file_size > left:
                    raise too_large
                with archive.open(info) as stream:  # counted again: what is declared can be a lie
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise too_large
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise BookError(_("the workbook holds a document type: no spreadsheet program writes that"))
                found[info.filename] = content
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BookError(_("the workbook is damaged ({error}): open it in Excel or WPS, and save it anew").format(
            error=str(error)[:80])) from None
    except Exception as error:  # zlib.error, lzma.LZMAError: each packer has its own
        if isinstance(error, BookError):
            raise
        raise BookError(_("the workbook is damaged ({error}): open it in Excel or WPS, and save it anew").format(
            error=type(error).__name__)) from None
    return found


def _refuse_others(data: bytes) -> None:
    """Name what is no .xlsx by what it is."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BookError(_("the workbook is encrypted: open it in Excel or WPS, save it without a password"))
        raise BookError(_("this is a workbook of the old format (.xls): open it in Excel or WPS, save it as .xlsx"))
    if data.startswith(b"PK"):
        return
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise BookError(_("this is a web page that is named like a workbook, as some systems export it: open it in "
                          "Excel or WPS, save it as .xlsx"))
    if not data:
        raise BookError(_("the file is empty"))
    raise BookError(_("this is no workbook (.xlsx): open it in Excel or WPS, save it as .xlsx"))


def _workbook(parts: dict[str, bytes]) -> dict[str, str]:
    """The parts of the sheets, by the sheets' names."""
    from posixpath import dirname, join, normpath
    from xml.etree import ElementTree

    home = next((name for name in parts if name.lower().endswith("workbook.xml") and name.count("/") <= 1), "")
    if not home:
        raise BookError(_("this is no workbook (.xlsx): open it in Excel or WPS, save it as .xlsx"))
    try:
        tree = ElementTree.fromstring(parts[home])
        relations = join(dirname(home), "_rels", home.rpartition("/")[2] + ".rels")
        targets = {}
        for relation in ElementTree.fromstring(parts.get(relations, b"<r/>")):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(home), target))
            targets[relation.get("Id", "")] = path
    except ElementTree.ParseError as error:
        raise BookError(_("the workbook is damaged ({error}): open it in Excel or WPS, and save it anew").format(
            error=str(error)[:80])) from None
    sheets = {}
    for element in tree.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            id = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), "")
            sheets[element.get("name", "")] = targets.get(id, "")
    return sheets


def _odd_styles(parts: dict[str, bytes]) -> dict[bytes, str]:
    """The cell styles whose shown figure is not the figure that the cell holds."""
    text = next((content for name, content in parts.items() if name.lower().endswith("/styles.xml")), b"")
    codes = {number: code.decode("utf-8", "replace") for number, code in re.findall(
        rb'<(?:\w+:)?numFmt\b[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"', text)}
    within = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    odd: dict[bytes, str] = {}
    for position, xf in enumerate(re.findall(rb"<(?:\w+:)?xf\b[^>]*>", within[0] if within else b"")):
        id = re.search(rb'numFmtId="(\d+)"', xf)
        number = id[1] if id else b"0"
        code = re.sub(r'"[^"]*"|&quot;.*?&quot;|\[[^\]]*\]', "", codes.get(number, ""))
        if number in (b"9", b"10") or "%" in code:
            odd[str(position).encode()] = "percent"
        elif re.search(r"[0#],+(?![0#])|0[!\\]\.0", code):
            odd[str(position).encode()] = "scaled"
    return odd


def _look(name: str, text: bytes, odd: dict[bytes, str]) -> Part:
    """Look through the XML of a sheet."""
    root = re.search(rb"<(\w+:)?worksheet\b", text[:4096])
    prefix = (root[1] or b"") if root else b""
    opening, closing = b"<" + prefix + b"c", b"</" + prefix + b"c>"
    _refuse_large(name, text, opening)
    marks: dict[tuple[int, int], str] = {}
    if odd:
        for match in re.finditer(opening + rb"\b([^>]*[^/>])>", text):
            style, place = _STYLE.search(match[1]), _REFERENCE.search(match[1])
            if style and place and style[1] in odd:
                marks[_position(place)] = odd[style[1]]
    for match in re.finditer(opening + rb'\b([^>]*\bt="e"[^>]*)>', text) if b't="e"' in text else ():
        if place := _REFERENCE.search(match[1]):
            marks[_position(place)] = "error"
    value = re.compile(rb"<" + prefix + rb"(?:v|t)\b[^>/]*>[^<]")
    for match in re.finditer(rb"<" + prefix + rb"f\b", text):
        start, end = text.rfind(opening, 0, match.start()), text.find(closing, match.end())
        place = _REFERENCE.search(text, start, match.start())
        if start < 0 or end < 0 or place is None:
            continue
        inside = text[match.start():end]
        if value.search(inside) is None:
            marks[_position(place)] = "unsaved"
        elif re.search(rb">[^<]*\[[0-9]+\]", inside[:inside.find(b"</")]):
            marks[_position(place)] = "external"
    return Part(marks)


def _refuse_large(name: str, text: bytes, opening: bytes) -> None:
    """Refuse a sheet that a reader would fill the memory with."""
    cells = text.count(opening + b" ") + text.count(opening + b">")
    if cells > MOST_CELLS:
        raise BookError(_("sheet “{sheet}” has {count} cells: no accounts are that large. Delete empty rows and "
                          "columns that are formatted, save it as a new file, and import that").format(
            sheet=name[:40], count=cells))
    numbered = re.findall(b"<" + opening[1:-1] + rb'row r="([0-9]{1,7})"', text)
    letters = re.findall(opening + rb' r="([A-Z]{1,3})[0-9]', text)
    if len(numbered) == text.count(b"<" + opening[1:-1] + b"row ") and len(letters) == cells:
        width = max(map(_column, set(letters)), default=0) + 1
        if max(map(int, numbered), default=0) * width <= MOST_AREA:
            return  # cells that only have a format counted, too
    rows, unnamed = 0, 0
    columns: set[bytes] = set()
    for match in re.finditer(opening + rb"\b([^>]*[^/>]|)>", text):
        place = _REFERENCE.search(match[1])
        if place is None:
            unnamed += 1
            continue
        rows = max(rows, int(place[2]))
        columns.add(place[1])
    width = max(map(_column, columns), default=0) + 1
    area = rows * width
    if unnamed:  # cells without an address stand beside each other
        area = max(area, text.count(b"<" + opening[1:-1] + b"row") * min(unnamed, 16384))
    if area > MOST_AREA:
        raise BookError(_("sheet “{sheet}” reaches over {rows} rows and {columns} "
                          "columns: delete what stands far from the tables").format(
            sheet=name[:40], rows=rows, columns=width))


def _position(place: re.Match[bytes]) -> tuple[int, int]:
    return int(place[2]) - 1, _column(place[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
