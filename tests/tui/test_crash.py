"""The program is killed wherever in the typing: what was entered is offered when the file is opened again."""

from __future__ import annotations

import random
import shutil
import signal
from itertools import accumulate
from pathlib import Path

import pytest
from juesuan.core.drafting.recovery import recover, recoveries

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


ESC, TEXT = "\x1b", "\x1b[17~\x1b[H" + DOWN + "\r\x1bOQ"

@pytest.mark.parametrize("seed", range(2))
def test_edits_that_nobody_decided_on_are_all_there_after_many_kills(example: Path, seed: int) -> None:
    """Edit, kill, open, Esc, edit something else, kill, and so on: each edit is offered in the end."""
    chance, typed = random.Random(seed), []
    for number in range(3):
        terminal = Terminal(["-m", "juesuan", "edit", str(example)])
        if number:
            terminal.read("恢复这些修改".encode())
            terminal.send(ESC)
            terminal.read("下次打开时再问".encode(), limit=2)
        else:
            terminal.read("下一项".encode())
        typed.append(f"{chance.randrange(100, 10**6)}.{number + 1}{chance.randrange(1, 10)}")
        terminal.type(GO + DOWN * (0, 3, 4)[number] + typed[-1] + "\r" + PALETTE)
        terminal.read("拼音首字母".encode())
        terminal.signal(signal.SIGKILL)
        assert terminal.end() == -signal.SIGKILL
    left = recoveries(str(example))
    assert len(left) == 3
    for figure, each in zip(reversed(typed), left):
        assert figure in each.left.text
    again = Terminal(["-m", "juesuan", "edit", str(example)])
    again.read("3 次".encode())
    again.send("\r")
    again.send("\r")
    again.send("\r")
    again.type(SAVE + QUIT)
    assert again.end() == 0
    found = example.read_text("utf-8")
    assert all(figure in found for figure in typed)
    assert [each.name for each in example.parent.iterdir() if "juesuan" in each.name] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("seed", range(3))
def test_a_signal_among_the_keys_leaves_no_figure_half_typed(example: Path, number: int, seed: int) -> None:
    chance = random.Random(seed)
    figures = ["1042.58", "2013.37", "3300.46"]
    keys = "".join(figure + "\r" for figure in figures)
    at = chance.randrange(1, len(keys))
    terminal = Terminal(["-m", "juesuan", "edit", str(example)])
    terminal.read("下一项".encode())
    terminal.type(GO + PALETTE)
    terminal.read("拼音首字母".encode())
    terminal.type(PALETTE + keys[:at])
    terminal.signal(signal.SIGSTOP)  # so that all of the keys are in the queue when it ends
    terminal.type(keys[at:])
    terminal.signal(number)
    terminal.signal(signal.SIGCONT)
    assert terminal.end() == 128 + number
    left = recover(str(example))
    assert left is not None
    assert all(figure in left.left.text for figure in figures)


@pytest.mark.parametrize("seed", range(3))
def test_a_text_with_anything_in_it_is_there_after_any_end(example: Path, seed: int) -> None:
    chance = random.Random(seed)
    terminal = Terminal(["-m", "juesuan", "edit", str(example)])
    terminal.read("下一项".encode())
    terminal.send(TEXT)
    marks = "".join(chance.choice("\u200b\u00ad\u200d\u202e\u2066") for _number in range(3))
    terminal.send("写到" + marks[0] + "一半")
    terminal.send(b"\xcb\xe3")
    terminal.send("\x1b[200~" + "粘贴" + marks[1:] + "的文字\x1b[201~")
    terminal.signal([signal.SIGKILL, signal.SIGTERM, signal.SIGHUP][seed])
    terminal.end()
    left = recover(str(example))
    assert left is not None
    assert "写到一半粘贴的文字" in left.left.text
