"""Every default key, as the bytes that xterm, tmux and PuTTY send."""

from __future__ import annotations

import pytest
from juesuan.core.views.commands import commands

from .driver import parsed

F = {
    "f1": ("\x1bOP", "\x1b[11~"),
    "f2": ("\x1bOQ", "\x1b[12~"),
    "f3": ("\x1bOR", "\x1b[13~"),
    "f4": ("\x1bOS", "\x1b[14~"),
    "f5": ("\x1b[15~",),
    "f6": ("\x1b[17~",),
    "f7": ("\x1b[18~",),
    "f8": ("\x1b[19~",),
    "f9": ("\x1b[20~",),
    "f12": ("\x1b[24~",),
    "insert": ("\x1b[2~",),
    "delete": ("\x1b[3~",),
    "ctrl+up": ("\x1b[1;5A",),
    "ctrl+down": ("\x1b[1;5B",),
    "ctrl+insert": ("\x1b[2;5~",),
    "shift+insert": ("\x1b[2;2~",),
    "shift+delete": ("\x1b[3;2~",),
    "ctrl+pageup": ("\x1b[5;5~",),
    "ctrl+pagedown": ("\x1b[6;5~",),
    "ctrl+backslash": ("\x1c",),
}
PLAIN = {
    "up": ("\x1b[A", "\x1bOA"),
    "down": ("\x1b[B", "\x1bOB"),
    "left": ("\x1b[D", "\x1bOD"),
    "right": ("\x1b[C", "\x1bOC"),
    "home": ("\x1b[H", "\x1bOH", "\x1b[1~"),
    "end": ("\x1b[F", "\x1bOF", "\x1b[4~"),
    "pageup": ("\x1b[5~",),
    "pagedown": ("\x1b[6~",),
    "enter": ("\r",),
    "tab": ("\t",),
    "shift+tab": ("\x1b[Z",),
    "backspace": ("\x7f",),
    "shift+up": ("\x1b[1;2A",),
    "shift+right": ("\x1b[1;2C",),
}
LOST = {"shift+f3", "ctrl+f3", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+a", "ctrl+b", "f10", "f11"}
"""Keys that some terminal swallows, or that are others' (reference/tui.md)."""


@pytest.mark.parametrize("key", sorted({key for command in commands() for key in command.keys}))
def test_every_default_key_arrives(key: str) -> None:
    assert key not in LOST
    sequences = F.get(key) or (chr(ord(key[-1]) - 96),)
    for sequence in sequences:
        assert [event.key for event in parsed(sequence)] == [key]


@pytest.mark.parametrize("key", sorted(PLAIN))
def test_the_keys_that_move(key: str) -> None:
    for sequence in PLAIN[key]:
        assert [event.key for event in parsed(sequence)] == [key]


def test_no_key_has_two_commands_and_every_command_a_safe_way() -> None:
    keys = [key for command in commands() for key in command.keys]
    assert len(keys) == len(set(keys))
    for command in commands():
        assert not command.keys or command.id == "palette" or any(key not in LOST for key in command.keys)


def test_chinese_arrives_as_it_was_typed() -> None:
    assert "".join(event.character or "" for event in parsed("行政运行５．５（）")) == "行政运行５．５（）"
