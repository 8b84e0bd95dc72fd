"""The lines of keys, in every form in which TOML lets them be written."""

import re
import tracemalloc
from pathlib import Path

import pytest
from juesuan.core.toml.positions import Entry, index_lines, members, statements, value_end

TEXT = '''\
# 决算
schema = 1

[report]        # [not.a.table]
year = 2024
"department.name" = """
[fake]
fake = 1 \\""" still """

[expenditure]
2010550 = { basic = 301.82 }
2101599 = { basic = 14.41, note = "}, x = 1", project = 1135.29 }

[[projects]]
name = 'a # b'
indicators = [
  { name = "one", weight = 1 },   # ] }
  # { name = "none" },
  { name = "two",
    },
  { name = "three", deep = [ [ 1,
     2 ], { x.y = 3 } ] },
]

[[projects]]
name = "b"
[projects.scores]
total = 9

[[projects.parts]]
part = 1
[other.implied]
z = 1
[[projects.parts]]
part = 2
[[projects.parts.pieces]]
"\\u57fa\\"本" = 1

[other]
a . "b c".d = 1
a.'b c'.e = 2
'''.replace('{ name = "two",\n    }', '{ name = "two" }')


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schema",), "schema"),
        (("report",), "[report]"),
        (("report", "year"), "year"),
        (("report", "department.name"), '"department.name"'),
        (("expenditure", "2101599"), "2101599"),
        (("expenditure", "2101599", "project"), "2101599"),
        (("projects",), "[[projects]]"),
        (("projects", 0), "[[projects]]"),
        (("projects", 0, "name"), "name = 'a"),
        (("projects", 0, "indicators"), "indicators"),
        (("projects", 0, "indicators", 0), '  { name = "one"'),
        (("projects", 0, "indicators", 1, "name"), '  { name = "two"'),
        (("projects", 0, "indicators", 2, "deep", 0, 0), '  { name = "three"'),
        (("projects", 0, "indicators", 2, "deep", 0, 1), "     2 ]"),
        (("projects", 0, "indicators", 2, "deep", 1, "x", "y"), "     2 ]"),
        (("projects", 1, "name"), 'name = "b"'),
        (("projects", 1, "scores"), "[projects.scores]"),
        (("projects", 1, "scores", "total"), "total"),
        (("projects", 1, "parts", 0, "part"), "part = 1"),
        (("projects", 1, "parts", 1), "[[projects.parts]]\npart = 2"),
        (("projects", 1, "parts", 1, "part"), "part = 2"),
        (("projects", 1, "parts", 1, "pieces", 0, '基"本'), '"\\u57fa'),
        (("other", "implied"), "[other.implied]"),
        (("other",), "[other]"),
        (("other", "a"), "a . "),
        (("other", "a", "b c", "d"), "a . "),
        (("other", "a", "b c", "e"), "a.'b c'"),
    ],
)
def test_where_a_key_stands(path, line):
    where = f"\n{TEXT}".index(f"\n{line}")
    assert index_lines(TEXT).line_of(path) == TEXT.count("\n", 0, where) + 1


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        (("report", "unit"), ("report",)),
        (("report", "year", "x", 3), ("report", "year")),
        (("expenditure", "2101599", "none"), ("expenditure", "2101599")),
        (("projects", 7, "name"), ("projects",)),
        (("projects", 0, "indicators", 9), ("projects", 0, "indicators")),
    ],
)
def test_what_is_not_there_stands_where_its_table_does(path, nearest):
    lines = index_lines(TEXT)
    assert lines.line_of(path) == lines.line_of(nearest) is not None


def test_what_has_no_table_either_has_no_line():
    assert index_lines(TEXT).line_of(("none", "at", "all")) is None
    assert index_lines(TEXT).line_of(()) is None
    assert index_lines("").line_of(("a",)) is None
    assert index_lines("# nothing\r\n\r\n").line_of(("a",)) is None


def test_windows_lines():
    lines = index_lines("a = 1\r\n\r\n[b]\r\nc = '''\r\nx'''\r\nd = 2")
    assert [lines.line_of(path) for path in (("a",), ("b",), ("b", "c"), ("b", "d"))] == [1, 3, 4, 6]


@pytest.mark.parametrize(
    "value",
    [
        *('"a\\"]"', "'\\'", '""', '"""a"""', '"""a"""""', '"""\\""""', '""""a"""', "'''a'b'''''"),
        *("1_000", "1979-05-27 07:32:00", "-inf", "true"),
        *("[ [], {a = '}'}, # ]\n]", "{ a = [ '{' ] }", "{}", "[1,2]"),
    ],
)
def test_where_a_value_ends(value):
    for after in ("", "  # c", "\n", ", 1", " ]", "}"):
        assert value_end(value + after, 0) == len(value)


def test_statements_and_members():
    text = "a.b = { c = 1, 'd' = [2] }\n[[t]]\n"
    pair, header = statements(text)
    assert pair == Entry(("a", "b"), 0, 6, 26)
    assert header == Entry(("t",), 27, -1, 32, "[[")
    assert members(text, 6) == [Entry(("c",), 8, 12, 13), Entry(("d",), 15, 21, 24)]
    assert members(text, 21) == [Entry((0,), 22, 22, 23)]


def test_long_and_deep_texts_take_no_more_than_their_length():
    index_lines("a = [" + "[" * 200 + "]" * 200 + "]\n" + ".".join("k" * 20_000) + " = 1\n")
    index_lines("".join(f"[t{number}]\nx = '''{'y' * 1000}'''\n" for number in range(500)))
    index_lines("# " + "#" * 300_000 + "\n" * 100_000)
    index_lines('a = """' + '" ' * 200_000 + '"""')


@pytest.mark.parametrize(
    "value",
    [
        '"' + "\\n" * 500_000 + '"',
        '"""' + '\\"" ' * 300_000 + '"""',
        '"""' + '""\n' * 300_000 + '"""""',
        "'''" + "''\\" * 300_000 + "'''''",
        "[" + "{'}'=1},#]}\n" * 20_000 + "]",
        "[" + '"\\\\\\"",' * 30_000 + "]",
        "[" + "1," * 500_000 + "{}]",
    ],
    ids=lambda value: value[:8],
)
def test_a_hostile_text_is_passed_in_steps_and_memory_of_its_own_length(value):
    text = value + " # c"
    tracemalloc.start()
    try:
        assert value_end(text, 0) == len(value)
        assert tracemalloc.get_traced_memory()[1] < 500_000  # a turn of a repeated group takes a hundred bytes
    finally:
        tracemalloc.stop()


def test_a_text_that_does_not_end_is_refused_in_the_same_steps():
    for text in ('"' + "\\n" * 500_000, '"""' + '\\"" ' * 300_000, "[" + "{'}'=1}," * 100_000, "''''"):
        with pytest.raises(ValueError, match="TOML"):
            value_end(text, 0)


def test_long_gaps_and_keys():
    assert list(statements("# x\n" * 500_000 + "#" * 500_000)) == []
    (entry,) = statements('"' + "\\n" * 300_000 + '"' + " . 'b'" * 10_000 + " = 1")
    assert entry.keys == ("\n" * 300_000, *["b"] * 10_000)


def test_no_pattern_is_possessive():
    """Python 3.11.2, which Debian 12 has, finds wrong matches with such."""
    root = Path(__file__).parents[2]
    possessive = re.compile(r"[*+?]\+|\{\d*,?\d*\}\+|\(\?>")
    for file in (*root.glob("src/**/*.py"), *root.glob("bundle/*.py"), root / "setup.py"):
        assert not possessive.findall(file.read_text(encoding="utf-8")), file
