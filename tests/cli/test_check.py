"""`juesuan check`: findings for people and for scripts, and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .conftest import EXAMPLE, Run
from .test_bad_input import BODY, HEAD, write
from .test_export import SHAPE, assert_shape

ONLY_WARNINGS = HEAD + BODY.replace("[general", "[overview]\nopening_balance = 1.00\n[general")
WITH_ERROR = (
    HEAD
    + BODY.replace("2101501 = { basic = 10.00 }", "2101501 = { basic = 11.00 }")
    + """\
[overview]
opening_balance = 1.00
nonfiscal_balance_used = 0.00
[official]
"overview.total" = 99.00
"""
)


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    return {
        "warned": write(tmp_path, ONLY_WARNINGS, "warned.toml"),
        "wrong": write(tmp_path, WITH_ERROR, "wrong.toml"),
        "gone": tmp_path / "gone.toml",
    }


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("warned",), 0),
        (("wrong",), 1),
        (("gone",), 2),
        (("wrong", "warned"), 1),
        (("wrong", "gone", "warned"), 2),
        (("gone", "wrong"), 2),
    ],
)
def test_exit_codes(names: tuple[str, ...], code: int, format: str, sources: dict[str, Path], juesuan: Run) -> None:
    result = juesuan("check", *(sources[name] for name in names), "--format", format)
    assert result.code == code
    assert ("gone.toml" in result.err) == ("gone" in names)
    if format == "json":
        objects = [json.loads(line) for line in result.out.splitlines()]
        assert [Path(each["file"]).stem for each in objects] == list(names)
    else:
        told = [str(sources[name]) for name in names if name != "gone"]
        assert [line.partition("：")[0] for line in result.out.splitlines() if line.startswith("/")] == told


def test_the_example_has_no_error(juesuan: Run) -> None:
    result = juesuan("check", EXAMPLE)
    assert (result.code, result.err) == (0, "")
    assert "完成 100%" in result.out
    assert "错误 0" in result.out
    assert "尚未录入" not in result.out


def test_json_is_of_the_shape_that_scripts_rely_on(sources: dict[str, Path], juesuan: Run) -> None:
    data = json.loads(juesuan("check", sources["wrong"], "--format", "json").out)
    kept = {key: shape for key, shape in SHAPE.items() if key not in ("tables", "sections")}
    assert_shape(data, {**kept, "file": str})
    assert data["findings"]
    assert set(json.loads(juesuan("check", sources["gone"], "--format", "json").out)) == {"file", "error"}


def test_severities_stand_in_groups_with_their_number(sources: dict[str, Path], juesuan: Run) -> None:
    result = juesuan("check", sources["wrong"])
    data = json.loads(juesuan("check", sources["wrong"], "--format", "json").out)
    groups = {part.split("：")[0]: part for part in result.out.split("\n\n")[1:]}
    for severity, title in {"error": "错误", "warning": "警告", "note": "提示"}.items():
        number = sum(finding["severity"] == severity for finding in data["findings"])
        assert (title in groups) == bool(number)
        if number:
            first, *lines = groups[title].splitlines()
            assert first.endswith(f"（{number}）")
            assert sum(bool(re.match(r"  [A-Z][0-9]{2}  ", line)) for line in lines) == number
    for title, priors in (("尚未录入", False), ("还缺的上年数", True)):
        missing = [need for need in data["progress"]["missing"] if (need["kind"] == "prior") == priors]
        assert f"\n{title}（{len(missing)}）\n" in result.out


def test_a_finding_tells_where_what_and_what_to_do(sources: dict[str, Path], juesuan: Run) -> None:
    out = juesuan("check", sources["wrong"]).out
    found = out[out.index("  A03 ") :].split("\n  ")[1:]
    (tail,) = [part for part in re.split(r"\n(?=  \S)", out) if part.startswith("  A03")]
    assert found
    first, *more = tail.splitlines()
    assert first.startswith("  A03  第 19 行  收入支出决算总表·")
    assert "99.00" in first
    assert "11.00" in first
    assert "左边 99.00，右边 11.00，差额 88.00，尾差范围 ±" in more[0]
    assert more[0].endswith("（万元）")
    assert more[1].startswith("        处理：")


def test_the_unit_stands_only_where_amounts_are_compared(juesuan: Run, tmp_path: Path) -> None:
    """Counts have no unit, and a condition has no difference."""
    out = juesuan("check", EXAMPLE).out
    found = {part.split()[0] + str(n): part for n, part in enumerate(re.split(r"\n(?=  [A-Z][0-9]{2}  )", out))}
    (counted,) = [part for key, part in found.items() if key.startswith("G07")]
    assert "左边 0，右边 11，差额 -11\n" in counted
    (condition,) = [part for key, part in found.items() if key.startswith("G05")]
    assert "左边" not in condition
    (summed,) = [part for key, part in found.items() if key.startswith("F01")]
    assert "左边 177.08，右边 177.05，差额 0.03，尾差范围 ±0.085（万元）" in summed


def test_reasons_are_found_on_their_own_line(juesuan: Run, tmp_path: Path) -> None:
    """However the key is written: short, with the column, dotted, or in a table of its own."""
    text = (
        HEAD
        + BODY
        + """\
[prior]
"overview.total" = 1.00
general_budget.2101501.total = 2.00
"expenditure.total.total" = 3.00
[prior.income]
total = 4.00
[reasons]
"overview.total.amount" = "正常浮动"
general_budget.2101501 = "正常浮动"
"fiscal.total" = "手机13812345678"
[overview]
opening_balance = 0.00
nonfiscal_balance_used = 0.00
"""
    )
    data = json.loads(juesuan("check", write(tmp_path, text), "--format", "json").out)
    lines = {finding["line"] for finding in data["findings"] if finding["code"] in ("J20", "S07")}
    assert {22, 23, 24} <= lines
    needed = {need["id"]: need["line"] for need in data["progress"]["missing"] if need["kind"] == "prior"}
    assert "overview.total.amount" not in needed
    assert needed["fiscal.total.total"] == 15  # where [prior] is


def test_lines_of_last_years_figures(juesuan: Run, tmp_path: Path) -> None:
    """An empty entry is where the missing figure goes."""
    text = HEAD + BODY + '[prior]\n"overview.total" = ""\n"income.total.total" = ""\n'
    data = json.loads(juesuan("check", write(tmp_path, text), "--format", "json").out)
    needed = {need["id"]: need["line"] for need in data["progress"]["missing"] if need["kind"] == "prior"}
    assert (needed["overview.total.amount"], needed["income.total.total"]) == (16, 17)


def test_a_catalogue_of_ones_own(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY.replace("2101501", "2109998"))
    write(tmp_path, "科目编码,科目名称\n2109998,自有科目\n", "own.csv")
    assert "  F06  " in juesuan("check", path).out
    result = juesuan("check", path, "--catalogue", tmp_path / "own.csv")
    assert "  F06  " not in result.out
    assert "自有科目" in juesuan("export", path, "--catalogue", tmp_path / "own.csv").out


OVER_BUDGET = HEAD + BODY + "[three_public]\nreception = { budget = 1.00, outturn = 1.50 }\n"


def test_what_was_acknowledged_stands_in_a_group_of_its_own(tmp_path: Path, juesuan: Run) -> None:
    data = json.loads(juesuan("check", write(tmp_path, OVER_BUDGET), "--format", "json").out)
    found = next(finding for finding in data["findings"] if finding["code"] == "G04")
    assert found["acknowledged"] == ""
    judged = [text for text in (found["left"], found["right"]) if text]
    record = f'[[review.acknowledged]]\ncode = "{found["code"]}"\nplace = "{found["cell"]}"\n'
    record += f'judged = {json.dumps(judged)}\nreason = "经核对无误"\n'
    path = write(tmp_path, OVER_BUDGET + record, "said.toml")
    said = json.loads(juesuan("check", path, "--format", "json").out)["findings"]
    assert said[-1] == {**found, "line": said[-1]["line"], "acknowledged": "经核对无误"}
    result = juesuan("check", path)
    assert result.code == 0
    assert "已说明 1" in result.out.splitlines()[1]
    group = next(part for part in result.out.split("\n\n") if part.startswith("已说明"))
    assert found["code"] in group
    assert "经核对无误" in group
