"""Choosing a file from the folders."""

from __future__ import annotations

from textual.app import ComposeResult

from ...core.i18n import _
from ...core.text.width import width
from ...core.views.browsing import Browser, Entry, entry_line
from ..widgets.bars import Bar, Prompt, ending
from ..widgets.lines import Item, Lines
from .base import KeyScreen


class PickerScreen(KeyScreen):
    """The folders of a folder, and its sources or other files of one `ending`, narrowed by what is typed.
    Gives back a path, or None."""

    OWN = "picker"

    def __init__(self, title: str, folder: str = "", ambiguous: int = 1, ending: str = ".toml") -> None:
        super().__init__(ambiguous)
        self.heading = title
        self.browser = Browser(folder, ending)

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Prompt("prompt", self.ambiguous)
        yield Lines("lines", self.ambiguous, active=True)
        yield Bar("footer", self.ambiguous)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    @property
    def lines(self) -> Lines:
        return self.query_one("#lines", Lines)

    def start(self) -> None:
        self.show_footer()
        self.prompt.ask("filter", _("Name or path:"))
        self._show()

    def fit(self) -> None:
        super().fit()
        if self.started:
            self.show_footer()
            self._show(self.lines.chosen)

    def _show(self, chosen: Entry | None = None, name: str = "") -> None:
        """Show what there is, the cursor on an entry, on a name, or on the first that is not the folder above."""
        found = self.browser.entries()
        items = [Item(entry_line(entry, self.size.width, self.ambiguous), entry) for entry in found]
        room = self.size.width - width(self.heading, self.ambiguous) - 3
        self.query_one("#title", Bar).show(f" {self.heading}  {ending(self.browser.folder, room, self.ambiguous)}")
        none = _("No folder and no source (.toml) here has this name.")
        if self.browser.ending != ".toml":
            none = _("No folder and no file {ending} here has this name.").format(ending=self.browser.ending)
        empty = self.browser.fault or none
        rows = [number for number, entry in enumerate(found) if entry == chosen or (name and entry.name == name)]
        first = 1 if len(found) > 1 and found[0].name == ".." else 0
        self.lines.row, self.lines.top = rows[0] if rows else first, 0
        self.lines.show(items if not self.browser.fault and items else [*items, Item(empty)])
        self.prompt.place_cursor()

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        typed = self.prompt.edit.text
        if command == "leave":
            self.dismiss(None)
        elif command == "help":
            self.show_help()
        elif command == "choose":
            self._choose(self.lines.chosen)
        elif (command == "parent" and (not typed or key != "left")) or (key == "backspace" and not typed):
            self._go(name=self.browser.parent())
        elif key in ("up", "down", "pageup", "pagedown"):
            self.lines.key(key)
            self.prompt.place_cursor()
        elif self.prompt.key(key, character) == "typed":
            self._typed()
        return True

    def paste(self, text: str) -> bool:
        self.prompt.paste(text)
        self._typed()
        return True

    def _typed(self) -> None:
        before = self.browser.folder
        self.browser.type(self.prompt.edit.text)
        if self.browser.folder != before:
            self.prompt.ask("filter", self.prompt.question, self.browser.filter)
        self._show()

    def _go(self, folder: str = "", name: str = "") -> None:
        if folder:
            self.browser.go(folder)
        self.prompt.ask("filter", self.prompt.question)
        self._show(name=name)

    def _choose(self, entry: Entry | None) -> None:
        if entry is None:
            return
        if not entry.folder:
            self.dismiss(entry.path)
        elif entry.name == "..":
            self._go(name=self.browser.parent())
        else:
            self._go(entry.path)
