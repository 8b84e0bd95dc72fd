"""Forms in 元 beside a text in 万元, as the budgets of some cities have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Paragraph, Table
from juesuan.core.render.json import render
from juesuan.core.report import Report

from .minimal import FILES, load, report, told

ROWS = """[expenditure]
2010301 = { basic = 3715146.50 }
"""


@pytest.fixture
def own(tmp_path: Path) -> Report:
    head = FILES["format.toml"].replace("[numbers]\n", '[numbers]\ntable_unit = "元"\n')
    forms = FILES["forms.toml"].replace("单位：万元", "单位：元")
    assert head != FILES["format.toml"]
    assert forms != FILES["forms.toml"]
    assert told(tmp_path, forms=forms, format=head) == []
    return report(load(tmp_path, forms=forms, format=head), ROWS)


def test_tables_are_in_their_unit_and_the_text_in_its_own(own: Report) -> None:
    document = compose(own)
    cells = [cell.text.replace(",", "") for block in document.blocks if isinstance(block, Table) for row in block.rows
             for cell in row.cells]
    text = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "3715146.50" in cells
    assert "371.51" not in cells
    assert "371.51万元" in text
    (table,) = json.loads(render(document, own))["tables"]
    assert table["unit"] == "元"


def test_a_form_that_says_another_unit_than_it_prints_is_found(tmp_path: Path) -> None:
    faults = told(tmp_path, forms=FILES["forms.toml"].replace("单位：万元", "单位：元"))
    assert any("forms.toml" in fault and "元" in fault for fault in faults)
