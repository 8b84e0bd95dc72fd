"""A screen to write a longer text in."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container

from ...core.i18n import _
from ...core.references import written
from ...core.report import Report
from ...core.text.wrap import wrap
from ...core.views.commands import footer
from ...core.views.figures import printed
from ...core.views.textedit import TextEdit
from ..widgets.bars import Bar
from ..widgets.lines import Item, Lines
from ..widgets.textpane import TextPane
from .base import KeyScreen
from .figures import FiguresScreen

WIDE = 120
"""From so many columns on, what the text's references print stands beside it, else below."""

MOST_PRINTED = 5
"""So many of them are shown below."""


class WritingScreen(KeyScreen):
    """A text with what it must hold above it and the count of its characters below.

    Gives back the text, or None where it is left as it is; `changed` gets it after each key.
    `report` is where the figures come from that the text may name; None where it may name none.
    """

    OWN = "writing"

    clipboard = ""
    """What was copied or cut last; of all screens, so that a sentence can move from text to text."""

    def __init__(
        self,
        title: str,
        guidance: str,
        text: str,
        ambiguous: int = 1,
        changed: Callable[[str], None] = lambda text: None,
        report: Report | None = None,
    ) -> None:
        super().__init__(ambiguous)
        self.report = report
        self.changed = changed
        self.heading, self.guidance, self.text = title, guidance, text
        self.edit = TextEdit(text, 78, ambiguous)
        self.leaving = False

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Lines("guidance", self.ambiguous)
        with Container(id="writing"):
            yield TextPane(self.edit, "area")
            yield Lines("printed", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    def set_ambiguous(self, columns: int) -> None:
        self.edit.resize(self.edit.columns, columns)
        super().set_ambiguous(columns)

    @property
    def pane(self) -> TextPane:
        return self.query_one("#area", TextPane)

    def start(self) -> None:
        self.query_one("#title", Bar).show(" " + self.heading)
        lines = wrap(self.guidance, self.size.width, ambiguous=self.ambiguous, hang=False) if self.guidance else []
        guidance = self.query_one("#guidance", Lines)
        guidance.styles.height = min(4, len(lines))
        guidance.show([Item(line) for line in lines])
        self._show()

    def fit(self) -> None:
        super().fit()
        self.set_class(self.size.width >= WIDE, "wide")

    def choose_figure(self) -> None:
        """Let the user choose a figure, and name it at the caret."""
        if self.report is None:
            return

        def chosen(name: str | None) -> None:
            if name is not None:
                self.edit.insert(written(name))
                self.changed(self.edit.text)
            self._show()

        self.app.push_screen(FiguresScreen(self.report, self.ambiguous), chosen)

    def _show_printed(self) -> None:
        """What the text's references print."""
        items = [] if self.report is None else [
            Item(line, None, "" if found else "error") for line, found in printed(self.report, self.edit.text)
        ]
        pane = self.query_one("#printed", Lines)
        pane.display = bool(items)
        pane.styles.height = "1fr" if self.has_class("wide") else min(MOST_PRINTED, len(items)) + 1  # and its border
        pane.show(items)

    def _show(self) -> None:
        self._show_printed()
        self.pane.redraw()
        characters = len("".join(self.edit.text.split()))
        self.query_one("#footer", Bar).show(
            _("The text was changed: Esc again drops the change, any other key goes on.")
            if self.leaving
            else _("{count} characters").format(count=characters)
            + "   "
            + footer(self.commands.values(), self.size.width - 14, self.ambiguous)
        )

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        if command == "done":
            self.dismiss(self.edit.text)
            return True
        if command == "help":
            self.show_help()
            return True
        if command == "leave":
            if self.edit.text == self.text or self.leaving:
                self.dismiss(None)
                return True
            self.leaving = True
        elif command == "figure":
            self.leaving = False
            self.choose_figure()
        else:
            before, self.leaving = self.edit.text, False
            self._edit(command, key, character)
            if self.edit.text != before:
                self.changed(self.edit.text)
        self._show()
        return True

    def _edit(self, command: str, key: str, character: str) -> None:
        if command == "undo":
            self.edit.undo()
        elif command == "redo":
            self.edit.redo()
        elif command == "all":
            self.edit.select_all()
        elif command in ("copy", "cut"):
            if self.edit.selected:
                type(self).clipboard = self.edit.selected
                self.app.copy_to_clipboard(self.clipboard)
                if command == "cut":
                    self.edit.insert("")
        elif command == "paste":
            self.edit.insert(self.clipboard)
        elif character or key == "enter":
            self.edit.insert(character or "\n")
        else:
            self.edit.key(key, self.pane.page)

    def paste(self, text: str) -> bool:
        self.leaving = False
        self.edit.insert(text.replace("\r\n", "\n").replace("\r", "\n"))
        self.changed(self.edit.text)
        self._show()
        return True
