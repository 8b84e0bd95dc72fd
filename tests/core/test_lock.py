"""Locks: one editor a file, told of by name; a process that died holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from juesuan.core import rights
from juesuan.core.drafting import lock
from juesuan.core.drafting.lock import Held, hold
from juesuan.core.drafting.session import Edit, ReadOnly, Session

SMALL = 'schema = 1\n[report]\nformat = "fujian/final-accounts"\nyear = 2024\ndepartment = "某局"\nunit = "万元"\n'
HOLDER = """
import sys
from juesuan.core.drafting.lock import hold
lock = hold(sys.argv[1])
print(lock.held, flush=True)
sys.stdin.readline()
lock.release()
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "2024.toml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


@contextmanager
def other(path: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is killed or a line is written to it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_file_has_one_editor(path: str) -> None:
    with other(path) as process:
        with pytest.raises(Held) as caught:
            hold(path)
        assert caught.value.pid == process.pid
        assert caught.value.user
        assert caught.value.host
        assert caught.value.since
        assert caught.value.user in str(caught.value)
        session = Session.open(path)
        assert session.read_only
        assert session.held is not None
        assert session.held.pid == process.pid
        with pytest.raises(ReadOnly):
            session.run("改", [Edit("department", (), "另一局")])
        session.close()
        process.communicate("\n")
    first = hold(path)
    assert first.held
    assert first.reason == ""


def test_who_was_killed_holds_nothing(path: str) -> None:
    with other(path) as process:
        process.kill()
        process.wait()
        assert os.path.exists(os.path.join(os.path.dirname(path), ".2024.toml.juesuan-lock"))
        found = hold(path)
        assert found.held
        found.release()
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def test_a_released_lock_can_be_had_again(path: str) -> None:
    first = hold(path)
    with pytest.raises(Held):
        hold(path)
    first.release()
    first.release()
    hold(path).release()


def test_a_link_is_the_same_file(path: str, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "far" / "link.toml"
    link.symlink_to(path)
    held = hold(path)
    with pytest.raises(Held):
        hold(str(link))
    held.release()


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[1]", b"null", b'{"user": "\x1b[31m", "pid": -4, "time": 1e99, "host": [1]}', b"[" * 5000, b"\xff"],
)
def test_what_stands_in_the_file_is_only_told(path: str, said: bytes) -> None:
    held = hold(path)
    Path(held.file).write_bytes(said)
    with pytest.raises(Held) as caught:
        hold(path)
    assert "\x1b" not in str(caught.value)
    held.release()


def test_a_stale_file_is_taken_over(path: str) -> None:
    file = Path(path).parent / ".2024.toml.juesuan-lock"
    file.write_text('{"user": "nobody", "pid": 1}', encoding="utf-8")
    held = hold(path)
    assert held.held
    assert f'"pid": {os.getpid()}' in file.read_text(encoding="utf-8")
    held.release()
    assert not file.exists()


def test_what_is_no_file_is_no_lock(path: str) -> None:
    file = Path(path).parent / ".2024.toml.juesuan-lock"
    file.symlink_to(path)
    found = hold(path)
    assert not found.held
    assert Path(path).read_text(encoding="utf-8") == SMALL
    file.unlink()
    os.mkfifo(file)
    found = hold(path)
    assert found.held
    found.release()


def test_without_a_lock_the_file_can_be_edited(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(lock, "_open", refuse)
    session = Session.open(path)
    assert session.lock is not None
    assert not session.lock.held
    assert "denied" in session.lock.reason
    session.run("改", [Edit("department", (), "另一局")])
    session.save()
    session.close()
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def test_a_reader_takes_no_lock(path: str) -> None:
    reader = Session.open(path, read_only=True)
    assert reader.lock is None
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]
    editor = Session.open(path)
    assert not editor.read_only
    editor.close()


def test_a_file_that_is_no_source_leaves_no_lock(path: str) -> None:
    Path(path).write_text("no source", encoding="utf-8")
    with pytest.raises(Exception, match=r"."):
        Session.open(path)
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def shared(file: Path) -> subprocess.Popen[str]:
    """Another process that holds a shared lock of the system on a file, until it is killed."""
    script = ("import fcntl, sys, time\nfile = open(sys.argv[1])\nfcntl.flock(file, fcntl.LOCK_SH)\n"
              "print(flush=True)\ntime.sleep(600)")
    process = subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_reader_keeps_nobody_from_editing(path: str) -> None:
    """`flock -s` on the lock's file, which an editor that died has left, or a reader has made."""
    file = Path(path).parent / ".2024.toml.juesuan-lock"
    file.write_text("", encoding="utf-8")
    reader = shared(file)
    try:
        session = Session.open(path)
        assert not session.read_only
        assert session.lock is not None
        assert session.lock.held
        with pytest.raises(Held):
            hold(path)
        session.close()
        assert os.listdir(os.path.dirname(path)) == ["2024.toml"]
    finally:
        reader.kill()
        reader.communicate()


@pytest.mark.parametrize(("mode", "expected"), [(0o644, 0o600), (0o640, 0o600), (0o664, 0o660), (0o660, 0o660),
                                                (0o666, 0o666), (0o600, 0o600)])
def test_who_may_only_read_the_source_can_t_open_its_lock(path: str, mode: int, expected: int) -> None:
    os.chmod(path, mode)
    Path(path).with_name(".2024.toml.juesuan-lock").write_text("", encoding="utf-8")  # of an earlier version: 0644
    held = hold(path)
    status = os.stat(held.file)
    assert status.st_mode & 0o777 == expected
    assert status.st_gid == os.stat(path).st_gid
    held.release()


def test_a_lock_is_not_the_group_s_where_its_group_can_t_be_set(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chmod(path, 0o664)

    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "no")

    monkeypatch.setattr(os, "fchown", refuse)
    other = os.stat_result((0o100600, 0, 0, 1, 0, 77, 0, 0, 0, 0))
    monkeypatch.setattr("juesuan.core.rights.os.fstat", lambda fd: other)
    file = Path(path).with_name("lock")
    fd = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    rights.share(fd, path, writers=True)
    os.close(fd)
    assert file.stat().st_mode & 0o777 == 0o600
