"""Formats on the command line: listed, looked through, an organisation's own, another one than the source's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from juesuan.core.formats import FOLDER, use_formats

from .conftest import EXAMPLE, Run, finish, spawn


@pytest.fixture(autouse=True)
def _ours_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    monkeypatch.delenv("JUESUAN_FORMATS", raising=False)
    monkeypatch.setenv("JUESUAN_CONFIG", str(tmp_path / "none.toml"))
    yield
    use_formats("")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a format of one's own: Fujian's with another name, and fewer texts to write."""
    folder = tmp_path / "own"
    shutil.copytree(Path(FOLDER) / "fujian/final-accounts", folder / "anhui/final-accounts")
    head = folder / "anhui/final-accounts/format.toml"
    text = head.read_text("utf-8").replace("fujian/", "anhui/").replace("福建省部门决算", "安徽省部门决算")
    head.write_text(text, "utf-8")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source that names that format."""
    file = tmp_path / "2024.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("fujian/final-accounts", "anhui/final-accounts"), "utf-8")
    return file


# formats check


def test_a_sound_format(juesuan: Run, own: Path) -> None:
    result = juesuan("formats", "check", own / "anhui/final-accounts")
    assert (result.code, result.out) == (0, "")
    assert juesuan("formats", "check", own).code == 0


def test_all_faults_with_file_and_line(juesuan: Run, own: Path) -> None:
    forms = own / "anhui/final-accounts/forms.toml"
    lines = forms.read_text("utf-8").splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("title")]
    for number in at:
        lines[number] = lines[number].replace('"', '"{nothing}', 1)
    forms.write_text("\n".join(lines), "utf-8")
    result = juesuan("formats", "check", own / "anhui/final-accounts")
    assert result.code == 1
    assert [line.partition("：")[2].split("：")[0] for line in result.out.splitlines()] == [
        f"第 {number + 1} 行" for number in at]
    assert all(str(forms) in line for line in result.out.splitlines())


def test_a_folder_without_a_format(juesuan: Run, tmp_path: Path) -> None:
    assert juesuan("formats", "check", tmp_path).code == 2
    assert juesuan("formats", "check", tmp_path / "nothing").code == 2


# --formats-dir


def test_everything_works_with_a_format_of_ones_own(juesuan: Run, own: Path, source: Path, tmp_path: Path) -> None:
    there = ("--formats-dir", own)
    assert "anhui/final-accounts  安徽省部门决算" in juesuan("formats", *there).out
    assert juesuan("formats", *there, "check", own).code == 0
    new = tmp_path / "new.toml"
    result = juesuan("new", "anhui/final-accounts", new, "--department", "某厅", "--year", "2024", *there)
    assert (result.code, 'format = "anhui/final-accounts"' in new.read_text("utf-8")) == (0, True)
    assert "安徽省部门决算" in juesuan("check", source, *there).out
    assert "6064.02" in juesuan("export", source, *there).out
    assert juesuan("explain", source, "overview.total", *there).code == 0
    assert juesuan("check", source).code == 2
    assert "anhui" in juesuan("check", source).err


def test_the_environment_or_the_settings_name_the_folder(
    juesuan: Run, own: Path, source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('formats_dir = "own"\n', "utf-8")
    monkeypatch.setenv("JUESUAN_CONFIG", str(config))
    assert juesuan("check", source).code == 0
    config.write_text("", "utf-8")
    assert juesuan("check", source).code == 2
    monkeypatch.setenv("JUESUAN_FORMATS", str(own))
    assert juesuan("check", source).code == 0
    assert juesuan("check", source, "--formats-dir", tmp_path / "nothing").code == 2


def test_workers_know_the_folder(own: Path, source: Path, tmp_path: Path) -> None:
    files = []
    for number in range(10):
        files.append(tmp_path / f"{number}.toml")
        shutil.copy(source, files[-1])
    result = finish(spawn("export", "--formats-dir", own, "--out-dir", tmp_path / "out", *files))
    assert result.code == 0, result.err
    assert len(list((tmp_path / "out").iterdir())) == 10


def test_what_is_inferred_is_told(juesuan: Run, tmp_path: Path, own: Path) -> None:
    """A format's own note: with the formats, and at the head of a new source."""
    assert "推定" in juesuan("formats").out.replace("\n    ", "")
    new = tmp_path / "new.toml"
    assert juesuan("new", "sichuan/final-accounts", new, "--department", "某局", "--year", "2024").code == 0
    assert "推定" in new.read_text("utf-8").partition("schema")[0]
    file = own / "anhui/final-accounts/format.toml"
    file.write_text('note = "一\\u001b[31m\\nschema = 2"\n' + file.read_text("utf-8"), "utf-8")
    there = ("--formats-dir", own)
    assert "\x1b" not in juesuan("formats", *there).out
    assert juesuan("new", "anhui/final-accounts", tmp_path / "own.toml", "--department", "某厅", "--year", "2024",
                   *there).code == 0
    assert juesuan("check", tmp_path / "own.toml", *there).code < 2


def test_a_faulty_format_is_told_and_not_used(juesuan: Run, own: Path, source: Path) -> None:
    sections = own / "anhui/final-accounts/sections.toml"
    sections.write_text(sections.read_text("utf-8").replace("{change(", "{chang(", 1), "utf-8")
    result = juesuan("formats", "--formats-dir", own)
    assert (result.code, "sections.toml" in result.err, "fujian/budget" in result.out) == (1, True, True)
    result = juesuan("check", source, "--formats-dir", own)
    assert (result.code, "chang" in result.err) == (2, True)


def test_a_format_that_there_is_twice_is_told(juesuan: Run, own: Path) -> None:
    shutil.copytree(Path(FOLDER) / "fujian/budget", own / "fujian/budget")
    result = juesuan("formats", "--formats-dir", own)
    assert (result.code, "fujian/budget" in result.err, "fujian/budget" in result.out) == (1, True, False)


# --as


def test_the_same_facts_in_another_provinces_format(juesuan: Run) -> None:
    result = juesuan("export", "--as", "shanxi/final-accounts", EXAMPLE)
    assert result.code == 0
    ours = juesuan("export", EXAMPLE).out
    assert result.out != ours
    assert "6,064.02" in result.out  # thousands are parted in Shanxi's tables
    assert "【待填：" in result.out
    assert "【待填：" not in ours


def test_what_the_other_format_lacks_is_progress_and_what_it_does_not_ask_for_no_fault(juesuan: Run) -> None:
    result = juesuan("check", "--as", "shanxi/final-accounts", "--format", "json", EXAMPLE)
    data = json.loads(result.out)
    assert result.code == 0
    assert data["progress"]["missing"]
    assert [finding for finding in data["findings"] if finding["severity"] == "error"] == []
    assert not [finding for finding in data["findings"] if finding["code"].startswith("T")]


def test_the_source_is_not_touched_and_still_its_own(juesuan: Run) -> None:
    before = EXAMPLE.read_bytes()
    juesuan("check", "--as", "shanxi/final-accounts", EXAMPLE)
    assert EXAMPLE.read_bytes() == before
    assert "福建省部门决算" in juesuan("check", EXAMPLE).out


@pytest.mark.parametrize("id", ["fujian/budget", "hebei/performance"])
def test_another_kind_of_report_is_refused(juesuan: Run, id: str) -> None:
    result = juesuan("export", "--as", id, EXAMPLE)
    assert (result.code, result.data) == (2, b"")
    assert id in result.err
    assert "部门决算" in result.err


def test_an_unknown_format_is_refused_with_those_that_there_are(juesuan: Run) -> None:
    result = juesuan("export", "--as", "fujian/nothing", EXAMPLE)
    assert (result.code, "shanxi/final-accounts" in result.err) == (2, True)
