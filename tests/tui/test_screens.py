"""Screens as text. JUESUAN_GOLDEN=write writes the golden files anew; read them before a commit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .driver import Driver, drive

GOLDEN = Path(__file__).parent / "golden"
SIZES = {"80x24": (80, 24), "160x50": (160, 50)}

FLOWS: dict[str, tuple[str, ...]] = {
    "begin": (),
    "outline": ("f6",),
    "sheet": ("f6", "down", "down", "down", "down", "down", "enter"),
    "commit": ("f6", "down", "down", "down", "down", "down", "down", "down", "enter", "999.5", "enter"),
    "texts": ("f6", "up", "enter"),
    "comparison": ("f6", *["down"] * 18, "enter"),
    "findings": ("f8",),
    "explain": ("f6", *["down"] * 5, "enter", "home", "up", "up", "right", "right", "f3"),
    "preview": ("f9",),
    "palette": ("ctrl+p", "cx"),
    "help": ("f1",),
    "writing": ("f6", "up", "enter", "f2"),
    "prompt": ("f6", "down", "down", "down", "down", "enter", "insert", "xz", "backspace", "backspace", "运行"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FLOWS)
def test_screen(example: Path, name: str, size: str) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys(*FLOWS[name])
        await driver.settle()
        compare(f"{name}-{size}", driver.text())

    drive(example, flow, SIZES[size])


@pytest.mark.parametrize(("columns", "lines"), [(60, 15), (59, 24), (80, 14), (20, 5), (1, 1)])
def test_small_windows(example: Path, columns: int, lines: int) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f6", "down", "enter")
        compare(f"small-{columns}x{lines}", driver.text())

    drive(example, flow, (columns, lines))


def test_a_reader_s_footer_has_no_editing(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        compare("view-80x24", driver.text())

    drive(example, flow, read_only=True)


def compare(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("JUESUAN_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text("utf-8")
