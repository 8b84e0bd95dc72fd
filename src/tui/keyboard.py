"""The keyboard: what a terminal sends, as events. Whatever bytes come, the program goes on.

Relies on Textual 8.2's `LinuxDriver.run_input_thread` and its parser, both private.
"""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ..core.text.keyboard import Decoder
from .screens.base import Leave

HANGUP = 129
"""The exit code after a line that was dropped, as a shell tells SIGHUP."""

QUIET, LONGEST = 0.3, 2.0
"""When the program must end, what is on its way from the keyboard is still read: until nothing comes
for QUIET seconds, and no longer than LONGEST."""

MOST_CELLS = 1_000_000
"""A window of more cells is none."""


class Unread(events.Event, bubble=False):
    """Bytes came that are no characters in the terminal's encoding."""


class Keyboard:
    """Makes events of bytes."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._decoder = Decoder(encoding)
        self._parser = XTermParser()
        self._last = ""
        self._pasted: list[str] | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events of these bytes, in their order."""
        unread = self._decoder.unread
        text = self._decoder.decode(data)
        while text:
            text = yield from self._paste(text) if self._pasted is not None else self._keys(text)
        if self._decoder.unread > unread:
            yield Unread()

    def tick(self) -> Iterator[Message]:
        """What is clear once nothing has come for a while: that an Esc was an Esc."""
        yield from self._sound(self._parser.tick)

    def _keys(self, text: str) -> Generator[Message, None, str]:
        """The events of keys; the rest of the text, from where something is pasted."""
        for at, character in enumerate(text, 1):
            yield from self._sound(lambda: self._parser.feed(character))  # noqa: B023
            self._last = (self._last + character)[-len(BRACKETED_PASTE_START):]
            if self._last == BRACKETED_PASTE_START:
                self._pasted = []
                return text[at:]
        return ""

    def _paste(self, text: str) -> Generator[Message, None, str]:
        """What is pasted, once all of it is there: as it is, sequences of the terminal's in it as well."""
        assert self._pasted is not None
        # The mark of the end may come in pieces.
        before = self._pasted.pop() if self._pasted else ""
        end = (before + text).find(BRACKETED_PASTE_END)
        if end < 0:
            kept = before + text
            cut = max(0, len(kept) - len(BRACKETED_PASTE_END))
            self._pasted += [kept[:cut], kept[cut:]]
            return ""
        pasted = "".join(self._pasted) + (before + text)[:end]
        self._pasted, self._last = None, ""
        yield from self._sound(lambda: self._parser.feed(BRACKETED_PASTE_END))
        yield events.Paste(pasted)
        return (before + text)[end + len(BRACKETED_PASTE_END):]

    def _sound(self, parse: Any) -> Iterator[Message]:
        """What the parser makes of its input; a parser that fails is replaced."""
        found: list[Message] = []
        try:
            found.extend(parse())
        except Exception:  # whatever it is, it comes from bytes that mean nothing
            self._parser = XTermParser()
        for event in found:
            if isinstance(event, events.Paste):
                continue  # its own, always empty
            if isinstance(event, events.Resize) and not 0 < event.size.width * event.size.height <= MOST_CELLS:
                continue
            yield event


class TerminalDriver(LinuxDriver):
    """Textual's driver with a keyboard that reads any bytes, and an end that leaves no key half done."""

    _leaving = 0

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._file: Any = _Line(self._file)

    def _sigcont_application(self, *arguments: Any) -> None:
        # Textual would begin anew, with a second thread that takes bytes from the first, where the
        # program was stopped without its knowledge (SIGSTOP): nothing has to be begun then.
        if self._must_signal_resume:
            super()._sigcont_application(*arguments)

    def leave(self, code: int) -> None:
        """End the program with this exit code, after all that was typed before."""
        self._leaving = code
        if self._key_thread is None or not self._key_thread.is_alive():
            self.process_message(Leave(code))

    def run_input_thread(self) -> None:
        keyboard = Keyboard(getattr(self._app, "encoding", "utf-8"))
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if self._leaving:
                    self._read_rest(selector, keyboard)
                    self.process_message(Leave(self._leaving))
                    return
                if selector.select(0.1) and not self._read(keyboard):
                    self.process_message(Leave(HANGUP))
                    return
                self._send(keyboard.tick())

    def _read(self, keyboard: Keyboard) -> bool:
        """Take what has come; False where nothing more can come."""
        try:
            data = os.read(self.fileno, 1 << 16)
        except OSError:
            return False
        self._send(keyboard.feed(data))
        return bool(data)

    def _read_rest(self, selector: selectors.BaseSelector, keyboard: Keyboard) -> None:
        end = time.monotonic() + LONGEST
        while selector.select(QUIET) and time.monotonic() < end:
            if not self._read(keyboard):
                return
        self._send(keyboard.tick())

    def _send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


class _Line:
    """The terminal's output, which may be gone: what is written then goes nowhere."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError:
            return

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            return

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
