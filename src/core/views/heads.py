"""Heads of sheets: the labels that the printed form has over the same figures, level over level."""

from __future__ import annotations

from collections.abc import Sequence

from ..formats import Format, Panel
from ..text.width import printable, width
from ..text.wrap import wrap_label

RULE = "-"
Header = tuple[str, ...]
"""The labels over a column from the top level down; a '|' is the best place to break one."""

_KNOWN: dict[str, tuple[Format, dict[tuple[str, str], Header]]] = {}


def printed_headers(format: Format) -> dict[tuple[str, str], Header]:
    """The printed header of each column of a fact table: (table, column) -> labels. 'code' and
    'label' are the columns of accounts and names.

    A table's headers are those of the list that prints most of its columns. Where several lists
    print as many, a column has what its headers share from the bottom up, and none where they
    share nothing. Lists of fixed lines stand under headings that go with some of the lines only:
    their lowest labels count.
    """
    known = _KNOWN.get(format.id)
    if known is None or known[0] is not format:
        known = _KNOWN[format.id] = (format, _printed(format))
    return known[1]


def _printed(format: Format) -> dict[tuple[str, str], Header]:
    lists: dict[str, list[dict[str, Header]]] = {}
    for form in format.forms.values():
        for panel in form.panels:
            for table, columns in _of_panel(panel).items():
                lists.setdefault(table, []).append(columns)
    found: dict[tuple[str, str], Header] = {}
    for table, candidates in lists.items():
        most = max(map(len, candidates))
        best = [columns for columns in candidates if len(columns) == most]
        for column in best[0]:
            header = _shared([columns.get(column, ()) for columns in best])
            if header:
                found[table, column] = header if format.taxonomy.tables[table].accounts else header[-1:]
    return found


def _of_panel(panel: Panel) -> dict[str, dict[str, Header]]:
    """The headers of the tables whose figures a list prints, as they stand there."""
    found: dict[str, dict[str, Header]] = {}
    for row in (*panel.rows, *panel.foot):
        listed = row.each.ref.table if row.each is not None and row.each.ref is not None else ""
        for column in panel.columns:
            formula = row.cells.get(column.id)
            ref = formula.reference if formula is not None else None
            if ref is not None and (not listed or ref.table == listed):
                found.setdefault(ref.table, {})[ref.column] = column.header
            elif listed and column.kind in ("code", "name"):
                found.setdefault(listed, {})["code" if column.kind == "code" else "label"] = column.header
    return found


def _shared(headers: list[Header]) -> Header:
    """The labels that all headers end with, read without their breaks."""
    shared: list[str] = []
    for labels in zip(*(reversed(header) for header in headers)):
        if len({label.replace("|", "") for label in labels}) > 1:
            break
        shared.insert(0, labels[0])
    return tuple(shared)


def head_lines(
    headers: Sequence[Header],
    titles: Sequence[str],
    widths: Sequence[int],
    right: Sequence[bool],
    most: int,
    ambiguous: int = 1,
) -> list[list[tuple[int, str]]]:
    """The lines of the head over columns of these widths, a blank apart: for each line its texts
    with the columns at which they begin. At most `most` lines: a label that has no room gives way
    to the column's short title, and that ends in '>' where it has none either.

    Equal neighbours on an upper level are one label amid a rule as wide as its columns. The lowest
    labels stand on the last lines, those of figures (`right`) on the right.
    """
    starts = [sum(widths[:number]) + number for number in range(len(widths))]
    depth = min(max((len(header) for header in headers), default=1), max(1, most))
    leaves = [
        [printable(line) for line in wrap_label(header[-1], size, ambiguous)] for header, size in zip(headers, widths)
    ]
    above = depth - 1
    height = max((len(lines) + min(len(header) - 1, above) for header, lines in zip(headers, leaves)), default=1)
    height = max(min(height, most), depth)
    found: list[list[tuple[int, str]]] = [[] for _line in range(height)]
    for level in range(above):
        _put_level(found[level], [header[: level + 1] if len(header) > level + 1 else () for header in headers],
                   starts, widths, ambiguous)
    for header, title, lines, start, size, on_right in zip(headers, titles, leaves, starts, widths, right):
        room = height - min(len(header) - 1, above)
        if len(lines) > room:
            lines = list(wrap_label(printable(title), size, ambiguous))
        if len(lines) > room:
            lines = [*lines[: room - 1], _cut("".join(lines[room - 1 :]), size, ambiguous)]
        for number, text in enumerate(lines, height - len(lines)):
            indent = max(0, size - width(text, ambiguous)) if on_right else 0
            found[number].append((start + indent, text))
    return [sorted(line) for line in found]


def _put_level(
    line: list[tuple[int, str]], headers: list[Header], starts: list[int], widths: Sequence[int], ambiguous: int
) -> None:
    """Put the labels of an upper level into its line, each once over its columns."""
    first = 0
    while first < len(headers):
        last = first
        while last + 1 < len(headers) and headers[last + 1] == headers[first]:
            last += 1
        if headers[first]:
            across = starts[last] + widths[last] - starts[first]
            label = _cut(printable(headers[first][-1].replace("|", "")), across, ambiguous)
            rest = across - width(label, ambiguous)
            line.append((starts[first], RULE * (rest // 2) + label + RULE * (rest - rest // 2)))
        first = last + 1


def _cut(text: str, columns: int, ambiguous: int) -> str:
    if width(text, ambiguous) <= columns:
        return text
    while text and width(text, ambiguous) > columns - 1:
        text = text[:-1]
    return text + ">"
