"""Runs the command line as a user does, mostly in this process: a start of Python for each test is slow."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from juesuan import cli
from juesuan.core import i18n

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples/sanming-2024.toml"


class Result(NamedTuple):
    """What a run said and how it ended."""

    code: int
    data: bytes
    err: str

    @property
    def out(self) -> str:
        return self.data.decode("utf-8")


Run = Callable[..., Result]


class Stream(io.TextIOWrapper):
    """Standard output or error, kept; perhaps a terminal."""

    def __init__(self, encoding: str = "utf-8", tty: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n", write_through=True)
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def data(self) -> bytes:
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


@pytest.fixture(autouse=True)
def _own_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Chinese as by default, whatever the machine says; and nothing that a run set is left behind."""
    monkeypatch.delenv("JUESUAN_LANG", raising=False)
    monkeypatch.delenv("JUESUAN_DEBUG", raising=False)
    for name in ("JUESUAN_CONFIG", "JUESUAN_THEME", "JUESUAN_AMBIGUOUS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(argparse, "_", argparse._)  # type: ignore[attr-defined]
    yield
    i18n.use_language("zh_CN")


@pytest.fixture
def juesuan(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process: juesuan("check", path) gives its Result."""

    def run(*arguments: object, tty: bool = False) -> Result:
        out, err = Stream(tty=tty), Stream(tty=tty)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                code = cli.main([str(argument) for argument in arguments])
            except SystemExit as error:
                code = error.code if isinstance(error.code, int) else 0
        result = Result(code, out.data(), err.data().decode("utf-8"))
        assert code != cli.INTERNAL, result.err
        assert "Traceback" not in result.err
        return result

    return run


def spawn(*arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """Starts a command in a process of its own."""
    command = [sys.executable, "-m", "juesuan", *map(str, arguments)]
    kept = {name: value for name, value in os.environ.items() if name not in ("JUESUAN_LANG", "PYTHONUTF8", "LC_ALL")}
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**kept, **environment}
    )


def finish(process: subprocess.Popen[bytes]) -> Result:
    """Waits for a process."""
    out, err = process.communicate(timeout=120)
    return Result(process.returncode, out, err.decode("utf-8", "replace"))
