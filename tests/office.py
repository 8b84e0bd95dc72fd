"""LibreOffice as a second opinion: opens a file, recalculates it, and says what it shows."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

from .needed import missing, program

PACKAGES = {"pdf": "libreoffice-writer"}
CALC = "libreoffice-calc"

# Recalculate whatever is opened: the figures that are stored in a file are not looked at.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def profile(folder: Path) -> Path:
    """A profile of its own, in which everything is recalculated."""
    (folder / "user").mkdir(parents=True, exist_ok=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    return folder


def convert(files: list[Path], to: str, out: Path, home: Path, env: dict[str, str] | None = None) -> None:
    """Convert files to `to` ('pdf', 'xlsx', a filter …) in the folder `out`, which has none of them yet; `env` as
    for a process. The test ends where LibreOffice, or the part of it that does this, is not there."""
    package = PACKAGES.get(to, CALC)
    office = program(package, "soffice", "libreoffice")
    out.mkdir(exist_ok=True)
    before = len(list(out.iterdir()))
    subprocess.run([office, f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--nologo",
                    "--convert-to", to, "--outdir", str(out), *map(str, files)],
                   check=True, capture_output=True, timeout=600, env=env)  # fmt: skip
    if len(list(out.iterdir())) == before:
        missing(f"what turns {files[0].suffix} into {to[:4]} in LibreOffice", package)


def recalculated(files: list[Path], folder: Path) -> dict[str, dict[str, list[list[str]]]]:
    """What every sheet of each workbook shows after recalculation, by the file's stem and the sheet's name."""
    out = folder / "csv"
    convert(files, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", out,
            profile(folder / "profile"))
    found: dict[str, dict[str, list[list[str]]]] = {}
    for file in files:
        shown = found.setdefault(file.stem, {})
        for written in sorted(out.glob(f"{file.stem}-*.csv")):
            with written.open(encoding="utf-8", newline="") as stream:
                shown[written.stem[len(file.stem) + 1:]] = list(csv.reader(stream))
    return found
