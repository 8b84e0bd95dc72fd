"""Comparing: against another version, against last year. Nothing here changes the source."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ...core.i18n import _
from ...core.progress import MISSING, needs
from ...core.text.width import printable
from ...core.text.wrap import wrap
from ..widgets.lines import Item
from .reading import ReadingScreen
from .walking import Walking

if TYPE_CHECKING:
    from ...core.comparing import Comparison, Difference, SentenceChange
    from ...core.report import Report

PRIOR, FILE = "prior", "file"


class Comparing(Walking):
    """The commands that hold the report against another one."""

    def do_compare(self) -> None:
        """Choose another version, and show what changed from that to this."""
        if self.session.report.prior_report is None:
            self._pick_version()
            return

        def chosen(what: str | None) -> None:
            if what == PRIOR:
                self._compare_with_last_year()
            elif what == FILE:
                self._pick_version()
            else:
                self.grid.place_cursor()

        last = printable(self.session.source.prior_file)
        items = [Item(_("[Last year: {file}]").format(file=last), PRIOR, "strong"),
                 Item(_("[Another file]"), FILE, "strong")]  # fmt: skip
        self.app.push_screen(ReadingScreen(_("Compare with"), items, self.ambiguous, 0, True), chosen)

    def _pick_version(self) -> None:
        from .picker import PickerScreen

        def chosen(path: str | None) -> None:
            if path is not None:
                self._compare_with_file(path)
            else:
                self.grid.place_cursor()

        folder = os.path.dirname(os.path.abspath(self.session.path))
        self.app.push_screen(PickerScreen(_("Compare with"), folder, self.ambiguous), chosen)

    def _compare_with_file(self, path: str) -> None:
        from ...core.batch import open_or_say

        before, fault = open_or_say(path, self.session.catalogue)
        if before is None:
            self.grid.place_cursor()
            self.show_value(fault)
        else:
            self._compare_with(before, os.path.basename(path))

    def _compare_with_last_year(self) -> None:
        before = self.session.report.prior_report
        assert before is not None
        self._compare_with(before, os.path.basename(self.session.source.prior_file))

    def _compare_with(self, before: Report, name: str) -> None:
        from ...core.comparing import comparable, compare

        report = self.session.report
        self.grid.place_cursor()
        if not comparable(before, report):
            words = _("{a} is a {kind}, {b} a {other}: only reports of one kind are compared")
            self.show_value(words.format(a=name, kind=before.taxonomy.title, b=os.path.basename(self.session.path),
                                         other=report.taxonomy.title))
            return
        found = compare(before, report)
        if found.same:
            self.show_value(_("Compared with {file}: the reports are the same.").format(file=name))
            return
        title = _("What changed since {file}").format(file=printable(name))
        self.read(title, self._change_items(found), 1, self._go_to_change)

    def _change_items(self, found: Comparison) -> list[Item]:
        """The differences as lines, each standing for its place."""
        from ...core.comparing.told import by_table, counted, groups, sentence_lines

        items = [Item(counted(found), None, "dim")]
        for title, of in groups(found):
            items += [Item(""), Item(f"{title}（{len(of)}）", None, "strong")]
            for each, lines in zip(of, by_table(of)):
                items += self._wrapped(lines, each)
        if found.sentences:
            items += [Item(""), Item(f"{_('Sentences')}（{len(found.sentences)}）", None, "strong")]
        heading = ""
        for sentence in found.sentences:
            if sentence.heading != heading:
                heading = sentence.heading
                items.append(Item("  " + printable(heading), sentence))
            items += self._wrapped(sentence_lines(sentence), sentence)
        return items

    def _wrapped(self, lines: list[str], key: Any) -> list[Item]:
        items = []
        for line in map(printable, lines):
            margin = line[: len(line) - len(line.lstrip())]
            room = max(30, self.size.width - len(margin) - 2)
            for number, part in enumerate(wrap(line.strip(), room, ambiguous=self.ambiguous, hang=False)):
                items.append(Item(margin + ("  " if number else "") + part, key))
        return items

    def _go_to_change(self, chosen: Difference | SentenceChange) -> None:
        """Show the place where something differs, as far as it is there."""
        from ...core.comparing import Difference

        if not isinstance(chosen, Difference):
            if chosen.section in self.titles:
                self.show_section(self.filled_from(chosen.section))
                self.show_value(printable(chosen.after or _("It was: {text}").format(text=chosen.before)))
            return
        if chosen.gone or not chosen.cell:
            self.show_value(printable(_("No longer there: {place}") if chosen.gone else "{place}").format(
                place=chosen.place))
        elif chosen.kind == "prose":
            self.show_text_of(chosen.cell[0])
        else:
            kind = {"prior": "prior", "derived_prior": "prior", "reason": "reason"}.get(chosen.kind, "cell")
            if not self.go_to(chosen.cell, kind):
                return
        if chosen.before and not chosen.gone and chosen.kind not in ("added", "removed", "order"):
            self.show_value(printable(_("It was: {text}").format(text=chosen.before)) + "  " + self.value())

    def show_text_of(self, id: str) -> None:
        """Show the section in which a text is written."""
        for section in self.session.report.format.sections:
            if section.id in self.titles and any(
                block.name == id and block.kind in ("prose", "inline") for block in section.blocks
            ):
                self.show_section(section.id)
                self.show_stop(self.stops.index(id))
                return

    # ── last year ──

    def do_last_year(self) -> None:
        """List last year's figures that the report needs: what is missing first, then what is there and from where."""
        report = self.session.report
        missing: list[Item] = []
        known: list[Item] = []
        for need in needs(report):
            if need.kind != "prior":
                continue
            table, row, column = need.key.split(".")
            cell = (table, row, column)
            label = printable(report.label(cell))
            if need.state == MISSING:
                missing.append(Item(f"! {label}", cell, "warning"))
                continue
            value = report.show(report.prior(cell), report.taxonomy.tables[table].columns[column].kind)
            how = _("entered") if cell in report.source.prior else _("last year's source")
            how = how if cell in report.source.prior or report.prior_report is not None else _("computed")
            known.append(Item(f"  {label}：{value}  {how}", cell))
        if not missing and not known:
            self.show_value(_("The report needs no figure of last year."))
            return
        title = _("Last year's figures: {missing} of {all} are missing").format(
            missing=len(missing), all=len(missing) + len(known))
        self.read(title, [*missing, *known], 0, lambda cell: self.go_to(cell, "prior"))
