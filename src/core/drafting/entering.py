"""Entering: what an edit of the accountant means, checked, and put into the text of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import AmountError, normalise_digits, own_unit, parse_number
from ..i18n import _
from ..report import Report
from ..review import CARRIED
from ..source import ADDRESSED, Cell, Path, Source, check_line, check_text, is_derived, parse_address, parse_cell
from ..taxonomy import NUMBERS, Table, Taxonomy
from ..toml.editing import SourceText
from ..toml.values import Digits
from . import acknowledging, referring

PLAIN = ("cell", "official", "prior", "reason", "prose", "acknowledge", "confirm", "none")
"""Edits of one value each, which leave every other one where it is."""

RECORDS = ("insert", "remove", "move")

_PARTS = {"reason": "reasons", "prior": "prior", "official": "official"}


class Edit(NamedTuple):
    """One edit. `key` is what it is about; `value` is what the user gave (None empties).

    'cell', 'official', 'prior', 'reason': key is a cell (table, row, column).
    'prose': key is (id,). 'department': key is (). 'account', 'term': key is (code,) or (term,): the name of
    an account of the unit's own, the text that explains a term.
    'insert', 'remove', 'move': key is (table, owner row or '', index); the value of an insert is
    a mapping of columns or None, that of a move the new index.
    'acknowledge': key is a finding's (code, place, what was judged), value the reason.
    'none': key is (table, owner row or ''): there is nothing in it (value True; None takes that back). In a
    table of fixed lines, nothing but what is entered.
    'confirm': what was taken over from last year is looked over; key is (its key in [review] carried,).
    """

    kind: str
    key: tuple[Any, ...]
    value: Any = None


class Refused(ValueError):
    """The edit can't be done; the message says why and what is expected."""


# ── what is asked for ──


def normalised(report: Report, edit: Edit) -> Edit:
    """The edit with its value as it will be written. Raises Refused."""
    kind, key, value = edit
    try:
        if kind == "prose" and key[0] in report.format.prose:
            return edit._replace(value=check_text(value or "") or None)
        if kind in ("department", "account"):
            return edit._replace(value=check_line(value or "") or None)
        if kind == "term":
            return edit._replace(value=check_text(value or "") or None)
        if kind == "acknowledge":
            return _acknowledgement(report, edit)
        if kind == "confirm" and key[0] in report.source.carried:
            return edit
        if kind == "none":
            return _nothing(report, edit)
        if kind in _PARTS or kind == "cell":
            cell = parse_address(".".join(key), report.taxonomy)
            if kind == "reason":
                return edit._replace(value=check_text(value or "") or None)
            return edit._replace(value=_figure(report, kind, cell, value))
        if kind in RECORDS and report.taxonomy.tables[key[0]].axis == "records":
            return _record(report, edit)
    except Refused:
        raise
    except AmountError as error:
        raise Refused(str(error)) from None
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused(_("There is no such place: {place}").format(place=error)) from None
    raise Refused(_("There is no such place: {place}").format(place=f"{kind} {key}"))


def _nothing(report: Report, edit: Edit) -> Edit:
    table = report.taxonomy.tables[edit.key[0]]
    rows = report.values.selected(table.id, "own", edit.key[1]) if table.owner else report.source.rows[table.id]
    held = report.filled[table.id] if table.accounts else () if table.lines else rows
    if edit.value and (held or bool(table.owner) != bool(edit.key[1])):
        raise Refused(_("“{table}” holds entries: delete them first, then say that there is none").format(
            table=table.title))
    return edit


def _acknowledgement(report: Report, edit: Edit) -> Edit:
    reason = check_line(edit.value or "") or None
    code, place, judged = edit.key
    if reason is not None and not acknowledging.is_open(report, (code, place, tuple(judged))):
        raise Refused(_("An error can't be acknowledged: it must be corrected."))
    return edit._replace(value=reason)


def _figure(report: Report, kind: str, cell: Cell, value: Any) -> Any:
    table = report.taxonomy.tables[cell[0]]
    column = table.columns[cell[2]]
    derived = is_derived(table, cell[1], cell[2])
    if kind == "cell" and derived:
        raise Refused(_("“{label}” is computed and is not entered").format(label=report.label(cell)))
    if kind == "official" and not derived:
        raise Refused(_("“{label}” is entered: correct the entry itself").format(label=report.label(cell)))
    if kind == "prior" and column.kind not in NUMBERS:
        raise Refused(_("“{cell}” is no figure").format(cell=report.label(cell)))
    return _value(report, table, cell[2], value)


def _value(report: Report, table: Table, name: str, value: Any) -> Any:
    """What is written for a column: digits as they were given, a text, a flag; None for nothing."""
    column = table.columns[name]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        entry = parse_cell(column, value, report.source.unit)
    except AmountError as error:
        raise Refused(f"{column.label}：{error}") from None
    if column.kind in NUMBERS:
        digits, unit = own_unit(value, report.source.unit) if column.kind == "amount" else (value, "")
        digits = normalise_digits(digits) if isinstance(digits, str) else digits
        if unit and unit != report.source.unit:
            return format(parse_number(digits), "f") + unit
        return Digits(format(parse_number(digits), "f"))
    return entry.value


def _record(report: Report, edit: Edit) -> Edit:
    table = report.taxonomy.tables[edit.key[0]]
    if edit.kind != "insert":
        return edit
    given = edit.value or {}
    record: dict[str, Any] = {}
    for column in table.entered:
        value = _value(report, table, column.id, given.get(column.id))
        if value is not None:
            record[column.id] = value
        elif column.kind in ("text", "choice") and not column.optional:
            record[column.id] = ""  # a line to fill in, for whoever reads the file
    for name in given:
        if name not in record and given[name]:
            raise Refused(_("There is no such place: {place}").format(place=name))
    return edit._replace(value=record)


def looked_over(source: Source, edits: Iterable[Edit]) -> list[Edit]:
    """The confirmations that go with edits: a text that was taken over and is written anew was looked over."""
    keys = {f"prose.{edit.key[0]}" for edit in edits if edit.kind == "prose"}
    return [Edit("confirm", (key,)) for key in source.carried if key in keys]


def taken_back(source: Source, edits: Iterable[Edit]) -> list[Edit]:
    """The statements that there is nothing which edits contradict: an account's figure, a new record."""
    found: dict[tuple[str, str], None] = {}
    for kind, key, value in edits if source.absent else ():
        if kind == "insert" or (kind == "cell" and value is not None and source.taxonomy.tables[key[0]].accounts):
            found[key[0], key[1] if kind == "insert" else ""] = None
    return [Edit("none", place) for place in found if place in source.absent]


# ── into the text ──

MANY = 50
"""From so many edits in a row on, they are written together."""


def write_all(report: Report, text: SourceText, edits: Iterable[Edit]) -> None:
    """Put edits into the text, one after the other; long runs of figures at once. Raises as `write` does."""
    run: list[Edit] = []

    def flush() -> None:
        if len(run) < MANY:
            for edit in run:
                write(report, text, edit)
        else:
            text.set_many([(path(report, text, edit), edit.value) for edit in run])
        run.clear()

    for edit in edits:
        if edit.kind in ("cell", "prior", "official") and edit.value is not None:
            run.append(edit)
        else:
            flush()
            write(report, text, edit)
    flush()


def write(report: Report, text: SourceText, edit: Edit) -> None:
    """Put an edit into the text. Raises EditError where the text has not the shape for it."""
    if edit.kind in RECORDS:
        _write_record(report, text, edit)
        return
    if edit.kind == "acknowledge":
        acknowledging.write(text, edit.key, edit.value)
        return
    if edit.kind == "confirm":
        carried = text.get(CARRIED) or []
        for at in reversed([at for at, key in enumerate(carried) if key == edit.key[0]]):
            text.remove_record(CARRIED, at)
        return
    place = path(report, text, edit)
    if edit.kind == "none":
        name, said = report.taxonomy.tables[edit.key[0]].key, text.get(place) or []
        if edit.value and name not in said:
            text.append(place, name)
        elif not edit.value and said == [name]:
            text.set(place, [])  # the line stays, with what is said behind it
        elif not edit.value:
            for at in reversed([at for at, own in enumerate(said) if own == name]):
                text.remove_record(place, at)
        return
    if edit.value is not None:
        text.set(place, edit.value)
    elif text.get(place) is not None:
        text.delete(place)


def path(report: Report, text: SourceText, edit: Edit) -> Path:
    """The key at which the text says what the edit is about, or would say it."""
    kind, key, _value = edit
    if kind == "prose":
        return ("prose", key[0])
    if kind == "department":
        return ("report", "department")
    if kind == "none":
        return report.source.none_key(report.taxonomy.tables[key[0]], key[1])
    if kind in ("account", "term"):
        return ("accounts" if kind == "account" else "glossary", key[0])
    cell: Cell = (key[0], key[1], key[2])
    if kind != "cell":
        return report.source.addressed_key(_PARTS[kind], cell)
    place = report.source.key(cell)
    if place[-1] != cell[2] and isinstance(text.get(place), dict):
        place += (cell[2],)  # the row of a table of one column, written as those of others are
    return place


def _write_record(report: Report, text: SourceText, edit: Edit) -> None:
    kind, (table_id, owner, index), value = edit
    table = report.taxonomy.tables[table_id]
    row = f"{owner}/{index + 1}" if owner else str(index + 1)
    base = report.source.row_path(table, row)[:-1]
    renumber: Callable[[int], int | None]
    if kind == "insert":
        renumber = lambda number: number + (number >= index)  # noqa: E731
    elif kind == "remove":
        renumber = lambda number: None if number == index else number - (number > index)  # noqa: E731
    else:
        renumber = lambda number: _moved(number, index, value)  # noqa: E731
    owned = f"{owner}/" if owner else ""
    referring.follow_records(report, text, below(report.taxonomy, table_id), owned, renumber)
    if kind == "insert":
        text.insert_record(base, index, value)
    elif kind == "remove":
        text.remove_record(base, index)
    else:
        text.move_record(base, index, value)
    _readdress(report.taxonomy, text, table, owned, renumber)


def _moved(number: int, old: int, new: int) -> int:
    if number == old:
        return new
    return number - (number > old) + (number - (number > old) >= new)


def _readdress(
    taxonomy: Taxonomy, text: SourceText, table: Table, owner: str, renumber: Callable[[int], int | None]
) -> None:
    """Let the addresses of records (in [official], [prior] and [reasons]) follow their records."""
    tables = below(taxonomy, table.id)
    moved: list[tuple[Path, Any]] = []
    for part in ADDRESSED:
        for place, cell, raw in _addresses(text, part, taxonomy):
            if cell[0] not in tables or not cell[1].startswith(owner):
                continue
            number, slash, rest = cell[1][len(owner):].partition("/")
            new = renumber(int(number) - 1)
            if new == int(number) - 1:
                continue
            text.delete(place)
            if new is not None:
                words = ".".join(place[1:]).split(".")
                words[1] = f"{owner}{new + 1}{slash}{rest}"
                moved.append(((part, ".".join(words)), raw))
    for place, raw in moved:
        text.set(place, raw)
    acknowledging.follow_records(taxonomy, text, tables, owner, renumber)


def _addresses(text: SourceText, part: str, taxonomy: Taxonomy) -> Iterator[tuple[Path, Cell, Any]]:
    pending: list[tuple[Path, Any]] = [((part,), text.get((part,)))]
    while pending:
        place, raw = pending.pop()
        if isinstance(raw, dict):
            pending += [(place + (key,), value) for key, value in raw.items()]
        elif len(place) > 1:
            try:
                yield place, parse_address(".".join(place[1:]), taxonomy), raw
            except ValueError:
                continue  # a problem of the file, told as such


# ── from the text, into the report ──


def entered(report: Report, text: SourceText, edits: tuple[Edit, ...]) -> list[tuple[str, Any, Any]]:
    """What the text says now about what the edits were about, for `Report.apply`."""
    found: list[tuple[str, Any, Any]] = []
    for edit in {(edit.kind, edit.key): edit for edit in edits}.values():
        if edit.kind == "acknowledge":
            found.append(("acknowledged", edit.key[:2], acknowledging.said(text, edit.key)))
            continue
        if edit.kind == "confirm":
            found.append(("carried", edit.key, True if edit.key[0] in (text.get(CARRIED) or []) else None))
            continue
        raw = plain(text.get(place := path(report, text, edit)))
        if edit.kind == "none":
            said = report.taxonomy.tables[edit.key[0]].key in (raw or [])
            found.append(("absent", edit.key, place if said else None))
            continue
        if edit.kind in ("prose", "reason"):
            raw = check_text(raw or "")
        found.append((edit.kind, edit.key, raw))
    return found


def forget_addresses(source: Source, edits: tuple[Edit, ...]) -> None:
    """What was emptied has no key of its own any more."""
    stores: dict[str, dict[Any, Any]] = {"reason": source.reasons, "prior": source.prior, "official": source.official}
    for kind, key, _value in edits:
        if kind in stores:
            if key in stores[kind]:
                source.addressed[_PARTS[kind], key] = source.addressed_key(_PARTS[kind], key)
            else:
                source.addressed.pop((_PARTS[kind], key), None)


def rows_agree(report: Report, text: SourceText, edits: tuple[Edit, ...]) -> bool:
    """Are the rows of accounts that the edits emptied gone from the text, too? A row that keeps a
    header or a comment is still there, and an entry can stand elsewhere than it would be put."""
    source = report.source
    for kind, key, _value in edits:
        table = report.taxonomy.tables[key[0]] if kind == "cell" else None
        if table is None:
            continue
        emptied = table.accounts and key[1] not in source.rows[table.id]
        if emptied and text.get((table.key, key[1])) is not None:
            return False
        if len(table.entered) == 1 and isinstance(text.get(source.key(key)), dict):
            return False
    return True


def plain(raw: Any) -> Any:
    """A value of the text as tomllib gives it to the source's reader."""
    if isinstance(raw, Digits):
        return Decimal(raw.text)
    if isinstance(raw, dict):
        return {key: plain(value) for key, value in raw.items()}
    return [plain(value) for value in raw] if isinstance(raw, list) else raw


def top(taxonomy: Taxonomy, edit: Edit) -> Table:
    """The table that stands at the root of the file, of the one that an edit is about."""
    table = taxonomy.tables[edit.key[0]]
    while table.owner:
        table = taxonomy.tables[table.owner]
    return table


def below(taxonomy: Taxonomy, table: str) -> set[str]:
    """A table and those that belong to its records."""
    found = {table}
    for other in taxonomy.tables.values():  # an owner stands before what it owns
        if other.owner in found:
            found.add(other.id)
    return found


def is_addressed(report: Report, table: str) -> bool:
    """Does the file speak of records of this table elsewhere, by their numbers?"""
    source, tables = report.source, below(report.taxonomy, table)
    return (any(cell[0] in tables for _part, cell in source.addressed) or acknowledging.speaks_of(source, tables)
            or referring.refers_to(report, tables))
