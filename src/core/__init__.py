"""The core: from a source file to a report, without any screen.

What the faces (command line, terminal program) use is named here, and imported when it is
first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "open_report": "opening", "build_report": "opening", "Report": "report", "Change": "report",
    "load_source": "source", "parse_source": "source", "SourceError": "source", "address": "source",
    "parse_address": "source", "StorageError": "storage", "SourceText": "editing",
    "findings": "checks", "Finding": "checks", "progress": "progress", "needs": "progress",
    "compose": "compose", "compose_form": "compose", "explain": "explain", "find_cell": "explain",
    "load_format": "formats", "list_formats": "formats", "new_source": "skeleton",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(name)
    return getattr(import_module(f".{module}", __name__), name)
