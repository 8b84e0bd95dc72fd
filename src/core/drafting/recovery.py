"""Recovery: the edits that a session left behind when it ended without saving."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..i18n import _
from ..reading import parse_source
from ..source import SourceError
from ..storage import StorageError, Stored, read_text
from ..text.width import printable
from .journal import Left, clear_begun, damaged, left_behind, places, put_aside, remove

if TYPE_CHECKING:
    from .differences import Difference
    from .session import Session


class Recovery(NamedTuple):
    """What a journal holds that the file on disk does not.

    `matches`: the file is the one that the edits began with. Else it was changed by another
    program since, and to recover would take those changes back; or it is `lost`: gone, or no
    source any more, and then `disk` is what the edits began with.
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
            session.recovery = self
            session.recover()
        return session

    def differences(self, catalogue: str = "") -> list[Difference]:
        """What to recover would change, entry by entry. Raises SourceError where a text is no source."""
        from ..opening import build_report
        from .differences import differences

        reports = [build_report(parse_source(text, self.path), catalogue) for text in (self.disk, self.left.text)]
        return differences(*reports)

    def lines(self, catalogue: str = "", most: int = 20) -> list[str]:
        """What the user is told: when, how many commands, whether they fit the file, what would change."""
        import time

        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.when))
        found = [_("Edits that were not saved: {count} commands, the last on {when}: {name}").format(
            count=self.commands, when=when, name=printable(self.left.names[-1]))]
        if not self.left.whole:
            found.append(_("The end of the journal is damaged; what is before it is whole."))
        if self.lost:
            found.append(_("The file itself is gone or damaged; it can be written again."))
        elif not self.matches:
            found.append(_("The file was changed by another program since: recovering takes those changes back."))
        different = self.differences(catalogue)
        found += ["  " + one.line() for one in different[:most]]
        if len(different) > most:
            found.append("  " + _("… and {count} more").format(count=len(different) - most))
        if not different:
            found.append("  " + _("Only comments or the layout of the file differ."))
        return found


def recover(path: str, clean: bool = False, remarks: list[str] | None = None) -> Recovery | None:
    """What was left behind for a file, or None where there is nothing that the file has not.

    `clean`: journals that hold nothing new are taken away, and those that can't be read set aside; for who
    holds the file's lock. `remarks` gets what the user should know of the latter.
    """
    if clean:
        clear_begun(path)
        for file in damaged(path):
            _put_aside(file, remarks)
    left = left_behind(path)
    if left is None:
        return None
    try:
        disk = read_text(path)
    except StorageError:
        return _lost(path, left)
    while not _is_source(left.text, path):
        if not clean or not _put_aside(left.file, remarks):
            return None
        left = left_behind(path)
        if left is None:
            return None
    if disk.text == left.text:
        if clean:
            for file in places(path):
                remove(file)
        return None
    if disk.digest == left.digest:
        return Recovery(path, left, disk.text, True, False)
    if not _is_source(disk.text, path):
        return _lost(path, left)
    return Recovery(path, left, disk.text, False, False)


def _lost(path: str, left: Left) -> Recovery | None:
    """What the journal alone holds; nothing where it holds no source. It stays where it is then: perhaps
    just the folder with its format is out of reach."""
    whole = _is_source(left.base, path) and _is_source(left.text, path)
    return Recovery(path, left, left.base, False, True) if whole else None


def _is_source(text: str, path: str) -> bool:
    try:
        parse_source(text, path)
    except SourceError:
        return False
    return True


def _put_aside(file: str, remarks: list[str] | None) -> bool:
    aside = put_aside(file)
    if remarks is not None:
        name = printable(os.path.basename(aside or file))
        remarks.append(_("The recovery journal is damaged and was set aside as {name}.").format(name=name) if aside else
                       _("The recovery journal {name} is damaged; nothing is taken from it.").format(name=name))
    return bool(aside)
