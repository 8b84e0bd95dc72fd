"""Typing is never lost: characters that can't stay, the program's end while something is typed, any bytes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.drafting.recovery import recover
from juesuan.core.drafting.session import Edit
from juesuan.tui.keyboard import Keyboard
from textual import events

from .driver import Driver, drive, parsed

HERE = ("general_budget", "2013299", "basic")


async def to_text(driver: Driver) -> Any:
    """Open the text of the duties; its screen."""
    driver.editor.show_section("duties")
    await driver.keys("f2")
    return driver.app.screen


async def to_cell(driver: Driver, cell: tuple[str, str, str] = HERE) -> None:
    driver.editor.go_to(cell)
    await driver.settle()


def duties(driver: Driver) -> str:
    return driver.session.source.prose["duties"]


def kept(path: Path) -> str:
    """The text that is found when the file is opened again."""
    left = recover(str(path))
    return left.left.text if left is not None else path.read_text("utf-8")


# ── characters that can't stay ──


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u200d", "\ufeff", "\u200e", "\x07", "\x85", "\U000e0041"])
@pytest.mark.parametrize("how", ["typed", "pasted"])
def test_what_means_nothing_is_taken_out_of_a_text_and_told(example: Path, character: str, how: str) -> None:
    async def flow(driver: Driver) -> None:
        await to_text(driver)
        if how == "pasted":
            await driver.paste(f"新的{character}文字")
        elif character in "\x07\x85":
            return  # a key
        else:
            await driver.keys(f"新的{character}文字")
        assert "新的文字" in driver.text() or character == "\x85"
        if character != "\x85":  # which ends a line
            assert f"U+{ord(character):04X}" in driver.lines()[-1]
        await driver.keys("ctrl+s")
        assert driver.app.screen is driver.editor
        assert duties(driver).endswith("新的文字" if character != "\x85" else "新的\n文字")
        driver.session.save()

    drive(example, flow)


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\ud800", "\ufff9"])
def test_what_means_something_is_shown_and_the_text_stays_open(example: Path, character: str) -> None:
    async def flow(driver: Driver) -> None:
        screen = await to_text(driver)
        before = duties(driver)
        await driver.paste(f"新的{character}文字")
        assert "新的\ufffd文字" in driver.text()
        await driver.keys("ctrl+s")
        assert driver.app.screen is screen
        assert f"U+{ord(character):04X}" in driver.lines()[-1]
        assert screen.edit.text.endswith(f"新的{character}文字")
        assert duties(driver) == before
        assert "新的文字" in kept(example)  # in the journal all the same
        await driver.keys("delete", "ctrl+s")  # the caret stands before it
        assert driver.app.screen is driver.editor
        assert duties(driver).endswith("新的文字")
        driver.session.save()

    drive(example, flow)


def test_rare_and_young_characters_and_wide_blanks_are_typed(example: Path) -> None:
    text = "\u3000𠮷\U000e0100\ue863\U00031350\u00a0完"

    async def flow(driver: Driver) -> None:
        await to_text(driver)
        await driver.keys(text, "ctrl+s")
        assert duties(driver).endswith(text)
        await to_cell(driver, ("units", "1", "name"))
        await driver.keys("f2", text, "enter")
        assert driver.session.source.entries["units", "1", "name"].value.endswith(text)
        driver.session.save()

    drive(example, flow)


def test_a_faulty_text_of_the_file_is_opened_as_it_is(example: Path) -> None:
    source = example.read_text("utf-8")
    at = source.index('duties = """') + len('duties = """')
    example.write_text(source[:at] + "\n第一\u202e段\n" + source[source.index('"""', at) :], "utf-8")

    async def flow(driver: Driver) -> None:
        screen = await to_text(driver)
        assert "第一\ufffd段" in driver.text()
        await driver.keys("ctrl+home", "right", "right", "delete", "ctrl+s")
        assert driver.app.screen is not screen
        assert duties(driver) == "第一段"
        driver.session.save()

    drive(example, flow)


def test_lines_take_what_can_stay_and_tell_the_rest(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to_cell(driver, ("units", "1", "name"))
        await driver.keys("f2")
        await driver.paste("某\u200b某\u202e局")
        assert "U+200B、U+202E" in driver.lines()[-1]
        await driver.keys("enter")
        assert driver.session.source.entries["units", "1", "name"].value.endswith("某某局")
        await driver.keys("ctrl+z")
        await to_cell(driver)
        await driver.paste("1\u200b2.5\u00ad")
        assert driver.session.report.shown(HERE) == "12.50"
        await driver.keys("ctrl+z")
        await driver.keys("ctrl+p")
        await driver.paste("bc\u200b")
        assert "U+200B" in driver.lines()[-1]
        await driver.keys("escape")

    drive(example, flow)


def test_words_in_several_lines_are_one_line_in_a_cell_and_at_a_question(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to_cell(driver, ("units", "1", "name"))
        await driver.keys("甲")
        await driver.paste("乙\n丙\n")
        await driver.keys("enter")
        assert driver.session.source.entries["units", "1", "name"].value == "甲乙 丙"
        await driver.keys("ctrl+z", "f8", "a")
        await driver.paste("第一行\r\n第二行")
        await driver.keys("enter")
        assert "第一行 第二行" in driver.session.text.text()
        driver.session.save()

    drive(example, flow)


# ── the end of the program ──


def test_a_text_that_is_being_written_is_kept_at_the_end(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        screen = await to_text(driver)
        await driver.paste("写到\ud800一半\u202e")
        assert driver.app.screen is screen
        driver.app.leave_soon(143)
        await driver.settle()

    app = drive(example, flow)
    assert app.return_code == 143
    assert "写到一半" in kept(example)


def test_all_keys_before_the_end_are_done_and_none_after(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to_cell(driver)
        for event in parsed("1042.58\r"):
            driver.app.post_message(event)
        driver.app.leave_soon(129)
        for event in parsed("7\r"):
            driver.app.post_message(event)
        await driver.settle()

    app = drive(example, flow)
    assert app.return_code == 129
    assert app.session is not None
    assert app.session.report.shown(HERE) == "1042.58"
    assert "1042.58" in kept(example)
    assert len(app.session.done) == 1


def test_keys_for_a_screen_that_is_not_there_yet_are_done_before_the_end(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        driver.editor.show_section("duties")
        for event in parsed("\x1bOQ写到一半"):
            driver.app.post_message(event)
        driver.app.leave_soon(143)
        await driver.settle()
        await driver.settle()

    drive(example, flow)
    assert "写到一半" in kept(example)


def test_what_a_question_asks_for_the_file_is_kept_at_the_end(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        driver.editor.run_command("department")
        await driver.keys("新名")
        driver.app.leave_soon(143)
        await driver.settle()

    drive(example, flow)
    assert "新名" in kept(example)


def test_an_explanation_is_kept_at_the_end(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f8", "a", "说明了一半")
        driver.app.leave_soon(143)
        await driver.settle()

    drive(example, flow)
    assert "说明了一半" in kept(example)


def test_a_figure_that_is_none_is_noted_at_the_end(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to_cell(driver)
        await driver.keys("12.3.4")
        driver.app.leave_soon(143)
        await driver.settle()

    drive(example, flow)
    left = recover(str(example))
    assert left is not None
    assert "12.3.4" in left.lines()[0]


def test_what_was_typed_for_a_new_report_is_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def flow(driver: Driver) -> None:
        await driver.keys("n", "down", "down", "某市\u200b某局", "enter")
        assert "某市某局" in driver.text()
        await driver.keys("escape", "n")
        assert "某市某局" in driver.text()
        await driver.keys("escape")

    drive(None, flow)


# ── recoveries ──


def test_recoveries_are_decided_on_one_after_the_other(example: Path) -> None:
    from juesuan.core.drafting.session import Session

    other = ("general_budget", "2013299", "project")
    for cell, value in ((HERE, "1.01"), (other, "2.02"), (HERE, "3.03")):
        session = Session.open(str(example))
        session.run("改", [Edit("cell", cell, value)])
        session.close()

    async def flow(driver: Driver) -> None:
        assert "3 次" in driver.text()
        await driver.keys("down", "enter")  # drop the newest
        assert "2 次" in driver.text()
        await driver.keys("enter")
        assert "次留下" not in driver.text()
        assert "1.01" in driver.text()
        await driver.keys("escape")
        assert "下次打开时再问" in driver.value
        report = driver.session.report
        assert report.shown(other) == "2.02"
        await driver.keys("ctrl+s")

    drive(example, flow)
    left = recover(str(example))
    assert left is not None
    assert "1.01" in left.left.text

    async def again(driver: Driver) -> None:
        await driver.keys("enter", "ctrl+s")
        report = driver.session.report
        assert (report.shown(HERE), report.shown(other)) == ("1.01", "2.02")

    drive(example, again)
    assert recover(str(example)) is None
    assert [each.name for each in example.parent.iterdir() if "juesuan" in each.name] == []


# ── pasted figures ──


def test_figures_are_pasted_as_workbooks_show_them(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        report = driver.session.report
        await to_cell(driver)
        assert [column.id for column in driver.editor.grid.sheet.columns][2:] == ["total", "basic", "project"]
        await driver.keys("left")
        await driver.paste(" ¥3,016.47 \t ¥3,016.47 \t -   \n")
        assert "粘贴 2 格" in driver.value
        assert "未录入" not in driver.value
        assert report.shown(HERE) == "3016.47"
        assert report.shown(("general_budget", "2013299", "project")) == "0.00"
        await driver.paste("5\t１，２３４．５\t¥(1.5)\n")
        assert "未录入" in driver.value
        assert report.shown(HERE) == "1234.50"
        assert report.shown(("general_budget", "2013299", "project")) == "-1.50"
        await driver.keys("right", "f2", "ctrl+u")
        await driver.paste(" ¥ 7.25 ")
        await driver.keys("enter")
        assert report.shown(HERE) == "7.25"
        driver.session.save()

    drive(example, flow)


# ── any bytes ──


def names(data: bytes, encoding: str = "utf-8", size: int = 0) -> list[str]:
    """The events of bytes, as words."""
    keyboard = Keyboard(encoding)
    found: list[Any] = []
    for at in range(0, len(data), size or len(data)):
        found += keyboard.feed(data[at : at + (size or len(data))])
    found += keyboard.tick()
    return [event.character or event.key if isinstance(event, events.Key)
            else f"paste {event.text!r}" if isinstance(event, events.Paste)
            else type(event).__name__ for event in found]  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize(
    ("data", "encoding", "found"),
    [
        ("算1".encode("gbk"), "gbk", ["算", "1"]),
        ("算1".encode("gbk"), "utf-8", ["1", "Unread"]),
        (b"\x1b[A5", "utf-8", ["up", "5"]),
        (b"\x1b[200~a\x1b[31m\r\nb\x1b[I\x1b[201~c", "utf-8", ["paste 'a\\x1b[31m\\r\\nb\\x1b[I'", "c"]),
        (b"\x1b[200~\x1b[201~c", "utf-8", ["paste ''", "c"]),
        (b"\x1b[999999999999;1u5", "utf-8", ["5"]),
        (b"\x1b[48;99999;99999;1;1t5", "utf-8", ["5"]),
    ],
)
def test_events_of_bytes(data: bytes, encoding: str, found: list[str], size: int) -> None:
    read = [name for name in names(data, encoding, size) if name != "Unread" or "Unread" in found]
    assert [name for name in read if name != "Unread"] == [name for name in found if name != "Unread"]
    assert ("Unread" in read) == ("Unread" in found)


PIECES = [b"\x1b[", b"\x1b[200~", b"\x1b[201~", b"\x1bO", b"\x1b[<", b"\x1b[48;", b"\x1b[?2026;", b";", b"u", b"t"]


@pytest.mark.parametrize("seed", range(40))
def test_any_bytes_give_events_and_keys_after_them(seed: int) -> None:
    chance = random.Random(seed)
    for encoding in ("utf-8", "gb18030"):
        keyboard = Keyboard(encoding)
        for _number in range(60):
            data = b""
            for _part in range(chance.randrange(1, 8)):
                number = b"%d" % chance.randrange(10**9)
                data += chance.choice([chance.choice(PIECES), chance.randbytes(chance.randrange(6)), number])
            for event in keyboard.feed(data):
                assert not isinstance(event, events.Resize) or event.size.width * event.size.height <= 1_000_000
            list(keyboard.tick())
        last = [*keyboard.feed(b"\x1b[201~" + b" " * 40 + b"qq")]
        assert [event.character for event in last if isinstance(event, events.Key)][-2:] == ["q", "q"]
