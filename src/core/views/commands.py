"""The commands of the terminal program: one list that feeds keys, palette, help and footer.

Each screen has its own; those of the editor are the ones that the palette offers. What the user
says of keys in the configuration file (`use_keys`) holds for all that asks here from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .. import pinyin
from ..i18n import _
from ..text.width import width
from ..text.wrap import wrap
from .keys import key_name

__all__ = ["SCREENS", "Command", "commands", "footer", "help_lines", "key_name", "key_of", "matching", "use_keys"]

KEYS_WIDTH = 16
"""The columns that help gives to a command's keys."""


class Command(NamedTuple):
    """A command: its name and help for the user, its keys, whether it changes the source (then a
    reader does not have it), whether the footer shows it, and the screen that it belongs to."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    changes: bool = False
    footer: bool = False
    screen: str = "editor"


SCREENS = ("editor", "home", "picker", "wizard", "reading", "writing", "figures", "palette")

_keys: dict[str, tuple[str, ...]] = {}


def use_keys(keys: dict[str, tuple[str, ...]]) -> None:
    """Have commands (by id) other keys from now on; those that are not named keep their own."""
    global _keys
    _keys = dict(keys)


def commands(screen: str = "editor") -> list[Command]:
    """All commands of a screen with their keys, in the order of help, in the language in use."""
    known = default_commands(screen)
    return [command._replace(keys=_keys[command.id]) if command.id in _keys else command for command in known]


def default_commands(screen: str) -> list[Command]:
    """The commands of a screen with the keys that the program itself gives them."""
    return _editor() if screen == "editor" else [command for command in _others() if command.screen == screen]


def key_of(id: str, known: Mapping[str, Command] | None = None) -> str:
    """A command's first key as it is shown; its title where it has no key, '' where there is no such
    command. `known`: those that a screen has, else all of the editor's."""
    command = {each.id: each for each in commands()}.get(id) if known is None else known.get(id)
    if command is None:
        return ""
    return key_name(command.keys[0]) if command.keys else command.title


ALWAYS = ("save", "quit", "help", "next")
"""The commands that a footer shows before all others, in a window of any size."""


def footer(known: Iterable[Command], columns: int, ambiguous: int) -> str:
    """The keys and titles of the commands that a footer shows, as many as there is room for, in their
    order; how to save, to leave and to get help always."""
    words = {command.id: f"{key_name(command.keys[0])} {command.title}"
             for command in known if command.footer and command.keys}  # fmt: skip
    shown: set[str] = set()
    room = columns + 2
    for id in sorted(words, key=lambda id: id not in ALWAYS):
        if width(words[id], ambiguous) + 2 <= room:
            room -= width(words[id], ambiguous) + 2
            shown.add(id)
    return "  ".join(words[id] for id in words if id in shown)


def help_lines(known: Iterable[Command], columns: int, ambiguous: int) -> list[str]:
    """The commands with their keys, explained, in lines of so many columns."""
    lines = []
    for command in known:
        keys = " ".join(map(key_name, command.keys))
        room = " " * max(1, KEYS_WIDTH - width(keys, ambiguous))
        words = wrap(f"{command.title}：{command.help}", max(40, columns - KEYS_WIDTH), ambiguous=ambiguous, hang=False)
        lines += [(" " * KEYS_WIDTH if at else keys + room) + line for at, line in enumerate(words)]
    return lines


def _editor() -> list[Command]:
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
            "none",
            _("None this year"),
            _("Say that there is nothing in this table this year (in one of fixed lines: nothing but what is "
              "entered); again takes that back."),
            ("ctrl+backslash",),
            True,
        ),
        Command(
            "open",
            _("Open record"),
            _("Show the tables that belong to the record under the cursor, or go back."),
            ("f4", "ctrl+l"),
            False,
            True,
        ),
        Command("export", _("Export"), _("Write the report: text, Word and other kinds."), ("f12", "ctrl+w"), False,
                True),
        Command(
            "import",
            _("Import a workbook"),
            _("Take the figures of an .xlsx: published and accounting tables; shows what would change."),
            (),
            True,
        ),
        Command(
            "import_prior",
            _("Import last year's workbook"),
            _("Take the prior-year figures that the report asks for from last year's .xlsx."),
            (),
            True,
        ),
        Command(
            "acknowledge",
            _("Acknowledge"),
            _("Say why the finding at the cursor is right as it is; also in the list of findings."),
            (),
            True,
        ),
        Command(
            "reference",
            _("Insert figure"),
            _("In a text: choose a figure of the report, which then stands there and follows its table."),
            (),
            True,
        ),
        Command(
            "confirm",
            _("Confirm"),
            _("Say that what was taken over from last year is looked over here; accounts without a figure go."),
            (),
            True,
        ),
        Command(
            "compare",
            _("Compare"),
            _("Show what changed since another version, or since last year; Enter goes to the place."),
            (),
        ),
        Command(
            "last_year",
            _("Last year's figures"),
            _("List the figures of last year that the report needs, those that are missing first."),
            (),
        ),
        Command("memo", _("Write findings"), _("Write the findings to a file of your choice."), ()),
        Command("save_as", _("Save as"), _("Write the source to another file, and go on with that one."), (), True),
        Command("theme", _("Appearance"), _("Choose other colours, or the terminal's own."), ()),
        Command("redraw", _("Redraw"), _("Draw the whole screen anew, where something else wrote on it."), ()),
        Command(
            "goto",
            _("Go to"),
            _("Go to a place: type an address, an account's code or name, initials, or what stands there."),
            ("ctrl+g",),
        ),
        Command("find_next", _("Find next"), _("Go to the next place that the words of “Go to” fit."), ()),
        Command("text_down", _("Sentences down"), _("Scroll the sentences beside the sheet down."), ("ctrl+pagedown",)),
        Command("text_up", _("Sentences up"), _("Scroll the sentences beside the sheet up."), ("ctrl+pageup",)),
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
        Command(
            "fill_right",
            _("Fill right"),
            _(
                "Put the first column of the selection into all columns right of it; without a selection, "
                "what stands left of the cursor."
            ),
            (),
            True,
        ),
        Command(
            "clear",
            _("Clear"),
            _("Empty the selected places; on an official figure, take it back."),
            ("delete",),
            True,
        ),
        Command(
            "official",
            _("Official figure"),
            _("Enter the approved figure of a computed place, where rounding makes it differ (or edit it)."),
            (),
            True,
        ),
        Command(
            "remove", _("Remove row"), _("Remove the account row or the record under the cursor."), ("ctrl+k",), True
        ),
        Command("up", _("Move up"), _("Move the record under the cursor up."), ("ctrl+up",), True),
        Command("down", _("Move down"), _("Move the record under the cursor down."), ("ctrl+down",), True),
        Command("department", _("Department name"), _("Change the name of the department."), (), True),
    ]


def _others() -> list[Command]:
    """The commands of the screens beside the editor. An id is the screen's name, a dot, and its own."""
    leave, help, back = _("Leave this screen."), _("Explain the keys."), _("Back")
    away, f1, hidden = ("escape", "ctrl+g", "ctrl+q"), ("f1",), False

    def own(id: str, title: str, words: str, keys: tuple[str, ...], footer: bool = True) -> Command:
        return Command(id, title, words, keys, False, footer, id.partition(".")[0])

    return [
        own("home.choose", _("Open"), _("Open what the cursor stands on."), ("enter",)),
        own("home.new", _("New"), _("Begin a new report, step by step."), ("ctrl+n", "n")),
        own("home.open", _("Open a file"), _("Choose a file from the folders."), ("ctrl+o", "o")),
        own("home.view", _("Read only"), _("Open what the cursor stands on without changing it."), ("ctrl+r", "v")),
        own("home.forget", _("Forget"), _("Take the file off this list; the file stays."), ("delete",)),
        own("home.help", _("Help"), help, f1),
        own("home.quit", _("Quit"), _("Leave the program."), ("ctrl+q", "q")),
        own("picker.choose", _("Open"), _("Open the folder, or take the file."), ("enter",)),
        own("picker.parent", _("Up"), _("Go to the folder above."), ("left", "ctrl+o")),
        own("picker.leave", back, leave, away),
        own("picker.help", _("Help"), help, f1),
        own("wizard.next", _("Next"), _("Go on to the next line; on the last one, write the file."), ("enter", "tab")),
        own("wizard.change", _("Choose"), _("The next choice, or another text, or a file."), ("f2", "right")),
        own("wizard.leave", back, _("Leave without writing a file."), away),
        own("wizard.help", _("Help"), help, f1),
        own("reading.leave", back, leave, (*away, "q")),
        own("reading.go", _("Go there"), _("Go to what the line stands for."), ("enter",)),
        own("reading.acknowledge", _("Acknowledge"), _("Say why it is right as it is, or take that back."), ("a",)),
        own("reading.search", _("Search"), _("Search for a text."), ("/", "ctrl+f")),
        own("reading.again", _("Search on"), _("Go to the next line that holds the text."), ("n", "f3")),
        own("reading.before", _("Search back"), _("Go to the line before that holds the text."), ("N",), hidden),
        own("reading.help", _("Help"), help, f1, hidden),
        own("writing.done", _("Done"), _("Enter the text and leave."), ("ctrl+s", "f2")),
        own("writing.leave", _("Leave it"), _("Leave the text as it was."), away),
        own("writing.figure", _("Insert figure"), _("Choose a figure, which then follows its table."),
            ("insert", "ctrl+e")),
        own("writing.undo", _("Undo"), _("Take the last change back."), ("ctrl+z",), hidden),
        own("writing.redo", _("Redo"), _("Do again what was taken back."), ("ctrl+y",), hidden),
        own("writing.all", _("Select all"), _("Select the whole text."), ("f7",), hidden),
        own("writing.copy", _("Copy"), _("Copy what is selected."), ("ctrl+c", "ctrl+insert"), hidden),
        own("writing.cut", _("Cut"), _("Copy what is selected and delete it."), ("ctrl+x", "shift+delete"), hidden),
        own("writing.paste", _("Paste"), _("Paste what was copied here."), ("ctrl+v", "shift+insert"), hidden),
        own("writing.help", _("Help"), help, f1),
        own("figures.insert", _("Insert"), _("Put the figure under the cursor into the text."), ("enter",)),
        own("figures.leave", back, leave, (*away, "ctrl+p")),
        own("figures.help", _("Help"), help, f1),
        own("palette.leave", back, leave, (*away, "ctrl+p")),
        own("palette.do", _("Do it"), _("Do the command under the cursor."), ("enter",)),
        own("palette.help", _("Help"), help, f1, hidden),
    ]


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
