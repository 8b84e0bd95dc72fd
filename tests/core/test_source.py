"""The source file: what is read from it, and that every fault is found at once, with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.amounts import AmountError
from juesuan.core.formats import load_format
from juesuan.core.memo import markdown, memo
from juesuan.core.opening import open_report
from juesuan.core.reading import load_source, parse_source
from juesuan.core.report import Report
from juesuan.core.source import (
    Entry,
    Problem,
    Source,
    SourceError,
    address,
    check_text,
    is_derived,
    parse_address,
    parse_cell,
    resolve,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "sanming-2024.toml"
HEAD = """schema = 1

[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""
TAXONOMY = load_format("fujian/final-accounts").taxonomy


def read(text: str) -> Source:
    return parse_source(HEAD + text)


def problems(text: str) -> list[tuple[str, str, int | None]]:
    """The faults of a source: code, key and line; the first line of `text` is line 8."""
    source = read(text)
    return [(problem.code, ".".join(map(str, problem.path)), source.line(problem.path)) for problem in source.problems]


# What is read


def test_the_example_has_no_fault() -> None:
    source = load_source(str(EXAMPLE))
    assert source.problems == []
    assert (source.year, source.department, source.unit) == (2024, "三明市医疗保障局", "万元")
    assert source.entries["general_budget", "2013299", "basic"].value == 20900
    assert source.rows["projects"] == ["1", "2"]
    assert source.rows["project_indicators"][:2] == ["1/1", "1/2"]
    assert source.line(source.entries["general_budget", "2013299", "basic"].path) == next(
        number
        for number, line in enumerate(source.text.split("\n"), 1)
        if "2013299" in line and number > source.text[: source.text.index("[general_budget]")].count("\n")
    )


def test_amounts_keep_the_digits_that_are_written() -> None:
    source = read("""[expenditure]
2010550 = { basic = 301.82, project = "301.820" }
2299999 = { basic = 7, project = "１，０００．５０" }
""")
    row = {
        column: source.entries["expenditure", code, column][:2]
        for code, column in (("2010550", "basic"), ("2010550", "project"))
    }
    assert row == {"basic": (3018200, 50), "project": (3018200, 5)}
    assert source.entries["expenditure", "2299999", "basic"][:2] == (70000, 50)
    assert source.entries["expenditure", "2299999", "project"][:2] == (Decimal("10005000"), 50)
    assert source.problems == []


def test_a_float_never_becomes_binary() -> None:
    source = read("[expenditure]\n2010550 = { basic = 0.1, project = 4503599627.370497 }\n")
    assert source.entries["expenditure", "2010550", "basic"].value == 1000
    assert source.entries["expenditure", "2010550", "project"].value == Decimal("45035996273704.97")


def test_rows_of_one_column_are_written_short_or_long() -> None:
    source = read("[basic_economic]\n30101 = 5\n30102 = { amount = 6 }\n")
    assert source.entries["basic_economic", "30101", "amount"] == Entry(
        Decimal(50000), Decimal(50), ("basic_economic", "30101")
    )
    assert source.entries["basic_economic", "30102", "amount"].path == ("basic_economic", "30102", "amount")


def test_an_empty_string_is_no_entry() -> None:
    source = read('[expenditure]\n2010550 = { basic = "", project = " " }\n')
    assert source.problems == []
    assert source.entries == {}


def test_records_and_what_belongs_to_them() -> None:
    source = read("""[[projects]]
name = "甲"
published = false
[projects.funds]
other = { annual = 1 }
[[projects.indicators]]
name = "子"
weight = 12.5
[[projects]]
[[projects.indicators]]
name = "丑"
[[projects.indicators]]
operator = "≤"
""")
    assert source.problems == []
    assert source.rows["projects"] == ["1", "2"]
    assert source.rows["project_indicators"] == ["1/1", "2/1", "2/2"]
    assert source.entries["project_funds", "1/other", "annual"].value == 10000
    assert source.entries["projects", "1", "published"].value is False
    assert source.entries["project_indicators", "2/2", "operator"].value == "≤"
    assert source.entries["project_indicators", "2/2", "operator"].path == ("projects", 1, "indicators", 1, "operator")
    assert source.line(("projects", 1, "indicators", 1, "operator")) == 20


def test_addresses_in_quotes_or_as_dotted_keys() -> None:
    source = read("""[prior]
"general_budget.2010550" = 1
general_budget.2013299.basic = 2
overview.total = 3
[official]
"expenditure.201.basic" = 4
[reasons]
"overview.total" = " 增加 "
""")
    assert source.problems == []
    assert {cell: entry.value for cell, entry in source.prior.items()} == {
        ("general_budget", "2010550", "total"): 10000,
        ("general_budget", "2013299", "basic"): 20000,
        ("overview", "total", "amount"): 30000,
    }
    assert list(source.official) == [("expenditure", "201", "basic")]
    assert source.reasons == {("overview", "total", "amount"): "增加"}


def test_the_key_of_a_cell_is_where_it_would_be_entered() -> None:
    source = load_source(str(EXAMPLE))
    assert source.key(("expenditure", "2010550", "basic")) == ("expenditure", "2010550", "basic")
    assert source.key(("expenditure", "2299999", "basic")) == ("expenditure", "2299999", "basic")
    assert source.key(("basic_economic", "39999", "amount")) == ("basic_economic", "39999")
    assert source.key(("vehicles", "other", "count")) == ("vehicles", "other")
    assert source.key(("three_public", "abroad", "budget")) == ("three_public", "abroad", "budget")
    assert source.key(("project_funds", "2/other", "annual")) == ("projects", 1, "funds", "other", "annual")
    assert source.key(("project_indicators", "2/3", "score")) == ("projects", 1, "indicators", 2, "score")


def test_what_is_said_of_the_report_has_defaults() -> None:
    source = parse_source('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\nunit = "元"\n')
    assert (source.department, source.unit, source.prior_file) == ("", "元", "")
    assert source.problems == []


def test_the_unit_is_never_guessed() -> None:
    source = parse_source('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n')
    assert [(problem.code, problem.path) for problem in source.problems] == [("T02", ("report",))]


def test_a_file_is_named_relative_to_the_source() -> None:
    assert resolve("/a/b/2024.toml", "2023.toml") == "/a/b/2023.toml"
    assert resolve("2024.toml", "old/2023.toml") == "old/2023.toml"
    assert resolve("/a/2024.toml", "/c/2023.toml") == "/c/2023.toml"


# Addresses


@pytest.mark.parametrize(("text", "cell"), [
    ("overview.total", ("overview", "total", "amount")), ("overview.total.amount", ("overview", "total", "amount")),
    ("expenditure.201", ("expenditure", "201", "total")),
    ("expenditure.total.basic", ("expenditure", "total", "basic")),
    ("basic_economic.30101", ("basic_economic", "30101", "amount")),
    ("project_funds.1/total.rate", ("project_funds", "1/total", "rate")),
    ("projects.2.score", ("projects", "2", "score")),
    ("project_indicators.2/10", ("project_indicators", "2/10", "points")),
])  # fmt: skip
def test_addresses(text: str, cell: tuple[str, str, str]) -> None:
    assert parse_address(text, TAXONOMY) == cell
    assert parse_address(address(cell), TAXONOMY) == cell


@pytest.mark.parametrize("text", [
    "", ".", "overview", "overview.", "nowhere.total", "overview.nothing", "overview.total.nothing",
    "overview.total.amount.x",
    "expenditure.2010", "expenditure.1010550", "expenditure.20105500", "basic_economic.201", "basic_economic.3010101",
    "projects.x", "projects.0", "projects.01", "projects.-1", "project_indicators.1", "project_indicators.1/x",
    "project_funds.total", "project_funds.x/total", "project_funds.1/nothing", "expenditure.２０１", "Overview.total",
])  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_address(text, TAXONOMY)


def test_what_is_computed() -> None:
    tables = TAXONOMY.tables
    assert is_derived(tables["expenditure"], "total", "basic")
    assert is_derived(tables["expenditure"], "20105", "basic")
    assert is_derived(tables["expenditure"], "2010550", "total")
    assert not is_derived(tables["expenditure"], "2010550", "basic")
    assert not is_derived(tables["basic_economic"], "30101", "amount")
    assert is_derived(tables["fiscal"], "opening", "government_fund")
    assert not is_derived(tables["fiscal"], "opening", "general_budget")
    assert is_derived(tables["project_funds"], "1/total", "annual")
    assert not is_derived(tables["project_funds"], "1/other", "annual")


def test_a_percentage_is_never_entered() -> None:
    with pytest.raises(AmountError):
        parse_cell(TAXONOMY.tables["project_funds"].columns["rate"], "5", "万元")


# Faults, each with its key and line


@pytest.mark.parametrize(("text", "fault"), [
    ("[expenditur]", ("T01", "expenditur", 8)),
    ("[expenditure]\n2010550 = { basik = 1 }", ("T01", "expenditure.2010550.basik", 9)),
    ("[overview]\nopening = 1", ("T01", "overview.opening", 9)),
    ("[prose]\nduty = ''", ("T01", "prose.duty", 9)),
    ("[[projects]]\nnames = '甲'", ("T01", "projects.0.names", 9)),
    ("[expenditure]\n2010550 = 5", ("T02", "expenditure.2010550", 9)),
    ("[[expenditure]]", ("T02", "expenditure", 8)),
    ("[expenditure]\n2010550 = { basic = true }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = [1] }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = 2024-01-01 }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = '12亿' }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = nan }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = -inf }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = 99999999999999999999 }", ("T03", "expenditure.2010550.basic", 9)),
    ("[expenditure]\n2010550 = { basic = 0.0000001 }", ("T03", "expenditure.2010550.basic", 9)),
    ("[vehicles]\nother = 1.5", ("T03", "vehicles.other", 9)),
    ("[vehicles]\nother = -1", ("T03", "vehicles.other", 9)),
    ("[expenditure]\n201 = { basic = 1 }", ("T04", "expenditure.201", 9)),
    ("[expenditure]\ntotal = { basic = 1 }", ("T04", "expenditure.total", 9)),
    ("[expenditure]\n2010550 = { total = 1 }", ("T04", "expenditure.2010550.total", 9)),
    ("[overview]\ntotal = 1", ("T04", "overview.total", 9)),
    ('[official]\n"expenditure.2010550.basic" = 1', ("T04", "official.expenditure.2010550.basic", 9)),
    ("[expenditure]\n2o10550 = { basic = 1 }", ("T06", "expenditure.2o10550", 9)),
    ("[expenditure]\n1010550 = { basic = 1 }", ("T06", "expenditure.1010550", 9)),
    ("[basic_economic]\n301011 = 1", ("T06", "basic_economic.301011", 9)),
    ('[prior]\n"overview.totals" = 1', ("T08", "prior.overview.totals", 9)),
    ('[reasons]\n"nowhere" = "x"', ("T08", "reasons.nowhere", 9)),
    ('[prose]\nduties = "\\u001b[31m红"', ("T05", "prose.duties", 9)),
    ('[prose]\nduties = "甲\\u202e乙"', ("T05", "prose.duties", 9)),
    ("[prose]\nduties = 5", ("T02", "prose.duties", 9)),
    ("[[projects]]\npublished = '是'", ("T05", "projects.0.published", 9)),
    ("[accounts]\n20 = '甲'", ("T06", "accounts.20", 9)),
])  # fmt: skip
def test_a_fault_has_its_key_and_line(text: str, fault: tuple[str, str, int]) -> None:
    assert problems(text) == [fault]


def test_all_faults_are_found_at_once() -> None:
    text = """[expenditure]
2010550 = { basic = "x", project = "y", total = 1 }
201 = { basic = 1 }
[vehicles]
other = -1
[prior]
"nothing" = 1
"""
    assert [(code, line) for code, _key, line in problems(text)] == [
        ("T03", 9),
        ("T03", 9),
        ("T04", 9),
        ("T04", 10),
        ("T03", 12),
        ("T08", 14),
    ]


def test_a_fault_tells_what_was_meant() -> None:
    [problem] = read("[expenditure]\n2010550 = { basik = 1 }").problems
    assert "basik" in problem.message
    assert "basic" in problem.hint


def test_a_fault_takes_nothing_else_with_it() -> None:
    source = read("[expenditure]\n2010550 = { basic = 'x', project = 3 }\n")
    assert list(source.entries) == [("expenditure", "2010550", "project")]
    assert Report(source).value(("expenditure", "total", "total")) == 30000


@pytest.mark.parametrize(("text", "line"), [
    ("", None), ("schema = 3\n", 1), ("schema = 2\n", None), ("schema = 0\n", 1), ("schema = true\n", 1),
    ("[report]\n", None), ("schema = 1\n", None),
    ("schema = 1\nreport = 5\n", 2),
    ("schema = 1\n[report]\nyear = 2024\n", 2), ('schema = 1\n[report]\nformat = "nowhere/else"\nyear = 2024\n', 3),
    ('schema = 1\n[report]\nformat = "../../etc/passwd"\nyear = 2024\n', 3),
    ('schema = 1\n[report]\nformat = "fujian/final-accounts"\n', 2), (HEAD.replace("2024", '"2024"'), 5),
    (HEAD.replace("2024", "24"), 5),
    (HEAD + "x = \n", 8), (HEAD + "[a\n", 8), (HEAD + "department = 1\n[report]\n", 8),
    (HEAD + "year = 2024\n", 8),
    (HEAD + "[expenditure]\n2010550 = { basic = 0x1F }\n", 9), ("a = " + "[" * 5000, None), ("\x00", 1),
    (HEAD + "[expenditure]\n2010550 = { basic = 1 }\n2010550 = { basic = 1 }\n", 10),
    (HEAD + "x = " + "9" * 5000, None),
])  # fmt: skip
def test_what_cannot_be_understood_is_told_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        parse_source(text, "x.toml")
    assert caught.value.path == "x.toml"
    assert caught.value.message
    assert caught.value.line == line


def test_a_later_schema_asks_for_a_later_program() -> None:
    with pytest.raises(SourceError, match=r"3"):
        parse_source("schema = 3\n")


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=[]{}\"'\n,.# 2010550basic"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    message = ""
    try:
        source = parse_source(HEAD + text)
    except SourceError as error:
        message = error.message
    else:
        assert all(isinstance(problem, Problem) and problem.message for problem in source.problems)
        message = "".join(problem.message + problem.hint for problem in source.problems)
    assert "\x1b" not in message
    assert "\x00" not in message


scalars = (
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.sampled_from(["x", "", "1.5", "\x1b[0m", "{year}"])
)
keys = st.sampled_from([
    "expenditure", "2010550", "201", "basic", "total", "projects", "indicators", "funds", "prior", "official",
    "reasons", "overview.total", "prose", "duties", "units", "name", "x",
])  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(inner)}' for key, inner in value.items() if inner is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(inner) for inner in value if inner is not None) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\x1b", "\\u001b") + '"'
    return str(value).lower()


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(keys, values, max_size=4))
def test_any_shape_of_data_is_read_or_is_a_fault(data: dict[str, object]) -> None:
    lines = [f'"{key}" = {toml(value)}\n' for key, value in data.items() if value is not None]
    source = parse_source(HEAD.replace("[report]", "".join(lines) + "[report]"))
    for problem in source.problems:
        assert "\x1b" not in problem.message
        source.line(problem.path)
    Report(source).watch()


# Texts


@pytest.mark.parametrize(("raw", "text"), [
    ("甲\n乙", "甲\n乙"), (" 甲 ", "甲"), ("甲\r\n乙\r丙", "甲\n乙\n丙"), ("甲\t乙", "甲    乙"),
    ("{year} {{x}} {% x %}", "{year} {{x}} {% x %}"),
    ("=1+1", "=1+1"), ("[red]甲[/red]", "[red]甲[/red]"), ("𠮷", "𠮷"),
])  # fmt: skip
def test_texts_are_kept(raw: str, text: str) -> None:
    assert check_text(raw) == text


@pytest.mark.parametrize(
    "raw",
    ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\u202eb", "a\u2066b", "a\u200bb", "a\ufeffb", "a\u2028b", "\ud800"],
)
def test_what_acts_on_a_terminal_or_hides_is_refused(raw: str) -> None:
    with pytest.raises(AmountError, match=r"U\+"):
        check_text(raw)


SECRETS = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\nsecret-9f3:x\n", "key": "-----BEGIN KEY-----\nsecret-9f3\n",
    "settings": "password = secret-9f3\n", "toml": 'password = "secret-9f3"\n', "schema": 'schema = "secret-9f3"\n',
    "almost": "schema = 1\npassword = secret-9f3\n", "report": "[report]\npassword = secret-9f3\n",
    "open": 'a = "secret-9f3\n', "csv": "secret-9f3,1\n2,secret-9f3\n", "chinese": "密码：secret-9f3\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_is_no_source_is_named_and_not_quoted(name: str, tmp_path: Path) -> None:
    """Whoever writes `prior` or `catalogue` may name any file that the reader can read, and the memo is passed on."""
    (tmp_path / name).write_text(SECRETS[name], encoding="utf-8")
    for key in ("prior", "catalogue"):
        source = tmp_path / "2024.toml"
        source.write_text(HEAD + f'{key} = "{name}"\n', encoding="utf-8")
        report = open_report(str(source))
        told = "\n".join([*memo(report, "2024.toml")[0], *markdown(report, "2024.toml")[0]])
        assert name in told
        assert "secret-9f3" not in told
        assert "root:x" not in told


def test_a_fault_of_a_source_is_quoted() -> None:
    with pytest.raises(SourceError, match="x = 一"):
        parse_source(HEAD + "x = 一\n", "x.toml")
