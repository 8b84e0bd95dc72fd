"""Tables on the clipboard: the text that spreadsheets copy and paste, and sums typed into a cell."""

from __future__ import annotations

import ast
import re
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext

from ..amounts import AmountError, normalise_digits, parse_number
from ..i18n import _
from ..text.width import printable

# Not NFKC: it would make a digit of a footnote mark.
_TYPED = str.maketrans("０１２３４５６７８９．，＋－−﹣–—（）＊×／÷\u3000\u00a0", "0123456789.,+-----()**//  ")
_SEPARATOR = re.compile(r"(?<=[0-9])[, ](?=[0-9]{3}(?![0-9]))")
_SUM = re.compile(r"[-+*/().,_ 0-9]*")
"""All that a sum is written with. In anything else Python may see what it warns of, in the middle of the screen."""
_CURRENCY = re.compile(r"(?P<open>\(?) *(?P<sign>-?) *(?:[¥￥]|RMB|CNY|人民币) *"
                       r"(?P<inner>\(?)(?P<rest>[-0-9.,_ ]*\)?)", re.IGNORECASE)
_NOTHING = {"--", "---", "----", "/", "…", "……", "无"}
"""What stands in a cell that holds no figure; one dash is how 会计专用 writes zero. normalise_digits makes
hyphens of all dashes."""
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
_ROUNDED = Context(prec=28)


def parse_table(text: str) -> list[list[str]]:
    """The cells of a pasted text: tabs and lines, with the quotes that Excel and WPS write."""
    rows: list[list[str]] = [[""]]
    quoted = False
    position = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text[:-1] if text.endswith("\n") else text
    while position < len(text):
        character = text[position]
        cell = rows[-1][-1]
        if quoted:
            if character == '"' and text[position + 1:position + 2] == '"':
                rows[-1][-1] += '"'
                position += 1
            elif character == '"':
                quoted = False
            else:
                rows[-1][-1] += character
        elif character == '"' and not cell:
            quoted = True
        elif character == "\t":
            rows[-1].append("")
        elif character == "\n":
            rows.append([""])
        else:
            rows[-1][-1] += character
        position += 1
    return rows


def format_table(rows: list[list[str]]) -> str:
    """Cells as spreadsheets read them."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '\t\n"') else cell


def figure(text: str) -> str:
    """What was typed or pasted into a figure's cell, as a number is written: a sum computed, and what
    workbooks show as they mean it. Their style 会计专用 writes ' ¥3,016.47 ', ' ¥(3,016.47)' and, for
    zero, ' -   '; a longer dash, a slash and 无 stand for nothing.

    Raises AmountError as `compute` does.
    """
    plain = normalise_digits(text)
    if plain in _NOTHING:
        return ""
    match = _CURRENCY.fullmatch(plain)
    if match is None or not match["rest"].strip("() "):
        return "0" if plain == "-" else compute(text)
    plain = normalise_digits(f"{match['sign']}{match['open'] or match['inner'] or ''}{match['rest']}".strip())
    return "0" if plain == "-" else plain


def compute(text: str) -> str:
    """What was typed into a figure's cell, computed where it begins with = (=120.5+33), exactly;
    a quotient that has no end, to 28 digits.

    Raises AmountError for anything but numbers, + - * / and brackets.
    """
    plain = text.strip().replace("＝", "=")
    if not plain.startswith("="):
        return text
    expression = _SEPARATOR.sub("", plain[1:].translate(_TYPED)).strip()
    try:
        if not _SUM.fullmatch(expression):
            raise ValueError
        with localcontext(_EXACT):
            value = _value(ast.parse(expression, mode="eval").body, expression)
            return format(value.normalize() if value == value.to_integral() else value, "f")
    except (SyntaxError, ValueError, RecursionError, ArithmeticError, MemoryError):
        raise AmountError(_("“{text}” can't be computed: numbers, + - * / and brackets are expected").format(
            text=printable(text[:40]))) from None


def _value(node: ast.expr, text: str) -> Decimal:
    if isinstance(node, ast.Constant):
        return parse_number(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand, text)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, text), _value(node.right, text)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return _ROUNDED.divide(left, right)
    raise ValueError
