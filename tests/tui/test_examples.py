"""Every example opens, whatever kind of report it is: all sections, an edit, preview and findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.drafting.session import Session
from juesuan.core.reach import owned_tables
from juesuan.core.render.text import render
from juesuan.core.views.sheets import section_tables

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


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_tables_of_a_record_are_shown(path: Path, tmp_path: Path) -> None:
    """Records in records: opened, walked through and left again, as the format asks for them."""
    copy = Path(shutil.copy(path, tmp_path / path.name))
    format = Session.open(str(path), read_only=True).report.format

    async def flow(driver: Driver) -> None:
        editor = driver.editor
        for section, tables in section_tables(format).items():
            for number, table in enumerate(tables):
                wanted = [own.id for own in owned_tables(format, table)]
                if not wanted or not driver.session.report.rows(table):
                    continue
                editor.show_section(section)
                editor.show_stop(number)
                await driver.keys("f4")
                shown = []
                for _own in wanted:
                    shown.append(editor.grid.sheet.table.id)
                    await driver.keys("down", "right", "ctrl+end", "ctrl+home")
                    assert len(driver.lines()) == 24
                    await driver.keys("f7")
                assert shown == wanted
                await driver.keys("f4")
                assert editor.grid.sheet.table.id == table

    drive(copy, flow)
    assert copy.read_bytes() == path.read_bytes()


def test_a_score_of_a_record_reaches_the_report(tmp_path: Path) -> None:
    copy = Path(shutil.copy(next(path for path in EXAMPLES if path.stem == "panzhihua-dongqu-2023"), tmp_path))

    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("project_blocks", "1/general", "score"))
        assert "城乡居民医保财政补助" in driver.text()
        await driver.keys("12", "enter")
        printed = render(compose(driver.session.report)).replace("\n", "")
        assert "绩效自评成绩为72分，自评等级为中" in printed
        assert "扣28分，自评得分12分" in printed
        assert "城乡居民医保财政补助项目绩效自评得分为72分" in printed

    drive(copy, flow)
