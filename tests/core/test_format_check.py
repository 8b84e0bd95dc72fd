"""A format under work: everything that is wrong is told at once, with file and line, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.format_check import check_format, fault_lines
from juesuan.core.formats import FOLDER, NoSuchFormat, list_formats, load_format, sound_formats, use_formats
from juesuan.core.taxonomy import TaxonomyError

from .test_formats import FILES, FORMS, GLOSSARY, SECTIONS, write

RULES = """[[rules]]
code = "Y01"
check = "expenditure.total.total >= 0"
message = "{place}：{left}"
en = "{place}"
hint = "改"
hint_en = "mend"
source = "本省"
"""


def told(folder: Path, rules: str = "", **changes: str) -> list[str]:
    """What is told of the format, the file's name and line first."""
    own = Path(write(folder, **changes)) / "shanxi/final-accounts"
    if rules:
        (own / "rules.toml").write_text(rules, "utf-8")
    return [line.replace(str(own) + "/", "") for line in fault_lines(check_format(str(own)))]


def numbered(file: str, text: str) -> str:
    """The beginning of what is told of the line of a file where the text stands."""
    lines = FILES[file].splitlines()
    return f"{file}：第 {next(n for n, line in enumerate(lines, 1) if text in line)} 行："


@pytest.fixture(autouse=True)
def _ours_alone():  # type: ignore[no-untyped-def]
    yield
    use_formats("")


@pytest.mark.parametrize("id", list_formats(FOLDER))
def test_ours_are_sound(id: str) -> None:
    assert fault_lines(check_format(str(Path(FOLDER) / id))) == []


def test_a_sound_format_has_no_faults(tmp_path: Path) -> None:
    assert told(tmp_path, RULES) == []


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        format=FILES["format.toml"].replace('change_new = "多{amount}元"\n', ""),
        sections=SECTIONS.replace("{expenditure.total.total}元，{change(", "{expenditure.total.totals}元，{chang(")
        .replace("{ glossary = true }", "{ glossary = true }, { text = '{change(income.total)}' }")
        .replace("optional = true", "optionl = true").replace("nonzero", "nonzer"),
        forms=FORMS.replace('left = "{department}"', 'left = "{departmen}"').replace('header = "名称"', 'heder = "名"'),
        glossary=GLOSSARY.replace('text = "指……"', ""),
    )  # fmt: skip
    assert [line.split("：")[0] for line in found] == sorted(
        (line.split("：")[0] for line in found),
        key=["format.toml", "forms.toml", "sections.toml", "glossary.toml"].index)
    for start, words in [
        ("format.toml：", "change_new"),
        (numbered("forms.toml", "left"), "departmen"), (numbered("forms.toml", "名称"), "heder"),
        (numbered("sections.toml", "expenditure.total.total"), "totals"),
        (numbered("sections.toml", "expenditure.total.total"), "chang"),
        (numbered("sections.toml", "optional"), "optional"), (numbered("sections.toml", "nonzero"), "nonzero"),
        ("glossary.toml：第 1 行：", "text"),
    ]:  # fmt: skip
        assert any(line.startswith(start) and words in line for line in found), (start, words, found)
    assert len(found) == 8


@pytest.mark.parametrize(("file", "old", "new", "at", "words"), [
    ("format.toml", 'id = "shanxi', 'id = "shanxy', "id =", "shanxi/final-accounts"),
    ("format.toml", "[2020, 2025]", "[2025, 2020]", "years", "years"),
    ("format.toml", "[2020, 2025]", '"2020"', "years", "列表"),
    ("format.toml", 'unit = "元"', 'unit = "角"', "unit", "万元"),
    ("format.toml", "decimals = 1", 'decimals = "1"', "decimals", "整数"),
    ("format.toml", "narrative_trim", "narrative_trims", "narrative_trim", "narrative_trim"),
    ("format.toml", 'change_same = "没有变化"', 'change_same = "没有{变化}"', "change_same", "变化"),
    ("format.toml", 'taxonomy = "final-accounts"', 'taxonomy = "accounts"', "taxonomy", "final-accounts"),
    ("sections.toml", 'id = "second"', 'id = "first"', 'id = "second"', "first"),
    ("sections.toml", "level = 2", 'level = "2"', "level = 2", "整数"),
    ("sections.toml", "看不见", '{prose(\\"nothing\\")}', "看不见", "nothing"),
    ("sections.toml", "blocks = [{ text", "blocs = [{ text", "看不见", "blocks"),
    ("sections.toml", "看不见", '{change(sum(expenditure.all.total))}', "看不见", "sum"),
    ("sections.toml", "看不见", '{percentage(\\"占\\", expenditure.total.total / 2, expenditure.total.total, \\"\\")}',
     "看不见", "/ 2"),
    ("forms.toml", 'each = "expenditure.all"', 'cells = ["expenditure.total.total", "1", "2"]', "each", "3"),
    ("forms.toml", 'each = "expenditure.all"', 'label = "甲", cells = { totl = "1" }', "each", "totl"),
    ("forms.toml", 'code = "01表"', 'code = "01表"\nof = "expended"', "[[forms]]", "expended"),
    ("forms.toml", 'header = "编码"', "header = 3", "编码", "文字"),
    ("glossary.toml", "term =", "term ＝", "term", "＝"),
])  # fmt: skip
def test_a_fault_stands_at_its_line(
    tmp_path: Path, file: str, old: str, new: str, at: str, words: str
) -> None:
    assert old in FILES[file]
    found = told(tmp_path, **{file.partition(".")[0]: FILES[file].replace(old, new, 1)})
    here = numbered(file, at).rpartition(" 行")[0].rpartition(" ")
    lines = [f"{here[0]} {int(here[2]) + more} 行：" for more in (0, -1, -2)]  # the section's header, its id
    assert any(line.startswith(tuple(lines)) and words in line for line in found), found


def test_a_form_that_nothing_prints_is_told(tmp_path: Path) -> None:
    assert [line for line in told(tmp_path, sections=SECTIONS.replace('{ form = "spent" },', ""))
            if line.startswith(numbered("forms.toml", "[[forms]]")) and "spent" in line]


def test_a_missing_file_is_told_beside_the_rest(tmp_path: Path) -> None:
    own = Path(write(tmp_path, format=FILES["format.toml"].replace("contents", "contens"))) / "shanxi/final-accounts"
    (own / "glossary.toml").unlink()
    found = fault_lines(check_format(str(own)))
    assert any("glossary.toml" in line for line in found)
    assert any("contents" in line for line in found)


@pytest.mark.parametrize(("old", "new", "words"), [
    ("expenditure.total", "expended.total", "expended"), ('hint = "改"\n', "", "hint"), ("{left}", "{lft}", "{left}"),
    ("Y01", "C06", "C06"), ('source = "', 'sorce = "', "source"), ("[[rules]]", "[[rule]]", "rules"),
    ('hint = "改"', 'hint = "改"\nhnt = "改"', "hint"),
])  # fmt: skip
def test_faults_of_rules_are_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    found = told(tmp_path, RULES.replace(old, new, 1))
    assert any(line.startswith("rules.toml") and words in line for line in found), found


# An organisation's own folder


def own(folder: Path, **changes: str) -> Path:
    """A folder with a format of one's own, anhui/final-accounts."""
    write(folder, **{"format": FILES["format.toml"].replace('"shanxi/', '"anhui/'), **changes})
    (folder / "shanxi").rename(folder / "anhui")
    return folder


def test_formats_of_ones_own_are_found_beside_ours(tmp_path: Path) -> None:
    use_formats(str(own(tmp_path)))
    assert {"anhui/final-accounts", "fujian/final-accounts"} <= set(list_formats())
    assert load_format("anhui/final-accounts").id == "anhui/final-accounts"
    use_formats("")
    with pytest.raises(NoSuchFormat):
        load_format("anhui/final-accounts")


def test_a_format_that_there_is_twice_is_neither(tmp_path: Path) -> None:
    write(tmp_path, format=FILES["format.toml"].replace("shanxi", "fujian"))
    (tmp_path / "shanxi").rename(tmp_path / "fujian")
    use_formats(str(tmp_path))
    with pytest.raises(NoSuchFormat, match="fujian/final-accounts"):
        load_format("fujian/final-accounts")
    sound, faulty = sound_formats()
    assert "fujian/final-accounts" not in [format.id for format in sound]
    assert "fujian/budget" in [format.id for format in sound]
    assert len(faulty) == 1


def test_a_faulty_format_of_ones_own_is_refused_and_the_others_work(tmp_path: Path) -> None:
    """What only shows when a report is made, such as a missing phrase, is refused as well."""
    use_formats(str(own(tmp_path, format=FILES["format.toml"].replace('"shanxi/', '"anhui/').replace(
        'change_new = "多{amount}元"\n', ""))))
    with pytest.raises(TaxonomyError, match="change_new"):
        load_format("anhui/final-accounts")
    assert "fujian/budget" in [format.id for format in sound_formats()[0]]
