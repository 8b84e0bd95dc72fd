"""Findings on the screen: acknowledged with a reason, taken back, and read by a reviewer."""

from __future__ import annotations

from pathlib import Path

from juesuan.core.checks import findings

from .driver import Driver, drive


def open_findings(driver: Driver) -> int:
    counts = driver.editor.standing.counts
    return int(counts["warning"] + counts["note"])


def test_a_finding_is_acknowledged_and_taken_back(example: Path) -> None:
    before = example.read_text("utf-8")

    async def flow(driver: Driver) -> None:
        count = open_findings(driver)
        await driver.keys("f8", "a")
        assert "为什么不必改" in driver.text()
        await driver.keys("确实如此", "enter")
        assert open_findings(driver) == count - 1
        (acknowledged,) = [finding for finding in findings(driver.session.report) if finding.acknowledged]
        assert acknowledged.acknowledged == "确实如此"
        await driver.keys("end")
        assert "已说明：确实如此" in driver.text()
        assert driver.app.screen.lines.chosen.finding == acknowledged
        await driver.keys("a")
        assert open_findings(driver) == count
        assert driver.session.text.text() == before
        await driver.keys("escape", "ctrl+z")
        assert open_findings(driver) == count - 1
        await driver.keys("ctrl+z")
        assert driver.session.text.text() == before

    drive(example, flow)


def test_esc_leaves_the_question_and_the_finding(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await driver.keys("f8", "a", "qn/", "escape", "a", " ", "enter")
        assert driver.app.screen.lines.chosen is not None
        await driver.keys("escape")
        assert not driver.session.dirty

    drive(example, flow)


def test_an_error_has_to_be_corrected(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("general_budget", "2080505", "basic"))
        await driver.keys("1", "enter", "f8", "a")
        assert "错误不能说明了事" in driver.lines()[0]
        assert not driver.app.screen.prompt.asking

    drive(example, flow)


def test_the_command_asks_at_the_cell_under_the_cursor(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("three_public_counts", "vehicles_kept", "count"))
        assert driver.editor.standing.sign(("three_public_counts", "vehicles_kept", "count")) == "?"
        await driver.keys("ctrl+p", "acknow", "enter", "项目确在此列支", "enter", "escape")
        assert driver.editor.standing.sign(("three_public_counts", "vehicles_kept", "count")) == "~"
        (key,) = driver.session.report.source.acknowledged
        assert key[1] == "three_public_counts.vehicles_kept.count"

    drive(example, flow)


def test_a_reviewer_sees_reasons_and_has_no_such_command(example: Path) -> None:
    async def write(driver: Driver) -> None:
        await driver.keys("f8", "a", "确实如此", "enter", "escape", "ctrl+s")

    drive(example, write)

    async def read(driver: Driver) -> None:
        await driver.keys("f8")
        assert "a 说明" not in driver.text()
        await driver.keys("end")
        assert "已说明：确实如此" in driver.text()
        await driver.keys("a")
        assert "为什么不必改" not in driver.text()
        await driver.keys("escape", "ctrl+p", "acknow")
        assert driver.app.screen.lines.chosen is None

    before = example.read_bytes()
    drive(example, read, read_only=True)
    assert example.read_bytes() == before
