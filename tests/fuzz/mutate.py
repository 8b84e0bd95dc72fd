"""Changes of texts and bytes: some know how TOML is written, some know nothing."""

from __future__ import annotations

import re
from random import Random

VALUES = (
    '""', "0", "-1", "-5.55", "0.005", "1e3", "nan", "-inf", '"x"', '"NaN"', '"Infinity"', "true", "false",
    "2024-01-01", "08:00:00", "1979-05-27T07:32:00Z", "[1]", "[]", "{}", "{ a = 1 }", "[[[[]]]]", "99999999999999",
    "1" + "0" * 30, "9" * 5000, "0.0000001", '"１２"', '"1,234.5"', '"(3.00)"', '"－5"', '"1万元"', '"甲\\n乙"',
    '"\\u001b[31m"', '"\\u202e"', '"\\u200b"', '"\\ud7ff"', '"{overview.total}"', '"{"', '"}}{{"', '"[b]"', '"=1+1"',
    '"<b>&amp;"', '"| a |"', "0x10", '"2101501"', '"≥"', '"total"', '"last.toml"', '"."', '"/"', '"../a.toml"',
    "2023", "1899", "9999", '"元"', '"万元"', "1", "3.76", "'''\n'''", '"""\n"""', '"𠀀㐂é"', '["overview"]',
    '["government_fund", "government_fund"]', "1_000.5", "+1", "-0.00", "0.01", "123456.789",
    '"' + "长" * 300 + '"', '"-"', '" "')
PIECES = (
    *"0123456789.,-=\"'[]{}# \t\\x中“，。", "\r\n", "\r", "\n", "\u3000", "\x00", "\x1b", "\u202e", "\ufeff", "\u2028",
    '"""', "'''", "[[", "]]", "\n[prior]\n", "\n[official]\n", "\n[reasons]\n", "\n[review]\n", "\n[merged]\n",
    "\n[accounts]\n", "\n2101502 = { basic = 1 }\n", "\n[[units]]\n", "= {", "1.00", "a.b.c = 1\n", "[" * 60, "𠀀",
    "é", "\u0301", "{{", "{x}")
KEYS = ("total", "2010550", "201", "20105", "2299999", "30101", "9999999", "basic", "project", "fiscal", "amount",
        "name", "none", "unit", "year", "prior", "schema", "format", "x", "甲", '"a b"', '""', '"overview.total"',
        '"general_budget.total.total"', '"expenditure.2010550.basic"', '"units.1.name"', "a.b", "1")

_VALUE = re.compile(r"""(?<==)[ ]*(?:"(?!"")(?:[^"\\\n]|\\.)*"|'(?!'')[^'\n]*'|[^\s,{}\[\]"'#]+)""")
_KEY = re.compile(r"""(?:^|(?<=[{,] ))[ ]*(?:[A-Za-z0-9_]+|"[^"\n]*")(?=[ ]*=)""", re.MULTILINE)
_HEAD = re.compile(r"^\[\[?[^\]\n]*\]?\]", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.])-?[0-9]+(?:\.[0-9]+)?(?![\w.])")


def text(random: Random, data: bytes, other: bytes) -> bytes:
    """A text in TOML with one change or a few; now and then some of its bytes are others."""
    if random.random() < 0.07:
        return octets(random, data, other)
    found, beside = data.decode("utf-8", "replace"), other.decode("utf-8", "replace")
    for _turn in range(random.choice((1, 1, 2, 3, 6, 12))):
        found = random.choice(_TEXTS)(random, found, beside)
    return found.encode("utf-8", "surrogatepass")


def octets(random: Random, data: bytes, other: bytes = b"") -> bytes:
    """Bytes with a few of them changed, left out, put in, cut off or taken from others."""
    found = bytearray(data)
    for _turn in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(found) + 1)
        length = random.choice((1, 1, 2, 8, 64))
        how = random.randrange(6)
        if how == 0:
            found[at:at + length] = random.randbytes(length)
        elif how == 1:
            del found[at:at + length]
        elif how == 2:
            found[at:at] = random.randbytes(length)
        elif how == 3 and found and at < len(found):
            found[at] ^= 1 << random.randrange(8)
        elif how == 4 and random.random() < 0.2:
            del found[at:]
        else:
            start = random.randrange(len(other) + 1)
            found[at:at] = other[start:start + length]
    return bytes(found)


def _put(random: Random, text: str, pattern: re.Pattern[str], pieces: tuple[str, ...], beside: str) -> str:
    """The text with another piece in a place that the pattern finds: one of ours, or one of the other text's."""
    places = [match.span() for match in pattern.finditer(text)]
    if not places:
        return text
    theirs = pattern.findall(beside)
    piece = random.choice(theirs) if theirs and random.random() < 0.3 else random.choice(pieces)
    start, end = random.choice(places)
    return text[:start] + (" " if pattern is _VALUE else "") + piece.strip() + text[end:]


def _value(random: Random, text: str, beside: str) -> str:
    return _put(random, text, _VALUE, VALUES, beside)


def _key(random: Random, text: str, beside: str) -> str:
    return _put(random, text, _KEY, KEYS, beside)


def _head(random: Random, text: str, beside: str) -> str:
    return _put(random, text, _HEAD, ("[report]", "[prose]", "[[units]]", "[x.y]", "[prior]", "[[report]]", "[none]"),
    beside)


def _number(random: Random, text: str, _beside: str) -> str:
    """Another figure of the same look, so that most of what is read stays right."""
    figures = (f"{random.uniform(-10, 10**random.randrange(1, 9)):.2f}",
    str(random.randrange(10**random.randrange(1, 6))))
    return _put(random, text, _NUMBER, figures, "")


def _lines(random: Random, text: str, beside: str) -> str:
    """Lines left out, said twice, moved, joined, cut, or taken from the other text."""
    lines, others = text.split("\n"), beside.split("\n")
    at, goal = random.randrange(len(lines)), random.randrange(len(lines))
    how = random.randrange(7)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(goal, lines[at])
    elif how == 2:
        lines[at], lines[goal] = lines[goal], lines[at]
    elif how == 3:
        del lines[at:at + random.randrange(40)]
    elif how == 4:
        lines.insert(at, random.choice(others))
    elif how == 5:
        lines[at] = lines[at][:random.randrange(len(lines[at]) + 1)]
    else:
        start = random.randrange(len(others))
        lines[at:at] = others[start:start + random.randrange(12)]
    return "\n".join(lines)


def _splice(random: Random, text: str, _beside: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(PIECES) + text[at + random.randrange(4):]


_TEXTS = (_value, _value, _value, _key, _head, _number, _number, _lines, _lines, _splice)
