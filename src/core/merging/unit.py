"""One source, taken apart for a sum. This runs in worker processes: what it gives can be pickled."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any, NamedTuple

from ..amounts import ZERO, as_interval
from ..formats import Format
from ..i18n import _
from ..report import Report
from ..source import Cell, Source, located
from ..taxonomy import Table
from .last_year import prior_figures, prior_flows
from .records import in_records, records_of
from .stated import Figure, Flow, Key, Leaf
from .transfers import cells_of, reductions


class Tail(NamedTuple):
    """By how much an official figure exceeds the computed one (尾差), and half of what the last digits
    of the two leave open."""

    difference: Decimal
    half: Decimal
    computed: Decimal


class Job(NamedTuple):
    """A source to take apart. `alone`: it is the only one, so that its texts can be kept."""

    file: str
    catalogue: str = ""
    alone: bool = False


class Texts(NamedTuple):
    """What does not add up, of a source that is merged alone: texts, reasons, points, official figures,
    and what is still to be looked over."""

    prose: dict[str, str]
    reasons: dict[Cell, str]
    entries: dict[Cell, Any]
    official: dict[Cell, Figure]
    carried: tuple[str, ...]


class Refused(NamedTuple):
    """A file that is not part of the sum, and why."""

    file: str
    message: str


class Unit(NamedTuple):
    """What a source adds.

    `leaves`: the files that it is made of, `records` what each of them has, pickled. `prior`: last
    year's figures that are asked for and known, `unknown` the others. `prior_unsure`: there are transfers
    this year, and those of last year are not known. `texts`: of a source that is merged alone.
    `missing`: figures that are asked for and were not entered. `open`: the cells of fixed lines that are not
    known, `lacking` the tables of accounts and records of which it is not known what they hold, `empty` the
    tables of which there is nothing.
    """

    file: str
    format: str
    year: int
    unit: str
    department: str
    leaves: tuple[Leaf, ...]
    figures: dict[Cell, Figure]
    prior: dict[Cell, Figure]
    unknown: frozenset[Cell]
    transfers: dict[Key, Flow]
    prior_transfers: dict[Key, Flow]
    prior_unsure: bool
    tails: dict[Cell, Tail]
    accounts: dict[str, str]
    glossary: dict[str, str]
    records: tuple[bytes, ...]
    texts: Texts | None
    missing: tuple[str, ...]
    open: frozenset[Cell]
    lacking: frozenset[str]
    empty: frozenset[str]


def read_unit(job: Job) -> Unit | Refused:
    """Take a source apart, or say why it does not fit. A fault of ours refuses the one source."""
    from ..batch import internal_error

    try:
        return _read(job)
    except Exception as error:
        if os.environ.get("JUESUAN_DEBUG"):
            raise
        return Refused(job.file, internal_error(error))


def lost(job: Job) -> Refused:
    """The result of a job whose worker process was stopped."""
    return Refused(job.file, _("it was not read: a worker process was stopped, perhaps for want of memory"))


def _read(job: Job) -> Unit | Refused:
    from ..opening import build_report
    from ..reading import parse_source
    from ..source import SourceError
    from ..storage import StorageError, read_text

    try:
        stored = read_text(job.file)
        report = build_report(parse_source(stored, job.file), job.catalogue)
    except (SourceError, StorageError) as error:
        message = error.message
        if error.line:
            message = _("line {line}: {message}").format(line=error.line, message=message)
        return Refused(job.file, message)
    report.graph.tracks = False  # it is only read
    refusal = _refusal(report)
    if refusal:
        return Refused(job.file, refusal)
    source = report.source
    leaves = _leaves(source, stored.digest)
    flows, before = _flows(report), prior_flows(report)
    unsure = bool(flows) and not before and report.prior_report is None and source.merged is None
    prior, unknown = prior_figures(report)
    return Unit(
        job.file, source.format.id, source.year, source.unit, source.department, leaves,
        _figures(report, job.alone), prior, unknown, flows, before, unsure, _tails(report), _accounts(report),
        dict(source.glossary), tuple(records_of(report, leaves, job.alone)), _texts(report) if job.alone else None,
        tuple(_missing(report)), *_unknown(report))


def _refusal(report: Report) -> str:
    """Why the source can't be part of a sum: its faults and errors."""
    from ..checks import errors

    found = errors(report)
    if not found:
        return ""
    first = located(found[0].code, report.source.line(found[0].path), found[0].message)
    return _("{count} errors, the first: {error}").format(count=len(found), error=first)


def _leaves(source: Source, digest: str) -> tuple[Leaf, ...]:
    """The files that this source is made of, with absolute names: itself, or those that it was merged from."""
    here = os.path.dirname(os.path.abspath(source.path))
    counts = {table.key: len(source.rows[table.id]) for table in source.taxonomy.tables.values()
              if table.axis == "records" and not table.owner}
    if source.merged is None or not source.merged.leaves:
        return (Leaf(os.path.abspath(source.path), source.department, digest, tuple(counts.items())),)
    leaves = [leaf._replace(file=os.path.normpath(os.path.join(here, leaf.file))) for leaf in source.merged.leaves]
    for key, count in counts.items():
        if sum(dict(leaf.records).get(key, 0) for leaf in leaves) != count:
            # Somebody added or deleted records since: whose they are is no longer known.
            leaves = [leaf._replace(records=(*((own, had) for own, had in leaf.records if own != key),
                                             (key, 0 if number else count)))
                      for number, leaf in enumerate(leaves)]
    return tuple(leaves)


def _figures(report: Report, alone: bool) -> dict[Cell, Figure]:
    """What is entered and adds up, with what was eliminated before."""
    source, tables = report.source, report.taxonomy.tables
    found = {cell: (entry.value, entry.half) for cell, entry in source.entries.items()
             if not in_records(tables[cell[0]]) and tables[cell[0]].adds(cell[1], cell[2])}
    if source.merged is not None:
        for cell, amount in reductions(report.taxonomy, source.merged.transfers):
            value, half = found.get(cell, (ZERO, source.merged.rounding.get(cell, ZERO)))
            found[cell] = (value + amount, half)
    if alone:
        found |= {cell: (entry.value, ZERO) for cell, entry in source.entries.items()
                  if cell not in found and not in_records(tables[cell[0]]) and isinstance(entry.value, Decimal)}
    return found


def _flow(stated: Flow | None, income: Decimal, expenditure: Decimal) -> Flow:
    largest = stated.largest if stated is not None else income + expenditure
    return Flow(income, expenditure, largest)


def _flows(report: Report) -> dict[Key, Flow]:
    """This year's transfers before elimination."""
    merged, found = report.source.merged, {}
    stated = merged.transfers if merged is not None else {}
    figures = _figures(report, False)
    for transfer in report.taxonomy.transfers:
        tables = {transfer.income[0], transfer.expenditure[0]}
        for account in {cell[1] for cell in figures if cell[0] in tables}:
            income, expenditure = (figures.get(cell, (ZERO, ZERO))[0] for cell in cells_of(transfer, account))
            if income or expenditure:
                found[transfer.id, account] = _flow(stated.get((transfer.id, account)), income, expenditure)
    return found


def _tails(report: Report) -> dict[Cell, Tail]:
    """Official figures of amounts and counts, as their distance from what is computed. Those over records
    are left to the department, which decides what it has of them."""
    found = {}
    for cell, entry in report.source.official.items():
        table = report.taxonomy.tables[cell[0]]
        if in_records(table) or not table.adds(cell[1], cell[2]) or _over_records(report, cell):
            continue
        computed = report.computed(cell)
        if computed is not None:
            bounds = as_interval(report.derived(table, cell, report.intervals))
            found[cell] = Tail(entry.value - computed, entry.half, bounds.half_width)
    return found


def _over_records(report: Report, cell: Cell) -> bool:
    """Is the cell computed from records, at whatever remove?"""
    tables, pending, seen = report.taxonomy.tables, [cell], {cell}
    while pending:
        table_id, row, column = pending.pop()
        formula = tables[table_id].formula(row, column)
        for ref in formula.refs if formula is not None else ():
            table = tables[ref.table]
            if in_records(table):
                return True
            for line in table.lines if ref.range or ref.row not in table.lines else (ref.row,):
                read = (table.id, line, column if ref.column == "*" else ref.column)
                if read[2] and read not in seen:
                    seen.add(read)
                    pending.append(read)
    return False


def _accounts(report: Report) -> dict[str, str]:
    """Names of accounts that the national catalogue does not give: the source's, and an own catalogue's."""
    from ..catalogue import load_catalogue

    found = dict(report.source.accounts)
    year = report.source.year
    for axis, own, national in (("functional", report.functional, load_catalogue("functional", year)),
                                ("economic", report.economic, load_catalogue("economic", year))):
        if own is national:
            continue
        for table in report.taxonomy.tables.values():
            for code in report.rows(table.id) if table.axis == axis else ():
                if code != "total" and code not in found and own.name(code) != national.name(code):
                    found[code] = own.name(code) or ""
    return {code: name for code, name in found.items() if name}


_FIXED: dict[str, tuple[Format, tuple[Any, ...]]] = {}


def _missing(report: Report) -> list[str]:
    """The figures that the format asks for and the unit has not entered."""
    from ..progress import MISSING, instances, state

    nodes = _FIXED.get(report.format.id)
    if nodes is None or nodes[0] is not report.format:  # they are the same for every source of the format
        nodes = _FIXED[report.format.id] = (report.format, instances(report, ("fixed",)))
    found = []
    for node in nodes[1]:
        kind, _section, *key = node[1:]
        if kind in ("cell", "table") and state(report, node[1:]) == MISSING:
            table = report.taxonomy.tables[key[0]]
            if kind == "table" or table.adds(key[1], key[2]):
                found.append(table.title if kind == "table" else report.label((key[0], key[1], key[2])))
    return found


def _unknown(report: Report) -> tuple[frozenset[Cell], frozenset[str], frozenset[str]]:
    """What the unit does not know (cells of fixed lines; other tables), and of what it has nothing."""
    tables = [table for table in report.taxonomy.tables.values() if not table.owner and table.entered]
    cells = ((table.id, line, column.id) for table in tables for line in table.lines for column in table.entered
             if table.formula(line, column.id) is None and table.adds(line, column.id))
    lacking = frozenset(table.id for table in tables if not table.lines and report.lacks(table.id))
    empty = frozenset(table.id for table in tables if table.id not in lacking and _is_empty(report, table))
    return frozenset(cell for cell in cells if report.value(cell) is None), lacking, empty


def _is_empty(report: Report, table: Table) -> bool:
    """Is nothing entered in a table?"""
    if table.accounts:
        return not report.filled[table.id]
    if table.lines:
        return (table.id, "") in report.source.absent and not any(cell[0] == table.id for cell in report.source.entries)
    return not report.source.rows[table.id]


def _texts(report: Report) -> Texts:
    source = report.source
    entries = {cell: entry.value for cell, entry in source.entries.items()
               if not in_records(report.taxonomy.tables[cell[0]]) and not isinstance(entry.value, Decimal)}
    official = {cell: (entry.value, entry.half) for cell, entry in source.official.items()
                if not in_records(report.taxonomy.tables[cell[0]])}
    return Texts(dict(source.prose), dict(source.reasons), entries, official, tuple(source.carried))
