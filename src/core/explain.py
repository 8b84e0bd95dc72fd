"""Explanations: how a figure comes about, down to what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .formula import Formula, Ref, cell_of
from .i18n import _
from .source import Cell, address, is_derived, parse_address

if TYPE_CHECKING:
    from .report import Report


class Explanation(NamedTuple):
    """One figure: its cell, label, printed value and what it is made of.

    `how`: 'entered', 'blank', 'official', 'sum' or 'formula'; `formula` in the words of the
    report; `parts` the figures that it reads, zero ones left out of long sums; `line` where it
    is entered; `computed` what an official figure replaces.
    """

    cell: Cell
    label: str
    value: str
    how: str
    formula: str
    line: int | None
    computed: str
    parts: tuple["Explanation", ...]


def explain(report: "Report", cell: Cell) -> Explanation:
    """How the figure of `cell` comes about."""
    table = report.taxonomy.tables[cell[0]]
    label, value = report.label(cell), _exact(report, cell)
    official = report.source.official.get(cell)
    entry = official or report.source.entries.get(cell)
    line = report.source.line(entry.path) if entry is not None else None
    if not is_derived(table, cell[1], cell[2]):
        return Explanation(cell, label, value, "entered" if entry else "blank", "", line, "", ())
    children = report.graph.get((":tree", table.id)).get(cell[1]) if table.accounts and table.columns[cell[2]].down else None
    if children is not None:
        parts = [(cell[0], child, cell[2]) for child in children if report.value((cell[0], child, cell[2]))]
        words = " + ".join(report.row_label(*part[:2]) for part in parts) or "0"
        how = "sum"
    else:
        formula = table.formula(cell[1], cell[2])
        assert formula is not None
        parts = list(dict.fromkeys(_reads(report, formula, cell)))
        words = formula.worded(lambda ref: _words(report, ref, cell))
        how = "formula"
    computed = ""
    if official is not None:
        how = "official"
        computed = report.show(report.derived(table, cell, report.values), table.columns[cell[2]].kind)
    return Explanation(cell, label, value, how, words, line, computed, tuple(explain(report, part) for part in parts))


def _reads(report: "Report", formula: Formula, cell: Cell) -> list[Cell]:
    """The cells that the formula reads at `cell`."""
    cells: list[Cell] = []
    for ref in formula.refs:
        if not ref.range:
            cells.append(cell_of(ref, cell[1], cell[2]))
        elif ref.column:
            rows = report.values.selected(ref.table, ref.row, cell[1])
            cells += [(ref.table, row, ref.column) for row in rows if report.value((ref.table, row, ref.column))]
    return cells


def _words(report: "Report", ref: Ref, cell: Cell) -> str:
    """A reference in the words of the report, as short as its place allows."""
    if ref.range:
        table = report.taxonomy.tables[ref.table]
        return f"《{table.title}》{table.columns[ref.column].label}" if ref.column else f"《{table.title}》"
    table_id, row, column = cell_of(ref, cell[1], cell[2])
    table = report.taxonomy.tables[table_id]
    parts = [] if table_id == cell[0] else [f"《{table.title}》"]
    if (table_id, row) != (cell[0], cell[1]):
        parts.append(report.row_label(table_id, row))
    if len(table.columns) > 1 and not (column == cell[2] and table_id == cell[0]):
        parts.append(table.columns[column].label)
    return "·".join(parts).replace("》·", "》") or table.columns[column].label


def _exact(report: "Report", cell: Cell) -> str:
    kind = report.taxonomy.tables[cell[0]].columns[cell[2]].kind
    unit = f" {report.format.numbers['unit']}" if kind == "amount" else "%" if kind == "percent" else ""
    return report.shown(cell) + unit


def as_text(report: "Report", explanation: Explanation) -> list[str]:
    """An explanation as lines, indented by depth; a figure that stood before is not taken apart again."""
    lines: list[str] = []
    _lines(explanation, 0, lines, set())
    return lines


def _lines(explanation: Explanation, depth: int, lines: list[str], seen: set[Cell]) -> None:
    margin = "  " * depth
    lines.append(f"{margin}{explanation.label} = {explanation.value}  [{address(explanation.cell)}]")
    where = _(" (line {line})").format(line=explanation.line) if explanation.line else ""
    if explanation.how == "entered":
        lines[-1] += "  " + _("entered") + where
    elif explanation.how == "blank":
        lines[-1] += "  " + _("nothing entered")
    elif explanation.how == "official":
        lines[-1] += "  " + _("official figure; computed: {computed}").format(computed=explanation.computed) + where
    if not explanation.formula:
        return
    lines.append(f"{margin}  = {explanation.formula}")
    if explanation.cell in seen:
        if explanation.parts:
            lines.append(f"{margin}  " + _("(as above)"))
        return
    seen.add(explanation.cell)
    for part in explanation.parts:
        _lines(part, depth + 1, lines, seen)


def find_cell(report: "Report", text: str) -> Cell:
    """The cell that `text` names: an address (general_budget.2010550.total), or with a form's
    code or Chinese names (公开05表.2010550.小计). Raises ValueError that says what there is."""
    try:
        return parse_address(text, report.taxonomy)
    except ValueError as error:
        parts = [part.strip() for part in text.replace("·", ".").split(".")]
        table_id = _table(report, parts[0])
        if table_id is None or len(parts) < 2:
            raise error
        table = report.taxonomy.tables[table_id]
        row = next((row for row in report.rows(table_id) if parts[1] in (row, report.row_label(table_id, row),
                    report.name(row) if table.accounts else "")), parts[1])
        wanted = parts[2] if len(parts) > 2 else table.primary
        column = next((column.id for column in table.columns.values() if wanted in (column.id, column.label)), wanted)
        return parse_address(f"{table_id}.{row}.{column}", report.taxonomy)


def _table(report: "Report", name: str) -> str | None:
    """The fact table of a form's code (公开05表, 公开05) or of a Chinese title."""
    if name in report.taxonomy.tables:
        return name
    for form in report.format.forms.values():
        if form.code and name in (form.code, form.code.rstrip("表")) and form.id in report.taxonomy.tables:
            return form.id
    for table in report.taxonomy.tables.values():
        if name in (table.title, table.title + "表"):
            return table.id
    return None
