"""Help and messages in Chinese by default, in English if asked for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from juesuan.core.formats import FOLDER
from juesuan.core.text.width import width

from .conftest import EXAMPLE, Run
from .test_bad_input import HEAD, write

COMMANDS = ("export", "check", "explain", "new", "formats")
CHINESE = re.compile("[\u4e00-\u9fff]")

# What is Chinese in any language: units, names and forms in examples.
DATA = re.compile("三明市医疗保障局|万元|元|公开05表.2010550.小计")


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_help(language: str, command: str, juesuan: Run) -> None:
    result = juesuan("--lang", language, *([command] if command else []), "--help")
    assert (result.code, result.err) == (0, "")
    lines = result.out.rstrip("\n").split("\n")
    examples = lines.index({"zh_CN": "示例：", "en": "Example:"}[language])
    assert lines[-1].startswith(f"  juesuan {command}".rstrip())
    assert all(width(line, 1) <= 80 for line in lines[:examples])
    if language == "en":
        assert not CHINESE.search(DATA.sub("", result.out))
    else:
        assert not re.search("[a-z]{2,} [a-z]{2,} [a-z]{2,}", result.out.split("示例：")[0])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_level(command: str, juesuan: Run) -> None:
    """The descriptions of the options stand under each other, in columns of the terminal."""
    options = juesuan(command, "--help").out.split("选项:")[1].split("\n\n")[0]
    described = re.findall(r"^((?:  -.*?\S  +| {5,}))\S", options, re.MULTILINE)
    assert len(described) > 1
    assert len({width(before, 1) for before in described}) == 1


def test_every_example_of_the_help_works(juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = shutil.copytree(Path(FOLDER, "fujian", "budget"), tmp_path / "formats" / "anhui" / "budget")
    (own / "format.toml").write_text((own / "format.toml").read_text("utf-8").replace("fujian/", "anhui/"), "utf-8")
    for command in ("new", "check", "export", "explain", "formats"):
        for line in juesuan(command, "--help").out.split("示例：\n")[1].splitlines():
            words = line.split()
            assert words[:2] == ["juesuan", command]
            assert juesuan(*words[1:]).code == 0, line
    assert (tmp_path / "2024.txt").exists()


def test_the_language_of_messages(juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = write(tmp_path, HEAD + "[vehicles]\nother = -1\n")
    assert "不是数量" in juesuan("export", bad).err
    assert "is not a count" in juesuan("export", bad, "--lang", "en").err
    assert "is not a count" in juesuan("--lang=en", "export", bad).err
    monkeypatch.setenv("JUESUAN_LANG", "en_US.UTF-8")
    assert "is not a count" in juesuan("export", bad).err
    assert "不是数量" in juesuan("export", bad, "--lang", "zh").err
    assert "Errors" in juesuan("check", bad).out


def test_no_message_is_left_in_english(juesuan: Run, tmp_path: Path) -> None:
    text = (
        EXAMPLE.read_text("utf-8").replace("301.82", "-301.82", 1).replace('"正常浮动"', '"手机13812345678的的（"', 1)
    )
    told = juesuan("check", write(tmp_path, text)).out + juesuan("check", write(tmp_path, HEAD)).out
    told += juesuan("explain", EXAMPLE, "overview.closing_balance").out
    assert not re.search("[A-Za-z]{2,} [A-Za-z]{2,}", told)
    assert len(told.splitlines()) > 150


def test_the_report_itself_is_chinese_in_any_language(juesuan: Run) -> None:
    assert juesuan("export", EXAMPLE, "--lang", "en").data == juesuan("export", EXAMPLE).data


def test_workers_speak_the_language_asked_for(juesuan: Run, tmp_path: Path) -> None:
    files = [write(tmp_path, HEAD + "[vehicles]\nother = -1\n", f"{n}.toml") for n in range(10)]
    told = juesuan("export", *files, "--out-dir", tmp_path / "out", "--lang", "en").err
    assert told.count("is not a count") == 10
    assert not CHINESE.search(told.replace("辆数", ""))


@pytest.mark.parametrize("language", ["fr", "", "zh_TW", "\x1b[31m", "en;ls"])
def test_unknown_languages(language: str, juesuan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    result = juesuan("formats", "--lang", language)
    assert (result.code, result.data) == (2, b"")
    assert "zh_CN, en" in result.err
    assert "\x1b" not in result.err
    if language:
        monkeypatch.setenv("JUESUAN_LANG", language)
        assert juesuan("formats").code == 2


def test_an_abbreviation_is_refused_rather_than_misread(juesuan: Run) -> None:
    assert juesuan("formats", "--la", "en").code == 2


def test_version(juesuan: Run) -> None:
    result = juesuan("--version")
    assert (result.code, result.err) == (0, "")
    assert re.fullmatch(r"juesuan [0-9]+\.[0-9]+\.[0-9]+\n", result.out)
