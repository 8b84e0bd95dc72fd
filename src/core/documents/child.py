"""Reading a foreign file in a child process: whatever a parser does there, this process stays whole.

The child gets the file's bytes and gives back lines of JSON: plain data, whatever became of it. Its
limits are those of `inside`; the parent ends it when it has not answered in time, or says too much.
It is a Python of its own and no fork: this process may have threads, and a terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Timer
from typing import Any

from ..i18n import language
from .inside import Refused

__all__ = ["Refused", "Unread", "read_apart"]

SECONDS = 1.5
"""So much of the processor's time a file may take to read: thirty times what accounts take."""
PATIENCE = 3.0
"""Seconds by the clock for the same: a busy computer is not the file's fault. Where the processor's time can't
be limited, SECONDS go by the clock."""
STARTING = 15.0
"""Seconds by the clock until the child is ready: from a slow disk, the first time."""
MEMORY = 224 * 1024 * 1024
"""Bytes of the child's whole address space, the interpreter's own (some 20 MB) with them."""
MOST_SAID = 24 * 1024 * 1024
"""Bytes of JSON that a file may become."""

# Modules are found as this process finds them, wherever it was installed to: an environment, one file
# that unpacked itself, a checkout. So the package is told by its folder, and no site is asked.
_START = """
import json, sys, types
order = json.loads(sys.stdin.buffer.readline())
sys.path[:] = order["path"]
package = sys.modules[order["package"]] = types.ModuleType(order["package"])
package.__path__ = [order["folder"]]
from importlib import import_module
import_module(order["package"] + ".core.documents.inside").answer(order)
"""


class Unread(Exception):
    """The file was not read to its end: `reason` is 'time', 'memory', 'large' (more than MOST_SAID),
    'missing' (a module is not installed; `detail` names it), 'broken' (the reader failed, and `detail` may
    say how) or 'start' (there is no child)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def read_apart(reader: str, data: bytes) -> Iterator[Any]:
    """What a reader of `inside.READERS` yields for a file's bytes, one plain value after the other.

    Raises Refused or Unread, both after any number of values: what came before counts for nothing then.
    What comes is JSON and not more: whoever takes it looks at its shape.
    """
    if not sys.executable:
        raise Unread("start")
    command = [sys.executable, "-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", "-c", _START]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise Unread("start", error.strerror or "") from None
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        process.kill()

    with process:
        clock = Timer(STARTING, end)
        try:
            clock.start()
            with contextlib.suppress(OSError):  # it died: what it said tells more
                _hand_over(process, reader, data)
            del data
            left, what, value = MOST_SAID, "", None
            while line := process.stdout.readline(left + 1):  # type: ignore[union-attr]
                left -= len(line)
                if left < 0:
                    raise Unread("large")
                if not line.endswith(b"\n"):
                    break  # it ended while it spoke
                what, value = _said(line)
                if what == "data":
                    yield value
                elif what == "ready":
                    clock.cancel()
                    clock = Timer(PATIENCE if value else SECONDS, end)
                    clock.start()
                else:
                    break
            if what == "refused":
                raise Refused(str(value))
            if what != "done":
                raise _failed(process, what, value, bool(late))
        finally:
            clock.cancel()
            process.kill()


def _hand_over(process: subprocess.Popen[bytes], reader: str, data: bytes) -> None:
    package = __name__.partition(".")[0]
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    order = {"reader": reader, "package": package, "folder": folder, "language": language(),
             "path": [os.path.abspath(entry) for entry in sys.path], "seconds": SECONDS, "memory": MEMORY}
    with process.stdin as pipe:  # type: ignore[union-attr]
        pipe.write(json.dumps(order).encode("ascii") + b"\n")
        pipe.write(data)


def _said(line: bytes) -> tuple[str, Any]:
    """A line of the child's: what it is, and the value."""
    try:
        what, value = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        raise Unread("broken") from None
    return str(what), value


def _failed(process: subprocess.Popen[bytes], last: str, value: Any, late: bool) -> Unread:
    """Why the child ended without a result."""
    if last in ("memory", "missing", "broken"):
        return Unread(last, "" if value is None else str(value))
    try:
        code = process.wait(1)
    except subprocess.TimeoutExpired:  # its end of the pipe is closed, and it goes on
        return Unread("broken")
    timed = [-getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)]
    if late or code in timed:
        return Unread("time")
    if hasattr(signal, "SIGKILL") and code == -signal.SIGKILL:  # not by us: the system was short of memory
        return Unread("memory")
    return Unread("broken")
