"""Choosing a file from the folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.text.width import width
from juesuan.core.views.browsing import Browser, entry_line


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    for folder in ("报告", "旧年", ".git"):
        (tmp_path / folder).mkdir()
    for name in ("科协2024.toml", "b.toml", "a.txt", ".hidden.toml", "A.TOML.toml"):
        (tmp_path / name).write_text("x")
    (tmp_path / "报告" / "inner.toml").write_text("x")
    (tmp_path / "nowhere.toml").symlink_to("/no/such/file")
    return Browser(str(tmp_path))


def names(browser: Browser) -> list[str]:
    return [entry.name for entry in browser.entries()]


def test_folders_come_first_then_sources(browser: Browser) -> None:
    assert names(browser) == ["..", "报告", "旧年", "A.TOML.toml", "b.toml", "科协2024.toml"]


def test_typing_narrows_by_name_or_initials(browser: Browser) -> None:
    browser.type("B.")
    assert names(browser) == ["b.toml"]
    browser.type("kx")
    assert names(browser) == ["科协2024.toml"]
    browser.type(".h")
    assert names(browser) == [".hidden.toml"]
    browser.type("zzz")
    assert names(browser) == []


def test_a_path_is_gone_to(browser: Browser, tmp_path: Path) -> None:
    browser.type("报告/")
    assert browser.folder == str(tmp_path / "报告")
    assert names(browser) == ["..", "inner.toml"]
    browser.type(f"{tmp_path}/b")
    assert (browser.folder, browser.filter) == (str(tmp_path), "b")
    assert browser.parent() == tmp_path.name


def test_a_folder_that_can_t_be_read_says_why(browser: Browser) -> None:
    browser.type("没有/")
    assert browser.fault
    assert names(browser) == [".."]


def test_an_entry_keeps_to_its_columns(browser: Browser) -> None:
    for entry in browser.entries()[1:]:
        for columns in (60, 80):
            assert width(entry_line(entry, columns, 1), 1) == columns
            assert width(entry_line(entry._replace(name="很长" * 40), columns, 2), 2) <= columns
        assert "rw" in entry_line(entry, 80)
