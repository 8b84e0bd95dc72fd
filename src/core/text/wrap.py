"""Paragraphs, wrapped by the rules of Chinese line breaking (避头尾, GB/T 15834).

* No line starts with a closing mark and none ends with an opening mark (the same sets of
  characters as Word uses for Chinese, so that text and Word break alike).
* A dash —— and an ellipsis …… are never split; a Latin word or a number only when it is
  wider than the line; a number of at most 12 columns keeps its unit (6210.66万元, 12人次).
* One closing mark may hang past the margin, so that its sentence stays on the line.

Where no break is allowed in a whole line, the text is broken all the same: every line but
one of a single character keeps to the margin, and no character is ever lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate

from .width import char_widths, width

NO_START = frozenset("!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠")
NO_END = frozenset("$([{£¥·‘“〈《「『【〔〖〝＄（．［｛￡￥")
INDENT = "\u3000\u3000"
BLANKS = " \u3000"

_KEPT_WITH_UNIT = 12  # columns: a longer number may part from its unit

_UNITS = (
    "平方公里|平方米|立方米|个百分点|百分点|公里|公顷|公斤|千克|千瓦时|毫米|厘米|"
    "人次|人份|分钟|小时|年度|年末|年初|个月|月份|周岁|户次|台次|批次|场次|件次|"
    "[十百千]?[万亿]?[元人个项家件辆台套户条次份篇期批座所间处吨米亩名位例场岁张本册度倍分角年月日号天时秒级层栋支只册种类款页%％‰℃]|"
    "[万亿]"
)
_RUN = r"[0-9A-Za-z０-９\u00c0-\u024f.,%:/+\-_@#&=?~*'\\|^<>;!]"
# A run of Latin letters and digits, with the unit that may follow it. (A pattern that begins
# with one set of characters is searched for several times faster than any other.)
_WORD = re.compile(f"{_RUN}{_RUN}*( ?(?:{_UNITS}))?")
# A dash or an ellipsis; three signs stay together, too.
_DASH = re.compile("——(?:—(?!—))?|……(?:…(?!…))?")


def wrap(text: str, columns: int, *, indent: str = "", ambiguous: int = 2, hang: bool = True) -> list[str]:
    """`text` as lines of at most `columns` columns; 0 is 'do not wrap'.

    `indent` starts every paragraph in place of the text's own blanks; a line too short to
    hold it twice goes without. A newline in the text starts a new paragraph. With `hang`,
    one closing mark may stand past the margin. Blanks at the end of a line are dropped, and
    nothing else is. There is at least one line. ValueError when `columns` is negative.
    """
    if columns < 0:
        raise ValueError(f"a line cannot have {columns} columns")
    lead = width(indent, ambiguous)
    if columns and columns < 2 * lead:
        indent, lead = "", 0
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if indent:
            paragraph = paragraph.lstrip(BLANKS)
        fits = len(paragraph) <= columns and width(paragraph, ambiguous) + lead <= columns
        if fits or not columns:
            lines.append((indent + paragraph).rstrip(BLANKS))
            continue
        pieces = split(paragraph, columns, first=lead, ambiguous=ambiguous, hang=hang)
        wrapped = [pieces[0].rstrip(BLANKS), *(piece.strip(BLANKS) for piece in pieces[1:])]
        kept = [line for line in wrapped if line] or [""]
        kept[0] = (indent + kept[0]).rstrip(BLANKS)
        lines.extend(kept)
    return lines


@lru_cache(maxsize=2048)
def wrap_evenly(text: str, columns: int, ambiguous: int = 2) -> tuple[str, ...]:
    """`text` on as few lines of `columns` columns as it needs, all about equally long.

    No mark hangs past the margin. 0 columns is 'do not wrap'.
    """
    if not columns or width(text, ambiguous) <= columns:
        return tuple(wrap(text, 0))
    best = wrap(text, columns, ambiguous=ambiguous, hang=False)
    for narrower in range(-(-width(text, ambiguous) // len(best)), columns):
        even = wrap(text, narrower, ambiguous=ambiguous, hang=False)
        if len(even) == len(best) and max(width(line, ambiguous) for line in even) <= narrower:
            return tuple(even)
    return tuple(best)


@lru_cache(maxsize=2048)
def wrap_label(label: str, columns: int, ambiguous: int = 2) -> tuple[str, ...]:
    """The label of a column, wrapped evenly into `columns` columns; 0 is 'do not wrap'.

    A '|' is where the label should be broken if it must be; it is not printed.
    """
    if "|" not in label or not columns or width(label, ambiguous) - label.count("|") <= columns:
        return wrap_evenly(label.replace("|", ""), columns, ambiguous)
    lines: list[str] = []
    line = ""
    for part in filter(None, label.split("|")):
        if line and width(line + part, ambiguous) > columns:
            lines += wrap_evenly(line, columns, ambiguous)
            line = ""
        line += part
    return (*lines, *wrap_evenly(line, columns, ambiguous))


def longest_word(text: str, ambiguous: int = 2) -> int:
    """The width of the widest stretch of `text` that no line break should cut.

    A word, a number (with its unit when short), a dash; not a character with its marks.
    """
    edges = _edges(text, ambiguous)
    starts, ends = _tokens(text, edges, _KEPT_WITH_UNIT)
    return max((edges[end] - edges[start] for start, end in zip(starts, ends)), default=0)


def split(text: str, columns: int, *, first: int = 0, ambiguous: int = 2, hang: bool = True) -> list[str]:
    """`text` cut into lines of `columns` (at least 1) columns; joined, they are the text again.

    `first` columns of the first line are taken already. Blanks where a line ends belong to
    that line and do not count. Takes time linear in the text: looking for a break goes back
    over no character more than three times.
    """
    edges = _edges(text, ambiguous)
    starts, ends = _tokens(text, edges, columns)
    length = len(text)
    blanks_end = 0  # where the blanks end that were looked through last

    def is_inside(at: int) -> bool:
        """Whether a break before text[at] would cut a word, a number or a dash."""
        token = bisect_left(starts, at) - 1
        return token >= 0 and at < ends[token]

    def stays_with_previous(at: int) -> bool:
        """Whether text[at] may not start a line, or what is before it may not end one."""
        char = text[at]
        if char in NO_START or char in BLANKS or edges[at + 1] == edges[at]:
            return True
        before = at - 1
        while before > 0 and text[before] in BLANKS:
            before -= 1
        return text[before] in NO_END or text[before] == "\u200d"

    def stop(start: int, end: int) -> int:
        """Where the line from `start` ends, when text[end] is the first that does not fit."""
        nonlocal blanks_end
        after = max(end, blanks_end)
        while after < length and text[after] in BLANKS:
            after += 1
        blanks_end = after
        fits = edges[end] - edges[start] <= room
        if after == end and hang and fits and text[end] in NO_START and not is_inside(end):
            hung = end + 1
            while hung < length and text[hung] in BLANKS:
                hung += 1
            if hung == length or not (is_inside(hung) or stays_with_previous(hung)):
                return hung
        if after == length or not (is_inside(after) or stays_with_previous(after)):
            return after
        for at in range(end - 1, start, -1):
            if not (stays_with_previous(at) or is_inside(at)):
                return at
        for at in range(end, start, -1):  # a word wider than the line
            if not stays_with_previous(at):
                return at
        return end

    lines = []
    start = 0
    room = max(columns - first, 1)
    while True:
        end = bisect_right(edges, edges[start] + room, start) - 1
        if end >= length:
            lines.append(text[start:])
            return lines
        if end == start:  # not even one character fits: it stands alone, with its marks
            end += 1
            while end < length and edges[end + 1] == edges[end]:
                end += 1
            if end == length:
                lines.append(text[start:])
                return lines
        end = stop(start, end)
        lines.append(text[start:end])
        if end == length:
            return lines
        start = end
        room = columns


def _edges(text: str, ambiguous: int) -> list[int]:
    """Where every character of `text` begins, in columns, and where the last one ends."""
    return list(accumulate(map(char_widths(ambiguous).__getitem__, text), initial=0))


def _tokens(text: str, edges: list[int], columns: int) -> tuple[list[int], list[int]]:
    """Where words, numbers with their units, dashes and ellipses begin, and where they end."""
    kept = min(columns, _KEPT_WITH_UNIT)
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match[1]:
            number_ends = match.start(1)
            digit = text[number_ends - 1].isdecimal()
            if not digit or edges[end] - edges[start] > kept:
                end = number_ends
        if end - start > 1:
            spans.append((start, end))
    if "—" in text or "…" in text:
        spans += [match.span() for match in _DASH.finditer(text)]
        spans.sort()
    return [start for start, _ in spans], [end for _, end in spans]
