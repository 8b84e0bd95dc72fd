"""Bytes of a keyboard: read in the terminal's encoding, those that are no characters left out."""

from __future__ import annotations

import random

import pytest
from juesuan.core.text.keyboard import Decoder, terminal_encoding


@pytest.mark.parametrize(
    ("encoding", "data", "text", "unread"),
    [
        ("utf-8", "算12\x1b[A".encode(), "算12\x1b[A", 0),
        ("utf-8", b"1\xcb\xe32", "12", 2),
        ("utf-8", b"\xe7\xae", "", 0),
        ("utf-8", b"\xe7\xae5", "5", 2),
        ("utf-8", b"\xc0\xafa\xe0\x80\xafb\xed\xa0\x80c\xf5\x80\x80\x80d", "abcd", 12),
        ("utf-8", b"\xff\xfe\x80", "", 3),
        ("gb18030", "算（决算）€𠀀\x1b[A".encode("gb18030"), "算（决算）€𠀀\x1b[A", 0),
        ("gb18030", b"\x81\x1b[A\xff\x1b[B1", "\x1b[A\x1b[B1", 2),
        ("gbk", "算".encode("gbk"), "算", 0),
        ("gb2312", "镕".encode("gb18030"), "镕", 0),
    ],
)
def test_what_is_read(encoding: str, data: bytes, text: str, unread: int) -> None:
    for size in (1, 2, len(data)):
        decoder = Decoder(encoding)
        read = "".join(decoder.decode(data[at : at + size]) for at in range(0, len(data), size))
        assert (read, decoder.unread) == (text, unread)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("seed", range(20))
def test_any_bytes_are_read(encoding: str, seed: int) -> None:
    chance, decoder = random.Random(seed), Decoder(encoding)
    for _number in range(500):
        decoder.decode(chance.randbytes(chance.randrange(12))).encode()
    assert decoder.unread
    assert decoder.decode("q中文q".encode(encoding) * 3).endswith("q中文q")


@pytest.mark.parametrize(
    ("environment", "stream", "encoding"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "utf-8", "utf-8"),
        ({"LANG": "zh_CN.GB18030"}, "utf-8", "gb18030"),
        ({"LANG": "zh_CN.GB18030", "LC_CTYPE": "C.UTF-8"}, "utf-8", "gb18030"),
        ({"LANG": "zh_CN.GBK@x"}, "utf-8", "gbk"),
        ({"LANG": "zh_CN.eucCN"}, "gb2312", "gb2312"),
        ({"LANG": "zh_CN.GB18030", "LC_ALL": "C.UTF-8"}, "utf-8", "utf-8"),
        ({"LANG": "zh_CN.GBK", "LC_CTYPE": "zh_CN.UTF-8"}, "utf-8", "utf-8"),
        ({"LANG": "zh_CN.GBK", "PYTHONIOENCODING": "utf-8"}, "utf-8", "utf-8"),
        ({"PYTHONIOENCODING": "gbk:replace"}, "gbk", "gbk"),
        ({}, "ascii", "ascii"),
        ({"LANG": "zh_CN.nonsense"}, "utf-8", "utf-8"),
        ({}, "nonsense", ""),
    ],
)
def test_which_encoding_a_terminal_has(environment: dict[str, str], stream: str, encoding: str) -> None:
    assert terminal_encoding(environment, stream) == encoding


def test_what_gbk_lacks_is_shown_in_as_many_columns() -> None:
    assert "○◐√│𠀀…".encode("gbk", "juesuan.columns").decode("gbk") == "○◎√│??…"
