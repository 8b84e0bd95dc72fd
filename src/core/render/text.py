"""A report as plain text, for terminals, editors and web sites.

Running text is wrapped at 76 columns (38 Chinese characters) at most; tables may be wider.
With `page_lines` the text comes on pages of so many lines, parted by form feeds; without, a
page is whatever stands between two page breaks. Pages are numbered from the first one after
the table of contents; the cover, the contents and what stands before them bear no number.
"""

from __future__ import annotations

from typing import NamedTuple

from ..document import Block, Contents, Cover, Document, Heading, PageBreak, Paragraph, Table
from ..text.table import centred, lay_out
from ..text.width import char_widths, printable
from ..text.width import width as width_of
from ..text.wrap import INDENT, wrap
from .pages import Item, blocks_on_pages, paginate

MEASURE = 76  # columns of running text
LEAST_WIDTH = 40  # columns: a narrower page has no room for a name beside a figure
LEAST_PAGE_LINES = 20

_FOOTER_LINES = 2  # a blank line and the page number
_UNLIMITED = 1 << 60  # the lines of a page when there are no `page_lines`


class _Section(NamedTuple):
    """What stands between two page breaks; a cover and a contents are sections of their own."""

    kind: str  # 'cover', 'contents' or 'text'
    blocks: list[Block]


class _Entry(NamedTuple):
    """An entry of the table of contents. `page` is '' for a heading before page 1."""

    level: int
    text: str
    page: str


class _Page(NamedTuple):
    """A page. `footer` is '' for one without a number."""

    lines: list[str]
    footer: str = ""


class _Style(NamedTuple):
    """How the text is set. `measure` is for centring; `wrap_at` is 0 where nothing is wrapped."""

    width: int
    measure: int
    wrap_at: int
    ambiguous: int
    height: int


def render(
    document: Document, *, width: int = 120, ambiguous: int = 2, page_lines: int = 0
) -> str:
    """The whole report. It ends with one newline, and no line ends with a blank.

    `width`: the columns of the widest line, at least 40; a figure that finds no room goes
    past it rather than being lost. 0: nothing is wrapped, and no table is split.
    `ambiguous`: the columns of “ ” … — and their like, 1 or 2.
    `page_lines`: the lines of a page, its number included, at least 20. Every page has just
    so many; only the last one is cut short when it bears no number. 0: no form feeds.
    ValueError when one of these is out of its range, or when cells of a table overlap.
    """
    if width < 0 or 0 < width < LEAST_WIDTH:
        raise ValueError(f"width is 0 or at least {LEAST_WIDTH} columns, not {width}")
    if page_lines < 0 or 0 < page_lines < LEAST_PAGE_LINES:
        raise ValueError(f"page_lines is 0 or at least {LEAST_PAGE_LINES}, not {page_lines}")
    char_widths(ambiguous)  # ValueError unless 1 or 2
    measure = min(MEASURE, width) if width else MEASURE
    height = page_lines - _FOOTER_LINES if page_lines else _UNLIMITED
    style = _Style(width, measure, measure if width else 0, ambiguous, height)
    pages: list[str] = []
    for page in _pages(document, style):
        footer = " " * ((measure - len(page.footer)) // 2) + page.footer if page.footer else ""
        if page_lines:
            blank = [""] * (height - len(page.lines) + 1)
            lines = [*page.lines, *blank, footer]
        else:
            lines = [*page.lines, "", footer, "", ""] if footer else [*page.lines, "", ""]
        pages.append("\n".join(lines) + "\n")
    return ("\f" if page_lines else "").join(pages).rstrip("\n") + "\n"


def _pages(document: Document, style: _Style) -> list[_Page]:
    """All pages in order. The text is put on pages first: the contents need its numbers."""
    sections = _sections(document)
    front = max((n for n, section in enumerate(sections, 1) if section.kind == "contents"), default=0)
    entries: list[_Entry] = []
    texts: list[list[_Page]] = []
    count = 0
    for number, section in enumerate(sections):
        if section.kind != "text":
            continue
        headings = [block for block in section.blocks if isinstance(block, Heading)]
        pages, where = paginate(_items(section.blocks, style), style.height)
        numbered = number >= front
        for place, heading in enumerate(headings):
            text = _heading_text(heading)
            if heading.listed and text:
                page = str(count + where[place] + 1) if numbered else ""
                entries.append(_Entry(heading.level, text, page))
        texts.append(
            [_Page(page, f"- {count + n} -" if numbered else "") for n, page in enumerate(pages, 1)]
        )
        count += len(pages) if numbered else 0
    result: list[_Page] = []
    texts.reverse()
    for section in sections:
        if section.kind == "text":
            result += texts.pop()
        else:
            block = section.blocks[0]
            blocks = (
                _cover(block, style) if isinstance(block, Cover) else _contents(block, entries, style)
            )
            result += [_Page(lines) for lines in blocks_on_pages(blocks, style.height)]
    return result


def _sections(document: Document) -> list[_Section]:
    """The document cut at its page breaks, its cover and its contents."""
    sections: list[_Section] = []
    text: list[Block] = []
    for block in [*document.blocks, PageBreak()]:
        if isinstance(block, (PageBreak, Cover, Contents)):
            if text:
                sections.append(_Section("text", text))
                text = []
            if isinstance(block, Cover):
                sections.append(_Section("cover", [block]))
            elif isinstance(block, Contents):
                sections.append(_Section("contents", [block]))
        else:
            text.append(block)
    return sections


def _items(blocks: list[Block], style: _Style) -> list[Item]:
    """The blocks as lines. A paragraph follows a paragraph or its heading without a blank."""
    items: list[Item] = []
    headings = 0
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Heading):
            text = _heading_text(block)
            if block.level == 1:
                lines = centred(text, style.measure, style.ambiguous, style.wrap_at)
            else:
                lines = wrap(text, style.wrap_at, ambiguous=style.ambiguous)
            items.append(Item("heading", lines, number=headings))
            headings += 1
        elif isinstance(block, Paragraph):
            lines = wrap(
                printable(block.text, keep="\n"),
                style.wrap_at,
                indent=INDENT if block.indent else "",
                ambiguous=style.ambiguous,
            )
            close = isinstance(before, Paragraph) or (isinstance(before, Heading) and before.level > 1)
            items.append(Item("text", lines, space=not close))
        elif isinstance(block, Table):
            items.append(Item("table", [], lay_out(block, style.width, style.ambiguous)))
        before = block
    return items


def _heading_text(heading: Heading) -> str:
    return printable(heading.number + heading.title).strip()


def _cover(cover: Cover, style: _Style) -> list[list[str]]:
    """The lines of a cover, a blank line between them, from a third of the page's height."""
    blocks = [
        ["", *centred(printable(line).strip(), style.measure, style.ambiguous, style.wrap_at)]
        for text in cover.lines
        for line in text.split("\n")
    ]
    if blocks:
        del blocks[0][0]
        if style.height != _UNLIMITED:
            spare = style.height - sum(map(len, blocks))
            blocks[0][:0] = [""] * (max(0, spare) // 3)
    return blocks


def _contents(contents: Block, entries: list[_Entry], style: _Style) -> list[list[str]]:
    """The title and the entries of a table of contents, each with dots up to its page."""
    title = printable(contents.title).strip() if isinstance(contents, Contents) else ""
    blocks = [centred(title, style.measure, style.ambiguous, style.wrap_at) + [""]] if title else []
    digits = max((len(entry.page) for entry in entries), default=0)
    for entry in entries:
        margin = " " * (4 * (max(entry.level, 1) - 1))
        room = max(style.measure - len(margin) - digits - 5, 1)  # at least three dots
        lines = wrap(entry.text, room if style.wrap_at else 0, ambiguous=style.ambiguous, hang=False)
        lines = [margin + line for line in lines]
        if entry.page:
            taken = width_of(lines[-1], style.ambiguous)
            dots = "." * max(3, style.measure - digits - 2 - taken)
            lines[-1] += f" {dots} {entry.page:>{digits}}"
        blocks.append(lines)
    return blocks
