"""What `formats check` finds in a format that is nearly right: file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.cli import main
from juesuan.core.formats import FOLDER, NoSuchFormat, list_formats, load_format
from juesuan.core.taxonomy import TaxonomyError

from . import minimal
from .minimal import FILES, joined, sentence, told, with_block

BLOCKS = [
    (sentence("{cn(name(row))}"), "row"), (sentence("{amount(department)}"), "department"),
    (sentence("{1/0}"), "1 / 0"), (sentence("共{expenditure.total.total"), "{ "), (sentence("共}"), "}"),
    (sentence("{{year}}"), "{"), (sentence("{}"), ""), (sentence("{expenditure.all}"), "expenditure.all"),
    (sentence("{sum(expenditure.items.total) + vehicles.total}"), "vehicles"),
    (sentence("{" + " + ".join(["expenditure.total.total"] * 2000) + "}"), "expenditure.total.total"),
    (sentence('{prose("none")}'), "none"), (sentence("{expenditure['2999999'].total}"), "2999999"),
    (sentence("{names(basic_economic.items.amount, '388')}"), "388"), (sentence("{name(row)}"), "row"),
    (sentence("{n}"), "n"), (sentence("{'\\u202e'}"), ""), (sentence("{change(vehicles.total)}"), "vehicles.total"),
    ("{ heading = '甲', level = 5 }", "5"), ("{ heading = '甲', level = 0 }", "0"),
    ("{ heading = '甲{year', level = 3 }", "{"),
    ("{ text = '甲', when = 'expenditure.total.total' }", "expenditure.total.total"),
    ("{ text = '甲', when = \"'x'\" }", "x"),
    ("{ each = 'expenditure.total', blocks = [{ text = '甲' }] }", "expenditure.total"),
    ("{ each = 'expenditure.all.total', blocks = [{ text = '甲' }] }", "expenditure.all.total"),
    ("{ each = '1', blocks = [{ text = '甲' }] }", "1"),
    ("{ each = 'vehicles.classes', blocks = [{ text = '甲' }] }", "classes"),
    ("{ each = 'group', blocks = [{ text = '甲' }] }", ""),
    ("{ each = 'project_indicators.own', blocks = [{ text = '甲' }] }", "own"),
    ("{ each = 'expenditure.all', filter = 'row != total', blocks = [{ text = '甲' }] }", "'total'"),
    ("{ each = 'expenditure.all', filter = 'total', blocks = [{ text = '甲' }] }", "total"),
    ("{ each = 'basic_economic.all', catalogue = ['999'], blocks = [{ text = '甲' }] }", "999"),
    ("{ each = 'basic_economic.all', catalogue = ['30101'], blocks = [{ text = '甲' }] }", "30101"),
    ("{ each = 'units.all', catalogue = ['301'], blocks = [{ text = '甲' }] }", "units"),
    ("{ each = 'basic_economic.all', first = '30101', blocks = [{ text = '甲' }] }", "catalogue"),
    ("{ prose = 'more', label = '甲', guidance = '乙', inline = true }", "more"),
    ("{ prose = '更多', label = '甲', guidance = '乙' }", "更多"), ("{ page = false }", "page"),
    ("{ form = 'none' }", "none"), ("{ paragraphs = 'expenditure.total.total' }", "expenditure.total.total"),
    ("{ paragraphs = 'units.all.name' }", "units"), ("{ chart = 'pie', title = '甲', rows = [] }", "pie"),
    ("{ chart = 'bars', title = '甲', rows = [{ label = '乙', cell = 'vehicles.total' }] }", "vehicles.total"),
    ("{ chart = 'bars', title = '甲', rows = [{ cell = 'expenditure.total' }] }", "label"),
    ("{ chart = 'shares', title = '甲', whole = 'year', rows = [{ label = '乙', cell = 'expenditure.total' }] }",
     "year"),
    ("{ text = '甲\u202e乙' }", "U+202E"), ("{ text = '甲\u200b乙' }", "U+200B"),
    ('{ text = "甲\\u001b[31m" }', "U+001B"),
    ('{ text = "甲\\u0085" }', "U+0085"), ('{ text = "甲\\n乙" }', "U+000A"),
    ('{ text = "甲", "\\u202ex" = 1 }', "U+202E"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words"), BLOCKS)
def test_a_block_that_cannot_be_right(tmp_path: Path, block: str, words: str) -> None:
    found = told(tmp_path, sections=with_block(block))
    line = with_block(block)[:with_block(block).index(block)].count("\n") + 1
    assert any(one.startswith(f"sections.toml：第 {line} 行") and words in one for one in found), found
    assert joined(found).replace("\n", "").isprintable()
    assert len(joined(found)) < 2000


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 3000], ids=["digits", "brackets"])
def test_what_no_parser_reads(tmp_path: Path, value: str) -> None:
    (found,) = told(tmp_path, glossary=f"x = {value}\n")
    assert found.startswith("glossary.toml")
    assert any("\u4e00" <= character <= "\u9fff" for character in found)


@pytest.mark.parametrize("value", ["[]", "['万元']", "{ x = 1 }", "1"])
def test_a_unit_that_is_no_text(tmp_path: Path, value: str) -> None:
    text = FILES["format.toml"].replace('unit = "万元"', f"unit = {value}")
    assert text != FILES["format.toml"]
    assert any("unit" in one for one in told(tmp_path, format=text))


def form(old: str, new: str) -> str:
    assert old in FILES["forms.toml"]
    return FILES["forms.toml"].replace(old, new)


ROWS = 'rows = [{ each = "expenditure.all", nonzero = true }]'


@pytest.mark.parametrize(("forms", "words"), [
    (form('id = "basic"', 'id = "basics"'), "basics"), (form('kind = "name"', 'kind = "number"'), "number"),
    (form('id = "basic"', 'id = "total"'), "total"), (form('id = "basic"', 'id = "basic", start = 1'), "start"),
    (form('kind = "name"', 'kind = "line", start = 0'), "start"),
    (form(', header = "本年支出>基本支出"', ""), "header"),
    (form("本年支出>基本支出", "本年支出>"), ""), (form('id = "basic"', 'id = "基本"'), "基本"),
    (form(ROWS, ""), "rows"),
    (form(ROWS, 'rows = [{ label = "甲", cells = ["1"] }]'), "3"),
    (form(ROWS, 'rows = [{ label = "甲", cells = { total = "1" } }]'), "basic"),
    (form(ROWS, 'rows = [{ each = "expenditure.all", cells = { total = "1", basic = "" } }]'), "project"),
    (form(ROWS, 'rows = [{ label = "甲", cells = ["1", "expenditure.all", ""] }]'), "expenditure.all"),
    (form(ROWS, 'rows = [{ label = "甲", cells = ["1", "basic", ""] }]'), "basic"),
    (form(ROWS, 'rows = [{ label = "甲", cells = ["1", "expenditure.total.x", ""] }]'), "x"),
    (form(ROWS, 'rows = [{ each = "units.all", label = "{name}" }]'), "cells"),
    (form(ROWS, 'rows = [{ cells = ["1", "2", "3"] }]'), "label"),
    (form(ROWS, 'rows = [{ grid = ["甲", "乙"] }]'), "5"),
    (form(ROWS, 'rows = [{ grid = [{ text = "甲", columns = 5, align = "middle" }] }]'), "middle"),
    (form(ROWS, 'rows = [{ grid = [{ text = "甲", columns = 0 }] }]'), ""),
    (form(ROWS, 'rows = [{ grid = [{ text = "甲", columns = 5 }] }, { label = "乙" }]'), "grid"),
    (form(ROWS, 'rows = [{ side = "甲", rows = [{ grid = [{ text = "乙", columns = 5 }] }] }]'), "4"),
    (form(ROWS, 'rows = [{ side = "甲", rows = [{ side = "乙", rows = [] }] }]'), "side"),
    (form('code = "公开03表"', 'code = "公开03表"\nstyle = "tables"'), "tables"),
    (form('code = "公开03表"', 'code = "公开03表"\nof = "projects"'), "projects"),
    (form('code = "公开03表"', 'code = "公开03表"\nof = "vehicles"'), "vehicles"),
    (form('code = "公开03表"', 'code = "公开03表"\nempty = "expenditure.total.total"'), "expenditure.total.total"),
    (form("单位：万元", "单位：{unit}"), "unit"), (form("支出决算表", "支出{决算表"), "{"),
    (form("反映部门", "反映\u2066部门"), "U+2066"),
    (form('code = "公开03表"', "panels = []"), ""),
])  # fmt: skip
def test_a_form_that_cannot_be_right(tmp_path: Path, forms: str, words: str) -> None:
    found = told(tmp_path, forms=forms)
    assert any(one.startswith("forms.toml：第") or "sections.toml" in one for one in found), found
    assert any(words in one for one in found), found


@pytest.mark.parametrize(("old", "new", "words"), [
    ("level = 1", "level = 5", "5"), ("level = 1", "level = 0", "0"), ('id = "overview"', "", "id"),
    ('id = "overview"', 'id = "a.1 b"', "a.1 b"), ("title = \"部门概况\"", "title = '部门{概况'", "{"),
    ("level = 1", 'level = 1\nwhen = "year"', "year"),
])  # fmt: skip
def test_a_section_that_cannot_be_right(tmp_path: Path, old: str, new: str, words: str) -> None:
    found = told(tmp_path, sections=FILES["sections.toml"].replace(old, new, 1))
    assert any(one.startswith("sections.toml") and words in one for one in found), found


@pytest.mark.parametrize(("old", "new", "words"), [
    ("\ndecimals = 2", "\ndecimals = 99999999", "decimals"),
    ("percent_decimals = 2", "percent_decimals = -1", "percent_decimals"),
    ('change_new = "增加{amount}万元"', 'change_new = "增加{amount}万元，增长{rate}%"', "rate"),
    ('undefined = "—"', 'undefined = "\u202e"', "U+202E"), ('title = "示例省', 'title = "\u202e示例省', "U+202E"),
    ('cover = ["{department}"', 'cover = ["{department"', "{"),
    ('cover = ["{department}"', 'cover = ["{departmen}"', "departmen"),
])  # fmt: skip
def test_a_head_that_cannot_be_right(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in FILES["format.toml"]
    found = told(tmp_path, format=FILES["format.toml"].replace(old, new))
    assert any(one.startswith("format.toml：第") and words in one for one in found), found


RULE = """[[rules]]
code = "Q01"
check = "{check}"
{more}
message = "{{place}}"
en = "{{place}}"
hint = "改"
hint_en = "mend"
source = "本省"
"""


@pytest.mark.parametrize(("check", "more", "words"), [
    ("expenditure.total.total", "", "expenditure.total.total"),
    ("expenditure.total.total == vehicles.total", "", "vehicles.total"), ("expenditure.total.total == 'x'", "", "x"),
    ("expenditure.total.total > 1 / 0", "", "1 / 0"),
    ("expenditure.total.total > 0", 'when = "vehicles.total"', "vehicles.total"),
    ("expenditure.total.total > 0", 'each = "1"', "1"),
    ("expenditure.total.total > 0", 'each = "expenditure.total"', "expenditure.total"), ("1 > 0", 'at = "1"', "1"),
    ("expenditure[row].total > 0", 'each = "units.all"', "expenditure"),
    ("expenditure.total.total > 0", 'severity = "bad"', "bad"),
])  # fmt: skip
def test_a_rule_that_cannot_be_right(tmp_path: Path, check: str, more: str, words: str) -> None:
    own = minimal.write(tmp_path)
    (own / "rules.toml").write_text(RULE.format(check=check, more=more), "utf-8")
    found = told(tmp_path)
    assert any(one.startswith("rules.toml") and words in one for one in found), found


# ── what reaches the terminal ──


def test_names_of_files_are_told_inert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b]0;x\x07\u202e"
    folder = tmp_path / evil
    minimal.write(folder, sections=with_block("{ " + f'"{evil.replace(chr(27), "").replace(chr(7), "")}" = 1 }}'))
    (folder / "shili").rename(folder / evil)
    for command in (["formats", "check", str(folder)], ["formats", "check", str(folder / evil / "final-accounts")],
                    ["formats", "check", str(folder / "none")], ["formats", "--formats-dir", str(folder)]):
        assert main(command) in (1, 2)
        out = "".join(capsys.readouterr())
        assert out
        assert not any(char in out for char in "\x1b\x07\u202e"), command


def test_the_list_of_formats_is_told_inert(tmp_path: Path) -> None:
    (tmp_path / "\u202e" / "x").mkdir(parents=True)
    (tmp_path / "\u202e" / "x" / "format.toml").write_text("", "utf-8")
    with pytest.raises(NoSuchFormat) as caught:
        load_format("a/b", str(tmp_path))
    assert "\u202e" not in str(caught.value)


def test_hidden_characters_are_refused_when_loaded(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"U\+202E"):
        minimal.load(tmp_path, sections=with_block("{ text = '甲\u202e乙' }"))


# ── the trial ──


@pytest.mark.parametrize("id", list_formats(FOLDER))
def test_ours_make_reports_of_anything(id: str) -> None:
    from juesuan.core.format_trial import failures

    assert failures(load_format(id)) == []


def test_a_failure_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from juesuan.core.narrative import Environment

    def broken(self: Environment, number: object) -> str:
        raise KeyError("broken")

    monkeypatch.setattr(Environment, "cn", broken)
    found = told(tmp_path, trial=True, sections=with_block(sentence("{cn(1)}")))
    assert found[0].startswith("sections.toml：第 14 行")
    assert "KeyError" in found[0]
