"""The wheel carries all of juesuan and nothing else, and runs where only its requirements are."""

import shutil
import site
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
OFFLINE = ["--no-index", "--no-deps"]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_wheel(source: Path, into: Path) -> Path:
    run(*PIP, "wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", into, source, cwd=into.parent)
    (wheel,) = into.glob("*.whl")
    return wheel


def files(folder: Path) -> set[str]:
    """The files in the folder that belong to the project, relative to it."""
    paths = (path for path in folder.rglob("[!.]*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths if path.suffix not in {".mo", ".pyc"}}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built from: a build leaves files beside its sources."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("src", "locales"):
        ignored = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    for path in ROOT.glob("[!.]*"):
        if path.is_file():
            shutil.copy(path, tree)
    return tree


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tree, tmp_path_factory.mktemp("wheels"))


def test_wheel_carries_all_and_nothing_else(wheel: Path) -> None:
    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {f"juesuan/{name}" for name in files(ROOT / "src")}
    expected |= {f"juesuan/locales/{name}" for name in files(ROOT / "locales")}
    expected |= {f"juesuan/locales/{lang}/LC_MESSAGES/juesuan.mo" for lang in ("en", "zh_CN")}
    assert names == expected
    for folder in ("taxonomies", "formats"):
        assert any(name.startswith(f"juesuan/core/{folder}/") for name in names), folder


def test_sdist_builds_the_same_wheel(tree: Path, wheel: Path, tmp_path: Path) -> None:
    backend = "import setuptools.build_meta as b, sys; b.build_sdist(sys.argv[1])"
    run(sys.executable, "-c", backend, tmp_path, cwd=tree)
    (archive,) = tmp_path.glob("*.tar.gz")
    again = build_wheel(archive, tmp_path / "wheels")
    assert set(ZipFile(again).namelist()) == set(ZipFile(wheel).namelist())


def test_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    paths = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    python = Path(paths["scripts"], "python")
    run(*PIP, "--python", python, "install", *OFFLINE, wheel, cwd=tmp_path)
    # The requirements come from this environment. Named in a .pth they stand behind the wheel,
    # and the editable juesuan, which is a .pth itself, stays out.
    Path(paths["purelib"], "requirements.pth").write_text("\n".join(site.getsitepackages()))

    where = run(python, "-c", "import juesuan; print(juesuan.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(home)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert version in run(Path(paths["scripts"], "juesuan"), "--version", cwd=tmp_path)
    assert version in run(python, "-m", "juesuan", "--version", cwd=tmp_path)
