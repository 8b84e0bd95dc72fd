"""The example report against the published one: every figure, in order, but for the known differences.

The published report is not ours to copy: tests/data holds its figures alone. What differs, and
why, is told in docs/sanming-2024-differences.md.

The golden files hold the whole export. `make golden` writes them anew; read the difference
before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples/sanming-2024.toml"
GOLDEN = ROOT / "tests/golden"
DIFFERENCES = ROOT / "docs/sanming-2024-differences.md"
PUBLISHED: dict[str, Any] = tomllib.loads((ROOT / "tests/data/sanming-2024-published.toml").read_text("utf-8"))

FIGURE = re.compile(r"(增加|减少|增长|下降|增减)?(\d+(?:\.\d+)?)(%?)")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The two files that `juesuan export` writes of the example."""
    folder = tmp_path_factory.mktemp("export")
    juesuan = [sys.executable, "-m", "juesuan", "export", EXAMPLE, "--out-dir", folder, "--lang", "zh_CN"]
    for to in ("text", "json"):
        subprocess.run([*juesuan, "--to", to], check=True, stderr=subprocess.DEVNULL)
    return {path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def ours(printed: dict[str, str]) -> dict[str, Any]:
    """The example as JSON."""
    data: dict[str, Any] = json.loads(printed["sanming-2024.json"])
    return data


def expected(place: str, figures: list[str]) -> list[str]:
    """The published figures of a place, with our own where they are known to differ."""
    known = [difference for difference in PUBLISHED["differences"] if difference["in"] == place]
    for difference in sorted(known, key=lambda difference: -difference["at"]):
        start, length = difference["at"] - 1, len(difference["published"])
        assert figures[start : start + length] == difference["published"], difference
        figures = figures[:start] + difference["ours"] + figures[start + length :]
    return figures


@pytest.mark.parametrize("id", PUBLISHED["tables"])
def test_tables(id: str, ours: dict[str, Any]) -> None:
    (table,) = (table for table in ours["tables"] if table["id"] == id)
    rows = {row["id"]: row["cells"] for row in table["rows"]}
    assert rows == PUBLISHED["tables"][id]
    assert list(rows) == list(PUBLISHED["tables"][id])


def test_all_nine_tables_are_compared(ours: dict[str, Any]) -> None:
    forms = {table["form"]: table["id"] for table in ours["tables"] if table["form"]}
    assert sorted(forms) == [f"公开0{number}表" for number in range(1, 10)]
    assert set(forms.values()) == set(PUBLISHED["tables"])


def reports(ours: dict[str, Any]) -> dict[str, str]:
    """The text of every section; the sections of an evaluation report as one."""
    texts: dict[str, str] = {}
    for section in ours["sections"]:
        id, _at, row = section["id"].partition("@")
        key = id if not row else f"evaluation_report-{row.partition('/')[0]}"
        heading = "" if not row else section["title"] + "\n"
        texts[key] = texts.get(key, "") + heading + section["text"] + "\n"
    return texts


@pytest.mark.parametrize("id", PUBLISHED["sections"])
def test_sections(id: str, ours: dict[str, Any]) -> None:
    figures = ["".join(match) for match in FIGURE.findall(reports(ours)[id])]
    if id.startswith("evaluation_report"):
        figures = figures[1:]  # the year in the report's title
    assert figures == expected(id, PUBLISHED["sections"][id])


@pytest.mark.parametrize("number", PUBLISHED["self_evaluation"])
def test_self_evaluations(number: str, ours: dict[str, Any]) -> None:
    (table,) = (table for table in ours["tables"] if table["id"] == f"self_evaluation.{number}")
    rows = {row["id"]: row["cells"] for row in table["rows"]}
    for id, figures in PUBLISHED["self_evaluation"][number].items():
        found = [match[0] for text in rows[id].values() if (match := re.match(r"[≥≤=]?\d+(\.\d+)?", text))]
        assert found == expected(f"self_evaluation.{number} {id}", figures), id


def test_every_difference_is_explained() -> None:
    text = DIFFERENCES.read_text("utf-8")
    explained = {int(number): line for line in text.splitlines()
                 for number in re.findall(r"^\| (\d+) \|", line)}
    for difference in PUBLISHED["differences"]:
        line = explained[difference["id"]]
        for figure in [*difference["published"], *difference["ours"]]:
            assert figure in line, difference


def test_findings_are_those_that_are_told(ours: dict[str, Any]) -> None:
    words = {"警告": "warning", "提示": "note"}
    told = {(code, words[severity]) for codes, severity in re.findall(
        r"^\| ([A-Z\d、]+) (警告|提示)", DIFFERENCES.read_text("utf-8"), re.MULTILINE) for code in codes.split("、")}
    assert {(finding["code"], finding["severity"]) for finding in ours["findings"]} == told


@pytest.mark.parametrize("name", ["sanming-2024.txt", "sanming-2024.json"])
def test_golden(name: str, printed: dict[str, str]) -> None:
    path = GOLDEN / name
    if os.environ.get("JUESUAN_GOLDEN") == "write":
        path.write_bytes(printed[name].encode())
    golden = path.read_bytes().decode("utf-8") if path.exists() else ""
    if golden != printed[name]:
        before, now = golden.splitlines(), printed[name].splitlines()
        shown = list(difflib.unified_diff(before, now, f"golden/{name}", "now", n=2, lineterm=""))
        more = f"\n… {len(shown) - 200} more lines" if len(shown) > 200 else ""
        pytest.fail("\n".join(shown[:200]) + more + "\nif all of this is right: make golden", pytrace=False)
