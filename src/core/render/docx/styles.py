"""How a report looks: the page, the fonts and the styles, after GB/T 9704-2012.

Lengths are twips (1/20 pt), sizes half points. A page of text holds 22 lines of 28 characters of
16 pt (三号): 156 mm are 442.2 pt, so that every character gives up 0.25 pt of its 16, and 225 mm
are 637.8 pt, so that a line is 28.95 pt high.
"""

from __future__ import annotations

from typing import NamedTuple

from ...text.wrap import NO_END, NO_START
from .markup import HEAD, W, escape

SONG, TITLE, HEI, KAI, FANG = "宋体", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LATIN = "Times New Roman"

LINE = 579
"""The height of a line of text."""

CHARACTER = 315
"""The width of a character of text."""

MEASURE, HEIGHT = 8845, 12757
"""The type area of an upright page: 156 mm wide, 225 mm high."""

_SHORT, _LONG = 11906, 16838  # A4
_TOP, _LEFT, _RIGHT, _BOTTOM = 2098, 1588, 1473, 1983  # 37, 28, 26, 35 mm
_FOOTER = 1190  # from the lower edge of the page: the number stands 7 mm below the type area

TABLE_SIZES = {21: (280, 35, 60), 18: (240, 25, 45), 16: (215, 20, 40), 15: (200, 20, 35),
               13: (170, 15, 30), 11: (145, 15, 25), 9: (120, 10, 20), 7: (95, 10, 15), 5: (70, 5, 10)}  # fmt: skip
"""The sizes of text in tables (五号, 小五, 8 pt, 六号 …), largest first: the height of a line, the room above
and below a row's text, and the room on either side of a cell's."""

SMALLEST = 15
"""The smallest of them that is chosen; those below are for tables whose figures would break otherwise."""

RULE = 10
"""The width of the lines of a table."""


def section(landscape: bool = False, *, numbered: bool = False, restart: bool = False, draft: bool = False) -> str:
    """The w:sectPr of a section: its page, whether its pages bear numbers, and begin at 1; whether they
    say at their head that this is a draft."""
    headers = ('<w:headerReference w:type="default" r:id="rIdDraft"/><w:headerReference w:type="even" r:id="rIdDraft"/>'
               if draft else "")
    footers = ('<w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>'
               if numbered else "")
    if landscape:  # as an upright page turned to the left: its head is at the edge that is bound
        size = f'<w:pgSz w:w="{_LONG}" w:h="{_SHORT}" w:orient="landscape"/>'
        top, right, bottom, left = _LEFT, _TOP, _RIGHT, _BOTTOM
        footer = 700
    else:
        size = f'<w:pgSz w:w="{_SHORT}" w:h="{_LONG}"/>'
        top, right, bottom, left = _TOP, _RIGHT, _BOTTOM, _LEFT
        footer = _FOOTER
    start = '<w:pgNumType w:start="1"/>' if restart else ""
    return (f'<w:sectPr>{headers}{footers}<w:type w:val="nextPage"/>{size}<w:pgMar w:top="{top}" w:right="{right}" '
            f'w:bottom="{bottom}" w:left="{left}" w:header="851" w:footer="{footer}" w:gutter="0"/>{start}'
            f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>')


class Style(NamedTuple):
    """A paragraph style. `font` is the East Asian one; lines are exactly `line` high; `first` and
    `left` are indents in characters of text, `level` the outline's, from 0."""

    id: str
    name: str
    font: str = FANG
    size: int = 32
    line: int = LINE
    align: str = "both"
    first: int = 0
    left: int = 0
    before: int = 0
    after: int = 0
    level: int | None = None
    keep: bool = False
    bold: bool = False
    extra: str = ""
    based: str = "Normal"


_RIGHT_TAB = '<w:tabs><w:tab w:val="right" w:leader="{}" w:pos="{}"/></w:tabs>'

HEADINGS = (("1", TITLE, 44, "center", 0, False), ("2", HEI, 32, "both", 2, False), ("3", KAI, 32, "both", 2, False),
            ("4", FANG, 32, "both", 2, True))  # fmt: skip

STYLES = {style.id: style for style in (
    Style("BodyText", "Body Text"),
    Style("Indented", "Body Text First Indent", first=2, based="BodyText"),
    Style("Title", "Title", TITLE, 72, 1000, "center", after=600),
    *(Style(f"Heading{n}", f"heading {n}", font, size, align=align, first=first, level=int(n) - 1, keep=True,
            bold=bold, after=290 if n == "1" else 0) for n, font, size, align, first, bold in HEADINGS),
    # The same in the outline, but not in the contents, which are made of the headings above.
    *(Style(f"Heading{n}Unlisted", f"heading {n} unlisted", font, size, align=align, first=first, level=int(n) - 1,
            keep=True, bold=bold, after=290 if n == "1" else 0, based=f"Heading{n}")
      for n, font, size, align, first, bold in HEADINGS),
    Style("ContentsTitle", "TOC Heading", TITLE, 44, align="center", after=290),
    *(Style(f"TOC{n}", f"toc {n}", HEI if n == 1 else FANG, 28, 440, "left", left=n - 1,
            extra=_RIGHT_TAB.format("dot", MEASURE)) for n in range(1, 5)),
    Style("TableTitle", "Table Title", TITLE, 36, align="center", keep=True),
    *(Style(f"TableUnit{size}", f"Table Unit {size}", FANG, size, line, "left", keep=True, after=pad)
      for size, (line, pad, _side) in TABLE_SIZES.items()),
    *(Style(f"Table{size}", f"Table Text {size}", FANG, size, line, "left")
      for size, (line, *_) in TABLE_SIZES.items()),
    *(Style(f"TableNote{size}", f"Table Note {size}", FANG, size, line + 20, "both")
      for size, (line, *_) in TABLE_SIZES.items()),
    Style("Caption", "caption", HEI, 28, 480, "center", before=200, keep=True),
    Style("Figure", "Figure", FANG, 21, 0, "center", after=200),
    Style("Footer", "footer", SONG, 28, 400, "left"),
    Style("Header", "header", HEI, 28, 400, "center"),
    Style("Break", "Break", FANG, 2, 20, "left"),
)}  # fmt: skip
"""Every paragraph style but Normal, by id. Names that Word knows are its own, in English."""

SQUEEZED, SQUEEZE = {32}, 5
"""The sizes whose characters give up a little, so that 28 stand on a line, and how much."""


def styles_part(document: str) -> str:
    """word/styles.xml; the styles of the smallest tables only if `document`, the body's XML, has such."""
    rare = {f"Table{part}{size}" for size in TABLE_SIZES if size < SMALLEST for part in ("", "Unit", "Note")}
    used = (style for style in STYLES.values() if style.id not in rare or f'"{style.id}"' in document)
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:eastAsia="{FANG}" w:hAnsi="{LATIN}" w:cs="{LATIN}"/>'
    border = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
                     for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="000000"/>'
        '<w:kern w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:qFormat/><w:pPr><w:widowControl/><w:kinsoku/><w:wordWrap/>'
        f'<w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" '
        'w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" '
        'w:type="dxa"/></w:tblCellMar></w:tblPr></w:style><w:style w:type="table" w:styleId="TableGrid"><w:name '
        f'w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{border}</w:tblBorders></w:tblPr>'
        f'</w:style>{"".join(map(_style, used))}</w:styles>'
    )


def _style(style: Style) -> str:
    indent = ""
    if style.first:
        indent = f'<w:ind w:firstLineChars="{style.first * 100}" w:firstLine="{style.first * CHARACTER}"/>'
    elif style.left:
        indent = f'<w:ind w:leftChars="{style.left * 100}" w:left="{style.left * CHARACTER}"/>'
    keep = "<w:keepNext/><w:keepLines/>" if style.keep else ""
    line = f' w:line="{style.line}" w:lineRule="exact"' if style.line else ' w:line="240" w:lineRule="auto"'
    grid = "" if (style.size, style.line) == (32, LINE) else '<w:snapToGrid w:val="0"/>'
    level = "" if style.level is None else f'<w:outlineLvl w:val="{style.level}"/>'
    bold = "<w:b/>" if style.bold else ""
    squeezed = f'<w:spacing w:val="-{SQUEEZE}"/>' if style.size in SQUEEZED else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based}"/><w:qFormat/><w:pPr>{keep}{style.extra}{grid}<w:spacing '
        f'w:before="{style.before}" w:after="{style.after}"{line}/>{indent}<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f'<w:rPr><w:rFonts w:eastAsia="{style.font}"/>{bold}{squeezed}<w:sz w:val="{style.size}"/>'
        f'<w:szCs w:val="{style.size}"/></w:rPr></w:style>'
    )


def settings_part() -> str:
    """word/settings.xml: pages that face each other, and the marks that no line starts or ends with."""
    after, before = (escape("".join(sorted(signs))) for signs in (NO_END, NO_START))
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{after}"/><w:noLineBreaksBefore w:lang="zh-CN" w:val="{before}"/>'
        '<w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        '</w:settings>'
    )


_FONTS = (  # name, what to take in its place, family, character set
    (LATIN, "", "roman", "00"), (SONG, "SimSun", "auto", "86"), (HEI, "SimHei", "modern", "86"),
    (KAI, "楷体", "modern", "86"), (FANG, "仿宋", "modern", "86"), (TITLE, "华文中宋", "auto", "86"),
)  # fmt: skip


def fonts_part() -> str:
    """word/fontTable.xml: what stands in for fonts that a machine may not have. None is embedded."""
    fonts = "".join(
        f'<w:font w:name="{name}">{f"""<w:altName w:val="{other}"/>""" if other else ""}<w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, family, charset in _FONTS)
    return f'{HEAD}<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


_COLOURS = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "44546A", "lt2": "E7E6E6", "accent1": "1F4E79",
            "accent2": "9DC3E6", "accent3": "C55A11", "accent4": "F8CBAD", "accent5": "375623", "accent6": "A9D18E",
            "hlink": "0563C1", "folHlink": "954F72"}  # fmt: skip


def theme_part() -> str:
    """word/theme/theme1.xml: Word expects one. Nothing here goes by it; what a user adds may."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items())
    fonts = "".join(
        f'<a:{use}Font><a:latin typeface="{LATIN}"/><a:ea typeface="{font}"/><a:cs typeface=""/></a:{use}Font>'
        for use, font in (("major", HEI), ("minor", FANG)))
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="juesuan">'
        '<a:themeElements>'
        f'<a:clrScheme name="juesuan">{colours}</a:clrScheme><a:fontScheme name="juesuan">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="juesuan"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}'
        f'</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}'
        '</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>'
    )
