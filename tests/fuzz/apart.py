"""The campaign of one target in a process of its own."""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path
from typing import Any

from . import campaign, formats, journals, keyboard, sources, workbooks

TARGETS = {module.TARGET.name: module.TARGET for module in (sources, formats, workbooks, journals, keyboard)}
LIMIT = 20.0
"""Seconds: what takes longer is a failure. Far more than any input should need, on a busy machine as well."""
MEMORY = 3 << 30


def campaign_apart(name: str, out: str, seed: int, count: int, seconds: float, pipe: Any) -> None:
    """Run a target; its counts go into the pipe. Each input stands in a file of the folder `out` while it is tried."""
    target = TARGETS[name]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    running = Path(out, f"running{target.ending}")
    with tempfile.TemporaryDirectory(prefix="juesuan-fuzz-") as folder:
        at_home(folder)
        counts = campaign.run(target, Path(folder), seed, count, seconds, LIMIT, running.write_bytes)
        for failure in counts.failures.values():
            failure.data = campaign.shortened(target, failure, Path(folder), LIMIT)
    pipe.send(counts)


def at_home(folder: str) -> None:
    """What the program remembers goes into a folder that is thrown away."""
    os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
    os.environ["XDG_CONFIG_HOME"] = os.path.join(folder, "config")
