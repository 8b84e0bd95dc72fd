"""Printed tables: what an accountant sees, and that no figure is lost on the way."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.document import Cell, Column, Row, Table
from juesuan.core.text.table import Part, lay_out, table_lines
from juesuan.core.text.width import width

FIGURE = re.compile(r"(?<![^ ])-?[0-9,]+\.[0-9]{2}(?![^ ])")


def figure(text: str, address: str = "x") -> Cell:
    return Cell(text, "right", address)


def printed(text: str) -> list[str]:
    """A block of lines as it stands in this file, between two lines of quotes."""
    return text.strip("\n").split("\n")


def income(*rows: Row, notes: tuple[str, ...] = ()) -> Table:
    columns = (
        Column("code", ("项目", "科目|编码"), "code", key=True),
        Column("name", ("项目", "科目名称"), "name", key=True),
        Column("total", ("本年收入|合计",)),
        Column("grants", ("其中", "财政拨款|收入")),
        Column("other", ("其中", "其他收入")),
    )
    return Table("income", "收入决算表", "公开02表", "部门：医保局", "单位：万元", columns, rows, notes)


TOTAL = Row((Cell("合计", "center", columns=2), *map(figure, ["6097.78", "6064.02", "33.76"])), strong=True)
PENSION = Row(
    (Cell("2080505"), Cell("机关事业单位基本养老保险缴费支出"), *map(figure, ["440.31", "440.31", "0.00"])),
    rule=True,
)


def test_a_form_at_its_natural_width() -> None:
    assert table_lines(income(TOTAL, PENSION, notes=("注：本表反映收入。",))) == printed("""
                              收入决算表
                                                               公开02表
部门：医保局                                                 单位：万元
=======================================================================
                  项目                                      其中
-----------------------------------------            ------------------
 科目                                      本年收入  财政拨款
 编码                科目名称                合计      收入    其他收入
-----------------------------------------------------------------------
                  合计                      6097.78   6064.02     33.76
-----------------------------------------------------------------------
2080505  机关事业单位基本养老保险缴费支出    440.31    440.31      0.00
=======================================================================
注：本表反映收入。
""")


def test_names_are_wrapped_before_a_form_is_split() -> None:
    assert table_lines(income(PENSION), 60)[3:] == printed("""
=======================================================
          项目                              其中
-------------------------            ------------------
 科目                      本年收入  财政拨款
 编码        科目名称        合计      收入    其他收入
-------------------------------------------------------
2080505  机关事业单位基本    440.31    440.31      0.00
         养老保险缴费支出
=======================================================
""")


def test_a_form_too_wide_is_continued_with_its_key_columns() -> None:
    assert table_lines(income(TOTAL, PENSION), 50) == printed("""
            收入决算表
                           公开02表
部门：医保局             单位：万元
===================================
          项目
-------------------------
 科目                      本年收入
 编码        科目名称        合计
-----------------------------------
          合计              6097.78
-----------------------------------
2080505  机关事业单位基本    440.31
         养老保险缴费支出
===================================

             收入决算表（续表）
                                     公开02表
部门：医保局                       单位：万元
=============================================
          项目                    其中
-------------------------  ------------------
 科目                      财政拨款
 编码        科目名称        收入    其他收入
---------------------------------------------
          合计              6064.02     33.76
---------------------------------------------
2080505  机关事业单位基本    440.31      0.00
         养老保险缴费支出
=============================================
""")


def test_nothing_is_wrapped_or_split_without_a_width() -> None:
    lines = table_lines(income(TOTAL, PENSION, notes=("注：" + "本表反映收入。" * 30,)), 0)
    assert sum("2080505" in line and "0.00" in line for line in lines) == 1
    assert any("本年收入合计  财政拨款收入  其他收入" in line for line in lines)
    assert not any("续表" in line for line in lines)
    assert lines[-1] == "注：" + "本表反映收入。" * 30


def side_by_side() -> Table:
    columns = (
        Column("income", ("收入", "项目"), "name", 0, key=True),
        Column("in", ("收入", "决算数"), "figure", 0),
        Column("spending", ("支出", "项目"), "name", 1, key=True),
        Column("out", ("支出", "决算数"), "figure", 1),
    )
    rows = (
        Row((Cell("一、财政拨款收入"), figure("6064.02"), Cell("一、一般公共服务支出"), figure("303.91"))),
        Row((Cell(""), Cell(""), Cell("二、外交支出"), figure("0.00"))),
        Row((Cell("总计"), figure("6210.66"), Cell("总计"), figure("6210.66")), True, True),
    )
    return Table("overview", "收支总表", "公开01表", "", "单位：万元", columns, rows)


def test_panels_stand_side_by_side() -> None:
    assert table_lines(side_by_side()) == printed("""
                          收支总表
                                                    公开01表
                                                  单位：万元
============================================================
           收入                            支出
--------------------------    ------------------------------
      项目         决算数             项目           决算数
------------------------------------------------------------
一、财政拨款收入   6064.02    一、一般公共服务支出    303.91
                              二、外交支出              0.00
------------------------------------------------------------
总计               6210.66    总计                   6210.66
============================================================
""")


def test_panels_too_wide_stand_one_under_the_other_without_their_empty_rows() -> None:
    assert table_lines(side_by_side(), 50) == printed("""
         收支总表
                  公开01表
                单位：万元
==========================
           收入
--------------------------
      项目         决算数
--------------------------
一、财政拨款收入   6064.02
--------------------------
总计               6210.66
==========================

       收支总表（续表）
                      公开01表
                    单位：万元
==============================
             支出
------------------------------
        项目           决算数
------------------------------
一、一般公共服务支出    303.91
二、外交支出              0.00
------------------------------
总计                   6210.66
==============================
""")


def test_a_total_over_two_panels_stays_with_its_figure() -> None:
    panels = [
        (
            Column(f"code{n}", ("公用经费", "编码"), "code", n, key=True),
            Column(f"name{n}", ("公用经费", "名称"), "name", n, key=True),
            Column(f"sum{n}", ("公用经费", "金额"), "figure", n),
        )
        for n in (0, 1)
    ]
    rows = (
        Row((Cell("302"), Cell("商品和服务支出"), figure("177.08"), Cell("310"), Cell("资本性支出"), figure("0.00"))),
        Row((Cell("公用经费合计", "center", columns=5), figure("177.08"))),
    )
    table = Table("t", "基本支出", "", "", "", (*panels[0], *panels[1]), rows)
    first, second = lay_out(table, 40).parts
    assert [row.lines for row in first.rows] == [["302   商品和服务支出    177.08"]]
    assert [row.lines for row in second.rows] == [["310   资本性支出      0.00"], ["  公用经费合计      177.08"]]


SELF_EVALUATION = (
    Row((Cell("绩效目标", rows=3), Cell("产出指标", rows=2), Cell("参保人数"), figure("8.20"))),
    Row((Cell("资助困难人口参加基本医疗保险人数"), figure("10.00")), rule=True),
    Row((Cell("满意度"), Cell("参保人满意度"), figure("98.00")), rule=True),
    Row((Cell("总分", "center", columns=3), figure("116.20")), rule=True),
    Row((Cell("自评结论", columns=2), Cell("完善政策，加强监督。\n一、……", columns=2)), rule=True),
)


def irregular(*rows: Row, columns: int) -> Table:
    return Table("t", "", "", "", "", tuple(Column(f"c{n}", (), "text") for n in range(columns)), rows)


def test_cells_over_rows_and_columns() -> None:
    assert table_lines(irregular(*SELF_EVALUATION, columns=4), 44) == printed("""
============================================
绩效目标  产出指标  参保人数            8.20
                    ------------------------
                    资助困难人口参加   10.00
                    基本医疗保险人数
          ----------------------------------
          满意度    参保人满意度       98.00
--------------------------------------------
                总分                  116.20
--------------------------------------------
自评结论            完善政策，加强监督。
                    一、……
============================================
""")


def test_a_cell_goes_on_past_the_rule_of_its_neighbours() -> None:
    tall = Cell("甲乙丙丁戊己", rows=2)
    last = Row((Cell("三"), Cell("四")))
    ruled = irregular(Row((tall, Cell("一"))), Row((Cell("二"),), rule=True), last, columns=2)
    assert table_lines(ruled, 8)[1:-1] == ["甲乙  一", "丙丁  --", "戊己  二", "三    四"]
    plain = irregular(Row((tall, Cell("一"))), Row((Cell("二"),)), last, columns=2)
    assert table_lines(plain, 8)[1:-1] == ["甲乙  一", "丙丁  二", "戊己", "三    四"]


def test_an_indent_is_kept_where_a_name_is_wrapped() -> None:
    rows = (Row((Cell("　　其中：公务用车运行维护费"), figure("1.00"))),)
    table = Table("t", "", "", "", "", (Column("a", ("项目",), "name"), Column("b", ("金额",))), rows)
    body = lay_out(table, 26).parts[0].rows[0].lines
    assert body == ["　　其中：公务用  1.00", "　　车运行维护费"]


def test_no_character_stands_alone_on_the_last_line() -> None:
    rows = tuple(Row((Cell(name), figure("1.00"))) for name in ("信息网络及软件购置", "政府投资基金股权投资"))
    table = Table("t", "", "", "", "", (Column("a", ("科目名称",), "name"), Column("b", ("金额",))), rows)
    first, second = lay_out(table, 24).parts[0].rows
    assert first.lines == ["信息网络及软件购置  1.00"]
    assert second.lines == ["政府投资基金股权    1.00", "投资"]


def test_what_must_not_be_printed_is_replaced() -> None:
    columns = (Column("a", ("项\x1b目",), "name"), Column("b", ("金额",)))
    rows = (Row((Cell("甲\u202e乙"), figure("1\n.00"))),)
    table = Table("t", "表\n名", "01\x07", "部\x00门", "单\r位", columns, rows, ("注\x9b",))
    text = "\n".join(table_lines(table))
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text) == []
    assert text.count("\ufffd") == 8


def test_a_long_department_name_has_a_line_of_its_own() -> None:
    table = income(TOTAL)._replace(left="部门：" + "医疗保障" * 8)
    lines = table_lines(table, 60)
    assert [line.strip() for line in lines[2:5]] == ["部门：" + "医疗保障" * 6 + "医疗保", "障医疗保障", "单位：万元"]
    assert max(map(width, lines)) <= 60


@pytest.mark.parametrize(
    "row",
    [
        Row((Cell("甲"), Cell("乙"), Cell("丙"))),
        Row((Cell("甲", columns=3),)),
        Row((Cell("甲", columns=0), Cell("乙"))),
        Row((Cell("甲", rows=0), Cell("乙"))),
    ],
)
def test_cells_that_find_no_room_are_refused(row: Row) -> None:
    with pytest.raises(ValueError, match=r"甲|丙"):
        table_lines(irregular(row, columns=2))


def test_a_cell_may_not_reach_into_one_from_above() -> None:
    rows = (Row((Cell("甲"), Cell("乙", rows=2))), Row((Cell("丙", columns=2),)))
    with pytest.raises(ValueError, match="丙"):
        table_lines(irregular(*rows, columns=2))


def test_odd_tables() -> None:
    assert table_lines(irregular(columns=0)) == ["", ""]
    assert table_lines(irregular(columns=1)) == ["=", "="]
    assert table_lines(irregular(Row(()), Row((Cell("甲"),)), columns=2)) == ["=====", "", "甲", "====="]
    assert table_lines(irregular(columns=0)._replace(title="空表")) == ["空表", "", ""]
    headed = Table("t", "", "", "", "", (Column("a", ("项目",), "name"),), ())
    assert table_lines(headed) == ["====", "项目", "----", "===="]


# --- whatever the table ---

NAMES = st.text(st.sampled_from("一般公共预算财政拨款支出决算（）、："), min_size=1, max_size=20).map(
    lambda t: "科" + t
)
FIGURES = st.decimals(-(10**9), 10**9, places=2).map(lambda value: f"{value:,}")
LABELS = st.text(st.sampled_from("本年支出合计|"), min_size=1, max_size=12)


@st.composite
def forms(draw: st.DrawFn) -> Table:
    """Forms with a head of one or two levels, one to three panels, and no empty cell."""
    columns: list[Column] = []
    for panel in range(draw(st.integers(1, 3))):
        top = draw(st.lists(LABELS, max_size=1))
        marked = draw(st.booleans())  # or else the first columns are the keys
        if draw(st.booleans()):
            columns.append(Column(f"code{panel}", (*top, "编码"), "code", panel, key=marked))
        columns.append(Column(f"name{panel}", (*top, "名称"), "name", panel, key=marked))
        for number in range(draw(st.integers(1, 7))):
            label = draw(st.lists(LABELS, min_size=1, max_size=2))
            columns.append(Column(f"f{panel}.{number}", (*label, f"{number}列"), "figure", panel))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        contents = {"code": st.integers(1, 9999999).map(str), "name": NAMES, "figure": FIGURES}
        cells = [
            Cell(draw(contents[column.kind]), address="x" if column.kind == "figure" else "") for column in columns
        ]
        rows.append(Row(tuple(cells), rule=draw(st.booleans())))
    return Table("t", "决算表", "公开01表", "部门：某局", "单位：元", tuple(columns), tuple(rows))


def edges(part: Part) -> list[list[int]]:
    """The columns in which the figures of every row end."""
    return [[width(row.lines[0][: match.end()]) for match in FIGURE.finditer(row.lines[0])] for row in part.rows]


@settings(deadline=None, max_examples=100)
@given(forms(), st.sampled_from([0, 40, 60, 80, 120, 160]))
def test_every_figure_is_printed_once_and_in_its_column(table: Table, limit: int) -> None:
    parts = lay_out(table, limit).parts
    found: list[list[str]] = [[] for _ in table.rows]
    for part in parts:
        columns = edges(part)
        assert all(row == columns[0] for row in columns)  # aligned on the right
        for number, row in enumerate(part.rows):
            found[number] += FIGURE.findall(row.lines[0])
            assert not any(FIGURE.search(line) for line in row.lines[1:])
    wanted = [[cell.text for cell in row.cells if cell.address] for row in table.rows]
    assert found == wanted


@settings(deadline=None, max_examples=100)
@given(forms(), st.sampled_from([0, 40, 60, 80, 120, 160]))
def test_rules_are_as_wide_as_their_table_and_lines_no_wider(table: Table, limit: int) -> None:
    parts = lay_out(table, limit).parts
    for number, part in enumerate(parts):
        total = width(part.foot)
        assert part.foot == part.head[0] == "=" * total
        assert part.head[-1] == "-" * total
        assert {row.rule for row in part.rows} <= {"", "-" * total}
        lines = part.lines()
        assert not any(line != line.rstrip() for line in lines)
        assert max(map(width, lines[len(part.caption) :])) == total
        assert lines[0].strip() == ("决算表（续表）" if number else "决算表")
        assert "公开01表" in lines[1]
        assert lines[2].split() == ["部门：某局", "单位：元"]
        if limit and total > limit:  # nothing but the key columns and one more
            assert len(edges(part)[0]) == 1
    if limit == 0:
        assert len(parts) == 1
        assert all(len(row.lines) == 1 for row in parts[0].rows)


@settings(deadline=None, max_examples=100)
@given(forms(), st.sampled_from([40, 80, 120]))
def test_rows_are_named_in_every_part(table: Table, limit: int) -> None:
    for part in lay_out(table, limit).parts:
        for row in part.rows:
            assert "科" in row.lines[0]


@st.composite
def grids(draw: st.DrawFn) -> Table:
    """Irregular tables: cells over rows and columns that fill a grid."""
    height, count = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    taken: set[tuple[int, int]] = set()
    rows = []
    for y in range(height):
        cells = []
        for x in range(count):
            if (y, x) in taken:
                continue
            across = draw(st.integers(1, 3))
            while x + across > count or any((y, x + i) in taken for i in range(across)):
                across -= 1
            down = draw(st.integers(1, height - y))
            taken |= {(y + j, x + i) for i in range(across) for j in range(down)}
            align = draw(st.sampled_from(["left", "left", "center", "right"]))
            text = draw(st.text(st.sampled_from("甲乙丙丁12.%，。（）“”—…\n　 "), max_size=30))
            cells.append(Cell(text, align, "", across, down))
        rows.append(Row(tuple(cells), rule=draw(st.booleans())))
    return irregular(*rows, columns=count)


@settings(deadline=None, max_examples=100)
@given(grids(), st.sampled_from([0, 1, 20, 60, 120]))
def test_an_irregular_table_loses_nothing(table: Table, limit: int) -> None:
    lines = table_lines(table, limit)
    wanted = Counter("".join(cell.text for row in table.rows for cell in row.cells))
    wanted.update(
        "\ufffd"
        * sum(cell.text.rstrip().count("\n") for row in table.rows for cell in row.cells if cell.align == "right")
    )
    found = Counter("".join(lines))
    for blank in " 　\n":
        wanted.pop(blank, 0)
        found.pop(blank, 0)
    assert all(found[char] == number for char, number in wanted.items())
    assert set(found) <= set(wanted) | {"-", "="}
    assert not any(line != line.rstrip() for line in lines)
    assert lines[0] == lines[-1]
    assert set(lines[0]) == {"="}
    assert max(map(width, lines)) == len(lines[0])
