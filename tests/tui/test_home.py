"""The start screen: recent files, the picker, the steps of a new report, drafts left behind, and the way back."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from juesuan import cli
from juesuan.core.drafting.recent import Recent, recent_file, recent_files, remember
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.settings import Settings, load_settings
from juesuan.core.views.commands import use_keys

from .driver import Driver, drive
from .test_draft import enter_next


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def test_from_the_start_screen_to_the_exported_text_with_keys_alone() -> None:
    async def flow(driver: Driver) -> None:
        assert "新建" in driver.text()
        await driver.keys("n")
        for _format in range(20):  # whatever other formats there are
            if "福建省部门决算" in driver.text():
                break
            await driver.keys("right")
        assert "F2 选择" in driver.text()
        await driver.keys("enter", "2024", "enter", "三明市医疗保障局", "enter", "enter", "enter")
        await driver.keys("f2", *["backspace"] * 40, "new.toml", "enter", "enter")
        assert Path("new.toml").exists(), driver.text()
        for _step in range(150):
            await driver.keys("f5")
            if not driver.editor.standing.todo() or driver.editor._walked.need is None:
                break
            await enter_next(driver)
        assert driver.editor.standing.percent == 100, driver.text()
        await driver.keys("f12", "enter", "enter")
        await driver.until("已写入")
        await driver.keys("ctrl+s", "ctrl+q")
        assert driver.app.screen is driver.app.home
        assert "100%" in driver.text()
        assert "三明市医疗保障局" in driver.text()
        await driver.keys("q")

    app = drive(None, flow)
    assert app.return_code == 0
    assert cli.main(["export", "new.toml", "-o", "headless.txt"]) == 0
    assert Path("三明市医疗保障局-2024-部门决算.txt").read_bytes() == Path("headless.txt").read_bytes()
    headless = Path("plain.toml")
    assert cli.main(["new", "fujian/final-accounts", str(headless), "--department", "甲", "--year", "2024"]) == 0
    assert recent_files()[0].percent == 100


def test_the_steps_refuse_what_can_t_be_and_overwrite_nothing() -> None:
    Path("2024.toml").write_text("mine", "utf-8")

    async def flow(driver: Driver) -> None:
        await driver.keys("n", "end", "enter")
        assert "须写部门全称" in driver.text()
        await driver.keys("甲局", "enter", "up", "up", "1999", "enter", "end", "enter")
        assert "1999" in driver.value
        await driver.keys("2024", "enter", "end", "up", "f2", *["backspace"] * 40, "2024.toml", "enter", "enter")
        assert "已有" in driver.value
        await driver.keys("escape", "q")

    drive(None, flow)
    assert Path("2024.toml").read_text("utf-8") == "mine"
    assert recent_files() == []


def test_last_year_s_file_is_picked_and_named_relative_to_the_new_one(example: Path) -> None:
    Path("old").mkdir()
    last = Path("old/sanming-2023.toml")
    shutil.copy(example, last)
    last.write_text(last.read_text("utf-8").replace("year       = 2024", "year       = 2023"), "utf-8")

    async def flow(driver: Driver) -> None:
        await driver.keys("n", "down", "down", "甲局", "enter", "down", "f2")
        await driver.keys("old/", "enter")
        assert "sanming-2023.toml" in driver.text()
        await driver.keys("end", "enter")
        assert driver.session.source.department == "甲局"
        await driver.keys("ctrl+q", "ctrl+q")

    drive(None, flow)
    found = list(Path(".").glob("*.toml"))
    assert 'prior = "old/sanming-2023.toml"' in found[0].read_text("utf-8")


def test_a_file_is_picked_opened_left_and_found_again(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("o", str(example.parent) + "/")
        assert example.name in driver.text()
        assert "-rw" in driver.text()
        await driver.keys("sanm", "enter")
        assert driver.session.path == str(example)
        assert driver.editor.go_to(("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "ctrl+q", "n", "enter")
        assert driver.app.session is None
        assert example.name in driver.text()
        assert "三明市医疗保障局" in driver.text()
        await driver.keys("home", "enter")
        assert driver.session.recovery is None
        await driver.keys("ctrl+q")
        await driver.keys("home", "delete")
        assert example.name not in driver.text()
        await driver.keys("ctrl+q")

    drive(None, flow)
    assert recent_files() == []


def test_a_reader_leaves_no_trace(example: Path) -> None:
    before = sorted(example.parent.iterdir())

    async def flow(driver: Driver) -> None:
        await driver.keys("f8", "escape", "ctrl+q")

    drive(example, flow, read_only=True).close_file()
    assert recent_files() == []
    assert sorted(example.parent.iterdir()) == before
    assert not Path(recent_file()).parent.exists()


def test_drafts_left_behind_are_offered(example: Path) -> None:
    path = Path(shutil.copy(example, "draft.toml"))
    session = Session.open(str(path))
    session.run("部门", [Edit("department", (), "乙局")])
    session.close()

    async def flow(driver: Driver) -> None:
        assert "遗留" in driver.text()
        await driver.keys("enter")
        assert "乙局" in driver.text()
        await driver.keys("enter")
        assert driver.session.source.department == "乙局"
        await driver.keys("ctrl+s", "ctrl+q")
        assert "遗留" not in driver.text()
        path.unlink()
        await driver.keys("enter")
        assert "没有这个文件" in driver.text()
        await driver.keys("ctrl+q")

    drive(None, flow)


def test_a_draft_whose_file_is_gone_is_opened_from_its_journal(example: Path) -> None:
    path = Path(shutil.copy(example, "draft.toml"))
    session = Session.open(str(path))
    session.run("部门", [Edit("department", (), "乙局")])
    session.close()
    path.unlink()

    async def flow(driver: Driver) -> None:
        await driver.keys("enter")
        assert driver.session.source.department == "乙局"
        driver.session.save(overwrite=True)
        await driver.keys("ctrl+q", "ctrl+q")

    drive(None, flow)
    assert "乙局" in path.read_text("utf-8")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (160, 50)])
def test_the_start_screen_keeps_to_its_columns(size: tuple[int, int]) -> None:
    for number in range(20):
        remember(Recent(f"/很长的目录/{'子目录/' * 20}{number}.toml", "部门" * 40, 2024, "部门决算", 5, number, 3, 1.0))

    async def flow(driver: Driver) -> None:
        for key in ("end", "home", "pagedown", "up", "down"):
            await driver.keys(key)
            assert driver.app.home.lines.chosen is not None
        assert driver.lines()[-1].startswith("Enter 打开")
        await driver.keys("f1")
        assert "一步一步新建" in driver.text()
        await driver.keys("escape", "ctrl+q")

    drive(None, flow, size)


def test_configured_keys_work_and_are_shown(example: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\nfindings = "ctrl+t"\nreading.leave = "x"\nfly = "f5"\n', "utf-8")
    settings = load_settings(str(config))
    use_keys(settings.keys)

    async def flow(driver: Driver) -> None:
        assert "config.toml" in driver.value
        assert "fly" in driver.value
        assert "^T 审核" in driver.lines()[-1]
        assert "F7" in driver.lines()[-1]
        await driver.keys("ctrl+t")
        assert "审核" in driver.lines()[0]
        assert driver.lines()[-1].startswith("x 返回")
        await driver.keys("f1")
        assert "x" in driver.text()
        await driver.keys("x", "x")
        assert driver.app.screen is driver.editor
        await driver.keys("f1")
        assert "^T" in driver.text()

    drive(example, flow, settings=settings)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "terminal"])
def test_themes(example: Path, theme: str) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.app.theme.endswith(theme if theme != "terminal" else "ansi-dark")
        assert "三明市医疗保障局" in driver.text()

    drive(example, flow, settings=Settings(theme=theme))


def test_ambiguous_characters_of_two_columns(example: Path) -> None:
    from juesuan.core.text.width import width

    async def flow(driver: Driver) -> None:
        assert driver.editor.ambiguous == 1
        await driver.keys("\x1b[1;3R")
        assert driver.app.ambiguous == driver.editor.grid.ambiguous == 2
        for keys in ((), ("f6",), ("escape", "f9"), ("escape", "f8"), ("escape", "ctrl+p"), ("escape", "f1")):
            await driver.keys(*keys)
            for line in driver.lines():
                assert width(line, 2) <= 160, line
                assert "│" not in line
        await driver.keys("\x1b[1;2R")
        assert driver.app.ambiguous == 2

    drive(example, flow, (160, 50))


def test_names_and_texts_are_taken_over_from_last_years_file(example: Path) -> None:
    Path("old").mkdir()
    shutil.copy(example, "old/2024.toml")

    async def flow(driver: Driver) -> None:
        await driver.keys("n", "down", "down", "down", "down", "f2", "old/", "enter")
        for words in ("三明市医疗保障局", "2025", "沿用名称和文字"):
            assert words in driver.text()
        await driver.keys("down", "f2")
        assert "从空白开始" in driver.text()
        await driver.keys("f2", "end", "enter")
        source = driver.session.source
        assert (source.year, source.department, source.prior_file) == (2025, "三明市医疗保障局", "old/2024.toml")
        assert "units" in source.carried
        assert source.prose["duties"]
        await driver.keys("ctrl+q")

    drive(None, flow)


def test_a_file_of_last_year_that_is_none_is_said(example: Path) -> None:
    Path("old").mkdir()
    Path("old/broken.toml").write_text("x = ", "utf-8")

    async def flow(driver: Driver) -> None:
        await driver.keys("n", "down", "down", "甲局", "enter", "down", "f2", "old/", "enter", "end", "enter")
        assert driver.app.session is None
        assert "第 1 行" in driver.value or "=" in driver.value
        await driver.keys("backspace")
        assert "上年数自行录入" in driver.text()
        await driver.keys("escape", "q")

    drive(None, flow)


@pytest.mark.parametrize("entry", [
    {"when": 1e300}, {"when": float("inf")}, {"when": float("nan")}, {"when": -1e12}, {"percent": 10**300},
    {"year": float("inf")}, {"department": "甲" * 1_000_000}, {"department": "\x1b[31m\u202e\ud800"},
    {"path": "/\ud800"}, {"path": "/a\0b"}, {"path": "/" + "a" * 100_000}, {"path": 1}, {"title": ["x"]},
    {"errors": -(10**300)},
])  # fmt: skip
def test_a_planted_list_of_recent_files_does_not_stop_the_start_screen(entry: dict[str, object]) -> None:
    Path(recent_file()).parent.mkdir(parents=True, exist_ok=True)
    good = {"path": "/x/2024.toml", "department": "甲局", "title": "部门决算", "year": 2024, "percent": 1, "errors": 0,
            "warnings": 0, "when": 1e9}
    Path(recent_file()).write_text(json.dumps({"juesuan": 1, "files": [{**good, **entry}, good]}), "utf-8")

    async def flow(driver: Driver) -> None:
        assert "甲局" in driver.text()
        await driver.keys("q")

    assert drive(None, flow).return_code == 0


def test_planted_journals_stop_neither_the_start_screen_nor_the_file(example: Path) -> None:
    shutil.copy(example, "2024.toml")
    Path(".2024.toml.juesuan-journal").write_bytes(b"00000000 {}\n")
    Path(".\x1b[31m.toml.juesuan-journal").write_bytes(b"\xff")
    Path(os.fsdecode(b".\xb2\xe2.toml.juesuan-journal")).mkdir()
    os.mkfifo(".pipe.toml.juesuan-journal")

    async def flow(driver: Driver) -> None:
        assert "4 份恢复日志" in driver.value
        await driver.keys("o", "2024.toml", "enter")
        await driver.until("已损坏")
        assert "juesuan-journal-damaged" in driver.value
        await driver.keys("ctrl+q")

    drive(None, flow)
    assert Path(".2024.toml.juesuan-journal-damaged").read_bytes() == b"00000000 {}\n"
