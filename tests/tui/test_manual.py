"""The screens in the manual and the README: each line of them is one that the program shows.

The report is the example with a few entries taken out, and what is done is what the manual says.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from juesuan.core.drafting.session import Edit, Session

from .driver import Driver, drive

ROOT = Path(__file__).parent.parent.parent
PAGES = ["docs/manual.md", "README.md", "README.zh-CN.md"]
GAPS = {
    r"\n2101550 = \{ basic = 3016.47 \}[^\n]*\n2101599 = \{ basic = 14.41, project = 1135.29 \}[^\n]*": "",
    r"opening_balance = 112.88": 'opening_balance = ""',
    r"outturn = 21.00": 'outturn = ""',
    r'("general_budget.2080506" = )"正常浮动"': r'\1""',
}


async def press(driver: Driver, *keys: str) -> None:
    """One after another, each after what the one before it did is shown."""
    for key in keys:
        await driver.keys(key)


SIGNS = {
    "wizard": "青禾县科学技术协会2024.toml", "outline": "回车打开该节", "missing": "待录入",
    "asked": "本年没有的按", "stated": "撤回）",
    "next": "完成全年预算的52.36%",
    "reason": "待录入：主要原因", "error": " 审核  ", "add": "210155", "added": "3908.66", "complete": "错误 0",
    "findings": " 审核  ", "acknowledge": "为什么不必改", "official": "公开数（留空", "explain": " 解释  ",
    "preview": "结余：9.03", "choose": "nmjz", "text": "年末共结转{", "kinds": "照现状写出",
    "export": "报告写到", "outside": "113.88",
    "quit": "尚未保存", "recover": "99.13", "view": "[只读]", "memo": "审核结果写入",
}
"""What a screen shows when it is there."""


async def wait(driver: Driver, name: str) -> str:
    """The screen as text, once it is there."""
    for _step in range(200):
        if SIGNS[name] in driver.text():
            break
        await driver.settle()
    assert SIGNS[name] in driver.text(), driver.text()
    return driver.text()


def without_times(line: str) -> str:
    return re.sub(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d", "#", line).rstrip()


def shown(page: str) -> list[str]:
    """The lines of the screens in a page."""
    blocks = re.findall(r"^```console\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the program shows, by what is done."""
    folder = tmp_path_factory.mktemp("manual")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setenv("XDG_STATE_HOME", str(folder / "state"))
    text = (ROOT / "examples/sanming-2024.toml").read_text("utf-8")
    Path("whole.toml").write_text(text, "utf-8")
    for pattern, new in GAPS.items():
        text, count = re.subn(pattern, new, text, count=1)
        assert count == 1, pattern
    Path("2024.toml").write_text(text, "utf-8")
    found: dict[str, str] = {}

    async def begin(driver: Driver) -> None:
        found["home"] = driver.text()
        await press(driver, "n")
        for _format in range(20):
            if "福建省部门决算" in driver.text():
                break
            await press(driver, "f2")
        await press(driver, "enter", "2024", "enter", "青禾县科学技术协会", "enter")
        found["wizard"] = await wait(driver, "wizard")
        await press(driver, "escape", "q")

    async def draft(driver: Driver) -> None:
        async def then(name: str, *keys: str) -> None:
            await press(driver, *keys)
            found[name] = await wait(driver, name)

        await then("outline", "f6")
        await then("missing", "escape", "f5")
        await then("next", "112.88", "f5")
        await then("reason", "f5")
        await press(driver, "职业年金缴费基数核减", "f5", "21", "f5")
        await then("error", "f8")
        await press(driver, "escape", "ctrl+g", "支出决算", "enter")
        await then("add", "ctrl+e", "210155")
        await press(driver, "enter")
        await then("added", "3016.47", "enter")
        await press(driver, "ctrl+e", "2101599", "enter", "14.41", "tab")
        await then("complete", "1135.29", "enter")
        await then("findings", "f8")
        await then("acknowledge", "down", "down", "down", "down", "a")
        await press(driver, "确已核对", "enter")
        await press(driver, "escape", "ctrl+g", "年末结转", "enter")
        await then("official", "f2")
        await press(driver, "escape")
        await then("explain", "f3")
        await then("preview", "escape", "f9")
        await press(driver, "escape", "f6", "home", "down", "enter", "f2", "ctrl+end", "enter")
        await then("choose", "年末共结转", "insert", "nmjz")
        await then("text", "enter")
        await press(driver, "escape", "escape")
        await then("kinds", "f12")
        await then("export", "enter")
        await press(driver, "escape")
        whole = Path("2024.toml").read_text("utf-8")
        Path("2024.toml").write_text(whole.replace('opening_balance = ""', "opening_balance = 113.88"), "utf-8")
        await then("outside", "ctrl+s")
        await press(driver, "escape")
        await then("quit", "ctrl+q")

    async def state(driver: Driver) -> None:
        await press(driver, "f5")
        found["asked"] = await wait(driver, "asked")
        await press(driver, "\x1c")  # Ctrl+\
        found["stated"] = await wait(driver, "stated")
        await press(driver, "ctrl+s")

    async def recover(driver: Driver) -> None:
        found["recover"] = await wait(driver, "recover")

    async def read(driver: Driver) -> None:
        await press(driver, "ctrl+g", "年末结转", "enter")
        found["view"] = await wait(driver, "view")
        await press(driver, "ctrl+p", "xcsh", "enter")
        found["memo"] = await wait(driver, "memo")

    drive(None, begin)
    drive("2024.toml", draft)
    lines = (ROOT / "examples/sanming-2024.toml").read_text("utf-8").splitlines(keepends=True)
    Path("unstated.toml").write_text("".join(line for line in lines if not line.startswith("none ")), "utf-8")
    drive("unstated.toml", state)
    for left in folder.glob(".2024*"):
        left.unlink()
    left_behind = Session.open("whole.toml")
    left_behind.run("编辑", [Edit("cell", ("basic_economic", "30201", "amount"), "99.13")])
    left_behind.close()
    drive("whole.toml", recover)
    for left in folder.glob(".whole*"):
        left.unlink()
    drive("whole.toml", read, read_only=True)
    patch.undo()
    return found


@pytest.mark.parametrize("page", PAGES)
def test_screens_are_what_the_program_shows(page: str, screens: dict[str, str]) -> None:
    known = {without_times(line) for text in screens.values() for line in text.splitlines()} | {"……"}
    lines = shown(page)
    assert lines
    assert [line for line in lines if without_times(line) not in known] == []
