"""What a reader of a Word document sees, in reading order: paragraphs, cells, bars of charts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def read_docx(data: bytes) -> list[str]:
    """The paragraphs of a Word document, those in tables and the bars of charts among them; without
    the entries of the table of contents."""
    with ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    relations = {
        relation.get("Id"): relation.get("Target")
        for relation in etree.fromstring(parts["word/_rels/document.xml.rels"]).iter(f"{RELATIONS}Relationship")
    }
    texts = []
    for paragraph in etree.fromstring(parts["word/document.xml"]).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val").startswith("TOC"):
            continue
        texts.append("".join(_runs(paragraph)))
        for chart in paragraph.iter(f"{C}chart"):
            texts += read_chart(parts["word/" + relations[chart.get(f"{R}id")]])
    return texts


def _runs(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{W}t", f"{W}tab"):
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.getparent().tag == f"{W}r":
            yield "\t"


def read_chart(data: bytes) -> list[str]:
    """The bars of a chart: name, and the figure beside it."""
    root = etree.fromstring(data)
    names = [point.findtext(f"{C}v") or "" for point in root.iterfind(f".//{C}cat//{C}pt")]
    beside = {int(label.find(f"{C}idx").get("val")): "".join(label.itertext(f"{A}t"))
              for label in root.iter(f"{C}dLbl")}  # fmt: skip
    return [f"{name} {beside.get(number, '')}" for number, name in enumerate(names)]
