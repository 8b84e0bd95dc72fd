"""The formula language: one expression, read with `ast`, checked against a white list.

Used by the taxonomy (derived cells, rules) and by the formats (figures and conditions of
sentences). What it can say:

    basic + project                      columns of the same row (or lines of the same column)
    income.total.fiscal                  table.row.column
    overview.total                       table.row, in the table's primary column
    general_budget[row].basic            the same row of another table
    projects[owner].name                 the record that the current row belongs to
    project_funds.total.annual           a line of the current record's own table
    expenditure["201"].total             a row by its code
    sum(general_budget.items.total)      a range: items (leaf rows), classes (printed classes),
                                         all (every row), own (rows of the current record),
                                         compared (leaf rows of this year or last)
    prior(overview.total)                last year's figure of the same cell
    a if b > 0 else c, and, or, not, == != < <= > >=, + - * /

Nothing else passes: no attribute of an object, no call but of the functions given, no
constants but numbers and strings. A formula is compiled once and evaluated with an
environment, an object that answers `cell`, `range`, `prior` and `variable`; with numbers for
the value, with intervals for the rules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from .amounts import UNITS, ZERO, AmountError, Interval, as_interval, parse_number
from .amounts import round_half_up as _round_half_up
from .i18n import _

SELECTORS = ("items", "classes", "all", "own", "compared")

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


class FormulaError(ValueError):
    """The formula is not one: what is wrong with it, for whoever writes taxonomies and formats."""


class Unknown(Exception):
    """A figure that the formula needs is not known (last year's): it has no value at all."""


class Ref(NamedTuple):
    """What a formula reads.

    `row` is a row id; where `fixed` is False it is 'row', 'owner', a line of the current record, or
    ('../line') another line of the record that the row belongs to; for a range it is the selector.
    Column '*' is the current column.
    """

    table: str
    row: str
    column: str
    fixed: bool = True
    range: bool = False
    prior: bool = False
    function: str = ""


def cell_of(ref: Ref, row: str, column: str = "") -> tuple[str, str, str]:
    """The cell that `ref` means at the current row and column."""
    if ref.fixed:
        row = ref.row
    elif ref.row == "owner":
        row = owner_of(row)
    elif ref.row.startswith("../"):
        row = f"{owner_of(row)}/{ref.row[3:]}"
    elif ref.row != "row":
        row = f"{row}/{ref.row}"
    return ref.table, row, column if ref.column == "*" else ref.column


def owner_of(row: str) -> str:
    """The record that a row of a record's own table belongs to: '1' of '1/2'."""
    return row.rpartition("/")[0]


class Scope:
    """The names that a formula may use.

    `tables` are the taxonomy's; `bare` says what a single name means: 'column' of the current
    row of `table`, or 'line' of the current column. `variables` are further names, answered
    by the environment. `functions` maps names to how their arguments are passed: 'value', or
    'ref' (the address, not the figure).
    """

    def __init__(self, tables: Mapping[str, Any], table: Any = None, bare: str = "column",
                 variables: frozenset[str] = frozenset(), functions: Mapping[str, str] | None = None) -> None:
        self.tables = tables
        self.table = table
        self.bare = bare
        self.variables = variables
        self.functions = functions or {}


def _sum(values: Any) -> Any:
    total: Any = ZERO
    for value in values:
        total = total + value
    return total


def _count(values: Any) -> Decimal:
    return Decimal(sum(1 for value in values if value))


def _min(*values: Any) -> Any:
    if any(isinstance(value, Interval) for value in values):
        ends = [as_interval(value) for value in values]
        return Interval(min(end.low for end in ends), min(end.high for end in ends))
    return min(values)


def _max(*values: Any) -> Any:
    return -_min(*(-value for value in values))


def _ratio(part: Any, whole: Any) -> Any:
    """part / whole, and 0 where there is no whole: for points, never for a printed percentage."""
    return part / whole if whole else ZERO


def _measured(text: str) -> tuple[Decimal, str]:
    """A number and the unit behind it: '98.5%', '20 家'. Raises AmountError for words."""
    number, unit = re.fullmatch(r"(.*\d)?(\D*)", text.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return parse_number(number or ""), unit.strip().replace("％", "%")


_SIGNS = {">=": "≥", "＞=": "≥", "＞＝": "≥", "≧": "≥", "不低于": "≥", "不少于": "≥", "不小于": "≥", "大于等于": "≥",
          "<=": "≤", "＜=": "≤", "＜＝": "≤", "≦": "≤", "不高于": "≤", "不超过": "≤", "不大于": "≤", "小于等于": "≤",
          "＞": ">", "大于": ">", "＜": "<", "小于": "<"}
"""What is written for a sign of comparison, and means it."""


def _meets(operator: str, target: str, actual: str) -> bool:
    """Does the result meet the target? Numbers with the same unit (95%, 98%) are compared as numbers,
    words must be equal."""
    try:
        (wanted, unit), (got, other) = _measured(target), _measured(actual)
    except AmountError:
        return target == actual
    if unit and other and unit != other:
        return target == actual
    return {"≥": got >= wanted, "≤": got <= wanted, ">": got > wanted, "<": got < wanted}.get(
        _SIGNS.get(operator, operator), got == wanted)


def _money(number: str, unit: str) -> Decimal:
    """The amount (元) that a text says: '852.72' in 万元. Raises Unknown for words."""
    try:
        return parse_number(number) * UNITS[unit]
    except (AmountError, KeyError):
        raise Unknown from None


def _contradictory(names: list[str], values: list[str]) -> str:
    """The first name that comes with two different values; '' if there is none."""
    first: dict[str, str] = {}
    for name, value in zip(names, values, strict=True):
        if name and value and first.setdefault(name, value) != value:
            return name
    return ""


def _completion(operator: str, target: str, actual: str) -> Decimal:
    """How much of the target is reached, 1 for all of it; where less is better, the target by the result.
    0 where they are not numbers of one unit, unless equal words say that it is reached."""
    try:
        (wanted, unit), (got, other) = _measured(target), _measured(actual)
    except AmountError:
        return Decimal(target == actual)
    if unit and other and unit != other:
        return Decimal(target == actual)
    part, whole = (wanted, got) if _SIGNS.get(operator, operator) in ("≤", "<") else (got, wanted)
    return part / whole if whole else Decimal(_meets(operator, target, actual))


def _measurable(target: str, actual: str) -> bool:
    """Are both numbers of one unit?"""
    try:
        (_wanted, unit), (_got, other) = _measured(target), _measured(actual)
    except AmountError:
        return False
    return not (unit and other) or unit == other


PURE: dict[str, Callable[..., Any]] = {
    "sum": _sum, "count": _count, "min": _min, "max": _max, "abs": abs, "ratio": _ratio,
    "rate": lambda part, whole: part / whole if whole else None,
    "round": lambda value, decimals=0: _round_half_up(value, int(decimals)),
    "length": lambda text: Decimal(len(text)), "meets": _meets,
    "completion": _completion, "measurable": _measurable,
    "has_text": lambda text, values: any(text in value for value in values),
    "money": _money, "contradictory": _contradictory,
}

# How many arguments they take, at least and at most.
_ARITY = {"sum": (1, 1), "count": (1, 1), "min": (1, 99), "max": (1, 99), "abs": (1, 1), "ratio": (2, 2),
          "rate": (2, 2), "round": (1, 2), "length": (1, 1), "meets": (3, 3), "has_text": (2, 2),
          "money": (2, 2), "contradictory": (2, 2), "completion": (3, 3), "measurable": (2, 2)}

_GLOBALS = {"__builtins__": {}, "_owner": owner_of, "_d": Decimal,
            **{"_" + name: function for name, function in PURE.items()}}


class Formula:
    """A checked expression. `refs` is what it can read, in the order of its text; `reference` is
    the one cell that it merely repeats, if it does nothing else; `scope` the names that it uses."""

    __slots__ = ("text", "refs", "tree", "reference", "scope", "_call")

    def __init__(self, text: str, refs: tuple[Ref, ...], tree: ast.expr, scope: Scope) -> None:
        self.text = text
        self.refs = refs
        self.tree = tree
        self.reference = refs[0] if len(refs) == 1 and isinstance(tree, ast.Call) and _is_env(tree, "cell") else None
        self.scope = scope
        self._call: Callable[..., Any] | None = None

    def __call__(self, env: Any, row: str = "", column: str = "") -> Any:
        """Its value in `env`, at a row and a column. Raises Unknown and ZeroDivisionError."""
        call = self._call
        if call is None:
            arguments = ast.arguments(posonlyargs=[], args=[ast.arg("_env"), ast.arg("_row"), ast.arg("_column")],
                                      kwonlyargs=[], kw_defaults=[], defaults=[])
            code = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, self.tree)))
            call = self._call = eval(compile(code, "<formula>", "eval"), _GLOBALS)  # noqa: S307 - white-listed
        return call(env, row, column)


def _is_env(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == name


def compile_formula(text: str, scope: Scope) -> Formula:
    """The formula that `text` says. Raises FormulaError for whatever the white list does not hold."""
    builder = _Builder(_parse(text), scope)
    return Formula(text, tuple(builder.refs), builder.tree, scope)


class Check(NamedTuple):
    """A relation for a rule: two sides and an operator, or a condition (`operator` '', no `right`)."""

    left: Formula
    operator: str
    right: Formula | None


def compile_check(text: str, scope: Scope) -> Check:
    """The relation that `text` says; a comparison is taken apart, so that both sides can be shown."""
    tree = _parse(text)
    if not isinstance(tree, ast.Compare):
        return Check(compile_formula(text, scope), "", None)
    if len(tree.ops) != 1 or type(tree.ops[0]) not in _COMPARISONS:
        raise FormulaError(_("“{text}”: one comparison at a time").format(text=text))
    left, right = _Builder(tree.left, scope), _Builder(tree.comparators[0], scope)
    return Check(Formula(ast.unparse(tree.left), tuple(left.refs), left.tree, scope), _COMPARISONS[type(tree.ops[0])],
                 Formula(ast.unparse(tree.comparators[0]), tuple(right.refs), right.tree, scope))


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(_("“{text}” is not an expression").format(text=text)) from None


def _string(value: str) -> ast.Constant:
    return ast.Constant(value)


def _env_call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("_env", ast.Load()), name, ast.Load()), list(arguments), [])


class _Builder:
    """Turns a parsed expression into the one that is run, and notes what it reads."""

    def __init__(self, tree: ast.expr, scope: Scope) -> None:
        self.scope = scope
        self.refs: list[Ref] = []
        self.tree = self.build(tree)

    def build(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.reference(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
            self.only_numbers(node.left, node.right)
            return ast.BinOp(self.build(node.left), node.op, self.build(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
            if isinstance(node.op, ast.USub):
                self.only_numbers(node.operand)
            return ast.UnaryOp(node.op, self.build(node.operand))
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self.build(value) for value in node.values])
        if isinstance(node, ast.Compare) and all(type(op) in _COMPARISONS for op in node.ops):
            return ast.Compare(self.build(node.left), node.ops, [self.build(right) for right in node.comparators])
        if isinstance(node, ast.IfExp):
            return ast.IfExp(self.build(node.test), self.build(node.body), self.build(node.orelse))
        if isinstance(node, ast.Call):
            return self.call(node)
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))

    def constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, (str, bool)):
            return node
        if isinstance(node.value, (int, float)):
            return ast.Call(ast.Name("_d", ast.Load()), [_string(str(node.value))], [])
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))

    def only_numbers(self, *operands: ast.expr) -> None:
        for node in operands:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                raise FormulaError(_("“{text}” is no number").format(text=ast.unparse(node)))
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                kind = self.kind(node)
                if kind in ("text", "choice", "flag"):
                    raise FormulaError(_("“{text}” is no number").format(text=ast.unparse(node)))

    def kind(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and node.id in self.scope.variables:
            return ""
        ref = self.resolve(node)
        return self.scope.tables[ref.table].columns[ref.column].kind if ref.column not in ("", "*") else ""

    def call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))
        if name == "prior":
            return self.prior(node)
        if name in PURE:
            least, most = _ARITY[name]
            if not least <= len(node.args) <= most:
                raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))
            return ast.Call(ast.Name("_" + name, ast.Load()), [self.build(argument) for argument in node.args], [])
        how = self.scope.functions.get(name)
        if how is None:
            raise FormulaError(_("there is no function “{name}”").format(name=ast.unparse(node.func)))
        if how == "value":
            return _env_call(name, *(self.build(argument) for argument in node.args))
        return _env_call(name, *(self.address(argument, name) for argument in node.args))

    def prior(self, node: ast.Call) -> ast.expr:
        if len(node.args) != 1 or not isinstance(node.args[0], (ast.Name, ast.Attribute, ast.Subscript)):
            raise FormulaError(_("prior() takes one cell or one range"))
        ref = self.resolve(node.args[0])
        self.refs.append(ref._replace(prior=True))
        if ref.range:
            return _env_call("prior_range", *self.range_arguments(ref))
        return _env_call("prior", *self.cell_arguments(ref))

    def address(self, node: ast.expr, function: str) -> ast.expr:
        """An argument of a 'ref' function: a cell as its address, anything else as its value."""
        if isinstance(node, (ast.Attribute, ast.Subscript)) or (
                isinstance(node, ast.Name) and node.id not in self.scope.variables and node.id != "row"):
            ref = self.resolve(node)
            self.refs.append(ref._replace(function=function))
            arguments = self.range_arguments(ref) if ref.range else self.cell_arguments(ref)
            return ast.Tuple(arguments, ast.Load())
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if not isinstance(node, (ast.Constant, ast.Name)) and called not in self.scope.functions:
            raise FormulaError(_("{function}() takes figures of tables, not “{text}”").format(
                function=function, text=ast.unparse(node)))
        return self.build(node)

    def reference(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Name):
            if node.id == "row":
                return ast.Name("_row", ast.Load())
            if node.id in self.scope.variables:
                return _env_call("variable", _string(node.id))
        ref = self.resolve(node)
        self.refs.append(ref)
        if ref.range:
            return _env_call("range", *self.range_arguments(ref))
        return _env_call("cell", *self.cell_arguments(ref))

    @staticmethod
    def cell_arguments(ref: Ref) -> list[ast.expr]:
        row: ast.expr = _string(ref.row)
        if not ref.fixed:
            row = ast.Name("_row", ast.Load())
            if ref.row == "owner":
                row = ast.Call(ast.Name("_owner", ast.Load()), [row], [])
            elif ref.row.startswith("../"):
                owner = ast.Call(ast.Name("_owner", ast.Load()), [row], [])
                row = ast.BinOp(owner, ast.Add(), _string(ref.row[2:]))
            elif ref.row != "row":
                row = ast.BinOp(row, ast.Add(), _string("/" + ref.row))
        column: ast.expr = _string(ref.column) if ref.column != "*" else ast.Name("_column", ast.Load())
        return [_string(ref.table), row, column]

    @staticmethod
    def range_arguments(ref: Ref) -> list[ast.expr]:
        return [_string(ref.table), _string(ref.row), _string(ref.column), ast.Name("_row", ast.Load())]

    def resolve(self, node: ast.expr) -> Ref:
        if isinstance(node, ast.Name):
            return self.bare(node.id)
        if isinstance(node, ast.Subscript):
            return self.subscript(node, "")
        assert isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Subscript):
            return self.subscript(node.value, node.attr)
        if isinstance(node.value, ast.Name):
            table = self.table(node.value.id)
            if node.attr in SELECTORS:
                return Ref(table.id, node.attr, "", range=True)
            return self.named(table, node.attr, table.primary)
        if isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            table = self.table(node.value.value.id)
            if node.value.attr in SELECTORS:
                return Ref(table.id, node.value.attr, self.column(table, node.attr), range=True)
            return self.named(table, node.value.attr, self.column(table, node.attr))
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))

    def bare(self, name: str) -> Ref:
        table = self.scope.table
        if table is not None and self.scope.bare == "line" and name in table.lines:
            return Ref(table.id, "../" + name, "*", fixed=False) if table.owner else Ref(table.id, name, "*")
        if table is not None and self.scope.bare == "column" and name in table.columns:
            return Ref(table.id, "row", name, fixed=False)
        raise FormulaError(_("there is no “{name}” here").format(name=name))

    def named(self, table: Any, row: str, column: str) -> Ref:
        """table.row: of the whole report, or of the current record where the table is its own."""
        if not table.owner:
            return Ref(table.id, self.row(table, row), column)
        if self.scope.table is None or self.scope.table.id != table.owner:
            raise FormulaError(_("table “{table}” belongs to one record of “{owner}”").format(
                table=table.id, owner=table.owner))
        return Ref(table.id, self.row(table, row), column, fixed=False)

    def subscript(self, node: ast.Subscript, column: str) -> Ref:
        if not isinstance(node.value, ast.Name):
            raise FormulaError(_("“{text}” is not allowed in a formula").format(text=ast.unparse(node)))
        table = self.table(node.value.id)
        column = self.column(table, column) if column else table.primary
        index = node.slice
        if isinstance(index, ast.Name) and index.id in ("row", "owner"):
            return Ref(table.id, index.id, column, fixed=False)
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            return Ref(table.id, index.value, column)
        raise FormulaError(_("“{text}”: a row is row, owner or a code in quotes").format(text=ast.unparse(node)))

    def table(self, name: str) -> Any:
        table = self.scope.tables.get(name)
        if table is None:
            raise FormulaError(_("there is no table “{name}”").format(name=name))
        return table

    @staticmethod
    def row(table: Any, name: str) -> str:
        if (table.lines and name not in table.lines) or (not table.lines and (name != "total" or not table.accounts)):
            raise FormulaError(_("table “{table}” has no row “{row}”").format(table=table.id, row=name))
        return name

    @staticmethod
    def column(table: Any, name: str) -> str:
        if name not in table.columns:
            raise FormulaError(_("table “{table}” has no column “{column}”").format(table=table.id, column=name))
        return name
