"""Figures that texts name: found, printed, followed, and pointed at where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.checks import Finding, findings
from juesuan.core.compose import compose
from juesuan.core.document import Paragraph, Run, Table
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.opening import build_report
from juesuan.core.reading import parse_source
from juesuan.core.references import expanded, references
from juesuan.core.render.places import placed_lines
from juesuan.core.report import Report

from .stating import nothing_else

HEAD = """schema = 1

[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""
FIGURES = """
[general_budget]
2101501 = { basic = 1301.82, project = 2.00 }
"""
UNITS = """
[[units]]
name = "甲"
funding = "行政单位"
headcount = 3

[[units]]
name = "乙"
funding = "事业单位"
headcount = 4
"""


def report_of(text: str) -> Report:
    return build_report(parse_source(text), "")


def paragraphs(report: Report, section: str) -> list[Paragraph]:
    found = [block for block in compose(report).blocks if isinstance(block, Paragraph) and block.section == section]
    return found[1:]  # without the lead of the section


def errors(report: Report) -> list[Finding]:
    return [finding for finding in findings(report) if finding.code == "S12"]


def prose(words: str) -> str:
    return f'\n[prose]\nduties = """\n{words}"""\n'


@pytest.mark.parametrize("name", [
    "general_budget.2101501.total", "general_budget.2101501", "公开05表.2101501.小计", "公开05.行政运行.小计",
    "一般公共预算财政拨款支出决算·2101501·小计", " general_budget.2101501 ",
])  # fmt: skip
def test_a_figure_is_printed_by_any_of_its_names(name: str) -> None:
    report = report_of(HEAD + FIGURES + prose("支出{" + name + "}万元。"))
    (paragraph,) = paragraphs(report, "duties")
    assert paragraph.runs == (Run("支出"), Run("1303.82", "general_budget.2101501.total"), Run("万元。"))
    assert errors(report) == []


@pytest.mark.parametrize(("text", "printed"), [
    ("{{甲}}", "{甲}"), ("{{{units.1.headcount}}}", "{3}"), ("甲{{乙", "甲{乙"), ("a}}b", "a}b"),
])  # fmt: skip
def test_braces_are_written_twice(text: str, printed: str) -> None:
    report = report_of(HEAD + UNITS + prose(text))
    assert [paragraph.text for paragraph in paragraphs(report, "duties")] == [printed]
    assert errors(report) == []


@pytest.mark.parametrize("text", [
    "{没有的表.合计}", "{general_budget.2101502}", "{general_budget.2101501.没有的栏}", "{units.1.name}", "{7*7}",
    "{units.9.headcount}", "{department}", "{}", "{ }", "{__class__.__init__}", "{overview.total:>10}", "{overview}",
])  # fmt: skip
def test_what_names_no_figure_is_an_error_and_prints_what_is_missing(text: str) -> None:
    report = report_of(HEAD + FIGURES + UNITS + prose("甲" + text + "乙"))
    (error,) = errors(report)
    assert error.severity == "error"
    assert error.path == ("prose", "duties")
    (paragraph,) = paragraphs(report, "duties")
    assert paragraph.text.startswith("甲【待填：")
    assert paragraph.text.endswith("】乙")


@pytest.mark.parametrize("text", ["甲{乙", "甲}乙", "{甲\n乙}"])
def test_a_brace_alone_is_an_error_and_is_printed(text: str) -> None:
    report = report_of(HEAD + prose(text))
    assert errors(report) != []
    assert "\n".join(paragraph.text for paragraph in paragraphs(report, "duties")) == text


def test_a_long_text_keeps_its_lines_and_their_figures() -> None:
    text = "一、{general_budget.total}\n\n　　二、\n{general_budget.2101501.basic} 三"
    report = report_of(HEAD + FIGURES + prose(text))
    assert [paragraph.text for paragraph in paragraphs(report, "duties")] == ["一、1303.82", "二、", "1301.82 三"]
    lines, places = placed_lines(report, 80, 2)
    row = next(number for number, line in enumerate(lines) if "1301.82 三" in line)
    assert [figure.cell for figure in places[row]] == [("general_budget", "2101501", "basic")]


def test_reasons_and_texts_of_projects_name_figures() -> None:
    text = HEAD + FIGURES + """
[prior]
"general_budget.total" = 1.00

[reasons]
"general_budget.total" = "主要是{general_budget.total.basic}万元的人员支出。"

[[projects]]
name = "甲"
published = true
overview = "安排{general_budget.total.project}万元。"
goal = "用好{general_budget.total.project}万元"
"""
    report = report_of(text)
    assert errors(report) == []
    document = compose(report)
    said = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert any("1301.82万元的人员支出" in block.text and Run("1301.82", "general_budget.total.basic") in block.runs
               for block in said)  # fmt: skip
    assert any(block.text == "安排2.00万元。" for block in said)
    cells = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells]
    (goal,) = [cell for cell in cells if "用好" in cell.text]
    assert (goal.text, goal.address) == ("用好2.00万元", "projects.1.goal")


def test_an_edit_reaches_the_sentence() -> None:
    figures = FIGURES + "2101502 = { basic = 0 }\n"
    report = report_of(HEAD + figures + prose("支出{general_budget.total}万元。"))
    report.watch()
    change = report.set(("general_budget", "2101501", "project"), "3")
    ((_id, (old, new)),) = [pair for pair in change.sentences.items() if pair[0].startswith("duties")]
    assert old[1] == Run("1303.82", "general_budget.total.total")
    assert new[1] == Run("1304.82", "general_budget.total.total")
    report.set(("general_budget", "2101501", "project"), "")
    change = report.set(("general_budget", "2101501", "basic"), "")
    assert errors(report) == []
    assert paragraphs(report, "duties")[0].text == "支出0.00万元。"
    report.set(("general_budget", "2101502", "basic"), "")  # of a table without rows nothing is known
    assert paragraphs(report, "duties")[0].text == "支出【待填】万元。"


def test_a_row_that_goes_leaves_an_error() -> None:
    report = report_of(HEAD + FIGURES + prose("支出{general_budget.2101501.basic}万元。"))
    report.watch()
    report.set(("general_budget", "2101501", "project"), "")
    change = report.set(("general_budget", "2101501", "basic"), "")
    assert any(new is not None and new.code == "S12" for _old, new in change.findings.values())
    report.set(("general_budget", "2101501", "basic"), "1")
    assert errors(report) == []


def test_a_text_that_is_printed_in_a_form_can_name_its_own_form() -> None:
    text = HEAD + UNITS.replace("甲", "{公开01表.收入总计}") + prose("{公开01表.收入总计}{公开05表.没有的行}")
    report = report_of(nothing_else(text))
    assert len(errors(report)) == 1
    assert paragraphs(report, "duties")[0].text.startswith("0.00【待填：")


def test_names_and_places_are_found_in_a_text() -> None:
    assert [found.name for found in references("{a.b} {{c}} } {d\n}")] == ["a.b", "}", "{", "}"]
    report = report_of(HEAD)
    assert expanded(report, "没有引用", "x.1.y") == (Run("没有引用", "x.1.y"),)


# In a session


def test_references_follow_their_records(tmp_path: Path) -> None:
    path = tmp_path / "report.toml"
    text = nothing_else(HEAD + prose("甲{units.1.headcount}人，乙{units.2.headcount}人，{overview.total}") + UNITS)
    path.write_text(text, "utf-8")
    session = Session.open(str(path))

    def said() -> str:
        fresh = report_of(session.text.text())
        assert findings(fresh) == findings(session.report)
        assert paragraphs(fresh, "duties") == paragraphs(session.report, "duties")
        return paragraphs(fresh, "duties")[0].text

    session.run("上移", [Edit("move", ("units", "", 1), 0)])
    assert said() == "甲3人，乙4人，0.00"
    session.run("增加", [Edit("insert", ("units", "", 0), {"name": "丙", "headcount": 9})])
    assert said() == "甲3人，乙4人，0.00"
    session.run("删除", [Edit("remove", ("units", "", 2))])
    assert said() == "甲【待填：units.已删除.headcount】人，乙4人，0.00"
    assert len(errors(session.report)) == 1
    session.undo()
    assert said() == "甲3人，乙4人，0.00"
    session.undo()
    session.undo()
    assert session.text.text() == text
    assert said() == "甲3人，乙4人，0.00"
    session.close(discard=True)
