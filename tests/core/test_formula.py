"""The formula language: what passes the white list, what it gives, and what is refused on load."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import Interval
from juesuan.core.formula import (
    UNDEFINED,
    FormulaError,
    Ref,
    Scope,
    Unknown,
    cell_of,
    compile_check,
    compile_formula,
)
from juesuan.core.formula_words import formula_words
from juesuan.core.taxonomy import Taxonomy, load_taxonomy

TAXONOMY = """
id = "small"
title = "小口径"
classes = ["201", "208"]
economic = ["301"]

[tables.spent]
title = "支出"
axis = "functional"
primary = "total"
[tables.spent.columns]
total = { label = "合计", formula = "basic + project" }
basic = { label = "基本支出" }
project = { label = "项目支出" }

[tables.sums]
title = "总表"
axis = "lines"
primary = "amount"
[tables.sums.columns]
amount = { label = "金额" }
other = { label = "其他" }
[tables.sums.lines]
opening = { label = "年初" }
income = { label = "收入" }
total = { label = "总计", formula = "opening + income" }

[tables.things]
title = "项目"
axis = "records"
primary = "name"
label = "name"
[tables.things.columns]
name = { label = "名称", kind = "text" }
done = { label = "完成", kind = "flag" }
weight = { label = "分值", kind = "score" }

[tables.funds]
title = "资金"
axis = "lines"
owner = "things"
primary = "amount"
[tables.funds.columns]
amount = { label = "金额" }
[tables.funds.lines]
total = { label = "合计", formula = "raised + given" }
raised = { label = "自有" }
given = { label = "拨款" }

[tables.parts]
title = "指标"
axis = "records"
owner = "things"
primary = "points"
[tables.parts.columns]
points = { label = "得分", kind = "score" }
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Taxonomy:
    folder = tmp_path_factory.mktemp("taxonomy")
    (folder / "small.toml").write_text(TAXONOMY, encoding="utf-8")
    return load_taxonomy("small", str(folder))


@pytest.fixture(scope="module")
def columns(small: Taxonomy) -> Scope:
    """The names that a column of `spent` can use."""
    return Scope(small.tables, small.tables["spent"])


class Figures:
    """An environment of figures by cell; ranges go over the rows that it is given."""

    def __init__(
        self,
        cells: dict[tuple[str, str, str], Any],
        rows: tuple[str, ...] = (),
        last: dict[tuple[str, str, str], Any] | None = None,
    ) -> None:
        self.cells, self.rows, self.last = cells, rows, last or {}

    def cell(self, table: str, row: str, column: str) -> Any:
        return self.cells.get((table, row, column), Decimal(0))

    def range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        assert selector in ("items", "classes", "all", "own", "compared")
        return [self.cell(table, own, column) for own in self.rows] if column else list(self.rows)

    def prior(self, table: str, row: str, column: str) -> Any:
        if (table, row, column) not in self.last:
            raise Unknown
        return self.last[table, row, column]

    def prior_range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        return [self.prior(table, own, column) for own in self.rows]

    def variable(self, name: str) -> Any:
        return {"year": Decimal(2024)}[name]


FIVE = Figures({("spent", "x", "basic"): Decimal(5), ("spent", "x", "project"): Decimal("0.25")}, ("x", "y"))


# The white list

REFUSED = [
    "lambda: 1", "lambda x: x", "[basic]", "(basic, project)", "{basic}", "{1: basic}", "[x for x in spent.items]",
    "(x for x in spent.items)", "{x for x in spent.items}", "{x: 1 for x in spent.items}",
    "sum(x for x in spent.items)",
    "basic ** 2", "basic % 2", "basic // 2", "basic @ project", "basic << 1", "basic >> 1", "basic & 1", "basic | 1",
    "basic ^ 1", "~basic", "(y := basic)", "f'{basic}'", "f'x'", "b'x'", "1j", "None", "...", "basic is project",
    "basic in (1, 2)", "basic not in spent.items", "await basic", "(yield)", "(yield from basic)",
    "basic.real", "basic.__class__", "__class__", "__builtins__", "().__class__", "''.join", "'x'.format(1)",
    "spent.total.basic.real", "spent.total.basic.__class__", "spent.__class__", "spent.total.__class__.__mro__",
    "spent.total.basic.real.imag", "(basic + 1).real", "sum.__globals__", "sums.total.amount.as_tuple()",
    "open('x')", "eval('1')", "exec('1')", "__import__('os')", "getattr(basic, 'x')", "print(1)", "type(basic)",
    "basic()", "spent.total()", "sum()()", "(lambda: 1)()", "_env", "_row", "_column", "_owner(row)", "_d('1')",
    "_sum(1)",
    "_env.report", "_env.cell('a', 'b', 'c')", "round(basic, decimals=2)", "sum(values=spent.items)",
    "max(*spent.items)",
    "sum(**basic)", "spent['201'][0]", "spent[0]", "spent[1:2]", "spent[basic]", "spent['2' + '01']", "spent[f'201']",
    "spent[-1]", "spent[row, row]", "spent['201'].basic.real", "spent['201']['basic']", "spent.items[0]",
    "spent.items.total.real", "'a' + 'b'", "'a' * 3", "basic + 'a'", "'1' - project", "basic / '2'", "-'a'",
    "basic + ('a')", "things['1'].name + 'x'", "things['1'].name - 1", "1 + things['1'].done", "-things['1'].name",
    "basic project", "basic +", "", "   ", "# nothing", "basic; project", "import os", "x = 1", "def f(): pass",
    "basic\nproject", "(" * 300 + "1" + ")" * 300, "1 if basic", "'", "\x00", "\\",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_nothing_else_passes(columns: Scope, text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        compile_formula(text, columns)
    assert str(caught.value)


@pytest.mark.parametrize("text", [
    "nothing", "opening", "basic + nothing", "nowhere.total", "nowhere.total.basic", "spent.total.nothing", "spent.x",
    "sums.nothing", "sums.total.nothing", "nowhere['201']", "spent['201'].nothing", "spent[row].nothing",
    "spent.items.nothing",
    "nowhere.items.total", "prior(nothing)", "prior(spent.total.nothing)", "sum(nowhere.items)", "median(spent.items)",
    "things.total", "year", "name(row)",
])  # fmt: skip
def test_unknown_names_are_refused(columns: Scope, text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text, columns)


@pytest.mark.parametrize(
    "text", ["prior()", "prior(basic, project)", "prior(basic + 1)", "prior(1)", "prior('x')", "prior(prior(basic))"]
)
def test_last_year_is_asked_of_one_cell_or_range(columns: Scope, text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text, columns)


@pytest.mark.parametrize("text", [
    "sum()", "sum(basic, project)", "count()", "abs()", "abs(basic, 1)", "ratio(basic)", "rate(basic)",
    "rate(basic, 1, 2)", "round()", "round(basic, 1, 2)", "length()", "meets('≥', '1')", "has_text('x')", "min()",
])  # fmt: skip
def test_a_function_takes_what_it_takes(columns: Scope, text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text, columns)


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("basicproject.()[]'\"0123456789 +-*/<>=,_sumitel\n:{}@") | st.characters(), max_size=30))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    scope = Scope({}, SimpleNamespace(id="spent", columns={"basic": None}, lines={}, owner=""))
    try:
        formula = compile_formula(text, scope)
    except FormulaError:
        return
    assert all(ref.table == "spent" for ref in formula.refs)


def test_a_compiled_formula_reaches_no_builtins(columns: Scope) -> None:
    names: set[str] = set()

    def walk(code: Any) -> None:
        names.update(code.co_names)
        for constant in code.co_consts:
            if hasattr(constant, "co_names"):
                walk(constant)

    formula = compile_formula(
        "round(max(basic, abs(project)) * 2, 1) if count(spent.items.basic) > 1 else sum(spent.all.basic)", columns
    )
    formula(FIVE, "x")
    call = formula._call
    assert call is not None
    walk(call.__code__)
    assert names <= {"_env", "_d", "cell", "range", "_round", "_max", "_abs", "_count", "_sum"}
    assert call.__globals__["__builtins__"] == {}


# Values


@pytest.mark.parametrize(("text", "value"), [
    ("basic + project", "5.25"), ("basic - project * 2", "4.5"), ("(basic - project) * 2", "9.5"),
    ("basic / 4", "1.25"),
    ("-basic", "-5"), ("0.1 + 0.2", "0.3"), ("1.10 * 3", "3.30"), ("basic if basic > project else project", "5"),
    ("basic if basic < project else project", "0.25"), ("1 if basic == 5 and not project == 5 else 2", "1"),
    ("1 if basic != 5 or project >= 1 else 2", "2"), ("1 if 0 < project <= 0.25 else 2", "1"),
    ("min(basic, project, 3)", "0.25"), ("max(basic, project, 3)", "5"), ("max(-basic, -3)", "-3"),
    ("abs(project - basic)", "4.75"),
    ("round(project, 1)", "0.3"), ("round(-project, 1)", "-0.3"), ("round(basic / 2)", "3"),
    ("sum(spent.items.basic)", "5"),
    ("sum(spent.items.total)", "0"), ("count(spent.items.basic)", "1"), ("ratio(project, basic)", "0.05"),
    ("ratio(basic, 0)", "0"), ("rate(project, basic)", "0.05"), ("length('三个字')", "3"),
])  # fmt: skip
def test_values(columns: Scope, text: str, value: str) -> None:
    assert compile_formula(text, columns)(FIVE, "x") == Decimal(value)


def test_a_share_of_nothing_is_no_figure(columns: Scope) -> None:
    """Known to be none, unlike what is not known: a condition goes on with it."""
    assert compile_formula("rate(basic, project - project)", columns)(FIVE, "x") is UNDEFINED
    assert not UNDEFINED


def test_a_division_by_zero_has_no_value(columns: Scope) -> None:
    with pytest.raises(Unknown):
        compile_formula("basic / (project - project)", columns)(FIVE, "x")


@pytest.mark.parametrize(("operator", "target", "actual", "met"), [
    ("≥", "100", "104.81", True), ("≥", "100", "99.99", False), ("≥", "9", "10", True), ("≤", "10", "9", True),
    ("≤", "9", "10", False),
    (">", "1", "1", False), (">", "1", "1.01", True), ("<", "1", "1", False), ("<", "1", "0.9", True),
    ("=", "1.0", "1", True),
    ("=", "稳步增长", "稳步增长", True), ("≥", "稳步增长", "增长", False), ("≥", "NaN", "1", False),
    ("=", "nan", "nan", True), (">", "1", "Infinity", False),
    ("≥", "95%", "100%", True), ("≥", "95％", "94.9%", False), ("≥", "95%", "96", True), ("≤", "30天", "9 天", True),
    ("≥", "95%", "3家", False), ("≥", "1,000人", "2000人", True),
])  # fmt: skip
def test_targets_are_compared_as_numbers_or_as_words(
    columns: Scope, operator: str, target: str, actual: str, met: bool
) -> None:
    assert compile_formula(f"meets('{operator}', '{target}', '{actual}')", columns)(FIVE) is met


@pytest.mark.parametrize(("text", "expected"), [
    ("basic + project", (Decimal("4.5"), Decimal("6.5"))), ("basic - project", (Decimal("2.5"), Decimal("4.5"))),
    ("min(basic, project)", (Decimal("0.5"), Decimal("1.5"))), ("max(basic, 4.8)", (Decimal("4.8"), Decimal(5))),
    ("max(-project, -basic)", (Decimal("-1.5"), Decimal("-0.5"))), ("sum(spent.items.basic)", (Decimal(4), Decimal(5))),
    ("abs(-basic)", (Decimal(4), Decimal(5))), ("basic * 2", (Decimal(8), Decimal(10))),
])  # fmt: skip
def test_the_same_formula_over_intervals(columns: Scope, text: str, expected: tuple[Decimal, Decimal]) -> None:
    wide = Figures(
        {
            ("spent", "x", "basic"): Interval(Decimal(4), Decimal(5)),
            ("spent", "x", "project"): Interval(Decimal("0.5"), Decimal("1.5")),
        },
        ("x",),
    )
    result = compile_formula(text, columns)(wide, "x")
    assert (result.low, result.high) == expected


def test_last_years_figures(columns: Scope) -> None:
    env = Figures({}, ("x", "y"), {("spent", "x", "basic"): Decimal(3), ("spent", "y", "basic"): Decimal(4)})
    assert compile_formula("prior(basic)", columns)(env, "x") == 3
    assert compile_formula("sum(prior(spent.items.basic))", columns)(env) == 7
    with pytest.raises(Unknown):
        compile_formula("basic + prior(project)", columns)(env, "x")


def test_variables_and_functions_are_the_scopes(small: Taxonomy) -> None:
    scope = Scope(small.tables, variables=frozenset(["year"]), functions={"shown": "value", "where": "ref"})
    env = Figures({("sums", "total", "amount"): Decimal(8)})
    env.shown = lambda value: f"<{value}>"  # type: ignore[attr-defined]
    env.where = lambda cell, more: (cell, more)  # type: ignore[attr-defined]
    assert compile_formula("year - 1", scope)(env) == 2023
    assert compile_formula("shown(sums.total)", scope)(env) == "<8>"
    assert compile_formula("where(sums.total, 'x')", scope)(env) == (("sums", "total", "amount"), "x")
    assert compile_formula("where(spent.items.basic, 'x')", scope)(env, "r")[0] == ("spent", "items", "basic", "r")


# What a formula reads


def refs(text: str, scope: Scope) -> list[tuple[Any, ...]]:
    return [tuple(ref) for ref in compile_formula(text, scope).refs]


def test_references(small: Taxonomy, columns: Scope) -> None:
    lines = Scope(small.tables, small.tables["sums"], "line")
    assert refs("basic + project", columns) == [
        Ref("spent", "row", "basic", False),
        Ref("spent", "row", "project", False),
    ]
    assert refs("opening + income", lines) == [Ref("sums", "opening", "*"), Ref("sums", "income", "*")]
    assert refs("sums.total.other", columns) == [Ref("sums", "total", "other")]
    assert refs("sums.total", columns) == [Ref("sums", "total", "amount")]
    assert refs("spent.total", columns) == [Ref("spent", "total", "total")]
    assert refs("spent['201'].basic", columns) == [Ref("spent", "201", "basic")]
    assert refs("spent['201']", columns) == [Ref("spent", "201", "total")]
    assert refs("spent[row].basic", columns) == [Ref("spent", "row", "basic", False)]
    assert refs("spent.items", columns) == [Ref("spent", "items", "", range=True)]
    assert refs("sum(spent.compared.basic)", columns) == [Ref("spent", "compared", "basic", range=True)]
    assert refs("prior(sums.total)", columns) == [Ref("sums", "total", "amount", prior=True)]


def test_references_of_records(small: Taxonomy) -> None:
    record = Scope(small.tables, small.tables["things"])
    own = Scope(small.tables, small.tables["parts"])
    funds = Scope(small.tables, small.tables["funds"], "line")
    assert refs("funds.total", record) == [Ref("funds", "total", "amount", False)]
    assert refs("sum(parts.own.points)", record) == [Ref("parts", "own", "points", range=True)]
    assert refs("things[owner].name", own) == [Ref("things", "owner", "name", False)]
    assert cell_of(Ref("funds", "total", "amount", False), "2") == ("funds", "2/total", "amount")
    assert cell_of(Ref("things", "owner", "name", False), "2/1") == ("things", "2", "name")
    [total, _given] = compile_formula("raised + given", funds).refs
    assert cell_of(total, "2/total", "amount") == ("funds", "2/raised", "amount")
    with pytest.raises(FormulaError):
        compile_formula("funds.total", Scope(small.tables))


@pytest.mark.parametrize(("text", "repeats"), [
    ("sums.total", True), ("spent[row].basic", True), ("basic", True), ("basic + 0", False), ("-basic", False),
    ("prior(basic)", False), ("sum(spent.items.basic)", False), ("spent.items.basic", False), ("round(basic)", False),
    ("1", False),
])  # fmt: skip
def test_a_mere_repetition_is_known(columns: Scope, text: str, repeats: bool) -> None:
    formula = compile_formula(text, columns)
    assert formula.reference == (formula.refs[0] if repeats else None)


class Noted(Figures):
    """Notes the cells that are read."""

    def __init__(self, cells: dict[tuple[str, str, str], Any]) -> None:
        super().__init__(cells)
        self.read: list[tuple[str, str, str]] = []

    def cell(self, table: str, row: str, column: str) -> Any:
        self.read.append((table, row, column))
        return super().cell(table, row, column)


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["basic", "project", "sums.total", "spent['201'].basic", "2", "0.5"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-"), inner).map(lambda parts: "({} {} {})".format(*parts)),
            st.tuples(inner, st.sampled_from(["2", "0.5"])).map(lambda parts: "({} * {})".format(*parts)),
            st.tuples(inner, inner, inner).map(lambda parts: "({} if {} > 1 else {})".format(*parts)),
            inner.map(lambda text: f"-{text}"),
            inner.map(lambda text: f"abs({text})"),
            st.tuples(inner, inner).map(lambda parts: "max({}, {})".format(*parts)),
        ),
        max_leaves=8,
    )


@settings(deadline=None)
@given(expressions(), st.tuples(*[st.decimals(-9, 9, places=1, allow_nan=False)] * 4))
def test_nothing_is_read_but_what_the_refs_say(columns: Scope, text: str, figures: tuple[Decimal, ...]) -> None:
    formula = compile_formula(text, columns)
    cells = dict(
        zip(
            [
                ("spent", "x", "basic"),
                ("spent", "x", "project"),
                ("sums", "total", "amount"),
                ("spent", "201", "basic"),
            ],
            figures,
        )
    )
    env = Noted(cells)
    value = formula(env, "x")
    assert set(env.read) <= {cell_of(ref, "x") for ref in formula.refs}
    python = {"basic": figures[0], "project": figures[1], "abs": abs, "max": max, "D": Decimal}
    plain = text.replace("sums.total", "S").replace("spent['201'].basic", "P").replace("0.5", "D('0.5')")
    python |= {"S": figures[2], "P": figures[3]}
    assert value == eval(plain, python)  # noqa: S307 - made above


# Relations


def test_a_relation_is_taken_apart(columns: Scope) -> None:
    check = compile_check("basic + 1 <= sum(spent.items.project)", columns)
    assert (check.operator, check.left.text) == ("<=", "basic + 1")
    assert check.right is not None
    assert check.left(FIVE, "x") == 6
    assert check.right(FIVE, "x") == Decimal("0.25")


def test_a_condition_has_one_side(columns: Scope) -> None:
    check = compile_check("basic > 0 or project > 0", columns)
    assert (check.operator, check.right) == ("", None)
    assert check.left(FIVE, "x")


@pytest.mark.parametrize("text", ["1 < basic < 2", "basic in project", "basic is project", "basic ==", "nothing == 1"])
def test_what_is_no_relation_is_refused(columns: Scope, text: str) -> None:
    with pytest.raises(FormulaError):
        compile_check(text, columns)


# In words


@pytest.mark.parametrize(("text", "expected"), [
    ("basic + project", "基本支出 + 项目支出"), ("basic*2 - project/3", "基本支出 × 2 - 项目支出 ÷ 3"),
    ("(basic + project) * 2", "（基本支出 + 项目支出）× 2"),
])  # fmt: skip
def test_a_formula_in_words(small: Taxonomy, text: str, expected: str) -> None:
    said = formula_words(small, text, small.tables["spent"])
    assert said.replace(" ", "") == expected.replace(" ", "")


# Refused on load


def load(tmp_path: Path, text: str, name: str = "own") -> Taxonomy:
    (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_taxonomy(name, str(tmp_path))


FAULTS = [
    ("basic + project", "basic + projekt", "projekt"),
    ("basic + project", "basic + spend.total", "spend"),
    ("basic + project", "basic + sums.opening.cents", "cents"),
    ("basic + project", "basic ** 2", "basic ** 2"),
    ("basic + project", "basic + things['1'].name", "name"),
]


@pytest.mark.parametrize(("old", "new", "named"), FAULTS)
def test_a_fault_is_refused_with_file_table_and_column(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ValueError, match=r"own\.toml") as caught:
        load(tmp_path, TAXONOMY.replace(old, new))
    assert "spent.total" in str(caught.value)
    assert named in str(caught.value)


def test_a_fault_of_a_line_is_refused_with_file_table_and_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"own\.toml") as caught:
        load(tmp_path, TAXONOMY.replace("opening + income", "opening + outcome"))
    assert "sums.total" in str(caught.value)
    assert "outcome" in str(caught.value)


@pytest.mark.parametrize(("changes", "chain"), [
    ({'label = "基本支出"': 'label = "基本支出", formula = "total - project"'}, ["spent.*.total", "spent.*.basic"]),
    ({'label = "基本支出"': 'label = "基本支出", formula = "basic"'}, ["spent.*.basic"]),
    ({'"opening + income"': '"opening + income + total"'}, ["sums.total"]),
    ({'income = { label = "收入" }': 'income = { label = "收入", formula = "total - opening" }'},
    ["sums.total", "sums.income"]),
    ({'income = { label = "收入" }': 'income = { label = "收入", cells = { amount = "spent.total.total" } }',
      'label = "基本支出"': 'label = "基本支出", formula = "sums.total.amount"'},
     ["sums.income.amount", "spent.*.total", "spent.*.basic", "sums.total.amount"]),
    ({'label = "项目支出"': 'label = "项目支出", formula = "sum(spent.items.total)"'},
    ["spent.*.total", "spent.*.project"]),
    ({'label = "项目支出"': 'label = "项目支出", formula = "spent[\\"201\\"].total"'},
    ["spent.*.total", "spent.*.project"]),
    ({'raised = { label = "自有" }': 'raised = { label = "自有", formula = "total - given" }'},
     ["funds.total", "funds.raised"]),
    ({'label = "分值", kind = "score"': 'label = "分值", kind = "score", formula = "sum(parts.own.points)"',
      'label = "得分", kind = "score"': 'label = "得分", kind = "score", formula = "things[owner].weight"'},
     ["things.*.weight", "parts.*.points"]),
])  # fmt: skip
def test_a_circle_is_refused_with_the_chain(tmp_path: Path, changes: dict[str, str], chain: list[str]) -> None:
    text = TAXONOMY
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(ValueError, match=r"own\.toml") as caught:
        load(tmp_path, text)
    for cell in chain:
        assert cell in str(caught.value)
    assert "→" in str(caught.value)
