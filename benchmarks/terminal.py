"""The terminal program under a pty: what a key costs in time and in bytes, against other programs.

A key's time runs from its writing to the last byte of what the program draws; what it writes is
counted. Beside it stand a bare Textual application with a table of the same size, and VisiData
on the same table where it is installed (`pip install visidata`).
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from .measure import Times, juesuan, milliseconds, table, verdict
from .synthetic import source

EXAMPLE = Path(__file__).parents[1] / "examples" / "sanming-2024.toml"
UP, DOWN, GOTO, PAGE_DOWN, PAGE_UP = "\x1b[A", "\x1b[B", "\x07", "\x1b[6~", "\x1b[5~"
QUIET = 0.12
"""So many seconds without a byte are the end of an answer."""

# The least that Textual can do: a table of as many rows as the report has.
BARE = """
import sys
from textual.app import App
from textual.widgets import DataTable
class Bare(App):
    def compose(self):
        yield DataTable()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("code", "name", "basic", "project")
        table.add_rows((str(2010100 + n), "account", "1.00", "2.00") for n in range(int(sys.argv[1])))
        table.focus()
Bare().run()
"""


class Cost(NamedTuple):
    """What keys cost: seconds of each, and bytes of each, sorted."""

    seconds: Times
    bytes: tuple[int, ...]

    @property
    def written(self) -> int:
        return self.bytes[len(self.bytes) // 2]


class Pty:
    """A program on a terminal of 80 columns and 24 lines."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self.start = time.perf_counter()
        self.pid, self.master = pty.fork()
        if not self.pid:
            own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment}
            os.execvpe(command[0], list(command), {**os.environ, **own})
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)

    def answer(self, until: bytes = b"", limit: float = 30) -> tuple[float, bytes]:
        """When the last byte came (after `until`, if given), and all bytes until then."""
        data, last, end = b"", time.perf_counter(), time.perf_counter() + limit
        while time.perf_counter() < end:
            ready, _writing, _failed = select.select([self.master], [], [], QUIET)
            if ready:
                try:
                    part = os.read(self.master, 1 << 16)
                except OSError:
                    break
                data, last = data + part, time.perf_counter()
                if until and until in data:
                    return last, data
            elif not until:
                break
        return last, data

    def keys(self, *keys: str) -> Cost:
        """What each of these keys costs. Those that the program does not answer are left out."""
        seconds, written = [], []
        for key in keys:
            start = time.perf_counter()
            os.write(self.master, key.encode())
            last, data = self.answer(limit=5)
            if data:
                seconds.append(last - start)
                written.append(len(data))
        return Cost(Times(tuple(sorted(seconds or [0.0]))), tuple(sorted(written or [0])))

    def memory(self) -> float:
        """The most memory that the program has taken, MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


def terminal(quick: bool) -> None:
    """The terminal program: its start, its keys, its memory."""
    rounds = 2 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8")
        rows = 200 if quick else 2000
        reports = {"example": (EXAMPLE.read_text("utf-8"), 20), f"{rows:,} 项 rows": (source(rows), rows)}
        _starts(Path(folder), bare, reports, rounds)
        _keys(Path(folder), bare, reports, 6 if quick else 24)


def _open(folder: Path, content: str) -> list[str]:
    file = Path(tempfile.mkdtemp(dir=folder), "report.toml")
    file.write_text(content, encoding="utf-8")
    return [*juesuan(), "edit", str(file)]


def _starts(folder: Path, bare: Path, reports: dict[str, tuple[str, int]], rounds: int) -> None:
    rows = []
    for name, (content, size) in reports.items():
        taken: dict[str, list[float]] = {"bare": [], "ours": []}
        for _round in range(rounds + 1):
            for kind, command, sign in (("bare", [sys.executable, str(bare), str(size)], b"basic"),
                                        ("ours", _open(folder, content), "下一项".encode())):
                with Pty(command) as program:
                    last, _data = program.answer(sign)
                    taken[kind].append(last - program.start)
        ours, theirs = (Times(tuple(sorted(taken[kind][1:]))).median for kind in ("ours", "bare"))
        rows.append((name, milliseconds(ours), milliseconds(theirs), f"{ours / theirs:.2f}", verdict(ours, 2 * theirs)))
    table("From the command to the first frame, 80×24", ("", "juesuan edit", "bare Textual", "ratio", "target 2"), rows)


def _keys(folder: Path, bare: Path, reports: dict[str, tuple[str, int]], moves: int) -> None:
    rows = []
    for name, (content, size) in reports.items():
        with Pty(_open(folder, content)) as program:
            program.answer("下一项".encode())
            program.answer()
            # Into a table that sentences, other tables and rules follow.
            program.keys(GOTO, f"general_budget.{_account(content)}.basic", "\r")
            move = program.keys(*[DOWN, UP] * (moves // 2))
            program.keys("7")
            first = program.keys("\r")  # breaks rules over the whole report, which look at every figure once
            program.keys(UP)
            typed, committed = [], []
            for number in range(moves // 3):
                typed.append(program.keys(str(1 + number % 9), "5"))
                committed.append(program.keys("\r"))
                program.keys(UP)
            scroll = program.keys(*[PAGE_DOWN, PAGE_UP] * (moves // 6))
            _last, idle = program.answer(limit=3)
            time.sleep(0 if moves < 10 else 3)
            idle += program.answer(limit=1)[1]
            memory = program.memory()
        rows += [_row(f"{name}: cursor", move, 0.008, 500), _row(f"{name}: typed character", _sum(typed), 0.008, 250),
                 _row(f"{name}: first commit", first), _row(f"{name}: commit", _sum(committed), 0.008, 1500),
                 _row(f"{name}: page", scroll, None, 6000),
                 (f"{name}: idle", "", "", f"{len(idle)} B", f"{verdict(len(idle), 0)} 0 B"),
                 (f"{name}: memory", "", "", f"{memory:.0f} MiB", f"{verdict(memory, 100)} 100 MiB")]
        with Pty([sys.executable, str(bare), str(size)]) as program:
            program.answer(b"basic")
            program.answer()
            rows.append(_row(f"bare Textual table of {size:,} rows: cursor", program.keys(*[DOWN, UP] * (moves // 2))))
        rows += _visidata(folder, size, moves)
    table("A key, 80×24: from its byte to the last byte of the answer, and the bytes of the answer",
          ("", "median", "99 %", "bytes", "target"), rows)


def _account(content: str) -> str:
    """An account below which another one stands: Enter goes down one row, and the table need not scroll."""
    part = content.partition("\n[general_budget]")[2].partition("\n[")[0]
    codes = re.findall(r"^(\d{7}) = ", part, re.MULTILINE)
    return next((code for code, below in pairwise(codes) if code[:5] == below[:5]), codes[0])


def _visidata(folder: Path, size: int, moves: int) -> list[tuple[str, ...]]:
    found = shutil.which("vd", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]))
    if found is None:
        return [("VisiData", "", "", "", "not installed")]
    sheet = Path(folder, f"{size}.csv")
    lines = (f"{2010100 + number},account,{number}.00,2.00" for number in range(size))
    sheet.write_text("\n".join(["code,name,basic,project", *lines]) + "\n", encoding="utf-8")
    with Pty([found, str(sheet)], HOME=str(folder)) as program:
        program.answer(b"2010100")
        time.sleep(1)
        program.answer()
        move = program.keys(*["j", "k"] * (moves // 2))
        edits = [program.keys("e", "1", "\r") for _number in range(moves // 6)]
    whole = Cost(Times(tuple(sorted(sum(cost.seconds.seconds) for cost in edits))),
                 tuple(sorted(sum(cost.bytes) for cost in edits)))
    return [_row(f"VisiData, {size:,} rows: cursor", move), _row(f"VisiData, {size:,} rows: edit (3 keys)", whole)]


def _sum(costs: list[Cost]) -> Cost:
    return Cost(Times(tuple(sorted(second for cost in costs for second in cost.seconds.seconds))),
                tuple(sorted(count for cost in costs for count in cost.bytes)))


def _row(name: str, cost: Cost, seconds: float | None = None, written: int | None = None) -> tuple[str, ...]:
    targets = [f"{verdict(cost.seconds.median, seconds)} {seconds * 1000:.0f} ms"] if seconds is not None else []
    targets += [f"{verdict(cost.written, written)} {written:,} B"] if written is not None else []
    return (name, milliseconds(cost.seconds.median), milliseconds(cost.seconds.late), f"{cost.written:,} B",
            ", ".join(targets))
