"""This year's source out of last year's: names stay, figures don't, last year's figures are the prior year."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import AmountError
from juesuan.core.beginning import begin_from
from juesuan.core.carrying import take_over
from juesuan.core.checks import findings
from juesuan.core.compose import compose
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.formats import load_format
from juesuan.core.opening import build_report, open_report
from juesuan.core.progress import MISSING, needs, progress
from juesuan.core.reading import parse_source
from juesuan.core.render import text
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source
from juesuan.core.source import Source
from juesuan.core.taxonomy import NUMBERS

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))

HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""


def begun(tmp_path: Path, last: str, name: str = "2025.toml", **options: Any) -> Report:
    old = tmp_path / "2024.toml"
    old.write_text(last, "utf-8")
    begin_from(str(tmp_path / name), str(old), **options)
    return open_report(str(tmp_path / name))


def written(source: Source) -> dict[str, str]:
    return {id: text for id, text in source.prose.items() if text}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_gives_a_source_without_faults(path: Path, tmp_path: Path) -> None:
    last = open_report(str(path))
    begin_from(str(tmp_path / "next.toml"), str(path))
    report = open_report(str(tmp_path / "next.toml"))
    assert report.source.problems == []
    assert (report.source.year, report.source.department) == (last.source.year + 1, last.source.department)
    assert (report.format.id, report.source.unit) == (last.format.id, last.source.unit)
    assert report.prior_report is not None
    assert written(report.source) == written(last.source)
    assert not [need for need in needs(report) if need.kind == "prior" and need.state == MISSING]
    # What stands there are words; the figures are this year's and are to be entered.
    kinds = {report.taxonomy.tables[cell[0]].columns[cell[2]].kind for cell in report.source.entries}
    assert not kinds & set(NUMBERS)
    assert not any(report.source.reasons.values())
    assert not report.source.official
    assert not report.source.acknowledged


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_row_with_a_figure_is_there_again(path: Path, tmp_path: Path) -> None:
    last = open_report(str(path))
    begin_from(str(tmp_path / "next.toml"), str(path))
    new = open_report(str(tmp_path / "next.toml"))
    for table in last.taxonomy.tables.values():
        if table.accounts:
            assert set(last.source.rows[table.id]) <= set(new.source.rows[table.id]), table.id
        elif table.label and not table.columns[table.label].yearly:
            labels = [[report.row_label(table.id, row) for row in report.rows(table.id)] for report in (last, new)]
            assert labels[0] == labels[1]


def test_a_blank_row_is_asked_for_until_it_has_a_figure_or_goes(tmp_path: Path) -> None:
    rows_of_last_year = "2010550 = { fiscal = 1.00, other = 2.00 }\n2013299 = { fiscal = 3.00 }\n"
    report = begun(tmp_path, HEAD + "[income]\n" + rows_of_last_year)
    assert report.source.blank == (("income", "2010550"), ("income", "2013299"))
    session = Session.open(str(tmp_path / "2025.toml"))
    try:
        def rows() -> dict[str, str]:
            return {need.key: need.state for need in needs(session.report) if need.kind == "row"}

        assert rows() == {"income.2010550": "missing", "income.2013299": "missing"}
        session.run("录入", [Edit("cell", ("income", "2010550", "fiscal"), "5")])
        assert rows()["income.2010550"] == "done"
        session.run("删行", [Edit("cell", ("income", "2013299", column), None) for column in ("fiscal", "other")])
        assert "income.2013299" not in rows()
        assert session.report.source.rows["income"] == ["2010550"]
        assert "2013299" not in session.text.text().partition("[income]")[2].partition("[expenditure]")[0]
        session.undo()
        assert rows()["income.2013299"] == "missing"
        session.undo()
        assert rows() == {"income.2010550": "missing", "income.2013299": "missing"}
    finally:
        session.close(discard=True)


LAST = HEAD + """[prose]
duties = "2024年，贯彻政策。"
main_task = "办好实事。"
[[units]]
name = "甲"
headcount = 3
"""


def open_carried(session: Session) -> list[str]:
    return [need.key for need in needs(session.report) if need.kind == "carried" and need.state == MISSING]


def test_what_was_taken_over_is_to_be_looked_over_once(tmp_path: Path) -> None:
    begun(tmp_path, LAST)
    session = Session.open(str(tmp_path / "2025.toml"))
    try:
        before = session.text.text()
        assert open_carried(session) == ["prose.duties", "prose.main_task", "units"]
        assert [found.path for found in findings(session.report) if found.code == "S13"] == [("prose", "duties")]
        # A text that is written anew was looked over; undo brings both back.
        change = session.run("撰写", [Edit("prose", ("duties",), "2025年，贯彻政策。")])
        assert open_carried(session) == ["prose.main_task", "units"]
        assert any(key.startswith("carried") for key in change.progress)
        assert not [found for found in findings(session.report) if found.code == "S13"]
        session.undo()
        assert session.text.text() == before
        assert open_carried(session) == ["prose.duties", "prose.main_task", "units"]
        # One that is right as it is is confirmed.
        session.run("确认", [Edit("confirm", ("prose.duties",))])
        assert not [found for found in findings(session.report) if found.code == "S13"]
        session.run("确认", [Edit("confirm", ("units",))])
        session.run("确认", [Edit("confirm", ("prose.main_task",))])
        assert open_carried(session) == []
        assert "carried" not in tomllib.loads(session.text.text()).get("review", {})
        for _ in range(3):
            session.undo()
        assert session.text.text() == before
        fresh = build_report(parse_source(session.text.text(), session.path))
        assert list(needs(fresh)) == list(needs(session.report))
    finally:
        session.close(discard=True)


def test_the_review_part_is_left_alone_by_everything_but_its_own_commands(tmp_path: Path) -> None:
    review = """[review]  # 审核人的意见
"状态" = "退回"
carried = [
  "prose.duties",  # 待改
]
[[review.acknowledged]]
code = "G04"
place = "three_public.reception.outturn"
judged = ["1.50", "1.00"]
reason = "年中追加"
"经办" = "张"
"""
    path = tmp_path / "2024.toml"
    path.write_text(LAST + review, "utf-8")
    session = Session.open(str(path))
    try:
        session.run("录入", [Edit("cell", ("units", "1", "headcount"), "4")])
        session.run("撰写", [Edit("prose", ("main_task",), "另一件事。")])
        session.run("增行", [Edit("insert", ("units", "", 1), {"name": "乙"})])
        session.run("原因", [Edit("reason", ("overview", "total", "amount"), "人员增加")])
        session.save()
        assert review in path.read_text("utf-8")
    finally:
        session.close()
    begin_from(str(tmp_path / "2025.toml"), str(path))
    assert review in path.read_text("utf-8")
    made = tomllib.loads((tmp_path / "2025.toml").read_text("utf-8"))["review"]
    assert made == {"carried": ["prose.duties", "prose.main_task", "units"]}


def test_last_years_figures_can_be_written_into_the_source(tmp_path: Path) -> None:
    last = (ROOT / "examples/sanming-2024.toml").read_text("utf-8")
    pages = []
    for name, options in (("a.toml", {}), ("b.toml", {"standalone": True}), ("c.toml", {"standalone": True})):
        report = begun(tmp_path, last, name, **options)
        assert report.source.problems == []
        assert (report.prior_report is None) == bool(options)
        assert not [need for need in needs(report) if need.kind == "prior" and need.state == MISSING]
        for cell in ("2010550", "2101599"):
            report.set(("general_budget", cell, "basic"), "33.33")
        pages.append(text.render(compose(report)))
    assert pages[0] == pages[1] == pages[2]
    (tmp_path / "2024.toml").unlink()
    assert open_report(str(tmp_path / "b.toml")).source.problems == []


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_last_years_figures_are_exact_in_any_unit(unit: str, tmp_path: Path) -> None:
    last = HEAD.replace("万元", "元") + "[general_budget]\n2010550 = { basic = 3018234.56 }\n"
    report = begun(tmp_path, last, unit=unit, standalone=True)
    assert report.source.unit == unit
    assert report.prior(("general_budget", "2010550", "total")) == Decimal("3018234.56")


def test_another_format_of_the_kind(tmp_path: Path) -> None:
    last = (ROOT / "examples/sanming-2024.toml").read_text("utf-8")
    report = begun(tmp_path, last, format_id="shanxi/final-accounts", unit="元")
    assert report.source.problems == []
    assert report.format.id == "shanxi/final-accounts"
    assert report.prior_report is not None
    assert set(report.source.carried) <= {f"prose.{id}" for id in report.format.prose} | set(report.taxonomy.tables)
    with pytest.raises(AmountError, match="部门决算"):
        begun(tmp_path, last, "other.toml", format_id="fujian/budget")


def test_a_year_that_does_not_follow_has_no_figures_of_last_year(tmp_path: Path) -> None:
    report = begun(tmp_path, LAST, year=2027)
    assert report.prior_report is None
    assert report.source.prior == {}
    assert report.source.problems == []
    assert any(need.kind == "prior" and need.state == MISSING for need in needs(report))


def test_a_source_with_faults_is_no_last_year(tmp_path: Path) -> None:
    with pytest.raises(AmountError, match="先审核"):
        begun(tmp_path, HEAD + "unknown = 1\n")
    assert not (tmp_path / "2025.toml").exists()


def test_the_files_that_it_names_are_named_from_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "last").mkdir()
    (tmp_path / "this").mkdir()
    (tmp_path / "last/own.csv").write_text("科目编码,科目名称\n2010598,自有科目\n", "utf-8")
    (tmp_path / "last/2024.toml").write_text(
        HEAD.replace('unit', 'catalogue = "own.csv"\nunit') + "[income]\n2010598 = { fiscal = 1 }\n", "utf-8")
    begin_from(str(tmp_path / "this/2025.toml"), str(tmp_path / "last/2024.toml"))
    report = open_report(str(tmp_path / "this/2025.toml"))
    assert report.source.problems == []
    assert report.name("2010598") == "自有科目"
    assert report.source.prior_file == "../last/2024.toml"


# ── whatever was there ──

WORDS = st.text(st.sampled_from('甲乙丙"\\#[]{}=,\'2024年 \n'), min_size=1, max_size=12).map(str.strip).filter(bool)
LINE = WORDS.map(lambda words: " ".join(words.split()))


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_every_name_stays_whatever_it_is(data: Any) -> None:
    def quoted(words: str) -> str:
        return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    names = data.draw(st.lists(LINE, max_size=3))
    duties = data.draw(WORDS)
    terms = data.draw(st.dictionaries(LINE, LINE, max_size=2))
    text = HEAD + f"[prose]\nduties = {quoted(duties)}\n"
    text += "".join(f"[[units]]\nname = {quoted(name)}\nheadcount = 1\n" for name in names)
    text += "".join(f"[[projects]]\nname = {quoted(name)}\n[[projects.indicators]]\nname = {quoted(name)}\n"
                    for name in names)
    text += "[glossary]\n" + "".join(f"{quoted(term)} = {quoted(words)}\n" for term, words in terms.items())
    last = build_report(parse_source(text))
    format = load_format("fujian/final-accounts")
    made = parse_source(new_source(format, "某局", 2025, "元", carried=take_over(last, format, "元", True)))
    assert made.problems == []
    assert written(made) == written(last.source)
    assert made.glossary == last.source.glossary
    for table in ("units", "projects", "project_indicators"):
        told = [[entry.value for row in source.rows[table] if (entry := source.entries.get((table, row, "name")))]
                for source in (last.source, made)]
        assert told[0] == told[1]
    assert set(made.carried) == {"prose.duties", *(["units", "projects"] if names else [])}


def test_progress_counts_what_is_to_be_looked_over(tmp_path: Path) -> None:
    report = begun(tmp_path, LAST)
    done = progress(report)
    report.apply([("carried", ("units",), None)])
    assert len(progress(report).missing) == len(done.missing) - 1
