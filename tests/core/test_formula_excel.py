"""Formulas of a taxonomy as formulas of a spreadsheet: the same values from any entries."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core.formula import Scope, compile_formula
from juesuan.core.formula_excel import Untranslatable, excel_formula, quoted, summed
from juesuan.core.render.xlsx.sheet import letters
from juesuan.core.taxonomy import Column, Table

# ── a table of four records, its sheet, its environment ──

COLUMNS = {
    "a": Column("a", "甲"), "b": Column("b", "乙"), "n": Column("n", "个数", "count"), "s": Column("s", "分", "score"),
    "d": Column("d", "默认的分", "score", default="10"), "x": Column("x", "文字", "text"),
    "f": Column("f", "是否", "flag"), "g": Column("g", "默认为是", "flag", default=True)}
ROWS = ("1", "2", "3", "4")
BLANKS = {"amount": Decimal(0), "count": Decimal(0), "score": Decimal(0), "text": "", "flag": False}
TABLE = Table("t", {"title": "表", "axis": "records", "primary": "a"})
TABLE.columns = COLUMNS
SCOPE = Scope({"t": TABLE}, TABLE)


class Sheet:
    """The table from C3 on, the ids of its rows in column A (formula_excel.Places)."""

    def __init__(self, scale: int = 10000) -> None:
        self.scale = Decimal(scale)
        self.judges = False

    def at(self, cell: tuple[str, str, str]) -> str:
        return letters(2 + list(COLUMNS).index(cell[2])) + str(2 + int(cell[1])) if cell[1] in ROWS else ""

    def prior(self, cell: tuple[str, str, str]) -> str:
        return ""

    def ranges(self, table: str, rows: Iterable[str], column: str) -> list[str]:
        name = letters(2 + list(COLUMNS).index(column)) if column else "A"
        return [f"{name}3:{name}6"]

    def column(self, table: str, column: str) -> Column:
        return COLUMNS[column]

    def selected(self, table: str, selector: str, row: str) -> Iterable[str]:
        return ROWS

    def judged(self, tree: ast.expr, row: str, column: str) -> Any:
        if not self.judges:
            raise Untranslatable
        return {"_meets": True, "_completion": Decimal("1.25"), "_measurable": False}[tree.func.id]  # type: ignore


Entries = dict[tuple[str, str], Any]


class Environment:
    """The entries, for our own evaluation: empty ones are blank or their default."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    def cell(self, _table: str, row: str, column: str) -> Any:
        value = self.entries.get((row, column))
        own = COLUMNS[column]
        if value is None and own.default is not None:
            return Decimal(own.default) if own.kind == "score" else own.default
        return BLANKS[own.kind] if value is None else value

    def range(self, table: str, _selector: str, column: str, _row: str) -> list[Any]:
        return [self.cell(table, row, column) for row in ROWS] if column else list(ROWS)


def grid(entries: Entries, scale: int) -> dict[str, Any]:
    """The entries as the cells of the sheet; empty ones are not there."""
    cells: dict[str, Any] = {f"A{2 + int(row)}": row for row in ROWS}
    for (row, column), value in entries.items():
        if value is not None:
            if isinstance(value, Decimal):
                value = float(value / scale) if COLUMNS[column].kind == "amount" else float(value)
            cells[Sheet().at(("t", row, column))] = value
    return cells


# ── a spreadsheet in small ──

TOKEN = re.compile(r'\s*(?:(?P<number>\d+(?:\.\d+)?)|"(?P<text>(?:[^"]|"")*)"|(?P<range>[A-Z]\d+:[A-Z]\d+)'
                   r'|(?P<ref>[A-Z]\d+)|(?P<name>[A-Z]+)|(?P<op><>|<=|>=|[-+*/&=<>(),]))')


class Calculator:
    """As much of a spreadsheet as the formulas need, with its blanks and its comparisons."""

    def __init__(self, cells: dict[str, Any]) -> None:
        self.cells = cells

    def value(self, formula: str) -> Any:
        self.tokens = [(match.lastgroup, match[match.lastgroup or 0]) for match in TOKEN.finditer(formula)]
        assert "".join(match[0] for match in TOKEN.finditer(formula)) == formula
        self.at = 0
        found = self.expression(0)
        assert self.at == len(self.tokens)
        return 0.0 if found is None else found

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] == "op" else ""

    def expression(self, level: int) -> Any:
        levels = ({"=", "<>", "<", "<=", ">", ">="}, {"&"}, {"+", "-"}, {"*", "/"})
        if level == len(levels):
            return self.unary()
        left = self.expression(level + 1)
        while (sign := self.peek()) in levels[level]:
            self.at += 1
            left = self.operate(sign, left, self.expression(level + 1))
        return left

    def unary(self) -> Any:
        if self.peek() == "-":
            self.at += 1
            inner = self.unary()
            return [-float(own) for own in inner] if isinstance(inner, list) else -self.number(inner)
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text.replace('""', '"')
        if kind == "ref":
            return self.cells.get(text)
        if kind == "range":
            first, last = text.split(":")
            return [self.cells.get(f"{first[0]}{row}") for row in range(int(first[1:]), int(last[1:]) + 1)]
        if text == "(":
            found = self.expression(0)
            self.at += 1
            return found
        if text in ("TRUE", "FALSE"):
            return text == "TRUE"
        arguments = []
        self.at += 1
        while self.peek() != ")":
            arguments.append(self.argument())
            if self.peek() == ",":
                self.at += 1
        self.at += 1
        return getattr(self, "call_" + text)(*arguments)

    def argument(self) -> Any:
        start = self.at
        bare = self.tokens[start][0] == "ref" and (self.tokens[start + 1][1] in (",", ")"))
        return [self.expression(0)] if bare else self.expression(0)  # a reference: blanks in it are left out

    @staticmethod
    def one(value: Any) -> Any:
        return value[0] if isinstance(value, list) else value

    def number(self, value: Any) -> float:
        value = self.one(value)
        assert value is None or isinstance(value, (int, float)), value
        return float(value or 0)

    def operate(self, sign: str, left: Any, right: Any) -> Any:
        if isinstance(left, list) or isinstance(right, list):  # in SUMPRODUCT
            many = left if isinstance(left, list) else right
            return [self.operate(sign, own if many is left else left, own if many is right else right) for own in many]
        if sign == "&":
            return "".join("" if own is None else own if isinstance(own, str) else f"{own:g}" for own in (left, right))
        if sign in "+-*/":
            a, b = self.number(left), self.number(right)
            if sign == "/":
                return a / b if b else math.nan
            return a + b if sign == "+" else a - b if sign == "-" else a * b
        blank: dict[type, Any] = {str: "", bool: False, float: 0.0, int: 0.0}
        left = blank.get(type(right), 0.0) if left is None else left
        right = blank.get(type(left), 0.0) if right is None else right
        ranked = [(2, own) if isinstance(own, bool) else (1, own.casefold()) if isinstance(own, str) else
                  (0, float(f"{own:.15g}")) for own in (left, right)]
        a, b = ranked
        return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]

    def call_IF(self, test: Any, yes: Any, no: Any) -> Any:
        test = self.one(test)
        assert isinstance(test, bool)
        return self.one(yes if test else no)

    def call_AND(self, *tests: Any) -> bool:
        return all(own for test in tests for own in (test if isinstance(test, list) else [test]) if own is not None)

    def call_OR(self, *tests: Any) -> bool:
        return any(own for test in tests for own in (test if isinstance(test, list) else [test]) if own is not None)

    def call_NOT(self, test: Any) -> bool:
        return not self.one(test)

    def call_EXACT(self, left: Any, right: Any) -> bool:
        return (self.one(left) or "") == (self.one(right) or "")

    def call_LEN(self, text: Any) -> Any:
        if isinstance(text, list) and len(text) > 1:
            return [float(len(own or "")) for own in text]
        return float(len(self.one(text) or ""))

    def call_ROUND(self, value: Any, digits: Any) -> float:
        step = Decimal(1).scaleb(-int(self.number(digits)))
        near = Decimal(f"{self.number(value):.15g}")  # spreadsheets look at fifteen digits
        return float(near.quantize(step, ROUND_HALF_UP))

    def call_ABS(self, value: Any) -> float:
        return abs(self.number(value))

    @staticmethod
    def numbers(arguments: tuple[Any, ...]) -> list[float]:
        found: list[float] = []
        for argument in arguments:
            if isinstance(argument, list):
                found += [own for own in argument if isinstance(own, float)]
            elif argument is not None:  # IF can give a reference to a blank
                found.append(argument)
        return found

    def call_MIN(self, *arguments: Any) -> float:
        return min(self.numbers(arguments), default=0.0)

    def call_MAX(self, *arguments: Any) -> float:
        return max(self.numbers(arguments), default=0.0)

    def call_SUM(self, *arguments: Any) -> float:
        return math.fsum(self.numbers(arguments))

    def call_COUNTA(self, values: list[Any]) -> float:
        return float(sum(own is not None for own in values))

    def call_COUNTIF(self, values: list[Any], wanted: bool) -> float:
        return float(sum(own is wanted for own in values))

    def call_SUMPRODUCT(self, values: list[Any]) -> float:
        return math.fsum(self.numbers((values,)))


# ── any formula, any entries ──

amounts = st.integers(-10**11, 10**11).map(lambda fen: Decimal(fen) / 100)
small = st.integers(0, 10**6).map(lambda number: Decimal(number) / 100)
entries = st.fixed_dictionaries({
    (row, column): st.none() | (
        {"amount": amounts, "count": st.integers(0, 99).map(Decimal), "score": small,
         "text": st.sampled_from(["a", "A", "优", "100%", "=1", 'He said "no"']), "flag": st.booleans()}[own.kind])
    for row in ROWS for column, own in COLUMNS.items()})


def both(one: str, other: str) -> Any:
    return st.sampled_from([one, other])


@cache
def formulas(kind: str, depth: int) -> Any:
    """Texts of formulas that give an amount, a number, a text or a flag."""
    leaves = {"money": ["a", "b", "sum(t.all.a)"], "number": ["n", "s", "d", "7", "0", "2.5", "length(x)",
                                                             "count(t.all.f)", "count(t.all.x)", "count(t.all.n)",
                                                             "count(t.all)"],
              "text": ["x", "'优'", "'A'"], "flag": ["f", "g", "True", "f and g", "a > 0", "x == 'A'"]}[kind]
    if not depth:
        return st.sampled_from(leaves)

    def inner(which: str) -> Any:
        return formulas(which, depth - 1)

    def made(pattern: str, *kinds: str) -> Any:
        return st.tuples(*map(inner, kinds)).map(lambda parts: pattern.format(*parts))

    patterns = {
        "money": [made("({} + {})", "money", "money"), made("{} - ({})", "money", "money"), made("-({})", "money"),
                  made("({}) * ({})", "money", "number"), made("min({}, {})", "money", "money"),
                  made("max(0, {})", "money"), made("abs({})", "money"), made("({} + 100)", "money"),
                  made("({} if {} else {})", "money", "flag", "money"), made("round({}, 2)", "money")],
        "number": [made("({} + {})", "number", "number"), made("({} - {})", "number", "number"),
                   made("({}) * ({})", "number", "number"), made("(ratio({}, {}) * 100)", "money", "money"),
                   made("(ratio({}, {}) * 100)", "number", "number"), made("min({}, {}, d)", "number", "number"),
                   made("({} if {} else {})", "number", "flag", "number"), made("length({})", "text")],
        "text": [made("({} if {} else {})", "text", "flag", "text")],
        "flag": [made("not ({})", "flag"), made("({} and {})", "flag", "flag"), made("({} or {})", "flag", "flag"),
                 made("({}) > ({})", "money", "money"), made("({}) <= ({})", "number", "number"),
                 made("({}) == ({})", "text", "text"), made("({}) != ({})", "text", "text"),
                 made("({}) == 0", "money")]}[kind]
    return st.one_of(st.sampled_from(leaves), *patterns)


cases = st.tuples(st.sampled_from(["money", "number", "text", "flag"]).flatmap(lambda kind: formulas(kind, 3)),
                  entries, st.sampled_from([1, 10000]))


def ours(text: str, values: Entries, scale: int) -> Any:
    """Our own value, an amount in the sheet's unit."""
    formula = compile_formula(text, SCOPE)
    value = formula(Environment(values), "2")
    if excel_formula(formula, Sheet(scale), "2").money:
        value /= scale
    return value


def same(value: Any, shown: Any) -> bool:
    if isinstance(value, Decimal):
        near = float(value)
        return isinstance(shown, (int, float)) and math.isclose(near, shown, rel_tol=1e-9, abs_tol=1e-5)
    return type(value) is type(shown) and value == shown


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases)
def test_any_formula_gives_the_same_value_in_a_spreadsheet(case: tuple[str, Entries, int]) -> None:
    text, values, scale = case
    try:
        piece = excel_formula(compile_formula(text, SCOPE), Sheet(scale), "2")
    except Untranslatable:
        return
    shown = Calculator(grid(values, scale)).value(piece.value)
    assert same(ours(text, values, scale), shown), (piece.value, shown)


@pytest.mark.parametrize(("text", "says"), [
    ("a + b", "C4+D4"), ("a - (b - a)", "C4-(D4-C4)"), ("sum(t.all.a)", "SUM(C3:C6)"),
    ("ratio(a, b)", "IF(D4=0,0,C4/D4)"), ("rate(a, b)", 'IF(D4=0,"",C4/D4)'), ("a > 100", "C4>0.01"),
    ("x == '优'", 'EXACT(H4,"优")'), ("f and g", 'AND(I4=TRUE,IF(J4="",TRUE,J4))'),
    ("round(s * min(1, n), 2)", "ROUND(F4*MIN(1,E4+0),2)"), ("length(x)", "LEN(H4)"),
    ("count(t.all.f)", "COUNTIF(I3:I6,TRUE)")])
def test_what_a_formula_says(text: str, says: str) -> None:
    assert excel_formula(compile_formula(text, SCOPE), Sheet(), "2").text == says


@pytest.mark.parametrize("text", ["meets(x, x, x)", "completion(x, x, x)", "ratio(a, b) > 0.9", "sum(t.all.d)",
                                  "prior(a)"])
def test_what_a_spreadsheet_has_no_words_for_is_told(text: str) -> None:
    with pytest.raises(Untranslatable):
        excel_formula(compile_formula(text, SCOPE), Sheet(), "2")


def test_a_judgement_of_texts_stands_as_it_came_out_and_is_told() -> None:
    """The points follow what they are given for, not the words that were judged."""
    sheet = Sheet()
    sheet.judges = True
    text = "s if not (length(x) > 0 and meets(x, x, x)) else round(n * max(0, completion(x, x, x)), 2)"
    piece = excel_formula(compile_formula(text, SCOPE), sheet, "2")
    assert piece.text == "IF(NOT(AND(LEN(H4)>0,TRUE)),F4,ROUND(E4*MAX(0,1.25),2))"
    assert piece.judged
    assert not excel_formula(compile_formula("s + n", SCOPE), sheet, "2").judged
    with pytest.raises(Untranslatable):
        excel_formula(compile_formula("meets(x, x, x)", SCOPE), sheet, "2")


def test_long_sums_and_texts_stay_within_what_a_formula_holds() -> None:
    formula = summed([f"C{row}" for row in range(1, 2001, 2)])
    assert formula.count("C") == 1000
    for inside in re.findall(r"SUM\(([^()]*)\)", formula):
        assert inside.count(",") < 255
    assert len(formula) < 8192
    assert all(len(part) <= 257 for part in quoted("文" * 1000).split("&"))
