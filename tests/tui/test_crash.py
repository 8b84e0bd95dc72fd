"""The program is killed wherever in the typing: what was entered is offered when the file is opened again."""

from __future__ import annotations

import random
import shutil
import signal
from itertools import accumulate
from pathlib import Path

import pytest
from juesuan.core.drafting.recovery import recover

from .driver import Driver, drive
from .terminal import Terminal

DOWN, PALETTE, SAVE, QUIT = "\x1b[B", "\x10", "\x13", "\x11"
GO = "\x1b[17~" + DOWN * 7 + "\r" + DOWN * 2 + "\x1b[D"
"""To the second account of the general budget."""
STEPS = ["12.34\r", "=20+3.5\r", "345.67\r", SAVE, "4.5\r", "\x1a", "56\r", "6.78\r", SAVE, "789.01\r"]
LAST = list(accumulate((len(step) for step in STEPS), initial=0))
"""So many bytes are typed before each step."""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """What is edited, and what the file holds, before the first step and after each: no crash, no terminal."""
    from .conftest import EXAMPLE

    path = Path(shutil.copy(EXAMPLE, tmp_path_factory.mktemp("whole") / EXAMPLE.name))
    texts, files = [], []

    async def flow(driver: Driver) -> None:
        await driver.keys("f6", *["down"] * 7, "enter", "down", "down", "left")
        for step in ["", *STEPS]:
            if step:
                await driver.keys(step)
            texts.append(driver.session.text.text())
            files.append(path.read_text("utf-8"))

    drive(path, flow)
    assert len(set(texts)) >= len(STEPS) - 3  # each edit shows; a save and what is taken back do not
    assert len(set(files)) == 3
    return texts, files


@pytest.mark.parametrize("seed", range(5))
def test_every_edit_that_was_entered_is_there_after_a_kill(
    example: Path, states: tuple[list[str], list[str]], seed: int
) -> None:
    texts, files = states
    chance = random.Random(seed)
    done = chance.randrange(len(STEPS))
    typed = chance.randint(LAST[done], LAST[-1])
    begun = sum(typed >= last for last in LAST[1:])
    terminal = Terminal(["-m", "juesuan", "edit", str(example)])
    terminal.read("下一项".encode())
    terminal.type(GO + "".join(STEPS)[: LAST[done]] + PALETTE)
    terminal.read("拼音首字母".encode())  # keys are done in their order: all before this one are
    terminal.type(PALETTE + "".join(STEPS)[LAST[done] : typed])
    terminal.signal(signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL

    whole = example.read_text("utf-8")
    assert whole in files[done : begun + 1]
    left = recover(str(example))
    again = Terminal(["-m", "juesuan", "edit", str(example)])
    if left is not None:
        again.read("恢复这些修改".encode())
        again.type("\r")
    else:
        again.read("下一项".encode())
    again.type(SAVE + QUIT)
    assert again.end() == 0
    found = example.read_text("utf-8")
    assert found in texts[done : begun + 1]
    assert [each.name for each in example.parent.iterdir() if "juesuan" in each.name] == []
