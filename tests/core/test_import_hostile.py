# ruff: noqa: E501 - rows of sheets stand on a line each
"""Workbooks that come from anywhere: a clear word, soon, and without filling the memory."""

from __future__ import annotations

import io
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
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    parts |= {name.replace("__", "/"): content for name, content in others.items()}
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


REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (bomb, "MB"), (lying_bomb, ""), (empty_cells, ""), (far_cell, "1048576"), (entities, ""), (many_parts, "3"), (twice, ""),
    (broken_xml, ""), (cut_off, ""), (garbled, ""), (old_format, ".xlsx"), (encrypted, ""), (web_page, ".xlsx"),
    (nothing, ""), (a_text, ".xlsx"), (another_zip, ".xlsx"), (locked_zip, "")]  # fmt: skip


@pytest.mark.parametrize(("make", "word"), REFUSED, ids=[make.__name__ for make, _word in REFUSED])
def test_it_is_refused_with_a_word(make: Callable[[Path], Path], word: str, tmp_path: Path) -> None:
    with pytest.raises(BookError) as refused:
        read_book(str(make(tmp_path / "a.xlsx")))
    assert word in str(refused.value)
    assert "Traceback" not in str(refused.value)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc")
@pytest.mark.parametrize("make", [bomb, lying_bomb, empty_cells, far_cell, entities], ids=lambda make: make.__name__)
def test_it_is_refused_within_the_memory_of_a_small_machine(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """300 MiB in all, Python and the program included. (Seconds are for the benchmarks to tell.)"""
    path = make(tmp_path / "a.xlsx")
    script = textwrap.dedent("""
        import re, sys
        from juesuan.core.importing.book import BookError, read_book
        try:
            read_book(sys.argv[1])
        except BookError:
            print(re.search("VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
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
    with zipfile.ZipFile(io.BytesIO(guard(path.read_bytes()).data)) as archive:
        assert not [name for name in archive.namelist() if not name.endswith((".xml", ".rels")) or "external" in name]


