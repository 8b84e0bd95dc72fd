"""The palette: all commands, chosen by their names."""

from __future__ import annotations

from textual.app import ComposeResult

from ...core.i18n import _
from ...core.text.width import width
from ...core.views.commands import Command, key_name, matching
from ..widgets.bars import Bar, Prompt
from ..widgets.lines import Item, Lines
from .base import KeyScreen


class PaletteScreen(KeyScreen):
    """Commands, filtered by what is typed: a title, its pinyin initials, or an id. Gives back an id."""

    OWN = "palette"

    def __init__(self, commands: list[Command], ambiguous: int = 1) -> None:
        super().__init__(ambiguous)
        self.known = [command for command in commands if command.id != "palette"]

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
        self.query_one("#title", Bar).show(" " + _("Commands"))
        self.show_footer()
        self.prompt.ask("filter", _("Name or initials:"))
        self._filter()

    def _filter(self) -> None:
        items = []
        for command in matching(self.known, self.prompt.edit.text):
            keys = " ".join(map(key_name, command.keys))
            room = " " * max(1, 16 - width(command.title, self.ambiguous))
            items.append(Item(f"{command.title}{room}{keys:<12} {command.help}", command.id))
        self.lines.row = self.lines.top = 0
        self.lines.show(items)

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        if command == "do":
            self.dismiss(self.lines.chosen)
        elif command == "leave":
            self.dismiss(None)
        elif command == "help":
            self.show_help()
        elif key in ("up", "down", "pageup", "pagedown"):
            self.lines.key(key)
            self.prompt.place_cursor()
        elif self.prompt.key(key, character) == "typed":
            self._filter()
        return True

    def paste(self, text: str) -> bool:
        self.prompt.paste(text)
        self._filter()
        return True
