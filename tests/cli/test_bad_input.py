"""Bad input: each gives a clear message with file and line, the exit code, and nothing else.

A source that can't be understood at all is refused with exit code 2. One with faults is checked
with exit code 1, and never exported: a wrong figure must not be printed. What only looks doubtful
is a finding, and what looks like code is text.
"""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import EXAMPLE, Run

HEAD = """\
schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "测试局"
unit = "万元"
"""

BODY = """\
[income]
2101501 = { fiscal = 10.00 }
[expenditure]
2101501 = { basic = 10.00 }
[general_budget]
2101501 = { basic = 10.00 }
[basic_economic]
30101 = 10.00
"""

CHINESE = re.compile("[\u4e00-\u9fff]")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Bad(NamedTuple):
    """A bad source. `#!` ends the line that the message must name; `says` is what it must hold."""

    text: str | bytes
    says: tuple[str, ...]
    line: int | None = None

    @property
    def named(self) -> int | None:
        """The line that the message must name."""
        if self.line is not None or not isinstance(self.text, str):
            return self.line
        return next((n for n, line in enumerate(self.text.split("\n"), 1) if line.rstrip().endswith("#!")), None)


def write(folder: Path, text: str | bytes, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_clear(message: str, path: Path, line: int | None, says: tuple[str, ...]) -> None:
    assert CHINESE.search(message), message
    assert not CONTROL.search(message), message
    for words in (str(path), *((f"第 {line} 行",) if line else ()), *says):
        assert words in message, (words, message)


def refused(juesuan: Run, path: Path, line: int | None, says: tuple[str, ...]) -> None:
    """The file can't be understood: exit code 2 from every command, nothing written."""
    before = files(path.parent)
    for command in (
        ("check", path),
        ("check", path, "--format", "json"),
        ("export", path, "-o", path.parent / "o.txt"),
        ("explain", path, "overview.total"),
    ):
        result = juesuan(*command)
        assert result.code == 2, (command, result)
        assert_clear(result.err, path, line, says)
        if "json" in command:
            assert json.loads(result.out).keys() == {"file", "error"}
        else:
            assert result.data == b""
    assert files(path.parent) == before


# A source that is none.

UNREADABLE = {
    "empty": Bad("", ("空",)),
    "blank": Bad(" \n\n", ("空",)),
    "comment only": Bad("# 三明\n", ("schema = 2",)),
    "no TOML": Bad("部门：三明市医疗保障局\n收入：100\n", ("#",), 1),
    "html": Bad("<!DOCTYPE html>\n<html></html>\n", (), 1),
    "json": Bad('{"schema": 1}\n', (), 1),
    "key without value": Bad(HEAD + "[income]\n2101501 =\n", ('""', "2101501 ="), 8),
    "key without =": Bad(HEAD + "[income]\n2101501 { fiscal = 1 }\n", ("=",), 8),
    "Chinese equals": Bad(HEAD + "[income]\n2101501 ＝ { fiscal = 1 }\n", ("＝",), 8),
    "Chinese comma": Bad(HEAD + "[income]\n2101501 = { fiscal = 1， other = 2 }\n", ("，",), 8),
    "Chinese quotes": Bad(HEAD + "[prose]\nduties = “职责”\n", ("“职责”",), 8),
    "Chinese quote closes": Bad(HEAD + '[prose]\nduties = "职责”\n', ('"',), 8),
    "Chinese key": Bad(HEAD + "[income]\n财政拨款 = 1\n", ("财政拨款 = 1",), 8),
    "text without quotes": Bad(HEAD + "[prose]\nduties = 职责\n", ("职责",), 8),
    "full-width digits": Bad(HEAD + "[overview]\nopening_balance = １２.３４\n", ("１２.３４",), 8),
    "thousand separators": Bad(HEAD + "[overview]\nopening_balance = 1,234.56\n", ("1,234.56",), 8),
    "separators in a row": Bad(HEAD + "[income]\n2101501 = { fiscal = 1,234.56, other = 2 }\n", ("1,234.56",), 8),
    "figure with a unit": Bad(HEAD + "[overview]\nopening_balance = 12.34万元\n", ("12.34万元",), 8),
    "percent sign": Bad(HEAD + "[overview]\nopening_balance = 12%\n", ("12%",), 8),
    "leading zero": Bad(HEAD + "[overview]\nopening_balance = 012\n", ("012",), 8),
    "open string": Bad(HEAD + '[prose]\nduties = "职责\nmain_task = ""\n', ('"',), 8),
    "open long string": Bad(HEAD + '[prose]\nduties = """\n职责\n\n[income]\n', (), 8),
    "open literal": Bad(HEAD + "[prose]\nduties = '''\n职责\n", (), 8),
    "open inline table": Bad(HEAD + "[income]\n2101501 = { fiscal = 1\n", ("括号",), 8),
    "open array": Bad(HEAD + "units = [\n{ name = 'a' }\n", (), 8),
    "open header": Bad(HEAD + "[income\n2101501 = { fiscal = 1 }\n", ("]",), 7),
    "missing comma": Bad(HEAD + "[income]\n2101501 = { fiscal = 1 other = 2 }\n", ("fiscal = 1 other",), 8),
    "duplicate code": Bad(
        HEAD + "[income]\n2101501 = { fiscal = 1 }\n2101501 = { other = 2 }\n", ("2101501", "两次"), 9
    ),
    "duplicate code, escaped": Bad(
        HEAD + '[income]\n2101501 = { fiscal = 1 }\n"210150\\u0031" = { other = 2 }\n', ("两次",), 9
    ),
    "duplicate column": Bad(HEAD + "[income]\n2101501 = { fiscal = 1, fiscal = 2 }\n", ("两次",), 8),
    "duplicate table": Bad(HEAD + "[income]\n2101501 = { fiscal = 1 }\n[income]\n", ("[income]", "两次"), 9),
    "backslash": Bad(HEAD + '[prose]\nduties = "C:\\部门"\n', ("\\",), 8),
    "raw escape character": Bad(HEAD + '[prose]\nduties = "\x1b[31m红"\n', ("控制字符",), 8),
    "raw bell in a comment": Bad(HEAD + "# \x07\n", ("控制字符",), 7),
    "half a character": Bad(HEAD + '[prose]\nduties = "\\ud800"\n', (), 8),
    "nested too deep": Bad(HEAD + "x = " + "[" * 20000 + "]" * 20000, ("括号",)),
    "an integer without end": Bad(HEAD + "[vehicles]\nother = " + "9" * 6000, ()),
    "hexadecimal": Bad(HEAD + "[vehicles]\nother = 0x1F #!\n", ("0x1F",)),
    "octal in a row": Bad(HEAD + "[income]\n2101501 = { fiscal = 0o17 } #!\n", ("0o17",)),
    "hexadecimal without end": Bad(HEAD + "[vehicles]\nother = 0x" + "f" * 6000 + " #!\n", ("0xfff",)),
    "no schema": Bad(HEAD.replace("schema = 1\n", ""), ("schema = 2",)),
    "later schema": Bad(HEAD.replace("schema = 1", "schema = 3 #!"), ("schema = 3", "升级")),
    "schema 0": Bad(HEAD.replace("schema = 1", "schema = 0 #!"), ("0", "1")),
    "schema as text": Bad(HEAD.replace("schema = 1", 'schema = "1" #!'), ("“1”",)),
    "schema true": Bad(HEAD.replace("schema = 1", "schema = true #!"), ("true",)),
    "schema 1.0": Bad(HEAD.replace("schema = 1", "schema = 1.0 #!"), ("1.0",)),
    "schema without end": Bad(HEAD.replace("schema = 1", "schema = " + "9" * 4000), ("999",), 1),
    "no report": Bad("schema = 1\n[income]\n", ("[report]",)),
    "report is a figure": Bad("schema = 1\nreport = 5 #!\n", ("[report]",)),
    "report is a list": Bad("schema = 1\n[[report]] #!\n", ("[report]",)),
    "no format": Bad(HEAD.replace("format", "form"), ("format",)),
    "unknown format": Bad(
        HEAD.replace("fujian/final-accounts", "henan/budget").replace('budget"', 'budget" #!'),
        ("henan/budget", "fujian/final-accounts"),
    ),
    "format is a path": Bad(HEAD.replace("fujian/final-accounts", "../../etc/passwd"), ("fujian/final-accounts",), 3),
    "format is a figure": Bad(HEAD.replace('"fujian/final-accounts"', "1 #!"), ("format",)),
    "format with an escape": Bad(HEAD.replace("fujian", "\\u001b[2J"), ("fujian/final-accounts",), 3),
    "no year": Bad(HEAD.replace("year = 2024\n", ""), ("year", "2024")),
    "year as text": Bad(HEAD.replace("2024", '"2024" #!'), ("“2024”",)),
    "year 1": Bad(HEAD.replace("2024", "1 #!"), ("1",)),
    "year 20245": Bad(HEAD.replace("2024", "20245 #!"), ("20245",)),
    "year as a float": Bad(HEAD.replace("2024", "2024.0 #!"), ("2024.0",)),
    "year as a date": Bad(HEAD.replace("2024", "2024-12-31 #!"), ("日期",)),
    "gb18030": Bad((HEAD + "# 三明市医疗保障局部门决算\n").encode("gb18030"), ("GB18030", "UTF-8", "iconv"), 5),
    "utf-16": Bad(HEAD.encode("utf-16"), ("UTF-16", "UTF-8"), 1),
    "not utf-8": Bad(HEAD.encode() + b"# \xff\xfe\n", ("0xFF", "UTF-8"), 7),
    "cut in a character": Bad(HEAD.encode() + "# 三".encode()[:-1], ("UTF-8",), 7),
    "nul": Bad(HEAD.encode() + b"# \0\n", ("NUL",), 7),
    "binary": Bad(bytes(range(256)) * 4000, ()),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(name: str, juesuan: Run, tmp_path: Path) -> None:
    bad = UNREADABLE[name]
    refused(juesuan, write(tmp_path, bad.text), bad.named, bad.says)


def test_no_such_file(juesuan: Run, tmp_path: Path) -> None:
    refused(juesuan, tmp_path / "nowhere.toml", None, ("没有这个文件",))


def test_a_file_as_folder(juesuan: Run, tmp_path: Path) -> None:
    refused(juesuan, write(tmp_path, HEAD) / "a.toml", None, ("没有这个文件",))


def test_directory(juesuan: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    refused(juesuan, tmp_path / "folder.toml", None, ("文件夹",))


def test_socket_and_pipe_are_not_waited_for(juesuan: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket"):
            refused(juesuan, tmp_path / name, None, ("不是普通文件",))


def test_link_to_itself(juesuan: Run, tmp_path: Path) -> None:
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    refused(juesuan, tmp_path / "loop.toml", None, ("无法读取",))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_not_readable(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    path.chmod(0)
    refused(juesuan, path, None, ("权限",))


def test_no_possible_name(juesuan: Run, tmp_path: Path) -> None:
    result = juesuan("check", "a\0b")
    assert (result.code, result.data) == (2, b"")
    assert "文件名无效" in result.err
    assert juesuan("check", "x" * 5000).code == 2
    assert juesuan("check", "").code == 2


def test_a_name_with_escapes_is_shown_harmless(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "schema = 3", "a\x1b[31m\u202eb.toml")
    for command in (("check", path), ("check", path, "--format", "json"), ("export", path)):
        result = juesuan(*command)
        assert result.code == 2
        assert not CONTROL.search(result.err.replace("\n", "") + result.out.replace("\n", ""))


def test_fifty_megabytes_of_garbage(juesuan: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = juesuan("check", path)
    assert result.code == 2
    assert "16 MiB" in result.err


# A source with faults.

FAULTS = {
    "unknown table": Bad(HEAD + "[incomes] #!\n2101501 = { fiscal = 1 }\n", ("T01", "incomes", "income")),
    "unknown top key": Bad("schema = 1\nyaer = 2024 #!\n" + HEAD.removeprefix("schema = 1\n"), ("T01", "yaer")),
    "unknown key in report": Bad(HEAD + 'editor = "张" #!\n', ("T01", "editor")),
    "unknown column": Bad(HEAD + "[income]\n2101501 = { fiscall = 1 } #!\n", ("T01", "fiscall", "fiscal")),
    "unknown line": Bad(HEAD + "[vehicles]\nothers = 1 #!\n", ("T01", "others", "other")),
    "unknown record key": Bad(HEAD + '[[units]]\nname = "甲"\nstaff = 5 #!\n', ("T01", "staff")),
    "unknown prose": Bad(HEAD + '[prose]\nduty = "" #!\n', ("T01", "duty", "duties")),
    "key with an escape": Bad(HEAD + '"\\u001b[31mx" = 1 #!\n', ("T01", "[31mx")),
    "key with a bidirectional mark": Bad(HEAD + '[income]\n2101501 = { "\\u202efiscal" = 1 } #!\n', ("T01", "fiscal")),
    "endless key": Bad(HEAD + f'"{"x" * 100000}" = 1 #!\n', ("T01", "xxx…")),
    "unit 亿元": Bad(HEAD.replace('"万元"', '"亿元" #!'), ("T02", "“亿元”", "万元")),
    "unit as a list": Bad(HEAD.replace('"万元"', '["万元"] #!'), ("T02", "万元")),
    "department as a figure": Bad(HEAD.replace('"测试局"', "5 #!"), ("T02", "5")),
    "department of two lines": Bad(HEAD.replace('"测试局"', '"测试\\n局" #!'), ("T05", "一行")),
    "department with an escape": Bad(
        HEAD.replace("测试局", "测\\u001b]0;x\\u0007局").replace('局"', '局" #!'), ("T05", "U+001B", "“测”")
    ),
    "year before the format": Bad(HEAD.replace("2024", "2003 #!"), ("T02", "2003", "2019")),
    "year after the format": Bad(HEAD.replace("2024", "2099 #!"), ("T02", "2099", "2030")),
    "table as a figure": Bad("schema = 1\nincome = 5 #!\n" + HEAD.removeprefix("schema = 1\n"), ("T02", "[income]")),
    "table as records": Bad(HEAD + "[[income]] #!\n2101501 = { fiscal = 1 }\n", ("T02", "[income]")),
    "records as a table": Bad(HEAD + '[units] #!\nname = "甲"\n', ("T02", "[[units]]")),
    "records as figures": Bad(HEAD + "[projects] #!\nx = 1\n", ("T02", "[[projects]]")),
    "records in records as a figure": Bad(
        HEAD + '[[projects]]\nname = "甲"\nindicators = 5 #!\n', ("T02", "[[indicators]]")
    ),
    "prose as a figure": Bad(HEAD + "[prose]\nduties = 5 #!\n", ("T02", "5")),
    "prose as a list": Bad(HEAD + '[prose]\nduties = ["a"] #!\n', ("T02",)),
    "all prose as a figure": Bad("schema = 1\nprose = 1 #!\n" + HEAD.removeprefix("schema = 1\n"), ("T02", "[prose]")),
    "row as a figure": Bad(HEAD + "[income]\n2101501 = 10.00 #!\n", ("T02", "fiscal = …")),
    "row as a list": Bad(HEAD + "[income]\n2101501 = [1, 2] #!\n", ("T02", "fiscal = …")),
    "row as a date": Bad(HEAD + "[income]\n2101501 = 2024-01-01 #!\n", ("T02",)),
    "line of two columns as a figure": Bad(HEAD + "[three_public]\nreception = 5 #!\n", ("T02", "budget = …")),
    "flag as a figure": Bad(HEAD + '[[projects]]\nname = "甲"\npublished = 1 #!\n', ("T02", "true", "1")),
    "letters": Bad(HEAD + '[income]\n2101501 = { fiscal = "12a" } #!\n', ("T03", "“12a”")),
    "only letters": Bad(HEAD + '[income]\n2101501 = { fiscal = "无" } #!\n', ("T03", "“无”")),
    "footnote mark": Bad(HEAD + '[income]\n2101501 = { fiscal = "1234.56①" } #!\n', ("T03", "“1234.56①”")),
    "separator in the wrong place": Bad(HEAD + '[income]\n2101501 = { fiscal = "12,34" } #!\n', ("T03", "“12,34”")),
    "two points": Bad(HEAD + '[income]\n2101501 = { fiscal = "1.2.3" } #!\n', ("T03", "“1.2.3”")),
    "percent as text": Bad(HEAD + '[income]\n2101501 = { fiscal = "5%" } #!\n', ("T03", "“5%”")),
    "formula": Bad(HEAD + '[income]\n2101501 = { fiscal = "=1+1" } #!\n', ("T03", "“=1+1”")),
    "nan": Bad(HEAD + "[income]\n2101501 = { fiscal = nan } #!\n", ("T03", "NaN")),
    "inf": Bad(HEAD + "[income]\n2101501 = { fiscal = inf } #!\n", ("T03", "Infinity")),
    "minus inf": Bad(HEAD + "[income]\n2101501 = { fiscal = -inf } #!\n", ("T03", "Infinity")),
    "nan as text": Bad(HEAD + '[income]\n2101501 = { fiscal = "NaN" } #!\n', ("T03", "“NaN”")),
    "exponent": Bad(HEAD + "[income]\n2101501 = { fiscal = 1e3 } #!\n", ("T03", "1E+3")),
    "exponent as text": Bad(HEAD + '[income]\n2101501 = { fiscal = "1e3" } #!\n', ("T03", "“1e3”")),
    "20 digits": Bad(
        HEAD + "[income]\n2101501 = { fiscal = 12345678901234567890 } #!\n", ("T03", "12345678901234567890")
    ),
    "a thousand digits": Bad(HEAD + f"[income]\n2101501 = {{ fiscal = {'1' * 1000} }} #!\n", ("T03", "111…")),
    "a thousand decimals": Bad(HEAD + f"[income]\n2101501 = {{ fiscal = 1.{'0' * 1000}1 }} #!\n", ("T03", "1.000")),
    "finer than a fen": Bad(HEAD + "[income]\n2101501 = { fiscal = 1.2345678 } #!\n", ("T03", "1.2345678", "分")),
    "finer than a fen in 元": Bad(
        HEAD.replace("万元", "元") + "[income]\n2101501 = { fiscal = 1.234 } #!\n", ("T03", "1.234")
    ),
    "bool as a figure": Bad(HEAD + "[income]\n2101501 = { fiscal = true } #!\n", ("T03", "true")),
    "date as a figure": Bad(HEAD + "[income]\n2101501 = { fiscal = 2024-01-01 } #!\n", ("T03", "日期")),
    "time as a figure": Bad(HEAD + "[overview]\nopening_balance = 08:30:00 #!\n", ("T03", "时间")),
    "list as a figure": Bad(HEAD + "[income]\n2101501 = { fiscal = [1] } #!\n", ("T03", "列表")),
    "table as a cell": Bad(HEAD + "[income]\n2101501 = { fiscal = { a = 1 } } #!\n", ("T03", "表")),
    "figure with an escape": Bad(HEAD + '[income]\n2101501 = { fiscal = "1\\u001b[5m" } #!\n', ("T03",)),
    "count with decimals": Bad(HEAD + "[vehicles]\nother = 1.5 #!\n", ("T03", "1.5", "整数")),
    "negative count": Bad(HEAD + "[vehicles]\nother = -1 #!\n", ("T03", "-1")),
    "endless count": Bad(HEAD + "[vehicles]\nother = 12345678901234567890 #!\n", ("T03", "12345678901234567890")),
    "points above a thousand": Bad(HEAD + '[[projects]]\nname = "甲"\nexecution_weight = 1001 #!\n', ("T03", "1001")),
    "total entered": Bad(HEAD + "[income]\ntotal = { fiscal = 1 } #!\n", ("T04", "total", "[official]")),
    "class entered": Bad(HEAD + "[income]\n210 = { fiscal = 1 } #!\n", ("T04", "210", "[official]")),
    "computed column": Bad(HEAD + "[income]\n2101501 = { fiscal = 1, total = 1 } #!\n", ("T04", "[official]")),
    "computed line": Bad(HEAD + "[overview]\ntotal = 1 #!\n", ("T04", "[official]")),
    "official of an entered cell": Bad(
        HEAD + BODY + '[official]\n"income.2101501.fiscal" = 1 #!\n', ("T04", "income.2101501.fiscal")
    ),
    "text with an escape": Bad(HEAD + '[prose]\nduties = "一\\u001b[31m二" #!\n', ("T05", "U+001B", "“一”")),
    "text with a C1 control": Bad(HEAD + '[prose]\nduties = "\\u009b31m" #!\n', ("T05", "U+009B")),
    "text read backwards": Bad(HEAD + '[prose]\nduties = "\\u202e三" #!\n', ("T05", "U+202E")),
    "text with a zero-width space": Bad(HEAD + '[prose]\nduties = "医疗\u200b保障" #!\n', ("T05", "U+200B", "“医疗”")),
    "text with a hidden tag": Bad(HEAD + '[prose]\nduties = "医疗\\U000E0041" #!\n', ("T05", "U+E0041")),
    "reason with an escape": Bad(HEAD + BODY + '[reasons]\n"overview.total" = "\\u0007" #!\n', ("T05", "U+0007")),
    "record with an escape": Bad(HEAD + '[[units]]\nname = "\\u0008甲" #!\n', ("T05", "U+0008")),
    "record name of two lines": Bad(HEAD + '[[units]]\nname = "甲\\n乙" #!\n', ("T05", "一行")),
    "account name with an escape": Bad(HEAD + '[accounts]\n2101501 = "\\u001bc" #!\n', ("T05", "U+001B")),
    "term with an escape": Bad(HEAD + '[glossary]\n"\\u001bc" = "释义" #!\n', ("T05", "U+001B")),
    "code too short": Bad(HEAD + "[income]\n2101 = { fiscal = 1 } #!\n", ("T06", "2101", "7")),
    "code too long": Bad(HEAD + "[income]\n21015010 = { fiscal = 1 } #!\n", ("T06", "21015010", "7")),
    "negative code": Bad(HEAD + "[income]\n-2101501 = { fiscal = 1 } #!\n", ("T06", "-2101501")),
    "code with a letter": Bad(HEAD + "[income]\n21O1501 = { fiscal = 1 } #!\n", ("T06", "21O1501")),
    "code in full-width digits": Bad(
        HEAD + '[income]\n"２１０１５０１" = { fiscal = 1 } #!\n', ("T06", "２１０１５０１")
    ),
    "economic code among the functional": Bad(
        HEAD + "[income]\n3010101 = { fiscal = 1 } #!\n", ("T06", "3010101", "2")
    ),
    "functional code among the economic": Bad(HEAD + "[basic_economic]\n20101 = 1 #!\n", ("T06", "20101", "3")),
    "name for no code": Bad(HEAD + '[accounts]\nabc = "甲" #!\n', ("T06", "abc")),
    "address twice": Bad(
        HEAD + BODY + '[prior]\n"overview.total" = 1\n"overview.total.amount" = 2 #!\n',
        ("T07", "overview.total.amount", "[prior]"),
    ),
    "address without row": Bad(HEAD + BODY + "[prior]\noverview = 1 #!\n", ("T08", "overview")),
    "address of no table": Bad(HEAD + BODY + '[prior]\n"overveiw.total" = 1 #!\n', ("T08", "overveiw")),
    "address of no row": Bad(HEAD + BODY + '[prior]\n"overview.sum" = 1 #!\n', ("T08", "sum")),
    "address of no column": Bad(HEAD + BODY + '[prior]\n"overview.total.price" = 1 #!\n', ("T08", "price")),
    "address with a foreign row": Bad(HEAD + BODY + '[prior]\n"overview.9/total" = 1 #!\n', ("T08", "9/total")),
    "address with a wrong code": Bad(
        HEAD + BODY + '[reasons]\n"general_budget.21015011" = "甲" #!\n', ("T08", "21015011")
    ),
    "address without end": Bad(HEAD + BODY + "[prior]\n" + "a." * 3000 + "b = 1 #!\n", ("T08",)),
    "last year's text": Bad(HEAD + BODY + '[prior]\n"projects.1.name" = "甲" #!\n', ("T08", "projects.1.name")),
    "last year's letters": Bad(HEAD + BODY + '[prior]\n"overview.total" = "一百" #!\n', ("T03", "“一百”")),
    "official percentage": Bad(HEAD + BODY + '[official]\n"project_funds.1/total.rate" = 99 #!\n', ("T03",)),
    "reason as a figure": Bad(HEAD + BODY + '[reasons]\n"overview.total" = 5 #!\n', ("T02", "5")),
    "reasons as a list": Bad(
        "schema = 1\nreasons = [1] #!\n" + HEAD.removeprefix("schema = 1\n"), ("T02", "[reasons]")
    ),
    "no such last year": Bad(HEAD + 'prior = "2023.toml" #!\n', ("T09", "2023.toml", "没有这个文件")),
    "last year is a folder": Bad(HEAD + 'prior = "." #!\n', ("T09", "文件夹")),
    "last year is a device": Bad(HEAD + 'prior = "/dev/zero" #!\n', ("T09", "不是普通文件")),
    "last year is this year": Bad(HEAD + 'prior = "a.toml" #!\n', ("T09", "a.toml")),
    "no such catalogue": Bad(HEAD + 'catalogue = "own.csv" #!\n', ("T10", "own.csv")),
    "catalogue is a folder": Bad(HEAD + 'catalogue = "." #!\n', ("T10",)),
    "catalogue is a device": Bad(HEAD + 'catalogue = "/dev/zero" #!\n', ("T10",)),
}


def faulty(juesuan: Run, path: Path, line: int | None, says: tuple[str, ...]) -> None:
    """The file has faults: they are listed with exit code 1, nothing is exported, nothing is written."""
    before = files(path.parent)
    checked = juesuan("check", path)
    assert (checked.code, checked.err) == (1, "")
    (found,) = (part for part in checked.out.split("\n\n") if part.startswith("错误"))
    assert_clear(f"{path} {found}".replace("\n", " "), path, line, says)
    exported = juesuan("export", path, "-o", path.parent / "o.txt")
    assert (exported.code, exported.data) == (1, b"")
    assert_clear(exported.err.replace("\n", " "), path, line, says[1:])
    data = json.loads(juesuan("check", path, "--format", "json").out)
    errors = [finding for finding in data["findings"] if finding["severity"] == "error"]
    assert line is None or line in [finding["line"] for finding in errors]
    assert files(path.parent) == before


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name: str, juesuan: Run, tmp_path: Path) -> None:
    bad = FAULTS[name]
    assert bad.named
    faulty(juesuan, write(tmp_path, bad.text), bad.named, bad.says)


def test_all_faults_at_once(juesuan: Run, tmp_path: Path) -> None:
    """Every fault is told in one run, each with its line."""
    text = (
        HEAD.replace('"万元"', '"亿元" #!')
        + """\
[income]
2101501 = { fiscal = "一", other = 1 } #!
21015 = { fiscal = 1 } #!
[vehicles]
other = -1 #!
[reasons]
"nowhere.total" = "甲" #!
[unknown] #!
"""
    )
    path = write(tmp_path, text)
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.endswith("#!")]
    data = json.loads(juesuan("check", path, "--format", "json").out)
    assert sorted(finding["line"] for finding in data["findings"] if finding["severity"] == "error") == lines
    assert sorted(int(n) for n in re.findall("第 ([0-9]+) 行", juesuan("export", path).err)) == lines


def test_a_flood_of_faults_is_cut_short(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "[income]\n" + "".join(f"x{n} = {n}\n" for n in range(30000)))
    data = json.loads(juesuan("check", path, "--format", "json").out)
    errors = [finding for finding in data["findings"] if finding["code"][0] == "T"]
    assert 100 < len(errors) < 1000
    assert "更多" in errors[-1]["message"]


def test_fault_in_the_prior_file(juesuan: Run, tmp_path: Path) -> None:
    write(tmp_path, HEAD.replace("2024", "2023") + "[vehicles]\nother = -1\n", "2023.toml")
    faulty(juesuan, write(tmp_path, HEAD + 'prior = "2023.toml" #!\n'), 7, ("T09", "2023.toml", "审核"))
    write(tmp_path, HEAD.replace("2024", "2023") + "[vehicles\n", "2023.toml")
    faulty(juesuan, write(tmp_path, HEAD + 'prior = "2023.toml" #!\n'), 7, ("T09", "2023.toml", "第 7 行"))
    write(tmp_path, HEAD.replace("2024", "2022"), "2023.toml")
    faulty(juesuan, write(tmp_path, HEAD + 'prior = "2023.toml" #!\n'), 7, ("T09", "2023.toml", "2022"))


def test_prior_files_in_a_circle(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + 'prior = "b.toml"\n')
    write(tmp_path, HEAD.replace("2024", "2023") + 'prior = "c.toml"\n', "b.toml")
    write(tmp_path, HEAD.replace("2024", "2022") + 'prior = "a.toml"\n', "c.toml")
    faulty(juesuan, path, 7, ("T09", "循环"))
    # Round between the older two.
    write(tmp_path, HEAD.replace("2024", "2022") + 'prior = "b.toml"\n', "c.toml")
    faulty(juesuan, path, 7, ("T09", "循环"))


def test_an_older_prior_file_may_be_missing(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + 'prior = "b.toml"\n' + BODY)
    write(tmp_path, HEAD.replace("2024", "2023") + 'prior = "gone.toml"\n' + BODY, "b.toml")
    assert juesuan("export", path).code == 0


def test_catalogue_that_never_ends(juesuan: Run, tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkdir(tmp_path / "in")
    faulty(juesuan, write(tmp_path / "in", HEAD + 'catalogue = "../pipe.csv" #!\n'), 7, ("T10", "pipe.csv"))


def test_catalogue_with_faults(juesuan: Run, tmp_path: Path) -> None:
    write(tmp_path, "code,name\n2101501,行政运行\n21,短\n", "own.csv")
    faulty(juesuan, write(tmp_path, HEAD + 'catalogue = "own.csv" #!\n'), 7, ("T10", "own.csv", "第 3 行", "21"))
    path = write(tmp_path, HEAD + BODY)
    result = juesuan("check", path, "--catalogue", tmp_path / "own.csv")
    assert result.code == 1
    assert "第 3 行" in result.out


# What is read all the same.


@pytest.mark.parametrize(
    "raw",
    [
        '"1,234.50"',
        '"１２３４．５０"',
        '"１，２３４.５０"',
        '"1 234.50"',
        '" 1234.50 "',
        '"1234.50"',
        '"+1234.50"',
        "1234.50",
        "+1234.50",
        "1_234.50",
        '"1，234.50"',
        '"1\u00a0234.50"',
    ],
)
def test_figures_as_people_write_them(raw: str, juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + f"[overview]\nopening_balance = {raw}\n")
    assert "= 1234.50 万元" in juesuan("explain", path, "overview.opening_balance").out


@pytest.mark.parametrize(
    "raw", ["-5.00", '"-5.00"', '"−5.00"', '"－５.００"', '"(5.00)"', '"（5.00）"', '"—5.00"', '"- 5.00"']
)
def test_negative_amounts_are_read_and_doubted(raw: str, juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY + f"[overview]\nopening_balance = {raw}\n")
    assert "= -5.00 万元" in juesuan("explain", path, "overview.opening_balance").out
    data = json.loads(juesuan("check", path, "--format", "json").out)
    assert ("warning", "-5.00", 16) in [(f["severity"], f["left"], f["line"]) for f in data["findings"]]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bom_and_windows_newlines(bom: bytes, newline: str, juesuan: Run, tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    plain = juesuan("export", write(tmp_path, text, "plain.toml")).data
    path = write(tmp_path, bom + text.replace("\n", newline).encode(), "other.toml")
    assert juesuan("export", path).data == plain
    checked = [json.loads(juesuan("check", file, "--format", "json").out) for file in (path, tmp_path / "plain.toml")]
    assert checked[0]["findings"] == checked[1]["findings"]
    write(tmp_path, bom + (HEAD + "[vehicles]\nother = -1\n").replace("\n", newline).encode())
    faulty(juesuan, tmp_path / "a.toml", 8, ("T03",))


def test_no_department(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace('department = "测试局"\n', "") + BODY)
    checked = json.loads(juesuan("check", path, "--format", "json").out)
    assert checked["progress"]["missing"][0]["id"] == "department"
    assert "【待填：部门名称】" in juesuan("export", path).out


UNKNOWN_CODES = {"2101599": (), "2109998": ("2109998",), "2109901": ("2109901",), "2990101": ("2990101", "29901")}


@pytest.mark.parametrize("code", UNKNOWN_CODES)
def test_unknown_codes_are_doubted(code: str, juesuan: Run, tmp_path: Path) -> None:
    """A code that the catalogue does not have, and one without a parent: one warning, and the report is printed."""
    path = write(tmp_path, HEAD + (BODY.replace("2101501", code)))
    data = json.loads(juesuan("check", path, "--format", "json").out)
    found = [finding for finding in data["findings"] if finding["code"] == "F06"]
    assert {finding["severity"] for finding in found} <= {"warning"}
    assert {finding["line"] for finding in found} == ({8} if UNKNOWN_CODES[code] else set())
    for finding in found:
        assert all(words in finding["message"] for words in UNKNOWN_CODES[code])
    assert code in juesuan("export", path).out


LITERAL = [
    "{overview.total}",
    "{{7*7}}",
    "%s",
    "%(name)s",
    "${HOME}",
    "[bold red]x[/]",
    "[b]粗[/b]",
    "<script>",
    "`id`",
    "\\\\033[31m",
    "=SUM(A1)",
    "{department}",
    "{}",
    "{0}",
    "@[click=app.bell]x[/]",
]


PRINTED = {
    "{overview.total}": "11.00",
    "{{7*7}}": "{7*7}",
    "${HOME}": "$【待填：HOME】",
    "{department}": "【待填：department】",
    "{}": "【待填：数】",
    "{0}": "【待填：0】",
}
"""What texts print that may name figures: a figure, a brace that is written twice, and else what is
missing. Nothing is ever evaluated."""


@pytest.mark.parametrize("text", LITERAL)
def test_what_looks_like_code_is_text(text: str, juesuan: Run, tmp_path: Path) -> None:
    quoted = text.replace('"', '\\"')
    shown = text.replace("\\\\", "\\")
    source = (
        HEAD.replace("测试局", f"测试局{quoted}")
        + BODY
        + f"""\
[prose]
duties = "甲{quoted}"
main_task = "乙{quoted}"
[overview]
opening_balance = 1
nonfiscal_balance_used = 0
[prior]
"overview.total" = 5.00
[reasons]
"overview.total" = "丙{quoted}"
[accounts]
2101501 = "丁{quoted}"
[glossary]
"戊{quoted}" = "己{quoted}"
[[units]]
name = "庚{quoted}"
funding = "行政单位"
headcount = 5
[[projects]]
name = "辛{quoted}"
"""
    )
    path = write(tmp_path, source)
    result = juesuan("export", path, "--width", 0)
    assert result.code == 0
    assert result.err.startswith(f"{path}：草稿，")
    for word in ("测试局", *"丁戊己庚辛"):
        assert word + shown in result.out
    for word in "甲乙丙":  # texts that may name figures
        assert word + PRINTED.get(text, shown) in result.out
    assert juesuan("check", path).code in (0, 1)
    assert shown in juesuan("check", path).out
    assert f"测试局{shown}" in json.loads(juesuan("export", path, "--to", "json").out)["department"]
    assert f"丁{shown}" in juesuan("explain", path, "income.2101501.fiscal").out


@pytest.mark.parametrize("target", ["NaN", "-nan", "Infinity", "1e999999999", "１００", "", "九成", "0x10", "1_0"])
def test_targets_that_are_no_numbers(target: str, juesuan: Run, tmp_path: Path) -> None:
    """Targets and results are words as well as numbers."""
    project = HEAD + BODY + '[[projects]]\nname = "甲"\n'
    for operator in ("≥", "≤", "=", ">", "<"):
        indicator = f'operator = "{operator}"\ntarget = "{target}"\nactual = "99"\nweight = 90\nscore = 90\n'
        path = write(tmp_path, f"{project}[[projects.indicators]]\n{indicator}")
        assert juesuan("check", path).code in (0, 1)
        assert juesuan("explain", path, "project_indicators.1/1.met").code == 0


def test_ten_megabytes_of_prose(juesuan: Run, tmp_path: Path) -> None:
    path = write(
        tmp_path, HEAD + BODY + '[prose]\nduties = """\n' + "依法履行职责，保障群众权益。\n" * 250_000 + '"""\n'
    )
    assert path.stat().st_size > 10_000_000
    assert juesuan("check", path).code in (0, 1)


# Where to write.


def test_output_is_never_a_source(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY, "a.txt")
    before = files(tmp_path)
    (tmp_path / "link.txt").symlink_to("a.txt")
    for where in (("-o", path), ("-o", tmp_path / "link.txt"), ("--out-dir", tmp_path)):
        result = juesuan("export", path, *where)
        assert result.code == 2
        assert "源文件" in result.err
    (tmp_path / "link.txt").unlink()
    assert files(tmp_path) == before


def test_output_that_cannot_be_written(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY)
    write(tmp_path, "x", "taken")
    for where, words in (
        (("-o", tmp_path), "文件夹"),
        (("-o", tmp_path / "no/o.txt"), "文件夹不存在"),
        (("--out-dir", path / "out"), "文件夹"),
        (("--out-dir", tmp_path / "taken"), "文件夹"),
        (("-o", "/dev/full"), "不是普通文件"),
        (("-o", tmp_path / ("x" * 300)), "无法写入"),
    ):
        result = juesuan("export", path, *where)
        assert result.code == 2, where
        assert words in result.err
        assert sorted(files(tmp_path)) == ["a.toml", "taken"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_right_to_write(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY)
    (tmp_path / "closed").mkdir(mode=0o555)
    result = juesuan("export", path, "-o", tmp_path / "closed/o.txt")
    assert result.code == 2
    assert "权限" in result.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "命令"),
        (("frobnicate",), "frobnicate"),
        (("export",), "文件"),
        (("export", "a.toml", "--width", "39"), "40"),
        (("export", "a.toml", "--width", "-1"), "40"),
        (("export", "a.toml", "--width", "wide"), "wide"),
        (("export", "a.toml", "--page-lines", "5"), "20"),
        (("export", "a.toml", "--ambiguous", "3"), "3"),
        (("export", "a.toml", "--to", "pdf"), "pdf"),
        (("export", "a.toml", "--encoding", "big5"), "big5"),
        (("export", "a.toml", "-o", "x", "--out-dir", "y"), "--out-dir"),
        (("export", "a.toml", "b.toml"), "--out-dir"),
        (("export", "a.toml", "b.toml", "-o", "x"), "--out-dir"),
        (("check", "a.toml", "--format", "xml"), "xml"),
        (("check", "a.toml", "--colour"), "--colour"),
        (("explain", "a.toml"), "单元格"),
        (("new", "fujian/final-accounts", "n.toml"), "--department"),
        (("new", "fujian/final-accounts", "n.toml", "--department", "甲", "--year", "二〇二四"), "二〇二四"),
        (("new", "fujian/final-accounts", "n.toml", "--department", "甲", "--year", "1999"), "1999"),
        (("new", "fujian/final-accounts", "n.toml", "--department", "", "--year", "2024"), "部门全称"),
        (("new", "fujian/final-accounts", "n.toml", "--department", "甲\nschema = 2", "--year", "2024"), "一行"),
        (("new", "fujian/final-accounts", "n.toml", "--department", "甲\x1b[31m", "--year", "2024"), "U+001B"),
        (("new", "fujian/final-accounts", "no/n.toml", "--department", "甲", "--year", "2024"), "文件夹"),
        (("new", "fujian/final-accounts", ".", "--department", "甲", "--year", "2024"), "文件夹"),
        (("new", "nowhere/budget", "n.toml", "--department", "甲", "--year", "2024"), "fujian/final-accounts"),
    ],
)
def test_wrong_arguments(
    arguments: tuple[str, ...], says: str, juesuan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, HEAD + BODY)
    write(tmp_path, HEAD + BODY, "b.toml")
    result = juesuan(*arguments)
    assert (result.code, result.data) == (2, b"")
    assert CHINESE.search(result.err)
    assert says in result.err
    assert sorted(files(tmp_path)) == ["a.toml", "b.toml"]


CELLS = [
    "",
    ".",
    "..",
    "overview",
    "overview.",
    ".total",
    "overview.total.amount.x",
    "overview.nothing",
    "nothing.total",
    "income.999",
    "income.2109998",
    "income.2101501.nothing",
    "units.2",
    "units.0",
    "units.1",
    "projects.1.name",
    "公开99表.合计",
    "公开05表",
    "公开05表.合计.不存在",
    "project_funds.total",
    "project_funds.1/total",
    "overview.１",
    "{overview.total}",
    "\x1b[31m.x",
    "a" * 10000,
]


def test_cells_that_are_none(juesuan: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + BODY)
    for cell in CELLS:
        result = juesuan("explain", path, cell)
        assert (result.code, result.data) == (2, b""), cell
        assert CHINESE.search(result.err)
        assert not CONTROL.search(result.err.replace("\n", ""))
