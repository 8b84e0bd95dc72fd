"""A draft looks like a draft in every kind of report, and what is still to be entered stands out."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

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
    Draft,
    Heading,
    PageBreak,
    Row,
    Table,
)
from juesuan.core.opening import open_report
from juesuan.core.reading import parse_source
from juesuan.core.render import KINDS, docx, export, html, markdown, text
from juesuan.core.render.xlsx import written
from juesuan.core.render.xlsx.book import sheets
from juesuan.core.report import Report
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from .documents import CHART, paragraph
from .ooxml import order_faults
from .reading_docx import A, C, R, W

EXAMPLE = Path(__file__).parents[3] / "examples/sanming-2024.toml"

OPEN = "【待填：上年数】"
COLUMNS = (Column("a", ("项目",), "name"), Column("b", ("金额",)), Column("c", ("说明",), "text"))
ROWS = (
    Row((Cell("收入"), Cell("【待填】", "right", "x"), Cell(f"比上年{OPEN}，增加"))),
    Row((Cell("合计"), Cell("【待填】", "right", "x"), Cell("甲\n【待填：乙】")), strong=True),
)


def bars(kind: str) -> Chart:
    return Chart(kind, kind, f"图：{OPEN}", "万元", (
        Bar("基本支出", Decimal("3"), "3.00万元"), Bar("项目支出", Decimal(0), OPEN)))


BLOCKS: tuple[Block, ...] = (
    Cover(("2024年度", "【待填：部门名称】")), PageBreak(), Contents("目录"), PageBreak(),
    Heading("a", 1, "第一部分 ", "【待填：科目名称】支出", True), paragraph(f"支出10.00万元，比上年{OPEN}。"),
    paragraph("没有。"),
    Table("t", "支出表", "公开01表", "部门：【待填：部门名称】", "单位：万元", COLUMNS, ROWS, ("注：【待填】。",)),
    *map(bars, ("bars", "totals", "shares")),
    Heading("b", 1, "第二部分 ", "宽表", True),
    Table("w", "宽表", "", "", "", tuple(Column(str(n), (f"第{n}栏",)) for n in range(20)),
          (Row(tuple(Cell("1234567.89", "right") for _n in range(20))),)),
)  # fmt: skip
DRAFT = Document("报告", BLOCKS, Draft(62, 3))
FINAL = Document("报告", (paragraph("没有。"), CHART))
LINE = "草稿（待填62项，错误3处）"


def unfinished() -> Report:
    return Report(parse_source('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n'))


@pytest.mark.parametrize("kind", KINDS)
def test_the_export_of_an_unfinished_report_says_so_and_a_finished_one_does_not(kind: str) -> None:
    for report, draft in ((unfinished(), True), (open_report(str(EXAMPLE)), False)):
        data = export(kind, compose(report), report)
        if KINDS[kind].binary:
            with ZipFile(io.BytesIO(data)) as file:
                data = b"".join(file.read(name) for name in file.namelist())
        if kind == "json":
            assert (json.loads(data)["draft"] is not None) == draft
        else:
            assert ("草稿（待填".encode() in data) == draft


# ── text, Markdown, JSON ──


def test_the_text_says_it_in_its_first_line() -> None:
    lines = text.render(DRAFT).split("\n")
    assert lines[:2] == [LINE, ""]
    assert lines[2:] == text.render(DRAFT._replace(draft=None)).split("\n")


@pytest.mark.parametrize("page_lines", [20, 40])
def test_the_text_on_pages_says_it_on_each(page_lines: int) -> None:
    pages = text.render(DRAFT, page_lines=page_lines).split("\f")
    assert len(pages) >= 4
    assert all(page.startswith(LINE + "\n\n") for page in pages)
    assert all(page.count("\n") == page_lines for page in pages[:-1])
    assert LINE not in text.render(DRAFT._replace(draft=None), page_lines=page_lines)


def test_markdown_says_it_in_its_first_line() -> None:
    assert markdown.render(DRAFT).split("\n")[:2] == [f"**{LINE}**", ""]
    assert "草稿" not in markdown.render(FINAL)


def test_json_has_a_key_of_its_own() -> None:
    report = unfinished()
    document = compose(report)
    data = json.loads(export("json", document, report))
    assert data["draft"] == {
        "open": len(data["progress"]["missing"]),
        "errors": sum(finding["severity"] == "error" for finding in data["findings"])}
    assert list(data).index("draft") == 4  # after which report it is
    whole = open_report(str(EXAMPLE))
    assert json.loads(export("json", compose(whole), whole))["draft"] is None


# ── Word ──


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_word_says_it_at_the_head_of_every_page() -> None:
    made = parts(docx.render(DRAFT))
    root = etree.fromstring(made["word/document.xml"])
    sections = list(root.iter(f"{W}sectPr"))
    assert len(sections) >= 3  # front, upright, turned
    for section in sections:
        heads = {head.get(f"{W}type"): head.get(f"{R}id") for head in section.iter(f"{W}headerReference")}
        assert heads == {"default": "rIdDraft", "even": "rIdDraft"}
        assert section.find(f"{W}titlePg") is None
    relations = etree.fromstring(made["word/_rels/document.xml.rels"])
    assert {relation.get("Id"): relation.get("Target") for relation in relations}["rIdDraft"] == "header1.xml"
    head = etree.fromstring(made["word/header1.xml"])
    assert "".join(head.itertext(f"{W}t")) == LINE


def test_a_final_word_document_has_no_header() -> None:
    made = parts(docx.render(FINAL))
    assert not [name for name in made if "header" in name]
    assert b"headerReference" not in made["word/document.xml"]
    assert b"highlight" not in made["word/document.xml"]


def test_word_highlights_what_is_open_and_nothing_else() -> None:
    root = etree.fromstring(parts(docx.render(DRAFT))["word/document.xml"])
    marked, plain = [], []
    for run in root.iter(f"{W}r"):
        string = "".join(run.itertext(f"{W}t"))
        (marked if run.find(f"{W}rPr/{W}highlight") is not None else plain).append(string)
    assert not any("待填" in string for string in plain)
    assert all(re.fullmatch("【待填[^】]*】", string) for string in marked)
    # cover, heading and its entry in the contents, sentence, unit line, four cells, note, titles of charts
    assert len(marked) == 1 + 2 + 1 + 1 + 4 + 1 + 3
    bold = [run for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{W}b") is not None]
    assert "【待填】" in ["".join(run.itertext(f"{W}t")) for run in bold]  # in a total, it stays bold


def test_word_marks_what_is_open_in_charts() -> None:
    made = parts(docx.render(DRAFT))
    for number in (1, 2):
        (run,) = (run for run in etree.fromstring(made[f"word/charts/chart{number}.xml"]).iter(f"{A}r")
                  if "待填" in "".join(run.itertext(f"{A}t")))
        assert run.find(f"{A}rPr/{A}highlight") is not None
    pie = etree.fromstring(made["word/charts/chart3.xml"])
    (entry,) = pie.iter(f"{C}legendEntry")
    assert entry.find(f"{C}idx").get("val") == "1"
    assert entry.find(f".//{A}highlight") is not None
    assert b"highlight" not in parts(docx.render(FINAL))["word/charts/chart1.xml"]


def test_a_draft_in_word_is_valid(tmp_path: Path) -> None:
    """Schema, semantics and the order of elements."""
    data = docx.render(DRAFT)
    for name, content in parts(data).items():
        if name.startswith("word/") and name.endswith(".xml"):
            assert not order_faults(etree.fromstring(content)), name
    (tmp_path / "a.docx").write_bytes(data)
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(tmp_path / "a.docx"))
    assert [str(error) for error in result.errors] == []


def test_an_unfinished_report_in_word_is_valid(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx.render(compose(unfinished())))
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(tmp_path / "a.docx"))
    assert [str(error) for error in result.errors] == []


# ── HTML ──


def test_the_page_says_it_on_the_screen_and_on_paper() -> None:
    page = html.render(DRAFT)
    assert f'<body>\n<p class="draft" role="note">{LINE}</p>\n<main>' in page
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert f'@top-center {{ content: "{LINE}"' in style[1]
    assert "草稿" not in html.render(FINAL)


def test_the_page_marks_what_is_open_and_nothing_else() -> None:
    page = html.render(DRAFT)
    body = page[page.index("<main>"):]
    assert re.findall("<mark>(.*?)</mark>", body) == [
        "【待填：部门名称】", "【待填：科目名称】", "【待填：科目名称】", OPEN, "【待填：部门名称】", "【待填】", OPEN,
        "【待填】", "【待填：乙】", "【待填】", OPEN, OPEN, OPEN]
    assert body.count(f'<tspan class="open">{OPEN}</tspan>') == 3
    bare = re.sub("<mark>.*?</mark>|<tspan class=\"open\">.*?</tspan>|aria-label=\"[^\"]*\"", "", body)
    assert "待填" not in bare
    assert "<mark>" not in html.render(FINAL)


def test_a_mark_in_a_long_name_beside_a_bar_is_seen() -> None:
    chart = bars("bars")
    long = Bar("名称很长很长很长很长很长【待填：项目的名称】支出", Decimal(1), "1.00万元")
    page = html.render(Document("", (chart._replace(title="图", bars=(long,)),)))
    marked = re.findall('<tspan class="open">(.*?)</tspan>', page)
    assert "".join(marked) == long.label


def test_nothing_in_a_mark_is_markup() -> None:
    page = html.render(Document("【待填：<b>】", (Contents("【待填：\"x\">】"), paragraph("【待填：<script>&】"))))
    assert "<title>【待填：&lt;b&gt;】</title>" in page
    assert 'aria-label="【待填：&quot;x&quot;&gt;】"' in page
    assert "<p><mark>【待填：&lt;script&gt;&amp;】</mark></p>" in page


# ── workbook ──


def rich(data: bytes) -> list[list[tuple[str, bool]]]:
    """The texts of a workbook that are put together from several: each part, and whether it is coloured."""
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    strings = etree.fromstring(parts(data)["xl/sharedStrings.xml"])
    return [[("".join(run.itertext("{*}t")), run.find("m:rPr/m:color[@rgb]", names) is not None)
             for run in string.iterfind("m:r", names)]
            for string in strings.iterfind("m:si", names) if string.find("m:r", names) is not None]


def filled(data: bytes) -> set[str]:
    """The texts of the cells that are yellow."""
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    made = parts(data)
    styles = etree.fromstring(made["xl/styles.xml"])
    fills = [fill.find("m:patternFill/m:fgColor[@rgb='FFFFFF00']", names) is not None
             for fill in styles.iterfind("m:fills/m:fill", names)]
    yellow = [fills[int(look.get("fillId"))] for look in styles.iterfind("m:cellXfs/m:xf", names)]
    texts = ["".join(own.itertext("{*}t")) for own in
             etree.fromstring(made["xl/sharedStrings.xml"]).iterfind("m:si", names)]
    return {texts[int(cell.findtext("m:v", "", names))]
            for name, content in made.items() if name.startswith("xl/worksheets/sheet")
            for cell in etree.fromstring(content).iterfind(".//m:c[@t='s']", names)
            if yellow[int(cell.get("s", "0"))]}


def workbook(document: Document, report: Report | None = None) -> bytes:
    return written(sheets(document, report or unfinished()), document.title)


def test_the_workbook_says_it_on_top_of_each_sheet_that_is_printed_and_at_the_head_of_each_page() -> None:
    made = workbook(DRAFT)
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    shown = [name for name in book.sheet_names if not name.startswith("数据·")]
    assert len(shown) >= 3
    for number, name in enumerate(book.sheet_names, 1):
        first = str(book.get_sheet_by_name(name).to_python()[0][0])
        page = parts(made)[f"xl/worksheets/sheet{number}.xml"].decode()
        assert (first == LINE) == (name in shown), name
        assert (f"{LINE}</oddHeader>" in page) == (name in shown), name
    assert "草稿" not in "".join(part.decode("utf-8", "replace") for part in parts(workbook(FINAL)).values())


def test_the_workbook_marks_what_is_open() -> None:
    made = workbook(DRAFT)
    assert [("　　支出10.00万元，比上年", False), (OPEN, True), ("。", False)] in rich(made)
    assert [("比上年", False), (OPEN, True), ("，增加", False)] in rich(made)
    for own in rich(made):
        assert all(marked == bool(re.fullmatch("【待填[^】]*】", string)) for string, marked in own)
    texts = filled(made)
    assert {"【待填】", f"比上年{OPEN}，增加", f"　　支出10.00万元，比上年{OPEN}。", OPEN, "甲\n【待填：乙】"} <= texts
    assert all("待填" in string for string in texts)
    assert not rich(workbook(FINAL, open_report(str(EXAMPLE))))
    assert not filled(workbook(FINAL, open_report(str(EXAMPLE))))


def test_a_workbook_of_an_unfinished_report_is_read_as_it_was() -> None:
    """The sheets of facts are where they were: programs read them."""
    report = unfinished()
    book = CalamineWorkbook.from_filelike(io.BytesIO(export("xlsx", compose(report), report)))
    facts = [name for name in book.sheet_names if name.startswith("数据·")]
    assert len(facts) > 5
    assert all(str(book.get_sheet_by_name(name).to_python()[0][0]).startswith("juesuan:") for name in facts)
