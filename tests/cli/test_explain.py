"""`juesuan explain`: where a figure comes from, for every figure on every page."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Paragraph, Table
from juesuan.core.explain import Explanation, as_text, explain, find_cell
from juesuan.core.opening import open_report
from juesuan.core.report import Report
from juesuan.core.text.width import width

from .conftest import EXAMPLE, Run
from .test_bad_input import BODY, HEAD, write


@pytest.fixture(scope="module")
def example() -> Report:
    return open_report(str(EXAMPLE))


@pytest.mark.parametrize(
    "cell",
    [
        "general_budget.2010550.total",
        "general_budget.2010550",
        "公开05表.2010550.小计",
        "公开05.2010550",
        "公开05表.事业运行.小计",
        "公开05表·2010550 事业运行·小计",
        "一般公共预算财政拨款支出决算.2010550.小计",
        "一般公共预算财政拨款支出决算表.2010550",
    ],
)
def test_a_cell_has_many_names(cell: str, juesuan: Run) -> None:
    result = juesuan("explain", EXAMPLE, cell)
    assert (result.code, result.err) == (0, "")
    row = "一般公共预算财政拨款支出决算·2010550 事业运行"
    assert result.out.splitlines() == [
        f"{row}·小计 = 301.82 万元  [general_budget.2010550.total]",
        "  = 基本支出 + 项目支出",
        f"  {row}·基本支出 = 301.82 万元  [general_budget.2010550.basic]  录入，第 80 行",
        f"  {row}·项目支出 = 0.00 万元  [general_budget.2010550.project]  未录入",
    ]


@pytest.mark.parametrize(("name", "cell"), [
    ("公开04表.总计", "fiscal.total.total"), ("公开04表.总计.合计", "fiscal.expenditure_total.total"),
    ("公开06表.人员经费合计", "basic.personnel.amount"), ("公开06表.30101", "basic_economic.30101.amount"),
    ("公开01表.一、一般公共预算财政拨款收入", "income.total.general_budget"), ("公开01表.208", "expenditure.208.total"),
    ("公开01表.八、社会保障和就业支出", "expenditure.208.total"),
    ("公开01表.社会保障和就业支出.决算数", "expenditure.208.total"),
    ("公开07表.公务接待费", "three_public.reception.outturn"),
    ("收入支出决算总表.年末结转和结余", "overview.closing_balance.amount"),
])  # fmt: skip
def test_a_figure_has_the_names_that_are_printed(name: str, cell: str, example: Report) -> None:
    assert ".".join(find_cell(example, name)) == cell


def test_a_name_that_is_printed_nowhere_is_refused(juesuan: Run) -> None:
    result = juesuan("explain", EXAMPLE, "公开01表.没有这一行")
    assert (result.code, result.out) == (2, "")
    assert "没有这一行" in result.err


def test_official_figures_tell_what_they_replace(juesuan: Run) -> None:
    first, second, *_rest = juesuan("explain", EXAMPLE, "overview.closing_balance").out.splitlines()
    assert first.endswith("= 9.03 万元  [overview.closing_balance.amount]  公开数（计算数为 9.04），第 168 行")
    assert second.startswith("  = ")


def test_a_total_beside_an_official_figure_is_told_by_its_row(juesuan: Run) -> None:
    """4954.85 (official) and 3.76 are 4958.61; the items alone are 4958.60."""
    out = juesuan("explain", EXAMPLE, "income.21015").out
    assert "= 4958.61 万元" in out.splitlines()[0]
    assert out.splitlines()[1].startswith("  = 财政拨款收入 + 上级补助收入")
    assert "= 4954.85 万元  [income.21015.fiscal]  公开数（计算数为 4954.84）" in out
    assert "无数据：上级补助收入、事业收入、经营收入、附属单位上缴收入" in out


def test_long_sums_are_wrapped_between_their_parts(juesuan: Run) -> None:
    lines = juesuan("explain", EXAMPLE, "basic_economic.302").out.splitlines()
    words = [line for line in lines if "[" not in line]
    assert len(words) > 2
    assert words[0].startswith("  = 30201 办公费 + ")
    assert all(re.match(r"    \+ [0-9]{5} ", line) for line in words[1:])
    assert all(width(line, 1) <= 100 for line in words)


def test_a_figure_is_taken_apart_once(juesuan: Run) -> None:
    """The expenditure of all funds stands in the closing balance twice, by two ways."""
    out = juesuan("explain", EXAMPLE, "fiscal.closing.total").out
    parts = [line for line in out.splitlines() if "[income.total.fiscal]" in line]
    assert len(parts) == 1 or all("见上" in line for line in parts[1:])
    assert len(out.splitlines()) < 200


def test_what_is_finer_than_the_page_is_shown_in_full(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace("万元", "元") + BODY.replace("10.00", "123456.78"))
    assert "= 12.35 万元（123456.78 元）" in juesuan("explain", path, "income.2101501.fiscal").out


def test_accounts_that_are_printed_without_an_entry(juesuan: Run, tmp_path: Path) -> None:
    """A class of 公开01, an item of 公开06, and last year's item of the narrative."""
    path = write(tmp_path, HEAD + BODY + '[prior]\n"general_budget.2109997" = 5.00\n')
    for cell in ("expenditure.203", "basic_economic.30106", "general_budget.2109997"):
        result = juesuan("explain", path, cell)
        assert (result.code, result.err) == (0, "")
        assert "= 0.00 万元" in result.out.splitlines()[0]


def printed(report: Report) -> dict[str, str]:
    """Every cell's address that stands somewhere in the report, and its figure there."""
    figures: dict[str, str] = {}
    for block in compose(report).blocks:
        if isinstance(block, Table):
            figures |= {cell.address: cell.text for row in block.rows for cell in row.cells if cell.address}
        elif isinstance(block, Paragraph):
            figures |= {run.cell: "" for run in block.runs if run.cell and run.cell not in figures}
    return figures


def test_every_figure_on_every_page_is_explained(example: Report) -> None:
    figures = printed(example)
    assert len(figures) > 400
    for address, text in figures.items():
        found = explain(example, find_cell(example, address))
        assert ".".join(found.cell) == address
        if re.fullmatch(r"-?[0-9.]+", text):
            assert found.value.split()[0].rstrip("%") == text
        assert as_text(example, found)


def test_sums_are_what_their_parts_add_up_to(example: Report) -> None:
    """The explanation is true: a sum is its parts', and a formula of plus signs is its terms'."""
    seen: dict[tuple[str, str, str], Explanation] = {}

    def walk(own: Explanation) -> None:
        if own.cell not in seen:
            seen[own.cell] = own
            for part in own.parts:
                walk(part)

    for address in printed(example):
        walk(explain(example, find_cell(example, address)))
    checked = 0
    for own in seen.values():
        if own.how in ("sum", "zero"):
            total = sum((example.value(part.cell) for part in own.parts), Decimal(0))
            assert total == example.value(own.cell), own
            checked += 1
        assert (own.how in ("entered", "official")) == (own.line is not None)
        assert bool(own.formula) == (own.how in ("sum", "formula", "official"))
    assert checked > 50


def test_text_and_flags_are_explained_too(juesuan: Run) -> None:
    assert "= 优  [projects.1.grade]" in juesuan("explain", EXAMPLE, "projects.1.grade").out
    assert "= 100.00%  [project_funds.1/total.rate]" in juesuan("explain", EXAMPLE, "project_funds.1/total.rate").out
    assert "未录入，取默认值" in juesuan("explain", EXAMPLE, "projects.1.execution_weight").out
    (line,) = juesuan("explain", EXAMPLE, "projects.1.overview").out.splitlines()
    assert line.count("…") == 1
