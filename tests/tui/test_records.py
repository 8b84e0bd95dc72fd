"""Records: added, filled, moved, removed; their own tables; long texts; texts of the report."""

from __future__ import annotations

from pathlib import Path

from .driver import Driver, drive


async def to(driver: Driver, section: str) -> None:
    driver.editor.show_section(section)
    await driver.settle()


def names(driver: Driver, table: str = "units", column: str = "name") -> list[str]:
    report = driver.session.report
    return [report.value((table, row, column)) for row in report.rows(table)]


def test_records_are_added_moved_and_removed(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to(driver, "units")
        first, second = names(driver)
        await driver.keys("insert", "新单位", "tab", "事业单位", "tab", "3", "enter")
        assert names(driver) == [first, "新单位", second]
        await driver.keys("up", "ctrl+up")
        assert names(driver) == ["新单位", first, second]
        assert driver.editor.grid.row_id == "1"
        await driver.keys("ctrl+down", "ctrl+down")
        assert names(driver) == [first, second, "新单位"]
        await driver.keys("ctrl+k")
        assert names(driver) == [first, second]
        await driver.keys("ctrl+z")
        assert names(driver) == [first, second, "新单位"]

    drive(example, flow)


def test_a_pasted_list_adds_records(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to(driver, "units")
        await driver.keys("down", "down", "home", "right")
        await driver.paste("甲\t行政单位\t1\n乙\t行政单位\t2\n丙\t行政单位\t3\n")
        assert names(driver)[1:] == ["甲", "乙", "丙"]

    drive(example, flow)


def test_a_record_s_own_tables_and_back(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to(driver, "self_evaluation")
        assert driver.editor.grid.sheet.table.id == "projects"
        await driver.keys("f4")
        assert driver.editor.grid.sheet.table.id == "project_funds"
        await driver.keys("f7")
        assert driver.editor.grid.sheet.table.id == "project_indicators"
        assert "绩效指标" in driver.lines()[2]
        await driver.keys("f4")
        assert driver.editor.grid.sheet.table.id == "projects"
        assert driver.editor.grid.row_id == "1"

    drive(example, flow)


def test_a_long_text_is_written_in_its_own_screen(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("projects", "1", "overview"))
        await driver.keys("f2", "第一段。", "enter", "第二段。", "f2")
        assert names(driver, "projects", "overview")[0].endswith("第一段。\n第二段。")
        await driver.keys("f2", "不要", "escape")
        assert "再按 Esc" in driver.text()
        await driver.keys("escape")
        assert "不要" not in names(driver, "projects", "overview")[0]

    drive(example, flow)


def test_flags_and_choices_turn(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        assert driver.editor.go_to(("projects", "1", "department_evaluation"))
        before = driver.session.report.value(("projects", "1", "department_evaluation"))
        await driver.keys(" ")
        assert driver.session.report.value(("projects", "1", "department_evaluation")) is not before
        cell = ("project_indicators", "1/1", "operator")
        assert driver.editor.go_to(cell)
        before = driver.session.report.value(cell)
        await driver.keys("f2")
        assert driver.session.report.value(cell) != before
        assert "≥ / ≤" in driver.value

    drive(example, flow)


def test_a_text_that_is_none_of_the_choices_is_typed_and_not_replaced(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        cell = ("project_indicators", "1/1", "operator")
        assert driver.editor.go_to(cell)
        await driver.keys("不低于", "enter")
        assert driver.session.report.value(cell) == "不低于"
        assert driver.editor.go_to(cell)
        assert "≥ / ≤" in driver.value
        await driver.keys("f2", "escape")
        assert driver.session.report.value(cell) == "不低于"
        await driver.keys("f2", "5", "enter")
        assert driver.session.report.value(cell) == "不低于5"
        await driver.keys("ctrl+z")
        assert driver.session.report.value(cell) == "不低于"

    drive(example, flow)


def test_the_texts_of_a_section_by_turns(example: Path) -> None:
    async def flow(driver: Driver) -> None:
        await to(driver, "work")
        await driver.keys("f7")
        assert "[重点完成的工作]" in driver.lines()[2]
        await driver.keys("f2", "另一句。", "ctrl+s")
        assert driver.session.source.prose["achievements"].endswith("另一句。")
        assert "*" in driver.lines()[0]

    drive(example, flow)
