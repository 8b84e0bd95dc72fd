"""Formulas and relations of a taxonomy in Chinese words, for the reference.

    basic + project                   基本支出 + 项目支出
    income.total.total                《收入决算》合计·本年收入合计
    sum(projects.all.score)           《绩效评价项目》各条“自评得分”之和

Unlike an explanation (explain.py), no report is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from .formula import FormulaError, Ref, Scope, compile_formula
from .taxonomy import RULE_FUNCTIONS, Table, Taxonomy

_ROWS = {"items": "各项", "classes": "各类", "all": "各行", "own": "各条", "compared": "各项（本年或上年有数的）"}
_SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 1), ast.Sub: ("-", 1), ast.Mult: ("×", 2), ast.Div: ("÷", 2)}
_COMPARISONS: dict[type[ast.AST], str] = {
    ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥"}

# How tightly words hold together: less than the place asks for, and they need brackets.
_CLAUSE, _RELATION, _ALONE = -1, 0, 3


def formula_words(taxonomy: Taxonomy, text: str, table: Table | None = None, bare: str = "column",
                  names: Callable[[str], str] = lambda code: "") -> str:
    """The formula or relation `text` in words.

    `table` and `bare`: where it stands, as for `Scope`; `names`: gives the name of an account.
    Raises FormulaError for what is no formula.
    """
    scope = Scope(taxonomy.tables, table, bare, functions=RULE_FUNCTIONS)
    return _Speaker(scope, compile_formula(text, scope).refs, names).say(ast.parse(text.strip(), mode="eval").body)


class _Speaker:
    def __init__(self, scope: Scope, refs: tuple[Ref, ...], names: Callable[[str], str]) -> None:
        self.scope = scope
        self.names = names
        # The table that was named last is not named again, unless a bare label would then be of another.
        self.named = ""
        self.terse = scope.table is None or all(ref.table != scope.table.id for ref in refs)

    def say(self, node: ast.expr, level: int = _CLAUSE) -> str:
        """The words of a node, in brackets where they hold together less tightly than `level`."""
        text, own = self.spoken(node)
        return f"（{text}）" if own < level else text

    def spoken(self, node: ast.expr) -> tuple[str, int]:
        if isinstance(node, ast.Constant):
            return f"“{node.value}”" if isinstance(node.value, str) else str(node.value), _ALONE
        if isinstance(node, ast.Name) and node.id == "row":
            return "本行", _ALONE
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.reference(self.resolve(node)), _ALONE
        if isinstance(node, ast.BinOp):
            sign, own = _SIGNS[type(node.op)]
            stricter = isinstance(node.op, (ast.Sub, ast.Div))
            return f"{self.say(node.left, own)} {sign} {self.say(node.right, own + stricter)}", own
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            flag = self.flag(node.operand)
            return (f"{flag}为否", _RELATION) if flag else (f"并非{self.say(node.operand, _ALONE)}", _ALONE)
        if isinstance(node, ast.UnaryOp):
            return f"-{self.say(node.operand, _ALONE)}", _ALONE
        if isinstance(node, ast.BoolOp):
            word, inner = ("，且", _RELATION) if isinstance(node.op, ast.And) else ("，或", _CLAUSE)
            return word.join(self.condition(value, inner) for value in node.values), _CLAUSE
        if isinstance(node, ast.Compare):
            words = self.say(node.left, _RELATION)
            for op, right in zip(node.ops, node.comparators):
                self.named = ""
                words += f" {_COMPARISONS[type(op)]} {self.say(right, _RELATION)}"
            return words, _RELATION
        if isinstance(node, ast.IfExp):
            test, value, other = self.condition(node.test), self.say(node.body), self.say(node.orelse)
            other = other if isinstance(node.orelse, ast.IfExp) else "取" + _apart(other)
            gap = " " if test[-1].isdigit() else ""
            return f"{test}{gap}的，取{_apart(value)}；否则{other}", _CLAUSE
        if isinstance(node, ast.Call):
            return self.call(node)
        raise FormulaError(ast.unparse(node))

    def condition(self, node: ast.expr, level: int = _CLAUSE) -> str:
        flag = self.flag(node)
        return f"{flag}为是" if flag else self.say(node, level)

    def call(self, node: ast.Call) -> tuple[str, int]:
        name = ast.unparse(node.func)
        if name in ("sum", "count", "has_text"):
            return self.ranged(name, node), _ALONE
        if name == "contradictory":
            names, values = (self.say(argument) for argument in node.args)
            return f"{names}相同而{values}不同的第一个", _ALONE
        if name == "prior":
            return self.say(node.args[0]) + "（上年数）", _ALONE
        args = [self.say(argument) for argument in node.args]
        if name in ("min", "max"):
            return f"{' 和 '.join(args)}中较{'小' if name == 'min' else '大'}的一个", _RELATION
        words = {"round": "{0}，四舍五入到 {1} 位小数", "ratio": "{0} ÷ {1}（除数为零时取 0）", "rate": "{0} ÷ {1}",
                 "abs": "{0}的绝对值", "length": "{0}的字数", "class_of": "{0}的类", "name": "{0}的科目名称",
                 "listed_name": "{0}在科目表里的名称",
                 "meets": "{2}与{1}比较，符合{0}", "money": "{0}（单位为{1}）",
                 "completion": "{2}与{1}相比的完成率（{0}）",
                 "measurable": "{0}与{1}是同一单位的数"}[name].format(*args)
        return words, {"round": _CLAUSE, "ratio": 2, "rate": 2}.get(name, _ALONE)

    def ranged(self, name: str, node: ast.Call) -> str:
        """The words of a function of many rows."""
        over = node.args[-1]
        prior = isinstance(over, ast.Call)
        ref = self.resolve(over.args[0] if isinstance(over, ast.Call) else over)
        rows = self.range(ref) + ("（上年数）" if prior else "")
        if name == "sum":
            return rows + "之和"
        if name == "has_text":
            return f"{rows}中有{self.say(node.args[0])}"
        column = self.scope.tables[ref.table].columns[ref.column] if ref.column else None
        return rows + ("为是的个数" if column and column.kind == "flag" else "的个数")

    def flag(self, node: ast.expr) -> str:
        """The words of a reference to a flag; '' for anything else."""
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return ""
        ref = self.resolve(node)
        column = self.scope.tables[ref.table].columns.get(ref.column)
        return f"“{self.reference(ref)}”" if column and column.kind == "flag" else ""

    def resolve(self, node: ast.expr) -> Ref:
        return compile_formula(ast.unparse(node), self.scope).refs[0]

    def range(self, ref: Ref) -> str:
        table = self.scope.tables[ref.table]
        rows = "各条" if table.axis == "records" else _ROWS[ref.row]
        if table.axis == "economic" and ref.row == "items":
            rows = "各款"
        return self.titled(table, rows if not ref.column else f"{rows}“{short(table.columns[ref.column].label)}”")

    def reference(self, ref: Ref) -> str:
        """The words of a cell: its table unless that is this one, its row, its column where there are several."""
        if ref.range:
            return self.range(ref)
        table = self.scope.tables[ref.table]
        here = table is self.scope.table
        column = short(table.columns[ref.column].label) if ref.column in table.columns else ""
        if ref.row in ("row", "owner") and not ref.fixed:
            row = "" if here else "同一行" if ref.row == "row" else "所属的一条"
        elif table.lines:
            row = short(table.lines[ref.row.removeprefix("../")].label)
        else:
            row = "合计" if ref.row == "total" else f"{ref.row} {self.names(ref.row)}".strip()
        if row and len(table.columns) == 1:
            column = ""
        words = "·".join(part for part in (row, column) if part)
        return words if here else self.titled(table, words)

    def titled(self, table: Table, words: str) -> str:
        again = self.terse and self.named == table.id
        self.named = table.id
        return words if again else f"《{table.title}》{words}"


def _apart(text: str) -> str:
    """A figure stands apart from the word before it."""
    return f" {text}" if text[:1].isdigit() else text


def short(label: str) -> str:
    """A label as it is called in a sentence."""
    return label.removeprefix("其中：")
