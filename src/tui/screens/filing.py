"""Filing: what the editor does with files: saving, exporting, leaving."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ...core.document import Draft
from ...core.i18n import _
from ...core.render import KINDS, USUAL, export, kind_of
from ...core.source import SourceError
from ...core.storage import ChangedOutside, StorageError
from ...core.text.width import printable
from ...core.text.wrap import wrap
from ...core.views.standing import Todo
from ..widgets.lines import Item
from .reading import ReadingScreen
from .walking import Walking

MOST_DIFFERENCES = 200
"""So many differences from a file that changed outside are shown."""


FINAL = ":final"
"""Stands for the wish for a final report, among the kinds of report."""

BAR = 20
"""The columns of the bar that shows how far an export has come."""


class Filing(Walking):
    """The commands that write files, or leave."""

    drop = False
    """The user wants to leave without the unsaved edits."""

    exported = USUAL
    """The kind of report that was written last."""

    # ── saving ──

    def do_save(self) -> bool:
        return self._save()

    def _save(self, path: str = "", overwrite: bool = False) -> bool:
        """Save; False where it was refused, and why is on the screen."""
        try:
            self.session.save(path, overwrite)
        except ChangedOutside as error:
            if path:
                self.ask_overwrite(path, error.message)
            else:
                self.offer_changed()
            return False
        except StorageError as error:
            self.show_value(error.message)
            return False
        self.show_status()
        self.show_value(self.told(_("Saved: {path}").format(path=os.path.basename(path)) if path else _("Saved.")))
        return True

    def told(self, words: str) -> str:
        """The words, and what the user should know of the file besides: once."""
        words = " ".join([words, *self.session.remarks]).strip()
        self.session.remarks.clear()
        return words

    def do_save_as(self) -> None:
        self.ask(_("Save under another name:"), lambda text: self._save_as(text.strip()), self.session.path)

    def _save_as(self, path: str) -> None:
        if path:
            self._save(path)

    def ask_overwrite(self, path: str, message: str) -> None:
        """There is a file already: have the user say so twice."""

        def answered(text: str) -> None:
            if text.strip().lower() == "y":
                self._save(path, overwrite=True)

        self.ask(message + " " + _("y overwrites it, Esc stays:"), answered)

    def offer_changed(self) -> None:
        """Show how the file on disk differs from what is here, and let the user say which shall hold."""

        def chosen(choice: str | None) -> None:
            self.grid.place_cursor()
            if choice == "reload":
                self._reload()
            elif choice == "other":
                self.do_save_as()
            elif choice == "overwrite":
                self._save(overwrite=True)

        items = [
            Item(_("[Take the file as it is on disk; undo brings your edits back]"), "reload", "strong"),
            Item(_("[Save yours under another name]"), "other", "strong"),
            Item(_("[Overwrite the file with yours]"), "overwrite", "strong"),
            Item(""),
        ]
        lines = self.session.outside_changes()
        for line in lines[:MOST_DIFFERENCES]:
            items += [Item(part) for part in wrap(line, max(40, self.size.width), ambiguous=self.ambiguous, hang=False)]
        if len(lines) > MOST_DIFFERENCES:
            items.append(Item(_("… and {count} more").format(count=len(lines) - MOST_DIFFERENCES)))
        if not lines:
            items.append(Item(_("Only comments or the layout of the file differ.")))
        title = _("The file was changed outside of this program (on disk → here)")
        self.app.push_screen(ReadingScreen(title, items, self.ambiguous, 0, True), chosen)

    def _reload(self) -> None:
        try:
            change = self.session.reload(_("Reload"))
        except StorageError as error:
            self.show_value(error.message)
            return
        except SourceError as error:
            self.show_value(error.message)
            return
        self.follow(change)
        self.show_value(_("The file was changed; this is its new state."))

    # ── what comes of it ──

    def do_export(self) -> None:
        problems = self.session.source.problems
        if problems:
            self.show_value(
                _("Not exported, {count} faults to mend first: {message}").format(
                    count=len(problems), message=problems[0].message
                )
            )
            return
        self._ask_kind()

    def _ask_kind(self, refused: bool = False) -> None:
        """Let the user choose the kind of report, as a draft where it is one; and, where it is not final,
        what is to be done first. `refused`: a final one was asked for."""
        from ...core.compose import compose
        from ...core.final import counted, obstacles

        found = obstacles(self.session.report, compose(self.session.report))
        counts = counted(found.open, len(found.errors), len(found.warnings))
        as_it_is = _("Write the report as it is: complete and without errors, but there are warnings to acknowledge")
        words = _("Write a draft, which says so:") if found.draft else as_it_is
        items = [Item(_("Write the final report:") if found.final else words)]
        items += [Item(f"  {_(kind.title)}  {kind.ending}", name) for name, kind in KINDS.items()]
        row = 1 + list(KINDS).index(self.exported)
        title = _("Export: {counts}").format(counts=counts or _("final, nothing stands in the way"))
        if not found.final:
            items += [Item(""), Item(_("[Write the final report: only when nothing of this is left]"), FINAL, "strong")]
            if refused:
                row, title = len(items), _("Not final yet: {counts}").format(counts=counts)
            items += self._obstacle_lines(found.marks)
        self.read(title, items, row, self._chosen_kind)

    def _obstacle_lines(self, marks: tuple[str, ...]) -> list[Item]:
        """What stands in the way of a final report, each line leading there."""
        items: list[Item] = []
        for todo in [*self.standing.todo(), *self.standing.warnings()]:
            text, style = "", ""
            if todo.need is not None:
                text = _("to be entered") + "  " + todo.need.place
            elif todo.finding is not None:
                sign, style = ("!", "error") if todo.finding.severity == "error" else ("?", "warning")
                text = f"{sign} {todo.finding.code}  {todo.finding.message}"
            lines = wrap(printable(text), max(40, self.size.width - 4), ambiguous=self.ambiguous, hang=False)
            items += [Item(("  " if not number else "    ") + line, todo, style) for number, line in enumerate(lines)]
        return items + [Item("  " + _("【待填】 is printed: {place}").format(place=place)) for place in marks]

    def _chosen_kind(self, chosen: Any) -> None:
        if isinstance(chosen, Todo):
            self._go_to_todo(chosen)
        elif chosen == FINAL:
            self._ask_kind(refused=True)
        else:
            self._ask_export(chosen)

    def _ask_export(self, kind: str) -> None:
        self.exported = kind
        self.ask(_("Write the report to:"), self._export, self._report_path())

    def _report_path(self) -> str:
        """Beside the source, with the department's name, the year and the kind of report."""
        source = self.session.source
        name = _("{department} {year} {title}").format(
            department=source.department, year=source.year, title=self.session.report.taxonomy.title
        )
        kept = (character if character.isprintable() and character not in '/\\:*?"<>|' else "_" for character in name)
        return os.path.join(os.path.dirname(self.session.path), "".join(kept).strip().replace(" ", "-")
                            + KINDS[self.exported].ending)

    def _export(self, path: str, overwrite: bool = False) -> None:
        """Write the report, with a bar that shows how far that has come; never over a file unasked."""
        from ...core.compose import compose

        path = path.strip()
        if path and os.path.exists(path) and not overwrite and not self._is_source(path):
            question = _("{path} is there already. y overwrites it, Esc stays:").format(path=os.path.basename(path))
            self.ask(question, lambda text: self._export(path, True) if text.strip().lower() == "y" else None)
            return
        self.exported = kind_of(path) or self.exported
        made: list[Any] = []
        self._in_steps(
            [
                (_("Composing"), lambda: made.append(compose(self.session.report))),
                (_("Setting"), lambda: made.append(export(self.exported, made[0], self.session.report))),
                (_("Writing"), lambda: self._write_file(path, made[1], made[0].draft)),
            ]
        )

    def _in_steps(self, steps: list[tuple[str, Callable[[], Any]]], done: int = 0) -> None:
        """Do one step after the other, each after the bar that tells of it is on the screen."""
        if done == len(steps):
            return
        words, step = steps[done]
        bar = "#" * (BAR * done // len(steps))
        self.show_value(f"[{bar:-<{BAR}}] {100 * done // len(steps)}% {words}")

        def next_step() -> None:
            step()
            self._in_steps(steps, done + 1)

        self.call_after_refresh(next_step)

    def do_memo(self) -> None:
        self.ask(_("Write the findings to:"), self._memo, os.path.splitext(self.session.path)[0] + ".findings.txt")

    def _memo(self, path: str, overwrite: bool = False) -> None:
        from ...core.memo import memo

        path = path.strip()
        if path and os.path.exists(path) and not overwrite and not self._is_source(path):
            question = _("{path} is there already. y overwrites it, Esc stays:").format(path=os.path.basename(path))
            self.ask(question, lambda text: self._memo(path, True) if text.strip().lower() == "y" else None)
            return
        name = os.path.basename(self.session.path)
        self._write_file(path, ("\n".join(memo(self.session.report, name)[0]) + "\n").encode())

    def _write_file(self, path: str, data: bytes, draft: Draft | None = None) -> None:
        """Write what comes of the report, never over the source; and say whether it is a draft."""
        from ...core.storage import write_atomic

        path = path.strip()
        if not path:
            return
        if self._is_source(path):
            self.show_value(
                _("{out} is a source: it is not overwritten by a report").format(out=os.path.basename(path))
            )
            return
        try:
            remark = write_atomic(path, data)
        except StorageError as error:
            self.show_value(error.message)
            return
        words = _("Written: {path}").format(path=os.path.basename(path))
        self.show_value("  ".join(filter(None, (words, draft.line if draft is not None else "", remark))))

    def _is_source(self, path: str) -> bool:
        return os.path.realpath(path) == os.path.realpath(self.session.path)

    # ── leaving ──

    def do_quit(self) -> None:
        if self.session.dirty and not self.session.read_only:
            self.ask(_("Not saved yet. s saves and leaves, n leaves without saving, Esc stays:"), self._quit)
        else:
            self._leave()

    def _quit(self, text: str) -> None:
        answer = text.strip().lower()
        self.drop = answer == "n"
        if self.drop or (answer == "s" and self._save()):
            self._leave()

    def _leave(self) -> None:
        app: Any = self.app
        app.leave()
