"""Many values of one table entered at once: the body of its block is put together once, not once a value.

What comes out is what `SourceText.set` would give, value after value. It takes what is plain (rows
`code = 1.00` and `code = { column = 1.00 }`); anything else is handed back to be set one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from .array_text import attached_start
from .blocks import Block
from .positions import Entry, Path, members
from .values import key_text, value_text

Item = tuple[Path, object]
"""The path of a value below the header of a block, and the value."""


def with_values(block: Block, items: Iterable[Item], newline: str) -> tuple[Block, list[Item]]:
    """The block with the values that are plain to enter, and the others."""
    known: dict[object, list[Entry]] = {}
    for entry in block.pairs:
        known.setdefault(entry.keys[0], []).append(entry)
    left: list[Item] = []
    rows: dict[str, dict[str, object]] = {}
    fresh: dict[str, object] = {}
    for path, value in items:
        key = path[0]
        if not isinstance(key, str) or len(path) > 2 or not isinstance(path[-1], str) or isinstance(value, Mapping):
            left.append((path, value))
        elif key in known:
            if len(known[key]) > 1 or len(known[key][0].keys) > 1:
                left.append((path, value))
            else:
                rows.setdefault(key, {})["".join(map(str, path[1:]))] = value
        elif len(path) == 1:
            fresh[key] = value
        else:
            row = fresh.setdefault(key, {})
            if isinstance(row, dict):
                row[str(path[1])] = value
            else:
                left.append((path, value))
    cuts: list[tuple[int, int, str]] = []
    for key, values in rows.items():
        made = _row_cuts(block, known[key][0], values)
        if made is None:
            left += [((key, column) if column else (key,), value) for column, value in values.items()]
        else:
            cuts += made
    inserted = _new_lines(block, fresh, newline)
    if inserted is None:
        left += [((key,), value) for key, value in fresh.items()]
    else:
        cuts += inserted
    return _cut(block, cuts), left


def _row_cuts(block: Block, entry: Entry, values: dict[str, object]) -> list[tuple[int, int, str]] | None:
    """The changes of the text for the values of one row that is there; None where its shape is another."""
    if "" in values:
        return [(entry.value, entry.end, value_text(values[""]))] \
            if len(values) == 1 and block.body[entry.value] not in "[{" else None
    if block.body[entry.value] != "{":
        return None
    inside = members(block.body, entry.value)
    if not inside:
        return None
    cuts, more = [], ""
    for column, value in values.items():
        own = next((member for member in inside if member.keys[0] == column), None)
        if own is None:
            more += f", {key_text((column,))} = {value_text(value)}"
        elif len(own.keys) > 1 or block.body[own.value] in "[{":
            return None
        else:
            cuts.append((own.value, own.end, value_text(value)))
    return [*cuts, (inside[-1].end, inside[-1].end, more)] if more else cuts


def _new_lines(block: Block, fresh: dict[str, object], newline: str) -> list[tuple[int, int, str]] | None:
    """The lines of new rows at their places: codes in the order of the codes, others at the end."""
    pairs = list(block.pairs)
    codes = [number for number, entry in enumerate(pairs) if _is_code(entry.keys[0])]
    keys = [str(pairs[number].keys[0]) for number in codes]
    if keys != sorted(keys):
        return None
    lines: dict[int, list[str]] = {}
    for key in sorted(fresh, key=lambda key: (not _is_code(key), key if _is_code(key) else "")):
        at, indent = len(block.body), ""
        number = bisect_right(keys, key) if _is_code(key) else len(codes)
        if _is_code(key) and number < len(codes):
            after = pairs[codes[number]]
            first = block.line_end(pairs[codes[number] - 1]) if codes[number] else block.first_line()
            at, indent = attached_start(block.body, after.start, first), block.indent(after.start)
        else:
            for near in [pairs[last] for last in codes[-1:] if _is_code(key)] or pairs[-1:]:
                at, indent = block.line_end(near), block.indent(near.start)
        lines.setdefault(at, []).append(f"{indent}{key_text((key,))} = {value_text(fresh[key])}{newline}")
    return [(at, at, "".join(texts)) for at, texts in lines.items()]


def _cut(block: Block, cuts: list[tuple[int, int, str]]) -> Block:
    if not cuts:
        return block
    parts, end = [], 0
    for start, stop, text in sorted(cuts, key=lambda cut: cut[:2]):
        parts += [block.body[end:start], text]
        end = stop
    return Block(block.gap, "".join(parts) + block.body[end:], block.header)


def _is_code(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdigit()
