"""The preview: the report as it is exported, from whose figures one goes to their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...core.explain import glance
from ...core.final import drafted
from ...core.i18n import _
from ...core.render.places import Figure
from ...core.report import Report
from ...core.source import Cell
from ..widgets.bars import Bar
from .reading import ReadingScreen


class PreviewScreen(ReadingScreen):
    """The lines of the report; Left and Right go along the figures of a line. Enter gives back the
    cell of the figure, and `left_at` says where that stood."""

    def __init__(
        self,
        report: Report,
        lines: Sequence[str],
        figures: Mapping[int, tuple[Figure, ...]],
        ambiguous: int,
        start: tuple[int, int],
    ) -> None:
        draft = drafted(report, ())
        super().__init__(_("Preview") + (" " + draft.line if draft else ""), lines, ambiguous, start[0], True)
        self.report, self.figures = report, figures
        self.left_at = start
        self.number = start[1]

    def start(self) -> None:
        super().start()
        self._mark(self.lines.row)

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        here = self.figures.get(self.lines.row, ())
        return here[self.number] if self.number < len(here) else None

    def move_to(self, row: int) -> None:
        """Put the cursor on a line, on its first figure."""
        before = self.lines.row
        super().move_to(row)
        if before != self.lines.row:
            self.number = 0
            self._mark(before)
            self._mark(self.lines.row)

    def key(self, key: str, character: str) -> bool:
        if not self.prompt.asking:
            before = self.lines.row
            if key in ("left", "right"):
                self._step(1 if key == "right" else -1)
                return True
            if key == "enter":
                if self.figure is not None:
                    self.left_at = self.lines.row, self.number
                    self.dismiss(self.figure.cell)
                return True
            if self.lines.key(key):
                if before != self.lines.row:
                    self.number = 0
                    self._mark(before)
                self._mark(self.lines.row)
                return True
        return super().key(key, character)

    def _step(self, step: int) -> None:
        """To the next or the last figure, on another line where this one has no more."""
        here = self.figures.get(self.lines.row, ())
        if 0 <= self.number + step < len(here):
            self.number += step
        else:
            rows = [row for row in self.figures if (row - self.lines.row) * step > 0]
            if not rows:
                return
            self.move_to(min(rows) if step > 0 else max(rows))
            self.number = 0 if step > 0 else len(self.figures[self.lines.row]) - 1
        self._mark(self.lines.row)

    def _mark(self, row: int) -> None:
        """Show which figure the cursor is on, and what it is."""
        if row >= len(self.items):
            return
        figure = self.figure if row == self.lines.row else None
        marked = ((figure.start, figure.end),) if figure is not None else ()
        if self.items[row].changed != marked:
            self.items[row] = self.items[row]._replace(changed=marked)
            self.lines.show(self.items)
        if row == self.lines.row:
            self._tell()

    def _tell(self) -> None:
        super()._tell()
        if self.figure is not None:
            found = glance(self.report, self.figure.cell)
            self.query_one("#title", Bar).show(
                f" {self.heading}  {self.lines.row + 1}/{len(self.items)}  {found.label}：{found.value}"
            )


def place_of(figures: Mapping[int, tuple[Figure, ...]], cell: Cell | None, last: tuple[int, int]) -> tuple[int, int]:
    """Where a cell stands: where it stood last if it is still there, else its first place, else the last place."""
    row, number = last
    here = figures.get(row, ())
    if cell is None or (number < len(here) and here[number].cell == cell):
        return last
    return next(
        ((row, number) for row, line in figures.items() for number, figure in enumerate(line) if figure.cell == cell),
        last,
    )
