"""The made-up departments of the benchmarks are sound, so that what is timed is what a real report costs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from juesuan.core import checks, progress
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

FILE = Path(__file__).parents[1] / "benchmarks" / "synthetic.py"
spec = importlib.util.spec_from_file_location("synthetic", FILE)
assert spec is not None
assert spec.loader is not None
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)


@pytest.mark.parametrize("items", [1, 30, 1500])
def test_a_made_up_department_is_complete_and_without_errors(items: int) -> None:
    text = synthetic.source(items, projects=1, seed=7)
    assert text == synthetic.source(items, projects=1, seed=7)
    report = Report(parse_source(text))
    assert report.source.problems == []
    assert len(report.items("expenditure")) == items
    assert [finding.code for finding in checks.findings(report) if finding.severity == "error"] == []
    assert progress.progress(report).percent == 100


def test_departments_differ() -> None:
    assert synthetic.source(20, seed=1) != synthetic.source(20, seed=2)
