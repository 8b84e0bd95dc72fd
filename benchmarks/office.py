"""Documents for an office: one `juesuan export` against LibreOffice writing the same document.

Both are whole processes from a cold start. LibreOffice gets the document in its own format, so
that it reads, lays out and writes what juesuan composes and writes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .measure import Times, juesuan, milliseconds, processes, table, verdict

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.toml"))

KINDS = {"docx": "odt", "xlsx": "ods"}
"""The kinds that are timed, each with LibreOffice's own format for such a document."""

TARGET = 1 / 3


def office(quick: bool) -> None:
    """The largest example in every kind: the median of whole processes, one of each in turn."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    rows = []
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        for kind, own in KINDS.items():
            example = _largest(kind, folder)
            source = os.path.join(folder, f"{example.stem}.{kind}")
            commands = {
                "python -c pass": [sys.executable, "-c", "pass"],
                "ours": [*juesuan(), "export", str(example), "-o", source],
            }
            if program is not None:
                convert = [program, profile, "--headless", "--convert-to"]
                subprocess.run([*convert, own, "--outdir", folder, source], capture_output=True, check=False)
                document = os.path.join(folder, f"{example.stem}.{own}")
                if os.path.exists(document):
                    commands["LibreOffice"] = [*convert, kind, "--outdir", os.path.join(folder, "out"), document]
            rows += _rows(kind, example, processes(commands, 2 if quick else 7))
    table("Documents for an office, whole processes from a cold start",
          ("kind", "example", "ours", "of python -c pass", "LibreOffice", "ratio", "of computing", "target"),
          rows)  # fmt: skip
    if program is None:
        print("  LibreOffice is not installed: no baseline (Debian: apt install libreoffice-writer libreoffice-calc)")


def _largest(kind: str, folder: str) -> Path:
    """The example whose document is the largest."""
    sizes = []
    for example in EXAMPLES:
        out = os.path.join(folder, f"{example.stem}.{kind}")
        subprocess.run([*juesuan(), "export", str(example), "-o", out], capture_output=True, check=True)
        sizes.append((os.path.getsize(out), example))
    return max(sizes)[1]


def _rows(kind: str, example: Path, taken: dict[str, tuple[Times, Times]]) -> Iterator[tuple[str, ...]]:
    ours, computing = taken["ours"]
    bare = taken["python -c pass"][0].median
    theirs = ratio = cpu = target = "-"
    if "LibreOffice" in taken:
        whole, of_computing = taken["LibreOffice"]
        part = ours.median / whole.median
        theirs, ratio, target = milliseconds(whole.median), f"{part:.2f}", f"{TARGET:.2f} {verdict(part, TARGET)}"
        cpu = f"{computing.median / of_computing.median:.2f}"
    yield (kind, example.stem, milliseconds(ours.median), f"{ours.median / bare:.1f}", theirs, ratio, cpu, target)
