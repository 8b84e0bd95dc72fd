# ruff: noqa: E501 - cells of sheets stand on a line each
"""What the XML of a workbook says beside the values, however it is spelt, and what readers stumble over."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
from juesuan.core.importing.book import read_book

from .books import write_rows
from .test_import_hostile import HEAD, TAIL, rewritten, with_sheet

STYLES = (b"<styleSheet><numFmts><numFmt formatCode='0.00,' numFmtId='170'/><numFmt numFmtId=\"171\" formatCode=\"&quot;%&quot;0\"/>"
          b'</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
          b"<cellXfs><xf numFmtId='0'/><xf numFmtId='10'/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>")

CELLS = {
    'r="B2" s="1"><v>1</v>': "percent",
    "s='1'\n r = 'B2'><v>1</v>": "percent",
    'r="B2" s="2"><v>1</v>': "scaled",
    'r="B2" s="3"><v>1</v>': "",
    'r="B2" s="0"><v>1</v>': "",
    'r="B2"><f>1+1</f>': "unsaved",
    'r="B2"><f>1+1</f><v></v>': "unsaved",
    'r="B2"><f/><v/>': "unsaved",
    "r='B2'><f>1+1</f><v>2</v>": "",
    'r="B2" s="1"><f>1+1</f>': "unsaved",
    'r="B2"><f>[1]表!A1</f><v>2</v>': "external",
    'r="B2"><f>&#91;1]表!A1</f><v>2</v>': "external",
    'r="B2" t="e"><v>#REF!</v>': "error",
    "r='B2' t='e'><v>#REF!</v>": "error",
    'r="B2" t="e"><v>#SPILL!</v>': "error",
    'r="B2" t="e"><f>A1</f><v>#CALC!</v>': "error",
    'r="B2" t="e" s="1"><v>#N/A</v>': "error",
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_what_is_special_about_a_cell(cell: str, prefix: str, tmp_path: Path) -> None:
    row = f'<row r="2"><c r="A2"><v>7</v></c><c {cell}</c><c r="C2"><v>8</v></c></row>'.encode()
    sheet = HEAD + row + TAIL
    if prefix:
        for name in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
            for before in (b"<", b"</"):
                for after in (b" ", b">", b"/"):
                    sheet = sheet.replace(before + name + after, before + b"x:" + name + after)
        sheet = sheet.replace(b"xmlns=", b"xmlns:x=")
    path = rewritten(with_sheet(tmp_path / "a.xlsx", sheet), {"xl/styles.xml": STYLES})
    (read,) = read_book(str(path)).sheets
    assert read.marks == ({(1, 1): CELLS[cell]} if CELLS[cell] else {})
    assert (read.value(1, 0), read.value(1, 2)) == (7.0, 8.0)


def test_cells_without_an_address_stand_beside_the_one_before(tmp_path: Path) -> None:
    sheet = HEAD + b'<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c r="C2"/><c t="e"><v>#N/A</v></c></row>' + TAIL
    (read,) = read_book(str(with_sheet(tmp_path / "a.xlsx", sheet))).sheets
    assert read.marks == {(0, 1): "error", (1, 3): "error"}


@pytest.mark.parametrize("dimension", ['<dimension ref="A0:E10"/>', '<dimension ref="B2:A1"/>', "<dimension/>",
                                       '<dimension ref="A1:XFD1048576"></dimension>', "<dimension ref='&gt;'/>"])
def test_what_a_sheet_says_of_its_size_counts_for_nothing(dimension: str, tmp_path: Path) -> None:
    sheet = HEAD.replace(b"<sheetData>", dimension.encode() + b"<sheetData>")
    path = with_sheet(tmp_path / "a.xlsx", sheet + b'<row r="2"><c r="B2"><v>5</v></c></row>' + TAIL)
    assert read_book(str(path)).sheets[0].rows == [["", ""], ["", 5.0]]


def test_the_parts_may_have_other_names(tmp_path: Path) -> None:
    """What refers to what is said in the relations."""
    path = write_rows(tmp_path / "a.xlsx", {"支出": [["x", 1.5]], "收入": [["y"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moved = {"xl/workbook.xml": "Book/workbook22.xml", "xl/_rels/workbook.xml.rels": "book/_rels/workbook22.xml.rels",
             "xl/worksheets/sheet1.xml": "tables/a.xml", "xl/sharedStrings.xml": "texts.xml", "xl/styles.xml": "book/s.xml"}
    told = {"_rels/.rels": [(b"xl/workbook.xml", b"/book/workbook22.xml")],
            "xl/_rels/workbook.xml.rels": [(b"worksheets/sheet1.xml", b"../Tables/A.xml"), (b"sharedStrings.xml", b"/texts.xml"),
                                           (b"styles.xml", b"s.xml"), (b"worksheets/sheet2.xml", b"/xl/worksheets/sheet2.xml")]}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            for before, after in told.get(name, []):
                content = content.replace(before, after)
            archive.writestr(moved.get(name, name), content)
    book = read_book(str(path))
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [("支出", [["x", 1.5]]), ("收入", [["y"]])]


def test_values_of_every_kind_are_what_they_were(tmp_path: Path) -> None:
    import xlsxwriter

    moment = datetime.datetime(2024, 12, 31, 8, 30)
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("值")
        for at, (value, form) in enumerate([
                ("文“字”\n\u2028😀", ""), (301.8200000000001, ""), (-0.0, ""), (1e300, ""), (True, ""), (moment, "yyyy-mm-dd hh:mm"),
                (datetime.date(2024, 1, 2), "yyyy-mm-dd"), (datetime.time(8, 30), "hh:mm"), (1.5, "[h]:mm:ss")]):
            sheet.write(0, at, value, book.add_format({"num_format": form}) if form else None)
        book.add_worksheet("藏").hide()
    read = read_book(str(tmp_path / "a.xlsx"))
    assert [sheet.hidden for sheet in read.sheets] == [False, True]
    assert read.sheets[0].rows == [["文“字”\n\u2028😀", 301.8200000000001, 0.0, 1e300, True, moment, datetime.date(2024, 1, 2),
                                    datetime.time(8, 30), datetime.timedelta(days=1, hours=12)]]
    assert [type(value) for value in read.sheets[0].rows[0]] == [
        str, float, float, float, bool, datetime.datetime, datetime.date, datetime.time, datetime.timedelta]
