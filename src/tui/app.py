"""The application: a session and its screens, or the start screen first."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType

from ..core.drafting.recent import Recent, now, remember
from ..core.drafting.session import Session
from ..core.settings import NOTHING_SET, Settings
from .display import ChangedCells
from .screens.base import KeyScreen
from .screens.editor import EditorScreen
from .screens.home import HomeScreen
from .themes import PLAIN, THEMES


class JuesuanApp(ChangedCells):
    """The terminal program on one source; without one, it begins with the start screen."""

    CSS_PATH = "juesuan.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        session: Session | None = None,
        ambiguous: int = 0,
        plain: bool = False,
        on_start: Callable[[JuesuanApp], None] | None = None,
        settings: Settings = NOTHING_SET,
        catalogue: str = "",
    ) -> None:
        self.plain = plain
        """The terminal has 16 colours or none: there is one theme for it."""
        self.look = "terminal" if plain else settings.theme or "dark"
        """The theme in use, by the name that the settings know."""
        super().__init__(ansi_color=self.look == "terminal")
        self.on_start = on_start
        self.settings = settings
        self.catalogue = catalogue
        self.asks = not (ambiguous or settings.ambiguous)
        """Nobody said how wide ambiguous characters are: the terminal is asked."""
        self.ambiguous = ambiguous or settings.ambiguous or 1
        self.editor: EditorScreen | None = None
        self.home: HomeScreen | None = None
        note = settings.problems[0].replace(settings.file, os.path.basename(settings.file)) if settings.problems else ""
        if session is not None:
            self.editor = EditorScreen(session, self.ambiguous, note)
        else:
            self.home = HomeScreen(self.ambiguous, note)

    @property
    def session(self) -> Session | None:
        """The session that is open."""
        return self.editor.session if self.editor is not None else None

    def on_mount(self) -> None:
        self.animation_level = "none"
        for theme in THEMES.values():
            self.register_theme(theme)
        self.use_theme(self.look)
        if self.on_start is not None:
            self.on_start(self)
        if self.asks:
            self.ask_ambiguous()
        first = self.home or self.editor
        assert first is not None
        self.push_screen(first)
        self.call_after_refresh(self.settle)

    def use_theme(self, name: str) -> None:
        """Have the colours of a theme, by the name that the settings know, from the next frame on."""
        self.look = name
        self.ansi_color = name == "terminal"
        self.theme = PLAIN if name == "terminal" else THEMES[name].name

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes go straight to the screen, in their order; see KeyScreen."""
        if isinstance(event, events.CursorPosition):
            self.answered(event.x)
            return
        screen: Any = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        if isinstance(screen, KeyScreen):
            if isinstance(event, events.Key) and screen.take_key(event):
                return
            if isinstance(event, events.Paste) and screen.take_paste(event):
                return
        await super().on_event(event)

    def answered(self, column: int) -> None:
        """Lay everything out anew where the terminal says that “ takes two columns."""
        if self.asks and column in (1, 2):
            self.asks = False
            self.set_ambiguous(column)

    def set_ambiguous(self, columns: int) -> None:
        """Have ambiguous characters take so many columns."""
        if columns == self.ambiguous:
            return
        self.ambiguous = columns
        self.forget_frame()
        for screen in {self.home, self.editor, *self.screen_stack}:
            if isinstance(screen, KeyScreen):
                screen.set_ambiguous(columns)

    # ── files ──

    def open_file(self, path: str, read_only: bool = False) -> str:
        """Open a file over the start screen; why it can't be, '' where it is."""
        from ..core.drafting.recovery import recover
        from ..core.source import SourceError, located
        from ..core.storage import StorageError

        try:
            recovery = None if read_only else recover(path)
            if recovery is not None and recovery.lost:
                session = recovery.session(self.catalogue)
            else:
                session = Session.open(path, read_only, self.catalogue)
        except (SourceError, StorageError) as error:
            return located(os.path.basename(path), error.line, error.message)
        self.editor = EditorScreen(session, self.ambiguous)
        self.push_screen(self.editor)
        self.call_after_refresh(self.settle)
        return ""

    def settle(self) -> None:
        """What need not be done before the first frame."""
        self.remember()
        if self.session is not None:
            self.session.warm()

    def remember(self) -> None:
        """Put the file that is edited on the list of recent ones, with how it stands; a reader leaves no trace."""
        if self.editor is None or self.editor.session.read_only:
            return
        source, standing = self.editor.session.source, self.editor.standing
        title = self.editor.session.report.taxonomy.title
        counts = standing.counts
        remember(Recent(source.path, source.department, source.year, title, standing.percent, counts["error"],
                        counts["warning"], now()))  # fmt: skip

    def close_file(self) -> None:
        """End the session that is open, if one is."""
        if self.editor is not None:
            self.remember()
            self.editor.session.close(discard=self.editor.drop)

    def leave(self) -> None:
        """Leave the editor: to the start screen if one came from there, else the program."""
        if self.home is None:
            self.exit()
            return
        self.close_file()
        self.editor = None
        self.pop_screen()
        self.home.renew()

    async def action_quit(self) -> None:
        if self.editor is not None and self.screen is self.editor:
            self.editor.run_command("quit")


