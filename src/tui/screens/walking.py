"""Walking: where the editor goes, and the screens that it opens. Nothing here changes the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...core.checks import Finding
from ...core.drafting.session import Session
from ...core.explain import as_text, entered_below, explain
from ...core.i18n import _
from ...core.reach import owned_tables
from ...core.text.wrap import INDENT, wrap
from ...core.userdirs import config_file
from ...core.views.commands import footer, help_lines, key_of
from ...core.views.sheets import ComparisonSheet, Sheet, TableSheet, sheets
from ...core.views.standing import COMPARISON, Todo
from ..themes import titles
from ..widgets.lines import Item
from .findings import FindingsScreen
from .palette import PaletteScreen
from .reading import ReadingScreen
from .view import EditorView

if TYPE_CHECKING:
    from ...core.render.places import Figure


class Walking(EditorView):
    """The commands that show things."""

    _walked: Todo | None = None
    _preview_at = (0, 0)
    _preview: tuple[Any, tuple[list[str], dict[int, tuple[Figure, ...]]]] | None = None

    def __init__(self, session: Session, ambiguous: int = 1) -> None:
        super().__init__(session, ambiguous)
        self._shown: set[tuple[object, ...]] = set()

    # ── the walk ──

    def do_next(self) -> None:
        """The next thing that needs the accountant: what is missing, from here on and round; then each
        error; then each thing to look at; then each table, to be looked over once."""
        todo = self.standing.todo()
        missing = [each for each in todo if each.need is not None]
        if missing:
            found = next((each for each in missing if each.order >= self._walk_start(missing)), missing[0])
        else:
            unseen = self._unseen(todo)
            if unseen is None:
                self._walk_ends(todo)
                return
            found = unseen
        self._walked = found
        self._go_to_todo(found)

    def _unseen(self, errors: list[Todo]) -> Todo | None:
        """The first thing that the walk has not shown since it came up."""
        todo = [*errors, *self.standing.warnings(), *self.standing.overlook()]
        self._shown &= {each.what for each in todo}
        found = next((each for each in todo if each.what not in self._shown), None)
        if found is not None:
            self._shown.add(found.what)
        return found

    def _walk_ends(self, errors: list[Todo]) -> None:
        """All was shown: with errors left, the walk begins again; else the report is complete."""
        self._shown -= {each.what for each in [*errors, *self.standing.warnings()]}
        if errors:
            words = _("All was shown, {count} errors are left: {key} shows them again.")
            self.show_value(words.format(count=len(errors), key=self.key_of("next")))
        else:
            words = _("Complete: nothing is missing, nothing contradicts.")
            known = [self.commands[id] for id in ("preview", "export", "save") if id in self.commands]
            self.show_value(f"{words} {footer(known, self.size.width, self.ambiguous)}")

    def _walk_start(self, todo: list[Todo]) -> tuple[int, int]:
        """Where the walk goes on: after what it showed last, or in the section where the user is."""
        last = self._walked
        if last is not None and last.need is not None and last.section in (self.section, ""):
            return last.order[0], last.order[1] + any(each.what == last.what for each in todo)
        order = [section.id for section in self.session.report.format.sections]
        return order.index(self.section) if self.section in order else 0, -1

    def _go_to_todo(self, todo: Todo) -> None:
        need, finding = todo.need, todo.finding
        if finding is not None:
            self.go_to_finding(todo)
            self.show_value(finding.message + ("  → " + finding.hint if finding.hint else ""))
        elif need is None:
            self._look_over(todo)
        elif need.kind == "meta":
            self.run_command("department")
        elif need.kind == "prose":
            self.show_section(todo.section)
            self.show_stop(self.stops.index(need.key) if need.key in self.stops else 0)
            words = _("To be written: {place} ({key})") if "edit" in self.commands else _("To be written: {place}")
            self.show_value(words.format(place=need.place, key=self.key_of("edit")))
        elif need.kind == "carried":
            self._look_over_carried(todo)
        elif need.kind == "row":
            table, code = need.key.split(".")
            self.go_to((table, code, self.session.report.taxonomy.tables[table].entered[0].id))
            words = _("{code} has no figure yet: enter one, or {key}, if there is none this year")
            self.show_value(words.format(code=code, key=self.key_of("remove")))
        elif need.kind == "table":
            id, _dot, owner = need.key.partition(".")
            self.go_to((id, f"{owner}/" if owner else "", ""))
            asked = self.session.report.taxonomy.tables[id]
            record = f"{self.session.report.row_label(asked.owner, owner)} › " if owner else ""
            words = _("To be entered: {place}")
            if "add" in self.commands:
                words = _("To be entered: {place} ({key} adds a row; {none}: none this year)")
            self.show_value(words.format(place=record + asked.title, key=self.key_of("add"), none=self.key_of("none")))
        else:
            cell = tuple(need.key.split("."))
            self.go_to(cell, need.kind, todo.section)
            words, place = _("To be entered: {place}"), need.place
            if need.kind == "cell" and "none" in self.commands and self.session.report.taxonomy.tables[cell[0]].lines:
                words = _("To be entered: {place} ({none}: nothing more in this table)")
                place = place.partition("·")[2]  # the table's own name stands over it
            self.show_value(words.format(place=place, none=self.key_of("none")))

    def _look_over_carried(self, todo: Todo) -> None:
        """Show a text or a table that was taken over from last year."""
        assert todo.need is not None
        part, _dot, id = todo.need.key.partition(".")
        if id:
            self.show_section(todo.section)
            self.show_stop(self.stops.index(id) if id in self.stops else 0)
        else:
            self.go_to((part, "", ""))
        words = "{place}"
        if "confirm" in self.commands:
            words = _("{place}: once looked over, {key}")
            if id:
                words = _("{place}: {edit} opens it, {edit} again confirms it; or {key}")
        self.show_value(words.format(place=todo.need.place, edit=self.key_of("edit"), key=self._way_to("confirm")))

    def _way_to(self, id: str) -> str:
        """How a command is reached: by its key, or by its name among all commands."""
        command = self.commands.get(id)
        if command is None:
            return ""
        return self.key_of(id) if command.keys else f"{self.key_of('palette')} {command.title}"

    def _look_over(self, todo: Todo) -> None:
        """Show a table or an optional text that nothing asks for."""
        if todo.cell[0] in self.session.report.format.prose:
            self.show_section(todo.section)
            self.show_stop(self.stops.index(todo.cell[0]))
            self.show_value(_("To be looked over: {place}, which may stay empty").format(
                place=self.session.report.format.prose[todo.cell[0]].label))
            return
        if todo.cell[0] == COMPARISON:
            self.show_section(todo.section)
            self.show_stop(next(n for n, stop in enumerate(self.stops) if isinstance(stop, ComparisonSheet)))
            self.show_value(_("To be looked over: the reasons, which may stay empty where nothing changed."))
            return
        table = self.session.report.taxonomy.tables[todo.cell[0]]
        if len(todo.cell) > 1:
            self.go_to((table.owner, todo.cell[1], ""))
            self.open_record(todo.cell[1], table.id)
        else:
            self.go_to((table.id, "", ""))
        words = _("To be looked over: {place}. Is every row there, and every official figure? {key} goes on.")
        self.show_value(words.format(place=table.title, key=self.key_of("next")))

    def go_to_finding(self, todo: Todo) -> None:
        """Show the place where a finding is mended."""
        finding = todo.finding
        assert finding is not None
        if finding.cell:
            kind = {"reasons": "reason", "prior": "prior"}.get(str(finding.path[0]) if finding.path else "", "cell")
            cell = tuple(finding.cell.split("."))
            if not self.go_to(cell, kind, todo.section):
                # Computed, and on no sheet: what it is made of is where it is mended.
                entered = entered_below(self.session.report, (cell[0], cell[1], cell[2]))
                if entered is not None:
                    self.go_to(entered, section=todo.section)
        elif todo.section in self.titles:
            self.show_section(todo.section)
            if finding.path and finding.path[-1] in self.stops:
                self.show_stop(self.stops.index(finding.path[-1]))

    def go_to(self, cell: tuple[str, ...], kind: str = "cell", section: str = "") -> bool:
        """Show the sheet in which a cell is entered ('cell'), or its last year's figure or reason."""
        report = self.session.report
        for id in dict.fromkeys([section, self.section, *self.titles]):
            for number, sheet in enumerate(sheets(report, id) if id in self.titles else ()):
                if kind == "cell" and isinstance(sheet, TableSheet) and sheet.table.id == cell[0]:
                    self.show_section(id, cell[1], cell[2], number)
                    return True
                if kind != "cell" and isinstance(sheet, ComparisonSheet) and ".".join(cell) in sheet.rows:
                    self.show_section(id, ".".join(cell), kind, number)
                    return True
        table = report.taxonomy.tables[cell[0]]
        owner = cell[1].rpartition("/")[0]
        if table.owner and self.go_to((table.owner, owner, table.primary)):
            self.open_record(owner, table.id, cell[1], cell[2])
            return True
        if kind != "cell":
            return self.go_to(cell)
        self.show_value(
            _("{place} is computed: {formula}").format(
                place=report.label((cell[0], cell[1], cell[2])),
                formula=explain(report, (cell[0], cell[1], cell[2])).formula,
            )
        )
        return False

    def do_outline(self) -> None:
        self.show_outlined(not self.outline.active)

    def show_outlined(self, outlined: bool) -> None:
        """Hand the keys to the outline, or back to the sheet."""
        self.set_class(outlined, "outlined")
        if outlined:
            self.outline.show(self.outline.items, self.section)
        self.outline.activate(outlined)
        self.grid.activate(not outlined)
        if outlined:
            self.show_value(_("Enter shows the section, Esc goes back."))
            self.call_after_refresh(self.outline.place_cursor)
        else:
            self.show_value()

    def choose_section(self) -> None:
        """Show the section under the outline's cursor, or the first below it that has anything to show."""
        section = self.outline.chosen
        self.show_outlined(False)
        if section is not None:
            self.show_section(self.filled_from(section))

    def do_sheet(self) -> None:
        if self.stops:
            self.show_stop((self.stop + 1) % len(self.stops))
            self.show_value()

    def do_open(self) -> None:
        sheet = self.grid.sheet
        if isinstance(sheet, TableSheet) and sheet.owner:
            number = next(
                (
                    n
                    for n, own in enumerate(sheets(self.session.report, self.section))
                    if isinstance(own, TableSheet) and own.table.id == sheet.table.owner
                ),
                0,
            )
            self.show_section(self.section, sheet.owner, "", number)
        elif isinstance(sheet, TableSheet) and sheet.table.axis == "records" and self.grid.row_id:
            self.open_record(self.grid.row_id)

    def open_record(self, row: str, table: str = "", inner: str = "", column: str = "") -> None:
        """Show the tables that belong to a record."""
        sheet = self.grid.sheet
        tables = owned_tables(self.session.report.format, sheet.table.id) if isinstance(sheet, TableSheet) else []
        if tables:
            stops: list[Sheet] = [TableSheet(self.session.report, own.id, row) for own in tables]
            self.show_sheets(stops, next((n for n, own in enumerate(tables) if own.id == table), 0), inner, column)

    # ── screens ──

    def do_explain(self) -> None:
        place = self.grid.here
        if place is not None and place.cell is not None:
            from ...core.merging.tracing import glance

            report = self.session.report
            lines = []
            for line in as_text(report, explain(report, place.cell), max(60, self.size.width)):
                address = line.partition("  [")[2].partition("]")[0]
                cell = tuple(address.split(".")) if address.count(".") == 2 else None
                margin = line[: len(line) - len(line.lstrip())]
                room = max(30, self.size.width - len(margin) - 2)
                for number, part in enumerate(wrap(line.strip(), room, ambiguous=self.ambiguous, hang=False)):
                    lines.append(Item(margin + ("  " if number else "") + part, cell))
            for line in glance(report, place.cell):
                for part in wrap(line, self.size.width, ambiguous=self.ambiguous, hang=False):
                    lines.append(Item(part))
            self.read(_("Explain"), lines, 0, self.go_to)

    def do_text_down(self) -> None:
        self.scroll_text(1)

    def do_text_up(self) -> None:
        self.scroll_text(-1)

    def do_sentences(self) -> None:
        lines: list[str] = []
        for number in range(len(self.said)):
            lines += wrap(self.said[number].text, self.size.width, indent=INDENT, ambiguous=self.ambiguous, hang=False)
        self.read(_("Sentences"), lines)

    def do_findings(self) -> None:
        self.show_findings(None)

    def show_findings(self, acknowledge: Callable[[Finding, str], str] | None, ask: bool = False) -> None:
        """Show the findings. `acknowledge` notes why one is right as it is; `ask` for that at once,
        for the finding at the place under the cursor."""
        if not self._finding_lines():
            self.show_value(_("No findings."))
            return

        def left(result: Any) -> None:
            if result is not None:
                self.go_to_finding(result)
            self.grid.place_cursor()

        here = self.grid.here
        at = ".".join(here.cell) if ask and here is not None and here.cell is not None else None
        items = self._finding_lines()
        row = next((n for n, item in enumerate(items) if at is not None and item.key.finding.cell == at), 0)
        screen = FindingsScreen(self._finding_lines, acknowledge, self.ambiguous, row)
        screen.asked = ask and bool(items) and items[row].key.finding.cell == at
        self.app.push_screen(screen, left)

    def _finding_lines(self) -> list[Item]:
        """All findings as lines, each standing for what is to be done."""
        from ...core.checks import findings
        from ...core.memo import finding_lines

        report = self.session.report
        items: list[Item] = []
        for finding in findings(report):
            todo = Todo((0, 0), self.standing.section_of(finding), None, finding)
            style = {"error": "error", "warning": "warning"}.get(finding.severity, "")
            sign = {"error": "!", "warning": "?"}.get(finding.severity, " ")
            if finding.acknowledged:
                style, sign = "dim", "√"
            for number, line in enumerate(finding_lines(report, finding)):
                text = (sign + line[1:]) if not number else line
                wrapped = wrap(text.strip(), max(40, self.size.width - 8), ambiguous=self.ambiguous, hang=False)
                margin = "" if not number else " " * 8
                items += [
                    Item((margin or "        ") + part if at or number else part, todo, style)
                    for at, part in enumerate(wrapped)
                ]
        return items

    def do_preview(self) -> None:
        from .preview import PreviewScreen, place_of

        lines, figures = self._composed()
        cell = self.grid.here.cell if self.grid.here is not None else None
        start = place_of(figures, cell, self._preview_at)
        screen = PreviewScreen(self.session.report, lines, figures, self.ambiguous, start)

        def left(chosen: Any) -> None:
            self._preview_at = screen.left_at if chosen is not None else (screen.lines.row, screen.number)
            if chosen is not None and self.go_to(chosen):
                back = _("{key} goes back to the preview.").format(key=self.key_of("preview"))
                self.show_value(back + "  " + self.value())
            self.grid.place_cursor()

        self.app.push_screen(screen, left)

    def _composed(self) -> tuple[list[str], dict[int, tuple[Figure, ...]]]:
        """The report's lines and figures; composed again only where something has changed."""
        from ...core.render.places import placed_lines

        width = max(40, min(120, self.size.width))
        key = (self.session.report, self.session.source.text, width, self.ambiguous)
        if self._preview is None or self._preview[0] != key:
            self._preview = key, placed_lines(self.session.report, width, self.ambiguous)
        return self._preview[1]

    def do_theme(self) -> None:
        """Let the user choose other colours, where the terminal has any."""
        app: Any = self.app
        if app.plain:
            self.show_value(
                _("There are no colours, as NO_COLOR asks.")
                if app.no_color
                else _("This terminal has 16 colours; where it has more, COLORTERM=truecolor says so.")
            )
            return

        def chosen(name: str | None) -> None:
            if name is not None:
                app.use_theme(name)
                self.show_value(_("To keep it: {line} in {file}").format(
                    file=app.settings.file or config_file(), line=f'theme = "{name}"'))
            self.grid.place_cursor()

        known = titles()
        items = [Item(f"{'√' if name == app.look else ' '} {title}", name) for name, title in known.items()]
        self.app.push_screen(
            ReadingScreen(_("Appearance"), items, self.ambiguous, list(known).index(app.look), choose=True), chosen
        )

    def do_redraw(self) -> None:
        app: Any = self.app
        app.forget_frame()
        self.refresh()

    def do_palette(self) -> None:
        self.app.push_screen(
            PaletteScreen(list(self.commands.values()), self.ambiguous),
            lambda id: self.run_command(id) if id else self.grid.place_cursor(),
        )

    def do_help(self) -> None:
        lines = [
            _("Where you are: {place}").format(place=self.titles.get(self.section, "").strip()),
            "",
            *((
                _("Type to replace what stands under the cursor; Enter goes down, Tab to the next place to fill in."),
                _("Esc leaves an edit; Shift and the arrows select; =120.5+33 is computed."),
            ) if "edit" in self.commands else ()),
            _("Signs in the outline: ○ empty, ◐ begun, √ complete, ! error."),
            _("Signs in a sheet: · or … empty, - none this year, ! error, ? to be looked at, ~ a note, "
              "##### a figure that has no room."),
            _("~ 尾差: a printed total differs from its printed parts, but just as rounding explains it."),
            _("* official figure: the approved figure of a computed place ({edit} enters it, {clear} takes it back)."),
            _("+ behind a total: what is known so far; something that it sums up is still to be entered."),
            _("What the last edit changed is bold. > at the end of a text: more follows; {explain} shows all of it."),
            "",
        ]
        keys = {id: key_of(id) for id in ("edit", "clear", "explain")}
        lines[2:] = [line.format(**keys) for line in lines[2:]]
        wrapped = [
            part
            for line in lines
            for part in wrap(line, max(40, self.size.width), ambiguous=self.ambiguous, hang=False)
        ]
        self.read(_("Help"), wrapped + help_lines(self.commands.values(), self.size.width, self.ambiguous))

    def run_command(self, id: str) -> None:
        """Do a command of the registry."""
        raise NotImplementedError
