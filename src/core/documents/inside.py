"""The child's side of `child`: limits, then a reader, then what it says.

A reader is a function over a file's bytes that yields plain data (numbers, texts, truths, lists, objects);
it raises Refused with a message for the user. What it needs it imports at the top of its module: that is
before the clock starts, and before the memory is limited.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from ..i18n import use_language

READERS = {"workbook": ("importing.workbook", "read")}
"""The readers by name: the module of the core, and its function."""


class Refused(Exception):
    """The reader says, in the user's words, why it does not read the file."""


def answer(order: dict[str, Any]) -> None:
    """Read what stands on standard input as the parent's `order` says; never returns."""
    said = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)  # what a parser prints is no answer

    def say(what: str, value: Any = None) -> None:  # at once: what comes next may be the end of this process
        said.write(json.dumps([what, value], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        said.flush()

    # Not sys.exit: nobody waits for what was read to be taken apart.
    try:
        use_language(order["language"])
        reader = _reader(order["reader"])
        say("ready", limit(order["seconds"], order["memory"]))
        for value in reader(sys.stdin.buffer.read()):
            say("data", value)
        say("done")
    except Refused as refused:
        say("refused", str(refused))
    except MemoryError:
        say("memory")
    except ModuleNotFoundError as error:
        say("missing", error.name)
    except BaseException as error:  # a panic of a compiled parser is no Exception
        say("broken", str(error)[:200].encode("utf-8", "replace").decode())
    os._exit(0)


def _reader(name: str) -> Callable[[bytes], Iterator[Any]]:
    module, function = READERS[name]
    package = __name__.rpartition(".documents.")[0]
    return getattr(import_module(f"{package}.{module}"), function)


def limit(seconds: float, memory: int) -> bool:
    """Limit this process for good, as far as the system can: its time on the processor in seconds, its address
    space in bytes; it writes no files and leaves no dump. False if the time is not limited."""
    with contextlib.suppress(ImportError):
        import resource

        # A dump of no bytes would still be handed to a program that collects dumps; of one byte, it is not.
        for what, most in (("RLIMIT_CORE", 1), ("RLIMIT_FSIZE", 0), ("RLIMIT_CPU", int(seconds) + 2),
                           ("RLIMIT_AS", memory)):
            with contextlib.suppress(AttributeError, ValueError, OSError):
                number = getattr(resource, what)
                hard = resource.getrlimit(number)[1]
                most = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(number, (most, most))
    if not hasattr(signal, "setitimer"):
        return False
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    return True
