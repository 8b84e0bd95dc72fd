"""Made-up departments of any size, the same for the same arguments.

Accounts come from the catalogue; where it has too few, further 7-digit codes under its
sections are used, with names in [accounts]. The figures agree with one another, as those of
a real report do: a check of one finds no error.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from juesuan.core.catalogue import load_catalogue
from juesuan.core.formats import load_format

FORMAT = "fujian/final-accounts"
YEAR = 2024

# Economic accounts of basic expenditure that a three-public rule does not tie to another table.
_ECONOMIC = ("30101", "30102", "30103", "30107", "30113", "30201", "30205", "30206", "30207", "30211", "30228", "30305")


def source(items: int, projects: int = 2, seed: int = 0) -> str:
    """The source of a department with so many 项 in each of its tables, in 万元."""
    chance = random.Random(seed)
    codes, names = _accounts(items)
    basic = {code: chance.randrange(1, 500000) for code in codes}
    catalogue = load_catalogue("functional", YEAR)
    running = {code for code in codes if catalogue.name(code) in ("行政运行", "事业运行")}  # basic expenditure only
    project = {code: chance.randrange(300000) if chance.random() < 0.4 and code not in running else 0 for code in codes}
    before = {code: max(0, basic[code] + project[code] + chance.randrange(-200000, 200000)) for code in codes}
    lines = ["schema = 1", "", "[report]", f'format = "{FORMAT}"', f"year = {YEAR}",
             f'department = "某市第{seed}局"', 'unit = "万元"', ""]  # fmt: skip
    if names:
        lines += ["[accounts]", *(f'{code} = "{name}"' for code, name in names.items()), ""]
    lines += ["[prose]", *(f'{prose.id} = "{_words(chance)}"' for prose in load_format(FORMAT).prose.values()), ""]
    lines += ["[organization]", "offices = 8", "subordinate_units = 1", ""]
    for number in range(2):
        lines += [
            "[[units]]",
            f'name = "某市第{seed}局第{number}单位"',
            'funding = "行政单位"',
            f"headcount = {chance.randrange(5, 90)}",
            "",
        ]
    lines += ["[income]", *(f"{code} = {{ fiscal = {_wan(basic[code] + project[code])} }}" for code in codes), ""]
    for table in ("expenditure", "general_budget"):
        lines += [f"[{table}]"]
        for code in codes:
            part = f", project = {_wan(project[code])}" if project[code] else ""
            lines.append(f"{code} = {{ basic = {_wan(basic[code])}{part} }}")
        lines.append("")
    lines += ["[basic_economic]", *_shares(sum(basic.values()), chance), ""]
    lines += _rest()
    total = sum(before.values())
    prior = dict.fromkeys((
        "overview.total", "overview.expenditure", "income.total", "expenditure.total", "fiscal.total",
        "fiscal.expenditure.total", "general_budget.total",
    ), total)  # fmt: skip
    prior |= dict.fromkeys((
        "overview.closing_balance", "overview.balance_distribution", "fiscal.closing.total", "government_fund.total",
        "state_capital.total", "three_public.total", "three_public.abroad", "three_public.vehicles",
        "three_public.vehicle_purchase", "three_public.vehicle_running", "three_public.reception",
    ), 0)  # fmt: skip
    prior |= {"operating_costs.total": 50, **{f"general_budget.{code}": before[code] for code in codes}}
    lines += ["[prior]", *(f'"{cell}" = {_wan(amount)}' for cell, amount in prior.items()), ""]
    lines += [
        "[reasons]",
        *(
            f'"{cell}" = "{_words(chance)[:16]}"'
            for cell in (
                "overview.total",
                "fiscal.total",
                "operating_costs.total",
                *(f"general_budget.{code}" for code in codes),
            )
        ),
        "",
    ]
    for number in range(projects):
        lines += _project(number, chance)
    return "\n".join(lines) + "\n"


def _accounts(items: int) -> tuple[list[str], dict[str, str]]:
    """So many codes in order, and the names of those that the catalogue has not."""
    catalogue = load_catalogue("functional", YEAR)
    printed = load_format(FORMAT).taxonomy.classes
    known = [code for code in catalogue.codes() if len(code) == 7 and code[:3] in printed]
    if items <= len(known):
        step = len(known) / items
        return [known[int(number * step)] for number in range(items)], {}
    sections = [code for code in catalogue.codes() if len(code) == 5 and code[:3] in printed]
    invented = (section + f"{number:02}" for number in range(99, 0, -1) for section in sections)
    names: dict[str, str] = {}
    while len(known) + len(names) < items:
        code = next(invented)
        if code not in catalogue:
            names[code] = f"第{code[3:]}项支出"
    return sorted([*known, *names]), names


def _shares(whole: int, chance: random.Random) -> Iterator[str]:
    """The basic expenditure over economic accounts."""
    left = whole
    for number, code in enumerate(_ECONOMIC, 1):
        part = left if number == len(_ECONOMIC) else left * chance.randrange(5, 30) // 100
        left -= part
        yield f"{code} = {_wan(part)}"


def _rest() -> list[str]:
    """What no other table gives: mostly nothing."""
    taxonomy = load_format(FORMAT).taxonomy
    lines = []
    for id in ("overview", "fiscal", "three_public", "three_public_counts", "operating_costs", "procurement",
               "sme_contracts", "vehicles", "equipment"):  # fmt: skip
        table = taxonomy.tables[id]
        lines.append(f"[{id}]")
        for line in table.lines:
            zero = {"amount": "0.00", "count": "0"}
            parts = [
                f"{column.id} = {zero[column.kind]}"
                for column in table.columns.values()
                if table.formula(line, column.id) is None
            ]
            if parts:
                lines.append(f"{line} = {{ " + ", ".join(parts) + " }")
        lines.append("")
    return [line.replace("administrative = { amount = 0.00 }", "administrative = { amount = 1.00 }") for line in lines]


def _project(number: int, chance: random.Random) -> list[str]:
    lines = [
        "[[projects]]",
        f'name = "第{number}项目"',
        'competent_department = "某局"',
        'implementing_unit = "某中心"',
    ]
    lines += [f'{key} = "{_words(chance)}"' for key in ("overview", "results", "goal", "achieved")]
    lines += ["[projects.funds]", "current_fiscal = { initial = 1.00, annual = 1.00, executed = 1.00 }", ""]
    for indicator in range(9):
        lines += ["[[projects.indicators]]", f'level1 = "第{indicator // 3}类指标"',
                  f'level2 = "第{indicator // 2}款指标"',
                  f'name = "第{indicator}项"', 'operator = "≥"', 'target = "100"', 'unit = "人"',
                  f'actual = "{100 + chance.randrange(9)}"', "weight = 10", "score = 10", ""]  # fmt: skip
    lines += [
        "[[projects.problems]]",
        'kind = "管理问题"',
        f'problem = "{_words(chance)}"',
        f'suggestion = "{_words(chance)}"',
        "",
    ]
    return lines


_CHARACTERS = "加强项目资金绩效管理完善制度落实责任提高服务水平保障运行推进改革统筹安排预算执行进度监督检查"


def _words(chance: random.Random) -> str:
    """Some eighty characters that read like an office's prose from afar."""
    phrases = ["".join(chance.choices(_CHARACTERS, k=chance.randrange(6, 14))) for _ in range(8)]
    return "，".join(phrases) + "。"


def _wan(hundredths: int) -> str:
    return format(Decimal(hundredths).scaleb(-2), ".2f")
