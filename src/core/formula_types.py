"""What formulas give: amounts, counts, points, ratios, texts, truths, computed from their trees.

    expenditure.total.total / 3                  an amount
    expenditure.total.basic / income.total       a ratio
    max(0, 1 - rate)                             a ratio: a plain number goes with any figure
    '—' if budget == 0 else budget               an amount, or words in its place

So an amount is printed as one wherever it comes from, and what can't be right (an amount added to
a count, a text compared with a figure, a condition that is no truth) is refused before any report
is made. The kinds are those of columns (taxonomy.KINDS; a choice is a text), and besides:

    number     dimensionless, of no kind of its own: points by persons, a ratio times 100
    passage    a text that holds figures of its own: prose(), change()
    ''         not known: goes with everything
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from .amounts import UNITS
from .i18n import _

FIGURES = ("amount", "count", "score", "percent", "number")
_DIMENSIONLESS = ("count", "score", "percent", "number")
_WORDS = ("text", "passage")

_LONGEST_QUOTE = 60


class FormulaError(ValueError):
    """The formula is not one: what is wrong with it, for whoever writes taxonomies and formats."""


class _Undefined:
    """The share of a whole that is zero: known to be no figure. In a condition it counts as none."""

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __bool__(self) -> bool:
        return False


UNDEFINED = _Undefined()


class Unknown(Exception):
    """The formula has no value: a figure that it needs is not known (last year's), or it divides by zero."""


class Type(NamedTuple):
    """What a formula gives: its kind ('amount' … '' above). `rows`: a list of them, `source` the table
    and the rows that it goes over. `words`: or a text in its place. `plain`: made of nothing but numbers
    that stand there as they are, which go with every figure; `constant`: the one that it always is; `text`: the
    text."""

    kind: str = ""
    rows: bool = False
    words: bool = False
    plain: bool = False
    constant: Decimal | None = None
    text: str | None = None
    source: tuple[str, str] = ("", "")


ANY = Type()
COUNT, PERCENT, TEXT, FLAG = Type("count"), Type("percent"), Type("text"), Type("flag")


class Signature(NamedTuple):
    """How a function of sentences is called. `how`: 'value', or 'ref' where the addresses of cells and ranges
    are passed and not their figures. `parameters`: what each argument is, the kinds above or

        whole              a count that is a whole number from 0 on
        key                a text that stands there as it is
        cell:figure, cell:amount, cell:text
        range:figure, range:amount, range:text, range      of one column
        accounts:…         the same, of a table of accounts
        code               the code of an account, as it stands

    The last `optional` of them may be left out; `rest` is what all further arguments are."""

    how: str
    parameters: tuple[str, ...]
    result: str
    optional: int = 0
    rest: str = ""


def quote(text: str) -> str:
    """A piece of a formula in a message: on one line, short, without what acts on a terminal."""
    from .text.width import printable

    text = printable(" ".join(text.split()))
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE - 1] + "…"


def name_of(own: Type) -> str:
    """A type in words."""
    names = {"amount": _("an amount"), "count": _("a count"), "score": _("points"), "percent": _("a ratio"),
             "number": _("a number"), "text": _("a text"), "passage": _("a passage"), "flag": _("a truth")}
    name = names.get(own.kind, own.kind)
    return _("a list ({kind})").format(kind=name) if own.rows else name


def type_of(tree: ast.expr, scope: Any, resolve: Callable[[ast.expr], Any], column: str = "") -> Type:
    """What the expression gives, at a `column` (of formulas of a line, which stand for several columns).
    `scope` and `resolve` are a formula's (formula.py). Raises FormulaError for what does not go together."""
    return _Typing(scope, resolve, column).of(tree)


def expect(own: Type, kinds: tuple[str, ...], text: str) -> None:
    """Refuse what is none of the `kinds` of figures, texts, truths. `text` is what is called so in the message."""
    if own.rows or (own.kind and own.kind not in kinds) or (own.words and "text" not in kinds):
        wanted = _(" or ").join(name_of(Type(kind)) for kind in kinds)
        raise FormulaError(_("“{text}” is {found}, where {wanted} is expected").format(
            text=quote(text), found=name_of(own), wanted=wanted))


def fits(own: Type, kind: str) -> bool:
    """Can a column of this kind hold what the formula gives? A number is points, a ratio, a count as well."""
    if own.rows or own.words:
        return False
    if own.kind in ("", kind) or (own.plain and kind in FIGURES):
        return True
    if own.kind == "text":
        return kind == "choice"
    return (own.kind in _DIMENSIONLESS and kind in _DIMENSIONLESS and "number" in (own.kind, kind)) or \
        {own.kind, kind} == {"count", "score"}


def joined(left: Type, right: Type) -> Type | None:
    """What is either of the two, or their sum, where they are of one kind; None where they are not."""
    if left.rows or right.rows:
        return None
    words = left.words or right.words
    if left.kind == right.kind:
        return Type(left.kind, words=words, plain=left.plain and right.plain)
    for one, other in ((left, right), (right, left)):
        if one.kind == "" or (one.plain and other.kind in FIGURES):
            return Type(other.kind, words=words)
        if one.kind == "number" and other.kind in ("count", "score", "percent"):
            return Type("percent" if other.kind == "percent" else "number", words=words)
    if {left.kind, right.kind} == {"count", "score"}:
        return Type("number", words=words)
    return Type("passage") if {left.kind, right.kind} == set(_WORDS) else None


class _Typing:
    """One walk over a parsed formula, whose names and functions are known to be allowed."""

    def __init__(self, scope: Any, resolve: Callable[[ast.expr], Any], column: str) -> None:
        self.scope = scope
        self.resolve = resolve
        self.column = column

    def of(self, node: ast.expr) -> Type:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                return FLAG
            if isinstance(node.value, str):
                return Type("text", text=node.value)
            return Type("number", plain=True, constant=Decimal(str(node.value)))
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.reference(node)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.figure(node.operand)
            return inner._replace(constant=None if inner.constant is None else -inner.constant)
        if isinstance(node, ast.UnaryOp):
            self.condition(node.operand)
            return FLAG
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                self.condition(value)
            return FLAG
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, right in itertools.pairwise(sides):
                self.compared(left, right)
            return FLAG
        if isinstance(node, ast.IfExp):
            return self.choice(node)
        assert isinstance(node, ast.Call)
        return self.call(node)

    def condition(self, node: ast.expr) -> None:
        expect(self.of(node), ("flag",), ast.unparse(node))

    def figure(self, node: ast.expr) -> Type:
        """The type of what must be a figure."""
        own = self.of(node)
        if own.rows or own.words or own.kind not in ("", *FIGURES):
            raise FormulaError(_("“{text}” is no number").format(text=quote(ast.unparse(node))))
        return own

    def reference(self, node: ast.expr) -> Type:
        if isinstance(node, ast.Name):
            if node.id == "row":
                return TEXT
            if node.id in self.scope.variables:
                variables = self.scope.variables
                return Type(variables[node.id]) if isinstance(variables, Mapping) else ANY
        return self.read(self.resolve(node))

    def read(self, ref: Any) -> Type:
        """The type of what a reference reads."""
        table = self.scope.tables.get(ref.table)
        if ref.range and not ref.column:
            return Type("text", rows=True, source=(ref.table, ref.row))
        name = ref.column
        if name == "*":
            name = self.column or (table.primary if table is not None else "")
        column = table.columns.get(name) if table is not None else None
        kind = column.kind if column is not None else ""
        return Type("text" if kind == "choice" else kind, rows=ref.range,
                    source=(ref.table, ref.row) if ref.range else ("", ""))

    # ── operators ──

    def arithmetic(self, node: ast.BinOp) -> Type:
        left, right = self.figure(node.left), self.figure(node.right)
        if left.constant is not None and right.constant is not None:
            return Type("number", plain=True, constant=self.folded(node, left.constant, right.constant))
        if isinstance(node.op, (ast.Add, ast.Sub)):
            found = joined(left, right)
        else:
            if isinstance(node.op, ast.Div) and right.constant == 0:
                raise FormulaError(_("“{text}” divides by zero").format(text=quote(ast.unparse(node))))
            found = self.product(left, right) if isinstance(node.op, ast.Mult) else self.quotient(left, right)
        return found or self.refuse(node.left, left, node.right, right)

    @staticmethod
    def folded(node: ast.BinOp, left: Decimal, right: Decimal) -> Decimal:
        if isinstance(node.op, ast.Div) and not right:
            raise FormulaError(_("“{text}” divides by zero").format(text=quote(ast.unparse(node))))
        operations: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
            ast.Add: Decimal.__add__, ast.Sub: Decimal.__sub__, ast.Mult: Decimal.__mul__, ast.Div: Decimal.__truediv__}
        found = operations[type(node.op)](left, right)
        if found.adjusted() > 30:
            raise FormulaError(_("“{text}” is no number").format(text=quote(ast.unparse(node))))
        return found

    @staticmethod
    def product(left: Type, right: Type) -> Type | None:
        for one, other in ((left, right), (right, left)):
            if one.kind == "":
                return ANY
            if one.plain:
                percents = other.kind == "percent" and one.constant is not None and abs(one.constant) >= 100
                return Type("number" if percents else other.kind, plain=other.plain)
            if one.kind == "amount":
                return None if other.kind == "amount" else one
        if "score" in (left.kind, right.kind):
            return Type("score")
        return PERCENT if left.kind == right.kind == "percent" else Type("number")

    @staticmethod
    def quotient(left: Type, right: Type) -> Type | None:
        if "" in (left.kind, right.kind):
            return ANY
        if right.plain:
            return Type("number" if left.kind in ("count", "score") else left.kind, plain=left.plain)
        if left.kind == right.kind and left.kind != "number":
            return PERCENT
        if right.kind == "amount":
            return None
        if left.kind == "amount":
            return left
        return Type("score" if left.kind == "score" else "percent" if left.kind == "percent" else "number")

    def compared(self, left: ast.expr, right: ast.expr) -> None:
        one, other = self.of(left), self.of(right)
        passage = "passage" in (one.kind, other.kind)
        if joined(one, other) is None or one.words or other.words or passage:
            self.refuse(left, one, right, other)

    def choice(self, node: ast.IfExp) -> Type:
        self.condition(node.test)
        yes, no = self.of(node.body), self.of(node.orelse)
        found = joined(yes, no)
        if found is not None:
            return found
        for one, other in ((yes, no), (no, yes)):
            if one.kind == "text" and not one.rows and not other.rows and other.kind in FIGURES:
                return Type(other.kind, words=True)
        return self.refuse(node.body, yes, node.orelse, no)

    def refuse(self, left: ast.expr, one: Type, right: ast.expr, other: Type) -> Type:
        message = _("“{left}” is {one} and “{right}” is {other}: they do not go together").format(
            left=quote(ast.unparse(left)), one=name_of(one), right=quote(ast.unparse(right)), other=name_of(other))
        for node, beside in ((left, other), (right, one)):
            if isinstance(node, ast.Name) and node.id != "row" and beside.kind == "text" and not beside.rows:
                message += _("; a text stands in quotation marks: '{text}'").format(text=quote(node.id))
        raise FormulaError(message)

    # ── functions ──

    def call(self, node: ast.Call) -> Type:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name == "prior":
            own = self.reference(node.args[0])
            if own.kind not in ("", *FIGURES):
                raise FormulaError(_("“{text}” is no number").format(text=quote(ast.unparse(node.args[0]))))
            return own
        signature = self.scope.functions.get(name)
        if signature is None:
            method: Any = getattr(self, "call_" + name, None)
            own = method(node.args) if method is not None else self.words(name, node.args)
            return own if isinstance(own, Type) else ANY
        if isinstance(signature, Signature):
            return self.signed(name, signature, node.args)
        return ANY

    def words(self, name: str, arguments: list[ast.expr]) -> Type:
        """A function of texts."""
        for argument in arguments:
            expect(self.of(argument), ("text",), ast.unparse(argument))
        return {"completion": PERCENT, "meets": FLAG, "measurable": FLAG}[name]

    def list_of(self, node: ast.expr, kinds: tuple[str, ...]) -> Type:
        own = self.of(node)
        if not own.rows and own.kind:
            raise FormulaError(_("“{text}” is no range such as table.all.column").format(text=quote(ast.unparse(node))))
        if own.kind and own.kind not in kinds:
            raise FormulaError(_("“{text}” is {found}, where {wanted} is expected").format(
                text=quote(ast.unparse(node)), found=name_of(own), wanted=name_of(Type(kinds[0], rows=True))))
        return own

    def call_sum(self, arguments: list[ast.expr]) -> Type:
        return Type(self.list_of(arguments[0], FIGURES).kind)

    def call_count(self, arguments: list[ast.expr]) -> Type:
        self.list_of(arguments[0], (*FIGURES, "text", "flag"))
        return COUNT

    def alike(self, arguments: list[ast.expr]) -> Type:
        """One kind of figures, all of them."""
        found = self.figure(arguments[0])
        for argument in arguments[1:]:
            own = self.figure(argument)
            found = joined(found, own) or self.refuse(arguments[0], found, argument, own)
        return found._replace(constant=None) if len(arguments) > 1 else found

    call_min = call_max = alike

    def call_abs(self, arguments: list[ast.expr]) -> Type:
        return self.figure(arguments[0])._replace(constant=None)

    def call_ratio(self, arguments: list[ast.expr]) -> Type:
        self.alike(arguments)
        return PERCENT

    call_rate = call_ratio

    def call_round(self, arguments: list[ast.expr]) -> Type:
        own = self.figure(arguments[0])
        if len(arguments) > 1:
            decimals = self.of(arguments[1])
            if decimals.constant is None or decimals.constant % 1 or not 0 <= decimals.constant <= 10:
                raise FormulaError(_("round() takes a number and how many decimals, 0 to 10"))
        return own._replace(constant=None)

    def call_length(self, arguments: list[ast.expr]) -> Type:
        expect(self.of(arguments[0]), _WORDS, ast.unparse(arguments[0]))
        return COUNT

    def call_has_text(self, arguments: list[ast.expr]) -> Type:
        expect(self.of(arguments[0]), ("text",), ast.unparse(arguments[0]))
        self.list_of(arguments[1], ("text",))
        return FLAG

    def call_money(self, arguments: list[ast.expr]) -> Type:
        for argument in arguments:
            expect(self.of(argument), ("text",), ast.unparse(argument))
        unit = self.of(arguments[1]).text
        if unit is not None and unit not in UNITS:
            raise FormulaError(_("unit is 元 or 万元"))
        return Type("amount")

    def call_contradictory(self, arguments: list[ast.expr]) -> Type:
        names, values = (self.list_of(argument, ("text",)) for argument in arguments)
        if names.source != values.source:
            raise FormulaError(_("contradictory() takes two columns of the same rows"))
        return TEXT

    # ── functions of sentences ──

    def signed(self, name: str, signature: Signature, arguments: list[ast.expr]) -> Type:
        least, most = len(signature.parameters) - signature.optional, len(signature.parameters)
        if len(arguments) < least or (len(arguments) > most and not signature.rest):
            raise FormulaError(_("{function}() takes {count} arguments, not {given}").format(
                function=name, given=len(arguments), count=str(least) if least == most else f"{least}–{most}"))
        wanted = [*signature.parameters, *[signature.rest] * max(0, len(arguments) - most)]
        ranges = [self.argument(name, parameter, argument) for parameter, argument in zip(wanted, arguments)]
        sources = {own.source for own in ranges if own.rows}
        if len(sources) > 1:
            raise FormulaError(_("{function}() takes two columns of the same rows").format(function=name))
        return Type(signature.result)

    def argument(self, function: str, wanted: str, node: ast.expr) -> Type:
        """The type of an argument. Raises FormulaError where it is not what the function takes."""
        where, _colon, kind = wanted.partition(":")
        own, text = self.of(node), ast.unparse(node)
        if where in ("cell", "range", "accounts"):
            referred = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and not (
                isinstance(node, ast.Name) and (node.id in self.scope.variables or node.id == "row"))
            column = self.resolve(node).column if referred else ""
            if not referred or own.rows != (where != "cell") or (own.rows and not column):
                message = (_("{function}() takes figures of tables, not “{text}”") if where == "cell" else
                           _("{function}() takes a range such as table.all.column, not “{text}”"))
                raise FormulaError(message.format(function=function, text=quote(text)))
            if where == "accounts" and not self.scope.tables[self.resolve(node).table].accounts:
                raise FormulaError(_("{function}() takes a range of accounts, not “{text}”").format(
                    function=function, text=quote(text)))
            kinds = {"figure": FIGURES, "": (own.kind,)}.get(kind, (kind,))
            if own.kind and own.kind not in kinds:
                raise FormulaError(_("{function}(): “{text}” is {found}, where {wanted} is expected").format(
                    function=function, text=quote(text), found=name_of(own),
                    wanted=name_of(Type(kinds[0], rows=own.rows))))
        elif where in ("key", "code"):
            if own.text is None or (where == "code" and not own.text.isdigit()):
                raise FormulaError(_("{function}() takes a text in quotation marks here, not “{text}”").format(
                    function=function, text=quote(text)))
        elif where == "whole":
            expect(own, ("number",) if own.plain else ("count",), text)
            if own.constant is not None and (own.constant % 1 or not 0 <= own.constant < 10000):
                raise FormulaError(_("“{text}” is no whole number").format(text=quote(text)))
        elif not (own.plain and where in FIGURES):
            expect(own, _WORDS if where == "passage" else (where,), text)
        return own
