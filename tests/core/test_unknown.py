"""Unknown is not zero: nothing is printed that nobody entered, and what is known stays as it is."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from juesuan.core import i18n
from juesuan.core.compose import compose
from juesuan.core.document import OPEN, Chart, Document, Paragraph, Table, is_open
from juesuan.core.formats import list_formats, load_format
from juesuan.core.formula import UNDEFINED, owner_of
from juesuan.core.opening import build_report
from juesuan.core.progress import MISSING, mentions, needs, progress
from juesuan.core.reading import parse_source
from juesuan.core.render import KINDS, export
from juesuan.core.render.xlsx.book import sheets
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source
from juesuan.core.source import Source
from juesuan.core.taxonomy import NUMBERS

from ..test_exports import READERS

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
FORMATS = list_formats()
SLOW = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    i18n.use_language("zh_CN")
    yield
    i18n.use_language()


def bare(id: str) -> str:
    """A source of a format that holds nothing but its head."""
    return f'schema = 2\n[report]\nformat = "{id}"\nyear = 2024\ndepartment = "某局"\n'


def empty_sources(id: str) -> list[Report]:
    texts = (bare(id), new_source(load_format(id), "某局", 2024))
    return [build_report(parse_source(text)) for text in texts]


def facts_of(document: Document) -> Iterator[tuple[str, str]]:
    """What a document prints of facts: address and text."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from ((run.cell, run.text) for run in block.runs if run.cell)
        elif isinstance(block, Table):
            yield from ((cell.address, cell.text) for row in block.rows for cell in row.cells if cell.address)
        elif isinstance(block, Chart):
            yield from ((bar.address, bar.text) for bar in block.bars)


# ── an empty source ──


FIGURE = re.compile(r"\d\.\d|(?<![\d.])0(?:万?元|个|辆|台|套|批次|人次|人|分|%)|\d%")
ASSERTED = re.compile(r"没有(?!缴入|执行完毕)|无其他|无此|未发生|持平|比上年(?:增加|减少)|等级为“?[优良中差]|为空表")


@pytest.mark.parametrize("id", FORMATS)
def test_an_empty_source_prints_no_fact(id: str) -> None:
    for report in empty_sources(id):
        printed = list(facts_of(compose(report)))
        assert printed
        for address, text in printed:
            assert OPEN.search(text) or not re.search(r"\d", text), (address, text)


@pytest.mark.parametrize("id", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_source_exports_no_figure_and_no_assertion(kind: str, id: str) -> None:
    for report in empty_sources(id):
        document = compose(report)
        data = export(kind, document, report)
        text = READERS.get(kind, lambda data: data.decode("utf-8"))(data)
        assert "待填" in text or kind == "json"
        text = re.sub(r'(?m)^ *"(?:id|place)": .*$', "", text)
        assert [line for line in text.split("\n") if FIGURE.search(line)] == []
        assert [line for line in text.split("\n") if ASSERTED.search(line)] == []


@pytest.mark.parametrize("id", FORMATS)
def test_what_is_not_known_is_null_in_json(id: str) -> None:
    report = empty_sources(id)[0]
    data = json.loads(export("json", compose(report), report))
    for table in data["tables"]:
        for row in table["rows"]:
            known = [text for text in row["cells"].values() if text is not None]
            assert not any(re.fullmatch(r"0|-?[\d,]+\.\d+%?", text) for text in known), table["id"]
    assert all(bar["value"] is None for chart in data.get("charts", ()) for bar in chart["bars"])


@pytest.mark.parametrize("id", FORMATS)
def test_no_cell_of_an_empty_workbook_holds_a_figure(id: str) -> None:
    for report in empty_sources(id):
        for sheet in sheets(compose(report), report):
            figures = [box.value for box in sheet.boxes if isinstance(box.value, Decimal)]
            numbers = [] if sheet.name.startswith("数据·") else [Decimal(number) for number in range(1, 100)]  # 行次
            assert [value for value in figures if value not in numbers] == [], sheet.name
            assert [box for box in sheet.boxes if box.formula and box.value not in ("", None)
                    and not is_open(str(box.value)) and re.search(r"\d", str(box.value))] == [], sheet.name


@pytest.mark.parametrize("id", FORMATS)
def test_every_figure_that_is_asked_for_shows_that_it_is(id: str) -> None:
    report = build_report(parse_source(bare(id)))
    open_cells = 0
    for need in needs(report):
        if need.state == MISSING and need.kind == "cell":
            table, row, column = need.key.split(".")
            if report.taxonomy.tables[table].columns[column].kind in NUMBERS:
                assert report.value((table, row, column)) is None
                assert report.shown((table, row, column)) == "【待填】"
                open_cells += 1
        if need.kind == "table":
            assert need.state == MISSING
    assert open_cells
    assert progress(report).percent < 10


@pytest.mark.parametrize("id", FORMATS)
def test_each_absence_that_is_stated_is_known_and_asked_for_no_more(id: str) -> None:
    report = build_report(parse_source(bare(id)))
    report.watch()
    for need in [need for need in needs(report) if need.kind == "table"]:
        table = report.taxonomy.tables[need.key]
        if table.needed or table.asked:
            continue  # what it details may be nothing by now
        assert report.lacks(table.id)
        report.apply([("absent", (table.id, ""), ("report", "none"))])
        assert not report.lacks(table.id)
        assert next(own.state for own in needs(report) if (own.kind, own.key) == ("table", need.key)) != MISSING
        for column in table.entered if table.accounts else ():
            if column.kind == "amount":
                assert report.value((table.id, "total", column.id)) == 0, (table.id, column.id)


# ── what is known stays ──


class Gap(NamedTuple):
    """Something of a source that is not entered yet: a 'cell', a 'table' (of accounts, or the records of an
    owner), a statement that there is 'none', a figure of last year ('prior') or a 'reason'."""

    kind: str
    place: Any


@cache
def example(path: Path) -> Source:
    return parse_source(path.read_text("utf-8"), str(path))


@cache
def complete(path: Path) -> tuple[Report, Document]:
    report = build_report(example(path))
    return report, compose(report)


def gaps_of(source: Source) -> list[Gap]:
    """All that could not be entered yet. An optional figure, or one of several of an account, is nothing where it
    is left blank: such are not among them."""
    found = [Gap("none", place) for place in sorted(source.absent)]
    found += [Gap("prior", cell) for cell in sorted(source.prior)]
    whole = complete(Path(source.path))[0]
    found += [Gap("reason", cell) for cell in sorted({cell for _section, cell in mentions(whole, "because")})
              if cell in source.reasons and whole.graph.get((":moved", *cell))]
    for table in source.taxonomy.tables.values():
        if table.accounts or table.axis == "records":
            owners = {owner_of(row) for row in source.rows[table.id]}
            found += [Gap("table", (table.id, owner)) for owner in sorted(owners)]
    for cell in sorted(source.entries):
        table = source.taxonomy.tables[cell[0]]
        column, line = table.columns[cell[2]], table.line(cell[1])
        asked = not (column.optional or column.spared or column.default is not None or (line and line.optional))
        if asked and not table.accounts and column.kind in NUMBERS:
            found.append(Gap("cell", cell))
    return found


def with_gaps(source: Source, gaps: list[Gap]) -> Source:
    new = copy.copy(source)
    for name in ("entries", "prior", "reasons", "absent", "row_paths"):
        setattr(new, name, dict(getattr(source, name)))
    new.rows = {table: list(rows) for table, rows in source.rows.items()}
    stores = {"cell": new.entries, "prior": new.prior, "reason": new.reasons, "none": new.absent}
    for kind, place in gaps:
        if kind != "table":
            stores[kind].pop(place, None)
            continue
        gone = {row for row in source.rows[place[0]] if owner_of(row) == place[1]}
        below = {table.id for table in source.taxonomy.tables.values() if table.owner == place[0]} | {place[0]}
        for table in below:
            def goes(row: str, table: str = table) -> bool:
                return (row if table == place[0] else owner_of(row)) in gone  # noqa: B023
            new.rows[table] = [row for row in new.rows[table] if not goes(row)]
            for cell in [cell for cell in new.entries if cell[0] == table and goes(cell[1])]:
                del new.entries[cell]
            for store in (new.absent, new.row_paths):
                for own in [own for own in store if own[0] == table and own[1] and goes(own[1])]:
                    del store[own]
    return new


def choice(source: Source, chance: Random) -> list[Gap]:
    """Some gaps: few, or most of all."""
    share = chance.choice((0.02, 0.1, 0.5, 0.9))
    return [gap for gap in gaps_of(source) if chance.random() < share] or [chance.choice(gaps_of(source))]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@SLOW
@given(chance=st.randoms(use_true_random=False))
def test_a_known_figure_never_changes_when_others_become_known(path: Path, chance: Random) -> None:
    """What is printed of part of the entries is what will be printed of all of them, or that it is open."""
    source = example(path)
    report = build_report(with_gaps(source, choice(source, chance)))
    whole, document = complete(path)
    for table in report.taxonomy.tables.values():
        for row in report.rows(table.id):
            if row not in whole.rows(table.id):
                continue
            for column in table.columns.values():
                cell = (table.id, row, column.id)
                value = report.value(cell)
                if column.kind in (*NUMBERS, "percent") and value is not None:
                    assert value is UNDEFINED or value == whole.value(cell), cell
                    assert value is not UNDEFINED or whole.value(cell) is UNDEFINED, cell
    said: dict[str, set[str]] = {}
    for address, text in facts_of(document):
        said.setdefault(address, set()).add(text)
    for address, text in facts_of(compose(report)):
        assert OPEN.search(text) or not re.search(r"\d", text) or any(  # the shares in a chart come with the last bar
            full.startswith(text) for full in said.get(address, ())), (address, text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@SLOW
@given(chance=st.randoms(use_true_random=False))
def test_no_finished_sentence_is_taken_back(path: Path, chance: Random) -> None:
    source = example(path)
    report = build_report(with_gaps(source, choice(source, chance)))
    final = {block.text for block in complete(path)[1].blocks if isinstance(block, Paragraph)}
    for block in compose(report).blocks:
        if isinstance(block, Paragraph):
            assert OPEN.search(block.text) or block.text in final


# ── edits ──


def state(report: Report) -> dict[Any, Any]:
    return {node: value for node, value in report.watched() if value is not None}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@settings(SLOW, max_examples=5)
@given(chance=st.randoms(use_true_random=False))
def test_edits_and_statements_give_what_the_source_read_anew_gives(path: Path, chance: Random) -> None:
    source = example(path)
    gaps = choice(source, chance)
    report = build_report(with_gaps(source, gaps))
    report.watch()
    tables = report.taxonomy.tables
    lines = [Gap("none", (table.id, "")) for table in tables.values() if not table.owner and table.entered]
    for gap in chance.sample(gaps + lines, min(8, len(gaps + lines))):
        edits: list[tuple[str, Any, Any]] = []
        if gap.kind == "none":
            known = gap.place in report.source.absent
            if known or not report.source.rows.get(gap.place[0]):
                edits = [("absent", gap.place, None if known else ("report", "none"))]
        elif gap.kind == "table" and tables[gap.place[0]].accounts:
            cells = [cell for cell in source.entries if cell[0] == gap.place[0]]
            edits = [("absent", (gap.place[0], ""), None)] + [
                ("cell", cell, str(source.entries[cell].value / 10000)
                 if tables[cell[0]].columns[cell[2]].kind == "amount" else source.entries[cell].value)
                for cell in chance.sample(cells, min(3, len(cells)))]
        elif gap.kind == "cell" and gap.place[1] in report.rows(gap.place[0]):
            edits = [("cell", gap.place, "1"), ("cell", gap.place, None)][:chance.randint(1, 2)]
        for edit in edits:
            report.apply([edit])
        fresh = Report(copy.copy(report.source))
        assert state(report) == state(fresh)


# ── old sources, last year ──


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_complete_source_of_schema_1_prints_what_it_printed(path: Path) -> None:
    text = re.sub(r"(?m)^none .*\n", "", path.read_text("utf-8")).replace("schema = 2", "schema = 1", 1)
    report = build_report(parse_source(text, str(path)))
    assert compose(report) == complete(path)[1]
    assert progress(report).percent == 100


def test_a_source_of_schema_1_knows_no_more_than_its_required_tables() -> None:
    head = bare("fujian/final-accounts").replace("schema = 2", "schema = 1")
    fund = ("government_fund", "total", "project")
    assert build_report(parse_source(head)).value(fund) is None
    begun = head + "[income]\n2010550 = { fiscal = 1 }\n"
    assert build_report(parse_source(begun)).value(fund) is None
    settled = begun + "[expenditure]\n2010550 = { basic = 1 }\n"
    assert build_report(parse_source(settled)).value(fund) == 0
    assert build_report(parse_source(settled.replace("schema = 1", "schema = 2"))).value(fund) is None
    assert build_report(parse_source(settled)).value(("three_public", "abroad", "outturn")) is None


def test_a_figure_that_last_years_file_left_blank_is_not_known() -> None:
    now = bare("fujian/final-accounts") + "[operating_costs]\nadministrative = 5\n"
    for last, said in (("", "比上年【待填：上年数】"), ("administrative = 0", "上年为0.00万元"),
                       ("administrative = 4", "比上年增加1.00万元，增长25.00%")):
        before = bare("fujian/final-accounts").replace("2024", "2023") + f"[operating_costs]\n{last}\n"
        report = Report(parse_source(now), build_report(parse_source(before)))
        [text] = [block.text for block in compose(report).blocks
                  if isinstance(block, Paragraph) and block.section == "operating_costs"]
        assert said in text
