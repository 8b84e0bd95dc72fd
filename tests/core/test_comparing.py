"""What changed between two versions: told once, in the words of the report, whatever else moved."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import parse_amount
from juesuan.core.comparing import Comparison, compare, told
from juesuan.core.comparing.matching import match
from juesuan.core.opening import build_report, open_report
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.text.markdown import start as escaped
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
SANMING = (ROOT / "examples/sanming-2024.toml").read_text("utf-8")

HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""


def report_of(text: str, path: str = "") -> Report:
    return build_report(parse_source(text, path))


def told_of(before: str, after: str) -> Comparison:
    return compare(report_of(before), report_of(after))


def lines(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(each.kind, each.place, each.before, each.after) for each in found.differences if each.kind != "derived"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_report_is_the_same_as_itself(path: Path) -> None:
    found = compare(open_report(str(path)), open_report(str(path)))
    assert found.same
    assert told.counted(found) == "两份报告没有不同。"


def test_comments_and_order_of_the_file_are_no_difference() -> None:
    one = HEAD + '[income]\n2010550 = { fiscal = 1.00 }\n2013299 = { fiscal = 2.00 }\n'
    other = HEAD + '# 说明\n[income]\n2013299 = { fiscal = 2 }  # 注\n2010550.fiscal = 1.0\n'
    assert told_of(one, other).same


def test_what_was_entered_and_what_followed_are_told_apart() -> None:
    found = told_of(SANMING, SANMING.replace("2010550 = { fiscal = 301.82 }", "2010550 = { fiscal = 311.82 }"))
    assert lines(found) == [("entered", "收入决算·2010550 事业运行·财政拨款收入", "301.82", "311.82")]
    derived = {(each.place, each.before, each.after) for each in found.differences if each.kind == "derived"}
    assert ("收入支出决算总表·收入总计", "6210.66", "6220.66") in derived
    assert ("收入决算·201 一般公共服务支出·财政拨款收入", "303.91", "313.91") in derived


def test_the_sentences_that_read_otherwise_are_told_with_what_differs() -> None:
    found = told_of(SANMING, SANMING.replace("2010550 = { fiscal = 301.82 }", "2010550 = { fiscal = 311.82 }"))
    total = next(each for each in found.sentences if "收入总计6220.66万元" in each.after)
    assert "收入总计6210.66万元" in total.before
    marked = [total.after[start:end] for start, end in total.marks_after]
    assert "6220.66" in marked
    assert all(words not in "".join(marked) for words in ("年度", "万元", "收入"))
    # What differs is all that differs.
    rests = []
    for text, marks in ((total.before, total.marks_before), (total.after, total.marks_after)):
        for start, end in reversed(marks):
            text = text[:start] + "▇" + text[end:]
        rests.append(text)
    assert rests[0] == rests[1]


def test_rows_that_come_and_go_are_told_with_their_figures() -> None:
    one = HEAD + "[expenditure]\n2010550 = { basic = 1.00 }\n2013299 = { basic = 2.00 }\n"
    other = HEAD + "[expenditure]\n2010550 = { basic = 1.00 }\n2080505 = { project = 3.00 }\n"
    assert set(lines(told_of(one, other))) == {
        ("removed", "支出决算·2013299 其他组织事务支出", "2013299 其他组织事务支出", ""),
        ("entered", "支出决算·2013299 其他组织事务支出·基本支出", "2.00", ""),
        ("added", "支出决算·2080505 机关事业单位基本养老保险缴费支出", "", "2080505 机关事业单位基本养老保险缴费支出"),
        ("entered", "支出决算·2080505 机关事业单位基本养老保险缴费支出·项目支出", "", "3.00"),
    }


def units(*names: tuple[str, int]) -> str:
    return "".join(f'[[units]]\nname = "{name}"\nheadcount = {count}\n' for name, count in names)


def test_records_are_known_by_their_names() -> None:
    one = HEAD + units(("甲", 1), ("乙", 2), ("丙", 3))
    assert lines(told_of(one, HEAD + units(("乙", 2), ("丙", 4)))) == [
        ("removed", "决算编制范围的单位·甲", "甲", ""),
        ("entered", "决算编制范围的单位·丙·在职人数", "3", "4"),
        ("entered", "决算编制范围的单位·甲·单位名称", "甲", ""),
        ("entered", "决算编制范围的单位·甲·在职人数", "1", ""),
    ]
    assert lines(told_of(one, HEAD + units(("乙", 2), ("甲", 1), ("丙", 3)))) == [
        ("order", "决算编制范围的单位·顺序", "甲、乙、丙", "乙、甲、丙")]
    assert lines(told_of(one, HEAD + units(("甲", 1), ("丁", 2), ("丙", 3)))) == [
        ("entered", "决算编制范围的单位·丁·单位名称", "乙", "丁")]


def test_records_without_a_name_yet_are_known_by_their_order() -> None:
    empty, named = "[[units]]\n", HEAD + units(("甲", 1))
    new = HEAD + empty
    assert told_of(new, new).same
    assert told_of(named + empty + empty, named + empty + empty).same
    assert lines(told_of(named + empty, named + "[[units]]\nheadcount = 3\n")) == [
        ("entered", "决算编制范围的单位·第 2 条记录·在职人数", "", "3")]
    assert [each[0] for each in lines(told_of(named + empty, named))] == ["removed"]


def test_what_belongs_to_a_record_goes_with_it() -> None:
    def projects(*names: str) -> str:
        return "".join(f'[[projects]]\nname = "{name}"\n[[projects.indicators]]\nname = "{name}一"\nweight = 10\n'
                       for name in names)

    assert told_of(HEAD + projects("甲", "乙"), HEAD + projects("甲", "乙")).same
    found = lines(told_of(HEAD + projects("甲", "乙"), HEAD + projects("乙").replace("10", "20")))
    moved = [(place.rpartition("·")[0][-6:], one, other) for _kind, place, one, other in found if "乙一" in place]
    assert moved == [("乙 › 乙一", "10", "20")]


def test_texts_reasons_and_heads() -> None:
    one = HEAD + '[prose]\nduties = "一、二"\n[reasons]\n"overview.total" = "人员增加"\n'
    other = one.replace("一、二", "一、三").replace("人员增加", "人员减少").replace("某局", "某某局")
    assert lines(told_of(one, other)) == [
        ("report", "部门名称", "某局", "某某局"),
        ("reason", "主要原因：收入支出决算总表·收入总计", "人员增加", "人员减少"),
        ("prose", "部门主要职责", "一、二", "一、三"),
    ]


def in_yuan(text: str) -> str:
    """The same source in 元, every amount with its last digits."""
    source = parse_source(text)
    report = build_report(source)
    out = HEAD.replace("万元", "元")
    for table in source.taxonomy.tables.values():
        own = {cell: entry for cell, entry in source.entries.items() if cell[0] == table.id}
        if own:
            out += f"[{table.key}]\n"
            rows: dict[str, list[str]] = {}
            for (_table, row, column), entry in own.items():
                rows.setdefault(row, []).append(f"{column} = {entry.value + Decimal('12.34')}")
            out += "".join(f"{row} = {{ {', '.join(cells)} }}\n" for row, cells in rows.items())
    assert report.source.unit == "万元"
    return out


def test_one_fact_in_two_units_is_one_fact() -> None:
    one = HEAD + "[expenditure]\n2010550 = { basic = 301.82 }\n2013299 = { project = 2.09 }\n"
    found = told_of(one, in_yuan(one))
    assert lines(found) == [("report", "单位", "万元", "元")]
    assert not found.sentences
    moved = told_of(one, in_yuan(one).replace("3018212.34", "3018312.34"))
    assert ("entered", "支出决算·2010550 事业运行·基本支出", "301.82", "301.83") in lines(moved)


def test_digits_that_are_not_printed_are_told_where_nothing_else_differs() -> None:
    one = HEAD + "[expenditure]\n2010550 = { basic = 301.82 }\n"
    assert lines(told_of(one, one.replace("301.82", "301.8201"))) == [
        ("entered", "支出决算·2010550 事业运行·基本支出", "301.82", "301.8201")]


def test_two_formats_of_one_kind() -> None:
    one = HEAD + "[expenditure]\n2010550 = { basic = 301.82 }\n"
    found = told_of(one, one.replace("fujian/", "shanxi/").replace("301.82", "1.00"))
    assert ("report", "格式", "fujian/final-accounts", "shanxi/final-accounts") in lines(found)
    assert ("entered", "支出决算·2010550 事业运行·基本支出", "301.82", "1.00") in lines(found)
    assert not found.worded
    assert found.sentences == ()
    assert any("句子" in line for line in told.as_text(found, ("", "")))


def test_a_sentence_that_only_has_another_number_is_the_same() -> None:
    one = HEAD + "[general_budget]\n2013299 = { basic = 2.00 }\n"
    other = HEAD + "[general_budget]\n2010550 = { basic = 0.00 }\n2013299 = { basic = 2.00 }\n"
    found = told_of(one, other.replace("0.00", "1.00"))
    assert any("2010550" in each.after and not each.before for each in found.sentences)
    assert not any("2013299" in each.after for each in found.sentences)


def test_what_a_file_holds_acts_on_nothing() -> None:
    one = HEAD + '[glossary]\n"词\\u202e" = "甲"\n'
    other = HEAD + '[glossary]\n"词\\u202e\\u001b[31m|<b>" = "乙 | <b>粗</b> **粗** \\\\ `x`"\n'
    found = told_of(one, other)
    both = "\n".join([*told.as_text(found, ("", "")), *told.as_markdown(found, ("", ""))])
    assert not any(mark in both for mark in "\x1b\u202e")
    rows = [line for line in told.as_markdown(found, ("", "")) if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 6 for line in rows)
    assert "<b>" not in both.partition("# ")[2]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_markdown_shows_every_text_as_it_is(text: str) -> None:
    shown = MarkdownIt("commonmark").enable("table").parse(escaped(text))
    inline = [token for token in shown if token.type == "inline"]
    assert {token.type for token in shown} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in inline for child in token.children or ()} <= {"text", "text_special"}


# ── whatever is edited ──

few = settings(deadline=None, max_examples=40)

AMOUNTS = st.integers(-200, 99_999).map(lambda number: Decimal(number).scaleb(-2))
CODES = ("2010550", "2013299", "2080505", "2101101")
CELLS = st.dictionaries(st.sampled_from(("basic", "project")), AMOUNTS)
ROWS = st.dictionaries(st.sampled_from(CODES), CELLS, max_size=4)
UNITS = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.integers(0, 9)), max_size=5)
TEXTS = st.sampled_from(("", "职责一", "职责二，收入{overview.total}万元"))


@st.composite
def sources(draw: Any) -> str:
    text = HEAD
    if words := draw(TEXTS):
        text += f'[prose]\nduties = "{words}"\n'
    for table in ("expenditure", "general_budget"):
        text += f"[{table}]\n"
        for code, cells in draw(ROWS).items():
            text += f"{code} = {{ {', '.join(f'{column} = {amount}' for column, amount in cells.items())} }}\n"
    return text + units(*draw(UNITS))


@few
@given(sources())
def test_nothing_differs_from_itself(text: str) -> None:
    assert told_of(text, text).same


@few
@given(sources(), sources())
def test_what_is_told_makes_the_one_report_out_of_the_other(one: str, other: str) -> None:
    before, after = report_of(one), report_of(other)
    found, rows = compare(before, after), match(before, after)
    entries = {(table, rows.now(table, row), column): entry.value
               for (table, row, column), entry in before.source.entries.items() if rows.now(table, row)}
    for each in found.differences:
        if each.kind != "entered":
            continue
        table, row, column = each.cell
        if each.gone:
            if rows.now(table, row):  # an account's; a record that is gone has nothing in the other report
                entries.pop((table, row, column), None)
            continue
        kind = after.taxonomy.tables[table].columns[column].kind
        if not each.after:
            entries.pop((table, row, column))
            continue
        values = {"amount": lambda text: parse_amount(text, "万元")[0], "count": Decimal, "text": str}
        entries[table, row, column] = values[kind](each.after)
    assert entries == {cell: entry.value for cell, entry in after.source.entries.items()}
    assert found.same == (not found.differences and not found.sentences)


@few
@given(sources(), sources())
def test_the_way_back_tells_the_same_the_other_way_round(one: str, other: str) -> None:
    there, back = told_of(one, other), told_of(other, one)
    for kind in ("entered", "prose"):
        forth = sorted((each.before, each.after) for each in there.differences if each.kind == kind)
        assert forth == sorted((each.after, each.before) for each in back.differences if each.kind == kind)


@few
@given(sources(), sources())
def test_marks_stand_inside_of_the_text_and_leave_the_rest_alike(one: str, other: str) -> None:
    for each in told_of(one, other).sentences:
        for text, marks in ((each.before, each.marks_before), (each.after, each.marks_after)):
            flat = [at for mark in marks for at in mark]
            assert flat == sorted(flat)
            assert not flat or flat[-1] <= len(text)
