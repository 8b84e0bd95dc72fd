"""What tests need of the machine beside Python, by the names of Debian's packages.

Where something is not there its tests are skipped and say which package has it; where
JUESUAN_TESTS_SKIP=none stands in the environment, as in CI, they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn
from xml.sax.saxutils import escape

import pytest

SKIP = os.environ.get("JUESUAN_TESTS_SKIP") != "none"

# Each is as wide as the fonts that a report names: a character of a Chinese one takes the whole size.
CHINESE = ("Noto Sans CJK SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback")
CHINESE_PACKAGE = "fonts-noto-cjk"
LATIN_PACKAGES = {"Liberation Serif": "fonts-liberation", "DejaVu Serif": "fonts-dejavu-core"}


def missing(what: str, package: str) -> NoReturn:
    """End the test: it needs something that is not there."""
    told = f"{what} is not there; on Debian: apt-get install {package}"
    if SKIP:
        pytest.skip(told)
    pytest.fail(told)


def program(package: str, *names: str) -> str:
    """The first of these programs that is there; the test ends when none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    return found or missing(names[0], package)


def fonts(folder: Path, latin: str) -> dict[str, str]:
    """The environment of a program that sees two fonts and no other: `latin`, which takes the place of Times
    New Roman, and a Chinese one. The test ends when one of them is not there. `folder` is filled."""
    chinese = next((name for name in CHINESE if _files(name)), None) or missing("a Chinese font", CHINESE_PACKAGE)
    if not _files(latin):
        missing(f"the font {latin}", LATIN_PACKAGES[latin])
    folders = sorted({str(file.parent) for name in (latin, chinese) for file in _files(name)})
    accepted = "".join(f'<pattern><patelt name="family"><string>{name}</string></patelt></pattern>'
                       for name in (latin, chinese))  # fmt: skip
    others = "".join(f'<pattern><patelt name="scalable"><bool>{value}</bool></patelt></pattern>'
                     for value in ("true", "false"))  # fmt: skip
    places = {"Times New Roman": latin, "宋体": chinese, "黑体": chinese, "仿宋_GB2312": chinese,
              "楷体_GB2312": chinese, "方正小标宋简体": chinese}  # fmt: skip
    taken = "".join(f'<match target="pattern"><test name="family"><string>{name}</string></test><edit name="family" '
                    f'mode="assign" binding="same"><string>{other}</string></edit></match>'
                    for name, other in places.items())  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'{"".join(f"<dir>{escape(name)}</dir>" for name in folders)}<cachedir>{escape(str(folder))}/cache</cachedir>'
        f"<selectfont><acceptfont>{accepted}</acceptfont><rejectfont>{others}</rejectfont></selectfont>"
        f"{taken}</fontconfig>", "utf-8")  # fmt: skip
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


def _files(family: str) -> list[Path]:
    """The files of a font's family."""
    lister = shutil.which("fc-list") or missing("fc-list", "fontconfig")
    done = subprocess.run([lister, "-f", "%{file}\n", f":family={family}"], check=True, capture_output=True)
    return [Path(line) for line in done.stdout.decode().splitlines()]
