# ruff: noqa: E501 - rows of sheets stand on a line each
"""Workbooks as finance offices hand them round, made for the tests: the printed forms of a report,
and the tables of the accounting system."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from juesuan.core.compose import compose
from juesuan.core.document import Table
from juesuan.core.report import Report


def figure(text: str, scale: Decimal = Decimal(1)) -> Any:
    """A printed figure as the number that a spreadsheet holds; other texts as they are."""
    try:
        return float(Decimal(text.replace(",", "")) * scale)
    except ArithmeticError:
        return text


def write_forms(path: Path, report: Report, *, unit: str = "万元", only: tuple[str, ...] = (),
                merged: bool = True, codes: str = "one") -> Path:
    """The printed forms of a report, a sheet each, as an office would lay them out."""
    scale = Decimal(1) if unit == "万元" else Decimal(10000)
    book = xlsxwriter.Workbook(str(path))
    for number, table in enumerate(block for block in compose(report).blocks if isinstance(block, Table)):
        if (only and table.id not in only) or not any(column.header for column in table.columns):
            continue
        sheet = book.add_worksheet(f"{table.form or number} {table.title}".replace("/", "")[:31])
        write_form(sheet, table, unit, scale, merged)
    book.close()
    return path


def write_form(sheet: Any, table: Table, unit: str, scale: Decimal, merged: bool = True, top: int = 0) -> int:
    """One form from row `top` of a sheet; the first row below it."""
    width = len(table.columns)
    sheet.write(top, 0, table.title)
    sheet.write(top + 1, width - 1, table.form)
    sheet.write(top + 2, 0, table.left)
    sheet.write(top + 2, width - 1, table.right.replace("万元", unit))
    head = top + 3
    depth = max(len(column.header) for column in table.columns)
    paths = [tuple(level.replace("|", "\n") for level in column.header) for column in table.columns]
    done: set[tuple[int, int]] = set()
    for level in range(depth):
        for at, path in enumerate(paths):
            if (level, at) in done or level >= len(path):
                continue
            right = at
            while right + 1 < width and paths[right + 1][:level + 1] == path[:level + 1] and \
                    table.columns[right + 1].panel == table.columns[at].panel and level + 1 < len(path):
                right += 1
            bottom = depth - 1 if level + 1 == len(path) else level
            if merged and (right > at or bottom > level):
                sheet.merge_range(head + level, at, head + bottom, right, path[level])
            else:
                sheet.write(head + level, at, path[level])
            done.update((row, column) for row in range(level, bottom + 1) for column in range(at, right + 1))
    row = head + depth
    counts = {"公开10表"}
    for line in table.rows:
        for at, cell in enumerate(line.cells):
            column = table.columns[at]
            if cell.text and column.kind in ("figure", "text"):
                factor = Decimal(1) if column.header[-1] in ("行次", "在职人数") or (
                    table.form in counts and "." not in cell.text) or not cell.address else scale
                sheet.write(row, at, figure(cell.text, factor))
            elif cell.text:
                sheet.write(row, at, cell.text)
        row += 1
    for note in table.notes:
        sheet.write(row, 0, note)
        row += 1
    return row


def write_rows(path: Path, sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None) -> Path:
    """Sheets row by row, with merged ranges (A1:B2) whose text stands in their first cell."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for area in (merges or {}).get(name, ()):
            sheet.merge_range(area, "")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(number, at, value)
    book.close()
    return path


LEAVES = (("2060701", "机构运行"), ("2060702", "科普活动"), ("2080505", "机关事业单位基本养老保险缴费支出"),
          ("2101101", "行政单位医疗"), ("2210201", "住房公积金"))
NAMES = {"206": "科学技术支出", "20607": "科学技术普及", "208": "社会保障和就业支出", "20805": "行政事业单位养老支出",
         "210": "卫生健康支出", "21011": "行政事业单位医疗", "221": "住房保障支出", "22102": "住房改革支出"}
BASIC = (1462000.5, 0.0, 183600.25, 94200.0, 219500.0)
PROJECT = (0.0, 525000.33, 0.0, 0.0, 0.0)


def tree(columns: list[tuple[float, ...]], codes: str = "three") -> list[list[Any]]:
    """Rows of accounts as the accounting system exports them: 合计, then 类, 款 and 项 in order."""
    def sums(prefix: str) -> list[float]:
        return [round(sum(value for (code, _name), value in zip(LEAVES, column) if code.startswith(prefix)), 6)
                for column in columns]

    def key(code: str) -> list[Any]:
        if codes == "one":
            return [code]
        if codes == "number":
            return [float(code)]
        return [code[:3], code[3:5], code[5:]] if codes == "three" else [code, "", ""]

    rows: list[list[Any]] = [["合计", *[""] * (len(key("201")) - 1), "", *sums("")]]
    done: set[str] = set()
    for leaf, name in LEAVES:
        for length in (3, 5, 7):
            code = leaf[:length]
            if code not in done:
                done.add(code)
                rows.append([*key(code), NAMES.get(code, name), *sums(code)])
    return rows


def accounting_book(path: Path, year: int = 2024, unit: str = "元", codes: str = "three") -> Path:
    """The tables 财决01, 03, 04, 07, 08-1 and F03 of one department, with their merged headers."""
    factor = 1.0 if unit == "元" else 10000.0
    basic = tuple(value / factor for value in BASIC)
    project = tuple(value / factor for value in PROJECT)
    total = tuple(a + b for a, b in zip(basic, project))
    zero = (0.0,) * len(LEAVES)
    other = (0.0, 25000.0 / factor, 0.0, 0.0, 0.0)
    fiscal = tuple(a - b for a, b in zip(total, other))
    wide = 3 if codes in ("three", "first") else 1

    def top(title: str, code: str, width: int) -> list[list[Any]]:
        return [[title], [*[""] * (width - 1), code],
                ["编制单位：青禾县科学技术协会", *[""] * (width - 3), f"{year}年度", f"金额单位：{unit}"]]

    def heads(labels: list[str]) -> list[list[Any]]:
        levels = ["类", "款", "项"][:wide] if wide == 3 else [""]
        return [["项目", *[""] * wide, *labels], ["支出功能分类科目编码", *[""] * (wide - 1), "科目名称"],
                [*levels, "栏次", *map(str, range(1, len(labels) + 1))]]

    income = heads(["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "", "经营收入", "附属单位上缴收入", "其他收入"])
    income[1] += ["", "", "", "小计", "其中：教育收费"]
    expenditure = heads(["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"])
    general = heads(["年初结转和结余", "", "", "本年收入", "", "", "本年支出", "", "", "", "", "年末结转和结余", "", ""])
    general[1] += ["合计", "基本支出结转", "项目支出结转和结余", "合计", "基本支出", "项目支出", "合计", "基本支出", "", "",
                   "项目支出", "合计", "基本支出结转", "项目支出结转和结余"]
    general.insert(2, [*[""] * (wide + 1 + 7), "小计", "人员经费", "公用经费"])
    first = [("收入", 5), ("支出", 10)]
    overview = [
        ["收入", "", "", "", "", "支出"],
        ["项目", "行次", "年初预算数", "全年预算数", "决算数", "项目（按功能分类）", "行次", "年初预算数", "全年预算数", "决算数",
         "项目（按支出性质和经济分类）", "行次", "年初预算数", "全年预算数", "决算数"],
        ["栏次", "", 1, 2, 3, "栏次", "", 4, 5, 6, "栏次", "", 7, 8, 9],
        ["一、一般公共预算财政拨款收入", 1, 9.0, 9.0, sum(fiscal), "一、一般公共服务支出", 31, 0.0, 0.0, 0.0, "一、基本支出", 57, 1.0,
         1.0, sum(basic)],
        ["二、政府性基金预算财政拨款收入", 2, 0.0, 0.0, 0.0, "六、科学技术支出", 36, 9.0, 9.0, sum(total[:2]), "    人员经费", 58,
         1.0, 1.0, sum(basic)],
        ["八、其他收入", 8, 0.0, 0.0, sum(other), "八、社会保障和就业支出", 38, 9.0, 9.0, total[2], "二、项目支出", 60, 1.0, 1.0,
         sum(project)],
        ["", "", "", "", "", "九、卫生健康支出", 39, 9.0, 9.0, total[3]],
        ["", "", "", "", "", "十九、住房保障支出", 49, 9.0, 9.0, total[4]],
        ["本年收入合计", 27, 9.0, 9.0, sum(total), "本年支出合计", 57, 9.0, 9.0, sum(total)],
        ["使用非财政拨款结余（含专用结余）", 28, 0.0, 0.0, 0.0, "结余分配", 58, 0.0, 0.0, 0.0],
        ["年初结转和结余", 29, 0.0, 0.0, 3200.0 / factor, "年末结转和结余", 59, 0.0, 0.0, 3200.0 / factor],
        ["总计", 30, 9.0, 9.0, sum(total) + 3200.0 / factor, "总计", 60, 9.0, 9.0, sum(total) + 3200.0 / factor],
    ]
    economic = [["项目", *[""] * wide, "合计", "工资福利支出", "", "", "对个人和家庭的补助", ""],
                ["支出功能分类科目编码", *[""] * (wide - 1), "科目名称", "", "小计", "基本工资", "住房公积金", "小计", "退休费"],
                [*(["类", "款", "项"][:wide] if wide == 3 else [""]), "栏次", *map(str, range(1, 7))],
                ["合计", *[""] * wide, 1959300.75 / factor, 1900000.0 / factor, 1680500.0 / factor, 219500.0 / factor,
                 59300.75 / factor, 59300.75 / factor]]
    running = [
        ["项目", "行次", "全年预算数", "统计数", "项目", "行次", "统计数"],
        ["栏次", "", 1, 2, "栏次", "", 3],
        ["一、“三公”经费支出", 1, "—", "—", "四、机关运行经费", 25, 60000.0 / factor],
        ["（一）支出合计", 2, 45000.0 / factor, 33400.0 / factor, "（一）行政单位", 26, 60000.0 / factor],
        ["1．因公出国（境）费", 3, 0.0, 0.0, "（二）参照公务员法管理事业单位", 27, 0.0],
        ["2．公务用车购置及运行维护费", 4, 30000.0 / factor, 25000.0 / factor, "五、国有资产占用情况", 28, "—"],
        ["（1）公务用车购置费", 5, 0.0, 0.0, "（一）车辆数合计（辆）", 29, 2],
        ["（2）公务用车运行维护费", 6, 30000.0 / factor, 25000.0 / factor, "1．副部（省）级及以上领导用车", 30, 0],
        ["3．公务接待费", 7, 15000.0 / factor, 8400.0 / factor, "4．应急保障用车", 33, 1],
        ["（1）国内接待费", 8, "—", 8400.0 / factor, "8．其他用车", 37, 1],
        ["（二）相关统计数", 9, "—", "—", "（二）单价100万元（含）以上设备（不含车辆）", 38, 0],
        ["4．公务用车保有量（辆）", 14, "—", 2, "六、政府采购支出信息", 39, "—"],
        ["5．国内公务接待批次（个）", 15, "—", 7, "（一）政府采购支出合计", 40, 40000.0 / factor],
        ["6．国内公务接待人次（人）", 17, "—", 63, "1．政府采购货物支出", 41, 40000.0 / factor],
    ]
    sheets = {
        "封面": [["2024年度部门决算报表"], ["单位名称", "青禾县科学技术协会"]],
        "Z01 收入支出决算总表(财决01表)": top("收入支出决算总表", "财决01表", 15) + overview,
        "Z03 收入决算表(财决03表)": top("收入决算表", "财决03表", wide + 9) + income + tree(
            [total, fiscal, zero, zero, zero, zero, zero, other], codes),
        "Z04 支出决算表(财决04表)": top("支出决算表", "财决04表", wide + 7) + expenditure + tree(
            [total, basic, project, zero, zero, zero], codes),
        "Z05 支出决算明细表(财决05表)": top("支出决算明细表", "财决05表", 9) + [["合计", "", "", "", 12.0]],
        "Z07 一般公共预算财政拨款收入支出决算表": top("一般公共预算财政拨款收入支出决算表", "财决07表", wide + 15) + general + tree(
            [zero, zero, zero, fiscal, basic, tuple(a - b for a, b in zip(fiscal, basic)), fiscal, basic, basic, zero,
             tuple(a - b for a, b in zip(fiscal, basic)), zero, zero, zero], codes),
        "Z08_1 基本支出决算明细表(财决08-1表)": top("一般公共预算财政拨款基本支出决算明细表", "财决08-1表", 10) + economic,
        "F03 机构运行信息表(财决附03表)": top("机构运行信息表", "财决附03表", 7) + running,
    }
    last = chr(65 + wide - 1)
    name = chr(65 + wide)

    def merges(columns: list[tuple[int, int]], rows: int) -> list[str]:
        areas = [f"A4:{name}4", *([f"A5:{last}5"] if wide > 1 else [])]
        for at, width in columns:
            letter = chr(65 + wide + 1 + at)
            if width == 1:
                areas.append(f"{letter}4:{letter}{4 + rows}")
            else:
                areas.append(f"{letter}4:{chr(65 + wide + at + width)}4")
        return areas

    book = xlsxwriter.Workbook(str(path))
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title[:31])
        if title.startswith("Z03"):
            for area in merges([(0, 1), (1, 1), (2, 1), (3, 2), (5, 1), (6, 1), (7, 1)], 1):
                sheet.merge_range(area, "")
        if title.startswith("Z01 "):
            for (_label, _at), area in zip(first, ("A4:E4", "F4:O4")):
                sheet.merge_range(area, "")
        if title.startswith("Z07"):
            for area in merges([(0, 3), (3, 3), (6, 5), (11, 3)], 1):
                sheet.merge_range(area, "")
            sheet.merge_range(4, wide + 1 + 7, 4, wide + 1 + 9, "")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(number, at, value)
    book.close()
    return path
