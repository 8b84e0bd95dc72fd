"""The wording of changes and shares, whatever the signs of both years, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest
from juesuan.core.checks import findings
from juesuan.core.formats import Format, list_formats, load_format
from juesuan.core.narrative import NOWHERE, Environment
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.source import Cell

YUAN = (None, "-32000", "-40", "0", "40", "49", "149", "250", "32000", "32001", "99999", "1234567890123.45")
WAN = (None, "-3.20", "-0.01", "0", "0.01", "3.20", "3.21", "4321.00", "123456789.01")


def report_in(format: Format, unit: str) -> Report:
    return Report(parse_source(f'schema = 2\n[report]\nformat = "{format.id}"\nyear = {format.since}\n'
                               f'department = "某局"\nunit = "{unit}"\n'))


def entered_amount(format: Format) -> Cell:
    """A figure that is entered in a table of fixed lines."""
    return next((table.id, line, column.id) for table in format.taxonomy.tables.values() if not table.owner
                for line in table.lines for column in table.entered
                if column.kind == "amount" and table.formula(line, column.id) is None)


def two_years(format: Format) -> Iterator[tuple[Report, Cell, str | None, str | None]]:
    cell = entered_amount(format)
    for unit, figures in (("元", YUAN), ("万元", WAN)):
        report = report_in(format, unit)
        for now in figures:
            for before in figures:
                report.apply([("cell", cell, now), ("prior", cell, before)])
                yield report, cell, now, before


def printed(value: Decimal, scale: Decimal = Decimal(10000)) -> Decimal:
    return (value / scale).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("id", list_formats())
@pytest.mark.parametrize("told", ["", "amount"])
def test_a_change_says_what_the_figures_say(id: str, told: str) -> None:
    for report, cell, now, before in two_years(load_format(id)):
        text = "".join(run.text for run in Environment(report, NOWHERE).change(cell, told))
        where = f"{report.source.unit} {before} → {now}: {text}"
        if now is None or before is None:
            assert text.startswith("【待填"), where
            continue
        current, prior = report.value(cell), report.prior(cell)
        delta = printed(current) - printed(prior)
        assert "-" not in text, where
        assert ("减少" in text) == (delta < 0), where
        assert ("增加" in text or "增长" in text) == (delta > 0), where
        if delta:
            assert f"{abs(delta):f}" in text.replace(",", "") or f"{abs(delta).normalize():f}" in text, where
        assert ("上年没有" in text or "上年为0" in text) <= (prior == 0), where
        if "%" in text:
            assert prior > 0, where
            assert delta, where
            assert not told, where
            rate = text.replace(",", "").rpartition("%")[0].rpartition("长")[2].rpartition("降")[2].rpartition("少")[2]
            assert Decimal(rate) != 0, where
            exact = report.source.unit == "元"
            one, other = (current, prior) if exact else (printed(current), printed(prior))
            assert Decimal(rate) == (abs(one - other) * 100 / other).quantize(Decimal("0.01"), ROUND_HALF_UP), where


@pytest.mark.parametrize("id", list_formats())
def test_every_wording_is_said_of_some_change(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    format, said = load_format(id), set[str]()
    worded = Environment.worded

    def noted(self: Environment, key: str, cell: Cell, **figures: str) -> object:
        said.add(key)
        return worded(self, key, cell, **figures)

    monkeypatch.setattr(Environment, "worded", noted)
    for report, cell, _now, _before in two_years(format):
        for told in ("", "amount"):
            Environment(report, NOWHERE).change(cell, told)
    assert {key for key in format.wording if key.startswith("change_")} <= said


@pytest.mark.parametrize(("now", "before", "rate"), [("250", "149", "67.79"), ("75800", "23755.73", "219.08")])
def test_rates_of_a_report_in_yuan_come_from_the_yuan(now: str, before: str, rate: str) -> None:
    format = load_format("jiangsu/budget")
    report, cell = report_in(format, "元"), entered_amount(format)
    report.apply([("cell", cell, now), ("prior", cell, before)])
    assert f"增长{rate}%" in "".join(run.text for run in Environment(report, NOWHERE).change(cell))


def test_a_part_below_zero_is_no_share() -> None:
    report = report_in(load_format("fujian/final-accounts"), "万元")
    part, whole = ("three_public", "abroad", "outturn"), ("three_public", "abroad", "budget")
    report.apply([("cell", part, "-1.00"), ("cell", whole, "9.00")])
    env = Environment(report, NOWHERE)
    assert env.percentage("，占", part, whole, "") == ()
    assert "".join(run.text for run in env.percentage("完成全年预算的", part, whole, "没有预算")) == "不计算比例"


def test_thousands_stand_in_percentages_where_they_stand_in_amounts() -> None:
    format = load_format("fujian/budget")
    assert format.numbers["narrative_thousands"]
    report, cell = report_in(format, "万元"), entered_amount(format)
    report.apply([("cell", cell, "1234567.00"), ("prior", cell, "1.00")])
    assert "增长123,456,600.00%" in "".join(run.text for run in Environment(report, NOWHERE).change(cell))


OPERATING = """schema = 2
[report]
format = "jiangsu/budget"
year = 2024
department = "某局"
unit = "元"
[basic_economic]
30201 = 2132777.54
[operating_costs]
total = {total}
"""


@pytest.mark.parametrize(("total", "severity"), [
    ('"213.28万元"', "note"), ("2132800", "error"), ("2132778", "note"), ("2132778.00", "error"),
])  # fmt: skip
def test_a_figure_is_as_precise_as_it_was_written(total: str, severity: str) -> None:
    found = [finding for finding in findings(Report(parse_source(OPERATING.format(total=total))))
             if finding.code == "L13"]
    assert [finding.severity for finding in found] == [severity]
