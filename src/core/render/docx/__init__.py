"""A report as a Word document, ready to publish: page, fonts, numbering after GB/T 9704-2012.

    markup    runs, paragraphs and fields as XML
    styles    the page, the fonts, the styles
    body      the blocks in sections, the table of contents, the footers
    tables    printed tables: upright or across, at the size that fits
    charts    charts as Office's own
    room      how wide the columns must be in any font
    measure   how many lines a text takes
    paging    on which page a heading will stand
    package   the parts in one file
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...document import Chart, Document
from .body import document_part, footer_part, header_part
from .charts import chart_part, name
from .markup import HEAD, escape, plain
from .package import Member, package
from .styles import fonts_part, settings_part, styles_part, theme_part

if TYPE_CHECKING:
    from ...report import Report


def render(document: Document) -> bytes:
    """The document as a .docx file: the same bytes for the same document, whatever the clock says.
    ValueError when cells of a table overlap."""
    body = document_part(document)
    members = [
        Member("styles.xml", "STYLES", "rIdStyles", styles_part(body)),
        Member("settings.xml", "SETTINGS", "rIdSettings", settings_part()),
        Member("fontTable.xml", "FONT_TABLE", "rIdFonts", fonts_part()),
        Member("theme/theme1.xml", "THEME", "rIdTheme", theme_part()),
        Member("footer1.xml", "FOOTER", "rIdOdd", footer_part(False)),
        Member("footer2.xml", "FOOTER", "rIdEven", footer_part(True)),
    ]
    if document.draft is not None:
        members.append(Member("header1.xml", "HEADER", "rIdDraft", header_part(document.draft.line)))
    shown = [block for block in document.blocks if isinstance(block, Chart)]
    for number, chart in enumerate(shown, 1):
        members.append(Member(f"charts/chart{number}.xml", "CHART", name(number), chart_part(chart)))
    return package(body, _properties(document), members)


def export(document: Document, report: Report) -> bytes:
    """The bytes of `render`."""
    return render(document)


def _properties(document: Document) -> str:
    """docProps/core.xml: the title and the language, and no date."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title>{escape(plain(document.title))}</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>'
    )
