"""The catalogue: the accounts of the government's revenue and expenditure classification.

Two classifications name the rows of a report: the functional one (类, 款, 项: 201, 20105,
2010550) and the economic one of department budgets (类, 款: 301, 30101). Both change with
the years, so a catalogue is always that of one year. The shipped files stand in
`taxonomies/classification`; an organisation adds accounts, or corrects names, with a file
of its own in the same columns.

This is read at every start of the program: the shipped files hold no quotes and need no
more than `str.split`, a line becomes an `Account` when it is asked for, and `csv` is imported
for an organisation's own file only.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Literal, NamedTuple

from . import pinyin
from .i18n import _

Kind = Literal["functional", "economic"]

_FOLDER: Final = os.path.join(os.path.dirname(__file__), "taxonomies", "classification")

# What a code of a kind looks like: its first digit, and its length at each level.
_KINDS: Final[tuple[Kind, ...]] = ("functional", "economic")
_FIRST_DIGIT: Final = {"functional": "2", "economic": "3"}
_LEVELS: Final = {"functional": (3, 5, 7), "economic": (3, 5)}

# How sure the catalogue is of a row, from surest to least sure (see the README of the files).
GRADES: Final = ("A", "B", "C")

# A department's own list has a few hundred lines; a file beyond this is not such a list.
_MAX_BYTES: Final = 4 * 1024 * 1024

# What a keyboard or an input method gives where the catalogue has another form.
_TYPED: Final = str.maketrans("()０１２３４５６７８９", "（）0123456789")

# The titles under which a column of an organisation's own file is known.
_TITLES: Final = {
    "code": "code",
    "科目编码": "code",
    "编码": "code",
    "name": "name",
    "科目名称": "name",
    "名称": "name",
    "since": "since",
    "启用年度": "since",
    "until": "until",
    "停用年度": "until",
    "grade": "grade",
    "可信度": "grade",
    "former": "former",
    "曾用名": "former",
}


class Account(NamedTuple):
    """An account in force in the year of its catalogue.

    `grade`: how sure its name is, A (seen in print) to C (from memory): a name that differs
    from one of grade C deserves a question, not a reproach. `former`: names that it had.
    """

    code: str
    name: str
    grade: str
    former: tuple[str, ...]


class Row(NamedTuple):
    """A line of a catalogue file. `since` and `until` are years, both included; None is open."""

    code: str
    name: str
    since: int | None = None
    until: int | None = None
    grade: str = "A"
    former: tuple[str, ...] = ()


class Problem(NamedTuple):
    """What is wrong with a line of a catalogue file. `line` 0 is the file as a whole."""

    line: int
    message: str


class CatalogueFile(NamedTuple):
    """An own file as read: its sound rows, and every problem of the others."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class Catalogue:
    """The accounts of one kind in one year, by code.

    `level`, `parent` and `ancestors` follow from the form of a code and hold for a code that
    is not in the catalogue as well: a report with an unknown account still has its subtotals.
    """

    def __init__(self, kind: Kind, year: int, lines: dict[str, str], own: dict[str, Account]) -> None:
        """`lines`: those of the shipped file in force, by code. `own`: what stands over them."""
        self.kind: Final = kind
        self.year: Final = year
        self.levels: Final = _LEVELS[kind]
        self._lines = lines
        self._accounts = own
        # The shipped file is sorted. A parent is the beginning of its children's codes, so
        # the order of strings is the order of the book.
        self._codes = tuple(sorted({*lines, *own})) if own else tuple(lines)
        self._children: dict[str | None, tuple[str, ...]] | None = None

    def __contains__(self, code: object) -> bool:
        return code in self._lines or code in self._accounts

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def get(self, code: str) -> Account | None:
        account = self._accounts.get(code)
        if account is None and code in self._lines:
            _code, name, _since, _until, grade, former = self._lines[code].split(",")
            account = Account(code, name, grade, tuple(former.split("|")) if former else ())
            self._accounts[code] = account
        return account

    def name(self, code: str) -> str | None:
        account = self.get(code)
        return account.name if account is not None else None

    def codes(self) -> tuple[str, ...]:
        """All codes in order: a parent before its children, 其他 (99) last."""
        return self._codes

    def children(self, code: str | None = None) -> tuple[str, ...]:
        """The codes one level below `code`; without it, the classes (类)."""
        if self._children is None:
            found: dict[str | None, list[str]] = {}
            for each in self._codes:
                found.setdefault(self.parent(each), []).append(each)
            self._children = {parent: tuple(codes) for parent, codes in found.items()}
        return self._children.get(code, ())

    def level(self, code: str) -> int:
        """1 is a class (类), 2 a section (款), 3 an item (项); 0 is no code of this kind."""
        return self.levels.index(len(code)) + 1 if is_code(self.kind, code) else 0

    def parent(self, code: str) -> str | None:
        """The code one level above; None above a class, and for what is no code of this kind."""
        return code[:-2] if self.level(code) > 1 else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, from the class down."""
        return tuple(code[:length] for length in self.levels[: max(self.level(code) - 1, 0)])


def is_code(kind: Kind, code: str) -> bool:
    """Whether `code` has the form of a code of this kind; it need not be in any catalogue."""
    return len(code) in _LEVELS[kind] and code.isascii() and code.isdigit() and code[0] == _FIRST_DIGIT[kind]


def load_catalogue(kind: Kind, year: int, extra: Iterable[Row] = ()) -> Catalogue:
    """The catalogue of `year`: the shipped one, and over it the organisation's own rows.

    `extra` may hold rows of both kinds and of all years; those of this kind and year count.
    Where a code comes twice, the later row wins.
    """
    own = {
        row.code: Account(row.code, row.name, row.grade, row.former)
        for row in extra
        if is_code(kind, row.code)
        and (row.since is None or row.since <= year)
        and (row.until is None or year <= row.until)
    }
    if not own:
        return _shipped(kind, year)
    return Catalogue(kind, year, _lines_in_force(kind, year), own)


def years_of(code: str) -> list[Row]:
    """In which years the shipped catalogue has an account, and under which name; [] for one of no year."""
    kinds = [kind for kind in _KINDS if is_code(kind, code)]
    found = []
    for line in _shipped_lines(kinds[0]) if kinds else ():
        if line.startswith(code + ","):
            _code, name, since, until, grade, former = line.split(",")
            found.append(Row(code, name, int(since) if since else None, int(until) if until else None, grade,
                             tuple(former.split("|")) if former else ()))
    return found


def listed_name(code: str, year: int) -> str:
    """The name of an account in the shipped catalogue of `year`, '' where it is not in force then."""
    kinds = [kind for kind in _KINDS if is_code(kind, code)]
    return (load_catalogue(kinds[0], year).name(code) or "") if kinds else ""


def search(catalogue: Catalogue, text: str, limit: int = 20) -> list[Account]:
    """The accounts that `text` may mean, best first.

    Digits are the beginning of a code, other words a part of the name; several words, as in
    "21015 运行", must all fit. A name that is or begins with the word comes before one that
    only holds it, then come former names; the order of the codes decides the rest. Latin letters
    are pinyin initials: xzyx means 行政运行.
    """
    words = text.translate(_TYPED).split()
    if not words:
        return []
    prefixes = [word for word in words if word.isascii() and word.isdigit()]
    parts = [word for word in words if word not in prefixes]
    ranked: list[tuple[int, Account]] = []
    for account in _under(catalogue, max(prefixes, key=len, default="")):
        if not all(account.code.startswith(prefix) for prefix in prefixes):
            continue
        total = 0
        for part in parts:
            rank = _rank(account, part)
            if rank is None:
                break
            total += rank
        else:
            ranked.append((total, account))
    # A stable sort: equal ranks stay in the order of the codes.
    ranked.sort(key=lambda pair: pair[0])
    return [pair[1] for pair in ranked[: max(limit, 0)]]


def read_catalogue_file(source: str | bytes | os.PathLike[str]) -> CatalogueFile:
    """Read an organisation's own file: CSV in UTF-8 or GB18030, with a row of titles.

    A `str` is the text itself and `bytes` the undecoded text; a path is a `Path`. Only the
    columns code and name are needed, and columns with other titles are left alone. A row of
    which nothing is wrong is returned even when others have problems.
    """
    if isinstance(source, os.PathLike):
        from .disk import StorageError, read_bytes

        try:
            source = read_bytes(os.fspath(source))
        except StorageError as error:
            return _refused(0, error.message)
    if len(source) > _MAX_BYTES:
        limit = _MAX_BYTES // (1024 * 1024)
        return _refused(0, _("the file is larger than {limit} MB").format(limit=limit))
    if isinstance(source, bytes):
        text = _decode(source)
        if text is None:
            return _refused(0, _("the file is neither UTF-8 nor GB18030 text"))
        source = text
    return _read_rows(source.removeprefix("\ufeff"))


@cache
def _shipped(kind: Kind, year: int) -> Catalogue:
    return Catalogue(kind, year, _lines_in_force(kind, year), {})


@cache
def _lines_in_force(kind: Kind, year: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _shipped_lines(kind):
        code = line[: line.index(",")]
        # Nine rows of ten have no years: ",,," is quicker seen than split.
        if ",,," not in line:
            _code, _name, since, until, _rest = line.split(",", 4)
            if (since and int(since) > year) or (until and int(until) < year):
                continue
        found[code] = line
    return found


@cache
def _shipped_lines(kind: Kind) -> list[str]:
    with open(os.path.join(_FOLDER, kind + ".csv"), encoding="utf-8") as file:
        return file.read().splitlines()[1:]


def _under(catalogue: Catalogue, prefix: str) -> Iterator[Account]:
    """The accounts whose code begins with `prefix`, in order."""
    codes = catalogue.codes()
    for index in range(bisect_left(codes, prefix), len(codes)):
        if not codes[index].startswith(prefix):
            return
        account = catalogue.get(codes[index])
        assert account is not None
        yield account


def _rank(account: Account, part: str) -> int | None:
    """How well `part` fits the names of the account, 0 the best; None when it does not."""
    if account.name == part:
        return 0
    if account.name.startswith(part):
        return 1
    if part in account.name:
        return 2
    if any(part in name for name in account.former):
        return 3
    return pinyin.rank(account.name, part) if part.isascii() else None


def _decode(data: bytes) -> str | None:
    # Chinese text in UTF-8 is often valid GB18030 as well, and hardly ever the reverse.
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refused(line: int, message: str) -> CatalogueFile:
    return CatalogueFile((), (Problem(line, message),))


def _read_rows(text: str) -> CatalogueFile:
    import csv
    import io

    rows: list[Row] = []
    problems: list[Problem] = []
    spans: dict[str, list[_Span]] = {}
    columns: dict[str, int] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                if columns is None:
                    columns, messages = _read_titles(cells)
                    if messages:
                        return CatalogueFile((), tuple(Problem(line, each) for each in messages))
                else:
                    row, messages = _read_row(cells, columns, line, spans)
                    if not messages:
                        rows.append(row)
                    problems += [Problem(line, each) for each in messages]
            # A quoted cell may hold line breaks: a row begins where the one before ended.
            line = reader.line_num + 1
    except csv.Error:
        # What follows an open quote cannot be told apart any more.
        message = _("the quotes on this line do not match; from here on nothing was read")
        problems.append(Problem(line, message))
    if columns is None and not problems:
        message = _("the file is empty: it needs a row with the titles code and name")
        problems.append(Problem(0, message))
    return CatalogueFile(tuple(rows), tuple(problems))


def _read_titles(cells: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, and what is wrong with the row of titles."""
    columns: dict[str, int] = {}
    problems: list[str] = []
    for index, cell in enumerate(cells):
        column = _TITLES.get(cell.lower())
        if column in columns:
            problems.append(_("two columns have the title {title}").format(title=column))
        elif column:
            columns[column] = index
    for column in ("code", "name"):
        if column not in columns:
            message = _("the first row must hold the titles of the columns; {title} is missing")
            problems.append(message.format(title=column))
    return columns, problems


def _read_row(
    cells: list[str], columns: dict[str, int], line: int, spans: dict[str, list[_Span]]
) -> tuple[Row, list[str]]:
    """The row of a line and what is wrong with it. `spans`: the years that a code has so far."""
    values = {column: cells[index] if index < len(cells) else "" for column, index in columns.items()}
    code, name = values["code"], values["name"]
    problems: list[str] = []
    code_holds = any(is_code(kind, code) for kind in _KINDS)
    if not code_holds:
        message = _(
            "{code} is not a code: expected 3, 5 or 7 digits that begin with 2 (functional)"
            " or 3 or 5 digits that begin with 3 (economic)"
        )
        problems.append(message.format(code=_shown(code)))
    if not name:
        problems.append(_("the name is empty"))
    former = tuple(part.strip() for part in values.get("former", "").split("|") if part.strip())
    for each in (name, *former):
        if not each.isprintable():
            # A control character could steer a terminal; an odd space hides in a comparison.
            message = _("the name {name} holds a character that does not show")
            problems.append(message.format(name=_shown(each)))
    since, since_problem = _read_year("since", values)
    until, until_problem = _read_year("until", values)
    year_problems = since_problem + until_problem
    if since is not None and until is not None and until < since:
        message = _("until {until} is before since {since}")
        year_problems.append(message.format(until=until, since=since))
    problems += year_problems
    if code_holds and not year_problems:
        earlier = spans.setdefault(code, [])
        for span in earlier:
            if span.meets(since, until):
                message = _("{code} is on line {line} already, for the same year")
                problems.append(message.format(code=code, line=span.line))
                break
        earlier.append(_Span(line, since, until))
    # The organisation knows its own accounts: without a grade, a row is as sure as print.
    grade = values.get("grade", "").upper() or "A"
    if grade not in GRADES:
        problems.append(_("the grade is {value}: expected A, B or C").format(value=_shown(grade)))
    return Row(code, name, since, until, grade, former), problems


def _read_year(column: str, values: dict[str, str]) -> tuple[int | None, list[str]]:
    value = values.get(column, "")
    if not value:
        return None, []
    if len(value) == 4 and value.isascii() and value.isdigit() and "1949" <= value <= "2100":
        return int(value), []
    message = _("{title} is {value}: expected a year with four digits, or nothing")
    return None, [message.format(title=column, value=_shown(value))]


class _Span(NamedTuple):
    """The years of a code that a line of an own file covers."""

    line: int
    since: int | None
    until: int | None

    def meets(self, since: int | None, until: int | None) -> bool:
        """Whether there is a year that both cover."""
        return (self.until is None or since is None or since <= self.until) and (
            until is None or self.since is None or self.since <= until
        )


def _shown(text: str) -> str:
    """What was found, harmless and short enough for a message."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
