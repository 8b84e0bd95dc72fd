"""The keyboard: whatever bytes a terminal sends, there are keys and texts, and nothing else comes of them."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from juesuan.core.amounts import AmountError, parse_amount, parse_count, parse_score
from juesuan.core.source import check_text
from juesuan.core.text.width import width
from juesuan.core.views import tsv
from juesuan.core.views.lineedit import LineEdit
from juesuan.core.views.textedit import TextEdit

from . import mutate
from .campaign import Outcome, Target, require
from .invariants import inert

KEYS = ("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "ctrl+left", "ctrl+right", "ctrl+home",
        "ctrl+end", "backspace", "delete", "ctrl+k", "ctrl+u", "ctrl+a", "ctrl+e", "shift+left", "shift+up",
        "shift+end", "shift+ctrl+home", "shift+pagedown", "f5", "x")
PIECES = (
    b"\x1b[A", b"\x1b[1;2D", b"\x1b[200~", b"\x1b[201~", b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[<0;10;10M",
    b"\x1b[?2048;1$y", b"\x1b[48;24;80;1;1t", b"\x1b[999999999;999999999R", b"\x1b[I", b"\x1b]0;x\x07",
    b"\x1bP>|x\x1b\\", b"\x1b[;;;;;;u", b"\x1b[27u", b"\x1b[97;5u", b"\xcb\xe3", b"\xcb", b"\xe7\xae",
    b"\xe7\xae\x97", b"\x81\x30\x81\x30", b"\xff\xfe", b"\x80", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80",
    b"\xf4\x90\x80\x80", b"\x00", b"\r", b"\n", b"\t", b"\x7f", b"\x08", b"\x03", "\u200b\u00ad\u202e\u2028".encode(),
    b"104", b"2.58\r", b"=1+", b"=(2", b"/0", b"**9", "＝１，２３４．５".encode(), b'"a\tb"\n', b" -   ",
    "¥3,016.47".encode(), "（1.00）".encode(), b"1e9", b"1and", b"0x1f", b"0b1for", b"_", b"1__0", "1万元".encode(),
    b"=" + b"(" * 400, b"=" + b"-" * 5000 + b"1", b"=" + b"9" * 300, b"[" * 90)


def seeds() -> list[bytes]:
    return [b"104\r2.58\r", "算式\r".encode(), "决算数\r".encode("gb18030"), b"\x1b[200~1\t2\r\n3\t\"4\n5\"\x1b[201~",
            b"=120.5+33\r", b"=1/3*(4-5)\r", b"\x1b[A\x1b[B\x1b[1;5C\x1bOP\x1b[15~\x1b"]


def mutated(random: Random, data: bytes, other: bytes) -> bytes:
    found = data
    for _turn in range(random.choice((1, 2, 4, 8))):
        if random.random() < 0.3:
            found = mutate.octets(random, found, other)
        else:
            at = random.randrange(len(found) + 1)
            found = found[:at] + random.choice(PIECES) + found[at + random.randrange(3):]
    return found


def tried(data: bytes, folder: Path) -> Outcome:
    random = Random(crc32(data))
    texts = [data.decode("utf-8", "ignore"), data.decode("gb18030", "ignore")]
    texts += decoded(data, random)
    found = events(data, random)
    texts += [event.text for event in found if hasattr(event, "text")]
    texts.append("".join(getattr(event, "character", None) or "" for event in found))
    texts = list(dict.fromkeys(texts))
    taken = sum(figures(text) for text in texts)
    for text in texts:
        table(text)
        edited(text, random)
        lined(text, random)
    return Outcome(bool(taken), taken)


def decoded(data: bytes, random: Random) -> list[str]:
    """The bytes as the terminal's text: the same whether they come at once or in pieces."""
    from juesuan.core.text import keyboard, typed

    found = []
    for encoding in ("utf-8", "gb18030"):
        whole, parted = keyboard.Decoder(encoding), keyboard.Decoder(encoding)
        text = whole.decode(data)
        in_parts = "".join(parted.decode(piece) for piece in pieces(data, random))
        require(text == in_parts, "bytes in pieces are another text")
        require(whole.unread == parted.unread, "bytes in pieces are unread otherwise")
        taken = typed.take(text)
        require(typed.take(taken.text) == typed.Taken(taken.text, ""), "what is taken out is taken out at once")
        require(len(typed.shown(taken.text)) == len(taken.text), "what is shown is as long as what is there")
        try:
            check_text(typed.settled(text))
        except AmountError as error:
            require(False, f"what is settled can't stay: {error}")
        found.append(taken.text)
    return found


def events(data: bytes, random: Random) -> list[Any]:
    """The events that the terminal program makes of the bytes."""
    from juesuan.tui.keyboard import Keyboard

    own = Keyboard(random.choice(("utf-8", "gb18030")))
    found = []
    for piece in pieces(data, random):
        found += list(own.feed(piece))
        if random.random() < 0.2:
            found += list(own.tick())
    return found


def pieces(data: bytes, random: Random) -> list[bytes]:
    """The bytes as they may come: in pieces."""
    cuts = sorted(random.randrange(len(data) + 1) for _turn in range(random.randrange(6)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])]


def figures(text: str) -> int:
    """Is it a figure? How many of the readers take it."""
    found = 0
    readers: list[Any] = [tsv.compute, getattr(tsv, "figure", tsv.compute), parse_count, parse_score,
                          lambda text: parse_amount(text, "元"), lambda text: parse_amount(text, "万元")]
    for read in readers:
        try:
            read(text)
        except AmountError as error:
            inert("a message", str(error))
        else:
            found += 1
    return found


def table(text: str) -> None:
    """What was copied is pasted as it was."""
    rows = tsv.parse_table(text)
    require(rows and all(rows), "a table has cells")
    again = tsv.parse_table(tsv.format_table(rows))
    cells = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    require(again == cells or rows[-1] == [""], "a table that was copied is another")


def edited(text: str, random: Random) -> None:
    """A text being edited: the caret is in it, its lines are it, and all of it can be undone."""
    own = TextEdit("某局。\n职责", random.choice((4, 20, 78)), random.choice((1, 2)))
    begun = own.text
    for _turn in range(12):
        if random.random() < 0.4:
            own.insert(text[random.randrange(len(text) + 1):][:random.choice((1, 1, 5, 500))].replace("\r", "\n"))
        elif random.random() < 0.2:
            random.choice((own.undo, own.redo, own.select_all, lambda: own.resize(random.choice((4, 33)))))()
        else:
            own.key(random.choice(KEYS))
        require(0 <= own.caret <= len(own.text), "the caret is in the text")
        row, column = own.position
        require(0 <= row < len(own.lines) and 0 <= column < own.columns, "the caret is on the screen")
        shown = sum(len(line.text) for line in own.lines) + own.text.count("\n")
        require(shown == len(own.text), "the lines are the text")
    while own.text != begun:
        before = own.text
        own.undo()
        require(own.text != before, "undone, a text is not what it was")


def lined(text: str, random: Random) -> None:
    """A line being edited: it stays one, and its caret is in the part that is shown."""
    own = LineEdit("301.82", fresh=random.random() < 0.5)
    for _turn in range(8):
        if random.random() < 0.4:
            own.insert(text[:random.choice((1, 5, 300))])
        else:
            own.key(random.choice(KEYS))
        columns, ambiguous = random.choice((3, 10, 78)), random.choice((1, 2))
        part, caret = own.visible(columns, ambiguous)
        require("\n" not in own.text and "\x1b" not in part, "a line is one line")
        require(0 <= own.caret <= len(own.text), "the caret is in the line")
        require(width(part, ambiguous) <= columns and 0 <= caret < columns, "the line fits, with its caret")


TARGET = Target("keyboard", ".bytes", seeds, mutated, tried, 200, lines=False)
