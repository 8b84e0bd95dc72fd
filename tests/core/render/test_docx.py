"""A report as a Word document: page, styles, contents, tables, charts; whole, valid and inert."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from juesuan.core.compose import compose
from juesuan.core.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
)
from juesuan.core.opening import open_report
from juesuan.core.render.docx import render
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator

from .documents import EVERYTHING, HOSTILE, document
from .ooxml import grid_faults, order_faults
from .reading_docx import C, R, W, read_docx

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))

FONTS = {"方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"}


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def part(data: bytes, name: str) -> etree._Element:
    return etree.fromstring(parts(data)[name])


def body(*blocks: Block) -> etree._Element:
    """The body of a document of some blocks."""
    return part(render(Document("题", blocks)), "word/document.xml")[0]


def text(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))


def styles(element: etree._Element) -> list[str]:
    """The styles of its paragraphs."""
    return [style.get(f"{W}val") for style in element.iter(f"{W}pStyle")]


def words(string: str, indent: bool = True) -> Paragraph:
    return Paragraph((Run(string),), indent)


def form(columns: int, rows: int = 3, label: str = "本年支出", name: str = "医疗保障管理事务支出") -> Table:
    """A form of one name and so many columns of figures."""
    heads = [Column("name", ("项目",), "name")]
    heads += [Column(str(n), (label, f"第{n}"), "figure") for n in range(columns)]
    made = [Row((Cell(name), *(Cell("1234567.89", address="x") for _n in range(columns)))) for _row in range(rows)]
    return Table("t", "支出决算表", "公开03表", "部门：某局", "单位：万元", tuple(heads), tuple(made))


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> tuple[Document, bytes]:
    document = compose(open_report(request.param))
    return document, render(document)


# ── the file ──


def test_every_part_is_sound(example: tuple[Document, bytes]) -> None:
    _document, data = example
    files = parts(data)
    assert all(len(etree.fromstring(content)) for content in files.values())  # each is XML
    for name in files:
        if name.startswith("word/") and name.endswith(".xml"):
            assert not order_faults(etree.fromstring(files[name])), name
    root = etree.fromstring(files["word/document.xml"])
    assert not grid_faults(root)
    known = {style.get(f"{W}styleId") for style in etree.fromstring(files["word/styles.xml"]).iter(f"{W}style")}
    assert set(styles(root)) <= known
    relations = etree.fromstring(files["word/_rels/document.xml.rels"])
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in relations}
    assert set(targets.values()) <= set(files)
    used = [value for node in root.iter() for key, value in node.attrib.items() if key == f"{R}id"]
    assert set(used) <= set(targets)
    ids = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["linfen-2021", "panzhihua-dongqu-2023", ""])  # turned pages, charts, hostile texts
def test_it_is_valid(name: str, tmp_path: Path) -> None:
    """By the rules of Microsoft's own validator (schema and semantics), as far as openxml-audit has them."""
    hostile = document(*(block for text in HOSTILE for block in (Heading("h", 2, "", text, True), words(text))))
    made = compose(open_report(ROOT / f"examples/{name}.toml")) if name else hostile
    (tmp_path / "a.docx").write_bytes(render(made._replace(blocks=(*made.blocks, *EVERYTHING.blocks))))
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(tmp_path / "a.docx"))
    assert result.is_valid
    assert [str(error) for error in result.errors] == []


def test_the_same_document_is_the_same_bytes_on_every_day(tmp_path: Path) -> None:
    script = "import sys; from juesuan import cli; sys.exit(cli.main(['export', sys.argv[1], '-o', sys.argv[2]]))"
    made = []
    for zone, seed in (("Asia/Shanghai", "1"), ("America/Lima", "2")):
        out = tmp_path / f"{seed}.docx"
        subprocess.run([sys.executable, "-c", script, str(EXAMPLES[0]), str(out)], check=True, capture_output=True,
                       env={"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"})  # fmt: skip
        made.append(out.read_bytes())
    assert made[0] == made[1]
    with ZipFile(io.BytesIO(made[0])) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = docx.Document(io.BytesIO(made[0])).core_properties
    assert (core.created, core.modified, core.last_modified_by) == (None, None, "")


def test_whom_it_tells_of_itself() -> None:
    core = docx.Document(io.BytesIO(render(Document("2024年度<某局>部门决算", (words("一"),))))).core_properties
    assert (core.title, core.author, core.language) == ("2024年度<某局>部门决算", "", "zh-CN")


# ── page and type ──


def test_the_page_is_the_standard_s() -> None:
    made = docx.Document(io.BytesIO(render(Document("", (words("正文"),)))))
    (section,) = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    edges = [round(edge.mm) for edge in (section.top_margin, section.left_margin, section.right_margin)]
    assert edges == [37, 28, 26]
    wide = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin
    assert (round(wide.mm if hasattr(wide, "mm") else wide / 36000), round(high / 36000)) == (156, 225)
    # 22 lines of 28 characters
    style = made.styles["Body Text"]
    squeezed = int(style.element.find(f".//{W}rPr/{W}spacing").get(f"{W}val")) / 20
    assert wide / 12700 / (style.font.size.pt + squeezed) == pytest.approx(28, abs=0.3)
    assert int(high / style.paragraph_format.line_spacing) == 22
    assert int(wide / 12700 / (style.font.size.pt + squeezed)) == 28


def test_every_text_names_its_east_asian_font(example: tuple[Document, bytes]) -> None:
    _document, data = example
    files = parts(data)
    sheet = etree.fromstring(files["word/styles.xml"])
    default = sheet.find(f"{W}docDefaults//{W}rFonts")
    assert (default.get(f"{W}eastAsia"), default.get(f"{W}ascii")) == ("仿宋_GB2312", "Times New Roman")
    used = {fonts.get(f"{W}eastAsia") for fonts in sheet.iter(f"{W}rFonts")}
    assert used == FONTS
    told = {font.get(f"{W}name") for font in etree.fromstring(files["word/fontTable.xml"])}
    assert told == FONTS | {"Times New Roman"}
    everything = b"".join(files.values())
    assert b"Theme=" not in everything  # fonts by the theme would override those of the styles
    fonts = {style.get(f"{W}styleId"): style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia")
             for style in sheet.iter(f"{W}style") if style.find(f"{W}rPr/{W}rFonts") is not None}  # fmt: skip
    assert [fonts[f"Heading{level}"] for level in (1, 2, 3, 4)] == [
        "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]  # fmt: skip


def test_marks_that_both_scripts_have_are_set_in_the_chinese_font() -> None:
    made = body(words("“三公”经费……—— 1"), words("二"))
    hints = [fonts.get(f"{W}hint") for fonts in made.iter(f"{W}rFonts")]
    assert hints == ["eastAsia"]


def test_lines_break_as_in_the_text_report() -> None:
    settings = part(render(Document("", ())), "word/settings.xml")
    before = settings.find(f"{W}noLineBreaksBefore")
    assert before.get(f"{W}lang") == "zh-CN"
    assert set("，。、；：？！）》」”％") <= set(before.get(f"{W}val"))
    assert set("（《「“￥") <= set(settings.find(f"{W}noLineBreaksAfter").get(f"{W}val"))
    assert settings.find(f"{W}updateFields") is None  # or Word would ask its reader something
    assert part(render(Document("", ())), "word/styles.xml").find(f".//{W}kinsoku") is not None


def test_pages_are_numbered_on_their_outer_side_after_the_contents() -> None:
    data = render(Document("", (Cover(("甲",)), PageBreak(), Contents("目录"), PageBreak(), words("一"), PageBreak(),
                                form(16), PageBreak(), words("二"))))  # fmt: skip
    sections = list(part(data, "word/document.xml").iter(f"{W}sectPr"))
    assert [len(section.findall(f"{W}footerReference")) for section in sections] == [0, 2, 2, 2]
    starts = [section.find(f"{W}pgNumType") for section in sections]
    assert [start is not None and start.get(f"{W}start") for start in starts] == [False, "1", False, False]
    assert part(data, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    sides = {}
    for made in docx.Document(io.BytesIO(data)).sections[1:2]:
        for name, footer in (("odd", made.footer), ("even", made.even_page_footer)):
            (line,) = footer.paragraphs
            sides[name] = line.alignment.name.lower()
            assert line.text == "— 1 —"
            assert "PAGE" in line._p.xml
    assert sides == {"odd": "right", "even": "left"}


# ── the text ──


def test_headings_are_styles_in_the_outline() -> None:
    blocks = (Contents("目录"), Heading("a", 1, "第一部分  ", "概况", True), Heading("b", 2, "一、", "职责", True),
              Heading("c", 2, "二、", "不列的", False), Heading("d", 3, "（一）", "小节"),
              Heading("e", 4, "1. ", "小点"), words("正文"))  # fmt: skip
    made = docx.Document(io.BytesIO(render(Document("", blocks))))
    found = [(p.style.name, p.text) for p in made.paragraphs if "eading" in p.style.name][1:]
    assert found == [
        ("Heading 1", "第一部分  概况"), ("Heading 2", "一、职责"), ("heading 2 unlisted", "二、不列的"),
        ("Heading 3", "（一）小节"), ("Heading 4", "1. 小点"),
    ]  # fmt: skip
    levels = {style.name: style.element.find(f".//{W}outlineLvl") for style in made.styles}
    assert [levels[name].get(f"{W}val") for name, _text in found] == ["0", "1", "1", "2", "3"]


def test_the_contents_are_filled_and_can_be_made_anew() -> None:
    blocks = (Contents("目录"), PageBreak(), Heading("a", 1, "第一部分 ", "概况", True), words("一"), PageBreak(),
              Heading("b", 2, "一、", "职责", True), Heading("c", 3, "（一）", "小节"), words("二"))  # fmt: skip
    root = body(*blocks)
    entries = [p for p in root.iter(f"{W}p") if styles(p)[0].startswith("TOC")]
    assert [(styles(p)[0], text(p)) for p in entries] == [
        ("TOC1", "第一部分 概况1"), ("TOC2", "一、职责2"), ("TOC1", "")]  # fmt: skip
    codes = [code.text.split() for code in root.iter(f"{W}instrText")]
    assert codes[0] == ["TOC", "\\o", '"1-2"', "\\h", "\\z"]
    marks = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    assert [code[1] for code in codes[1:]] == marks
    assert [link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")] == marks
    kinds = [char.get(f"{W}fldCharType") for char in root.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 3


def test_a_paragraph_keeps_its_indent_and_its_lines() -> None:
    made = docx.Document(io.BytesIO(render(Document("", (words("　　甲\n乙"), words("丙", False))))))
    assert [(p.style.name, p.text) for p in made.paragraphs] == [
        ("Body Text First Indent", "甲"), ("Body Text First Indent", "乙"), ("Body Text", "丙")]  # fmt: skip
    indent = made.styles["Body Text First Indent"].element.find(f".//{W}ind")
    assert indent.get(f"{W}firstLineChars") == "200"


def test_breaks_make_pages_and_never_an_empty_one() -> None:
    made = body(PageBreak(), words("一"), PageBreak(), PageBreak(), words("二"), words("三"), PageBreak())
    assert [text(p) for p in made.iter(f"{W}p") if p.find(f".//{W}pageBreakBefore") is not None] == ["二"]
    assert not list(made.iter(f"{W}br"))


@pytest.mark.parametrize("blocks", [(), (PageBreak(),), (Cover(()),), (Contents(""),), (Heading("a", 1, "", ""),)])
def test_a_document_of_nothing_can_be_opened(blocks: tuple[Block, ...]) -> None:
    made = docx.Document(io.BytesIO(render(Document("", blocks))))
    assert "".join(p.text for p in made.paragraphs) == ""


@pytest.mark.parametrize("evil", [
    "</w:t></w:r></w:p><w:p>", "&amp;<![CDATA[x]]>", "a\x00b\x1b[31mc\x07", "甲\u202e乙\u2066", "\ud800丙",
    "\ufffe丁\uffff", '" onload="x', "HYPERLINK \\h", "{ DDEAUTO c:\\\\cmd }", "=cmd|' /C calc'!A0",
    "\U000e0041戊", "a\tb\x0bc\x0cd",
])  # fmt: skip
def test_no_text_does_anything(evil: str) -> None:
    bad = str.maketrans("", "", "\x00\x1b\x07\u202e\u2066\ud800\ufffe\uffff\U000e0041\t\x0b\x0c")
    columns = (Column("a", (evil,), "name"), Column("b", ("数|字",), "figure"))
    table = Table("t", evil, evil, evil, evil, columns, (Row((Cell(evil), Cell(evil))),), (evil,))
    chart = Chart("c", "totals", evil, evil, (Bar(evil, Decimal("1.5"), evil), Bar(evil, Decimal(2), evil)))
    shares = chart._replace(kind="shares")
    blocks = (Cover((evil,)), Contents(evil), Heading("h", 1, evil, evil, True), words(evil), table, chart, shares)
    data = render(Document(evil, blocks))
    made = docx.Document(io.BytesIO(data))
    expected = evil.translate(bad)
    assert made.core_properties.title == expected
    assert [p.text for p in made.paragraphs if p.style.name == "Body Text First Indent"] == [expected]
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
        [expected.replace("|", ""), "数字"], [expected.rstrip(), expected.rstrip()]]  # fmt: skip
    known = body(*(block._replace(title="") if isinstance(block, Contents) else block for block in blocks[:3]))
    assert [code.text for code in part(data, "word/document.xml").iter(f"{W}instrText")] == [
        code.text for code in known.iter(f"{W}instrText")]  # fmt: skip
    assert read_docx(data).count(f"{expected} {expected}") == 2


# ── tables ──


def test_a_head_of_several_levels_is_merged_and_repeated() -> None:
    columns = (Column("code", ("科目|编码",), "code"), Column("name", ("科目名称",), "name"),
               Column("a", ("本年支出", "合计"), "figure"), Column("b", ("本年支出", "基本支出", "小计"), "figure"),
               Column("c", ("本年支出", "基本支出", "其中"), "figure"))  # fmt: skip
    row = Row((Cell("2010550"), Cell("事业运行"), Cell("3.00"), Cell("1.00"), Cell("2.00")), strong=True)
    root = body(Table("t", "表", "", "", "", columns, (row, row)))
    rows = list(root.iter(f"{W}tr"))
    assert [tr.find(f".//{W}tblHeader") is not None for tr in rows] == [True, True, True, False, False]
    assert all(tr.find(f".//{W}cantSplit") is not None for tr in rows)
    spans = [[(text(tc), tc.find(f".//{W}gridSpan"), tc.find(f".//{W}vMerge")) for tc in tr.iter(f"{W}tc")]
             for tr in rows[:3]]  # fmt: skip
    shape = [[(label, int(span.get(f"{W}val")) if span is not None else 1,
               "" if merge is None else merge.get(f"{W}val", "continue")) for label, span, merge in line]
             for line in spans]  # fmt: skip
    assert shape == [
        [("科目编码", 1, "restart"), ("科目名称", 1, "restart"), ("本年支出", 3, "")],
        [("", 1, "continue"), ("", 1, "continue"), ("合计", 1, "restart"), ("基本支出", 2, "")],
        [("", 1, "continue"), ("", 1, "continue"), ("", 1, "continue"), ("小计", 1, ""), ("其中", 1, "")],
    ]
    assert all(run.find(f".//{W}b") is not None for tr in rows[3:] for run in tr.iter(f"{W}r"))
    sides = [(tc.find(f".//{W}jc").get(f"{W}val") if tc.find(f".//{W}jc") is not None else "left")
             for tc in rows[3].iter(f"{W}tc")]  # fmt: skip
    assert sides == ["left", "left", "right", "right", "right"]


def test_cells_over_rows_and_columns_are_merged() -> None:
    columns = tuple(Column(str(n), (), "text") for n in range(3))
    rows = (Row((Cell("甲", rows=2), Cell("乙", columns=2))), Row((Cell("丙\n丁"), Cell("戊"))), Row((Cell("己"),)))
    data = render(Document("", (Table("t", "", "", "", "", columns, rows),)))
    made = docx.Document(io.BytesIO(data)).tables[0]
    assert [[cell.text for cell in row.cells] for row in made.rows] == [
        ["甲", "乙", "乙"], ["甲", "丙\n丁", "戊"], ["己", "", ""]]  # fmt: skip


def test_cells_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="t"):
        body(Table("t", "", "", "", "", (Column("a", ()),), (Row((Cell("甲"), Cell("乙"))),)))


def test_what_stands_around_a_table() -> None:
    table = form(2)._replace(notes=("注：一", "二"))
    made = docx.Document(io.BytesIO(render(Document("", (table,)))))
    assert [p.text for p in made.paragraphs] == ["支出决算表", "公开03表", "部门：某局\t单位：万元", "注：一", "二"]
    assert made.paragraphs[0].style.name == "Table Title"
    assert made.element.body.find(f".//{W}tblCaption").get(f"{W}val") == "支出决算表"


def landscape(root: etree._Element) -> list[bool]:
    return [size.get(f"{W}orient") == "landscape" for size in root.iter(f"{W}pgSz")]


def test_wide_tables_lie_on_turned_pages_with_their_heading() -> None:
    heading = Heading("h", 2, "一、", "支出决算表", True)
    root = body(words("前"), PageBreak(), heading, form(14), PageBreak(), heading, form(14), PageBreak(), words("后"))
    assert landscape(root) == [False, True, False]
    ends = [p for p in root.iter(f"{W}p") if p.find(f"{W}pPr/{W}sectPr") is not None]
    assert [text(p) for p in ends] == ["前", ""]  # a table can't end a section: a paragraph after it does
    breaks = [text(p) for p in root.iter(f"{W}p") if p.find(f".//{W}pageBreakBefore") is not None]
    assert breaks == ["一、支出决算表"]  # between the two tables; a section begins a page by itself
    assert landscape(body(form(3))) == [False]


def test_a_table_takes_its_page_s_whole_measure() -> None:
    for columns, measure in ((3, 156), (14, 225)):
        root = body(form(columns))
        widths = [int(column.get(f"{W}w")) for column in root.iter(f"{W}gridCol")]
        assert sum(widths) / 1440 * 25.4 == pytest.approx(measure, abs=0.1)


@pytest.mark.parametrize("columns", [2, 5, 9, 14, 20])
@pytest.mark.parametrize("figure", ["1.00", "207150.81", "-1,234,567.89", "12345678901.23"])
def test_a_figure_has_room_in_the_widest_font(columns: int, figure: str) -> None:
    """DejaVu Serif takes the place of Times New Roman where there is no other: its bold digits are 0.696 wide."""
    made = form(columns)
    rows = tuple(Row((Cell("合计"), *[Cell(figure, address="x")] * columns), strong) for strong in (True, False))
    root = body(made._replace(rows=rows))
    widest = {".": 0.348, ",": 0.348, "-": 0.415}
    for row, bold in zip(list(root.iter(f"{W}tr"))[2:], (1, 0.93)):
        for cell in list(row.iter(f"{W}tc"))[1:]:
            size = int(styles(cell)[0].removeprefix("Table")) / 2
            left, right = (cell.find(f".//{W}tcMar/{W}{side}") for side in ("left", "right"))
            assert left.get(f"{W}w") == "0"
            assert right is None
            room = int(cell.find(f".//{W}tcW").get(f"{W}w")) / 20
            assert sum(widest.get(char, 0.696) for char in text(cell)) * bold * size < room


def test_a_table_that_does_not_fit_under_its_heading_is_torn() -> None:
    """It would else stand on the next page, without its heading and its title."""
    heading = Heading("h", 2, "一、", "支出决算表", True)
    kept = []
    for rows in range(20, 50):
        lines = list(body(heading, form(12, rows, name="运行")).iter(f"{W}tr"))
        high = sum(int(line.find(f".//{W}trHeight").get(f"{W}val")) for line in lines) + 3 * 579
        if lines[-2].find(f".//{W}keepNext") is not None:
            kept.append(rows)
            assert high < 8845
    assert kept == list(range(20, 27))


@pytest.mark.parametrize("rows", [8, 30, 36])
def test_a_table_is_set_smaller_rather_than_torn(rows: int) -> None:
    root = body(Heading("h", 2, "一、", "支出决算表", True), form(3, rows, name="运行"))
    assert all(p.find(f".//{W}keepNext") is not None for tr in list(root.iter(f"{W}tr"))[:-1] for p in tr.iter(f"{W}p"))


def test_two_tables_stay_two() -> None:
    bare = form(2)._replace(title="", form="", left="", right="")
    root = body(bare, bare, PageBreak(), bare)
    kinds = [node.tag.rpartition("}")[2] for node in root]
    assert "tbl tbl" not in " ".join(kinds)
    assert kinds.count("tbl") == 3
    assert kinds[-2:] == ["p", "sectPr"]  # a table can't be the last thing


# ── charts ──


@pytest.mark.parametrize("kind", ["totals", "shares", "bars"])
def test_a_chart_is_office_s_own_with_its_data_and_its_words(kind: str) -> None:
    bars = (Bar("上年", Decimal("1386.15"), "1386.15万元"), Bar("本年", Decimal("-0.5"), "-0.50万元，0%"))
    data = render(Document("", (words("前"), Chart("c", kind, "图1：收入", "万元", bars), words("后"))))
    told = [f"{bar.label}　{bar.text} " if kind == "shares" else f"{bar.label} {bar.text}" for bar in bars]
    assert read_docx(data) == ["前", "图1：收入", "", *told, "后"]
    chart = part(data, "word/charts/chart1.xml")
    assert [value.text for value in chart.iterfind(f".//{C}val//{C}v")] == ["1386.15", "-0.5"]
    assert chart.find(f".//{C}externalData") is None
    described = re.search(r'descr="([^"]*)"', parts(data)["word/document.xml"].decode())
    assert described is not None
    assert described[1] == "图1：收入：上年 1386.15万元；本年 -0.50万元，0%"
