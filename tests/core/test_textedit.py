"""A text being written: caret, selection, undo, lines broken as in the report."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.text.width import width
from juesuan.core.text.wrap import NO_START
from juesuan.core.views.textedit import TextEdit

TEXT = "（一）执行国家和福建省医疗保险、生育保险、医疗救助的法律法规和政策，研究提出本市的政策。\n第二段。"
KEYS = [
    *("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "ctrl+left", "ctrl+right", "ctrl+home"),
    *("ctrl+end", "shift+left", "shift+right", "shift+up", "shift+down", "shift+end", "backspace", "delete"),
    *("ctrl+k", "ctrl+u"),
]


def test_lines_start_with_no_mark_and_hold_the_text() -> None:
    edit = TextEdit(TEXT, 20)
    assert len(edit.lines) > 4
    for line in edit.lines:
        assert width(line.text, 1) <= 20
        assert line.text[0] not in NO_START
        assert TEXT[line.start : line.start + len(line.text)] == line.text


def test_typing_is_one_step_of_undo_and_a_paste_another() -> None:
    edit = TextEdit("前")
    for character in "行政运行":
        edit.insert(character)
    edit.insert("粘贴的文字")
    edit.undo()
    assert edit.text == "前行政运行"
    edit.undo()
    assert edit.text == "前"
    edit.undo()
    edit.redo()
    edit.redo()
    assert edit.text == "前行政运行粘贴的文字"


def test_typing_replaces_the_selection() -> None:
    edit = TextEdit("甲乙丙")
    edit.key("shift+left")
    edit.key("shift+left")
    assert edit.selected == "乙丙"
    edit.insert("丁")
    assert (edit.text, edit.caret, edit.anchor) == ("甲丁", 2, None)
    edit.undo()
    assert edit.text == "甲乙丙"


def test_the_caret_keeps_its_column_over_a_short_line() -> None:
    edit = TextEdit("一二三四五\n一\n一二三四五", 40)
    edit.key("ctrl+home")
    for _number in range(4):
        edit.key("right")
    edit.key("down")
    assert edit.position == (1, 2)
    edit.key("down")
    assert edit.position == (2, 8)


def test_home_end_and_cutting_of_a_line() -> None:
    edit = TextEdit("一二三四五六七八九十", 10)
    edit.key("ctrl+home")
    edit.key("end")
    assert (edit.position, edit.caret) == ((0, 9), 5)
    edit.key("down")
    assert edit.position == (1, 9)
    edit.key("up")
    edit.key("right")
    assert edit.position == (1, 2)
    edit.key("up")
    edit.key("home")
    edit.key("ctrl+k")
    assert edit.text == "六七八九十"
    edit.key("end")
    edit.key("ctrl+u")
    assert edit.text == ""
    assert edit.lines[0].text == ""


@settings(max_examples=150, deadline=None)
@given(
    st.text("一二，。（）“”a1 .\n　", max_size=60),
    st.lists(st.one_of(st.sampled_from(KEYS), st.text("三，a\n", min_size=1, max_size=3)), max_size=30),
    st.integers(4, 30),
)
def test_any_keys_keep_everything_in_order(text: str, keys: list[str], columns: int) -> None:
    edit = TextEdit(text, columns)
    for key in keys:
        if key in KEYS:
            assert edit.key(key, 3)
        else:
            edit.insert(key)
        assert 0 <= edit.caret <= len(edit.text)
        row, column = edit.position
        assert 0 <= row < len(edit.lines)
        assert 0 <= column < max(4, columns)
        assert "\n".join(edit.text.split("\n")) == edit.text
        joined = "".join(line.text for line in edit.lines)
        assert joined == edit.text.replace("\n", "")
    done = edit.text
    for _key in keys:
        edit.undo()
    assert edit.text == text
    for _key in keys:
        edit.redo()
    assert edit.text == done
