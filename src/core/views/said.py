"""The sentences that go with a sheet: those of its section, and those that its figures stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import Run, is_open
from ..narrative import sentence_id

if TYPE_CHECKING:
    from ..changes import Change
    from ..formats import Block
    from ..report import Report


class Sentence(NamedTuple):
    """A sentence as it reads now. `new` are the stretches (start, end) that the last edit changed."""

    runs: tuple[Run, ...]
    new: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


class Said:
    """The sentences beside a sheet, listed once and read only as far as they are shown."""

    def __init__(self, report: Report, section: str, tables: tuple[str, ...]) -> None:
        self.section, self.tables = section, tables
        self.renew(report)

    def renew(self, report: Report) -> None:
        """List the sentences (their graph nodes)."""
        self.report = report
        self.changed: dict[str, tuple[Any, Any]] = {}
        self._nodes: list[Any] = []
        last: tuple[Run, ...] = ()
        for node in (node for top in self._tops() for node in self._inside(top)):
            runs = report.graph.get(node) or ()
            if runs and not (runs == last and is_open("".join(run.text for run in runs))):  # said once, as printed
                self._nodes.append(node)
            last = runs or last

    def _tops(self) -> Iterator[Any]:
        """The sentences and repetitions concerned: the section's own first."""
        others = []
        for node in self.report.text.nodes():
            block = self.report.text.blocks[node[1]]
            if block.kind in ("title", "inline", "form", "page"):
                continue
            if node[1].rpartition(".")[0] == self.section:
                yield node
            elif self._tells(block):
                others.append(node)
        yield from others

    def _tells(self, block: Block) -> bool:
        if block.template is not None and any(ref.table in self.tables for ref in block.template.refs()):
            return True
        return any(self._tells(inner) for inner in block.blocks)

    def _inside(self, node: Any) -> Iterator[Any]:
        block = self.report.text.blocks[node[1]]
        if node[0] == ":each":
            for child in self.report.text.inside(node):
                yield from self._inside(child)
        elif block.kind not in ("form", "page"):
            yield node

    def follow(self, report: Report, change: Change) -> int | None:
        """Note what an edit changed; the number of the first sentence of which it did."""
        if report is not self.report or any(None in pair for pair in change.sentences.values()):
            self.renew(report)
        self.changed = change.sentences
        if not self.changed:
            return None
        return next((number for number, node in enumerate(self._nodes) if sentence_id(node) in self.changed), None)

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, number: int) -> Sentence:
        node = self._nodes[number]
        runs = self.report.graph.get(node) or ()
        before = self.changed.get(sentence_id(node))
        return Sentence(runs, tuple(_differences(before[0] or (), runs)) if before else ())


def _differences(old: tuple[Run, ...], new: tuple[Run, ...]) -> Iterator[tuple[int, int]]:
    """The stretches of the new text that the old one does not have."""
    before: dict[Run, int] = {}
    for run in old:
        before[run] = before.get(run, 0) + 1
    at = 0
    for run in new:
        if before.get(run, 0):
            before[run] -= 1
        elif run.text:
            yield at, at + len(run.text)
        at += len(run.text)
