"""What a source may hold: what takes minutes or gigabytes is refused before it is taken apart, with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from juesuan.core import bounds
from juesuan.core.reading import parse_source
from juesuan.core.source import SourceError

HEAD = 'schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\ndepartment = "某局"\nunit = "万元"\n'
EXAMPLES = Path(__file__).parents[2] / "examples"

BEFORE = {
    "a dotted key": (HEAD + "[prose]\n" + ".".join(["a"] * 200_000) + " = 1\n", 8, "4000"),
    "a dotted key of quoted parts": (HEAD + "[prose]\n" + ".".join(['"a.b"'] * 9000) + " = 1\n", 8, "4000"),
    "a dotted key with spaces": (HEAD + "[prose]\n  " + " . ".join(["a"] * 9000) + " = 1\n", 8, "4000"),
    "a dotted key in a row": (HEAD + "[prose]\nx = { y = 1, " + ".".join(["a"] * 9000) + " = 1 }\n", 8, "4000"),
    "a dotted header": (HEAD + "[" + ".".join(["a"] * 9000) + "]\n", 7, "4000"),
    "a dotted header of records": (HEAD + "[[ " + ".".join(["a"] * 9000) + " ]]\n", 7, "4000"),
    "many dotted keys": (HEAD + "[prose]\n" + "".join(f"k{n}." + "a." * 2000 + "a = 1\n" for n in range(9)), 12, "16"),
    "records": (HEAD + '[[units]]\nname = "x"\n' * 150_000, None, "60000"),
    "headers": (HEAD + "".join(f"[t{n}]\n" for n in range(100_000)), None, "60000"),
    "entries": (HEAD + "".join(f"k{n} = 1\n" for n in range(300_000)), None, "200000"),
    "rows in one line": (HEAD + "units = [" + '{name="x"},' * 300_000 + "]\n", None, "200000"),
    "a long figure": (HEAD + "x = 0." + "1" * 10_000_000 + "\n", 7, "数千位"),
}
AFTER = {
    "records": (HEAD + "units = [" + '{name="x"},' * 10_001 + "]\n", 7, "10000"),
    "accounts": (HEAD + "[income]\n" + "".join(f"{2000000 + n} = 1\n" for n in range(40_001)), 7, "40000"),
    "reasons": (HEAD + "[reasons]\n" + "".join(f'"a{n}" = "x"\n' for n in range(40_001)), 7, "40000"),
    "terms": (HEAD + "[glossary]\n" + "".join(f'"词{n}" = "x"\n' for n in range(40_001)), 7, "40000"),
    "names": (HEAD + "[accounts]\n" + "".join(f'{n} = "x"\n' for n in range(40_001)), 7, "40000"),
    "a list of no records": (HEAD + "x = [" + "1," * 10_001 + "]\n", 7, "10000"),
    "a text": (HEAD + '[prose]\nduties = "' + "决" * 4_000_001 + '"\n', 8, "4000000"),
    "lines": (HEAD + '[prose]\nduties = """' + "决\n" * 300_001 + '"""\n', 8, "300000"),
    "a text in a record": (HEAD + '[[units]]\nname = "' + "决" * 200_001 + '"\n', 8, "200000"),
    "owned rows": (HEAD + ('[[projects]]\nname = "x"\nindicators = [' + "{}," * 9000 + "]\n") * 7, None, "60000"),
}


@pytest.mark.parametrize("name", BEFORE)
def test_what_takes_long_to_take_apart_is_refused_before(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError

    text, line, most = BEFORE[name]
    monkeypatch.setattr(tomllib, "loads", refuse)
    with pytest.raises(SourceError) as caught:
        parse_source(text, "x.toml")
    assert caught.value.line == line
    assert most in caught.value.message


@pytest.mark.parametrize("name", AFTER)
def test_what_holds_too_much_is_told_with_its_place(name: str) -> None:
    text, line, most = AFTER[name]
    with pytest.raises(SourceError) as caught:
        parse_source(text, "x.toml")
    assert line is None or caught.value.line == line
    assert most in caught.value.message


def test_a_name_is_not_as_long_as_a_page() -> None:
    """As it would be set, padded, in every line of a table that is as wide as need be."""
    source = parse_source(HEAD + '[[units]]\nname = "' + "单" * 50_000 + '"\n')
    (problem,) = source.problems
    assert "50000" in problem.message
    assert "2000" in problem.message
    assert source.line(problem.path) == 8


@pytest.mark.parametrize("text", [
    "x.y." * 4 + "z", "1.1.1.1.1.1.1.1.1.1.1.1 条", "... ... ...", "a, b.c, [x]. {y.z}", "=" * 999,
])  # fmt: skip
def test_texts_that_look_like_keys_are_none(text: str) -> None:
    assert bounds.excess_of_text(f'{HEAD}[prose]\nduties = """\n{text}\n"""\n') is None


def test_the_lines_of_many_keys_are_found_in_one_pass() -> None:
    source = parse_source(HEAD + "[income]\n" + "".join(f"{2010101 + n} = 1\n" for n in range(9)))
    assert [source.line(("income", str(2010101 + n))) for n in range(9)] == list(range(8, 17))


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_no_report_comes_near(example: Path) -> None:
    text = example.read_text("utf-8")
    assert text.count("=") * 50 < bounds.MOST_ENTRIES
    assert text.count("\n[") * 50 < bounds.MOST_HEADERS
