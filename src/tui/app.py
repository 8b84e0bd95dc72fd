"""The application: one session, its screens, and the commands."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.theme import Theme

from ..core.session import Session
from .display import ChangedCells
from .screens.editor import EditorScreen

LIGHT = Theme(name="juesuan-light", primary="#004578", background="#ffffff", surface="#ffffff", foreground="#000000", dark=False)
DARK = Theme(name="juesuan-dark", primary="#4fa3e0", background="#101418", surface="#101418", foreground="#e6e6e6", dark=True)


class JuesuanApp(ChangedCells):
    """The terminal program on one source."""

    CSS_PATH = "juesuan.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS = [Binding("ctrl+q", "quit", priority=False, show=False)]

    def __init__(self, session: Session, ambiguous: int = 1) -> None:
        super().__init__()
        self.session = session
        self.ambiguous = ambiguous

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.register_theme(LIGHT)
        self.register_theme(DARK)
        self.theme = "juesuan-dark"
        self.push_screen(EditorScreen(self.session, self.ambiguous))

    async def action_quit(self) -> None:
        screen: Any = self.screen
        if hasattr(screen, "run_command"):
            screen.run_command("quit")
        else:
            self.exit()
