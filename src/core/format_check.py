"""Looking through a format under work: everything that is wrong with it at once, with file and line.

The keys that a format may have are those that its reading asks for: what stands in a file and was
never asked for is unknown there. So nothing is listed twice, and a key at the wrong place is found.
"""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from .amounts import UNITS
from .catalogue import load_catalogue
from .format_reading import Loader
from .formats import Format
from .formula import Formula
from .i18n import _
from .progress import told
from .source import legible, located
from .taxonomy import TaxonomyError, compile_rule, read_data
from .text.width import printable

WORDING = ("change_up", "change_down", "change_same", "change_new", "change_amount_up", "change_amount_down")
"""The phrases that a report with changes in it needs."""

FURTHER_WORDING = ("change_none", "change_amount_same")

_RATED = ("change_up", "change_down", "change_same")
"""The phrases in which there is a rate: the others are said where there is nothing to divide by."""

_MOST_DECIMALS = 8

NUMBERS = {"unit": str, "decimals": int, "percent_decimals": int, "undefined": str,
           "table_thousands": bool, "narrative_thousands": bool, "table_trim": bool, "narrative_trim": bool,
           "percent_trim": bool, "percent_whole": bool, "table_unit": str, "rates": str}
"""The number style: what each key holds. The first three are needed."""

_UNIT = re.compile(r"单位[:：]\s*(万元|元)")

_TRUTHS = ("nonzero", "optional", "inline", "indent", "numbered", "listed", "page", "strong", "merge", "key", "exact",
           "blank")
_LISTS = ("years", "cover", "forms", "sections", "blocks", "panels", "rows", "foot", "notes", "grid", "catalogue",
          "rules")
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(_TRUTHS, (bool,)), **dict.fromkeys(_LISTS, (list,)), "level": (int,), "start": (int,),
    "columns": (list, int),
    "cells": (list, dict), "glossary": (list, bool), "numbers": (dict,), "wording": (dict,), "defaults": (dict,),
    "check": (str, list)}
"""What a key holds, wherever it stands; every other holds a text."""

_RULE_WORDS = {"place": "", "row": "", "left": "", "right": "", "difference": ""}
_SLOT_OF_WORDING = re.compile(r"\{(.*?)\}|[{}]")


class _Asked(dict[str, Any]):
    """A table of a file that remembers which of its keys were asked for."""

    def __init__(self, data: dict[str, Any], path: tuple[Any, ...]) -> None:
        super().__init__({key: _asked(value, (*path, key)) for key, value in data.items()})
        self.path = path
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def _asked(value: Any, path: tuple[Any, ...]) -> Any:
    if isinstance(value, dict):
        return value if path[-1] in ("cells", "numbers", "wording") else _Asked(value, path)
    if isinstance(value, list):
        return [_asked(member, (*path, number)) for number, member in enumerate(value)]
    return value


def check_format(folder: str, trial: bool = False) -> list[TaxonomyError]:
    """All faults of the format in a folder, by file and line. `trial`: where its files have none, reports are
    made with it, too (format_trial), which takes a second or two."""
    check = _Check(folder)
    faults = check.faults()
    if faults or not trial or check.format is None:
        return faults
    from .format_trial import failures

    return [TaxonomyError(os.path.join(folder, "sections.toml" if failure.path else "format.toml"), "",
                          failure.message, failure.path) for failure in failures(check.format)]


def fault_lines(faults: list[TaxonomyError]) -> list[str]:
    """Faults as they are told: file, line, place, what is wrong."""
    texts: dict[str, str] = {}
    lines = []
    for fault in faults:
        place = _("{place}: ").format(place=legible(fault.place)) if fault.place else ""
        lines.append(located(printable(os.path.normpath(fault.file)), _line(fault, texts), place + fault.message))
    return lines


def _line(fault: TaxonomyError, texts: dict[str, str]) -> int | None:
    from .toml.positions import index_lines

    if fault.line or not fault.path:
        return fault.line or None
    if fault.file not in texts:
        with open(fault.file, encoding="utf-8", newline="") as stream:
            texts[fault.file] = stream.read()
    return index_lines(texts[fault.file]).line_of(fault.path)


class _Check:
    """One look through a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files: dict[str, _Asked] = {}
        self.found: list[TaxonomyError] = []
        self.format: Format | None = None

    def read(self, file: str) -> dict[str, Any]:
        if file not in self.files:
            try:
                data = read_data(file)
            except TaxonomyError as error:
                raise _explained(file, error) from None
            self.files[file] = _Asked(data, ())
        return self.files[file]

    def wrong(self, file: str, path: tuple[Any, ...], message: str, place: str = "") -> None:
        self.found.append(TaxonomyError(os.path.join(self.folder, file), place, message, path))

    def faults(self) -> list[TaxonomyError]:
        try:
            loader = Loader(self.folder, self.read)
        except TaxonomyError as error:
            return [error]
        format = self.format = loader.format()
        self.head(loader.data)
        self.outline(loader)
        self.wording(loader, format)
        self.named(loader)
        self.rules(loader)
        broken = {(fault.file, fault.path) for fault in loader.faults}
        known = {key for data in self.files.values() for part in _tables(data) for key in part.asked}
        for file, data in self.files.items():
            self.keys(file, data, broken, known)
        # A value of the wrong kind is told as such: that it could not be read says no more.
        kinds = {(fault.file, fault.path[:len(fault.path) - 1]) for fault in self.found}
        vague = _("this is not written as a format is (docs/add-a-province.md)")
        header = _("“{key}” is missing").format(key="header")  # which another spelling of it tells already
        found = self.found + [fault for fault in loader.faults
                              if fault.message not in (vague, header) or (fault.file, fault.path) not in kinds]
        texts: dict[str, str] = {}
        order = ["format.toml", "forms.toml", "sections.toml", "glossary.toml", "rules.toml"]
        return sorted(found, key=lambda fault: (order.index(os.path.basename(fault.file)), _line(fault, texts) or 0))

    def head(self, data: dict[str, Any]) -> None:
        own = "/".join(os.path.abspath(self.folder).split(os.sep)[-2:])
        if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", own):
            self.wrong("format.toml", (), _("the folder is called {own}: province/kind is expected, in small letters, "
                                            "digits and -").format(own=legible(own)))
        elif data.get("id", own) != own:
            self.wrong("format.toml", ("id",), _("id is the folder's: {own}").format(own=own))
        years = data.get("years", [0, 0])
        if not isinstance(years, list) or [type(year) for year in years] != [int, int] or years[0] > years[1]:
            self.wrong("format.toml", ("years",), _("years is the first and the last: [2022, 2030]"))
        numbers = data.get("numbers", {})
        for key in numbers if isinstance(numbers, dict) else ():
            if key not in NUMBERS:
                self.unknown("format.toml", ("numbers", key), NUMBERS)
            else:
                self.kind("format.toml", ("numbers", key), numbers[key], (NUMBERS[key],))
        for key in list(NUMBERS)[:3]:
            if isinstance(numbers, dict) and key not in numbers:
                self.wrong("format.toml", ("numbers",), _("“{key}” is missing").format(key=key))
        for key in ("decimals", "percent_decimals"):
            count = numbers.get(key) if isinstance(numbers, dict) else None
            if type(count) is int and not 0 <= count <= _MOST_DECIMALS:
                self.wrong("format.toml", ("numbers", key), _("“{key}” is 0 to {most}").format(
                    key=key, most=_MOST_DECIMALS))
        for key in ("unit", "table_unit"):
            unit = numbers.get(key) if isinstance(numbers, dict) else None
            if isinstance(unit, str) and unit not in UNITS:
                self.wrong("format.toml", ("numbers", key), _("unit is 元 or 万元"))
        rates = numbers.get("rates") if isinstance(numbers, dict) else None
        if isinstance(rates, str) and rates not in ("exact", "printed"):
            self.wrong("format.toml", ("numbers", "rates"), _("rates is exact or printed"))
        self.units(numbers if isinstance(numbers, dict) else {})

    def units(self, numbers: dict[str, Any]) -> None:
        """What a form says of its unit is what its figures are printed in."""
        usual = numbers.get("table_unit") or numbers.get("unit")
        for number, form in enumerate(self.parts("forms")):
            said = _UNIT.search(str(form.get("right", "")))
            unit = form.get("unit") or usual
            if said is not None and unit in tuple(UNITS) and said[1] != unit:  # a list is in no dict
                message = _("the form says {said}, and its figures are printed in {unit}: unit = \"{said}\" or another "
                            "text")
                self.wrong("forms.toml", ("forms", number, "right"), message.format(said=said[1], unit=unit))

    def outline(self, loader: Loader) -> None:
        """What stands twice, forms that are printed nowhere, texts that nobody is asked for."""
        for name in ("sections", "forms"):
            seen: set[Any] = set()
            for number, part in enumerate(self.parts(name)):
                id = part.get("id")
                if isinstance(id, str) and id in seen:
                    self.wrong(name + ".toml", (name, number), _("“{id}” stands there twice").format(id=id), id)
                seen.add(id if isinstance(id, str) else None)
        placed, declared = set(), set()
        for block, path in self.blocks():
            placed.add(str(block.get("form")))
            prose = str(block.get("prose"))
            if prose in declared and "prose" in block:
                self.wrong("sections.toml", path, _("the text “{id}” is asked for twice").format(id=legible(prose)))
            declared.add(prose)
        for number, form in enumerate(self.parts("forms")):
            if form.get("id") and str(form["id"]) not in placed:
                self.wrong("forms.toml", ("forms", number), _("no block prints this form"), str(form["id"]))
        printed = {name for *_here, formula in loader.formulas for name in _texts(formula)}
        for block, path in self.blocks():
            if block.get("inline") is True and block.get("prose") not in printed and "prose" in block:
                self.wrong("sections.toml", path, _("no sentence prints the text “{id}”").format(
                    id=legible(str(block["prose"]))))

    def named(self, loader: Loader) -> None:
        """Texts that nobody is asked for, accounts that are in no catalogue of the format's years."""
        codes = list(loader.codes)
        for file, place, path, formula in loader.formulas:
            codes += [(file, place, path, *code) for code in _codes(formula)]
            for id in _texts(formula):
                if id not in loader.prose:
                    self.found.append(TaxonomyError(file, place, _("no block asks for the text “{id}”").format(
                        id=legible(id)), path))
        years = loader.data.get("years")
        if not isinstance(years, list) or len(years) != 2 or not all(type(year) is int for year in years):
            return
        missing: dict[tuple[str, str], bool] = {}
        for file, place, path, axis, code in codes:
            if (axis, code) not in missing:
                missing[axis, code] = not _in_catalogue(axis, code, years[0], years[1])
            if missing[axis, code]:
                message = _("no catalogue of these years has the account {code}").format(code=legible(code))
                self.found.append(TaxonomyError(file, place, message, path))

    def parts(self, name: str) -> list[dict[str, Any]]:
        file = self.files.get(os.path.join(self.folder, name + ".toml"))
        found = dict(file).get(name) if file is not None else None
        return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []

    def blocks(self) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
        """The blocks as they are written, and their keys (plain copies: to look is not to ask)."""
        pending = [block for section in self.parts("sections") for block in _inside(section)]
        while pending:
            block = pending.pop(0)
            yield dict(block), block.path
            pending += _inside(block)

    def wording(self, loader: Loader, format: Format | None) -> None:
        given = loader.data.get("wording", {})
        if not isinstance(given, dict):
            return
        for key in WORDING:
            if key not in given and format is not None and any(told(format, "change")):
                self.wrong("format.toml", ("wording",), _("“{key}” is missing").format(key=key))
        for key, text in given.items():
            if key not in (*WORDING, *FURTHER_WORDING):
                self.unknown("format.toml", ("wording", key), (*WORDING, *FURTHER_WORDING))
            elif self.kind("format.toml", ("wording", key), text, (str,)):
                for match in _SLOT_OF_WORDING.finditer(text):
                    if match[1] not in ("amount", "rate"):
                        message = _("{found} is neither {{amount}} nor {{rate}}")
                        self.wrong("format.toml", ("wording", key), message.format(found=legible(match[0])))
                    elif match[1] == "rate" and key not in _RATED:
                        self.wrong("format.toml", ("wording", key), _(
                            "there is no rate where last year's figure is not above zero, or where amounts alone are "
                            "told: {{rate}} stands in {known}").format(known=", ".join(_RATED)))

    def rules(self, loader: Loader) -> None:
        file = os.path.join(self.folder, "rules.toml")
        if not os.path.exists(file):
            return
        try:
            data = self.read(file)
            loader.file = file
            loader.legible(data)
            rules, defaults = data["rules"], data.get("defaults", {})
            codes = {rule.code for rule in loader.taxonomy.rules}
            for number, rule in enumerate(rules):
                here = ("rules", number)
                whole = _Asked({**defaults, **rule, "file": file}, here)
                try:
                    compiled = compile_rule(loader.taxonomy, whole)
                    for text in (compiled.message, compiled.english, compiled.hint, compiled.english_hint):
                        text.format(**_RULE_WORDS)
                    if compiled.code in codes:
                        self.wrong("rules.toml", here, _("“{id}” stands there twice").format(id=compiled.code))
                    codes.add(compiled.code)
                    rule.asked |= whole.asked
                except TaxonomyError as error:
                    rule.asked |= rule.keys()
                    self.wrong("rules.toml", here, error.message, error.place)
                except (KeyError, IndexError, ValueError):
                    self.wrong("rules.toml", here, _("the message may hold {names}").format(
                        names=", ".join(f"{{{name}}}" for name in _RULE_WORDS)), str(rule.get("code", "")))
            if isinstance(defaults, _Asked):
                defaults.asked |= defaults.keys()
        except TaxonomyError as error:
            self.found.append(error)
        except (KeyError, TypeError, AttributeError):
            self.wrong("rules.toml", ("rules",), _("[[{key}]] is a list of records").format(key="rules"))

    def keys(self, file: str, data: _Asked, broken: set[Any], known: set[str]) -> None:
        """Keys that nothing asks for, and values of another kind. Where the reading broke off, a
        key that is `known` elsewhere may only not have been reached."""
        name = os.path.basename(file)
        for part in _tables(data):
            off = any((file, part.path[:length]) in broken for length in range(1, len(part.path) + 1))
            for key, value in part.items():
                here = (*part.path, key)
                if key in part.asked:
                    self.kind(name, here, value, _KINDS.get(key, (str,)), key == "heading")
                elif not (off and key in known):
                    self.unknown(name, here, sorted(part.asked))

    def unknown(self, file: str, path: tuple[Any, ...], known: Any) -> None:
        from difflib import get_close_matches

        key = str(path[-1])
        close = get_close_matches(key[:60], list(known), 1)
        message = _("unknown key “{key}” here").format(key=legible(key))
        self.wrong(file, path, message + (_(", did you mean “{key}”?").format(key=close[0]) if close else ""))

    def kind(self, file: str, path: tuple[Any, ...], value: Any, kinds: tuple[type, ...], free: bool = False) -> bool:
        if free or type(value) in kinds or (isinstance(value, dict) and dict in kinds):
            return True
        words = {str: _("a text"), int: _("a whole number"), bool: _("true or false"), list: _("a list"),
                 dict: _("a table of keys")}
        self.wrong(file, path, _("“{key}” should be {kind}").format(
            key=legible(str(path[-1])), kind=_(" or ").join(words[kind] for kind in kinds)))
        return False


def _calls(formula: Formula, *names: str) -> Iterator[list[str]]:
    """The texts that stand as they are in calls of these functions of sentences."""
    for node in ast.walk(formula.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]


def _texts(formula: Formula) -> list[str]:
    """The accountant's texts that a formula prints."""
    return [name for names in _calls(formula, "prose") for name in names]


def _codes(formula: Formula) -> list[tuple[str, str]]:
    """The accounts that a formula names, each with its axis."""
    tables = formula.scope.tables
    found = [(str(tables[ref.table].axis), ref.row) for ref in formula.refs
             if ref.fixed and not ref.range and tables[ref.table].accounts and ref.row != "total"]
    for words in _calls(formula, "names", "itemized"):
        found += [(str(tables[formula.refs[0].table].axis), word) for word in words if word.isdigit()]
    return found


def _in_catalogue(axis: str, code: str, since: int, until: int) -> bool:
    """Is the account in a catalogue of these years? Items (项) may be an organisation's own: their 款 is."""
    kind: Any = axis
    return any(code[:5] in load_catalogue(kind, year) for year in range(since, min(until, since + 50) + 1))


def _tables(data: Any) -> Iterator[_Asked]:
    """The tables of a file, outer before inner."""
    if isinstance(data, _Asked):
        yield data
    if isinstance(data, (dict, list)):
        for member in data.values() if isinstance(data, dict) else data:
            yield from _tables(member)


def _inside(part: Any) -> list[Any]:
    found = dict(part).get("blocks", ())
    return [block for block in found if isinstance(block, _Asked)] if isinstance(found, list) else []


def _explained(file: str, error: TaxonomyError) -> TaxonomyError:
    """What is wrong with a file that can't be read, in the words that a source's faults are told in."""
    from .toml.faults import explain_fault

    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        message, line = explain_fault(text, str(fault))
        return TaxonomyError(file, "", message, line=line or 0)
    except (OSError, UnicodeDecodeError) as fault:
        from .disk import reason

        return TaxonomyError(file, "", reason(fault) if isinstance(fault, OSError) else _("the file is not UTF-8"))
    except (ValueError, RecursionError):
        return error  # said by read_data in its own words
    return error
