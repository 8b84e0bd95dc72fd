"""The whole report as text: pages, page numbers, the table of contents."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.document import (
    Block,
    Cell,
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
from juesuan.core.render.text import render
from juesuan.core.text.width import width

FOOTER = re.compile(r"^ *- (\d+) -$")
FIGURE = re.compile(r"(?<!\S)\d+\.\d\d(?!\S)")


def paragraph(text: str, indent: bool = True) -> Paragraph:
    return Paragraph((Run(text[:3]), Run(text[3:], "cell")), indent)


def table(name: str, rows: int, first: int = 0, columns: int = 2) -> Table:
    """A table whose figures are all different: first, first + 1 and so on, with two decimals."""
    heads = (
        Column("code", ("项目", "科目|编码"), "code", key=True),
        Column("name", ("项目", "科目名称"), "name", key=True),
        *(Column(f"c{n}", ("本年支出", f"第{n}列")) for n in range(columns)),
    )
    body = tuple(
        Row(
            (
                Cell(f"2{number:02}"),
                Cell("一般公共服务支出" + "预算" * (number % 9)),
                *(Cell(f"{first + number * columns + n}.00", "right", "x") for n in range(columns)),
            ),
            rule=number % 7 == 3,
        )
        for number in range(rows)
    )
    return Table(name, name, "公开01表", "部门：某局", "单位：万元", heads, body, ("注：本表反映支出。",))


REPORT = Document(
    "决算",
    (
        Cover(("2024年度", "三明市医疗保障局", "部门决算")),
        PageBreak(),
        Contents("目　录"),
        PageBreak(),
        Heading("overview", 1, "第一部分 ", "部门概况", True),
        Heading("duties", 2, "一、", "部门主要职责", True),
        paragraph("贯彻执行国家有关医疗保险、生育保险、医疗救助（以下统称医疗保障）等的法律法规和政策。"),
        paragraph("另有其他工作。"),
        PageBreak(),
        Heading("tables", 1, "第二部分 ", "部门决算表", True),
        Heading("t1", 2, "一、", "支出决算表", True),
        table("支出决算表", 2),
        Heading("note", 3, "（一）", "说明"),
        paragraph("没有说明。"),
    ),
)


def test_a_report() -> None:
    assert (
        render(REPORT, width=60)
        == """\
                          2024年度

                      三明市医疗保障局

                          部门决算


                           目　录

第一部分 部门概况 ........................................ 1
    一、部门主要职责 ..................................... 1
第二部分 部门决算表 ...................................... 2
    一、支出决算表 ....................................... 2


                     第一部分 部门概况

一、部门主要职责
　　贯彻执行国家有关医疗保险、生育保险、医疗救助（以下统称医
疗保障）等的法律法规和政策。
　　另有其他工作。

                           - 1 -


                    第二部分 部门决算表

一、支出决算表

                  支出决算表
                                      公开01表
部门：某局                          单位：万元
==============================================
           项目                  本年支出
--------------------------  ------------------
科目
编码        科目名称         第0列     第1列
----------------------------------------------
200   一般公共服务支出          0.00      1.00
201   一般公共服务支出预算      2.00      3.00
==============================================
注：本表反映支出。

（一）说明
　　没有说明。

                           - 2 -
"""
    )


def test_nothing_is_wrapped_without_a_width() -> None:
    long = "一般公共预算财政拨款支出决算，" * 30
    blocks = (Heading("h", 2, "一、", long), paragraph(long), paragraph(long, indent=False), table("表", 3, columns=40))
    lines = render(Document("", blocks), width=0).splitlines()
    assert lines[0] == f"一、{long}"
    assert lines[1:3] == [f"　　{long}", long]
    assert not any("续表" in line for line in lines)
    assert sum(len(FIGURE.findall(line)) == 40 for line in lines) == 3


def test_paragraphs_are_narrower_than_tables() -> None:
    text = render(Document("", (paragraph("决算" * 200), table("表", 1, columns=7))), width=120)
    assert max(width(line) for line in text.splitlines() if "决算决算" in line) == 76
    assert max(map(width, text.splitlines())) > 76


def test_a_page_has_just_so_many_lines() -> None:
    text = render(REPORT, width=60, page_lines=20)
    pages = text.split("\f")
    assert [page.count("\n") for page in pages] == [20] * 5
    cover, contents, first, second, third = (page.splitlines() for page in pages)
    assert [line.strip() for line in cover if line] == ["2024年度", "三明市医疗保障局", "部门决算"]
    assert cover.index(" " * 26 + "2024年度") == 4
    assert cover[-1] == contents[-1] == ""
    assert [line.split()[-1] for line in contents if "...." in line] == ["1", "1", "2", "2"]
    assert [page[-1].strip() for page in (first, second, third)] == ["- 1 -", "- 2 -", "- 3 -"]


def test_a_table_goes_on_under_its_head() -> None:
    text = render(Document("", (paragraph("甲"), table("支出表", 50))), width=60, page_lines=30)
    pages = [page.splitlines() for page in text.split("\f")]
    assert pages[0][2].strip() == "支出表"
    for page in pages[1:]:
        assert page[0].strip() == "支出表（续表）"
        assert page[1:9] == pages[0][3:11]
        assert not set(page[9]) <= {"-"}  # a row's own rule falls away below the head
    for page in pages:
        assert len([line for line in page if line and set(line) == {"="}]) == 2
        for above, line in pairwise(page):
            if re.match("203|210|217|224|231|238|245", line):
                assert set(above) == {"-"}
    assert text.count("注：本表反映支出。") == 1


def test_a_table_that_fits_on_a_page_is_not_torn() -> None:
    blocks = (paragraph("决算" * 300), Heading("h", 2, "一、", "表"), table("支出表", 8))
    pages = render(Document("", blocks), width=60, page_lines=30).split("\f")
    assert "一、表" not in pages[0]
    assert pages[1].splitlines()[0] == "一、表"
    assert pages[1].count("=\n") == 2


def test_a_row_taller_than_a_page_is_torn() -> None:
    columns = (Column("a", ("说明",), "text"), Column("b", ("金额",)))
    rows = (Row((Cell("短"), Cell("1.00", "right", "x"))), Row((Cell("决算" * 500), Cell("2.00", "right", "x"))))
    tall = Table("t", "表", "", "", "", columns, rows)
    text = render(Document("", (tall,)), width=40, page_lines=20)
    assert all(page.count("\n") == 20 for page in text.split("\f"))
    assert text.count("决") == 500
    assert FIGURE.findall(text) == ["1.00", "2.00"]


def test_a_head_taller_than_a_page_is_torn() -> None:
    columns = (Column("a", ("项目",), "name"), *(Column(str(n), ("决算|" * 40,)) for n in range(3)))
    rows = tuple(Row((Cell("甲"), *(Cell(f"{n}.0{i}", "right", "x") for i in range(3)))) for n in range(9))
    tall = Table("t", "表", "", "", "", columns, rows)
    text = render(Document("", (Heading("h", 1, "", "标题"), tall)), width=40, page_lines=20)
    assert all(page.count("\n") == 20 for page in text.split("\f"))
    assert FIGURE.findall(text) == [f"{n}.0{i}" for n in range(9) for i in range(3)]


@pytest.mark.parametrize("lines", [2, 3, 4, 5, 30, 39])
def test_no_line_of_a_paragraph_stands_alone(lines: int) -> None:
    paragraphs = [chr(0x4E00 + n) for n in range(40)]
    blocks = tuple(paragraph(char * (38 * lines - 2)) for char in paragraphs)
    pages = render(Document("", blocks), width=76, page_lines=21).split("\f")
    assert "".join(pages).count("\u4e00" * 36) == lines
    for page in pages:
        for char in paragraphs:
            assert sum(line.endswith(char) for line in page.splitlines()) != 1


def test_long_entries_of_the_contents_are_wrapped() -> None:
    title = "一般公共预算财政拨款“三公”经费支出决算情况说明和其他情况说明"
    blocks = (Contents("目录"), Heading("h", 2, "七、", title, True))
    lines = render(Document("", blocks), width=40).splitlines()
    assert lines[:6] == [
        "                  目录",
        "",
        "    七、一般公共预算财政拨款“三",
        "    公”经费支出决算情况说明和其他",
        "    情况说明 ......................... 1",
        "",
    ]


def test_the_contents_may_take_several_pages() -> None:
    sections = ((Heading(str(n), 2, f"{n}、", "决算", True), paragraph("决算")) for n in range(50))
    blocks = (Contents("目录"), *(block for section in sections for block in section))
    pages = render(Document("", blocks), page_lines=20).split("\f")
    assert [bool(FOOTER.match(page.splitlines()[-1])) for page in pages] == [False] * 3 + [True] * 9
    entries = [line.split() for page in pages[:3] for line in page.splitlines() if "..." in line]
    assert [entry[0] for entry in entries] == [f"{n}、决算" for n in range(50)]
    assert [int(entry[-1]) for entry in entries] == [n // 6 + 1 for n in range(50)]


def test_more_headings_than_a_page_has_room_for() -> None:
    headings = tuple(Heading(str(n), 2, f"{n}、", "决算", True) for n in range(30))
    pages = render(Document("", (*headings, paragraph("一\n二\n三"))), page_lines=20).split("\f")
    assert [line for page in pages for line in page.splitlines() if "决算" in line] == [f"{n}、决算" for n in range(30)]
    last = [line for line in pages[-1].splitlines() if line]
    assert last[-5:-1] == ["29、决算", "　　一", "　　二", "　　三"]


def test_what_stands_before_the_contents_has_no_number() -> None:
    blocks = (Heading("a", 1, "", "前言", True), Contents("目录"), Heading("b", 1, "", "正文", True))
    text = render(Document("", blocks))
    assert [line for line in text.splitlines() if line][1:3] == [" " * 36 + "目录", "前言"]
    assert re.search(r"^正文 \.+ 1$", text, re.M)
    assert re.findall(r"- \d+ -", text) == ["- 1 -"]


def test_odd_documents() -> None:
    assert render(Document("", ())) == "\n"
    assert render(Document("", (PageBreak(), PageBreak()))) == "\n"
    assert render(Document("", (Cover(()), Contents("")))) == "\n"
    assert render(Document("", (Cover(("甲",)),)), page_lines=20) == "\n" * 5 + " " * 37 + "甲\n"
    assert render(Document("", (paragraph(""),))) == "\n"


@pytest.mark.parametrize(
    "options", [{"width": -1}, {"width": 39}, {"page_lines": -1}, {"page_lines": 19}, {"ambiguous": 0}]
)
def test_options_out_of_range_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        render(REPORT, **options)


# --- whatever the document ---

TEXTS = st.text(st.sampled_from("决算支出，。“”（）12.万元"), max_size=200)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Reports with a contents, and with titles and figures that are found again."""
    blocks: list[Block] = draw(st.lists(st.just(Cover(("甲", "乙"))), max_size=1))
    blocks.append(Contents("目录"))
    figures = 0
    for number in range(draw(st.integers(1, 30))):
        kind = draw(st.sampled_from(["heading", "heading", "text", "text", "table", "break"]))
        if len(blocks) > 4 and all(isinstance(block, Heading) for block in blocks[-4:]):
            kind = "text"  # more headings in a row than four levels need might fill a page
        if kind == "heading":
            blocks.append(Heading(f"h{number}", draw(st.integers(1, 4)), f"{number}节", "题目", draw(st.booleans())))
        elif kind == "text":
            blocks.append(paragraph(draw(TEXTS), draw(st.booleans())))
        elif kind == "table":
            rows, columns = draw(st.integers(0, 30)), draw(st.integers(1, 8))
            blocks.append(table(f"{number}表", rows, figures, columns))
            figures += rows * columns
        else:
            blocks.append(PageBreak())
    return Document("", tuple(blocks), draw(st.sampled_from([None, Draft(62, 3)])))


WIDTHS = st.sampled_from([0, 40, 60, 80, 120])
PAGE_LINES = st.just(0) | st.integers(20, 60)


def numbered_pages(text: str, page_lines: int) -> dict[int, list[str]]:
    """The lines of every page that bears a number."""
    if page_lines:
        pages = [page.splitlines() for page in text.split("\f")]
    else:
        pages, lines = [], []
        for line in text.splitlines():
            if line == "" and lines[-1:] == [""]:
                pages.append(lines)
                lines = []
            lines.append(line)
        pages.append(lines)
    return {int(found[1]): page for page in pages if page and (found := FOOTER.match(page[-1] or page[-2]))}


@settings(deadline=None, max_examples=100)
@given(documents(), WIDTHS, PAGE_LINES)
def test_the_contents_tell_the_right_pages(document: Document, limit: int, page_lines: int) -> None:
    text = render(document, width=limit, page_lines=page_lines)
    listed = [block for block in document.blocks if isinstance(block, Heading) and block.listed]
    entries = re.findall(r"^ *(\d+节)题目 \.+ +(\d+)$", text, re.M)
    assert [number for number, _ in entries] == [heading.number for heading in listed]
    pages: dict[str, int] = {}
    page = 1
    for line in text.partition("目录")[2].splitlines():
        if found := FOOTER.match(line):
            assert int(found[1]) == page
            page += 1
        elif heading := re.fullmatch(r" *(\d+节)题目", line.strip("\f")):
            pages[heading[1]] = page
    for number, told in entries:
        assert pages[number] == int(told)


@settings(deadline=None, max_examples=100)
@given(documents(), WIDTHS, st.integers(20, 60))
def test_pages_are_full_and_no_heading_ends_one(document: Document, limit: int, page_lines: int) -> None:
    text = render(document, width=limit, page_lines=page_lines)
    pages = text.split("\f")
    assert all(page.count("\n") == page_lines for page in pages[:-1])
    ends = set()  # the headings that nothing follows
    blocks = [*document.blocks, PageBreak()]
    for block, following in pairwise(blocks):
        empty = isinstance(following, Paragraph) and not following.text.strip("\n")
        if isinstance(block, Heading) and (isinstance(following, PageBreak) or empty):
            ends.add(block.number + block.title)
    for page in pages:
        lines = [line.strip() for line in page.splitlines() if line and not FOOTER.match(line)]
        if lines and re.fullmatch(r"\d+节题目", lines[-1]):
            assert lines[-1] in ends


@settings(deadline=None, max_examples=100)
@given(documents(), WIDTHS, PAGE_LINES, st.sampled_from([1, 2]))
def test_no_figure_and_no_word_is_lost(document: Document, limit: int, page_lines: int, ambiguous: int) -> None:
    text = render(document, width=limit, ambiguous=ambiguous, page_lines=page_lines)
    assert text == render(document, width=limit, ambiguous=ambiguous, page_lines=page_lines)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    wanted = [cell.text for block in tables for row in block.rows for cell in row.cells if cell.address]
    rows = [line for line in text.splitlines() if re.match(r" *\f?2\d\d  ", line)]
    assert sorted(figure for row in rows for figure in FIGURE.findall(row)) == sorted(wanted)
    for block in document.blocks:
        if isinstance(block, Paragraph) and not page_lines:
            assert re.sub(r"\s", "", block.text) in re.sub(r"\s", "", text)
    assert text.endswith("\n")
    assert text == "\n" or not text.endswith("\n\n")
    assert not any(line != line.rstrip() for line in text.replace("\f", "").split("\n"))


ANY = st.text(st.characters(codec=None) | st.sampled_from("\t\r\n\f\x1b\u202e\u2028甲乙 \u00a0\u3000|"), max_size=20)


@settings(deadline=None, max_examples=200)
@given(st.lists(ANY, min_size=16, max_size=16), WIDTHS, PAGE_LINES)
def test_text_stays_inert(texts: list[str], limit: int, page_lines: int) -> None:
    a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q = texts
    columns = (Column("a", (a, b), "name"), Column("b", (c,)), Column("c", (), "text"))
    body = (Row((Cell(d), Cell(e, address="x"), Cell(f))), Row((Cell(g, "center", columns=2), Cell(h, "right"))))
    blocks: tuple[Block, ...] = (
        Cover((i, j)),
        Contents(k),
        Heading("h", 1, m, n, True),
        paragraph(o),
        Heading("g", 2, n, m, True),
        paragraph(p, indent=False),
        Table("t", q, a, b, c, columns, body, (d,)),
    )
    text = render(Document("", blocks), width=limit, page_lines=page_lines)
    text.encode()
    for char in set(text) - {"\n"} - ({"\f"} if page_lines else set()):
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    assert text == "\n" or not text.endswith("\n\n")
    assert not any(line != line.rstrip() for line in text.replace("\f", "").split("\n"))
    if page_lines:
        assert all(page.count("\n") == page_lines for page in text.split("\f")[:-1])
