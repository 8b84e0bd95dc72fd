"""What the widgets of single lines share: a style that is not computed for each line."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget


class Painted(Widget):
    """A widget that draws lines by itself. It never has the focus: its screen hands it the keys."""

    can_focus = False
    _base: Style | None = None

    @property
    def base(self) -> Style:
        """The widget's own style. Textual's `rich_style` asks all widgets around it, each time."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def notify_style_update(self) -> None:
        self._base = None
        super().notify_style_update()
