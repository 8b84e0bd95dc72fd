"""Formats: a province as data. One of our own is written here; what is not well formed is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Cover, Heading, Paragraph, Table
from juesuan.core.formats import (
    FOLDER,
    Format,
    NoSuchFormat,
    Slot,
    chinese_number,
    heading_number,
    list_formats,
    load_format,
)
from juesuan.core.formula import UNDEFINED, Ref
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.taxonomy import TaxonomyError

FORMAT = """id = "shanxi/final-accounts"
title = "山西省部门决算"
taxonomy = "final-accounts"
years = [2020, 2025]
contents = "目录"
cover = ["{department}", "{year}年度部门决算"]

[numbers]
unit = "元"
decimals = 1
percent_decimals = 1
percent_trim = true
table_thousands = true
narrative_thousands = false
narrative_trim = true
undefined = "/"

[wording]
change_up = "多{amount}元，升{rate}%"
change_down = "少{amount}元，降{rate}%"
change_same = "没有变化"
change_new = "多{amount}元"
change_amount_up = "多{amount}元"
change_amount_down = "少{amount}元"
"""
SECTIONS = """[[sections]]
id = "first"
level = 1
title = "{year}年概况"
blocks = [
  { text = "支出{expenditure.total.total}元，{change(expenditure.total)}。" },
  { form = "spent" },
]

[[sections]]
id = "never"
level = 2
title = "没有的"
when = "expenditure.total.total < 0"
blocks = [{ text = "看不见" }]

[[sections]]
id = "second"
level = 2
title = "第二"
blocks = [
  { each = "expenditure.items", nonzero = true, blocks = [{ text = "{cn(n)}、{code}{name(row)}" }] },
  { prose = "rest", label = "其余", guidance = "写明其余", optional = true },
  { glossary = true },
]
"""
FORMS = """[[forms]]
id = "spent"
code = "01表"
title = "支出表"
left = "{department}"
columns = [
  { id = "code", header = "编码", kind = "code" },
  { id = "name", header = "名称", kind = "name" },
  { id = "total", header = "合计" },
  { id = "basic", header = "其中>基本" },
]
rows = [{ each = "expenditure.all" }]
"""
GLOSSARY = """[[glossary]]
term = "某名词"
text = "指……"
"""
FILES = {"format.toml": FORMAT, "sections.toml": SECTIONS, "forms.toml": FORMS, "glossary.toml": GLOSSARY}


def write(folder: Path, **changes: str) -> str:
    """A folder of formats with one of them; `changes` replaces files by their names without ending."""
    own = folder / "shanxi" / "final-accounts"
    own.mkdir(parents=True)
    for name, text in FILES.items():
        (own / name).write_text(changes.get(name.partition(".")[0], text), encoding="utf-8")
    return str(folder)


def load(folder: Path, **changes: str) -> Format:
    return load_format("shanxi/final-accounts", write(folder, **changes))


# A province of one's own


def test_a_province_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    format = load(tmp_path)
    monkeypatch.setattr("juesuan.core.formats.load_format", lambda id: format)
    report = Report(
        parse_source("""schema = 1
[report]
format = "shanxi/final-accounts"
year = 2024
department = "某厅"
unit = "元"
[expenditure]
2010550 = { basic = 1234567.85 }
2299999 = { basic = 0.04 }
[prior]
"expenditure.total" = 1000000
[prose]
rest = "完"
""")
    )
    blocks = compose(report).blocks
    assert blocks[0] == Cover(("某厅", "2024年度部门决算"))
    assert [block.number + block.title for block in blocks if isinstance(block, Heading)] == [
        "第一部分 2024年概况",
        "一、第二",
    ]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "支出1234567.9元，多234567.9元，升23.5%。",
        "一、2010550事业运行",
        "二、2299999其他支出",
        "完",
        "一、某名词：指……",
    ]
    [table] = [block for block in blocks if isinstance(block, Table)]
    assert (table.form, table.left, table.right) == ("01表", "某厅", "")
    assert [tuple(cell.text for cell in row.cells) for row in table.rows][-2:] == [
        ("22999", "其他支出", "0.0", "0.0"),
        ("2299999", "其他支出", "0.0", "0.0"),
    ]
    assert [cell.text for cell in table.rows[0].cells] == ["", "合计", "1,234,567.9", "1,234,567.9"]
    assert report.show(UNDEFINED, "percent") == "/"
    assert report.show(None, "percent") == "【待填】"


def test_what_a_format_is_made_of(tmp_path: Path) -> None:
    format = load(tmp_path)
    assert (format.id, format.title, format.since, format.until) == (
        "shanxi/final-accounts",
        "山西省部门决算",
        2020,
        2025,
    )
    assert format.prose["rest"].optional
    assert [section.id for section in format.sections] == ["first", "never", "second"]
    assert format.sections[0].page
    assert not format.sections[2].page
    [text, form] = format.sections[0].blocks
    assert text.template is not None
    assert [part.ref for part in text.template.parts if isinstance(part, Slot)] == [
        Ref("expenditure", "total", "total"),
        None,
    ]
    assert (form.kind, form.name) == ("form", "spent")
    [panel] = format.forms["spent"].panels
    assert [column.header for column in panel.columns] == [("编码",), ("名称",), ("合计",), ("其中", "基本")]
    assert list(panel.rows[0].cells) == ["total", "basic"]


def test_formats_are_listed(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (tmp_path / "anhui").mkdir()
    (tmp_path / "anhui" / "empty").mkdir()
    assert list_formats(folder) == ["shanxi/final-accounts"]
    assert "fujian/final-accounts" in list_formats()


@pytest.mark.parametrize("id", [
    "", "fujian", "fujian/nothing", "../formats/fujian/final-accounts", "fujian/final-accounts/", "/etc/passwd",
    "fujian\\final-accounts", "FUJIAN/final-accounts", "fujian/final-accounts\n", "a\x1b[31m/b", "x" * 5000,
])  # fmt: skip
def test_an_unknown_format_is_told_with_those_that_there_are(id: str) -> None:
    with pytest.raises(NoSuchFormat, match=r"fujian/final-accounts") as caught:
        load_format(id)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


# What is not well formed


@pytest.mark.parametrize(("file", "old", "new", "place"), [
    ("format", 'title = "山西省部门决算"\n', "", ""), ("format", "{department}", "{departmnt}", ""),
    ("sections", "{expenditure.total.total}", "{expenditure.total.totals}", "first.1"),
    ("sections", "{change(expenditure.total)}", "{chang(expenditure.total)}", "first.1"),
    ("sections", "{cn(n)}", "{cn(n}", "second.1"), ("sections", 'form = "spent"', 'form = "spend"', "first.2"),
    ("sections", '{ text = "看不见" }', '{ txt = "看不见" }', "never.1"),
    ("sections", '{ text = "看不见" }', '{ chart = "pie", title = "图", rows = [] }', "never.1"),
    ("sections", '{ text = "看不见" }', '{ chart = "bars", title = "图", rows = [{ cell = "1 + 1" }] }', "never.1"),
    ("sections", '{ text = "看不见" }', '{ chart = "bars", title = "图" }', "never.1"),
    ("sections", 'when = "expenditure', 'when = "expend', "never"),
    ("sections", 'title = "第二"\n', "", "second"),
    ("sections", 'each = "expenditure.items"', 'each = "expenditure.many"', "second.1"),
    ("sections", 'each = "expenditure.items"', 'each = "expenditure.items", group = "class_of(row)"', "second.1"),
    ("sections", ', guidance = "写明其余"', "", "second.2"), ("forms", "{department}", "{nothing}", "spent"),
    ("forms", '{ id = "total", header = "合计" }', '{ header = "合计" }', "spent"),
    ("forms", 'each = "expenditure.all"', 'each = "expended.all"', "spent"), ("glossary", 'text = "指……"\n', "", ""),
    ("glossary", 'text = "指……"', 'text = "指……"\nwhen = "nothing > 0"', ""),
])  # fmt: skip
def test_what_is_not_well_formed_is_refused_with_file_and_place(
    tmp_path: Path, file: str, old: str, new: str, place: str
) -> None:
    text = FILES[file + ".toml"]
    assert old in text
    with pytest.raises(TaxonomyError) as caught:
        load(tmp_path, **{file: text.replace(old, new, 1)})
    assert caught.value.file.endswith(f"{file}.toml")
    assert not place or caught.value.place.startswith(place)


@pytest.mark.parametrize("file", ["format", "sections", "forms", "glossary"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(TaxonomyError) as caught:
        load(tmp_path, **{file: "x = \n"})
    assert caught.value.file.endswith(f"{file}.toml")


@pytest.mark.parametrize(
    "code", ["{__import__('os').system('x')}", "{year.__class__}", "{[x for x in row]}", "{department.format(1)}"]
)
def test_a_slot_is_a_formula_and_nothing_else(tmp_path: Path, code: str) -> None:
    with pytest.raises(TaxonomyError):
        load(tmp_path, sections=SECTIONS.replace("{cn(n)}", code))


# The formats that there are


@pytest.mark.parametrize("id", list_formats())
def test_every_format_is_sound(id: str) -> None:
    format = load_format(id)
    assert format.id == id
    assert format.since <= format.until
    assert format.numbers["unit"] in ("元", "万元")
    for key in ("change_up", "change_down", "change_same", "change_new", "change_amount_up", "change_amount_down"):
        assert format.wording[key].replace("{amount}", "").replace("{rate}", "").isprintable()
        assert "{" not in format.wording[key].replace("{amount}", "").replace("{rate}", "")
    ids = [section.id for section in format.sections]
    assert len(set(ids)) == len(ids)
    placed = {block.name for section in format.sections for block in walk(section.blocks) if block.kind == "form"}
    assert placed == set(format.forms)
    assert not (Path(FOLDER) / id).is_symlink()


def walk(blocks):  # type: ignore[no-untyped-def]
    for block in blocks:
        yield block
        yield from walk(block.blocks)


# Numbers of headings


@pytest.mark.parametrize(("number", "text"), [
    (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (26, "二十六"), (99, "九十九"),
    (100, "一百"),
    (101, "一百零一"), (110, "一百一十"), (111, "一百一十一"), (120, "一百二十"), (215, "二百一十五"),
    (999, "九百九十九"),
    (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"), (1100, "一千一百"), (10000, "一万"),
    (10010, "一万零一十"),
])  # fmt: skip
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_chinese_numbers_are_all_different() -> None:
    assert len({chinese_number(number) for number in range(1, 3000)}) == 2999


def test_numbers_of_headings() -> None:
    assert [heading_number(level, 12) for level in (1, 2, 3, 4)] == ["第十二部分 ", "十二、", "（十二）", "12. "]
