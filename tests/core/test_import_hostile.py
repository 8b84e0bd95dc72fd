# ruff: noqa: E501 - rows of sheets stand on a line each
"""Workbooks that come from anywhere: a clear word, soon, and without filling the memory."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from juesuan.core.importing.book import BookError, read_book
from juesuan.core.storage import StorageError

from .books import write_rows

HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def with_sheet(path: Path, sheet: bytes, **others: bytes) -> Path:
    """A workbook whose first sheet is this XML, and with further parts."""
    write_rows(path, {"表": [["x"]]})
    return rewritten(path, {"xl/worksheets/sheet1.xml": sheet}
                     | {name.replace("__", "/"): content for name, content in others.items()})


def rewritten(path: Path, others: dict[str, bytes]) -> Path:
    """The workbook with other contents of some of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | others
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def bomb(path: Path) -> Path:
    row = b'<row r="1">' + b'<c r="A1"><v>1</v></c>' * 1000 + b"</row>"
    return with_sheet(path, HEAD + row * 3000 + TAIL)


def lying_bomb(path: Path) -> Path:
    """The size that is declared is a small part of the true one."""
    bomb(path)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[at + 24:at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def empty_cells(path: Path) -> Path:
    rows = b"".join(b'<row r="%d">%s</row>' % (row, b"".join(b'<c r="%c%d" s="1"/>' % (65 + at, row) for at in range(20)))
                    for row in range(1, 60001))
    return with_sheet(path, HEAD + rows + TAIL)


def far_cell(path: Path) -> Path:
    return with_sheet(path, HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                      + TAIL)


def entities(path: Path) -> Path:
    return with_sheet(path, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD[21:] + TAIL)


def many_parts(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(3000):
            archive.writestr(f"xl/media/{number}.txt", b"")
    return path


def twice(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<x/>")
    return path


def broken_xml(path: Path) -> Path:
    return with_sheet(path, HEAD + b"<row><c", **{"xl__workbook.xml": b"<workbook"})


def cut_off(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    path.write_bytes(path.read_bytes()[:-600])
    return path


def garbled(path: Path) -> Path:
    write_rows(path, {"表": [["文字" * 200]]})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x03\x04", 4)
    data[at + 60:at + 90] = b"\xff" * 30
    path.write_bytes(data)
    return path


def old_format(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "Workbook".encode("utf-16-le"))
    return path


def encrypted(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le"))
    return path


def web_page(path: Path) -> Path:
    path.write_text("<html><table><tr><td>收入决算表</td></tr></table></html>")
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def a_text(path: Path) -> Path:
    path.write_text("收入决算表\t1\n")
    return path


def another_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    return path


def locked_zip(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    return path


def far(row: bytes) -> Callable[[Path], Path]:
    """A cell at the far corner, in another spelling that readers understand."""
    return lambda path: with_sheet(path, HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row>' + row + TAIL)


FAR = {
    "single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "blanks": b'<row\nr = "1048576" ><c\n\tr =\n"XFD1048576" ><v>1</v></c></row>',
    "small letters": b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "a reference": b'<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "another order": b'<row r="1048576"><c s="0" t="n" r="XFD1048576"><v>1</v></c></row>',
    "another prefix": b'<y:row xmlns:y="y" r="1048576"><y:c r="XFD1048576"><y:v>1</y:v></y:c></y:row>',
    "the row alone": b'<row r="1048576"><c><v>1</v></c><c r="XFD1"><v>1</v></c></row>',
    "a text": b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    "a comment": b'<!-- <row r="1"> --><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "beyond": b'<row r="1"><c r="ZZZ9999999"><v>1</v></c></row>',
    "far beyond": b'<row r="1"><c r="ZZZZZZZ99999999999999"><v>1</v></c></row>',
    "the last number": b'<row r="4294967295"><c><v>1</v></c></row>',
}


def utf_16(path: Path) -> Path:
    sheet = (HEAD + FAR["single quotes"] + TAIL).decode().replace('"1.0"', '"1.0" encoding="UTF-16"', 1)
    return with_sheet(path, sheet.encode("utf-16"))


def other_case(path: Path) -> Path:
    """The relation names the part in other letters than the zip."""
    far_cell(path)
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1", b"Worksheets/Sheet1")
    return rewritten(path, {"xl/_rels/workbook.xml.rels": relations})


def one_part_for_many_sheets(path: Path) -> Path:
    far_row = b'<row r="120"><c r="XFD120"><v>1</v></c></row>'
    with_sheet(path, HEAD + far_row + TAIL)
    with zipfile.ZipFile(path) as archive:
        book, relations = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    sheets = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="x%d"/>' % (n, n + 9, n) for n in range(9))
    targets = b"".join(b'<Relationship Id="x%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                       b'worksheet" Target="worksheets/sheet1.xml"/>' % n for n in range(9))
    return rewritten(path, {"xl/workbook.xml": book.replace(b"</sheets>", sheets + b"</sheets>"),
                            "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", targets + b"</Relationships>")})


def many_sheets(path: Path) -> Path:
    return write_rows(path, {f"表{number}": [[1.0]] for number in range(501)})


def far_in_all_sheets(path: Path) -> Path:
    """Each for itself is within the bounds."""
    write_rows(path, {f"表{number}": [[1.0]] for number in range(3)})
    sheet = HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="120"><c r="XFD120"><v>1</v></c></row>' + TAIL
    return rewritten(path, {f"xl/worksheets/sheet{number}.xml": sheet for number in (1, 2, 3)})


def many_merged(path: Path) -> Path:
    return with_sheet(path, HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
                      + b'<mergeCell ref="A1:XFD1048576"/>' * 30000 + b"</mergeCells></worksheet>")


def many_percentages(path: Path) -> Path:
    row = b"".join(b'<c r="%c%%d" s="0"><v>1</v></c>' % (65 + at) for at in range(20))
    rows = b"".join(b'<row r="%d">%s</row>' % (number, row.replace(b"%d", b"%d" % number)) for number in range(1, 8001))
    return rewritten(with_sheet(path, HEAD + rows + TAIL), {
        "xl/styles.xml": b'<styleSheet><cellXfs><xf numFmtId="9"/></cellXfs></styleSheet>'})


def formulas_beside_cells(path: Path) -> Path:
    return with_sheet(path, HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row>' + b"<f/>" * 80000 + TAIL)


def one_text_in_many_cells(path: Path) -> Path:
    """One shared text of a megabyte, in 200 cells."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 201))
    return rewritten(with_sheet(path, HEAD + cells + TAIL), {
        "xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"})


def counted_wrong(path: Path) -> Path:
    return rewritten(with_sheet(path, HEAD + TAIL), {
        "xl/sharedStrings.xml": b'<sst count="4294967295" uniqueCount="18446744073709551615"></sst>'})


def laughs(path: Path) -> Path:
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(10))
    with_sheet(path, HEAD + b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + TAIL)
    return rewritten(path, {"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + entities + b"]><sst><si><t>&k;</t></si></sst>"})


def long_sheet_name(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    return rewritten(path, {"xl/workbook.xml": book.replace('name="表"'.encode(), b'name="' + b"x" * 3_000_000 + b'"')})


def overlapping(path: Path) -> Path:
    """Many entries of the zip, one and the same content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 10_000_000)
        first = archive.infolist()[0]
        for number in range(1000):
            entry = zipfile.ZipInfo(f"xl/{number}.xml")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type", "flag_bits"):
                setattr(entry, name, getattr(first, name))
            archive.filelist.append(entry)
    return path


def lying_zip64(path: Path) -> Path:
    write_rows(path, {"表": [["x"]]})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x05\x06")
    data[at + 8:at + 20] = b"\xff" * 12
    path.write_bytes(data)
    return path


REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (bomb, "MB"), (lying_bomb, ""), (empty_cells, ""), (far_cell, "1048576"), (entities, ""), (many_parts, "3"), (twice, ""),
    (broken_xml, ""), (cut_off, ""), (garbled, ""), (old_format, ".xlsx"), (encrypted, ""), (web_page, ".xlsx"),
    (nothing, ""), (a_text, ".xlsx"), (another_zip, ".xlsx"), (locked_zip, ""), (utf_16, "表"), (other_case, "1048576"),
    (one_part_for_many_sheets, "重复"), (many_sheets, "500"), (far_in_all_sheets, "合计"), (many_merged, "合并"), (many_percentages, "百分比"), (formulas_beside_cells, ""),
    (one_text_in_many_cells, "表"), (counted_wrong, "Excel"), (laughs, ""), (long_sheet_name, ""), (overlapping, ""),
    (lying_zip64, "")]  # fmt: skip


@pytest.mark.parametrize(("make", "word"), REFUSED, ids=[make.__name__ for make, _word in REFUSED])
def test_it_is_refused_with_a_word(make: Callable[[Path], Path], word: str, tmp_path: Path) -> None:
    with pytest.raises(BookError) as refused:
        read_book(str(make(tmp_path / "a.xlsx")))
    assert word in str(refused.value)
    assert "Traceback" not in str(refused.value)


@pytest.mark.parametrize("row", FAR.values(), ids=FAR)
def test_a_far_cell_is_refused_however_it_is_written(row: bytes, tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"工作表|没有读完"):
        read_book(str(far(row)(tmp_path / "a.xlsx")))


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc")
@pytest.mark.parametrize("make", [bomb, lying_bomb, empty_cells, far_cell, entities, one_text_in_many_cells,
                                  far(FAR["far beyond"]), many_merged], ids=range(8))
def test_it_is_refused_within_the_memory_of_a_small_machine(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """300 MiB in all, the program and its child included. (Seconds are for the benchmarks to tell.)"""
    path = make(tmp_path / "a.xlsx")
    script = textwrap.dedent("""
        import re, resource, sys
        from juesuan.core.importing.book import BookError, read_book
        try:
            read_book(sys.argv[1])
        except BookError:
            own = int(re.search("VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
            print(own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    """)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) // 1024 < 300


def test_a_large_but_honest_workbook_is_read(tmp_path: Path) -> None:
    rows = [[f"第{number}行", float(number), number / 100] for number in range(20000)]
    book = read_book(str(write_rows(tmp_path / "a.xlsx", {"表": rows})))
    assert len(book.sheets[0].rows) == 20000


def test_formats_to_the_end_of_the_sheet_do_no_harm(tmp_path: Path) -> None:
    sheet = HEAD + b'<row r="1"><c r="A1"><v>5</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>' + TAIL
    book = read_book(str(with_sheet(tmp_path / "a.xlsx", sheet)))
    assert book.sheets[0].value(0, 0) == 5.0


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        read_book(str(tmp_path / "a.xlsx"))


def test_what_is_read_is_what_was_looked_at(tmp_path: Path) -> None:
    """Nothing but parts that were checked reaches the reader: no macros, links, pictures."""
    from juesuan.core.importing.guards import guard

    path = with_sheet(tmp_path / "a.xlsx", HEAD + TAIL, **{
        "xl__externalLinks__externalLink1.xml": b"<x/>", "xl__vbaProject.bin": b"MZ", "xl__media__a.png": b"PNG"})
    with zipfile.ZipFile(guard(path.read_bytes()).packed) as archive:
        assert not [name for name in archive.namelist() if not name.endswith((".xml", ".rels")) or "external" in name]


