"""Formats: `formats check` finds what is wrong, or what holds of every report holds of those in the format."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import juesuan.core.formats as known
from juesuan.core.format_check import check_format, fault_lines
from juesuan.core.format_trial import failures
from juesuan.core.formats import FOLDER, Format, list_formats, load_format
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source

from ..core import minimal
from ..core.test_format_mutations import FORMULAS, VALUES
from . import mutate
from .campaign import Outcome, Target, require
from .invariants import ACTS, follow, hold

_ID = re.compile(r'^id *= *"([a-z0-9-]+/[a-z0-9-]+)"', re.MULTILINE)
_SLOT = re.compile(r"\{([^{}\n]*)\}")
_FILE = re.compile(r"^=== (\w+\.toml) ===\n", re.MULTILINE)
"""A format as one text: its files one after the other, each under its name."""

FILLED = """
[expenditure]
2010301 = { basic = 10.5, project = 3 }
2010302 = { basic = 5.05, project = 20 }
[income]
2010301 = { fiscal = 38.55 }
"""


def seeds() -> list[bytes]:
    """The minimal format, which is quick."""
    return [joined(minimal.FILES)] * 8  # more often than what once failed, most of which is refused


@cache
def ours() -> list[bytes]:
    """The formats that come with the program."""
    return [joined({file.name: file.read_text("utf-8") for file in sorted(Path(FOLDER, id).glob("*.toml"))})
            for id in list_formats(FOLDER)]


def joined(files: dict[str, str]) -> bytes:
    return "".join(f"=== {name} ===\n{text}" for name, text in files.items()).encode()


def mutated(random: Random, data: bytes, _other: bytes) -> bytes:
    """The minimal format, sometimes one of ours, with other formulas, keys, values, lines."""
    other = random.choice(ours())
    data = random.choice(ours()) if random.random() < 0.15 else data
    if random.random() < 0.5:
        return mutate.text(random, data, other)
    text = data.decode("utf-8", "replace")
    for _turn in range(random.choice((1, 1, 2))):
        found = list(_SLOT.finditer(text))
        if found:
            slot = random.choice(found)
            text = text[:slot.start(1)] + _piece(random, other) + text[slot.end(1):]
    return text.encode()


def _piece(random: Random, other: bytes) -> str:
    """A formula: one of a list, one of another format, or two put together."""
    theirs = _SLOT.findall(other.decode("utf-8", "replace"))
    texts = [value for value in VALUES if isinstance(value, str) and "\n" not in value]
    one, two = (random.choice([*FORMULAS, *theirs, *theirs, *texts]) for _turn in range(2))
    how = random.choice(("{0}", "{0}", "{0}", "{0} + {1}", "{0} / ({1})", "max({0}, {1})", "{0} if {1} else 0",
    "-({0})",
                         "prior({0})", "change({0})", "amount({0})", "({0}) > ({1})", "sum({0})", "rate({0}, {1})"))
    return how.format(one, two)


def tried(data: bytes, folder: Path) -> Outcome:
    text = data.decode("utf-8", "surrogateescape")
    named = _ID.search(text)
    id = named[1] if named else "shili/final-accounts"
    own = folder / id
    own.mkdir(parents=True)
    parts = _FILE.split(text)
    for name, text in zip(parts[1::2], parts[2::2]):
        (own / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    lines = fault_lines(faults := check_format(str(own)))
    for line in lines:
        require(not ACTS.search(line), f"a fault holds a character that acts: {line!r}")
        require(len(line) < 1000, f"a fault is long: {len(line)}")
    require(len(lines) == len(faults), "each fault is told")
    if faults:
        return Outcome(False, len(faults))
    known._load.cache_clear()
    format = load_format(id, str(folder))
    failed = failures(format)
    require(not failed, "what passes fails over a trial: " + "; ".join(failure.message for failure in failed))
    random = Random(crc32(data))
    for more in ("", FILLED):
        report = reported(format, more)
        if report is not None:
            hold(report, random, kinds=random.choice((0, 0, 1)))
            follow(report, random, 2)
    return Outcome(True)


def reported(format: Format, more: str) -> Report | None:
    """A report in the format: of a new source, or of one with a few figures."""
    text = new_source(format, "某局", max(2024, format.since))
    if more and not {"expenditure", "income"} <= set(format.taxonomy.tables):
        return None
    if more:
        text = text.partition("[prose]")[0] + more
    load: Any = known.load_format
    known.load_format = lambda id, folder="": format if id == format.id else load(id, folder)  # type: ignore
    try:
        return Report(parse_source(text, "/nowhere/a.toml"))
    finally:
        known.load_format = load


TARGET = Target("formats", ".txt", seeds, mutated, tried, 40)
