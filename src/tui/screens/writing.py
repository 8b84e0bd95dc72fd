"""A screen to write a longer text in."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import TextArea

from ...core.i18n import _
from ...core.text.wrap import wrap
from ..widgets.bars import Bar
from ..widgets.lines import Item, Lines
from .base import KeyScreen

ACTIONS = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "ctrl+z": "undo",
    "ctrl+y": "redo",
    "ctrl+c": "copy",
    "ctrl+x": "cut",
    "ctrl+v": "paste",
    "pageup": "cursor_page_up",
    "pagedown": "cursor_page_down",
    "ctrl+k": "delete_to_end_of_line",
    "ctrl+u": "delete_to_start_of_line",
    "f7": "select_all",
}
MOVES = {
    "up": "cursor_up",
    "down": "cursor_down",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "cursor_line_start",
    "end": "cursor_line_end",
    "ctrl+left": "cursor_word_left",
    "ctrl+right": "cursor_word_right",
}
"""What the keys do, by the names of the text area's actions. They are done here, each in its turn:
left to Textual, a key that ends the writing would overtake those typed before it."""


class WritingScreen(KeyScreen):
    """A text area with what the text must hold above it and the count of its characters below.

    Gives back the text, or None where it is left as it was.
    """

    AUTO_FOCUS: ClassVar[str | None] = "TextArea"

    def __init__(self, title: str, guidance: str, text: str, ambiguous: int = 1) -> None:
        super().__init__(ambiguous)
        self.heading, self.guidance, self.text = title, guidance, text
        self.leaving = False

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Lines("guidance", self.ambiguous)
        area = TextArea(self.text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        area.cursor_blink = False
        yield area
        yield Bar("footer", self.ambiguous)

    @property
    def area(self) -> TextArea:
        return self.query_one(TextArea)

    def start(self) -> None:
        self.query_one("#title", Bar).show(" " + self.heading)
        lines = wrap(self.guidance, self.size.width, ambiguous=self.ambiguous, hang=False) if self.guidance else []
        guidance = self.query_one("#guidance", Lines)
        guidance.styles.height = min(4, len(lines))
        guidance.show([Item(line) for line in lines])
        self.area.focus()
        self.area.move_cursor(self.area.document.end)
        self._count()

    def on_text_area_changed(self) -> None:
        self._count()

    def _count(self) -> None:
        if not self.leaving:
            characters = len("".join(self.area.text.split()))
            self.query_one("#footer", Bar).show(
                _("{count} characters   ^S or F2 done   Esc leaves the text as it was").format(count=characters)
            )

    def key(self, key: str, character: str) -> bool:
        if key in ("ctrl+s", "f2"):
            self.dismiss(self.area.text)
        elif key in ("escape", "ctrl+g", "ctrl+q"):
            if self.area.text != self.text and not self.leaving:
                self.leaving = True
                self.query_one("#footer", Bar).show(
                    _("The text was changed: Esc again drops the change, any other key goes on.")
                )
            else:
                self.dismiss(None)
        else:
            self.leaving = False
            if character or key == "enter":
                self.paste(character or "\n")
            elif key in ACTIONS:
                getattr(self.area, "action_" + ACTIONS[key])()
            elif key.removeprefix("shift+") in MOVES:
                getattr(self.area, "action_" + MOVES[key.removeprefix("shift+")])(key.startswith("shift+"))
        return True

    def paste(self, text: str) -> bool:
        start, end = self.area.selection
        self.area.replace(text.replace("\r\n", "\n").replace("\r", "\n"), start, end, maintain_selection_offset=False)
        return True
