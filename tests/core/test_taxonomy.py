"""Taxonomies: the national one is sound, and what is not well formed is refused with file and place."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.catalogue import load_catalogue
from juesuan.core.formats import load_format
from juesuan.core.taxonomy import (
    AXES,
    KINDS,
    NUMBERS,
    SEVERITIES,
    Taxonomy,
    TaxonomyError,
    load_taxonomy,
    read_data,
)

SMALL = """id = "own"
title = "口径"
classes = ["201"]
economic = ["301"]

[tables.spent]
title = "支出"
axis = "functional"
primary = "total"
sums = { children = "C02", total = "C03" }
[tables.spent.columns]
total = { label = "合计", formula = "basic + project", rule = "C01" }
basic = { label = "基本支出" }
project = { label = "项目支出", optional = true }

[tables.sums]
title = "总表"
axis = "lines"
primary = "amount"
[tables.sums.columns]
amount = { label = "金额" }
copied = { label = "抄录", formula = "amount", rule = "Z02" }
[tables.sums.lines]
opening = { label = "年初" }
spent = { label = "支出", rule = "Z01", cells = { amount = "spent.total.total" } }
total = { label = "总计", formula = "opening + spent", rule = "Z03" }

[tables.things]
title = "项目"
axis = "records"
primary = "name"
[tables.things.columns]
name = { label = "名称", kind = "text" }
weight = { label = "分值", kind = "score", default = "10" }

[tables.funds]
title = "资金"
axis = "lines"
owner = "things"
key = "money"
primary = "amount"
[tables.funds.columns]
amount = { label = "金额" }
[tables.funds.lines]
total = { label = "合计", formula = "given" }
given = { label = "自有" }
"""

RULES = """[defaults]
source = "依据"

[[rules]]
code = "Z10"
check = "sums.total.amount == sums.opening.amount"
message = "{left}{right}"
en = "x"
hint = "y"
hint_en = "z"
"""


def load(folder: Path, text: str = SMALL, rules: str = "") -> Taxonomy:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    if rules:
        (folder / "own.rules.toml").write_text(rules, encoding="utf-8")
    return load_taxonomy("own", str(folder))


# A taxonomy of one's own


def test_a_taxonomy_is_read(tmp_path: Path) -> None:
    taxonomy = load(tmp_path)
    assert (taxonomy.id, taxonomy.title, taxonomy.classes, taxonomy.economic) == ("own", "口径", ("201",), ("301",))
    spent, sums, things = (taxonomy.tables[id] for id in ("spent", "sums", "things"))
    assert [column.id for column in spent.entered] == ["basic", "project"]
    assert (spent.accounts, sums.accounts, things.accounts) == (True, False, False)
    assert (spent.children_rule, spent.total_rule) == ("C02", "C03")
    assert spent.columns["project"].optional
    assert things.columns["weight"].optional
    assert things.columns["weight"].default == "10"
    assert [table.id for table in taxonomy.owned("things")] == ["funds"]
    assert taxonomy.tables["funds"].key == "money"
    assert spent.key == "spent"
    assert taxonomy.rules == []


def test_the_formula_of_a_cell_is_the_lines_own_then_the_columns_then_the_lines(tmp_path: Path) -> None:
    sums = load(tmp_path).tables["sums"]

    def text(row: str, column: str) -> str | None:
        formula = sums.formula(row, column)
        return None if formula is None else formula.text

    assert text("opening", "amount") is None
    assert text("spent", "amount") == "spent.total.total"
    assert text("total", "amount") == "opening + spent"
    assert [text(row, "copied") for row in ("opening", "spent", "total")] == ["amount"] * 3
    assert (sums.rule("spent", "amount"), sums.rule("total", "amount"), sums.rule("opening", "copied")) == (
        "Z01",
        "Z03",
        "Z02",
    )


def test_a_line_of_a_record_is_the_line(tmp_path: Path) -> None:
    funds = load(tmp_path).tables["funds"]
    line = funds.line("2/total")
    assert line is not None
    assert line.label == "合计"
    assert funds.line("2/nothing") is None
    assert funds.formula("2/total", "amount") is not None
    assert funds.formula("2/given", "amount") is None


TRANSFER = """
[[transfers]]
id = "down"
label = "补助"
income = "spent.basic"
expenditure = "spent.project"
source = "制度"
"""


def test_what_adds_up_and_what_goes_between_units_is_data(tmp_path: Path) -> None:
    text = SMALL.replace('amount = { label = "金额" }', 'amount = { label = "金额", adds = false }', 1)
    taxonomy = load(tmp_path, text.replace('opening = { label = "年初" }', 'opening = { label = "年初", adds = false }')
                    + TRANSFER)
    assert taxonomy.tables["spent"].adds("2010101", "basic")
    assert not taxonomy.tables["sums"].adds("total", "amount")
    assert taxonomy.tables["sums"].adds("total", "copied")
    assert not taxonomy.tables["sums"].adds("opening", "copied")
    assert not taxonomy.tables["things"].adds("1", "name")
    assert not taxonomy.tables["things"].adds("1", "weight")
    assert taxonomy.tables["things"].appended
    (transfer,) = taxonomy.transfers
    assert (transfer.income, transfer.expenditure) == (("spent", "basic"), ("spent", "project"))


@pytest.mark.parametrize(("old", "new"), [
    ('income = "spent.basic"', ""), ("spent.basic", "nothing.basic"), ("spent.basic", "spent.nothing"),
    ("spent.basic", "spent.total"), ("spent.basic", "sums.amount"), ("spent.basic", "spent"),
])  # fmt: skip
def test_a_transfer_that_is_none_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(TaxonomyError) as caught:
        load(tmp_path, SMALL + TRANSFER.replace(old, new))
    assert caught.value.place == "transfers.down"


def test_rules_are_compiled_when_asked_for(tmp_path: Path) -> None:
    [rule] = load(tmp_path, rules=RULES).rules
    assert (rule.code, rule.severity, rule.source, rule.exact) == ("Z10", "error", "依据", False)
    assert [check.operator for check in rule.checks] == ["=="]


# What is not well formed


@pytest.mark.parametrize(("old", "new", "place"), [
    ('title = "支出"\n', "", "spent"), ('axis = "functional"\n', "", "spent"), ('primary = "total"\n', "", "spent"),
    ('axis = "functional"', 'axis = "vertical"', "spent"), ('primary = "total"', 'primary = "sum"', "spent"),
    ('{ label = "基本支出" }', '{ name = "基本支出" }', "spent"), ('{ label = "年初" }', "{ }", "sums"),
    ('label = "名称", kind = "text"', 'label = "名称", kind = "words"', "things.name"),
    ('axis = "lines"\nprimary = "amount"\n[tables.sums', 'axis = "records"\nprimary = "amount"\n[tables.sums', "sums"),
    ('axis = "records"', 'axis = "lines"', "things"),
    ('formula = "basic + project"', 'formula = "basic +"', "spent.total"),
    ('amount = "spent.total.total"', 'amount = "spent.nothing"', "sums.spent"),
    ('amount = "spent.total.total"', 'cents = "spent.total.total"', "sums.spent"),
    ('owner = "things"', 'owner = "nothing"', "funds"),
    ('sums = { children', 'rows_from = ["nothing"]\nsums = { children', "spent"),
    ('title = "项目"', 'title = "项目"\nlabel = "nothing"', "things"),
    ('formula = "given" }\ngiven = {', 'formula = "own" }\nown = {', "funds.own"),
    ('id = "own"\n', "", ""), ('title = "口径"\n', "", ""), ('classes = ["201"]\n', "", ""),
    ('economic = ["301"]\n', "", ""),
])  # fmt: skip
def test_what_is_not_well_formed_is_refused_with_file_and_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in SMALL
    with pytest.raises(TaxonomyError) as caught:
        load(tmp_path, SMALL.replace(old, new, 1))
    assert caught.value.file == str(tmp_path / "own.toml")
    assert caught.value.place == place
    assert str(tmp_path / "own.toml") in str(caught.value)


@pytest.mark.parametrize("text", ["", "id = ", "[tables", "\x00"])
def test_what_is_no_taxonomy_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TaxonomyError):
        load(tmp_path, text)


def test_a_taxonomy_that_is_not_there_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"nothing\.toml"):
        load_taxonomy("nothing", str(tmp_path))
    (tmp_path / "own.toml").write_bytes("id = '口径'".encode("gb18030"))
    with pytest.raises(TaxonomyError, match=r"own\.toml"):
        load_taxonomy("own", str(tmp_path))
    with pytest.raises(TaxonomyError):
        read_data(str(tmp_path))


@pytest.mark.parametrize(("old", "new"), [
    ('code = "Z10"\n', ""), ("check =", "chek ="), ('message = "{left}{right}"\n', ""), ('hint = "y"\n', ""),
    ('en = "x"\n', ""),
    ("sums.opening.amount", "sums.closing.amount"),
    ('"sums.total.amount == sums.opening.amount"', '"1 < sums.total < 3"'),
    ('"sums.total.amount == sums.opening.amount"', '"1 == 2"'),
    ('code = "Z10"', 'code = "Z10"\nseverity = "fatal"'), ('code = "Z10"', 'code = "Z10"\neach = "nowhere.items"'),
    ('code = "Z10"', 'code = "Z10"\nwhen = "nothing > 0"'), ('code = "Z10"', 'code = "Z10"\nat = "nowhere.total"'),
])  # fmt: skip
def test_a_bad_rule_is_refused_with_file_and_code(tmp_path: Path, old: str, new: str) -> None:
    assert old in RULES
    taxonomy = load(tmp_path, rules=RULES.replace(old, new, 1))
    with pytest.raises(TaxonomyError) as caught:
        _rules = taxonomy.rules
    assert caught.value.file == str(tmp_path / "own.rules.toml")
    assert caught.value.place in ("Z10", "?")


# The national taxonomy of final accounts


@pytest.fixture(scope="module")
def national() -> Taxonomy:
    return load_taxonomy("final-accounts")


def test_tables_columns_and_lines(national: Taxonomy) -> None:
    assert len(national.tables) > 20
    for table in national.tables.values():
        assert table.axis in AXES
        assert table.title
        assert table.id.isascii()
        for column in table.columns.values():
            assert column.kind in KINDS
            assert column.label
            assert bool(column.choices) is (column.kind == "choice")
            assert column.formula is None or not column.default
            if column.kind == "percent":
                assert column.formula is not None
        assert all(line.label for line in table.lines.values())
        assert not table.label or table.columns[table.label].kind == "text"


def test_every_derived_amount_has_the_code_of_its_formula(national: Taxonomy) -> None:
    for table in national.tables.values():
        for row in table.lines or ("2010550",):
            for column in table.columns.values():
                if column.kind in NUMBERS and table.formula(row, column.id) is not None and table.axis != "records":
                    assert table.rule(row, column.id), f"{table.id}.{row}.{column.id}"
        if table.accounts and not table.rows_from:
            assert table.children_rule
            assert table.total_rule


def test_printed_classes_and_economic_classes_are_in_the_catalogue(national: Taxonomy) -> None:
    functional, economic = load_catalogue("functional", 2024), load_catalogue("economic", 2024)
    assert list(national.classes) == sorted(national.classes)
    assert all(functional.name(code) for code in national.classes)
    assert all(economic.name(code) for code in national.economic)


def test_rules_have_all_that_is_shown_of_them(national: Taxonomy) -> None:
    assert len(national.rules) > 40
    for rule in national.rules:
        assert rule.severity in SEVERITIES
        assert rule.checks
        for text in (rule.code, rule.message, rule.english, rule.hint, rule.source):
            assert text
        for text in (rule.message, rule.english):
            text.format(left="1", right="2", difference="3", place="4", row="5")


def test_what_both_languages_say_of_a_rule_names_the_same_figures(national: Taxonomy) -> None:
    for rule in national.rules:
        for slot in ("{left}", "{right}"):
            assert (slot in rule.message) is (slot in rule.english), rule.code


def test_a_taxonomy_is_loaded_once() -> None:
    assert load_format("fujian/final-accounts").taxonomy is load_taxonomy("final-accounts")
