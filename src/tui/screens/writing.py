"""A screen to write a longer text in."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container

from ...core.i18n import _
from ...core.references import written
from ...core.report import Report
from ...core.text.typed import fault, settled
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

TAB = " " * 4
"""What a pasted tab is in a text, as in the source."""

MOST_PRINTED = 5
"""So many of them are shown below."""


class WritingScreen(KeyScreen):
    """A text with what it must hold above it and the count of its characters below.

    Gives back the text, or None where it is left as it is; `changed` gets it after each key. It closes
    over no text that is not in the source: `accept` puts it there, or says why it can't be.
    `report` is where the figures come from that the text may name; None where it may name none.
    """

    OWN = "writing"
    SHOWS = True

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
        accept: Callable[[str], str] = lambda text: "",
    ) -> None:
        super().__init__(ambiguous)
        self.report = report
        self.changed, self.accept = changed, accept
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
        self.show_footer()

    def show_footer(self) -> None:
        if self.leaving:
            self._said_at = 0.0
        super().show_footer()

    def keys_line(self) -> str:
        if self.leaving:
            return _("The text was changed: Esc again drops the change, any other key goes on.")
        characters = len("".join(self.edit.text.split()))
        return (_("{count} characters").format(count=characters) + "   "
                + footer(self.commands.values(), self.size.width - 14, self.ambiguous))

    def _done(self) -> None:
        """Close over a text that was accepted; else it stays, the caret on what can't stay in it."""
        refused = self.accept(self.edit.text)
        if not refused:
            self.dismiss(self.edit.text)
            return
        at = fault(self.edit.text)
        if at >= 0:
            self.edit.go(at)
        self._show()
        self.say(refused)

    def keep(self) -> None:
        if self.edit.text != self.text:
            self.accept(settled(self.edit.text))

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        if command == "done":
            self._done()
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
        self.edit.insert(text.replace("\t", TAB))
        self.changed(self.edit.text)
        self._show()
        return True
