"""What CI does: it is sound shell, and it brings what the tests ask the machine for."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .needed import CHINESE, CHINESE_PACKAGE, LATIN_PACKAGES
from .office import CALC, PACKAGES

ROOT = Path(__file__).parent.parent
MACHINE = ROOT / ".ci/machine"
BASH = shutil.which("bash")


def test_every_package_that_a_test_asks_for_is_installed() -> None:
    asked = {CHINESE_PACKAGE, CALC, *LATIN_PACKAGES.values(), *PACKAGES.values()}
    for file in ROOT.glob("tests/**/*.py"):
        asked |= set(re.findall(r'\bprogram\("([a-z0-9-]+)"', file.read_text(encoding="utf-8")))
    told = MACHINE.read_text(encoding="utf-8")
    assert {"chromium", "poppler-utils"} < asked
    assert asked <= set(re.findall(r"echo ([a-z][a-z0-9-]+)", told))
    assert all(f'has_font "{name}"' in told for name in (*CHINESE, *LATIN_PACKAGES))


def bash(script: str, **environment: str) -> str:
    assert BASH is not None
    return subprocess.run([BASH, "-c", script], cwd=ROOT, env=environment, check=True, capture_output=True,
                          encoding="utf-8").stdout  # fmt: skip


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_every_python_is_found_once_and_no_old_one(tmp_path: Path) -> None:
    versions = {"python3.9": "3.9.1", "python3.11": "3.11.2", "python3.12": "3.12.99", "python3.13": "3.11.2"}
    for name, version in versions.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n[ {version} = 3.9.1 ] || echo {version} $0\n")
    (tmp_path / "python3.14").write_text("#!/bin/sh\necho shim >&2\nexit 127\n")
    (tmp_path / "python3.11-config").write_text("#!/bin/sh\necho 9.9.9 $0\n")
    for file in tmp_path.iterdir():
        file.chmod(0o755)
    found = bash(f"set -euo pipefail; . .ci/machine; PATH={tmp_path}:$PATH; pythons",
                 PATH="/usr/bin:/bin", PYENV_ROOT=str(tmp_path))  # fmt: skip
    lines = [line.split() for line in found.splitlines()]
    assert len({version for version, _path in lines}) == len(lines)
    assert ["3.12.99", f"{tmp_path}/python3.12"] in lines
    assert "3.11.2" in dict(lines)
    assert not {"3.9.1", "9.9.9"} & set(dict(lines))


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_what_is_lacking_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """A machine on which nothing is there and nothing may be installed."""
    for name in ("id", "sudo"):
        (tmp_path / name).write_text("#!/bin/sh\n[ ${0##*/} = id ] && echo 1000\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    told = bash("set -euo pipefail; . .ci/machine; install_lacking; tell_lacking 2>&1; echo on", PATH=str(tmp_path))
    assert "NOT EVERYTHING IS TESTED" in told
    assert all(f"#     {package}\n" in told for package in ("libreoffice-writer", "chromium", "fonts-noto-cjk"))
    assert told.endswith("on\n")


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_one_package_that_is_not_to_be_had_keeps_no_other_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "env").write_text('#!/bin/sh\nshift\nexec "$@"\n')
    (tmp_path / "apt-get").write_text(f'#!/bin/sh\ncase "$*" in *chromium*) exit 100;; esac\necho "$*" >> {log}\n')
    for name in ("id", "env", "apt-get"):
        (tmp_path / name).chmod(0o755)
    bash("set -euo pipefail; . .ci/machine; install chromium fonts-noto-cjk poppler-utils", PATH=str(tmp_path))
    done = [line.split()[-1] for line in log.read_text().splitlines()]
    assert done == ["update", "fonts-noto-cjk", "poppler-utils"]


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize("name", [".ci/run", ".ci/machine"])
def test_the_scripts_can_be_read(name: str) -> None:
    bash(f"bash -n {name}", PATH="/usr/bin:/bin")
