"""A published report against our export of the same figures: every figure, in order, but for the known differences.

The published reports are not ours to copy: tests/data holds their figures alone. What differs, and
why, is told in docs/….-differences.md, a numbered row for each.
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
FIGURE = re.compile(r"(增加|减少|增长|下降|增减)?(\d+(?:\.\d+)?)(%?)")
CELL = re.compile(r"[≥≤=]?\d[\d,]*(?:\.\d+)?")
WORDS = {"警告": "warning", "提示": "note"}


class Published:
    """A published report: its figures, and what we say of the differences."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.example = ROOT / f"examples/{name}.toml"
        self.data: dict[str, Any] = tomllib.loads((ROOT / f"tests/data/{name}-published.toml").read_text("utf-8"))
        self.told = (ROOT / f"docs/{name}-differences.md").read_text("utf-8")

    def printed(self, folder: Path) -> dict[str, str]:
        """The two files that `juesuan export` writes of the example."""
        juesuan = [sys.executable, "-m", "juesuan", "export", self.example, "--out-dir", folder, "--lang", "zh_CN"]
        for to in ("text", "json"):
            subprocess.run([*juesuan, "--to", to], check=True, stderr=subprocess.DEVNULL)
        return {path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()}

    def ours(self, printed: dict[str, str]) -> dict[str, Any]:
        """The example as JSON."""
        data: dict[str, Any] = json.loads(printed[f"{self.name}.json"])
        return data

    def expected(self, place: str, figures: list[str]) -> list[str]:
        """The published figures of a place, with our own where they are known to differ."""
        known = [difference for difference in self.data["differences"] if difference["in"] == place]
        for difference in sorted(known, key=lambda difference: -difference["at"]):
            start, length = difference["at"] - 1, len(difference["published"])
            assert figures[start : start + length] == difference["published"], difference
            figures = figures[:start] + difference["ours"] + figures[start + length :]
        return figures

    def check_differences(self) -> None:
        """Every difference has its row."""
        rows = {int(number): line for line in self.told.splitlines() for number in re.findall(r"^\| (\d+) \|", line)}
        for difference in self.data["differences"]:
            for figure in [*difference["published"], *difference["ours"]]:
                assert figure in rows[difference["id"]], difference

    def check_findings(self, ours: dict[str, Any]) -> None:
        """The findings are those that the page tells, by code and severity."""
        told = {(code, WORDS[severity]) for codes, severity in
                re.findall(r"^\| ([A-Z\d、]+) (警告|提示)", self.told, re.MULTILINE) for code in codes.split("、")}
        assert {(finding["code"], finding["severity"]) for finding in ours["findings"]} == told


def table_rows(ours: dict[str, Any], id: str) -> dict[str, dict[str, str]]:
    """The rows of one printed table."""
    (table,) = (table for table in ours["tables"] if table["id"] == id)
    return {row["id"]: row["cells"] for row in table["rows"]}


def figures_of_cells(cells: dict[str, str]) -> list[str]:
    """The figures with which the cells of a row begin."""
    return [match[0] for text in cells.values() if (match := CELL.match(text))]


def check_golden(name: str, printed: dict[str, str]) -> None:
    """The file is as it was, byte by byte. `make golden` writes it anew."""
    path = ROOT / "tests/golden" / name
    if os.environ.get("JUESUAN_GOLDEN") == "write":
        path.write_bytes(printed[name].encode())
    golden = path.read_bytes().decode("utf-8") if path.exists() else ""
    if golden != printed[name]:
        before, now = golden.splitlines(), printed[name].splitlines()
        shown = list(difflib.unified_diff(before, now, f"golden/{name}", "now", n=2, lineterm=""))
        more = f"\n… {len(shown) - 200} more lines" if len(shown) > 200 else ""
        pytest.fail("\n".join(shown[:200]) + more + "\nif all of this is right: make golden", pytrace=False)
