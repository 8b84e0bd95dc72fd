"""Any edit of the example's text: it is refused with a message, or it can be checked, printed and explained."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core.compose import compose
from juesuan.core.explain import as_text, explain
from juesuan.core.memo import memo
from juesuan.core.opening import build_report
from juesuan.core.reading import parse_source
from juesuan.core.render import json, text
from juesuan.core.report import Report
from juesuan.core.source import SourceError

from .conftest import EXAMPLE

TEXT = EXAMPLE.read_text("utf-8")
LINES = TEXT.split("\n")
VALUE = re.compile(r'(?<=[=,{] )(?:-?[0-9.]+|"[^"]*"|true|false)')
PLACES = [match.span() for match in VALUE.finditer(TEXT)]

VALUES = [
    '""',
    "0",
    "-1",
    "-5.55",
    "1e3",
    "nan",
    "inf",
    '"x"',
    '"NaN"',
    '"Infinity"',
    "true",
    "2024-01-01",
    "08:00:00",
    "[1]",
    "[]",
    "{}",
    "{ a = 1 }",
    "99999999.99",
    "99999999999999",
    "0.000001",
    "0.0000001",
    '"１２"',
    '"1,234.5"',
    '"甲\\n乙"',
    '"\\u001b[31m"',
    "1000",
    '"{overview.total}"',
    '"[b]"',
    "0x10",
    '"2101501"',
    '"≥"',
    '"三明市"',
    "1",
    "3.76",
]
PIECES = [
    *"0123456789.,-=\"'[]{}# \t\\x中“，。",
    "\r\n",
    "\u3000",
    "\x00",
    "\x1b",
    "\u202e",
    "\ufeff",
    '"""',
    "[[",
    "]]",
    "\n[prior]\n",
    "\n2101502 = { basic = 1 }\n",
    "\n[[units]]\n",
    "= {",
    "1.00",
]


def replace(edits: list[tuple[int, str]]) -> str:
    """The example with other values in some places."""
    result = TEXT
    for place, value in sorted(dict(edits).items(), reverse=True):
        start, end = PLACES[place]
        result = result[:start] + value + result[end:]
    return result


def shuffle(edits: list[tuple[str, int, int]]) -> str:
    """The example with lines left out, said twice, or elsewhere."""
    lines = LINES.copy()
    for how, first, second in edits:
        line = lines[first % len(lines)]
        if how != "copy":
            del lines[first % len(lines)]
        if how != "delete":
            lines.insert(second % len(lines), line)
        if how == "delete many":
            del lines[second % len(lines) : second % len(lines) + 40]
    return "\n".join(lines)


def splice(edits: list[tuple[int, int, str]]) -> str:
    """The example with characters left out and put in."""
    result = TEXT
    for at, length, piece in edits:
        at %= len(result)
        result = result[:at] + piece + result[at + length :]
    return result


def opened(source: str) -> Report | None:
    refused: SourceError | None = None
    try:
        return build_report(parse_source(source, "/nowhere/a.toml"))
    except SourceError as error:
        refused = error
    assert re.search("[\u4e00-\u9fff]", refused.message)
    assert refused.line is None or 1 <= refused.line <= source.count("\n") + 1
    return None


def survives(edit: Callable[..., str], edits: object, width: int = 80) -> None:
    report = opened(edit(edits))
    if report is None:
        return
    document = compose(report)
    assert text.render(document, width=width)
    assert json.render(document, report)
    lines, _worst = memo(report, "a.toml")
    assert lines
    table = report.taxonomy.tables["overview"]
    for row in report.rows(table.id):
        assert as_text(report, explain(report, (table.id, row, table.primary)))


lines = st.integers(0, 999)
moves = st.tuples(st.sampled_from(["delete", "copy", "move", "delete many"]), lines, lines)

few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(st.lists(st.tuples(st.integers(0, len(PLACES) - 1), st.sampled_from(VALUES)), min_size=1, max_size=12))
def test_other_values(edits: list[tuple[int, str]]) -> None:
    survives(replace, edits)


@few
@given(st.lists(moves, min_size=1, max_size=5), st.sampled_from([0, 40, 120]))
def test_lines_elsewhere(edits: list[tuple[str, int, int]], width: int) -> None:
    survives(shuffle, edits, width)


@few
@given(
    st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 3), st.sampled_from(PIECES)), min_size=1, max_size=3)
)
def test_other_characters(edits: list[tuple[int, int, str]]) -> None:
    survives(splice, edits)


@few
@given(st.text(max_size=300))
def test_any_text_at_all(source: str) -> None:
    opened(source)
    opened('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n' + source)
