"""Send just the cells that look different: a frame costs what it changes, over any line.

Relies on Textual 8.2's `App._display` and its compositor's `render_strips`, both private; the
switch JUESUAN_FULL_FRAMES=1 leaves everything to Textual.
"""

from __future__ import annotations

import os
from typing import Any

from rich.control import Control
from rich.segment import Segment
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.strip import Strip


class ChangedCells(App[Any]):
    """An app whose frames hold the changed stretches of lines only."""

    _shown: list[list[Segment]] | None = None
    _shown_size: Any = None

    def _display(self, screen: Any, renderable: Any) -> None:
        if (os.environ.get("JUESUAN_FULL_FRAMES") or not isinstance(renderable, CompositorUpdate) or self._batch_count
                or not self._running or self._closed or self.is_headless or self._driver is None or screen is not self.screen):
            super()._display(screen, renderable)
            return
        strips = screen._compositor.render_strips()
        new = [_cells(strip) for strip in strips]
        if self._shown is None or self._shown_size != screen.size or len(self._shown) != len(new):
            self._shown, self._shown_size = None, screen.size
        written = self._difference(new)
        cursor = screen.outer_size.clamp_offset(self.cursor_position)
        if written or cursor != self._previous_cursor_position:
            self._begin_update()
            self._driver.write(written + Control.move_to(*cursor).segment.text)
            self._end_update()
            self._driver.flush()
        self._previous_cursor_position = cursor
        self._shown = new
        self.post_display_hook()

    def _difference(self, new: list[list[Segment]]) -> str:
        """The escape sequences that turn what is shown into what is to be."""
        parts: list[str] = []
        render = self.console._color_system
        for y, line in enumerate(new):
            old = self._shown[y] if self._shown else None
            if old == line:
                continue
            first, last = 0, len(line)
            if old is not None and len(old) == len(line):
                while first < last and old[first] == line[first]:
                    first += 1
                while last > first and old[last - 1] == line[last - 1]:
                    last -= 1
            while first > 0 and not line[first].text:
                first -= 1
            while last < len(line) and not line[last].text:
                last += 1
            parts.append(Control.move_to(first, y).segment.text)
            for segment in Strip(Segment.simplify(line[first:last]))._segments:
                style = segment.style
                parts.append(style.render(segment.text, color_system=render) if style else segment.text)
        return "".join(parts)


def _cells(strip: Strip) -> list[Segment]:
    """One segment a column; the second column of a wide character is an empty one."""
    from rich.cells import cell_len

    cells: list[Segment] = []
    for text, style, control in strip:
        if control:
            continue
        for character in text:
            size = cell_len(character)
            if not size:
                if cells:
                    cells[-1] = Segment(cells[-1].text + character, cells[-1].style)
                continue
            cells.append(Segment(character, style))
            cells.extend([Segment("", style)] * (size - 1))
    return cells
