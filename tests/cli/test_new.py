"""`juesuan new`: a source with every required entry in place, and `juesuan formats`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from .conftest import Run

ARGUMENTS = ("--department", "三明市医疗保障局", "--year", 2024)


@pytest.fixture
def new(juesuan: Run, tmp_path: Path) -> Path:
    path = tmp_path / "new.toml"
    result = juesuan("new", "fujian/final-accounts", path, *ARGUMENTS)
    assert (result.code, result.data) == (0, b"")
    assert f"juesuan check {path}" in result.err
    return path


def test_a_new_source_is_checked_and_printed(new: Path, juesuan: Run) -> None:
    checked = juesuan("check", new)
    assert (checked.code, checked.err) == (0, "")
    assert "错误 0" in checked.out
    printed = juesuan("export", new)
    assert (printed.code, printed.err) == (0, "")
    assert "三明市医疗保障局" in printed.out
    assert "【待填：部门主要职责】" in printed.out
    assert juesuan("explain", new, "overview.total").code == 0


def test_every_required_entry_is_in_place(new: Path, juesuan: Run) -> None:
    """What is missing points at the line on which it is to be written."""
    lines = new.read_text("utf-8").split("\n")
    missing = json.loads(juesuan("check", new, "--format", "json").out)["progress"]["missing"]
    kinds = {need["kind"] for need in missing}
    assert kinds == {"prose", "table", "cell", "prior"}
    for need in missing:
        line = lines[need["line"] - 1]
        table, _dot, rest = need["id"].partition(".")
        row, _dot, column = rest.rpartition(".")
        if need["kind"] == "prose":
            assert line == f'{need["id"]} = ""'
        elif need["kind"] == "table":
            assert line.startswith(f"[{table}]")
        elif need["kind"] == "prior":
            assert re.match(rf'"{table}\.{row}(\.{column})?" = ""', line), need
        else:
            assert re.match(rf'({row} = ""|{row} = {{.*\b{column} = "".*}}|{column} = "")', line), need


def test_every_entry_can_be_used_as_it_stands(new: Path, juesuan: Run) -> None:
    """With the comments taken from the examples, it is a source without faults."""
    text = re.sub(r'^# ?(?="|\[|[a-z0-9_]+ +=)', "", new.read_text("utf-8"), flags=re.MULTILINE)
    assert "[[projects.indicators]]" in tomllib.loads(text) or tomllib.loads(text)["projects"][0]["indicators"]
    new.write_text(text, "utf-8")
    data = json.loads(juesuan("check", new, "--format", "json").out)
    assert [finding for finding in data["findings"] if finding["code"][0] == "T"] == []
    assert juesuan("export", new).code == 0


def test_the_head_says_what_was_asked_for(juesuan: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    name = '某"市\\局 # [x]'
    juesuan(
        "new",
        "fujian/final-accounts",
        path,
        "--department",
        name,
        "--year",
        2025,
        "--unit",
        "元",
        "--prior",
        "2024.toml",
    )
    report = tomllib.loads(path.read_text("utf-8"))["report"]
    assert report == {
        "format": "fujian/final-accounts",
        "year": 2025,
        "department": name,
        "unit": "元",
        "prior": "2024.toml",
    }


def test_with_last_years_source_no_figure_of_it_is_asked_for(juesuan: Run, tmp_path: Path, new: Path) -> None:
    new.rename(tmp_path / "2024.toml")
    path = tmp_path / "2025.toml"
    juesuan("new", "fujian/final-accounts", path, "--department", "甲", "--year", 2025, "--prior", "2024.toml")
    assert "[prior]" not in path.read_text("utf-8")
    data = json.loads(juesuan("check", path, "--format", "json").out)
    assert "prior" not in {need["kind"] for need in data["progress"]["missing"]}
    assert [finding for finding in data["findings"] if finding["severity"] == "error"] == []


def test_nothing_is_overwritten(new: Path, juesuan: Run, tmp_path: Path) -> None:
    before = new.read_bytes()
    (tmp_path / "link.toml").symlink_to(new)
    for path in (new, tmp_path / "link.toml"):
        result = juesuan("new", "fujian/final-accounts", path, *ARGUMENTS)
        assert (result.code, result.data) == (2, b"")
        assert "已有同名文件" in result.err
    assert new.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.toml", "new.toml"]


def test_no_line_has_blanks_at_its_end(new: Path) -> None:
    text = new.read_text("utf-8")
    assert text.endswith("\n")
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_formats(juesuan: Run) -> None:
    result = juesuan("formats")
    assert (result.code, result.err) == (0, "")
    assert "fujian/final-accounts  福建省部门决算  2019–2030" in result.out.splitlines()
