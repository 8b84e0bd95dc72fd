"""LibreOffice recalculates the exported workbooks: the same figures as in the text report, to the digit.

What a file holds as results is thrown away first. Then amounts are changed in the sheets of facts: what the
spreadsheet makes of them is what the report makes of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from juesuan.core.amounts import UNITS
from juesuan.core.compose import compose
from juesuan.core.document import Document, Table
from juesuan.core.opening import open_report
from juesuan.core.reading import parse_source
from juesuan.core.render.xlsx import written
from juesuan.core.render.xlsx.book import sheets
from juesuan.core.render.xlsx.places import Facts
from juesuan.core.render.xlsx.sheet import Names, Sheet
from juesuan.core.report import Report
from juesuan.core.source import Cell
from python_calamine import CalamineWorkbook

from ...office import convert, profile, recalculated

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))
NAMES = [path.stem for path in EXAMPLES]
TIES = ["元", "万元"]


class Book(NamedTuple):
    """A report, its document, its sheets, and what LibreOffice shows of them."""

    report: Report
    document: Document
    sheets: list[Sheet]


def book(report: Report) -> Book:
    document = compose(report)
    return Book(report, document, sheets(document, report))


def ties(unit: str) -> Report:
    """A thousand amounts, most of which lie half way between two printed figures."""
    chance = random.Random(unit)
    lines = []
    for number in range(1000):
        fen = chance.choice([5000, 5000, 4999, 5001, 0]) + 10**4 * chance.randrange(10**chance.randrange(1, 8))
        yuan = Decimal(fen * chance.choice([1, 1, -1])) / 100
        amount = format(yuan / UNITS[unit], "f")
        lines.append(f'201{1 + number // 25:02}{1 + number % 25:02} = {{ basic = "{amount}" }}')
    return Report(parse_source(f"""schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "{unit}"
[expenditure]
""" + "\n".join(lines)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def books(folder: Path) -> dict[str, Book]:
    """The examples and the reports of ties, each written without results."""
    made = {path.stem: book(open_report(str(path))) for path in EXAMPLES}
    made |= {f"ties-{unit}": book(ties(unit)) for unit in TIES}
    for name, own in made.items():
        for sheet in own.sheets:
            sheet.boxes = [box._replace(value=Decimal(0)) if box.formula else box for box in sheet.boxes]
        (folder / f"{name}.xlsx").write_bytes(written(own.sheets, own.document.title))
    return made


@pytest.fixture(scope="module")
def shown(folder: Path, books: dict[str, Book]) -> dict[str, dict[str, list[list[str]]]]:
    return recalculated([folder / f"{name}.xlsx" for name in books], folder)


@pytest.mark.parametrize("name", [*NAMES, *(f"ties-{unit}" for unit in TIES)])
def test_every_form_shows_what_the_text_report_prints(
        name: str, books: dict[str, Book], shown: dict[str, dict[str, list[list[str]]]]) -> None:
    forms = [sheet for sheet in books[name].sheets if sheet.printed is not None]
    printed = [block for block in books[name].document.blocks if isinstance(block, Table)]
    assert len(forms) == len(printed)
    for sheet, table in zip(forms, printed):
        assert sheet.printed is not None
        rows = shown[name][sheet.name]
        top = sheet.printed[2] + 1 - len(table.notes) - len(table.rows)
        for number, row in enumerate(table.rows):
            wanted = [cell.text for cell in row.cells if cell.text]
            assert [text for text in (rows[top + number] if top + number < len(rows) else []) if text] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_no_sheet_shows_an_error(name: str, books: dict[str, Book],
                                 shown: dict[str, dict[str, list[list[str]]]]) -> None:
    assert set(shown[name]) == {sheet.name for sheet in books[name].sheets}
    for rows in shown[name].values():
        for row in rows:
            assert not [text for text in row if text.startswith(("#", "Err:"))]


# ── the sheets are live ──


def amounts(report: Report) -> Iterator[Cell]:
    for cell, entry in report.source.entries.items():
        if report.taxonomy.tables[cell[0]].columns[cell[2]].kind == "amount" and entry.value > 0:
            yield cell


@pytest.fixture(scope="module")
def changed(folder: Path) -> dict[str, tuple[list[Sheet], list[Sheet], CalamineWorkbook]]:
    """Each example with its amounts changed in the sheets alone; what its report has after the same edits."""
    files = []
    made = {}
    for path in EXAMPLES:
        before = book(open_report(str(path)))
        after = open_report(str(path))
        unit = UNITS[after.source.unit]
        edits = {cell: after.source.entries[cell].value / unit + Decimal(number % 97 + 1) / 100
                 for number, cell in enumerate(amounts(after))}
        for cell, value in edits.items():
            after.set(cell, format(value, "f"))
        facts = Facts(after, Names())
        places = {(facts.sheets[cell[0]], facts.rows[cell[0]][cell[1]], facts.columns[cell[0]][cell[2]]): value
                  for cell, value in edits.items()}
        for sheet in before.sheets:
            sheet.boxes = [box._replace(value=places.get((sheet.name, box.row, box.column), box.value))
                           if not box.formula else box._replace(value=Decimal(0)) for box in sheet.boxes]
        file = folder / f"changed-{path.stem}.xlsx"
        file.write_bytes(written(before.sheets, ""))
        files.append(file)
        # The line of a draft would stand where the first row stood.
        made[path.stem] = before.sheets, sheets(compose(after)._replace(draft=None), after)
    convert(files, "xlsx", folder / "again", profile(folder / "profile-changed"))
    return {name: (*own, CalamineWorkbook.from_path(str(folder / "again" / f"changed-{name}.xlsx")))
            for name, own in made.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_amount_changes_what_it_changes_in_the_report(
        name: str, changed: dict[str, tuple[list[Sheet], list[Sheet], CalamineWorkbook]]) -> None:
    before, after, read = changed[name]
    compared = 0
    for sheet, wanted in zip(before, after, strict=True):
        rows = read.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        expected = {(box.row, box.column): box.value for box in wanted.boxes}
        for box in sheet.boxes:
            if box.formula:
                value = expected[box.row, box.column]
                place = f"{sheet.name} {box.row + 1}/{box.column + 1} ={box.formula}"
                found = rows[box.row][box.column] if box.row < len(rows) and box.column < len(rows[box.row]) else ""
                if isinstance(value, Decimal):
                    assert isinstance(found, (int, float)), place
                    assert abs(float(value) - found) <= 1e-9 * max(1.0, abs(found)), place
                else:
                    assert found == ("" if value is None else value), place
                compared += 1
    assert compared > 50
