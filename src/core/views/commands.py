"""The commands of the terminal program: one list that feeds keys, palette, help and footer."""

from __future__ import annotations

from typing import NamedTuple

from .. import pinyin
from ..i18n import _


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
        Command(
            "next",
            _("Next to do"),
            _("Go to the next thing that needs you: an empty entry, a missing reason, an error."),
            ("f5", "ctrl+n"),
            False,
            True,
        ),
        Command(
            "edit",
            _("Edit"),
            _("Edit what stands under the cursor; long texts open in an editor."),
            ("f2",),
            True,
            True,
        ),
        Command("outline", _("Outline"), _("Go to the outline of the report, or back."), ("f6", "ctrl+o"), False, True),
        Command(
            "sheet", _("Next sheet"), _("Show the next sheet or text of this section."), ("f7", "ctrl+t"), False, True
        ),
        Command(
            "findings",
            _("Findings"),
            _("Show what cannot be true or should be looked at; Enter goes to the place."),
            ("f8", "ctrl+f"),
            False,
            True,
        ),
        Command(
            "preview",
            _("Preview"),
            _("Show the whole report as it is exported; Enter on a figure goes to its place."),
            ("f9", "ctrl+r"),
            False,
            True,
        ),
        Command("save", _("Save"), _("Write the source file."), ("ctrl+s",), True, True),
        Command("help", _("Help"), _("Explain the keys."), ("f1",), False, True),
        Command("quit", _("Quit"), _("Leave the program."), ("ctrl+q",), False, True),
        Command("explain", _("Explain"), _("Show how the figure under the cursor comes about."), ("f3",), False, True),
        Command("palette", _("Commands"), _("Choose a command by its name."), ("ctrl+p",), False, True),
        Command(
            "add", _("Add row"), _("Add an account by its code or name, or a record."), ("insert", "ctrl+e"), True, True
        ),
        Command(
            "open",
            _("Open record"),
            _("Show the tables that belong to the record under the cursor, or go back."),
            ("f4", "ctrl+l"),
            False,
            True,
        ),
        Command("export", _("Export"), _("Write the report as a text file."), ("f12", "ctrl+w"), False, True),
        Command(
            "acknowledge",
            _("Acknowledge"),
            _("Say why the finding at the cursor is right as it is; a does so in the list of findings (F8)."),
            (),
            True,
        ),
        Command("memo", _("Write findings"), _("Write the findings to a file of your choice."), ()),
        Command("save_as", _("Save as"), _("Write the source to another file, and go on with that one."), (), True),
        Command("redraw", _("Redraw"), _("Draw the whole screen anew, where something else wrote on it."), ()),
        Command("sentences", _("Sentences"), _("Show all sentences that go with this sheet."), ("ctrl+u",), False),
        Command("undo", _("Undo"), _("Take the last command back."), ("ctrl+z",), True),
        Command("redo", _("Redo"), _("Do again what was taken back."), ("ctrl+y",), True),
        Command("copy", _("Copy"), _("Copy the selected places."), ("ctrl+c", "ctrl+insert"), False),
        Command("cut", _("Cut"), _("Copy the selected places and empty them."), ("ctrl+x", "shift+delete"), True),
        Command("paste", _("Paste"), _("Paste what was copied here."), ("ctrl+v", "shift+insert"), True),
        Command(
            "fill",
            _("Fill down"),
            _(
                "Put the first line of the selection into all lines below it; without a selection, "
                "what stands above the cursor."
            ),
            ("ctrl+d",),
            True,
        ),
        Command("clear", _("Clear"), _("Empty the selected places."), ("delete",), True),
        Command(
            "remove", _("Remove row"), _("Remove the account row or the record under the cursor."), ("ctrl+k",), True
        ),
        Command("up", _("Move up"), _("Move the record under the cursor up."), ("ctrl+up",), True),
        Command("down", _("Move down"), _("Move the record under the cursor down."), ("ctrl+down",), True),
        Command("department", _("Department name"), _("Change the name of the department."), (), True),
    ]


KEYS = {"insert": "Ins", "delete": "Del", "up": "↑", "down": "↓"}


def key_name(key: str) -> str:
    """A key as it is printed on keyboards: ctrl+insert is ^Ins."""
    *modifiers, last = key.split("+")
    sign = "".join({"ctrl": "^", "shift": "Shift-"}[modifier] for modifier in modifiers)
    return sign + (KEYS.get(last) or last.upper())


def matching(known: list[Command], text: str) -> list[Command]:
    """The commands that a typed text may mean: a part of the title, the beginning of the id, or of
    the title's pinyin initials (cx for 撤销)."""
    wanted = text.strip().lower()
    return [
        command
        for command in known
        if wanted in command.title.lower()
        or command.id.startswith(wanted)
        or pinyin.rank(command.title, wanted) is not None
    ]
