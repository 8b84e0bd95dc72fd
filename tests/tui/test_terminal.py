"""The program on a real terminal (a pty): what it writes, and how it leaves."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from juesuan.core.drafting.session import Session

from .terminal import Terminal, screen

START = b"\x1b[?2004h"
CLEAN = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")
DOWN, RIGHT, F6, F9 = "\x1b[B", "\x1b[C", "\x1b[17~", "\x1b[20~"


@pytest.fixture
def terminal(example: Path) -> Iterator[Terminal]:
    started = Terminal(["-m", "juesuan", "edit", str(example)])
    started.read("下一项".encode())
    yield started
    try:
        started.signal(signal.SIGKILL)
    except ProcessLookupError:
        return


def budget(terminal: Terminal) -> None:
    """Go to the table of the general budget, the cursor on the second account."""
    terminal.send(F6 + DOWN * 7 + "\r")
    terminal.send(DOWN * 2 + "\x1b[D")


def test_what_each_key_costs(terminal: Terminal) -> None:
    def cost(keys: str) -> int:
        return len(terminal.send(keys, quiet=1.2))  # however busy the machine is

    budget(terminal)
    assert cost(DOWN) <= 500
    assert cost("\x1b[A") <= 500
    assert 0 < cost("9") <= 250
    assert 0 < cost("5") <= 250
    assert 0 < cost("\r") <= 1500
    assert cost("\x1a") <= 1500
    assert cost("\x1b[6~") <= 6000
    before = len(terminal.data)
    terminal.read(quiet=3, limit=3)
    assert len(terminal.data) == before


def test_changed_cells_give_the_screen_that_full_frames_give(example: Path) -> None:
    script = [
        "",
        F6,
        DOWN * 3,
        "\r",
        RIGHT,
        "12",
        "\r",
        DOWN * 9,
        "\x1b[6~",
        "\x1a",
        F9,
        "\x1b[6~",
        "\x1b",
        "\x10",
        "f",
        "\x1b",
        "\x1b[20~",
        "/",
        "医疗",
        "\r",
        "\x1b",
        F6,
        "\x1b[H",
        DOWN,
        "\r",
        "\x1bOQ",
        "文",
        "\x1b",
        "\x1b",
    ]
    for columns, lines in ((80, 24), (160, 50)):
        paths = []
        for name in ("ours", "full"):  # one file has one editor
            paths.append(example.parent / f"{name}-{columns}" / example.name)
            paths[-1].parent.mkdir()
            shutil.copy(example, paths[-1])
        ours = Terminal(["-m", "juesuan", "edit", str(paths[0])], columns, lines)
        full = Terminal(["-m", "juesuan", "edit", str(paths[1])], columns, lines, JUESUAN_FULL_FRAMES="1")
        for each in (ours, full):
            each.read("下一项".encode())
        for keys in script if columns == 80 else script[:8]:
            for each in (ours, full):
                each.type(keys)
            for each in (ours, full):
                each.read(quiet=0.08, limit=1)
            for _try in range(50):
                if screen(ours.data, columns, lines) == screen(full.data, columns, lines):
                    break
                for each in (ours, full):
                    each.read(quiet=0.05, limit=0.2)
            assert screen(ours.data, columns, lines) == screen(full.data, columns, lines), repr(keys)
        assert len(ours.data) < len(full.data) / 2
        for each in (ours, full):
            each.signal(signal.SIGKILL)


def test_another_size(terminal: Terminal) -> None:
    terminal.resize(160, 50)
    terminal.data = b""
    terminal.read(b"\x1b[")
    lines = screen(terminal.data, 160, 50)
    assert "│" in lines[5]
    assert lines[49].startswith("F5")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_the_terminal_clean(terminal: Terminal, number: int, code: int) -> None:
    terminal.signal(number)
    assert terminal.end() == code
    for sequence in CLEAN:
        assert sequence in terminal.data


def test_what_is_being_typed_survives_a_signal(terminal: Terminal, example: Path) -> None:
    budget(terminal)
    terminal.send("987.65")
    terminal.signal(signal.SIGHUP)
    terminal.end()
    session = Session.open(str(example))
    assert session.recovery is not None
    session.recover()
    assert "987.65" in session.text.text()
    session.close(discard=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_keys_on_their_way_are_in_before_a_signal_ends_the_program(
    terminal: Terminal, example: Path, number: int
) -> None:
    budget(terminal)
    terminal.type("104")
    terminal.signal(signal.SIGSTOP)
    terminal.signal(number)
    terminal.type("2.58\r")
    terminal.signal(signal.SIGCONT)
    assert terminal.end() == 128 + number
    session = Session.open(str(example))
    session.recover()
    assert session.report.shown(("general_budget", "2013299", "basic")) == "1042.58"
    session.close(discard=True)


def test_what_is_being_written_survives_a_line_that_is_dropped(terminal: Terminal, example: Path) -> None:
    terminal.send(F6 + "\x1b[H" + DOWN + "\r")
    terminal.send("\x1bOQ")
    terminal.send("写到一半")
    terminal.send("的")
    assert terminal.hang_up() == 128 + signal.SIGHUP
    session = Session.open(str(example))
    session.recover()
    assert session.source.prose["duties"].endswith("写到一半的")
    session.close(discard=True)


@pytest.mark.parametrize("command", ["edit", "view"])
def test_bytes_of_another_encoding_are_told_once_and_end_nothing(example: Path, command: str) -> None:
    terminal = Terminal(["-m", "juesuan", command, str(example)])
    terminal.read("下一项".encode())
    terminal.send(b"\xcb\xe3")
    assert "不是 UTF-8" in screen(terminal.data, 80, 24)[-1]
    chance = random.Random(command)
    for _number in range(20):
        # no ^Q among them, and no Esc that would join what follows
        terminal.type(bytes(byte for byte in chance.randbytes(50) if byte >= 0x80) + b"\x1b[A")
    terminal.send("\x1b[B")
    terminal.send("\x11n\r" if command == "edit" else "\x11")
    assert terminal.end() == 0
    assert b"Traceback" not in terminal.data
    for sequence in CLEAN:
        assert sequence in terminal.data


@pytest.mark.parametrize("encoding", ["GB18030", "GBK"])
def test_a_terminal_of_a_chinese_encoding_is_read_and_written_in_it(example: Path, encoding: str) -> None:
    terminal = Terminal(["-m", "juesuan", "edit", str(example)], LANG=f"zh_CN.{encoding}")
    terminal.read("下一项".encode(encoding))
    terminal.send(F6 + "\x1b[H" + DOWN + "\r")
    terminal.send("\x1bOQ")
    terminal.send("决算（镕）".encode(encoding))
    terminal.send("\x13")
    terminal.send("\x13")
    terminal.send("\x11")
    assert terminal.end() == 0
    assert "决算（镕）" in example.read_text("utf-8")


def test_a_text_being_written_survives_a_kill(terminal: Terminal, example: Path) -> None:
    terminal.send(F6 + "\x1b[H" + DOWN + "\r")
    terminal.send("\x1bOQ")
    before = len(terminal.data)
    terminal.send("写到一半")
    assert len(terminal.data) - before <= 1500
    assert 0 < len(terminal.send("的")) <= 250
    terminal.signal(signal.SIGKILL)
    terminal.end()
    session = Session.open(str(example))
    session.recover()
    assert session.source.prose["duties"].endswith("写到一半的")
    session.close(discard=True)


def test_a_text_given_up_is_not_offered_again(terminal: Terminal, example: Path) -> None:
    terminal.send(F6 + "\x1b[H" + DOWN + "\r")
    terminal.send("\x1bOQ")
    terminal.send("写到一半")
    for _time in range(2):
        terminal.send("\x07")
    terminal.signal(signal.SIGKILL)
    terminal.end()
    session = Session.open(str(example))
    assert session.recovery is None
    session.close()


def test_leaving_is_clean(terminal: Terminal) -> None:
    terminal.send("\x11")
    assert terminal.end() == 0
    for sequence in CLEAN:
        assert sequence in terminal.data


def test_no_colours_and_fewer_colours(example: Path) -> None:
    for environment in ({"NO_COLOR": "1"}, {"COLORTERM": ""}, {"COLORTERM": "", "TERM": "xterm"}):
        terminal = Terminal(["-m", "juesuan", "view", str(example)], **environment)
        terminal.read("下一项".encode())
        assert b"8;2;" not in terminal.data
        assert (b"8;5;" in terminal.data) == (environment == {"COLORTERM": ""})
        assert "[只读]" in screen(terminal.data, 80, 24)[0]
        terminal.signal(signal.SIGKILL)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["edit", "no-such.toml"], {}, "no-such.toml"),
        (["view", "broken.toml"], {}, "第 2 行"),
        (["edit", "EXAMPLE"], {"PYTHONIOENCODING": "ascii"}, "UTF-8"),
    ],
)
def test_what_is_told_before_the_screen_starts(
    example: Path, arguments: list[str], environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example.parent)
    Path("broken.toml").write_text("schema = 1\n[report\n", "utf-8")
    command = [argument.replace("EXAMPLE", str(example)) for argument in arguments]
    terminal = Terminal(["-m", "juesuan", *command], **environment)
    assert terminal.end() == 2
    assert said in terminal.data.decode()
    assert START not in terminal.data


def test_without_a_command_the_start_screen_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(["-m", "juesuan"])
    terminal.read("新建".encode())
    assert "退出" in "\n".join(screen(terminal.data, 80, 24))
    terminal.send("\x11")
    assert terminal.end() == 0
    for sequence in CLEAN:
        assert sequence in terminal.data
    assert list(tmp_path.glob("*.toml")) == []


def test_a_terminal_that_draws_quotes_in_two_columns(example: Path) -> None:
    terminal = Terminal(["-m", "juesuan", "edit", str(example)])
    terminal.read("下一项".encode())
    terminal.send("\x1b[1;3R" + F9)
    terminal.read("返回".encode(), limit=3)
    wide = screen(terminal.data[terminal.data.rindex("预览".encode()) - 40 :], 80, 24, 2)
    assert wide[-1].startswith("Esc 返回")
    terminal.signal(signal.SIGKILL)
