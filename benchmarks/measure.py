"""Timing whole processes and calls, and printing what came of it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds, sorted."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def late(self) -> float:
        """The time that one in a hundred is above, or the longest of fewer."""
        return self.seconds[min(len(self.seconds) - 1, len(self.seconds) * 99 // 100)]


def times(calls: Sequence[Callable[[], object]], rounds: int = 1) -> Times:
    """How long each of the calls takes."""
    seconds = []
    for _ in range(rounds):
        for call in calls:
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
    return Times(tuple(sorted(seconds)))


def processes(commands: dict[str, Sequence[str]], rounds: int) -> dict[str, Times]:
    """Whole processes, one of each in turn, so that what disturbs the machine disturbs all alike."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            if result.returncode > 1:
                raise RuntimeError(f"{command}: {result.stderr.decode(errors='replace')}")
            if turn:  # the first round fills the caches
                taken[name].append(time.perf_counter() - start)
    return {name: Times(tuple(sorted(seconds))) for name, seconds in taken.items()}


class Run(NamedTuple):
    """A process: seconds, and the largest memory that it or any process of its own took (MiB)."""

    seconds: float
    memory: float


def run(command: Sequence[str]) -> Run:
    """Run a process to its end. RuntimeError where it fails."""
    start = time.perf_counter()
    process = os.spawnv(os.P_NOWAIT, command[0], list(command))
    _process, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(command[:4])} … ended with {os.waitstatus_to_exitcode(status)}")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(time.perf_counter() - start, usage.ru_maxrss / scale)


def juesuan() -> list[str]:
    """How the program is started here: as its users do, if it is installed."""
    script = os.path.join(os.path.dirname(sys.executable), "juesuan")
    return [script] if os.path.exists(script) else [sys.executable, "-m", "juesuan"]


# Printing


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def verdict(value: float, target: float) -> str:
    return "ok" if value <= target else "OVER"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output, first column to the left, figures to the right."""
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    print(f"\n{title}")
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [_padded(text, width, left=number == 0) for number, (text, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())
    sys.stdout.flush()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int, left: bool) -> str:
    blanks = " " * (width - _width(text))
    return text + blanks if left else blanks + text
