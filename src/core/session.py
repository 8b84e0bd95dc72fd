"""A session: one source being edited. The only way to change anything is `run`.

It keeps three things in step: the text of the file (with its comments), the report that the
text says, and the history. Every command is one step of undo, and stands in the journal on
disk before it is done.
"""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple

from .amounts import AmountError, normalise_digits, parse_number
from .checks import findings
from .editing import SourceText
from .i18n import _
from .narrative import sentence_id
from .opening import build_report
from .report import Change, Report
from .source import Cell, Path, Source, check_text, is_derived, parse_cell, parse_source
from .storage import Stored, read_text, save
from .taxonomy import NUMBERS
from .toml_values import Digits

class Edit(NamedTuple):
    """One edit. `key` is what it is about; `value` is what the user gave (None empties).

    'cell', 'official', 'prior', 'reason': key is a cell (table, row, column).
    'prose': key is (id,). 'department': key is ().
    'insert', 'remove', 'move': key is (table, owner row or '', index); a move's value is the new index.
    """

    kind: str
    key: tuple[Any, ...]
    value: Any = None


class Step(NamedTuple):
    """A command that was done: its name for the user, its edits, and the text before and after."""

    name: str
    edits: tuple[Edit, ...]
    before: Any
    after: Any


class ReadOnly(Exception):
    """The session may not change anything."""


class Refused(ValueError):
    """The edit can't be done; the message says why and what is expected."""


class Session:
    """A source that is open: its text, its report, its history."""

    def __init__(self, path: str, stored: Stored, read_only: bool = False, catalogue: str = "") -> None:
        self.path = path
        self.read_only = read_only
        self.catalogue = catalogue
        self.stored = stored
        self.text = SourceText.parse(stored.text)
        self.report = self._build()
        self.undone: list[Step] = []
        self.done: list[Step] = []
        self.saved_text = stored.text
        self.journal: Any = None

    @classmethod
    def open(cls, path: str, read_only: bool = False, catalogue: str = "") -> "Session":
        """Open a file. Raises StorageError or SourceError where it can't be read."""
        return cls(path, read_text(path), read_only, catalogue)

    def _build(self) -> Report:
        report = build_report(parse_source(self.text.text(), self.path), self.catalogue)
        report.watch()
        return report

    @property
    def source(self) -> Source:
        return self.report.source

    @property
    def dirty(self) -> bool:
        """Does the text differ from what was last saved?"""
        return self.text.text() != self.saved_text

    # ── changing ──

    def run(self, name: str, edits: Iterable[Edit]) -> Change:
        """Do a command: all of its edits, or none. Raises ReadOnly, or Refused with the reason."""
        if self.read_only:
            raise ReadOnly
        edits = tuple(self._normalised(edit) for edit in edits)
        if self.journal is not None:
            self.journal.write(name, edits)
        before = self.text.snapshot()
        try:
            for edit in edits:
                self._write(edit)
        except Exception:
            self.text.restore(before)
            raise
        change = self._follow(edits)
        self.done.append(Step(name, edits, before, self.text.snapshot()))
        self.undone.clear()
        return change

    def undo(self) -> tuple[str, Change] | None:
        """Take the last command back; its name and what changed, or None if there is none."""
        return self._travel(self.done, self.undone, lambda step: step.before)

    def redo(self) -> tuple[str, Change] | None:
        """Do the last command again that was taken back."""
        return self._travel(self.undone, self.done, lambda step: step.after)

    def _travel(self, start: list[Step], goal: list[Step], state: Any) -> tuple[str, Change] | None:
        if self.read_only or not start:
            return None
        step = start.pop()
        self.text.restore(state(step))
        goal.append(step)
        if self.journal is not None:
            self.journal.write_text(step.name, self.text.text())
        return step.name, self._follow(step.edits)

    def _normalised(self, edit: Edit) -> Edit:
        """The edit with its value as it will be written; refused here, before anything changes."""
        if edit.kind in ("cell", "official", "prior"):
            return edit._replace(value=self._figure(edit.kind, edit.key, edit.value))
        if edit.kind in ("reason", "prose", "department") and isinstance(edit.value, str):
            try:
                return edit._replace(value=check_text(edit.value) or None)
            except AmountError as error:
                raise Refused(str(error)) from None
        return edit

    def _figure(self, kind: str, key: tuple[Any, ...], value: Any) -> Any:
        cell: Cell = (key[0], key[1], key[2])
        table = self.report.taxonomy.tables[cell[0]]
        column = table.columns[cell[2]]
        derived = is_derived(table, cell[1], cell[2])
        if kind == "cell" and derived:
            raise Refused(_("“{label}” is computed and is not entered").format(label=self.report.label(cell)))
        if kind == "official" and not derived:
            raise Refused(_("“{label}” is entered: correct the entry itself").format(label=self.report.label(cell)))
        if value is None or isinstance(value, str) and not value.strip():
            return None
        try:
            entry = parse_cell(column, value, self.source.unit)
        except AmountError as error:
            raise Refused(f"{column.label}：{error}") from None
        if column.kind in NUMBERS:
            return format(parse_number(normalise_digits(str(value))), "f")
        return entry.value

    def _write(self, edit: Edit) -> None:
        """Put one edit into the text."""
        kind, key, value = edit
        if kind in ("insert", "remove", "move"):
            self._write_record(kind, key, value)
            return
        path = self._path(kind, key)
        if value is None:
            if self.text.get(path) is not None:
                self.text.delete(path)
            return
        numeric = kind in ("cell", "official", "prior") and \
            self.report.taxonomy.tables[key[0]].columns[key[2]].kind in NUMBERS
        self.text.set(path, Digits(value) if numeric else value)

    def _path(self, kind: str, key: tuple[Any, ...]) -> Path:
        source = self.source
        if kind == "prose":
            return ("prose", key[0])
        if kind == "department":
            return ("report", "department")
        cell: Cell = (key[0], key[1], key[2])
        return source.key(cell) if kind == "cell" else source.addressed_key({"reason": "reasons"}.get(kind, kind), cell)

    def _write_record(self, kind: str, key: tuple[Any, ...], value: Any) -> None:
        table = self.report.taxonomy.tables[key[0]]
        row = f"{key[1]}/{key[2] + 1}" if key[1] else str(key[2] + 1)
        base = self.source.row_path(table, row)[:-1]
        if kind == "insert":
            blank = {column.id: "" for column in table.entered if column.kind in ("text", "choice") and not column.optional}
            self.text.insert_record(base, key[2], {**blank, **(value or {})})
        elif kind == "remove":
            self.text.remove_record(base, key[2])
        else:
            self.text.move_record(base, key[2], value)

    # ── following ──

    def _follow(self, edits: tuple[Edit, ...]) -> Change:
        """Bring the report up to the text. Records that come, go or move renumber their
        neighbours, so that the report is read anew for them; anything else is set in place."""
        if any(edit.kind in ("insert", "remove", "move", "department") for edit in edits) or self.source.problems:
            return self._rebuild()
        change = Change({}, {}, {}, {})
        for edit in edits:
            self._merge(change, self._set(edit))
        self.source.retext(self.text.text())
        return change

    def _set(self, edit: Edit) -> Change:
        kind, key, _value = edit
        report = self.report
        raw = self.text.get(self._path(kind, key))
        raw = str(raw) if isinstance(raw, Digits) else raw
        if kind == "prose":
            return report.set_prose(key[0], raw or "")
        cell: Cell = (key[0], key[1], key[2])
        if kind == "reason":
            return report.set_reason(cell, raw or "")
        return {"cell": report.set, "official": report.set_official, "prior": report.set_prior}[kind](cell, raw)

    @staticmethod
    def _merge(change: Change, other: Change) -> None:
        for into, new in zip(change, other):
            for key, (before, after) in new.items():
                first = into[key][0] if key in into else before
                into[key] = (first, after)

    def _rebuild(self) -> Change:
        before = self.report
        self.report = self._build()
        return compare(before, self.report)

    # ── saving ──

    def save(self, path: str = "", overwrite: bool = False) -> None:
        """Write the text. Raises ReadOnly, StorageError, and ChangedOutside where the file on disk
        is not the one that was read (unless `overwrite`, or another `path`)."""
        if self.read_only and not path:
            raise ReadOnly
        text = self.text.text()
        other = bool(path) and path != self.path
        digest = save(path or self.path, text, None if overwrite or other else self.stored.digest, bom=self.stored.bom)
        self.stored = self.stored._replace(text=text, digest=digest)
        if path:
            self.path = self.source.path = path
        self.saved_text = text
        if self.journal is not None:
            self.journal.saved(self.stored.digest)


def compare(before: Report, after: Report) -> Change:
    """What differs between two watched reports, as a Change."""
    change = Change({}, {}, {}, {})
    for part, old, new in ((change.cells, _cells(before), _cells(after)),
                           (change.sentences, _sentences(before), _sentences(after)),
                           (change.findings, _findings(before), _findings(after))):
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                part[key] = (old.get(key), new.get(key))  # type: ignore[index]
    return change


def _cells(report: Report) -> dict[Any, Any]:
    return {(table.id, row, column): report.value((table.id, row, column))
            for table in report.taxonomy.tables.values() for row in report.rows(table.id) for column in table.columns}


def _sentences(report: Report) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    pending = list(report.text.nodes())
    while pending:
        node = pending.pop()
        if node[0] == ":each":
            pending += report.text.inside(node)
        else:
            found[sentence_id(node)] = report.graph.get(node)
    return found


def _findings(report: Report) -> dict[Any, Any]:
    return {(finding.code, finding.cell, finding.path): finding for finding in findings(report)}
