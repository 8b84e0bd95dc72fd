"""Examples against the published reports: every code, name, figure and indicator, in order, but for
the known differences.

The published reports are not ours to copy: tests/data holds their figures and names alone. What
differs, and why, is told in docs/NAME-differences.md. The golden files hold the whole export;
`make golden` writes them anew: read the difference before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests/golden"
NAMES = ["gaoyi-2024", "ningde-2024"]
PUBLISHED: dict[str, dict[str, Any]] = {
    name: tomllib.loads((ROOT / f"tests/data/{name}-published.toml").read_text("utf-8")) for name in NAMES}
FIGURE = re.compile(r"(?:增加|减少|增长|下降|增减)?\d[\d,]*(?:\.\d+)?%?")


def every(part: str) -> list[tuple[str, str]]:
    """The published tables or sections, each with the report that it is of."""
    return [(name, id) for name in NAMES for id in PUBLISHED[name].get(part, ())]


@cache
def export(name: str, to: str) -> str:
    """What `juesuan export` writes of an example."""
    juesuan = [sys.executable, "-m", "juesuan", "export", ROOT / f"examples/{name}.toml", "--lang", "zh_CN"]
    done = subprocess.run([*juesuan, "--to", to], check=True, capture_output=True)
    return done.stdout.decode("utf-8")


def ours(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(export(name, "json"))
    return data


def expected(name: str, place: str, figures: list[str]) -> list[str]:
    """The published figures of a place, with our own where they are known to differ."""
    for difference in PUBLISHED[name]["differences"]:
        if difference["in"] == place:
            length = len(difference["published"])
            at = [start for start in range(len(figures)) if figures[start : start + length] == difference["published"]]
            assert len(at) == 1, difference
            figures = figures[: at[0]] + difference["ours"] + figures[at[0] + length :]
    return figures


@pytest.mark.parametrize(("name", "id"), every("tables"))
def test_tables(name: str, id: str) -> None:
    (table,) = (table for table in ours(name)["tables"] if table["id"] == id)
    coded = any(row[0] for row in PUBLISHED[name]["tables"][id]["rows"])
    rows = [[row["code"] * coded, row["label"].strip(), *row["cells"].values()] for row in table["rows"]]
    published = [cell for row in PUBLISHED[name]["tables"][id]["rows"] for cell in row]
    assert [cell for row in rows for cell in row] == expected(name, id, published)


@pytest.mark.parametrize("name", NAMES)
def test_targets_of_projects(name: str) -> None:
    tables = {table["id"]: table for table in ours(name)["tables"]}
    for number, published in enumerate(PUBLISHED[name].get("targets", ()), 1):
        table = tables[f"targets.{number}"]
        rows = {row["id"]: row["cells"] for row in table["rows"]}
        assert table["title"] == published["name"] + "项目绩效目标表"
        assert [rows[f"funds.{id}"]["level2"] for id in ("total", "fiscal", "other")] == published["funds"]
        found = [text for id, cells in rows.items() if re.match(r"indicators\.\d", id) for text in cells.values()]
        indicators = [text for row in published["indicators"] for text in row]
        assert found == expected(name, f"targets.{number}", indicators), published["name"]
    assert len([id for id in tables if id.startswith("targets.")]) == len(PUBLISHED[name].get("targets", ()))


@pytest.mark.parametrize(("name", "id"), every("sections"))
def test_sections(name: str, id: str) -> None:
    texts = [section["text"] for section in ours(name)["sections"] if section["id"].partition(".")[0] == id]
    assert FIGURE.findall("\n".join(texts)) == expected(name, id, PUBLISHED[name]["sections"][id])


@pytest.mark.parametrize("name", NAMES)
def test_differences_are_explained(name: str) -> None:
    text = (ROOT / f"docs/{name}-differences.md").read_text("utf-8")
    lines = {int(number): line for line in text.splitlines() for number in re.findall(r"^\| (\d+) \|", line)}
    for difference in PUBLISHED[name]["differences"]:
        for figure in [*difference["published"], *difference["ours"]]:
            assert figure in lines[difference["id"]], difference


@pytest.mark.parametrize("name", NAMES)
def test_findings_are_those_that_are_told(name: str) -> None:
    words = {"警告": "warning", "提示": "note"}
    text = (ROOT / f"docs/{name}-differences.md").read_text("utf-8")
    told = {(code, words[severity]) for codes, severity in re.findall(
        r"^\| ([A-Z\d、]+) (警告|提示)", text, re.MULTILINE) for code in codes.split("、")}
    assert {(finding["code"], finding["severity"]) for finding in ours(name)["findings"]} == told


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing(name: str) -> None:
    progress = ours(name)["progress"]
    assert (progress["percent"], progress["missing"]) == (100, [])
    assert "【待填" not in export(name, "text")


@pytest.mark.parametrize("to", ["text", "json"])
@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, to: str) -> None:
    path = GOLDEN / f"{name}.{'txt' if to == 'text' else to}"
    if os.environ.get("JUESUAN_GOLDEN") == "write":
        path.write_bytes(export(name, to).encode())
    golden = path.read_bytes().decode("utf-8") if path.exists() else ""
    if golden != export(name, to):
        shown = list(difflib.unified_diff(golden.splitlines(), export(name, to).splitlines(),
                                          f"golden/{path.name}", "now", n=2, lineterm=""))
        more = f"\n… {len(shown) - 200} more lines" if len(shown) > 200 else ""
        pytest.fail("\n".join(shown[:200]) + more + "\nif all of this is right: make golden", pytrace=False)
