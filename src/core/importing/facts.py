"""The sheets of facts in juesuan's own workbooks (docs/workbook.md): what was entered, to the digit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..i18n import _
from ..progress import reached_tables
from ..report import Report
from ..source import ADDRESSED, Cell, is_derived, is_row, parse_address
from ..taxonomy import NUMBERS
from .book import Book, BookError, Sheet
from .figures import Figure, NoFigure, marked, read_figure, shown
from .placing import Placed, Spot, Unplaced

MARK = "juesuan:"
LAYOUT = 1


class Text(NamedTuple):
    """A text, or last year's or an official figure, of another part of the source than its tables."""

    part: str
    key: Any
    value: Any
    spot: Spot


class Facts(NamedTuple):
    """All that one workbook of juesuan's says: [report], its cells, its texts, the rows of its records, and the
    tables (each with the record that it belongs to, or '') of which there is nothing."""

    report: dict[str, str]
    cells: list[Placed]
    texts: list[Text]
    columns: set[tuple[str, str]]
    rows: dict[str, list[str]]
    unplaced: list[Unplaced]
    nothing: list[tuple[str, str]]


def is_own(sheet: Sheet) -> bool:
    """Is it one of the sheets that juesuan writes for programs?"""
    return isinstance(first := sheet.value(0, 0), str) and first.startswith(MARK)


def read_facts(report: Report, book: Book) -> Facts | None:
    """What juesuan's own sheets of a workbook say; None where it has none.

    Raises BookError where they were written by a later juesuan.
    """
    sheets = {str(sheet.value(0, 0))[len(MARK):]: sheet for sheet in book.sheets if is_own(sheet)}
    if "[report]" not in sheets:
        return None
    facts = Facts({key: str(value) for key, _row, value, _spot in _lines(sheets["[report]"])}, [], [], set(), {}, [],
                  [])
    layout = facts.report.get("layout", "").removesuffix(".0")
    if layout != str(LAYOUT):
        raise BookError(_("the workbook was written by another juesuan (layout {layout}): update this one").format(
            layout=shown(layout)))
    unit = facts.report.get("unit", "")
    if unit not in ("元", "万元"):
        raise BookError(_("the workbook's sheet {sheet} has no unit").format(sheet="[report]"))
    written = {key: value for key, _row, value, _spot in _lines(sheets["[written]"])} if "[written]" in sheets else {}
    for table in report.taxonomy.tables.values():
        if table.id in sheets:
            _table(report, facts, table.id, sheets[table.id], unit, written)
    for part in ("prose", "accounts", "glossary", *ADDRESSED):
        if f"[{part}]" in sheets:
            _part(report, facts, part, sheets[f"[{part}]"], unit, written)
    facts.nothing.extend(_nothing(report, facts))
    return facts


def _nothing(report: Report, facts: Facts) -> Iterator[tuple[str, str]]:
    """The tables of which the workbook says that there is nothing. Before workbooks stated that, a source
    said so by leaving tables empty, as soon as it had the accounts that every report has."""
    tables = report.taxonomy.tables
    if "schema" in facts.report:
        for name in filter(None, facts.report.get("none", "").split(", ")):
            id, _dot, owner = name.partition(".")
            if id in tables and (is_row(tables[tables[id].owner], owner, report.taxonomy)
                                 if tables[id].owner else not owner):
                yield id, owner
        return
    held = {own.cell[0] for own in facts.cells if not is_derived(tables[own.cell[0]], *own.cell[1:])}
    if all(table.id in held for table in tables.values() if table.accounts and table.required and not table.needed):
        asked = reached_tables(report.format)
        for table in tables.values():
            if table.id in asked and table.id in facts.rows and table.entered and not (table.lines or table.required):
                rows = facts.rows[table.id] if not table.accounts else ["1"] if table.id in held else []
                full = {row.rpartition("/")[0] for row in rows}
                yield from ((table.id, owner) for owner in (facts.rows.get(table.owner, ()) if table.owner else ("",))
                            if owner not in full)


def _lines(sheet: Sheet) -> Iterator[tuple[str, int, Any, Spot]]:
    """The rows of a part: key, row, value; of a key on several rows, the texts put together."""
    rows = [(row, sheet.value(row, 0), sheet.value(row, 2)) for row in range(2, len(sheet.rows))]
    number = 0
    while number < len(rows):
        row, key, value = rows[number]
        number += 1
        while number < len(rows) and rows[number][1] == key and isinstance(value, str):
            value += str(rows[number][2])
            number += 1
        if key != "":
            yield _key(key), row, value, Spot(sheet.name, row, 2)


def _key(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _table(report: Report, facts: Facts, id: str, sheet: Sheet, unit: str, written: dict[str, Any]) -> None:
    table = report.taxonomy.tables[id]
    columns = {at: str(name) for at, name in enumerate(sheet.rows[0]) if at >= 2 and name in table.columns}
    facts.columns.update((id, column) for column in columns.values())
    rows = facts.rows.setdefault(id, [])
    for row in range(2, len(sheet.rows)):
        key = sheet.value(row, 0)
        if key == "":
            continue
        name = _key(key)
        if not rows or rows[-1] != name:
            rows.append(name)
        for at, column in columns.items():
            value, spot = sheet.value(row, at), Spot(sheet.name, row, at)
            mark = sheet.marks.get((row, at), "")
            cell: Cell = (id, name, column)
            if value == "" and not mark:
                continue
            try:
                parse_address(".".join(cell), report.taxonomy)
                if is_derived(table, name, column) and (mark or table.columns[column].kind not in NUMBERS):
                    continue  # there to look at
                if mark in ("unsaved", "error", "external"):
                    raise NoFigure(marked(mark))
                figure = _figure(value, table.columns[column].kind, unit, written.get(".".join(cell)))
            except NoFigure as error:
                facts.unplaced.append(Unplaced(spot, spot, 1, shown(value), f"{'.'.join(cell)}：{error}", True))
                continue
            except ValueError as error:
                facts.unplaced.append(Unplaced(spot, spot, 1, shown(value), str(error), False))
                continue
            if figure is not None:
                facts.cells.append(Placed(cell, figure, spot))


def _figure(value: Any, kind: str, unit: str, written: Any) -> Figure | None:
    if kind == "flag":
        if isinstance(value, bool):
            return Figure(value)
        raise NoFigure(_("“{text}”: TRUE or FALSE is expected").format(text=shown(value)))
    if kind in ("text", "choice"):
        text = _key(value)
        return Figure(str(written) if isinstance(written, str) and written.startswith(text) else text)
    if kind == "percent":
        return Figure(value)
    figure = read_figure(value, kind, unit)
    if figure is not None and written is not None:
        finer = read_figure(written, kind, unit)
        if finer is not None and finer.value == figure.value:
            return Figure(figure.value, finer.half, str(written))
    return figure


def _part(report: Report, facts: Facts, part: str, sheet: Sheet, unit: str, written: dict[str, Any]) -> None:
    for key, row, value, spot in _lines(sheet):
        mark = sheet.marks.get((row, 2), "")
        if value == "" and not mark:
            continue
        try:
            if part not in ADDRESSED:
                facts.texts.append(Text(part, key, str(written.get(key, value)), spot))
                continue
            cell = parse_address(key, report.taxonomy)
            if part == "reasons":
                facts.texts.append(Text(part, cell, str(value), spot))
                continue
            if mark:
                raise NoFigure(marked(mark))
            kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
            figure = _figure(value, kind, unit, written.get(f"{part}:{key}"))
            if figure is not None:
                facts.texts.append(Text(part, cell, figure, spot))
        except NoFigure as error:
            facts.unplaced.append(Unplaced(spot, spot, 1, shown(value), f"{key}：{error}", True))
        except ValueError as error:
            facts.unplaced.append(Unplaced(spot, spot, 1, shown(value), str(error)))
