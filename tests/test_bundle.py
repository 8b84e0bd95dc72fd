"""The one file of `make bundle`: it runs where Python is and nothing else, offline, without rights."""

from __future__ import annotations

import importlib.util
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

from .test_packaging import build_wheel

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples/sanming-2024.toml"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
PYTHON = getattr(sys, "_base_executable", sys.executable)  # the one below the virtual environment
OFFLINE = ["unshare", "-rn"]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bundle_{name}", ROOT / f"bundle/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, built of a copy: a build leaves files beside its sources."""
    folder = tmp_path_factory.mktemp("bundle")
    tree = folder / "tree"
    for name in ("src", "locales"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for path in ROOT.glob("[!.]*"):
        if path.is_file():
            shutil.copy(path, tree)
    made: Path = tool("build").build(build_wheel(tree, folder / "wheels"), folder / "dist")
    return made


@pytest.fixture
def offline() -> list[str]:
    """What a command begins with that is to have no network, where this computer allows it."""
    tried = shutil.which("unshare") and subprocess.run([*OFFLINE, "true"], capture_output=True, check=False)
    return OFFLINE if tried and tried.returncode == 0 else []


def surroundings(home: Path) -> dict[str, str]:
    """Nothing of ours: a home, a terminal, the programs of the system."""
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm-256color"}


def run(*command: str | Path, home: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(list(map(str, command)), env=surroundings(home), cwd=home, capture_output=True,
                          encoding="utf-8", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_it_runs_at_once_and_unpacks_itself_once(bundle: Path, offline: list[str], tmp_path: Path) -> None:
    first = run(*offline, PYTHON, bundle, "--version", home=tmp_path)
    assert first.stdout == f"juesuan {VERSION}\n"
    assert "第一次" in first.stderr
    (folder,) = (tmp_path / ".cache/juesuan").iterdir()
    assert folder.name.startswith(VERSION)
    again = run(*offline, PYTHON, bundle, "--version", home=tmp_path)
    assert (again.stdout, again.stderr) == (first.stdout, "")
    run(*offline, PYTHON, bundle, "export", EXAMPLE, "-o", "报告.txt", home=tmp_path)
    assert (tmp_path / "报告.txt").read_bytes() == (ROOT / "tests/golden/sanming-2024.txt").read_bytes()


def test_workbooks_are_read_by_a_child_that_finds_what_is_packed(bundle: Path, tmp_path: Path) -> None:
    run(PYTHON, bundle, "--unpack", tmp_path / "决算", home=tmp_path)
    command = tmp_path / "决算/juesuan"
    book = tmp_path / "2024.xlsx"
    run(command, "export", EXAMPLE, "-o", book, home=tmp_path)
    for start in ([command], [PYTHON, bundle]):
        told = run(*start, "import", book, EXAMPLE, "--dry-run", home=tmp_path)
        assert "没有要改的" in told.stderr, told


def test_what_is_packed_is_used_whatever_else_is_installed(bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "other/rich"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise ImportError('not this one')")
    env = surroundings(tmp_path) | {"PYTHONPATH": str(other.parent)}
    done = subprocess.run([PYTHON, bundle, "export", EXAMPLE], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_unpacked_for_good_it_has_a_command(bundle: Path, offline: list[str], tmp_path: Path) -> None:
    run(*offline, PYTHON, bundle, "--unpack", tmp_path / "opt/决算", home=tmp_path)
    command = tmp_path / "opt/决算/juesuan"
    assert run(*offline, command, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"
    linked = tmp_path / "juesuan"
    linked.symlink_to(command)
    assert run(linked, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"
    assert not (tmp_path / ".cache").exists()
    refused = run(PYTHON, bundle, "--unpack", tmp_path / "opt/决算", home=tmp_path, code=2)
    assert "已有文件" in refused.stderr


def test_without_a_home_to_write_to_it_runs_all_the_same(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("not a folder")
    before = set(Path("/tmp").glob("juesuan-*"))
    assert run(PYTHON, bundle, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"
    assert set(Path("/tmp").glob("juesuan-*")) <= before, "nothing is left behind"


def test_the_terminal_program_starts(bundle: Path, offline: list[str], tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "2024.toml")
    run(PYTHON, bundle, "--version", home=tmp_path)
    process, terminal = pty.fork()
    if not process:
        os.chdir(tmp_path)
        command = [*offline, PYTHON, str(bundle), "edit", "2024.toml"]
        os.execvpe(command[0], command, surroundings(tmp_path))
    try:
        seen, until = b"", time.monotonic() + 60
        while "下一项" not in seen.decode("utf-8", "ignore") and time.monotonic() < until:
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 65536)
        assert "下一项" in seen.decode("utf-8", "ignore")
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def test_the_same_files_give_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    (wheel,) = (bundle.parent.parent / "wheels").glob("*.whl")
    assert tool("build").build(wheel, tmp_path).read_bytes() == bundle.read_bytes()


def test_it_carries_the_requirements_and_nothing_that_is_for_development(bundle: Path) -> None:
    names = {name.split("/")[1] for name in ZipFile(bundle).namelist() if name.startswith("lib/")}
    assert {"juesuan", "textual", "rich", "tomlkit"} <= names
    assert not names & {"pytest", "_pytest", "pip", "setuptools", "hypothesis", "mypy", "babel"}
    assert not [name for name in ZipFile(bundle).namelist() if name.startswith("/") or ".." in name.split("/")]


def test_an_old_python_is_told_what_is_missing() -> None:
    start = tool("start")
    start.LEAST = (99, 0)
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr(start.sys.stderr, "write", said.append)
        assert start.main() == 2
    assert "99.0" in said[0]


def test_two_builds_of_one_commit_are_equal(bundle: Path, tmp_path: Path) -> None:
    """Checked out another time, elsewhere, with another umask: the wheel and the bundle are the same."""
    tree = tmp_path / "another"
    for name in ("src", "locales"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for path in ROOT.glob("[!.]*"):
        if path.is_file():
            shutil.copy(path, tree)
    for path in tree.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
        if path.is_file():
            path.chmod(0o600)
    wheel = build_wheel(tree, tmp_path / "wheels")
    (first,) = (bundle.parent.parent / "wheels").glob("*.whl")
    assert wheel.read_bytes() == first.read_bytes()
    assert tool("build").build(wheel, tmp_path / "dist").read_bytes() == bundle.read_bytes()


def test_what_an_installation_notes_of_itself_is_not_packed(bundle: Path) -> None:
    for name in ZipFile(bundle).namelist():
        noted = name.endswith((".dist-info/RECORD", ".dist-info/INSTALLER", "/direct_url.json", "/REQUESTED"))
        assert not noted or "/juesuan-" in name, name


def unpacked(home: Path) -> Path:
    (folder,) = (found for found in (home / ".cache/juesuan").iterdir() if found.name.startswith(VERSION))
    return folder


def spoil(folder: Path) -> None:
    """Whoever owns a folder can put anything into it."""
    (folder / "lib/juesuan/cli/__init__.py").write_text("def main():\n    print('not ours')\n")


def test_a_folder_that_others_can_write_to_is_not_run(bundle: Path, tmp_path: Path) -> None:
    run(PYTHON, bundle, "--version", home=tmp_path)
    folder = unpacked(tmp_path)
    spoil(folder)
    for place in (folder, folder.parent):
        place.chmod(0o777)
        assert run(PYTHON, bundle, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"
        place.chmod(0o700)
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    assert run(PYTHON, bundle, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_another_user_is_not_run(bundle: Path, tmp_path: Path) -> None:
    run(PYTHON, bundle, "--version", home=tmp_path)
    folder = unpacked(tmp_path)
    spoil(folder)
    for place in (folder, folder.parent):
        os.chown(place, 1234, 2345)
        assert run(PYTHON, bundle, "--version", home=tmp_path).stdout == f"juesuan {VERSION}\n"
        os.chown(place, 0, 0)


def test_what_a_dead_process_unpacked_half_is_cleared(bundle: Path, tmp_path: Path) -> None:
    place = tmp_path / ".cache/juesuan"
    place.mkdir(parents=True)
    place.chmod(0o700)
    names = ["begun-dead", "begun-alive", "0.0.1-0123456789ab-cpython-311abcdefgh",
             "0.0.1-0123456789ab-cpython-312abcdefgh", "0.0.1-0123456789ab-cpython-311", "notes"]  # fmt: skip
    for name in names:
        (place / name / "lib").mkdir(parents=True)
        (place / name).chmod(0o700)
    os.utime(place / names[2], (0, 0))  # of an earlier version, which held no lock: long ago, and just now
    held = tool("start").hold(str(place / "begun-alive"))
    try:
        run(PYTHON, bundle, "--version", home=tmp_path)
    finally:
        os.close(held)
    left = {path.name for path in place.iterdir() if not path.name.startswith(VERSION)}
    assert left == {"begun-alive", names[3], names[4], "notes"}


def test_closed_streams_are_no_fault_of_the_bundle_s(bundle: Path, tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    command = ["sh", "-c", f"'{PYTHON}' '{bundle}' --version 2>&-"]
    done = subprocess.run(command, env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"juesuan {VERSION}\n".encode())
