"""The source file as text that is edited key by key, and stays as its writer wrote it.

The text is cut into blocks, a header with its keys each. An edit replaces the stretch of one
value, or adds or takes away one line or one record; no other character is touched, or even
parsed again. So an edit costs what its table costs, however large the file is. New values are
written by tomlkit; the document is not one of tomlkit's, for that moves comments, mixes
newlines, and is slower to parse a large file than all else together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from ..i18n import _
from ..storage import newline_of
from .array_text import ArrayText
from .blocks import Block, Place, common_length
from .bulk import with_values
from .outline import Outline
from .positions import Path
from .values import Digits, key_text, value_text

__all__ = ["Digits", "EditError", "Path", "SourceText", "State"]

State = tuple[tuple[Block, ...], tuple[Any, ...]]
"""A state of a text: its blocks, and the rest of what `SourceText.snapshot` gives."""


class EditError(Exception):
    """The source has not the shape that the edit needs: at which key, and what is wrong there."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(path, message)
        self.path, self.message = path, message

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.message}"


class SourceText:
    """An editable TOML text. Paths are tuples of keys, and of numbers in arrays.

    A value is a str, an int, a bool, `Digits`, or a mapping or a list of these. An edit that
    raises leaves the text as it was.
    """

    __slots__ = ("_newline", "_open_end", "_outline")

    def __init__(self, text: str) -> None:
        """Take a text apart. Raises tomllib.TOMLDecodeError if it is no TOML."""
        tomllib.loads(text)
        self._newline = newline_of(text)
        # A last line without newline gets one here, and loses it again in text().
        self._open_end = bool(text) and not text.endswith("\n")
        self._outline = Outline(text + self._newline if self._open_end else text, self._newline)

    @classmethod
    def parse(cls, text: str) -> SourceText:
        """Take a text apart. Raises tomllib.TOMLDecodeError if it is no TOML."""
        return cls(text)

    def text(self) -> str:
        """Give the text as it stands now."""
        text = self._outline.text()
        return text.removesuffix("\n").removesuffix("\r") if self._open_end else text

    def snapshot(self) -> State:
        """Give the state, for `restore` to come back to it to the letter. It costs next to nothing."""
        blocks, end = self._outline.snapshot()
        return blocks, (end, self._newline, self._open_end)

    def restore(self, snapshot: State) -> None:
        """Come back to the state of a `snapshot`, of this or of another object."""
        blocks, (end, self._newline, self._open_end) = snapshot
        self._outline.restore((blocks, end), self._newline)

    def get(self, path: Path, default: Any = None) -> Any:
        """Give the value of a key: floats as `Digits`, tables as dicts, arrays as lists."""
        node: Any = self._outline.get(path)
        for key in path:
            if isinstance(node, list):
                node = dict(enumerate(node))
            if not isinstance(node, dict) or key not in node:
                return default
            node = node[key]
        return _plain(node)

    def set(self, path: Path, value: object) -> None:
        """Enter a value.

        What stands there is replaced in its place. A new key gets a line at the end of its
        table, a code of digits (an account) one in the order of the codes; what it needs
        around it (the table, the row) is made. Equal values are left as they are written.

        Raises:
            EditError: a table stands there, or no table where one is needed.
            TypeError: the file can't hold such a value.
            ValueError: the digits are no number, or the text is no text.
        """
        outline = self._outline
        index, place = self._find(path)
        block = outline.blocks[index]
        if place.entry is not None:
            self._replace(path, value)
        elif place.shared == len(place.rest) or outline.inside(path):
            raise EditError(path, _("This is a table, not a value."))
        elif (
            not outline.names_record(path)
            or not all(isinstance(key, str) for key in place.rest)
            or (place.holder is not None and block.body[place.holder.value] == "[")
        ):
            raise EditError(path, _("There is no such record."))
        elif place.holder is not None:
            keys, nested = _nested(place.rest, place.shared + 1, value)
            outline.blocks[index] = block.with_member(place, keys, value_text(nested))
        else:
            self._add(index, place, path, value)

    def set_many(self, values: Iterable[tuple[Path, object]]) -> None:
        """Enter values as `set` does, one after the other, but large tables in one go. Raises as `set` does."""
        waiting = list(values)
        for key in dict.fromkeys(path[0] for path, _value in waiting if path):
            own = [(path, value) for path, value in waiting if path and path[0] == key]
            if (key,) not in self._outline.paths:
                self.set(*own[0])
                own = own[1:]
            if (key,) not in self._outline.paths or any(path[1:2] == () for path, _value in own):
                left = own
            else:
                index = self._outline.paths.index((key,))
                below = {path[1] for path in self._outline.paths if path[:1] == (key,) and len(path) > 1}
                plain = [(path[1:], value) for path, value in own if path[1] not in below]
                block, rest = with_values(self._outline.blocks[index], plain, self._newline)
                self._outline.blocks[index] = block
                left = [((key, *path), value) for path, value in rest]
                left += [(path, value) for path, value in own if path[1] in below]
            for path, value in left:
                self.set(path, value)

    def delete(self, path: Path) -> None:
        """Take a key away, whatever it holds.

        What is left empty by it goes as well: the row with its line, and the table, if its
        header stands alone, without a comment. A record is removed as by `remove_record`.

        Raises:
            EditError: there is no such key.
        """
        if path and isinstance(path[-1], int):
            self.remove_record(path[:-1], path[-1])
            return
        outline = self._outline
        index = outline.nearest(path)
        rest = path[len(outline.paths[index]) :]
        found = False
        while (block := outline.blocks[index].without(rest)) is not None:
            outline.blocks[index] = block
            found = True
        inside = outline.inside(path) if path else []
        if not found and not inside:
            raise EditError(path, _("There is no such key."))
        if found and outline.blocks[index].is_bare():
            inside = sorted({*inside, index})
        outline.take(inside)

    def insert_record(self, path: Path, index: int, mapping: Mapping[str, object]) -> None:
        """Put a new record into an array, at `index`.

        An array that is there keeps its form. A new one gets a [[header]] for each record; one
        inside a record gets a line for each.

        Raises:
            EditError: there is no array but something else, or `index` is not in it.
            TypeError, ValueError: as for `set`.
        """
        count = self._records(path)
        self._check(path, index, count + 1)
        if self._has_headers(path) or (not count and self._may_have_headers(path)):
            block = self._outline.new(path, "[[", self._lines(mapping))
            self._outline.put(self._outline.slot(path, index, count), [block])
        elif self.get(path) is None:
            self.set(path, [mapping])
        else:
            array = self._array(path)
            array.insert(index, value_text(mapping))
            self._set_array(path, array)

    def append(self, path: Path, value: str) -> None:
        """Put a text at the end of a list of texts, which keeps its form and its comments. Raises as `set`."""
        if not self.get(path):
            self.set(path, [value])
            return
        array = self._array(path)
        array.insert(self._records(path), value_text(value))
        self._set_array(path, array)

    def remove_record(self, path: Path, index: int) -> None:
        """Take a record away, with the comments right above it. An array left empty goes too.

        Raises:
            EditError: there is no such record.
        """
        self._check(path, index, self._records(path))
        if self._has_headers(path):
            self._outline.take(self._outline.inside(path + (index,)))
            return
        array = self._array(path)
        array.remove(index)
        if array.is_bare() and isinstance(path[-1], str):
            self.delete(path)
        else:
            self._set_array(path, array)

    def move_record(self, path: Path, old: int, new: int) -> None:
        """Take the record `old` out and put it where it becomes the record `new`.

        Raises:
            EditError: there are no such records.
        """
        count = self._records(path)
        self._check(path, old, count)
        self._check(path, new, count)
        if old == new:
            return
        if self._has_headers(path):
            blocks = self._outline.take(self._outline.inside(path + (old,)))
            self._outline.put(self._outline.slot(path, new, count - 1), blocks)
            return
        array = self._array(path)
        array.move(old, new)
        self._set_array(path, array)

    def _find(self, path: Path) -> tuple[int, Place]:
        """Find the block in which a key stands, or would stand, and the place in it."""
        index = self._outline.nearest(path)
        place = self._outline.blocks[index].find(path[len(self._outline.paths[index]) :])
        if place.blocked:
            raise EditError(path, _("A single value stands there, where a table is needed."))
        return index, place

    def _replace(self, path: Path, value: object) -> None:
        index, place = self._find(path)
        block, entry = self._outline.blocks[index], place.entry
        assert entry is not None
        old = block.read(entry)
        if _is_container(old) and not _is_container(value):
            raise EditError(path, _("This is a table, not a value."))
        if type(old) is type(value) and old == value and not _is_container(old):
            return
        literal = value_text(value, self._newline, place.holder is not None, block.indent(entry.start))
        self._outline.blocks[index] = block.replaced(entry.value, entry.end, literal)

    def _add(self, index: int, place: Place, path: Path, value: object) -> None:
        """Add a line for a new key, below a header that may have to be made."""
        outline = self._outline
        base, count = len(outline.paths[index]), place.shared + 1
        if isinstance(value, Mapping) and len(path) == 1 == count:
            outline.put(len(outline.blocks), [outline.new(path, "[", self._lines(value))])
            return
        # A table that only the headers of its inner tables tell of needs a header of its own.
        header = max(common_length(path, other) for other in outline.paths)
        if header < base + count:
            header = 1 if not base and not place.shared and len(path) > 1 else 0
        if header:
            base, count = header, 1
        keys, nested = _nested(path[base:], count, value)
        # Written before anything is changed, for it can raise.
        literal = value_text(nested, self._newline, inline=len(path) - base > count)
        if header:
            inside = outline.inside(path[:header])
            index = inside[0] if inside else len(outline.blocks)
            outline.put(index, [outline.new(path[:header], "[")])
        outline.blocks[index] = outline.blocks[index].with_line(keys, literal, self._newline)

    def _lines(self, mapping: Mapping[str, object]) -> str:
        """Give the lines of a table that stands below a header."""
        lines = ""
        for key, value in mapping.items():
            lines += f"{key_text((key,))} = {value_text(value, self._newline, inline=False)}{self._newline}"
        return lines

    def _records(self, path: Path) -> int:
        """Give the number of records in an array, 0 if there is none."""
        if self._has_headers(path):
            return sum(base[:-1] == path and isinstance(base[-1], int) for base in self._outline.paths if base)
        value = self.get(path)
        if value is not None and not isinstance(value, list):
            raise EditError(path, _("This is no list of records."))
        return len(value or ())

    def _has_headers(self, path: Path) -> bool:
        """Tell whether each record of the array has a [[header]]."""
        return path + (0,) in self._outline.paths

    def _may_have_headers(self, path: Path) -> bool:
        """Tell whether a new array can have headers: nothing around it is written inline or dotted."""
        if not self._outline.names_record(path):
            raise EditError(path, _("There is no such record."))
        place = self._find(path)[1]
        single = place.entry is None and place.holder is None and not place.shared
        return single and all(isinstance(key, str) for key in path)

    def _check(self, path: Path, index: int, count: int) -> None:
        if not 0 <= index < count:
            raise EditError(path + (index,), _("There is no such record."))

    def _array(self, path: Path) -> ArrayText:
        index, place = self._find(path)
        block, entry = self._outline.blocks[index], place.entry
        assert entry is not None
        text = block.body[entry.value : entry.end]
        return ArrayText(text, self._newline, block.indent(entry.start), flat=place.holder is not None)

    def _set_array(self, path: Path, array: ArrayText) -> None:
        index, place = self._find(path)
        assert place.entry is not None
        block = self._outline.blocks[index]
        self._outline.blocks[index] = block.replaced(place.entry.value, place.entry.end, str(array))


def _nested(path: Path, count: int, value: object) -> tuple[tuple[str, ...], object]:
    """Give the first `count` keys of a path, and the value with tables around it for the others."""
    for key in reversed(path[count:]):
        value = {key: value}
    return tuple(str(key) for key in path[:count]), value


def _is_container(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple)) and not isinstance(value, Digits)


def _plain(node: Any) -> Any:
    """Give a value with lists for the arrays of tables, which come as dicts by number."""
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_plain(inner) for inner in node.values()]
    return {key: _plain(inner) for key, inner in node.items()}
