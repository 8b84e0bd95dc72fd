"""Bytes from and to the disk, with every failure told as a StorageError.

To read never waits on a pipe or a device, and writes nothing. To write puts the new bytes beside
the old file, on the disk, and only then in its place: whoever looks, at any moment, sees the
old file whole or the new file whole.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable
from itertools import islice
from typing import NoReturn

from .i18n import _
from .rights import Rights, keep_rights, rights_of

LIMIT = 16 * 1024 * 1024
"""The most bytes that a file may have that is read."""

# Windows refuses to replace a file for as long as an indexer or a virus scanner looks at it.
_TRIES = 10 if os.name == "nt" else 1

_TEMPORARY = re.compile(r"\.juesuan-[0-9a-f]{16}\.tmp")


class StorageError(Exception):
    """A file can't be read or written: which file, why, and the line, where there is one.

    `reason` is a word for programs: 'missing', 'directory', 'special', 'denied', 'large',
    'encoding', 'nul', 'changed' or 'failed'. `message` tells the user what is wrong and what
    to do, and does not repeat the path.
    """

    def __init__(self, path: str, reason: str, message: str, line: int | None = None) -> None:
        super().__init__(path, reason, message, line)
        self.path, self.reason, self.message, self.line = path, reason, message, line

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


def read_bytes(path: str) -> bytes:
    """Read an ordinary file. Raises StorageError."""
    try:
        # Looked at before it is opened: to open a tape or a terminal is to act on it already.
        _refuse_special(path, os.stat(path))
        fd = os.open(path, os.O_RDONLY | _flags("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"))
        try:
            status = os.fstat(fd)
            _refuse_special(path, status)
            _refuse_large(path, status.st_size)
            chunks, size = [], 0
            # Counted again: the file can grow, and those of /proc don't tell their size.
            while chunk := os.read(fd, 1 << 20):
                chunks.append(chunk)
                size += len(chunk)
                _refuse_large(path, size)
            return b"".join(chunks)
        finally:
            os.close(fd)
    except OSError as error:
        _reading_failed(path, error)
    except ValueError:  # a NUL in the path, or half a surrogate pair
        raise StorageError(path, "missing", _("This is no possible file name.")) from None


def write_bytes(path: str, data: bytes, check: Callable[[], None] | None = None) -> str:
    """Put `data` in a file: wholly, or not at all. Gives a remark for the user, '' where there is none.
    Raises StorageError.

    `check` is called when all is ready, and can still prevent it by raising.
    """
    try:
        target = os.path.realpath(path)
        directory = os.path.dirname(target)
        before = _existing(path, target)
        for last in (False, True):
            try:
                kept = _put(target, data, before, check)
                break
            except FileNotFoundError:
                # Another process may take a file for a leftover that is just being put in its place.
                if last or not os.path.isdir(directory):
                    raise
    except OSError as error:
        _writing_failed(path, error)
    except ValueError:
        raise StorageError(path, "missing", _("This is no possible file name.")) from None
    sync_directory(directory)
    if kept:
        return ""
    return _("The file's group or access list could not be kept, so its rights were narrowed to mode {mode}.").format(
        mode=_mode(target))


def _put(target: str, data: bytes, before: Rights | None, check: Callable[[], None] | None) -> bool:
    """Write a file beside the target, and put it in its place; were the rights kept? Raises OSError."""
    # A name of its own, not the file's with an ending: that can be as long as names may be.
    temporary = os.path.join(os.path.dirname(target), f".juesuan-{os.urandom(8).hex()}.tmp")
    kept = True
    try:
        # The new file is nobody else's to read until it has the mode of the old one.
        mode = 0o666 if before is None else 0o600
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flags("O_BINARY", "O_CLOEXEC"), mode)
        try:
            _lock(fd)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
            if before is not None:
                kept = keep_rights(fd, temporary, before)
            os.fsync(fd)
        finally:
            os.close(fd)
        if check is not None:
            check()
        _replace(temporary, target)
        temporary = ""
    finally:
        if temporary:
            _remove(temporary)
    return kept


def clear_leftovers(folder: str) -> None:
    """Take away what processes of this user that died while they wrote left in a folder. Whoever still
    writes holds a lock on their file."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, 100_000) if _TEMPORARY.fullmatch(entry.name)]
    except (OSError, ValueError):
        return
    for name in names:
        path = os.path.join(folder, name)
        try:
            fd = os.open(path, os.O_RDONLY | _flags("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
        except OSError:
            continue
        try:
            status = os.fstat(fd)
            if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and _lock(fd):
                _remove(path)
        finally:
            os.close(fd)


def _lock(fd: int) -> bool:
    """Take the lock that says that a process lives which writes the file; False where it can't be had."""
    try:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _mode(path: str) -> str:
    try:
        return f"{stat.S_IMODE(os.stat(path).st_mode):04o}"
    except OSError:
        return "?"


def _existing(path: str, target: str) -> Rights | None:
    """Give the rights of the file that will be replaced, None if there is none."""
    try:
        _refuse_special(path, os.stat(target))
        rights = rights_of(target)
    except FileNotFoundError:
        return None
    # To replace a file takes no right to the file itself, but who took that right away meant it.
    if not os.access(target, os.W_OK):
        raise StorageError(path, "denied", _("The file is write-protected. Allow writing, or save to another file."))
    return rights


def _replace(source: str, target: str) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if attempt == _TRIES:
                raise
            time.sleep(0.02 * attempt)


def sync_directory(directory: str) -> None:
    """Have the new name on the disk as well.

    A failure here is no failure to save: the file is complete and in its place, and not every
    file system lets a directory be synchronized.
    """
    try:
        fd = os.open(directory, os.O_RDONLY | _flags("O_DIRECTORY", "O_CLOEXEC"))
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError:
        return


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # the error that brought us here is the one to tell


def _refuse_special(path: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise StorageError(path, "directory", _("This is a directory; name a file in it."))
    if not stat.S_ISREG(status.st_mode):
        raise StorageError(path, "special", _("This is no ordinary file but a device, a pipe or a socket."))


def _refuse_large(path: str, size: int) -> None:
    if size > LIMIT:
        message = _("The file is larger than {limit} MiB. This is hardly the file that you mean.")
        raise StorageError(path, "large", message.format(limit=LIMIT // (1024 * 1024)))


def reason(error: OSError) -> str:
    """Why the system refused, in the user's language where the case is common."""
    import errno

    words = {
        errno.ENOSPC: _("no space is left on the disk"), errno.EDQUOT: _("the disk quota is used up"),
        errno.EROFS: _("the disk is read-only"), errno.EIO: _("the disk failed"),
        errno.ENAMETOOLONG: _("the name is too long"), errno.ELOOP: _("the links go round in a circle"),
        errno.EEXIST: _("a file of this name is in the way"), errno.ENOTDIR: _("a file of this name is in the way"),
        errno.EBADF: _("it is closed"),
        errno.EACCES: _("you have no right to do so"), errno.EPERM: _("you have no right to do so"),
    }  # fmt: skip
    return words.get(error.errno or 0) or error.strerror or str(error)


def _reading_failed(path: str, error: OSError) -> NoReturn:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise StorageError(path, "missing", _("There is no such file. Check the path.")) from error
    if isinstance(error, PermissionError):
        raise StorageError(path, "denied", _("You have no right to read the file.")) from error
    message = _("The file can't be read: {error}.").format(error=reason(error))
    raise StorageError(path, "failed", message) from error


def _writing_failed(path: str, error: OSError) -> NoReturn:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        message = _("The directory does not exist. Create it, or save elsewhere.")
        raise StorageError(path, "missing", message) from error
    if isinstance(error, PermissionError):
        message = _("You have no right to write there, or another program holds the file. Close it, or save elsewhere.")
        raise StorageError(path, "denied", message) from error
    message = _("The file can't be written: {error}. Nothing was changed.")
    raise StorageError(path, "failed", message.format(error=reason(error))) from error


def _flags(*names: str) -> int:
    """Give the flags of os.open by these names, as far as the system has them."""
    flags = 0
    for name in names:
        flags |= getattr(os, name, 0)
    return flags
