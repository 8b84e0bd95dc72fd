"""Help in the terminal's columns and in our languages, which argparse knows nothing of."""

from __future__ import annotations

import argparse
import os
import sys

from ..core.i18n import _

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """argparse, with what the user gave made harmless in its messages, in one line each."""

    def error(self, message: str) -> NoReturn:
        from ..core.text.width import printable

        super().error(printable(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        """What was asked for (the help) and can't be written is a failure, as anywhere; a message may be lost."""
        if message and file is sys.stdout:
            file.write(message)
            file.flush()
        else:
            super()._print_message(message, file)


class Help(argparse.HelpFormatter):
    """Help that is measured in the terminal's columns, not in characters: Chinese takes two."""

    def __init__(self, prog: str) -> None:
        # argparse makes one of these for each option that it is told of, only to look at it.
        super().__init__(prog, width=terminal_columns(80) - 2)

    def _format_usage(self, *arguments: Any) -> str:
        """argparse counts characters: its lines are made shorter until they fit."""
        whole = self._width
        text = super()._format_usage(*arguments)
        while self._width > 20 and any(_columns(line) > whole for line in text.split("\n")):
            self._width -= 4
            text = super()._format_usage(*arguments)
        self._width = whole
        return text

    def _split_lines(self, text: str, width: int) -> list[str]:
        from ..core.text.wrap import wrap

        return wrap(text, width, ambiguous=1)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from ..core.text.wrap import wrap

        lines: list[str] = []
        for line in text.split("\n"):  # a command is to be copied: it stays on one line
            lines += [line] if line.startswith("  ") else wrap(line, width - len(indent), ambiguous=1)
        return "\n".join(indent + line for line in lines)

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if action.help is not argparse.SUPPRESS:
            taken = _columns(self._format_action_invocation(action)) + self._current_indent
            self._action_max_length = max(self._action_max_length, taken)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        header = self._format_action_invocation(action)
        extra = _columns(header) - len(header)
        first, newline, rest = text.partition("\n")
        start, found, words = first.partition(header)
        if not extra or not words.strip():
            return text
        if words.startswith(" " * (extra + 2)):
            return start + found + words[extra:] + newline + rest
        column = min(self._action_max_length + 2, self._max_help_position)
        return f"{start}{found}\n{' ' * column}{words.strip()}{newline}{rest}"


def terminal_columns(usual: int) -> int:
    """The terminal's columns, as shutil.get_terminal_size tells them; to import shutil, with all
    the compression that it knows, would be a tenth of --help."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or usual  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return usual


def _columns(text: str) -> int:
    from ..core.text.width import width

    return width(text, 1)


def argparse_words() -> dict[str, str]:
    """argparse's own words in our languages."""
    return {
        "usage: ": _("usage: "), "positional arguments": _("positional arguments"), "options": _("options"),
        "show this help message and exit": _("show this help message and exit"),
        "%(prog)s: error: %(message)s\n": _("%(prog)s: error: %(message)s\n"),
        "the following arguments are required: %s": _("the following arguments are required: %s"),
        "unrecognized arguments: %s": _("unrecognized arguments: %s"),
        "expected one argument": _("expected one argument"),
        "expected at least one argument": _("expected at least one argument"),
        "argument %(argument_name)s: %(message)s": _("argument %(argument_name)s: %(message)s"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("invalid choice: %(value)r (choose from %(choices)s)"),
        "not allowed with argument %s": _("not allowed with argument %s"),
    }
