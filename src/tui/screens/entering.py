"""Entering: what the editor does to the source. Each command is one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.amounts import AmountError
from ...core.catalogue import Account, search
from ...core.checks import Finding
from ...core.drafting import acknowledging
from ...core.drafting.session import Edit, ReadOnly, Refused, Step
from ...core.explain import glance
from ...core.i18n import _
from ...core.progress import is_blank
from ...core.source import Cell
from ...core.storage import StorageError
from ...core.taxonomy import NUMBERS
from ...core.text.typed import settled
from ...core.views.deeds import deed, state
from ...core.views.sheets import Place, TableSheet
from ...core.views.tsv import figure
from ..widgets.bars import Bar
from ..widgets.lines import Item
from .comparing import Comparing
from .reading import ReadingScreen
from .writing import WritingScreen


class Entering(Comparing):
    """The commands that change the source."""

    def run_edits(self, name: str, edits: list[Edit]) -> bool:
        """Run a command's edits and show what they change; False where they were refused."""
        refused = self.refusal(name, edits)
        if refused:
            self.show_value(refused)
        return not refused

    def refusal(self, name: str, edits: list[Edit]) -> str:
        """Run a command's edits and show what they change; why they were refused, '' where they were not."""
        try:
            change = self.session.run(name, edits)
        except Refused as error:
            return str(error)
        except ReadOnly:
            return _("This is read only.")
        except StorageError as error:
            return error.message
        self.follow(change)
        if self.session.unprotected:
            self.show_value(self.session.unprotected)
        return ""

    def entered(self, text: str) -> bool:
        """Enter what was typed under the cursor; False where it was refused."""
        place = self.grid.here
        if place is None or place.cell is None:
            return False
        assert self.grid.sheet is not None
        if text == self.grid.sheet.typed(self.grid.row_id, self.grid.column):
            self.show_value()
            return True
        try:
            return self.run_edits(_("Edit"), [self._edit(place, text)])
        except AmountError as error:
            self.show_value(str(error))
            return False

    def _edit(self, place: Place, text: str) -> Edit:
        """The edit that enters a text in a place. Raises AmountError for what can't be computed."""
        assert place.cell is not None
        kind = self._kind(place)
        if kind == "flag":
            return Edit(
                place.kind, place.cell, text.strip().lower() in ("true", "是", "1", "y") if text.strip() else None
            )
        return Edit(place.kind, place.cell, figure(text) if kind in NUMBERS else text)

    def _kind(self, place: Place) -> str:
        assert place.cell is not None
        return (
            "text"
            if place.kind == "reason"
            else self.session.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]].kind
        )

    # ── texts and choices ──

    def opened(self, text: str) -> bool:
        """Edit the place under the cursor in another way than by typing into the cell: a long text
        in its own screen, a choice by turns; False where the cell takes what is typed."""
        place = self.grid.here
        if place is None or place.cell is None:
            return False
        column = self.session.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]]
        if place.kind == "cell" and column.long:
            kind, cell = place.kind, place.cell
            self._write(column.label, "", place.text + text, lambda written: Edit(kind, cell, written))
            return True
        if place.kind == "cell" and column.kind == "flag":
            self.run_edits(_("Edit"), [Edit("cell", place.cell, place.text != "是")])
            return True
        if place.kind == "cell" and column.choices and not text and place.text in ("", *column.choices):
            at = column.choices.index(place.text) + 1 if place.text in column.choices else 0
            self.run_edits(_("Edit"), [Edit("cell", place.cell, column.choices[at % len(column.choices)])])
            return True
        return False

    def do_edit(self) -> None:
        here = self.stops[self.stop] if self.stops else ""
        if isinstance(here, str):
            if here:
                self._write_prose(here)
        elif not self.grid.begin():
            self.do_official()

    def tell_computed(self) -> None:
        """Say why nothing is typed here, and how the figure comes about."""
        place = self.grid.here
        if place is not None and place.cell is not None:
            how = glance(self.session.report, place.cell).formula or place.text
            words = _("Not entered but computed ({explain} explains): {how}")
            if "edit" in self.commands:
                words = _("Not entered but computed ({explain} explains, {edit} official figure): {how}")
            self.show_value(words.format(explain=self.key_of("explain"), edit=self.key_of("edit"), how=how))

    # ── official figures ──

    def do_official(self) -> None:
        """Ask for the official figure of a derived cell; nothing typed takes it back."""
        place, report = self.grid.here, self.session.report
        if place is None or place.cell is None or place.editable or self.grid.read_only:
            self.tell_computed()
            return
        cell = place.cell
        entry = report.source.official.get(cell)
        assert self.grid.sheet is not None
        self.ask(
            _("Official figure (empty: as computed):"),
            lambda text: self._official(cell, text),
            self.grid.sheet.typed(self.grid.row_id, self.grid.column) if entry is not None else "",
            enters=True,
        )

    def _official(self, cell: Cell, text: str) -> None:
        try:
            kind = self.session.report.taxonomy.tables[cell[0]].columns[cell[2]].kind
            value = figure(text) if kind in NUMBERS else text
            self.run_edits(_("Official figure"), [Edit("official", cell, value.strip() or None)])
        except AmountError as error:
            self.show_value(str(error))

    def _write_prose(self, id: str, choose: bool = False) -> None:
        prose = self.session.report.format.prose[id]
        text = self.session.source.prose.get(id, "")
        raw = self.session.text.get(("prose", id)) if self.session.source.problems and not text else ""
        text = raw if isinstance(raw, str) and raw else text  # what is wrong with it is shown, not overwritten
        self._write(prose.label, prose.guidance, text, lambda text: Edit("prose", (id,), text), choose,
                    lambda: self._looked_over(id))

    def _looked_over(self, id: str) -> None:
        """A text was opened and left as it is: if it was taken over from last year, it is right."""
        if f"prose.{id}" in self.session.source.carried:
            self.do_confirm()

    def do_reference(self) -> None:
        """Open the text that is shown, to put a figure into it."""
        here = self.stops[self.stop] if self.stops else ""
        place = self.grid.here
        if isinstance(here, str) and here:
            self._write_prose(here, choose=True)
        elif place is not None and place.kind == "cell" and place.cell is not None and self._is_long(place.cell):
            kind, cell = place.kind, place.cell
            label = self.session.report.taxonomy.tables[cell[0]].columns[cell[2]].label
            self._write(label, "", place.text, lambda written: Edit(kind, cell, written), choose=True)
        else:
            self.show_value(_("Only texts name figures: go to one first."))

    def _is_long(self, cell: tuple[str, str, str]) -> bool:
        return self.session.report.taxonomy.tables[cell[0]].columns[cell[2]].long

    def _write(
        self, title: str, guidance: str, text: str, edit: Callable[[str], Edit], choose: bool = False,
        kept: Callable[[], None] = lambda: None
    ) -> None:
        """Let a text be written. `kept`: what to do where it is done and left as it was."""

        def accept(written: str) -> str:
            return self.refusal(_("Write"), [edit(written)]) if written != text else ""

        def left(result: str | None) -> None:
            if result is not None and result == text:
                kept()
            elif result is None and screen.edit.text != text:
                self.session.sketch(_("Write"), [])
            self.grid.place_cursor()

        def changed(written: str) -> None:
            self.session.sketch(_("Write"), [edit(settled(written))])

        screen = WritingScreen(title, guidance, text, self.ambiguous, changed, self.session.report, accept)
        self.app.push_screen(screen, left)
        if choose:
            screen.choose_figure()  # at once, so that the keys that follow go there

    def offer_recovery(self) -> None:
        """Show what earlier sessions left unsaved, and let the user take it or drop it, one after the other.
        What is not decided stays, and is asked again when the file is opened again."""
        recovery = self.session.recovery
        if recovery is None:
            return

        def chosen(choice: str | None) -> None:
            if choice == "recover":
                self.follow(self.session.recover())
            elif choice == "discard":
                self.session.discard_recovery()
            self.grid.place_cursor()
            if choice in ("recover", "discard"):
                self.offer_recovery()
            else:
                self.show_value(_("Nothing is decided: the edits that were not saved are offered again next time."))

        items = [
            Item(_("[Take these edits]"), "recover", "strong"),
            Item(_("[Drop these edits]"), "discard", "strong"),
            Item(""),
        ]
        if len(self.session.recoveries) > 1:
            words = _("{count} sessions left edits that nobody decided on; these are the newest of them.")
            items.append(Item(words.format(count=len(self.session.recoveries))))
        items += [Item(line) for line in recovery.lines(self.session.catalogue, text=self.session.text.text())]
        self.app.push_screen(ReadingScreen(_("Recover"), items, self.ambiguous, 0, True), chosen)

    # ── findings ──

    def do_findings(self) -> None:
        self.show_findings(None if self.session.read_only else self._acknowledge)

    def do_acknowledge(self) -> None:
        self.show_findings(self._acknowledge, ask=True)

    def _acknowledge(self, finding: Finding, reason: str) -> str:
        """Note why a finding is right as it is, or ('') take that back; why it was refused, or ''."""
        report = self.session.report
        edits = [Edit("acknowledge", key) for key in acknowledging.lapsed(report, finding)] if reason else []
        edits.append(Edit("acknowledge", acknowledging.key_of(finding), reason or None))
        if self.run_edits(_("Acknowledge") if reason else _("Take back the acknowledgement"), edits):
            return self.session.unprotected
        return self.query_one("#value", Bar).line.strip()

    def do_department(self) -> None:
        self.ask(_("Name of the department:"), self._rename, self.session.source.department, enters=True)

    def _rename(self, text: str) -> None:
        if text.strip():
            self.run_edits(_("Department name"), [Edit("department", (), text.strip())])

    # ── undo ──

    def do_undo(self) -> None:
        self._travel(self.session.done, self.session.undo, _("Taken back: {deed}"), _("Nothing to take back."))

    def do_redo(self) -> None:
        self._travel(self.session.undone, self.session.redo, _("Done again: {deed}"), _("Nothing to do again."))

    def _travel(self, steps: list[Step], go: Callable[[], Any], done: str, nothing: str) -> None:
        """Go a step through the history, and say what that changes."""
        edits = steps[-1].edits if steps else ()
        before = state(self.session.report, edits)
        result = go()
        if result is None:
            self.show_value(nothing)
            return
        self.follow(result[1])
        after = state(self.session.report, edits)
        self.show_value(done.format(deed=deed(self.session.report, result[0], edits, before, after)))

    # ── rows ──

    @property
    def _table(self) -> TableSheet | None:
        sheet = self.grid.sheet
        return sheet if isinstance(sheet, TableSheet) and sheet.grows else None

    def do_add(self) -> None:
        sheet = self._table
        if sheet is None:
            self.show_value(_("Rows can't be added here."))
        elif sheet.grows == "account":
            self.ask(_("Account code or name:"), self._add_account, typed=self._offer_accounts)
        else:
            at = self.grid.row + 1 if self.grid.row_ids else 0
            if self.run_edits(_("Add row"), [Edit("insert", (sheet.table.id, sheet.owner, at))]):
                self.grid.move_to(at, 1)

    def _offer_accounts(self, text: str) -> None:
        sheet = self._table
        if sheet is not None and text.strip():
            found = self._accounts(sheet, text, 4)
            self.show_value("  ".join(f"{account.code} {account.name}" for account in found) or _("no such account"))

    def _accounts(self, sheet: TableSheet, text: str, limit: int) -> list[Account]:
        report = self.session.report
        catalogue = report.functional if sheet.table.axis == "functional" else report.economic
        return [
            account for account in search(catalogue, text, 50) if len(account.code) == sheet.table.digits
        ][:limit]

    def _add_account(self, text: str) -> None:
        sheet, text = self._table, text.strip()
        if sheet is None or not text:
            return
        found = self._accounts(sheet, text, 1)
        code = text if self._is_code(sheet, text) else found[0].code if found else ""
        if not code:
            self.show_value(_("There is no account “{text}” in the catalogue: give its full code.").format(text=text))
            return
        sheet.added[code] = None
        self.grid.show(sheet, code)
        first = next((n for n, column in enumerate(sheet.columns) if sheet.place(code, n).editable), self.grid.column)
        self.grid.move_to(self.grid.row, first)

    @staticmethod
    def _is_code(sheet: TableSheet, text: str) -> bool:
        return (
            text.isascii()
            and text.isdigit()
            and len(text) == sheet.table.digits
            and text[0] == ("2" if sheet.table.axis == "functional" else "3")
        )

    def do_none(self) -> None:
        """Say that there is nothing in the table that is shown, or take that back."""
        sheet = self.grid.sheet
        if not isinstance(sheet, TableSheet):
            return
        stated = not sheet.nothing
        if self.run_edits(_("None this year"), [Edit("none", (sheet.table.id, sheet.owner), True if stated else None)]):
            words = _("{table}: nothing this year ({key} takes that back)")
            if not stated:
                words = _("{table}: to be entered")
            elif sheet.table.lines:
                words = _("{table}: nothing but what is entered ({key} takes that back)")
            self.show_value(words.format(table=sheet.title, key=self.key_of("none")))

    def do_remove(self) -> None:
        sheet, row = self._table, self.grid.row_id
        if sheet is None or not row:
            self.show_value(_("Rows can't be removed here."))
            return
        if sheet.grows == "record":
            self.run_edits(_("Remove row"), [Edit("remove", (sheet.table.id, sheet.owner, _number(row)))])
            return
        sheet.added.pop(row, None)
        edits = self._emptied(sheet, row)
        if not edits or not self.run_edits(_("Remove row"), edits):
            self.grid.follow(set(), set())

    def _emptied(self, sheet: TableSheet, row: str) -> list[Edit]:
        """The edits that take an account's row away."""
        source, table = self.session.source, sheet.table
        return [
            Edit("cell", (table.id, row, column.id))
            for column in table.entered
            if (table.id, row, column.id) in source.entries or (table.id, row) in source.blank
        ]

    def do_confirm(self) -> None:
        """What is shown was taken over from last year and is right now: a text, a table. Accounts that
        have no figure this year go."""
        here = self.stops[self.stop] if self.stops else ""
        source, taxonomy = self.session.source, self.session.report.taxonomy
        edits: list[Edit] = []
        key, name = f"prose.{here}", ""
        if isinstance(here, TableSheet):
            table = here.table
            while table.owner:
                table = taxonomy.tables[table.owner]
            key, name = table.key, table.title
            blank = [row for id, row in source.blank if id == here.table.id and is_blank(self.session.report, id, row)]
            edits = [edit for row in blank for edit in self._emptied(here, row)]
            for row in blank:
                here.added.pop(row, None)
        elif isinstance(here, str) and here:
            name = self.session.report.format.prose[here].label
        rows = len({edit.key[1] for edit in edits})
        if key in source.carried:
            edits.append(Edit("confirm", (key,)))
        if not edits:
            self.show_value(_("Nothing here is to be looked over."))
        elif self.run_edits(_("Confirm"), edits):
            words = _("Looked over: {place}.")
            if rows:
                words = _("Looked over: {place}; {count} accounts without a figure are gone ({key} brings them back).")
            self.show_value(words.format(place=name, count=rows, key=self.key_of("undo")))

    def do_up(self) -> None:
        self._move_record(-1)

    def do_down(self) -> None:
        self._move_record(1)

    def _move_record(self, step: int) -> None:
        sheet, row = self._table, self.grid.row_id
        if sheet is None or sheet.grows != "record" or not row:
            self.show_value(_("Only records can be moved."))
            return
        at = _number(row)
        if 0 <= at + step < len(self.grid.row_ids) and self.run_edits(
            _("Move row"), [Edit("move", (sheet.table.id, sheet.owner, at), at + step)]
        ):
            self.grid.move_to(at + step, self.grid.column)


def _number(row: str) -> int:
    """The number of a record in its list, from 0."""
    return int(row.rpartition("/")[2]) - 1
