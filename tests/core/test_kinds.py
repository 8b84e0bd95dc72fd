"""The kinds of report that can be written: one table of them, which all that writes goes by."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from juesuan import cli
from juesuan.core.compose import compose
from juesuan.core.opening import open_report
from juesuan.core.render import KINDS, USUAL, export, kind_of

EXAMPLE = Path(__file__).parents[2] / "examples/sanming-2024.toml"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_renderer_of_its_name_and_an_ending_of_its_own(name: str) -> None:
    assert callable(import_module(f"juesuan.core.render.{name}").export)
    assert kind_of(f"a/报告{KINDS[name].ending}") == kind_of(f"a/报告{KINDS[name].ending.upper()}") == name


def test_a_name_that_asks_for_no_kind() -> None:
    assert USUAL in KINDS
    assert kind_of("a") == kind_of("a.docx.bak") == kind_of("") == ""


@pytest.mark.parametrize("name", KINDS)
def test_a_renderer_takes_its_own_options_of_those_there_are(name: str) -> None:
    report = open_report(EXAMPLE)
    options = {"width": 80, "ambiguous": 1, "page_lines": 0, "encoding": "utf-8"}
    assert export(name, compose(report), report, **options)


@pytest.mark.parametrize("name", KINDS)
def test_the_ending_of_the_output_says_the_kind(name: str, tmp_path: Path) -> None:
    asked, told = tmp_path / "asked", tmp_path / f"told{KINDS[name].ending}"
    assert cli.main(["export", str(EXAMPLE), "--to", name, "-o", str(asked)]) == 0
    assert cli.main(["export", str(EXAMPLE), "-o", str(told)]) == 0
    assert asked.read_bytes() == told.read_bytes()


def test_what_one_kind_needs_the_others_do_not_load() -> None:
    script = ("import sys; from juesuan import cli; cli.main(['export', sys.argv[1], '-o', sys.argv[2]]); "
              "print(*sorted({'docx', 'lxml'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", script, str(EXAMPLE), os.devnull], capture_output=True, check=True)
    assert done.stdout.strip() == b""


def test_what_no_terminal_can_show_is_not_written_to_one(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(argparse, "_", argparse._)  # type: ignore[attr-defined]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for name, kind in KINDS.items():
        code = cli.main(["export", str(EXAMPLE), "--to", name])
        out = capfdbinary.readouterr().out
        assert (code == 2 and not out) if kind.binary else (code == 0 and out)
