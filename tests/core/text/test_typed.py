"""What is typed and pasted: characters that mean nothing go, others are shown where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import AmountError
from juesuan.core.source import check_text
from juesuan.core.text.typed import codes, fault, settled, shown, take


@pytest.mark.parametrize(
    ("text", "left", "out"),
    [
        ("医疗\u200b保障", "医疗保障", "\u200b"),
        ("经\u00ad费", "经费", "\u00ad"),
        ("👨\u200d👩", "👨👩", "\u200d"),
        ("\ufeff一\u2060二\u200e", "一二", "\ufeff\u2060\u200e"),
        ("一\x00\x07\x1b[31m\x7f\x9b二", "一[31m二", "\x00\x07\x1b\x7f\x9b"),
        ("一\U000e0041二", "一二", "\U000e0041"),
        ("一\r\n二\r三\x0b四\x0c五\u2028六\u2029七\x85八", "一\n二\n三\n四\n五\n六\n七\n八", ""),
        ("\u200b一\u200b\u200b", "一", "\u200b"),
        ("一\u202e二\ud800三\ufff9", "一\u202e二\ud800三\ufff9", ""),
        ("一\u3000二\t三\u00a0四", "一\u3000二\t三\u00a0四", ""),
        ("𠮷\U000e0100\ufe0f\ue000\U00031350\u0378", "𠮷\U000e0100\ufe0f\ue000\U00031350\u0378", ""),
        ("", "", ""),
    ],
)
def test_what_is_taken_out(text: str, left: str, out: str) -> None:
    assert take(text) == (left, out)
    assert fault(left) == next((n for n, each in enumerate(left) if each in "\u202e\ud800\ufff9"), -1)


def test_a_line_that_shows_no_marks_takes_none() -> None:
    assert take("一\u202e二\ud800", all=True) == ("一二", "\u202e\ud800")


def test_they_are_named_by_their_numbers() -> None:
    assert codes("\u200b\U000e0041") == "U+200B、U+E0041"


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_what_is_settled_can_stand_in_a_source(text: str) -> None:
    kept = settled(text)
    check_text(kept)
    kept.encode()
    assert settled(kept) == kept
    assert len(shown(text)) == len(text)
    assert fault(shown(text)) == -1
    taken = take(text).text
    if fault(taken) >= 0:
        with pytest.raises(AmountError, match=f"{ord(taken[fault(taken)]):04X}"):
            check_text(taken)
    else:
        check_text(taken)
