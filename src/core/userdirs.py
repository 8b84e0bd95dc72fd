"""Where the user's own files lie: settings, and what the program remembers."""

from __future__ import annotations

import os

CONFIG_VARIABLE = "JUESUAN_CONFIG"


def state_directory() -> str:
    """Where the program remembers things: recent files, journals that can't lie beside their sources."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "juesuan")


def config_file() -> str:
    """The file with the user's settings, whether there is one or not."""
    if named := os.environ.get(CONFIG_VARIABLE):
        return named
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(config, "juesuan", "config.toml")
