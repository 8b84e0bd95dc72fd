"""Linfen's example (Shanxi) against the published report. See published.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from juesuan.core.drafting.session import Session
from juesuan.core.formats import load_format
from juesuan.core.reading import parse_source
from juesuan.core.skeleton import new_source

from .published import FIGURE, Published, check_golden, figures_of_cells, table_rows

REPORT = Published("linfen-2021")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return REPORT.printed(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def ours(printed: dict[str, str]) -> dict[str, Any]:
    return REPORT.ours(printed)


def plain(figure: str) -> str:
    """A figure without the zeros at the end of its decimals: 4.60 and 4.6 are one."""
    percent = "%" if figure.endswith("%") else ""
    figure = figure.removesuffix("%")
    return (figure.rstrip("0").rstrip(".") if "." in figure else figure) + percent


@pytest.mark.parametrize("id", REPORT.data["tables"])
def test_tables(id: str, ours: dict[str, Any]) -> None:
    """Thousand separators, line and column numbers and blanks included."""
    rows = {row: list(cells.values()) for row, cells in table_rows(ours, id).items()}
    published = {row: REPORT.expected(f"{id} {row}", cells) for row, cells in REPORT.data["tables"][id].items()}
    assert {row: cells for row, cells in rows.items() if row in published} == published
    assert [row for row in rows if row in published] == list(published)
    assert all(not any(cells) for row, cells in rows.items() if row not in published)  # headings


def test_all_ten_tables_are_compared(ours: dict[str, Any]) -> None:
    forms = {table["form"]: table["id"] for table in ours["tables"] if table["form"]}
    assert sorted(forms) == [f"公开{number:02}表" for number in range(1, 11)]
    assert set(forms.values()) == set(REPORT.data["tables"])


@pytest.mark.parametrize("id", REPORT.data["sections"])
def test_sections(id: str, ours: dict[str, Any]) -> None:
    (text,) = (section["text"] for section in ours["sections"] if section["id"] == id)
    figures = ["".join(match) for match in FIGURE.findall(text)]
    expected = REPORT.expected(id, REPORT.data["sections"][id])
    assert list(map(plain, figures)) == list(map(plain, expected))


@pytest.mark.parametrize("table", REPORT.data["evaluations"])
def test_evaluations(table: str, ours: dict[str, Any]) -> None:
    rows = table_rows(ours, table)
    for id, figures in REPORT.data["evaluations"][table].items():
        expected = REPORT.expected(f"{table} {id}", figures)
        assert list(map(plain, figures_of_cells(rows[id]))) == list(map(plain, expected)), id


def test_every_difference_is_explained() -> None:
    REPORT.check_differences()


def test_findings_are_those_that_are_told(ours: dict[str, Any]) -> None:
    REPORT.check_findings(ours)


@pytest.mark.parametrize("name", ["linfen-2021.txt", "linfen-2021.json"])
def test_golden(name: str, printed: dict[str, str]) -> None:
    check_golden(name, printed)


def test_a_new_source_asks_for_what_the_format_prints(tmp_path: Path) -> None:
    text = new_source(load_format("shanxi/final-accounts"), "示例局", 2024)
    assert parse_source(text).problems == []
    for asked in ("general_budget_classes", "economic_expenditure", "over_500k_general", "30913", "evaluated"):
        assert asked in text
    for other in ("organization", "over_1m =", "headcount", "tier"):
        assert other not in text
    path = tmp_path / "new.toml"
    path.write_text(text, encoding="utf-8")
    assert Session.open(str(path)).report.source.problems == []
