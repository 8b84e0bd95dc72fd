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
the value, with intervals for the rules. What it gives (an amount, a text …) is known from its tree
(formula_types); what does not go together is refused.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from .formula_functions import ARITY, PURE
from .formula_types import ANY, Signature, Type, expect, quote, type_of
from .formula_types import UNDEFINED as UNDEFINED
from .formula_types import FormulaError as FormulaError
from .formula_types import Unknown as Unknown
from .i18n import _
from .text.width import printable

SELECTORS = ("items", "classes", "all", "own", "compared")

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


# No formula of a report comes near; a deeper one would end where Python's own stack does.
_LONGEST, _DEEPEST = 8000, 150
_MOST_DIGITS = 30
_SLIPS = re.compile(r"\\|[0-9][a-zA-Z]")
"""What Python warns of (an unknown escape, a number that runs into a word) is no formula."""

_BEYOND = Decimal(10) ** 40
"""No figure of a report comes near, and one beyond cannot be rounded."""


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
    by the environment, with what they are, if that is told. `functions` maps names to how they are called:
    'value', or 'ref' where the address is passed and not the figure, or a Signature, which says more.
    Without a `table` there is no row around the formula.
    """

    def __init__(self, tables: Mapping[str, Any], table: Any = None, bare: str = "column",
                 variables: Collection[str] = (), functions: Mapping[str, str | Signature] | None = None) -> None:
        self.tables = tables
        self.table = table
        self.bare = bare
        self.variables = variables
        self.functions = functions or {}


_GLOBALS = {"__builtins__": {}, "_owner": owner_of, "_d": Decimal,
            **{"_" + name: function for name, function in PURE.items()}}


class Formula:
    """A checked expression. `refs` is what it can read, in the order of its text; `reference` is
    the one cell that it merely repeats, if it does nothing else; `scope` the names that it uses; `type` what it
    gives (of a formula that stands for several columns: in the table's primary one)."""

    __slots__ = ("text", "refs", "tree", "reference", "scope", "type", "_call")

    def __init__(self, text: str, refs: tuple[Ref, ...], tree: ast.expr, scope: Scope, type: Type = ANY) -> None:
        self.text = text
        self.refs = refs
        self.tree = tree
        self.reference = refs[0] if len(refs) == 1 and isinstance(tree, ast.Call) and _is_env(tree, "cell") else None
        self.scope = scope
        self.type = type
        self._call: Callable[..., Any] | None = None

    def __call__(self, env: Any, row: str = "", column: str = "") -> Any:
        """Its value in `env`, at a row and a column; UNDEFINED is a rate of nothing. Raises Unknown where it has none:
        where the environment does, at a division by zero, and where something is not what its column holds."""
        call = self._call
        if call is None:
            arguments = ast.arguments(posonlyargs=[], args=[ast.arg("_env"), ast.arg("_row"), ast.arg("_column")],
                                      kwonlyargs=[], kw_defaults=[], defaults=[])
            code = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, self.tree)))
            call = self._call = eval(compile(code, "<formula>", "eval"), _GLOBALS)  # noqa: S307 - white-listed
        try:
            value = call(env, row, column)
        except (ArithmeticError, TypeError, ValueError, AttributeError):
            raise Unknown from None
        if type(value) is Decimal and not -_BEYOND < value < _BEYOND:
            raise Unknown
        return value


def _is_env(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == name


def compile_formula(text: str, scope: Scope) -> Formula:
    """The formula that `text` says. Raises FormulaError for whatever the white list does not hold, and for
    what does not go together."""
    return _compiled(text, _parse(text), scope)


def _compiled(text: str, tree: ast.expr, scope: Scope) -> Formula:
    builder = _Builder(tree, scope)
    return Formula(text, tuple(builder.refs), builder.tree, scope, type_of(tree, scope, builder.resolve))


def compile_condition(text: str, scope: Scope) -> Formula:
    """The formula, which gives a truth. Raises FormulaError."""
    formula = compile_formula(text, scope)
    expect(formula.type, ("flag",), text)
    return formula


def compile_rows(text: str, scope: Scope) -> Ref:
    """The range of rows that the formula is: table.items, table.all …. Raises FormulaError."""
    formula = compile_formula(text, scope)
    if not formula.type.rows or len(formula.refs) != 1 or formula.refs[0].column or formula.refs[0].prior:
        raise FormulaError(_("“{text}” is no range of rows such as table.all").format(text=quote(text)))
    return formula.refs[0]


def formula_type(formula: Formula, column: str) -> Type:
    """What a formula of a line gives in one of the columns that it stands for. Raises FormulaError."""
    return type_of(_parse(formula.text), formula.scope, _Builder(_parse("0"), formula.scope).resolve, column)


class Check(NamedTuple):
    """A relation for a rule: two sides and an operator, or a condition (`operator` '', no `right`)."""

    left: Formula
    operator: str
    right: Formula | None


def compile_check(text: str, scope: Scope) -> Check:
    """The relation that `text` says; a comparison is taken apart, so that both sides can be shown.
    Raises FormulaError for what is neither that nor a condition."""
    tree = _parse(text)
    whole = _compiled(text, tree, scope)
    if whole.type.kind not in ("", "flag"):
        raise FormulaError(_("“{text}” is no condition").format(text=quote(text)))
    if not isinstance(tree, ast.Compare):
        return Check(whole, "", None)
    if len(tree.ops) != 1:
        raise FormulaError(_("“{text}”: one comparison at a time").format(text=quote(text)))
    left, right = (_compiled(ast.unparse(side), side, scope) for side in (tree.left, tree.comparators[0]))
    return Check(left, _COMPARISONS[type(tree.ops[0])], right)


def _parse(text: str) -> ast.expr:
    if not isinstance(text, str):
        raise FormulaError(_("“{text}” is not an expression").format(text=quote(str(text))))
    text = text.strip()
    if len(text) > _LONGEST:
        raise FormulaError(_("“{text}” is longer than {most} characters: give its parts names in the taxonomy").format(
            text=quote(text), most=_LONGEST))
    try:
        if _SLIPS.search(text):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tree = ast.parse(text, mode="eval").body
        else:
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning):
        raise FormulaError(_("“{text}” is not an expression").format(text=quote(text))) from None
    if len(text) > _DEEPEST:  # each level takes a character
        _refuse_depth(text, tree)
    return tree


def _refuse_depth(text: str, tree: ast.expr) -> None:
    """Nothing is nested so deep that a walk over it would not end well; a long sum is nested, too."""
    level: list[ast.AST] = [tree]
    for _depth in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise FormulaError(_("“{text}” has too many parts: give some of them a name in the taxonomy, or use sum()").format(
        text=quote(text)))


def _string(value: str) -> ast.Constant:
    return ast.Constant(value)


def _env_call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("_env", ast.Load()), name, ast.Load()), list(arguments), [])


class _Builder:
    """Turns a parsed expression into the one that is run, and notes what it reads."""

    def __init__(self, tree: ast.expr, scope: Scope) -> None:
        self.scope = scope
        self.refs: list[Ref] = []
        self.resolved: dict[ast.expr, Ref] = {}
        self.tree = self.build(tree)

    def build(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.reference(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
            return ast.BinOp(self.build(node.left), node.op, self.build(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
            return ast.UnaryOp(node.op, self.build(node.operand))
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self.build(value) for value in node.values])
        if isinstance(node, ast.Compare) and all(type(op) in _COMPARISONS for op in node.ops):
            return ast.Compare(self.build(node.left), node.ops, [self.build(right) for right in node.comparators])
        if isinstance(node, ast.IfExp):
            return ast.IfExp(self.build(node.test), self.build(node.body), self.build(node.orelse))
        if isinstance(node, ast.Call):
            return self.call(node)
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))

    def constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str) and node.value == printable(node.value, keep="\n"):
            return node
        if isinstance(node.value, bool):
            return node
        if isinstance(node.value, (int, float)):
            number = Decimal(str(node.value))
            if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS or len(str(number)) > _MOST_DIGITS:
                raise FormulaError(_("“{text}” is no number").format(text=quote(ast.unparse(node))))
            return ast.Call(ast.Name("_d", ast.Load()), [_string(str(number))], [])
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))

    def call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))
        if name == "prior":
            return self.prior(node)
        if name in PURE:
            least, most = ARITY[name]
            if not least <= len(node.args) <= most:
                raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))
            return ast.Call(ast.Name("_" + name, ast.Load()), [self.build(argument) for argument in node.args], [])
        signature = self.scope.functions.get(name)
        if signature is None:
            raise FormulaError(_("there is no function “{name}”").format(name=quote(ast.unparse(node.func))))
        how = signature.how if isinstance(signature, Signature) else signature
        if how == "value":
            return _env_call(name, *(self.build(argument) for argument in node.args))
        return _env_call(name, *(self.address(argument, name) for argument in node.args))

    def prior(self, node: ast.Call) -> ast.expr:
        if len(node.args) != 1 or not isinstance(node.args[0], (ast.Name, ast.Attribute, ast.Subscript)):
            raise FormulaError(_("prior() takes one cell or one range"))
        if isinstance(node.args[0], ast.Name) and (node.args[0].id == "row" or node.args[0].id in self.scope.variables):
            raise FormulaError(_("prior() takes one cell or one range"))
        ref = self.resolve(node.args[0])
        if ref.range and not ref.column:
            raise FormulaError(_("prior() takes one cell or one range"))
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
                function=function, text=quote(ast.unparse(node))))
        return self.build(node)

    def reference(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Name):
            if node.id == "row":
                self.around("row")
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
        """What a name refers to; building and typing both ask."""
        known = self.resolved.get(node)
        if known is None:
            known = self.resolved[node] = self.found(node)
        return known

    def found(self, node: ast.expr) -> Ref:
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
                return Ref(table.id, self.selector(table, node.attr), "", range=True)
            return self.named(table, node.attr, table.primary)
        if isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            table = self.table(node.value.value.id)
            if node.value.attr in SELECTORS:
                return Ref(table.id, self.selector(table, node.value.attr), self.column(table, node.attr), range=True)
            return self.named(table, node.value.attr, self.column(table, node.attr))
        raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))

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
            raise FormulaError(_("“{text}” is not allowed in a formula").format(text=quote(ast.unparse(node))))
        table = self.table(node.value.id)
        column = self.column(table, column) if column else table.primary
        index = node.slice
        if isinstance(index, ast.Name) and index.id in ("row", "owner"):
            if not _same_rows(self.around(index.id), table, index.id):
                raise FormulaError(_("“{text}”: the rows here are none of table “{table}”").format(
                    text=quote(ast.unparse(node)), table=table.id))
            return Ref(table.id, index.id, column, fixed=False)
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            if not _has_row(table, index.value):
                raise FormulaError(_("table “{table}” has no row “{row}”").format(
                    table=table.id, row=quote(index.value)))
            return Ref(table.id, index.value, column)
        raise FormulaError(_("“{text}”: a row is row, owner or a code in quotes").format(text=quote(ast.unparse(node))))

    def around(self, name: str) -> Any:
        """The table of the row that the formula stands in."""
        if self.scope.table is None:
            raise FormulaError(_("there is no “{name}” here").format(name=name))
        return self.scope.table

    def selector(self, table: Any, name: str) -> str:
        """A name of rows, if the table has such."""
        here = self.scope.table
        if (name == "classes" and table.axis != "functional") or (name == "compared" and not table.accounts) or (
                name == "own" and (here is None or table.owner != here.id)):
            raise FormulaError(_("table “{table}” has no rows “{rows}” here").format(table=table.id, rows=name))
        return name

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


def _same_rows(here: Any, there: Any, how: str) -> bool:
    """Is a row of `here` ('owner': the record that it belongs to) one of `there`, too?"""
    if how == "owner":
        return bool(here.owner == there.id)
    if here.accounts:
        return bool(here.axis == there.axis)
    return here is there or (here.owner == there.owner and bool(here.lines) and here.lines.keys() <= there.lines.keys())


def _has_row(table: Any, row: str) -> bool:
    """Can the table have this row?"""
    if table.accounts:
        from .catalogue import is_code

        return row == "total" or (is_code(table.axis, row) and len(row) <= table.digits)
    if table.lines:
        return not table.owner and row in table.lines
    return all(part.isascii() and part.isdigit() for part in row.split("/", 1 if table.owner else 0))
