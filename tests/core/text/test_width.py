"""How wide text is. The oracle is wcwidth, which draws on the same tables independently."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.text.width import printable, width
from wcwidth import wcwidth

# Where wcwidth knows a later Unicode than Python, or counts otherwise on purpose: symbols that
# became wide in Unicode 16, flags, combining Hangul vowels and finals, and fillers.
DIFFERENT = [
    (0x1160, 0x11FF),
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x302E, 0x302F),
    (0x3164, 0x3164),
    (0x4DC0, 0x4DFF),
    (0xD7B0, 0xD7FF),
    (0xFFA0, 0xFFA0),
    (0x16FF0, 0x16FF1),
    (0x1D300, 0x1D37F),
    (0x1F1E6, 0x1F1FF),
]
# Format characters that wcwidth counts: a soft hyphen, and the Arabic and Indic signs that
# stand under a number. Spacing marks of Indic scripts join the letter before them there.
COUNTED = {"\u00ad", "\u06dd", "\u070f", "\u08e2", "\U000110bd", "\U000110cd"}
COUNTED |= {chr(code) for code in [*range(0x600, 0x606), 0x890, 0x891]}


def agreed(char: str) -> bool:
    category = unicodedata.category(char)
    return (
        category not in ("Cc", "Cs", "Cn", "Mc", "Zl", "Zp")
        and char not in COUNTED
        and not any(first <= ord(char) <= last for first, last in DIFFERENT)
    )


@pytest.mark.parametrize("ambiguous", [1, 2])
def test_every_character_is_as_wide_as_the_oracle_says(ambiguous: int) -> None:
    differing = [
        hex(code)
        for code in [*range(0x20, 0xFFFF), *range(0x1F000, 0x20100)]
        if agreed(char := chr(code)) and width(char, ambiguous) != wcwidth(char, ambiguous_width=ambiguous)
    ]
    assert differing == []


@settings(deadline=None)
@given(st.text(st.characters().filter(agreed)), st.sampled_from([1, 2]))
def test_a_text_is_as_wide_as_its_characters(text: str, ambiguous: int) -> None:
    assert width(text, ambiguous) == sum(wcwidth(c, ambiguous_width=ambiguous) for c in text)


@pytest.mark.parametrize(
    ("text", "columns", "narrow"),
    [
        ("", 0, 0),
        ("6210.66", 7, 7),
        ("决算数", 6, 6),
        ("（续表）", 8, 8),
        ("“三公”经费", 12, 10),
        ("——……", 8, 4),
        ("≥98%", 5, 4),
        ("①·", 4, 2),
        ("㐂\U00020000\U00030000", 6, 6),
        ("e\u0301", 1, 1),
        ("葛\U000e0100", 2, 2),
        ("\u3000\u3000", 4, 4),
    ],
)
def test_examples(text: str, columns: int, narrow: int) -> None:
    assert width(text) == columns
    assert width(text, ambiguous=1) == narrow


def test_ambiguous_characters_are_one_or_two_columns_wide() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        width("三公", ambiguous=3)


@pytest.mark.parametrize(
    "bad",
    ["\x00", "\t", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u200e", "\u2028", "\u2029"]
    + ["\u202e", "\u2066", "\u061c", "\ud800", "\ufff9", "\U000e0041"],
)
def test_what_must_not_be_printed_is_replaced(bad: str) -> None:
    assert printable(f"甲{bad}乙") == "甲\ufffd乙"
    assert printable(f"甲{bad}\n", keep="\n") == "甲\ufffd\n"


def test_what_may_be_printed_stays() -> None:
    rare_name = "葛\U000e0100㐂\U00020000"
    text = f"　“三公”经费——①≥98%\u00a0{rare_name}\U0001f468\u200d\U0001f4bb"
    assert printable(text) == text
    assert printable("甲\n乙") == "甲\ufffd乙"
    assert printable("甲\n乙", keep="\n") == "甲\n乙"


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_printable_text_can_be_written_and_moves_no_cursor(text: str) -> None:
    clean = printable(text)
    assert len(clean) == len(text)
    assert printable(clean) == clean
    clean.encode()
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in clean)
    assert not any(unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF") for c in clean)
