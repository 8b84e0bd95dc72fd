"""Builds dist/juesuan-VERSION.pyz: juesuan with all that it needs, in one file that runs where there is
Python and nothing else. What is packed is what is installed here, so that no network is needed.

    python bundle/build.py WHEEL INTO [WHEEL…]

The further wheels are compiled parts for other versions of Python; pure ones among them are left out.

A zip with start.py as its __main__, libraries in lib/, compiled parts in native/ by Python and
computer, and in BUILD the name of the folder to unpack to. The same files give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import sys
import sysconfig
from collections.abc import Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).parent
COMPILED = (".so", ".pyd", ".dylib")
OF_HERE = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""What an installation notes of itself: it differs from one folder to another."""
STAMP = (1980, 1, 1, 0, 0, 0)


def build(wheel: Path, into: Path, further: Sequence[Path] = ()) -> Path:
    """The one file, made of juesuan's wheel, of what is installed beside this Python, and of the
    compiled ones of further wheels."""
    files: dict[str, bytes] = {}
    with ZipFile(wheel) as whole:
        files.update({f"lib/{name}": whole.read(name) for name in whole.namelist()})
    metadata = next(data for name, data in files.items() if name.endswith(".dist-info/METADATA")).decode("utf-8")
    version = re.findall(r"(?m)^Version: (.+)$", metadata)[0]
    for found in needed(re.findall(r"(?m)^Requires-Dist: (.+)$", metadata)):
        files.update(files_of(found))
    for one in further:
        files.update(compiled_files(one))
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    files["BUILD"] = f"{version}-{digest.hexdigest()[:12]}\n".encode("ascii")
    files["__main__.py"] = (HERE / "start.py").read_bytes()
    into.mkdir(parents=True, exist_ok=True)
    made = into / f"juesuan-{version}.pyz"
    with made.open("wb") as out:
        out.write(b"#!/usr/bin/env python3\n")
        with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(files):
                entry = ZipInfo(name, STAMP)
                entry.compress_type = ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, files[name])
    made.chmod(0o755)
    return made


def needed(requirements: list[str]) -> list[Distribution]:
    """The installed packages that these requirements and theirs name. What is for an extra, or for
    another Python or computer and not installed, is left out."""
    found: dict[str, Distribution] = {}
    waiting = list(requirements)
    while waiting:
        requirement, _, marker = waiting.pop().partition(";")
        named = re.match(r"[\w.-]+", requirement)
        if named is None or "extra" in marker:
            continue
        name = re.sub(r"[-_.]+", "-", named[0]).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            if not marker:
                raise
            continue
        waiting += found[name].requires or []
    return [found[name] for name in sorted(found)]


def files_of(found: Distribution) -> dict[str, bytes]:
    """The files of a package by their places. One with compiled parts lies in native/ as a whole: a
    package is found in one folder alone."""
    listed = [path for path in found.files or [] if ".." not in path.parts and "__pycache__" not in path.parts
              and not (path.parent.suffix == ".dist-info" and path.name in OF_HERE)]
    if any(path.suffix in COMPILED for path in listed):
        folder = f"native/{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    else:
        folder = "lib"
    return {f"{folder}/{path.as_posix()}": path.read_binary() for path in listed}


def compiled_files(wheel: Path) -> dict[str, bytes]:
    """The files of a compiled wheel by their places, none of a pure one."""
    python, abi, platform = wheel.stem.split("-")[-3:]
    if platform == "any":
        return {}
    tag = "abi3" if abi == "abi3" else re.sub("^cp(\\d)", "cpython-\\1", python)
    system = re.sub(r"^(?:many|musl)?linux\w*?_(x86_64|aarch64|i686|ppc64le|s390x)$", r"linux-\1",
                    platform.split(".")[0])
    with ZipFile(wheel) as whole:
        return {f"native/{tag}-{system}/{name}": whole.read(name) for name in whole.namelist()
                if ".data/" not in name and not name.endswith("/")}


if __name__ == "__main__":
    made = build(Path(sys.argv[1]), Path(sys.argv[2]), sorted(map(Path, sys.argv[3:])))
    print(f"{made} {made.stat().st_size / 1e6:.1f} MB")
