"""Every kind of report of every example has the figures of the text report, in the same order.

A kind whose bytes are no text joins by a reader in READERS, which gives what stands on its pages
from the first to the last, without the table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Document
from juesuan.core.opening import open_report
from juesuan.core.render import KINDS, export
from juesuan.core.report import Report

from .core.render.reading_docx import read_docx

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.toml"))
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def of_text(data: bytes) -> str:
    """Without the entries of the contents and the numbers of pages."""
    return "\n".join(line for line in data.decode("utf-8").split("\n")
                     if not re.search(r" \.{3,} *\d+$|^ *- \d+ -$", line))


def of_markdown(data: bytes) -> str:
    lines = (line for line in data.decode("utf-8").split("\n") if not re.match(r" *- \[.*\]\(#", line))
    return re.sub(r"\\(.)", r"\1", "\n".join(lines))


def of_html(data: bytes) -> str:
    page = re.sub(r"(?s)^.*<main>|<nav.*?</nav>", "", data.decode("utf-8"))
    return unescape(re.sub(r"<[^>]+>", "\n", page.replace("<wbr>", "")))


def of_docx(data: bytes) -> str:
    return "\n".join(read_docx(data))


READERS: dict[str, Callable[[bytes], str]] = {"docx": of_docx, "markdown": of_markdown, "html": of_html}
WITHOUT = {"text", "json"}  # the one is what all others are held against, the other says what is in the report


@cache
def composed(path: Path) -> tuple[Document, Report]:
    report = open_report(path)
    return compose(report), report


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) | WITHOUT == set(KINDS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", READERS)
def test_the_figures_are_those_of_the_text_report(kind: str, path: Path) -> None:
    expected = FIGURE.findall(of_text(export("text", *composed(path), width=0)))
    assert len(expected) > 100
    assert FIGURE.findall(READERS[kind](export(kind, *composed(path)))) == expected
