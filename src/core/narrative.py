"""Sentences: the patterns of a format filled with the figures of a report.

A sentence is a tuple of runs, so that a figure in it can be traced to its cell. Changes are computed
from the printed figures, as a reader with a calculator does, and so are percentages, unless the report
is in 元 or the format says that they come from the exact ones (`Report.exact`). What is
not known yet stands in the text as 【待填：…】, never as an invented figure; a sentence of which it
is not known whether it holds is not printed, and what lacks stands in its place.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from .amounts import ZERO, show_number, show_percent
from .document import Run, placeholder
from .formats import Block, Each, Slot, Template, chinese_number, circled_number
from .formula import UNDEFINED, Formula, Ref, Unknown, cell_of
from .references import expanded
from .source import Cell, address

if TYPE_CHECKING:
    from .report import Report

_LEAD = re.compile(r"^(?:主要原因|原因|主要)(?:是|为|系|：|:)+")
"""How a reason may begin that was copied with the sentence around it."""


NO_SHARE = "不计算比例"
"""What is said in the place of a percentage that says nothing, where a format has no words of its own."""


class Context(NamedTuple):
    """Where a repeated sentence stands: its row, its number in the list, the rows of its group."""

    row: str = ""
    n: int = 0
    rows: tuple[str, ...] = ()


NOWHERE = Context()


def _unknown(formula: Formula) -> str:
    """What is to be entered, where a formula has no value."""
    return "上年数" if any(ref.prior for ref in formula.refs) else ""


def sentence_id(node: Any) -> str:
    """A stable name for a sentence: its block, and its row where the block is repeated."""
    return f"{node[1]}@{node[2].row}" if node[2].row else node[1]


def known_to_hold(condition: Formula, env: Any, row: str = "") -> bool:
    """Does the condition hold, as far as is known?"""
    try:
        return bool(condition(env, row))
    except Unknown:
        return False


class Text:
    """The sentences of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.blocks: dict[str, Block] = {}
        self._static: list[Any] = []
        for section in report.format.sections:
            title = Block(f"{section.id}.0", "title", section.title, when=section.when)
            self._index(title, top=True)
            for block in section.blocks:
                self._index(block, top=True)

    def _index(self, block: Block, top: bool) -> None:
        self.blocks[block.id] = block
        if top:
            self._static.append((":each" if block.kind == "each" else ":text", block.id, NOWHERE))
        for inner in block.blocks:
            self._index(inner, top=False)

    def nodes(self) -> list[Any]:
        """The graph nodes of all sentences that stand once, and of all repetitions."""
        return self._static

    def inside(self, node: Any) -> list[Any]:
        """The nodes inside of a repetition, turn by turn."""
        return [child for turn in self.report.graph.get(node) for child in self.children(node, turn)]

    def children(self, node: Any, turn: Context) -> list[Any]:
        """The nodes of one turn of a repetition."""
        return [(":each" if block.kind == "each" else ":text", block.id, turn) for block in self.blocks[node[1]].blocks]

    # ── graph nodes ──

    def sentence(self, block_id: str, context: Context) -> tuple[Run, ...] | None:
        """A block's runs, or None where its condition does not hold."""
        block = self.blocks[block_id]
        if block.when is not None:
            holds = self.report.graph.get((":holds", block_id, context))
            if holds is None and block.kind != "title":
                return (Run(placeholder(self.lacking(block.when, context.row))),)
            if holds is False:
                return None
        env = Environment(self.report, context)
        if block.kind == "prose":
            return env.prose(block.name)
        return self.fill(block.template, env) if block.template else ()

    def turns(self, block_id: str, context: Context) -> tuple[Context, ...]:
        """The turns of a repetition, none where its condition does not hold (or is not known to)."""
        block = self.blocks[block_id]
        assert block.each is not None
        if block.when is not None and not self.report.graph.get((":holds", block_id, context)):
            return ()
        return self.contexts(block.each, context)

    def holds(self, block_id: str, context: Context) -> bool | None:
        """Does the block's condition hold (None: that is not known)? A node of its own, so that a figure
        that moves without turning it leaves alone what only asks whether the block is printed."""
        when = self.blocks[block_id].when
        try:
            return when is None or bool(when(Environment(self.report, context), context.row))
        except Unknown:
            return None

    def lacking(self, formula: Formula, row: str) -> str:
        """What keeps a condition from being known: the first of its figures that is not."""
        report = self.report
        for ref in formula.refs:
            table = report.taxonomy.tables[ref.table]
            if ref.range:
                if not report.values.selected(ref.table, ref.row, row):
                    return table.title
            elif ref.prior and report.prior(cell_of(ref, row)) is None:
                return "上年数"
            elif report.value(cell_of(ref, row)) is None:
                return table.title
        return report.taxonomy.tables[formula.refs[0].table].title if formula.refs else "前提"

    def used(self, table_id: str, row: str, last_year: bool) -> bool:
        """Has the row a figure this year, or one that is not known yet (or, if asked, one last year in the
        table's primary column)?"""
        report = self.report
        table = report.taxonomy.tables[table_id]
        amounts = (column.id for column in table.columns.values() if column.kind == "amount")
        if any(value is None or value for value in (report.value((table_id, row, column)) for column in amounts)):
            return True
        return last_year and bool(report.prior((table_id, row, table.primary)))

    # ── filling ──

    def fill(self, template: Template, env: Environment) -> tuple[Run, ...]:
        """The template's words and figures."""
        runs: list[Run] = []
        row = env.context.row
        for part in template.parts:
            if not isinstance(part, Slot):
                runs.append(Run(part))
            elif part.ref is not None and not part.ref.prior:
                runs.extend(self.figure(part.ref, row, env.place))
            else:
                runs.extend(self.worth(part.formula, env))
        return tuple([run for run in runs if run.text])

    def worth(self, formula: Formula, env: Environment) -> tuple[Run, ...]:
        """What a computed slot prints: an amount as an amount, wherever it comes from."""
        try:
            value = formula(env, env.context.row)
        except Unknown:
            return (Run(placeholder(_unknown(formula))),)
        if value is UNDEFINED:
            return (Run(placeholder("不能计算的数")),)
        return value if isinstance(value, tuple) else (Run(self.report.worth(value, formula.type.kind, env.place)),)

    def figure(self, ref: Ref, row: str, place: str = "narrative") -> tuple[Run, ...]:
        """One cell's figure, as it is printed in the narrative or in a table; a long text with the
        figures that it names."""
        cell = cell_of(ref, row)
        text = self.report.shown(cell, place)
        column = self.report.taxonomy.tables[cell[0]].columns[cell[2]]
        missing = not text and column.formula is None and not column.optional
        if missing or (column.awaits and self.report.asked((cell[0], cell[1], column.awaits))):
            text = placeholder(column.label)
        elif column.long:
            return expanded(self.report, text, address(cell))
        return (Run(text, address(cell)),)

    def contexts(self, each: Each, context: Context = NOWHERE) -> tuple[Context, ...]:
        """The turns of a repetition: one for each row, or for each group of equal rows."""
        report = self.report
        rows = context.rows if each.ref is None else self.ranged(each, context.row)
        if each.when is not None:
            rows = tuple(row for row in rows if self.chosen(each.when, row))
        if not each.group:
            return tuple(Context(row, n, (row,)) for n, row in enumerate(rows, 1))
        groups: list[list[str]] = []
        last: Any = None
        for row in rows:
            value = report.value((each.table, row, each.group))
            if not groups or value != last:
                groups.append([])
                last = value
            groups[-1].append(row)
        return tuple(Context(group[0], n, tuple(group)) for n, group in enumerate(groups, 1))

    def chosen(self, when: Formula, row: str) -> bool:
        """Is the row one of those that are told? One of which that is not known is shown with what lacks."""
        try:
            return bool(when(Environment(self.report, Context(row)), row))
        except Unknown:
            return True

    def ranged(self, each: Each, row: str) -> tuple[str, ...]:
        ref = each.ref
        assert ref is not None
        report = self.report
        rows = report.values.selected(ref.table, ref.row, row)
        if each.catalogue:
            known = report.functional if report.taxonomy.tables[ref.table].axis == "functional" else report.economic
            listed = {code for code in known.codes() if code[:3] in each.catalogue}
            listed.update(code for code in rows if code[:3] in each.catalogue)
            return tuple(code for code in sorted(listed)
                         if code >= each.first and (not each.last or code <= each.last))
        if each.nonzero:
            last_year = ref.row == "compared"
            return tuple(own for own in rows
                         if own == "total" or report.graph.get((":used", ref.table, own, last_year)))
        return rows


class Environment:
    """What the slots of one sentence can ask for: the figures, and the functions of sentences.

    `place`: whose number style its figures have, 'narrative' or 'table' (and in what unit: `Report.show`).
    """

    __slots__ = ("report", "context", "place", "values")

    def __init__(self, report: Report, context: Context, place: str = "narrative") -> None:
        self.report = report
        self.context = context
        self.place = place
        self.values = report.values

    def cell(self, table: str, row: str, column: str) -> Any:
        return self.values.cell(table, row, column)

    def range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        return self.values.range(table, selector, column, row)

    def prior(self, table: str, row: str, column: str) -> Any:
        return self.values.prior(table, row, column)

    def prior_range(self, table: str, selector: str, column: str, row: str) -> list[Any]:
        return self.values.prior_range(table, selector, column, row)

    def variable(self, name: str) -> Any:
        if name == "n":
            return Decimal(self.context.n)
        if name == "code":
            return self.context.row
        if name == "department":
            return self.report.source.department or placeholder("部门名称")
        return Decimal(self.report.source.year)

    # ── functions of sentences ──

    def name(self, code: str) -> str:
        return self.report.name(code) or placeholder(f"{code}的科目名称")

    @staticmethod
    def class_of(code: str) -> str:
        return code[:3]

    @staticmethod
    def section_of(code: str) -> str:
        return code[:5]

    @staticmethod
    def cn(number: Decimal) -> str:
        return chinese_number(int(number))

    @staticmethod
    def circled(number: Decimal) -> str:
        return circled_number(int(number))

    @staticmethod
    def suffixed(text: str, suffix: str) -> str:
        """The text with its suffix, said once: 组织事务 → 组织事务支出, 其他支出 → 其他支出."""
        return text if text.endswith(suffix) else text + suffix

    def amount(self, value: Decimal) -> str:
        """A computed amount (元) as it is printed."""
        return self.report.show(value, "amount", self.place)

    def closed(self, text: str | tuple[Run, ...]) -> tuple[Run, ...]:
        """The text with the mark that ends a sentence."""
        runs = (Run(text),) if isinstance(text, str) else text
        ended = bool(runs) and runs[-1].text.endswith(("。", "！", "？", "；", "：", "】"))
        return runs if ended else (*runs, Run("。"))

    def prose(self, id: str) -> tuple[Run, ...]:
        text = self.report.graph.get((":prose", id))
        prose = self.report.format.prose[id]
        if not text:
            return () if prose.optional else (Run(placeholder(prose.label)),)
        return expanded(self.report, text)

    def difference(self, cell: Cell) -> tuple[Decimal, Decimal, Decimal] | None:
        """This year's and last year's printed figure and their difference; None if one of them is unknown."""
        prior, current = self.report.prior(cell), self.report.value(cell)
        if prior is None or current is None:
            return None
        kind = self.report.taxonomy.tables[cell[0]].columns[cell[2]].kind
        if kind == "amount":
            current, prior = self.report.printed(current), self.report.printed(prior)
        return current, prior, current - prior

    def growth(self, cell: Cell, found: tuple[Decimal, Decimal, Decimal]) -> str:
        """The rate of a change (%) as it is printed; '' where none can be told: last year there was nothing or
        less, or it would be printed as 0."""
        _current, prior, delta = found
        if self.report.exact:
            prior = self.report.prior(cell) or ZERO
            delta = self.report.value(cell) - prior
        if prior <= 0:
            return ""
        rate = percent(abs(delta), prior, self.report.format.numbers, "narrative")
        return rate if rate.strip("0.,") else ""

    def change(self, cell: Cell, told: str = "") -> tuple[Run, ...]:
        """How the figure moved against last year, in the format's wording: amount and rate, or
        ("amount") the amount alone, as it is where no rate can be told."""
        found = self.difference(cell)
        if found is None:
            what = "上年数" if self.report.prior(cell) is None else "与上年的增减"
            return (Run(placeholder(what), address(cell)),)
        _current, prior, delta = found
        wording = self.report.format.wording
        rate = "" if told or not delta else self.growth(cell, found)
        if not delta:
            key = "amount_same" if told else "none" if not prior else "same"
            key = key if "change_" + key in wording else "same"
        elif not told and delta > 0 and not self.report.prior(cell):
            key = "new"
        elif rate:
            key = "up" if delta > 0 else "down"
        else:
            key = "amount_up" if delta > 0 else "amount_down"
        numbers = self.report.format.numbers
        amount = show_number(abs(delta), self.report.decimals, numbers.get("narrative_thousands", False),
                             numbers.get("narrative_trim", False))
        return self.worded("change_" + key, cell, amount=amount, rate=rate)

    def worded(self, key: str, cell: Cell, **figures: str) -> tuple[Run, ...]:
        """One of the format's phrases, its figures tied to the cell."""
        runs = []
        for number, part in enumerate(self.report.format.wording[key].replace("}", "{").split("{")):
            runs.append(Run(figures[part], address(cell)) if number % 2 else Run(part))
        return tuple(runs)

    def reason(self, cell: Cell) -> str:
        """The reason as it stands after the sentence's own 主要原因是, and before its 。"""
        reason: str = self.report.graph.get((":reason", *cell))
        return _LEAD.sub("", reason).strip("。；;，, ")

    def because(self, lead: str, cell: Cell) -> tuple[Run, ...]:
        """The lead and the reason of a change, which must be given where the figure moved."""
        reason = self.reason(cell)
        if not reason:
            found = self.difference(cell)
            if not found or not found[2]:
                return ()
            return (Run(lead + placeholder("主要原因")),)
        return self.told(lead, reason)

    def told(self, lead: str, reason: str) -> tuple[Run, ...]:
        """A reason after its lead, with the figures that it names."""
        first, *more = expanded(self.report, reason)
        return (Run(lead), first, *more) if first.cell else (Run(lead + first.text), *more)

    def remark(self, lead: str, cell: Cell) -> tuple[Run, ...]:
        """The lead and the reason, if one is given."""
        reason = self.reason(cell)
        return self.told(lead, reason) if reason else ()

    def percentage(self, lead: str, part: Cell, whole: Cell, none: str) -> tuple[Run, ...]:
        """The lead and part/whole in %; `none` where there is no whole. A part below zero is no share."""
        base = self._measured(self.values.cell(*whole))
        if base <= 0:
            return (Run(none),)
        value = self.report.value(part)
        if value is not None and value < 0:
            comma = "，" if lead.startswith("，") else ""
            return (Run(comma + self.report.format.wording.get("percentage_none", NO_SHARE)),) if none else ()
        share = placeholder()
        if value is not None:
            share = percent(self._measured(value), base, self.report.format.numbers, "narrative")
        return (Run(lead), Run(share, address(part)), Run("%"))

    def _measured(self, value: Decimal) -> Decimal:
        """An amount as percentages are computed from it: as it is printed, or exactly."""
        return value if self.report.exact else self.report.printed(value)

    def names(self, range: tuple[str, str, str, str], *classes: str) -> str:
        """The names of the accounts (of these classes) that really have an amount, joined by 、."""
        table, selector, column, row = range
        return "、".join(self.name(code) for code in self.values.range(table, selector, "", row)
                        if (not classes or code[:3] in classes) and self.values.cell(table, code, column))

    def itemized(self, range: tuple[str, str, str, str], suffix: str, *codes: str) -> tuple[Run, ...]:
        """Those of the accounts that have an amount, each with it: 工资福利支出359.34万元、….
        Without `codes`, all accounts of the range."""
        table, selector, column, row = range
        runs: list[Run] = []
        for code in self.values.range(table, selector, "", row):
            cell = (table, code, column)
            if (not codes or code in codes) and self.values.cell(*cell):
                runs += [Run("、")] if runs else []
                unit = self.report.format.numbers["unit"]
                runs += [Run(self.suffixed(self.name(code), suffix)),
                         Run(self.report.shown(cell, "narrative"), address(cell)), Run(unit)]
        return tuple(runs)

    def joined(self, range: tuple[str, str, str, str], chosen: tuple[str, str, str, str] | None = None) -> str:
        """The texts of a column joined by 、, of the rows where the second column is true."""
        table, selector, column, row = range
        missing = placeholder(self.report.taxonomy.tables[table].columns[column].label)
        return "、".join(self.report.value((table, own, column)) or missing
                        for own in self.values.range(table, selector, "", row)
                        if chosen is None or self.values.cell(table, own, chosen[2]))


def percent(part: Decimal, whole: Decimal, numbers: dict[str, Any], place: str = "table") -> str:
    """part / whole in %, rounded half up, in the format's style at a place ('table' or 'narrative')."""
    share = part * 100 / whole if whole else ZERO
    return show_percent(share, numbers, place)

