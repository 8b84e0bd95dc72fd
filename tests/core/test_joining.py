"""Two texts that were edited apart from each other, as one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.drafting.joining import joined

BASE = "a\nb\nc\nd\ne\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("a\nb\nC\nd\ne\n", "a\nb\nX\nd\nE\n", "a\nb\nC\nd\nE\n"),
        ("a\nc\nd\ne\n", "a\nb\nc\nd\ne\nf\n", "a\nc\nd\ne\nf\n"),
        ("a\nb\n1\nc\nd\ne\n", "a\nb\n2\nc\nd\ne\n", "a\nb\n2\n1\nc\nd\ne\n"),
        ("a\nb\n1\nc\nd\ne\n", "a\nb\n1\nc\nd\ne\n", "a\nb\n1\nc\nd\ne\n"),
        ("a\nB\nC\nd\ne\n", "a\nb\nX\nY\ne\n", "a\nB\nC\nY\ne\n"),
        ("", "a\nb\nc\nd\ne\nf\n", "f\n"),
    ],
)
def test_both_changes(mine: str, theirs: str, both: str) -> None:
    assert joined(BASE, mine, theirs) == both


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("1 = { a = 2.09 }", "1 = { a = 1.01 }", "1 = { a = 2.09, b = 2.02 }", "1 = { a = 1.01, b = 2.02 }"),
        ("1 = { a = 2.09 }", "1 = { a = 1.01 }", "1 = { a = 3.03 }", "1 = { a = 1.01 }"),
        ("a = -2", "a = -3", "a = 2", "a = -3"),
        ("保障工作的情况。", "医疗保障工作的情况。", "保障工作的情况和成绩。", "医疗保障工作的情况和成绩。"),
    ],
)
def test_both_changes_in_a_line(base: str, mine: str, theirs: str, both: str) -> None:
    assert joined(base, mine, theirs) == both


def test_lines_put_at_one_place_can_be_mine_alone() -> None:
    assert joined("a\n", "a\nx = 1\n", "a\nx = 2\n", both=False) == "a\nx = 1\n"


TEXTS = st.lists(st.sampled_from("abcx"), max_size=8).map(lambda lines: "".join(line + "\n" for line in lines))


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_one_put_alone_is_lost(base: str, mine: str, theirs: str) -> None:
    assert joined(base, mine, base) == mine
    assert joined(base, base, theirs) == theirs
    assert joined(base, mine, mine) == mine
    assert joined(base + "1\n2\n3\n", mine + "1\n2\n3\n", base + "1\n2\n3\n" + theirs) == mine + "1\n2\n3\n" + theirs
