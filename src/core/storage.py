"""Reading a text file that can come from anywhere, and saving one so that nothing is lost."""

from __future__ import annotations

import os
from typing import NamedTuple

from .disk import LIMIT, StorageError, clear_leftovers, read_bytes, write_bytes
from .i18n import _

__all__ = ["LIMIT", "ChangedOutside", "StorageError", "Stored", "newline_of", "read_text", "save", "write_atomic"]

_BOM = b"\xef\xbb\xbf"


class Stored(NamedTuple):
    """A file as it was read.

    `text` keeps its newlines as they are and has no BOM; `newline` is the usual one in it;
    `digest` stands for the bytes of the file, for `save` to tell whether they changed since.
    """

    text: str
    digest: str
    newline: str = "\n"
    bom: bool = False


class ChangedOutside(StorageError):
    """The file on the disk is no longer the one that was read; it was left as it is."""


def read_text(path: str | os.PathLike[str]) -> Stored:
    """Read a UTF-8 text file.

    Raises:
        StorageError: there is no such file, it is no file of text in UTF-8, it is too large,
            or it can't be read.
    """
    name = os.fspath(path)
    data = read_bytes(name)
    bom = data.startswith(_BOM)
    text = _decode(name, data[len(_BOM) :] if bom else data)
    return Stored(text, digest_of(data), newline_of(text), bom)


def write_atomic(path: str | os.PathLike[str], data: bytes) -> str:
    """Put `data` in the file `path`: wholly, or not at all. Gives a remark for the user, mostly ''.

    A link is followed; an existing file keeps its mode, and its owner where we may give files
    away; where its group or access list can't be kept, its rights are narrowed, and the remark says so.
    Whatever goes wrong, the old file is whole and no other file stays behind.

    Raises:
        StorageError: the file can't be written.
    """
    return write_bytes(os.fspath(path), data)


def save(
    path: str | os.PathLike[str],
    text: str,
    expected_digest: str | None = None,
    *,
    newline: str | None = None,
    bom: bool = False,
    remarks: list[str] | None = None,
) -> str:
    """Write a text as UTF-8, if nobody else wrote the file in the meantime. Give its digest.

    Args:
        expected_digest: that of the file as it was read; '' where there must be no such file
            yet; None to overwrite whatever is there.
        newline: the newline to write for every newline of the text; None keeps them all.
        bom: begin with a BOM, as the file that was read did.
        remarks: gets what the user should know of the file that was written.

    Raises:
        ChangedOutside: the file is another than the expected one. Nothing was written.
        StorageError: the file can't be written.
    """
    name = os.fspath(path)
    if newline is not None:
        text = text.replace("\r\n", "\n").replace("\n", newline)
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        message = _("The line holds half a character (U+{code:04X}). Delete it.").format(code=ord(text[error.start]))
        raise StorageError(name, "encoding", message, text.count("\n", 0, error.start) + 1) from None
    if bom:
        data = _BOM + data
    if expected_digest is None:
        remark = write_bytes(name, data)
    else:
        expected = expected_digest
        # At the last moment: what is left is the time between two system calls.
        remark = write_bytes(name, data, lambda: _refuse_changed(name, expected))
    if remark and remarks is not None:
        remarks.append(remark)
    clear_leftovers(os.path.dirname(os.path.realpath(name)))
    return digest_of(data)


def newline_of(text: str) -> str:
    """Give the newline that most lines of the text end with; LF where none does."""
    windows = text.count("\r\n")
    return "\r\n" if windows > text.count("\n") - windows else "\n"


def _decode(path: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = _("The file is in UTF-16, but UTF-8 is needed. Save it as UTF-8 in your editor.")
        raise StorageError(path, "encoding", message, 1)
    if (zero := data.find(b"\0")) >= 0:
        message = _("The line holds a NUL byte: this is no text file, or it is damaged.")
        raise StorageError(path, "nul", message, _line(data, zero))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line, byte = _line(data, error.start), data[error.start]
    if _is_gb18030(data):
        message = _(
            "The file is in GB18030 (GBK), but UTF-8 is needed. Save it as UTF-8 in your editor, "
            "or convert it: iconv -f GB18030 -t UTF-8"
        )
    else:
        message = _(
            "The line is not in UTF-8: it holds the byte 0x{byte:02X}. "
            "Correct the line, or save the file as UTF-8 in your editor."
        ).format(byte=byte)
    raise StorageError(path, "encoding", message, line)


def _is_gb18030(data: bytes) -> bool:
    """Tell whether the bytes, which are no UTF-8, are Chinese in GB18030.

    Nearly every UTF-8 text reads as some Chinese in GB18030 too. So a text of which the larger
    part is good UTF-8 is a damaged UTF-8 text.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if not any("\u4e00" <= character <= "\u9fff" for character in text):
        return False
    read = data.decode("utf-8", "replace")
    wrong = read.count("\ufffd")
    return wrong > sum(character > "\x7f" for character in read) - wrong


def _refuse_changed(path: str, expected: str) -> None:
    try:
        found = digest_of(read_bytes(path))
    except StorageError as error:
        if error.reason != "missing":
            raise
        found = ""
    if found == expected:
        return
    if not expected:
        message = _("There is a file of this name already. Choose another name.")
    elif not found:
        message = _("The file was deleted or renamed since it was opened. Save to another file, or save anew.")
    else:
        message = _(
            "Another program changed the file since it was opened; nothing was overwritten. "
            "Open it again, or save to another file."
        )
    raise ChangedOutside(path, "changed", message)


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def digest_of(data: bytes) -> str:
    # hashlib would load the whole of OpenSSL, five milliseconds, for this one function.
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import sha256
    return str(sha256(data).hexdigest())
