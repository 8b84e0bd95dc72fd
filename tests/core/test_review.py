"""Findings that are right as they are: acknowledged in the source, by hand and in a session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from juesuan.core.checks import Finding, findings
from juesuan.core.drafting import acknowledging
from juesuan.core.drafting.session import Edit, ReadOnly, Refused, Session
from juesuan.core.memo import memo
from juesuan.core.opening import build_report
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.views.standing import Standing

from .stating import nothing_else

HEAD = """schema = 1

[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""
OVER = """
[three_public]
reception = { budget = 1.00, outturn = 1.50 }   # 超预算

[basic_economic]
30217 = 1.50
"""
PLACE = "three_public.reception.outturn"
SAID = """
[review]
checked_by = "张三"                              # 不认识的键

[[review.acknowledged]]
code = "G04"
place = "three_public.reception.outturn"
judged = ["1.50", "1.00"]
reason = "预算追加"
note = "附件"
"""


def report_of(text: str) -> Report:
    return build_report(parse_source(text), "")


def at(report: Report, code: str, place: str = PLACE) -> Finding:
    return next(finding for finding in findings(report) if (finding.code, finding.cell) == (code, place))


def session_of(tmp_path: Path, text: str, read_only: bool = False) -> Session:
    path = tmp_path / "report.toml"
    path.write_text(text, "utf-8")
    return Session.open(str(path), read_only)


def test_an_acknowledged_finding_has_its_reason_and_stands_last() -> None:
    report = report_of(HEAD + OVER + SAID)
    assert report.source.problems == []
    assert at(report, "G04").acknowledged == "预算追加"
    assert findings(report)[-1] == at(report, "G04")
    assert at(report_of(HEAD + OVER), "G04").acknowledged == ""


def test_other_figures_bring_the_finding_back_and_it_says_so() -> None:
    report = report_of(HEAD + OVER.replace("1.50", "1.60") + SAID)
    finding = at(report, "G04")
    assert finding.acknowledged == ""
    assert "1.50" in finding.hint
    assert "预算追加" in finding.hint


def test_what_is_said_of_one_finding_says_nothing_of_another_at_its_place() -> None:
    text = (Path(__file__).parent.parent.parent / "examples/sanming-2024.toml").read_text("utf-8")
    place = "general_budget.2101501.total"  # its reason explains nothing, and a rise and a fall

    def both(text: str) -> list[Finding]:
        return [finding for finding in findings(report_of(text)) if (finding.code, finding.cell) == ("J20", place)]

    hints = {finding.judged: finding.hint for finding in both(text)}
    assert len(hints) == 2
    for judged in hints:
        words = ", ".join(f'"{word}"' for word in judged)
        record = f'\n[[review.acknowledged]]\ncode = "J20"\nplace = "{place}"\njudged = [{words}]\nreason = "有据"\n'
        for finding in both(text + record):
            assert finding.acknowledged == ("有据" if finding.judged == judged else "")
            assert finding.hint == hints[finding.judged]
        for finding in both(text + record.replace(judged[0], "别的")):
            assert "有据" in finding.hint


def test_an_error_is_never_acknowledged() -> None:
    wrong = '\n[expenditure]\n2101501 = { basic = 1.00 }\n[general_budget]\n2101501 = { basic = 2.00 }\n'
    wrong = nothing_else(HEAD + wrong)
    (error, *_others) = [finding for finding in findings(report_of(wrong)) if finding.severity == "error"]
    code, place, judged = acknowledging.key_of(error)
    record = f'[[review.acknowledged]]\ncode = "{code}"\nplace = "{place}"\njudged = {list(judged)}\nreason = "因为"\n'
    assert error in findings(report_of(wrong + record))


@pytest.mark.parametrize(("record", "code", "path"), [
    ("review = 5", "T02", ("review",)),
    ("[review]\nacknowledged = 5", "T02", ("review", "acknowledged")),
    ('[[review.acknowledged]]\nplace = "a"\nreason = "b"', "T02", ("review", "acknowledged", 0)),
    ('[[review.acknowledged]]\ncode = "G04"\nplace = "a"', "T02", ("review", "acknowledged", 0)),
    ('[[review.acknowledged]]\ncode = 5\nplace = "a"\nreason = "b"', "T02", ("review", "acknowledged", 0, "code")),
    ('[[review.acknowledged]]\ncode = "G04"\nplace = "a"\nreason = " "', "T05",
     ("review", "acknowledged", 0, "reason")),
    ('[[review.acknowledged]]\ncode = "T01"\nplace = "a"\nreason = "b"', "T05", ("review", "acknowledged", 0, "code")),
    ('[[review.acknowledged]]\ncode = "G04"\nplace = "a"\njudged = [1]\nreason = "b"', "T02",
     ("review", "acknowledged", 0, "judged")),
    ('[[review.acknowledged]]\ncode = "G04"\nplace = "a"\nreason = "b"\n' * 2, "T07", ("review", "acknowledged", 1)),
])  # fmt: skip
def test_what_is_wrong_with_a_record_is_told_with_its_key(record: str, code: str, path: tuple[Any, ...]) -> None:
    text = record + "\n" + HEAD if record.startswith("review") else HEAD + record + "\n"
    assert [problem[:2] for problem in parse_source(text).problems] == [(code, path)]


def test_what_else_stands_under_review_is_no_fault() -> None:
    assert parse_source(HEAD + '[review]\nby = "张三"\n[review.later]\nx = [1, 2]\n').problems == []


def test_counts_and_the_memo_treat_it_apart() -> None:
    opened, closed = report_of(HEAD + OVER), report_of(HEAD + OVER + SAID)
    assert Standing(opened).counts["warning"] == Standing(closed).counts["warning"] + 1
    assert Standing(closed).sign(("three_public", "reception", "outturn")) == ""
    lines, _worst = memo(closed, "甲.toml")
    said = next(number for number, line in enumerate(lines) if "预算追加" in line)
    groups = [number for number, line in enumerate(lines) if line == ""]
    assert [number for number, line in enumerate(lines) if "G04" in line] == [
        max(group for group in groups if group < said) + 2] == [said - 2]


# In a session


def acknowledge(session: Session, finding: Finding, reason: str | None) -> Any:
    return session.run("说明", [Edit("acknowledge", acknowledging.key_of(finding), reason)])


def test_it_is_written_followed_undone_and_taken_back(tmp_path: Path) -> None:
    session = session_of(tmp_path, HEAD + OVER)
    standing = Standing(session.report)
    warnings = standing.counts["warning"]
    change = acknowledge(session, at(session.report, "G04"), "预算追加")
    standing.follow(session.report, change)
    assert standing.counts["warning"] == warnings - 1
    assert findings(session.report) == findings(report_of(session.text.text()))
    assert at(session.report, "G04").acknowledged == "预算追加"
    acknowledge(session, at(session.report, "G04"), "另一个原因")
    assert session.text.text().count("[[review.acknowledged]]") == 1
    acknowledge(session, at(session.report, "G04"), None)
    assert session.text.text() == HEAD + OVER
    session.undo()
    session.undo()
    session.undo()
    assert session.text.text() == HEAD + OVER
    assert at(session.report, "G04").acknowledged == ""
    session.redo()
    assert at(session.report, "G04").acknowledged == "预算追加"
    session.close(discard=True)


def test_another_figure_brings_it_back_live_and_the_old_one_settles_it(tmp_path: Path) -> None:
    session = session_of(tmp_path, HEAD + OVER + SAID)
    cell = ("three_public", "reception", "budget")
    session.run("录入", [Edit("cell", cell, "1.20")])
    assert at(session.report, "G04").acknowledged == ""
    session.run("录入", [Edit("cell", cell, "1.00")])
    assert at(session.report, "G04").acknowledged == "预算追加"
    session.run("录入", [Edit("cell", cell, "1.20")])
    finding = at(session.report, "G04")
    session.run("说明", [*(Edit("acknowledge", key) for key in acknowledging.lapsed(session.report, finding)),
                         Edit("acknowledge", acknowledging.key_of(finding), "再次追加")])  # fmt: skip
    assert session.report.source.acknowledged == {("G04", PLACE): ((("1.50", "1.20"), "再次追加"),)}
    assert findings(session.report) == findings(report_of(session.text.text()))
    session.close(discard=True)


def test_an_error_is_refused(tmp_path: Path) -> None:
    session = session_of(tmp_path, nothing_else(HEAD + OVER + '[official]\n"three_public.total.outturn" = 9.00\n'))
    error = next(finding for finding in findings(session.report) if finding.severity == "error")
    with pytest.raises(Refused):
        acknowledge(session, error, "因为")
    session.close(discard=True)


def test_a_reader_acknowledges_nothing(tmp_path: Path) -> None:
    session = session_of(tmp_path, HEAD + OVER, read_only=True)
    with pytest.raises(ReadOnly):
        acknowledge(session, at(session.report, "G04"), "预算追加")


def test_what_is_not_known_under_review_survives_to_the_letter(tmp_path: Path) -> None:
    more = '\n[review.later]\nx = [1,  2]   # 以后的版本写的\n'
    text = nothing_else(HEAD + OVER + SAID + more)
    session = session_of(tmp_path, text)
    other = next(finding for finding in findings(session.report)
                 if finding.severity != "error" and not finding.acknowledged)
    acknowledge(session, other, "就是这样")
    for line in (SAID + more).splitlines():
        assert line in session.text.text().splitlines()
    acknowledge(session, other._replace(), None)
    assert session.text.text() == text
    session.close(discard=True)


UNITS = """
[[units]]
name = "甲"
funding = "行政单位"
headcount = 3

[[units]]
name = "乙{…}"
funding = "事业单位"
headcount = 4
"""
INLINE = """
[review]
acknowledged = [
  { code = "S03", place = "units.2.name", judged = ["{…}"], reason = "就叫这个" },   # 二
]
"""
HEADERS = '\n[[review.acknowledged]]\ncode = "S03"\nplace = "units.2.name"\njudged = ["{…}"]\nreason = "就叫这个"\n'


@pytest.mark.parametrize("said", [INLINE, HEADERS], ids=["inline", "headers"])
def test_it_follows_its_record(tmp_path: Path, said: str) -> None:
    session = session_of(tmp_path, HEAD + UNITS + said)
    assert at(session.report, "S03", "units.2.name").acknowledged == "就叫这个"
    session.run("上移", [Edit("move", ("units", "", 1), 0)])
    assert at(session.report, "S03", "units.1.name").acknowledged == "就叫这个"
    session.run("增加", [Edit("insert", ("units", "", 0), {"name": "丙"})])
    assert at(session.report, "S03", "units.2.name").acknowledged == "就叫这个"
    assert findings(session.report) == findings(report_of(session.text.text()))
    session.run("删除", [Edit("remove", ("units", "", 1))])
    assert session.report.source.acknowledged == {}
    for _step in range(3):
        session.undo()
    assert session.text.text() == HEAD + UNITS + said
    session.close(discard=True)


def test_it_is_in_the_journal(tmp_path: Path) -> None:
    session = session_of(tmp_path, HEAD + OVER)
    acknowledge(session, at(session.report, "G04"), "预算追加")
    session.close()
    again = Session.open(session.path)
    assert again.recovery is not None
    assert any("预算追加" in line for line in again.recovery.lines(""))
    again.recover()
    assert at(again.report, "G04").acknowledged == "预算追加"
    again.close(discard=True)
