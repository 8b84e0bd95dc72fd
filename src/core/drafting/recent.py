"""The files that were edited last, and the drafts that were left behind.

The list is a convenience: whatever is wrong with its file, there is just no list, and where it
can't be written, it is not.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any, NamedTuple

from ..disk import StorageError, read_bytes, write_bytes
from ..userdirs import state_directory
from . import journal
from .lock import is_held

MOST = 20
FORMAT = 1

MOST_JOURNALS = 1000
EFFORT = 1_000_000_000
"""So much is done to look into journals before the start screen is shown, about a second's work."""

LONGEST = 200
"""So many characters of a department's name are kept."""

_BOM = b"\xef\xbb\xbf"


class Recent(NamedTuple):
    """A file, and how it stood when it was last open: whole percent, errors, warnings, and when
    (seconds since 1970). `path` is absolute."""

    path: str
    department: str
    year: int
    title: str
    percent: int
    errors: int
    warnings: int
    when: float


def recent_file() -> str:
    """The file that the list is in."""
    return os.path.join(state_directory(), "recent.json")


def recent_files() -> list[Recent]:
    """The files that were edited last, the newest first. It never raises."""
    import json

    try:
        data = json.loads(read_bytes(recent_file()))
        found = [_recent(each) for each in data["files"][:MOST]] if data["juesuan"] == FORMAT else []
    except (StorageError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return [each for each in found if each is not None][:MOST]


def remember(entry: Recent) -> bool:
    """Put a file at the head of the list; False where the list can't be written."""
    entry = entry._replace(path=os.path.realpath(entry.path))
    return _write([entry, *(each for each in recent_files() if each.path != entry.path)][:MOST])


def forget(path: str) -> bool:
    """Take a file off the list; False where the list can't be written."""
    return _write([each for each in recent_files() if each.path != path])


def now() -> float:
    """The moment, for an entry."""
    return time.time()


def drafts_left(paths: list[str], folder: str, unread: list[str] | None = None) -> list[journal.Left]:
    """The unsaved edits that were left behind: for these files, for those of a folder, and in the
    user's state directory; the newest first. Those of a session that still goes on are not among them.

    `unread` gets the journals that are damaged, or not looked into since there is too much in all of them.
    """
    effort = journal.Effort(EFFORT)
    wanted, unread = dict.fromkeys(paths), [] if unread is None else unread
    for place in (folder, state_directory()):
        for file in _journals(place):
            known = _source_of(file, effort)
            if known:
                wanted[known] = None
            else:
                unread.append(file)
    found: dict[str, journal.Left] = {}
    for path in wanted:
        real = os.path.realpath(path)
        if real in found or is_held(real):
            continue
        left = journal.all_left(real, effort)
        if not left:
            unread += [file for file in journal.places(real) if os.path.lexists(file)]
        for each in [each for each in left if not _saved(real, each)][:1]:
            found[real] = each._replace(path=real)
    unread[:] = dict.fromkeys(unread)
    return sorted(found.values(), key=lambda left: -left.when)


_JOURNAL = re.compile(re.escape(journal.ENDING) + rf"(?:{journal.ASIDE}(?:-[0-9]+)?)?$")


def _journals(folder: str) -> list[str]:
    """The journals that lie in a folder."""
    try:
        names = sorted(name for name in os.listdir(folder) if _JOURNAL.search(name))
    except (OSError, ValueError):
        return []
    return [os.path.join(folder, name) for name in names[:MOST_JOURNALS]]


def _source_of(file: str, effort: journal.Effort) -> str:
    """The source that a journal belongs to: beside it by its name, elsewhere as it says; '' where it says none."""
    folder, name = os.path.split(file)
    if name.startswith("."):
        return os.path.join(folder, name[1 : name.rindex(journal.ENDING)])
    left = journal.read_left(file, effort)
    return left.path if left is not None else ""


def _saved(path: str, left: journal.Left) -> bool:
    """Does the file say what the journal does?"""
    text = left.text.encode()
    try:
        if os.path.getsize(path) - len(text) not in (0, len(_BOM)):
            return False
        return read_bytes(path).removeprefix(_BOM) == text
    except (OSError, StorageError):
        return False


def _recent(data: Any) -> Recent | None:
    """An entry of the file, None for what is none."""
    try:
        texts = [str(data[name])[:most] for name, most in (("path", None), ("department", LONGEST), ("title", LONGEST))]
        numbers = [max(0, min(int(data[name]), 1_000_000)) for name in ("year", "percent", "errors", "warnings")]
        entry = Recent(texts[0], texts[1], numbers[0], texts[2], numbers[1], numbers[2], numbers[3],
                       float(data["when"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return entry if journal.is_path(entry.path) and 0 <= entry.when <= journal.LATEST else None


def _write(entries: list[Recent]) -> bool:
    import json

    data = {"juesuan": FORMAT, "files": [entry._asdict() for entry in entries]}
    try:
        os.makedirs(state_directory(), 0o700, exist_ok=True)
        write_bytes(recent_file(), json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
    except (OSError, StorageError, ValueError):
        return False
    return True
