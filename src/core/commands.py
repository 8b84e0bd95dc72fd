"""The commands of the terminal program: one list that feeds keys, palette, help and footer."""

from __future__ import annotations

from typing import NamedTuple

from .i18n import _


class Command(NamedTuple):
    """A command: its name and help for the user, its default keys, whether it changes the source
    (then a reader does not have it), and whether the footer shows it."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    changes: bool = False
    footer: bool = False


def commands() -> list[Command]:
    """All commands, in the order of help, in the language in use."""
    return [
        Command("next", _("Next to do"), _("Go to the next thing that needs you: an empty entry, a missing reason, an error."), ("f5", "ctrl+n"), False, True),
        Command("edit", _("Edit"), _("Edit what stands under the cursor; long texts open in an editor."), ("f2",), True, True),
        Command("save", _("Save"), _("Write the source file."), ("ctrl+s",), True, True),
        Command("undo", _("Undo"), _("Take the last command back."), ("ctrl+z",), True),
        Command("redo", _("Redo"), _("Do again what was taken back."), ("ctrl+y",), True),
        Command("outline", _("Outline"), _("Go to the outline of the report, or back."), ("f6", "ctrl+o"), False, True),
        Command("sheet", _("Next sheet"), _("Show the next sheet of this section."), ("f7", "ctrl+t"), False),
        Command("add", _("Add row"), _("Add an account by its code or name, or a record."), ("insert", "ctrl+e"), True, True),
        Command("remove", _("Remove row"), _("Remove the account row or the record under the cursor."), ("ctrl+d",), True),
        Command("clear", _("Clear"), _("Empty the selected places."), ("delete",), True),
        Command("open", _("Open record"), _("Show the tables that belong to the record under the cursor, or go back."), ("f4", "ctrl+l"), False),
        Command("copy", _("Copy"), _("Copy the selected places."), ("ctrl+c",), False),
        Command("paste", _("Paste"), _("Paste what was copied here."), ("ctrl+v",), True),
        Command("explain", _("Explain"), _("Show how the figure under the cursor comes about."), ("f3", "ctrl+x"), False, True),
        Command("findings", _("Findings"), _("Show what cannot be true or should be looked at; Enter goes to the place."), ("f8", "ctrl+f"), False, True),
        Command("preview", _("Preview"), _("Show the whole report as it is exported."), ("f9", "ctrl+r"), False, True),
        Command("export", _("Export"), _("Write the report as text beside the source."), ("f12", "ctrl+w"), False),
        Command("palette", _("Commands"), _("Choose a command by its name."), ("ctrl+p",), False),
        Command("help", _("Help"), _("Explain the keys."), ("f1",), False, True),
        Command("quit", _("Quit"), _("Leave the program."), ("ctrl+q",), False, True),
    ]
