"""A campaign: inputs of a target one after another, what became of them counted, failures kept."""

from __future__ import annotations

import contextlib
import re
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

SEEDS = Path(__file__).parent / "seeds"
SHORTENED = 150
"""So many inputs are tried to make a failing one shorter, if there is time."""


class Broken(AssertionError):
    """Something does not hold that must hold of every input."""


class Slow(BaseException):
    """An input took too long. No Exception, lest the program under test takes it for one of its own."""


class Outcome(NamedTuple):
    """What became of an input: was it taken (or refused with a message), and how much was said of it."""

    accepted: bool
    findings: int = 0


class Target(NamedTuple):
    """What is fuzzed. `seeds` gives further inputs that are made in code; `mutated(random, seed, other)` an
    input made of one (or two) of them; `tried(data, folder)` tries it in an empty folder, and raises for what must
    not be. `count` inputs are tried in the tests. An input that has `lines` is shortened by lines, else by bytes."""

    name: str
    ending: str
    seeds: Callable[[], list[bytes]]
    mutated: Callable[[Random, bytes, bytes], bytes]
    tried: Callable[[bytes, Path], Outcome]
    count: int
    lines: bool = True


@dataclass
class Failure:
    """A failure: where and why, the first input that came to it, and how often others did."""

    key: str
    why: str
    data: bytes
    times: int = 1


@dataclass
class Counts:
    """What became of the inputs of a target. `slowest` is in seconds, `slow` the number of that input."""

    tried: int = 0
    accepted: int = 0
    refused: int = 0
    findings: int = 0
    slowest: float = 0.0
    slow: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)


def require(holds: object, why: str) -> None:
    """Raise Broken with the reason where something does not hold."""
    if not holds:
        raise Broken(why)


def kept(target: Target) -> list[tuple[str, bytes]]:
    """The seeds that lie in the tree, with their names."""
    return [(file.name, file.read_bytes()) for file in sorted((SEEDS / target.name).glob("*"))]


def inputs(target: Target, seed: int) -> Iterator[bytes]:
    """The inputs of a campaign: mutations of the seeds, without end. The same for the same seed."""
    pool = [*(data for _name, data in kept(target)), *target.seeds()]
    for number in range(10**12):
        random = Random(f"{target.name} {seed} {number}")
        first, second = random.choice(pool), random.choice(pool)
        yield target.mutated(random, first, second)


def run(target: Target, folder: Path, seed: int, count: int, seconds: float = 0, limit: float = 0,
        before: Callable[[bytes], Any] = lambda data: None) -> Counts:
    """Try `count` inputs, or as many as there is time for (`seconds`), each no longer than `limit` seconds.
    `before` is told every input before it is tried: it may be the last."""
    counts = Counts()
    end = time.monotonic() + seconds
    for number, data in enumerate(inputs(target, seed)):
        if time.monotonic() > end if seconds else number >= count:
            break
        before(data)
        started = time.perf_counter()
        outcome = attempt(target, data, folder, limit)
        took = time.perf_counter() - started
        if took > counts.slowest:
            counts.slowest, counts.slow = took, number
        counts.tried += 1
        if isinstance(outcome, Failure):
            known = counts.failures.setdefault(outcome.key, outcome)
            known.times += known is not outcome
        else:
            counts.accepted += outcome.accepted
            counts.refused += not outcome.accepted
            counts.findings += outcome.findings
    return counts


def attempt(target: Target, data: bytes, folder: Path, limit: float = 0) -> Outcome | Failure:
    """What becomes of one input."""
    own = folder / "input"
    own.mkdir(parents=True, exist_ok=True)
    try:
        with limited(limit), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            outcome = target.tried(data, own)
        require(not warned, f"a warning, which would stand on the screen: {[str(one.message) for one in warned]}")
        return outcome
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever it is: this is what fuzzing is for
        return Failure(_key(error), "".join(traceback.format_exception(error, limit=-6))[-3000:], data)
    finally:
        _emptied(own)


def shortened(target: Target, failure: Failure, folder: Path, limit: float = 0) -> bytes:
    """A shorter input that fails at the same place; looked for no longer than an input may take (`limit`)."""
    left, end = SHORTENED, time.monotonic() + (limit or 10**9)
    join = b"\n" if target.lines else b""
    parts = failure.data.split(b"\n") if target.lines else [bytes([byte]) for byte in failure.data]
    size = len(parts) // 2
    while size and left and time.monotonic() < end:
        at = 0
        while at < len(parts) and left and time.monotonic() < end:
            left -= 1
            fewer = parts[:at] + parts[at + size:]
            found = attempt(target, join.join(fewer), folder, limit)
            if isinstance(found, Failure) and found.key == failure.key:
                parts = fewer
            else:
                at += size
        size = min(size // 2, len(parts) // 2)
    return join.join(parts)


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise Slow in what takes longer; 0 for no limit."""
    if not seconds:
        yield
        return

    def stop(*_arguments: Any) -> None:
        raise Slow(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _key(error: BaseException) -> str:
    """Failures with one key are one: the kind of error, and where it was raised last in what is ours."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if "site-packages" not in frame.filename and "/lib/python" not in frame.filename]
    last = frames[-1] if frames else None
    if isinstance(error, Broken):
        return "Broken " + re.sub(r"[^A-Za-z ]+.*", "", str(error)).strip()
    return f"{type(error).__name__} {Path(last.filename).name}:{last.name}" if last else type(error).__name__


def _emptied(folder: Path) -> None:
    """Take away what is in a folder, whatever it is."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
