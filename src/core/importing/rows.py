"""Rows of workbooks: the code and the label of a row, from one column or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from .book import Sheet
from .patterns import Path
from .words import folded

_CODE = re.compile(r"([23]\d{2}(?:\d{2}){0,2})(?!\d)")
_PARTED = re.compile(r"([23]\d{2})[-. ](\d{2})(?:[-. ](\d{2}))?(?!\d)")


class Column(NamedTuple):
    """A column of a table in a sheet. `key`: what it is where it holds no figures (words.toml, [keys])."""

    at: int
    path: Path
    key: str


class RowReader:
    """Reads code and label of the rows of one list, from the top down (codes in 类、款、项 columns go on below)."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column]) -> None:
        self.sheet = sheet
        kinds: dict[str, list[int]] = {}
        for column in columns:
            kinds.setdefault(column.key, []).append(column.at)
        self.names = kinds.get("name", [])
        self.levels = [kinds[kind][0] for kind in ("class", "section", "item") if kind in kinds]
        self.codes = kinds.get("code", [])
        if not self.levels and len(self.codes) > 1:
            self.levels, self.codes = self.codes[:3], []
        self._class = self._section = ""

    def read(self, row: int) -> tuple[str, str]:
        """The row's code and its label, '' for none."""
        label = ""
        for at in self.names:
            value = self.sheet.value(row, at)
            if isinstance(value, str) and value.strip():
                label = value.strip()
                break
        code = self._levelled(row) if self.levels else ""
        for at in self.codes:
            value = self.sheet.value(row, at)
            code = code or _digits(value)
            if not code and not label and isinstance(value, str):
                label = value.strip()  # 合计 stands where the code would
        if self.levels and not code and not label:
            label = next((value.strip() for at in self.levels
                          if isinstance(value := self.sheet.value(row, at), str) and value.strip()), "")
        if not code and label:  # 2010550 事业运行, in one cell
            found = _CODE.match(folded(label)) or _PARTED.match(label.strip())
            rest = folded(label)[found.end():].lstrip("-:、.") if found else ""
            if found and rest and len(self.names) + len(self.codes) >= 1:
                return "".join(part for part in found.groups() if part), rest
        return code, label

    def _levelled(self, row: int) -> str:
        parts = [_plain(self.sheet.value(row, at)) for at in self.levels]
        whole = next((part for part in reversed(parts) if _CODE.fullmatch(part) and len(part) > 3), "")
        if whole:
            self._class, self._section = whole[:3], whole[:5]
            return whole
        parts += [""] * (3 - len(parts))
        first, second, third = parts
        if not any(parts) or not all(part.isdigit() for part in parts if part):
            return ""
        if first:
            self._class, self._section = first, ""
        if second:
            self._section = self._class + second[-2:].zfill(2)
        if third:
            return self._section + third[-2:].zfill(2) if len(self._section) == 5 else ""
        return self._section if second else self._class if first else ""


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return folded(str(value)) if not isinstance(value, bool) else ""


def _digits(value: Any) -> str:
    """A code that stands in one cell, as a number, a text, or with points in it."""
    text = _plain(value)
    if _CODE.fullmatch(text):
        return text
    parted = _PARTED.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if parted:
        return "".join(part for part in parted.groups() if part)
    found = _CODE.match(text)
    return found[1] if found and not text[found.end():found.end() + 1].isascii() else ""
