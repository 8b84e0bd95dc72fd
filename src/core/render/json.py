"""A report as JSON, for scripts: tables, sections, progress and findings, all figures as printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..checks import Finding, findings
from ..document import Heading, Paragraph, Table
from ..progress import progress

if TYPE_CHECKING:
    from ..document import Document
    from ..report import Report


def render(document: "Document", report: "Report") -> str:
    """The report as one JSON object (docs/json.md), readable, ending with a newline."""
    return json.dumps(as_data(document, report), ensure_ascii=False, indent=1) + "\n"


def as_data(document: "Document", report: "Report") -> dict[str, Any]:
    """The report as plain dictionaries and lists."""
    return {
        **head(report),
        "tables": [{"id": block.id, "form": block.form, "title": block.title,
                    "rows": [{"id": id, "code": code, "label": label.strip(), "cells": cells}
                             for id, code, label, cells in block.records]}
                   for block in document.blocks if isinstance(block, Table)],
        "sections": _sections(document),
        **judged(report),
    }


def head(report: "Report") -> dict[str, Any]:
    """Which report it is."""
    source = report.source
    return {"format": report.format.id, "year": source.year, "department": source.department,
            "unit": report.format.numbers["unit"]}


def judged(report: "Report") -> dict[str, Any]:
    """Progress and findings."""
    done = progress(report)
    return {
        "progress": {"required": done.required, "done": done.done, "percent": done.percent,
                     "missing": [{"kind": need.kind, "id": need.key, "section": need.section, "place": need.place,
                                  "line": report.source.line(need.path)} for need in done.missing]},
        "findings": [_finding(report, finding) for finding in findings(report)],
    }


def _finding(report: "Report", finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "severity": finding.severity, "cell": finding.cell, "place": finding.place,
            "line": report.source.line(finding.path), "message": finding.message, "left": finding.left,
            "right": finding.right, "difference": finding.difference, "tolerance": finding.tolerance,
            "hint": finding.hint, "source": finding.source}


def _sections(document: "Document") -> list[dict[str, str]]:
    sections: list[dict[str, str]] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            sections.append({"id": block.id, "number": block.number.strip().rstrip("、."), "title": block.title, "text": ""})
        elif isinstance(block, Paragraph) and sections:
            sections[-1]["text"] += ("\n" if sections[-1]["text"] else "") + block.text
    return sections
