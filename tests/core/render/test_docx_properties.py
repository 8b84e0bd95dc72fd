"""Whatever the document: the Word file opens, says the same, is sound; its pages are counted rightly."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator

import docx
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Contents,
    Cover,
    Document,
    Draft,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
)
from juesuan.core.render.docx import render
from juesuan.core.render.docx.measure import lines, width
from juesuan.core.render.docx.paging import Box, Lines, NewPage, Rows, pages

from .ooxml import grid_faults, order_faults
from .reading_docx import W, read_docx

ODD = "&<>\"'|\n　 \x00\x1b\u202e\ufffe\U0001f600"
TEXTS = st.text(st.sampled_from("决算支出，。“”（）—…12.万元" + ODD) | st.characters(), max_size=80)
WORDS = st.text(st.sampled_from("一般公共预算财政拨款支出（）、：|"), min_size=1, max_size=14)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables with a head of up to three levels, or none; cells over rows and columns."""
    count, height = draw(st.integers(1, 16)), draw(st.integers(0, 6))
    kinds = st.sampled_from(["figure", "figure", "name", "code", "text"])
    heads = st.lists(WORDS | st.just("同"), max_size=3)
    headed = draw(st.booleans())
    columns = tuple(Column(str(n), tuple(draw(heads)) if headed else (), draw(kinds), n // 5) for n in range(count))
    taken: set[tuple[int, int]] = set()
    rows = []
    for y in range(height):
        cells = []
        for x in range(count):
            if (y, x) in taken:
                continue
            across = draw(st.sampled_from([1, 1, 1, 2, 3]))
            while x + across > count or any((y, x + i) in taken for i in range(across)):
                across -= 1
            down = draw(st.sampled_from([1, 1, 1, 2]))
            taken |= {(y + j, x + i) for i in range(across) for j in range(down)}
            align = draw(st.sampled_from(["left", "center", "right"]))
            cells.append(Cell(draw(TEXTS), align, draw(st.sampled_from(["", "a.b.c"])), across, down))
        rows.append(Row(tuple(cells), draw(st.booleans())))
    texts = [draw(TEXTS) for _ in range(4)]
    return Table("t", *texts, columns, tuple(rows), tuple(draw(st.lists(TEXTS, max_size=2))))


BARS = st.builds(Bar, TEXTS, st.decimals(-(10**9), 10**9, places=2), TEXTS)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(lambda lines: Cover(tuple(lines)), st.lists(TEXTS, max_size=3)),
    st.builds(Contents, TEXTS),
    st.just(PageBreak()),
    st.builds(Heading, st.just("h"), st.integers(1, 5), TEXTS, TEXTS, st.booleans()),
    st.builds(lambda texts, indent: Paragraph(tuple(map(Run, texts)), indent), st.lists(TEXTS, max_size=3),
              st.booleans()),
    tables(),
    st.builds(lambda kind, title, bars: Chart("c", kind, title, "万元", tuple(bars)),
              st.sampled_from(["totals", "shares", "bars"]), TEXTS, st.lists(BARS, max_size=5)),
)  # fmt: skip
DOCUMENTS = st.builds(lambda title, blocks, draft: Document(title, tuple(blocks), draft), TEXTS,
                      st.lists(BLOCKS, max_size=8), st.sampled_from([None, Draft(62, 3)]))


UNSEEN = re.compile("[\\s|\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]")


def bare(text: str) -> str:
    """A text without what is not seen."""
    return "".join(char for char in UNSEEN.sub("", text) if unicodedata.category(char) not in ("Cc", "Cs", "Cf"))


def said(document: Document) -> Iterator[str]:
    """All that a document says, in reading order; the head of a table in the order of its cells."""
    for block in document.blocks:
        if isinstance(block, Cover):
            yield from block.lines
        elif isinstance(block, Contents):
            yield block.title
        elif isinstance(block, Heading):
            yield block.number + block.title
        elif isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (block.title, block.form, block.left, block.right)
            yield from head(block.columns)
            yield from (cell.text for row in block.rows for cell in row.cells)
            yield from block.notes
        elif isinstance(block, Chart):
            yield block.title
            yield from (text for bar in block.bars for text in (bar.label, bar.text))


def head(columns: tuple[Column, ...]) -> Iterator[str]:
    """The labels from the top level down, equal neighbours once."""
    for level in range(max((len(column.header) for column in columns), default=0)):
        before: tuple[tuple[str, ...], bool] | None = None
        for column in columns:
            here = (column.header[: level + 1], len(column.header) == level + 1)
            if len(column.header) > level and here != before:
                yield column.header[level]
            before = here if len(column.header) > level else None


@settings(deadline=None, max_examples=150)
@given(DOCUMENTS)
def test_it_opens_and_says_what_the_document_says(document: Document) -> None:
    data = render(document)
    made = docx.Document(io.BytesIO(data))
    root = made.element
    assert not order_faults(root)
    assert not grid_faults(root)
    assert len(made.sections) >= 1
    assert bare("".join(read_docx(data))) == bare("".join(said(document)))
    assert render(document) == data


@settings(deadline=None, max_examples=60)
@given(DOCUMENTS)
def test_contents_list_what_is_listed(document: Document) -> None:
    """Once for each table of contents, in order, each with a bookmark that is there."""
    root = docx.Document(io.BytesIO(render(document))).element
    wanted = [bare(b.number + b.title) for b in document.blocks if isinstance(b, Heading) and b.listed]
    wanted = [text for b, text in zip([b for b in document.blocks if isinstance(b, Heading) and b.listed], wanted)
              if "".join(c for c in b.number + b.title if c.isprintable()).strip()]  # fmt: skip
    links = list(root.iter(f"{W}hyperlink"))
    marks = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
    times = sum(isinstance(block, Contents) for block in document.blocks)
    assert {link.get(f"{W}anchor") for link in links} <= marks
    assert len(links) % max(times, 1) == 0
    assert len(links) >= len(wanted) * times
    assert bool(links) <= bool(times)


# ── lines and pages ──


CHINESE = st.text(st.sampled_from("决算支出，。“”（）、—12.50%万元ABC "), max_size=300)


@settings(deadline=None, max_examples=200)
@given(CHINESE, st.sampled_from([(8845, 32), (3000, 21), (900, 18), (300, 15)]))
def test_lines_are_as_many_as_the_text_is_long(text: str, page: tuple[int, int]) -> None:
    room, size = page
    count = lines(text, room, size)
    whole = width(text.strip(" "), size)
    assert count >= max(1, -(-(whole - 2 * size * 10 * (text.count("，") > 0)) // room) // 2)
    assert count <= max(1, len(text))
    assert lines(text, room, size) <= lines(text + "支出", room, size)


BOXES: st.SearchStrategy[Box] = st.one_of(
    st.builds(Lines, st.sampled_from([579, 300]), st.integers(1, 40), st.integers(0, 300), st.integers(0, 300)),
    st.builds(Lines, st.just(579), st.integers(1, 3), st.just(0), st.just(0), st.just(True)),
    st.builds(Rows, st.integers(0, 900), st.lists(st.integers(200, 20000), max_size=60).map(tuple)),
    st.sampled_from([NewPage(12757), NewPage(8845)]),
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(BOXES, max_size=30))
def test_pages_never_go_back_and_hold_what_there_is(boxes: list[Box]) -> None:
    marked = [box._replace(mark=str(n)) if isinstance(box, Lines) and box.keep else box for n, box in enumerate(boxes)]
    found = pages(marked, 12757)
    order = [found[box.mark] for box in marked if isinstance(box, Lines) and box.keep]
    assert order == sorted(order)
    total = sum(box.height * box.lines for box in boxes if isinstance(box, Lines))
    breaks = sum(isinstance(box, NewPage) for box in boxes)
    assert all(page >= 1 for page in order)
    if not any(isinstance(box, Rows) for box in boxes):
        assert max(order, default=1) <= 1 + breaks + len(boxes) + total // 4000


def test_where_headings_stand() -> None:
    line = Lines(579)
    heading = Lines(579, keep=True, mark="h")
    page = [line] * 20
    assert pages([*page, heading, line], 12757) == {"h": 1}
    assert pages([*page, line, heading, line], 12757) == {"h": 2}  # it stays with what follows
    assert pages([*page, heading, Lines(579, 5)], 12757) == {"h": 2}  # two lines of that at least
    assert pages([*page, heading, Rows(290, (300, 300))], 12757) == {"h": 1}
    assert pages([*page, heading, Rows(290, (300, 300), whole=True)], 12757) == {"h": 2}
    assert pages([line, NewPage(8845), NewPage(12757), heading], 12757) == {"h": 2}


def test_lines_by_the_rules_of_line_breaking() -> None:
    room = 315 * 28  # a line of text
    assert lines("字" * 28, room, 32) == 1
    assert lines("字" * 29, room, 32) == 2
    assert lines("字" * 26, room, 32, 630) == 1
    assert lines("字" * 27, room, 32, 630) == 2
    assert lines("字" * 28 + "。", room, 32) == 1  # it stands past the margin
    assert lines("字" * 28 + "）", room, 32) == 2
    assert lines("字" * 26 + "100%。", room, 32) == 2  # but not after a number
    assert lines("字" * 13 + "2字" * 7, room, 32) == 1
    assert lines("字" * 13 + "2字" * 8, room, 32) == 2  # there is room between Chinese and figures
    assert lines("字" * 27 + "6210.66万元", room, 32) == 2
    assert lines("", room, 32) == 1
    assert lines("0" * 200, room, 32) == 200 * 155 // room + 1
