"""What formulas of formats give: printed as what they are, refused where they can't be right, unknown where
they have no value."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from juesuan.core.checks import findings
from juesuan.core.compose import compose
from juesuan.core.formats import TEXT_FUNCTIONS, VARIABLES
from juesuan.core.formula import FormulaError, Scope, Unknown, compile_condition, compile_formula
from juesuan.core.progress import progress
from juesuan.core.render import KINDS, export
from juesuan.core.taxonomy import TaxonomyError, load_taxonomy

from . import minimal
from .minimal import last_sentence, load, report, sentence, told, with_block

FINAL = load_taxonomy("final-accounts")


def kind(text: str, table: str = "") -> str:
    known = VARIABLES if table else {"year": "count", "department": "text"}
    scope = Scope(FINAL.tables, FINAL.tables[table] if table else None, "column", known, TEXT_FUNCTIONS)
    return compile_formula(text, scope).type.kind


# ── types ──


@pytest.mark.parametrize(("text", "expected"), [
    ("expenditure.total.total", "amount"), ("expenditure.total.total / 3", "amount"),
    ("expenditure.total.basic if expenditure.total.project == 0 else expenditure.total.project", "amount"),
    ("max(expenditure.total.basic, 0)", "amount"),
    ("min(expenditure.total.basic, expenditure.total.project)", "amount"),
    ("abs(expenditure.total.basic - expenditure.total.project)", "amount"), ("-expenditure.total.basic", "amount"),
    ("round(expenditure.total.basic, 2)", "amount"), ("sum(expenditure.items.basic)", "amount"),
    ("2 * expenditure.total.basic", "amount"), ("0 if year > 2020 else expenditure.total.basic", "amount"),
    ("prior(expenditure.total)", "amount"), ("sum(prior(expenditure.items.total))", "amount"),
    ("expenditure.total.total - prior(expenditure.total)", "amount"), ("money('85.2', '万元')", "amount"),
    ("expenditure.total.total / vehicles.total", "amount"),
    ("expenditure.total.total * ratio(vehicles.other, vehicles.total)", "amount"),
    ("expenditure.total.basic / expenditure.total.total", "percent"),
    ("rate(expenditure.total.basic, expenditure.total.total)", "percent"),
    ("1 - rate(expenditure.total.basic, expenditure.total.total)", "percent"),
    ("rate(expenditure.total.basic, expenditure.total.total) * 100", "number"), ("vehicles.total", "count"),
    ("vehicles.total + vehicles.other", "count"), ("count(units.all)", "count"), ("year - 1", "count"),
    ("length(department)", "count"), ("sum(overall_indicators.all.weight)", "score"), ("department", "text"),
    ("'优' if year > 2020 else '良'", "text"), ("names(basic_economic.items.amount, '301')", "text"),
    ("amount(expenditure.total.total)", "text"), ("change(expenditure.total)", "passage"),
    ("prose('x') if year > 2020 else ''", "passage"), ("expenditure.total.total > 0", "flag"),
    ("'—' if expenditure.total.total == 0 else expenditure.total.total", "amount"),
])  # fmt: skip
def test_a_formula_gives_what_its_parts_make(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(("text", "words"), [
    ("expenditure.total.total + vehicles.total", "vehicles.total"),
    ("expenditure.total.total * expenditure.total.total", ""),
    ("expenditure.total.total + ratio(vehicles.other, vehicles.total)", "ratio"), ("1 / expenditure.total.total", ""),
    ("expenditure.total.total + department", "department"), ("department * 2", "department"),
    ("-department", "department"), ("expenditure.total.total == department", "department"),
    ("expenditure.total.total > vehicles.total", "vehicles"),
    ("1 if expenditure.total.total else 2", "expenditure.total.total"), ("not vehicles.total", "vehicles.total"),
    ("department and year > 2020", "department"),
    ("expenditure.total.total > 0 and vehicles.total", "vehicles.total"), ("1 if year > 0 else (2 == 2)", ""),
    ("max(expenditure.total.total, vehicles.total)", "vehicles.total"), ("max(department, '')", "department"),
    ("abs(department)", "department"), ("round(department)", "department"),
    ("round(expenditure.total.total, expenditure.total.total)", "round"), ("round(vehicles.total, 99999)", "round"),
    ("sum(expenditure.total.total)", "expenditure.total.total"), ("sum(units.all.name)", "units.all.name"),
    ("count(department)", "department"), ("length(vehicles.total)", "vehicles.total"),
    ("sum(units.all)", "units.all"), ("meets('=', year, '1')", "year"), ("money(year, '元')", "year"),
    ("money('1', '角')", "元"), ("has_text('x', expenditure.items.basic)", "expenditure.items.basic"),
    ("rate(expenditure.total.total, vehicles.total)", ""), ("contradictory(units.all.name, projects.all.name)", ""),
    ("cn(name('301'))", "name"), ("cn(expenditure.total.total)", ""), ("cn(1.5)", "1.5"),
    ("circled(department)", "department"), ("amount(department)", "department"), ("amount(year)", "year"),
    ("amount(vehicles.total)", "vehicles.total"), ("name(year)", "year"), ("suffixed(name('301'), 1)", "1"),
    ("closed(1)", "1"), ("prose(department)", "department"), ("prose()", "prose"),
    ("change(vehicles.total)", "vehicles.total"), ("change(units.all.name)", ""),
    ("change(expenditure.items.total)", ""), ("change(expenditure.total, expenditure.total)", ""), ("change(1)", "1"),
    ("change()", "change"), ("change(expenditure.total, 'amount', 'x')", "change"),
    ("because(1, expenditure.total)", "1"), ("because('', units.all.name)", ""), ("because('x')", "because"),
    ("percentage('', vehicles.other, vehicles.total, '')", "vehicles.other"),
    ("percentage('', expenditure.total.basic, 0, '')", "0"), ("percentage('x', expenditure.total)", "percentage"),
    ("names(units.all.headcount)", "units"), ("names(expenditure.items)", "expenditure.items"),
    ("names(basic_economic.items.amount, department)", ""), ("itemized(units.all.headcount, '')", ""),
    ("itemized(vehicles.all.count, '')", ""), ("joined(units.all)", "units.all"),
    ("joined(expenditure.items.total)", ""), ("joined(units.all.name, projects.all.self_evaluation)", ""),
    ("class_of(301)", "301"), ("section_of()", "section_of"), ("prior(units.all.name)", "units.all.name"),
    ("prior(units.all)", "prior"), ("prior(department)", "prior"), ("1 / 0", "1 / 0"),
    ("expenditure.total.total / (1 - 1)", ""), ("1e999", ""), ("9" * 50, ""), ("name(row)", "row"),
    ("expenditure[row].total", "row"), ("n", "n"), ("code", "code"), ("projects[owner].name", "owner"),
    ("expenditure['999'].total", "999"), ("expenditure['301'].total", "301"),
    ("basic_economic['3010101'].amount", "3010101"), ("vehicles['x'].count", "x"),
    ("sum(units.classes.headcount)", "classes"), ("sum(basic_economic.classes.amount)", "classes"),
    ("count(units.compared)", "compared"), ("sum(project_indicators.own.points)", "own"), ("'\\u202e'", ""),
    ("'\\d'", ""), (" + ".join(["1"] * 2000), ""), ("-" * 500 + "1", ""), ("1" + " " * 9000 + "+ 1", ""),
])  # fmt: skip
def test_what_does_not_go_together_is_refused(text: str, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        kind(text)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_rows_of_another_table_are_refused() -> None:
    for text in ("vehicles[row].count", "basic_economic[row].amount", "units[row].name", "projects[owner].name"):
        with pytest.raises(FormulaError):
            kind(text, "expenditure")
    assert kind("income[row].total", "expenditure") == "amount"
    assert kind("projects[owner].name", "project_indicators") == "text"


def test_a_condition_is_a_truth() -> None:
    scope = Scope(FINAL.tables, FINAL.tables["projects"])
    assert compile_condition("published", scope).type.kind == "flag"
    for text in ("score", "name", "projects.all", "1"):
        with pytest.raises(FormulaError):
            compile_condition(text, scope)


class Nothing:
    """Where every figure is zero."""

    def cell(self, table: str, row: str, column: str) -> Decimal:
        return Decimal(0)

    def variable(self, name: str) -> None:
        return None


@pytest.mark.parametrize("text", [
    "expenditure.total.basic / expenditure.total.total", "1 + rate(expenditure.total.basic, expenditure.total.total)",
    "money('x', '万元')", "length(department)", "expenditure.total.basic / expenditure.total.total > 1", "cn(year)",
])  # fmt: skip
def test_a_formula_without_a_value_raises_nothing_but_unknown(text: str) -> None:
    scope = Scope(FINAL.tables, None, "column", VARIABLES, TEXT_FUNCTIONS)
    with pytest.raises(Unknown):
        compile_formula(text, scope)(Nothing())


# ── in a format ──


@pytest.mark.parametrize(("slot", "printed"), [
    ("expenditure.total.basic if expenditure.total.project == 0 else expenditure.total.project", "20.00"),
    ("max(expenditure.total.basic, expenditure.total.project)", "20.00"), ("expenditure.total.project / 3", "6.67"),
    ("abs(expenditure.total.basic - expenditure.total.project)", "5.00"), ("sum(expenditure.items.basic)", "15.00"),
    ("-expenditure.total.project", "-20.00"), ("round(expenditure.total.basic, 0)", "15.00"),
    ("amount(max(expenditure.total.project, 0))", "20.00"),
    ("expenditure.total.project / expenditure.total.total", "57.14"),
    ("rate(expenditure.total.project, expenditure.total.total)", "57.14"), ("year - 1", "2023"),
    ("count(expenditure.items)", "2"), ("prior(expenditure.total)", "12.35"), ("expenditure.total.total > 0", "是"),
    ("'无' if year < 2020 else expenditure.total.project", "20.00"),
])  # fmt: skip
def test_a_figure_is_printed_as_what_it_is(tmp_path: Path, slot: str, printed: str) -> None:
    format = load(tmp_path, sections=with_block(sentence(f"共{{{slot}}}。")))
    assert last_sentence(report(format, more='[prior]\n"expenditure.total" = 123456.78\n')) == f"共{printed}。"


def test_amounts_of_tables_too(tmp_path: Path) -> None:
    forms = minimal.FILES["forms.toml"].replace('rows = [{ each = "expenditure.all", nonzero = true }]', """rows = [
      { label = "甲", cells = ["max(expenditure.total.basic, 0)", "expenditure.total.project / 3",
        "count(expenditure.items)"] },
      { label = "乙", cells = ["rate(expenditure.total.basic, expenditure.total.total)", "'—'", ""] },
      { each = "expenditure.items", cells = ["'—' if basic == 0 else basic", "project / total", "prior(total)"] }]""")
    own = report(load(tmp_path, forms=forms))
    (table,) = (block for block in compose(own).blocks if hasattr(block, "columns"))
    cells = [[cell.text for cell in row.cells[2:]] for row in table.rows]
    assert cells[0] == ["15.00", "6.67", "2"]
    assert cells[1] == ["42.86", "—", ""]
    assert cells[2][0] == "10.00"
    assert cells[2][1] == "0.00"
    assert not any(char.isdigit() for char in cells[2][2])
    for name in KINDS:
        assert export(name, compose(own), own)


@pytest.mark.parametrize("block", [
    sentence("{rate(expenditure.total.basic, income.total.total)}"), sentence("{money('x','万元')}"),
    sentence("{expenditure.total.basic / income.total.total}"), sentence("{prior(expenditure.total)}"),
    sentence("{max(prior(expenditure.total), expenditure.total.total) / 2}"),
])  # fmt: skip
def test_a_slot_without_a_value_says_so(tmp_path: Path, block: str) -> None:
    own = report(load(tmp_path, sections=with_block(block)))
    assert last_sentence(own).startswith("【待填")
    for name in KINDS:
        assert export(name, compose(own), own)


@pytest.mark.parametrize("block", [
    "{ text = '甲', when = 'expenditure.total.total > prior(expenditure.total)' }",
    "{ text = '甲', when = 'expenditure.total.basic / income.total.total > 1' }",
    "{ each = 'expenditure.items', filter = 'total / income.total.total > 1', blocks = [{ text = '甲' }] }",
    "{ each = 'expenditure.items', when = 'prior(expenditure.total) > 0', blocks = [{ text = '{name(row)}' }] }",
    "{ chart = 'bars', title = '甲', when = 'prior(expenditure.total) > 0', "
    "rows = [{ label = '乙', cell = 'expenditure.total' }] }",
    "{ prose = 'more', label = '更多', guidance = '写', when = 'prior(expenditure.total) > 0' }",
])  # fmt: skip
def test_a_condition_without_a_value_stops_nothing(tmp_path: Path, block: str) -> None:
    own = report(load(tmp_path, sections=with_block(block)))
    for name in KINDS:
        assert export(name, compose(own), own)
    own.watch()
    assert findings(own) is not None
    assert progress(own).required
    own.set(("expenditure", "2010301", "basic"), "5")


def test_a_format_with_a_wrong_type_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"sections\.toml"):
        load(tmp_path, sections=with_block(sentence("{expenditure.total.total + vehicles.total}")))


def test_the_minimal_format_is_sound(tmp_path: Path) -> None:
    assert len(minimal.FILES) == 4
    assert told(tmp_path, trial=True) == []
