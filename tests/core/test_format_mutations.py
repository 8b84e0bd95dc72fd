"""Formats with one thing changed: `formats check` finds it, or reports can be made with it all the same."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from juesuan.core import format_check
from juesuan.core.format_check import check_format, fault_lines
from juesuan.core.format_trial import failures
from juesuan.core.formats import FOLDER, list_formats

from . import minimal

VALUES: tuple[Any, ...] = (
    0, -1, 5, 10**12, True, False, 1.5, [], {}, [[1]], {"x": "y"}, "", "x", "{", "}", "{}", "999", "total", "row",
    "expenditure.total.total", "expenditure.all", "units.all", "'—'", "{expenditure.all}", "a\u202eb", "a\nb")
FORMULAS = (
    "1 / 0", "expenditure.total.basic / income.total.total", "rate(expenditure.total.basic, income.total.total)",
    "prior(expenditure.total)", "money('x', '万元')", "department", "expenditure.total.total > 0", "row", "n", "1e300",
    "max(expenditure.total.basic, 0)", "expenditure.total.total + vehicles.total", "expenditure.all", "cn(name(row))",
    "projects['7'].name", "projects['1'].score / 0.01", "sum(expenditure.items.total) * 1e20 * 1e20", "prose('none')",
    "names(expenditure.items.total)", "joined(units.all.name)", "change(expenditure.total)", "-year", "not (1 > 2)",
    "itemized(basic_economic.all.amount, '')", "1 if year > 1 else 'x'", "closed(department)", "cn(year)")

_SLOT = re.compile(r"\{([^{}]*)\}")

Files = dict[str, dict[str, Any]]


def mutated(files: Files) -> Iterator[tuple[str, Files]]:
    """The files with one key left out, called otherwise, or holding something else; with one slot changed."""
    for name, data in files.items():
        for path in list(paths(data)):
            value = at(data, path)
            yield f"{name} {path} left out", changed(files, name, path)
            if isinstance(path[-1], str):
                yield f"{name} {path} renamed", changed(files, name, path, rename=path[-1] + "x")
            for other in VALUES:
                yield f"{name} {path} = {other!r}", changed(files, name, path, other)
            for formula in FORMULAS if isinstance(value, str) else ():
                yield f"{name} {path} = {formula!r}", changed(files, name, path, formula)
                for number, _slot in enumerate(_SLOT.findall(value)):
                    found = list(_SLOT.finditer(value))[number]
                    text = f"{value[:found.start(1)]}{formula}{value[found.end(1):]}"
                    yield f"{name} {path} = {text!r}", changed(files, name, path, text)


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from paths(value, (*path, key))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


ABSENT = object()


def changed(files: Files, name: str, path: tuple[Any, ...], value: Any = ABSENT, rename: str = "") -> Files:
    found = copy.deepcopy(files)
    inside = at(found[name], path[:-1])
    old = inside[path[-1]]
    if value is ABSENT:
        del inside[path[-1]]
        if rename:
            inside[rename] = old
    else:
        inside[path[-1]] = value
    return found


def read(folder: Path) -> Files:
    return {file.name: tomllib.loads(file.read_text("utf-8")) for file in folder.glob("*.toml")}


def survives(folder: Path, files: Files, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a format that passes fails over, '' where it fails over nothing. What is said is fit for a terminal."""
    monkeypatch.setattr(format_check, "read_data", lambda file: copy.deepcopy(files[Path(file).name]))
    check = format_check._Check(str(folder))
    faults = check.faults()
    for line in fault_lines(faults):
        assert line.isprintable(), line
        assert len(line) < 1000, line
    if faults:
        return ""
    assert check.format is not None
    return "; ".join(failure.message for failure in failures(check.format))


def test_changes_of_the_minimal_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = minimal.write(tmp_path)
    cases = list(mutated(read(folder)))
    assert len(cases) > 1500
    for what, files in cases[::101]:
        assert survives(folder, files, monkeypatch) == "", what


@pytest.mark.parametrize("id", list_formats(FOLDER))
def test_changes_of_ours(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of each: whether they are found; those that pass are too slow to try all."""
    folder = Path(FOLDER, id)
    files = read(folder)
    every = [(name, path) for name, data in files.items() for path in paths(data)]
    for number, (name, path) in enumerate(every[::211]):
        given = changed(files, name, path, VALUES[number % len(VALUES)])
        monkeypatch.setattr(format_check, "read_data", lambda file, given=given: copy.deepcopy(given[Path(file).name]))
        for line in fault_lines(check_format(str(folder))):
            assert line.isprintable(), line
