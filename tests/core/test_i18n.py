"""Messages in the user's language."""

import os
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from juesuan.core import i18n

ROOT = Path(i18n.__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(i18n, "_language", None)
    monkeypatch.setattr(i18n, "_catalogue", None)
    monkeypatch.delenv("JUESUAN_LANG", raising=False)


def write_catalogue(folder, code, *messages):
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n'
    text += "\n\n".join(messages)
    target = folder / code / "LC_MESSAGES" / "juesuan.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, read_po(BytesIO(text.encode())))


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    write_catalogue(
        tmp_path,
        "zh_CN",
        'msgid "Saved."\nmsgstr "已保存。"',
        'msgid "one row"\nmsgid_plural "{n} rows"\nmsgstr[0] "{n} 行"',
    )
    monkeypatch.setattr(i18n, "_directories", lambda: (str(tmp_path / "none"), str(tmp_path)))


def test_chinese_is_the_default(catalogue):
    assert i18n.language() == "zh_CN"
    assert i18n._("Saved.") == "已保存。"
    assert i18n.ngettext("one row", "{n} rows", 1) == "{n} 行"


def test_a_message_without_translation_is_shown_as_it_is(catalogue):
    assert i18n._("Not translated.") == "Not translated."


def test_the_language_can_be_changed_at_any_time(catalogue):
    assert i18n._("Saved.") == "已保存。"
    i18n.use_language("en")
    assert i18n._("Saved.") == "Saved."
    assert i18n.ngettext("one row", "{n} rows", 2) == "{n} rows"
    i18n.use_language("zh_CN")
    assert i18n._("Saved.") == "已保存。"


def test_without_any_catalogue_the_messages_are_english(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "_directories", lambda: (str(tmp_path), str(tmp_path / "none")))
    assert i18n._("Saved.") == "Saved."
    assert i18n.ngettext("one row", "{n} rows", 1) == "one row"


def test_the_environment_names_the_language(catalogue, monkeypatch):
    monkeypatch.setenv("JUESUAN_LANG", "en_US.UTF-8")
    assert i18n.language() == "en"
    assert i18n._("Saved.") == "Saved."


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("zh", "zh_CN"), ("zh-cn", "zh_CN"), ("zh_CN.UTF-8", "zh_CN"), ("EN", "en"), ("en_GB@euro", "en")],
)
def test_usual_spellings_are_known(spelling, code):
    i18n.use_language(spelling)
    assert i18n.language() == code


@pytest.mark.parametrize("code", ["", "fr", "zh_TW", "C", "../en"])
def test_an_unknown_language_is_refused_and_changes_nothing(code):
    i18n.use_language("en")
    with pytest.raises(ValueError, match="zh_CN, en"):
        i18n.use_language(code)
    assert i18n.language() == "en"


def test_a_bad_variable_is_told_when_asked_and_harmless_otherwise(catalogue, monkeypatch):
    monkeypatch.setenv("JUESUAN_LANG", "klingon")
    with pytest.raises(ValueError, match="klingon"):
        i18n.use_language()
    assert i18n._("Saved.") == "已保存。"


@pytest.mark.parametrize("package", ["checkout/src", "site-packages/juesuan"])
@pytest.mark.parametrize("linked", [False, True])
def test_catalogues_are_found_beside_the_checkout_and_in_the_package(tmp_path, package, linked):
    core = tmp_path / package / "core"
    core.mkdir(parents=True)
    shutil.copy(i18n.__file__, core / "i18n.py")
    beside = package.startswith("checkout")
    locales = tmp_path / ("checkout/locales" if beside else f"{package}/locales")
    write_catalogue(locales, "zh_CN", 'msgid "Saved."\nmsgstr "已保存。"')
    if not beside:
        (tmp_path / "site-packages/locales/zh_CN").mkdir(parents=True)  # another package's
    if linked:
        (tmp_path / "link").symlink_to(core)
        core = tmp_path / "link"
    output = subprocess.run(
        [sys.executable, "-c", "import i18n; print(i18n._('Saved.'))"],
        env={"PYTHONPATH": str(core), "PYTHONIOENCODING": "utf-8", "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    ).stdout
    assert output.decode().strip() == "已保存。"


def test_gettext_is_imported_at_the_first_message_only():
    code = (
        "import sys; from juesuan.core import storage; from juesuan.core.i18n import _, use_language\n"
        "use_language('en'); before = {'gettext', 'hashlib', 'tempfile'} & {*sys.modules}\n"
        "_('Saved.'); print(before, 'gettext' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert output.decode().strip() == "set() True"
