"""What a merged source says of its merging: the part [merged] of the file.

    [merged]
    units = [
      { file = "本级.toml", department = "某局（本级）", sha256 = "…", records = { units = 1 } },
    ]

    unknown = ["state_capital"]              # 有的单位不知道自己那一部分的表和格

    [merged.transfers]                       # 单位之间的往来：两边的数、最大一户两边之和
    "subsidy.2060702" = { income = 50.00, expenditure = 50.00, largest = 50.00 }

    [merged.rounding]                        # 由四舍五入的数相加而成的，可以相差多少
    "expenditure.2060702.basic" = 0.01

`prior_transfers` and `prior_rounding` say the same of last year's figures. Amounts are in the
unit of the source. Nothing of it is printed; `merge`, `explain` and the checks read it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import ZERO, AmountError, parse_amount, parse_count
from ..i18n import _
from ..source import Cell, Path, check_line, parse_address
from ..taxonomy import Taxonomy

Key = tuple[str, str]
"""A transfer of the taxonomy, and the account on which it was booked."""

Figure = tuple[Decimal, Decimal]
"""A figure (元 or a count) and half of what its last digit leaves open."""

PARTS = ("units", "unknown", "transfers", "rounding", "prior_transfers", "prior_rounding")


class Leaf(NamedTuple):
    """A source that was merged: its file (relative to the merged source), its department, the digest of
    its bytes, and how many records of each table came from it (they stand in the order of the leaves)."""

    file: str
    department: str
    digest: str
    records: tuple[tuple[str, int], ...] = ()


class Flow(NamedTuple):
    """Transfers of one kind on one account before elimination (元): what all units received and spent,
    and the most that a single unit did of both, which it cannot have done with itself."""

    income: Decimal = ZERO
    expenditure: Decimal = ZERO
    largest: Decimal = ZERO


class Merged(NamedTuple):
    """What [merged] says. `rounding` is half of what a sum of rounded figures leaves open (元); `unknown` the
    tables (id,) and the cells of which one of the units did not know its part."""

    leaves: tuple[Leaf, ...]
    transfers: dict[Key, Flow]
    rounding: dict[Cell, Decimal]
    prior_transfers: dict[Key, Flow]
    prior_rounding: dict[Cell, Decimal]
    unknown: frozenset[tuple[str, ...]] = frozenset()


def read_merged(data: dict[str, Any], taxonomy: Taxonomy, unit: str,
                problem: Callable[[str, Path, str], None]) -> Merged:
    """The part [merged]. `problem` is told what is wrong: code, key, message."""
    return _Reader(taxonomy, unit, problem).read(data)


class _Reader:
    def __init__(self, taxonomy: Taxonomy, unit: str, problem: Callable[[str, Path, str], None]) -> None:
        self.taxonomy, self.unit, self.problem = taxonomy, unit, problem

    def read(self, data: dict[str, Any]) -> Merged:
        for key in data:
            if key not in PARTS:
                self.problem("T01", ("merged", key), _("unknown key “{key}”").format(key=key[:40]))
        flows = {part: self.flows(part, self.table(data, part)) for part in ("transfers", "prior_transfers")}
        halves = {part: self.halves(part, self.table(data, part)) for part in ("rounding", "prior_rounding")}
        return Merged(self.leaves(data.get("units", [])), flows["transfers"], halves["rounding"],
                      flows["prior_transfers"], halves["prior_rounding"], self.unknown(data.get("unknown", [])))

    def unknown(self, raw: Any) -> frozenset[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        for name in raw if isinstance(raw, list) else [raw]:
            try:
                found.add((name,) if name in self.taxonomy.tables else parse_address(name, self.taxonomy))
            except (AttributeError, TypeError, ValueError) as error:
                self.problem("T08", ("merged", "unknown"), str(error))
        return frozenset(found)

    def table(self, data: dict[str, Any], part: str) -> dict[str, Any]:
        found = data.get(part, {})
        if isinstance(found, dict):
            return found
        self.problem("T02", ("merged", part), _("[{key}] is a table of rows").format(key="merged." + part))
        return {}

    def leaves(self, raw: Any) -> tuple[Leaf, ...]:
        if not isinstance(raw, list):
            self.problem("T02", ("merged", "units"), _("[[{key}]] is a list of records").format(key="merged.units"))
            return ()
        found = []
        for number, own in enumerate(raw):
            path: Path = ("merged", "units", number)
            try:
                records = tuple((str(key), int(parse_count(count))) for key, count in own.get("records", {}).items())
                found.append(Leaf(check_line(own["file"]), check_line(own.get("department", "")),
                                  check_line(own.get("sha256", "")), records))
            except (AmountError, AttributeError, KeyError, TypeError):
                message = _("a merged unit is written {{ file = \"…\", department = \"…\", sha256 = \"…\" }}")
                self.problem("T02", path, message.format())
        return tuple(found)

    def flows(self, part: str, data: dict[str, Any]) -> dict[Key, Flow]:
        known = {transfer.id for transfer in self.taxonomy.transfers}
        found: dict[Key, Flow] = {}
        for name, raw in data.items():
            id, _dot, account = name.partition(".")
            try:
                if id not in known or not account.isdigit() or set(raw) != set(Flow._fields):
                    raise ValueError(name)
                found[id, account] = Flow(**{side: parse_amount(raw[side], self.unit)[0] for side in Flow._fields})
            except (AmountError, TypeError, ValueError):
                message = _("a transfer is written {name} = {{ income = …, expenditure = …, largest = … }}")
                self.problem("T02", ("merged", part, name), message.format(name=f'"{"|".join(sorted(known))}.2060702"'))
        return found

    def halves(self, part: str, data: dict[str, Any]) -> dict[Cell, Decimal]:
        found: dict[Cell, Decimal] = {}
        for name, raw in data.items():
            try:
                found[parse_address(name, self.taxonomy)] = abs(parse_amount(raw, self.unit)[0])
            except AmountError as error:
                self.problem("T03", ("merged", part, name), str(error))
            except ValueError as error:
                self.problem("T08", ("merged", part, name), str(error))
        return found
