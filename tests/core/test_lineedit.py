"""The line editor: what keys do to a line, and the part of it that is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.text.width import width
from juesuan.core.views.lineedit import LineEdit

TEXTS = st.text("ab1 中文，“e\u0301", max_size=30)
KEYS = ["left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+a", "ctrl+e"]


def at(text: str) -> LineEdit:
    """A line with its caret at |."""
    line = LineEdit(text.replace("|", ""))
    line.caret = text.index("|")
    return line


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("ab|c", "left", "a|bc"),
        ("|abc", "left", "|abc"),
        ("ab|c", "right", "abc|"),
        ("abc|", "right", "abc|"),
        ("a中|", "home", "|a中"),
        ("|a中", "end", "a中|"),
        ("a|b", "ctrl+a", "|ab"),
        ("a|b", "ctrl+e", "ab|"),
        ("a中|b", "backspace", "a|b"),
        ("|ab", "backspace", "|ab"),
        ("a|中b", "delete", "a|b"),
        ("ab|", "delete", "ab|"),
        ("ab|c", "ctrl+u", "|c"),
        ("a|bc", "ctrl+k", "a|"),
    ],
)
def test_keys(before: str, key: str, after: str) -> None:
    line = at(before)
    assert line.key(key)
    assert line.text[: line.caret] + "|" + line.text[line.caret :] == after


@pytest.mark.parametrize("key", ["enter", "tab", "f2", "escape", "up", "x"])
def test_other_keys_mean_nothing(key: str) -> None:
    line = at("ab|c")
    assert not line.key(key)
    assert (line.text, line.caret) == ("abc", 2)


def test_what_is_typed_first_replaces_all() -> None:
    line = LineEdit("100", fresh=True)
    line.insert("2")
    line.insert("5")
    assert line.text == "25"
    line = LineEdit("100", fresh=True)
    line.key("end")
    line.insert("2")
    assert line.text == "1002"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("一\n二", "一"),
        ("一\r\n二", "一"),
        ("一\r二", "一"),
        ("a\tb", "ab"),
        ("\x1b[31m红", "[31m红"),
        ("\u202e1", "1"),
        ("", ""),
    ],
)
def test_only_a_first_line_of_print_goes_in(text: str, kept: str) -> None:
    line = at("x|y")
    line.insert(text)
    assert line.text == f"x{kept}y"
    assert line.caret == 1 + len(kept)


@settings(deadline=None)
@given(TEXTS, st.lists(st.one_of(st.sampled_from(KEYS), TEXTS.map(lambda text: ":" + text)), max_size=12))
def test_the_caret_stays_in_the_line(text: str, done: list[str]) -> None:
    line = LineEdit(text)
    for key in done:
        if key.startswith(":"):
            line.insert(key[1:])
        else:
            line.key(key)
        assert 0 <= line.caret <= len(line.text)
        assert line.text.isprintable()


@settings(deadline=None)
@given(TEXTS, st.integers(0, 30), st.integers(4, 40), st.sampled_from([1, 2]))
def test_the_caret_is_seen(text: str, caret: int, columns: int, ambiguous: int) -> None:
    line = LineEdit(text)
    line.caret = min(caret, len(text))
    seen, column = line.visible(columns, ambiguous)
    assert seen in text
    assert width(seen, ambiguous) <= columns
    assert 0 <= column <= columns - 1
    if width(text, ambiguous) < columns:
        assert seen == text
