"""Keys by their names: as a configuration file writes them, as a screen shows them, as they arrive.

A name is what the terminal program calls a key: modifiers and the key, joined by '+'
('ctrl+s', 'shift+f5', 'insert'), or the one character that a key types ('/').
"""

from __future__ import annotations

from typing import NamedTuple

from ..i18n import _

SHOWN = {"insert": "Ins", "delete": "Del", "up": "↑", "down": "↓", "left": "←", "right": "→", "escape": "Esc",
         "enter": "Enter", "tab": "Tab", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End",
         "backspace": "Bksp", "space": "Space", "backslash": "\\"}  # fmt: skip
MODIFIERS = {"ctrl": "^", "shift": "Shift-", "alt": "Alt-"}
_SPELT = {"ins": "insert", "del": "delete", "esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown",
          "control": "ctrl", "bksp": "backspace", "\\": "backslash",
          "↑": "up", "↓": "down", "←": "left", "→": "right"}  # fmt: skip
_NAMED = {*SHOWN, *(f"f{number}" for number in range(1, 25))}
_SAME = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+[": "escape"}
"""Keys that a terminal can't tell from others."""
_LOST = {"shift+f3", "ctrl+f3"}
"""Keys whose bytes are taken for an answer of the terminal."""

_CARET = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
_MOVES = {*_CARET, *(f"shift+{key}" for key in _CARET), "ctrl+left", "ctrl+right", "ctrl+home", "ctrl+end",
          "ctrl+shift+home", "ctrl+shift+end", "backspace"}  # fmt: skip
_ENTERS = {"tab", "shift+tab", "enter", "escape"}
OWN: dict[str, set[str]] = {
    "editor": _MOVES | _ENTERS,
    "writing": _MOVES | {"enter", "delete"},
    "picker": (_MOVES - {"left", "right"}) | {"delete"},
    "wizard": (_MOVES - {"left", "right"}) | {"delete"},
    "figures": _MOVES | {"delete"},
    "palette": _MOVES | {"delete"},
    "home": _MOVES,
    "reading": _MOVES,
}
"""The keys that move and type on each screen: they can be no command's."""
TYPED = {"editor", "writing", "picker", "wizard", "figures", "palette"}
"""The screens on which a character is typed, and is no command."""
KEPT = {"quit", "save", "leave", "done", "choose", "next", "do", "insert"}
"""Commands that are never without a key (the last part of their ids), nor is the palette."""


def key_name(key: str) -> str:
    """A key as it is printed on keyboards: ctrl+insert is ^Ins."""
    *modifiers, last = key.split("+") if len(key) > 1 else (key,)
    sign = "".join(MODIFIERS.get(modifier, modifier + "-") for modifier in modifiers)
    return sign + (SHOWN.get(last) or (last if len(key) == 1 else last.upper()))


def parse_key(text: str) -> str:
    """The name of a key that somebody wrote as 'Ctrl+S', '^S', 'ctrl-s', 'F5' or '/'.

    Raises:
        ValueError: there is no such key, or it never arrives; the message says why.
    """
    text = text.strip()
    if len(text) == 1 and text.isprintable():
        return _SPELT.get(text, text)
    *modifiers, last = text.lower().replace("^", "ctrl+").replace("-", "+").split("+")
    modifiers = [_SPELT.get(modifier, modifier) for modifier in modifiers]
    last = _SPELT.get(last, last)
    letter = len(last) == 1 and last.isascii() and last.isalnum()
    known = last in _NAMED or (letter and bool({"ctrl", "alt"} & set(modifiers)))
    if not known or len(set(modifiers)) < len(modifiers) or not set(modifiers) <= set(MODIFIERS):
        raise ValueError(_("there is no key “{key}”: write it like ctrl+s, f5 or insert").format(key=text[:40]))
    key = "+".join([*sorted(modifiers, key=("alt", "ctrl", "shift").index), last])
    if key in _SAME:
        raise ValueError(_("a terminal can't tell {key} from {other}").format(
            key=key_name(key), other=key_name(_SAME[key])))
    if key in _LOST or (letter and ("shift" in modifiers or (last.isdigit() and "alt" in modifiers))):
        raise ValueError(_("{key} never arrives: terminals don't send it as a key of its own").format(
            key=key_name(key)))
    return key


class Wish(NamedTuple):
    """What somebody wants: keys for a command. `screen` is the one that the command belongs to."""

    id: str
    screen: str
    keys: tuple[str, ...]


def arrange(
    defaults: dict[str, dict[str, tuple[str, ...]]], wishes: list[Wish]
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """The keys of all commands that have others than their own, and what could not be had, by
    the command that wanted it.

    `defaults`: by screen, by command. A key that is wished for is taken from the command that has
    it by default; a command that must have a key keeps one in any case.
    """
    given: dict[str, tuple[str, ...]] = {}
    told: list[tuple[str, str]] = []
    for screen, own in defaults.items():
        holders: dict[str, str] = {}
        wanted: dict[str, list[str]] = {}
        for wish in wishes:
            if wish.screen == screen:
                wanted[wish.id] = []
                for key in wish.keys:
                    fault = _fault(screen, wish.id, key, holders)
                    if fault:
                        told.append((wish.id, fault))
                    else:
                        holders[key] = wish.id
                        wanted[wish.id].append(key)
        for id, keys in own.items():
            if _kept(id) and not wanted.get(id):
                _keep(id, keys, holders, wanted, told)
        for id, keys in own.items():
            left = tuple(wanted[id]) if id in wanted else tuple(key for key in keys if key not in holders)
            if keys and not left and id not in wanted:
                taken = holders[keys[0]]
                told.append((taken, _("“{other}” has no key left: it is still in the list of commands").format(
                    other=id)))
            if left != keys:
                given[id] = left
    return given, told


def _fault(screen: str, id: str, key: str, holders: dict[str, str]) -> str:
    """Why a command can't have a key, '' if it can."""
    if screen in TYPED and len(key) == 1:
        return _("{key} types a character: take one with Ctrl, or a function key").format(key=key_name(key))
    if key in OWN[screen]:
        return _("{key} moves or types, it can be no command").format(key=key_name(key))
    if key in holders and holders[key] != id:
        return _("{key} is given to “{other}” already, which keeps it").format(key=key_name(key), other=holders[key])
    return ""


def _kept(id: str) -> bool:
    return id == "palette" or id.rpartition(".")[2] in KEPT


def _keep(
    id: str, keys: tuple[str, ...], holders: dict[str, str], wanted: dict[str, list[str]], told: list[tuple[str, str]]
) -> None:
    """See to it that a command that must have a key has one: its own, from whoever wants it."""
    free = [key for key in keys if key not in holders]
    if not free:
        key = keys[0]
        told.append((holders[key], _("{key} stays with “{other}”, which must have a key").format(
            key=key_name(key), other=id)))
        wanted[holders.pop(key)].remove(key)
        free = [key]
    if id in wanted:
        if id not in {each for each, _message in told}:
            told.append((id, _("“{other}” must have a key: it keeps its own").format(other=id)))
        wanted[id] = free
