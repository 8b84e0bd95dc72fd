"""The start screen: drafts that were left behind, recent files, a new report."""

from __future__ import annotations

import os
import time
from typing import Any

from textual.app import ComposeResult

from ...core.drafting.recent import Recent, drafts_left, forget, recent_files
from ...core.i18n import _
from ...core.text.width import printable, width
from ..widgets.bars import Bar, ending
from ..widgets.lines import Item, Lines
from .base import KeyScreen
from .picker import PickerScreen
from .wizard import WizardScreen


class HomeScreen(KeyScreen):
    """What one can begin with. A line stands for a path, or for a command of this screen."""

    OWN = "home"

    def __init__(self, ambiguous: int = 1, note: str = "") -> None:
        super().__init__(ambiguous)
        self.note = note
        self.unfinished: dict[str, str] = {}
        """What was typed for a new report that was not begun."""

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Bar("value", self.ambiguous)
        yield Lines("lines", self.ambiguous, active=True)
        yield Bar("footer", self.ambiguous)

    @property
    def lines(self) -> Lines:
        return self.query_one("#lines", Lines)

    def start(self) -> None:
        self.query_one("#title", Bar).show(" " + _("juesuan: final accounts, drafted"))
        self.renew(self.note)

    def fit(self) -> None:
        super().fit()
        if self.started:
            self.renew()

    def renew(self, note: str = "") -> None:
        """Show how things stand now."""
        self.show_footer()
        files = recent_files()
        unread: list[str] = []
        drafts = drafts_left([each.path for each in files], _here(), unread)
        if unread and not note:
            note = _("{count} recovery journals are damaged or too large and were not looked into: {names}").format(
                count=len(unread), names=printable("、".join(map(os.path.basename, unread[:2]))))
        items: list[Item] = []
        if drafts:
            items.append(Item(" " + _("Drafts left behind, not saved"), None, "dim"))
            for left in drafts:
                when = time.strftime("%m-%d %H:%M", time.localtime(left.when))
                told = _("{count} commands, the last on {when}").format(count=left.commands, when=when)
                items += self._pair("! " + os.path.basename(left.path), told, left.path, "warning")
            items.append(Item(""))
        if files:
            items.append(Item(" " + _("Recent files"), None, "dim"))
        for recent in files:
            items += self._recent(recent)
        if files:
            items.append(Item(""))
        for id in ("home.new", "home.open", "home.quit"):
            command = self.commands[id]
            room = " " * max(1, 12 - width(command.title, self.ambiguous))
            items.append(Item(f" [{command.title}]{room}{command.help}", (id,), "strong"))
        before = self.lines.chosen
        if before is None:
            first = next((number for number, item in enumerate(items) if item.key is not None), 0)
            self.lines.row, self.lines.top = first, 0
        self.lines.show(items, before)
        self.query_one("#value", Bar).show(" " + note)

    def _recent(self, recent: Recent) -> list[Item]:
        when = time.strftime("%m-%d %H:%M", time.localtime(recent.when))
        told = _("{percent}%  errors {errors}  warnings {warnings}  {when}").format(
            percent=recent.percent, errors=recent.errors, warnings=recent.warnings, when=when)
        if not os.path.exists(recent.path):
            told = _("the file is gone")
        sign = "!" if recent.errors else "√" if recent.percent == 100 else " "
        name = _("{department} {year} {title}").format(
            department=recent.department, year=recent.year, title=recent.title)
        return self._pair(f"{sign} {name}", told, recent.path, "error" if recent.errors else "")

    def _pair(self, name: str, told: str, path: str, style: str) -> list[Item]:
        """Two lines that stand for a file: what it is and how it stands, and where it lies."""
        room = max(10, self.size.width - width(told, self.ambiguous) - 5)
        cut = name
        while width(cut, self.ambiguous) > room:
            cut = cut[:-1]
        cut += ">" if cut != name else " "
        gap = " " * max(1, room + 2 - width(cut, self.ambiguous))
        place = "     " + ending(path, self.size.width - 6, self.ambiguous)
        return [Item(f" {cut}{gap}{told}", (path,), style), Item(place, (path, ""), "dim")]

    # ── keys ──

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, character)
        if command:
            self._do(command)
        elif key in ("up", "down", "pageup", "pagedown", "home", "end"):
            self._move(key)
        return True

    def _move(self, key: str) -> None:
        """Move the cursor to a line that can be chosen."""
        step = 1 if key in ("down", "pagedown", "home") else -1
        self.lines.key(key)
        items, row = self.lines.items, self.lines.row
        while 0 <= row < len(items) and len(items[row].key or ()) != 1:
            row += step
        if not 0 <= row < len(items):
            row = next(number for number, item in enumerate(items) if len(item.key or ()) == 1)
        self.lines.move_to(row)

    def _do(self, command: str) -> None:
        chosen = self.lines.chosen[0] if self.lines.chosen else ""
        app: Any = self.app
        if command in ("choose", "view") and chosen.startswith("home."):
            self._do(chosen.partition(".")[2])
        elif command in ("choose", "view"):
            self.open(chosen, command == "view")
        elif command == "new":
            app.push_screen(WizardScreen("", self.ambiguous, self.unfinished), self._begun)
        elif command == "open":
            folder = os.path.dirname(chosen) if os.path.isabs(chosen) else ""
            app.push_screen(PickerScreen(_("Open a file"), folder, self.ambiguous), self._begun)
        elif command == "forget" and os.path.isabs(chosen):
            if not forget(chosen):
                self.renew(_("The list of recent files can't be written."))
                return
            self.renew()
        elif command == "help":
            self.show_help()
        elif command == "quit":
            app.exit()

    def _begun(self, path: str | None) -> None:
        if path is not None:
            self.unfinished.clear()
            self.open(path)
        else:
            self.lines.place_cursor()

    def open(self, path: str, read_only: bool = False) -> None:
        """Open a file, or say why it can't be."""
        app: Any = self.app
        fault = app.open_file(path, read_only)
        if fault:
            self.renew(fault)


def _here() -> str:
    """The folder that we are in; '' where that was taken away."""
    try:
        return os.getcwd()
    except OSError:
        return ""
