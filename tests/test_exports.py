"""Every kind of report of every example has the figures of the text report, in the same order.

A kind whose bytes are no text joins by a reader in READERS, which gives what stands on its pages
from the first to the last, without the table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Document
from juesuan.core.opening import open_report
from juesuan.core.render import KINDS, export
from juesuan.core.report import Report

from .core.render.reading_docx import read_docx

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.toml"))
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def of_text(data: bytes) -> str:
    """Without the entries of the contents and the numbers of pages."""
    return "\n".join(line for line in data.decode("utf-8").split("\n")
                     if not re.search(r" \.{3,} *\d+$|^ *- \d+ -$", line))


def of_markdown(data: bytes) -> str:
    lines = (line for line in data.decode("utf-8").split("\n") if not re.match(r" *- \[.*\]\(#", line))
    return re.sub(r"\\(.)", r"\1", "\n".join(lines))


def of_html(data: bytes) -> str:
    page = re.sub(r"(?s)^.*<main>|<nav.*?</nav>", "", data.decode("utf-8"))
    return unescape(re.sub(r"<[^>]+>", "\n", page.replace("<wbr>", "")))


def of_docx(data: bytes) -> str:
    return "\n".join(read_docx(data))


def of_xlsx(data: bytes) -> str:
    """The sheets of a workbook but for those of facts, row by row, numbers as they are shown."""
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(BytesIO(data)) as package:
        def part(name: str) -> Element:
            return fromstring(package.read(f"xl/{name}.xml"))

        styles = part("styles")
        patterns = {style.get("numFmtId"): style.get("formatCode", "")
                    for style in styles.iterfind(".//m:numFmt", names)}
        looks = [patterns.get(style.get("numFmtId"), "") for style in styles.iterfind("m:cellXfs/m:xf", names)]
        texts = ["".join(text.itertext()) for text in part("sharedStrings").iterfind("m:si", names)]
        shown = []
        for number, sheet in enumerate(part("workbook").iterfind("m:sheets/m:sheet", names), 1):
            if sheet.get("name", "").startswith("数据·"):
                continue
            page = part(f"worksheets/sheet{number}")
            contents = {link.get("ref") for link in page.iterfind(".//m:hyperlink", names)}
            for cell in page.iterfind(".//m:c", names):
                value = cell.findtext("m:v", "", names)
                if value and cell.get("r") not in contents:
                    kind = cell.get("t")
                    shown.append(texts[int(value)] if kind == "s" else value if kind == "str" else
                                 of_number(float(value), looks[int(cell.get("s", "0"))]))
    return "\n".join(shown)


def of_number(value: float, pattern: str) -> str:
    decimals = len(pattern.partition(".")[2].removesuffix('"%"'))
    text = f"{value:,.{decimals}f}" if pattern else f"{value:.12g}"
    return (text if "," in pattern else text.replace(",", "")) + "%" * ("%" in pattern)


READERS: dict[str, Callable[[bytes], str]] = {"docx": of_docx, "xlsx": of_xlsx, "markdown": of_markdown,
                                                "html": of_html}
WITHOUT = {"text", "json"}  # the one is what all others are held against, the other says what is in the report


@cache
def composed(path: Path) -> tuple[Document, Report]:
    report = open_report(path)
    return compose(report), report


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) | WITHOUT == set(KINDS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", READERS)
def test_the_figures_are_those_of_the_text_report(kind: str, path: Path) -> None:
    expected = FIGURE.findall(of_text(export("text", *composed(path), width=0)))
    assert len(expected) > 100
    assert FIGURE.findall(READERS[kind](export(kind, *composed(path)))) == expected
