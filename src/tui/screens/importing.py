"""Importing: a workbook is chosen, its plan shown, and done as one step of the history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ...core.i18n import _
from ...core.storage import StorageError
from ...core.text.wrap import wrap
from ..widgets.lines import Item
from .entering import Entering
from .reading import ReadingScreen

if TYPE_CHECKING:
    from ...core.importing.plan import Options, Plan

# What reads workbooks is imported when a workbook is to be read: it would slow the first frame.


class Importing(Entering):
    """The commands that take figures from workbooks."""

    def do_import(self) -> None:
        self._choose_book(_("Import a workbook"), prior=False)

    def do_import_prior(self) -> None:
        self._choose_book(_("Import last year's workbook"), prior=True)

    def _choose_book(self, title: str, prior: bool) -> None:
        from ...core.importing.plan import Options
        from .picker import PickerScreen

        def chosen(path: str | None) -> None:
            self.grid.place_cursor()
            if path:
                self.show_value(_("Reading {path} …").format(path=os.path.basename(path)))
                self.call_after_refresh(lambda: self._read_book(title, path, Options(prior=prior)))

        folder = os.path.dirname(os.path.abspath(self.session.path))
        self.app.push_screen(PickerScreen(title, folder, self.ambiguous, ".xlsx"), chosen)

    def _read_book(self, title: str, path: str, options: Options) -> None:
        from ...core.importing.book import BookError, read_book
        from ...core.importing.plan import make_plan

        try:
            plan = make_plan(self.session.report, read_book(path), options)
        except (StorageError, BookError) as error:
            self.show_value(getattr(error, "message", "") or str(error))
            return
        self.show_value()
        self._show_plan(title, path, options, plan)

    def _show_plan(self, title: str, path: str, options: Options, plan: Plan) -> None:
        """What was found and what would change; the first lines are what can be done with it."""
        from ...core.importing.plan import Options
        from ...core.importing.telling import told

        def chosen(choice: Any) -> None:
            self.grid.place_cursor()
            if choice == "do":
                self._do_plan(title, plan)
            elif isinstance(choice, Options):
                self._read_book(title, path, choice)

        choices = self._choices(options, plan)
        columns = max(40, self.size.width)
        items = [Item(words, choice, "strong") for words, choice in choices] + [Item("")]
        for line in told(plan, all=True):
            items += [Item(part) for part in wrap(line, columns, ambiguous=self.ambiguous, hang=False)]
        screen = ReadingScreen(f"{title}：{os.path.basename(path)}", items, self.ambiguous, 0, True)
        self.app.push_screen(screen, chosen)

    @staticmethod
    def _choices(options: Options, plan: Plan) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        if plan.faults and not options.partial:
            if not options.unit and plan.unitless:
                found += [(_("[Amounts without a unit are in 元]"), options._replace(unit="元")),
                          (_("[Amounts without a unit are in 万元]"), options._replace(unit="万元"))]
            if plan.edits:
                found.append((_("[Take the rest, without what can't be read]"), options._replace(partial=True)))
        elif plan.edits:
            found.append((_("[Do it: {new} new, {changed} changed]").format(
                new=len(plan.new), changed=len(plan.changed)), "do"))
        if plan.tails and not options.official:
            found.append((_("[Take totals that differ by rounding as official figures, too]"),
                          options._replace(official=True)))
        if plan.kept and not options.replace:
            found.append((_("[Empty what the workbook does not have, too]"), options._replace(replace=True)))
        return found or [(_("[Nothing to change]"), None)]

    def _do_plan(self, title: str, plan: Plan) -> None:
        if self.run_edits(title, list(plan.edits)) and not self.session.unprotected:
            from ...core.importing.telling import summary

            self.show_value(_("Imported: {summary}").format(summary=summary(plan)))
