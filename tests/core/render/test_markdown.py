"""The Markdown report, read by a Markdown parser: its structure is the document's, and no text is markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from juesuan.core.document import Block, Cell, Column, Contents, Heading, Row, Table
from juesuan.core.render.markdown import render
from juesuan.core.text.width import printable
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .documents import EVERYTHING, HOSTILE, ROW, TOTAL, document, figure, paragraph, table

PARSER = MarkdownIt("gfm-like")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\\`*_{}[]<>()#+-.!|~=:&$@ 1甲"))


def parsed(*blocks: Block) -> list[Token]:
    return PARSER.parse(render(document(*blocks)))


def words(token: Token) -> str:
    """The text of a run of text that bears no markup; a line break is a newline."""
    parts = []
    for child in token.children or ():
        assert child.type in ("text", "hardbreak", "text_special"), child
        parts.append("\n" if child.type == "hardbreak" else child.content)
    return "".join(parts)


def as_read(text: str) -> str:
    """What a reader sees of a text: no control characters, no blank lines, no blanks at the ends of lines."""
    return "\n".join(filter(None, (line.strip(" ") for line in printable(text, keep="\n").split("\n"))))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_markup(text: str) -> None:
    seen = as_read(text)
    for tokens, type in ((parsed(paragraph(text)), "paragraph_open"),
                         (parsed(Heading("a", 2, "", text)), "heading_open")):
        assert [token.type for token in tokens if token.level == 0][:1] == [type]
        assert len(tokens) == 3
        assert words(tokens[1]) == (seen if type == "paragraph_open" else seen.replace("\n", " "))


@given(TEXTS)
@example("1\\.")
def test_no_text_at_all_is_markup(text: str) -> None:
    tokens = parsed(paragraph(text))
    if as_read(text):
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert words(tokens[1]).strip() == as_read(text).strip()  # the parser takes rarer blanks, too
    else:
        assert tokens == []


@given(TEXTS)
def test_a_cell_stays_one_cell(text: str) -> None:
    columns = (Column("name", ("名称",), "name"), Column("a", ("金额",)))
    tokens = parsed(table(Row((Cell(text), figure("1.00"))), columns=columns, title="", form="", left="", right=""))
    cells = [tokens[at + 1] for at, token in enumerate(tokens) if token.type in ("td_open", "th_open")]
    # The parser takes rarer blanks from the ends, too.
    assert [words(cell) for cell in cells] == ["名称", "金额", " ".join(as_read(text).split("\n")).strip(), "1.00"]


def cells_of(block: Table) -> list[list[str]]:
    rows: list[list[str]] = []
    tokens = parsed(block)
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in tokens[at + 1].children or ()))
    return rows


def test_labels_over_a_column_stand_in_one_cell() -> None:
    assert cells_of(table(ROW, TOTAL)) == [
        ["收入 / 项目", "收入 / 金额", "支出 / 科目编码", "支出 / 科目名称", "支出 / 决算数 / 合计",
         "支出 / 决算数 / 基本支出"],
        ["一、拨款", "1.00", "201", "公共服务", "2.00", "3.00"],
        ["总计", "6.00", "", "总计", "7.00", "8.00"]]


def test_of_a_merged_cell_the_first_bears_the_text() -> None:
    columns = tuple(Column(name, (), "text") for name in "abc")
    rows = (Row((Cell("指标", rows=2), Cell("数量", columns=2))), Row((Cell("质量"), Cell("100%"))))
    assert cells_of(table(*rows, columns=columns)) == [["", "", ""], ["指标", "数量", ""], ["", "质量", "100%"]]


def test_totals_are_bold_but_not_where_lists_stand_side_by_side() -> None:
    columns = (Column("name", ("名称",), "name"), Column("a", ("金额",)))
    total = Row((Cell("（合计）"), figure("1.00")), strong=True)
    assert "| **（合计）** | **1.00** |" in render(document(table(total, columns=columns)))
    assert "**总计**" not in render(document(table(TOTAL)))


def test_the_report_is_a_document_of_headings_lists_and_tables() -> None:
    tokens = PARSER.parse(render(EVERYTHING))
    opened = [token for token in tokens if token.nesting >= 0]
    assert [token.tag for token in opened if token.type == "heading_open"] == ["h1", "h2", "h3", "h3", "h5", "h2"]
    assert not [token for token in tokens if token.type.startswith("html")]
    links = [child.attrs["href"] for token in opened if token.type == "inline" for child in token.children or ()
             if child.type == "link_open"]
    assert [PARSER.normalizeLink(f"#{text}") for text in ("第一部分-概况", "一职责", "二职责", "第二部分-表")] == links
    assert render(EVERYTHING).endswith("- 基本支出　300万元\n- 项目支出　100万元\n- 没有　0万元\n- 退回　-5万元\n")


def test_equal_headings_have_links_of_their_own() -> None:
    blocks = [Heading(id, 1, "", "项目绩效", True) for id in "ab"]
    assert re.findall(r"\(#(.+)\)", render(document(Contents("目录"), *blocks))) == ["项目绩效", "项目绩效-1"]
