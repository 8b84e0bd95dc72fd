"""Journals: whatever lies where a journal would, its edits are recovered or it is left alone; the file opens."""

from __future__ import annotations

import json
import tempfile
from binascii import crc32
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from juesuan.core.drafting import journal, recent
from juesuan.core.drafting.entering import Edit
from juesuan.core.drafting.recovery import recover
from juesuan.core.drafting.session import Session
from juesuan.core.source import SourceError
from juesuan.core.storage import StorageError

from . import mutate
from .campaign import Outcome, Target, require
from .invariants import inert

SOURCE = """schema = 2
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"

[prose]
duties = "甲"

[expenditure]
2010550 = { basic = 301.82 }   # 事业运行
"""
CELL = ("expenditure", "2010550", "basic")
VALUES = ("Infinity", "-Infinity", "NaN", "1e300", "-1", "0", "1", "10", "1.5", "99999999999999999999", '""', '"x"',
          "null", "true", "[]", "{}", "[" * 50 + "]" * 50, '"\\ud800"', '"\\u202e"', '"\\u0000"', '"schema = 2\\n"',
          '"[["', '"\\n[report]\\n"', '"' + "长" * 2000 + '"', "9" * 5000, '"/etc/passwd"', '"a"', "1e-5")


@cache
def seeds() -> list[bytes]:
    """What sessions leave that were killed: after a few edits, undone and redone ones, texts, records."""
    figures = [Edit("cell", CELL, "5"), Edit("cell", CELL, "6.10"), Edit("prose", ("duties",), "乙\n丙" * 30)]
    records = [Edit("insert", ("units", "", 0), {"name": "本级"}), Edit("none", ("government_fund", ""), True),
               Edit("reason", ("overview", "total", "amount"), "增加")]
    return [_left(figures[:1]), _left(figures, 2), _left([*figures, *records]), _left(records, 1)]


def _left(edits: list[Edit], undone: int = 0) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.toml")
        path.write_text(SOURCE, "utf-8")
        session = Session.open(str(path))
        for edit in edits:
            session.run("改", [edit])
        for _turn in range(undone):
            session.undo()
        data = Path(session.journal.file).read_bytes()
        session.close(discard=True)
    records = [json.loads(line[9:]) for line in data.splitlines()]
    for number, record in enumerate(records):  # the same bytes whenever and wherever they are made
        record.update({"at": 1700000000.5 + number} if "at" in record else {"path": "/nowhere/a.toml"})
    return sealed(json.dumps(record, separators=(",", ":")) for record in records)


def sealed(records: Any) -> bytes:
    """Records with the checksums that are right for them: as somebody would plant them."""
    lines, check = [], 0
    for record in records:
        data = record.encode("utf-8", "surrogatepass") if isinstance(record, str) else record
        check = crc32(data, check)
        lines.append(b"%08x %b\n" % (check, data))
    return b"".join(lines)


def mutated(random: Random, data: bytes, other: bytes) -> bytes:
    how = random.random()
    if how < 0.3:
        return mutate.octets(random, data, other)
    records = [line[9:] for line in data.splitlines()]
    theirs = [line[9:] for line in other.splitlines()]
    for _turn in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(len(records) + 1)
        if how < 0.5:
            records[at:at + random.randrange(2)] = random.sample(theirs, min(len(theirs), random.randrange(2)))
        elif at < len(records):
            records[at] = _record(random, records[at])
    return sealed(records)


def _record(random: Random, record: bytes) -> bytes:
    """A record with another value, without one of its keys, or with other bytes."""
    try:
        members = {key: json.dumps(value) for key, value in json.loads(record).items()}
    except (ValueError, AttributeError, RecursionError):
        return mutate.octets(random, record)
    if not members or random.random() < 0.1:
        return mutate.octets(random, record)
    key = random.choice(list(members))
    if random.random() < 0.1:
        del members[key]
    else:
        members[key] = random.choice((*VALUES, members[key], random.choice(list(members.values()))))
    return ("{" + ",".join(f'"{key}":{value}' for key, value in members.items()) + "}").encode("utf-8", "replace")


def tried(data: bytes, folder: Path) -> Outcome:
    random = Random(crc32(data))
    path = folder / "a.toml"
    disk = random.choice((SOURCE, SOURCE, SOURCE.replace("301.82", "7"), "", "x = [", None))
    if disk is not None:
        path.write_text(disk, "utf-8")
    beside, in_state = journal.places(str(path))
    file = Path(random.choice((beside, beside, beside, in_state)))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    for left in recent.drafts_left([str(path)], str(folder)):
        require(left.when >= 0 and left.commands >= 0, "what was left says when, and how much")
    accepted = _recovered(str(path))
    try:
        session = Session.open(str(path))
    except (SourceError, StorageError):
        require(disk in ("", "x = [", None), "a journal keeps the file from being opened")
    else:
        require(session.text.text() == disk, "a journal that nobody decided on changes the text")
        session.run("改", [Edit("cell", CELL, "8.00")])
        session.save()
        session.close()
        require(path.read_text("utf-8").count("8.00"), "what was saved is on the disk")
    return Outcome(accepted)


def _recovered(path: str) -> bool:
    """Is something recovered? Then it is told, and it is what the journal says."""
    recovery = recover(path)
    if recovery is None:
        return False
    try:
        inert("what is told of a recovery", "\n".join(recovery.lines()))
        session = recovery.session()
    except (SourceError, StorageError):
        return False
    if recovery.matches:
        require(session.text.text() == recovery.left.text, "what is recovered is what the journal holds")
    while session.undo():
        pass
    session.journal.close()
    assert session.lock is not None
    session.lock.release()
    return True


TARGET = Target("journals", ".journal", seeds, mutated, tried, 100)
