"""Documents for the tests of the renderers: an example of each kind of block, and hostile text."""

from decimal import Decimal

from juesuan.core.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
)

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a</td></table><h1>b", "&lt;b&gt; &copy; &#65;",
    "\"'`", "**粗** __体__ *斜* _体_ ~~删~~ ==亮==", "[链接](http://a.b/c) ![图](x.png)", "<http://a.b/c>",
    "http://a.b/c www.a.b/c", "# 标题 #", "- 项", "1. 项", "12) 项", "+ 项", "> 引用", "---", "===", "```", "~~~",
    "| a | b |", "| --- |", "\\", "a\\", "    四格", "$x$ \\(y\\)", "{{ a }} {: .b }", "[^1]: 注", ":::", ": 定义",
    "a:smile:b", "- [x] 做", "a\nb", "a\n===\nb", "a\n- b", "a\n\n\nb", "\x1b[31m红\x07", "\u202e反", "]]>", "-->",
    "<!--", "=1+1", "a|b", "a\tb",
]


def paragraph(text: str, indent: bool = True) -> Paragraph:
    return Paragraph((Run(text),), indent)


def document(*blocks: Block) -> Document:
    return Document("报告", blocks)


def table(*rows: Row, columns: tuple[Column, ...] | None = None, **more: object) -> Table:
    """A table with a head of three levels, lists side by side."""
    return Table(**{  # type: ignore[arg-type]
        "id": "fiscal", "title": "收支总表", "form": "公开04表", "left": "部门：某局", "right": "单位：万元",
        "columns": columns or (
            Column("item", ("收入", "项目"), "name", 0, True),
            Column("amount", ("收入", "金额"), "figure", 0),
            Column("code", ("支出", "科目|编码"), "code", 1, True),
            Column("name", ("支出", "科目名称"), "name", 1, True),
            Column("total", ("支出", "决算数", "合计"), "figure", 1),
            Column("basic", ("支出", "决算数", "基本支出"), "figure", 1)),
        "rows": rows, **more})


def figure(text: str) -> Cell:
    return Cell(text, "right", "x")


ROW = Row((Cell("一、拨款"), figure("1.00"), Cell("201"), Cell("公共服务"), figure("2.00"), figure("3.00")))
SHORT = Row((Cell(""), Cell(""), Cell("202"), Cell("外交"), figure("4.00"), figure("5.00")))
TOTAL = Row((Cell("总计"), figure("6.00"), Cell(""), Cell("总计"), figure("7.00"), figure("8.00")), True, True)

CHART = Chart("c", "bars", "图1：支出（单位：万元）", "万元", (
    Bar("基本支出", Decimal("300"), "300万元"), Bar("项目支出", Decimal("100"), "100万元"),
    Bar("没有", Decimal(0), "0万元"), Bar("退回", Decimal("-5"), "-5万元")))

EVERYTHING = document(
    Cover(("2024年度", "某局")), PageBreak(), Contents("目录"), PageBreak(),
    Heading("a", 1, "第一部分 ", "概况", True), Heading("b", 2, "一、", "职责", True), paragraph("负责。"),
    Heading("b", 2, "二、", "职责", True), Heading("c", 4, "1. ", "细目"), paragraph("不缩进", False),
    PageBreak(), Heading("d", 1, "第二部分 ", "表", True), table(ROW, SHORT, TOTAL, notes=("注：无。",)), CHART)
