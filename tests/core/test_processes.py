"""Whole processes: what they import, and that they write the same bytes whatever the surroundings."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "sanming-2024.toml"
CORE = ROOT / "src" / "core"

HEAVY = {"textual", "rich", "tomlkit", "babel", "jinja2", "openpyxl", "docx", "xlsxwriter", "lxml", "numpy", "pydantic",
         "multiprocessing", "concurrent", "asyncio", "juesuan.tui", "juesuan.core.explain", "juesuan.core.skeleton",
         "juesuan.core.toml.editing"}  # fmt: skip


def run(*arguments: str, surroundings: dict[str, str] | None = None) -> bytes:
    """What `python arguments` writes, in surroundings of its own."""
    own = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT", "PYTHONPATH") if key in os.environ}
    result = subprocess.run([sys.executable, *arguments], capture_output=True, check=False, cwd=ROOT,
                            env={**own, **(surroundings or {})})  # fmt: skip
    assert result.returncode in (0, 1), result.stderr.decode(errors="replace")
    assert b"Traceback" not in result.stderr
    return result.stdout


def modules(*arguments: str) -> set[str]:
    """The modules that are there after `juesuan arguments`."""
    code = (
        "import sys\n"
        "from juesuan.cli import main\n"
        "try:\n"
        f"    main({list(arguments)!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        "print('modules:', *sys.modules)\n"
    )
    last = run("-c", code).decode().splitlines()[-1]
    assert last.startswith("modules: ")
    return set(last.split()[1:])


def with_parents(names: set[str]) -> set[str]:
    return names | {name.partition(".")[0] for name in names}


# Imports


def test_an_export_to_text_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    found = modules("export", str(EXAMPLE), "-o", str(tmp_path / "out.txt"))
    assert "juesuan.core.report" in found
    assert not HEAVY & with_parents(found)
    assert (tmp_path / "out.txt").stat().st_size > 50_000


def test_help_imports_nothing_of_the_report() -> None:
    for arguments in (["--help"], ["export", "--help"], ["--version"]):
        found = modules(*arguments)
        assert not (HEAVY | {"tomllib", "decimal", "_decimal"}) & with_parents(found)
        inside = {
            "report",
            "formula",
            "taxonomy",
            "formats",
            "source",
            "checks",
            "narrative",
            "catalogue",
            "batch",
            "compose",
        }
        assert not {f"juesuan.core.{name}" for name in inside} & found


@pytest.mark.parametrize("command", ["check", "explain"])
def test_no_command_on_one_file_imports_a_screen_or_an_editor(command: str) -> None:
    found = modules(command, str(EXAMPLE), *(["overview.total"] if command == "explain" else []))
    assert not (HEAVY - {"juesuan.core.explain"}) & with_parents(found)


def test_the_core_imports_no_face() -> None:
    names = [".".join(("juesuan", *path.relative_to(ROOT / "src").with_suffix("").parts)).removesuffix(".__init__")
             for path in sorted(CORE.rglob("*.py"))]  # fmt: skip
    code = f"import importlib, sys\nfor name in {names!r}:\n    importlib.import_module(name)\nprint(*sys.modules)\n"
    found = set(run("-c", code).decode().split())
    assert set(names) <= found
    assert not {"textual", "juesuan.cli", "juesuan.tui"} & found


def test_the_core_names_no_face() -> None:
    """Not even inside of a function."""
    for path in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named: list[str] = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [f"{'.' * node.level}{node.module or ''}", *(alias.name for alias in node.names)]
            for name in named:
                assert name.partition(".")[0] != "textual", path
                assert not name.startswith(("juesuan.cli", "juesuan.tui")), path
                assert name.lstrip(".") not in ("cli", "tui"), path


# The same bytes

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "random", "TZ": "Asia/Shanghai"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "C.UTF-8", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "4", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "LANG": "de_DE.UTF-8"},
]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [("export",), ("export", "--to", "json"), ("export", "--encoding", "gb18030")], ids=" ".join
)
def test_an_export_is_the_same_everywhere(arguments: tuple[str, ...]) -> None:
    written = {run("-m", "juesuan", *arguments, str(EXAMPLE), surroundings=own) for own in SURROUNDINGS}
    assert len(written) == 1
    assert len(written.pop()) > 50_000


def test_a_check_is_the_same_everywhere() -> None:
    written = {
        run("-m", "juesuan", "check", "--format", "json", str(EXAMPLE), surroundings=own) for own in SURROUNDINGS
    }
    assert len(written) == 1


def test_many_processes_write_what_one_does(tmp_path: Path) -> None:
    """More files than are exported in one process."""
    files = []
    for number in range(10):
        file = tmp_path / f"{number}.toml"
        file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("301.82", f"{300 + number}.82"), encoding="utf-8")
        files.append(str(file))
    run("-m", "juesuan", "export", *files, "--out-dir", str(tmp_path / "out"))
    for number in (0, 9):
        alone = run("-m", "juesuan", "export", files[number])
        assert (tmp_path / "out" / f"{number}.txt").read_bytes() == alone
    assert len({path.read_bytes() for path in (tmp_path / "out").iterdir()}) == 10
