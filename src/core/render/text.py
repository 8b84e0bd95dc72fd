"""A report as plain text, for terminals, editors and web sites.

Running text is wrapped at 76 columns (38 Chinese characters) at most; tables may be wider.
With `page_lines` the text comes on pages of so many lines, parted by form feeds; without, a
page is whatever stands between two page breaks. Pages are numbered from the first one after
the table of contents; the cover, the contents and what stands before them bear no number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..document import Block, Chart, Contents, Cover, Document, Heading, PageBreak, Paragraph, Table
from ..text.chart import draw
from ..text.table import centred, lay_out
from ..text.width import char_widths, printable
from ..text.width import width as width_of
from ..text.wrap import INDENT, wrap
from .pages import Item, blocks_on_pages, paginate

if TYPE_CHECKING:
    from ..report import Report

MEASURE = 76  # columns of running text
LEAST_WIDTH = 40  # columns: a narrower page has no room for a name beside a figure
LEAST_PAGE_LINES = 20

_FOOTER_LINES = 2  # a blank line and the page number
_UNLIMITED = 1 << 60  # the lines of a page when there are no `page_lines`


class _Entry(NamedTuple):
    """An entry of the table of contents. `page` is '' for a heading before page 1."""

    level: int
    text: str
    page: str


class _Style(NamedTuple):
    """How the text is set. `measure` is for centring; `wrap_at` is 0 where nothing is wrapped."""

    width: int
    measure: int
    wrap_at: int
    ambiguous: int
    height: int


def render(document: Document, *, width: int = 120, ambiguous: int = 2, page_lines: int = 0) -> str:
    """The whole report. It ends with one newline, and no line ends with a blank.

    `width`: the columns of the widest line, at least 40; a figure that finds no room goes
    past it rather than being lost. 0: nothing is wrapped, and no table is split.
    `ambiguous`: the columns of “ ” … — and their like, 1 or 2.
    `page_lines`: the lines of a page, its number included, at least 20. Every page has just
    so many; only the last one is cut short when it bears no number. 0: no form feeds.
    A draft says so in its first line, and on pages in the first line of each.
    ValueError when one of these is out of its range, or when cells of a table overlap.
    """
    if width < 0 or 0 < width < LEAST_WIDTH:
        raise ValueError(f"width is 0 or at least {LEAST_WIDTH} columns, not {width}")
    if page_lines < 0 or 0 < page_lines < LEAST_PAGE_LINES:
        raise ValueError(f"page_lines is 0 or at least {LEAST_PAGE_LINES}, not {page_lines}")
    char_widths(ambiguous)  # ValueError unless 1 or 2
    measure = min(MEASURE, width) if width else MEASURE
    head = [document.draft.line, ""] if document.draft is not None else []
    height = page_lines - _FOOTER_LINES - len(head) if page_lines else _UNLIMITED
    style = _Style(width, measure, measure if width else 0, ambiguous, height)
    printed: list[str] = []
    for lines, footer in _pages(document, style):
        foot = " " * ((measure - len(footer)) // 2) + footer if footer else ""
        if page_lines:
            lines = [*head, *lines, *[""] * (height - len(lines) + 1), foot]
        else:
            lines = [*head, *lines, "", foot, "", ""] if foot else [*head, *lines, "", ""]
            head = []  # without form feeds, once for the whole text
        printed.append("\n".join(map(str.rstrip, lines)) + "\n")
    return ("\f" if page_lines else "").join(printed).rstrip("\n") + "\n"


def export(document: Document, report: Report, *, encoding: str = "utf-8", width: int = 120, ambiguous: int = 2,
           page_lines: int = 0) -> bytes:
    """The bytes of `render`."""
    return render(document, width=width, ambiguous=ambiguous, page_lines=page_lines).encode(encoding)


def _pages(document: Document, style: _Style) -> list[tuple[list[str], str]]:
    """All pages in order: their lines, and their footer or ''.

    The text is put on pages first: the contents need to know on which pages it stands.
    """
    sections = _sections(document)
    front = 0  # how many sections stand up to the contents
    for number, section in enumerate(sections, 1):
        if isinstance(section[0], Contents):
            front = number
    entries: list[_Entry] = []
    texts: dict[int, list[list[str]]] = {}
    count = 0
    for number, section in enumerate(sections):
        if isinstance(section[0], (Cover, Contents)):
            continue
        texts[number], where = paginate(_items(section, style), style.height)
        headings = [block for block in section if isinstance(block, Heading)]
        for place, heading in enumerate(headings):
            text = _heading_text(heading)
            if heading.listed and text:
                page = str(count + where[place] + 1) if number >= front else ""
                entries.append(_Entry(heading.level, text, page))
        if number >= front:
            count += len(texts[number])

    result: list[tuple[list[str], str]] = []
    count = 0
    for number, section in enumerate(sections):
        first = section[0]
        if isinstance(first, Cover):
            result += [(lines, "") for lines in _cover(first, style)]
        elif isinstance(first, Contents):
            result += [(lines, "") for lines in _contents(first, entries, style)]
        elif number < front:
            result += [(lines, "") for lines in texts[number]]
        else:
            for lines in texts[number]:
                count += 1
                result.append((lines, f"- {count} -"))
    return result


def _sections(document: Document) -> list[list[Block]]:
    """The blocks between page breaks; a cover and a contents stand alone, and none is empty."""
    sections: list[list[Block]] = []
    text: list[Block] = []
    for block in (*document.blocks, PageBreak()):
        if isinstance(block, (PageBreak, Cover, Contents)):
            if text:
                sections.append(text)
                text = []
            if not isinstance(block, PageBreak):
                sections.append([block])
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
            after_heading = isinstance(before, Heading) and before.level > 1
            close = after_heading or isinstance(before, Paragraph)
            items.append(Item("text", lines, space=not close))
        elif isinstance(block, Table):
            items.append(Item("table", [], lay_out(block, style.width, style.ambiguous)))
        elif isinstance(block, Chart):
            items.append(Item("text", draw(block, style.measure, style.ambiguous)))
        before = block
    return items


def _heading_text(heading: Heading) -> str:
    return printable(heading.number + heading.title).strip()


def _cover(cover: Cover, style: _Style) -> list[list[str]]:
    """The pages of a cover: its lines with blank lines between, from a third of the height."""
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
    return blocks_on_pages(blocks, style.height)


def _contents(contents: Contents, entries: list[_Entry], style: _Style) -> list[list[str]]:
    """The pages of a table of contents: entries with dots that lead to their pages."""
    title = printable(contents.title).strip()
    blocks: list[list[str]] = []
    if title:
        blocks.append(centred(title, style.measure, style.ambiguous, style.wrap_at) + [""])
    digits = max((len(entry.page) for entry in entries), default=0)
    for entry in entries:
        margin = " " * (4 * max(0, entry.level - 1))
        room = style.measure - len(margin) - digits - 5  # a blank, three dots, a blank
        wrap_at = max(room, 1) if style.wrap_at else 0
        lines = [margin + line for line in wrap(entry.text, wrap_at, ambiguous=style.ambiguous, hang=False)]
        if entry.page:
            taken = width_of(lines[-1], style.ambiguous)
            dots = "." * max(3, style.measure - digits - 2 - taken)
            lines[-1] += f" {dots} {entry.page:>{digits}}"
        blocks.append(lines)
    return blocks_on_pages(blocks, style.height)
