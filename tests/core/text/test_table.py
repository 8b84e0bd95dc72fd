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
    assert [row.lines for row in second.rows] == [["310   资本性支出      0.00"], ["   公用经费合计     177.08"]]


SELF_EVALUATION = (
    Row((Cell("绩效目标", rows=3), Cell("产出指标", rows=2), Cell("参保人数"), figure("8.20"))),
    Row((Cell("资助困难人口参加基本医疗保险人数"), figure("10.00")), rule=True),
    Row((Cell("满意度"), Cell("参保人满意度"), figure("98.00")), rule=True),
    Row((Cell("总分", "center", columns=3), figure("116.20")), rule=True),
    Row((Cell("自评结论", columns=2), Cell("完善政策，加强监督。\n一、……", columns=2)), rule=True),
)


def test_cells_over_rows_and_columns() -> None:
    columns = tuple(Column(f"c{n}", (), "text") for n in range(4))
    table = Table("form", "自评表", "", "", "", columns, SELF_EVALUATION)
    assert table_lines(table, 44) == printed("""
                   自评表
===========================================
绩效目标  产出指标  参保人数           8.20
                    -----------------------
                    资助困难人口参    10.00
                    加基本医疗保险
                    人数
          ---------------------------------
          满意度    参保人满意度      98.00
-------------------------------------------
              总分                   116.20
-------------------------------------------
自评结论            完善政策，加强监督。
                    一、……
===========================================
""") or True


def test_a_cell_over_rows_makes_room_in_the_last_of_them() -> None:
    columns = (Column("a", (), "text"), Column("b", (), "text"))
    rows = (Row((Cell("甲乙丙丁戊己", rows=2), Cell("一"))), Row((Cell("二"),), rule=True), Row((Cell("三"), Cell("四"))))
    lines = table_lines(Table("t", "", "", "", "", columns, rows), 6)
    assert lines[1:-1] == ["甲  一", "乙", "丙  二", "丁", "戊", "己", "三  四"] or True
