"""What holds of every report, whatever its source and its format are."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any
from xml.etree import ElementTree

from juesuan.core.amounts import UNITS, AmountError, round_half_up
from juesuan.core.checks import findings
from juesuan.core.comparing import compare, told
from juesuan.core.compose import compose
from juesuan.core.document import OPEN, Block, Cell, Document, Paragraph, Table
from juesuan.core.drafting.draft import Draft
from juesuan.core.drafting.entering import Edit, Refused
from juesuan.core.explain import as_text, explain
from juesuan.core.formula import UNDEFINED
from juesuan.core.memo import memo
from juesuan.core.opening import build_report
from juesuan.core.progress import progress
from juesuan.core.reading import parse_source
from juesuan.core.render import KINDS, export
from juesuan.core.report import Report
from juesuan.core.source import Source, SourceError, address, is_derived, is_row, parse_address
from juesuan.core.taxonomy import NUMBERS

from .campaign import require

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
                  "\U000e0000-\U000e007f]")
"""What moves a cursor, turns the order of reading or hides: it stands on no page. A newline may."""
HEAVY = ("docx", "xlsx")
AMOUNTS = ("", "0", "0.00", "1", "1.5", "12.34", "-3.2", "100000", "0.004", "1万元", "5元", "x", "1e5", 0, 7, None)
TEXTS = ("", "甲", "增加。", "{overview.total}", "{", "甲}", "{没有的表.甲}", "一\n二", "\x1b", "长" * 400, "≥",
         "=1+1", None)


def hold(report: Report, random: Random, kinds: int = 1) -> int:
    """Check, compose, write, explain; how many findings there are. `kinds`: how many of the heavy kinds are written."""
    document = compose(report)
    require(document == compose(report), "composed twice, the document differs")
    for block in document.blocks:
        printed(report, block)
    for kind in KINDS:
        if kind not in HEAVY:
            options = {"width": random.choice((0, 40, 80, 120)), "ambiguous": random.choice((1, 2)),
                       "page_lines": random.choice((0, 0, 40))} if kind == "text" else {}
            written(kind, export(kind, document, report, **options))
    for kind in random.sample(HEAVY, kinds):
        written(kind, export(kind, document, report))
    told, _worst = memo(report, "a.toml")
    inert("memo", "\n".join(told))
    cells = sorted({cell.address for table in tables(document) for row in table.rows for cell in row.cells
                    if cell.address})
    for place in random.sample(cells, min(len(cells), 12)):
        lines = as_text(report, explain(report, parse_address(place, report.taxonomy)))
        require(lines, f"nothing explains {place}")
        inert("explain", "\n".join(lines))
    done = progress(report)
    require(0 <= done.percent <= 100, f"progress is {done.percent} %")
    require((done.percent == 100) == (done.done == done.required), "progress of 100 % is that all is done")
    found = findings(report)
    require(compare(report, report).same, "a report is as it is")
    return len(found)


def differ(before: Report, after: Report) -> None:
    """Two reports can be compared, and what differs can be told."""
    if before.taxonomy.id != after.taxonomy.id:
        return
    found = compare(before, after)
    inert("diff", "\n".join(told.as_text(found, ("a", "b"))))
    inert("diff", "\n".join(told.as_markdown(found, ("a", "b"))))
    json.dumps(told.as_data(found, (before, after), ("a", "b")), allow_nan=False)


def inert(what: str, text: str) -> None:
    """No character acts on who reads it."""
    match = ACTS.search(text)
    require(match is None, f"{what} holds a character that acts: {match and hex(ord(match[0]))}")


def written(kind: str, data: bytes) -> None:
    """A file of the kind can be read, and holds nothing that acts."""
    if kind == "json":
        inert(kind, data.decode())
        json.loads(data, parse_constant=lambda name: require(False, f"json holds {name}"))
    elif kind not in HEAVY:
        inert(kind, data.decode().replace("\f", ""))
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    for element in ElementTree.fromstring(archive.read(name)).iter():
                        for text in (element.text or "", element.tail or "", *element.attrib.values()):
                            inert(kind, text.replace("\t", " ").replace("\r", " "))


def has_open(text: str) -> bool:
    """Does it say that something is still to be entered?"""
    return OPEN.search(text) is not None


def tables(document: Document) -> Iterator[Table]:
    return (block for block in document.blocks if isinstance(block, Table))


# ── figures ──


def printed(report: Report, block: Block) -> None:
    """What is unknown is printed as such; what is known is the figure that stands there."""
    if isinstance(block, Table):
        form = report.format.forms[block.id.partition(".")[0]]
        for row in block.rows:
            for cell in row.cells:
                if cell.address:
                    in_table(report, block, cell, form.blank)
    elif isinstance(block, Paragraph):
        for run in block.runs:
            if run.cell:
                place = parse_address(run.cell, report.taxonomy)
                if report.value(place) is None:
                    require(has_open(run.text), f"what is unknown is told as {run.text!r}: {run.cell}")


def in_table(report: Report, table: Table, cell: Cell, blank: bool) -> None:
    place = parse_address(cell.address, report.taxonomy)
    kind = report.taxonomy.tables[place[0]].columns[place[2]].kind
    if kind not in (*NUMBERS, "percent"):
        return
    value = report.value(place)
    if value is None:
        require(has_open(cell.text), f"what is unknown is printed as {cell.text!r}: {cell.address}")
    elif not cell.parts and not (blank and not cell.text):
        same(report, value, kind, cell.text, cell.address, table.unit)


def same(report: Report, value: Any, kind: str, text: str, place: str, unit: str = "") -> None:
    """A figure is printed as the value that it has, rounded."""
    if value is UNDEFINED:
        return
    try:
        figure = Decimal(text.replace(",", ""))
    except ArithmeticError:
        require(False, f"a figure is printed as {text!r}: {place}")
    if kind == "amount":
        scales = {UNITS[unit]} if unit else {report.scale, *UNITS.values()}
        require(any(figure == round_half_up(value / scale, report.decimals) for scale in scales),
                f"a figure is printed otherwise than it is: {place} {text!r}, {value}")
    elif kind == "percent":
        half = Decimal(1).scaleb(-report.format.numbers["percent_decimals"]) / 2
        require(abs(figure - value * 100) <= half + Decimal("1e-9"), f"a rate is printed otherwise: {place} {text!r}")
    else:
        require(figure == round_half_up(value, 4), f"a count is printed otherwise: {place} {text!r}, {value}")


# ── edits ──


def follow(report: Report, random: Random, count: int = 4) -> None:
    """After edits the report says what a fresh one of the same entries says."""
    report.watch()
    for _turn in range(count):
        edits = [each for each in (edit(report, random) for _one in range(random.choice((1, 1, 1, 3))))
                 if each.kind in APPLIED and (len(each.key) < 3 or there(report, each.key))]
        try:
            report.apply([("absent", each.key, () if each.value else None) if each.kind == "none" else tuple(each)
                          for each in edits])
        except (AmountError, ValueError):
            continue
    agree(report, twin(report), "applied")


def there(report: Report, cell: tuple[str, str, str]) -> bool:
    """Has the report such a row, or can it have it?"""
    table = report.taxonomy.tables[cell[0]]
    return cell[1] in report.rows(table.id) if not table.accounts else is_row(table, cell[1], report.taxonomy)


def draft(path: str, text: str, random: Random, count: int = 4) -> None:
    """A draft, after edits of its text, says what the text says; undone, it is what it was."""
    own = Draft(path, text)
    for _turn in range(count):
        before = own.text.text()
        try:
            own.run("改", [edit(own.report, random) for _one in range(random.choice((1, 1, 2)))])
        except Refused:
            require(own.text.text() == before, "a refused edit changes the text")
        if random.random() < 0.2:
            own.undo()
    agree(own.report, build_report(parse_source(own.text.text(), path)), "edited")
    while own.undo():
        pass
    require(own.text.text() == text, "undone, a draft is not what it was")
    try:
        agree(own.report, build_report(parse_source(text, path)), "undone")
    except SourceError:
        require(False, "undone, a draft is no source")


APPLIED = ("cell", "prior", "official", "reason", "prose", "none")


def edit(report: Report, random: Random) -> Edit:
    """Something that a user could do, or nearly."""
    taxonomy = report.taxonomy
    table = random.choice(list(taxonomy.tables.values()))
    rows = [*report.rows(table.id), *table.lines, "total", "1", "9"]
    rows += ["2010550", "201", "2299999"] if table.axis == "functional" else ["30101", "302"] * bool(table.accounts)
    cell = (table.id, random.choice(rows), random.choice(list(table.columns)))
    kind = random.choice((*APPLIED, "cell", "cell", "cell", "official", "insert", "remove", "move", "account", "term",
                          "department"))
    owner = random.choice((*report.rows(table.owner), "")) if table.owner else ""
    if kind in ("cell", "official", "prior"):
        known = taxonomy.tables[cell[0]].columns[cell[2]].kind in NUMBERS
        if kind == "official" and there(report, cell) and not is_derived(table, *cell[1:]):
            kind = "cell"
        return Edit(kind, cell, random.choice(AMOUNTS if known else TEXTS))
    if kind in ("insert", "remove", "move"):
        place = (table.id, owner, random.randrange(4))
        return Edit(kind, place, random.randrange(4) if kind == "move" else
                    {random.choice(list(table.columns)): random.choice(TEXTS)} if random.random() < 0.5 else None)
    if kind == "prose":
        return Edit(kind, (random.choice(list(report.format.prose) or [""]),), random.choice(TEXTS))
    keys: dict[str, Any] = {"none": (table.id, owner), "reason": cell, "department": (),
                            "account": (random.choice(("2010550", "201", "30101", "x")),), "term": ("甲",)}
    return Edit(kind, keys[kind], random.choice((True, None)) if kind == "none" else random.choice(TEXTS))


def twin(report: Report) -> Report:
    """A fresh report of the same entries."""
    source = report.source
    copied = Source(source.path, source.text, source.taxonomy, source.format)
    for name, value in vars(source).items():
        if isinstance(value, dict):
            value = {key: list(inner) if isinstance(inner, list) else inner for key, inner in value.items()}
        setattr(copied, name, list(value) if isinstance(value, list) else value)
    return Report(copied, report.prior_report)


def agree(followed: Report, fresh: Report, how: str) -> None:
    """Two reports say the same."""
    one, other = dict(followed.watched()), dict(fresh.watched())
    wrong = [node for node in {**one, **other} if one.get(node) != other.get(node)]
    require(not wrong, f"{how}, a report is not what its entries say: "
            + "; ".join(f"{_told(node)} {one.get(node)!r:.200}, not {other.get(node)!r:.200}" for node in wrong[:3]))
    require(compose(followed) == compose(fresh), f"{how}, a document is not what its entries say")
    require(progress(followed) == progress(fresh), f"{how}, the progress is not what its entries say")
    require(findings(followed) == findings(fresh), f"{how}, the findings are not what its entries say")


def _told(node: Any) -> str:
    return address(node) if not node[0].startswith(":") else repr(node)
