"""The list of recent files, and drafts that were left behind: a convenience that never gets in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from juesuan.core.drafting.lock import hold, is_held
from juesuan.core.drafting.recent import (
    MOST,
    Recent,
    drafts_left,
    forget,
    recent_file,
    recent_files,
    remember,
)
from juesuan.core.drafting.session import Edit, Session


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def entry(path: str, when: float = 1.0) -> Recent:
    return Recent(path, "甲局", 2024, "部门决算", 50, 1, 2, when)


def test_the_newest_comes_first_and_once() -> None:
    assert recent_files() == []
    for path in ("/a", "/b", "/a"):
        assert remember(entry(path))
    assert [each.path for each in recent_files()] == ["/a", "/b"]
    assert recent_files()[0] == entry("/a")
    assert forget("/a")
    assert [each.path for each in recent_files()] == ["/b"]


def test_only_so_many_are_kept() -> None:
    for number in range(MOST + 5):
        remember(entry(f"/{number}"))
    assert len(recent_files()) == MOST


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"juesuan": 2, "files": []}',
        b'{"juesuan": 1, "files": 3}',
        b'{"juesuan": 1, "files": [3, {}, null, {"path": "relative"}]}',
        b'{"juesuan": 1, "files": [{"path": "/a", "department": 1, "title": [], "year": 1e400, "percent": 1}]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_list_is_no_list(data: bytes) -> None:
    remember(entry("/a"))
    Path(recent_file()).write_bytes(data)
    assert recent_files() == []
    assert remember(entry("/b"))
    assert [each.path for each in recent_files()] == ["/b"]


def test_where_nothing_can_be_written_there_is_just_no_list(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    assert not remember(entry("/a"))
    assert recent_files() == []


def test_drafts_are_found_beside_their_sources_and_in_the_state_directory(
    tmp_path: Path, example_text: str
) -> None:
    here, far = tmp_path / "here", tmp_path / "far"
    for folder in (here, far):
        folder.mkdir()
        (folder / "a.toml").write_text(example_text, "utf-8")
        session = Session.open(str(folder / "a.toml"))
        session.run("改", [Edit("department", (), "乙局")])
        assert drafts_left([str(folder / "a.toml")], str(folder)) == []  # it goes on still
        session.close()
    assert [left.path for left in drafts_left([], str(here))] == [str(here / "a.toml")]
    found = drafts_left([str(far / "a.toml")], str(here))
    assert {left.path for left in found} == {str(here / "a.toml"), str(far / "a.toml")}
    (here / "a.toml").unlink()
    assert len(drafts_left([], str(here))) == 1


def test_who_only_asks_holds_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("")
    assert not is_held(str(path))
    assert [each.name for each in tmp_path.iterdir()] == ["a.toml"]
    lock = hold(str(path))
    assert is_held(str(path))
    lock.release()
    assert not is_held(str(path))


@pytest.fixture
def example_text() -> str:
    return (Path(__file__).parent.parent.parent / "examples/sanming-2024.toml").read_text("utf-8").replace(
        'prior = "sanming-2023.toml"', ""
    )
