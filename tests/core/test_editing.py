"""Edits of the source, and what they leave alone."""

import os
import random
import subprocess
import sys
import tomllib
from datetime import date
from decimal import Decimal

import pytest
import tomlkit
from juesuan.core.toml.editing import Digits, EditError, SourceText

TEXT = """\
# 三明市医疗保障局
schema = 1

[report]
format = "fujian/final-accounts"   # 格式
year   = 2024

[expenditure]                         # 支出决算表
2010550 = { basic = 301.82 }          # 事业运行
# 医保
2101599 = { basic = 14.41, project = 1135.29 }

# ==== 项目 ====

# 第一个
[[projects]]
name = "甲"
# score = 90
indicators = [
  { name = "a", weight = 10 },  # 甲一
  # 甲二
  { name = "b" },
]

# 第二个
[[projects]]
name = "乙"

[reasons]
"general_budget.2010550" = "……"
# 待补

# 完
"""


def edited(text, *calls):
    """The text after edits, each written as its name and arguments."""
    source = SourceText.parse(text)
    for name, *arguments in calls:
        getattr(source, name)(*arguments)
    result = source.text()
    data = tomllib.loads(result, parse_float=Digits)
    assert source.get(()) == data
    assert tomlkit.parse(result.replace("\r\n", "\n")).unwrap() == tomllib.loads(result)
    return result


def changes(text, *calls):
    """The lines that edits took away (-) and brought (+)."""
    before, after = text.splitlines(), edited(text, *calls).splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return [f"-{line}" for line in before] + [f"+{line}" for line in after]


def refused(text, name, *arguments):
    source = SourceText.parse(text)
    with pytest.raises(EditError) as caught:
        getattr(source, name)(*arguments)
    assert source.text() == text
    assert caught.value.message in str(caught.value)
    return caught.value


# Reading


def test_values_are_read_with_their_digits():
    source = SourceText.parse(TEXT)
    assert source.get(("expenditure", "2010550", "basic")) == Digits("301.82")
    assert source.get(("report", "year")) == 2024
    assert source.get(("reasons", "general_budget.2010550")) == "……"
    assert source.get(("projects", 0, "indicators", 1)) == {"name": "b"}
    assert source.get(("projects",))[1] == {"name": "乙"}
    assert str(Digits("301.820")) == "301.820"


@pytest.mark.parametrize(
    "path",
    [("none",), ("report", "none"), ("report", "year", "x"), ("projects", 2), ("projects", "name"), ("report", 0)],
)
def test_what_is_not_there_is_the_default(path):
    source = SourceText.parse(TEXT)
    assert source.get(path) is None
    assert source.get(path, "?") == "?"


def test_what_is_no_toml_is_refused():
    with pytest.raises(tomllib.TOMLDecodeError):
        SourceText.parse("a = ")


# Values


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Digits("301.820"), "301.820"),
        (Digits("300"), "300"),
        (Digits("-0.10"), "-0.10"),
        (Digits("12345678901234567890.12345678901234567890"), "12345678901234567890.12345678901234567890"),
        (7, "7"),
        (True, "true"),
        ("x", '"x"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("\x1b[2J\x7f", '"\\u001b[2J\\u007f"'),
        ("a\nb", '"a\\nb"'),
        (date(2024, 12, 31), "2024-12-31"),
        ([1, "x"], '[1, "x"]'),
        ({"a": 1, "b c": {}}, '{ a = 1, "b c" = {} }'),
    ],
)
def test_values_in_a_row(value, written):
    assert changes(TEXT, ("set", ("expenditure", "2010550", "basic"), value)) == [
        "-2010550 = { basic = 301.82 }          # 事业运行",
        f"+2010550 = {{ basic = {written} }}          # 事业运行",
    ]


@pytest.mark.parametrize("digits", ["", "1.", ".5", "007", "1,000.00", "0x", "12a", "1\n2", "１２", "1 # x", "--1"])
def test_digits_that_are_no_number_are_refused(digits):
    source = SourceText.parse(TEXT)
    with pytest.raises(ValueError, match=r"\S"):
        source.set(("expenditure", "2010550", "basic"), Digits(digits))
    with pytest.raises(ValueError, match=r"\S"):
        source.set(("new", "1", "basic"), Digits(digits))
    assert source.text() == TEXT


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), None, b"x", {1: 2}])
def test_values_that_toml_has_not_are_refused(value):
    source = SourceText.parse(TEXT)
    for path in (("report", "year"), ("new", "x")):
        with pytest.raises((TypeError, EditError)):
            source.set(path, value)
    with pytest.raises(TypeError):
        source.insert_record(("projects",), 0, {"x": value})
    assert source.text() == TEXT


def test_half_a_character_is_refused():
    with pytest.raises(ValueError, match=r"\S"):
        SourceText.parse(TEXT).set(("report", "department"), "a\ud800")


def test_equal_values_are_left_as_they_are_written():
    text = "a = 1_000\nb = 'x'\nc = 1.50\n"
    assert edited(text, ("set", ("a",), 1000), ("set", ("b",), "x"), ("set", ("c",), Digits("1.50"))) == text
    assert edited(text, ("set", ("a",), True)).startswith("a = true\n")


def test_prose_is_written_in_several_lines():
    text = edited("[prose]\n", ("set", ("prose", "duties"), '一、"甲"\n\n二、\\乙"""\n'))
    assert text == '[prose]\nduties = """\n一、"甲"\n\n二、\\\\乙""\\"\n"""\n'
    assert edited(text, ("set", ("prose", "duties"), "一")) == '[prose]\nduties = "一"\n'


# Rows


def test_a_row_is_put_among_the_codes():
    def placed(code):
        return changes(TEXT, ("set", ("expenditure", code, "basic"), Digits("1.00")))

    assert placed("2010101") == ["+2010101 = { basic = 1.00 }"]
    lines = edited(TEXT, ("set", ("expenditure", "2010101", "basic"), 1)).splitlines()
    assert lines[8:10] == ["2010101 = { basic = 1 }", "2010550 = { basic = 301.82 }          # 事业运行"]
    lines = edited(TEXT, ("set", ("expenditure", "208", "basic"), 1)).splitlines()
    assert lines[8].startswith("2010550")
    assert lines[9:12] == ["208 = { basic = 1 }", "# 医保", "2101599 = { basic = 14.41, project = 1135.29 }"]
    lines = edited(TEXT, ("set", ("expenditure", "2300000", "basic"), 1)).splitlines()
    assert lines[11] == "2300000 = { basic = 1 }"


def test_codes_stay_apart_from_other_keys():
    text = "[t]\nnote = 1\n# x\n3 = {}\n1 = {}\n  # y\n  5 = {}\nlast = 2\n"
    assert edited(text, ("set", ("t", "2"), 0)) == text.replace("# x\n", "2 = 0\n# x\n")
    assert edited(text, ("set", ("t", "4"), 0)) == text.replace("  # y\n", "  4 = 0\n  # y\n")
    assert edited(text, ("set", ("t", "6"), 0)) == text.replace("last", "  6 = 0\nlast")
    assert edited(text, ("set", ("t", "more"), 0)) == text + "more = 0\n"


def test_members_of_a_row():
    path = ("expenditure", "2010550")
    added = edited(TEXT, ("set", (*path, "project"), Digits("5.0")))
    assert "2010550 = { basic = 301.82, project = 5.0 }          # 事业运行\n" in added
    assert edited(added, ("delete", (*path, "project"))) == TEXT
    assert "2010550 = { project = 5.0 }          # 事业运行\n" in edited(added, ("delete", (*path, "basic")))
    assert changes(TEXT, ("delete", (*path, "basic"))) == ["-2010550 = { basic = 301.82 }          # 事业运行"]


@pytest.mark.parametrize(
    ("row", "more", "less"),
    [
        ("r = {}", "r = { x = 1 }", None),
        ("r = {a=1,b=2}", "r = {a=1,b=2, x = 1}", "r = {b=2}"),
        ("r = { a = 1 , b = 2 } # c", "r = { a = 1 , b = 2, x = 1 } # c", "r = { b = 2 } # c"),
        ("r = { a.p = 1, a.q = 2 }", "r = { a.p = 1, a.q = 2, x = 1 }", None),
        ("r = { a.p = 1, b = 2 }", "r = { a.p = 1, b = 2, x = 1 }", "r = { b = 2 }"),
        ('r = { a = """\n}""" }', 'r = { a = """\n}""", x = 1 }', None),
        ("r = [{a = 1}]", None, "r = [{}]"),
    ],
)
def test_rows_of_every_form(row, more, less):
    text = f"k = 0\n{row}\n"
    inner = ("r", 0) if row.startswith("r = [") else ("r",)
    if more:
        assert edited(text, ("set", (*inner, "x"), 1)) == f"k = 0\n{more}\n"
    if "a" in row:
        assert edited(text, ("delete", (*inner, "a"))) == (f"k = 0\n{less}\n" if less else "k = 0\n")


def test_what_a_new_key_needs_is_made():
    assert changes(TEXT, ("set", ("funds", "2290402", "project"), Digits("3.00"))) == [
        "+[funds]",
        "+2290402 = { project = 3.00 }",
        "+",
    ]
    added = edited(TEXT, ("set", ("funds", "2290402", "project"), 3))
    assert added.endswith("# 待补\n\n[funds]\n2290402 = { project = 3 }\n\n# 完\n")
    assert edited(added, ("delete", ("funds", "2290402", "project"))) == TEXT
    assert (
        edited("", ("set", ("schema",), 1), ("set", ("report", "year"), 2024))
        == "schema = 1\n\n[report]\nyear = 2024\n"
    )
    assert edited("", ("set", ("a", "b", "c", "d"), 1)) == "[a]\nb = { c = { d = 1 } }\n"
    assert edited(TEXT, ("set", ("unit",), "元")).startswith(
        '# 三明市医疗保障局\nschema = 1\nunit = "元"\n\n[report]\n'
    )


def test_a_table_that_others_imply():
    text = "# x\n[a.b]\nc = 1\n\n[[p]]\n\n[p.q.r]\n"
    assert edited(text, ("set", ("a", "d"), 1)) == "[a]\nd = 1\n\n" + text
    assert edited(text, ("set", ("p", 0, "q", "s"), 1)).endswith("[[p]]\n\n[p.q]\ns = 1\n\n[p.q.r]\n")
    assert edited("x.y = 1\n[x.z.u]\n", ("set", ("x", "z", "v"), 2)) == "x.y = 1\n[x.z]\nv = 2\n\n[x.z.u]\n"


def test_dotted_keys_grow_dotted_keys():
    assert edited("a.b.c = 1\n", ("set", ("a", "b", "d"), 2)) == "a.b.c = 1\na.b.d = 2\n"
    assert edited("a.b = 1\n", ("set", ("a", "c", "d"), 2)) == "a.b = 1\na.c = { d = 2 }\n"
    assert edited("a.b = 1\nc = 2\na.d = 3\n", ("delete", ("a",))) == "c = 2\n"


def test_keys_are_quoted_where_they_must_be():
    text = edited("[reasons]\n", ("set", ("reasons", "general_budget.2010550"), "因"), ("set", ("reasons", "公款"), 1))
    assert text == '[reasons]\n"general_budget.2010550" = "因"\n"公款" = 1\n'
    assert edited(text, ("delete", ("reasons", "general_budget.2010550"))) == '[reasons]\n"公款" = 1\n'


def test_a_line_goes_with_its_comment_but_not_with_those_around_it():
    text = "# a\nx = '''\n1\n''' # b\n# c\ny = 1\n"
    assert edited(text, ("delete", ("x",))) == "# a\n# c\ny = 1\n"


def test_a_table_goes_when_nothing_is_left_of_it():
    assert edited("a = 1\n\n[t]\nx = 1\n\n[u]\ny = 1\n", ("delete", ("t", "x"))) == "a = 1\n\n[u]\ny = 1\n"
    assert edited("[t] # c\nx = 1\n", ("delete", ("t", "x"))) == "[t] # c\n"
    assert edited("[t]\nx = 1\n# c\n", ("delete", ("t", "x"))) == "[t]\n# c\n"
    assert edited("[t]\nx = 1\n[t.u]\ny = 1\n", ("delete", ("t",))) == ""
    assert edited("[t]\nx = 1\n[[t.u]]\n[v]\n", ("delete", ("t", "u"))) == "[t]\nx = 1\n[v]\n"


def test_a_table_can_be_set_as_a_whole():
    source = SourceText.parse(TEXT)
    for path in (("expenditure", "2101599"), ("expenditure",), ("projects", 0, "indicators")):
        old = source.get(path)
        source.delete(path)
        assert source.get(path) is None
        source.set(path, old)
        assert source.get(path) == old
    assert "\n\n[expenditure]\n2010550 = { basic = 301.82 }\n2101599 = {" in source.text()


def test_shapes_that_do_not_fit_are_refused():
    for path in (
        ("report",),
        ("projects",),
        ("projects", 0),
        ("expenditure", "2010550"),
        (),
        ("projects", 0, "indicators"),
    ):
        refused(TEXT, "set", path, 1)
    for path in (
        ("report", "year", "x"),
        ("projects", "name"),
        ("projects", "x", "y"),
        ("projects", 5, "name"),
        ("report", 0),
        ("projects", 0, "indicators", "x"),
        ("projects", 0, "indicators", 2, "name"),
        ("new", 0),
    ):
        refused(TEXT, "set", path, 1)
    refused("a.b.c = 1\n", "set", ("a", "b"), 1)
    for path in (("none",), ("report", "x"), ("report", "year", "x"), ("projects", 2), ("projects", "name"), ()):
        refused(TEXT, "delete", path)
    refused(TEXT, "insert_record", ("report",), 0, {})
    refused(TEXT, "insert_record", ("projects",), 3, {})
    refused(TEXT, "insert_record", ("projects", "x"), 0, {})
    refused(TEXT, "insert_record", ("new",), 1, {})
    refused(TEXT, "remove_record", ("projects",), -1)
    refused(TEXT, "move_record", ("projects",), 0, 2)


# Records


def test_new_records_keep_the_lines_of_the_others():
    record = {"name": "丙", "note": "一\n二", "indicators": [{"name": "c"}], "none": []}
    lines = [
        "+[[projects]]",
        '+name = "丙"',
        '+note = """',
        "+一",
        '+二"""',
        "+indicators = [",
        '+  { name = "c" },',
        "+]",
    ]
    lines += ["+none = []", "+"]
    first = edited(TEXT, ("insert_record", ("projects",), 0, record))
    assert changes(TEXT, ("insert_record", ("projects",), 0, record)) == lines
    assert "# ==== 项目 ====\n\n[[projects]]\n" in first
    assert "\n\n# 第一个\n[[projects]]\n" in first
    last = edited(TEXT, ("insert_record", ("projects",), 2, record))
    assert 'name = "乙"\n\n[[projects]]\nname = "丙"\n' in last
    assert "none = []\n\n[reasons]\n" in last
    assert edited(last, ("remove_record", ("projects",), 2)) == TEXT
    assert edited(first, ("delete", ("projects", 0))) == TEXT


def test_a_record_goes_with_the_comments_right_above_it_only():
    text = edited(TEXT, ("remove_record", ("projects",), 0))
    assert '1135.29 }\n\n# ==== 项目 ====\n\n# 第二个\n[[projects]]\nname = "乙"\n\n[reasons]' in text
    text = edited(text, ("remove_record", ("projects",), 0))
    assert "1135.29 }\n\n# ==== 项目 ====\n\n[reasons]" in text


def test_records_are_moved_with_all_that_is_in_them():
    text = edited(TEXT, ("move_record", ("projects",), 0, 1))
    assert (
        '# ==== 项目 ====\n\n# 第二个\n[[projects]]\nname = "乙"\n\n# 第一个\n[[projects]]\nname = "甲"\n# score'
        in text
    )
    assert edited(text, ("move_record", ("projects",), 1, 0)) == TEXT
    assert edited(TEXT, ("move_record", ("projects",), 1, 1)) == TEXT
    text = "[[p]]\nn = 0\n[p.q]\nx = 0\n[other]\n[p.r]\ny = 0\n[[p]]\nn = 1\n[[p]]\nn = 2\n"
    assert tomllib.loads(edited(text, ("move_record", ("p",), 0, 2)))["p"] == [
        {"n": 1},
        {"n": 2},
        {"n": 0, "q": {"x": 0}, "r": {"y": 0}},
    ]


def test_the_first_record_of_an_array():
    assert edited("a = 1\n", ("insert_record", ("p",), 0, {"n": 1})) == "a = 1\n\n[[p]]\nn = 1\n"
    assert edited("[a]\nb = 1\n\n[c]\n", ("insert_record", ("a", "p"), 0, {})) == "[a]\nb = 1\n\n[[a.p]]\n\n[c]\n"
    path = ("projects", 1, "indicators")
    added = edited(TEXT, ("insert_record", path, 0, {"name": "x"}))
    assert 'name = "乙"\nindicators = [\n  { name = "x" },\n]\n\n[reasons]' in added
    assert edited(added, ("remove_record", path, 0)) == TEXT
    assert edited("a = { b = 1 }\n", ("insert_record", ("a", "p"), 0, {"n": 1})) == "a = { b = 1, p = [{ n = 1 }] }\n"
    assert edited("a.b = 1\n", ("insert_record", ("a", "p"), 0, {"n": 1})) == "a.b = 1\na.p = [\n  { n = 1 },\n]\n"


ROWS = """\
x = [  # head
  { n = 0 },  # zero

  # about one
  { n = 1 },
  { n = 2 }  # two
  # end
]
"""


@pytest.mark.parametrize(
    ("before", "call", "after"),
    [
        (ROWS, ("insert_record", 0), ROWS.replace("head\n", "head\n  { n = 9 },\n")),
        (ROWS, ("insert_record", 1), ROWS.replace("zero\n", "zero\n  { n = 9 },\n")),
        (ROWS, ("insert_record", 3), ROWS.replace("2 }  # two\n", "2 },  # two\n  { n = 9 }\n")),
        (ROWS, ("remove_record", 0), ROWS.replace("  { n = 0 },  # zero\n", "")),
        (ROWS, ("remove_record", 1), ROWS.replace("\n  # about one\n  { n = 1 },\n", "")),
        (ROWS, ("remove_record", 2), ROWS.replace("1 },\n  { n = 2 }  # two\n", "1 }\n")),
        ("x = []\n", ("insert_record", 0), "x = [\n  { n = 9 },\n]\n"),
        ("x = [ ]\n", ("insert_record", 0), "x = [\n  { n = 9 },\n]\n"),
        ("x = [\n  # none\n]\n", ("insert_record", 0), "x = [\n  # none\n  { n = 9 },\n]\n"),
        ("x = [ {n=0}, {n=1} ]\n", ("insert_record", 0), "x = [ { n = 9 }, {n=0}, {n=1} ]\n"),
        ("x = [{n=0},{n=1}]\n", ("insert_record", 1), "x = [{n=0}, { n = 9 },{n=1}]\n"),
        ("x = [{n=0},]\n", ("insert_record", 1), "x = [{n=0}, { n = 9 },]\n"),
        ("x = [ {n=0}, {n=1} ]\n", ("remove_record", 0), "x = [ {n=1} ]\n"),
        ("x = [ {n=0}, {n=1} ]\n", ("remove_record", 1), "x = [ {n=0} ]\n"),
        ("y = 1\nx = [ {n=0} ] # c\n", ("remove_record", 0), "y = 1\n"),
        ("x = [\n  {n=0}, # c\n  # d\n]\n", ("remove_record", 0), "x = [\n  # d\n]\n"),
        (
            "  x = [{n=0},\n{n=1}] # c\n",
            ("insert_record", 1),
            "  x = [\n    {n=0},\n    { n = 9 },\n    {n=1}\n  ] # c\n",
        ),
        ("x = [ # a\n{n=0} # b\n, {n=1}, # c\n]\n", ("remove_record", 1), "x = [ # a\n  # b\n  {n=0},\n]\n"),
    ],
)
def test_arrays_of_every_form(before, call, after):
    name, index = call
    arguments = (("x",), index, {"n": 9})[: 3 if name == "insert_record" else 2]
    assert edited(before, (name, *arguments)) == after


def test_rows_are_moved_with_their_comments():
    moved = edited(ROWS, ("move_record", ("x",), 1, 2))
    assert moved == ROWS.replace(
        "\n  # about one\n  { n = 1 },\n  { n = 2 }  # two\n", "  { n = 2 },  # two\n  # about one\n  { n = 1 }\n"
    )
    assert edited("x = [1, 2, 3]\n", ("move_record", ("x",), 2, 0)) == "x = [3, 1, 2]\n"


# The text


def test_windows_newlines_are_kept():
    text = TEXT.replace("\n", "\r\n")
    calls = (
        ("set", ("expenditure", "208", "basic"), Digits("1.0")),
        ("set", ("funds", "1", "x"), 1),
        ("set", ("prose", "duties"), "一\n二\n"),
        ("insert_record", ("projects",), 0, {"name": "丙", "rows": [{"a": 1}]}),
        ("insert_record", ("projects", 1, "indicators"), 1, {"name": "x"}),
        ("insert_record", ("projects", 2, "indicators"), 0, {"name": "x"}),
        ("move_record", ("projects",), 0, 2),
    )
    assert edited(text, *calls) == edited(TEXT, *calls).replace("\n", "\r\n")


def test_a_text_without_last_newline_stays_without():
    assert edited("a = 1", ("set", ("b",), 2)) == "a = 1\nb = 2"
    assert edited("a = 1", ("set", ("t", "b"), 2)) == "a = 1\n\n[t]\nb = 2"
    assert edited("a = 1\r\nb = 2", ("delete", ("b",))) == "a = 1"
    assert edited("a = 1", ("delete", ("a",))) == ""


def test_a_snapshot_brings_everything_back():
    source = SourceText.parse(TEXT)
    states = []
    for path in (("projects", 0), ("expenditure",), ("reasons",), ("report",), ("schema",), ("projects",)):
        states.append((source.snapshot(), source.text()))
        source.delete(path)
    assert source.text() == "# 三明市医疗保障局\n\n# ==== 项目 ====\n\n# 完\n"
    for snapshot, text in reversed(states):
        source.restore(snapshot)
        assert source.text() == text
    assert source.text() == TEXT


def test_tomlkit_is_imported_for_strings_that_are_hard_to_write_only():
    code = (
        "import sys; from juesuan.core.toml.editing import Digits, SourceText\n"
        "source = SourceText.parse('a = 1'); source.set(('t', '1', 'x'), Digits('2.0'))\n"
        "source.set(('a',), '中'); before = 'tomlkit' in sys.modules\n"
        "source.set(('b',), '中' + chr(34)); print(before, 'tomlkit' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert output.decode().strip() == "False True"


BULK = """schema = 1
[a]
# about the first
2010101 = { x = 1.00 } # kept
# about the second
2010105 = { x = 2.00, y = 3.00 }
name = "x"

[b]
301 = 5.0
303 = ""

[c]
# nothing
"""


@pytest.mark.parametrize("seed", range(40))
def test_many_values_at_once_are_what_they_are_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    values: dict[tuple[str, ...], Digits] = {}
    for _number in range(chance.randrange(1, 30)):
        table = chance.choice("abcd")
        path = (table, str(chance.randrange(300, 308))) if table == "b" else \
            (table, str(2010100 + chance.randrange(9)), chance.choice("xyz"))
        values[path] = Digits(f"{chance.random():.2f}")
    one, all_at_once = SourceText.parse(BULK), SourceText.parse(BULK)
    for text in (one, all_at_once):
        text.set(("a", "2010101", "x"), Digits("12345.00"))  # what follows has moved
    for path, value in sorted(values.items()):
        one.set(path, value)
    all_at_once.set_many(sorted(values.items()))
    assert all_at_once.text() == one.text()
