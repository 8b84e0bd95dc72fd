"""Every message of the code has a Chinese translation that fits it. To mend: `make messages`."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"


def extract() -> Catalog:
    catalog = Catalog()
    for _file, line, message, _comments, context in extract_from_dir(ROOT / "src"):
        catalog.add(message, lineno=line, context=context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The singular and the plural of a message or of its translation, or the only form."""
    return [text] if isinstance(text, str) else list(text or [""])


def messages(catalog: Catalog) -> set[tuple[str | None, ...]]:
    return {(message.context, *forms(message.id)) for message in catalog if message.id}


def fields(text: str) -> list[str]:
    """The fields that a value is put into, such as {name}, {} or %(name)s; in any order."""
    text = text.replace("{{", "").replace("%%", "")
    return sorted(re.findall(r"\{\w*|%\(\w+\)|%[\d.]*[a-z]", text))


def faults(code: Catalog, translations: Catalog) -> list[str]:
    """What is wrong with the translations of the messages in the code, one line a fault."""
    found = []
    for message in code:
        if not message.id:
            continue
        translation = translations.get(message.id, message.context)
        # Chinese has one form for any number: it has the fields of the English plural.
        wanted = forms(message.id)[-1]
        strings = forms(translation.string) if translation else [""]
        if translation is None or not all(strings):
            found.append(f"not translated: {wanted!r}")
        elif translation.fuzzy:
            found.append(f"fuzzy: {wanted!r}")
        elif any(fields(string) != fields(wanted) for string in strings):
            found.append(f"other fields: {wanted!r}: {strings}")
    return found


def test_every_message_is_translated() -> None:
    assert faults(extract(), read(LOCALES / "zh_CN/LC_MESSAGES/juesuan.po")) == []


def test_template_is_what_the_code_says() -> None:
    assert messages(read(LOCALES / "juesuan.pot")) == messages(extract())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_catalogue_holds_only_messages_of_the_code(language: str) -> None:
    catalog = read(LOCALES / language / "LC_MESSAGES/juesuan.po")
    assert not catalog.fuzzy
    assert messages(catalog) <= messages(extract())


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("{count} 行，共 {total}", ""),
        ("共 {total}，{count:,} 行", ""),
        ("", "not translated"),
        ("{count} 行", "other fields"),
        ("{count} 行，共 {sum}", "other fields"),
    ],
)
def test_faults_are_found(translation: str, fault: str) -> None:
    code, chinese = Catalog(), Catalog(locale="zh_CN")
    code.add("{count} rows, {total} in all")
    chinese.add("{count} rows, {total} in all", translation)
    assert [line.partition(":")[0] for line in faults(code, chinese)] == ([fault] if fault else [])


def test_a_fuzzy_or_missing_translation_is_found() -> None:
    code, chinese = Catalog(), Catalog(locale="zh_CN")
    code.add("Save")
    code.add(("%(n)d row", "%(n)d rows"))
    chinese.add("Save", "保存", flags=["fuzzy"])
    assert faults(code, chinese) == ["fuzzy: 'Save'", "not translated: '%(n)d rows'"]
    chinese.add(("%(n)d row", "%(n)d rows"), ("%(n)d 行",))
    assert faults(code, chinese) == ["fuzzy: 'Save'"]
