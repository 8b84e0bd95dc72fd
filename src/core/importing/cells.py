"""What a reader of values can't see in the XML of a sheet: formulas that were never computed, figures that
other workbooks gave, percentages; and how far its cells reach, which a reader would fill the memory with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from xml.parsers import expat

from ..documents.inside import Refused
from ..i18n import _

MOST_CELLS = 400_000
"""Cells of a sheet, and cells with content of a workbook."""
MOST_AREA = 2_000_000
"""Rows times columns up to the last cell of a sheet that is not empty."""
MOST_ROWS = 200_000
MOST_MERGED = 20_000

_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_CONTENT = frozenset(("v", "is", "f", "t"))
_LETTERS = re.compile("[A-Za-z]{1,3}")
_NUMBER = re.compile("[0-9]{1,7}")
_CLOSING = re.compile(rb"</(?:\w+:)?dimension\s*>")
_EXTERNAL = re.compile(r"\[[0-9]+\]")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]')
_SCALED = re.compile(r"[0#],+(?![0#])|0[!\\]\.0")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class Sheet(NamedTuple):
    """A sheet that was looked through: its XML as the reader is to have it; what is special about cells, by
    (row, column) from 0; how many cells have content, and the area (rows times columns) they reach over.

    'unsaved': a formula without a value; 'external': a formula over another workbook;
    'error': an error (#REF!); 'percent': shown as a percentage; 'scaled': shown divided by thousands.
    """

    xml: bytes
    marks: dict[tuple[int, int], str]
    filled: int
    area: int


def damaged(error: object) -> Refused:
    """A workbook that no program can be expected to read."""
    return Refused(_("the workbook is damaged ({error}): open it in Excel or WPS, and save it anew").format(
        error=str(error)[:80]))


def parse(xml: bytes, start: Start, end: End | None = None) -> None:
    """Go through XML by the names of its elements, without prefixes. Raises Refused."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    run(parser, xml)


def run(parser: expat.XMLParserType, xml: bytes) -> None:
    """Parse the whole, without a document type. Raises Refused."""

    def typed(*_what: object) -> None:
        raise Refused(_("the workbook holds a document type: no spreadsheet program writes that"))

    parser.StartDoctypeDeclHandler = typed
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: of encodings
        raise damaged(error) from None


def odd_styles(xml: bytes) -> dict[str, str]:
    """The cell styles (their numbers as sheets name them) whose shown figure is not the one that the cell
    holds: 'percent' or 'scaled'."""
    codes: dict[str, str] = {}
    used: list[str] = []
    within = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            within = True
        elif name == "xf" and within:
            used.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal within
        if name == "cellXfs":
            within = False

    parse(xml, start, end)
    odd = {number: word for number in set(used) if (word := _odd(number, codes.get(number, "")))}
    return {str(at): odd[number] for at, number in enumerate(used) if number in odd}


def _odd(number: str, code: str) -> str:
    code = _LITERAL.sub("", code[:1000])
    if number in ("9", "10") or "%" in code:
        return "percent"
    return "scaled" if _SCALED.search(code) else ""


def look(name: str, xml: bytes, odd: dict[str, str]) -> Sheet:
    """Look through the XML of a sheet. Raises Refused where it is damaged or reaches too far."""
    looker = _Looker(name, odd)
    run(looker.parser, xml)
    if looker.rows > MOST_ROWS or looker.rows * looker.columns > MOST_AREA:
        raise Refused(_("sheet “{sheet}” reaches over {rows} rows and {columns} columns: delete what stands far from "
                        "the tables").format(sheet=name[:40], rows=looker.rows, columns=looker.columns))
    pieces, done = [], 0
    for begin, end, instead in looker.edits:
        closing = _CLOSING.match(xml, end)
        pieces += [xml[done:begin], instead]
        done = closing.end() if closing else end
    return Sheet(b"".join(pieces) + xml[done:] if done else xml, looker.marks, looker.filled,
                 looker.rows * looker.columns)


class _Looker:
    """What has been seen of a sheet. The ends of elements are listened to just where something waits for
    them: most of the time that a sheet takes is that of these calls."""

    def __init__(self, name: str, odd: dict[str, str]) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.name, self.odd = name, odd
        self.names: dict[str, str] = {}
        self.marks: dict[tuple[int, int], str] = {}
        self.edits: list[tuple[int, int, bytes]] = []
        self.cells = self.merged = self.filled = self.rows = self.columns = 0
        self.letters: dict[str, int] = {}
        self.row, self.column, self.number = -1, -1, ""  # of the last cell; the row as it was written
        self.attributes: dict[str, str] | None = None  # of the cell whose content comes
        self.full = self.valued = False
        self.formula: str | None = None
        self.text: list[str] = []
        self.began = -1  # where the text, or the element that is left out, begins in the XML

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.names.get(name) or self.local(name)
        if local == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise Refused(_("sheet “{sheet}” has more than {count} cells: no accounts are that large. Delete empty "
                                "rows and columns that are formatted, save it as a new file, and import that").format(
                    sheet=self.name[:40], count=MOST_CELLS))
            if "r" not in attributes:  # beside the one before
                if self.attributes:
                    self.place(self.attributes)
                self.column += 1
            self.attributes = attributes
            if attributes.get("t") == "e":
                self.place(attributes)
                self.marks[self.row, self.column] = "error"
            self.full = False
            self.formula = None
        elif local in _CONTENT:
            if self.attributes is not None:
                self.content(local, self.attributes)
        elif local == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if _NUMBER.fullmatch(number) else self.row + 1
            self.column, self.number, self.attributes = -1, "", None
        elif local == "dimension":  # what it says can be a lie, and is of no use
            self.began = self.parser.CurrentByteIndex
            self.parser.EndElementHandler = self.end
        elif local == "mergeCell":
            self.merged += 1
            if self.merged > MOST_MERGED:
                raise Refused(_("sheet “{sheet}” has more than {count} merged areas: copy just the tables that are "
                                "needed to a new file, and import that").format(
                    sheet=self.name[:40], count=MOST_MERGED))

    def local(self, name: str) -> str:
        self.names[name] = name.rpartition(":")[2]
        return self.names[name]

    def place(self, attributes: dict[str, str]) -> None:
        """Find the place of a cell."""
        address = attributes.get("r", "")
        letters = address.rstrip("0123456789")
        number = address[len(letters):]
        if number != self.number and 0 < len(number) < 8:
            self.number, self.row = number, int(number) - 1
        column = self.letters.get(letters)
        if column is not None:
            self.column = column
        elif _LETTERS.fullmatch(letters):  # or else the reader will not read it either
            self.column = self.letters[letters] = column_of(letters.upper())

    def content(self, name: str, attributes: dict[str, str]) -> None:
        """An element within a cell."""
        if not self.full and name in ("v", "is"):
            self.full = True
            self.filled += 1
            self.place(attributes)
            if self.row >= self.rows:
                self.rows = self.row + 1
            if self.column >= self.columns:
                self.columns = self.column + 1
            if attributes.get("s") in self.odd and (self.row, self.column) not in self.marks:
                self.marks[self.row, self.column] = self.odd[attributes["s"]]
        if name == "f" and self.formula is not None:
            raise damaged("<f>")  # two formulas, or one beside the cells
        if name == "f" or (name != "is" and (self.formula is not None or attributes.get("t") == "e")):
            self.text, self.began, self.valued = [], -1, False
            self.parser.CharacterDataHandler = self.characters
            self.parser.EndElementHandler = self.end

    def characters(self, data: str) -> None:
        if self.began < 0:
            self.began = self.parser.CurrentByteIndex
        self.text.append(data)

    def end(self, name: str) -> None:
        local = self.names[name]
        if local == "dimension":
            self.edits.append((self.began, self.parser.CurrentByteIndex, b""))
            self.parser.EndElementHandler = None
        elif local == "c":
            self.parser.EndElementHandler = None
            if self.formula is None or self.attributes is None:
                return
            self.place(self.attributes)
            if not self.valued:
                self.marks[self.row, self.column] = "unsaved"
            elif _EXTERNAL.search(self.formula):
                self.marks[self.row, self.column] = "external"
        elif self.parser.CharacterDataHandler is not None and local in _CONTENT:
            self.parser.CharacterDataHandler = None
            text = "".join(self.text)
            if local == "f":
                self.formula = text
            elif text:
                self.valued = True
                if local == "v" and self.attributes and self.attributes.get("t") == "e" and text not in _ERRORS:
                    # One that came with later versions of Excel (#SPILL!): the reader would give up the book.
                    self.edits.append((self.began, self.parser.CurrentByteIndex, b"#VALUE!"))


def column_of(letters: str) -> int:
    """A column's number from 0, by its name in capitals."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
