"""The HTML report: it stands alone, no text is markup, and a table says what each of its figures means."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from juesuan.core.document import Cell, Column, Document, Heading, Row
from juesuan.core.render.html import WIDE, render
from juesuan.core.text.width import printable

from .documents import CHART, EVERYTHING, HOSTILE, ROW, SHORT, TOTAL, document, figure, paragraph, table

VOID = {"meta", "br", "wbr", "rect"}


class Element:
    """An element of a page: its tag, its attributes, its parent, what is in it."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.parts: list[Element | str] = []

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else "\n" if part.tag == "br" else part.text
                       for part in self.parts)

    def all(self, *tags: str) -> list[Element]:
        """The elements within with one of these tags, in their order; without tags, all of them."""
        found: list[Element] = []
        for part in self.parts:
            if isinstance(part, Element):
                found += [part] * (not tags or part.tag in tags) + part.all(*tags)
        return found


class Page(HTMLParser):
    """A page as a tree; every element must be closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)
        self.feed(page)
        self.close()
        assert self.at is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), attrs
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.parts.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, (self.at.tag, tag)
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.parts.append(data)


def body(document: Document) -> Element:
    (main,) = Page(render(document)).root.all("main")
    return main


def grid(found: Element) -> dict[tuple[int, int], Element]:
    """The cells of a table by the places that they cover; none may cover another's."""
    places: dict[tuple[int, int], Element] = {}
    rows = found.all("tr")
    for at, row in enumerate(rows):
        column = 0
        for cell in row.all("th", "td"):
            while (at, column) in places:
                column += 1
            for down in range(int(cell.attributes.get("rowspan", 1))):
                for across in range(int(cell.attributes.get("colspan", 1))):
                    assert (at + down, column + across) not in places
                    places[at + down, column + across] = cell
    assert len(places) == len(rows) * (1 + max(column for _, column in places))
    return places


# What stands in the page

@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_markup(text: str) -> None:
    plain, hostile = body(document(paragraph("a"))), body(document(paragraph(text)))
    assert [element.tag for element in hostile.all() if element.tag != "br"] == [e.tag for e in plain.all()]
    assert hostile.text.strip() == printable(text, keep="\n").strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_markup_wherever_it_stands(text: str) -> None:
    columns = (Column("a", (text, text), "name"), Column("b", (text, "b")))
    made = table(Row((Cell(text), figure(text))), columns=columns, title=text, form=text, left=text, right=text,
                 notes=(text,))
    bars = CHART._replace(title=text, bars=tuple(bar._replace(label=text, text=text) for bar in CHART.bars))
    page = Page(render(Document(text, (Heading('"><b>', 2, text, text, True), made, bars)))).root
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h3", "figure", "div", "table", "caption",
               "span", "thead", "tbody", "tr", "th", "td", "figcaption", "p", "svg", "text", "rect", "br", "wbr"}
    assert {element.tag for element in page.all()} <= allowed
    assert not [name for element in page.all() for name in element.attributes if name.startswith("on")]


def test_it_stands_alone() -> None:
    page = Page(render(EVERYTHING)).root
    assert page.all("html")[0].attributes == {"lang": "zh-CN"}
    assert not page.all("script", "link", "img", "iframe", "object", "base", "form")
    names = {name for element in page.all() for name in element.attributes}
    assert not names & {"src", "style", "action", "srcset", "xlink:href", "data"}
    assert all(link.attributes["href"].startswith("#") for link in page.all("a"))
    assert not re.search(r"url\(|@import|@font-face", page.all("style")[0].text)
    assert "default-src 'none'" in page.all("meta")[1].attributes["content"]


def test_names_are_given_once_and_all_links_lead_somewhere() -> None:
    page = body(EVERYTHING)
    names = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w.-]+", name) for name in names)
    targets = [link.attributes["href"].removeprefix("#") for link in page.all("a")]
    titles = {e.attributes["id"]: e.text for e in page.all("h2", "h3")}
    assert [titles[target] for target in targets] == [link.text for link in page.all("a")]
    for element in page.all():
        for name in ("headers", "aria-labelledby"):
            assert set(element.attributes.get(name, "").split()) <= set(names)


def test_headings_follow_the_levels() -> None:
    page = body(EVERYTHING)
    assert [(e.tag, e.text) for e in page.all("h1", "h2", "h3", "h4", "h5")] == [
        ("h1", "2024年度 某局"), ("h2", "第一部分 概况"), ("h3", "一、职责"), ("h3", "二、职责"), ("h5", "1. 细目"),
        ("h2", "第二部分 表")]
    (contents,) = page.all("nav")
    assert [(link.text, len([1 for e in contents.all("ol") if link in e.all("a")])) for link in contents.all("a")] == [
        ("第一部分 概况", 1), ("一、职责", 2), ("二、职责", 2), ("第二部分 表", 1)]


def test_pages_begin_where_the_document_says() -> None:
    begun = [e.text.strip() for e in body(EVERYTHING).all() if "page" in e.attributes.get("class", "").split()]
    assert [text.split("\n")[0] for text in begun] == ["目录", "第一部分 概况", "第二部分 表"]


# Tables

def test_a_head_of_several_levels_is_merged() -> None:
    cells = grid(body(document(table(ROW, SHORT, TOTAL))).all("table")[0])
    head = [[cells[row, column].text for column in range(6)] for row in range(3)]
    assert head == [["收入", "收入", "支出", "支出", "支出", "支出"],
                    ["项目", "金额", "科目编码", "科目名称", "决算数", "决算数"],
                    ["项目", "金额", "科目编码", "科目名称", "合计", "基本支出"]]
    assert cells[1, 2].all("wbr")
    assert [cells[0, 0].attributes["scope"], cells[1, 1].attributes["scope"]] == ["colgroup", "col"]


def test_each_figure_knows_the_labels_above_it_and_the_name_beside_it() -> None:
    found = body(document(table(ROW, SHORT, TOTAL))).all("table")[0]
    told = {name: e.text for e in found.all() for name in [e.attributes.get("id", "")]}
    cells = grid(found)
    for place, labels in (((3, 1), ["收入", "金额", "一、拨款"]), ((3, 5), ["支出", "决算数", "基本支出", "公共服务"]),
                          ((4, 4), ["支出", "决算数", "合计", "外交"])):
        assert [told[name] for name in cells[place].attributes["headers"].split()] == labels
    assert {cells[3, 0].tag, cells[3, 3].tag} == {"th"}
    assert cells[3, 0].attributes["scope"] == "row"


def test_a_head_of_one_level_needs_no_more_than_its_place() -> None:
    columns = (Column("name", ("名称",), "name"), Column("a", ("金额",)), Column("b", ()))
    found = body(document(table(Row((Cell("甲"), figure("1.00"), figure("2.00"))), columns=columns))).all("table")[0]
    assert [(e.tag, e.attributes.get("scope")) for e in found.all("th", "td")] == [
        ("th", "col"), ("th", "col"), ("td", None), ("th", "row"), ("td", None), ("td", None)]
    assert not [e for e in found.all() if "headers" in e.attributes]


def test_merged_cells_keep_their_places() -> None:
    columns = tuple(Column(name, (), "text") for name in "abc")
    rows = (Row((Cell("指标", rows=2), Cell("数量", columns=2))), Row((Cell("质量"), Cell("100%"))))
    found = body(document(table(*rows, columns=columns))).all("table")[0]
    cells = grid(found)
    assert not found.all("thead")
    assert [cells[place].text for place in ((0, 0), (1, 0), (0, 2), (1, 1))] == ["指标", "指标", "数量", "质量"]


def test_the_caption_names_the_table_and_its_notes_follow_it() -> None:
    made = table(ROW, notes=("注：1. 无。", "2. 有。"))
    (whole,) = body(document(made)).all("figure")
    assert [e.text for e in whole.all("caption")[0].all("span")] == ["收支总表", "公开04表", "部门：某局", "单位：万元"]
    assert [e.text for e in whole.all("figcaption")[0].all("p")] == ["注：1. 无。", "2. 有。"]


def test_a_wide_table_lies_across_with_its_heading() -> None:
    columns = tuple(Column(str(at), (str(at),)) for at in range(WIDE))
    wide = table(Row(tuple(figure("1") for _ in columns)), columns=columns)
    blocks = [Heading("a", 2, "", "a"), paragraph("p"), Heading("b", 2, "", "b"), wide, Heading("c", 2, "", "c"),
              table(ROW)]
    marked = body(document(*blocks)).all("h3", "p", "figure")
    assert ["wide" in e.attributes.get("class", "").split() for e in marked] == [False, False, True, True, False, False]


# Charts

def test_a_chart_tells_in_words_what_it_shows() -> None:
    (whole,) = body(document(CHART)).all("figure")
    (picture,) = whole.all("svg")
    assert whole.all("figcaption")[0].text == CHART.title
    assert picture.attributes["role"] == "img"
    for bar in CHART.bars:
        assert f"{bar.label} {bar.text}" in picture.attributes["aria-label"]
    assert [e.text for e in picture.all("text")] == [text for bar in CHART.bars for text in (bar.label, bar.text)]


def test_bars_are_as_long_as_their_values_and_stay_within() -> None:
    (picture,) = body(document(CHART)).all("svg")
    drawn = [{name: float(bar.attributes[name]) for name in ("x", "y", "width", "height")}
             for bar in picture.all("rect")]
    assert drawn[0]["width"] == pytest.approx(3 * drawn[1]["width"], abs=1)
    assert len(drawn) == 2, "nothing, and what is below nothing, has no bar"
    across, down = map(float, picture.attributes["viewbox"].split()[2:])
    assert all(bar["x"] + bar["width"] <= across and bar["y"] + bar["height"] <= down for bar in drawn)
    assert all(above["y"] + above["height"] <= below["y"] for above, below in pairwise(drawn))


def test_charts_without_bars_or_values_stand() -> None:
    zero = CHART._replace(bars=(CHART.bars[2],))
    page = body(document(CHART._replace(bars=()), zero))
    assert len(page.all("svg")) == 2
    assert not page.all("rect")
