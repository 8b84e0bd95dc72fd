"""Finding: the tables of a workbook, by their titles and headers, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .book import Sheet
from .figures import is_blank
from .patterns import Panel, Path, Pattern, header_word, label_word, words
from .rows import Column, RowReader
from .words import bare, code_of, department_of, folded, is_frame, is_note, plain, title_of, unit_of, year_of

DEEP = 14
"""So many rows below a title, its header begins."""
HIGH = 6
"""So many rows, a header has at most."""

_SHEET_NUMBER = re.compile(r"^(?:[A-Z]{1,3}[0-9]+(?:[-_.][0-9])?|[0-9一二三四五六七八九十]+[、.]?)")


class FoundPanel(NamedTuple):
    """One list of a table that was found: its columns, its pattern, and the header that each figure
    column was recognised by (none: not recognised; or known and not needed)."""

    columns: tuple[Column, ...]
    panel: Panel
    headers: Mapping[int, Path]


class FoundTable(NamedTuple):
    """A table that was found. Data stands in the rows from `top` up to `bottom` (not included)."""

    sheet: Sheet
    pattern: Pattern
    title: str
    code: str
    year: int
    unit: str
    department: str
    head: int
    top: int
    bottom: int
    panels: tuple[FoundPanel, ...]


class _Title(NamedTuple):
    row: int
    text: str
    name: str
    year: int
    code: str


def find_tables(sheet: Sheet, patterns: Iterable[Pattern], department: str = "") -> list[FoundTable]:
    """The tables of a sheet, from the top down. A title without a table below it (a list of contents)
    is none; one whose header is not recognised has no panels."""
    known = tuple(patterns)
    titles = list(_titles(sheet, known, department))
    found = []
    for number, title in enumerate(titles):
        bottom = titles[number + 1].row if number + 1 < len(titles) else len(sheet.rows)
        table = _table(sheet, title, _candidates(title, sheet, known), bottom)
        if table is not None:
            found.append(table)
    return found


def _titles(sheet: Sheet, patterns: tuple[Pattern, ...], department: str) -> Iterator[_Title]:
    names = frozenset().union(*(pattern.titles for pattern in patterns)) if patterns else frozenset()
    any_found = False
    for number, row in enumerate(sheet.rows):
        for value in row:
            if isinstance(value, str) and "表" in value and len(value) <= 90:
                title = title_of(value, department)
                name = title.name if title.name in names else title_of(value).name
                if name in names:
                    any_found = True
                    yield _Title(number, value.strip(), name, title.year, _near_code(sheet, number, value))
                    break
    if not any_found:
        text = _SHEET_NUMBER.sub("", folded(sheet.name))
        name = title_of(text, department).name
        declared = next((pattern for pattern in patterns for start in pattern.sheets
                         if folded(sheet.name).startswith(start)), None)
        if name in names or declared is not None:
            yield _Title(-1, sheet.name, name if name in names else next(iter(declared.titles)),  # type: ignore[union-attr]
                         title_of(sheet.name).year, code_of(sheet.name))


def _near_code(sheet: Sheet, row: int, text: str) -> str:
    """The official number in the title, beside it, or just above or below it; else in the sheet's name."""
    texts = [text]
    for near in (row, row + 1, row - 1, row + 2, row + 3):
        texts += [value for value in (sheet.rows[near] if 0 <= near < len(sheet.rows) else [])
                  if isinstance(value, str) and len(value) < 60]
    return next((code for code in map(code_of, texts) if code), code_of(sheet.name))


def _candidates(title: _Title, sheet: Sheet, patterns: tuple[Pattern, ...]) -> list[Pattern]:
    same = [pattern for pattern in patterns if title.name in pattern.titles]
    coded = [pattern for pattern in same if title.code and title.code in pattern.codes]
    if title.code.startswith("财决") and not coded:
        coded = [pattern for pattern in patterns if title.code in pattern.codes]
    return coded + [pattern for pattern in same if pattern not in coded]


def _table(sheet: Sheet, title: _Title, candidates: list[Pattern], bottom: int) -> FoundTable | None:
    figures = any(_is_number(value) for row in sheet.rows[title.row + 1:bottom] for value in row)
    if not figures and not candidates[0].unused and _header(sheet, title.row + 1, bottom, _known(candidates))[0] < 0:
        return None  # a line of a list of contents
    best: tuple[float, Pattern, int, int, tuple[FoundPanel, ...]] | None = None
    end = _end(sheet, title.row + 1, bottom)
    panels: tuple[FoundPanel, ...]
    for order, pattern in enumerate(candidates):
        if pattern.unused:
            score, head, top, panels = 0.5, title.row + 1, title.row + 1, ()
        else:
            head, top = _header(sheet, title.row + 1, bottom, _known([pattern]))
            if head < 0:
                continue
            score, panels = _matched(sheet, pattern, _columns(sheet, head, top), top, max(top, end))
        score += (title.code in pattern.codes) * 1000 - order / 100
        if (panels or pattern.unused) and (best is None or score > best[0]):
            best = (score, pattern, head, top, panels)
    if best is None:
        if bottom - title.row < 3:
            return None
        head = top = title.row + 1
        panels, pattern = (), candidates[0]
    else:
        _score, pattern, head, top, panels = best
    unit, year, department = _frame(sheet, title, head, top)
    return FoundTable(sheet, pattern, title.text, title.code, title.year or year, unit, department, head, top,
                      max(top, end), panels)


def _known(patterns: Iterable[Pattern]) -> set[str]:
    """The words that headers of these tables are made of."""
    found = set(words().keys)
    for pattern in patterns:
        for panel in pattern.panels:
            for path in panel.headers:
                found.update(path)
    return found


# ── headers ──


def _header(sheet: Sheet, start: int, end: int, known: set[str]) -> tuple[int, int]:
    """The first row of the header below `start`, and the first row below it; (-1, -1) if there is none."""
    head = -1
    for row in range(start, min(start + DEEP, end)):
        texts = [value for value in sheet.rows[row] if isinstance(value, str) and value.strip()]
        if not texts or any(_is_figure(value) for value in sheet.rows[row]):
            continue
        if any(header_word(text) in known or bare(text) in known for text in texts if not is_frame(text)):
            head = row
            break
    if head < 0:
        return -1, -1
    top = head + 1
    while top < min(head + HIGH, end) and _continues(sheet, head, top):
        top += 1
    return head, top


def _continues(sheet: Sheet, head: int, row: int) -> bool:
    """Is the row still one of the header that begins at `head`?"""
    values = sheet.rows[row]
    keys = words().keys
    texts = {at: value for at, value in enumerate(values) if isinstance(value, str) and value.strip()}
    if any(keys.get(plain(text)) in ("class", "section", "item") for text in texts.values()):
        return True
    if any(_is_figure(value) for value in values):
        return False
    covered = {at for (r1, c1), (r2, c2) in sheet.merged if head <= r1 < row <= r2 for at in range(c1, c2 + 1)}
    if covered and any(not is_blank(sheet.value(r1, c1)) for (r1, c1), (r2, _c2) in sheet.merged
                       if head <= r1 < row <= r2):
        return True
    if not texts or is_note(next(iter(texts.values()))):
        return False
    for at, text in texts.items():
        above = {keys.get(plain(str(sheet.value(r, at)))) or keys.get(bare(str(sheet.value(r, at))))
                 for r in range(head, row)}
        below = keys.get(plain(text)) or keys.get(bare(text))
        if above & {"name", "code"} and below is None:
            return False  # a label stands there: data
    return True


def _columns(sheet: Sheet, head: int, top: int) -> list[Column]:
    """The columns with their headers, merged cells filled."""
    width = max((len(row) for row in sheet.rows[head:top]), default=0)
    texts = [[sheet.value(row, at) for at in range(width)] for row in range(head, top)]
    for (r1, c1), (r2, c2) in sheet.merged:
        if r2 < head or r1 >= top or r1 < head:
            continue
        for row in range(r1, min(r2, top - 1) + 1):
            for at in range(c1, min(c2, width - 1) + 1):
                texts[row - head][at] = sheet.value(r1, c1)
    for level, line in enumerate(texts[:-1]):  # parents that are not merged reach over what stands below them
        for at in range(1, width):
            if is_blank(line[at]) and not is_blank(line[at - 1]) and _text_below(texts, level, at) \
                    and _text_below(texts, level, at - 1) and (
                        is_blank(texts[level + 1][at]) or texts[level + 1][at] != texts[level + 1][at - 1]) \
                    and all(is_blank(texts[up][at]) or texts[up][at] == texts[up][at - 1] for up in range(level)):
                line[at] = line[at - 1]
    keys = words().keys
    columns = []
    for at in range(width):
        path: list[str] = []
        raw = ""
        for line in texts:
            text = str(line[at]) if isinstance(line[at], str) else ""
            word = header_word(text) if text != raw else ""
            if word and keys.get(word) != "blank" and not word.isdigit():
                path.append(word)
            raw = text or raw
        leaf = path[-1] if path else ""
        columns.append(Column(at, tuple(path), keys.get(leaf) or keys.get(bare(leaf)) or ""))
    return columns


def _text_below(texts: list[list[Any]], level: int, at: int) -> bool:
    return any(isinstance(line[at], str) and line[at].strip() and not line[at].strip().isdigit()
               for line in texts[level + 1:])


def _end(sheet: Sheet, top: int, bottom: int) -> int:
    """Where the notes below the table begin, or the sheet ends."""
    for row in range(top, bottom):
        first = next((value for value in sheet.rows[row] if not is_blank(value)), None)
        if isinstance(first, str) and is_note(first):
            return row
    return bottom


def _frame(sheet: Sheet, title: _Title, head: int, top: int) -> tuple[str, int, str]:
    """The unit, the year and the department that the lines around the header state."""
    unit, year, department = "", 0, ""
    for row in range(max(0, title.row - 3), max(top, head)):
        for value in sheet.rows[row] if row < len(sheet.rows) else []:
            if isinstance(value, str) and value.strip():
                unit = unit or unit_of(value)
                if row < head or is_frame(value):
                    year = year or year_of(value)
                    department = department or department_of(value)
    return unit or unit_of(title.text), year, department


# ── which column is which ──


def _matched(sheet: Sheet, pattern: Pattern, columns: list[Column], top: int,
             end: int) -> tuple[float, tuple[FoundPanel, ...]]:
    """The panels of a table under a pattern, and how well they fit it."""
    total = 0.0
    found = []
    for group in _groups(columns):
        best: tuple[float, FoundPanel] | None = None
        for order, panel in enumerate(pattern.panels):
            score, headers = _fitted(panel, group)
            if score > 0:
                score += 50 * _row_share(sheet, panel, group, top, end) - order / 1000
                if best is None or score > best[0]:
                    best = (score, FoundPanel(tuple(group), panel, headers))
        if best is not None:
            total += best[0]
            found.append(best[1])
    return total, tuple(found)


def _groups(columns: list[Column]) -> list[list[Column]]:
    """The columns of the lists that stand side by side: each begins with what names its rows."""
    groups: list[list[Column]] = [[]]
    figures = False
    for column in columns:
        if column.key in ("code", "class", "name") and figures:
            groups.append([])
            figures = False
        figures = figures or bool(column.path and not column.key)
        groups[-1].append(column)
    return [group for group in groups if any(column.path and not column.key for column in group)]


def _fitted(panel: Panel, group: list[Column]) -> tuple[float, dict[int, Path]]:
    """The header that each figure column of a group is, and how well all of them fit."""
    if panel.across is not None:
        return (20.0, {}) if sum(1 for column in group if column.path and not column.key) > 5 else (0.0, {})
    chosen: dict[Path, list[tuple[float, int]]] = {}
    found: dict[int, Path] = {}
    for column in group:
        if column.key or not column.path:
            continue
        score, header = max(((fit(column.path, header, panel.headers), header) for header in panel.headers),
                            key=lambda pair: pair[0], default=(0.0, ()))
        if score > 0:
            chosen.setdefault(header, []).append((score, column.at))
    total = 0.0
    for header, fits in chosen.items():
        needed = panel.headers[header]
        best = max(score for score, _at in fits)
        same = [at for score, at in fits if score == best]
        if needed and len(same) > 1:
            continue  # which of them it is can't be told
        for score, at in fits:
            if not needed or score == best:
                found[at] = header
        total += best if needed else 1.0
    return (total if any(panel.headers[header] for header in found.values()) else 0.0), found


def fit(path: Path, header: Path, headers: Mapping[Path, bool]) -> float:
    """How well a column's header is a known one: 0 for not at all."""
    if path == header:
        return 100.0
    if header[-1] == "*":
        return 10.0 + len(header) if _within(header[:-1], path) and len(path) >= len(header) else 0.0
    if "".join(path) == "".join(header):
        return 80.0
    if path[-1] != header[-1]:
        return 0.0
    if _within(header, path):
        extra = [level for level in path if level not in header]
        return 60.0 + 5 * len(header) if all(level in words().neutral for level in extra) else 0.0
    if _within(path, header) and sum(1 for other in headers if other[-1] == path[-1]) == 1:
        return 40.0
    return 0.0


def _within(part: Path, whole: Path) -> bool:
    """Are the levels of one header levels of the other, in order?"""
    rest = iter(whole)
    return all(level in rest for level in part)


def _row_share(sheet: Sheet, panel: Panel, group: list[Column], top: int, end: int) -> float:
    """The share of rows whose label or code the panel knows, of the first ones."""
    labels = {line.label for line in panel.lines} | {bare(line.label) for line in panel.lines}
    codes = {line.code for line in panel.lines}
    digits = {rows.digit for rows in panel.accounts}
    reader = RowReader(sheet, group)
    hits, seen = 0.0, 0
    for row in range(top, min(end, top + 60)):
        code, label = reader.read(row)
        if not label and not code:
            continue
        seen += 1
        word = label_word(label)
        if code:
            hits += code[0] in digits or code in codes
        elif word in labels or bare(word) in labels or (panel.accounts and word in words().totals):
            hits += 1
        elif panel.accounts or panel.records:
            hits += 0.5
    return hits / seen if seen else 0.0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_figure(value: Any) -> bool:
    """Is it a figure, and no number of a column or line?"""
    return _is_number(value) and not (float(value).is_integer() and 0 < value < 200)
