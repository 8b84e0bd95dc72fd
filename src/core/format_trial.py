"""A format tried out: reports over sources that nobody wrote, put together and written in every kind.

What is wrong with the data of a format is found where it is read; what is left is what only shows in a
report. Three are made, in memory, of all that the format asks for: one without any entry, one in which
everything is entered, and one of extremes: figures at both ends of what can be entered, markup, formulas
of spreadsheets, names that are too long, characters that act on a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from .amounts import LARGEST
from .catalogue import load_catalogue
from .checks import findings
from .compose import compose, composed_blocks, numbered_sections
from .document import Table as Printed
from .explain import explain
from .formats import Format
from .graph import CycleError
from .i18n import _
from .progress import told
from .reach import reached
from .render import KINDS, export
from .report import Report
from .source import Cell, Entry, Source, is_derived, parse_address
from .taxonomy import NUMBERS, Column, Table
from .text.width import printable

_ROWS = 3  # accounts of each class, records, records of a record

_TEXTS = ("<b>&\"'</b>", "=1+1",
          "{expenditure.total.total}", "\x1b[31m\u202e红", "长" * 300, "| a | b |\n# c", " ", "0")
_AMOUNTS = (-LARGEST, Decimal("0.01"), LARGEST, Decimal(0), Decimal("-0.01"), Decimal("49.99"), Decimal("0.0049"))
_COUNTS = (Decimal(0), Decimal(10) ** 9, Decimal(1))
_SCORES = (Decimal(0), Decimal(10) ** 6, Decimal("0.01"), Decimal(100))


class Failure(NamedTuple):
    """Something that could not be made: the path of the block or section ((): the whole report), what was
    done, and why it failed."""

    path: tuple[Any, ...]
    message: str


def failures(format: Format) -> list[Failure]:
    """What fails over the three sources, each place once."""
    found: dict[Any, Failure] = {}
    for name, source in _sources(format):
        for failure in _tried(format, name, source):
            found.setdefault(failure.path or failure.message, failure)
    return list(found.values())


def _tried(format: Format, name: str, source: Source) -> Iterator[Failure]:
    report = Report(source)
    failed = False
    for path, act in _steps(report, format):
        reason = _reason(act)
        if reason:
            failed = True
            yield Failure(path, _("over {source} this cannot be printed: {reason}").format(source=name, reason=reason))
    if failed:
        return
    document = compose(report)
    for kind in KINDS:
        reason = _reason(lambda kind=kind: export(kind, document, report))  # type: ignore[misc]
        if reason:
            yield Failure((), _("over {source} the report cannot be written as {kind}: {reason}").format(
                source=name, kind=kind, reason=reason))
    acts: list[Callable[[], Any]] = [lambda: findings(report), lambda: list(report.watched()),
                                     lambda: _explained(report, document.blocks)]
    for act in acts:
        reason = _reason(act)
        if reason:
            yield Failure((), _("over {source} the report cannot be checked: {reason}").format(
                source=name, reason=reason))


def _steps(report: Report, format: Format) -> Iterator[tuple[tuple[Any, ...], Callable[[], Any]]]:
    """What the report is put together of, with the key that each stands at."""
    yield (), lambda: list(numbered_sections(report))
    for number, section in enumerate(format.sections):
        for position, block in enumerate(section.blocks):
            path = ("sections", number, "blocks", position)
            yield path, lambda block=block, section=section: composed_blocks(report, block, section.id)  # type: ignore[misc]
    yield (), lambda: compose(report)


def _reason(act: Callable[[], Any]) -> str:
    """Why it fails, '' where it does not. Whatever it is: this is what the trial is for."""
    try:
        act()
    except (Exception, CycleError) as error:
        return printable(f"{type(error).__name__} {error}".strip())[:200]
    return ""


def _explained(report: Report, blocks: tuple[Any, ...]) -> None:
    """Every figure of the tables, told where it comes from."""
    addresses = {cell.address: None for table in blocks if isinstance(table, Printed)
                 for row in table.rows for cell in row.cells if cell.address}
    for address in addresses:
        explain(report, parse_address(address, report.taxonomy))


# ── sources ──


def _sources(format: Format) -> Iterator[tuple[str, Source]]:
    yield _("an empty source"), _new(format, "")
    yield _("a full source"), _filled(format, _usual, "某某局")
    yield _("a source of extremes"), _filled(format, _extreme, _TEXTS[0])


def _new(format: Format, department: str) -> Source:
    source = Source("", "schema = 1\n", format.taxonomy, format)
    source.year = min(max(format.since, 2000), 2100)
    source.department = department
    source.unit = "万元"
    return source


def _filled(format: Format, value: Callable[[Column, int], Any], department: str) -> Source:
    """A source with something in every cell that the format asks for."""
    source = _new(format, department)
    asked = reached(format)
    number = 0
    for table in format.taxonomy.tables.values():
        if not any(fact[0] == table.id for fact in asked):
            continue
        for row in _rows(source, table):
            line = table.line(row)
            for column in table.entered:
                if (table.id, line.id if line else "*", column.id) not in asked or is_derived(table, row, column.id):
                    continue
                number += 1
                path = (table.key, row, column.id)
                source.entries[table.id, row, column.id] = Entry(value(column, number), path=path)
    for number, id in enumerate(format.prose):
        source.prose[id] = value(Column("", "", "text"), number)
    for number, cell in enumerate(dict.fromkeys(_compared(format, source))):
        figure = format.taxonomy.tables[cell[0]].columns[cell[2]]
        if figure.kind in NUMBERS and number % 4:
            source.prior[cell] = Entry(value(figure, number + 1))
        source.reasons[cell] = value(Column("", "", "text"), number)
    return source


def _rows(source: Source, table: Table) -> list[str]:
    """Rows of a table; those of accounts and records are made."""
    owners = source.rows[table.owner] if table.owner else [""]
    if table.lines:
        return [f"{owner}/{line}" if owner else line for owner in owners for line in table.lines]
    if table.accounts:
        kind: Any = table.axis
        classes: dict[str, int] = {}
        for code in load_catalogue(kind, source.year).codes():
            if len(code) == table.digits and (not table.classes or code[:3] in table.classes):
                classes[code[:3]] = classes.get(code[:3], 0) + 1
                if classes[code[:3]] <= _ROWS and len(classes) <= 2 * _ROWS:
                    source.rows[table.id].append(code)
    else:
        source.rows[table.id] += [f"{owner}/{n}" if owner else str(n) for owner in owners for n in range(1, _ROWS + 1)]
        source.row_paths.update({(table.id, row): (table.key,) for row in source.rows[table.id]})
    return source.rows[table.id]


def _compared(format: Format, source: Source) -> Iterator[Cell]:
    """Cells of which sentences tell the change or the reason."""
    for function in ("change", "because"):
        for ref in told(format, function):
            for row in (ref.row,) if ref.fixed else source.rows[ref.table][:_ROWS]:
                yield ref.table, row, ref.column


def _usual(column: Column, number: int) -> Any:
    values = {"amount": Decimal(10000 * number), "count": Decimal(number % 7 + 1), "score": Decimal(number % 20),
              "flag": number % 2 == 0, "choice": (*column.choices, "")[number % max(1, len(column.choices))]}
    return values.get(column.kind, column.example or "文字")


def _extreme(column: Column, number: int) -> Any:
    values = {"amount": _AMOUNTS, "count": _COUNTS, "score": _SCORES, "flag": (True, False),
              "choice": column.choices or ("",)}.get(column.kind, _TEXTS)
    return values[number % len(values)]
