"""A draft: the text of a source, the report that it says, and the history, kept in step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..changes import Change
from ..opening import build_report
from ..reading import parse_source, reread
from ..report import Report
from ..source import Source
from ..toml.editing import EditError, SourceText
from . import entering
from .entering import RECORDS, Edit, Refused
from .following import adopt, compare, merge
from .history import Delta, difference

AT_ONCE = 300
"""More edits than these (a workbook) are followed by reading the text anew."""


class Step(NamedTuple):
    """A command that was done: its name for the user, its edits (none where the whole text was
    replaced), and what it did to the text."""

    name: str
    edits: tuple[Edit, ...]
    delta: Delta


class ReadOnly(Exception):
    """The session may not change anything."""


class Draft:
    """A source being edited. The only way to change anything is `run`; every command is one step of undo."""

    def __init__(self, path: str, text: str, read_only: bool = False, catalogue: str = "") -> None:
        self.path = path
        self.read_only = read_only
        self.catalogue = catalogue
        self.report = self._build(parse_source(text, path))
        self._text: SourceText | None = None
        self.done: list[Step] = []
        self.undone: list[Step] = []

    def _build(self, source: Source) -> Report:
        report = build_report(source, self.catalogue)
        report.watch()
        return report

    @property
    def text(self) -> SourceText:
        """The text of the source, taken apart when it is first edited."""
        if self._text is None:
            self._text = SourceText.parse(self.source.text)
        return self._text

    def warm(self) -> None:
        """Make ready what the first edit needs, once there is time for it."""
        if not self.read_only:
            self.text.snapshot()
            self.report.graph.index()

    @property
    def source(self) -> Source:
        return self.report.source

    # ── changing ──

    def run(self, name: str, edits: Iterable[Edit]) -> Change:
        """Do a command: all of its edits, or none. Raises ReadOnly, or Refused with the reason."""
        if self.read_only:
            raise ReadOnly
        done = tuple(entering.normalised(self.report, edit) for edit in edits)
        done = (*entering.taken_back(self.source, done), *done, *entering.looked_over(self.source, done))
        before = self.text.snapshot()
        try:
            entering.write_all(self.report, self.text, done)
        except EditError as error:
            self.text.restore(before)
            raise Refused(str(error)) from None
        except BaseException:
            self.text.restore(before)
            raise
        return self._stepped(name, done, before)

    def sketch(self, name: str, edits: Iterable[Edit]) -> None:
        """Keep safe what an edit would say that is not finished yet (none: that it was given up).
        Nothing else changes; what can't be entered as it stands is left to `run` to refuse."""
        if self.read_only:
            return
        before = self.text.snapshot()
        try:
            for edit in edits:
                entering.write(self.report, self.text, entering.normalised(self.report, edit))
            text = self.text.text()
        except (EditError, Refused):
            return
        finally:
            self.text.restore(before)
        self._protect("do", name, text)

    def _stepped(self, name: str, edits: tuple[Edit, ...], before: Any) -> Change:
        """Note the step that the text has just made, and follow it."""
        text = self.text.text()
        if text == self.source.text:
            return Change({}, {}, {}, {})
        self._protect("do", name, text)
        self.done.append(Step(name, edits, difference(before, self.text.snapshot())))
        self.undone.clear()
        return self._follow(edits, text)

    def undo(self) -> tuple[str, Change] | None:
        """Take the last command back; its name and what changed, or None if there is none."""
        return self._travel("undo", self.done, self.undone)

    def redo(self) -> tuple[str, Change] | None:
        """Do the last command again that was taken back."""
        return self._travel("redo", self.undone, self.done)

    def _travel(self, kind: str, start: list[Step], goal: list[Step]) -> tuple[str, Change] | None:
        if self.read_only or not start:
            return None
        step = start.pop()
        goal.append(step)
        self.text.restore(step.delta.applied(self.text.snapshot(), forward=kind == "redo"))
        text = self.text.text()
        self._protect(kind, step.name, text)
        return step.name, self._follow(step.edits, text)

    def _protect(self, kind: str, name: str, text: str) -> None:
        """Keep a step ('do', 'undo' or 'redo') somewhere safe, before the report follows it."""

    # ── following ──

    def _follow(self, edits: tuple[Edit, ...], text: str) -> Change:
        """Bring the report up to the text.

        Figures and texts are set in their place. Records that come, go or move renumber their
        neighbours: their part of the file is read anew. Anything else is read as a whole.
        """
        if edits and len(edits) <= AT_ONCE and not self.source.problems:
            try:
                if all(edit.kind in entering.PLAIN for edit in edits):
                    change = self.report.apply(entering.entered(self.report, self.text, edits))
                    self.source.retext(text)
                    entering.forget_addresses(self.source, edits)
                    if entering.rows_agree(self.report, self.text, edits):
                        return change
                    return merge([change, self._read_anew(text)])
                source = self._reread(edits, text)
                change_of_part = None if source is None else adopt(self.report, source)
                if change_of_part is not None:
                    return change_of_part
            except (ValueError, EditError):
                pass  # the file says what no edit could have said: it is read as any file is
        return self._read_anew(text)

    def _reread(self, edits: tuple[Edit, ...], text: str) -> Source | None:
        """The source with the one table of records read anew that the edits are about, if that is all."""
        if any(edit.kind not in (*RECORDS, "cell") for edit in edits):
            return None
        table, *others = {entering.top(self.report.taxonomy, edit) for edit in edits}
        if others or table.axis != "records" or entering.is_addressed(self.report, table.id):
            return None
        source = reread(self.source, table.key, entering.plain(self.text.get((table.key,))), text)
        return None if source.problems else source

    def _read_anew(self, text: str) -> Change:
        source = parse_source(text, self.path)
        return adopt(self.report, source) or self._rebuild(source)

    def _rebuild(self, source: Source) -> Change:
        before = self.report
        self.report = self._build(source)
        return compare(before, self.report)

    def _replace(self, name: str, text: str) -> Change:
        """Take another text, as one step of the history. Raises SourceError, and nothing is done."""
        if self.read_only:
            raise ReadOnly
        parse_source(text, self.path)
        before = self.text.snapshot()
        self.text.restore(SourceText.parse(text).snapshot())
        return self._stepped(name, (), before)
