"""Who may read and write a file: owner, group, mode and access list, and how a new file gets those of an old one.

Where a right can't be kept as it was, it is narrowed, never widened: a figure that a stranger has read
can't be taken back. With an access list, the group's bits of the mode are its mask and no right of the
group; put on a file without that list they would be one.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

_LIST = "system.posix_acl_access"


class Rights(NamedTuple):
    """Owner, group, mode (with the bits that are no rights), access list; b"" for no list."""

    uid: int
    gid: int
    mode: int
    acl: bytes


def rights_of(path: str) -> Rights:
    """The rights of a file. Raises OSError."""
    status = os.stat(path)
    return Rights(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), _access_list(path))


def keep_rights(fd: int, path: str, rights: Rights) -> bool:
    """Give a new file, which is nobody else's yet, the rights of the one that it will replace; False where
    others may do less with it than before. Raises OSError where the mode can't be set at all."""
    place: int | str = fd if os.chmod in os.supports_fd else path
    if not hasattr(os, "fchown"):
        os.chmod(place, rights.mode)
        return True
    group = _give(fd, rights)
    mode = rights.mode
    if os.fstat(fd).st_uid != rights.uid:
        mode &= 0o1777  # to run as another user
    if rights.acl:
        kept = group and _set_access_list(fd, rights.acl)
        if not kept:
            _drop_access_list(fd)
            mode &= 0o700
        os.chmod(place, mode)
        return kept
    _drop_access_list(fd)  # one that the folder gives to every new file
    if not group:
        common = mode >> 3 & mode & 0o7  # who was in the group is now among the others, and the other way round
        mode = mode & 0o700 | common << 3 | common
    os.chmod(place, mode)
    return mode & 0o777 == rights.mode & 0o777


def share(fd: int, path: str, writers: bool = False) -> None:
    """Have a new file of ours, which is nobody else's yet, be read and written by whom the file `path` may be,
    and by nobody else; of `writers` alone, only by those who may write that one. Where that can't be had, it
    stays nobody else's. Raises nothing."""
    try:
        os.fchmod(fd, 0o600)
        rights = rights_of(path)
        if rights.acl or not _give(fd, rights) or (not writers and os.fstat(fd).st_uid != rights.uid):
            return
        _drop_access_list(fd)
        mode = rights.mode & 0o066
        if writers:
            writing = mode & 0o022
            mode = writing | writing << 1
        os.fchmod(fd, 0o600 | mode)
    except OSError:
        return


def _give(fd: int, rights: Rights) -> bool:
    """Give the file away, as far as we may; is it the same group's then?"""
    for owner in (rights.uid, -1):
        try:
            os.fchown(fd, owner, rights.gid)
            break
        except OSError:
            continue  # not ours to give away: perhaps to the group at least
    return os.fstat(fd).st_gid == rights.gid


def _access_list(path: str) -> bytes:
    import errno

    if not hasattr(os, "getxattr"):
        return b""
    try:
        return os.getxattr(path, _LIST)
    except OSError as error:
        none = (errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
        return b"" if error.errno in none else b"?"  # one that can't be read, or kept


def _set_access_list(fd: int, acl: bytes) -> bool:
    try:
        os.setxattr(fd, _LIST, acl)
    except OSError:
        return False
    return True


def _drop_access_list(fd: int) -> None:
    try:
        os.removexattr(fd, _LIST)
    except (AttributeError, OSError):
        return  # there is none
