"""The findings: where to go, and which ones are right as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.checks import Finding
from ...core.i18n import _
from ...core.views.commands import Command, commands
from ..widgets.bars import Bar
from ..widgets.lines import Item
from .reading import ReadingScreen


class FindingsScreen(ReadingScreen):
    """Findings as lines, each standing for its `Todo`. Enter gives it back; a acknowledges it, or
    takes that back, where `acknowledge` is given (a finding and a reason, '' to take it back; it
    gives back why it was refused, or '')."""

    def __init__(
        self,
        lines: Callable[[], list[Item]],
        acknowledge: Callable[[Finding, str], str] | None,
        ambiguous: int = 1,
        row: int = 0,
    ) -> None:
        self.made, self.acknowledge = lines, acknowledge
        super().__init__(_("Findings"), lines(), ambiguous, row, choose=True)
        self.judged: Finding | None = None
        self.asked = False

    def known_commands(self) -> list[Command]:
        hidden = "reading.acknowledge" if self.acknowledge is None else ""
        return [command for command in commands(self.OWN) if command.id != hidden]

    def start(self) -> None:
        super().start()
        if self.asked:
            self.ask()

    def key(self, key: str, character: str) -> bool:
        if self.prompt.asking and self.prompt.purpose == "acknowledge":
            done = self.prompt.key(key, character)
            if done in ("entered", "left"):
                self.lines.place_cursor()
            if done == "entered" and self.prompt.edit.text.strip() and self.judged is not None:
                self._acknowledged(self.judged, self.prompt.edit.text.strip())
            return True
        if not self.prompt.asking and self.command(key, character) == "acknowledge":
            self.ask()
            return True
        return super().key(key, character)

    def keep(self) -> None:
        reason = self.prompt.edit.text.strip()
        if self.prompt.asking and self.prompt.purpose == "acknowledge" and reason and self.judged is not None:
            self._acknowledged(self.judged, reason)

    def ask(self) -> None:
        """Ask for the reason of the finding under the cursor, or take back that it was acknowledged."""
        chosen: Any = self.lines.chosen
        self.judged = None if chosen is None else chosen.finding
        if self.judged is None:
            return
        if self.judged.severity == "error":
            self.tell(_("An error can't be acknowledged: it must be corrected."))
        elif self.judged.acknowledged:
            self._acknowledged(self.judged, "")
        else:
            self.prompt.ask("acknowledge", _("Why it is right as it is:"))

    def _acknowledged(self, finding: Finding, reason: str) -> None:
        assert self.acknowledge is not None
        refused = self.acknowledge(finding, reason)
        self.items = self.made()
        self.lines.show(self.items)
        row = self.lines.row  # an acknowledged one goes to the end, and what is still open comes up
        if not reason:
            row = next((n for n, item in enumerate(self.items) if _same(item.key.finding, finding)), row)
        self.move_to(row)
        if refused:
            self.tell(refused)

    def tell(self, words: str) -> None:
        """Say something in the title, until the next key."""
        self.query_one("#title", Bar).show(" " + words)


def _same(one: Finding, other: Finding) -> bool:
    """Are they the same finding, acknowledged or not?"""
    return one._replace(acknowledged="") == other._replace(acknowledged="")
