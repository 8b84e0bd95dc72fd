"""Tails while a source is edited: they are looked for where the edits make them possible."""

from __future__ import annotations

import pytest
from juesuan.core.checks import findings
from juesuan.core.drafting.draft import Draft
from juesuan.core.drafting.entering import Edit
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

SOURCE = """schema = 2
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
[expenditure]
2010550 = { basic = 2 }
2299999 = { basic = %s }
[official]
"three_public.total" = 3
"""
"""2 − 1.005 prints 1.00, and the parts that are printed 2.00 − 1.01."""
CELL = ("expenditure", "2299999", "basic")


def told(report: Report) -> list[str]:
    return [finding.cell for finding in findings(report)]


@pytest.mark.parametrize(("before", "after"), [("-1", "-1.005"), ("-1.005", "-1")])
def test_an_entry_finer_than_the_page_beside_an_official_figure(before: str, after: str) -> None:
    """Official figures tell of some tails, such an entry of all: from then on, and no longer."""
    fresh = told(Report(parse_source(SOURCE % after)))
    assert ("expenditure.total.basic" in fresh) == (after == "-1.005")
    report = Report(parse_source(SOURCE % before))
    report.watch()
    report.set(CELL, after)
    assert told(report) == fresh
    draft = Draft("", SOURCE % before)
    draft.run("改", [Edit("cell", CELL, after)])
    assert told(draft.report) == fresh
