"""The text of a report as Word's: its blocks in sections of upright and of turned pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...document import Chart, Contents, Cover, Document, Heading, PageBreak, Paragraph, Table
from ...text.wrap import BLANKS
from . import charts, tables
from .markup import FIELD_END, HEAD, R, W, field, field_begin, paragraph, plain, run
from .measure import lines
from .paging import Box, Lines, NewPage, Rows, pages
from .styles import CHARACTER, HEADINGS, HEIGHT, LINE, MEASURE, STYLES, section

_LEVELS = len(HEADINGS)
_BREAK_BEFORE = "<w:pageBreakBefore/>"


class _Unit(NamedTuple):
    """Blocks that stand on pages of one kind: paragraphs and tables as XML, and their boxes.

    `front`: before the pages that bear numbers. `contents`: where the entries are to stand.
    """

    front: bool
    landscape: bool
    new_page: bool
    parts: list[str]
    boxes: list[Box]
    contents: Contents | None = None


class _Entry(NamedTuple):
    """An entry of the table of contents; `mark` is the bookmark of its heading."""

    level: int
    text: str
    mark: str
    front: bool


def document_part(document: Document) -> str:
    """word/document.xml. It shows the document's charts under the names of `charts.name`."""
    entries: list[_Entry] = []
    units = list(_units(document, entries))
    found = pages(_boxes(units), HEIGHT)
    draft = document.draft is not None
    body: list[str] = []
    for number, unit in enumerate(units):
        following = units[number + 1] if number + 1 < len(units) else None
        parts = unit.parts if unit.contents is None else _contents(unit.contents, entries, found)
        if unit.new_page and number and _same(units[number - 1], unit):
            parts = [_on_new_page(parts[0]), *parts[1:]] if parts else parts
        body += parts
        if following is not None and not _same(unit, following):
            _end_section(body, _section(units, number, draft))
    if not body or body[-1].startswith("<w:tbl>"):
        body.append(paragraph("Break", ""))
    last = _section(units, len(units) - 1, draft) if units else section(draft=draft)
    return (f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}" {charts.NAMESPACES}><w:body>{"".join(body)}{last}</w:body>'
            '</w:document>')  # fmt: skip


# ── sections ──


def _same(one: _Unit, other: _Unit) -> bool:
    """Whether two neighbours stand in one section."""
    return (one.front, one.landscape) == (other.front, other.landscape)


def _section(units: list[_Unit], number: int, draft: bool) -> str:
    """The section that ends with a unit."""
    unit = units[number]
    first = number
    while first and _same(units[first - 1], unit):
        first -= 1
    begins = first == 0 or units[first - 1].front
    return section(unit.landscape, numbered=not unit.front, restart=not unit.front and begins, draft=draft)


def _end_section(body: list[str], properties: str) -> None:
    """End a section with the last paragraph, or with one of its own after a table."""
    if not body or body[-1].startswith("<w:tbl>"):
        body.append(paragraph("Break", "", properties))
    else:
        body[-1] = body[-1].replace("</w:pPr>", properties + "</w:pPr>", 1)


def _on_new_page(first: str) -> str:
    """A paragraph or a table that begins a page."""
    if first.startswith("<w:tbl>"):
        return paragraph("Break", "", _BREAK_BEFORE) + first
    at = first.index("/>") + 2  # after the style
    rest = first[at:].removeprefix("<w:keepNext/>")
    kept = first[at : len(first) - len(rest)]
    return first[:at] + kept + _BREAK_BEFORE + rest


def _boxes(units: list[_Unit]) -> Iterator[Box]:
    """What stands on the numbered pages."""
    numbered = [unit for unit in units if not unit.front]
    for before, unit in zip([None, *numbered], numbered):
        if before is None or unit.new_page or unit.landscape != before.landscape:
            yield NewPage(MEASURE if unit.landscape else HEIGHT)
        yield from unit.boxes


# ── blocks ──


def _units(document: Document, entries: list[_Entry]) -> Iterator[_Unit]:
    """The document in units; the headings that its contents list are added to `entries`."""
    blocks = document.blocks
    listed = [number for number, block in enumerate(blocks) if isinstance(block, Contents)]
    front = listed[-1] if listed else -1
    deepest = max((block.level for block in blocks if isinstance(block, Heading) and block.listed), default=0)
    new_page = False
    headings: list[Heading] = []
    drawn = 0

    def unit(number: int, landscape: bool = False) -> _Unit:
        """The unit of a block, which begins with the headings that have been waiting for it."""
        nonlocal new_page
        made = _Unit(number <= front, landscape, new_page, [], [])
        for heading in headings:
            _add_heading(made, heading, entries, deepest)
        headings.clear()
        new_page = False
        return made

    for number, block in enumerate(blocks):
        alone = isinstance(block, (PageBreak, Cover, Contents))
        if alone and headings:
            yield unit(number)
        if isinstance(block, PageBreak):
            new_page = True
        elif isinstance(block, Cover):
            yield _Unit(True, False, True, _cover(block), [])
            new_page = True
        elif isinstance(block, Contents):
            yield _Unit(True, False, True, [], [], block)
            new_page = True
        elif isinstance(block, Heading):
            headings.append(block)
        elif isinstance(block, Paragraph):
            made = unit(number)
            _add_paragraph(made, block)
            yield made
        elif isinstance(block, Table):
            laid = tables.lay_out(block, sum(map(_height, headings)))
            made = unit(number, laid.landscape)
            _add_table(made, laid)
            yield made
        elif isinstance(block, Chart):
            drawn += 1
            made = unit(number)
            _add_chart(made, block, drawn)
            yield made
    if headings:
        yield unit(len(blocks))


def _add_heading(unit: _Unit, heading: Heading, entries: list[_Entry], deepest: int) -> None:
    text = plain(heading.number + heading.title).strip()
    if not text:
        return
    level = min(max(heading.level, 1), _LEVELS)
    style = STYLES[f"Heading{level}"]
    content, mark = run(text), ""
    if heading.listed:
        mark = f"_Toc{len(entries) + 1:08}"
        entries.append(_Entry(level, text, mark, unit.front))
        id = len(entries)
        content = f'<w:bookmarkStart w:id="{id}" w:name="{mark}"/>{content}<w:bookmarkEnd w:id="{id}"/>'
    unlisted = "" if heading.listed or level > deepest else "Unlisted"
    unit.parts.append(paragraph(style.id + unlisted, content))
    count = lines(text, MEASURE, style.size, style.first * CHARACTER)
    unit.boxes.append(Lines(style.line, count, style.before, style.after, True, mark))


def _height(heading: Heading) -> int:
    style = STYLES[f"Heading{min(max(heading.level, 1), _LEVELS)}"]
    return style.before + style.line + style.after


def _add_paragraph(unit: _Unit, block: Paragraph) -> None:
    for text in plain(block.text, "\n").split("\n"):
        if block.indent:
            text = text.lstrip(BLANKS)
        unit.parts.append(paragraph("Indented" if block.indent else "BodyText", run(text.rstrip(BLANKS))))
        unit.boxes.append(Lines(LINE, lines(text, MEASURE, 32, 2 * CHARACTER if block.indent else 0)))


def _add_table(unit: _Unit, laid: tables.Laid) -> None:
    unit.parts.extend([*laid.caption, laid.table, *laid.notes])
    if not laid.caption and len(unit.parts) == 1 + len(laid.notes):
        unit.parts.insert(0, paragraph("Break", ""))  # or it would be one with a table before it
    unit.boxes.extend(Lines(height, keep=True) for height in laid.captions)
    unit.boxes.append(Rows(laid.head, tuple(laid.rows), laid.whole))
    unit.boxes.extend(map(Lines, laid.note_heights))


def _add_chart(unit: _Unit, chart: Chart, number: int) -> None:
    title = plain(chart.title).strip()
    style = STYLES["Caption"]
    unit.parts.append(paragraph(style.id, run(title)))
    unit.boxes.append(Lines(style.line, lines(title, MEASURE, style.size), style.before, style.after, True))
    unit.parts.append(paragraph("Figure", charts.drawing(chart, number)))
    unit.boxes.append(Lines(round(charts.height(chart) * 56.7), after=STYLES["Figure"].after))


def _cover(cover: Cover) -> list[str]:
    """The lines of the cover, from a third of the page downwards."""
    texts = [plain(line).strip() for text in cover.lines for line in text.split("\n")]
    made = [paragraph("Title", run(text)) for text in texts]
    if made:
        first = paragraph("Title", run(texts[0]), f'<w:spacing w:before="{HEIGHT // 4}" w:after="600" '
                          'w:line="1000" w:lineRule="exact"/>')  # fmt: skip
        return [first, *made[1:]]
    return [paragraph("Title", "")]


# ── contents ──


def _contents(contents: Contents, entries: list[_Entry], found: dict[str, int]) -> list[str]:
    """The title, and a field that Word can make anew, with its entries already in it."""
    title = plain(contents.title).strip()
    parts = [paragraph("ContentsTitle", run(title))] if title else []
    deepest = max((entry.level for entry in entries), default=1)
    begin = field_begin(f'TOC \\o "1-{deepest}" \\h \\z')
    for entry in entries:
        page = ""
        if not entry.front:
            number = field(f"PAGEREF {entry.mark} \\h", run(str(found.get(entry.mark, 1))))
            page = f"<w:r><w:tab/></w:r>{number}"
        link = f'<w:hyperlink w:anchor="{entry.mark}" w:history="1">{run(entry.text)}{page}</w:hyperlink>'
        parts.append(paragraph(f"TOC{entry.level}", begin + link))
        begin = ""
    parts.append(paragraph("TOC1", begin + FIELD_END))
    return parts


def header_part(line: str) -> str:
    """The header of every page of a draft."""
    content = run(line, '<w:b/><w:color w:val="C00000"/>')
    return f'{HEAD}<w:hdr xmlns:w="{W}" xmlns:r="{R}">{paragraph("Header", content)}</w:hdr>'


def footer_part(even: bool) -> str:
    """A footer: the number of the page between dashes, on the outer side, one character in."""
    side = "left" if even else "right"
    place = f'<w:ind w:{side}="280"/><w:jc w:val="{side}"/>'
    content = run("— ") + field("PAGE", run("1")) + run(" —")
    return f'{HEAD}<w:ftr xmlns:w="{W}" xmlns:r="{R}">{paragraph("Footer", content, place)}</w:ftr>'
