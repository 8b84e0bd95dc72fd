"""A report of which a third is missing is finished by following the walk (F5), as an accountant would
who has the approved accounts on the desk; then it is the report that is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from juesuan import cli
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.report import Report
from juesuan.core.source import Cell
from juesuan.core.views.sheets import ComparisonSheet, Sheet, TableSheet

from .driver import Driver, drive

GOLDEN = Path(__file__).parent.parent / "golden/sanming-2024.txt"
STEPS = 400
"""More presses of F5 than it can take."""


def without_a_third(path: Path, first: int) -> None:
    """Empty every third entry, reason, text, figure of last year and official figure of a source."""
    session = Session.open(str(path))
    source = session.source
    edits = [Edit("cell", cell) for cell in source.entries]
    edits += [Edit("reason", cell) for cell in source.reasons]
    edits += [Edit("prose", (id,)) for id in source.prose]
    edits += [Edit("prior", cell) for cell in source.prior]
    edits += [Edit("official", cell) for cell in source.official]
    assert len(edits) > 300
    session.run("", edits[first::3])
    session.save()
    session.close()


class Accountant:
    """Types what the approved accounts say at the place that the walk has come to."""

    def __init__(self, driver: Driver, desk: Session) -> None:
        self.driver, self.desk = driver, desk

    @property
    def approved(self) -> Report:
        return self.desk.report

    async def do(self) -> None:
        """Enter what is asked for; where a sheet is shown to be checked or looked over, all of it."""
        editor = self.driver.editor
        stop: Sheet | str = editor.stops[editor.stop]
        if isinstance(stop, str):
            text = self.approved.source.prose.get(stop, "")
            if text != self.driver.session.source.prose.get(stop, ""):
                await self.driver.keys("f2")
                await self.driver.paste(text)
                await self.driver.keys("ctrl+s")
        elif editor._walked.need is not None:
            await self.type_here(editor.grid.row_id, editor.grid.column)
        elif isinstance(stop, ComparisonSheet):
            for row in stop.rows:
                for column in (2, 5):
                    await self.type_here(row, column)
        elif isinstance(stop, TableSheet):
            await self.fill(stop)

    async def fill(self, sheet: TableSheet) -> None:
        """All entries and official figures of a sheet."""
        source, table = self.approved.source, sheet.table.id
        for row in self.approved.rows(table):
            if sheet.owner and row.rpartition("/")[0] != sheet.owner:
                continue
            for column, own in enumerate(sheet.columns):
                cell = (table, row, own.id)
                if cell in source.entries and row not in sheet.rows:
                    await self.driver.keys("insert", row, "enter")
                if cell in source.entries or cell in source.official:
                    await self.type_here(row, column)

    async def type_here(self, row: str, column: int) -> None:
        """Enter what the accounts say, where the draft says something else."""
        grid = self.driver.editor.grid
        assert isinstance(grid.sheet, Sheet)
        place = grid.sheet.place(row, column)
        assert place.cell is not None
        kind = place.kind or "official"
        wanted, found = (self.said(report, kind, place.cell) for report in (self.approved, self.driver.session.report))
        if wanted == found:
            return
        grid.move_to(grid.row_ids.index(row), column)
        own = self.approved.taxonomy.tables[place.cell[0]].columns[place.cell[2]]
        if kind == "official":
            await self.driver.keys("f2", *["backspace"] * 12, wanted, "enter")
        elif own.kind == "flag":
            await self.driver.keys("f2")
        elif kind == "cell" and own.long:
            await self.driver.keys("f2")
            await self.driver.paste(wanted)
            await self.driver.keys("ctrl+s")
        else:
            await self.driver.paste(wanted) if kind == "reason" else await self.driver.keys(wanted, "enter")

    def said(self, report: Report, kind: str, cell: Cell) -> str:
        """What a report says there, as it is typed."""
        source = report.source
        if kind == "reason":
            return source.reasons.get(cell, "")
        entry = {"cell": source.entries, "official": source.official, "prior": source.prior}[kind].get(cell)
        value = entry.value if entry is not None else None
        column = report.taxonomy.tables[cell[0]].columns[cell[2]]
        if value is None or isinstance(value, (str, bool)):
            return str(value or "")
        return report.show(value, column.kind)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_the_walk_finishes_a_report(example: Path, tmp_path: Path, first: int) -> None:
    desk = Session.open(str(shutil.copy(example, tmp_path / "approved.toml")), read_only=True)
    without_a_third(example, first)
    ends: list[str] = []

    async def flow(driver: Driver) -> None:
        accountant = Accountant(driver, desk)
        for _step in range(STEPS):
            await driver.keys("f5")
            if driver.value.startswith("全部完成"):
                ends.append(driver.value)
                break
            await accountant.do()
        await driver.keys("f12", "enter", *["backspace"] * 300, str(tmp_path / "out.txt"), "enter")
        await driver.until("已写入")
        await driver.keys("ctrl+s")
        assert not driver.session.dirty

    drive(example, flow)
    assert ends
    assert (tmp_path / "out.txt").read_bytes() == GOLDEN.read_bytes()
    assert cli.main(["export", str(example), "-o", str(tmp_path / "headless.txt")]) == 0
    assert (tmp_path / "headless.txt").read_bytes() == GOLDEN.read_bytes()
