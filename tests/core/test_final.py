"""Final or a draft: what is counted as open and wrong, and that the document knows it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from juesuan.core.checks import findings
from juesuan.core.compose import compose
from juesuan.core.document import Bar, Cell, Chart, Column, Cover, Draft, Heading, Row, Table, open_places, pieces
from juesuan.core.final import FEW, Obstacles, drafted, told
from juesuan.core.final import obstacles as obstacles_of
from juesuan.core.i18n import language, use_language
from juesuan.core.opening import build_report, open_report
from juesuan.core.progress import progress
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

from .render.documents import paragraph

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
SANMING = next(path for path in EXAMPLES if path.stem == "sanming-2024")
FINAL = next(path for path in EXAMPLES if path.stem == "panzhihua-dongqu-2023")

EMPTY = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""


def report_of(text: str) -> Report:
    return build_report(parse_source(text), "")


def obstacles(report: Report) -> Obstacles:
    return obstacles_of(report, compose(report))


def wrong() -> Report:
    """Complete, with errors."""
    return report_of(SANMING.read_text("utf-8").replace("project = 3.76", "project = 4.76"))


@pytest.mark.parametrize(("text", "expected"), [
    ("", []),
    ("没有", [("没有", False)]),
    ("【待填】", [("【待填】", True)]),
    ("共【待填：上年数】万元", [("共", False), ("【待填：上年数】", True), ("万元", False)]),
    ("【待填】【待填：甲】", [("【待填】", True), ("【待填：甲】", True)]),
    ("【待填", [("【待填", False)]),
    ("【2024】号【待填】", [("【2024】号", False), ("【待填】", True)]),
])
def test_a_text_in_pieces(text: str, expected: list[tuple[str, bool]]) -> None:
    found = list(pieces(text))
    assert found == expected
    assert "".join(piece for piece, _open in found) == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_complete_report_without_errors_is_no_draft(path: Path) -> None:
    assert compose(open_report(str(path))).draft is None


def test_an_empty_report_is_a_draft() -> None:
    report = report_of(EMPTY)
    draft = compose(report).draft
    assert draft is not None
    assert draft.open == len(progress(report).missing) > 50
    assert draft.line == f"草稿（待填{draft.open}项）"


def test_a_report_with_errors_is_a_draft() -> None:
    report = wrong()
    errors = [finding for finding in findings(report) if finding.severity == "error"]
    assert errors
    assert compose(report).draft == Draft(0, len(errors))
    assert compose(report).draft.line == f"草稿（错误{len(errors)}处）"  # type: ignore[union-attr]
    assert Draft(62, 3).line == "草稿（待填62项，错误3处）"


def test_an_edit_that_mends_it_makes_it_final() -> None:
    report = wrong()
    report.watch()
    report.set(("expenditure", "2101501", "project"), "3.76")
    if compose(report).draft is not None:  # the figure stands in two tables of the source
        report.set(("general_budget", "2101501", "project"), "3.76")
    assert compose(report).draft is None


def test_what_was_written_as_open_is_open() -> None:
    """Nothing is asked for, and still the text says that something is to be entered."""
    text = FINAL.read_text("utf-8").replace('duties = """', 'duties = """\n【待填：文号】负责。', 1)
    report = report_of(text)
    assert not progress(report).missing
    draft = compose(report).draft
    assert draft is not None
    assert draft.open == 2  # it is printed in two places
    found = obstacles(report)
    assert found.marks == ("一、部门职责", "（二）机构职能")
    assert not found.final


def test_places_of_what_is_open() -> None:
    columns = (Column("a", ("项目",), "name"), Column("b", ("金额",)))
    rows = (Row((Cell("一"), Cell("【待填】", "right", "x"))), Row((Cell("二"), Cell("1.00", "right", "x"))))
    blocks = (
        Cover(("2024年度", "【待填：部门名称】")), Heading("a", 2, "一、", "概况"),
        paragraph("共【待填】个，【待填：名称】。"),
        Table("t", "收支总表", "", "部门：【待填】", "", columns, rows),
        Chart("c", "bars", "图", "万元", (Bar("甲", Decimal(0), "【待填：上年数】"),)),
    )
    assert list(open_places(blocks)) == ["", "一、概况", "一、概况", "收支总表", "收支总表", "一、概况"]


def test_obstacles_are_what_is_missing_errors_and_warnings_that_nobody_acknowledged() -> None:
    report = wrong()
    found = obstacles(report)
    every = findings(report)
    assert found.errors == tuple(finding for finding in every if finding.severity == "error")
    assert found.warnings == tuple(finding for finding in every if finding.severity == "warning")
    assert found.draft
    assert not found.final
    as_published = obstacles(open_report(str(SANMING)))
    assert (as_published.draft, as_published.final, len(as_published.warnings)) == (False, False, 6)
    finished = obstacles(open_report(str(FINAL)))
    assert finished.final
    assert finished.percent == 100


def test_acknowledged_warnings_stand_in_nobody_s_way() -> None:
    report = open_report(str(SANMING))
    from juesuan.core.review import judged_of, place_of

    said = "".join(
        f'\n[[review.acknowledged]]\ncode = "{finding.code}"\nplace = "{place_of(finding)}"\n'
        f'judged = [{", ".join(f"""{chr(39)}{text}{chr(39)}""" for text in judged_of(finding))}]\nreason = "已核对"\n'
        for finding in obstacles(report).warnings)
    assert obstacles(report_of(SANMING.read_text("utf-8") + said)).final


def test_the_first_few_of_each_kind_are_told_with_their_places() -> None:
    before = language()
    use_language("zh_CN")
    try:
        report = report_of(EMPTY)
        found = obstacles(report)
        lines = told(report, found)
        assert lines[0] == f"  待填  {found.needs[0].place}"
        assert lines[FEW] == f"  待填  ……另有 {found.open - FEW} 项"
        lines = told(wrong(), obstacles(wrong()))
        assert lines[0].startswith("  错误  E07  第 ")
        assert sum(line.startswith("  警告") for line in lines) == FEW + 1
    finally:
        use_language(before)


def test_a_draft_is_told_by_the_report_and_what_is_printed_of_it_alone() -> None:
    report = report_of(EMPTY)
    blocks = compose(report).blocks
    assert drafted(report, blocks) == drafted(report, blocks) == compose(report_of(EMPTY)).draft
