"""Workbooks: whatever bytes a file holds, it is a book or there is a message, soon; and a book can be imported."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from random import Random

from juesuan.core.compose import compose
from juesuan.core.formats import load_format
from juesuan.core.importing.book import BookError, read_book
from juesuan.core.importing.plan import Options, as_data, make_plan
from juesuan.core.importing.telling import told
from juesuan.core.opening import build_report, open_report
from juesuan.core.reading import parse_source
from juesuan.core.render import export
from juesuan.core.skeleton import new_source
from juesuan.core.source import SourceError
from juesuan.core.storage import StorageError

from ..core import books
from . import mutate
from .campaign import Outcome, Target, require
from .invariants import ACTS, inert
from .sources import EXAMPLES

_ATTRIBUTE = re.compile(r'(?<==")[^"]*(?=")')
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_ELEMENT = re.compile(r"<(\w+)[^<>]*?(?:/>|>[^<>]*</\1>)")

ATTRIBUTES = ("A1", "XFD1048576", "XFD1", "A1048576", "A0", "A1:XFD1048576", "B2:A1", "$A$1", "a1", "", "0", "-1", "1",
              "4294967296", "99999999999999999999", "s", "b", "e", "n", "str", "inlineStr", "d", "x", "../x.xml",
              "/xl/workbook.xml", "rId1", "rId99", "true", "&#x202E;", "&#65;1", "1e9", "NaN")
TEXTS = ("1e308", "-1e-308", "1E400", "nan", "inf", "0", "-1", "99999999", "&#x202E;", "&#0;", "&amp;", "&x;",
         " -   ", "x", "#SPILL!", "#REF!", "1.005", "0.30000000000000004", "146.2012345678", "45292", "2958466", "合计",
         "单位：元", "单位：万元", "2010550", "201", "支出决算表", "公开03表", "=1+1", "甲" * 300)
PIECES = ("<!DOCTYPE x [<!ENTITY x 'y'>]>", "<!--", "]]>", "<![CDATA[", "<?x?>", "<c r='XFD1048576'><v>1</v></c>",
          "<row r='1048576'/>", "<mergeCell ref='A1:XFD1048576'/>", "<f>1</f>", "\x00", "\ufeff", "</sheetData>",
          "<is><t>甲</t></is>", "<c><v>1</v></c>" * 50, "<sheet name='x' sheetId='1' r:id='rId1'/>")


@cache
def seeds() -> list[bytes]:
    """Books of finance offices, published tables, and what we export."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        found = [books.accounting_book(path).read_bytes(), books.accounting_book(path, codes="number").read_bytes()]
        report = open_report(str(EXAMPLES / "sanming-2024.toml"))
        found.append(books.write_forms(path, report).read_bytes())
        rows = [["支出决算表"], ["单位：万元"], ["科目", "合计", "基本支出", "项目支出"], ["2010550", 3, 1, 2]]
        found.append(books.write_rows(path, {"表": rows}).read_bytes())
        return [*found, export("xlsx", compose(report), report)]


def mutated(random: Random, data: bytes, other: bytes) -> bytes:
    """The book with other bytes, with other members, or with another XML in one of them."""
    if random.random() < 0.15:
        return mutate.octets(random, data, other)
    members, theirs = unpacked(data), unpacked(other)
    if not members:
        return mutate.octets(random, data, other)
    for _turn in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(len(members))
        name, content = members[at]
        how = random.random()
        if how < 0.04:
            del members[at]
        elif how < 0.08:
            members.insert(random.randrange(len(members) + 1), (name, content))
        elif how < 0.12:
            members[at] = (random.choice((name.upper(), name + "x", "/" + name, name.replace("/", "\\"),
            "../" + name)), content)
        elif how < 0.18:
            members[at] = (name, random.choice(theirs)[1] if theirs else b"")
        elif how < 0.25:
            members[at] = (name, mutate.octets(random, content))
        else:
            members[at] = (name, _xml(random, content.decode("utf-8", "replace")).encode("utf-8", "replace"))
        if not members:
            break
    return packed(random, members)


def unpacked(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # a seed that was made of bytes
        return []


def packed(random: Random, members: list[tuple[str, bytes]]) -> bytes:
    import warnings

    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w",
    random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "x"), content)
    return out.getvalue()


def _xml(random: Random, text: str) -> str:
    for _turn in range(random.choice((1, 1, 1, 2, 5))):
        how = random.randrange(5)
        pattern, pieces = ((_ATTRIBUTE, ATTRIBUTES), (_TEXT, TEXTS), (_ELEMENT, PIECES))[min(how, 2)]
        places = [match.span() for match in pattern.finditer(text)]
        if not places or how == 4:
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice(PIECES) + text[at + random.randrange(3):]
            continue
        start, end = random.choice(places)
        first, last = random.choice(places)
        piece = text[first:last] if random.random() < 0.3 else random.choice(pieces)
        text = text[:start] + piece * random.choice((1, 1, 1, 1, 1, 200 if how > 1 else 1)) + text[end:]
    return text


def tried(data: bytes, folder: Path) -> Outcome:
    path = folder / "a.xlsx"
    path.write_bytes(data)
    try:
        book = read_book(str(path))
    except (BookError, StorageError) as error:
        message = error.message if isinstance(error, StorageError) else str(error)
        require(re.search("[\u4e00-\u9fff]", message), f"the message is not in Chinese: {message!r}")
        require(not ACTS.search(message), f"the message holds a character that acts: {message!r}")
        return Outcome(False)
    text = new_source(load_format("fujian/final-accounts"), "某局", 2024)
    faults = 0
    for options in (Options(unit="元", partial=True), Options(unit="万元", official=True, replace=True, partial=True)):
        try:
            plan = make_plan(build_report(parse_source(text, "/nowhere/a.toml")), book, options)
        except BookError as error:
            inert("the message", str(error))
            return Outcome(False)
        inert("what is told", "\n".join(told(plan, True)))
        json.dumps(as_data(plan), allow_nan=False)
        faults += len(plan.faults)
        if plan.text:
            try:
                build_report(parse_source(plan.text, "/nowhere/a.toml"))
            except SourceError as error:
                require(False, f"what is imported is no source: {error.message}")
    return Outcome(True, faults)


TARGET = Target("workbooks", ".xlsx", seeds, mutated, tried, 24, lines=False)
