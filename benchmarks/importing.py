# ruff: noqa: E501 - headers of tables stand on a line each
"""Taking the figures of a workbook into a source: how long until all that it would change is known."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import xlsxwriter
from juesuan.core.formats import load_format
from juesuan.core.importing.book import BookError, read_book
from juesuan.core.importing.plan import Plan, make_plan
from juesuan.core.opening import build_report
from juesuan.core.reading import load_source, parse_source
from juesuan.core.report import Report
from juesuan.core.skeleton import new_source

from .measure import juesuan, milliseconds, processes, table, verdict
from .synthetic import FORMAT, YEAR, source

HEADS = {
    "income": ("收入决算表", ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入",
                         "附属单位上缴收入", "其他收入"],
               ["total", "fiscal", "superior_subsidy", "undertaking", "business", "affiliated", "other"]),
    "expenditure": ("支出决算表", ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出",
                            "对附属单位补助支出"],
                    ["total", "basic", "project", "remitted", "business", "subsidy"]),
    "general_budget": ("一般公共预算财政拨款支出决算表", ["科目编码", "科目名称", "小计", "基本支出", "项目支出"],
                       ["total", "basic", "project"]),
}  # fmt: skip


def importing(quick: bool) -> None:
    """The three tables by account of made-up departments, in 元, into an empty source; then hostile workbooks."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        empty = os.path.join(folder, "new.toml")
        Path(empty).write_text(new_source(load_format(FORMAT), "某市第0局", YEAR), encoding="utf-8")
        for items in (100, 300) if quick else (300, 1400):
            report = build_report(parse_source(source(items)))
            book = os.path.join(folder, f"{items}.xlsx")
            count, figures = write_book(book, report)
            plans: list[Plan] = []

            def whole(book: str = book, plans: list[Plan] = plans) -> None:
                plans.append(make_plan(build_report(load_source(empty)), read_book(book)))

            whole()
            if plans[0].faults or plans[0].differences or not plans[0].new:
                raise RuntimeError("the workbook is not read as it was written")
            taken, computing = measured(whole, 3 if quick else 9)
            reading, _own = measured(partial(read_book, book), 3)
            commands = {"bare": [sys.executable, "-c", "pass"],
                        "import": [*juesuan(), "import", book, empty, "--dry-run"]}  # fmt: skip
            office = shutil.which("soffice")
            if office:
                commands["office"] = [office, f"-env:UserInstallation=file://{folder}/office", "--headless",
                                      "--convert-to", "csv", "--outdir", folder, book]  # fmt: skip
            process = processes(commands, 3 if quick else 5)
            own = process["import"][0].median
            calc = process["office"][0].median if office else 0.0
            goal = f"1 s {verdict(taken, 1.0)}" if count >= 4500 else ""
            rows.append((f"{count:,} rows, {figures:,} figures", milliseconds(reading), milliseconds(taken),
                         milliseconds(computing), milliseconds(own), f"{own / process['bare'][0].median:.1f}",
                         milliseconds(calc) if office else "-", f"{own / calc:.2f}" if office else "-", goal))
        table("Import: read a workbook, find its tables, plan every change, compare every total",
              ("workbook", "reading", "in all", "of computing", "juesuan import", "of python -c pass", "soffice to csv", "ratio",
               "target"), rows)  # fmt: skip
        hostile(folder)


def write_book(path: str, report: Report) -> tuple[int, int]:
    """The tables by account as a workbook; how many rows and figures it has."""
    book = xlsxwriter.Workbook(path)
    rows = figures = 0
    for id, (title, heads, columns) in HEADS.items():
        sheet = book.add_worksheet(title)
        sheet.write(0, 0, title)
        sheet.write(1, 0, "单位：元")
        sheet.write_row(2, 0, heads)
        for number, row in enumerate(report.rows(id), 3):
            sheet.write_string(number, 0, "" if row == "total" else row)
            sheet.write_string(number, 1, "合计" if row == "total" else report.name(row))
            for at, column in enumerate(columns, 2):
                sheet.write_number(number, at, float(report.value((id, row, column))))
            rows, figures = rows + 1, figures + len(columns)
    book.close()
    return rows, figures


def hostile(folder: str) -> None:
    """Workbooks that no accountant made: how soon they are refused."""
    row = b'<row r="1">' + b'<c r="A1"><v>1</v></c>' * 1000 + b"</row>"
    empty = b"".join(b'<row r="%d">%s</row>' % (n, b'<c r="A1" s="1"/>' * 20) for n in range(1, 60001))
    cells = b"".join(b'<row r="%d">%s</row>' % (n, b'<c r="A1"><v>1</v></c>' * 20) for n in range(1, 19990))
    made = {"a zip that unpacks to 400 MB": row * 18000, "1,200,000 empty cells": empty, "399,780 cells, as many as may be":
            cells, "one cell in the last row and column": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'}
    rows = []
    path = os.path.join(folder, "sound.xlsx")
    book = xlsxwriter.Workbook(path)
    book.add_worksheet()
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in made.items():
        file = os.path.join(folder, "hostile.xlsx")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, data in parts.items():
                archive.writestr(part, b"<worksheet><sheetData>" + content + b"</sheetData></worksheet>"
                                 if part.endswith("sheet1.xml") else data)

        def refuse(file: str = file) -> None:
            with contextlib.suppress(BookError):
                read_book(file)

        taken, computing = measured(refuse, 3)
        rows.append((name, f"{os.path.getsize(file) / 1024:.0f} KiB", milliseconds(taken), milliseconds(computing),
                     f"2 s {verdict(taken, 2.0)}"))  # fmt: skip
    table("Workbooks that no accountant made: until they are refused (or read)",
          ("workbook", "size", "in all", "of computing", "target"), rows)  # fmt: skip


def measured(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds that a call takes, and of how many the processor computes: the median of each."""
    walls, computing = [], []
    for _round in range(rounds):
        wall, own = time.perf_counter(), time.process_time()
        call()
        walls.append(time.perf_counter() - wall)
        computing.append(time.process_time() - own)
    return statistics.median(walls), statistics.median(computing)
