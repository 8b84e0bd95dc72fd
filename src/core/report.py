"""The report: every figure of one source, computed when asked for and kept up to date.

    report = open_report("sanming-2024.toml")
    report.value(("overview", "total", "amount"))      # Decimal, 元
    change = report.set(("expenditure", "2010550", "basic"), "12.50")

A cell's value is its official figure, or what was entered, or what its formula (or the sum of
its children) gives. What is asked for and was not entered is unknown, and so is what is computed
from it: its value is None. Rows follow from the entries. Everything hangs together in one graph, so
that `set` computes again just what depends on the cell and says exactly what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from . import checks, known, narrative, progress
from .amounts import UNITS, ZERO, Interval, as_interval, round_half_up, show_number, show_percent
from .catalogue import Row, load_catalogue
from .changes import LISTS, Change, completed, listed, sorted_change
from .document import placeholder
from .formula import UNDEFINED, Formula, Unknown, owner_of
from .graph import Graph
from .i18n import _
from .references import resolve
from .source import Cell, Entry, Source, filled_rows, is_derived, is_row, is_summed, parse_cell
from .taxonomy import LEVELS, NUMBERS, Rule, Table, further_rules
from .values import Intervals, Partial, Printed, Prior, PriorIntervals, Values


class Report:
    """The figures, sentences, findings and progress of one source.

    `prior` is last year's report, if the source names one; `catalogue_rows` the accounts of an
    organisation's own catalogue file.
    """

    def __init__(self, source: Source, prior: Report | None = None, catalogue_rows: Iterable[Row] = ()) -> None:
        self.source = source
        self.format = source.format
        self.taxonomy = source.taxonomy
        self.prior_report = prior
        self.functional = load_catalogue("functional", source.year, tuple(catalogue_rows))
        self.economic = load_catalogue("economic", source.year, tuple(catalogue_rows))
        self.scale = UNITS[self.format.numbers["unit"]]
        self.decimals: int = self.format.numbers["decimals"]
        self.exact: bool = self.format.numbers.get("rates", "exact" if source.unit == "元" else "printed") == "exact"
        self.values = Values(self)
        self.intervals = Intervals(self)
        self.partial_values = Partial(self)
        self.printed_values = Printed(self)
        self.prior_values = Prior(self)
        self.prior_intervals = PriorIntervals(self)
        self.text = narrative.Text(self)
        self._kinds: dict[str, Callable[..., Any]] = {
            ":rows": self._rows, ":tree": self._tree, ":items": self._items, ":compared": self._compared,
            ":lacking": lambda *key: known.lacking(self, *key), ":begun": lambda *key: known.begun(self, *key),
            ":settled": lambda: known.settled(self), ":partial": lambda *cell: known.partial(self, cell),
            ":entered": lambda *cell: cell in self.source.entries, ":prior": self._prior, ":interval": self._interval,
            ":text": self.text.sentence, ":each": self.text.turns,
            ":holds": self.text.holds, ":used": self.text.used, ":moved": self._moved,
            ":acknowledged": lambda *key: self.source.acknowledged.get(key, ()),
            ":carried": lambda: tuple(self.source.carried), ":blank": lambda: self.source.blank,
            ":merged": lambda: self.source.merged,
            ":reference": lambda name: resolve(self, name),
            ":reason": self._reason, ":prose": self._prose, ":stated": self._stated,
            ":judged": lambda *key: checks.judge(self, key), ":judges": lambda *key: checks.instances(self, key),
            ":need": lambda *key: progress.state(self, key), ":needs": lambda *key: progress.instances(self, key),
        }
        self.official_rows = {cell[:2] for cell in source.official}
        self.filled = filled_rows(source)
        self.finer = {cell for cell, entry in source.entries.items() if self._is_finer(cell, entry)}
        self._rules: tuple[Rule, ...] | None = None
        self._shown: dict[tuple[Decimal, str], str] = {}
        self.graph = Graph(self._compute)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The taxonomy's rules and the format's own, compiled when first asked for."""
        if self._rules is None:
            self._rules = (*self.taxonomy.rules, *further_rules(self.taxonomy, self.format.rules_file))
        return self._rules

    # ── what there is ──

    def rows(self, table: str) -> tuple[str, ...]:
        """The row ids of a table, in order; on an account axis 'total' first, parents before children."""
        return self.graph.get((":rows", table))

    def items(self, table: str) -> tuple[str, ...]:
        """The leaf rows of an account table, the rows of any other."""
        return self.graph.get((":items", table))

    def value(self, cell: Cell) -> Any:
        """The value of a cell: 元, count, points, ratio or text; None where it is not known."""
        return self.graph.get(cell)

    def lacks(self, table: str, owner: str = "") -> bool:
        """Is it not known what a table holds (of a record, where it belongs to one): are there no rows
        that were entered, and has nobody said that there is nothing?"""
        return self.graph.get((":lacking", table, owner))

    def partial(self, cell: Cell) -> Any:
        """What is known so far of a figure that is not known yet: what it is computed from, without what lacks."""
        return self.graph.get((":partial", *cell))

    def prior(self, cell: Cell) -> Decimal | None:
        """Last year's figure of a cell (元), or None where it is not known."""
        return self.graph.get((":prior", *cell))

    def interval(self, cell: Cell) -> Interval:
        """The exact values that the cell's figure can stand for. Raises Unknown where it is not known."""
        if is_derived(self.taxonomy.tables[cell[0]], cell[1], cell[2]):
            found = self.graph.get((":interval", *cell))
            if found is None:
                raise Unknown
            return found
        # What is entered, or left blank, is most of a large table: no nodes for that.
        value, entry = self.value(cell), self.source.entries.get(cell)
        if value is None:
            raise Unknown
        return as_interval(value) if entry is None else Interval(value - entry.half, value + entry.half)

    def name(self, code: str) -> str:
        """The name of an account: the source's own, or the catalogue's; '' if unknown."""
        own = self.source.accounts.get(code)
        if own:
            return own
        return (self.functional if code[:1] == "2" else self.economic).name(code) or ""

    def row_label(self, table_id: str, row: str) -> str:
        """What the row is called: the line's label, the account's name, the record's name or number."""
        table = self.taxonomy.tables[table_id]
        if table.lines:
            return table.lines[row.rpartition("/")[2]].label
        if table.accounts:
            return "合计" if row == "total" else f"{row} {self.name(row)}".strip()
        named = self.value((table_id, row, table.label)) if table.label else ""
        return named or _("record {number}").format(number=row.replace("/", "."))

    def label(self, cell: Cell) -> str:
        """A cell in the words of the report: table · row · column."""
        table = self.taxonomy.tables[cell[0]]
        parts = [table.title, self.row_label(cell[0], cell[1])]
        if len(table.columns) > 1:
            parts.append(table.columns[cell[2]].label)
        return "·".join(parts)

    # ── how figures are printed ──

    def printed(self, value: Decimal) -> Decimal:
        """An amount (元) as the number that is printed, in the format's unit."""
        return round_half_up(value / self.scale, self.decimals)

    def show(self, value: Any, kind: str, place: str = "table") -> str:
        """A value as it is printed; `place` is 'table' or 'narrative', whose number styles may differ, with
        the unit where it is another than the format's ('table:元')."""
        if value is None:
            return placeholder()
        if value is UNDEFINED:
            return self.format.numbers.get("undefined", "—")
        if kind == "amount":
            text = self._shown.get((value, place))
            if text is None:
                numbers = self.format.numbers
                style, _colon, unit = place.partition(":")
                text = self._shown[value, place] = show_number(
                    value / (UNITS[unit] if unit else self.scale), self.decimals,
                    numbers.get(style + "_thousands", False), numbers.get(style + "_trim", False))
            return text
        if kind == "percent":
            return show_percent(value * 100, self.format.numbers, place.partition(":")[0])
        if kind in ("count", "score"):
            return show_number(value, 4, trim=True)
        if kind == "flag":
            return "是" if value else "否"
        return value

    def worth(self, value: Any, kind: str, place: str = "table") -> str:
        """What a formula of a format gives, as it is printed; `kind` is its type's. A text is printed as it is."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            kind = "flag"
        text: str = self.show(value, kind if kind in ("amount", "percent", "flag") else "score", place)
        return text

    def shown(self, cell: Cell, place: str = "table") -> str:
        """A cell's figure as it is printed."""
        return self.show(self.value(cell), self.taxonomy.tables[cell[0]].columns[cell[2]].kind, place)

    # ── the graph's nodes ──

    def _compute(self, node: Any) -> Any:
        kind = self._kinds.get(node[0])
        return self._cell(node) if kind is None else kind(*node[1:])

    def _cell(self, cell: Cell) -> Any:
        if self.source.merged is not None and known.is_partial_sum(self, cell):
            return None
        entry = self.source.official.get(cell) or self.source.entries.get(cell)
        if entry is not None:
            return entry.value
        table = self.taxonomy.tables[cell[0]]
        try:
            value = self.derived(table, cell, self.values)
        except Unknown:
            return None
        return known.blank(self, table, cell) if value is None else value

    def derived(self, table: Table, cell: Cell, env: Any) -> Any:
        """What the cell's formula or children give, in `env`; None for a cell that is entered. Raises Unknown."""
        _table, row, column = cell
        if is_summed(table, row, column):
            children = self.graph.get((":tree", table.id)).get(row)
            if not children and env is not self.partial_values and known.lacks_rows(self, table.id, column):
                raise Unknown
            if children is not None:
                return self._summed(table, row, column, children, env)
            if (table.id, row) not in self.official_rows:
                return None  # nothing stands under it: a sum of nothing
        if table.lines and table.line(row) is None:
            return None
        formula = table.formula(row, column)
        return None if formula is None else formula(env, row, column)

    def _summed(self, table: Table, row: str, column: str, children: tuple[str, ...], env: Any) -> Any:
        """The sum of a parent's children, or of its row: see `way`."""
        formula, way = table.columns[column].formula, self.way(table, row, column, children)
        if formula is None or way == "down":
            total: Any = ZERO
            for child in children:
                total = total + env.cell(table.id, child, column)
            return total
        total = formula(env, row, column)
        if way == "both":
            # What the children add to their rows is added; no figure occurs twice, which would widen the interval.
            for child in children:
                if self.value((table.id, child, column)) != self._across(formula, child, column):
                    total = total + env.cell(table.id, child, column) - formula(env, child, column)
        return total

    def computed(self, cell: Cell) -> Any:
        """What a derived cell's formula or children give, whatever its official figure; None if not known."""
        try:
            return self.derived(self.taxonomy.tables[cell[0]], cell, self.values)
        except Unknown:
            return None

    def way(self, table: Table, row: str, column: str, children: tuple[str, ...]) -> str:
        """How a derived column is summed at a parent: 'down' its children or 'across' its row, whose official
        figures can each carry a tail; 'both' where each has its own.

        Two tails in the same direction are one, told twice: the greater counts. Two in opposite directions are two.
        """
        formula = table.columns[column].formula
        if formula is None or (table.id, row) not in self.official_rows:
            return "down"
        plain = down = ZERO
        try:
            for child in children:
                plain = plain + formula(self.values, child, column)
                down = down + self.values.cell(table.id, child, column)
            below, beside = down - plain, formula(self.values, row, column) - plain
        except Unknown:
            return "down"
        if below * beside < 0:
            return "both"
        return "down" if abs(below) > abs(beside) else "across"

    def horizontal(self, table: Table, cell: Cell, env: Any) -> Any:
        """What the column's formula gives on a row that is a sum of its children; None elsewhere."""
        formula = table.columns[cell[2]].formula
        if formula is None or not table.accounts or not table.columns[cell[2]].down or \
                cell[1] not in self.graph.get((":tree", table.id)):
            return None
        return formula(env, cell[1], cell[2])

    def _across(self, formula: Formula, row: str, column: str) -> Any:
        """What a column's formula gives on a row; None where it is not known."""
        try:
            return formula(self.values, row, column)
        except Unknown:
            return None

    def _items(self, table_id: str) -> tuple[str, ...]:
        table = self.taxonomy.tables[table_id]
        if not table.accounts:
            return self.rows(table_id)
        codes = set(self.source.rows[table_id])
        for other in table.rows_from:
            codes.update(code[:table.digits] for code in self.items(other))
        return tuple(sorted(codes))

    def _compared(self, table_id: str) -> tuple[str, ...]:
        """The leaf accounts that have a figure this year or last, in code order."""
        length = self.taxonomy.tables[table_id].digits
        codes = set(self.items(table_id))
        codes.update(cell[1] for cell in self.source.prior if cell[0] == table_id and len(cell[1]) == length)
        if self.prior_report is not None:
            codes.update(self.prior_report.items(table_id))
        return tuple(code for code in sorted(codes) if self.graph.get((":used", table_id, code, True)))

    def _tree(self, table_id: str) -> dict[str, tuple[str, ...]]:
        """The children of every parent row; 'total' stands over the classes."""
        table = self.taxonomy.tables[table_id]
        lengths = [length for length in LEVELS[table.axis].values() if length <= table.digits]
        children: dict[str, dict[str, None]] = {"total": {}}
        for code in self.items(table_id):
            above = "total"
            for length in lengths:
                children.setdefault(above, {})[code[:length]] = None
                above = code[:length]
        return {row: tuple(below) for row, below in children.items()}

    def _rows(self, table_id: str) -> tuple[str, ...]:
        table = self.taxonomy.tables[table_id]
        if table.accounts:
            tree = self.graph.get((":tree", table_id))
            return ("total", *sorted({*tree, *self.items(table_id)} - {"total"}))
        if table.lines:
            if not table.owner:
                return tuple(table.lines)
            return tuple(f"{owner}/{line}" for owner in self.rows(table.owner) for line in table.lines)
        return tuple(self.source.rows[table_id])

    def _prior(self, table_id: str, row: str, column: str) -> Decimal | None:
        cell = (table_id, row, column)
        entry = self.source.prior.get(cell)
        if entry is not None:
            return entry.value
        if self.prior_report is not None:
            return self.prior_report.prior_year_value(cell, self)
        formula = self.prior_formula(cell)
        try:
            return None if formula is None else formula(self.prior_values, row, column)
        except Unknown:
            return None

    def asked(self, cell: Cell) -> bool:
        """Is the cell to be entered, as things stand, and empty?"""
        return known.asked(self, cell)

    def prior_formula(self, cell: Cell) -> Formula | None:
        """How last year's figure of a cell follows from others of last year, where none was entered."""
        table = self.taxonomy.tables[cell[0]]
        if table.accounts and (cell[1] == "total" or cell[1] not in self.items(cell[0])):
            return None
        return table.formula(cell[1], cell[2])

    def prior_year_value(self, cell: Cell, reader: Report) -> Decimal | None:
        """This report's figure for the next year's `reader`, as this year's report printed it (元), or to the
        分, where the reader's rates come from exact figures; None where it is not known."""
        table = self.taxonomy.tables.get(cell[0])
        if self.taxonomy is not reader.taxonomy or table is None:
            return None
        value: Decimal | None = self.value(cell)
        known = value is not None and table.columns[cell[2]].kind == "amount" and not reader.exact
        return self.printed(value) * self.scale if known else value  # type: ignore[arg-type]

    def _reason(self, *cell: str) -> str:
        return self.source.reasons.get(cell, "")  # type: ignore[arg-type]

    def _moved(self, *cell: str) -> int | None:
        """Did the printed figure rise (1), fall (-1) or stay (0)? None where one of the two is not known.
        A node of its own, so that what asks for the direction alone is left alone by most edits."""
        found = narrative.Environment(self, narrative.NOWHERE).difference(cell)  # type: ignore[arg-type]
        return None if found is None else (found[2] > 0) - (found[2] < 0)

    def _stated(self, part: str, key: str) -> str:
        """What the source states outside of its tables and texts, by the file's part and key."""
        if part == "report":
            return self.source.department
        return (self.source.accounts if part == "accounts" else self.source.glossary)[key]

    def _prose(self, id: str) -> str:
        return self.source.prose.get(id, "")

    def _interval(self, table_id: str, row: str, column: str) -> Interval | None:
        cell = (table_id, row, column)
        entry = self.source.official.get(cell)
        if entry is not None:
            return Interval(entry.value - entry.half, entry.value + entry.half)
        try:
            value = self.derived(self.taxonomy.tables[table_id], cell, self.intervals)
        except Unknown:
            return None
        value = self.value(cell) if value is None else value
        return None if value is None or value is UNDEFINED else as_interval(value)

    # ── edits ──

    def watch(self) -> None:
        """Compute everything once, so that `set` can say what changes."""
        for _node in self.watched():
            pass

    def watched(self) -> Iterator[tuple[Any, Any]]:
        """Every node that a Change tells of, with its value, and the lists that they hang under."""
        for table in self.taxonomy.tables.values():
            for row in self.rows(table.id):
                for column in table.columns:
                    cell = (table.id, row, column)
                    yield cell, self.graph.get(cell)
        for node in self._roots():
            yield from self._below(node)

    def _roots(self) -> Iterable[Any]:
        yield from ((":rows", table) for table in self.taxonomy.tables)
        yield from self.text.nodes()
        yield from checks.roots(self)
        yield from progress.roots(self)

    def _below(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """A node with its value; of one that lists others (turns, judges, needs), theirs too."""
        value = self.graph.get(node)
        yield node, value
        if node[0] in LISTS[1:]:
            for child in listed(self, node, value):
                yield from self._below(child)

    def set(self, cell: Cell, raw: Any) -> Change:
        """Enter `raw` (text, number, flag; None or '' empties the cell). What changed by it.

        Raises AmountError for what is no figure, ValueError for a cell that is computed. A new
        account row appears by its first figure, and goes with its last.
        """
        return self.apply([("cell", cell, raw)])

    def set_official(self, cell: Cell, raw: Any) -> Change:
        """Enter the official figure of a derived cell. Raises as `set` does."""
        return self.apply([("official", cell, raw)])

    def set_prior(self, cell: Cell, raw: Any) -> Change:
        """Enter last year's figure of a cell. Raises AmountError."""
        return self.apply([("prior", cell, raw)])

    def set_reason(self, cell: Cell, text: str) -> Change:
        """Write the reason that explains the change of a cell."""
        return self.apply([("reason", cell, text)])

    def set_prose(self, id: str, text: str) -> Change:
        """Write one of the format's texts."""
        return self.apply([("prose", (id,), text)])

    def apply(self, edits: Iterable[tuple[str, Any, Any]]) -> Change:
        """Enter several things at once: each of a kind ('cell', 'official', 'prior', 'reason', 'prose',
        'acknowledged', 'carried' or 'absent'), about a cell, (id,), a finding's code and place, (key,) or a
        table and its owner, with what is entered.
        Where one is refused, none is done."""
        read = [(kind, key, self._read(kind, key, raw)) for kind, key, raw in edits]
        had_tails = checks.tails_from(self)
        inputs: list[Any] = []
        for kind, key, value in read:
            store, place = self._store(kind, key)
            inputs += self.inputs(kind, key, store.get(place), value)
            if value is None:
                store.pop(place, None)
            else:
                store[place] = value
            if kind == "cell":
                inputs += self._row_inputs(key) + self._filled_inputs(key)
        if checks.tails_from(self) != had_tails:
            inputs.append((":judges", "tails"))
        return self.update(inputs)

    def update(self, inputs: list[Any]) -> Change:
        """What changes when these nodes of the graph have another value in the source."""
        self.official_rows = {cell[:2] for cell in self.source.official}
        return sorted_change(completed(self, self.graph.update(inputs)))

    def _store(self, kind: str, key: Any) -> tuple[dict[Any, Any], Any]:
        source = self.source
        stores: dict[str, dict[Any, Any]] = {"cell": source.entries, "official": source.official, "prior": source.prior,
                                             "reason": source.reasons, "prose": source.prose,
                                             "acknowledged": source.acknowledged, "carried": source.carried,
                                             "absent": source.absent}
        return stores[kind], key[0] if kind in ("prose", "carried") else key

    def _read(self, kind: str, key: Any, raw: Any) -> Any:
        """What is entered, as the source keeps it; None where it empties the place."""
        if kind in ("reason", "prose"):
            return (raw or "").strip() or None
        if kind in ("acknowledged", "carried", "absent"):
            return raw
        table = self.taxonomy.tables[key[0]]
        if kind == "cell" and (not is_row(table, key[1], self.taxonomy) or
                               (not table.accounts and key[1] not in self.rows(table.id))):
            raise ValueError(_("table “{table}” has no row “{row}”").format(table=table.id, row=key[1]))
        derived = is_derived(table, key[1], key[2])
        if kind == "cell" and derived:
            raise ValueError(_("“{label}” is computed and is not entered").format(label=self.label(key)))
        if kind == "official" and not derived:
            message = _("“{cell}” is entered, so there is no official figure beside it")
            raise ValueError(message.format(cell=self.label(key)))
        path = self.source.key(key) if kind == "cell" else self.source.addressed_key(kind, key)
        entry = self._entry(key, raw, path, kind == "official")
        return None if entry is None else self.source.rounded(key, entry, kind == "prior")

    def inputs(self, kind: str, key: Any, old: Any, new: Any) -> list[Any]:
        """The nodes to compute anew where the source gets `new` in the place of `old`."""
        if kind == "cell":
            (self.finer.add if new is not None and self._is_finer(key, new) else self.finer.discard)(key)
            found: list[Any] = [key, (":entered", *key)]
            table = self.taxonomy.tables[key[0]]
            if not table.accounts and (old is None) != (new is None):
                found.append((":begun", key[0], owner_of(key[1]) if table.lines else key[1]))
            precision = (old.half if old else None) != (new.half if new else None)
            if precision:
                found += [reader for reader in self.graph.readers(key) if reader[0] == ":interval"]
            if any(own and isinstance(own.value, Decimal) and own.value < 0 for own in (old, new)):
                found += [(":judges", "negatives"), (":judged", "negative", *key)]
            return found + (self.judged_by(key) if precision or (old is None) != (new is None) else [])
        if kind == "official":
            row = [(key[0], key[1], column) for column in self.taxonomy.tables[key[0]].columns]
            return [*row, *((":interval", *own) for own in row), *((":judged", "tail", *own) for own in row),
                    (":judges", "tails"), *self.judged_by(key)]
        if kind == "prior":
            node = (":prior", *key)
            return [node, (":compared", key[0]), (":judges", "prior"), (":judged", "restated", *key),
                    *self.judged_by(node)]
        if kind == "reason":
            return [(":reason", *key), (":judges", "texts"), (":judges", "reasons")]
        if kind == "carried":
            return [(":carried",)]
        if kind == "absent":
            return self._absent_inputs(*key)
        return [(":acknowledged", *key)] if kind == "acknowledged" else [(":prose", key[0])]

    def judged_by(self, node: Any) -> list[Any]:
        """The judgements that read a figure: they tell its key and its precision, too, which can
        change where its value does not."""
        return [reader for reader in self.graph.readers(node) if reader[0] == ":judged"]

    def _entry(self, cell: Cell, raw: Any, path: Any, official: bool = False) -> Entry | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        column = self.taxonomy.tables[cell[0]].columns[cell[2]]
        return parse_cell(column, raw, self.source.unit, official)._replace(path=path)

    def _is_finer(self, cell: Cell, entry: Entry) -> bool:
        """Is it an amount with more digits than are printed?"""
        amount = self.taxonomy.tables[cell[0]].columns[cell[2]].kind == "amount"
        return amount and self.printed(entry.value) * self.scale != entry.value

    def _absent_inputs(self, table_id: str, owner: str) -> list[Any]:
        """The nodes to compute anew where it is stated, or no longer, that a table is empty."""
        table = self.taxonomy.tables[table_id]
        rows = [f"{owner}/{line}" if owner else line for line in table.lines]
        if not table.lines and not table.accounts:  # a file may state that there are none, and have some
            rows = [row for row in self.source.rows[table_id] if owner_of(row) == owner]
        cells = [(table_id, row, column.id) for row in rows for column in table.entered]
        return [(":lacking", table_id, owner), *cells,
                *(reader for cell in cells for reader in self.graph.readers((":entered", *cell)))]

    def _filled_inputs(self, cell: Cell) -> list[Any]:
        """The nodes to compute anew where an account's row has its first figure, or lost its last."""
        table = self.taxonomy.tables[cell[0]]
        if not table.accounts:
            return []
        filled = self.filled[table.id]
        has = any((table.id, cell[1], column.id) in self.source.entries for column in table.entered
                  if column.kind in NUMBERS)
        if has == (cell[1] in filled):
            return []
        (filled.add if has else filled.discard)(cell[1])
        return self.filled_inputs(table, cell[1])

    def filled_inputs(self, table: Table, row: str) -> list[Any]:
        """The nodes that look at whether an account's row has a figure."""
        return [*((table.id, row, column.id) for column in table.entered), (":lacking", table.id, ""), (":settled",)]

    def _row_inputs(self, cell: Cell) -> list[Any]:
        """The row lists to compute anew, where an account row appeared or went."""
        table = self.taxonomy.tables[cell[0]]
        if not table.accounts:
            return []
        rows = self.source.rows[table.id]
        filled = any((table.id, cell[1], column) in self.source.entries for column in table.columns)
        if filled == (cell[1] in rows):
            return []
        if filled:
            rows.append(cell[1])
        else:
            rows.remove(cell[1])
            self.source.row_paths.pop((table.id, cell[1]), None)
            self.source.blank = tuple(row for row in self.source.blank if row != cell[:2])
        return [(":items", table.id), (":blank",), (":judges", "accounts"), *self.judged_above(table, cell[1])]

    def judged_above(self, table: Table, code: str) -> list[Any]:
        """The judgements of an account's row and of those above it: they know whether the row is there."""
        above = ("total", *(code[:length] for length in (3, 5)), code)
        return [node for row in above for column in table.columns for node in self.judged_by((table.id, row, column))]
