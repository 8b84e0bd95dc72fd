"""Paragraphs by the rules of Chinese line breaking, GB/T 15834-2011 section 5."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.text.width import width
from juesuan.core.text.wrap import INDENT, longest_word, split, wrap, wrap_evenly, wrap_label

# Stated here once more, apart from the code: marks that may not start or end a line.
CLOSING = "，。、；：？！）》〉”’」』】〕％…·,.;:?!)]}%"
OPENING = "（《〈“‘「『【〔￥([{$"

NASTY = st.text(
    st.sampled_from("甲乙丙丁，。、（）《》“”—…·％%$元万人次0123456789.,ab-/ \u3000\u0301\u200d\u200b")
    | st.characters(),
    max_size=80,
)


def blankless(text: str) -> str:
    return re.sub("[ \u3000\n]", "", text)


@settings(deadline=None, max_examples=200)
@given(NASTY, st.integers(1, 40), st.integers(0, 6), st.booleans(), st.sampled_from([1, 2]))
def test_a_split_text_is_the_text(text: str, columns: int, first: int, hang: bool, ambiguous: int) -> None:
    pieces = split(text, columns, first=first, ambiguous=ambiguous, hang=hang)
    assert "".join(pieces) == text
    assert all(pieces) or text == ""


@settings(deadline=None, max_examples=200)
@given(NASTY, st.integers(0, 40), st.booleans(), st.booleans())
def test_wrapping_loses_nothing_but_blanks(text: str, columns: int, indent: bool, hang: bool) -> None:
    lines = wrap(text, columns, indent=INDENT if indent else "", hang=hang)
    assert lines
    assert blankless("".join(lines)) == blankless(text)
    assert not any("\n" in line or line != line.rstrip(" \u3000") for line in lines)


@settings(deadline=None, max_examples=200)
@given(NASTY, st.integers(1, 40), st.booleans(), st.sampled_from([1, 2]))
def test_lines_keep_to_the_margin(text: str, columns: int, hang: bool, ambiguous: int) -> None:
    for line in wrap(text, columns, indent=INDENT, hang=hang, ambiguous=ambiguous):
        if width(line, ambiguous) <= columns:
            continue
        alone = [char for char in line if width(char, ambiguous)]
        assert len(alone) == 1 or (hang and width(line[:-1], ambiguous) <= columns and line[-1] not in OPENING)


WORDS = st.sampled_from(
    [*"一般公共", "预算", "财政拨款", "一般公共预算财政拨款支出"]
    + ["——", "……", "C-DRG的", "2080505的", "HTTP/2的", " Excel 的"]
) | st.builds(
    "{}{}{}的".format,  # two numbers in a row would be one
    st.integers(1, 9999),
    st.sampled_from(["", ".02"]),
    st.sampled_from(["万元", "元", "%", "人次", "个", "年"]),
)
ENCLOSED = st.sampled_from(["{}", "{}", "{}", "{}，", "{}。", "（{}）", "“{}”、", "《{}》；"])
PROSE = st.lists(st.builds(str.format, ENCLOSED, WORDS), min_size=1, max_size=25).map("".join)


@settings(deadline=None, max_examples=200)
@given(PROSE, st.integers(20, 80), st.booleans(), st.booleans())
def test_the_rules_hold_for_prose(text: str, columns: int, indent: bool, hang: bool) -> None:
    lines = wrap(text, columns, indent=INDENT if indent else "", hang=hang)
    assert all(line for line in lines) or not blankless(text)
    for line in lines[1:]:
        assert line[0] not in CLOSING
    for line in lines[:-1]:
        assert line[-1] not in OPENING
    for line in lines:
        assert width(line) <= columns + (2 if hang and line[-1] in CLOSING else 0)
    whole = "\n".join(lines)
    kept = r"[0-9]+(?:\.[0-9]+)?(?:万元|元|%|人次|个|年)|C-DRG|HTTP/2|——|……"  # all of 12 columns or less
    for token in re.findall(kept, text):
        assert token in whole


@settings(deadline=None)
@given(PROSE, st.integers(20, 80))
def test_a_line_is_filled(text: str, columns: int) -> None:
    """The next line begins with something that found no room on the one before it."""
    lines = wrap(text, columns)
    for line, following in pairwise(lines):
        start = re.match(r"[（“《]*(?:[0-9A-Za-z.%/-]+(?: ?(?:万元|元|人次|个|年))?|——|……|.)", following)
        assert start is not None
        assert width(line) + width(start[0]) + width("”、……，") > columns  # its closing marks go with it


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("一般公共预算", 12, ["一般公共预算"]),
        ("一般公共预算。", 12, ["一般公共预算。"]),  # one mark hangs
        ("一般公共预算”。", 12, ["一般公共预", "算”。"]),  # two do not
        ("一般公共预（算）", 12, ["一般公共预", "（算）"]),
        ("收入6210.66万元", 12, ["收入", "6210.66万元"]),
        ("收入 6210.66 万元", 14, ["收入", "6210.66 万元"]),
        ("共123456789.01万元", 14, ["共123456789.01", "万元"]),  # too long to be kept whole
        ("共123456789.01万元", 13, ["共", "123456789.01", "万元"]),
        ("按疾病C-DRG付费", 10, ["按疾病", "C-DRG付费"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("甲abcdefghij乙", 4, ["甲", "abcd", "efgh", "ij乙"]),
        ("这是——因为", 6, ["这是", "——因", "为"]),
        ("甲乙 丙丁", 4, ["甲乙", "丙丁"]),
        ("甲乙\n丙丁", 0, ["甲乙", "丙丁"]),
        ("甲乙", 1, ["甲", "乙"]),
        ("甲\u0301乙", 1, ["甲\u0301", "乙"]),
        ("甲，乙", 1, ["甲", "，", "乙"]),  # no mark hangs where its character is past the margin
    ],
)
def test_examples(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


def test_no_mark_hangs_where_it_would_touch_the_next_column() -> None:
    assert wrap("一般公共预算。", 12, hang=False) == ["一般公共预", "算。"]


def test_the_first_line_is_indented() -> None:
    assert wrap("一般公共预算", 8, indent=INDENT) == ["　　一般", "公共预算"]
    assert wrap("　一般", 8, indent=INDENT) == ["　　一般"]
    assert wrap("一般\n公共", 8, indent=INDENT) == ["　　一般", "　　公共"]
    assert wrap("一般公", 6, indent=INDENT) == ["一般公"]  # no room for an indent


def test_ambiguous_characters_count_as_told() -> None:
    assert wrap("“三公”经费", 10, ambiguous=1) == ["“三公”经费"]
    assert wrap("“三公”经费", 10, ambiguous=2) == ["“三公”经", "费"]


def test_columns_are_not_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        wrap("甲", -1)


@pytest.mark.parametrize(
    "text",
    ["，" * 50_000, "a" * 50_000, "（" * 50_000, "甲" + " " * 50_000 + "，" * 50_000, "甲，（" * 20_000]
    + ["\u0301" * 50_000, (" " * 80 + "，") * 1000, "12万元" * 10_000],
)
def test_no_input_takes_forever(text: str) -> None:
    assert "".join(split(text, 76)) == text


def test_even_lines() -> None:
    assert wrap_evenly("对附属单位补助支出", 10) == ("对附属单位", "补助支出")
    assert wrap_evenly("国有资本经营预算财政拨款", 10) == ("国有资本", "经营预算", "财政拨款")
    assert wrap_evenly("基本支出", 8) == ("基本支出",)
    assert wrap_evenly("基本支出", 0) == ("基本支出",)


def test_a_label_breaks_where_it_wants_to() -> None:
    assert wrap_label("本年支出|合计", 12) == ("本年支出合计",)
    assert wrap_label("本年支出|合计", 10) == ("本年支出", "合计")
    assert wrap_label("本年支出合计", 10) == ("本年支", "出合计")
    assert wrap_label("支出功能|分类|科目", 8) == ("支出功能", "分类科目")
    assert wrap_label("支出功能分类|科目", 8) == ("支出功", "能分类", "科目")


@settings(deadline=None)
@given(st.text(st.sampled_from("一般公共预算|（）a1"), min_size=1, max_size=20), st.integers(4, 20))
def test_labels_lose_nothing(label: str, columns: int) -> None:
    lines = wrap_label(label, columns)
    assert "".join(lines) == label.replace("|", "")
    assert all(width(line) <= columns for line in lines)


def test_the_longest_word() -> None:
    assert longest_word("一般公共预算") == 0
    assert longest_word("共13000000元，C-DRG") == 10
