"""A sum as a source: TOML that a person reads and completes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..amounts import FEN, UNITS, ZERO
from ..catalogue import load_catalogue
from ..formats import Format
from ..reach import reached
from ..skeleton import commented, quoted
from ..source import NONE, SCHEMA, Cell
from ..taxonomy import Column, Table
from ..toml.values import key_text, value_text
from .stated import Figure, Flow, Key, Leaf
from .total import Total


def number_text(value: Decimal, half: Decimal, unit: str) -> tuple[str, bool]:
    """An amount in `unit` with all its digits, and whether its last digit says what it leaves open: as
    many zeros are written as it takes, if that helps."""
    scale = UNITS[unit]
    exact = (value / scale).normalize()
    least = max(2, -exact.as_tuple().exponent)  # type: ignore[operator]
    for decimals in range(least, 7):
        if _open(value, decimals, scale) == half:
            return f"{exact:.{decimals}f}", True
    return f"{exact:.{least}f}", False


def _open(value: Decimal, decimals: int, scale: Decimal) -> Decimal:
    """What a reader of the file takes a figure of so many decimals to leave open (amounts.half_step)."""
    step = scale.scaleb(-decimals)
    return ZERO if step <= FEN or not value else step / 2


def written(total: Total, folder: str, department: str, prior: str = "") -> Iterator[str]:
    """The lines of the merged source that lies in `folder`."""
    return _Writer(total, folder, department, prior).lines()


class _Writer:
    def __init__(self, total: Total, folder: str, department: str, prior: str) -> None:
        self.total = total
        self.format: Format = total.format
        self.department = department
        self.prior = prior
        self.leaves = total.ordered(folder)
        self.asked = reached(self.format)
        self.rounding: dict[str, Decimal] = {}
        self.prior_rounding: dict[str, Decimal] = {}
        self.official: list[tuple[str, str]] = []
        self.carried: list[str] = list(total.texts.carried) if total.texts else []

    def lines(self) -> Iterator[str]:
        total, texts = self.total, self.total.texts
        head = f"# {self.department}{total.year}年度{self.format.taxonomy.title}（{self.format.title}）"
        yield f"{head}：{len(self.leaves)} 个单位汇总"
        yield "# 金额和个数是各单位之和，单位之间的往来已抵销（见文末 [merged]）。"
        yield "# 引号内留空的由部门填写，记录请逐条复核。"
        yield ""
        yield f"schema = {SCHEMA}"
        yield from ("", "[report]", f"format = {quoted(self.format.id)}", f"year = {total.year}",
                    f"department = {quoted(self.department)}", f"unit = {quoted(total.unit)}")
        if self.prior:
            yield f"prior = {value_text(self.prior)}"
        tables = self.format.taxonomy.tables
        asked = {fact[0] for fact in self.asked}
        yield f"{NONE} = {value_text([tables[table].key for table in total.nothing() if table in asked])}"
        yield from ("", "[prose]")
        for prose in self.format.prose.values():
            yield f"# {prose.label}：{prose.guidance}"
            yield f"{prose.id} = {value_text(texts.prose.get(prose.id, '') if texts else '', inline=False)}"
        figures = total.net()
        for cell, (_value, half) in total.figures.items():
            # All of it was a transfer: it may come back in a larger sum.
            if half and cell not in figures:
                self.rounding[".".join(cell)] = half
        for table in tables.values():
            if table.axis != "records" and not table.owner:
                yield from self._section(table, {cell: own for cell, own in figures.items() if cell[0] == table.id})
        for table in tables.values():
            if table.axis == "records" and not table.owner:
                yield from self._records(table)
        yield from self._official()
        yield from self._reasons()
        if not self.prior:
            yield from self._prior()
        for name, title, own in (("accounts", "科目目录里没有的科目", total.accounts),
                                 ("glossary", "名词解释", total.glossary)):
            if own:
                yield from ("", commented(f"[{name}]", title))
                yield from (f"{key_text((key,))} = {value_text(text)}" for key, text in sorted(own.items()))
        yield from self._review()
        yield from self._merged()

    # ── figures ──

    def _section(self, table: Table, figures: Mapping[Cell, Figure]) -> Iterator[str]:
        texts = {cell: text for cell, text in (self.total.texts.entries if self.total.texts else {}).items()
                 if cell[0] == table.id}
        if table.accounts:
            codes = sorted({cell[1] for cell in (*figures, *texts)})
            if codes:
                yield from ("", commented(f"[{table.key}]", table.title))
            for code in codes:
                yield commented(f"{code} = {self._row(table, code, figures, texts)}", self._name(table, code))
            return
        rows = [(line, self._row(table, line.id, figures, texts)) for line in table.lines.values()]
        if any(row for _line, row in rows):
            yield from ("", commented(f"[{table.key}]", table.title))
        for line, row in rows:
            if row:
                yield commented(f"{line.id} = {row}", line.label)

    def _row(self, table: Table, row: str, figures: Mapping[Cell, Figure], texts: Mapping[Cell, Any]) -> str:
        """A row's entered columns: one alone as its value, several as { … }; '' where there is nothing to say."""
        parts: dict[str, str] = {}
        for column in table.entered:
            cell = (table.id, row, column.id)
            if cell in figures:
                parts[column.id] = self._number(cell, column, *figures[cell])
            elif cell in texts:
                parts[column.id] = value_text(texts[cell])
            elif self._wanted(table, row, column):
                parts[column.id] = '""'
        if not parts or (len(table.entered) == 1 and not table.owner):
            return "".join(parts.values())
        return "{ " + ", ".join(f"{column} = {text}" for column, text in parts.items()) + " }"

    def _wanted(self, table: Table, row: str, column: Column) -> bool:
        """Does the format ask the department for it?"""
        line = table.lines.get(row)
        if column.optional or (line and line.optional) or table.formula(row, column.id) is not None:
            return False
        if (table.id, row if line else "*", column.id) not in self.asked or column.kind == "flag":
            return False
        return bool(line) or column.kind not in ("amount", "count", "score")

    def _number(self, cell: Cell, column: Column, value: Decimal, half: Decimal, prior: bool = False) -> str:
        if column.kind != "amount":
            return format(value, "f")
        text, told = number_text(value, half, self.total.unit)
        if not told:
            (self.prior_rounding if prior else self.rounding)[".".join(cell)] = half
        return text

    def _name(self, table: Table, code: str) -> str:
        own = self.total.accounts.get(code)
        catalogue = load_catalogue("functional" if table.axis == "functional" else "economic", self.total.year)
        return own or catalogue.name(code) or ""

    # ── records ──

    def _records(self, table: Table) -> Iterator[str]:
        count = 0
        for _leaf, _file, start, length in self.leaves:
            for record in self.total.records(start, length).get(table.id, ()):
                count += 1
                if count == 1:
                    yield from ("", f"# {table.title}：各单位的记录依次接成，请逐条复核")
                    self.carried += [] if self.total.texts else [table.key]
                yield from self._record(table, (table.key,), str(count), record)
                for (owned, rest, column), (value, half) in record["official"].items():
                    cell = (owned, f"{count}/{rest}" if rest else str(count), column)
                    own = self.format.taxonomy.tables[owned].columns[column]
                    self.official.append((".".join(cell), self._value(cell, own, value, half)))
        if not count and table.required:
            yield from ("", f"# {table.title}：由部门填写", f"# [[{table.key}]]")

    def _record(self, table: Table, path: tuple[str, ...], row: str, record: dict[str, Any]) -> Iterator[str]:
        yield from ("", f"[[{'.'.join(path)}]]") if len(path) == 1 else (f"[[{'.'.join(path)}]]",)
        for column in table.entered:
            if column.id in record[""]:
                yield f"{column.id} = {self._value((table.id, row, column.id), column, *record[''][column.id])}"
        if record[NONE]:
            yield f"{NONE} = {value_text(record[NONE])}"
        for owned in self.format.taxonomy.owned(table.id):
            here = (*path, owned.key)
            if owned.axis == "records":
                for number, own in enumerate(record[owned.id], 1):
                    yield from self._record(owned, here, f"{row}/{number}", own)
            elif record[owned.id]:
                yield f"[{'.'.join(here)}]"
                for line, cells in record[owned.id].items():
                    inside = ", ".join(
                        f"{id} = {self._value((owned.id, f'{row}/{line}', id), owned.columns[id], *cells[id])}"
                        for id in owned.columns if id in cells)
                    yield commented(f"{line} = {{ {inside} }}", owned.lines[line].label)

    def _value(self, cell: Cell, column: Column, value: Any, half: Decimal) -> str:
        if isinstance(value, Decimal):
            return self._number(cell, column, value, half)
        return value_text(value, inline=False)

    # ── what is addressed ──

    def _official(self) -> Iterator[str]:
        columns = self.format.taxonomy.tables
        official = self.total.texts.official if self.total.texts else self.total.official()
        found = [(".".join(cell), self._value(cell, columns[cell[0]].columns[cell[2]], *figure))
                 for cell, figure in sorted(official.items())]
        if found or self.official:
            yield from ("", "[official]", "# 公开数：计算数加各单位尾差之和；部门另有批复数的，以批复数为准")
            yield from (f"{quoted(name)} = {text}" for name, text in (*found, *self.official))

    def _reasons(self) -> Iterator[str]:
        yield from ("", "[reasons]", "# 主要原因：与上年相比有增减的才需要写；句末不加标点。")
        for cell, text in (self.total.texts.reasons if self.total.texts else {}).items():
            yield f"{quoted('.'.join(cell))} = {value_text(text, inline=False)}"

    def _prior(self) -> Iterator[str]:
        found = sorted(self.total.net_prior().items())
        if found:
            yield from ("", "[prior]", f"# 上年数（{self.total.year - 1}年度）：各单位之和，减去上年单位之间的往来")
        for cell, figure in found:
            column = self.format.taxonomy.tables[cell[0]].columns[cell[2]]
            yield f"{quoted('.'.join(cell))} = {self._number(cell, column, *figure, prior=True)}"

    def _review(self) -> Iterator[str]:
        if self.carried:
            yield from ("", commented("[review]", "从各单位接来的，复核过的删去（终端界面 F5 逐项复核）"))
            yield f"carried = {value_text(self.carried)}"

    def _merged(self) -> Iterator[str]:
        yield from ("", commented("[merged]", "由 juesuan merge 写入：不印，不要手改"), "units = [")
        for leaf, *_rest in self.leaves:
            yield f"  {leaf_text(leaf)},"
        yield "]"
        if unknown := self.total.unknown_parts():
            yield "# 有的单位还没有录入，所以部门的数也还不知道；补录后重新汇总"
            yield f"unknown = {value_text(unknown)}"
        yield from self._flows("transfers", "单位之间的往来，抵销之前的两边", self.total.stated_transfers())
        yield from self._halves("rounding", "由四舍五入的数相加而成：可以相差多少", self.rounding)
        if not self.prior:
            yield from self._flows("prior_transfers", "上年单位之间的往来", self.total.prior_transfers)
            yield from self._halves("prior_rounding", "上年数可以相差多少", self.prior_rounding)

    def _flows(self, part: str, comment: str, flows: Mapping[Key, Flow]) -> Iterator[str]:
        if flows:
            yield from ("", commented(f"[merged.{part}]", comment))
        for key, flow in sorted(flows.items()):
            sides = zip(Flow._fields, flow, strict=True)
            inside = ", ".join(f"{side} = {number_text(amount, ZERO, self.total.unit)[0]}" for side, amount in sides)
            yield f"{quoted('.'.join(key))} = {{ {inside} }}"

    def _halves(self, part: str, comment: str, halves: Mapping[str, Decimal]) -> Iterator[str]:
        if halves:
            yield from ("", commented(f"[merged.{part}]", comment))
        for name, half in sorted(halves.items()):
            yield f"{quoted(name)} = {plain(half / UNITS[self.total.unit])}"


def plain(value: Decimal) -> str:
    """A number with no more digits than it needs, but a point."""
    text = format(value.normalize(), "f")
    return text if "." in text else text + ".0"


def leaf_text(leaf: Leaf) -> str:
    """A merged file as it stands in the list of them."""
    records = ", ".join(f"{key} = {count}" for key, count in leaf.records if count)
    parts = [f"file = {value_text(leaf.file)}", f"department = {value_text(leaf.department)}",
             f"sha256 = {quoted(leaf.digest)}", *([f"records = {{ {records} }}"] if records else [])]
    return "{ " + ", ".join(parts) + " }"


def joined_text(lines: Iterable[str]) -> str:
    """Lines as a file."""
    return "".join(f"{line}\n" for line in lines)
