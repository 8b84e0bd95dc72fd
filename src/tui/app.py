"""The application: one session and its screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.theme import Theme

from ..core.drafting.session import Session
from .display import ChangedCells
from .screens.base import KeyScreen
from .screens.editor import EditorScreen

DARK = Theme(
    name="juesuan-dark", primary="#4fa3e0", background="#101418", surface="#101418", foreground="#e6e6e6", dark=True
)
PLAIN = "ansi-dark"
"""The theme in the terminal's own sixteen colours."""


class JuesuanApp(ChangedCells):
    """The terminal program on one source."""

    CSS_PATH = "juesuan.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        session: Session,
        ambiguous: int = 1,
        plain: bool = False,
        on_start: Callable[[JuesuanApp], None] | None = None,
    ) -> None:
        super().__init__(ansi_color=plain)
        self.on_start = on_start
        self.session = session
        self.plain = plain
        self.editor = EditorScreen(session, ambiguous)

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = PLAIN if self.plain else DARK.name
        if self.on_start is not None:
            self.on_start(self)
        self.push_screen(self.editor)

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes go straight to the screen, in their order; see KeyScreen."""
        screen: Any = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        if isinstance(screen, KeyScreen):
            if isinstance(event, events.Key) and screen.take_key(event):
                return
            if isinstance(event, events.Paste) and screen.take_paste(event):
                return
        await super().on_event(event)

    async def action_quit(self) -> None:
        screen: Any = self.screen
        if isinstance(screen, EditorScreen):
            screen.run_command("quit")
