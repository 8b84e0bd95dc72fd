"""Every code that juesuan can report, shown on small sources that are right and on some that are wrong.

A folder is a code. `good-*.toml` must pass; `bad-*.toml` must be reported; `tail-*.toml` differs
by no more than rounding explains, which is a note and no error. What must be reported stands in
the comment at the top:

    # expect: F04 error basic.personnel.amount 610.00 600.00 10.00

code, severity, cell (or key) and, where the rule compares figures, left, right, difference.
Beyond what is expected there may be warnings and notes, but no error. `←` in the comment of a
line says that the first finding must point there.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from juesuan.core import checks, i18n
from juesuan.core.checks import Finding, findings, tails
from juesuan.core.formats import list_formats, load_format
from juesuan.core.formula import Ref, Unknown
from juesuan.core.opening import open_report
from juesuan.core.report import Report
from juesuan.core.taxonomy import Rule, Table, Taxonomy, further_rules

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.toml"))
CASES = [file for file in FILES if file.name.startswith(("good", "bad", "tail"))]
FORMATS = {id: load_format(id) for id in list_formats()}
TAXONOMIES = {format.taxonomy.id: format.taxonomy for format in FORMATS.values()}

IN_PYTHON = {"A06", "F06", "J18", "J20", "K06", "S03", "S07", "S08", "S12", "S13", "S14"}
"""Rules that no expression states well (core/checks: entries.py, words.py, text_rules.py)."""

OF_THE_FILE = {f"T{number:02}" for number in range(1, 12)}
"""Faults of the file (source.py, opening.py)."""

ANY = "any"
"""In place of a taxonomy: codes that hold for every kind of report."""

NO_TAIL = {
    "Q03": "an amount that was not entered is zero",
    "Q06": "an amount that was not entered is zero",
    "J19": "one figure in two places, if the project is evaluated at all",
}
"""Codes of amounts that know no difference within rounding, and why."""


class Expected(NamedTuple):
    """What a comment expects; '' where it leaves something open."""

    code: str
    severity: str
    place: str = ""
    left: str = ""
    right: str = ""
    difference: str = ""


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    i18n.use_language("zh_CN")
    yield
    i18n.use_language()


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def expected(file: Path) -> list[Expected]:
    lines = re.findall(r"^# expect: (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return [Expected(*line.split()) for line in lines]


@cache
def reported(file: Path) -> tuple[Report, list[Finding]]:
    report = open_report(str(file))
    return report, findings(report)


def place_of(finding: Finding) -> str:
    return finding.cell or ".".join(str(part) for part in finding.path)


def fits(finding: Finding, wanted: Expected) -> bool:
    """Is it what was expected, as far as the expectation goes?"""
    found = (finding.code, finding.severity, place_of(finding), finding.left, finding.right, finding.difference)
    return all(not want or want == have for want, have in zip(wanted, found))


@pytest.mark.parametrize("file", CASES, ids=name_of)
def test_what_is_expected_is_reported_and_no_other_error(file: Path) -> None:
    found = list(reported(file)[1])
    for wanted in expected(file):
        match = next((finding for finding in found if fits(finding, wanted)), None)
        assert match is not None, f"{wanted}\n" + "\n".join(map(str, found))
        found.remove(match)
    assert [finding for finding in found if finding.severity == "error"] == []


@pytest.mark.parametrize("file", CASES, ids=name_of)
def test_the_code_has_the_severity_that_the_name_of_the_file_promises(file: Path) -> None:
    code, kind = file.parent.name, file.name.partition("-")[0].removesuffix(".toml")
    own = [finding.severity for finding in reported(file)[1] if finding.code == code]
    if kind == "good":
        assert own == []
        assert expected(file) == []
    elif kind == "tail":
        assert set(own) == {"note"}
    else:
        assert own != []
    if kind != "good":
        assert expected(file)[0].code == code


@pytest.mark.parametrize("file", [file for file in CASES if "←" in file.read_text("utf-8")], ids=name_of)
def test_the_finding_points_at_the_line(file: Path) -> None:
    report, found = reported(file)
    finding = next(finding for finding in found if fits(finding, expected(file)[0]))
    marked = [number for number, line in enumerate(file.read_text("utf-8").split("\n"), 1) if "←" in line]
    assert [report.source.line(finding.path)] == marked


@pytest.mark.parametrize("file", CASES, ids=name_of)
def test_a_finding_says_what_differs_and_where_and_what_to_do(file: Path) -> None:
    report, found = reported(file)
    for finding in found:
        assert finding.severity in checks.SEVERITIES
        assert finding.code
        assert finding.message
        assert "{" not in finding.message + finding.hint
        assert finding.left in finding.message
        # That something is not zero need not be said.
        assert finding.right in finding.message or set(finding.right) <= set("0."), finding
        if not finding.code.startswith("T"):
            assert finding.place
            assert finding.hint
            assert finding.source
        if finding.cell:
            table, row, column = finding.cell.split(".")
            report.value((table, row, column))


@pytest.mark.parametrize("file", CASES, ids=name_of)
def test_a_file_says_what_is_right_or_wrong(file: Path) -> None:
    title, empty, comment = file.read_text("utf-8").split("\n")[:3]
    first = next(iter(sorted(file.parent.glob("good*.toml")))).read_text("utf-8").split("\n")[0]
    assert title == first
    assert title.startswith(f"# {file.parent.name} ")
    assert empty == "#"
    words = {"good": "正确", "bad": "错误", "tail": "尾差"}
    assert comment.startswith(f"# {words[file.name.partition('-')[0].removesuffix('.toml')]}：")


def judged(report: Report, code: str) -> set[tuple[str, ...]]:
    """Where the code's relations are judged: they hold or they don't, of figures that are not all zero."""
    found: set[tuple[str, ...]] = set()
    for rule in (rule for rule in report.rules if rule.code == code):
        for row in report.values.selected(rule.each.table, rule.each.row, "") if rule.each else ("",):
            for check in rule.checks:
                try:
                    if rule.when is None or rule.when(report.values, row):
                        sides = [side(report.values, row) for side in (check.left, check.right) if side is not None]
                        if len(sides) == 1 or any(sides):
                            found.add((check.left.text, row))
                except (Unknown, ZeroDivisionError):
                    pass
    for _judged, _tail, *cell in tails.tails(report) if any(tails.tails_from(report)) else ():
        table = report.taxonomy.tables[cell[0]]
        if code in (table.rule(cell[1], cell[2]), table.children_rule, table.total_rule) and \
                report.value(tuple(cell)) and report.computed(tuple(cell)) is not None:
            found.add(tuple(cell))
    return found


@pytest.mark.parametrize("file", [file for file in CASES if file.name.startswith("good")], ids=name_of)
def test_a_file_that_is_right_holds_what_the_rule_reads(file: Path) -> None:
    """Rules over what is not known are silent: that would be no proof that the file is right."""
    report = reported(file)[0]
    stated = copy.copy(report.source)
    stated.absent = {(id, owner): () for id, table in report.taxonomy.tables.items()
                     for owner in (report.rows(table.owner) if table.owner else ("",))}
    code = file.parent.name
    assert judged(report, code) >= judged(Report(stated, report.prior_report), code)


# ── what there is ──


def rules(taxonomy: Taxonomy) -> list[Rule]:
    """The rules of a taxonomy and of its formats."""
    own = [rule for format in FORMATS.values() if format.taxonomy is taxonomy
           for rule in further_rules(taxonomy, format.rules_file)]
    return [*taxonomy.rules, *own]


def formulas(taxonomy: Taxonomy) -> Iterator[tuple[str, Table, str, bool]]:
    """Every formula that a figure of the file can contradict: its code, table and column, and
    whether it merely repeats a cell."""
    for table in taxonomy.tables.values():
        for column in table.columns.values():
            if column.kind == "percent":
                continue  # a percentage is never entered, not even as an official figure
            if column.formula is not None:
                yield column.rule, table, column.id, column.formula.reference is not None
            for line in table.lines.values():
                formula = line.cells.get(column.id) or (None if column.formula else line.formula)
                if formula is not None:
                    yield line.rule, table, column.id, formula.reference is not None


def codes_of(taxonomy: Taxonomy) -> set[str]:
    """The codes that the data of a taxonomy and its formats report."""
    sums = {code for table in taxonomy.tables.values() if table.accounts
            for code in (table.children_rule, table.total_rule) if code}
    return sums | {rule.code for rule in rules(taxonomy)} | {code for code, *_ in formulas(taxonomy)}


def codes() -> set[str]:
    return IN_PYTHON | OF_THE_FILE | set().union(*map(codes_of, TAXONOMIES.values()))


def amounts(taxonomy: Taxonomy, refs: tuple[Ref, ...], column: str = "") -> bool:
    """Do the references read amounts?"""
    return any(taxonomy.tables[ref.table].columns[column if ref.column == "*" else ref.column].kind == "amount"
               for ref in refs if ref.column)


def judged_by_interval(taxonomy: Taxonomy) -> set[str]:
    """The codes whose figures are rounded ones."""
    found = {table.children_rule for table in taxonomy.tables.values() if table.accounts and table.children_rule}
    found |= {table.total_rule for table in taxonomy.tables.values() if table.accounts and table.total_rule}
    for code, table, column, repeats in formulas(taxonomy):
        if table.columns[column].kind == "amount" and not repeats:
            found.add(code)
    for rule in rules(taxonomy):
        compared = [check for check in rule.checks
                    if check.right is not None and amounts(taxonomy, check.left.refs + check.right.refs)]
        if compared and not rule.exact and rule.severity != "note":
            found.add(rule.code)
    return found - set(NO_TAIL)


@cache
def taxonomy_of(file: Path) -> str:
    """The kind of report that a file is."""
    match = re.search(r'^format *= *"(.+?)"', file.read_text("utf-8"), re.MULTILINE)
    return FORMATS[match[1]].taxonomy.id if match and match[1] in FORMATS else ""


def files_of(taxonomy: str, code: str, kind: str) -> list[Path]:
    files = sorted((HERE / code).glob(f"{kind}*.toml"))
    return [file for file in files if taxonomy in (ANY, taxonomy_of(file))]


EVERY_CODE = [(ANY, code) for code in sorted(IN_PYTHON | OF_THE_FILE)]
EVERY_CODE += [(taxonomy.id, code) for taxonomy in TAXONOMIES.values() for code in sorted(codes_of(taxonomy))]
BY_INTERVAL = [(taxonomy.id, code) for taxonomy in TAXONOMIES.values() for code in sorted(judged_by_interval(taxonomy))]


@pytest.mark.parametrize(("taxonomy", "code"), EVERY_CODE)
def test_every_code_has_good_and_bad_files(taxonomy: str, code: str) -> None:
    assert files_of(taxonomy, code, "good")
    assert files_of(taxonomy, code, "bad")


@pytest.mark.parametrize(("taxonomy", "code"), BY_INTERVAL)
def test_every_code_that_is_judged_by_interval_has_both_sides_of_its_boundary(taxonomy: str, code: str) -> None:
    assert files_of(taxonomy, code, "tail-inside")
    assert files_of(taxonomy, code, "bad-outside")


def test_every_folder_is_a_known_code() -> None:
    assert {file.parent.name for file in FILES} == codes()


def test_what_has_no_tail_would_need_one_otherwise() -> None:
    for code in NO_TAIL:
        assert code in codes()
        assert not files_of(ANY, code, "tail")


@pytest.mark.parametrize("taxonomy", TAXONOMIES)
def test_every_formula_has_a_code(taxonomy: str) -> None:
    assert all(code for code, *_ in formulas(TAXONOMIES[taxonomy]))


def test_every_file_is_a_case_or_is_read_by_one() -> None:
    named = set()
    for file in CASES:
        names = re.findall(r'^(?:prior|catalogue) = "(.+?)"', file.read_text("utf-8"), re.MULTILINE)
        named |= {str(file.parent / name) for name in names}
    others = {str(file) for file in HERE.glob("*/*") if file not in CASES and file.suffix in (".toml", ".csv")}
    assert others <= named
    found = [file for file in HERE.glob("*/*") if file.is_file() and file.parent.name != "__pycache__"]
    assert {file.suffix for file in found} == {".toml", ".csv"}


# ── the page that says what is checked ──


IDS = {"A": 6, "B": 6, "C": 7, "D": 12, "E": 9, "F": 8, "G": 8, "H": 4, "I": 4, "J": 24, "K": 8, "L": 14, "M": 18,
       "S": 14, "T": 11}
"""How many relations there are of each kind (C07, S12, S13 and S14 are our own)."""


def coverage() -> dict[str, tuple[str, str]]:
    """How each relation is treated, and the explanation, as docs/rules-coverage.md says."""
    text = (HERE.parents[1] / "docs" / "rules-coverage.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z]\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert len({id for id, *_ in rows}) == len(rows)
    return {id: (treatment, words) for id, treatment, words in rows}


def test_every_relation_is_accounted_for() -> None:
    relations = {f"{kind}{number:02}" for kind, number_of in IDS.items() for number in range(1, number_of + 1)}
    assert set(coverage()) == relations | {f"R{number}" for number in range(1, 11)}
    assert {treatment for treatment, _words in coverage().values()} == {"审核", "结构", "提示", "不判"}


def test_the_codes_that_the_page_names_are_those_that_can_be_reported() -> None:
    named = {id: set(re.findall(r"`([A-Z]\d+)`", words)) for id, (_treatment, words) in coverage().items()}
    of_provinces = {code for code in codes() if code.startswith("Q")}  # of their own forms: docs/rules.md has them
    assert set().union(*named.values()) == codes() - of_provinces
    for id, (treatment, _words) in coverage().items():
        assert named[id] or treatment != "审核", id
        assert not named[id] or treatment in ("审核", "结构"), id
        assert id not in codes() or id in named[id], id
