"""`juesuan doctor`: what it says of a terminal, with and without one, and how keys arrive."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from juesuan import cli
from juesuan.core import i18n
from juesuan.core.settings import Settings
from juesuan.core.text.width import width
from juesuan.core.views.checkup import BAD, Facts, finding_lines, program_findings, terminal_findings, writable
from juesuan.core.views.commands import commands
from juesuan.tui.doctor import key_lines

from .terminal import Terminal, screen

GOOD = Facts(True, (80, 24), "utf-8", {"TERM": "xterm", "LANG": "zh_CN.UTF-8", "COLORTERM": "truecolor"}, 1)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("facts", "sign", "said"),
    [
        (GOOD, "", "80×24"),
        (GOOD._replace(encoding="gbk"), BAD, "LANG=zh_CN.UTF-8"),
        (GOOD._replace(encoding=""), BAD, "LANG=zh_CN.UTF-8"),
        (GOOD._replace(encoding="no-such"), BAD, "no-such"),
        (GOOD._replace(size=(59, 24)), BAD, "60×15"),
        (GOOD._replace(size=(70, 20)), "?", "80×24"),
        (GOOD._replace(ambiguous=0), "?", "JUESUAN_AMBIGUOUS"),
        (GOOD._replace(ambiguous=2), "", "2"),
        (GOOD._replace(environment={"TERM": "dumb"}), BAD, "dumb"),
        (GOOD._replace(environment={**GOOD.environment, "TMUX": "x"}), "?", "escape-time"),
        (GOOD._replace(environment={**GOOD.environment, "NO_COLOR": "1"}), "", "NO_COLOR"),
        (GOOD._replace(environment={**GOOD.environment, "SSH_TTY": "x"}), "", "ssh -C"),
        (Facts(False, None, "utf-8", {}), BAD, "export"),
    ],
)
def test_what_is_said_of_a_terminal(facts: Facts, sign: str, said: str, language: str) -> None:
    i18n.use_language(language)
    found = terminal_findings(facts)
    assert [each for each in found if said in each.found and each.sign.startswith(sign)], found
    if not sign:
        assert BAD not in {each.sign for each in found}
    lines = finding_lines(found, 80)
    assert max(width(line, 1) for line in lines) <= 81
    if language == "en":
        assert not re.search("[一-鿿]", "\n".join(lines).replace("决算|年度|万元|", ""))


def test_what_is_wrong_with_the_settings_is_said() -> None:
    found = program_findings(Settings("c.toml", True, problems=("c.toml：第 1 行：坏",)), [("日志", "/x", False)], "1")
    assert any("第 1 行" in each.found and each.sign == BAD for each in found)
    assert any("/x" in each.found and each.sign == "?" for each in found)


def test_where_can_be_written(tmp_path: Path) -> None:
    assert writable(str(tmp_path / "not/yet/there"))
    (tmp_path / "file").write_text("")
    assert not writable(str(tmp_path / "file/in"))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_without_a_terminal_it_is_text(capsys: pytest.CaptureFixture[str], language: str, tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))
    assert cli.main(["--lang", language, "doctor"]) in (0, 1)
    told = capsys.readouterr().out
    assert {"zh_CN": "编码", "en": "Encoding"}[language] in told
    assert "reading.search" in told
    assert sorted(os.listdir(tmp_path)) == before


def test_how_keys_arrive() -> None:
    by_key = {key: command for command in commands() for key in command.keys}
    assert "1b 5b 31 35 7e" in key_lines(b"\x1b[15~", by_key)[0]
    assert "next" in key_lines(b"\x1b[15~", by_key)[0]
    assert "ctrl+s" in key_lines(b"\x13", by_key)[0]
    assert "“中”" in key_lines("中".encode(), by_key)[0]
    assert "3" in key_lines(b"\x1b[200~a\tb\x1b[201~", by_key)[0]
    assert len(key_lines(b"ab", by_key)) == 2
    assert key_lines(b"\xff\xfe", by_key)


@pytest.mark.parametrize(
    ("answer", "columns"),
    [("\x1b[7;2R", "测得 1 列"), ("\x1b[7;3R", "测得 2 列"), ("", "没有回答")],
)
def test_on_a_terminal_it_measures_and_shows_keys(answer: str, columns: str, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[keys]\nfly = "f5"\n', "utf-8")
    terminal = Terminal(["-m", "juesuan", "doctor"], 100, 60, JUESUAN_CONFIG=str(config))
    terminal.read(b"\x1b[6n", quiet=0.05)
    terminal.type(answer)
    terminal.read(b"Ctrl+C")
    told = "".join("".join(screen(terminal.data, 100, 200)).split())  # wherever a line was broken
    assert columns.replace(" ", "") in told
    assert "c.toml：第2行" in told
    terminal.send("\x1b[15~")
    terminal.read(b"next", limit=2)
    assert "1b 5b 31 35 7e" in terminal.data.decode()
    terminal.type("\x1b\x1b")
    assert terminal.end() == 1


def test_ctrl_c_ends_it_and_the_terminal_is_as_before() -> None:
    terminal = Terminal(["-m", "juesuan", "doctor"])
    terminal.read(b"\x1b[6n", quiet=0.05)
    terminal.type("\x1b[7;2R")
    terminal.read(b"Ctrl+C")
    terminal.type("\x03")
    assert terminal.end() in (0, 1)
    assert terminal.data.endswith(b"\x1b[?2004l\r")


def test_a_locale_that_is_not_utf_8() -> None:
    terminal = Terminal(["-m", "juesuan", "doctor", "--no-keys"], PYTHONIOENCODING="gbk:replace")
    terminal.read(b"\x1b[6n", quiet=0.05)
    terminal.type("\x1b[7;2R")
    try:
        assert terminal.end() == 1
    except AssertionError:
        terminal.signal(signal.SIGKILL)
        raise
    assert "LANG=zh_CN.UTF-8" in terminal.data.decode("gbk", "replace")
