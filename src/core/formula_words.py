"""Formulas and relations of a taxonomy in Chinese words, for the reference and for people.

    basic + project                   基本支出 + 项目支出
    income.total.total                《收入决算》合计·本年收入合计
    sum(projects.all.score)           《绩效评价项目》各条“自评得分”之和

Unlike an explanation (explain.py), no report is needed: rows of accounts and records have no
names here.
"""

from __future__ import annotations

import ast
from typing import Callable

from .formula import FormulaError, Ref, Scope, compile_formula
from .taxonomy import RULE_FUNCTIONS, Table, Taxonomy

ROWS = {"items": "各项", "classes": "各类", "all": "各行", "own": "各条", "compared": "各项（本年或上年有数的）"}
"""The rows of a range; see formula.SELECTORS."""

_SIGNS = {ast.Add: ("+", 1), ast.Sub: ("-", 1), ast.Mult: ("×", 2), ast.Div: ("÷", 2)}
_COMPARISONS = {ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥"}
_ALONE = 3  # the level of what never needs brackets


def formula_words(taxonomy: Taxonomy, text: str, table: Table | None, bare: str = "column",
                  names: Callable[[str], str] = lambda code: "") -> str:
    """The formula `text` of `table` in words; `bare` as in `Scope`, `names` gives accounts' names."""
    return _Speaker(taxonomy, table, bare, names).say(ast.parse(text.strip(), mode="eval").body)


class _Speaker:
    def __init__(self, taxonomy: Taxonomy, table: Table | None, bare: str, names: Callable[[str], str]) -> None:
        self.tables = taxonomy.tables
        self.table = table
        self.scope = Scope(taxonomy.tables, table, bare, functions=RULE_FUNCTIONS)
        self.line = bare == "line"
        self.names = names

    def say(self, node: ast.expr, level: int = 0) -> str:
        """The words of a node, in brackets where it binds looser than `level`."""
        text, own = self.spoken(node)
        return f"（{text}）" if own < level else text

    def spoken(self, node: ast.expr) -> tuple[str, int]:
        if isinstance(node, ast.Constant):
            return f"“{node.value}”" if isinstance(node.value, str) else str(node.value), _ALONE
        if isinstance(node, ast.Name) and node.id == "row":
            return "本行", _ALONE
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.reference(node), _ALONE
        if isinstance(node, ast.BinOp):
            sign, own = _SIGNS[type(node.op)]
            stricter = isinstance(node.op, (ast.Sub, ast.Div))
            return f"{self.say(node.left, own)} {sign} {self.say(node.right, own + stricter)}", own
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                flag = self.flag(node.operand)
                return (f"{flag}为否", 0) if flag else (f"并非{self.say(node.operand, _ALONE)}", _ALONE)
            return f"-{self.say(node.operand, _ALONE)}", _ALONE
        if isinstance(node, ast.BoolOp):
            word = "，且" if isinstance(node.op, ast.And) else "，或"
            return word.join(self.condition(value, 0 if isinstance(node.op, ast.And) else -1) for value in node.values), -1
        if isinstance(node, ast.Compare):
            words = self.say(node.left)
            for op, right in zip(node.ops, node.comparators):
                words += f" {_COMPARISONS[type(op)]} {self.say(right)}"
            return words, 0
        if isinstance(node, ast.IfExp):
            return f"{self.condition(node.test)}时为{self.say(node.body)}，否则{self.otherwise(node.orelse)}", -1
        if isinstance(node, ast.Call):
            return self.call(node), _ALONE
        raise FormulaError(ast.unparse(node))

    def condition(self, node: ast.expr, level: int = -1) -> str:
        flag = self.flag(node)
        return f"{flag}为是" if flag else self.say(node, level)

    def otherwise(self, node: ast.expr) -> str:
        return self.say(node) if isinstance(node, ast.IfExp) else f"为{self.say(node)}"

    def call(self, node: ast.Call) -> str:
        name = ast.unparse(node.func)
        args = [self.say(argument) for argument in node.args]
        if name in ("sum", "count", "has_text"):
            ref = self.resolve(node.args[-1].args[0] if isinstance(node.args[-1], ast.Call) else node.args[-1])
            rows = ("上年" if isinstance(node.args[-1], ast.Call) else "") + self.range(ref)
            return {"sum": f"{rows}之和", "count": self.counted(ref, rows),
                    "has_text": f"{rows}中有{args[0]}"}[name]
        if name == "round":
            return f"{args[0]}（四舍五入到 {args[1]} 位小数）"
        if name == "ratio":
            return f"（{args[0]} ÷ {args[1]}，除数为零时为 0）"
        if name == "rate":
            return f"{args[0]} ÷ {args[1]}"
        if name in ("min", "max"):
            return f"{'、'.join(args)}中较{'小' if name == 'min' else '大'}的一个"
        return {"prior": "上年的{0}", "length": "{0}的字数", "abs": "{0}的绝对值", "class_of": "{0}的类",
                "name": "{0}的科目名称", "meets": "{2}达到{1}（{0}）"}[name].format(*args)

    def counted(self, ref: Ref, rows: str) -> str:
        column = self.tables[ref.table].columns[ref.column] if ref.column else None
        return f"{rows}为是的个数" if column and column.kind == "flag" else f"{rows}的个数"

    def flag(self, node: ast.expr) -> str:
        """The words of a reference to a flag; '' for anything else."""
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return ""
        ref = self.resolve(node)
        column = self.tables[ref.table].columns.get(ref.column)
        return f"“{self.reference(node)}”" if column and column.kind == "flag" else ""

    def resolve(self, node: ast.expr) -> Ref:
        return compile_formula(ast.unparse(node), self.scope).refs[0]

    def range(self, ref: Ref) -> str:
        table = self.tables[ref.table]
        rows = "各条" if table.axis == "records" else "各款" if table.axis == "economic" and ref.row == "items" else ROWS[ref.row]
        if not ref.column:
            return f"《{table.title}》{rows}"
        return f"《{table.title}》{rows}“{table.columns[ref.column].label}”"

    def reference(self, node: ast.expr) -> str:
        ref = self.resolve(node)
        table = self.tables[ref.table]
        if ref.range:
            return self.range(ref)
        here = table is self.table
        column = table.columns[ref.column].label if ref.column in table.columns else ""
        if not ref.fixed:
            row = {"row": "" if here else "同一行", "owner": "所属的一条"}.get(ref.row)
            if row is None:
                row = table.lines[ref.row.removeprefix("../")].label
        elif table.lines:
            row = table.lines[ref.row].label
        else:
            row = "合计" if ref.row == "total" else f"{ref.row} {self.names(ref.row)}".strip()
        if row and len(table.columns) == 1:
            column = ""
        words = "·".join(part for part in (row, column) if part)
        return words if here else f"《{table.title}》{words}"

