"""The recovery journal: every edit is on the disk before the next key is read.

It lies beside the source (or, where nothing can be written there, in the user's state
directory) from the first edit after a save until the next save. Its first record holds the text
that the edits began with, every other one the stretch of text that a command replaced. So it
can be read back to the letter: by any later version, whatever became of the source meanwhile.

A record is a line: a checksum, and JSON. The checksum goes on from that of the line before, so
that lines can't be left out, or mixed from two journals. What follows the last whole line that is
right is not looked at.
"""

from __future__ import annotations

import json
import os
import re
import stat
import time
from binascii import crc32
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from ..disk import LIMIT, StorageError, sync_directory
from ..i18n import _
from ..rights import share
from ..userdirs import state_directory
from .history import stretch

ENDING = ".juesuan-journal"
ASIDE = "-old"
"""What follows on that in the name of a journal that was set aside; and '-2' and so on."""
FORMAT = 1

MOST_BYTES = 4 * LIMIT
"""So much of a journal is read: no journal that is written here grows so large."""

ANEW = 4 * 1024 * 1024
MOVED = 1024 * 1024 * 1024
"""A journal with more bytes of records, or more to move when it is read back, is begun anew with the text as it
is: so it stays quick to read."""

LATEST = 253_402_300_799
"""The last second of the year 9999: no edit was made after it."""

_WIDE = "utf-32-le"

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,2})?")


class Effort:
    """How much work may still be done: anyone can put a journal there that takes minutes to read back.
    A byte that is read counts eight, one that is moved one."""

    def __init__(self, left: int = 2_000_000_000) -> None:
        self.left = left

    def spend(self, amount: int) -> bool:
        """Note that so much is to be done; False where it is too much."""
        self.left -= amount
        return self.left >= 0


class JournalError(StorageError):
    """An edit could not be put on the disk. What was there before is still there."""


class Left(NamedTuple):
    """What a journal holds. `base` and `digest` are the text and the file that the edits began with;
    `text` is the text after the last of the `commands`, which was done at `when` (seconds since 1970)."""

    file: str
    path: str
    digest: str
    base: str
    text: str
    commands: int
    names: tuple[str, ...]
    when: float
    whole: bool


class Journal:
    """The journal of one session. `path` is the source, `base` its text and `digest` its file as last saved."""

    def __init__(self, path: str, base: str, digest: str) -> None:
        self._path = os.path.realpath(path)
        self._base, self._digest = base, digest
        self._text = base
        self._count = 0
        self._check = 0
        self._size = self._moved = 0
        self._fd = -1
        self.file = ""
        self.replaces: str = ""
        """A journal that was left behind and is contained in this one, which so may take its place."""

    def write(self, kind: str, name: str, text: str) -> None:
        """Put on the disk that a command made `text` of what the text was before. `kind`: 'do', 'undo' or 'redo'.

        Raises:
            JournalError: it can't be written. The next call tries again, and catches up.
        """
        self._count += 1
        start, old_end, new_end = stretch(self._text, text)
        record = {"op": kind, "name": name, "at": time.time(), "count": self._count, "start": start,
                  "cut": old_end - start, "text": text[start:new_end]}
        try:
            if self._fd >= 0 and (self._size > ANEW or self._moved > MOVED):
                self._close()
            if self._fd < 0:
                self._begin(text, record)
            else:
                line, check = _line(record, self._check)
                _write(self._fd, line)
                self._check = check
                self._size, self._moved = self._size + len(line), self._moved + 4 * len(text)
        except OSError as error:
            # The line may be cut off: a new journal is begun by the next edit, and this one is kept until then.
            self._close()
            message = _("The edit is not protected against a crash: {error}. Save soon.")
            raise JournalError(self._path, "failed", message.format(error=error.strerror or error)) from error
        self._text = text

    def remove(self) -> None:
        """Take the journal away: all that it holds is saved, or not wanted."""
        self._close()
        if self.file:
            remove(self.file)
        self.file = ""

    def close(self) -> None:
        """Leave the journal behind, for the next session to find."""
        self._close()

    def _begin(self, text: str, record: dict[str, Any]) -> None:
        start, old_end, new_end = stretch(self._base, text)
        record = {**record, "start": start, "cut": old_end - start, "text": text[start:new_end]}
        head = {"juesuan": FORMAT, "path": self._path, "digest": self._digest, "text": self._base}
        first, check = _line(head, 0)
        second, check = _line(record, check)
        failed: OSError | None = None
        for file in places(self._path):
            try:
                if file != self.file and file != self.replaces:
                    _set_aside(file)
                self._fd = _create(file, first + second, self._path)
                break
            except OSError as error:
                failed = failed or error
        else:
            assert failed is not None
            raise failed
        for old in {self.file, self.replaces} - {file, ""}:
            remove(old)
        self.file, self.replaces, self._check = file, "", check
        self._size, self._moved = len(second), 4 * len(text)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def places(path: str) -> tuple[str, str]:
    """Where the journal of a source can lie: beside it, or in the user's state directory."""
    from ..storage import digest_of

    real = os.path.realpath(path)
    directory, name = os.path.split(real)
    return (os.path.join(directory, f".{name}{ENDING}"),
            os.path.join(state_directory(), f"{digest_of(os.fsencode(real))[:32]}{ENDING}"))


def left_behind(path: str, effort: Effort | None = None) -> Left | None:
    """What the newest journal holds that was left behind for a source. It never raises."""
    return next(iter(all_left(path, effort)), None)


def all_left(path: str, effort: Effort | None = None) -> list[Left]:
    """What all journals hold that were left behind for a source, the newest first. It never raises."""
    real = os.path.realpath(path)
    beside, in_state = places(path)
    # One beside the source belongs to it wherever the directory was moved to.
    found = [read_left(file, effort) for file in (beside, *set_aside(beside))]
    found += [left for file in (in_state, *set_aside(in_state))
              if (left := read_left(file, effort)) and left.path == real]
    return sorted((left for left in found if left is not None), key=lambda left: -left.when)


def set_aside(file: str) -> list[str]:
    """The journals that stood at a place and were not decided on before another one was begun there."""
    directory, name = os.path.split(file)
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return []
    return [os.path.join(directory, each) for each in names if each.startswith(name + ASIDE)]


def remove(file: str) -> None:
    """Take a journal away."""
    try:
        os.unlink(file)
    except OSError:
        return  # it will be found again, and say nothing new


def _line(record: dict[str, Any], before: int) -> tuple[bytes, int]:
    data = json.dumps(record, separators=(",", ":")).encode()
    check = crc32(data, before)
    return b"%08x %b\n" % (check, data), check


def _create(file: str, data: bytes, source: str) -> int:
    """Make the file with its first lines: wholly, or not at all. What stood there before is replaced."""
    directory = os.path.dirname(file)
    if directory != os.path.dirname(source):
        os.makedirs(directory, 0o700, exist_ok=True)
    temporary = file + ".new"
    remove(temporary)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        share(fd, source)
        _write(fd, data)
        os.replace(temporary, file)
    except BaseException:
        os.close(fd)
        remove(temporary)
        raise
    sync_directory(directory)
    return fd


def _set_aside(file: str) -> None:
    """Keep a journal that was left behind and not decided on, however many there are."""
    number, aside = 1, file + ASIDE
    while os.path.lexists(aside):
        number += 1
        aside = f"{file}{ASIDE}-{number}"
    try:
        os.rename(file, aside)
    except FileNotFoundError:
        return


def _write(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest):]
    os.fsync(fd)


def put_aside(file: str) -> str:
    """Give a journal that can't be read another name, under which nobody looks for one; its new name, '' where
    there is nothing of that name, or it can't be renamed."""
    for number in range(1, 100):
        aside = f"{file}-damaged" + (f"-{number}" if number > 1 else "")
        if os.path.lexists(aside):
            continue
        try:
            os.rename(file, aside)
        except OSError:
            return ""
        return aside
    return ""


def damaged(path: str) -> list[str]:
    """The journals of a source that are there and can't be read: damaged, or no journals at all."""
    return [file for place in places(path) for file in (place, *set_aside(place))
            if os.path.lexists(file) and read_left(file) is None]


def clear_begun(path: str) -> None:
    """Take away the journals of a source that a process died over; for who holds the file's lock."""
    for file in places(path):
        remove(file + ".new")


def read_left(file: str, effort: Effort | None = None) -> Left | None:
    """What a journal file holds, None where it holds nothing, or more than it is worth. It never raises."""
    effort = effort or Effort()
    try:
        fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or not effort.spend(8 * min(status.st_size, MOST_BYTES)):
            return None
        data = bytearray()
        while len(data) < MOST_BYTES and (chunk := os.read(fd, 1 << 20)):
            data += chunk
    except OSError:
        return None
    finally:
        os.close(fd)
    return _taken_apart(file, bytes(data), effort)


def _taken_apart(file: str, data: bytes, effort: Effort) -> Left | None:
    """The whole records of a journal's bytes; None without a head and a first edit."""
    records = _records(data)
    try:
        head, _end = next(records)
        base, path, digest = head["text"], head["path"], head["digest"]
        if head["juesuan"] != FORMAT or not is_path(path) or not isinstance(digest, str):
            return None
        # In place, four bytes a character: a text of megabytes is not copied for each of thousands of records.
        text, count, when, names, end = bytearray(base.encode(_WIDE)), 0, 0.0, [], 0
        for record, after in records:
            start, cut, new = record["start"], record["cut"], record["text"]
            if not isinstance(start, int) or not isinstance(cut, int):
                return None
            if not 0 <= start <= start + cut <= len(text) // 4:
                return None
            text[4 * start:4 * (start + cut)] = new.encode(_WIDE)
            count, when = int(record["count"]), float(record["at"])
            if not 0 <= when <= LATEST or not count >= 0 or not effort.spend(len(text) - 4 * start):
                return None
            names.append(str(record["name"])[:80])
            end = after
    except (KeyError, StopIteration, TypeError, ValueError, AttributeError):
        return None  # right in itself, but of another program
    if not names:
        return None
    return Left(file, path, digest, base, text.decode(_WIDE), count, tuple(names), when, end == len(data))


def is_path(path: Any) -> bool:
    """Can there be such a file?"""
    try:
        return isinstance(path, str) and os.path.isabs(path) and "\0" not in path and len(os.fsencode(path)) <= 4096
    except ValueError:
        return False


def _records(data: bytes) -> Iterator[tuple[dict[str, Any], int]]:
    """The records that are right, each with its end."""
    check, start = 0, 0
    while (end := data.find(b"\n", start)) >= 0:
        line = data[start:end]
        check = crc32(line[9:], check)
        try:
            if line[:9] != b"%08x " % check:
                return
            record = _flat(line[9:].decode("ascii"))
        except (ValueError, IndexError):
            return
        start = end + 1
        yield record, start


def _flat(text: str) -> dict[str, Any]:
    """A record: a JSON object of texts and numbers. Raises ValueError or IndexError for anything else: what is
    nested could take a hundred times the memory of the file, and infinity is no place in a text."""
    found: dict[str, Any] = {}
    at = 1
    if text[0] != "{":
        raise ValueError
    while len(found) < 16:
        if text[at] != '"':
            raise ValueError
        key, at = scanstring(text, at + 1)
        if text[at] != ":":
            raise ValueError
        at += 1
        if text[at] == '"':
            found[key], at = scanstring(text, at + 1)
        else:
            number = _NUMBER.match(text, at)
            if number is None:
                raise ValueError
            found[key] = int(number[0]) if number[0].lstrip("-").isdigit() else float(number[0])
            at = number.end()
        if text[at] == "}" and at == len(text) - 1:
            return found
        if text[at] != ",":
            raise ValueError
        at += 1
    raise ValueError
