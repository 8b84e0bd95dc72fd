"""Values as TOML text.

tomlkit writes what is hard to write right (strings that hold quotes or controls) and is imported
when the first one is written. Numbers are written digit by digit as they were given.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import NamedTuple

from ..i18n import _

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NUMBER = re.compile(
    r"[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?"
    r"|[+-]?(?:inf|nan)"
    r"|0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*"
)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Digits(NamedTuple):
    """A number as it is written: Digits('301.820') is not Digits('301.82').

    It serves as tomllib's `parse_float`. Without a point or an exponent it is a TOML integer.
    """

    text: str

    def __str__(self) -> str:
        return self.text


def key_text(keys: tuple[str, ...]) -> str:
    """Give a key, dotted if it has several parts, as it stands in a TOML text."""
    return ".".join(key if _BARE.fullmatch(key) else _string(key) for key in keys)


def value_text(value: object, newline: str = "\n", inline: bool = True, indent: str = "") -> str:
    """Give a value as it stands in a TOML text.

    With `inline` it is kept on one line. Without, a string that holds newlines becomes a
    multi-line string, and a list of tables gets a line for each, below a key that stands
    after `indent`.

    Raises:
        TypeError: TOML has no such value, or it is a binary float.
        ValueError: the digits are no number, or the string holds half a character.
    """
    if isinstance(value, Digits):
        if not _NUMBER.fullmatch(value.text):
            raise ValueError(_("{text!r} is no number.").format(text=value.text))
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, str):
        return _string(value) if inline or "\n" not in value else _long_string(value, newline)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key_text((key,))} = {value_text(inner)}" for key, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, (list, tuple)):
        if inline or not value or not all(isinstance(item, Mapping) for item in value):
            return f"[{', '.join(map(value_text, value))}]"
        rows = "".join(f"{indent}  {value_text(item)},{newline}" for item in value)
        return f"[{newline}{rows}{indent}]"
    # A float among them: it would not come back with the digits that the user typed.
    raise TypeError(f"a TOML file can't hold {type(value).__name__}: {value!r}")


def _string(value: str) -> str:
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'  # as nearly every text is
    import tomlkit

    _refuse_half_characters(value)
    return tomlkit.string(value).as_string()


def _long_string(value: str, newline: str) -> str:
    import tomlkit

    _refuse_half_characters(value)
    # Line by line: tomlkit would let a CR before a newline stand, where TOML reads it as none.
    lines = (tomlkit.string(line, multiline=True).as_string()[3:-3] for line in value.split("\n"))
    return f'"""{newline}{newline.join(lines)}"""'


def _refuse_half_characters(value: str) -> None:
    if _HALF_CHARACTER.search(value):
        raise ValueError(_("The text holds half a character; it can't be saved. Type it anew."))
