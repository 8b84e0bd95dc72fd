"""Explanations: how a figure comes about, down to what was entered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from .amounts import ZERO, show_number
from .formula import UNDEFINED, Formula, cell_of
from .formula_words import formula_words, short
from .i18n import _
from .source import Cell, address, is_derived, is_summed, parse_address

if TYPE_CHECKING:
    from .document import Row as PrintedRow
    from .document import Table as Printed
    from .report import Report

_LONGEST_TEXT = 40


class Explanation(NamedTuple):
    """One figure: its cell, label, printed value and what it is made of.

    `how`: 'entered', 'open' (asked for and not entered), 'partial' (a merged figure of which a unit's part is
    not known), 'blank', 'default' (not entered, but not empty), 'official', 'sum', 'zero' (a sum of nothing) or
    'formula'; `formula` in the words of the report; `parts` the figures that it reads, zero ones left out of
    long sums; `line` where it is entered; `computed` what an official figure replaces.
    """

    cell: Cell
    label: str
    value: str
    how: str
    formula: str = ""
    line: int | None = None
    computed: str = ""
    parts: tuple[Explanation, ...] = ()


def explain(report: Report, cell: Cell) -> Explanation:
    """How the figure of `cell` comes about. A figure that is read in several places is one object."""
    return _explain(report, cell, {})


def entered_below(report: Report, cell: Cell) -> Cell | None:
    """The first figure that is entered among those that `cell` is made of; None where nothing is."""
    pending = [explain(report, cell)]
    while pending:
        found = pending.pop(0)
        if found.how == "entered":
            return found.cell
        pending[:0] = found.parts
    return None


def glance(report: Report, cell: Cell, longest: int = 12) -> Explanation:
    """The same without the figures that it is made of and without the line of the file (after an
    edit, all lines are counted anew), for a line beside a cursor: a sum of more than `longest`
    items is not spelled out."""
    table = report.taxonomy.tables[cell[0]]
    if is_derived(table, cell[1], cell[2]) and table.accounts:
        children = report.graph.get((":tree", table.id)).get(cell[1], ())
        if len(children) > longest and _summed(report, cell):
            kind = table.columns[cell[2]].kind
            how = "official" if cell in report.source.official else "sum"
            return Explanation(cell, report.label(cell), with_unit(report, report.value(cell), kind), how,
                               _("sum of {count} items").format(count=len(children)))
    return _explain(report, cell, {}, deep=False)


def _explain(report: Report, cell: Cell, known: dict[Cell, Explanation], deep: bool = True) -> Explanation:
    if cell in known:
        return known[cell]
    table = report.taxonomy.tables[cell[0]]
    value = report.value(cell)
    official = report.source.official.get(cell)
    entry = official or report.source.entries.get(cell)
    line = report.source.line(entry.path) if entry is not None and deep else None
    kind = table.columns[cell[2]].kind
    found = Explanation(cell, report.label(cell), with_unit(report, value, kind), "entered", line=line)
    if is_derived(table, cell[1], cell[2]):
        how, words, parts = _made_of(report, cell)
        computed = ""
        if official is not None:
            how, computed = "official", report.show(report.computed(cell), kind)
        found = found._replace(how=how, formula=words, computed=computed,
                               parts=tuple(_explain(report, part, known) for part in parts) if deep else ())
    elif value is None and entry is not None:
        found = found._replace(how="partial")
    elif entry is None:
        found = found._replace(how="open" if value is None else "default" if value else "blank")
    known[cell] = found
    return found


def _made_of(report: Report, cell: Cell) -> tuple[str, str, list[Cell]]:
    """How a derived figure comes about: 'sum' or 'formula', in words, and the cells that it reads."""
    table = report.taxonomy.tables[cell[0]]
    formula = table.formula(cell[1], cell[2])
    if formula is not None and not _summed(report, cell):
        words = formula_words(report.taxonomy, formula.text, formula.scope.table, formula.scope.bare, report.name)
        below, tails = _below(report, formula, cell)
        return "formula", words + below, list(dict.fromkeys([*_reads(report, formula, cell), *tails]))
    children = report.graph.get((":tree", table.id)).get(cell[1], ())
    values = [((cell[0], child, cell[2]), report.value((cell[0], child, cell[2]))) for child in children]
    parts = [part for part, value in values if value is None or value]
    how = "sum" if parts else "open" if report.value(cell) is None else "zero"
    return how, " + ".join(report.row_label(*part[:2]) for part in parts), parts


def _summed(report: Report, cell: Cell) -> bool:
    """Is it the sum of its children? Where an official figure stands in the same row, a total can be the
    sum of the row instead."""
    table = report.taxonomy.tables[cell[0]]
    if not table.accounts or not table.columns[cell[2]].down:
        return False
    children = report.graph.get((":tree", table.id)).get(cell[1])
    if children is None:
        return False
    if report.way(table, cell[1], cell[2], children) == "down":
        return True
    values = [report.value((cell[0], child, cell[2])) for child in children]
    return None in values or sum(values, ZERO) == report.computed(cell)


def _below(report: Report, formula: Formula, cell: Cell) -> tuple[str, list[Cell]]:
    """What official figures below add to the sum of a row, in words, and the cells that they stand in or under;
    ('', []) where they add nothing."""
    table = report.taxonomy.tables[cell[0]]
    children = report.graph.get((":tree", table.id)).get(cell[1], ()) if is_summed(table, *cell[1:]) else ()
    if not children or report.way(table, cell[1], cell[2], children) != "both":
        return "", []
    rest = report.derived(table, cell, report.values) - formula(report.values, cell[1], cell[2])
    tails = [(cell[0], child, cell[2]) for child in children
             if report.value((cell[0], child, cell[2])) != formula(report.values, child, cell[2])]
    words = _("{figure} (tails of the official figures below)").format(figure=report.show(abs(rest), "amount"))
    return (" - " if rest < 0 else " + ") + words, tails


def _reads(report: Report, formula: Formula, cell: Cell) -> Iterator[Cell]:
    """The cells that the formula reads at `cell`."""
    for ref in formula.refs:
        if not ref.range:
            yield cell_of(ref, cell[1], cell[2])
        elif ref.column:
            for row in report.values.selected(ref.table, ref.row, cell[1]):
                value = report.value((ref.table, row, ref.column))
                if value is None or value:
                    yield ref.table, row, ref.column


def with_unit(report: Report, value: Any, kind: str) -> str:
    """A value with its unit; of an amount that is finer than the page, all its digits besides."""
    text: str = report.show(value, kind)
    if value is None:
        return text
    if kind == "amount":
        text += " " + report.format.numbers["unit"]
        if report.printed(value) * report.scale != value:
            text += f"（{show_number(value, 2)} 元）"
    elif kind == "percent" and value is not UNDEFINED:
        text += "%"
    elif not isinstance(value, Decimal):
        text = " ".join(text.split())
        text = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT - 1] + "…"
    return text


def as_text(report: Report, explanation: Explanation, columns: int = 100) -> list[str]:
    """An explanation as lines, indented by depth, its formulas wrapped. A figure that stood before
    is not taken apart again; what is empty stands on one line."""
    from .text.width import printable

    return [printable(line) for line in _lines(report, explanation, 0, columns, set())]


def _lines(report: Report, own: Explanation, depth: int, columns: int, seen: set[Cell]) -> Iterator[str]:
    margin = "  " * depth
    again = own.cell in seen and bool(own.parts)
    notes = {"entered": _("entered"), "open": _("to be entered"),
             "partial": _("a unit's part is not known"), "blank": _("nothing entered"),
             "default": _("nothing entered, the preset value"),
             "zero": _("no item has a figure"),
             "official": _("official figure; computed: {computed}").format(computed=own.computed)}
    note = [notes[own.how]] if own.how in notes else []
    note += [_("line {line}").format(line=own.line)] if own.line else []
    note += [_("see above")] if again else []
    yield f"{margin}{own.label} = {own.value}  [{address(own.cell)}]" + ("  " + _(", ").join(note) if note else "")
    if again or not own.formula:
        return
    seen.add(own.cell)
    for number, line in enumerate(_wrapped(own.formula, max(40, columns - 2 * depth - 4))):
        yield f"{margin}  {'  ' if number else '= '}{line}"
    blank = [part for part in own.parts if part.how in ("blank", "zero")]
    for part in own.parts:
        if len(blank) < 2 or part not in blank:
            yield from _lines(report, part, depth + 1, columns, seen)
    if len(blank) > 1:
        yield f"{margin}  " + _("without figures: {labels}").format(labels=_short_labels(report, blank, own.cell))


def _wrapped(formula: str, columns: int) -> list[str]:
    """A formula as lines, broken before the signs of a sum where that is enough."""
    from .text.width import width
    from .text.wrap import wrap

    lines: list[str] = []
    for term in re.split(r" (?=[+-] )", formula):
        if lines and width(lines[-1], 1) + 1 + width(term, 1) <= columns:
            lines[-1] += " " + term
        else:
            lines += wrap(term, columns, ambiguous=1, hang=False)
    return lines


def _short_labels(report: Report, parts: list[Explanation], beside: Cell) -> str:
    """The labels of figures, without what they share with each other and with the cell that reads them."""
    labels, here = [], beside[0]
    for part in parts:
        table_id, row, column_id = part.cell
        table = report.taxonomy.tables[table_id]
        named = [] if table_id == beside[0] and row == beside[1] else [report.row_label(table_id, row)]
        if not named or (len(table.columns) > 1 and column_id != beside[2]):
            named.append(short(table.columns[column_id].label))
        labels.append(("" if table_id == here else f"《{table.title}》") + "·".join(named))
        here = table_id
    return "、".join(labels)


def find_cell(report: Report, text: str) -> Cell:
    """The cell that `text` names: an address (general_budget.2010550.total), or with a form's
    code or Chinese names (公开05表.2010550.小计), as facts are called or as they are printed.
    Raises ValueError that says what there is."""
    try:
        return _fact(report, text)
    except ValueError:
        cell = _on_the_page(report, text)
        if cell is None:
            raise
        return cell


def _fact(report: Report, text: str) -> Cell:
    parts = [part.strip() for part in text.replace("·", ".").split(".")]
    table_id = table_named(report, parts[0])
    if table_id is None:
        names = ", ".join(f"{table.id} {table.title}" for table in report.taxonomy.tables.values())
        raise ValueError(_("there is no table “{table}”; there are: {tables}").format(table=parts[0], tables=names))
    if len(parts) < 2 or len(parts) > 3 or not parts[1]:
        raise ValueError(_("an address is table.row or table.row.column, see docs/source-format.md"))
    table = report.taxonomy.tables[table_id]
    rows = report.rows(table_id)
    row = parts[1]
    if row not in rows:
        row = next((row for row in rows if parts[1] in _row_names(report, table_id, row)), row)
    wanted = parts[2] if len(parts) == 3 else table.primary
    column = next((column.id for column in table.columns.values()
                   if wanted in (column.id, column.label, short(column.label))), wanted)
    cell = parse_address(f"{table_id}.{row}.{column}", report.taxonomy)
    if row not in rows and not _printed_besides(report, table_id, row):
        raise ValueError(_("the report has no row “{row}” in {table}").format(row=row, table=table.title))
    return cell


def _on_the_page(report: Report, text: str) -> Cell | None:
    """The cell of a printed figure, by the code or title of its table and the names at its row and column."""
    from .compose import form_title, listed_form

    name, _dot, rest = text.replace("·", ".").partition(".")
    row_name, _dot, column_name = rest.rpartition(".")
    for form in report.format.forms.values():
        if form.each or not form.code or any(spec.grid for panel in form.panels for spec in panel.rows):
            continue
        if name.strip() not in (form.code, form.code.rstrip("表"), form_title(report, form.id)):
            continue
        table = listed_form(report, form.id)
        for row in table.rows:
            for wanted, column in ((rest, ""), (row_name, column_name)):
                cell = _in_row(table, row, _bare(wanted), _bare(column))
                if cell:
                    return parse_address(cell, report.taxonomy)
    return None


def _in_row(table: Printed, row: PrintedRow, name: str, column_name: str) -> str:
    """The address of the figure in this column ('': the first one) of the list that calls the row so."""
    for panel in dict.fromkeys(column.panel for column in table.columns):
        beside = [(column, cell) for column, cell in zip(table.columns, row.cells, strict=True)
                  if column.panel == panel]
        names = {_bare(cell.text) for column, cell in beside if column.kind in ("name", "code")}
        figures = [(column, cell) for column, cell in beside if cell.address]
        names |= {cell.address.split(".")[1] for _column, cell in figures}
        for column, cell in figures if name in names and name else ():
            if not column_name or column_name in (column.id, *(_bare(level) for level in column.header)):
                return cell.address
    return ""


_ENUMERATED = re.compile(r"^(?:其中：)?(?:[一二三四五六七八九十]+、|\d+\.|（\d+）)?")


def _bare(label: str) -> str:
    """A printed label without its number and spaces."""
    return _ENUMERATED.sub("", re.sub(r"[\s|]", "", label))


def _row_names(report: Report, table_id: str, row: str) -> tuple[str, ...]:
    table = report.taxonomy.tables[table_id]
    return row, report.row_label(table_id, row), report.name(row) if table.accounts else ""


def _printed_besides(report: Report, table_id: str, row: str) -> bool:
    """Accounts without an entry that stand in a form all the same: of last year, or of the catalogue."""
    table = report.taxonomy.tables[table_id]
    if not table.accounts:
        return False
    catalogue = report.functional if table.axis == "functional" else report.economic
    return row in catalogue or row in report.graph.get((":compared", table_id))


def table_named(report: Report, name: str) -> str | None:
    """The fact table of an id, of a form's code (公开05表, 公开05) or of a Chinese title."""
    if name in report.taxonomy.tables:
        return name
    for form in report.format.forms.values():
        if form.code and name in (form.code, form.code.rstrip("表")) and form.id in report.taxonomy.tables:
            return str(form.id)
    for table in report.taxonomy.tables.values():
        if name in (table.title, table.title + "表"):
            return table.id
    return None
