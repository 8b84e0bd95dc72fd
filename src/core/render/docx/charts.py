"""Charts as Office's own, with their data in them: they can be restyled, and need no other file."""

from __future__ import annotations

from ...document import OPEN, Bar, Chart, pieces
from .markup import HEAD, R, escape, plain
from .styles import FANG, LATIN

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
NAMESPACES = f'xmlns:wp="{_WP}" xmlns:a="{_A}" xmlns:c="{_C}"'

_WIDE = 150  # mm
_MM = 36000  # of the drawing's own unit

# Told apart in print without colours, too: dark and light take turns.
_COLOURS = ("1F4E79", "9DC3E6", "C55A11", "F8CBAD", "375623", "A9D18E", "7F6000", "FFE699", "595959", "BFBFBF")


def height(chart: Chart) -> int:
    """The height of the drawing in mm."""
    if chart.kind == "bars":
        return min(25 + 9 * len(chart.bars), 200)
    if chart.kind == "shares":
        return max(65, min(15 + 7 * len(chart.bars), 200))
    return 70


def drawing(chart: Chart, number: int) -> str:
    """The run that shows the chart of this number."""
    bars = "；".join(f"{_plain(bar.label)} {_plain(bar.text)}" for bar in chart.bars)
    told = escape(f"{_plain(chart.title)}：{bars}")
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{_WIDE * _MM}" cy="{height(chart) * _MM}"/><wp:docPr id="{number}" name="Chart {number}" '
        f'descr="{told}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_C}"><c:chart r:id="{name(number)}"/>'
        '</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def name(number: int) -> str:
    """By which the text refers to the chart of this number."""
    return f"rIdChart{number}"


def chart_part(chart: Chart) -> str:
    """word/charts/chartN.xml"""
    return (
        f'{HEAD}<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{R}"><c:date1904 val="0"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        f'{_PIE + _pie(chart) if chart.kind == "shares" else "<c:layout/>" + _bars(chart)}</c:plotArea>'
        f'{_legend(chart) if chart.kind == "shares" else ""}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        '<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_text("")}</c:chartSpace>'
    )


_MARK = '<a:solidFill><a:srgbClr val="C00000"/></a:solidFill><a:highlight><a:srgbClr val="FFFF00"/></a:highlight>'
"""What is still to be entered: the colour as well, since not every program shows highlights in charts."""


def _text(body: str, colour: str = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>') -> str:
    """The fonts of a text in a chart, and how it lies."""
    return (f'<c:txPr><a:bodyPr{body}/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1050">{colour}'
            f'<a:latin typeface="{LATIN}"/><a:ea typeface="{FANG}"/></a:defRPr></a:pPr>'
            '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>')  # fmt: skip


_LEVEL = _text(' rot="0" vert="horz"')


def _place(left: float, top: float, wide: float, high: float, inner: str = "") -> str:
    """Where a part of a chart stands, in parts of the whole."""
    return (f'<c:layout><c:manualLayout>{inner}<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{left}"/>'
            f'<c:y val="{top}"/><c:w val="{wide}"/><c:h val="{high}"/></c:manualLayout></c:layout>')  # fmt: skip


_PIE = _place(0.02, 0.06, 0.38, 0.88, '<c:layoutTarget val="inner"/>')


def _legend(chart: Chart) -> str:
    marked = "".join(f'<c:legendEntry><c:idx val="{number}"/>{_text("", _MARK)}</c:legendEntry>'
                     for number, bar in enumerate(chart.bars) if OPEN.search(bar.label + bar.text))
    return f'<c:legend><c:legendPos val="r"/>{marked}{_place(0.44, 0.05, 0.55, 0.9)}<c:overlay val="0"/></c:legend>'


def _pie(chart: Chart) -> str:
    """The parts of a whole; label and figure stand in the legend, where those of small parts have room."""
    labels = [f"{_plain(bar.label)}　{_plain(bar.text)}" for bar in chart.bars]
    points = "".join(f'<c:dPt><c:idx val="{number}"/><c:bubble3D val="0"/>{_fill(number)}</c:dPt>'
                     for number in range(len(chart.bars)))  # fmt: skip
    return (f'<c:pieChart><c:varyColors val="1"/><c:ser>{_series(chart)}{points}{_data(labels, chart.bars)}</c:ser>'
            '<c:firstSliceAng val="0"/></c:pieChart>')  # fmt: skip


def _bars(chart: Chart) -> str:
    """Bars from left to right, or one below the other where their names are long; each with its figure."""
    lying = chart.kind == "bars"
    points = ""
    if chart.kind == "totals":  # last year's light, this year's dark
        points = "".join(f'<c:dPt><c:idx val="{number}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
                         f'{_fill(1 - number % 2)}</c:dPt>' for number in range(len(chart.bars)))  # fmt: skip
    labels = "".join(
        f'<c:dLbl><c:idx val="{number}"/><c:tx><c:rich><a:bodyPr/><a:p>{_words(_plain(bar.text))}'
        f'</a:p></c:rich></c:tx><c:dLblPos val="outEnd"/>{_SHOWN}</c:dLbl>'
        for number, bar in enumerate(chart.bars))
    return (
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser>{_series(chart)}{_fill(0)}<c:invertIfNegative val="0"/>{points}<c:dLbls>{labels}'
        f'<c:dLblPos val="outEnd"/>{_SHOWN}</c:dLbls>{_data([_plain(bar.label) for bar in chart.bars], chart.bars)}'
        '</c:ser><c:gapWidth val="70"/><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/>'
        f'<c:scaling><c:orientation val="{"maxMin" if lying else "minMax"}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'{_LEVEL}<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx><c:valAx><c:axId val="2"/>'
        '<c:scaling><c:orientation val="minMax"/>'
        f'</c:scaling><c:delete val="1"/><c:axPos val="{"b" if lying else "l"}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="none"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>'
    )


_SHOWN = ('<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
          '<c:showPercent val="0"/><c:showBubbleSize val="0"/>')  # fmt: skip


def _series(chart: Chart) -> str:
    return f'<c:idx val="0"/><c:order val="0"/><c:tx><c:v>{escape(_plain(chart.unit))}</c:v></c:tx>'


def _fill(number: int) -> str:
    colour = _COLOURS[number % len(_COLOURS)]
    return f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'


def _data(labels: list[str], bars: tuple[Bar, ...]) -> str:
    count = f'<c:ptCount val="{len(bars)}"/>'
    names = "".join(f'<c:pt idx="{number}"><c:v>{escape(label)}</c:v></c:pt>' for number, label in enumerate(labels))
    values = "".join(f'<c:pt idx="{number}"><c:v>{bar.value:f}</c:v></c:pt>' for number, bar in enumerate(bars))
    return (f'<c:cat><c:strLit>{count}{names}</c:strLit></c:cat>'
            f'<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{values}</c:numLit></c:val>')  # fmt: skip


def _words(text: str) -> str:
    """A text in a chart; what is still to be entered is marked, as in the report's sentences."""
    return "".join(f'<a:r><a:rPr lang="zh-CN"{f">{_MARK}</a:rPr>" if open else "/>"}<a:t>{escape(piece)}</a:t></a:r>'
                   for piece, open in pieces(text))  # fmt: skip


def _plain(text: str) -> str:
    return plain(text).strip()
