"""Settings: what is right holds, what is wrong is told with its line, and nobody is locked in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from juesuan.core import i18n
from juesuan.core.settings import Settings, language_set, load_settings
from juesuan.core.views.commands import SCREENS, commands, default_commands, use_keys
from juesuan.core.views.keys import OWN, TYPED, key_name, parse_key


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("JUESUAN_CONFIG", "JUESUAN_AMBIGUOUS", "JUESUAN_THEME"):
        monkeypatch.delenv(name, raising=False)
    i18n.use_language("zh_CN")
    yield
    use_keys({})


def settings(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return load_settings(str(file))


def test_no_file_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    found = load_settings()
    assert (found.there, found.problems, found.keys) == (False, (), {})
    assert found.file == str(tmp_path / "juesuan/config.toml")
    monkeypatch.setenv("JUESUAN_CONFIG", str(tmp_path / "other.toml"))
    assert "other.toml" in load_settings().problems[0]


def test_all_settings(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        'theme = "light"\nambiguous_width = 2\nlanguage = "en"\n'
        '[keys]\nnext = ["F5", "^T"]\nsheet = "f7"\nreading.search = "s"\n"writing.all" = []\n',
    )
    assert found.problems == ()
    assert (found.theme, found.ambiguous, found.language) == ("light", 2, "en")
    assert found.keys["next"] == ("f5", "ctrl+t")
    assert found.keys["sheet"] == ("f7",)
    assert found.keys["reading.search"] == ("s",)
    assert found.keys["writing.all"] == ()
    use_keys(found.keys)
    keys = [key for command in commands() for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('theme = "pink"', 1, "dark"),
        ("ambiguous_width = 3", 1, "auto"),
        ("ambiguous_width = true", 1, "auto"),
        ('\nlanguage = "fr"', 2, "zh_CN"),
        ("color = 1", 1, "color"),
        ('[keys]\nfly = "f5"', 2, "fly"),
        ('[keys]\nnext = "f99"', 2, "f99"),
        ('[keys]\nnext = "ctrl+h"', 2, "Bksp"),
        ('[keys]\nnext = "shift+f3"', 2, "Shift-F3"),
        ('[keys]\nnext = "x"', 2, "x"),
        ('[keys]\nnext = "up"', 2, "↑"),
        ("[keys]\nnext = 5", 2, "引号"),
        ('[keys]\nnext = "f9"\nfindings = "f9"', 3, "next"),
        ('[keys]\nnext = "ctrl+q"', 2, "quit"),
        ("[keys]\nquit = []", 2, "quit"),
        ("[keys]\nsave = []", 2, "save"),
        ('[keys]\nquit = "shift+f3"', 2, "Shift-F3"),
        ('[keys]\nnext = ["f6", "ctrl+o"]', 2, "outline"),
        ("keys = 3", 1, "[keys]"),
        ("theme = “dark”", 1, "theme"),
        ("[keys\n", 1, "["),
    ],
)
def test_what_is_wrong_is_told_and_nobody_is_locked_in(tmp_path: Path, text: str, line: int, said: str) -> None:
    found = settings(tmp_path, text)
    assert len(found.problems) == 1
    assert f"config.toml：第 {line} 行" in found.problems[0]
    assert said in found.problems[0]
    use_keys(found.keys)
    for screen in SCREENS:
        known = {command.id: command for command in commands(screen)}
        keys = [key for command in known.values() for key in command.keys]
        assert len(keys) == len(set(keys))
        for id in ("quit", "save", "palette", "home.quit", "reading.leave", "writing.done", "writing.leave"):
            assert id not in known or known[id].keys


def test_the_manual_s_example_is_right(tmp_path: Path) -> None:
    manual = (Path(__file__).parent.parent.parent / "docs/manual.md").read_text("utf-8")
    (example,) = [block for block in re.findall("```toml\n(.*?)```", manual, re.DOTALL) if "[keys]" in block]
    assert settings(tmp_path, example).problems == ()


def test_what_is_right_beside_it_holds(tmp_path: Path) -> None:
    found = settings(tmp_path, 'theme = "pink"\nambiguous_width = 1\n[keys]\nfly = "f5"\nnext = ["f5", "oops"]\n')
    assert (found.theme, found.ambiguous) == ("", 1)
    assert found.keys["next"] == ("f5",)
    assert len(found.problems) == 3


def test_the_environment_says_it_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_AMBIGUOUS", "1")
    assert settings(tmp_path, "ambiguous_width = 2").ambiguous == 1
    monkeypatch.setenv("JUESUAN_AMBIGUOUS", "auto")
    assert settings(tmp_path, "ambiguous_width = 2").ambiguous == 0
    monkeypatch.setenv("JUESUAN_AMBIGUOUS", "wide")
    found = settings(tmp_path, "ambiguous_width = 2")
    assert found.ambiguous == 2
    assert "JUESUAN_AMBIGUOUS" in found.problems[0]


def test_the_theme_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_THEME", "contrast")
    assert settings(tmp_path, 'theme = "light"').theme == "contrast"
    assert load_settings(str(tmp_path / "none")).theme == "contrast"
    monkeypatch.setenv("JUESUAN_THEME", "pink")
    found = settings(tmp_path, 'theme = "light"')
    assert found.theme == "light"
    assert "JUESUAN_THEME" in found.problems[0]


def test_the_language_alone(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for text, language in (('language = "en"', "en"), ('language = "fr"', ""), ("[[[", ""), ("language = 3", "")):
        file.write_text(text)
        assert language_set(str(file)) == language
    assert language_set(str(tmp_path / "none")) == ""


@pytest.mark.parametrize("screen", SCREENS)
def test_the_default_keys_of_each_screen(screen: str) -> None:
    known = default_commands(screen)
    keys = [key for command in known for key in command.keys]
    assert len(keys) == len(set(keys))
    for key in keys:
        assert key not in OWN[screen]
        assert screen not in TYPED or len(key) > 1
        assert parse_key(key) == key
    for command in known:
        assert command.screen == screen
        assert command.title
        assert command.help


@pytest.mark.parametrize(
    ("written", "key"),
    [("Ctrl+S", "ctrl+s"), ("^s", "ctrl+s"), ("ctrl-S", "ctrl+s"), ("Del", "delete"), ("Ctrl+Ins", "ctrl+insert"),
     ("shift+ctrl+PgUp", "ctrl+shift+pageup"), ("F12", "f12"), ("/", "/"), ("Esc", "escape"), ("alt+x", "alt+x")],
)  # fmt: skip
def test_keys_as_they_are_written(written: str, key: str) -> None:
    assert parse_key(written) == key


@pytest.mark.parametrize("written", ["", "f99", "ctrl+", "hyper+x", "ctrl+ctrl+x", "ctrl+i", "ctrl+shift+x", "alt+1",
                                     "shift+x", "\x1b", "ctrl++", "a b"])  # fmt: skip
def test_keys_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_key(written)


def test_keys_as_they_are_shown() -> None:
    assert [key_name(key) for key in ("ctrl+s", "shift+f5", "delete", "/", "n", "+", "ctrl+pageup")] == [
        "^S", "Shift-F5", "Del", "/", "n", "+", "^PgUp"]  # fmt: skip
