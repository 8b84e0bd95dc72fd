"""Choosing a file: the folders and the sources in a folder, narrowed by what is typed."""

from __future__ import annotations

import os
import stat
import time
from typing import NamedTuple

from .. import pinyin
from ..disk import reason
from ..text.width import width

MOST = 5000
"""So many entries of a folder are shown."""


class Entry(NamedTuple):
    """A folder or a file: its name as shown, its path, and what is known of it (mode and size as
    `ls -l` shows them, when it was changed)."""

    name: str
    path: str
    folder: bool
    mode: str = ""
    size: int = 0
    changed: float = 0.0


class Browser:
    """A folder with what can be chosen in it. `fault` says why it can't be read, '' where it can."""

    def __init__(self, folder: str = "", ending: str = ".toml") -> None:
        self.ending = ending
        self.filter = ""
        self.fault = ""
        self.folder = ""
        self._entries: list[Entry] = []
        self.go(folder or os.curdir)

    def go(self, folder: str) -> None:
        """Show another folder, nothing typed."""
        self.folder = os.path.abspath(os.path.expanduser(folder))
        self.filter = ""
        self._entries, self.fault = [], ""
        try:
            with os.scandir(self.folder) as found:
                entries = [_entry(each) for each in found]
        except (OSError, ValueError) as error:
            self.fault = reason(error) if isinstance(error, OSError) else str(error)
            entries = []
        kept = [each for each in entries if each is not None and (each.folder or each.name.endswith(self.ending))]
        self._entries = sorted(kept, key=lambda each: (not each.folder, each.name.casefold()))[:MOST]

    def parent(self) -> str:
        """Go to the folder above; the name of the one that was left."""
        left = os.path.basename(self.folder)
        self.go(os.path.dirname(self.folder))
        return left

    def type(self, text: str) -> None:
        """Narrow the list to what holds the text, or has it as pinyin initials. A text with a slash is
        a path: up to its last slash it is gone to."""
        before, slash, after = text.rpartition("/")
        if slash or text == "~":
            self.go(os.path.join(self.folder, os.path.expanduser(before + "/" if slash else text)))
            text = after if slash else ""
        self.filter = text

    def entries(self) -> list[Entry]:
        """What can be chosen: the folder above, folders, sources. What begins with a dot is shown when one is typed."""
        wanted = self.filter.casefold()
        above = os.path.dirname(self.folder)
        found = [Entry("..", above, True)] if above != self.folder and not wanted else []
        for entry in self._entries:
            if entry.name.startswith(".") and not wanted.startswith("."):
                continue
            if not wanted or wanted in entry.name.casefold() or pinyin.rank(entry.name, wanted) is not None:
                found.append(entry)
        return found


def entry_line(entry: Entry, columns: int, ambiguous: int = 1) -> str:
    """A folder or file on one line: its name, and on the right its mode, size and date."""
    name = entry.name + ("/" if entry.folder else "")
    if not entry.mode:
        return name
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.changed))
    told = f"{entry.mode}  {'' if entry.folder else entry.size:>9}  {when}"
    room = columns - len(told) - 2
    while width(name, ambiguous) > max(8, room) and len(name) > 1:
        name = name[:-2] + ">"
    return name + " " * max(1, room - width(name, ambiguous) + 2) + told


def _entry(found: os.DirEntry[str]) -> Entry | None:
    try:
        status = found.stat()
    except OSError:
        return None  # a link to nowhere, or a name that went away
    folder = stat.S_ISDIR(status.st_mode)
    if not folder and not stat.S_ISREG(status.st_mode):
        return None
    return Entry(found.name, found.path, folder, stat.filemode(status.st_mode), status.st_size, status.st_mtime)
