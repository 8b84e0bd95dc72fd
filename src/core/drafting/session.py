"""A session: a draft that has a file.

Every command stands in the journal on disk before the report follows it; a lock says who
edits the file; and no file is overwritten that another program changed.
"""

from __future__ import annotations

import os
from typing import Any

from ..changes import Change
from ..disk import StorageError, clear_leftovers
from ..i18n import _
from ..opening import build_report
from ..reading import parse_source
from ..source import SourceError
from ..storage import ChangedOutside, Stored, read_text, save
from ..text.width import printable
from ..toml.editing import SourceText
from ..userdirs import state_directory
from . import journal
from .draft import Draft, ReadOnly, Step
from .entering import Edit, Refused
from .history import difference
from .lock import Held, Lock, hold
from .recovery import Recovery, recoveries

__all__ = ["ChangedOutside", "Edit", "Held", "ReadOnly", "Refused", "Session", "Step"]


class Session(Draft):
    """A source that is open: its text, its report, its history.

    `held`: who edits the file, where that is the reason why this session is read only.
    `recovery`: the newest edits of an earlier session that were never saved; to be taken (`recover`) or
    not (`discard_recovery`). Then it is the next of all `recoveries`, until each is decided.
    `unprotected`: why the last edit is not in the journal, '' where it is. Editing goes on.
    `remarks`: what the user should know of the files, such as that one was saved with narrower rights; who
    shows them empties the list.
    """

    def __init__(
        self, path: str, stored: Stored, read_only: bool = False, catalogue: str = "", lock: Lock | None = None
    ) -> None:
        super().__init__(path, stored.text, read_only, catalogue)
        self.stored = stored
        self.lock = lock
        self.held: Held | None = None
        self.recoveries: list[Recovery] = []
        self.unprotected = ""
        self.remarks: list[str] = []
        self._seen: Any = None
        self._begin_journal()

    @classmethod
    def open(cls, path: str, read_only: bool = False, catalogue: str = "") -> Session:
        """Open a file. Where another session edits it, this one is read only and tells who (`held`).

        Raises StorageError or SourceError where the file can't be read.
        """
        held, lock = None, None
        if not read_only:
            try:
                lock = hold(path) if os.path.exists(path) else None
            except Held as error:
                held, read_only = error, True
        try:
            seen = _fingerprint(path)
            session = cls(path, read_text(path), read_only, catalogue, lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        session.held, session._seen = held, seen
        if not read_only:
            alone = lock is not None and lock.held
            if lock is not None and not alone and os.path.lexists(lock.file):
                session.remarks.append(lock.reason)
            if alone:
                clear_leftovers(os.path.dirname(os.path.realpath(path)))
                clear_leftovers(state_directory())
            session.recoveries = recoveries(path, clean=alone, remarks=session.remarks)
        return session

    @property
    def recovery(self) -> Recovery | None:
        """What is to be decided next."""
        return self.recoveries[0] if self.recoveries else None

    def _begin_journal(self) -> None:
        self.journal = journal.Journal(self.path, self.stored.text, self.stored.digest)

    @property
    def dirty(self) -> bool:
        """Does the text differ from what was last saved?"""
        return self._text is not None and self._text.text() != self.stored.text

    def _protect(self, kind: str, name: str, text: str) -> None:
        """Put the step into the journal. Where that can't be done, editing goes on: the user is
        told, and may save, or mend the disk; the next step tries again and catches up."""
        try:
            self.journal.write(kind, name, text)
            self.unprotected = ""
        except StorageError as error:
            self.unprotected = error.message

    def note(self, place: str, typed: str) -> None:
        """Keep what was typed and can't be entered, where nobody can be asked: as a comment at the file's end."""
        words = _("not entered: {typed} ({place})").format(typed=printable(typed), place=printable(place))
        if not self.read_only:
            self._replace(words, f"{self.text.text().rstrip()}\n\n# {words}\n")

    # ── the file ──

    def save(self, path: str = "", overwrite: bool = False) -> None:
        """Write the text; with another `path`, as `save_as`. The history stays.

        Raises ReadOnly, StorageError, and ChangedOutside where the file on disk is not the one
        that was read (unless `overwrite`).
        """
        if path and os.path.realpath(path) != os.path.realpath(self.path):
            self.save_as(path, overwrite)
            return
        if self.read_only:
            raise ReadOnly
        self._save(self.path, None if overwrite else self.stored.digest)

    def save_as(self, path: str, overwrite: bool = False) -> None:
        """Write the text to another file, and go on with that one.

        Raises ReadOnly, StorageError, Held where somebody edits that file, and ChangedOutside
        where there is one (unless `overwrite`).
        """
        if self.read_only:
            raise ReadOnly
        if not overwrite and os.path.lexists(path):
            save(path, self.text.text(), "")  # refuses it, in its own words
        lock = hold(path)
        try:
            moved = os.path.dirname(os.path.realpath(path)) != os.path.dirname(os.path.realpath(self.path))
            self._save(path, None if overwrite else "")
        except BaseException:
            lock.release()
            raise
        if self.lock is not None:
            self.lock.release()
        self.lock = lock
        self.path = self.source.path = path
        self._begin_journal()
        if moved and (self.source.prior_file or self.source.catalogue_file):
            self._rebuild(parse_source(self.source.text, path))  # they are looked for beside the source

    def _save(self, path: str, expected: str | None) -> None:
        text = self.text.text()
        digest = save(path, text, expected, bom=self.stored.bom, remarks=self.remarks)
        self.stored = self.stored._replace(text=text, digest=digest)
        self._seen = _fingerprint(path)
        self.journal.remove()
        self.unprotected = ""
        self._begin_journal()

    def outside_changes(self) -> list[str]:
        """What the file on disk says otherwise than this session, a line an entry: 'place: on disk → here'."""
        from .differences import differences

        try:
            theirs = build_report(parse_source(read_text(self.path), self.path), self.catalogue)
        except StorageError as error:
            return [str(error)]
        except SourceError as error:
            return [error.message]
        return [found.line() for found in differences(theirs, self.report)]

    def changed_outside(self) -> bool:
        """Is the file on disk another than the one that was read or saved? As cheap as a look at its date."""
        if _fingerprint(self.path) == self._seen:
            return False
        try:
            return read_text(self.path).digest != self.stored.digest
        except StorageError:
            return True

    def reload(self, name: str = "") -> Change:
        """Take the file as it is on disk. Undo brings back what was here.

        Raises StorageError or SourceError where it can't be read: then nothing is done.
        """
        seen = _fingerprint(self.path)
        stored = read_text(self.path)
        if self.read_only:
            source = parse_source(stored.text, self.path)
            self._text, self.stored, self._seen = None, stored, seen
            return self._rebuild(source)
        parse_source(stored.text, self.path)
        self.stored, self._seen = stored, seen
        # What can be undone now is undone on the new file.
        self.journal.remove()
        self._begin_journal()
        before = self.text.snapshot()
        self.text.restore(SourceText.parse(stored.text).snapshot())
        if stored.text != self.source.text:
            self.done.append(Step(name or _("Reload"), (), difference(before, self.text.snapshot())))
            self.undone.clear()
        return self._rebuild(parse_source(stored.text, self.path))

    def poll(self) -> Change | None:
        """Follow a file that changed on disk, in a session that only reads; what changed, or None.

        A file that can't be read just now, or is no source, is looked at again when it has changed again.
        """
        if not self.read_only or _fingerprint(self.path) == self._seen:
            return None
        seen = _fingerprint(self.path)
        try:
            return self.reload()
        except (StorageError, SourceError):
            self._seen = seen
            return None

    def recover(self, name: str = "") -> Change:
        """Take the edits that an earlier session left behind, as one step of the history.

        Where the file has changed since those edits began, `save` refuses to overwrite it unasked.
        """
        recovery = self.recovery
        if recovery is None:
            return Change({}, {}, {}, {})
        before = self.text.text()
        text, file = recovery.onto(before), self._lies(recovery)
        self.journal.replaces = file  # for the new one holds all of it
        change = self._replace(name or _("Recover"), text)
        if not recovery.matches and not recovery.aside and text == recovery.left.text:
            self.stored = self.stored._replace(digest=recovery.left.digest)
        if file and not self.unprotected and file != self.journal.file:
            journal.remove(file)
        self.recoveries.remove(recovery)
        return change

    def discard_recovery(self) -> None:
        """Give up the edits that an earlier session left behind."""
        if self.recovery is not None:
            journal.remove(self._lies(self.recovery))
            del self.recoveries[0]

    def _lies(self, recovery: Recovery) -> str:
        """Where a journal lies now, which may have been set aside since it was read; '' where it is gone."""
        same = recovery.left._replace(file="")
        return next((left.file for left in journal.all_left(self.path) if left._replace(file="") == same), "")

    def close(self, discard: bool = False) -> None:
        """End the session. Unsaved edits stay in the journal for the next one, unless `discard`."""
        if not self.read_only:
            if discard or not self.dirty:
                self.journal.remove()
            else:
                self.journal.close()
        if self.lock is not None:
            self.lock.release()
            self.lock = None


def _fingerprint(path: str) -> Any:
    """What changes when the file does."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
