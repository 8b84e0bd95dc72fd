"""The start of the terminal program: everything that must be right before Textual is imported."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from ..core.i18n import _
from ..core.text.keyboard import GB, terminal_encoding

if TYPE_CHECKING:
    from ..core.drafting.session import Session
    from .app import JuesuanApp

OK, UNREADABLE = 0, 2


def edit(path: str, catalogue: str = "") -> int:
    """Edit a source file; the exit code."""
    return _open(path, catalogue, read_only=False)


def view(path: str, catalogue: str = "") -> int:
    """Look at a source file, which is not changed; the exit code."""
    return _open(path, catalogue, read_only=True)


def home() -> int:
    """Show the start screen; the exit code."""
    fault = terminal_fault()
    if fault:
        _say(fault)
        return UNREADABLE
    return _run(None, "")


def on_terminal() -> bool:
    """Is there a terminal to show a screen on, and to read keys from?"""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(stream is not None and stream.isatty() for stream in streams)


def _open(path: str, catalogue: str, read_only: bool) -> int:
    from ..core.batch import collect_rarely
    from ..core.drafting.session import Session
    from ..core.source import SourceError, located
    from ..core.storage import StorageError
    from ..core.text.width import printable

    fault = terminal_fault()
    if fault:
        _say(fault)
        return UNREADABLE
    use_encoding()
    collect_rarely()
    # Where a large file takes seconds, this line stands there until the first screen does.
    sys.stderr.write(_("opening {file} …").format(file=printable(path)))
    sys.stderr.flush()
    try:
        session = Session.open(path, read_only, catalogue)
    except (SourceError, StorageError) as error:
        sys.stderr.write("\r\x1b[K")
        _say(located(path, error.line, error.message))
        return UNREADABLE
    sys.stderr.write("\r\x1b[K")
    return _run(session, catalogue)


def _run(session: Session | None, catalogue: str) -> int:
    from ..core.settings import load_settings
    from ..core.views.checkup import colours
    from ..core.views.commands import use_keys

    settings = load_settings()
    use_keys(settings.keys)
    prepare_environment()
    from .app import JuesuanApp

    plain = colours(os.environ) in ("16", "none")
    encoding = use_encoding()
    app = JuesuanApp(session, plain=plain, on_start=leave_on_signals, settings=settings, catalogue=catalogue,
                     encoding=encoding)
    try:
        app.run(mouse=False)
    finally:
        app.close_file()
        _let_go()
    return app.return_code or OK


def _let_go() -> None:
    """Where the terminal is gone, nothing more can be written there: not at Python's end either."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def terminal_fault() -> str:
    """Why the program can't run on this terminal, '' if it can."""
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        return _("This needs a terminal; without one there are: juesuan check, juesuan export")
    encoding = _encoding()
    if encoding != "utf-8" and encoding not in GB:
        return _(
            "The terminal's encoding is {encoding}, and Chinese would be garbled: set it to UTF-8, such as "
            "LANG=zh_CN.UTF-8 here and UTF-8 in the terminal's own settings"
        ).format(encoding=encoding or sys.__stderr__.encoding)
    return ""


def _encoding() -> str:
    return terminal_encoding(os.environ, (sys.__stderr__.encoding if sys.__stderr__ else "") or "")


def use_encoding() -> str:
    """Write to the terminal in its own encoding; which that is. Keys are read in it, too."""
    encoding = _encoding()
    if encoding in GB and isinstance(sys.__stderr__, io.TextIOWrapper):
        sys.__stderr__.reconfigure(encoding=encoding, errors="juesuan.columns")
    return encoding


def prepare_environment() -> None:
    """What Textual reads when it is imported. The kitty keyboard protocol loses what Chinese input
    methods type; animations cost bytes; an Esc may come slowly over a slow line."""
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ.setdefault("ESCDELAY", "100")


def leave_on_signals(app: JuesuanApp) -> None:
    """A dropped line (SIGHUP) or SIGTERM ends the program in order: all that was typed before is done,
    what is being typed is entered (so that it stands in the journal), and the terminal is left clean."""
    import asyncio

    loop: Any = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP) if hasattr(signal, "SIGHUP") else ():
        loop.add_signal_handler(number, app.leave_soon, 128 + number)


def _say(text: str) -> None:
    from ..core.text.width import printable

    print(printable(text), file=sys.stderr)
