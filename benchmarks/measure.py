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


class Run(NamedTuple):
    """A process: seconds from its start to its end, seconds of computing, and the largest memory
    that it or any process of its own took (MiB)."""

    seconds: float
    computing: float
    memory: float


# Runs a command and says how long it took and what it used. A small process of its own does it:
# on Linux, a process that is started from a large one counts the memory of that as its own.
_RUNNER = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def run(command: Sequence[str]) -> Run:
    """Run a process to its end. RuntimeError where it fails."""
    told = subprocess.run([sys.executable, "-c", _RUNNER, *command], capture_output=True, check=True)
    code, seconds, computing, memory = map(float, told.stdout.split())
    if code not in (0, 1):  # 1 is a check that found errors
        raise RuntimeError(f"{' '.join(command[:4])} … ended with {code:.0f}")
    return Run(seconds, computing, memory / (1024 * 1024 if sys.platform == "darwin" else 1024))


def processes(commands: dict[str, Sequence[str]], rounds: int) -> dict[str, tuple[Times, Times]]:
    """Whole processes, one of each in turn, so that what disturbs the machine disturbs all alike:
    from start to end, and computing alone, which other programs disturb less."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            done = run(command)
            if turn:  # the first round fills the caches
                taken[name].append(done)
    return {
        name: (Times(tuple(sorted(one.seconds for one in runs))), Times(tuple(sorted(one.computing for one in runs))))
        for name, runs in taken.items()
    }


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
