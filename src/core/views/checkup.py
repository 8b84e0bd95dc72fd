"""What `juesuan doctor` says of a terminal: each thing looked at, and what to do where it is not as it should be.

Here is what the words are, from facts that somebody else has looked up; nothing here touches a terminal.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from typing import NamedTuple

from ..i18n import _
from ..settings import Settings
from ..text.keyboard import GB
from ..text.width import width
from ..text.wrap import wrap

LEAST, COMFORTABLE = (60, 15), (80, 24)
GOOD, DOUBTFUL, BAD = "√", "?", "!"
TITLE = 22


class Finding(NamedTuple):
    """A thing that was looked at: how it stands (its sign), its name, what was found."""

    sign: str
    title: str
    found: str


class Facts(NamedTuple):
    """What is known of a terminal. `ambiguous`: the columns that it gives to “, 0 where it did not
    answer, None where it was not asked. `size` None: there is no terminal."""

    terminal: bool
    size: tuple[int, int] | None
    encoding: str
    environment: Mapping[str, str]
    ambiguous: int | None = None


def terminal_findings(facts: Facts) -> list[Finding]:
    """The terminal: encoding, colours, size, widths, what stands between it and the program."""
    found = [_terminal(facts), _encoding(facts), _term(facts.environment), _colours(facts.environment), _size(facts)]
    found += [_ambiguous(facts), Finding(GOOD, _("Pasting"), _(
        "bracketed paste is asked for; without it a pasted table arrives as keys, which land in the same cells"))]
    if facts.environment.get("TMUX") or facts.environment.get("STY"):
        found.append(Finding(DOUBTFUL, "tmux / screen", _(
            "Esc may come late (tmux: set -sg escape-time 50); colours need: set -g default-terminal tmux-256color")))
    if facts.environment.get("SSH_CONNECTION") or facts.environment.get("SSH_TTY"):
        found.append(Finding(GOOD, "SSH", _(
            "nothing is lost when the line drops; ssh -C helps on a slow one, and so does theme = \"terminal\"")))
    found.append(Finding(DOUBTFUL, _("Font"), _(
        "should show two Latin letters as wide as one Chinese character (Sarasa Mono SC, Noto Sans Mono CJK SC, "
        "SimSun, NSimSun); the lines here under each other end in one column:")))
    found += [Finding(" ", "", "决算|年度|万元|"), Finding(" ", "", "abcd|2024|0.00|")]
    return found


def program_findings(settings: Settings, places: list[tuple[str, str, bool]], versions: str) -> list[Finding]:
    """The program: versions, settings, and the places (what, where, can it be written) that it writes to."""
    found = [Finding(GOOD, _("Versions"), versions)]
    there = settings.file if settings.there else _("{file} (there is none, and none is needed)").format(
        file=settings.file)
    found.append(Finding(BAD if settings.problems else GOOD, _("Settings"), there))
    found += [Finding(BAD, "", problem) for problem in settings.problems]
    for what, where, writable in places:
        found.append(Finding(GOOD if writable else DOUBTFUL, what, where if writable else _(
            "{place} can't be written").format(place=where)))
    return found


def finding_lines(found: list[Finding], columns: int, ambiguous: int = 1) -> list[str]:
    """The findings as lines of text."""
    lines = []
    for each in found:
        title = each.title + " " * max(1, TITLE - width(each.title, ambiguous))
        words = wrap(each.found, max(30, columns - TITLE - 2), ambiguous=ambiguous, hang=False) or [""]
        lines += [(f"{each.sign} {title}" if not at else " " * (TITLE + 2)) + line for at, line in enumerate(words)]
    return lines


def _terminal(facts: Facts) -> Finding:
    if facts.terminal:
        return Finding(GOOD, _("Terminal"), _("input and output are a terminal"))
    return Finding(BAD, _("Terminal"), _(
        "there is none here: check, export, explain and new work, the terminal program does not"))


def _encoding(facts: Facts) -> Finding:
    environment = facts.environment
    locale = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or _("not set")
    try:
        name = codecs.lookup(facts.encoding or "ascii").name
    except LookupError:
        name = ""
    told = _("{encoding}, locale {locale}").format(encoding=facts.encoding or "?", locale=locale)
    if name in ("utf-8", "gb18030"):
        return Finding(GOOD, _("Encoding"), told)
    if name in GB:
        return Finding(BAD, _("Encoding"), told + _(
            ": the terminal program reads and writes it, but shows others, or ?, for signs and names that it lacks. "
            "Better set LANG=zh_CN.UTF-8 here, and UTF-8 in the terminal's own settings (PuTTY: Window, Translation)"))
    return Finding(BAD, _("Encoding"), told + _(
        ": the terminal program refuses to start, since Chinese would be garbled. Set LANG=zh_CN.UTF-8 or C.UTF-8 "
        "here, and UTF-8 in the terminal's own settings (PuTTY: Window, Translation). GBK files are written by "
        "export --encoding gb18030"))


def _term(environment: Mapping[str, str]) -> Finding:
    term = environment.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return Finding(BAD, "TERM", _("{term}: this terminal can't place its cursor; use another one").format(
            term=term or _("not set")))
    return Finding(GOOD, "TERM", term)


def colours(environment: Mapping[str, str]) -> str:
    """The colours that the program uses: 'true', '256', '16' or 'none'."""
    if environment.get("NO_COLOR"):
        return "none"
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "true"
    return "256" if environment.get("TERM", "").endswith("-256color") else "16"


def _colours(environment: Mapping[str, str]) -> Finding:
    found = {
        "none": _("none, as NO_COLOR asks"),
        "true": _("true colour (COLORTERM={value})").format(value=environment.get("COLORTERM", "")),
        "256": _("256 colours, as TERM says; where it has more, COLORTERM=truecolor says so"),
        "16": _("the terminal's own 16; where it has more, COLORTERM=truecolor says so"),
    }[colours(environment)]
    return Finding(GOOD, _("Colours"), found + _("; no colour is the only sign of anything"))


def _size(facts: Facts) -> Finding:
    if facts.size is None:
        return Finding(DOUBTFUL, _("Size"), _("not known"))
    told = f"{facts.size[0]}×{facts.size[1]}"
    if facts.size[0] < LEAST[0] or facts.size[1] < LEAST[1]:
        return Finding(BAD, _("Size"), _("{size}: too small, {width}×{height} is the least").format(
            size=told, width=LEAST[0], height=LEAST[1]))
    if facts.size[0] < COMFORTABLE[0] or facts.size[1] < COMFORTABLE[1]:
        return Finding(DOUBTFUL, _("Size"), _("{size}: works; {width}×{height} shows more").format(
            size=told, width=COMFORTABLE[0], height=COMFORTABLE[1]))
    return Finding(GOOD, _("Size"), told)


def _ambiguous(facts: Facts) -> Finding:
    title = _("Width of “ ” … — ·")
    named = facts.environment.get("JUESUAN_AMBIGUOUS", "")
    told = _("not measured: there is no terminal") if facts.ambiguous is None else _(
        "the terminal did not answer; 1 is taken, JUESUAN_AMBIGUOUS or ambiguous_width say otherwise"
    ) if not facts.ambiguous else _("measured: {columns}").format(columns=facts.ambiguous)
    if named:
        told += "; JUESUAN_AMBIGUOUS=" + named
    wrong = facts.ambiguous and named in ("1", "2") and named != str(facts.ambiguous)
    return Finding(GOOD if facts.ambiguous and not wrong else DOUBTFUL, title, told)


def writable(path: str) -> bool:
    """Can something be written to a directory, or to the nearest one above it that there is? Writes nothing."""
    while not os.path.isdir(path):
        above = os.path.dirname(path)
        if above == path:
            return False
        if os.path.lexists(path):
            return False
        path = above
    return os.access(path, os.W_OK | os.X_OK)
