"""The text of a report as sheets, a sheet for each part, with its charts and their figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...document import Contents, Cover, Heading, Paragraph, is_open
from ...formula_excel import reading
from ...text.width import width
from .forms import printed
from .places import View
from .sheet import Drawing, Sheet, Style, clean, reference

if TYPE_CHECKING:
    from ...report import Report

_TEXT = Style(size=12, wrap=True, font="仿宋")
_HEADINGS = {1: Style(size=16, bold=True, align="center", font="黑体", wrap=True),
             2: Style(size=14, bold=True, font="黑体", wrap=True), 3: Style(size=12, bold=True, font="楷体", wrap=True)}
_COVER = Style(size=22, bold=True, align="center", font="黑体", wrap=True)
_LINK = Style(size=12, font="仿宋", color="0563C1")
_LABEL, _FIGURE = Style(border=True, wrap=True), Style(border=True, align="right")

MEASURE = 84
"""The width of a sheet of text, in characters of the usual size; a page upright has room for it."""

_LINE = 1.4  # of the size of the letters
_MOST_LINES = 22  # in one cell: no row of a sheet is higher than 409 points
_CHART_ROWS = 16
INDENT = "　　"


def heading_text(heading: Heading) -> str:
    return clean(heading.number + heading.title).strip()


class Words:
    """A sheet of text that is being filled."""

    def __init__(self, sheet: Sheet, report: Report, view: View) -> None:
        self.sheet = sheet
        self.report = report
        self.view = view
        self.down = 0
        sheet.widths = [MEASURE]

    def put(self, text: str, style: Style, link: str = "") -> None:
        """A text in the next row, or in the next rows where it is too long for one."""
        room = int(MEASURE * 11 / style.size)
        for part in _parts(clean(text), room * _MOST_LINES):
            self.sheet.put(self.down, 0, part, style, link=link)
            lines = sum(max(1, -(-width(line) // room)) for line in part.split("\n"))
            self.sheet.heights[self.down] = round(style.size * _LINE * lines + 4, 1)
            self.down += 1

    def cover(self, cover: Cover) -> None:
        for line in cover.lines:
            self.put(line, _COVER)
            self.sheet.heights[self.down - 1] += 24

    def contents(self, contents: Contents, entries: list[tuple[Heading, str]]) -> None:
        """The title and the headings that are listed, each leading to its sheet."""
        self.put(contents.title, _HEADINGS[1])
        for heading, sheet in entries:
            self.put("　" * 2 * max(0, heading.level - 1) + heading_text(heading), _LINK, sheet)

    def heading(self, heading: Heading) -> None:
        self.put(heading_text(heading), _HEADINGS.get(heading.level, _HEADINGS[3]))

    def paragraph(self, paragraph: Paragraph) -> None:
        self.put((INDENT if paragraph.indent else "") + paragraph.text, _TEXT)

    def chart(self, chart: Any) -> None:
        """The figures of a chart, each beside its label, and the chart below them."""
        self.sheet.widths = [MEASURE, 16, 12]
        self.sheet.put(self.down, 0, clean(chart.title), Style(bold=True, align="center", wrap=True))
        self.sheet.put(self.down, 1, f"单位：{clean(chart.unit)}", Style(align="right"))
        first = self.down = self.down + 1
        last = first + len(chart.bars) - 1
        for number, bar in enumerate(chart.bars):
            self.sheet.put(self.down, 0, clean(bar.label), _LABEL)
            prior = chart.kind == "totals" and number % 2 == 0  # of each pair, last year's stands first
            self._value(bar, prior)
            words, _comma, share = bar.text.partition("，")
            if chart.kind == "shares" and share:
                own, all = reference(self.down, 1), f"B${first + 1}:B${last + 1}"
                decimals = len(share.rstrip("%").partition(".")[2])
                places = self.report.format.numbers["percent_decimals"]
                self.sheet.put(self.down, 2, Decimal(share.rstrip("%").replace(",", "")),
                               _FIGURE._replace(number="0." + "0" * decimals + '"%"' if decimals else '0"%"'),
                               formula=f"IF(SUM({all})=0,0,ROUND({own}/SUM({all})*100,{places}))")
            elif not any(character.isdigit() for character in words):
                self.sheet.put(self.down, 2, clean(words), _LABEL)  # what is still to be entered
            self.down += 1
        if chart.bars:
            self.sheet.drawings.append(Drawing(chart.kind, clean(chart.title), first, last, 0, 1, self.down, 0))
            self.down += _CHART_ROWS
        self.down += 1

    def _value(self, bar: Any, prior: bool) -> None:
        table, row, column = bar.address.split(".") if bar.address else ("", "", "")
        decimals = len(bar.text.partition("，")[0].partition(".")[2].rstrip(self.report.format.numbers["unit"]))
        thousands = "," in bar.text
        style = _FIGURE._replace(number=("#,##0" if thousands else "0") + ("." + "0" * decimals if decimals else ""))
        formula = ""
        if is_open(bar.text):
            self.sheet.put(self.down, 1, None, style)
            return
        if bar.address and not prior:
            formula = printed(reading(self.view, (table, row, column)), self.report, self.view, self.report.scale)
        elif bar.address and self.view.prior((table, row, column)):
            formula = f"ROUND({self.view.prior((table, row, column))},{self.report.decimals})"
        self.sheet.put(self.down, 1, bar.value, style, formula=formula)


def _parts(text: str, most: int) -> list[str]:
    """A text in parts of at most so many columns, each up to the end of a sentence if there is one."""
    parts = []
    while width(text) > most:
        cut = taken = 0
        while taken <= most:
            taken += width(text[cut])
            cut += 1
        ends = [text.rfind(mark, 1, cut - 1) for mark in "。；\n"]
        cut = max(ends) + 1 or cut - 1
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]
