"""Every format's example from its first section to its last: sheets of every shape, texts, preview, findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from juesuan.core.views.sheets import TableSheet

from .driver import Driver, drive

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_walk_through_every_section(path: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(path, tmp_path))

    async def flow(driver: Driver) -> None:
        editor = driver.editor
        for section in [section.id for section in driver.session.report.format.sections]:
            editor.show_section(section)
            await driver.settle()
            for stop in list(editor.stops):
                if isinstance(stop, TableSheet):
                    await driver.keys("ctrl+end", "f3", "escape")
                    if stop.table.axis == "records" and stop.rows:
                        await driver.keys("f4", "ctrl+end", "f4")
                await driver.keys("f7")
        await driver.keys("f9", "pagedown", "end", "escape", "f8", "end", "escape")
        assert driver.session.source.text == path.read_text("utf-8")

    drive(own, flow)


def test_a_class_and_the_words_beside_it_are_entered(tmp_path: Path) -> None:
    """A table that is entered by class, with a column of words."""
    own = Path(shutil.copy(EXAMPLES[0].with_name("linfen-2021.toml"), tmp_path))

    async def flow(driver: Driver) -> None:
        editor = driver.editor
        editor.show_section("general_budget-structure")
        await driver.settle()
        await driver.keys("insert", "213", "enter")
        assert editor.grid.row_id == "213"
        columns = [column.id for column in editor.stops[0].columns]
        editor.grid.move_to(editor.grid.row, columns.index("initial"))
        await driver.keys("12.50", "tab", "扶贫", "enter")
        report = driver.session.report
        assert "213" in report.rows("general_budget_classes")
        assert report.value(("general_budget_classes", "213", "use")) == "扶贫"
        assert report.shown(("general_budget_classes", "total", "initial")) == "15,276.15"

    drive(own, flow)
