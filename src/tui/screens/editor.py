"""The editor: the outline of the report, a sheet to fill in, and the sentences that it makes."""

from __future__ import annotations

from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from ...core.amounts import AmountError
from ...core.checks import findings
from ...core.commands import Command, commands
from ...core.compose import numbered_sections
from ...core.explain import as_text, explain
from ...core.i18n import _
from ...core.narrative import Text
from ...core.progress import MISSING, needs, progress
from ...core.session import Edit, ReadOnly, Refused, Session
from ...core.sheets import Place, Sheet, TableSheet, sheets
from ...core.storage import ChangedOutside, StorageError
from ...core.taxonomy import NUMBERS
from ...core.text.wrap import wrap
from ...core.tsv import compute, format_table, parse_table
from ..widgets.bars import Bar, Prompt
from ..widgets.grid import Grid
from ..widgets.lines import Item, Lines
from .reading import ReadingScreen
from .writing import WritingScreen

WIDE = 140
"""From so many columns on, outline, sheet and sentences stand side by side."""
MIDDLE = 110
"""From so many columns on, the outline stands beside the sheet."""


class EditorScreen(Screen[None]):
    """One session on the screen. Every key is a command of the registry, or the widget's own."""

    def __init__(self, session: Session, ambiguous: int) -> None:
        super().__init__()
        self.session = session
        self.ambiguous = ambiguous
        self.commands = {command.id: command for command in commands() if not (session.read_only and command.changes)}
        self.keys = {key: command.id for command in self.commands.values() for key in command.keys}
        self.section = ""
        self.sheets: list[Sheet] = []
        self.sheet_number = 0
        self.clipboard = ""
        self.changed_sentences: set[str] = set()

    def compose(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Bar("value", self.ambiguous)
        with Horizontal(id="body"):
            yield Lines("outline", self.ambiguous)
            with Vertical(id="work"):
                yield Bar("sheet", self.ambiguous)
                with Vertical(id="panes"):
                    yield Grid("grid", self.ambiguous)
                    yield Lines("text", self.ambiguous, cursor=False)
        yield Prompt("prompt", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    def on_mount(self) -> None:
        self.grid.read_only = self.session.read_only
        self._layout()
        self.show_section(self._first_section())
        self.grid.focus()
        self.refresh_status()

    def on_resize(self) -> None:
        self._layout()

    def _layout(self) -> None:
        self.set_class(self.size.width < MIDDLE, "narrow")
        self.set_class(self.size.width >= WIDE, "wide")

    @property
    def grid(self) -> Grid:
        return self.query_one("#grid", Grid)

    @property
    def outline(self) -> Lines:
        return self.query_one("#outline", Lines)

    # ── what is shown ──

    def _first_section(self) -> str:
        for need in needs(self.session.report):
            if need.state == MISSING and need.section in self._titles():
                return need.section
        return next(iter(self._titles()))

    def _titles(self) -> dict[str, str]:
        return {section.id: f"{'  ' * (section.level - 1)}{number}{title}"
                for section, number, title in numbered_sections(self.session.report)}

    def show_section(self, section: str, row: str = "", column: str = "", sheet: int | None = None) -> None:
        """Show a section: its sheets, its sentences."""
        self.section = section
        self.sheets = sheets(self.session.report, section)
        self.show_sheet(0 if sheet is None else sheet, row, column)
        self.outline.show(self._outline_items(), section)
        self._show_text()

    def show_sheet(self, number: int, row: str = "", column: str = "") -> None:
        """Show one of the section's sheets."""
        self.sheet_number = number if number < len(self.sheets) else 0
        sheet = self.sheets[self.sheet_number] if self.sheets else None
        self.grid.show(sheet, row, column)
        self._mark()
        names = [f"[{own.title}]" if own is sheet else own.title for own in self.sheets]
        self.query_one("#sheet", Bar).show("  ".join(names) if names else _("This section holds text only: F2 writes it."))

    def _mark(self) -> None:
        """The signs of findings in the grid."""
        signs = {"error": "!", "warning": "?"}
        marks: dict[Any, str] = {}
        for finding in findings(self.session.report):
            if finding.cell and finding.severity in signs:
                marks[tuple(finding.cell.split("."))] = signs[finding.severity]
        self.grid.marks = marks

    def _outline_items(self) -> list[Item]:
        states: dict[str, list[int]] = {}
        for need in needs(self.session.report):
            if need.state != "spared":
                done = states.setdefault(need.section, [0, 0])
                done[0] += need.state == "done"
                done[1] += 1
        items = []
        for id, title in self._titles().items():
            done, all_ = states.get(id, [0, 0])
            sign = " " if not all_ else "√" if done == all_ else "○" if not done else "◐"
            style = "dim" if not all_ else "" if done == all_ else "strong"
            items.append(Item(f"{sign} {title}", id, style))
        return items

    def _show_text(self) -> None:
        pane = self.query_one("#text", Lines)
        text: Text = self.session.report.text
        columns = max(20, pane.size.width or 60)
        items: list[Item] = []
        for node in text.nodes():
            block = text.blocks[node[1]]
            if node[1].rpartition(".")[0] != self.section or block.kind in ("title", "inline"):
                continue
            for child in (text.inside(node) if node[0] == ":each" else [node]):
                runs = self.session.report.graph.get(child) if child[0] == ":text" else None
                if not runs:
                    continue
                words = "".join(run.text for run in runs)
                style = "changed" if (child[1], child[2].row) in self.changed_sentences else ""
                items += [Item(line, None, style) for part in words.split("\n")
                          for line in wrap(part, columns, indent="　　", ambiguous=self.ambiguous)]
        pane.show(items)
        pane.refresh()

    def refresh_status(self) -> None:
        """The title, the value line and the footer."""
        report = self.session.report
        done = progress(report)
        counts = [sum(finding.severity == severity for finding in findings(report)) for severity in ("error", "warning")]
        flags = _("[read only]") if self.session.read_only else "*" if self.session.dirty else ""
        self.query_one("#title", Bar).show(_(" {department} {year} {title}  {percent}%  errors {errors}  warnings {warnings} {flags}").format(
            department=report.source.department, year=report.source.year, title=report.taxonomy.title,
            percent=done.percent, errors=counts[0], warnings=counts[1], flags=flags))
        self.query_one("#footer", Bar).show("  ".join(
            f"{_key(command.keys[0])} {command.title}" for command in self.commands.values() if command.footer))
        self.show_value()

    def show_value(self, note: str = "") -> None:
        """The line above the sheet: what the place under the cursor is, or a note."""
        place = self.grid.here
        text = note
        if not text and place is not None and place.cell is not None:
            report = self.session.report
            explanation = explain(report, place.cell)
            how = explanation.formula or {"entered": _("entered"), "blank": _("nothing entered")}.get(explanation.how, "")
            text = f"{'.'.join(place.cell)}  {explanation.label} = {explanation.value}  {how}"
        self.query_one("#value", Bar).show(" " + text)

    @on(Grid.Moved)
    def _moved(self) -> None:
        self.show_value()

    # ── edits ──

    @on(Grid.Entered)
    def _entered(self, event: Grid.Entered) -> None:
        place = self.grid.here
        if place is None or place.cell is None:
            return
        try:
            edit = self._edit_of(place, event.text)
        except AmountError as error:
            self.show_value(str(error))
            return
        if self.run_edits(_("Edit"), [edit]):
            {"down": self.grid.down_place, "next": lambda: self.grid.next_place(1), "last": lambda: self.grid.next_place(-1),
             "up": lambda: self.grid.move_to(self.grid.row - 1, self.grid.column), "": lambda: None}[event.move]()

    def _edit_of(self, place: Place, text: str) -> Edit:
        assert place.cell is not None
        kind = self.session.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]].kind
        if place.kind == "reason":
            return Edit("reason", place.cell, text)
        if kind == "flag":
            return Edit(place.kind, place.cell, text == "true")
        return Edit(place.kind, place.cell, compute(text) if kind in NUMBERS else text)

    def run_edits(self, name: str, edits: list[Edit]) -> bool:
        """Run a command's edits and show what they change; False where they were refused."""
        try:
            change = self.session.run(name, edits)
        except Refused as error:
            self.show_value(str(error))
            return False
        except (ReadOnly, StorageError) as error:
            self.show_value(str(error) or _("This is read only."))
            return False
        self.follow(change)
        return True

    def follow(self, change: Any) -> None:
        """Show what a change changed: figures, sentences, findings, progress."""
        self.changed_sentences = {(key.partition("@")[0], key.partition("@")[2]) for key in change.sentences}
        self.grid.changed = set(change.cells)
        for sheet in self.sheets:
            sheet.report = self.session.report  # type: ignore[attr-defined]
        if change.findings:
            self._mark()
        self.grid.reload()
        self.outline.show(self._outline_items())
        self._show_text()
        self.refresh_status()

    @on(Grid.Pasted)
    def _pasted(self, event: Grid.Pasted) -> None:
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Put a table of cells down from the cursor: one command, all or nothing."""
        sheet, edits = self.grid.sheet, []
        if sheet is None:
            return
        for down, cells in enumerate(parse_table(text)):
            for right, cell in enumerate(cells):
                row, column = self.grid.row + down, self.grid.column + right
                if row >= len(self.grid.row_ids) or column >= len(sheet.columns):
                    continue
                place = sheet.place(self.grid.row_ids[row], column)
                if place.editable:
                    edits.append(self._edit_of(place, cell.strip()))
        if edits and self.run_edits(_("Paste"), edits):
            self.show_value(_("{count} places pasted").format(count=len(edits)))

    # ── commands ──

    def on_key(self, event: events.Key) -> None:
        command = self.keys.get(event.key)
        if command is not None:
            event.stop()
            event.prevent_default()
            self.run_command(command)

    def run_command(self, id: str) -> None:
        """Do a command of the registry."""
        if id in self.commands:
            getattr(self, "do_" + id)()

    def do_next(self) -> None:
        report = self.session.report
        for need in needs(report):
            if need.state != MISSING:
                continue
            if need.kind in ("prose", "meta"):
                self.show_section(need.section if need.section in self._titles() else self._first_section())
                self.show_value(_("To be written: {place} (F2)").format(place=need.place))
                return
            if need.kind == "table":
                self._go_to(need.section, (need.key, "", ""))
                self.show_value(_("To be entered: {place} (Ins adds a row)").format(place=need.place))
                return
            self._go_to(need.section, tuple(need.key.split(".")), need.kind)
            self.show_value(_("To be entered: {place}").format(place=need.place))
            return
        for finding in findings(report):
            if finding.severity == "error" and finding.cell:
                self.go_to_cell(finding.cell)
                self.show_value(finding.message)
                return
        self.show_value(_("Nothing is missing: preview (F9) and export (F12)."))

    def _go_to(self, section: str, cell: tuple[str, ...], kind: str = "cell") -> None:
        """Show the sheet in which a cell is entered."""
        for id in dict.fromkeys([section, *self._titles()]):
            for number, sheet in enumerate(sheets(self.session.report, id)):
                if isinstance(sheet, TableSheet) and kind == "cell" and sheet.table.id == cell[0]:
                    self.show_section(id, cell[1], cell[2], number)
                    return
                if kind in ("prior", "reason") and ".".join(cell) in sheet.rows:
                    self.show_section(id, ".".join(cell), kind, number)
                    return
        table = self.session.report.taxonomy.tables[cell[0]]
        if table.owner:
            owner = cell[1].rpartition("/")[0]
            self._go_to(section, (table.owner, owner, table.primary))
            self.open_record(owner, table.id, cell[1], cell[2])

    def go_to_cell(self, address: str) -> None:
        """Show the place of a cell."""
        self._go_to(self.section, tuple(address.split(".")))

    def do_edit(self) -> None:
        place, sheet = self.grid.here, self.grid.sheet
        if sheet is None or place is None or not place.editable:
            self._write_prose()
            return
        column = sheet.columns[self.grid.column]
        if column.kind == "text" and place.cell is not None and (
                place.kind == "cell" and self.session.report.taxonomy.tables[place.cell[0]].columns[place.cell[2]].long):
            self._write(column.title, place.text, lambda text: Edit(place.kind, place.cell or (), text))
            return
        self.grid.begin()

    def _write_prose(self) -> None:
        report = self.session.report
        section = next(section for section in report.format.sections if section.id == self.section)
        ids = [block.name for block in section.blocks if block.kind in ("prose", "inline")]
        blank = [id for id in ids if not report.source.prose.get(id)]
        if ids:
            id = (blank or ids)[0]
            prose = report.format.prose[id]
            self._write(f"{prose.label}：{prose.guidance}", report.source.prose.get(id, ""), lambda text: Edit("prose", (id,), text))

    def _write(self, title: str, text: str, edit: Any) -> None:
        def written(result: str | None) -> None:
            if result is not None:
                self.run_edits(_("Write"), [edit(result)])

        self.app.push_screen(WritingScreen(title, text, self.session.read_only), written)

    def do_save(self) -> None:
        try:
            self.session.save()
        except ChangedOutside:
            self.query_one("#prompt", Prompt).ask("overwrite", _(
                "The file was changed outside of this program. Write y to overwrite it, or a new file name:"))
            return
        except StorageError as error:
            self.show_value(str(error))
            return
        self.refresh_status()
        self.show_value(_("Saved."))

    def do_undo(self) -> None:
        self._travelled(self.session.undo(), _("Taken back: {name}"), _("Nothing to take back."))

    def do_redo(self) -> None:
        self._travelled(self.session.redo(), _("Done again: {name}"), _("Nothing to do again."))

    def _travelled(self, result: Any, done: str, nothing: str) -> None:
        if result is None:
            self.show_value(nothing)
            return
        self.follow(result[1])
        self.show_value(done.format(name=result[0]))

    def do_outline(self) -> None:
        if self.outline.has_focus:
            self.remove_class("outlined")
            self.grid.focus()
        else:
            self.add_class("outlined")
            self.outline.focus()

    @on(Lines.Chosen, "#outline")
    def _chosen(self, event: Lines.Chosen) -> None:
        self.remove_class("outlined")
        self.show_section(event.key)
        self.grid.focus()

    def do_sheet(self) -> None:
        if self.sheets:
            self.show_sheet((self.sheet_number + 1) % len(self.sheets))

    def do_add(self) -> None:
        sheet = self.grid.sheet
        if not isinstance(sheet, TableSheet) or not sheet.grows:
            self.show_value(_("Rows can't be added here."))
        elif sheet.grows == "account":
            self.query_one("#prompt", Prompt).ask("account", _("Account code or name:"))
        else:
            count = len(self.grid.row_ids)
            if self.run_edits(_("Add row"), [Edit("insert", (sheet.table.id, sheet.owner, count))]):
                self.grid.move_to(count, 1)

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        sheet = self.grid.sheet
        if event.purpose == "account" and isinstance(sheet, TableSheet):
            found = self._accounts(sheet, event.text, 4)
            self.show_value("  ".join(f"{account.code} {account.name}" for account in found) or _("no such account"))

    def _accounts(self, sheet: TableSheet, text: str, limit: int) -> list[Any]:
        from ...core.catalogue import search
        from ...core.source import CODE_DIGITS

        report = self.session.report
        catalogue = report.functional if sheet.table.axis == "functional" else report.economic
        return [account for account in search(catalogue, text, 50) if len(account.code) == CODE_DIGITS[sheet.table.axis]][:limit]

    @on(Prompt.Answered)
    def _answered(self, event: Prompt.Answered) -> None:
        self.grid.focus()
        text = (event.text or "").strip()
        if not text:
            self.show_value()
        elif event.purpose == "account":
            self._add_account(text)
        elif event.purpose == "overwrite":
            try:
                self.session.save(overwrite=True) if text == "y" else self.session.save(text)
                self.show_value(_("Saved."))
            except StorageError as error:
                self.show_value(str(error))
        elif event.purpose == "quit":
            if text == "s":
                self.do_save()
                if self.session.dirty:
                    return
            if text in ("s", "n"):
                self.app.exit()

    def _add_account(self, text: str) -> None:
        from ...core.source import CODE_DIGITS

        sheet = self.grid.sheet
        assert isinstance(sheet, TableSheet)
        found = self._accounts(sheet, text, 1)
        code = text if text.isdigit() and len(text) == CODE_DIGITS[sheet.table.axis] else found[0].code if found else ""
        if not code:
            self.show_value(_("There is no account “{text}” in the catalogue: give its full code.").format(text=text))
            return
        sheet.added[code] = None
        self.grid.reload()
        self.grid.show(sheet, code)

    def do_remove(self) -> None:
        sheet, row = self.grid.sheet, self.grid.row_id
        if not isinstance(sheet, TableSheet) or not sheet.grows or not row:
            return
        if sheet.grows == "record":
            self.run_edits(_("Remove row"), [Edit("remove", (sheet.table.id, sheet.owner, int(row.rpartition("/")[2]) - 1))])
            return
        sheet.added.pop(row, None)
        edits = [Edit("cell", (sheet.table.id, row, column.id)) for column in sheet.table.entered
                 if (sheet.table.id, row, column.id) in self.session.source.entries]
        if edits:
            self.run_edits(_("Remove row"), edits)
        else:
            self.grid.reload()

    def _selected(self) -> list[list[Place]]:
        sheet = self.grid.sheet
        if sheet is None or not self.grid.row_ids:
            return []
        (top, left), (bottom, right) = self.grid.range
        return [[sheet.place(self.grid.row_ids[row], column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def do_clear(self) -> None:
        edits = [Edit(place.kind, place.cell or (), None) for row in self._selected() for place in row
                 if place.editable and place.state == "entered"]
        if edits:
            self.run_edits(_("Clear"), edits)

    def do_copy(self) -> None:
        self.clipboard = format_table([[place.text.strip() for place in row] for row in self._selected()])
        self.app.copy_to_clipboard(self.clipboard)
        self.show_value(_("Copied."))

    def do_paste(self) -> None:
        if self.clipboard:
            self.paste(self.clipboard)

    def do_open(self) -> None:
        sheet = self.grid.sheet
        if isinstance(sheet, TableSheet) and sheet.owner:
            self.show_section(self.section, sheet.owner)
        elif isinstance(sheet, TableSheet) and sheet.table.axis == "records" and self.grid.row_id:
            self.open_record(self.grid.row_id)

    def open_record(self, row: str, table: str = "", inner: str = "", column: str = "") -> None:
        """Show the tables that belong to a record."""
        sheet = self.grid.sheet
        if not isinstance(sheet, TableSheet):
            return
        owned = self.session.report.taxonomy.owned(sheet.table.id)
        if owned:
            self.sheets = [TableSheet(self.session.report, own.id, row) for own in owned]
            number = next((n for n, own in enumerate(owned) if own.id == table), 0)
            self.show_sheet(number, inner, column)

    def do_explain(self) -> None:
        place = self.grid.here
        if place is not None and place.cell is not None:
            report = self.session.report
            self.app.push_screen(ReadingScreen(_("Explain"), as_text(report, explain(report, place.cell)), self.ambiguous))

    def do_findings(self) -> None:
        from ...core.memo import finding_lines

        report = self.session.report
        items: list[Item] = []
        for finding in findings(report):
            style = {"error": "error", "warning": "warning"}.get(finding.severity, "")
            for line in finding_lines(report, finding):
                items.append(Item(line, finding.cell or None, style))
        if not items:
            self.show_value(_("No findings."))
            return
        self.app.push_screen(ReadingScreen(_("Findings"), items, self.ambiguous), lambda cell: self.go_to_cell(cell) if cell else None)

    def do_preview(self) -> None:
        from ...core.compose import compose
        from ...core.render.text import render

        text = render(compose(self.session.report), width=max(40, min(120, self.size.width)), ambiguous=self.ambiguous)
        self.app.push_screen(ReadingScreen(_("Preview"), text.split("\n"), self.ambiguous))

    def do_export(self) -> None:
        import os

        from ...core.compose import compose
        from ...core.render.text import render
        from ...core.storage import write_atomic

        path = os.path.splitext(self.session.path)[0] + ".txt"
        try:
            write_atomic(path, render(compose(self.session.report)).encode())
        except StorageError as error:
            self.show_value(str(error))
            return
        self.show_value(_("Written: {path}").format(path=path))

    def do_palette(self) -> None:
        items = [Item(f"{command.title}  {' '.join(_key(key) for key in command.keys)}  {command.help}", command.id)
                 for command in self.commands.values()]
        self.app.push_screen(ReadingScreen(_("Commands"), items, self.ambiguous), lambda id: self.run_command(id) if id else None)

    def do_help(self) -> None:
        lines = [_("Type to replace what stands under the cursor; Enter goes down, Tab to the next place to fill in."), "",
                 *(f"{' '.join(_key(key) for key in command.keys):<16} {command.title}　{command.help}" for command in self.commands.values())]
        self.app.push_screen(ReadingScreen(_("Help"), lines, self.ambiguous))

    def do_quit(self) -> None:
        if self.session.dirty:
            self.query_one("#prompt", Prompt).ask("quit", _("Not saved yet. s saves and leaves, n leaves without saving, Esc stays:"))
        else:
            self.app.exit()


def _key(key: str) -> str:
    """A key as it is printed on keyboards."""
    names = {"insert": "Ins", "delete": "Del"}
    return names.get(key) or key.replace("ctrl+", "^").upper()


__all__ = ["Command", "EditorScreen"]
