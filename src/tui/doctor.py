"""`juesuan doctor`: what this terminal can do, and how its keys arrive. Writes nothing to any file."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..core.i18n import _
from ..core.settings import Settings, load_settings
from ..core.text.keyboard import terminal_encoding
from ..core.text.width import printable
from ..core.userdirs import state_directory
from ..core.views.checkup import (
    BAD,
    Facts,
    finding_lines,
    program_findings,
    terminal_findings,
    writable,
)
from ..core.views.commands import SCREENS, commands, key_name, use_keys
from .start import on_terminal, prepare_environment

ANSWER_LIMIT = 1.0
"""So many seconds a terminal has to say where its cursor is."""

OK, FAULTY = 0, 1


def doctor(keys: bool = True) -> int:
    """Tell how things stand, then how keys arrive where there is a terminal; 1 where something is wrong."""
    settings = load_settings()
    use_keys(settings.keys)
    terminal = on_terminal()
    ambiguous = measure_ambiguous() if terminal else None
    facts = Facts(terminal, _size(), _encoding(), dict(os.environ), ambiguous)
    found = terminal_findings(facts) + program_findings(settings, _places(), _versions())
    columns = facts.size[0] if facts.size else 80
    for line in finding_lines(found, min(columns, 100), settings.ambiguous or ambiguous or 1):
        print(printable(line))
    _commands(settings)
    if terminal and keys:
        show_keys()
    return FAULTY if any(each.sign == BAD and each.title != _("Terminal") for each in found) else OK


def _commands(settings: Settings) -> None:
    """The commands by the names that the settings know, with their keys."""
    print()
    print(_("Commands for [keys] in the settings, and their keys:"))
    for screen in SCREENS:
        for command in commands(screen):
            keys = " ".join(map(key_name, command.keys))
            changed = " *" if command.id in settings.keys else ""
            print(f"  {command.id:<18} {keys:<18} {command.title}{changed}")


def _size() -> tuple[int, int] | None:
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            return tuple(os.get_terminal_size(stream.fileno()))  # type: ignore[union-attr, return-value]
        except (AttributeError, ValueError, OSError):
            continue
    return None


def _encoding() -> str:
    return terminal_encoding(os.environ, (sys.__stderr__.encoding if sys.__stderr__ else "") or "")


def _places() -> list[tuple[str, str, bool]]:
    """What the program writes, and whether it can."""
    here, state = os.getcwd(), state_directory()
    return [(_("Journals, locks"), _("{folder} (beside each source)").format(folder=here), writable(here)),
            (_("Recent files, else"), state, writable(state))]


def _versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("juesuan", "textual", "rich"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} ?")
    return ", ".join([*found, f"Python {sys.version.split()[0]}", sys.platform])


@contextmanager
def _raw() -> Iterator[int]:
    """The terminal handing over each byte as it comes, and unchanged; as it was before, afterwards."""
    import termios
    import tty

    fd = sys.__stdin__.fileno()  # type: ignore[union-attr]
    before = termios.tcgetattr(fd)
    try:
        tty.setraw(fd)
        yield fd
    finally:
        termios.tcsetattr(fd, termios.TCSAFLUSH, before)


def measure_ambiguous(limit: float = ANSWER_LIMIT) -> int:
    """The columns that the terminal gives to “; 0 where it does not answer in time."""
    out = sys.__stdout__
    assert out is not None
    try:
        with _raw() as fd:
            out.write("\r“\x1b[6n")
            out.flush()
            answer = _answer(fd, limit)
            out.write("\r\x1b[K")
            out.flush()
    except (ImportError, OSError, ValueError):
        return 0
    row, _semicolon, column = answer.rpartition("\x1b[")[2].partition(";")
    return {"2": 1, "3": 2}.get(column.rstrip("R"), 0) if row else 0


def _answer(fd: int, limit: float) -> str:
    """What the terminal sends, up to the R that ends its answer."""
    read, end = b"", time.monotonic() + limit
    while not read.endswith(b"R"):
        ready, _writing, _failed = select.select([fd], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return ""
        part = os.read(fd, 1)
        if not part:
            return ""
        read += part
    return read.decode("ascii", "replace")


# ── keys ──


def show_keys() -> None:
    """Show how each key arrives: its bytes, its name, what it does in the editor. Esc twice or Ctrl+C ends."""
    prepare_environment()
    by_key = {key: command for command in commands() for key in command.keys}
    out = sys.__stdout__
    assert out is not None
    out.write("\n" + _("Press keys to see how they arrive. Esc twice or Ctrl+C ends.") + "\n\x1b[?2004h")
    out.flush()
    escapes = 0
    try:
        with _raw() as fd:
            while escapes < 2:
                data = _burst(fd)
                if not data or data == b"\x03":
                    break
                escapes = escapes + data.count(b"\x1b") if not data.strip(b"\x1b") else 0
                for line in key_lines(data, by_key):
                    out.write(line + "\r\n")
                out.flush()
    except (ImportError, OSError):
        return
    finally:
        out.write("\x1b[?2004l\r")
        out.flush()


def _burst(fd: int) -> bytes:
    """The bytes of a key: all that comes without a pause."""
    data = os.read(fd, 1024)
    while data and select.select([fd], [], [], 0.05)[0]:
        more = os.read(fd, 1024)
        if not more:
            break
        data += more
    return data


def key_lines(data: bytes, by_key: dict[str, Any]) -> list[str]:
    """What the bytes of a key mean, a line for each key that the program makes of them."""
    from textual import events
    from textual._xterm_parser import XTermParser

    text = data.decode("utf-8", "replace")
    parser = XTermParser()
    lines = []
    shown = " ".join(f"{byte:02x}" for byte in data[:24]) + (" …" if len(data) > 24 else "")
    for event in [*parser.feed(text), *parser.feed("")]:
        if isinstance(event, events.Paste):
            what = _("a paste of {count} characters").format(count=len(event.text))
        elif isinstance(event, events.Key):
            command = by_key.get(event.key)
            does = f"{command.title} ({command.id})" if command else _("types “{text}”").format(
                text=event.character) if event.is_printable and event.character else _("no command of the editor")
            what = f"{event.key:<16} {does}"
        else:
            continue
        lines.append(f"  {shown:<28} {printable(what)}")
        shown = ""
    return lines or [f"  {shown:<28} " + _("nothing that the program knows")]
