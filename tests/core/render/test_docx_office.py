"""LibreOffice opens the Word documents of the examples: every figure is there, on one line, whatever font
takes the place of Times New Roman, and the table of contents tells the pages on which the headings really
stand."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import docx
import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Block, Cell, Column, Contents, Document, Heading, PageBreak, Row, Table
from juesuan.core.opening import open_report
from juesuan.core.render.docx import render
from lxml import etree

from ...needed import fonts, program
from ...office import convert, profile
from .reading_docx import read_docx

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))
FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
NUMBER = re.compile(r"—\s*(\d+)\s*—")


def packed(text: str) -> str:
    return "".join(text.split())


def pdfs(documents: dict[str, Document], folder: Path, latin: str) -> dict[str, Path]:
    """Documents as LibreOffice prints them where `latin` takes the place of Times New Roman."""
    program("poppler-utils", "pdftotext")
    seen = fonts(folder / "fonts", latin)
    files = [folder / f"{name}.docx" for name in documents]
    for file, document in zip(files, documents.values()):
        file.write_bytes(render(document))
    convert(files, "pdf", folder / "pdf", profile(folder / "profile"), seen)
    made = {name: folder / "pdf" / f"{name}.pdf" for name in documents}
    used = {line.split()[0].partition("+")[2] for file in made.values()
            for line in printed_by("pdffonts", file).splitlines()[2:]}  # fmt: skip
    assert any(name.startswith(latin.replace(" ", "")) for name in used), used
    others = [name for name in ("Liberation", "DejaVu") if not latin.startswith(name)]
    assert not [name for name in used if name.startswith(tuple(others))], used
    return made


def printed_by(reader: str, file: Path, *options: str) -> str:
    """What one of poppler's programs tells of a file."""
    done = subprocess.run([program("poppler-utils", reader), *options, file, *["-"] * (reader == "pdftotext")],
                          check=True, capture_output=True)  # fmt: skip
    return done.stdout.decode()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The pages of every example as text, in a font of Times New Roman's widths."""
    made = pdfs({path.stem: compose(open_report(path)) for path in EXAMPLES}, tmp_path_factory.mktemp("office"),
                "Liberation Serif")  # fmt: skip
    return {name: printed_by("pdftotext", file, "-layout").split("\f") for name, file in made.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_figure_is_printed(example: Path, printed: dict[str, list[str]]) -> None:
    wanted = Counter(FIGURE.findall("\n".join(read_docx(render(compose(open_report(example)))))))
    found = Counter(FIGURE.findall("\n".join(printed[example.stem])))
    # A long label may be broken within a number; a figure of money or a share never is.
    missing = {figure: count for figure, count in (wanted - found).items() if "." in figure or len(figure) > 4}
    assert not missing


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_contents_are_right_when_first_seen(example: Path, printed: dict[str, list[str]]) -> None:
    numbered = [(int(found[-1]), packed(page)) for page in printed[example.stem] if (found := NUMBER.findall(page))]
    assert [number for number, _page in numbered] == list(range(1, len(numbered) + 1))
    document = compose(open_report(example))
    entries = re.findall(r"^(.+?)(\d+)$", "\n".join(told(render(document))), re.MULTILINE)
    listed = [block for block in document.blocks if isinstance(block, Heading) and block.listed]
    contents = any(isinstance(block, Contents) for block in document.blocks)
    assert len(entries) == len(listed) * contents
    at = 0
    for heading, number in entries:
        where = next(n for n in range(at, len(numbered)) if packed(heading) in numbered[n][1])
        assert numbered[where][0] == int(number), heading
        at = where


def told(data: bytes) -> list[str]:
    """The entries of the table of contents, each with its page."""
    made = docx.Document(io.BytesIO(data))
    return ["".join(node.text or "" for node in p._p.iter() if node.tag.endswith("}t"))
            for p in made.paragraphs if p.style.name.startswith("toc ")]  # fmt: skip


# ── in another font ──


class Word(NamedTuple):
    """A stretch of text on a page, without blanks, in points from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def wide(columns: int, figure: str, label: str = "本年支出") -> Table:
    """A form full of long figures: a code, a name, figures, a share, a row that is a total, a cell over two
    columns, a text that holds numbers."""
    heads = (Column("code", ("科目|编码",), "code"), Column("name", ("科目名称",), "name"),
             *(Column(str(n), (label, f"第{n}"), "figure") for n in range(columns)),
             Column("share", ("占比",), "code"), Column("note", ("说明",), "text"))  # fmt: skip
    cells = [Cell(figure, address="x") for _n in range(columns)]
    rows = [
        Row((Cell("合计", "center", columns=2), *cells, Cell("100.00%", "center"), Cell("")), strong=True),
        Row((Cell("2080505"), Cell("机关事业单位基本养老保险缴费支出"), *cells, Cell("100.00%", "center"),
             Cell("其中2080505为1,234,567.89元"))),
        Row((Cell("2080505"), Cell("离退休"), Cell(figure, "right", columns=2), *cells[2:], Cell("-66.67%", "center"),
             Cell("无"))),
    ]  # fmt: skip
    return Table(f"t{columns}", "支出决算表", "公开03表", "部门：某局", "单位：元", heads, tuple(rows))


def hostile() -> Document:
    blocks: list[Block] = []
    for columns in (2, 3, 5, 8, 12, 16, 20):
        for figure in ("1.50", "207150.81", "-1,234,567.89", "12345678901.23"):
            blocks += [wide(columns, figure), PageBreak()]
    return Document("题", tuple(blocks))


def told_figures(document: Document) -> Counter[str]:
    """The figures and codes that the tables of a document print, those within texts, too."""
    return Counter(figure for block in document.blocks if isinstance(block, Table)
                   for row in block.rows for cell in row.cells for figure in FIGURE.findall(cell.text))  # fmt: skip


@pytest.fixture(scope="module")
def substituted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Document, list[Word]]]:
    """The tables of the examples, and others, in DejaVu Serif, a quarter wider than Times New Roman."""
    documents = {path.stem: compose(open_report(path)) for path in EXAMPLES} | {"hostile": hostile()}
    tables = {}
    for name, document in documents.items():
        blocks = [block for block in document.blocks if isinstance(block, Table)]
        tables[name] = Document("题", tuple(part for block in blocks for part in (block, PageBreak())))
    made = pdfs(tables, tmp_path_factory.mktemp("substituted"), "DejaVu Serif")
    found = {}
    for name, file in made.items():
        words = []
        pages = etree.fromstring(printed_by("pdftotext", file, "-bbox").encode()).iter("{*}page")
        for number, page in enumerate(pages, 1):
            for word in page.iter("{*}word"):
                edges = (float(word.get(edge)) for edge in ("xMin", "yMin", "xMax", "yMax"))
                words.append(Word(number, *edges, word.text or ""))
        found[name] = tables[name], words
    return found


NAMES = [*(path.stem for path in EXAMPLES), "hostile"]


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_and_no_code_breaks_in_a_wider_font(
        name: str, substituted: dict[str, tuple[Document, list[Word]]]) -> None:
    document, words = substituted[name]
    wanted = told_figures(document)
    assert sum(wanted.values()) > 40
    assert not wanted - Counter(figure for word in words for figure in FIGURE.findall(word.text))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_set_over_another_in_a_wider_font(
        name: str, substituted: dict[str, tuple[Document, list[Word]]]) -> None:
    _document, words = substituted[name]
    pages: dict[int, list[Word]] = {}
    for word in words:
        pages.setdefault(word.page, []).append(word)
    over = []
    for page in pages.values():
        page.sort(key=lambda word: word.left)
        for number, one in enumerate(page):
            for other in page[number + 1 :]:
                if other.left > one.right - 0.5:
                    break
                low, high = max(one.top, other.top), min(one.bottom, other.bottom)
                if high - low > 0.6 * min(one.bottom - one.top, other.bottom - other.top):
                    over.append((one, other))
    assert not over
