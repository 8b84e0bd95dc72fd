"""Sentences: directions, changes and shares from printed figures, reasons, lists, and what is not known yet."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core import progress
from juesuan.core.compose import compose
from juesuan.core.document import Paragraph
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

from .stating import nothing_else

EXAMPLE = Path(__file__).parents[2] / "examples" / "sanming-2024.toml"
HEAD = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"
"""


def report_of(text: str, head: str = HEAD, prior: str = "") -> Report:
    last = Report(parse_source(head.replace("2024", "2023") + prior)) if prior else None
    return Report(parse_source(head + text), last)


def section(report: Report, id: str) -> str:
    """The paragraphs of a section, one a line."""
    return "\n".join(
        block.text for block in compose(report).blocks if isinstance(block, Paragraph) and block.section == id
    )


def costs(current: str, prior: str | None) -> str:
    """The sentence on operating costs, with these figures of this year and last."""
    text = f"[operating_costs]\nadministrative = {current}\n" if current else ""
    if prior is not None:
        text += f'[prior]\n"operating_costs.total" = {prior}\n'
    return section(report_of(text, HEAD if current else nothing_else(HEAD)), "operating_costs")


# Changes


@pytest.mark.parametrize(("current", "prior", "said"), [
    ("2.09", "1.22", "支出2.09万元，比上年增加0.87万元，增长71.31%"),
    ("0.12", "0.36", "支出0.12万元，比上年减少0.24万元，下降66.67%"),
    ("0.86", "1.38", "支出0.86万元，比上年减少0.52万元，下降37.68%"),
    ("0.86", "1.07", "支出0.86万元，比上年减少0.21万元，下降19.63%"),
    ("177.08", "286.40", "支出177.08万元，比上年减少109.32万元，下降38.17%"),
    ("5", "5.00", "支出5.00万元，比上年增减0.00万元，与上年持平"),
    ("0.00", "0.00", "支出0.00万元，比上年增减0.00万元，与上年持平"),
    ("0.00", "3.50", "支出0.00万元，比上年减少3.50万元，下降100.00%"),
    ("", "3.50", "支出0.00万元，比上年减少3.50万元，下降100.00%"),
    ("3.50", "0.00", "支出3.50万元，比上年增加3.50万元（上年为0.00万元，不计算增长率）"),
    ("3.50", "-1.50", "支出3.50万元，比上年增加5.00万元"),
    ("-2.50", "-1.50", "支出-2.50万元，比上年减少1.00万元"),
    ("-1.50", "-1.50", "支出-1.50万元，比上年增减0.00万元，与上年持平"),
    ("-1.00", "4.00", "支出-1.00万元，比上年减少5.00万元，下降125.00%"),
    ("2.00", "0.01", "支出2.00万元，比上年增加1.99万元，增长19900.00%"),
    ("3.00", "2.00", "支出3.00万元，比上年增加1.00万元，增长50.00%"),
    ("1.005", "1.00", "支出1.01万元，比上年增加0.01万元，增长1.00%"),
    ("1.004", "1.00", "支出1.00万元，比上年增减0.00万元，与上年持平"),
    ("3.50", None, "支出3.50万元，比上年【待填：上年数】"),
    ("", None, "支出0.00万元，比上年【待填：上年数】"),
])  # fmt: skip
def test_changes(current: str, prior: str | None, said: str) -> None:
    text = costs(current, prior)
    assert text.startswith(f"2024年度机关运行经费{said}")
    rest = text.removeprefix(f"2024年度机关运行经费{said}")
    assert rest in ("。", "。主要原因是：【待填：主要原因】。")
    if "上年数" in said or "持平" in said:
        assert rest == "。"
    else:
        assert rest != "。"


def test_a_negative_base_has_no_rate() -> None:
    assert "%" not in costs("3.50", "-1.50")
    assert "%" not in costs("-2.50", "-1.50")
    assert "%" not in costs("3.50", "0.00")


def test_changes_are_computed_from_the_printed_figures() -> None:
    """2.0949 and 1.2151 print as 2.09 and 1.22; a reader with a calculator gets 71.31 %."""
    report = report_of('[operating_costs]\nadministrative = 2.0949\n[prior]\n"operating_costs.total" = 1.2151\n')
    assert "支出2.09万元，比上年增加0.87万元，增长71.31%" in section(report, "operating_costs")
    yuan = HEAD.replace("万元", "元")
    report = report_of('[operating_costs]\nadministrative = 49\n[prior]\n"operating_costs.total" = 20\n', yuan)
    assert section(report, "operating_costs") == "2024年度机关运行经费支出0.00万元，比上年增减0.00万元，与上年持平。"
    report = report_of('[operating_costs]\nadministrative = 50\n[prior]\n"operating_costs.total" = 49\n', yuan)
    assert "支出0.01万元，比上年增加0.01万元，增长2.04%" in section(report, "operating_costs")  # of the exact 元
    report = report_of('[operating_costs]\nadministrative = 0.0050\n[prior]\n"operating_costs.total" = 0.0049\n')
    assert "支出0.01万元，比上年增加0.01万元。" in section(report, "operating_costs")


# Shares


def test_a_share_of_nothing_is_said_in_words() -> None:
    report = report_of("", nothing_else(HEAD))
    text = section(report, "procurement") + section(report, "three_public")
    assert "%" not in text
    assert "货物采购支出为0.00万元，不计算占比" in text
    assert "经费支出0.00万元，全年预算为0.00万元；" in text


def test_shares_are_computed_from_the_printed_figures() -> None:
    report = report_of("[procurement]\ngoods = { amount = 3, sme = 1 }\n[sme_contracts]\nmicro = 0.5\n",
                       nothing_else(HEAD))
    text = section(report, "procurement")
    assert "授予中小企业合同金额1.00万元，占政府采购支出总额的33.33%，" in text
    assert "授予小微企业合同金额0.50万元，占授予中小企业合同金额的50.00%；" in text
    assert "货物采购授予中小企业合同金额占货物支出金额的33.33%" in text
    report = report_of("[three_public]\nreception = { budget = 45, outturn = 18.26 }\n")
    assert "公务接待费支出18.26万元，完成全年预算的40.58%；" in section(report, "three_public")
    report = report_of("[three_public]\nreception = { budget = 45, outturn = 18.26 }\n", nothing_else(HEAD))
    assert "公务接待费支出18.26万元，完成全年预算的40.58%；" in section(report, "three_public")


figures = st.sampled_from(["0", "0.00", "0.01", "1.22", "2.09", "3", "-1.5", "99999.99", "0.004", "0.0049"])
NUMBER = r"-?[0-9]+\.[0-9]{2}"


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A source with figures where shares and changes are told, many of them zero or not there."""
    lines = []
    for table, rows, columns in (
        ("three_public", ["abroad", "vehicle_purchase", "vehicle_running", "reception"], ["budget", "outturn"]),
        ("procurement", ["goods", "works", "services"], ["amount", "sme"]),
        ("general_budget", ["2010550", "2013299", "2299999"], ["basic", "project"]),
        ("government_fund", ["2120801", "2299999"], ["income", "project"]),
        ("state_capital", ["2230105"], ["project"]),
        ("income", ["2010550"], ["fiscal", "other"]),
        ("expenditure", ["2010550", "2299999"], ["basic", "project"]),
    ):
        lines.append(f"[{table}]")
        for row in rows:
            chosen = {column: draw(st.none() | figures) for column in columns}
            lines.append(f"{row} = {{ " + ", ".join(f"{name} = {text}" for name, text in chosen.items() if text) + " }")
    lines.append("[prior]")
    for cell in ("overview.total", "income.total", "expenditure.total", "fiscal.total", "general_budget.total",
                 "general_budget.2010550", "general_budget.2080505", "government_fund.total", "government_fund.2120801",
                 "state_capital.total", "three_public.total", "three_public.reception", "three_public.vehicles",
                 "operating_costs.total"):  # fmt: skip
        text = draw(st.none() | figures)
        if text:
            lines.append(f'"{cell}" = {text}')
    return "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=60)
@given(sources(), st.booleans(), st.booleans())
def test_every_percentage_follows_from_the_figures_that_are_printed(text: str, yuan: bool, stated: bool) -> None:
    text = HEAD + text
    if yuan:
        text = text.replace(".0049", ".00").replace("万元", "元")
    report = report_of("", nothing_else(text) if stated else text)
    whole = "\n".join(block.text for block in compose(report).blocks if isinstance(block, Paragraph))
    for word in ("NaN", "Infinity", "inf", "None", "E+", "-0.00", "Decimal"):
        assert word not in whole
    shares = 0
    for current, way, change, rate in re.findall(
        rf"({NUMBER})万元(?:，[^。；，\n]*?)?(?:；较上年|，比上年决算数|，较上年决算数|，比上年|，与上年决算数相比，各)"
        rf"(增加|减少)({NUMBER})万元，(?:增长|下降)({NUMBER})%",
        whole,
    ):
        delta = Decimal(change) if way == "增加" else -Decimal(change)
        assert follows(rate, abs(delta), Decimal(current) - delta, report.exact)
        shares += 1
    for part, rate in re.findall(rf"支出({NUMBER})万元，完成全年预算的({NUMBER})%", whole):
        base = {
            report.shown(("three_public", row, "budget"))
            for row in report.rows("three_public")
            if report.shown(("three_public", row, "outturn")) == part
        }
        assert any(follows(rate, Decimal(part), Decimal(one), report.exact) for one in base if "【" not in one)
        shares += 1
    wholes = "政府采购支出总额|授予中小企业合同金额|(?:货物|工程|服务)支出金额"
    shares += len(re.findall(rf"占(?:{wholes})的{NUMBER}%", whole))
    assert whole.count("%") == shares + whole.count("【待填】%")
    for rate in re.findall(r"(\S{1,12})%", whole):
        assert re.search(r"(?:[0-9]|【待填】)\Z", rate)


def follows(rate: str, part: Decimal, base: Decimal, exact: bool) -> bool:
    """Is it the percentage of the printed figures, or (`exact`) of figures in 元 that are printed so in 万元?"""
    if not exact:
        return base > 0 and abs(Decimal(rate) - part * 100 / base) <= Decimal("0.005")
    half = Decimal("0.005")
    low, high = max(part - 2 * half, Decimal(0)), part + 2 * half
    reached = (Decimal(rate) + half) * (base + half) >= low * 100
    return base + half > 0 and reached and (base <= half or (Decimal(rate) - half) * (base - half) <= high * 100)


# Lists


def test_lists_name_what_is_really_there() -> None:
    report = report_of("[basic_economic]\n30101 = 5\n30102 = 0.00\n30201 = 3\n30301 = 0.01\n31002 = 1\n30204 = 0\n")
    text = section(report, "basic")
    assert "人员经费5.01万元，主要包括：基本工资、离休费。" in text
    assert "公用经费4.00万元，主要包括：办公费、办公设备购置。" in text


def test_an_empty_list_is_not_begun() -> None:
    text = section(report_of("[basic_economic]\n30101 = 0\n"), "basic")
    assert "（一）人员经费0.00万元。" in text
    assert "（二）公用经费0.00万元。" in text
    assert "主要包括" not in text


@pytest.mark.parametrize("rows", ["", "2010550 = { basic = 0.00 }\n",
                                  "2010550 = { basic = 0 }\n2299999 = { project = 0 }\n"])
def test_nothing_is_announced_that_does_not_follow(rows: str) -> None:
    """A list of items that all are zero is no list."""
    head = nothing_else(f'{HEAD}[general_budget]\n{rows}[prior]\n"general_budget.total" = 0\n')
    text = section(report_of("", head), "general_budget")
    assert text == "2024年度一般公共预算拨款支出0.00万元，比上年决算数增减0.00万元，与上年持平。"


def test_items_are_numbered_without_those_that_are_zero() -> None:
    text = section(
        report_of("""[general_budget]
2010550 = { basic = 1 }
2013299 = { basic = 0 }
2080505 = { project = 2 }
[prior]
"general_budget.total" = 3
"general_budget.2010550" = 1
"general_budget.2080505" = 2
"""),
        "general_budget",
    )
    assert re.findall(r"（([一二三])）([0-9]{7})-", text) == [("一", "2010550"), ("二", "2080505")]


def test_an_item_of_last_year_only_is_told() -> None:
    text = """[general_budget]
2010550 = { basic = 1 }
[prior]
"general_budget.total" = 5
"general_budget.2010550" = 1
"general_budget.2080505" = 4
"""
    said = (
        "（二）2080505-机关事业单位基本养老保险缴费支出0.00万元，较上年决算数减少4.00万元，下降100.00%。"
        "主要原因是【待填：主要原因】。"
    )
    assert said in section(report_of(text), "general_budget")
    from_file = report_of(
        "[general_budget]\n2010550 = { basic = 1 }\n",
        prior="[general_budget]\n2010550 = { basic = 1 }\n2080505 = { basic = 4 }\n",
    )
    assert said in section(from_file, "general_budget")


def test_an_item_that_is_new_has_no_rate() -> None:
    report = report_of(
        "[general_budget]\n2010550 = { basic = 1 }\n", prior="[general_budget]\n2080505 = { basic = 4 }\n"
    )
    assert "2010550-事业运行支出1.00万元，较上年决算数增加1.00万元（上年为0.00万元，不计算增长率）" in section(
        report, "general_budget"
    )


def test_expenditure_is_said_once() -> None:
    text = section(report_of("[general_budget]\n2299999 = { basic = 1 }\n2013299 = { basic = 1 }\n"), "general_budget")
    assert "2013299-其他组织事务支出1.00万元" in text
    assert "2299999-其他支出1.00万元" in text
    assert "支出支出" not in text


def test_the_first_and_the_later_items_follow_their_numbers() -> None:
    codes = [f"20101{number:02}" for number in range(1, 13)]
    rows = "".join(f"{code} = {{ basic = 1 }}\n" for code in codes)
    names = "".join(f'{code} = "甲{code}"\n' for code in codes)
    text = section(report_of(f"[general_budget]\n{rows}[accounts]\n{names}"), "general_budget")
    assert re.findall(r"（([一二三四五六七八九十]+)）20101", text) == [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
    ]


def test_an_account_without_a_name_is_asked_for() -> None:
    assert "2019876-【待填：2019876的科目名称】" in section(
        report_of("[general_budget]\n2019876 = { basic = 1 }\n"), "general_budget"
    )


# Funds


def test_an_unused_fund_is_said_to_be_so() -> None:
    prior = '[prior]\n"government_fund.total" = 0\n"state_capital.total" = 0\n'
    assert "没有" not in section(report_of(prior), "government_fund") + section(report_of(prior), "state_capital")
    report = report_of(prior, HEAD + 'none = ["government_fund", "state_capital"]\n')
    assert section(report, "government_fund") == (
        "2024年度政府性基金支出0.00万元，比上年决算数增减0.00万元，与上年持平，主要原因是本部门2024年度没有使用政府性基金预算拨款安排的支出。"
    )
    assert section(report, "state_capital").endswith("没有使用国有资本经营预算拨款安排的支出。")


def test_a_fund_with_data() -> None:
    report = report_of("""[government_fund]
2120801 = { opening = 1, income = 9, project = 8 }
2296002 = { income = 3, project = 2.5 }
[prior]
"government_fund.total" = 10
"government_fund.2120801" = 10
"government_fund.2296002" = 0
[reasons]
"government_fund.total" = "新增彩票公益金项目。"
"government_fund.2120801" = "征地补偿减少；"
[accounts]
2296002 = "用于社会福利的彩票公益金支出"
""")
    assert section(report, "government_fund").split("\n") == [
        "2024年度政府性基金支出10.50万元，比上年决算数增加0.50万元，增长5.00%，"
        "主要原因是新增彩票公益金项目，其中（按项级科目分类统计）：",
        "（一）2120801-征地和拆迁补偿支出8.00万元，较上年决算数减少2.00万元，下降20.00%。主要原因是征地补偿减少。",
        "（二）2296002-用于社会福利的彩票公益金支出2.50万元，较上年决算数增加2.50万元（上年为0.00万元，不计算增长率）。"
        "主要原因是【待填：主要原因】。",
    ]
    assert "2. 政府性基金预算财政拨款收入12.00万元。" in section(report, "overall-income")


# Reasons


@pytest.mark.parametrize(("reason", "said"), [
    ("人员增加", "人员增加。"), ("人员增加。", "人员增加。"), ("人员增加；", "人员增加。"),
    ("人员增加。。", "人员增加。"),
    (" 人员增加 ", "人员增加。"),
    ("{year}年的{{事}}", "【待填：year】年的{事}。"), ("甲。乙", "甲。乙。"),
])  # fmt: skip
def test_a_reason_is_said_as_it_is_written(reason: str, said: str) -> None:
    text = '[operating_costs]\nadministrative = 2\n[prior]\n"operating_costs.total" = 1\n'
    report = report_of(text + f'[reasons]\n"operating_costs.total" = "{reason}"\n')
    assert section(report, "operating_costs").endswith("增长100.00%。主要原因是：" + said)


def asked(report: Report, kind: str) -> dict[str, str]:
    return {need.key: need.state for need in progress.needs(report) if need.kind == kind}


def test_a_reason_is_required_exactly_where_the_printed_figure_moved() -> None:
    report = report_of("""[general_budget]
2010550 = { basic = 1.004 }
2013299 = { basic = 2.01 }
2080505 = { basic = 3 }
2080506 = { basic = 4 }
[prior]
"general_budget.2010550" = 1.00
"general_budget.2013299" = 2.00
"general_budget.2080505" = 2
"general_budget.2101101" = 0
"general_budget.2101102" = 6
[reasons]
"general_budget.2080505" = "新增人员"
""")
    states = {
        key.split(".")[1]: state for key, state in asked(report, "reason").items() if key.startswith("general_budget.2")
    }
    assert states == {
        "2010550": progress.SPARED,  # prints 1.00, as last year
        "2013299": progress.MISSING,
        "2080505": progress.DONE,
        "2080506": progress.SPARED,  # last year's figure is not known yet
        "2101102": progress.MISSING,  # was there last year only
    }
    text = section(report, "general_budget")
    for row, state in states.items():
        line = next(line for line in text.split("\n") if f"{row}-" in line)
        assert ("【待填：主要原因】" in line) is (state == progress.MISSING)
        assert ("主要原因是" in line) is (state != progress.SPARED)


def test_a_reason_may_stand_where_none_is_required() -> None:
    report = report_of(
        '[prior]\n"three_public.abroad" = 0\n[reasons]\n"three_public.abroad" = "无因公出国（境）支出"\n',
        nothing_else(HEAD),
    )
    assert "累计0人次。主要是无因公出国（境）支出。" in section(report, "three_public")


def test_a_remark_is_never_required() -> None:
    report = report_of('[income]\n2010550 = { fiscal = 5 }\n[prior]\n"income.total" = 1\n')
    assert (
        section(report, "overall-income").split("\n")[0]
        == "2024年度收入5.00万元，比上年决算数增加4.00万元，增长400.00%，具体情况如下："
    )
    assert "income.total.total" not in asked(report, "reason")


# What is not known yet


def test_what_is_missing_is_asked_for_in_its_place() -> None:
    text = "\n".join(
        block.text for block in compose(report_of("[[projects]]\n")).blocks if isinstance(block, Paragraph)
    )
    assert "【待填：部门主要职责】" in text
    assert "【待填：项目名称】" in text
    assert "【待填：上年数】" in text
    bare = Report(parse_source('schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\n'))
    assert "【待填：部门名称】" in "\n".join(
        block.text for block in compose(bare).blocks if isinstance(block, Paragraph)
    )


def test_template_code_in_texts_stays_inert() -> None:
    """Figures are printed where they are named; nothing else between braces means anything."""
    report = report_of('[prose]\nduties = "{department} {overview.total} {{7*7}} {7*7} ${x} %s"\n',
                       nothing_else(HEAD))
    assert "【待填：department】 0.00 {7*7} 【待填：7*7】 $【待填：x】 %s" in section(report, "duties")


def test_every_figure_of_a_sentence_knows_its_cell() -> None:
    report = Report(parse_source(EXAMPLE.read_text(encoding="utf-8")))
    [paragraph] = [
        block for block in compose(report).blocks if isinstance(block, Paragraph) and block.section == "overall-total"
    ]
    figures = [(run.text, run.cell) for run in paragraph.runs if run.cell]
    assert figures == [
        ("6210.66", "overview.total.amount"),
        ("6210.66", "overview.expenditure_total.amount"),
        ("45.60", "overview.total.amount"),
        ("0.73", "overview.total.amount"),
    ]


@pytest.mark.parametrize(("reason", "said"), [
    ("人员减少", "人员减少"), ("人员减少。", "人员减少"),
    ("主要是人员减少；", "人员减少"), ("主要原因是：人员减少", "人员减少"),
    ("主要领导调整", "主要领导调整"), ("原因为人员减少", "人员减少"),
])  # fmt: skip
def test_the_lead_of_a_reason_is_said_once(reason: str, said: str) -> None:
    report = report_of(f'[operating_costs]\nadministrative = 2\n[prior]\n"operating_costs.total" = 3\n'
                       f'[reasons]\n"operating_costs.total" = "{reason}"\n')
    assert f"下降33.33%。主要原因是：{said}。" in section(report, "operating_costs")


@pytest.mark.parametrize("task", ["深化改革", "深化改革。"])
def test_the_main_task_is_a_sentence(task: str) -> None:
    assert "深化改革。围绕上述任务" in words_of(report_of(f'[prose]\nmain_task = "{task}"\n'))


def words_of(report: Report) -> str:
    return "\n".join(block.text for block in compose(report).blocks if isinstance(block, Paragraph))


def test_one_project_is_no_list() -> None:
    funds = "[projects.funds]\ncurrent_fiscal = { initial = 0, annual = 0, executed = 0 }\n"
    assert "涉及财政拨款资金【待填】万元" in words_of(report_of('[[projects]]\nname = "甲项目"\n'))
    one = words_of(report_of('[[projects]]\nname = "甲项目"\n' + funds))
    assert "1个项目实施单位自评，项目是甲项目，涉及财政拨款资金0.00万元。（《项目支出绩效自评表》详见附件）" in one
    two = words_of(report_of(f'[[projects]]\nname = "甲项目"\npublished = false\n{funds}'
                             f'[[projects]]\nname = "乙项目"\npublished = false\n{funds}'))
    assert "2个项目实施单位自评，分别是甲项目、乙项目等项目，涉及财政拨款资金共计0.00万元。\n" in two
    assert "详见附件" not in two


def test_funds_without_expenditure_are_not_denied() -> None:
    report = report_of("[government_fund]\n2296002 = { income = 5 }\n")
    assert "没有使用政府性基金" not in section(report, "government_fund")
