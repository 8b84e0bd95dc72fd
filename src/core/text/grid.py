"""The grid of a printed table: where its cells stand and how wide its columns are."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from ..document import Column, Row, Table
from .width import printable, width
from .wrap import longest_word, wrap_label

GAP = 2  # columns between two columns of a table
PANEL_GAP = 4  # and between two of its panels

# How narrow a column may become, and how wide it would like to be at most, in columns.
NAME_LEAST, NAME_USUAL, NAME_MOST = 16, 24, 36
TEXT_LEAST, IRREGULAR_LEAST = 8, 4
FIGURE_USUAL = 8  # a column of figures is made this wide where there is room
LABEL_LEAST, LABEL_MOST = 8, 12  # the label over a column of figures
PART_LEAST, PART_MOST = 10, 14  # the longest part of a label with '|'
WORD_MOST = 16  # a longer word or number within a text may be split
SPAN_MOST = 40  # what a wrapped cell over several columns asks of them


class Placed(NamedTuple):
    """A cell in its place. `width` is that of its text on one line; `fixed`: never wrapped."""

    column: int
    columns: int
    rows: int
    text: str
    width: int
    align: str
    fixed: bool


class GridRow(NamedTuple):
    """A row of the grid: its cells in their places.

    Of a plain row (and nearly all are) only the texts and their widths are told: it has one
    cell for every column, printable as it is, figures on the right and all else on the left.
    """

    texts: tuple[str, ...]
    widths: list[int]
    cells: list[Placed]


class Limits(NamedTuple):
    """The least and the natural width of every column."""

    low: list[int]
    high: list[int]


# A stretch of a line: where it starts, its text, its width.
Segment = tuple[int, str, int]


def place(table: Table, ambiguous: int = 2) -> list[GridRow]:
    """The rows with their cells in their places, spans resolved.

    A row may have fewer cells than there are columns. ValueError when it has more, or when a
    cell spans into one that a cell above covers.
    """
    kinds = [column.kind for column in table.columns]
    others = [i for i, kind in enumerate(kinds) if kind != "figure"]
    plain = "text" not in kinds and len(kinds) > 0
    covered: dict[int, int] = {}  # column: how many more rows a cell from above covers it
    rows_left = len(table.rows)
    result: list[GridRow] = []
    for row in table.rows:
        if plain and not covered and len(row.cells) == len(kinds):
            texts, aligns, _, columns, rows, _ = zip(*row.cells)
            if _is_plain(texts, aligns, columns + rows, others):
                widths = [len(t) if t.isascii() else width(t, ambiguous) for t in texts]
                result.append(GridRow(texts, widths, []))
                rows_left -= 1
                continue
        cells = place_row(table, row, covered, rows_left, ambiguous)
        for cell in cells:
            if cell.rows > 1:
                covers = range(cell.column, cell.column + cell.columns)
                covered.update(dict.fromkeys(covers, cell.rows))
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        rows_left -= 1
        result.append(GridRow((), [], cells))
    return result


def place_row(table: Table, row: Row, covered: Container[int], rows_left: int, ambiguous: int = 2) -> list[Placed]:
    """The cells of one row, around the columns that cells from above cover.

    Unprintable characters are replaced. No cell goes on below the last of the `rows_left`.
    """
    count = len(table.columns)
    placed: list[Placed] = []
    at = 0
    for text, align, address, columns, rows, _parts in row.cells:
        while at in covered:
            at += 1
        covers = range(at, at + columns)
        if columns < 1 or rows < 1 or covers.stop > count or any(i in covered for i in covers):
            raise ValueError(f"table {table.id}: no room for the cell {text!r} in its row")
        kind = table.columns[at].kind if columns == 1 else ""
        fixed = align == "right" or kind in ("figure", "code")
        if kind == "figure" and (address or align != "center"):
            align = "right"
        text = printable(text.rstrip(), keep="" if fixed else "\n")
        wide = max(width(line, ambiguous) for line in text.split("\n"))
        placed.append(Placed(at, columns, min(rows, rows_left), text, wide, align, fixed))
        at = covers.stop
    return placed


def _is_plain(texts: tuple[str, ...], aligns: tuple[str, ...], spans: tuple[int, ...], others: list[int]) -> bool:
    """Whether a row is plain; `others` are the columns without figures."""
    if spans.count(1) != len(spans) or "center" in aligns:
        return False
    together = "".join(texts)
    if not together.isprintable() or (" " in together and any(t[-1:] == " " for t in texts)):
        return False
    return "right" not in [aligns[i] for i in others]


def gaps(columns: Sequence[Column]) -> list[int]:
    """The blanks before every column; none before the first."""
    before: list[int] = []
    for number, column in enumerate(columns):
        if number == 0:
            before.append(0)
        else:
            before.append(GAP if column.panel == columns[number - 1].panel else PANEL_GAP)
    return before


def limits(table: Table, rows: list[GridRow], *, wrapped: bool, irregular: bool, ambiguous: int = 2) -> Limits:
    """How wide every column must be at least, and how wide it would be with room enough.

    Not `wrapped`, nothing is wrapped: the natural width is that of the longest text.
    """
    count = len(table.columns)
    firm = [0] * count  # the longest text that must not be wrapped
    soft = [0] * count  # the longest that may be
    longest = [0] * count  # the longest word of a text
    texts = [column.kind == "text" for column in table.columns]
    plain = [max(widths) for widths in zip(*(row.widths for row in rows if row.widths))]
    spans: list[Placed] = []
    for row in rows:
        for cell in row.cells:
            if cell.columns > 1:
                spans.append(cell)
            elif cell.fixed:
                firm[cell.column] = max(firm[cell.column], cell.width)
            else:
                soft[cell.column] = max(soft[cell.column], cell.width)
                if texts[cell.column] and cell.width > IRREGULAR_LEAST:
                    word = longest_word(cell.text, ambiguous)
                    longest[cell.column] = max(longest[cell.column], word)

    low: list[int] = []
    high: list[int] = []
    for number, column in enumerate(table.columns):
        label = printable(column.header[-1]) if column.header else ""
        natural = max(firm[number], soft[number], plain[number] if plain else 0)
        if not wrapped:
            least = most = max(natural, width(label.replace("|", ""), ambiguous))
        elif column.kind in ("figure", "code"):
            least = max(natural, _label_width(label, LABEL_LEAST, PART_LEAST, ambiguous))
            most = max(natural, _label_width(label, LABEL_MOST, PART_MOST, ambiguous))
            if column.kind == "figure":
                most = max(most, FIGURE_USUAL)
        else:
            natural = max(natural, min(width(label, ambiguous), NAME_USUAL))
            narrow = NAME_LEAST if column.kind == "name" else TEXT_LEAST
            narrow = max(IRREGULAR_LEAST if irregular else narrow, min(longest[number], WORD_MOST))
            least = max(firm[number], min(natural, narrow))
            most = max(least, min(natural, NAME_MOST) if column.kind == "name" else natural)
        low.append(max(least, 1))
        high.append(max(least, most, 1))

    before = gaps(table.columns)
    for cell in spans:
        inner = sum(before[cell.column + 1 : cell.column + cell.columns])
        covers = range(cell.column, cell.column + cell.columns)
        if cell.fixed or not wrapped:
            grow(table.columns, low, covers, cell.width - inner - sum(low[i] for i in covers))
        wish = cell.width if cell.fixed or not wrapped else min(cell.width, SPAN_MOST)
        for i in covers:
            high[i] = max(high[i], low[i])
        grow(table.columns, high, covers, wish - inner - sum(high[i] for i in covers))
    return Limits(low, high)


def fit(table: Table, rows: list[GridRow], limits: Limits, room: int) -> list[int]:
    """Column widths that take at most `room` columns together, if that can be.

    Every column gets its natural width; or else the least, and what room there is goes where
    it saves the most lines. Without room for the least widths, the least.
    """
    low, high = limits
    if sum(high) <= room:
        return list(high)
    widths = list(low)
    left = room - sum(low)
    if left <= 0:
        return widths
    most = [min(b, a + left) for a, b in zip(low, high)]
    costs = _costs(table, rows, low, most)

    def best_step(number: int) -> tuple[int, int]:
        """What is saved for each column given (in thousandths), and the columns to give."""
        cost = costs[number]
        at = widths[number] - low[number]
        best = (0, 0)
        for more in range(1, min(left, len(cost) - 1 - at) + 1):
            gain = (cost[at] - cost[at + more]) * 1000 // more
            if gain > best[0]:
                best = (gain, more)
        return best

    steps = [best_step(number) for number in range(len(widths))]
    while left:
        chosen = max(range(len(steps)), key=lambda number: steps[number][0])
        gain, more = steps[chosen]
        if not gain:
            break
        widths[chosen] += more
        left -= more
        for number, (_, step) in enumerate(steps):
            if number == chosen or step > left:
                steps[number] = best_step(number)
    return widths


def _costs(table: Table, rows: list[GridRow], low: list[int], most: list[int]) -> list[list[int]]:
    """For every column, and every width from `low` to `most`: what the lines of its texts cost.

    A line costs 10, but within the rows that its cell spans only 1. (For its label a column
    counts as if every character of it were wide.)
    """
    texts: list[dict[tuple[int, int], int]] = [{} for _ in low]  # (width, rows): how many
    for counts, head in zip(texts, table.columns):
        if head.header:
            counts[len(head.header[-1]) * 2, 1] = 1
    names = [i for i, column in enumerate(table.columns) if column.kind == "name"]
    for row in rows:
        cells = [(cell.column, cell.width, cell.rows) for cell in row.cells if cell.columns == 1 and not cell.fixed]
        if row.widths:
            cells = [(i, row.widths[i], 1) for i in names]
        for column, wide, deep in cells:
            if wide > low[column]:
                texts[column][wide, deep] = texts[column].get((wide, deep), 0) + 1

    def cost(wide: int, free: int, columns: int) -> int:
        lines = -(-wide // columns)
        return lines + 9 * max(0, lines - free)

    return [
        [
            sum(times * cost(wide, free, columns) for (wide, free), times in counts.items())
            for columns in range(least, widest + 1)
        ]
        for counts, least, widest in zip(texts, low, most)
    ]


def grow(columns: Sequence[Column], widths: list[int], which: Sequence[int], by: int) -> None:
    """Widen some columns by `by` columns in all: names and texts evenly, figures if need be."""
    if by <= 0 or not which:
        return
    elastic = [i for i in which if columns[i].kind in ("name", "text")] or list(which)
    share, rest = divmod(by, len(elastic))
    for order, i in enumerate(elastic):
        widths[i] += share + (order < rest)


def compose(segments: list[Segment]) -> str:
    """A line of the given stretches of text, which stand in order and do not overlap."""
    line: list[str] = []
    at = 0
    for start, text, columns in segments:
        line.append(" " * (start - at))
        line.append(text)
        at = start + columns
    return "".join(line)


def _label_width(label: str, most: int, most_part: int, ambiguous: int) -> int:
    """The width of a label broken into lines of `most` columns, or at its '|'."""
    if "|" in label:
        longest = max(width(part, ambiguous) for part in label.split("|"))
        most = min(longest, most_part)
    return max(width(line, ambiguous) for line in wrap_label(label, max(most, 1), ambiguous))
