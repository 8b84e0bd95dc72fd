"""Every example opens, whatever kind of report it is: all sections, an edit, preview and findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.drafting.session import Session
from juesuan.core.render.text import render

from .driver import Driver, drive

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_section_is_shown(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / path.name))

    async def flow(driver: Driver) -> None:
        for section, title in driver.editor.titles.items():
            driver.editor.show_section(section)
            await driver.settle()
            assert driver.editor.section == section
            for number in range(len(driver.editor.stops)):
                driver.editor.show_stop(number)
                await driver.keys("down", "right", "ctrl+end", "ctrl+home")
                assert len(driver.lines()) == 24
            assert title
        for key in ("f9", "f8"):
            await driver.keys(key)
            assert any(line.strip() for line in driver.lines())
            await driver.keys("escape")

    drive(copy, flow)
    assert copy.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_edit_is_printed_and_undone(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / path.name))
    source = Session.open(str(path), read_only=True).report.source
    cell = next(cell for cell, entry in source.entries.items()
                if source.taxonomy.tables[cell[0]].columns[cell[2]].kind == "amount" and entry.value)

    async def flow(driver: Driver) -> None:
        before = render(compose(driver.session.report))
        assert driver.editor.go_to(cell)
        await driver.keys("7654.32", "enter")
        assert "7654.32" in render(compose(driver.session.report)).replace(",", "")
        await driver.keys("ctrl+z")
        assert render(compose(driver.session.report)) == before

    drive(copy, flow)
