"""Tables of shapes that only some formats have."""

from __future__ import annotations

import shutil
from pathlib import Path

from .driver import Driver, drive

EXAMPLE = Path(__file__).parents[2] / "examples" / "linfen-2021.toml"


def test_a_class_and_the_words_beside_it_are_entered(tmp_path: Path) -> None:
    """A table that is entered by class, with a column of words."""
    own = Path(shutil.copy(EXAMPLE, tmp_path))

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
