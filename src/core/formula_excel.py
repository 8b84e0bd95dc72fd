"""Formulas of a taxonomy as formulas of a spreadsheet, from the same tree that gives the value.

    basic + project                   C4+D4
    income.total.total                '数据·收入决算'!C3
    rate(executed, annual)            IF(D5=0,"",E5/D5)

Only functions that every spreadsheet has, by their English names, none of them volatile. Amounts stand
in the source's unit there, and in 元 here: a number that is added to one or compared with one is
converted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from .formula import Formula, owner_of
from .source import Cell
from .taxonomy import NUMBERS, Column

_SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 2), ast.Sub: ("-", 2), ast.Mult: ("*", 3), ast.Div: ("/", 3)}
_COMPARISONS: dict[type[ast.AST], str] = {
    ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_RELATION, _SUM, _UNARY, _ALONE = 1, 2, 4, 5

_JUDGEMENTS = ("_meets", "_measurable", "_completion", "_has_text")

_LONGEST_TEXT = 255  # characters of a text between quotation marks
_MOST_ARGUMENTS = 250


class Untranslatable(Exception):
    """A spreadsheet has no words for it: the cell is shown as a value."""


class Places(Protocol):
    """Where figures stand in the workbook, seen from one of its sheets."""

    scale: Decimal
    """How many 元 one unit of the sheets is."""

    def at(self, cell: Cell) -> str:
        """A reference to the cell, or what looks it up where its row is not there yet; '' if it is nowhere."""

    def prior(self, cell: Cell) -> str:
        """A reference to last year's figure of the cell, '' if it is nowhere."""

    def ranges(self, table: str, rows: Iterable[str], column: str) -> list[str]:
        """References to these rows of a column (or, without one, to their ids), neighbours as one range."""

    def column(self, table: str, column: str) -> Column:
        """The column of the taxonomy."""

    def selected(self, table: str, selector: str, row: str) -> Iterable[str]:
        """The rows that a range goes over."""

    def judged(self, tree: ast.expr, row: str, column: str) -> Any:
        """What a judgement of texts comes to, as they stand. Raises Untranslatable where that is not wanted."""


class Piece(NamedTuple):
    """A part of a formula: its text; 'number', 'text' or 'flag'; how tightly it holds together; whether
    it is an amount; whether it is as exact as what is entered (sums are, quotients are not); whether it is
    a plain reference; the number that it is, if it is one; whether judgements of texts stand in it as they came
    out."""

    text: str
    kind: str = "number"
    level: int = _ALONE
    money: bool = False
    exact: bool = True
    plain: bool = False
    number: Decimal | None = None
    judged: bool = False

    def within(self, level: int) -> str:
        """The text, in brackets where it holds together less tightly than `level`."""
        return f"({self.text})" if self.level < level else self.text

    @property
    def condition(self) -> str:
        """Is it true, as Python has it? An empty cell is not."""
        if self.kind == "flag":
            return f"{self.within(_SUM)}=TRUE" if self.plain else self.text
        return f"{self.within(_SUM)}<>" + ("0" if self.kind == "number" else '""')

    @property
    def value(self) -> str:
        """What a cell can hold: an empty text or flag that is referred to would be shown as 0."""
        if not self.plain or self.kind == "number":
            return self.text
        return self.condition if self.kind == "flag" else f'{self.text}&""'


def excel_formula(formula: Formula, places: Places, row: str, column: str = "") -> Piece:
    """What the formula says at a row and a column, without the leading '='. Raises Untranslatable."""
    translator = _Translator(places, row, column)
    piece = translator.say(formula.tree)
    if translator.judged and (piece.number is not None or piece.text in ("TRUE", "FALSE")):
        raise Untranslatable  # nothing but a judgement
    return piece._replace(judged=translator.judged)


def summed(parts: list[str]) -> str:
    """SUM over references, however many there are; '0' over none."""
    if not parts:
        return "0"
    while len(parts) > _MOST_ARGUMENTS:
        parts = [f"SUM({','.join(parts[start:start + _MOST_ARGUMENTS])})"
                 for start in range(0, len(parts), _MOST_ARGUMENTS)]
    return f"SUM({','.join(parts)})"


def quoted(text: str) -> str:
    """A text in a formula."""
    parts = [text[start:start + _LONGEST_TEXT] for start in range(0, len(text), _LONGEST_TEXT)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def kind_of(column: Column) -> str:
    """What the cells of a column are in a formula."""
    return "number" if column.kind in (*NUMBERS, "percent") else "flag" if column.kind == "flag" else "text"


def reading(places: Places, cell: Cell) -> Piece:
    """The value of a cell; an empty one counts as its column's default."""
    column = places.column(cell[0], cell[2])
    kind = kind_of(column)
    text = places.at(cell)
    plain = bool(text)
    if not text:
        text = {"number": "0", "flag": "FALSE", "text": '""'}[kind]
    elif column.default is not None:
        default = column.default
        shown = str(default).upper() if kind == "flag" else quoted(default) if kind == "text" else str(default)
        text, plain = f'IF({text}="",{shown},{text})', False
    return Piece(text, kind, money=column.kind == "amount", exact=column.kind != "percent", plain=plain)


class _Translator:
    def __init__(self, places: Places, row: str, column: str) -> None:
        self.places = places
        self.row = row
        self.column = column
        self.judged = False

    def say(self, node: ast.expr) -> Piece:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                return Piece(str(node.value).upper(), "flag")
            text = str(node.value)
            return Piece(quoted(text), "text", _SUM if len(text) > _LONGEST_TEXT else _ALONE)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node.op, self.say(node.left), self.say(node.right))
        if isinstance(node, ast.UnaryOp):
            inner = self.say(node.operand)
            if isinstance(node.op, ast.Not):
                return Piece(f"NOT({inner.condition})", "flag")
            return inner._replace(text="-" + inner.within(_UNARY), level=_UNARY, plain=False, number=None)
        if isinstance(node, ast.BoolOp):
            return self.junction(node)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.IfExp):
            test = self.say(node.test)
            yes, no = self.alike(self.say(node.body), self.say(node.orelse))
            if yes.kind != no.kind:
                raise Untranslatable
            return Piece(f"IF({test.condition},{yes.value},{no.value})", yes.kind, money=yes.money or no.money,
                         exact=yes.exact and no.exact)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                return self.read(node.func.attr, node.args)
            if isinstance(node.func, ast.Name):
                if node.func.id in _JUDGEMENTS:
                    return self.judgement(node)
                return self.call(node.func.id, node.args)
        raise Untranslatable

    def judgement(self, node: ast.Call) -> Piece:
        """A judgement of texts, for which a spreadsheet has no function, as it came out."""
        value = self.places.judged(node, self.row, self.column)
        self.judged = True
        if isinstance(value, bool):
            return Piece(str(value).upper(), "flag")
        if isinstance(value, Decimal):
            return Piece(format(Decimal(f"{value:.15g}"), "f"), level=_UNARY if value < 0 else _ALONE, number=value)
        raise Untranslatable

    # ── operators ──

    def arithmetic(self, op: ast.operator, left: Piece, right: Piece) -> Piece:
        if left.kind != "number" or right.kind != "number":
            raise Untranslatable
        sign, level = _SIGNS[type(op)]
        exact = left.exact and right.exact
        if level == _SUM:
            left, right = self.alike(left, right)
            money = left.money or right.money
        else:
            divides = sign == "/"
            if right.money and ((divides and not left.money) or (not divides and left.money)):
                raise Untranslatable  # an amount squared, or one by which is divided
            money = left.money != right.money
            exact = False
        text = f"{left.within(level)}{sign}{right.within(level + (sign in '-/'))}"
        return Piece(text, level=level, money=money, exact=exact)

    def alike(self, *pieces: Piece) -> tuple[Piece, ...]:
        """The pieces in one unit: a number beside an amount is one of 元."""
        if not any(piece.money for piece in pieces):
            return pieces
        found = []
        for piece in pieces:
            if not piece.money and piece.number != 0:
                if piece.number is None:
                    raise Untranslatable
                piece = piece._replace(text=format((piece.number / self.places.scale).normalize(), "f"))
            found.append(piece)
        return tuple(found)

    def junction(self, node: ast.BoolOp) -> Piece:
        pieces = [self.say(value) for value in node.values]
        both = isinstance(node.op, ast.And)
        if all(piece.kind == "flag" for piece in pieces):
            conditions = ",".join(piece.condition for piece in pieces)
            return Piece(f"{'AND' if both else 'OR'}({conditions})", "flag")
        last = pieces.pop()
        for piece in reversed(pieces):
            if piece.kind != last.kind or piece.money != last.money:
                raise Untranslatable
            yes, no = (last, piece) if both else (piece, last)
            last = Piece(f"IF({piece.condition},{yes.value},{no.value})", last.kind, money=last.money,
                         exact=last.exact and piece.exact)
        return last

    def comparison(self, node: ast.Compare) -> Piece:
        pieces = [self.say(value) for value in (node.left, *node.comparators)]
        found = [self.compared(type(op), left, right) for op, left, right in zip(node.ops, pieces, pieces[1:])]
        return found[0] if len(found) == 1 else Piece(f"AND({','.join(piece.text for piece in found)})", "flag")

    def compared(self, op: type[ast.AST], left: Piece, right: Piece) -> Piece:
        if left.kind != right.kind:
            raise Untranslatable
        if left.kind == "text":  # '=' does not tell a from A
            if op not in (ast.Eq, ast.NotEq):
                raise Untranslatable
            same = f"EXACT({left.text},{right.text})"
            return Piece(same if op is ast.Eq else f"NOT({same})", "flag")
        left, right = self.alike(left, right)
        if not (left.exact and right.exact):
            raise Untranslatable  # the last binary digit would decide
        if left.kind == "flag":
            return Piece(f"({left.condition}){_COMPARISONS[op]}({right.condition})", "flag", _RELATION)
        sides = [piece.text if piece.plain or piece.number is not None else self.cleaned(piece)
                 for piece in (left, right)]
        return Piece(f"{sides[0]}{_COMPARISONS[op]}{sides[1]}", "flag", _RELATION)

    def cleaned(self, piece: Piece) -> str:
        """A sum without what binary fractions leave behind."""
        if piece.text.startswith(("LEN(", "COUNT")):
            return piece.text
        return f"ROUND({piece.text},{6 if piece.money and self.places.scale > 1 else 4})"

    # ── what is read ──

    def read(self, how: str, arguments: list[ast.expr]) -> Piece:
        if how == "cell":
            return reading(self.places, self.address(arguments))
        if how == "prior":
            cell = self.address(arguments)
            text = self.places.prior(cell)
            if not text:
                raise Untranslatable
            return Piece(text, money=self.places.column(cell[0], cell[2]).kind == "amount", plain=True)
        raise Untranslatable

    def address(self, arguments: list[ast.expr]) -> Cell:
        table, row, column = map(self.word, arguments)
        return table, row, column

    def word(self, node: ast.expr) -> str:
        """A part of an address."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Name):
            return {"_row": self.row, "_column": self.column}[node.id]
        if isinstance(node, ast.BinOp):
            return self.word(node.left) + self.word(node.right)
        assert isinstance(node, ast.Call)
        return owner_of(self.word(node.args[0]))

    def range(self, node: ast.expr) -> tuple[list[str], Column | None]:
        """The references of a range, and its column."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "range"):
            raise Untranslatable
        table, selector, column, row = map(self.word, node.args)
        found = self.places.ranges(table, self.places.selected(table, selector, row), column)
        known = self.places.column(table, column) if column else None
        if known is not None and known.default is not None:
            raise Untranslatable  # an empty cell would count as none
        return found, known

    # ── functions ──

    def call(self, name: str, arguments: list[ast.expr]) -> Piece:
        if name == "_d":
            value = Decimal(self.word(arguments[0]))
            return Piece(format(value, "f"), level=_UNARY if value < 0 else _ALONE, number=value)
        if name in ("_sum", "_count"):
            parts, column = self.range(arguments[0])
            return self.total(parts, column) if name == "_sum" else self.count(parts, column)
        method: Any = getattr(self, "call" + name, None)
        if method is None or name not in ("_min", "_max", "_abs", "_round", "_ratio", "_rate", "_length"):
            raise Untranslatable
        return method(*map(self.say, arguments))

    @staticmethod
    def total(parts: list[str], column: Column | None) -> Piece:
        if column is None or column.kind not in NUMBERS:
            raise Untranslatable
        return Piece(summed(parts), money=column.kind == "amount")

    @staticmethod
    def count(parts: list[str], column: Column | None) -> Piece:
        """How many are not empty, zero or false."""
        if column is None:
            return Piece(f"COUNTA({','.join(parts)})" if parts else "0")
        pattern = "SUMPRODUCT(--({}<>0))"
        if column.kind in ("text", "choice"):
            pattern = "SUMPRODUCT(--(LEN({})>0))"
        elif column.kind == "flag":
            pattern = "COUNTIF({},TRUE)"
        elif column.kind == "percent":
            raise Untranslatable  # the empty text of a rate without a base is no zero
        return Piece("+".join(pattern.format(part) for part in parts) or "0", level=_SUM)

    def call_min(self, *pieces: Piece) -> Piece:
        return self.extreme("MIN", pieces)

    def call_max(self, *pieces: Piece) -> Piece:
        return self.extreme("MAX", pieces)

    def extreme(self, name: str, pieces: tuple[Piece, ...]) -> Piece:
        alike = self.alike(*pieces)
        # An empty cell that is referred to (IF refers, too) is left out by MIN and MAX; as a number it is zero.
        texts = [piece.text + "+0" if piece.plain or piece.text.startswith("IF(") else piece.text for piece in alike]
        return Piece(f"{name}({','.join(texts)})", money=any(piece.money for piece in alike),
                     exact=all(piece.exact for piece in alike))

    @staticmethod
    def call_abs(piece: Piece) -> Piece:
        return piece._replace(text=f"ABS({piece.text})", level=_ALONE, plain=False, number=None)

    def call_round(self, piece: Piece, decimals: Piece | None = None) -> Piece:
        digits = decimals.text if decimals else "0"
        if not piece.money or self.places.scale == 1:
            return Piece(f"ROUND({piece.text},{digits})", money=piece.money)
        scale = format(self.places.scale, "f")
        return Piece(f"ROUND({piece.within(3)}*{scale},{digits})/{scale}", level=3, money=True)

    def call_ratio(self, part: Piece, whole: Piece) -> Piece:
        return self.quotient(part, whole, "0")

    def call_rate(self, part: Piece, whole: Piece) -> Piece:
        return self.quotient(part, whole, '""')

    def quotient(self, part: Piece, whole: Piece, none: str) -> Piece:
        divided = self.arithmetic(ast.Div(), part, whole)
        test = whole.text if whole.plain else self.cleaned(whole)
        return Piece(f"IF({test}=0,{none},{divided.text})", money=divided.money, exact=False)

    @staticmethod
    def call_length(text: Piece) -> Piece:
        return Piece(f"LEN({text.text})")
