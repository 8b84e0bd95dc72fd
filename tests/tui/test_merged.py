"""A merged source in the terminal program: its figures lead to the units, its records ask to be looked over."""

from __future__ import annotations

from pathlib import Path

from juesuan.core.merging.merge import merge

from .driver import Driver, drive

DATA = Path(__file__).parents[1] / "data" / "merge"


def department(folder: Path) -> Path:
    files = []
    for name in ("本级.toml", "科技馆.toml"):
        files.append(folder / name)
        files[-1].write_bytes((DATA / name).read_bytes())
    out = folder / "科协.toml"
    out.write_text(merge([str(file) for file in files], str(out)).text, "utf-8")
    return out


def test_a_figure_is_explained_down_to_the_units(tmp_path: Path) -> None:
    async def flow(driver: Driver) -> None:
        driver.editor.go_to(("income", "2060799", "other"))
        await driver.settle()
        await driver.keys("f3")
        text = driver.text()
        assert "3.00 万元  [本级.toml]" in text
        assert "[科技馆.toml]" in text

    drive(department(tmp_path), flow)


def test_the_walk_leads_to_the_records_of_the_units(tmp_path: Path) -> None:
    async def flow(driver: Driver) -> None:
        seen = set()
        for _step in range(20):
            await driver.keys("f5")
            seen.add(driver.value)
        for title in ("决算编制范围的单位", "绩效评价项目"):
            assert any(value.startswith(f"从单位接来，待复核：{title}") for value in seen)

    drive(department(tmp_path), flow)
