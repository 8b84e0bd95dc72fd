"""Composition: the document in reading order, its forms with their official headers, JSON records."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from juesuan.core.compose import compose, compose_form
from juesuan.core.document import Contents, Cover, Document, Heading, PageBreak, Paragraph, Table
from juesuan.core.formats import load_format
from juesuan.core.reading import parse_source
from juesuan.core.render import json as json_renderer
from juesuan.core.render import text as text_renderer
from juesuan.core.report import Report

from .stating import nothing_else

EXAMPLE = (Path(__file__).parents[2] / "examples" / "sanming-2024.toml").read_text(encoding="utf-8")
HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
"""
BARE = 'schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n'
OFFICIAL = ["overview", "income", "expenditure", "fiscal", "general_budget", "basic_economic", "three_public",
            "government_fund", "state_capital"]  # fmt: skip


def report_of(text: str) -> Report:
    return Report(parse_source(text))


def tables(document: Document) -> dict[str, Table]:
    return {block.id: block for block in document.blocks if isinstance(block, Table)}


def headings(document: Document) -> list[Heading]:
    return [block for block in document.blocks if isinstance(block, Heading)]


@pytest.fixture(scope="module")
def example() -> Report:
    return report_of(EXAMPLE)


@pytest.fixture(scope="module")
def document(example: Report) -> Document:
    return compose(example)


# The order of things


@pytest.mark.parametrize(
    "text", [BARE, HEAD, HEAD + "[[projects]]\n", EXAMPLE], ids=["bare", "empty", "project", "example"]
)
def test_a_report_composes_however_little_is_entered(text: str) -> None:
    report = report_of(text)
    document = compose(report)
    assert isinstance(document.blocks[0], Cover)
    assert isinstance(document.blocks[2], Contents)
    for width in (0, 40, 120):
        assert text_renderer.render(document, width=width).endswith("\n")
    data = json.loads(json_renderer.render(document, report))
    assert [table["id"] for table in data["tables"] if table["form"]] == OFFICIAL


def test_the_cover(document: Document, example: Report) -> None:
    assert document.blocks[0] == Cover(("2024年度", "三明市医疗保障局", "部门决算"))
    assert document.title == "2024年度三明市医疗保障局部门决算"


def test_sections_are_numbered(document: Document) -> None:
    counted = {1: 0, 2: 0, 3: 0}
    numerals = "一二三四五六七八九十"
    for heading in headings(document):
        if not heading.number:  # inside of a text that the format repeats
            continue
        counted[heading.level] += 1
        for deeper in range(heading.level + 1, 4):
            counted[deeper] = 0
        numeral = numerals[counted[heading.level] - 1]
        assert heading.number == {1: f"第{numeral}部分 ", 2: f"{numeral}、", 3: f"（{numeral}）"}[heading.level]
    parts = [heading.title for heading in headings(document) if heading.level == 1 and heading.number]
    assert parts == ["部门概况", "2024年度部门决算表", "2024年度部门决算情况说明", "名词解释", "附件"]


def test_the_sections_of_the_statement_are_in_the_official_order(document: Document) -> None:
    titles = [heading.number + heading.title for heading in headings(document) if heading.number]
    start = titles.index("第三部分 2024年度部门决算情况说明")
    assert titles[start + 1 : titles.index("第四部分 名词解释")] == [
        "一、收入支出决算总体情况说明",
        "（一）收入支出决算总体情况说明",
        "（二）收入决算情况说明",
        "（三）支出决算情况说明",
        "二、财政拨款收入支出决算总体情况说明",
        "三、一般公共预算财政拨款支出决算情况说明",
        "四、政府性基金预算财政拨款支出决算情况说明",
        "五、国有资本经营预算财政拨款支出决算情况说明",
        "六、一般公共预算财政拨款基本支出决算情况说明",
        "七、一般公共预算财政拨款“三公”经费支出决算情况说明",
        "八、预算绩效情况说明",
        "九、其他重要事项说明",
        "（一）机关运行经费",
        "（二）政府采购情况",
        "（三）国有资产占用使用情况",
    ]


def test_no_page_is_turned_twice_and_none_is_empty(document: Document) -> None:
    for before, after in zip(document.blocks, document.blocks[1:]):
        assert not (isinstance(before, PageBreak) and isinstance(after, PageBreak))
    assert not isinstance(document.blocks[-1], PageBreak)


def test_a_document_does_not_depend_on_what_was_asked_before(example: Report, document: Document) -> None:
    watched = report_of(EXAMPLE)
    watched.watch()
    assert compose(watched) == document == compose(example)


# The nine forms

HEADERS = {
    "overview": "收入>项目 收入>决算数 支出>项目（按支出功能分类） 支出>决算数",
    "income": "项目>支出功能分类科目编码 项目>科目名称 本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入 "
              "附属单位上缴收入 其他收入",
    "expenditure": "项目>支出功能分类科目编码 项目>科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 "
                   "对附属单位补助支出",
    "fiscal": "收入>项目 收入>金额 支出>项目（按功能分类） 支出>合计 支出>一般公共预算财政拨款 "
              "支出>政府性基金预算财政拨款 支出>国有资本经营预算财政拨款",
    "general_budget": "项目>功能分类科目编码 项目>科目名称 本年支出>小计 本年支出>基本支出 本年支出>项目支出",
    "basic_economic": "人员经费>经济分类科目编码 人员经费>科目名称 人员经费>金额"
                      + " 公用经费>经济分类科目编码 公用经费>科目名称 公用经费>金额" * 2,
    "three_public": "项目 行次 决算数",
    "government_fund": "项目>支出功能分类科目编码 项目>科目名称 年初结转和结余 本年收入 本年支出>小计 "
                       "本年支出>基本支出 本年支出>项目支出 年末结转和结余",
    "state_capital": "项目>功能分类科目编码 项目>科目名称 本年支出>合计 本年支出>基本支出 本年支出>项目支出",
}  # fmt: skip


@pytest.mark.parametrize(("number", "id"), list(enumerate(OFFICIAL, 1)))
def test_the_forms_have_their_official_names_and_headers(document: Document, number: int, id: str) -> None:
    table = tables(document)[id]
    assert table.form == f"公开0{number}表"
    assert (table.left, table.right) == ("部门：三明市医疗保障局", "单位：万元")
    assert [">".join(column.header).replace("|", "") for column in table.columns] == HEADERS[id].split()
    assert table.notes[0].startswith("注：")
    assert all(sum(cell.columns for cell in row.cells) == len(table.columns) for row in table.rows)
    before = document.blocks[document.blocks.index(table) - 1]
    assert isinstance(before, Heading)
    assert before.title == table.title


def test_the_forms_stand_in_order(document: Document) -> None:
    assert [id for id in tables(document) if id in OFFICIAL] == OFFICIAL


def cells(table: Table, *columns: int) -> list[tuple[str, ...]]:
    return [tuple(row.cells[column].text for column in columns) for row in table.rows]


CLASSES = (
    "一般公共服务支出 外交支出 国防支出 公共安全支出 教育支出 科学技术支出 文化旅游体育与传媒支出 社会保障和就业支出 "
    "卫生健康支出 节能环保支出 城乡社区支出 农林水支出 交通运输支出 资源勘探工业信息等支出 商业服务业等支出 金融支出 "
    "援助其他地区支出 自然资源海洋气象等支出 住房保障支出 粮油物资储备支出 国有资本经营预算支出 灾害防治及应急管理支出 "
    "其他支出 债务还本支出 债务付息支出 抗疫特别国债安排的支出"
)
NUMERALS = [
    *"一二三四五六七八九十",
    *("十" + one for one in "一二三四五六七八九"),
    "二十",
    *("二十" + one for one in "一二三四五六"),
]


def test_form_01_side_by_side(document: Document) -> None:
    table = tables(document)["overview"]
    left, right = cells(table, 0, 1), cells(table, 2, 3)
    assert [label for label, _figure in left[:8]] == [
        "一、一般公共预算财政拨款收入",
        "二、政府性基金预算财政拨款收入",
        "三、国有资本经营预算财政拨款收入",
        "四、上级补助收入",
        "五、事业收入",
        "六、经营收入",
        "七、附属单位上缴收入",
        "八、其他收入",
    ]
    assert left[8:26] == [("", "")] * 18
    classes = [f"{number}、{name}" for number, name in zip(NUMERALS, CLASSES.split())]
    assert [label for label, _figure in right[:26]] == classes
    assert left[26:] == [
        ("本年收入合计", "6097.78"),
        ("使用非财政拨款结余（含专用结余）", "0.00"),
        ("年初结转和结余", "112.88"),
        ("总计", "6210.66"),
    ]
    assert right[26:] == [
        ("本年支出合计", "6201.62"),
        ("结余分配", "0.00"),
        ("年末结转和结余", "9.03"),
        ("总计", "6210.66"),
    ]


def test_form_04_side_by_side(document: Document) -> None:
    table = tables(document)["fiscal"]
    left, right = cells(table, 0, 1), cells(table, 2, 3, 4, 5, 6)
    assert [label for label, *_figures in right[:26]] == [
        f"{number}、{name}" for number, name in zip(NUMERALS, CLASSES.split())
    ]
    assert left[26:] == [
        ("本年收入合计", "6064.02"),
        ("年初财政拨款结转和结余", "0.00"),
        ("一、一般公共预算财政拨款", "0.00"),
        ("二、政府性基金预算财政拨款", "0.00"),
        ("三、国有资本经营预算财政拨款", "0.00"),
        ("总计", "6064.02"),
    ]
    assert right[26] == ("本年支出合计", "6063.92", "6063.92", "0.00", "0.00")
    assert right[27] == ("年末财政拨款结转和结余", "0.09", "0.09", "0.00", "0.00")
    assert right[28:31] == [("", "", "", "", "")] * 3
    assert right[31] == ("总计", "6064.02", "6064.02", "0.00", "0.00")


@pytest.mark.parametrize("id", ["income", "expenditure", "general_budget"])
def test_account_rows_come_after_the_total_parents_before_children(document: Document, id: str) -> None:
    rows = cells(tables(document)[id], 0, 1)
    assert rows[0] == ("", "合计")
    codes = [code for code, _name in rows[1:]]
    assert codes == sorted(codes)
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert len(code) == 3 or code[:-2] in codes
    assert codes[:5] == ["201", "20105", "2010550", "20132", "2013299"]


def test_accounts_without_any_figure_are_left_out() -> None:
    text = HEAD + "[expenditure]\n2010550 = { basic = 1 }\n2299999 = { basic = 0.00 }\n"
    assert [code for (code,) in cells(compose_form(report_of(text), "expenditure"), 0)] == [
        "", "201", "20105", "2010550"]


def test_accounts_whose_figures_are_still_to_be_entered_stay() -> None:
    report = report_of(HEAD + "[expenditure]\n2010550 = { basic = 1 }\n2299999 = { basic = 0.00 }\n2013299 = { }\n")
    rows = cells(compose_form(report, "expenditure"), 0, 2)
    assert [code for code, _total in rows] == ["", "201", "20105", "2010550", "20132", "2013299"]
    assert dict(rows)["2010550"] == "1.00"
    assert {dict(rows)[code] for code in ("", "201", "20132", "2013299")} == {"【待填】"}


def test_an_empty_account_form_has_its_total() -> None:
    assert cells(compose_form(report_of(HEAD), "expenditure"), 0, 1, 2) == [("", "合计", "【待填】")]
    stated = report_of(nothing_else(HEAD))
    assert cells(compose_form(stated, "expenditure"), 0, 1, 2) == [("", "合计", "0.00")]


def test_form_06_lists_the_whole_catalogue_in_three_panels(document: Document, example: Report) -> None:
    table = tables(document)["basic_economic"]
    assert {column.panel for column in table.columns} == {0, 1, 2}
    listed = [code for panel in (0, 3, 6) for (code,) in cells(table, panel) if code]
    expected = [
        code for code in example.economic.codes() if code[:3] in ("301", "303", "302", "307", "310", "312", "399")
    ]
    order = [code for code in expected if code[:3] in ("301", "303")]
    order += [code for code in expected if code[:3] in ("302", "307") and code <= "30702"]
    order += [code for code in expected if code not in order]
    assert listed == order
    assert cells(table, 0, 1, 2)[0] == ("301", "工资福利支出", "4671.77")
    assert cells(table, 1, 2)[-1] == ("人员经费合计", "4855.17")
    assert cells(table, 7, 8)[-1] == ("公用经费合计", "177.08")
    assert cells(table, 3, 4, 5)[-1] == ("", "", "")


def test_an_economic_account_that_is_not_in_the_catalogue_is_listed() -> None:
    report = report_of(HEAD + '[basic_economic]\n30188 = 5\n[accounts]\n30188 = "新科目"\n')
    assert ("30188", "新科目", "5.00") in cells(compose_form(report, "basic_economic"), 0, 1, 2)


def test_form_07(document: Document) -> None:
    assert cells(tables(document)["three_public"], 0, 1, 2) == [
        ("合计", "1", "39.27"),
        ("1. 因公出国（境）费", "2", "0.00"),
        ("2. 公务用车购置及运行维护费", "3", "21.00"),
        ("其中：（1）公务用车购置费", "4", "0.00"),
        ("　　　（2）公务用车运行维护费", "5", "21.00"),
        ("3. 公务接待费", "6", "18.26"),
    ]


@pytest.mark.parametrize(("id", "columns", "statement", "filled"), [
    ("government_fund", 6, "没有使用政府性基金预算财政拨款安排的收支",
    "[government_fund]\n2120801 = { project = 3 }\n"),
    ("government_fund", 6, "没有使用政府性基金预算财政拨款安排的收支", "[government_fund]\n2120801 = { income = 3 }\n"),
    ("government_fund", 6, "没有使用政府性基金预算财政拨款安排的收支",
    "[government_fund]\n2120801 = { opening = 3 }\n"),
    ("state_capital", 3, "没有使用国有资本经营预算财政拨款安排的支出", "[state_capital]\n2230105 = { project = 3 }\n"),
], ids=["spent", "received", "left over", "capital"])  # fmt: skip
def test_an_empty_form_says_so(id: str, columns: int, statement: str, filled: str) -> None:
    """The statutory statement stands under the form exactly where the form is empty."""
    empty, used = compose_form(report_of(nothing_else(HEAD)), id), compose_form(report_of(HEAD + filled), id)
    assert [statement in note for note in empty.notes] == [False, True]
    assert not any(statement in note for note in compose_form(report_of(HEAD), id).notes)
    assert not any(statement in note for note in used.notes)
    numbers = tuple(str(number) for number in range(1, columns + 1))
    for table in (empty, used):
        assert cells(table, 1, *range(2, columns + 2))[0] == ("栏次", *numbers)
    assert cells(empty, 1, 2)[1:] == [("合计", "0.00")]
    assert len(used.rows) == 5


# Projects

PROJECT = """
[[projects]]
name = "项目{0}"
overview = "概况{0}第一段\\n第二段"
[[projects.indicators]]
level1 = "产出指标"
level2 = "数量指标"
name = "子"
weight = 40
score = 40
[[projects.indicators]]
level1 = "产出指标"
level2 = "数量指标"
name = "丑"
weight = 30
score = 25.5
[[projects.indicators]]
level1 = "产出指标"
level2 = "质量指标"
name = "寅"
[[projects.indicators]]
level1 = "效益指标"
level2 = "质量指标"
name = "卯"
[[projects.problems]]
kind = "管理"
problem = "问题{0}"
suggestion = "建议{0}"
"""


@pytest.mark.parametrize("count", [0, 1, 3])
def test_any_number_of_projects(count: int) -> None:
    report = report_of(nothing_else(HEAD + "".join(PROJECT.format(number) for number in range(1, count + 1))))
    document = compose(report)
    forms = [table for id, table in tables(document).items() if id.startswith("self_evaluation")]
    assert [table.id for table in forms] == [f"self_evaluation.{number}" for number in range(1, count + 1)]
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert [text for text in paragraphs if re.fullmatch("（项目[0-9]）", text)] == [
        f"（项目{number}）" for number in range(1, count + 1)
    ]
    assert any("没有需要公开的项目支出绩效自评表" in text for text in paragraphs) is (count == 0)
    assert any("没有实施单位自评的项目" in text for text in paragraphs) is (count == 0)
    for number in range(1, count + 1):
        assert f"概况{number}第一段" in paragraphs
        assert f"1. 问题{number}" in paragraphs
        assert f"1. 建议{number}" in paragraphs


def test_a_project_that_is_not_published_has_no_attachment() -> None:
    report = report_of(
        HEAD + PROJECT.format(1).replace("[[projects.ind", "published = false\n[[projects.ind", 1) + PROJECT.format(2)
    )
    assert [id for id in tables(compose(report)) if id.startswith("self_evaluation")] == ["self_evaluation.2"]


def test_the_grid_of_a_project_covers_every_position_once() -> None:
    table = compose_form(report_of(HEAD + PROJECT.format(1)), "self_evaluation", "1")
    covered: dict[tuple[int, int], int] = {}
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (number, column) in covered:
                column += 1
            for down in range(cell.rows):
                for right in range(cell.columns):
                    place = (number + down, column + right)
                    assert place not in covered
                    covered[place] = 1
            column += cell.columns
    assert set(covered) == {(row, column) for row in range(len(table.rows)) for column in range(9)}


def test_equal_neighbours_in_a_grid_are_one_cell() -> None:
    """Of indicators: equal first levels, and equal second levels within one first level."""
    table = compose_form(report_of(HEAD + PROJECT.format(1)), "self_evaluation", "1")
    spans = [
        (cell.text, cell.rows)
        for row in table.rows
        for cell in row.cells
        if cell.text in ("产出指标", "效益指标", "数量指标", "质量指标")
    ]
    assert spans == [("产出指标", 3), ("数量指标", 2), ("质量指标", 1), ("效益指标", 1), ("质量指标", 1)]


# Addresses and records


def test_every_printed_figure_names_its_cell_and_repeats_it(document: Document, example: Report) -> None:
    figures = 0
    for table in tables(document).values():
        for row in table.rows:
            for cell in row.cells:
                if cell.address:
                    name, line, column = cell.address.split(".")
                    assert cell.text in (
                        example.shown((name, line, column)),
                        example.shown((name, line, column), "narrative"),
                    ) or table.id.startswith("self_evaluation")
                    figures += 1
    assert figures > 500


def test_json_records_are_complete(document: Document, example: Report) -> None:
    """Every figure that a form prints is in its records, under the ids of row and column."""
    data = json_renderer.as_data(document, example)
    by_id = {table["id"]: table for table in data["tables"]}
    assert list(by_id) == list(tables(document))
    for id in OFFICIAL:
        table = tables(document)[id]
        printed = [cell.text for row in table.rows for cell in row.cells if cell.address]
        recorded = [text for row in by_id[id]["rows"] for text in row["cells"].values()]
        assert sorted(printed) == sorted(text for text in recorded if re.fullmatch(r"-?[0-9]+\.[0-9]{2}", text))
        ids = [(row["id"], row["label"]) for row in by_id[id]["rows"]]
        assert len(set(ids)) == len(ids)
    rows = {row["id"]: row for row in by_id["general_budget"]["rows"]}
    assert rows["2013299"] == {
        "id": "2013299",
        "code": "2013299",
        "label": "其他组织事务支出",
        "cells": {"total": "2.09", "basic": "2.09", "project": "0.00"},
    }
    assert rows["total"]["label"] == "合计"
    assert rows["total"]["code"] == ""


def test_json_has_all_texts_and_says_which_report_it_is(document: Document, example: Report) -> None:
    data = json_renderer.as_data(document, example)
    assert (data["format"], data["year"], data["department"], data["unit"]) == (
        "fujian/final-accounts",
        2024,
        "三明市医疗保障局",
        "万元",
    )
    assert [section["title"] for section in data["sections"]] == [heading.title for heading in headings(document)]
    whole = "\n".join(section["text"] for section in data["sections"])
    assert all(block.text in whole for block in document.blocks if isinstance(block, Paragraph))
    for key in ("required", "done", "missing"):
        assert key in data["progress"]
    keys = {"code", "severity", "place", "line", "message", "left", "right", "difference", "tolerance"}
    assert all(keys <= set(finding) for finding in data["findings"])


# Texts and terms


def test_prose_is_parted_into_paragraphs() -> None:
    report = report_of(HEAD + '[prose]\nduties = """\n甲。\n\n  乙。  \n"""\n')
    texts = [
        block.text for block in compose(report).blocks if isinstance(block, Paragraph) and block.section == "duties"
    ]
    assert texts[1:] == ["甲。", "乙。"]


def test_terms_are_explained_that_the_report_uses() -> None:
    def terms(text: str) -> list[str]:
        return [
            block.text
            for block in compose(report_of(text)).blocks
            if isinstance(block, Paragraph) and block.section == "glossary"
        ]

    plain, fund = terms(HEAD), terms(HEAD + "[government_fund]\n2120801 = { income = 3 }\n")
    assert len(fund) == len(plain) + 1
    assert not any("、政府性基金预算财政拨款：" in text for text in plain)
    own = terms(HEAD + '[glossary]\n"医共体" = "指……"\n')
    assert own[-1].endswith("、医共体：指……")
    for listed in (plain, fund, own):
        numbers = [text.partition("、")[0] for text in listed]
        assert numbers == NUMERALS[: len(numbers)]


def test_no_form_of_the_format_is_forgotten() -> None:
    format = load_format("fujian/final-accounts")
    report = report_of(HEAD + PROJECT.format(1))
    printed = {id.partition(".")[0] for id in tables(compose(report))}
    assert printed == set(format.forms)


def test_each_evaluation_report_begins_a_page() -> None:
    blocks = compose(report_of(HEAD + 'unit = "万元"\n' + '[[projects]]\nname = "甲"\n' * 3)).blocks
    starts = [number for number, block in enumerate(blocks)
              if isinstance(block, Heading) and "绩效自评报告" in block.title]
    assert len(starts) == 3
    assert all(isinstance(blocks[number - 1], PageBreak) for number in starts[1:])
    assert isinstance(blocks[starts[0] - 1], Heading)  # the first stays with the heading of its section


def test_only_evaluated_projects_are_attached() -> None:
    text = '[[projects]]\nname = "甲"\nself_evaluation = false\n[[projects]]\nname = "乙"\n'
    found = tables(compose(report_of(HEAD + 'unit = "万元"\n' + text)))
    assert [id for id in found if id.startswith("self_evaluation")] == ["self_evaluation.2"]


def test_notes_are_numbered_where_there_are_two() -> None:
    empty = tables(compose(report_of(nothing_else(HEAD + 'unit = "万元"\n'))))
    used = tables(compose(report_of(HEAD + 'unit = "万元"\n[state_capital]\n2239999 = { project = 1 }\n')))
    assert [note[:4] for note in empty["state_capital"].notes] == ["注：1.", "　　2."]
    assert [note[:4] for note in used["state_capital"].notes] == ["注：本表"]
