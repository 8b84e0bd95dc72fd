"""Sanming's example (Fujian) against the published report. See published.py.

The golden files hold the whole export. `make golden` writes them anew; read the difference
before you commit it.
"""

from __future__ import annotations

from typing import Any

import pytest

from .published import FIGURE, Published, check_golden, figures_of_cells, table_rows

REPORT = Published("sanming-2024")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return REPORT.printed(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def ours(printed: dict[str, str]) -> dict[str, Any]:
    return REPORT.ours(printed)


@pytest.mark.parametrize("id", REPORT.data["tables"])
def test_tables(id: str, ours: dict[str, Any]) -> None:
    rows = table_rows(ours, id)
    assert rows == REPORT.data["tables"][id]
    assert list(rows) == list(REPORT.data["tables"][id])


def test_all_nine_tables_are_compared(ours: dict[str, Any]) -> None:
    forms = {table["form"]: table["id"] for table in ours["tables"] if table["form"]}
    assert sorted(forms) == [f"公开0{number}表" for number in range(1, 10)]
    assert set(forms.values()) == set(REPORT.data["tables"])


def reports(ours: dict[str, Any]) -> dict[str, str]:
    """The text of every section; the sections of an evaluation report as one."""
    texts: dict[str, str] = {}
    for section in ours["sections"]:
        id, _at, row = section["id"].partition("@")
        key = id if not row else f"evaluation_report-{row.partition('/')[0]}"
        heading = "" if not row else section["title"] + "\n"
        texts[key] = texts.get(key, "") + heading + section["text"] + "\n"
    return texts


@pytest.mark.parametrize("id", REPORT.data["sections"])
def test_sections(id: str, ours: dict[str, Any]) -> None:
    figures = ["".join(match) for match in FIGURE.findall(reports(ours)[id])]
    if id.startswith("evaluation_report"):
        figures = figures[1:]  # the year in the report's title
    assert figures == REPORT.expected(id, REPORT.data["sections"][id])


@pytest.mark.parametrize("number", REPORT.data["self_evaluation"])
def test_self_evaluations(number: str, ours: dict[str, Any]) -> None:
    rows = table_rows(ours, f"self_evaluation.{number}")
    for id, figures in REPORT.data["self_evaluation"][number].items():
        assert figures_of_cells(rows[id]) == REPORT.expected(f"self_evaluation.{number} {id}", figures), id


def test_every_difference_is_explained() -> None:
    REPORT.check_differences()


def test_findings_are_those_that_are_told(ours: dict[str, Any]) -> None:
    REPORT.check_findings(ours)


@pytest.mark.parametrize("name", ["sanming-2024.txt", "sanming-2024.json"])
def test_golden(name: str, printed: dict[str, str]) -> None:
    check_golden(name, printed)
