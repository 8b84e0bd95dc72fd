"""The application: a session and its screens, or the start screen first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType

from ..core.drafting.recent import Recent, now, remember
from ..core.drafting.session import Session
from ..core.i18n import _
from ..core.settings import NOTHING_SET, Settings
from .display import ChangedCells
from .screens.base import KeyScreen, Leave
from .screens.editor import EditorScreen
from .screens.home import HomeScreen
from .themes import PLAIN, THEMES

if sys.platform == "win32":

    class TerminalDriver:
        """There is Textual's own."""

    class Unread(events.Event):
        """There is none."""

else:
    from .keyboard import TerminalDriver, Unread


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
        encoding: str = "utf-8",
    ) -> None:
        self.plain = plain
        """The terminal has 16 colours or none: there is one theme for it."""
        self.look = "terminal" if plain else settings.theme or "dark"
        """The theme in use, by the name that the settings know."""
        ours = sys.platform != "win32" and not os.environ.get("TEXTUAL_DRIVER")
        driver: Any = TerminalDriver if ours else None
        super().__init__(ansi_color=self.look == "terminal", driver_class=driver)
        self.encoding = encoding
        """The terminal's own: what it sends is read in it."""
        self.leaving = False
        """Nothing more is done, whatever is still typed."""
        self._told_unread = False
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
        if not self.hand(event):
            await super().on_event(event)

    def hand(self, event: events.Event) -> bool:
        """Hand a key, a paste, or the order to leave to the screen that is in front; False for other events."""
        if self.leaving and isinstance(event, (events.Key, events.Paste)):
            return True  # what is typed after the end is not begun
        if isinstance(event, Leave):
            self._leave_now(event)
            return True
        if isinstance(event, Unread):
            self._tell_unread()
            return True
        screen: Any = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        if isinstance(screen, KeyScreen):
            if isinstance(event, events.Key):
                return screen.take_key(event)
            if isinstance(event, events.Paste):
                return screen.take_paste(event)
        return False

    def _leave_now(self, event: Leave) -> None:
        """End, and put what is being typed on any screen into the source, whose journal is on the disk."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, KeyScreen) and not screen.take_leave(event):
                return  # it comes again once that screen has begun, and has done what was typed for it
        self.exit(return_code=event.code)

    def leave_soon(self, code: int) -> None:
        """End after all that was typed before."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.leave(code)
        else:
            self.post_message(Leave(code))

    def _tell_unread(self) -> None:
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, KeyScreen) and screen.started and not self._told_unread:
            self._told_unread = True
            words = _("Bytes that are not {encoding} are ignored (GBK?): set the terminal to {encoding}")
            screen.say(words.format(encoding="UTF-8" if self.encoding == "utf-8" else self.encoding.upper()))

    def exit(self, *args: Any, **options: Any) -> None:
        """End the program; what is typed after that is not done."""
        self.leaving = True
        super().exit(*args, **options)

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


