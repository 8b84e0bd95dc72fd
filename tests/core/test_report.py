"""The report: its figures, and that an edit gives what the same source read anew would give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core import checks, progress
from juesuan.core.amounts import AmountError, Interval
from juesuan.core.changes import Change
from juesuan.core.compose import compose
from juesuan.core.document import Run
from juesuan.core.explain import explain
from juesuan.core.formats import load_format
from juesuan.core.formula import UNDEFINED
from juesuan.core.narrative import sentence_id
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.source import Cell, Source, is_derived, is_row

from .stating import nothing_else

EXAMPLE = (Path(__file__).parents[2] / "examples" / "sanming-2024.toml").read_text(encoding="utf-8")
HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""
LAST_YEAR = (
    HEAD.replace("2024", "2023")
    + """
[income]
2010550 = { fiscal = 100.5 }
[expenditure]
2010550 = { basic = 100.5 }
2299999 = { project = 3 }
[general_budget]
2010550 = { basic = 90.5 }
2299999 = { project = 3 }
[three_public]
reception = { budget = 3, outturn = 2.5 }
[official]
"general_budget.229.project" = 3.01
"""
)
RECORDS = """
[[units]]
name = "本级"
[[projects]]
name = "甲"
[[projects.indicators]]
name = "子"
level1 = "产出指标"
[[projects.indicators]]
name = "丑"
level1 = "效益指标"
[[projects.problems]]
problem = "一"
[[projects]]
name = "乙"
"""

TAXONOMY = load_format("fujian/final-accounts").taxonomy


def report_of(text: str, prior: Report | None = None) -> Report:
    return Report(parse_source(text), prior)


def twin(report: Report) -> Report:
    """A fresh report of the same entries."""
    source = report.source
    copied = Source(source.path, source.text, source.taxonomy, source.format)
    for name, value in vars(source).items():
        if isinstance(value, dict):
            value = {key: list(inner) if isinstance(inner, list) else inner for key, inner in value.items()}
        elif isinstance(value, list):
            value = list(value)
        setattr(copied, name, value)
    return Report(copied, report.prior_report)


# Everything that a report says


class State(NamedTuple):
    """All of a report: rows by table, figures by cell, sentences, findings and needs by their ids."""

    rows: dict[str, tuple[str, ...]]
    cells: dict[Cell, Any]
    sentences: dict[str, tuple[Run, ...]]
    findings: dict[Any, checks.Finding]
    needs: dict[str, str]
    listed: list[checks.Finding]
    missing: progress.Progress


def state(report: Report) -> State:
    rows = {table: report.rows(table) for table in report.taxonomy.tables}
    cells = {
        (table.id, row, column): report.value((table.id, row, column))
        for table in report.taxonomy.tables.values()
        for row in rows[table.id]
        for column in table.columns
    }
    found = {node: report.graph.get(node) for root in checks.roots(report) for node in leaves(report, root)}
    needed = {".".join((need.kind, need.section, need.key)): need.state for need in progress.needs(report)}
    return State(
        rows,
        cells,
        sentences(report),
        {node[1:]: value for node, value in found.items() if value is not None},
        needed,
        checks.findings(report),
        progress.progress(report),
    )


def leaves(report: Report, node: Any) -> Iterator[Any]:
    if node[0] == ":judges":
        for child in report.graph.get(node):
            yield from leaves(report, child)
    else:
        yield node


def sentences(report: Report) -> dict[str, tuple[Run, ...]]:
    found: dict[str, tuple[Run, ...]] = {}
    pending = list(report.text.nodes())
    while pending:
        node = pending.pop()
        if node[0] == ":each":
            pending += report.text.inside(node)
        else:
            runs = report.graph.get(node)
            if runs is not None:
                assert sentence_id(node) not in found
                found[sentence_id(node)] = runs
    return found


def difference(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    return {key: (before.get(key), after.get(key)) for key in {**before, **after} if before.get(key) != after.get(key)}


# Edits, drawn from few rows, so that they meet

FUNCTIONAL = ["2010550", "2013299", "2080505", "2120801", "2299999", "2230105"]
ECONOMIC = ["30101", "30108", "30231", "31002"]
FUNCTIONAL_SUMS = ["total", "201", "20105", "212", "229"]
ECONOMIC_SUMS = ["total", "301", "302"]
AMOUNTS = ["", "0", "0.00", "1", "1.5", "1.50", "1.500", "12.34", "-3.2", "100000", "301.82", 0, 7]
WORDS = ["", "甲项目", "产出指标", "事业单位", "增加（减少）", "电话13800138000", "（未完", "100"]
REASONS = ["", "正常浮动", "人员增加", "人员增加。", "（未完", "增加（减少）", *(
    f"共{name}万元。" for name in (
        "{overview.total}", "{公开01表.收入总计}", "{general_budget.2010550}", "{general_budget.2120801.basic}",
        "{支出决算表.合计}", "{公开05表.合计.小计}{{7*7}}", "{projects.2.name}",
        "{project_funds.1/total.budget}", "{units.1}", "{units.1.headcount}", "{7*7}", "{没有的表.甲}", "{", "甲}"))]


def pool(records: bool) -> list[Cell]:
    cells: list[Cell] = []
    for table in TAXONOMY.tables.values():
        if table.accounts:
            rows = FUNCTIONAL + FUNCTIONAL_SUMS if table.axis == "functional" else ECONOMIC + ECONOMIC_SUMS
            rows = [row for row in rows if is_row(table, row, TAXONOMY)]
        elif table.axis == "lines" and not table.owner:
            rows = list(table.lines)
        elif not records:
            continue
        elif table.lines:
            rows = [f"1/{line}" for line in table.lines]
        else:
            known = {"units": ["1"], "projects": ["1", "2"], "project_indicators": ["1/1", "1/2"]}
            rows = known.get(table.id, ["1/1"] if table.owner else [])
        cells += [(table.id, row, column) for row in rows for column in table.columns]
    return cells


def kind(cell: Cell) -> str:
    return TAXONOMY.tables[cell[0]].columns[cell[2]].kind


def raw(cell: Cell) -> st.SearchStrategy[Any]:
    values: dict[str, list[Any]] = {
        "amount": AMOUNTS, "count": ["", "0", "1", "7"], "score": ["", "0", "10", "12.5", "90"],
    "flag": ["", True, False],
        "choice": ["", "≥", "=", "<"], "text": WORDS,
    }  # fmt: skip
    return st.sampled_from(values[kind(cell)])


Edit = tuple[str, Any, Any]


def edits(records: bool) -> st.SearchStrategy[list[Edit]]:
    cells = pool(records)
    entered = [cell for cell in cells if not is_derived(TAXONOMY.tables[cell[0]], cell[1], cell[2])]
    derived = [
        cell for cell in cells if cell not in set(entered) and kind(cell) in ("amount", "count", "score", "text")
    ]
    amounts = [cell for cell in cells if kind(cell) == "amount"]
    texts = [cell for cell in entered if kind(cell) == "text" and TAXONOMY.tables[cell[0]].columns[cell[2]].long]
    told = [(table, row, TAXONOMY.tables[table].primary) for table, rows in (
        ("overview", ["total"]), ("general_budget", ["total", *FUNCTIONAL]), ("government_fund", FUNCTIONAL),
        ("three_public", ["total", "reception"]), ("operating_costs", ["total"])) for row in rows]  # fmt: skip

    def drawn(name: str, cells: list[Cell]) -> st.SearchStrategy[Edit]:
        return st.sampled_from(cells).flatmap(lambda cell: st.tuples(st.just(name), st.just(cell), raw(cell)))

    reasons = st.tuples(st.just("reason"), st.sampled_from(told), st.sampled_from(REASONS))
    prose = st.tuples(
        st.just("prose"), st.sampled_from(["duties", "main_task", "other_vehicle_use"]), st.sampled_from(REASONS)
    )
    one = st.one_of(
        drawn("set", entered),
        drawn("set", [cell for cell in entered if cell[1] in FUNCTIONAL]),
        drawn("official", derived),
        drawn("prior", amounts),
        drawn("prior", told),
        reasons,
        prose,
        *([st.tuples(st.just("set"), st.sampled_from(texts), st.sampled_from(REASONS))] if texts else []),
    )
    return st.lists(one, min_size=1, max_size=6)


def apply(report: Report, edit: Edit) -> Change:
    name, place, value = edit
    calls: dict[str, Callable[..., Change]] = {
        "set": report.set, "official": report.set_official, "prior": report.set_prior, "reason": report.set_reason,
        "prose": report.set_prose,
    }  # fmt: skip
    return calls[name](place, value)


def check_edits(report: Report, edits: list[Edit]) -> None:
    """After each edit the report says what a fresh one says, and the change is exactly what differs."""
    report.watch()
    old = twin(report)
    before = state(old)
    for edit in edits:
        try:
            change = apply(report, edit)
        except AmountError:  # a figure finer than a fen, in 元
            assert state(report) == before
            continue
        new = twin(report)
        after = state(new)
        assert state(report) == after
        cells = dict(change.cells)
        # A figure that is printed though its table has no such row yet, such as the sum of a class.
        for cell in [cell for cell in cells if cell not in before.cells and cell not in after.cells]:
            assert cells.pop(cell) == (old.value(cell), new.value(cell))
            assert old.value(cell) != new.value(cell)
        assert cells == difference(before.cells, after.cells)
        assert change.sentences == difference(before.sentences, after.sentences)
        assert change.findings == difference(before.findings, after.findings)
        assert change.progress == difference(before.needs, after.needs)
        old, before = new, after
    assert compose(report) == compose(old)


@settings(deadline=None, max_examples=30)
@given(edits(records=False))
def test_edits_of_an_empty_report(edits: list[Edit]) -> None:
    check_edits(report_of(HEAD), edits)


@settings(deadline=None, max_examples=12)
@given(edits(records=False))
def test_edits_of_a_report_in_yuan(edits: list[Edit]) -> None:
    check_edits(report_of(HEAD.replace("万元", "元")), edits)


@settings(deadline=None, max_examples=20)
@given(edits(records=True))
def test_edits_of_a_report_with_last_years(edits: list[Edit]) -> None:
    check_edits(report_of(HEAD + RECORDS, report_of(LAST_YEAR)), edits)


@settings(deadline=None, max_examples=10)
@given(edits(records=True))
def test_edits_of_the_example(edits: list[Edit]) -> None:
    check_edits(report_of(EXAMPLE), edits)


FUND_EDITS: list[Edit] = [
    ("set", ("government_fund", "2120801", "income"), "5"),
    ("set", ("government_fund", "2120801", "project"), "3"),
    ("set", ("government_fund", "2299999", "project"), "-1"),
    ("reason", ("government_fund", "2120801", "total"), "项目增加"),
    ("set", ("government_fund", "2120801", "project"), ""),
    ("set", ("government_fund", "2299999", "project"), ""),
    ("official", ("government_fund", "total", "total"), "2.5"),
    ("official", ("government_fund", "total", "total"), ""),
    ("set", ("government_fund", "2120801", "income"), ""),
]

OFFICIAL_EDITS: list[Edit] = [
    ("official", ("expenditure", "201", "basic"), "301.83"),
    ("official", ("expenditure", "231", "total"), "1"),
    ("official", ("overview", "total", "amount"), "6210.66"),
    ("official", ("overview", "total", "amount"), "6210.67"),
    ("set", ("income", "2010550", "other"), "1"),
    ("official", ("expenditure", "201", "basic"), None),
    ("official", ("overview", "total", "amount"), ""),
]

LAST_EDITS: list[Edit] = [
    ("prior", ("general_budget", "2080505", "total"), "1.00"),
    ("prior", ("general_budget", "2080505", "total"), "1.0000"),
    ("prior", ("general_budget", "2019999", "total"), "8"),
    ("prior", ("overview", "closing_balance", "amount"), "3"),
    ("prior", ("general_budget", "2080505", "total"), ""),
    ("prior", ("general_budget", "2019999", "total"), ""),
    ("set", ("general_budget", "2013299", "basic"), ""),
    ("set", ("general_budget", "2013299", "basic"), "0"),
    ("set", ("general_budget", "2013299", "basic"), "0.00"),
]

GROUP_EDITS: list[Edit] = [
    ("set", ("project_indicators", "2/1", "level1"), "效益指标"),
    ("set", ("project_indicators", "2/2", "level1"), "效益指标"),
    ("set", ("project_indicators", "2/2", "level2"), ""),
    ("set", ("projects", "1", "published"), False),
    ("set", ("projects", "1", "name"), "新的名称"),
    ("set", ("projects", "1", "published"), ""),
    ("set", ("vehicles", "other", "count"), 0),
    ("set", ("units", "1", "funding"), ""),
]


@pytest.mark.parametrize(
    "edits", [FUND_EDITS, OFFICIAL_EDITS, LAST_EDITS, GROUP_EDITS], ids=["fund", "official", "last", "group"]
)
def test_edits_that_turn_sentences_and_lists(edits: list[Edit]) -> None:
    check_edits(report_of(EXAMPLE), edits)
    if edits is not GROUP_EDITS:
        check_edits(report_of(HEAD, report_of(LAST_YEAR)), edits)


# One edit


@pytest.fixture(scope="module")
def example() -> Report:
    """The example; a test that edits it takes a twin."""
    return report_of(EXAMPLE)


def watched(report: Report) -> Report:
    own = twin(report)
    own.watch()
    return own


def test_an_edit_says_what_it_changes(example: Report) -> None:
    report = watched(example)
    change = report.set(("general_budget", "2013299", "basic"), "3.09")
    one = Decimal(10000)
    for row in ("2013299", "20132", "201", "total"):
        for column in ("basic", "total"):
            old, new = change.cells["general_budget", row, column]
            assert new - old == one
    assert change.cells["fiscal", "expenditure", "general_budget"] == (Decimal("60639200"), Decimal("60649200"))
    assert change.cells["fiscal_expenditure", "201", "total"] == (Decimal("3039100"), Decimal("3049100"))
    assert {cell[0] for cell in change.cells} == {
        "general_budget", "general_budget_classes", "fiscal", "fiscal_expenditure"}  # fmt: skip
    old, new = change.sentences["general_budget.3.1@2013299"]
    assert "2.09万元，较上年决算数增加0.87万元，增长71.31%" in "".join(run.text for run in old)
    assert "3.09万元，较上年决算数增加1.87万元，增长153.28%" in "".join(run.text for run in new)
    assert change.progress == {}
    errors = [new.code for _old, new in change.findings.values() if new is not None and new.severity == "error"]
    assert "F04" in errors


def test_the_same_figure_again_changes_nothing(example: Report) -> None:
    report = watched(example)
    assert report.set(("general_budget", "2013299", "basic"), "2.09") == Change({}, {}, {}, {})
    assert report.set(("general_budget", "2013299", "basic"), "２．０９") == Change({}, {}, {}, {})
    assert report.set_reason(("overview", "total", "amount"), "行政事业运行专项经费收入支出减少") == Change(
        {}, {}, {}, {}
    )


def test_there_and_back_again(example: Report) -> None:
    report = watched(example)
    before = state(report)
    there = report.set(("expenditure", "2299999", "project"), "5")
    back = report.set(("expenditure", "2299999", "project"), None)
    assert state(report) == before
    for one, other in zip(there, back):
        assert {key: (new, old) for key, (old, new) in one.items()} == other  # type: ignore[attr-defined]


def test_a_row_comes_with_its_first_figure_and_goes_with_its_last() -> None:
    report = report_of(HEAD)
    report.watch()
    assert report.rows("expenditure") == ("total",)
    change = report.set(("expenditure", "2010550", "basic"), "1")
    assert report.rows("expenditure") == ("total", "201", "20105", "2010550")
    assert change.cells["expenditure", "20105", "project"] == (None, 0)
    assert change.cells["expenditure", "2010550", "basic"] == (None, 10000)
    assert change.cells["expenditure", "total", "basic"] == (None, 10000)  # it was not known to be nothing
    report.set(("expenditure", "2010550", "project"), "0")
    report.set(("expenditure", "2010550", "basic"), "")
    assert report.items("expenditure") == ("2010550",)
    change = report.set(("expenditure", "2010550", "project"), "")
    assert report.rows("expenditure") == ("total",)
    assert change.cells["expenditure", "201", "total"] == (0, None)


def test_a_fund_that_is_used_turns_its_sentences() -> None:
    report = report_of(nothing_else(HEAD))
    report.watch()
    change = report.set(("government_fund", "2120801", "project"), "3")
    gone, come = change.sentences["government_fund.1"], change.sentences["government_fund.2"]
    assert "没有使用政府性基金预算拨款" in "".join(run.text for run in gone[0])
    assert gone[1] is come[0] is None
    assert "政府性基金支出3.00万元" in "".join(run.text for run in come[1])
    assert change.sentences["government_fund.3.1@2120801"][0] is None


def test_a_bad_figure_changes_nothing(example: Report) -> None:
    report = watched(example)
    before = state(report)
    for cell, value in (
        (("expenditure", "2010550", "basic"), "12a"),
        (("vehicles", "other", "count"), "-1"),
        (("vehicles", "other", "count"), "1.5"),
        (("projects", "1", "published"), "yes"),
        (("projects", "1", "name"), 5),
        (("expenditure", "2010550", "basic"), True),
    ):
        with pytest.raises(AmountError):
            report.set(cell, value)
    with pytest.raises(AmountError):
        report.set_prior(("overview", "total", "amount"), "much")
    with pytest.raises(AmountError):
        report.set_official(("overview", "total", "amount"), "NaN")
    assert state(report) == before


@pytest.mark.parametrize("cell", [
    ("projects", "2", "name"), ("project_funds", "1/nothing", "budget"), ("expenditure", "2101", "basic"),
    ("expenditure", "30101", "basic"), ("three_public", "boats", "budget"), ("units", "0", "name"),
])  # fmt: skip
def test_a_row_that_cannot_be_is_refused(cell: Cell) -> None:
    report = report_of(HEAD + '[[projects]]\nname = "甲"\n')
    with pytest.raises(ValueError, match=r"没有|no row"):
        report.set(cell, "1")
    assert cell not in report.source.entries


@pytest.mark.parametrize("cell", [
    ("expenditure", "total", "basic"), ("expenditure", "201", "basic"), ("expenditure", "20105", "basic"),
    ("expenditure", "2010550", "total"), ("overview", "total", "amount"), ("fiscal", "income", "general_budget"),
    ("projects", "1", "score"),
])  # fmt: skip
def test_what_is_computed_is_not_entered(example: Report, cell: Cell) -> None:
    report = twin(example)
    with pytest.raises(ValueError, match=r"."):
        report.set(cell, "1")
    assert cell not in report.source.entries


def test_what_is_entered_has_no_official_figure(example: Report) -> None:
    report = twin(example)
    with pytest.raises(ValueError, match=r"."):
        report.set_official(("expenditure", "2010550", "basic"), "1")
    assert report.source.official == example.source.official


# Figures


def figure(report: Report, address: str) -> str:
    table, row, *column = address.split(".")
    return report.shown((table, row, column[0] if column else report.taxonomy.tables[table].primary))


@pytest.mark.parametrize(("address", "printed"), [
    ("overview.income", "6097.77"), ("overview.total", "6210.65"), ("overview.expenditure", "6201.62"),
    ("overview.closing_balance", "9.03"), ("income.21015.fiscal", "4954.85"), ("income.210.fiscal", "5099.64"),
    ("expenditure.total.basic", "5032.24"), ("expenditure.total.project", "1169.38"), ("expenditure.208", "660.47"),
    ("general_budget.total", "6063.92"), ("fiscal.total", "6064.02"), ("fiscal.closing.general_budget", "0.09"),
    ("basic_economic.302", "177.08"), ("basic.personnel", "4855.17"), ("basic.public", "177.08"),
    ("basic.total", "5032.25"),
    ("three_public.total", "39.27"), ("three_public.vehicles", "21.00"), ("vehicles.total", "11"),
    ("procurement.total", "11.89"),
])  # fmt: skip
def test_figures_of_the_example(example: Report, address: str, printed: str) -> None:
    if printed in ("6097.77", "6210.65"):
        # The published sums are 6097.78 and 6210.66: the official figure of one section carries up.
        printed = {"6097.77": "6097.78", "6210.65": "6210.66"}[printed]
    assert figure(example, address) == printed


def test_an_official_figure_carries_up() -> None:
    """A section that is published 0.01 higher makes all that is summed up from it 0.01 higher."""
    text = (
        HEAD
        + """[expenditure]
2010550 = { basic = 1.00 }
2010501 = { basic = 2.00, project = 4 }
2299999 = { basic = 8 }
"""
    )
    report = report_of(text + '[official]\n"expenditure.20105.basic" = 3.01\n')
    for row, sums in (
        ("20105", ("3.01", "4.00", "7.01")),
        ("201", ("3.01", "4.00", "7.01")),
        ("total", ("11.01", "4.00", "15.01")),
    ):
        assert tuple(figure(report, f"expenditure.{row}.{column}") for column in ("basic", "project", "total")) == sums
    assert figure(report, "overview.expenditure") == "15.01"
    assert figure(report, "expenditure.2010550") == "1.00"


TAILS = """[expenditure]
2010101 = {{ basic = 10.00, project = 5.00 }}
2080505 = {{ basic = 3.00 }}
[official]
"expenditure.2010101.total" = {row}
"expenditure.total.project" = {column}
"""


@pytest.mark.parametrize(
    ("row", "column", "total", "words"),
    [
        ("15.01", "5.01", "18.01", "201 一般公共服务支出 + 208 社会保障和就业支出"),  # one tail, told twice
        ("14.99", "4.99", "17.99", "201 一般公共服务支出 + 208 社会保障和就业支出"),
        ("15.02", "5.01", "18.02", "201 一般公共服务支出 + 208 社会保障和就业支出"),  # the greater holds the other
        ("15.01", "5.02", "18.02", "基本支出 + 项目支出 + 上缴上级支出 + 经营支出 + 对附属单位补助支出"),
        (
            "15.02", "4.99", "18.01",  # two tails: 18.00 + 0.02 - 0.01
            "基本支出 + 项目支出 + 上缴上级支出 + 经营支出 + 对附属单位补助支出 + 0.02（下级公开数的尾差）",
        ),
    ],
)  # fmt: skip
def test_the_tails_of_a_row_and_of_a_column_are_counted_once(row: str, column: str, total: str, words: str) -> None:
    report = report_of(HEAD + TAILS.format(row=row, column=column))
    assert figure(report, "expenditure.total") == total
    assert figure(report, "overview.expenditure") == total
    assert explain(report, ("expenditure", "total", "total")).formula == words


COLUMNS = ("basic", "project", "remitted")
PLACES = ("total", "201", "20101", "2010101", "2010150", "20103", "2010301", "208", "20805", "2080505")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.sampled_from((*COLUMNS, "total"))),
        st.integers(-2, 2),
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_tail_is_counted_twice(tails: dict[tuple[str, str], int]) -> None:
    """Official figures anywhere: a total is the sum of its rows where no column tells a tail, the sum of its
    columns where no row does, both where they agree, and never further off than both together."""
    leaves = [place for place in PLACES if len(place) == 7]
    lines = [f"{place} = {{ basic = {n + 1}.10, project = {n + 2}.25 }}" for n, place in enumerate(leaves)]
    text = HEAD + "[expenditure]\n" + "\n".join(lines) + "\n"
    plain = report_of(text)
    cells = [("expenditure", row, column) for row, column in tails if len(row) < 7 or column == "total"]
    stated = [f'"{".".join(cell)}" = {plain.value(cell) / 10000 + Decimal(tails[cell[1:]]) / 100}' for cell in cells]
    report = report_of(text + "[official]\n" + "\n".join(stated) + "\n")
    children = report.graph.get((":tree", "expenditure"))
    for row in PLACES:
        total = report.value(("expenditure", row, "total"))
        across = sum(report.value(("expenditure", row, column)) for column in COLUMNS)
        if ("expenditure", row, "total") in cells or row not in children:
            continue
        down = sum(report.value(("expenditure", child, "total")) for child in children[row])
        without = sum(report.value(("expenditure", child, column)) for child in children[row] for column in COLUMNS)
        assert total in (down, across) or (down < without < across) or (across < without < down)
        assert total - without == max(down - without, across - without, 0) + min(down - without, across - without, 0)
        assert (own := report.interval(("expenditure", row, "total"))).low <= total <= own.high


def test_an_empty_report_has_no_figures() -> None:
    report = report_of(HEAD)
    assert figure(report, "overview.total") == figure(report, "vehicles.total") == "【待填】"
    assert report.value(("overview", "total", "amount")) is None
    stated = report_of(nothing_else(HEAD))
    assert figure(stated, "overview.total") == "0.00"
    assert figure(stated, "vehicles.total") == "0"
    assert report.rows("income") == ("total",)
    assert report.items("income") == ()
    assert report.prior(("overview", "total", "amount")) is None


def test_a_share_of_nothing_is_no_figure() -> None:
    report = report_of(HEAD + '[[projects]]\nname = "甲"\n')
    assert report.value(("project_funds", "1/total", "rate")) is None
    assert report.shown(("project_funds", "1/total", "rate")) == "【待填】"
    report = report_of(HEAD + '[[projects]]\nname = "甲"\nnone = ["funds"]\n')
    assert report.value(("project_funds", "1/total", "rate")) is UNDEFINED
    assert report.shown(("project_funds", "1/total", "rate")) == "—"


def test_rows_of_other_tables_are_rows_here() -> None:
    report = report_of(
        HEAD + "[government_fund]\n2120801 = { income = 2 }\n[general_budget]\n2010550 = { basic = 1 }\n"
    )
    assert report.items("income") == ("2120801",)
    assert report.items("fiscal_expenditure") == ("2010550", "2120801")
    assert figure(report, "income.total.government_fund") == "2.00"


def test_rows_are_in_the_order_of_codes() -> None:
    report = report_of(
        HEAD + "[expenditure]\n2299999 = { basic = 1 }\n2010550 = { basic = 1 }\n2010501 = { basic = 1 }\n"
    )
    assert report.rows("expenditure") == ("total", "201", "20105", "2010501", "2010550", "229", "22999", "2299999")


def test_amounts_in_yuan_are_rounded_once() -> None:
    text = (
        HEAD.replace("万元", "元")
        + "[expenditure]\n2010501 = { basic = 50.00, project = 49.99 }\n2010550 = { basic = 49.99 }\n"
    )
    report = report_of(text)
    assert figure(report, "expenditure.2010501.basic") == "0.01"
    assert figure(report, "expenditure.2010501.project") == "0.00"
    assert figure(report, "expenditure.2010501") == "0.01"
    assert report.value(("expenditure", "total", "total")) == Decimal("149.98")
    assert figure(report, "expenditure.total") == "0.01"


def test_intervals_of_entries_sums_and_official_figures(example: Report) -> None:
    assert example.interval(("expenditure", "2010550", "basic")) == Interval(Decimal(3018150), Decimal(3018250))
    assert example.interval(("expenditure", "2010550", "total")) == Interval(Decimal(3018150), Decimal(3018250))
    assert example.interval(("expenditure", "208", "total")) == Interval(Decimal(6604600), Decimal(6604800))
    assert example.interval(("overview", "closing_balance", "amount")) == Interval(Decimal(90250), Decimal(90350))
    assert example.interval(("vehicles", "other", "count")) == Interval(Decimal(11), Decimal(11))


def test_an_official_figure_widens_nothing_but_itself() -> None:
    report = report_of(HEAD + """
[expenditure]
2101501 = { basic = 10.00, project = 5.00 }
2101599 = { project = 5.00 }
[official]
"expenditure.total.basic" = 10.01
""")
    total = report.interval(("expenditure", "total", "total"))
    assert total == Interval(Decimal(199950), Decimal(200250))  # 10.01 and twice 5.00, each within 50 元


def test_an_official_zero_can_be_a_small_amount() -> None:
    text = HEAD + '[expenditure]\n2101501 = { basic = 0 }\n[official]\n"expenditure.210" = 0.00\n'
    report = report_of(text)
    assert report.interval(("expenditure", "210", "total")) == Interval(Decimal(-50), Decimal(50))
    assert report.interval(("expenditure", "2101501", "basic")) == Interval(Decimal(0), Decimal(0))


def test_economic_totals_are_sums() -> None:
    report = report_of(HEAD + "[basic_economic]\n30101 = 1.25\n30201 = 2.50\n31002 = 0.25\n")
    assert figure(report, "basic_economic.total") == "4.00"
    assert figure(report, "basic_economic.301") == "1.25"


def test_what_follows_from_last_years_figures_is_as_sure_as_they_are() -> None:
    report = report_of(HEAD + """
[general_budget]
2101501 = { basic = 1 }
[prior]
"general_budget.2101501.basic" = 1.00
"general_budget.2101501.project" = 2.00
"three_public_counts.vehicles_kept" = 3
""")
    assert report.intervals.prior("general_budget", "2101501", "total") == Interval(Decimal(29900), Decimal(30100))
    assert report.intervals.prior("three_public_counts", "vehicles_kept", "count") == 3


# Last year


def test_last_years_figures_are_the_printed_ones_of_its_report() -> None:
    last = report_of(LAST_YEAR.replace('unit = "万元"', 'unit = "元"').replace("100.5", "1005050.00"))
    report = report_of(HEAD, last)
    assert report.prior(("income", "total", "total")) == Decimal("1005100")
    assert report.prior(("three_public_counts", "vehicles_kept", "count")) is None
    assert report.prior(("general_budget", "201", "project")) == Decimal(0)  # in a row that has figures
    last = report_of(nothing_else(LAST_YEAR))
    assert report_of(HEAD, last).prior(("three_public_counts", "vehicles_kept", "count")) == 0


def test_an_entered_figure_of_last_year_stands_over_its_report() -> None:
    report = report_of(HEAD + '[prior]\n"income.total" = 5\n', report_of(LAST_YEAR))
    assert report.prior(("income", "total", "total")) == 50000
    assert report.prior(("expenditure", "total", "total")) == 1035000


def test_accounts_of_last_year_are_compared() -> None:
    report = report_of(
        HEAD + '[prior]\n"general_budget.2010301" = 5\n[general_budget]\n2010550 = { basic = 1 }\n',
        report_of(LAST_YEAR),
    )
    compared = report.values.selected("general_budget", "compared", "")
    assert compared == ("2010301", "2010550", "2299999")


# A pure function


def test_reading_a_report_writes_nothing() -> None:
    source = parse_source(EXAMPLE)
    before = {name: repr(value) for name, value in vars(source).items() if name != "_lines"}
    report = Report(source)
    report.watch()
    compose(report)
    checks.findings(report)
    progress.progress(report)
    assert {name: repr(value) for name, value in vars(source).items() if name != "_lines"} == before


def test_two_reports_of_one_text_are_equal() -> None:
    one, two = report_of(EXAMPLE), report_of(EXAMPLE)
    two.watch()
    assert compose(one) == compose(two)
    assert checks.findings(one) == checks.findings(two)


def test_the_order_of_rows_in_the_file_is_nothing_to_the_report() -> None:
    rows = ["2010550 = { basic = 1.01 }", "2299999 = { project = 2 }", "2080505 = { basic = 3, project = 0.5 }"]
    tables = [f"[{table}]\n" for table in ("expenditure", "general_budget")]
    one = HEAD + "".join(table + "\n".join(rows) + "\n" for table in tables)
    two = HEAD + "".join(table + "\n".join(reversed(rows)) + "\n" for table in reversed(tables))
    assert compose(report_of(one)) == compose(report_of(two))
