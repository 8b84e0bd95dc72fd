"""A terminal for the program: a pty that counts what is written to it, and the screen that it makes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

from juesuan.core.text.width import width

PACKAGE = Path(__file__).parent.parent.parent


class Terminal:
    """A program that runs under a pty. `data` is all that it has written."""

    def __init__(self, arguments: list[str], columns: int = 80, lines: int = 24, **environment: str) -> None:
        self.columns, self.lines = columns, lines
        self.pid, self.master = pty.fork()
        if not self.pid:
            own = {
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(sys.path),
                **{name: os.environ[name] for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME") if name in os.environ},
                **environment,
            }
            os.execve(sys.executable, [sys.executable, *arguments], {key: value for key, value in own.items() if value})
        self.resize(columns, lines)
        self.data = b""

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        self.columns, self.lines = columns, lines
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self, until: bytes = b"", quiet: float = 0.15, limit: float = 20) -> bytes:
        """What is written until `until` has come and nothing has for `quiet` seconds, or the end."""
        start, before = time.monotonic(), len(self.data)
        while time.monotonic() - start < limit:
            ready, _writing, _failed = select.select([self.master], [], [], quiet)
            if ready:
                try:
                    part = os.read(self.master, 1 << 16)
                except OSError:
                    break
                if not part:
                    break
                self.data += part
            elif until in self.data[before:]:
                break
        return self.data[before:]

    def type(self, keys: str | bytes) -> None:
        """Type, and do not wait."""
        os.write(self.master, keys if isinstance(keys, bytes) else keys.encode())

    def send(self, keys: str | bytes, **options: float) -> bytes:
        """Type, and give what the program writes to that."""
        self.type(keys)
        return self.read(b"\x1b[", **options)

    def cpu(self) -> float:
        """The milliseconds of processor time that the program has used."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def hang_up(self) -> int:
        """Drop the line, and wait for the program's end; its status as a shell tells it."""
        os.close(self.master)
        _pid, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def end(self) -> int:
        """Wait for the program's end; its status as a shell tells it."""
        self.read(quiet=0.5, limit=10)
        for _number in range(100):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.read(b"\0", limit=1)  # what it wrote last, up to the end
                os.close(self.master)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        self.signal(signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)
        raise AssertionError("the program did not end")


TOKEN = re.compile(
    r"\x1b\[([?>=]?)([0-9;]*)\$?([A-Za-z])|\x1b[\]P_].*?(?:\x07|\x1b\\)|\x1b[()].|\x1b.|[\x00-\x1f]|.", re.S
)


def screen(data: bytes, columns: int, lines: int, ambiguous: int = 1) -> list[str]:
    """The screen that a terminal shows after this: enough of one for what the program writes. A
    wide character is blanked where one of its halves is overwritten, as in xterm."""
    cells = [[" "] * columns for _line in range(lines)]
    x = y = 0
    for match in TOKEN.finditer(data.decode()):
        token = match[0]
        if match[3]:
            numbers = [int(number or 0) for number in match[2].split(";")]
            if match[3] == "H":
                y, x = max(0, numbers[0] - 1), max(0, (numbers[1] if len(numbers) > 1 else 1) - 1)
            elif match[3] == "J" or (match[3] == "h" and match[1] and numbers == [1049]):
                cells = [[" "] * columns for _line in range(lines)]
        elif token == "\r":
            x = 0
        elif token == "\n":
            y = min(lines - 1, y + 1)
        elif token >= " " and y < lines:
            size = width(token, ambiguous)
            if not size:
                continue
            if x + size > columns:
                continue
            for column in range(x, x + size):
                _blank(cells[y], column)
            cells[y][x] = token
            if size == 2:
                cells[y][x + 1] = ""
            x += size
    return ["".join(line).rstrip() for line in cells]


def _blank(line: list[str], column: int) -> None:
    """Blank what stands in a column, the other half of a wide character as well."""
    if not line[column]:
        line[column - 1] = " "
    elif column + 1 < len(line) and not line[column + 1]:
        line[column + 1] = " "
    line[column] = " "
