"""A TOML text as a list of blocks, each with the path of its header.

Comments right above a header belong to its block, and those right below the last key to the
block of that key. What lies between two blocks, blank lines and comments apart from both, is
the gap of the second; the gap, or what is said in it, stays in its place when the block goes.
"""

from __future__ import annotations

from typing import Any

from .array_text import attached_start
from .blocks import Block, common_length
from .positions import Entry, Path, header_paths, statements
from .values import key_text


class Outline:
    """The blocks of a valid TOML text of which the last line ends with a newline.

    `paths` are those of the blocks; the first block has no header and the path ().
    """

    __slots__ = ("_end", "_newline", "blocks", "paths")

    def __init__(self, text: str, newline: str) -> None:
        self._newline = newline
        self.blocks: list[Block] = []
        self.paths: list[Path] = []
        gap, header = "", None
        start = last = 0  # of the block: its beginning, and the end of its last line so far
        for entry in statements(text):
            if entry.kind:
                own = attached_start(text, entry.start, last)
                end = last if own == last else _comments_end(text, last)
                self.blocks.append(Block(gap, text[start:end], header))
                gap, start, header = text[end:own], own, entry
            last = text.find("\n", entry.end) + 1
        end = _comments_end(text, last)
        self.blocks.append(Block(gap, text[start:end], header))
        self._end = text[end:]
        self._number()

    def text(self) -> str:
        """Give the text as it stands now."""
        return "".join([part for block in self.blocks for part in (block.gap, block.body)]) + self._end

    def snapshot(self) -> Any:
        """Give the state, for `restore`."""
        return tuple(self.blocks), self._end

    def restore(self, snapshot: Any, newline: str) -> None:
        """Come back to a state."""
        blocks, self._end = snapshot
        self._newline = newline
        self.blocks = list(blocks)
        self._number()

    def get(self, path: Path) -> dict[Any, Any]:
        """Give as much of the data as the key needs, as nested dicts from the root.

        An array of tables is a dict by number here.
        """
        root: dict[Any, Any] = {}
        for block, base in zip(self.blocks, self.paths, strict=True):
            if common_length(base, path) < min(len(base), len(path)):
                continue
            _graft(root, base, {})
            rest = path[len(base) :]
            for entry in block.pairs.named(rest[0]) if rest else block.pairs:
                if common_length(entry.keys, rest) == min(len(entry.keys), len(rest)):
                    _graft(root, base + entry.keys, block.read(entry))
        return root

    def nearest(self, path: Path) -> int:
        """Give the block of the innermost table with a header around the key, or of the key itself."""
        best = 0
        for index, base in enumerate(self.paths):
            if len(base) >= len(self.paths[best]) and base == path[: len(base)]:
                best = index
        return best

    def inside(self, path: Path) -> list[int]:
        """Give the blocks of the key and of all that is in it."""
        return [index for index, base in enumerate(self.paths) if base and base[: len(path)] == path]

    def names_record(self, path: Path) -> bool:
        """Tell whether the path names a record in every array of tables that it goes through."""
        for base in self.paths:
            common = common_length(base, path)
            if common < min(len(base), len(path)) and isinstance(base[common], int) and isinstance(path[common], str):
                return False
        return True

    def new(self, path: Path, kind: str, lines: str = "") -> Block:
        """Make a block: a header, of the `kind` '[' or '[[', for the path, and the lines below it."""
        keys = tuple(key for key in path if isinstance(key, str))
        header = f"{kind}{key_text(keys)}{']' * len(kind)}{self._newline}"
        return Block(self._newline, header + lines, Entry(keys, 0, -1, 0, kind))

    def slot(self, path: Path, index: int, count: int) -> int:
        """Give where the block of the record `index` has to stand, when there are `count` records."""
        if index < count:
            return self.paths.index(path + (index,))
        around = path + (count - 1,) if count else path[:-1]
        inside = self.inside(around) if around else []
        return inside[-1] + 1 if inside else len(self.blocks)

    def put(self, slot: int, blocks: list[Block]) -> None:
        """Put blocks in; the first takes the gap of its place, and the one that stood there its own."""
        first, *others = blocks
        if slot < len(self.blocks):
            following = self.blocks[slot]
            self.blocks[slot] = following.with_gap(first.gap)
            first = first.with_gap(following.gap)
        elif not self.text():
            first = first.with_gap("")
        self.blocks[slot:slot] = [first, *others]
        self._number()

    def take(self, indexes: list[int]) -> list[Block]:
        """Take blocks out."""
        taken = [self._take(index) for index in reversed(indexes)]
        self._number()
        return taken[::-1]

    def _take(self, index: int) -> Block:
        block = self.blocks.pop(index)
        said = block.gap[: block.gap.find("\n", block.gap.rfind("#")) + 1] if "#" in block.gap else ""
        if index == len(self.blocks):
            self._end = said + self._end
            return block.with_gap(block.gap[len(said) :] or self._newline) if said else block
        following = self.blocks[index]
        if "#" in following.gap:
            self.blocks[index] = following.with_gap(said + following.gap)
            return block.with_gap(block.gap[len(said) :] or self._newline)
        self.blocks[index] = following.with_gap(block.gap)
        return block.with_gap(following.gap)

    def _number(self) -> None:
        self.paths = [(), *header_paths(block.header for block in self.blocks if block.header is not None)]


def _graft(root: dict[Any, Any], path: Path, value: Any) -> None:
    for key in path[:-1]:
        root = root.setdefault(key, {})
    if path:
        root.setdefault(path[-1], value)


def _comments_end(text: str, at: int) -> int:
    """Give the end of the comment lines that begin there."""
    while (end := text.find("\n", at) + 1) and text[at:end].lstrip(" \t").startswith("#"):
        at = end
    return at
