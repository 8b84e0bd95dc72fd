"""The documents say what the program does: made parts, examples, commands, codes, keys and links."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from juesuan import cli
from juesuan.core import formats, formula, reference
from juesuan.core.checks import findings
from juesuan.core.compose import compose
from juesuan.core.opening import build_report
from juesuan.core.progress import progress
from juesuan.core.reading import parse_source
from juesuan.core.render import json as json_renderer
from juesuan.core.render import text as text_renderer
from juesuan.core.report import Report
from juesuan.core.views.commands import SCREENS, default_commands, key_name

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("README*.md"), ROOT / "CHANGELOG.md"])

HEAD = 'schema = 2\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\ndepartment = "某局"\nunit = "万元"\n'


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language, without the indentation of a list around them."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) if indent else block for indent, block in found]


def chapter(text: str, number: str) -> str:
    """A chapter: from '## 一、' to the next one."""
    start = text.index(f"\n## {number}、")
    end = text.find("\n## ", start + 1)
    return text[start : end if end > 0 else len(text)]


# ── made parts ──


@pytest.mark.parametrize("name", reference.PAGES)
def test_made_parts_are_up_to_date(name: str) -> None:
    assert reference.page(name, read(name)) == read(name), "make docs"


def test_every_code_is_in_the_rules() -> None:
    used = {code for path in (ROOT / "src/core").glob("*.py")
            for code in re.findall(r'"([A-Z]\d\d)"', path.read_text("utf-8"))}
    told = set(re.findall(r"^(?:##### |\| )([A-Z]\d\d)\b", read("rules.md"), re.MULTILINE))
    assert sorted(used - told) == []


# ── examples ──


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples_parse(path: Path) -> None:
    text = path.read_text("utf-8")
    for block in blocks(text, "toml"):
        tomllib.loads(block, parse_float=Decimal)
    for block in blocks(text, "json"):
        json.loads(block)


def test_examples_of_the_source_are_right() -> None:
    text = read("source-format.md")
    formats_of = {load.taxonomy.id: load.id for load in map(formats.load_format, reversed(formats.list_formats()))}
    taxonomy, examples = "final-accounts", 0
    for part in re.split(r"^(?=##{1,2} )", text.replace(chapter(text, "一"), ""), flags=re.MULTILINE):
        if heading := re.match(r"### .*（`([\w-]+)`）$", part, re.MULTILINE):
            taxonomy = heading[1]
        elif part.startswith("#"):
            taxonomy = "final-accounts"
        head = HEAD.replace("fujian/final-accounts", formats_of[taxonomy])
        for block in blocks(part, "toml"):
            if "[report]" not in block:
                examples += 1
                assert parse_source(head + block).problems == [], block
    assert examples > 30


@pytest.fixture(scope="module")
def worked() -> Report:
    """The worked example: the blocks of the first chapter, one after another."""
    source = parse_source("\n".join(blocks(chapter(read("source-format.md"), "一"), "toml")))
    assert source.problems == []
    return build_report(source)


def test_worked_example_is_complete(worked: Report) -> None:
    assert [finding for finding in findings(worked) if finding.severity != "note"] == []
    assert progress(worked).percent == 100
    assert "【待填" not in text_renderer.render(compose(worked))


def published_tables(text: str) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """The rows of the tables in the worked example: form, label of each column, cells."""
    form, head = "", []
    for line in text.splitlines():
        if step := re.match(r"\*\*第 \d+ 步：(公开0\d表)", line):
            form = step[1]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| 科目编码"):
            head = cells
        elif line.startswith("|") and head and not line.startswith("| ---"):
            yield form, dict(zip(head, cells)), cells
        elif not line.startswith("|"):
            head = []


def test_worked_example_gives_the_published_figures(worked: Report) -> None:
    printed = {}
    labels = {}
    for table in json_renderer.as_data(compose(worked), worked)["tables"]:
        printed[table["form"]] = {row["id"]: row for row in table["rows"]}
    for form in worked.format.forms.values():
        labels[form.code] = {column.header[-1].replace("|", ""): column.id
                             for panel in form.panels for column in panel.columns if column.header}
    compared = 0
    for form, row, _cells in published_tables(chapter(read("source-format.md"), "一")):
        ours = printed[form][row["科目编码"] or "total"]
        assert ours["label"] == row["科目名称"]
        for label, figure in row.items():
            if re.fullmatch(r"[\d.]+", figure) and label != "科目编码":
                assert ours["cells"][labels[form][label]] == figure, (form, row)
                compared += 1
    assert compared > 150
    assert printed["公开01表"]["closing_balance"]["cells"] == {"amount": "4.11"}
    assert printed["公开04表"]["closing"]["cells"]["total"] == "1.50"


def shape(data: Any) -> Any:
    """The keys of an object, of the first of its lists' members, and so on."""
    if isinstance(data, dict):
        return {key: {} if key == "cells" else shape(value) for key, value in data.items()}
    return shape(data[0]) if isinstance(data, list) and data else None


def test_json_is_as_told(worked: Report) -> None:
    text = read("json.md")
    example, unreadable = (json.loads(block) for block in blocks(text, "json"))
    worked.set_reason(("general_budget", "2101101", "total"), "")
    data = json_renderer.as_data(compose(worked), worked)
    assert data["progress"]["missing"]
    assert shape(example) == shape(data)
    for key in set(re.findall(r'"(\w+)":', json.dumps(shape(data)))):
        assert f"`{key}`" in text, key
    assert list(unreadable) == ["file", "error"]


# ── a format of one's own ──


def test_smallest_format_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = chapter(read("add-a-province.md"), "二")
    folder = tmp_path / "shili/final-accounts"
    folder.mkdir(parents=True)
    for name, block in zip(re.findall(r"^`(\w+\.toml)`$", text, re.MULTILINE), blocks(text, "toml"), strict=True):
        (folder / name).write_text(block, "utf-8")
    load = formats.load_format
    monkeypatch.setattr(formats, "load_format", lambda id: load(id, str(tmp_path)))
    source = parse_source(
        HEAD.replace("fujian", "shili") + '[prose]\nduties = "办事。"\n'
        "[expenditure]\n2010101 = { basic = 30.00, project = 2.00 }\n"
        '[prior]\n"expenditure.total" = 25.60\n[reasons]\n"expenditure.total" = "人员增加"\n')
    report = build_report(source)
    assert (source.problems, progress(report).percent) == ([], 100)
    printed = text_renderer.render(compose(report), width=0)
    assert "2024年度支出合计32.00万元，比上年增加6.40万元，增长25.00%，主要原因是人员增加。" in printed
    assert "2010101   行政运行" in printed


def keys(data: Any) -> Iterator[str]:
    """The keys of a format's file that are the language, not names that a province gives."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            if key != "cells":
                yield from keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from keys(value)


@pytest.mark.parametrize("id", formats.list_formats())
def test_every_key_of_a_format_is_told(id: str) -> None:
    text = read("add-a-province.md")
    for path in Path(formats.FOLDER, id).glob("*.toml"):
        for key in set(keys(tomllib.loads(path.read_text("utf-8")))) - {"sections", "forms", "numbers", "wording"}:
            assert f"`{key}`" in text or f"[[forms.{key}]]" in text or f"[[{key}]]" in text, (path.name, key)


def test_every_function_is_told() -> None:
    text = read("add-a-province.md")
    for name in [*formats.TEXT_FUNCTIONS, *formula.PURE]:
        assert re.search(rf"`{name}[(`]", text), name
    for name in formats.VARIABLES:
        assert f"`{name}`" in text, name


# ── commands ──


def options(command: str = "") -> set[str]:
    parser = cli._parser()
    if command:
        (subcommands,) = (action for action in parser._actions if hasattr(action, "choices") and
                          isinstance(action.choices, dict))
        parser = subcommands.choices[command]
    return {option for action in parser._actions for option in action.option_strings if option.startswith("--")}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_exist(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in "\n".join(blocks(text, "sh")).splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["juesuan"]:
            cli._parser().parse_args(words[1:])
        elif words[:1] == ["make"]:
            assert set(words[1:]) <= targets, line
        elif words[:1] == ["python3"]:
            assert re.fullmatch(r"dist/juesuan-[\d.]+\.pyz", words[1]), line
            if words[2] != "--unpack":
                cli._parser().parse_args(words[2:])
        elif words:
            assert words[0] in ("pip", "python", "."), line
    for target in re.findall(r"`make (\w+)`", text):
        assert target in targets, target
    for name, rest in re.findall(r"`juesuan (\w+)([^`]*)`", text):
        assert set(re.findall(r"--[\w-]+", rest)) <= options(name) | options(), rest
    known = set().union(*map(options, ("", "export", "check", "explain", "new", "formats", "merge", "import")))
    for option in re.findall(r"`(--[\w-]+)", text):
        assert option in known, option


@pytest.mark.parametrize("command", ["export", "new"])
def test_every_option_is_told(command: str) -> None:
    for option in options(command) - {"--help", "--output"}:
        assert f"`{option}" in read("manual.md") or f" {option} " in read("manual.md"), option


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/manual.md"])
def test_output_is_what_the_program_writes(name: str, tmp_path: Path) -> None:
    language = "en" if name == "README.md" else "zh_CN"
    written: set[str] = {"……"}
    example = "examples/sanming-2024.toml"
    changed = tmp_path / "changed.toml"
    text = (ROOT / example).read_text("utf-8")
    changed.write_text(text.replace("2010550 = { fiscal = 301.82 }", "2010550 = { fiscal = 311.82 }"), "utf-8")
    for command in (["export", example], ["check", example], ["diff", example, str(changed)]):
        juesuan = [sys.executable, "-m", "juesuan", *command, "--lang", language]
        done = subprocess.run(juesuan, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == (command[0] == "diff")
        written.update(done.stdout.splitlines())
    shown = "\n".join(blocks((ROOT / name).read_text("utf-8"), "text")).splitlines()
    assert shown
    assert [line for line in shown if line not in written] == []


# ── keys ──


def test_every_command_stands_in_the_manual_with_its_keys() -> None:
    told = {}
    for line in read("manual.md").splitlines():
        if row := re.match(r"\| (.*?) \| `([a-z_.]+)` \| ", line):
            told[row[2]] = re.findall(r"`(\S+)`", row[1])
    known = {command.id: [key_name(key) for key in command.keys]
             for screen in SCREENS for command in default_commands(screen)}
    assert told == known


# ── links ──


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
