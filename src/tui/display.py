"""Send just the cells that look different: a frame costs what it changes, over any line.

Relies on Textual 8.2's `App._display`, `_begin_update`, `_end_update` and on the updates of its
compositor, all private; the switch JUESUAN_FULL_FRAMES=1 leaves everything to Textual.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, InlineUpdate, LayoutUpdate
from textual.app import App

from ..core.text.width import char_widths

APART = 8
"""Stretches of a line that are no further apart than this are sent as one: moving the cursor
costs as much."""


class ChangedCells(App[Any]):
    """An app whose frames hold the changed stretches of lines only."""

    _frame: Frame | None = None
    ambiguous = 1
    """The columns that an ambiguous character takes in this terminal."""

    def ask_ambiguous(self) -> None:
        """Have the terminal tell how wide “ is: it answers with the cursor's place, an event
        CursorPosition. The first frame covers what is written for that."""
        if self._driver is not None and not self.is_headless:
            self._driver.write("\x1b[1;1H“\x1b[6n\x1b[1;1H")

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is None or self._batch_count:
            super()._display(screen, renderable)
            return
        if (
            os.environ.get("JUESUAN_FULL_FRAMES")
            or not isinstance(renderable, CompositorUpdate)
            or not self._running
            or isinstance(renderable, InlineUpdate)
            or self._closed
            or self.is_headless
            or self._driver is None
            or screen is not self.screen
        ):
            self._frame = None
            super()._display(screen, renderable)
            return
        if self._frame is None or self._frame.size != screen.size or self._frame.screen is not screen:
            shown = self._frame.lines if self._frame is not None and self._frame.size == screen.size else {}
            self._frame = Frame(screen, shown, char_widths(self.ambiguous))
            lines = [list(strip) for strip in screen._compositor.render_strips()]
            written = self._frame.update(dict(enumerate(map(self._frame.cells, lines))), self.console._color_system)
        elif isinstance(renderable, ChopsUpdate):
            written = self._frame.update(self._frame.patched(renderable), self.console._color_system)
        elif isinstance(renderable, LayoutUpdate):
            written = self._frame.update(
                {
                    y: self._frame.cells(segment for strip in line for segment in strip)
                    for y, line in enumerate(renderable.strips, renderable.region.y)
                },
                self.console._color_system,
            )
        cursor = screen.outer_size.clamp_offset(self.cursor_position)
        if written or cursor != self._previous_cursor_position:
            self._begin_update()
            self._driver.write(f"{written}\x1b[{cursor.y + 1};{cursor.x + 1}H")
            self._end_update()
            self._driver.flush()
        self._previous_cursor_position = cursor
        self.post_display_hook()

    def forget_frame(self) -> None:
        """The terminal may show anything: the next frame is sent whole."""
        self._frame = None


class Frame:
    """What the terminal shows of a screen, line by line, one segment a column."""

    def __init__(self, screen: Any, lines: dict[int, list[Segment]], widths: Mapping[str, int]) -> None:
        self.screen, self.size = screen, screen.size
        self.lines, self._widths = lines, widths

    def cells(self, segments: Iterable[Segment]) -> list[Segment]:
        """One segment a column; the second column of a wide character is an empty one."""
        return _cells(segments, self._widths)

    def patched(self, update: ChopsUpdate) -> dict[int, list[Segment]]:
        """The lines that a partial update touches, with what it puts into them."""
        lines: dict[int, list[Segment]] = {}
        for y, start, end in update.spans:
            line = lines.setdefault(y, list(self.lines[y]))
            for x, strip in update.chops[y].items():
                if strip is None or x >= end or x + strip.cell_length <= start:
                    continue
                cells = self.cells(strip)
                first, last = max(x, start), min(x + len(cells), end)
                line[first:last] = cells[first - x : last - x]
        return lines

    def update(self, lines: dict[int, list[Segment]], colors: ColorSystem | None) -> str:
        """The escape sequences that turn what is shown into these lines."""
        parts: list[str] = []
        pen = _Pen(colors)
        for y, cells in lines.items():
            for first, last in _stretches(self.lines.get(y), cells):
                parts.append(f"\x1b[{y + 1};{first + 1}H")
                parts += [pen.write(cell) for cell in cells[first:last] if cell.text]
            self.lines[y] = cells
        return "".join(parts) + (pen.lift() if parts else "")


class _Pen:
    """Writes cells, and a style only where it differs from the one before."""

    def __init__(self, colors: ColorSystem | None) -> None:
        self._colors = colors
        self._style: Style | None = None
        self._codes = ""

    def write(self, cell: Segment) -> str:
        style = cell.style
        if style is self._style:
            return cell.text
        self._style = style
        codes = _codes(style, self._colors)
        if codes == self._codes:
            return cell.text
        self._codes = codes
        return f"\x1b[0;{codes}m{cell.text}" if codes else f"\x1b[m{cell.text}"

    def lift(self) -> str:
        """Back to no style at all."""
        return "\x1b[m" if self._codes else ""


def _codes(style: Style | None, colors: ColorSystem | None) -> str:
    """A style as the numbers of an SGR sequence."""
    if style is None:
        return ""
    if os.environ.get("NO_COLOR"):
        return style.without_color._make_ansi_codes(ColorSystem.STANDARD)
    return style._make_ansi_codes(colors) if colors is not None else ""


def _stretches(old: list[Segment] | None, new: list[Segment]) -> Iterator[tuple[int, int]]:
    """Where a line differs from what is shown, never from the middle of a wide character."""
    if old is None or len(old) != len(new):
        yield 0, len(new)
        return
    first = last = -1
    for x, cell in enumerate(new):
        if cell == old[x]:
            continue
        if first >= 0 and x - last > APART:
            yield _whole(old, new, first, last)
            first = -1
        first = x if first < 0 else first
        last = x + 1
    if first >= 0:
        yield _whole(old, new, first, last)


def _whole(old: list[Segment], new: list[Segment], first: int, last: int) -> tuple[int, int]:
    """The stretch widened to whole characters of what stands there and of what comes."""
    while first > 0 and not (new[first].text and old[first].text):
        first -= 1
    while last < len(new) and not (new[last].text and old[last].text):
        last += 1
    return first, last


def _cells(segments: Iterable[Segment], widths: Mapping[str, int]) -> list[Segment]:
    """One segment a column; the second column of a wide character is an empty one."""
    cells: list[Segment] = []
    for text, style, control in segments:
        if control:
            continue
        for character in text:
            size = 1 if character.isascii() else widths[character]
            if not size:
                if cells:
                    at = -2 if not cells[-1].text and len(cells) > 1 else -1
                    cells[at] = Segment(cells[at].text + character, cells[at].style)
                continue
            cells.append(Segment(character, style))
            if size > 1:
                cells.append(Segment("", style))
    return cells
