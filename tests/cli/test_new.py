"""`juesuan new`: a source with every required entry in place, and `juesuan formats`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from .conftest import EXAMPLE, Run

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
    assert printed.code == 0
    assert printed.err.startswith(f"{new}：草稿，")
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
            assert line.startswith(f"[{table}]") or (line.startswith("none = []") and f"[[{table}]]" not in lines)
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
        "none": [],
    }


def test_with_last_years_source_no_figure_of_it_is_asked_for(juesuan: Run, tmp_path: Path, new: Path) -> None:
    (tmp_path / "2024.toml").write_bytes(EXAMPLE.read_bytes())
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


# ── out of last year's ──


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "this.toml", "--from", "last.toml"),
        ("new", "--from", "last.toml", "this.toml"),
        ("new", "fujian/final-accounts", "this.toml", "--from", "last.toml"),
        ("new", "fujian/final-accounts", "--from", "last.toml", "this.toml", "--year", "2025"),
    ],
)
def test_a_source_is_made_out_of_last_years(
    arguments: tuple[str, ...], juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "last.toml").write_bytes(EXAMPLE.read_bytes())
    result = juesuan(*arguments)
    assert (result.code, result.data) == (0, b"")
    assert "待复核" in result.err
    report = tomllib.loads((tmp_path / "this.toml").read_text("utf-8"))["report"]
    assert report == {"format": "fujian/final-accounts", "year": 2025, "department": "三明市医疗保障局",
                      "unit": "万元", "prior": "last.toml", "none": []}
    checked = juesuan("check", "this.toml")
    assert "沿用上年、待复核（6）" in checked.out
    assert "还缺的上年数" not in checked.out
    missing = json.loads(juesuan("check", "this.toml", "--format", "json").out)["progress"]["missing"]
    assert {need["id"] for need in missing if need["kind"] == "carried"} == {
        "prose.duties", "prose.main_task", "prose.achievements", "prose.other_vehicle_use", "units", "projects"}
    assert all(need["line"] for need in missing)


def test_last_years_figures_are_written_where_asked_for(juesuan: Run, tmp_path: Path) -> None:
    path = tmp_path / "this.toml"
    assert juesuan("new", path, "--from", EXAMPLE, "--standalone", "--unit", "元", "--department", "新局").code == 0
    data = tomllib.loads(path.read_text("utf-8"))
    assert data["report"] == {"format": "fujian/final-accounts", "year": 2025, "department": "新局", "unit": "元",
                              "none": []}
    assert data["prior"]["overview.total"] == 62106600.00
    assert "还缺的上年数" not in juesuan("check", path).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "this.toml"), "--department"),
        (("new", "fujian/final-accounts", "this.toml", "--department", "甲"), "--year"),
        (("new", "this.toml", "--department", "甲", "--year", "2024"), "格式"),
        (("new",), "文件"),
        (("new", "this.toml", "--standalone"), "--from"),
        (("new", "this.toml", "--from", "last.toml", "--prior", "last.toml"), "--prior"),
        (("new", "this.toml", "--from", "gone.toml"), "gone.toml"),
        (("new", "this.toml", "--from", "bad.toml"), "bad.toml"),
        (("new", "this.toml", "--from", "faulty.toml"), "faulty.toml"),
        (("new", "this.toml", "--from", "last.toml", "--year", "2099"), "2099"),
        (("new", "fujian/budget", "this.toml", "--from", "last.toml"), "fujian/budget"),
        (("new", "none/such", "this.toml", "--from", "last.toml"), "none/such"),
        (("new", "last.toml", "--from", "last.toml"), "已有同名文件"),
        (("new", "a", "b", "c", "--from", "last.toml"), "c"),
    ],
)
def test_what_can_t_be_made_is_said(
    arguments: tuple[str, ...], said: str, juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "last.toml").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "bad.toml").write_text("x = ", "utf-8")
    (tmp_path / "faulty.toml").write_text(EXAMPLE.read_text("utf-8") + "[unknown]\n", "utf-8")
    result = juesuan(*arguments)
    assert (result.code, result.data) == (2, b"")
    assert said in result.err
    assert not (tmp_path / "this.toml").exists()
    assert (tmp_path / "last.toml").read_bytes() == EXAMPLE.read_bytes()


def test_a_year_that_does_not_follow_is_told(juesuan: Run, tmp_path: Path) -> None:
    result = juesuan("new", tmp_path / "this.toml", "--from", EXAMPLE, "--year", 2027)
    assert result.code == 0
    assert "2027" in result.err
    assert "prior" not in tomllib.loads((tmp_path / "this.toml").read_text("utf-8"))["report"]
