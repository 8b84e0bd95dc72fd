"""Pinyin initials of names, for typing an account or a command."""

from __future__ import annotations

import pytest
from juesuan.core.catalogue import load_catalogue, search
from juesuan.core.pinyin import initial, rank


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("行政运行", "xzyx", 0),
        ("行政运行", "XZ", 1),
        ("行政运行", "yx", 2),
        ("机关事业单位基本养老保险缴费支出", "jgsydwjbylbxjfzc", 0),
        ("一般行政管理事务", "ybhz", 1),
        ("殡葬", "bz", 0),
        ("（款）项", "kx", 0),
        ("西藏", "xz", 0),
        ("行政运行", "xzyxx", None),
        ("行政运行", "zz", None),
        ("行政运行", "", None),
        ("WTO事务", "wtosw", 0),
    ],
)
def test_rank(text: str, typed: str, expected: int | None) -> None:
    assert rank(text, typed) == expected


@pytest.mark.parametrize("kind", ["functional", "economic"])
def test_every_name_of_the_catalogue_can_be_typed(kind: str) -> None:
    catalogue = load_catalogue(kind, 2024)  # type: ignore[arg-type]
    for code in catalogue.codes():
        for character in catalogue.name(code) or "":
            assert initial(character) or not character.isalnum(), (code, character)


def test_an_account_is_found_by_its_initials() -> None:
    found = search(load_catalogue("functional", 2024), "21015 xzyx")
    assert [account.code for account in found][:1] == ["2101501"]
    assert search(load_catalogue("functional", 2024), "xzyx")[0].name == "行政运行"
