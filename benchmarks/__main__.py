"""Run the benchmarks: python -m benchmarks [edit] [start] [many] [merge] [large] [office] [import] [terminal] [--quick]

Every figure stands beside a named baseline that was measured in the same run; what has a
target says whether it is met. README.md tells how to read it.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from juesuan.core.amounts import UNITS
from juesuan.core.compose import compose
from juesuan.core.reading import parse_source
from juesuan.core.render import text
from juesuan.core.report import Report
from juesuan.core.source import Cell, is_derived

from . import libreoffice
from .importing import importing
from .measure import Times, juesuan, milliseconds, processes, run, table, times, verdict
from .office import office
from .spreadsheet import workbook
from .synthetic import source
from .terminal import terminal

EXAMPLE = Path(__file__).parents[1] / "examples" / "sanming-2024.toml"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times juesuan against named baselines.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds and smaller reports: to see that all of it runs"
    )
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
    print(f"Python {platform.python_version()}, {platform.system()}, {_cores()} cores, load {os.getloadavg()[0]:.1f}")
    for name, benchmark in BENCHMARKS.items():
        if not options.names or name in options.names:
            benchmark(options.quick)
    return 0


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ── one edit ──


def edit(quick: bool) -> None:
    """One edit with everything that it changes, in a report that is watched."""
    items = 200 if quick else 2000
    made = [("example", EXAMPLE.read_text(encoding="utf-8"), 0.002), (f"{items:,} 项 rows", source(items), 0.010)]
    rows = []
    for name, content, target in made:
        report = Report(parse_source(content))
        opening = times([report.watch]).median
        cells = _amounts(report)
        chosen = cells[:: max(1, len(cells) // (40 if quick else 200))]
        ours = _edits(report, chosen)
        baseline = _spreadsheet(report, chosen[:: max(1, len(chosen) // 20)], 4 if quick else 20)
        calc = full = ratio = "-"
        if baseline is not None:
            calc, full = milliseconds(baseline["edits"].median), milliseconds(baseline["full"].median)
            ratio = f"{ours.median / baseline['edits'].median:.2f}"
        goal = f"{milliseconds(target)} {verdict(ours.median, target)}"
        rows.append((name, str(len(chosen) * 2), milliseconds(ours.median), milliseconds(ours.late), calc, full, ratio,
                     goal, milliseconds(opening)))  # fmt: skip
    table("One edit: every figure, sentence, finding and need that it changes",
          ("report", "edits", "median", "99 %", "Calc: edit, read 2", "Calc: all", "ratio", "target", "opening"),
          rows)  # fmt: skip
    if libreoffice.find() is None:
        print("  LibreOffice with UNO is not installed: no baseline (Debian: apt install libreoffice-calc python3-uno)")


def _amounts(report: Report) -> list[Cell]:
    """The entered amounts, table by table."""
    tables = report.taxonomy.tables
    return [
        cell
        for cell, entry in report.source.entries.items()
        if entry.value
        and tables[cell[0]].columns[cell[2]].kind == "amount"
        and not is_derived(tables[cell[0]], *cell[1:])
    ]


def _edits(report: Report, cells: list[Cell]) -> Times:
    """Each of the cells 100 元 higher, and back."""
    unit = UNITS[report.source.unit]
    calls = []
    for cell in cells:
        value = report.source.entries[cell].value
        calls += [partial(report.set, cell, format(new / unit, ".2f")) for new in (value + 100, value)]
    gc.collect()
    return times(calls)


def _spreadsheet(report: Report, cells: list[Cell], rounds: int) -> dict[str, Times] | None:
    """The same in LibreOffice Calc: set a cell, read the two totals that it is part of."""
    if libreoffice.find() is None:
        return None
    book = workbook(report)
    edits = [(book.places[cell], [float(report.value(cell)) + 100 * (1 - turn) for turn in range(2)]) for cell in cells]
    reads = [book.places["fiscal", "total", "total"], book.places["overview", "closing_balance", "amount"]]
    answer: dict[str, Any] | None = libreoffice.recalculate(book.sheets, edits, reads, rounds)
    if answer is None:
        return None
    expected = [
        float(report.value(cell)) for cell in (("fiscal", "total", "total"), ("overview", "closing_balance", "amount"))
    ]
    if any(abs(one - other) > 0.005 for one, other in zip(answer["start"], expected)):
        raise RuntimeError(f"the spreadsheet computes {answer['start']}, the report {expected}")
    return {key: Times(tuple(sorted(answer[key]))) for key in ("edits", "full", "bare")}


# ── cold starts ──


def start(quick: bool) -> None:
    """Whole processes, from the command to its end, against an interpreter that does nothing."""
    program = juesuan()
    with _folder() as folder:
        out = os.path.join(folder, "out.txt")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "juesuan --help": [*program, "--help"],
            "juesuan check": [*program, "check", str(EXAMPLE)],
            "juesuan export (text)": [*program, "export", str(EXAMPLE), "-o", out],
            "juesuan export (json)": [*program, "export", str(EXAMPLE), "--to", "json", "-o", out],
        }
        taken = processes(commands, 3 if quick else 21)
    targets = {"juesuan --help": 5, "juesuan export (text)": 10}
    bare, bare_computing = (own.median for own in taken["python -c pass"])
    rows = []
    for name, (own, computing) in taken.items():
        ratio = own.median / bare
        target = f"{targets[name]} {verdict(ratio, targets[name])}" if name in targets else ""
        rows.append((name, milliseconds(own.median), milliseconds(own.late), f"{ratio:.1f}",
                     f"{computing.median / bare_computing:.1f}", target))  # fmt: skip
    table("Cold starts on the example, whole processes, one of each in turn",
          ("command", "median", "99 %", "ratio", "of computing", "target"), rows)  # fmt: skip


# ── many reports ──


def many(quick: bool) -> None:
    """Many files in one command: the cost of a report must not grow with their number."""
    rows = []
    first = 0.0
    bare = processes({"bare": [sys.executable, "-c", "pass"]}, 3 if quick else 11)["bare"][0].median
    with _folder() as folder:
        files = []
        for number in range(30 if quick else 1000):
            file = os.path.join(folder, f"{number:04}.toml")
            Path(file).write_text(source(8 + number % 17, projects=number % 4, seed=number), encoding="utf-8")
            files.append(file)
        for count in (3, 30) if quick else (10, 100, 1000):
            done = run([*juesuan(), "export", *files[:count], "--out-dir", os.path.join(folder, f"out{count}")])
            cost = done.seconds / count
            first = first or cost
            targets = f"{verdict(done.seconds, 30)} 30 s, {verdict(done.memory, 150)} 150 MiB" if count == 1000 else ""
            rows.append((f"{count:,} reports", milliseconds(done.seconds), milliseconds(cost), f"{cost / bare:.2f}",
                         f"{cost / first:.2f}", f"{done.memory:.0f} MiB", targets))  # fmt: skip
    table(f"Many reports in one command, {_cores()} cores (python -c pass: {milliseconds(bare)})",
          ("", "whole", "a report", "of python -c pass", "of the first line", "memory of a process", "target"),
          rows)  # fmt: skip


# ── the units of a department ──


def merge(quick: bool) -> None:
    """One `juesuan merge` of ever more units: whole processes; the memory must not grow with the units."""
    rows = []
    first = 0.0
    bare = processes({"bare": [sys.executable, "-c", "pass"]}, 3 if quick else 11)["bare"][0].median
    with _folder() as folder:
        files = []
        for number in range(30 if quick else 1000):
            file = os.path.join(folder, f"{number:04}.toml")
            Path(file).write_text(source(8 + number % 17, projects=number % 4, seed=number), encoding="utf-8")
            files.append(file)
        for count in (3, 30) if quick else (10, 100, 1000):
            out = os.path.join(folder, f"out{count}.toml")
            done = run([*juesuan(), "merge", *files[:count], "-o", out])
            cost = done.seconds / count
            first = first or cost
            size = os.path.getsize(out) / 2**20
            targets = f"{verdict(done.seconds, 20)} 20 s" if count == 1000 else ""
            rows.append((f"{count:,} units", milliseconds(done.seconds), milliseconds(cost), f"{cost / bare:.2f}",
                         f"{cost / first:.2f}", f"{done.memory:.0f} MiB", f"{size:.1f} MiB", targets))  # fmt: skip
        out = os.path.join(folder, "out1000.toml" if not quick else "out30.toml")
        traced = run([*juesuan(), "explain", out, "income.total"])
        memory = f"{traced.memory:.0f} MiB"
        rows.append(("explain, to the units", milliseconds(traced.seconds), "", "", "", memory, "", ""))
    table(f"A department of many units, {_cores()} cores (python -c pass: {milliseconds(bare)})",
          ("", "whole", "a unit", "of python -c pass", "of the first line", "memory of a process", "the source",
           "target"), rows)  # fmt: skip


# ── large reports ──


def large(quick: bool) -> None:
    """All figures and the text of ever larger reports: the cost of a row must not grow."""
    text.render(compose(Report(parse_source(source(10)))))  # loads the format
    rows = []
    first = 0.0
    for items in (250, 500, 1000) if quick else (2500, 5000, 10000):
        content = source(items)
        made: dict[str, Any] = {}

        def read(content: str = content, made: dict[str, Any] = made) -> None:
            made["report"] = Report(parse_source(content))

        def figures(made: dict[str, Any] = made) -> None:
            report: Report = made["report"]
            for fact in report.taxonomy.tables.values():
                for row in report.rows(fact.id):
                    for column in fact.columns:
                        report.value((fact.id, row, column))

        def write(made: dict[str, Any] = made) -> None:
            made["text"] = text.render(compose(made["report"]))

        gc.collect()
        steps = [times([step]).median for step in (read, figures, write)]
        row = sum(steps) / items
        first = first or row
        rows.append((f"{items:,} 项 rows", *map(milliseconds, steps), milliseconds(sum(steps)),
                     f"{row * 1e6:.0f} µs", f"{row / first:.2f}"))  # fmt: skip
    table("Large reports: read, compute every figure, write the text",
          ("", "read", "figures", "text", "whole", "a row", "of the first line"), rows)  # fmt: skip


@contextmanager
def _folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        yield folder


BENCHMARKS = {"edit": edit, "start": start, "many": many, "merge": merge, "large": large, "office": office,
              "terminal": terminal, "import": importing}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
