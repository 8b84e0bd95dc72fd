"""What all screens share: keys in their order, and a word where the window is too small."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from ...core.i18n import _
from ...core.text.typed import codes, take
from ...core.views.commands import Command, commands, footer, help_lines, key_of
from ..widgets.bars import Bar

LEAST_WIDTH, LEAST_HEIGHT = 60, 15

READ = 3.0
"""So many seconds what is said in the last line stands there, whatever is typed."""


class Leave(events.Event, bubble=False):
    """The program must end now, once what was typed before is done: a signal, or a line that was dropped."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class KeyScreen(Screen[Any]):
    """A screen that does each key at once and in its turn.

    Textual hands a key from widget to widget by messages, and the next key can overtake what the
    last one set off; text that a terminal sends in one go (a paste without brackets) would land
    in the wrong cells. The application hands keys to `take_key` instead. Nothing has the focus,
    since moving it costs Textual a whole screen.
    """

    AUTO_FOCUS: ClassVar[str | None] = ""
    OWN: ClassVar[str] = "editor"
    """The screen's name in the registry of commands."""
    SHOWS: ClassVar[bool] = False
    """Characters that can't stay are shown where they are typed, if they mean anything; else they are taken out."""

    def __init__(self, ambiguous: int = 1) -> None:
        super().__init__()
        self.ambiguous = ambiguous
        self.commands = {command.id: command for command in self.known_commands()}
        self.keys = {key: command.id for command in self.commands.values() for key in command.keys}
        self.started = False
        self._early: list[events.Key | events.Paste | Leave] = []
        self._said_at = 0.0

    def known_commands(self) -> list[Command]:
        """The commands that the screen has."""
        return commands(self.OWN)

    def command(self, key: str, character: str) -> str:
        """The command of a key, without the screen's name; '' for none."""
        id = self.keys.get(character) or self.keys.get(key, "")
        return id.rpartition(".")[2]

    def key_of(self, id: str) -> str:
        """A command's first key as it is shown; its title where it has none, '' where the screen lacks it."""
        return key_of(id, self.commands)

    def show_footer(self) -> None:
        """The keys of the screen, in its last line; not over what was just said there."""
        if not self._said_at:
            self.query_one("#footer", Bar).show(self.keys_line())

    def keys_line(self) -> str:
        """The keys of the screen, in one line."""
        return footer(self.commands.values(), self.size.width, self.ambiguous)

    def say(self, words: str) -> None:
        """Say something in the last line, until a key comes after the time that it takes to read."""
        self._said_at = time.monotonic()
        self.query_one("#footer", Bar).show(" " + words)

    def _unsay(self) -> None:
        if self._said_at and time.monotonic() - self._said_at >= READ:
            self._said_at = 0.0
            self.show_footer()

    def show_help(self, heading: str = "", lines: tuple[str, ...] = ()) -> None:
        """The screen's keys, explained, over the whole screen."""
        from .reading import ReadingScreen

        told = [*lines, *help_lines(self.commands.values(), self.size.width, self.ambiguous)]
        self.app.push_screen(ReadingScreen(heading or _("Help"), told, self.ambiguous))

    def compose(self) -> ComposeResult:
        yield from self.content()
        yield Bar("small", self.ambiguous)

    def content(self) -> ComposeResult:
        """The screen's widgets."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.set_class(self.ambiguous == 2, "doubled")
        self.fit()
        self.query_one("#small", Bar).show(
            _("The window is too small: {width}×{height} at least").format(width=LEAST_WIDTH, height=LEAST_HEIGHT)
        )
        self.start()
        self.started = True
        early, self._early = self._early, []
        app: Any = self.app
        for event in early:
            app.hand(event)  # a key may have opened another screen, and those after it are for that one

    def start(self) -> None:
        """Fill the screen, once its widgets are there."""

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Lay out for the size of the window."""
        self.set_class(self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT, "tiny")

    def set_ambiguous(self, columns: int) -> None:
        """Have ambiguous characters take so many columns, here and in all that the screen holds."""
        self.ambiguous = columns
        self.set_class(columns == 2, "doubled")
        for widget in self.query("*"):
            if hasattr(widget, "ambiguous"):
                widget.ambiguous = columns
                widget.refresh()
        if self.started:
            self.fit()

    def take_key(self, event: events.Key) -> bool:
        """Do a key; False leaves it to Textual."""
        if not self.started:
            self._early.append(event)
            return True
        self._unsay()
        return self.key(event.key, self._character(event))

    def _character(self, event: events.Key) -> str:
        """The character that a key types, '' for none. Full-width blanks and characters that are younger
        than this Python, or a font's own, are typed as any other."""
        character = event.character or ""
        if event.is_printable or len(character) != 1 or character < "\x80":
            return character if event.is_printable else ""
        text, out = take(character, not self.SHOWS)
        self._tell_taken(out)
        return "" if text == "\n" else text

    def take_paste(self, event: events.Paste) -> bool:
        """Put a pasted text where it belongs; False leaves it to Textual."""
        if not self.started:
            self._early.append(event)
            return True
        self._unsay()
        text, out = take(event.text, not self.SHOWS)
        done = self.paste(text)
        self._tell_taken(out)
        return done

    def _tell_taken(self, characters: str) -> None:
        if characters:
            named = codes(characters[:4]) + ("…" if len(characters) > 4 else "")
            self.say(_("Taken out: invisible characters ({codes}), which mean nothing in a text").format(codes=named))

    def take_leave(self, event: Leave) -> bool:
        """Keep what is typed here, since the program ends; False where what was typed before is not done yet."""
        if not self.started:
            self._early.append(event)
            return False
        self.keep()
        return True

    def keep(self) -> None:
        """Put what is being typed into the source, or the journal: the program must end now."""

    def key(self, key: str, character: str) -> bool:
        """Do a key: its name, and the character that it types ('' for none)."""
        return False

    def paste(self, text: str) -> bool:
        """Put a pasted text where it belongs."""
        return True
