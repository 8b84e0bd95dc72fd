"""The user's settings: one TOML file, in which nothing can be so wrong that the program does not start.

What is wrong is told with file and line, and what is right beside it holds.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from . import i18n
from .i18n import _
from .storage import StorageError, read_text
from .userdirs import config_file

KNOWN = ("keys", "theme", "ambiguous_width", "language", "formats_dir")
THEMES = ("dark", "light", "contrast", "terminal")
AMBIGUOUS = "JUESUAN_AMBIGUOUS"
"""The environment variable that says how wide ambiguous characters are, before the settings do."""
THEME = "JUESUAN_THEME"
"""The environment variable that names the theme, before the settings do."""


class Settings(NamedTuple):
    """What the user has set. `keys`: other keys than the program's, by command. `ambiguous`: the
    columns of “ ” … — · and their like, 0 to ask the terminal. `formats`: the folder of an
    organisation's own formats. '' and 0 stand for nothing set.
    `problems` are lines for the user, `there` says whether there is such a file."""

    file: str = ""
    there: bool = False
    keys: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - never changed
    theme: str = ""
    ambiguous: int = 0
    language: str = ""
    formats: str = ""
    problems: tuple[str, ...] = ()


NOTHING_SET = Settings()


def load_settings(file: str = "") -> Settings:
    """The settings in a file (the user's own where none is named). It never raises."""
    named = bool(file or os.environ.get("JUESUAN_CONFIG"))
    file = file or config_file()
    if not named and not os.path.lexists(file):
        return _from_environment(Settings(file))
    from tomllib import TOMLDecodeError, loads

    from .toml.faults import explain_fault

    try:
        text = read_text(file).text
    except StorageError as error:
        return _from_environment(Settings(file, problems=(_told(file, error.line, error.message),)))
    try:
        data = loads(text)
    except (TOMLDecodeError, RecursionError, ValueError) as error:
        fault = explain_fault(text, str(error))
        return _from_environment(Settings(file, True, problems=(_told(file, fault.line, fault.message),)))
    return _from_environment(_read(file, text, data))


def language_set(file: str = "") -> str:
    """The language that the settings name, '' for none; for who needs nothing else of them."""
    language = _alone(file or config_file(), "language")
    return language if language in i18n.LANGUAGES else ""


def formats_set(file: str = "") -> str:
    """The folder of formats that the settings name, '' for none or none that is there."""
    file = file or config_file()
    folder = _formats_folder(file, _alone(file, "formats_dir"))
    return folder if os.path.isdir(folder) else ""


def _alone(file: str, name: str) -> Any:
    """One setting, '' where it can't be had."""
    if not os.path.lexists(file):
        return ""
    from tomllib import TOMLDecodeError, loads

    try:
        return loads(read_text(file).text).get(name, "")
    except (StorageError, TOMLDecodeError, RecursionError, ValueError):
        return ""


def _formats_folder(file: str, given: Any) -> str:
    """The folder that formats_dir means, relative to the file with the settings."""
    if not given or not isinstance(given, str) or "\0" in given:
        return ""
    return os.path.join(os.path.dirname(os.path.abspath(file)), os.path.expanduser(given))


def ambiguous_of(text: str) -> int | None:
    """The columns that a text names: 1, 2, 0 for 'auto' or nothing; None for anything else."""
    return {"": 0, "auto": 0, "0": 0, "1": 1, "2": 2}.get(text.strip().lower())


def _from_environment(settings: Settings) -> Settings:
    theme = os.environ.get(THEME, "")
    if theme in THEMES:
        settings = settings._replace(theme=theme)
    elif theme:
        problem = _("{name} is one of {known}, not “{text}”").format(
            name=THEME, known=", ".join(THEMES), text=theme[:40])
        settings = settings._replace(problems=(*settings.problems, problem))
    text = os.environ.get(AMBIGUOUS, "")
    columns = ambiguous_of(text)
    if columns is None:
        problem = _("{name} is 1, 2 or auto, not “{text}”").format(name=AMBIGUOUS, text=text[:40])
        return settings._replace(problems=(*settings.problems, problem))
    return settings._replace(ambiguous=columns) if text else settings


def _read(file: str, text: str, data: dict[str, Any]) -> Settings:
    from .toml.positions import index_lines

    lines = index_lines(text)
    problems: list[tuple[int, str]] = []

    def wrong(path: tuple[str, ...], message: str) -> None:
        problems.append((lines.line_of(path) or 0, message))

    keys = _keys(data.get("keys", {}), wrong)
    theme = data.get("theme", "")
    if theme and theme not in THEMES:
        wrong(("theme",), _("theme is one of {known}, not “{text}”").format(known=", ".join(THEMES), text=theme))
        theme = ""
    ambiguous = ambiguous_of(str(data.get("ambiguous_width", "")))
    if ambiguous is None or isinstance(data.get("ambiguous_width"), (bool, float)):
        wrong(("ambiguous_width",), _('ambiguous_width is 1, 2 or "auto"'))
        ambiguous = 0
    language = data.get("language", "")
    if language and language not in i18n.LANGUAGES:
        wrong(("language",), _("language is one of {known}, not “{text}”").format(
            known=", ".join(i18n.LANGUAGES), text=language))
        language = ""
    formats = data.get("formats_dir", "")
    if formats and not os.path.isdir(_formats_folder(file, formats)):
        wrong(("formats_dir",), _("formats_dir is a folder with formats, and “{text}” is none").format(text=formats))
        formats = ""
    for name in data.keys() - set(KNOWN):
        wrong((name,), _("there is no setting “{name}”; there are: {known}").format(
            name=name, known=", ".join(KNOWN)))
    told = tuple(_told(file, line or None, message) for line, message in sorted(problems))
    return Settings(file, True, keys, theme, ambiguous, language, _formats_folder(file, formats), told)


def _keys(given: Any, wrong: Any) -> dict[str, tuple[str, ...]]:
    """The keys of [keys], as far as they can be had; `wrong` is told what can't."""
    from .views.commands import SCREENS, default_commands
    from .views.keys import Wish, arrange, parse_key

    if not isinstance(given, dict):
        wrong(("keys",), _("[keys] is a table: a command, =, a key or a list of keys"))
        return {}
    defaults = {screen: {command.id: command.keys for command in default_commands(screen)} for screen in SCREENS}
    screens = {id: screen for screen, own in defaults.items() for id in own}
    wishes, places = [], {}
    for path, value in _flat(given):
        id = ".".join(path)
        places[id] = ("keys", *path)
        if id not in screens:
            wrong(places[id], _("there is no command “{id}”: juesuan doctor lists them").format(id=id))
            continue
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            wrong(places[id], _("“{id}” takes a key or a list of keys, each in quotation marks").format(id=id))
            continue
        known = []
        for key in keys:
            try:
                known.append(parse_key(key))
            except ValueError as error:
                wrong(places[id], str(error))
        if known or not keys:
            wishes.append(Wish(id, screens[id], tuple(dict.fromkeys(known))))
    arranged, told = arrange(defaults, wishes)
    for id, message in told:
        wrong(places.get(id, ("keys",)), message)
    return arranged


def _flat(table: dict[str, Any], before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """The entries of a table and of those inside it: `reading.search = …` may be written without quotation marks."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in table.items():
        found += _flat(value, (*before, key)) if isinstance(value, dict) else [((*before, key), value)]
    return found


def _told(file: str, line: int | None, message: str) -> str:
    from .source import located

    return located(file, line, message)
