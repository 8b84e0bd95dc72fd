"""A small report, drafted from nothing to the exported text with keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from juesuan import cli
from juesuan.core.views.sheets import Sheet, TableSheet

from .driver import Driver, drive

ROWS = {
    "income": ("2101501", "1000", "25"),
    "expenditure": ("xzyx", "1020.5"),
    "general_budget": ("行政运行", "1000"),
    "basic_economic": ("30101", "1000"),
}
RECORDS = {"units": ("三明市医疗保障局（本级）", "行政单位", "47")}


async def enter_next(driver: Driver) -> None:
    """What an accountant does at the place that the walk has come to."""
    editor = driver.editor
    stop: Sheet | str = editor.stops[editor.stop]
    if isinstance(stop, str):
        await driver.keys("f2", f"关于{stop}的文字。", "ctrl+s")
        return
    if isinstance(stop, TableSheet) and stop.table.id not in {**ROWS, **RECORDS} and stop.grows:
        await driver.keys("ctrl+backslash")  # nothing this year
        return
    if isinstance(stop, TableSheet) and stop.grows == "account":
        code, *figures = {**ROWS, "expenditure": ("2101501", "1020.5")}[stop.table.id]
        if code not in editor.grid.row_ids:
            await driver.keys("insert", code, "enter")
        await driver.keys(*[key for figure in figures for key in (figure, "tab")])
        return
    if isinstance(stop, TableSheet) and stop.grows == "record" and not editor.grid.row_ids:
        await driver.keys("insert", *[key for text in RECORDS[stop.table.id] for key in (text, "tab")])
        return
    await driver.keys("因项目增加" if editor.grid.here.kind == "reason" else "8", "enter")


def test_a_report_from_new_to_the_export(tmp_path: Path) -> None:
    source, out = tmp_path / "2024.toml", tmp_path / "三明市医疗保障局-2024-部门决算.txt"
    assert (
        cli.main(["new", "fujian/final-accounts", str(source), "--department", "三明市医疗保障局", "--year", "2024"])
        == 0
    )

    async def flow(driver: Driver) -> None:
        for _step in range(150):
            await driver.keys("f5")
            if not driver.editor.standing.todo() or driver.editor._walked.need is None:
                break
            await enter_next(driver)
        assert driver.editor.standing.percent == 100, driver.text()
        await driver.keys("f12", "enter", "enter")
        await driver.until("已写入")
        await driver.keys("ctrl+s")
        assert not driver.session.dirty
        await driver.keys("ctrl+q")

    app: Any = drive(source, flow)
    assert app.return_code == 0
    headless = tmp_path / "headless.txt"
    assert cli.main(["export", str(source), "-o", str(headless)]) == 0
    assert out.read_bytes() == headless.read_bytes()
    assert "1020.50" in out.read_text("utf-8")
