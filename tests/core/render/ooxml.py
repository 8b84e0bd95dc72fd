"""What the schema of WordprocessingML asks for, as far as these tests look: the order of elements
(ISO/IEC 29500-1, annex A) and rows that fill their table's grid."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
           "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
           "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
           "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
           "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
           "em lang eastAsianLayout specVanish oMath",
    "tbl": "tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
             "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblCellMar": "top left bottom right",
    "tblBorders": "top left bottom right insideH insideV",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
              "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
             "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "settings": "writeProtection view zoom defaultTabStop evenAndOddHeaders characterSpacingControl noLineBreaksAfter "
                "noLineBreaksBefore updateFields compat themeFontLang decimalSymbol listSeparator",
}  # fmt: skip
"""The children of an element in their order. (`settings`: those that are written here.)"""


def order_faults(root: etree._Element) -> list[str]:
    """Elements whose children are unknown, or stand in another order than the schema's."""
    faults = []
    for node in root.iter():
        if not isinstance(node.tag, str) or not node.tag.startswith(W):
            continue
        allowed = ORDER.get(node.tag.removeprefix(W))
        if allowed is None:
            continue
        names = [child.tag.removeprefix(W) for child in node]
        known = allowed.split()
        if set(names) - set(known) or names != sorted(names, key=known.index):
            faults.append(f"{node.tag.removeprefix(W)}: {names}")
    return faults


def grid_faults(root: etree._Element) -> list[str]:
    """Rows that don't fill their table's grid, cells that go on below nothing, cells without a paragraph."""
    faults = []
    for number, table in enumerate(root.iter(f"{W}tbl")):
        count = len(table.find(f"{W}tblGrid"))
        above: dict[tuple[int, int], bool] = {}
        for row in table.iterfind(f"{W}tr"):
            at, here = 0, {}
            for cell in row.iterfind(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                wide = 1 if span is None else int(span.get(f"{W}val"))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
                if goes_on and not above.get((at, wide)):
                    faults.append(f"table {number}: a cell goes on below nothing")
                if cell.find(f"{W}p") is None:
                    faults.append(f"table {number}: a cell without a paragraph")
                here[at, wide] = merge is not None
                at += wide
            if at != count:
                faults.append(f"table {number}: a row of {at} columns in a grid of {count}")
            above = here
    return faults
