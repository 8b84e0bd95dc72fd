"""A whole report as sheets, in the order in which it is read, the facts last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...document import Block, Contents, Cover, Document, Heading, PageBreak, Paragraph, Table
from .facts import fact_sheets
from .forms import form_sheet
from .places import Facts
from .sheet import DRAFT, Names, Sheet
from .words import Words, heading_text

if TYPE_CHECKING:
    from ...report import Report


def sheets(document: Document, report: Report) -> list[Sheet]:
    """The sheets of a document: a sheet for each printed table, for each run of text between them that
    is more than headings (a part begins a new one), and for each fact table."""
    names = Names()
    runs = [_Run(blocks, names) for blocks in _runs(document.blocks)]
    facts = Facts(report, names)
    places = {id(block): run.sheet.name for run in runs for block in run.blocks}
    entries = [(block, places[id(block)]) for block in document.blocks if isinstance(block, Heading) and block.listed]
    line = document.draft.line if document.draft is not None else ""
    for run in runs:
        run.sheet.head = line
        _fill(run, entries, report, facts, line)
    return [*(run.sheet for run in runs), *fact_sheets(facts, names)]


class _Run:
    """The blocks of one sheet: a table, which comes last, or text."""

    def __init__(self, blocks: list[Block], names: Names) -> None:
        self.blocks = blocks
        self.sheet = Sheet(names.make(_name(blocks)))


def _name(blocks: list[Block]) -> str:
    last = blocks[-1]
    if isinstance(last, Table):
        return last.form or last.title
    if isinstance(blocks[0], Cover):
        return "封面"
    headings = [block for block in blocks if isinstance(block, Heading)]
    if headings:
        return heading_text(min(headings, key=lambda heading: heading.level))
    contents = next((block.title for block in blocks if isinstance(block, Contents)), "")
    return "".join(contents.split()) or "正文"


def _runs(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """The blocks, sheet by sheet. Headings alone stand over the table that follows them."""
    runs: list[list[Block]] = []
    text: list[Block] = []
    for block in blocks:
        if isinstance(block, PageBreak):
            continue
        if isinstance(block, Table):
            if any(not isinstance(own, Heading) for own in text):
                trailing = _trailing(text)
                runs.append(text[:len(text) - trailing])
                text = text[len(text) - trailing:]
            runs.append([*text, block])
            text = []
            continue
        cover = bool(text) and isinstance(text[0], Cover)
        begins = isinstance(block, (Cover, Contents)) or (isinstance(block, Heading) and block.level == 1)
        said = any(not isinstance(own, Heading) for own in text)
        if (isinstance(block, Heading) if cover else begins and said):  # the contents stand under the cover
            runs.append(text)
            text = []
        text.append(block)
    return [*runs, text] if text else runs


def _trailing(text: list[Block]) -> int:
    """How many headings stand at the end, directly over a table."""
    count = 0
    while count < len(text) and isinstance(text[-1 - count], Heading):
        count += 1
    return count


def _fill(run: _Run, entries: list[tuple[Any, str]], report: Report, facts: Facts, line: str) -> None:
    """Fill a sheet. `line`: what stands on top of it, where it is a draft's."""
    view = facts.seen_from("")
    last = run.blocks[-1]
    if isinstance(last, Table):
        headings = [heading_text(block) for block in run.blocks if isinstance(block, Heading)]
        form_sheet(run.sheet, last, headings, report, view, line)
        return
    words = Words(run.sheet, report, view)
    if line:
        words.put(line, DRAFT)
    for block in run.blocks:
        if isinstance(block, Cover):
            words.cover(block)
        elif isinstance(block, Contents):
            words.contents(block, entries)
        elif isinstance(block, Heading):
            words.heading(block)
        elif isinstance(block, Paragraph):
            words.paragraph(block)
        else:
            words.chart(block)
