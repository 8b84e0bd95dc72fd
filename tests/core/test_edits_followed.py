"""Edits that change what other places say though no figure that these read has moved: they say it at once."""

from __future__ import annotations

from juesuan.core.checks import findings
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

SOURCE = """schema = 2
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
[basic_economic]
30201 = 5
"""
CELL = ("economic_expenditure", "30201", "project")
"""Its rows are those of other tables: they stay the same where a figure comes."""


def test_the_first_figure_of_a_table_that_nobody_asks_for() -> None:
    report = Report(parse_source(SOURCE))
    report.watch()
    without = dict(report.watched())
    report.set(CELL, "7")
    assert dict(report.watched()) == dict(Report(parse_source(
        SOURCE + "[economic_expenditure]\n30201 = { project = 7 }\n")).watched())
    report.set(CELL, "")
    assert dict(report.watched()) == without



def test_an_unknown_account_is_told_of_the_first_table_that_has_it() -> None:
    """Income has the rows of the funds already: they stay the same where it gets a figure of its own."""
    text = SOURCE.partition("[basic_economic]")[0] + "[government_fund]\n2129977 = { income = 5 }\n"
    report = Report(parse_source(text))
    report.watch()
    report.set(("income", "2129977", "other"), "7")
    fresh = Report(parse_source(text + "[income]\n2129977 = { other = 7 }\n"))
    assert [(found.code, found.place) for found in findings(report)] == [
        (found.code, found.place) for found in findings(fresh)]
    assert any("收入" in found.place and "2129977" in found.place for found in findings(report))


def test_that_there_are_none_is_taken_back_where_there_are_some() -> None:
    """A file that contradicts itself (T11) says what it says without the statement, once that is gone."""
    records = '[[units]]\nname = "甲"\n'
    text = SOURCE.replace('unit = "万元"\n', 'unit = "万元"\nnone = ["units"]\n') + records
    report = Report(parse_source(text))
    report.watch()
    report.apply([("absent", ("units", ""), None)])
    fresh = Report(parse_source(SOURCE + records))
    columns = report.taxonomy.tables["units"].columns
    assert [report.value(("units", "1", column)) for column in columns] == [
        fresh.value(("units", "1", column)) for column in columns]
