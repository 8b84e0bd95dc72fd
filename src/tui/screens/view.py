"""What the editor shows: outline, sheet, sentences, the lines around them; and how it follows edits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from ...core.compose import numbered_sections
from ...core.drafting.session import Session
from ...core.explain import glance
from ...core.i18n import _
from ...core.taxonomy import NUMBERS
from ...core.text.width import printable, width
from ...core.text.wrap import INDENT, wrap
from ...core.views.commands import Command, commands
from ...core.views.official import verdict
from ...core.views.said import Said
from ...core.views.sheets import Sheet, TableSheet, section_tables, sheets
from ...core.views.standing import Standing, filled_sections
from ..widgets.bars import Bar, Prompt
from ..widgets.lines import Item, Lines, wrapped_item
from ..widgets.typing import Grid
from .base import KeyScreen
from .reading import ReadingScreen

WIDE = 140
"""From so many columns on, outline, sheet and sentences stand side by side."""
MIDDLE = 110
"""From so many columns on, the outline stands beside the sheet."""
LOW = 20
"""Below so many lines, the sentences have three lines only."""

OUTLINE_SIGNS = {"": " ", "empty": "○", "begun": "◐", "complete": "√"}
OUTLINE_STYLES = {"": "dim", "empty": "strong", "begun": "strong", "complete": ""}
MOST_LINES = 2000
"""So many lines of sentences can be scrolled through; they are wrapped only as far as they are shown."""


class EditorView(KeyScreen):
    """One session on the screen. `stops` are the sheets and the texts (their ids) of the section shown."""

    def __init__(self, session: Session, ambiguous: int = 1) -> None:
        self.session = session
        super().__init__(ambiguous)
        self.section = ""
        self.stops: list[Sheet | str] = []
        self.stop = 0
        self.standing = Standing(session.report)
        self.said = Said(session.report, "", ())
        self.first_sentence = self.first_line = 0
        self.titles: dict[str, str] = {}
        self.answered: Callable[[str], None] = lambda text: None
        self.typed: Callable[[str], None] = lambda text: None
        self.asked: str | None = None
        """What stood in the line that is asked for, where that goes into the source."""

    def known_commands(self) -> list[Command]:
        return [command for command in commands() if not (self.session.read_only and command.changes)]

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Bar("value", self.ambiguous)
        with Horizontal(id="body"):
            yield Lines("outline", self.ambiguous)
            with Vertical(id="work"):
                yield Bar("sheet", self.ambiguous)
                with Vertical(id="panes"):
                    yield Grid("grid", self.ambiguous)
                    yield Lines("text", self.ambiguous)
        yield Prompt("prompt", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    def fit(self) -> None:
        super().fit()
        self.set_class(self.size.width < MIDDLE, "narrow")
        self.set_class(self.size.width >= WIDE, "wide")
        self.set_class(self.size.height < LOW, "low")
        if self.started:
            self.show_status()
            self.call_after_refresh(self.show_text)

    def set_ambiguous(self, columns: int) -> None:
        super().set_ambiguous(columns)
        if self.started:
            self.grid.measure()
            self.show_text()

    @property
    def grid(self) -> Grid:
        return self.query_one("#grid", Grid)

    @property
    def outline(self) -> Lines:
        return self.query_one("#outline", Lines)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    @property
    def text(self) -> Lines:
        return self.query_one("#text", Lines)

    def ask(
        self,
        question: str,
        answered: Callable[[str], None],
        text: str = "",
        typed: Callable[[str], None] | None = None,
        enters: bool = False,
    ) -> None:
        """Ask for a line of text. `answered` gets it, unless Esc leaves the question; `typed` gets
        it after each key. `enters`: it goes into the source, so it is kept where the program must end."""
        self.answered, self.typed = answered, typed or (lambda text: None)
        self.asked = text if enters else None
        self.prompt.ask("", question, text)

    def read(self, title: str, lines: list[Any], row: int = 0, chosen: Any = None) -> None:
        """Show lines over the whole screen; `chosen` gets what Enter was pressed on."""

        def left(result: Any) -> None:
            self.grid.place_cursor()
            if result is not None and chosen is not None:
                chosen(result)

        self.app.push_screen(ReadingScreen(title, lines, self.ambiguous, row, chosen is not None), left)

    # ── section and sheet ──

    def show_section(self, section: str, row: str = "", column: str = "", stop: int = 0) -> None:
        """Show a section: its sheets and texts, its sentences."""
        report = self.session.report
        self.section = section
        own = next(own for own in report.format.sections if own.id == section)
        written: list[Sheet | str] = [block.name for block in own.blocks if block.kind in ("prose", "inline")]
        self.stops = [*sheets(report, section), *written]
        tables = tuple(stop.table.id for stop in self.stops if isinstance(stop, TableSheet))
        self.said = Said(report, section, tables)
        self.show_stop(stop, row, column)
        self.show_outline()

    def show_sheets(self, stops: list[Sheet], stop: int, row: str = "", column: str = "") -> None:
        """Show other sheets in the section's place: those of a record."""
        self.stops = list(stops)
        self.show_stop(stop, row, column)

    def show_stop(self, number: int, row: str = "", column: str = "") -> None:
        """Show one of the section's sheets or texts."""
        self.stop = number if 0 <= number < len(self.stops) else 0
        here = self.stops[self.stop] if self.stops else ""
        self.set_class(not isinstance(here, Sheet), "written")
        self._show_names()
        self.grid.show(here if isinstance(here, Sheet) else None, row, column)
        self.first_sentence = self.first_line = 0
        self.call_after_refresh(self.show_text)

    def _show_names(self) -> None:
        """The names of the section's sheets and texts."""
        here = self.stops[self.stop] if self.stops else ""
        names = []
        for stop in self.stops:
            name = stop.title if isinstance(stop, Sheet) else self.session.report.format.prose[stop].label
            if isinstance(stop, TableSheet) and stop.nothing:
                name += _(" (none this year)")
            names.append(f"[{name}]" if stop is here else name)
        label = self._record_label(here) if isinstance(here, TableSheet) and here.owner else ""
        self.query_one("#sheet", Bar).show(
            label + "  ".join(names) if names else _("Nothing is entered in this section.")
        )

    def _record_label(self, sheet: TableSheet) -> str:
        return self.session.report.row_label(sheet.table.owner, sheet.owner) + " › "

    # ── outline ──

    def show_outline(self) -> None:
        """The outline with the state of each section."""
        report = self.session.report
        self.titles = {
            section.id: f"{'  ' * (section.level - 1)}{number}{title}"
            for section, number, title in numbered_sections(report)
        }
        self._follow_outline()

    def _follow_outline(self) -> None:
        faulty, items = self.standing.faulty(), []
        for id, title in self.titles.items():
            state = self.standing.state(id)
            if id in faulty:
                items.append(Item(f"! {title}", id, "error"))
            else:
                items.append(Item(f"{OUTLINE_SIGNS[state]} {title}", id, OUTLINE_STYLES[state]))
        moved = self.section if self.outline.here != self.section or not self.outline.items else None
        self.outline.show(items, moved)

    def first_section(self) -> str:
        """The first section that needs something, else the first with a sheet."""
        tables = section_tables(self.session.report.format)
        sections = [todo.section for todo in self.standing.todo() if todo.section in self.titles]
        sections += [id for id in self.titles if tables[id]]
        return sections[0] if sections else next(iter(self.titles))

    def filled_from(self, section: str) -> str:
        """The section itself, or the next one in which something is entered or told."""
        filled = filled_sections(self.session.report)
        ids = list(self.titles)
        at = ids.index(section)
        return next((id for id in ids[at:] if id in filled or self.standing.state(id)), section)

    # ── sentences ──

    def show_text(self) -> None:
        """The sentences beside the sheet, from the first one that the last edit changed."""
        pane = self.text
        height, written = pane.size.height, self.has_class("written")
        items: list[Item] = []
        most = MOST_LINES if written else height + self.first_line
        for number in range(self.first_sentence, len(self.said)):
            if len(items) >= most:
                break
            items += self._sentence_lines(number)
        if not written:
            items = items[self.first_line : self.first_line + height]
            pane.row = pane.top = 0
        pane.show(items)

    def _sentence_lines(self, number: int) -> list[Item]:
        sentence, columns = self.said[number], max(20, self.text.size.width)
        text = printable(sentence.text, keep="\n")
        lines = wrap(text, columns, indent=INDENT, ambiguous=self.ambiguous, hang=False)
        return wrapped_item(text, lines, sentence.new, self.ambiguous)

    def scroll_text(self, step: int) -> None:
        """Scroll the sentences beside the sheet by a page, down (1) or up (-1). The last page stays full."""
        height = max(1, self.text.size.height)
        line = self.first_line + step * max(1, height - 1)
        while line < 0 and self.first_sentence:
            self.first_sentence -= 1
            line += len(self._sentence_lines(self.first_sentence))
        self.first_line = max(0, line)
        while self.first_sentence < len(self.said):
            taken = len(self._sentence_lines(self.first_sentence))
            if self.first_line < taken or self.first_sentence == len(self.said) - 1:
                break
            self.first_line -= taken
            self.first_sentence += 1
        self._fill_last_page(height)
        self.show_text()

    def _fill_last_page(self, height: int) -> None:
        """Begin earlier where fewer lines follow than the pane has."""
        below = -self.first_line
        for number in range(self.first_sentence, len(self.said)):
            below += len(self._sentence_lines(number))
            if below >= height:
                return
        self.first_line -= height - below
        while self.first_line < 0 and self.first_sentence:
            self.first_sentence -= 1
            self.first_line += len(self._sentence_lines(self.first_sentence))
        self.first_line = max(0, self.first_line)

    # ── the lines above and below ──

    def show_status(self) -> None:
        """The title and the footer."""
        report, standing = self.session.report, self.standing
        flags = _("[read only]") if self.session.read_only else "*" if self.session.dirty else ""
        counts = _("{percent}%  errors {errors}  warnings {warnings} {flags}").format(
            percent=standing.percent, errors=standing.counts["error"], warnings=standing.counts["warning"], flags=flags
        )
        name = _("{department} {year} {title}").format(
            department=report.source.department, year=report.source.year, title=report.taxonomy.title
        )
        room = self.size.width - width(counts, self.ambiguous) - 4
        if width(name, self.ambiguous) > room:
            name = report.source.department
            while width(name, self.ambiguous) > max(8, room - 1):
                name = name[:-1]
            name += ">" if name != report.source.department else ""
        self.query_one("#title", Bar).show(f" {name}  {counts}")
        self.show_footer()

    def show_value(self, note: str = "") -> None:
        """The line above the sheet: what the place under the cursor is, or a note."""
        self.query_one("#value", Bar).show(" " + (note or self.value()))

    def value(self) -> str:
        here = self.stops[self.stop] if self.stops else ""
        if isinstance(here, str):
            prose = self.session.report.format.prose.get(here)
            return f"{prose.label}：{prose.guidance}" if prose else ""
        place = self.grid.here
        if self.grid.corner is not None:
            return self._sum()
        if place is None:
            if isinstance(here, TableSheet) and here.nothing:
                return _("{table}: nothing this year ({key} takes that back)").format(
                    table=here.title, key=self.key_of("none"))
            add = self.commands.get("add")
            return f"{_('No rows yet.')} {self.key_of('add')} {add.title}" if add else _("No rows yet.")
        if place.cell is None:
            return place.text.strip()
        report = self.session.report
        found = glance(report, place.cell)
        label = found.label.partition("·")[2] or found.label
        if place.kind in ("prior", "reason"):
            return f"{found.label}  {here.columns[self.grid.column].title}：{place.text or _('nothing entered')}"
        how = {
            "entered": _("entered"),
            "blank": _("nothing entered"),
            "open": _("to be entered"),
            "default": _("nothing entered, the preset value"),
            "zero": _("no item has a figure"),
        }.get(found.how, f"= {found.formula}")
        how = verdict(report, place.cell) or how
        column = report.taxonomy.tables[place.cell[0]].columns[place.cell[2]]
        if column.choices:
            how = " / ".join(column.choices)
        return f"{label}：{found.value}  {how}"

    def _sum(self) -> str:
        """How many places are selected, and the sum of their figures."""
        report = self.session.report
        cells = [place.cell for row in self.grid.selected() for place in row
                 if place.cell and place.text and report.value(place.cell) is not None]
        amounts = [
            report.value(cell) for cell in cells if report.taxonomy.tables[cell[0]].columns[cell[2]].kind == "amount"
        ]
        others = [
            report.value(cell) for cell in cells if report.taxonomy.tables[cell[0]].columns[cell[2]].kind in NUMBERS[1:]
        ]
        total = report.show(sum(amounts), "amount") if amounts else report.show(sum(others), "count") if others else ""
        words = _("{count} places selected").format(count=sum(map(len, self.grid.selected())))
        return words + (_(", sum {sum}").format(sum=total) if total else "")

    # ── following ──

    def follow(self, change: Any) -> None:
        """Show what a change changed: figures, sentences, findings, progress; and nothing else."""
        report = self.session.report
        other = report is not self.standing.report
        self.standing.follow(report, change)
        if other or change.progress or change.sentences:
            for stop in self.stops:
                if isinstance(stop, Sheet):
                    stop.renew(report)
            self._show_names()
        first = self.said.follow(report, change)
        if first is not None:
            self.first_sentence, self.first_line = first, 0
        self.grid.follow(set(change.cells), {
            tuple(finding.cell.split(".")) for pair in change.findings.values() for finding in pair
            if getattr(finding, "cell", "")})
        if other or any(key.endswith(".0") for key in change.sentences):
            self.show_outline()
        elif change.findings or change.progress:
            self._follow_outline()
        self.show_text()
        self.show_status()
        self.show_value()
