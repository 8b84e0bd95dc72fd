"""Recovery: the edits that a session left behind when it ended without saving."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..i18n import _
from ..reading import parse_source
from ..source import SourceError
from ..storage import StorageError, Stored, read_text
from ..text.width import printable
from .joining import joined
from .journal import Left, all_left, clear_begun, damaged, places, put_aside, remove

if TYPE_CHECKING:
    from .differences import Difference
    from .session import Session


class Recovery(NamedTuple):
    """What a journal holds that the file on disk does not.

    `matches`: the file is the one that the edits began with. Else it was changed by another
    program since, and to recover would take those changes back; or it is `lost`: gone, or no
    source any more, and then `disk` is what the edits began with.

    There can be several: who opens a file and decides nothing, may edit it and be cut off again. What
    was left undecided before is then `aside`, and is put into what was edited since.
    """

    path: str
    left: Left
    disk: str
    matches: bool
    lost: bool

    @property
    def when(self) -> float:
        """When the last edit was made, in seconds since 1970."""
        return self.left.when

    @property
    def commands(self) -> int:
        """How many commands there are."""
        return self.left.commands

    @property
    def aside(self) -> bool:
        """Was another session begun since, in which nobody decided on these edits?"""
        return self.left.file not in places(self.path)

    def onto(self, text: str) -> str:
        """The text with these edits: what they made of the file, or where the text is not what they
        began with, and was edited in this program, the text with what they changed."""
        if text == self.left.base or (text == self.disk and not self.aside):
            return self.left.text
        for both in (True, False):
            found = joined(self.left.base, self.left.text, text, both)
            try:
                parse_source(found, self.path)
            except SourceError:
                continue
            return found
        return self.left.text

    def session(self, catalogue: str = "") -> Session:
        """A session of the file in which the edits are done, as one step that undo takes back."""
        from .lock import hold
        from .session import Session

        if not self.lost:
            session = Session.open(self.path, catalogue=catalogue)
        else:
            stored = Stored(self.left.base, self.left.digest)
            session = Session(self.path, stored, catalogue=catalogue, lock=hold(self.path))
        if not session.read_only:
            session.recoveries = [self, *(each for each in recoveries(self.path) if each.left != self.left)]
            session.recover()
        return session

    def differences(self, catalogue: str = "", text: str = "") -> list[Difference]:
        """What to recover would change in a text (that of the file), entry by entry. Raises SourceError
        where a text is no source."""
        from ..opening import build_report
        from .differences import differences

        before = text or self.disk
        reports = [build_report(parse_source(each, self.path), catalogue) for each in (before, self.onto(before))]
        return differences(*reports)

    def lines(self, catalogue: str = "", most: int = 20, text: str = "") -> list[str]:
        """What the user is told: when, how many commands, whether they fit the file, what would change in
        a text (that of the file)."""
        import time

        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.when))
        found = [_("Edits that were not saved: {count} commands, the last on {when}: {name}").format(
            count=self.commands, when=when, name=printable(self.left.names[-1]))]
        if not self.left.whole:
            found.append(_("The end of the journal is damaged; what is before it is whole."))
        if self.lost:
            found.append(_("The file itself is gone or damaged; it can be written again."))
        elif self.aside and not self.matches:
            found.append(_("The file was edited since: what was changed then stays, unless it is changed here too."))
        elif not self.matches:
            found.append(_("The file was changed by another program since: recovering takes those changes back."))
        different = self.differences(catalogue, text)
        found += ["  " + one.line() for one in different[:most]]
        if len(different) > most:
            found.append("  " + _("… and {count} more").format(count=len(different) - most))
        if not different:
            found.append("  " + _("Only comments or the layout of the file differ."))
        return found


def recover(path: str, clean: bool = False, remarks: list[str] | None = None) -> Recovery | None:
    """The newest edits that were left behind for a file; None where there is nothing that the file has not."""
    return next(iter(recoveries(path, clean, remarks)), None)


def recoveries(path: str, clean: bool = False, remarks: list[str] | None = None) -> list[Recovery]:
    """All that was left behind for a file and not decided on, the newest first.

    `clean`: journals that hold nothing new are taken away, and those that can't be read set aside; for who
    holds the file's lock. `remarks` gets what the user should know of the latter.
    """
    if clean:
        clear_begun(path)
        for file in damaged(path):
            _put_aside(file, remarks)
    left = all_left(path)
    try:
        disk = read_text(path) if left else None
    except StorageError:
        disk = None
    if disk is None or not _is_source(disk.text, path):
        # What the journals alone hold. One that holds no source stays where it is: perhaps just the folder
        # with its format is out of reach.
        return [Recovery(path, each, each.base, False, True) for each in left
                if _is_source(each.base, path) and _is_source(each.text, path)]
    found = []
    for each in left:
        recovery = Recovery(path, each, disk.text, disk.digest == each.digest, False)
        if not _is_source(each.text, path):
            if clean:
                _put_aside(each.file, remarks)
        elif each.text != disk.text and recovery.onto(disk.text) != disk.text:
            found.append(recovery)
        elif clean:
            remove(each.file)
    return found


def _is_source(text: str, path: str) -> bool:
    try:
        parse_source(text, path)
    except SourceError:
        return False
    return True


def _put_aside(file: str, remarks: list[str] | None) -> None:
    aside = put_aside(file)
    if remarks is not None:
        name = printable(os.path.basename(aside or file))
        remarks.append(_("The recovery journal is damaged and was set aside as {name}.").format(name=name) if aside else
                       _("The recovery journal {name} is damaged; nothing is taken from it.").format(name=name))
