"""Bytes of a keyboard as text: in the encoding of the terminal, whatever bytes come."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

from .width import width

GB = {"gb18030", "gbk", "gb2312"}
"""The Chinese encodings, by Python's names (which are those of EUC-CN and CP936, too)."""

COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}
"""What Python itself puts into LC_CTYPE where the locale that is asked for is not installed."""

_LOST = "\udcff"
"""Stands for a byte that was not read."""


def terminal_encoding(environment: Mapping[str, str], stream: str) -> str:
    """The encoding of the terminal, by Python's name, '' for one that is unknown. `stream` is what Python writes in.

    A locale that names a Chinese encoding says what the terminal is, also where it is not installed here
    (Python then takes UTF-8); PYTHONIOENCODING says it in any case.
    """
    if not environment.get("PYTHONIOENCODING", "").partition(":")[0]:
        said = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(name, ""))
                     and not (name == "LC_CTYPE" and value in COERCED)), "")
        charset = said.partition(".")[2].partition("@")[0]
        if charset and _name(charset) in GB:
            return _name(charset)
    return _name(stream or "ascii")


def _name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return ""


def _skip(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _LOST, error.start + 1


INSTEAD = {"◐": "◎", "○": "○", "›": ">", "‹": "<", "•": "·", "–": "-", "−": "-"}


def _columns(error: UnicodeError) -> tuple[str, int]:
    """What a terminal shows instead of a character that its encoding lacks: in as many columns."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start:error.end]
    return "".join(INSTEAD.get(each, "?" * width(each, 1)) for each in lacking), error.end


codecs.register_error("juesuan.skip", _skip)
codecs.register_error("juesuan.columns", _columns)


class Decoder:
    """Makes text of bytes as they come. A byte that is none of a character's is left out and counted in
    `unread`; one that begins a character waits for the rest of it."""

    def __init__(self, encoding: str = "utf-8") -> None:
        # What writes GBK may write any character of GB18030, which holds it.
        name = "gb18030" if encoding in GB else "utf-8"
        self._decode = codecs.getincrementaldecoder(name)("juesuan.skip").decode
        self.unread = 0

    def decode(self, data: bytes) -> str:
        """The characters that are whole after these bytes."""
        text = self._decode(data)
        self.unread += text.count(_LOST)
        return text.replace(_LOST, "")
