"""A report as JSON, for scripts: tables, sections, progress and findings, all figures as printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ..checks import Finding, findings
from ..document import Chart, Heading, Paragraph, Table, is_open
from ..progress import progress

if TYPE_CHECKING:
    from ..document import Document
    from ..report import Report


def render(document: Document, report: Report) -> str:
    """The report as one JSON object (docs/json.md), readable, ending with a newline."""
    return dump(as_data(document, report), indent=1) + "\n"


def export(document: Document, report: Report) -> bytes:
    """The bytes of `render`."""
    return render(document, report).encode()


def dump(data: dict[str, Any], indent: int | None = None) -> str:
    """JSON in UTF-8. What JSON lets stand and a terminal would act on (C1 controls, bidirectional
    marks, half characters) is escaped: such characters only stand inside of its strings."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return _UNPRINTABLE.sub(lambda match: json.dumps(match[0])[1:-1], text)


_UNPRINTABLE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
                          "\U000e0000-\U000e007f]")


def as_data(document: Document, report: Report) -> dict[str, Any]:
    """The report as plain dictionaries and lists."""
    return {
        **head(report),
        "draft": document.draft._asdict() if document.draft is not None else None,
        "tables": [{"id": block.id, "form": block.form, "title": block.title,
                    "unit": block.unit or report.format.numbers["unit"],
                    "rows": [{"id": id, "code": code, "label": label.strip(), "cells": _known(cells)}
                             for id, code, label, cells in block.records],
                    "notes": [note.strip() for note in block.notes]}
                   for block in document.blocks if isinstance(block, Table)],
        "sections": _sections(document),
        **_charts(document),
        **judged(report),
    }


def head(report: Report) -> dict[str, Any]:
    """Which report it is."""
    source = report.source
    return {"format": report.format.id, "year": source.year, "department": source.department,
            "unit": report.format.numbers["unit"]}


def checked(report: Report, file: str) -> dict[str, Any]:
    """What `juesuan check` says of a file."""
    return {"file": file, **head(report), **judged(report)}


def judged(report: Report) -> dict[str, Any]:
    """Progress and findings."""
    done = progress(report)
    return {
        "progress": {"required": done.required, "done": done.done, "percent": done.percent,
                     "missing": [{"kind": need.kind, "id": need.key, "section": need.section, "place": need.place,
                                  "line": report.source.line(need.path)} for need in done.missing]},
        "findings": [_finding(report, finding) for finding in findings(report)],
    }


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "severity": finding.severity, "cell": finding.cell, "place": finding.place,
            "line": report.source.line(finding.path), "message": finding.message, "left": finding.left,
            "right": finding.right, "difference": finding.difference, "tolerance": finding.tolerance,
            "hint": finding.hint, "source": finding.source, "acknowledged": finding.acknowledged}


def _known(cells: dict[str, str]) -> dict[str, str | None]:
    """Printed figures; null for what is not known."""
    return {column: None if is_open(text) else text for column, text in cells.items()}


def _charts(document: Document) -> dict[str, Any]:
    """The charts, where the report has any."""
    charts = [{"id": chart.id, "section": chart.section, "kind": chart.kind, "title": chart.title, "unit": chart.unit,
               "bars": [{"label": bar.label, "value": None if is_open(bar.text) else str(bar.value), "text": bar.text}
                        for bar in chart.bars]}
              for chart in document.blocks if isinstance(chart, Chart)]
    return {"charts": charts} if charts else {}


def _sections(document: Document) -> list[dict[str, str]]:
    sections: list[dict[str, str]] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            number = block.number.strip().rstrip("、.")
            sections.append({"id": block.id, "number": number, "title": block.title, "text": ""})
        elif isinstance(block, Paragraph) and sections:
            sections[-1]["text"] += ("\n" if sections[-1]["text"] else "") + block.text
    return sections
