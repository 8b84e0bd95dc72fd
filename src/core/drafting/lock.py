"""Who edits a file: a lock file beside it, held for as long as the session lives.

What holds is the lock of the operating system (flock), which ends with its process however that
ends. What stands in the file is for the message that another editor gets.

Who can open a file can lock it. So only those can open this one who may write the source: a reader
keeps nobody from editing. A shared lock is no editor's: a file that is held so is replaced.
"""

from __future__ import annotations

import os
import time
from typing import Any

from ..disk import StorageError
from ..i18n import _
from ..rights import share

ENDING = ".juesuan-lock"

TURNS, WAITS = 100, 5
"""So often the lock is tried while others take its file away; so often one waits for who only looks at it."""


class Held(StorageError):
    """Somebody edits the file: who (`user`), on which machine, in which process, since when (seconds since 1970)."""

    def __init__(self, path: str, user: str, host: str, pid: int, since: float) -> None:
        when = time.strftime("%m-%d %H:%M", time.localtime(since)) if since else "?"
        message = _("{user} on {host} has been editing the file since {when} (process {pid}).").format(
            user=user, host=host, when=when, pid=pid)
        super().__init__(path, "held", message)
        self.user, self.host, self.pid, self.since = user, host, pid, since


class Lock:
    """The right to edit a file. `reason` says why it could not be had, '' where it is held."""

    def __init__(self, file: str, fd: int, reason: str = "") -> None:
        self.file, self._fd, self.reason = file, fd, reason

    @property
    def held(self) -> bool:
        return self._fd >= 0

    def release(self) -> None:
        """Let others edit the file."""
        if self._fd >= 0:
            # In this order: nobody can have locked a file of this name that is not this one.
            _unlink(self.file)
            os.close(self._fd)
            self._fd = -1


def hold(path: str) -> Lock:
    """Lock a file for editing.

    Where no lock can be had at all (a directory that may not be written, a file system without
    locks), the lock that is given is not held and says why: the file can still be edited.

    Raises:
        Held: another session has it.
    """
    real = os.path.realpath(path)
    directory, name = os.path.split(real)
    file = os.path.join(directory, f".{name}{ENDING}")
    try:
        import fcntl
    except ImportError:
        return Lock(file, -1, _("this system has no such locks"))
    try:
        for turn in range(TURNS):
            lock = _try(path, file, fcntl, turn >= WAITS)
            if lock is not None:
                return lock
        return Lock(file, -1, _("other programs keep it busy"))
    except OSError as error:
        if isinstance(error, PermissionError) and os.path.lexists(file):
            return Lock(file, -1, _("Another user's lock file is there, which tells us nothing: "
                                    "perhaps they edit the file just now."))
        return Lock(file, -1, _("the lock file can't be made beside it: {error}").format(error=error.strerror or error))


def is_held(path: str) -> bool:
    """Does somebody edit the file just now? Writes nothing; False where it can't be known."""
    directory, name = os.path.split(os.path.realpath(path))
    try:
        import fcntl

        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        fd = os.open(os.path.join(directory, f".{name}{ENDING}"), flags)
    except (ImportError, OSError):
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(fd)
    return False


def _try(path: str, file: str, fcntl: Any, insist: bool) -> Lock | None:
    """Lock the file that is there, or a new one; None where it went away meanwhile, or could not be used.
    `insist`: take away one that somebody holds who is no editor."""
    fd = _open(file)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _holder(path, fd) from None
            if insist:
                _take_away(fd, file)
            else:
                time.sleep(0.02)
            return None
        if _is_at(fd, file):
            share(fd, path, writers=True)
            if _sign(fd):
                lock, fd = Lock(file, fd), -1
                return lock
            os.unlink(file)
        return None
    finally:
        if fd >= 0:
            os.close(fd)


def _open(file: str) -> int:
    flags = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        return os.open(file, flags | os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        if not os.path.lexists(file):
            raise
        # A colleague's, of an earlier version: to see whether it is held, reading is enough.
        return os.open(file, flags | os.O_RDONLY)


def _take_away(fd: int, file: str) -> None:
    """Remove the file that `fd` is open on; one that another editor has put there meanwhile stays."""
    if not _is_at(fd, file):
        return
    aside = f"{file}-{os.urandom(4).hex()}"
    os.rename(file, aside)
    if not _is_at(fd, aside):
        os.link(aside, file)
    os.unlink(aside)


def _is_at(fd: int, file: str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.lstat(file))
    except FileNotFoundError:
        return False


def _sign(fd: int) -> bool:
    """Write who holds the lock; False where the file is another user's."""
    import errno
    import json
    import socket

    said = json.dumps({"user": _user(), "host": socket.gethostname(), "pid": os.getpid(), "time": int(time.time())})
    try:
        os.ftruncate(fd, 0)
        os.pwrite(fd, said.encode() + b"\n", 0)
    except OSError as error:
        # A full disk: the lock holds all the same.
        return error.errno not in (errno.EBADF, errno.EINVAL, errno.EPERM, errno.EACCES)
    return True


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _holder(path: str, fd: int) -> Held:
    """Read who holds the lock. Anyone can have written it: what is no name is not shown."""
    import json

    from ..text.width import printable

    said: object = None
    try:
        said = json.loads(os.pread(fd, 4096, 0))
    except (OSError, ValueError, RecursionError):
        said = None  # it is just being written
    fields = said if isinstance(said, dict) else {}
    user, host = (printable(str(fields.get(name) or "?"))[:64] for name in ("user", "host"))
    pid, since = (value if isinstance(value, int) and 0 <= value < 1 << 40 else 0
                  for value in (fields.get("pid"), fields.get("time")))
    return Held(path, user, host, pid, since)


def _unlink(file: str) -> None:
    try:
        os.unlink(file)
    except OSError:
        return  # it is released all the same when it is closed
