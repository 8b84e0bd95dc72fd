"""Seeking: going to a cell by its address, code, name, pinyin initials or contents."""

from __future__ import annotations

from itertools import islice

from ...core.i18n import _
from ...core.views.seek import Hit, seek
from ...core.views.sheets import TableSheet
from .walking import Walking

OFFERED = 4
"""So many places are named while the user types."""


class Seeking(Walking):
    """The commands that find places."""

    _sought = ""
    _hit: Hit | None = None
    _from = ""

    @property
    def _here(self) -> str:
        """The table that is shown, whose places come first."""
        sheet = self.grid.sheet
        return sheet.table.id if isinstance(sheet, TableSheet) else ""

    def do_goto(self) -> None:
        question = _("Go to (address, code, name, initials, figure):")
        if self._sought:
            question = _("Go to (Enter alone: the next “{text}”):").format(text=self._sought)
        self.ask(question, self._goto, typed=self._offer_places)

    def _offer_places(self, text: str) -> None:
        """Say where the text would lead; contents are looked for at the end only."""
        if text.strip():
            found = [hit.label for hit in islice(seek(self.session.report, text, False, self._here), OFFERED)]
            self.show_value("  ".join(found) or _("Enter looks for it in the cells."))

    def _goto(self, text: str) -> None:
        if text.strip() and text.strip() != self._sought:
            self._sought, self._hit, self._from = text.strip(), None, self._here
        self.do_find_next()

    def do_find_next(self) -> None:
        """The next place that the sought text means, and round."""
        if not self._sought:
            self.do_goto()
            return
        hits = list(seek(self.session.report, self._sought, True, self._from))
        if not hits:
            self.show_value(_("“{text}” is not found").format(text=self._sought))
            return
        at = next((number for number, hit in enumerate(hits) if hit == self._hit), -1)
        for hit in hits[at + 1 :] + hits[: at + 1]:
            if self._show_hit(hit):
                self._hit = hit
                words = _("{number} of {count} for “{text}”").format(
                    number=hits.index(hit) + 1, count=len(hits), text=self._sought
                )
                self.show_value(f"{words}  {self.value()}")
                return

    def _show_hit(self, hit: Hit) -> bool:
        if len(hit.cell) == 3:
            return self.go_to(hit.cell)
        for section in self.session.report.format.sections:
            if section.id in self.titles and any(
                block.name == hit.cell[0] and block.kind in ("prose", "inline") for block in section.blocks
            ):
                self.show_section(section.id)
                self.show_stop(self.stops.index(hit.cell[0]))
                return True
        return False
