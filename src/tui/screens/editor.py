"""The editor: the outline of the report, a sheet to fill in, and the sentences that it makes."""

from __future__ import annotations

from ...core.drafting.session import Session
from ...core.i18n import _
from .filing import Filing
from .importing import Importing
from .ranges import Ranges
from .seeking import Seeking

LOOK_AGAIN = 2.0
"""So many seconds lie between two looks at the file on disk."""


class EditorScreen(Ranges, Importing, Seeking, Filing):
    """One session on the screen. A key is the prompt's while it asks, the edit's while a cell is
    edited, then a command of the registry, then the outline's or the grid's own."""

    def __init__(self, session: Session, ambiguous: int = 1, note: str = "") -> None:
        super().__init__(session, ambiguous)
        self.note = note
        self._told = False

    def start(self) -> None:
        grid = self.grid
        grid.read_only = self.session.read_only
        grid.entered, grid.opened, grid.moved, grid.sign = self.entered, self.opened, self.show_value, self._sign
        self.show_outline()
        self.show_section(self.first_section())
        self.show_status()
        self.set_interval(LOOK_AGAIN, self._look_again)
        if self.note:
            self.show_value(self.note)
        if self.session.remarks:
            self.show_value(self.told(""))
        if self.session.held is not None:
            self.show_value(self.session.held.message + " " + _("It is shown read only."))
        if self.session.recovery is not None:
            self.offer_recovery()

    def _look_again(self) -> None:
        """Follow a file that another program changes while it is read; tell of it, once, while it is edited."""
        if not self.session.read_only:
            changed = self.session.changed_outside()
            if changed and not self._told and self.grid.edit is None and not self.prompt.asking:
                words = _("Another program has changed the file: {key} shows what differs and asks.")
                self.show_value(words.format(key=self.key_of("save")))
            self._told = changed
            return
        change = self.session.poll()
        if change is not None:
            self.follow(change)
            self.show_value(_("The file was changed; this is its new state."))

    def keep(self) -> None:
        """Enter what is being typed: the program must end now. What can't be entered is noted in the file."""
        place = self.grid.here
        if self.grid.edit is not None and not self.grid.commit("") and place is not None and place.cell is not None:
            self.session.note(self.session.report.label(place.cell), self.grid.edit.text)
        text = self.prompt.edit.text
        if self.prompt.asking and self.asked is not None and text != self.asked:
            before = self.session.text.text()
            self.answered(text)
            if text.strip() and self.session.text.text() == before:
                self.session.note(self.prompt.question.rstrip(":："), text)

    def _sign(self, cell: tuple[str, str, str]) -> str:
        return self.standing.sign(cell)

    def key(self, key: str, character: str) -> bool:
        if self.prompt.asking:
            self._prompt_key(key, character)
        elif self.grid.edit is not None:
            if not self.grid.key(key, character) and key in self.keys and self.grid.commit(""):
                self.run_command(self.keys[key])
        elif key in self.keys:
            self.run_command(self.keys[key])
        elif self.outline.active:
            self._outline_key(key)
        elif self.has_class("written"):
            if not self.text.key(key) and key == "enter":
                self.run_command("edit")
        elif not self.grid.key(key, character) and character:
            self.tell_computed()
        return True

    def _prompt_key(self, key: str, character: str) -> None:
        done = self.prompt.key(key, character)
        if done == "typed":
            self.typed(self.prompt.edit.text)
        elif done in ("entered", "left"):
            self.show_value()
            self.grid.place_cursor()
            if done == "entered":
                self.answered(self.prompt.edit.text)

    def _outline_key(self, key: str) -> None:
        if key == "enter":
            self.choose_section()
        elif key == "escape":
            self.show_outlined(False)
        else:
            self.outline.key(key)

    def paste(self, text: str) -> bool:
        if self.prompt.asking:
            self.prompt.paste(text)
            self.typed(self.prompt.edit.text)
        elif not self.outline.active and not self.grid.paste(text) and self.grid.commit(""):
            self.paste_table(text)
        return True

    def run_command(self, id: str) -> None:
        if id in self.commands:
            if self.outline.active and id not in ("outline", "help", "palette", "quit", "save"):
                self.show_outlined(False)
            getattr(self, "do_" + id)()
