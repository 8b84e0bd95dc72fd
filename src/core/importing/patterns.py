"""Patterns: the tables that a workbook can hold, as titles, headers and row labels.

They come from the format's forms (公开表) and, for what the accounting system exports (财决表),
from `taxonomies/workbooks/<taxonomy>.toml`. Nothing here knows a table by name.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from ..formats import Form, Format, RowSpec, Slot, Template
from ..formats import Panel as FormPanel
from ..formula import Formula, cell_of
from ..source import FIRST_DIGIT, Cell, parse_address
from ..taxonomy import FOLDER, Table, Taxonomy, TaxonomyError
from .words import code_of, folded, plain, title_of

Path = tuple[str, ...]
"""A header from its top level down, each level in plain words."""


class Accounts(NamedTuple):
    """Rows that are accounts of `table`: found by their codes, or (`named`) by their names.

    `digit`: with which their codes begin. `cells`: by header, the table and column that the figure
    of a row belongs to.
    """

    table: str
    digit: str
    named: bool
    cells: Mapping[Path, tuple[str, str]]


class Line(NamedTuple):
    """A fixed row: its label in plain words (or its code), and the cell of each column by header.
    Without cells it is known and not needed."""

    label: str
    cells: Mapping[Path, Cell]
    code: str = ""


class Records(NamedTuple):
    """Rows that are records of `table`: `name` is the column of the label, `cells` those of the others."""

    table: str
    name: str
    cells: Mapping[Path, str]


class Panel(NamedTuple):
    """One of the lists of a table. `headers`: every header that is known, True where it is needed.

    `across`: (table, column) whose accounts stand in the header, by their names; the row 合计 counts.
    `totals`: further cells of the row 合计.
    """

    headers: Mapping[Path, bool]
    lines: tuple[Line, ...] = ()
    accounts: tuple[Accounts, ...] = ()
    records: Records | None = None
    across: tuple[str, str] | None = None
    totals: Mapping[Path, Cell] = {}


class Pattern(NamedTuple):
    """A table that is known: what it is called, how it is numbered, what stands in it.

    `unused`: known, and nothing in it is needed. `form`: it is one of the format's own.
    """

    title: str
    titles: frozenset[str]
    codes: frozenset[str]
    sheets: tuple[str, ...]
    panels: tuple[Panel, ...]
    unused: bool = False
    form: bool = False


class Words(NamedTuple):
    """What the headers and labels of all tables have in common (taxonomies/workbooks/words.toml)."""

    keys: Mapping[str, str]
    headers: Mapping[str, str]
    labels: Mapping[str, str]
    totals: frozenset[str]
    neutral: frozenset[str]


@cache
def words() -> Words:
    """The words of all workbooks."""
    data = _read(os.path.join(FOLDER, "workbooks", "words.toml"))
    keys = {plain(word): kind for kind, list in data["keys"].items() for word in list}
    return Words(keys, {plain(a): plain(b) for a, b in data["headers"].items()},
                 {plain(a): plain(b) for a, b in data["labels"].items()},
                 frozenset(map(plain, data["totals"]["labels"])), frozenset(map(plain, data["neutral"]["headers"])))


def header_word(text: str) -> str:
    """One level of a header in the words that headers are compared in."""
    word = plain(text)
    return words().headers.get(word, word)


def label_word(text: str) -> str:
    """A row's label in the words that labels are compared in."""
    word = plain(text)
    return words().labels.get(word, word)


def header_path(text: str) -> Path:
    """A header written with '>' between its levels."""
    return tuple(word for level in text.split(">") if (word := level if level == "*" else header_word(level)))


_PATTERNS: dict[str, tuple[Format, tuple[Pattern, ...]]] = {}


def patterns(format: Format) -> tuple[Pattern, ...]:
    """The tables that a workbook for a report of `format` can hold. Raises TaxonomyError."""
    known = _PATTERNS.get(format.id)
    if known is None or known[0] is not format:
        forms = [found for form in format.forms.values() if (found := _of_form(format, form)) is not None]
        known = _PATTERNS[format.id] = (format, (*forms, *_of_taxonomy(format.taxonomy)))
    return known[1]


def printed_facts(format: Format) -> set[Cell]:
    """The facts (table, line or '*', column) that the format's own forms print as they are."""
    found: set[Cell] = set()
    for panel in (panel for pattern in patterns(format) if pattern.form for panel in pattern.panels):
        for accounts in panel.accounts:
            found.update((table, "*", column) for table, column in accounts.cells.values())
        for line in panel.lines:
            found.update(line.cells.values())
    return found


# ── the format's own forms ──


def _of_form(format: Format, form: Form) -> Pattern | None:
    title = _words(form.title)
    if form.each or not title or any(row.grid or row.side for panel in form.panels for row in panel.rows):
        return None  # irregular: an accountant's text, not a table of accounts
    panels = tuple(_of_panel(format.taxonomy, panel) for panel in form.panels)
    if not any(panel.lines or panel.accounts or panel.records for panel in panels):
        return None
    codes = frozenset(filter(None, (code_of(form.code),)))
    return Pattern(title, frozenset((title_of(title).name,)), codes, (), panels, form=True)


def _words(template: Template | None) -> str:
    """The words of a template without its slots, and without what they leave behind (年度)."""
    parts = template.parts if template else ()
    text = "".join("" if isinstance(part, Slot) else part for part in parts)
    return text.removeprefix("年度") if parts and isinstance(parts[0], Slot) else text


def _of_panel(taxonomy: Taxonomy, panel: FormPanel) -> Panel:
    figures = {column.id: header_path(">".join(column.header))
               for column in panel.columns if column.kind in ("figure", "text")}
    lines: list[Line] = []
    accounts: list[Accounts] = []
    records = None
    for spec in (*panel.rows, *panel.foot):
        if spec.each is not None:
            table = taxonomy.tables[spec.each.table]
            if table.accounts:
                selector = spec.each.ref.row if spec.each.ref is not None else ""
                accounts.append(Accounts(table.id, FIRST_DIGIT[table.axis], selector == "classes",
                                         _account_cells(figures, spec)))
            elif table.axis == "records" and not table.owner:
                records = _records(table, spec, figures)
        elif not spec.numbered and (spec.code or _words(spec.label)):
            lines.append(Line(label_word(_words(spec.label)), _line_cells(figures, spec), spec.code))
        elif spec.cells:
            lines.append(Line("", _line_cells(figures, spec)))
    return Panel(dict.fromkeys(figures.values(), True), tuple(lines), tuple(accounts), records)


def _line_cells(figures: Mapping[str, Path], spec: RowSpec) -> dict[Path, Cell]:
    return {figures[column]: cell_of(ref, "") for column, formula in spec.cells.items()
            if column in figures and (ref := _bare(formula)) is not None and ref.fixed}


def _account_cells(figures: Mapping[str, Path], spec: RowSpec) -> dict[Path, tuple[str, str]]:
    return {figures[column]: (ref.table, ref.column) for column, formula in spec.cells.items()
            if column in figures and (ref := _bare(formula)) is not None}


def _bare(formula: Formula) -> Any:
    """The one cell that a formula merely repeats, of this year; None for any other."""
    ref = formula.reference
    return None if ref is None or ref.prior or ref.range else ref


def _records(table: Table, spec: RowSpec, figures: Mapping[str, Path]) -> Records | None:
    slot = spec.label.parts[0] if spec.label and len(spec.label.parts) == 1 else None
    if not isinstance(slot, Slot) or slot.ref is None:
        return None
    cells = {header: column for header, (_table, column) in _account_cells(figures, spec).items()}
    return Records(table.id, slot.ref.column, cells)


# ── what the accounting system exports ──


def _of_taxonomy(taxonomy: Taxonomy) -> Iterator[Pattern]:
    file = os.path.join(FOLDER, "workbooks", taxonomy.id + ".toml")
    for number, data in enumerate(_read(file).get("tables", ()) if os.path.exists(file) else (), 1):
        try:
            panels = () if data.get("unused") else tuple(
                _declared(taxonomy, {**{key: data[key] for key in ("skip", "total") if key in data}, **panel})
                for panel in data.get("panels", [data]))
            yield Pattern(data["titles"][0], frozenset(title_of(title).name for title in data["titles"]),
                          frozenset(code_of(code + "表") for code in data.get("codes", ())),
                          tuple(folded(sheet) for sheet in data.get("sheets", ())), panels, data.get("unused", False))
        except (KeyError, ValueError) as error:
            place = str((data.get("codes") or data.get("titles") or [number])[0])
            raise TaxonomyError(file, place, str(error)) from None


def _declared(taxonomy: Taxonomy, data: dict[str, Any]) -> Panel:
    headers: dict[Path, bool] = {header_path(text): False for text in data.get("skip", ())}
    accounts: list[Accounts] = []
    lines: list[Line] = []
    if "rows" in data:
        table = _table(taxonomy, data["rows"], data["columns"].values())
        accounts.append(Accounts(table.id, FIRST_DIGIT[table.axis], False, {
            header_path(text): (table.id, column) for text, column in data["columns"].items()}))
    if "classes" in data:
        own = data["classes"]
        table = _table(taxonomy, own["table"], own["cells"].values())
        accounts.append(Accounts(table.id, FIRST_DIGIT[table.axis], True, {
            header_path(text): (table.id, column) for text, column in own["cells"].items()}))
    for line in data.get("lines", ()):
        lines.append(Line(label_word(line["label"]), {
            header_path(text): parse_address(address, taxonomy) for text, address in line["cells"].items()}))
    lines += [Line(label_word(label), {}) for label in data.get("ignored", ())]
    if "across_lines" in data:
        lines.append(_across_lines(taxonomy, data["across_lines"]))
    totals = {header_path(text): parse_address(address, taxonomy) for text, address in data.get("total", {}).items()}
    across = None
    if "across" in data:
        across = (data["across"]["table"], data["across"]["column"])
        _table(taxonomy, across[0], [across[1]])
    for cells in (*(rows.cells for rows in accounts), *(line.cells for line in lines), totals):
        headers.update(dict.fromkeys(cells, True))
    return Panel(headers, tuple(lines), tuple(accounts), None, across, totals)


def _across_lines(taxonomy: Taxonomy, data: dict[str, Any]) -> Line:
    """One row, in whose header the lines of a table stand under its columns."""
    table = _table(taxonomy, data["table"], data["columns"].values())
    cells: dict[Path, Cell] = {}
    for text, column in data["columns"].items():
        for line in table.lines.values():
            word = header_word(line.label)
            above = [()] + [(header_word(other.label),) for other in table.lines.values() if other is not line]
            for path in (*((*parent, word) for parent in above), (word, header_word("合计"))):
                cells[(header_word(text), *path)] = (table.id, line.id, column)
    return Line("", cells)


def _table(taxonomy: Taxonomy, id: str, columns: Iterable[str]) -> Table:
    table = taxonomy.tables[id]
    for column in columns:
        table.columns[column]
    return table


def _read(file: str) -> dict[str, Any]:
    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(file, "", str(error)) from None

