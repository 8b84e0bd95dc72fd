"""Reading a format's folder of TOML: every formula compiled, every fault noted with file, key and reason.

What a report could fail over is refused here: what a slot gives and what its place takes (formula_types),
rows where there are none, cells that have no column, levels that have no number. What no single part
tells (keys that nothing asks for, what stands there twice) is `format_check`'s.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .amounts import UNITS
from .formats import (
    CHARTS,
    COLUMN_KINDS,
    DEEPEST_HEADING,
    TEXT_FUNCTIONS,
    VARIABLES,
    Block,
    ChartRow,
    ChartSpec,
    Each,
    Form,
    Format,
    FormColumn,
    GridCell,
    Panel,
    Prose,
    RowSpec,
    Section,
    Slot,
    Template,
    Term,
)
from .formula import Formula, FormulaError, Ref, Scope, compile_condition, compile_formula, compile_rows
from .formula_types import expect, name_of, quote
from .i18n import _
from .source import hidden, legible
from .taxonomy import Table, TaxonomyError, list_taxonomies, load_taxonomy, read_data
from .text.width import printable

_SLOT = re.compile(r"\{([^{}]*)\}")
_ID = re.compile(r"[A-Za-z0-9_.-]+")
_PROSE_ID = re.compile(r"[A-Za-z0-9_-]+")
_ALIGNMENTS = ("left", "center", "right")
_STYLES = ("table", "narrative")
_MANY_LINES = ("guidance",)
_INERT = ("note",)
"""What is told to people alone, and nothing of it acts: what it hides is shown as U+FFFD."""

class Loader:
    """Reads one format's folder, and goes on after a fault: what stands beside it is still read.

    `faults` are in the order of the files; `read` is how a file of data is read. `formulas` are all that were
    compiled, `codes` the accounts that ranges name, each with where they stand: file, place, path.
    """

    def __init__(self, folder: str, read: Callable[[str], dict[str, Any]] = read_data) -> None:
        self.folder = folder
        self.read = read
        self.faults: list[TaxonomyError] = []
        self.codes: list[tuple[str, str, tuple[Any, ...], str, str]] = []
        self.formulas: list[tuple[str, str, tuple[Any, ...], Formula]] = []
        self.path: tuple[Any, ...] = ()
        self.place = ""
        self.file = os.path.join(folder, "format.toml")
        self.data = read(self.file)
        self.legible(self.data)
        known = list_taxonomies()
        if self.data.get("taxonomy") not in known:
            raise TaxonomyError(self.file, "taxonomy", _("taxonomy is one of: {known}").format(
                known=", ".join(known)), ("taxonomy",))
        self.taxonomy = load_taxonomy(self.data["taxonomy"])
        numbers = self.data.get("numbers")
        unit = numbers.get("table_unit", "") if isinstance(numbers, dict) else ""
        self.table_unit: str = unit if unit in tuple(UNITS) else ""
        self.prose: dict[str, Prose] = {}
        self.forms: dict[str, Form] = {}
        self.owners: dict[str, str] = {}
        self.outline: list[Section] = []

    @contextmanager
    def part(self, *path: Any) -> Iterator[None]:
        """What is read inside stands at this key, deeper in the file: there its fault is noted."""
        outer, self.path = self.path, (*self.path, *path)
        try:
            yield
        except FormulaError as error:
            self.wrong(str(error))
        except TaxonomyError as error:
            self.faults.append(error)
        except KeyError as error:
            self.wrong(_("“{key}” is missing").format(key=error.args[0]))
        except (TypeError, AttributeError, ValueError, IndexError):
            self.wrong(_("this is not written as a format is (docs/add-a-province.md)"))
        finally:
            self.path = outer

    def wrong(self, message: str) -> None:
        self.faults.append(TaxonomyError(self.file, self.place, message, self.path))

    def legible(self, data: Any, path: tuple[Any, ...] = ()) -> None:
        """Note every key and text that hides something or acts on a terminal; a line is one."""
        if isinstance(data, dict):
            for key, value in data.items():
                self.refuse_hidden(key, (*path, key))
                if key not in _INERT:
                    self.legible(value, (*path, key))
        elif isinstance(data, list):
            for number, value in enumerate(data):
                self.legible(value, (*path, number))
        elif isinstance(data, str) and not data.isprintable():
            self.refuse_hidden(data, path, "\n" if path[-1:] and path[-1] in _MANY_LINES else "")

    def refuse_hidden(self, text: str, path: tuple[Any, ...], keep: str = "") -> None:
        found = hidden(text, keep)
        if found:
            self.faults.append(TaxonomyError(self.file, "", _(
                "“{text}” holds the character {code}, which can't be seen: delete it").format(
                text="".join("\ufffd" if hidden(char) else char for char in legible(text)), code=found), path))

    def format(self) -> Format | None:
        """The format; None where what it is called or how it counts is missing."""
        data = self.data
        cover: list[Template] = []
        with self.part("cover"):
            cover += [self.template(line, None, number) for number, line in enumerate(data["cover"])]
        forms = self.listed("forms")
        for _number, form in forms:
            if isinstance(form, dict):
                self.owners[str(form.get("id", ""))] = str(form.get("of", ""))
        for number, form in forms:
            with self.part("forms", number):
                self.forms[form["id"]] = self.form(form)
        self.outline += self.sections(self.listed("sections"))
        glossary = []
        for number, term in self.listed("glossary"):
            with self.part("glossary", number):
                glossary.append(self.term(term))
        self.file, self.place = os.path.join(self.folder, "format.toml"), ""
        for key in ("id", "title", "years", "contents", "numbers", "wording"):
            with self.part():
                data[key]
        format = None
        with self.part():
            format = Format(data.get("id", ""), printable(data.get("title", "")), self.taxonomy, data["years"][0],
                            data["years"][1], data.get("numbers", {}), data.get("wording", {}), tuple(cover),
                            data.get("contents", ""),
                            tuple(self.outline), self.forms, self.prose, tuple(glossary),
                            printable(" ".join(data.get("note", "").split())),
                            os.path.join(self.folder, "rules.toml"))
        return format

    def listed(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """The [[name]] of the file of this name, numbered; none where it can't be read."""
        self.file, self.place = os.path.join(self.folder, name + ".toml"), ""
        found: list[tuple[int, dict[str, Any]]] = []
        with self.part():
            data = self.read(self.file)
            self.legible(data)
            found += enumerate(data[name])
        return found

    def term(self, data: dict[str, Any]) -> Term:
        """A term, with the taxonomy's own text and condition where the format gives no text."""
        known = {} if "text" in data else self.taxonomy.glossary.get(data["term"])
        if known is None:
            raise KeyError("text")
        when = data.get("when", known.get("when"))
        return Term(data["term"], data.get("text") or known["text"], self.condition(when, None, "when"))

    # ── formulas ──

    def scope(self, table: Table | None) -> Scope:
        variables = VARIABLES if table is not None else {key: VARIABLES[key] for key in ("year", "department")}
        return Scope(self.taxonomy.tables, table, "column", variables, TEXT_FUNCTIONS)

    def noted(self, formula: Formula) -> Formula:
        """The formula, kept with where it stands, for whoever looks up what it names."""
        self.formulas.append((self.file, self.place, self.path, formula))
        return formula

    def printed(self, text: Any, table: Table | None, kinds: tuple[str, ...] = ()) -> Formula:
        """A formula whose value is printed: no list, and one of the `kinds`, if any are told."""
        formula = compile_formula(text, self.scope(table))
        if formula.type.rows:
            raise FormulaError(_("“{text}” is {found}: sum(), count(), names() or joined() make one figure or text "
                                 "of it").format(text=quote(text), found=name_of(formula.type)))
        if kinds:
            expect(formula.type, kinds, text)
        return self.noted(formula)

    def condition(self, text: Any, table: Table | None, *path: Any) -> Formula | None:
        """A condition at a key; None where there is none, or a faulty one, which is noted."""
        formula = None
        with self.part(*path):
            formula = None if text is None else self.noted(compile_condition(text, self.scope(table)))
        return formula

    def template(self, text: str, table: Table | None, *path: Any) -> Template:
        """A sentence at a key, without the slots that are faulty, which are noted."""
        parts: list[Any] = []
        with self.part(*path):
            for number, part in enumerate(_SLOT.split(text)):
                if number % 2:
                    with self.part():
                        formula = self.printed(part, table)
                        parts.append(Slot(formula, formula.reference))
                elif part:
                    parts.append(part)
                    with self.part():
                        self.refuse_brace(part)
        return Template(tuple(parts))

    @staticmethod
    def refuse_brace(text: str) -> None:
        at = next((at for at, char in enumerate(text) if char in "{}"), None)
        if at is not None:
            message = (_("“{text}”: the bracket {{ is not closed") if text[at] == "{" else
                       _("“{text}”: the bracket }} was not opened"))
            raise FormulaError(message.format(text=quote(text[max(0, at - 20):at + 20])))

    def single(self, text: str, table: Table | None, kinds: tuple[str, ...]) -> Ref:
        """The one cell that a formula names. FormulaError where it is more than that."""
        ref = self.printed(text, table, kinds).reference
        if ref is None:
            raise FormulaError(_("“{text}” is no single figure").format(text=quote(text)))
        return ref

    def each(self, data: dict[str, Any], table: Table | None, grouped: bool = False) -> tuple[Each, Table | None]:
        group = data.get("group", "")
        if data["each"] == "group":
            if not grouped:
                raise FormulaError(_("there is no group around this"))
            return Each(None, group, table=table.id if table else ""), table
        ref = compile_rows(data["each"], self.scope(table))
        inner = self.taxonomy.tables[ref.table]
        if group and group not in inner.columns:
            raise FormulaError(_("table “{table}” has no column “{column}”").format(
                table=ref.table, column=legible(str(group))))
        catalogue = self.catalogue(data, inner)
        return Each(ref, group, data.get("nonzero", False), catalogue, data.get("first", ""),
                    data.get("last", ""), self.condition(data.get("filter"), inner, "filter"), ref.table), inner

    def catalogue(self, data: dict[str, Any], table: Table) -> tuple[str, ...]:
        """The classes whose accounts are listed, used or not, and the codes between which they are."""
        classes = data.get("catalogue", ())
        ends = [data[key] for key in ("first", "last") if key in data]
        if not classes:
            if ends or "catalogue" in data:
                raise KeyError("catalogue")
            return ()
        if not table.accounts:
            raise FormulaError(_("table “{table}” has no accounts").format(table=table.id))
        for code in [*classes, *ends]:
            if not isinstance(code, str) or not code.isdigit() or (code in classes and len(code) != 3):
                raise FormulaError(_("“{code}” is no class of accounts, such as \"301\"").format(
                    code=legible(str(code))))
            self.codes.append((self.file, self.place, self.path, table.axis, code))
        return tuple(classes)

    def id(self, data: dict[str, Any], pattern: re.Pattern[str] = _ID, key: str = "id") -> str:
        """An id, which others name."""
        id: str = data[key]
        if not pattern.fullmatch(id):
            raise FormulaError(_("“{id}” is no id: letters a to z, digits, - and _ are").format(id=legible(id)))
        return id

    @staticmethod
    def one_of(data: dict[str, Any], key: str, known: tuple[str, ...], default: str = "") -> str:
        """A word of a few. Raises FormulaError that lists them."""
        word = data.get(key, default)
        if word not in known:
            raise FormulaError(_("“{key}” is one of: {known}; not “{word}”").format(
                key=key, known=", ".join(known), word=legible(str(word))))
        return str(word)

    @staticmethod
    def level(data: dict[str, Any]) -> int:
        level: int = data["level"]
        if not 1 <= level <= DEEPEST_HEADING:
            raise FormulaError(_("level is 1 to {deepest}, not {level}").format(deepest=DEEPEST_HEADING, level=level))
        return level

    # ── the outline ──

    def sections(self, data: list[tuple[int, dict[str, Any]]]) -> Iterator[Section]:
        for position, section in data:
            with self.part("sections", position):
                self.place = f"section-{position + 1}"
                self.place = id = self.id(section)
                when = self.condition(section.get("when"), None, "when")
                title = self.template(section["title"], None, "title")
                blocks = tuple(self.blocks(section.get("blocks", ()), id, None))
                self.place = id
                level = self.level(section)
                yield Section(id, level, title, blocks, section.get("listed", level <= 2),
                              section.get("page", level == 1), when, section.get("numbered", True))

    def blocks(self, data: Any, id: str, table: Table | None, grouped: bool = False) -> Iterator[Block]:
        for number, block in enumerate(data, 1):
            with self.part("blocks", number - 1):
                self.place = f"{id}.{number}"
                yield self.block(block, self.place, table, grouped)

    def block(self, block: dict[str, Any], here: str, table: Table | None, grouped: bool) -> Block:
        when = self.condition(block.get("when"), table, "when")
        if "each" in block:
            each, inner = self.each(block, table, grouped)
            inside = tuple(self.blocks(block["blocks"], here, inner, bool(each.group)))
            return Block(here, "each", when=when, each=each, blocks=inside)
        if "heading" in block:
            return Block(here, "heading", self.template(block["heading"], table, "heading"), when=when,
                         level=self.level(block))
        if "text" in block:
            text = self.template(block["text"], table, "text")
            return Block(here, "text", text, when=when, indent=block.get("indent", True))
        if "prose" in block:
            prose = Prose(self.id(block, _PROSE_ID, "prose"), block["label"], block["guidance"],
                          block.get("optional", False), when)
            self.prose[prose.id] = prose
            if table is not None:
                raise FormulaError(_("a text is asked for once, not for each row"))
            return Block(here, "inline" if block.get("inline") else "prose", name=prose.id, when=when)
        if "paragraphs" in block:
            self.single(block["paragraphs"], table, ("text",))
            return Block(here, "paragraphs", self.template("{" + block["paragraphs"] + "}", table), when=when)
        if "form" in block:
            return Block(here, "form", name=self.placed(block["form"], table), when=when)
        if "chart" in block:
            return Block(here, "chart", when=when, chart=self.chart(block, table))
        for kind in ("page", "glossary"):
            if kind in block:
                if block[kind] is not True:
                    raise FormulaError(_("“{key}” stands there with true, or not at all").format(key=kind))
                return Block(here, kind, when=when)
        raise FormulaError(_("a block without text, prose, form, heading or each"))

    def placed(self, id: str, table: Table | None) -> str:
        """The id of a form that a block prints; one of each record stands in a list of those."""
        if id not in self.owners:
            raise FormulaError(_("there is no form “{id}”").format(id=legible(str(id))))
        owner = self.owners[id]
        if owner and (table is None or table.id != owner):
            raise FormulaError(_("form “{id}” is printed for each of “{table}”, and there is no such row here").format(
                id=id, table=legible(owner)))
        return id

    def chart(self, data: dict[str, Any], table: Table | None) -> ChartSpec:
        kind = self.one_of(data, "chart", CHARTS)
        title, rows = self.template(data["title"], table, "title"), []
        for number, row in enumerate(data["rows"]):
            with self.part("rows", number):
                each, inner = self.each(row, table) if "each" in row else (None, table)
                if "label" not in row and (inner is None or not inner.accounts):
                    raise KeyError("label")
                label = self.template(row["label"], inner, "label") if "label" in row else None
                rows.append(ChartRow(label, self.single(row["cell"], inner, ("amount",)), each))
        whole = self.single(data["whole"], table, ("amount",)) if "whole" in data else None
        return ChartSpec(kind, title, tuple(rows), whole)

    # ── forms ──

    def form(self, data: dict[str, Any]) -> Form:
        self.place = id = self.id(data)
        table = self.table(data["of"]) if "of" in data else None
        if table is not None and table.axis != "records":
            raise FormulaError(_("table “{table}” is no table of records").format(table=table.id))
        panels = []
        for number, panel in enumerate(data.get("panels", [data])):
            with self.part(*(("panels", number) if "panels" in data else ())):
                panels.append(self.panel(panel, table))
        if not panels:
            raise KeyError("columns")
        form = Form(id, data.get("code", ""), self.template(data["title"], table, "title"),
                    self.template(data.get("left", ""), table, "left"),
                    self.template(data.get("right", ""), table, "right"), tuple(panels),
                    tuple(self.template(note, table, "notes", n) for n, note in enumerate(data.get("notes", ()))),
                    self.condition(data.get("empty"), table, "empty"),
                    self.template(data["empty_note"], table, "empty_note") if "empty_note" in data else None,
                    data.get("of", ""), data.get("blank", False), self.one_of(data, "style", _STYLES, "table"),
                    self.one_of(data, "unit", ("", *UNITS), self.table_unit))
        with self.part():
            self.regular(panels)
        return form

    def regular(self, panels: list[Panel]) -> None:
        """A form is a grid or lists side by side, and no mixture."""
        rows = [row for panel in panels for row in (*panel.rows, *panel.foot)]
        grids = [bool(row.grid or row.side) for row in rows]
        if any(grids) and (not all(grids) or len(panels) > 1 or panels[0].foot):
            raise FormulaError(_("a form with “grid” has nothing but rows with “grid” or “side”"))
        for number, panel in enumerate(panels if not any(grids) else ()):
            for position, column in enumerate(panel.columns):
                with self.part(*(("panels", number) if len(panels) > 1 else ()), "columns", position):
                    if not column.header:
                        raise KeyError("header")

    def table(self, id: str) -> Table:
        if id not in self.taxonomy.tables:
            raise FormulaError(_("there is no table “{table}”").format(table=legible(str(id))))
        return self.taxonomy.tables[id]

    def panel(self, data: dict[str, Any], table: Table | None) -> Panel:
        columns: list[FormColumn] = []
        for number, column in enumerate(data["columns"]):
            with self.part("columns", number):
                columns.append(self.column(column))
                if columns[-1].id in [other.id for other in columns[:-1]]:
                    raise FormulaError(_("“{id}” stands there twice").format(id=columns[-1].id))
        if not columns:
            raise KeyError("columns")
        data["rows"]
        return Panel(tuple(columns), self.rows(data, "rows", columns, table), self.rows(data, "foot", columns, table))

    def column(self, data: dict[str, Any]) -> FormColumn:
        kind = self.one_of(data, "kind", COLUMN_KINDS, "figure")
        header = tuple(data["header"].split(">")) if data.get("header") else ()
        if not all(header):
            raise FormulaError(_("a level of the header is empty"))
        start = data.get("start", 0)
        if "start" in data and (kind != "line" or (isinstance(start, int) and start < 1)):
            raise FormulaError(_("“start” is the first number of a column of kind “line”, from 1 on"))
        return FormColumn(self.id(data), header, kind, data.get("key", kind in ("code", "name")), start)

    def rows(self, data: dict[str, Any], key: str, columns: list[FormColumn], table: Table | None,
             inside: bool = False) -> tuple[RowSpec, ...]:
        rows = []
        for number, row in enumerate(data.get(key, ())):
            with self.part(key, number):
                rows.append(self.row(row, columns, table, inside))
        return tuple(rows)

    def row(self, data: dict[str, Any], columns: list[FormColumn], table: Table | None, inside: bool) -> RowSpec:
        each = None
        if "each" in data:
            each, table = self.each(data, table)
        id = self.id(data) if data.get("id") else ""
        if "side" in data:
            if inside or each is not None:
                raise FormulaError(_("a row with “side” stands alone, not in another"))
            group = self.rows(data, "rows", columns, table, inside=True)
            if not group and not data["rows"]:
                raise KeyError("rows")
            return RowSpec(id, None, {}, each, side=self.template(data["side"], table), group=group)
        if "grid" in data:
            return RowSpec(id, None, {}, each, grid=self.grid(data["grid"], len(columns) - inside, table))
        if inside:
            raise KeyError("grid")
        label = self.template(data["label"], table, "label") if "label" in data else None
        with self.part():
            if each is None and label is None and any(column.kind == "name" for column in columns):
                raise KeyError("label")
        formulas = self.cells(data, each, columns, table)
        return RowSpec(id, label, formulas, each, data.get("strong", False), numbered=data.get("numbered", False),
                       code=data.get("code", ""), heading=data.get("heading", False))

    def cells(self, data: dict[str, Any], each: Each | None, columns: list[FormColumn],
              table: Table | None) -> dict[str, Formula]:
        """The formulas of a row by column. All columns are there, those that stay blank with ""; a row without
        `cells` has none, or (repeated) the columns of its table that are called the same."""
        figures = [column.id for column in columns if column.kind in ("figure", "text")]
        given = data.get("cells")
        if given is None:
            cells = {column: column for column in figures} if each is not None else {}
        elif isinstance(given, list):
            if len(given) != len(figures):
                raise FormulaError(_("{given} cells, but there are {columns} columns of figures").format(
                    given=len(given), columns=len(figures)))
            cells = dict(zip(figures, given))
        else:
            cells = dict(given)
            for column in cells:
                if column not in figures:
                    raise FormulaError(_("the form has no column “{column}” of figures").format(
                        column=legible(column)))
            left = [column for column in figures if column not in cells]
            if left:
                raise FormulaError(_("no cell for column “{column}”; one that stays blank is \"\"").format(
                    column=left[0]))
        formulas = {}
        for column, text in cells.items():
            if given is None and table is not None and column not in table.columns:
                raise FormulaError(_("table “{table}” has no column “{column}”: the row needs “cells”").format(
                    table=table.id, column=column))
            with self.part(*(() if given is None else ("cells",))):
                if text != "":
                    formulas[column] = self.printed(text, table)
        return formulas

    def grid(self, data: list[Any], columns: int, table: Table | None) -> tuple[GridCell, ...]:
        cells = tuple(self.grid_cell(cell, table) for cell in data)
        if sum(cell.columns for cell in cells) != columns:
            raise FormulaError(_("the cells are {given} columns wide, and there are {columns}").format(
                given=sum(cell.columns for cell in cells), columns=columns))
        return cells

    def grid_cell(self, data: Any, table: Table | None) -> GridCell:
        if isinstance(data, str):
            return GridCell(self.template(data, table))
        columns = data.get("columns", 1)
        if isinstance(columns, int) and columns < 1:
            raise FormulaError(_("a cell is at least one column wide"))
        return GridCell(self.template(data["text"], table), columns, self.one_of(data, "align", _ALIGNMENTS, "left"),
                        data.get("merge", False))
