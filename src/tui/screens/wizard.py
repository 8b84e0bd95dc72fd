"""Beginning a report, step by step: one line for each thing that must be known."""

from __future__ import annotations

import os
import time

from textual.app import ComposeResult

from ...core.amounts import AmountError
from ...core.beginning import UNITS, begin, begin_from, usual_year
from ...core.formats import NoSuchFormat, load_format, sound_formats
from ...core.i18n import _
from ...core.source import SourceError
from ...core.storage import StorageError
from ...core.taxonomy import TaxonomyError
from ...core.text.width import width
from ..widgets.bars import Bar, Prompt, ending
from ..widgets.lines import Item, Lines
from .base import KeyScreen
from .picker import PickerScreen

FIELDS = ("format", "year", "department", "unit", "prior", "carry", "file", "write")
LABEL = 16


class WizardScreen(KeyScreen):
    """What a new source needs to know. Gives back the path of the file that was written, or None.
    `values` is what was known when it was left last; it is kept up to date."""

    OWN = "wizard"

    def __init__(self, folder: str = "", ambiguous: int = 1, values: dict[str, str] | None = None) -> None:
        super().__init__(ambiguous)
        self.folder = folder or os.getcwd()
        self.formats = [format.id for format in sound_formats()[0]]
        first = self.formats[0]
        self.values = {} if values is None else values
        if self.values.get("format") not in self.formats:
            self.values.update({"format": first, "year": str(usual_year(first, time.localtime().tm_year)),
                                "department": "", "unit": UNITS[0], "prior": "", "carry": "", "file": ""})
            self._offer_file()

    def content(self) -> ComposeResult:
        yield Bar("title", self.ambiguous)
        yield Bar("value", self.ambiguous)
        yield Lines("lines", self.ambiguous, active=True)
        yield Prompt("prompt", self.ambiguous)
        yield Bar("footer", self.ambiguous)

    @property
    def lines(self) -> Lines:
        return self.query_one("#lines", Lines)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    def start(self) -> None:
        self.query_one("#title", Bar).show(" " + _("New report"))
        self.show_footer()
        self._show()

    def fit(self) -> None:
        super().fit()
        if self.started:
            self.show_footer()

    # ── what is shown ──

    def _show(self, note: str = "") -> None:
        labels = {"format": _("Format"), "year": _("Year"), "department": _("Department"), "unit": _("Unit"),
                  "prior": _("Last year's file"), "carry": _("Take over"), "file": _("File"), "write": ""}  # fmt: skip
        items = []
        for field in self.fields:
            label = labels[field] + " " * max(1, LABEL - width(labels[field], self.ambiguous))
            text = _("[Write the file and begin]") if field == "write" else label + self._shown(field)
            items.append(Item(" " + text, field, "strong" if field == "write" else ""))
        self.lines.show(items)
        self.query_one("#value", Bar).show(" " + (note or self._hint()))

    def _shown(self, field: str) -> str:
        value = self.values[field]
        if field == "format":
            format = load_format(value)
            return f"{value}  {format.title}  {format.since}–{format.until}"
        if field == "prior" and not value:
            return _("none: last year's figures are entered")
        if field == "carry":
            return _("yes: names and texts, to be looked over") if value else _("no: begin empty")
        return ending(value, self.size.width - LABEL - 2, self.ambiguous) or "…"

    def _hint(self) -> str:
        key = self.key_of("wizard.change")
        return {
            "format": _("Province and kind of report; {key} takes the next one."),
            "year": _("The year that the report is about."),
            "department": _("The department's full name, as on its seal."),
            "unit": _("元 where there are exact accounts, 万元 where there are only printed ones; {key} changes it."),
            "prior": _("{key} chooses last year's source; Backspace takes it away."),
            "carry": _("Names and texts of last year's file, amounts left blank; {key} changes it."),
            "file": _("The file to write; none that exists is overwritten."),
        }.get(self._field, _("Enter writes the file.")).format(key=key)

    @property
    def fields(self) -> tuple[str, ...]:
        """The lines there are: what to take over is asked where there is a file of last year."""
        return tuple(field for field in FIELDS if field != "carry" or self.values["prior"])

    @property
    def _field(self) -> str:
        return self.fields[self.lines.row]

    # ── keys ──

    def key(self, key: str, character: str) -> bool:
        command = self.command(key, "")
        if self.prompt.asking:
            done = self.prompt.key(key, character)
            if done == "entered" or (done is None and command == "next"):
                self.prompt.close()
                self._entered(self.prompt.edit.text)
            elif done == "left":
                self.lines.place_cursor()
        elif command == "leave":
            self.dismiss(None)
        elif command == "help":
            self.show_help()
        elif command == "next":
            self._next()
        elif command == "change":
            self._change()
        elif key == "backspace" and self._field == "prior":
            self.values["prior"] = self.values["carry"] = ""
            self._show()
        elif key == "shift+tab":
            self._move(-1)
        elif self.lines.key(key):
            self._show()
        elif character:
            self._change(character)
        return True

    def paste(self, text: str) -> bool:
        if self.prompt.asking:
            self.prompt.paste(text)
        else:
            self._change(text)
        return True

    def _move(self, step: int) -> None:
        self.lines.move_to(self.lines.row + step)
        self._show()

    def _next(self) -> None:
        """On to the next line; a line that must not be empty asks instead."""
        if self._field == "write":
            self._write()
        elif self._field in ("year", "department", "file") and not self.values[self._field]:
            self._change()
        else:
            self._move(1)

    def _change(self, typed: str = "") -> None:
        """Change the line under the cursor: the next choice, or another text."""
        field = self._field
        if field in ("format", "unit"):
            choices: tuple[str, ...] = tuple(self.formats) if field == "format" else UNITS
            self.values[field] = choices[(choices.index(self.values[field]) + 1) % len(choices)]
            if field == "format":
                self.values["year"] = str(usual_year(self.values["format"], time.localtime().tm_year))
            self._show()
        elif field == "carry":
            self.values["carry"] = "" if self.values["carry"] else "yes"
            self._show()
        elif field == "prior":
            self._pick(os.path.dirname(self._path()) or self.folder)
        elif field != "write":
            self.prompt.ask(field, self._hint(), "" if typed else self.values[field])
            self.prompt.paste(typed)

    def _pick(self, folder: str) -> None:
        def chosen(path: str | None) -> None:
            if path is not None:
                self.values["prior"], self.values["carry"] = path, "yes"
                self._follow_last_year(path)
            self._show()
            self.lines.place_cursor()

        where = folder if os.path.isdir(folder) else self.folder
        self.app.push_screen(PickerScreen(_("Last year's file"), where, self.ambiguous), chosen)

    def _follow_last_year(self, path: str) -> None:
        """Take what last year's file says of the report, as far as it can be read."""
        from ...core.reading import load_source

        try:
            last = load_source(path)
        except (StorageError, SourceError):
            return  # what is wrong with it is said when the file is written
        values = self.values
        if last.format.id in self.formats:
            values["format"] = last.format.id
        values["year"], values["unit"] = str(last.year + 1), last.unit
        values["department"] = values["department"] or last.department
        self._offer_file()

    def _entered(self, text: str) -> None:
        field = self._field
        self.values[field] = text.strip()
        if field in ("year", "department"):
            self._offer_file()
        self._move(1 if self.values[field] else 0)
        self.lines.place_cursor()

    def _offer_file(self) -> None:
        """A name for the file, until the user gives one."""
        offered = self.values.get("offered", "")
        if self.values["file"] == offered:
            name = f"{self.values['department'].replace('/', '_')}{self.values['year']}.toml"
            self.values["offered"] = self.values["file"] = name

    def _path(self) -> str:
        return os.path.join(self.folder, os.path.expanduser(self.values["file"]))

    # ── writing ──

    def _write(self) -> None:
        """Write the file, or go to what prevents it and say why."""
        values, path = self.values, self._path()
        fault, field = "", "file"
        try:
            year = int(values["year"])
        except ValueError:
            fault, field = _("“{text}” is no whole number").format(text=values["year"]), "year"
        if not fault and not values["department"]:
            fault, field = _("The department's full name is missing"), "department"
        if not fault:
            prior = os.path.relpath(values["prior"], os.path.dirname(os.path.realpath(path))) if values["prior"] else ""
            try:
                if values["carry"]:
                    begin_from(path, values["prior"], values["format"], year, values["department"], values["unit"])
                else:
                    begin(path, values["format"], year, values["department"], values["unit"], prior)
            except StorageError as error:
                fault, field = error.message, "prior" if error.path == values["prior"] else "file"
            except SourceError as error:
                fault, field = error.message, "prior"
            except (NoSuchFormat, TaxonomyError, AmountError) as error:
                fault, field = str(error), "year"
        if not fault:
            self.dismiss(path)
            return
        self.lines.move_to(self.fields.index(field))
        self._show(fault)
