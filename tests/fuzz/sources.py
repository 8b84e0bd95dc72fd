"""Sources: whatever a file says, it is refused with a message, or a report can be made of it that is right."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from zlib import crc32

from juesuan.core.formats import load_format
from juesuan.core.opening import build_report, open_report
from juesuan.core.reading import parse_source
from juesuan.core.skeleton import new_source
from juesuan.core.source import SourceError
from juesuan.core.storage import StorageError, read_text

from . import mutate
from .campaign import Outcome, Target, require
from .invariants import ACTS, differ, draft, follow, hold

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMATS = ("fujian/budget", "fujian/final-accounts", "hebei/performance", "jiangsu/budget", "shanxi/final-accounts",
           "sichuan/final-accounts")

LAST = """schema = 2
[report]
format = "fujian/final-accounts"
year = 2023
department = "某局"
unit = "万元"
[income]
2010550 = { fiscal = 100.5 }
[expenditure]
2010550 = { basic = 100.5 }
2299999 = { project = 3 }
[general_budget]
2010550 = { basic = 90.5 }
[three_public]
reception = { budget = 3, outturn = 2.5 }
"""


def seeds() -> list[bytes]:
    """The examples, and an empty source of each format."""
    texts = [file.read_text("utf-8") for file in sorted(EXAMPLES.glob("*.toml"))]
    texts += [new_source(load_format(id), "某局", max(2024, load_format(id).since)) for id in FORMATS]
    return [text.encode() for text in texts]


def mutated(random: Random, data: bytes, other: bytes) -> bytes:
    """Another text. Its last line is what edits are chosen by: so they stay the same while it is made shorter."""
    return mutate.text(random, data, other) + b"\n# %d" % random.randrange(10**6)


def tried(data: bytes, folder: Path) -> Outcome:
    path = folder / "a.toml"
    path.write_bytes(data)
    (folder / "last.toml").write_text(LAST, "utf-8")
    random = Random(crc32(data[data.rfind(b"\n"):]))
    try:
        report = open_report(str(path))
    except (SourceError, StorageError) as error:
        refused(error.message, error.line, data)
        return Outcome(False)
    text = read_text(path).text
    count = hold(report, random, kinds=random.choice((0, 1)))
    for problem in report.source.problems:
        refused(problem.message, report.source.line(problem.path), data)
    kin = parse_source(LAST, str(folder / "last.toml"))
    differ(report, build_report(kin))
    if random.random() < 0.5:
        draft(str(path), text, random)
    else:
        follow(report, random)
    return Outcome(True, count)


def refused(message: str, line: int | None, data: bytes) -> None:
    """A message is in Chinese, acts on no terminal, and names a line that there is."""
    require(re.search("[\u4e00-\u9fff]", message), f"the message is not in Chinese: {message!r}")
    require(not ACTS.search(message), f"the message holds a character that acts: {message!r}")
    require(len(message) < 2000, f"the message is long: {len(message)}")
    lines = len(re.findall(rb"\r\n|\r|\n", data)) + 1
    require(line is None or 1 <= line <= lines, f"there is no such line: {line} of {lines}")


TARGET = Target("sources", ".toml", seeds, mutated, tried, 16)
