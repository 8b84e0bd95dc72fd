"""`juesuan diff`, and `check --format markdown`: what people hand to each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from .conftest import EXAMPLE, ROOT, Run
from .test_bad_input import BODY, HEAD, write
from .test_check import WITH_ERROR


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    text = EXAMPLE.read_text("utf-8")
    changed = text.replace("2010550 = { fiscal = 301.82 }", "2010550 = { fiscal = 311.82 }")
    return write(tmp_path, text, "a.toml"), write(tmp_path, changed.replace("“三明采购联盟”", "采购联盟"), "b.toml")


@pytest.mark.parametrize("format", ["text", "markdown", "json"])
def test_exit_codes_are_those_of_diff(format: str, versions: tuple[Path, Path], juesuan: Run, tmp_path: Path) -> None:
    one, other = versions
    assert juesuan("diff", one, one, "--format", format).code == 0
    assert juesuan("diff", one, other, "--format", format).code == 1
    for pair in ((one, tmp_path / "gone.toml"), (write(tmp_path, "x = ", "bad.toml"), one)):
        result = juesuan("diff", *pair, "--format", format)
        assert (result.code, result.data) == (2, b"")
        assert "gone.toml" in result.err or "bad.toml" in result.err
    result = juesuan("diff", one, ROOT / "examples/gaoyi-2024.toml", "--format", format)
    assert (result.code, result.data) == (2, b"")
    assert "同一种报告" in result.err


def test_the_text_tells_places_figures_and_sentences(versions: tuple[Path, Path], juesuan: Run) -> None:
    out = juesuan("diff", *versions).out
    entered, texts, following, sentences = out.split("\n\n")[1:]
    assert entered == "录入（1）\n  收入决算\n    2010550 事业运行·财政拨款收入：301.82 → 311.82"
    assert "重点完成的工作" in texts
    assert "[“三明]采购联盟[”]继续" in texts
    assert all(len(line) < 120 for line in texts.splitlines())
    assert "    合计·财政拨款收入：6064.02 → 6074.02" in following.splitlines()
    assert sentences.startswith("句子（")
    assert "[6210.66]" in sentences
    assert "[6220.66]" in sentences


def test_the_json_is_of_the_shape_that_scripts_rely_on(versions: tuple[Path, Path], juesuan: Run) -> None:
    one, other = versions
    data = json.loads(juesuan("diff", one, other, "--format", "json").out)
    assert set(data) == {"before", "after", "same", "changes", "worded", "sentences"}
    assert data["before"] == {"file": str(one), "format": "fujian/final-accounts", "year": 2024,
                              "department": "三明市医疗保障局", "unit": "万元"}
    assert data["same"] is False
    assert data["changes"][0] == {
        "kind": "entered", "cell": "income.2010550.fiscal", "gone": False, "table": "收入决算",
        "row": "2010550 事业运行", "column": "财政拨款收入", "from": "301.82", "to": "311.82"}
    assert {change["kind"] for change in data["changes"]} == {"entered", "prose", "derived"}
    for sentence in data["sentences"]:
        assert set(sentence) == {"section", "heading", "from", "to", "marks_from", "marks_to"}
        for text, marks in (("from", "marks_from"), ("to", "marks_to")):
            assert all(sentence[text][start:end] for start, end in sentence[marks])
    same = json.loads(juesuan("diff", one, one, "--format", "json").out)
    assert (same["same"], same["changes"], same["sentences"]) == (True, [], [])


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(text)


def test_the_markdown_is_tables_and_marked_sentences(versions: tuple[Path, Path], juesuan: Run) -> None:
    html = rendered(juesuan("diff", *versions, "--format", "markdown").out)
    assert html.count("<table>") == 3
    assert "<td>301.82</td>\n<td>311.82</td>" in html
    assert "<del>6210.66</del>" in html
    assert "<ins>6220.66</ins>" in html


def test_the_memo_says_what_check_says(juesuan: Run, tmp_path: Path) -> None:
    acknowledged = '[[review.acknowledged]]\ncode = "F06"\nplace = "x"\nreason = "……"\n'
    path = write(tmp_path, WITH_ERROR + acknowledged, "wrong.toml")
    plain, memo = juesuan("check", path), juesuan("check", path, "--format", "markdown")
    assert (memo.code, memo.err) == (plain.code, "") == (1, "")
    html = rendered(memo.out)
    found = json.loads(juesuan("check", path, "--format", "json").out)["findings"]
    assert html.count("<strong>") == 0
    for title in ("错误", "尚未录入", "还缺的上年数"):
        assert f"<h2>{title}" in html
    for finding in found:
        assert f"{finding['code']} " in html
        assert finding["hint"].replace("<", "&lt;").replace("“", "“") in html
        assert finding["source"] in html


def test_a_memo_of_hostile_words_is_words(juesuan: Run, tmp_path: Path) -> None:
    words = "<script>x</script> | **粗** [链](http://a.example) `码` &amp;"
    text = HEAD.replace('department = "', f'department = "{words}') + BODY
    path = write(tmp_path, text, "hostile.toml")
    html = rendered(juesuan("check", path, "--format", "markdown").out)
    assert "<script" not in html
    assert "<a " not in html
    assert "<code>" not in html
    assert "&lt;script&gt;x&lt;/script&gt; | **粗** [链](http://a.example) `码` &amp;amp;" in html


def test_diff_says_what_it_does(juesuan: Run) -> None:
    out = juesuan("diff", "--help").out
    assert "退出码" in out
    assert "diff" in juesuan("--help").out
