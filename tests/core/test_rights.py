"""Owner, group, mode and access list of what is written: as before, or narrower, never wider."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from juesuan.core import rights
from juesuan.core.disk import clear_leftovers
from juesuan.core.drafting import journal
from juesuan.core.drafting.session import Edit, Session
from juesuan.core.storage import save, write_atomic

SMALL = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"

[expenditure]
2010550 = { basic = 301.82 }
"""
CELL = ("expenditure", "2010550", "basic")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# user::rw-, user:65534:r--, group::---, mask::rw-, other::---
LIST = b"\x02\0\0\0" + b"".join(
    tag.to_bytes(2, "little") + may.to_bytes(2, "little") + who.to_bytes(4, "little")
    for tag, may, who in ((1, 6, 2**32 - 1), (2, 4, 65534), (4, 0, 2**32 - 1), (16, 6, 2**32 - 1), (32, 0, 2**32 - 1)))


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    file = tmp_path / "work/2024.toml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture
def listed(path: Path) -> Path:
    """The file with an access list, whose mask stands where the group's rights would: mode 0660."""
    try:
        os.setxattr(path, "system.posix_acl_access", LIST)
    except (AttributeError, OSError):
        pytest.skip("no access lists on this disk")
    assert mode_of(path) == 0o660
    return path


def mode_of(path: Path | str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def refuse_groups(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """As if the file's group were one that we are not in: the new file's is another."""
    def refuse(*_arguments: Any) -> None:
        raise PermissionError(errno.EPERM, "no")

    real = os.fstat

    def other_group(fd: int) -> os.stat_result:
        found = list(real(fd))
        found[5] += 1
        return os.stat_result(found)

    monkeypatch.setattr(rights.os, "fchown", refuse)
    monkeypatch.setattr(rights.os, "fstat", other_group)


@pytest.mark.parametrize(("before", "after"), [(0o640, 0o600), (0o660, 0o600), (0o664, 0o644), (0o644, 0o644),
                                               (0o606, 0o600), (0o600, 0o600), (0o4755, 0o755)])
def test_where_the_group_can_t_be_kept_the_mode_is_narrowed_and_the_user_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    os.chmod(path, before)
    refuse_groups(monkeypatch, path)
    remarks: list[str] = []
    save(path, SMALL + "# 1\n", remarks=remarks)
    monkeypatch.undo()
    assert mode_of(path) & 0o777 == after
    assert bool(remarks) == (before & 0o777 != after)
    assert all(f"{after:04o}" in remark for remark in remarks)


def test_a_session_tells_of_a_narrowed_mode(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chmod(path, 0o640)
    session = Session.open(str(path))
    session.run("改", [Edit("cell", CELL, "5")])
    refuse_groups(monkeypatch, path)
    session.save()
    assert len(session.remarks) == 1
    assert mode_of(path) == 0o600
    session.close()


def test_an_access_list_is_kept(listed: Path) -> None:
    assert write_atomic(listed, b"new") == ""
    assert os.getxattr(listed, "system.posix_acl_access") == LIST


def test_where_an_access_list_can_t_be_kept_its_mask_is_no_right(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> None:
        raise OSError(errno.ENOTSUP, "no")

    monkeypatch.setattr(rights.os, "setxattr", refuse)
    assert "0600" in write_atomic(listed, b"new")
    assert mode_of(listed) == 0o600


def test_the_folder_s_list_is_not_given_to_a_file_that_had_none(path: Path, tmp_path: Path) -> None:
    try:
        os.setxattr(path.parent, "system.posix_acl_default", LIST)
    except (AttributeError, OSError):
        pytest.skip("no access lists on this disk")
    os.chmod(path, 0o660)
    write_atomic(path, SMALL.encode())
    session = Session.open(str(path))
    session.run("改", [Edit("cell", CELL, "5")])
    for file in (path, Path(session.journal.file)):
        assert mode_of(file) == 0o660
        with pytest.raises(OSError, match=r"."):
            os.getxattr(file, "system.posix_acl_access")
    session.close(discard=True)


# ── the journal ──


def journal_of(path: Path) -> Path:
    session = Session.open(str(path))
    session.run("改", [Edit("cell", CELL, "5")])
    session.close()
    return Path(journal.places(str(path))[0])


@pytest.mark.skipif(not ROOT, reason="only root gives files away")
@pytest.mark.parametrize("mode", [0o640, 0o660, 0o644, 0o600])
def test_a_journal_has_the_source_s_owner_group_and_mode(path: Path, mode: int) -> None:
    os.chown(path, 1234, 2345)
    os.chmod(path, mode)
    status = journal_of(path).stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 2345, mode)


def test_a_journal_is_nobody_else_s_where_the_group_is_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chmod(path, 0o640)
    refuse_groups(monkeypatch, path)
    file = journal_of(path)
    monkeypatch.undo()
    assert mode_of(file) == 0o600


def test_a_journal_is_nobody_else_s_where_there_is_an_access_list(listed: Path) -> None:
    assert mode_of(journal_of(listed)) == 0o600


# ── what was left behind ──


KILLED = """
import os, signal, sys
from juesuan.core import disk
disk.os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGKILL)
disk.write_bytes(sys.argv[1], b"half")
"""
WRITING = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "(print(flush=True), sys.stdin.readline())")


def writer(script: str, path: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", script, str(path)], env=environment, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_what_a_process_left_that_died_is_cleared_and_what_one_writes_that_lives_is_not(path: Path) -> None:
    writer(KILLED, path).communicate()
    assert len(os.listdir(path.parent)) == 2
    with writer(WRITING, path) as alive:
        assert alive.stdout is not None
        alive.stdout.readline()
        session = Session.open(str(path))
        (left,) = (name for name in os.listdir(path.parent) if name.endswith(".tmp"))
        session.close()
        alive.communicate("\n")
    assert path.read_bytes() == b"half"
    assert left
    assert os.listdir(path.parent) == ["2024.toml"]


def test_a_save_clears_what_was_left_behind(path: Path) -> None:
    for name in (".juesuan-0123456789abcdef.tmp", ".juesuan-notes.tmp", "0123456789abcdef.tmp"):
        path.with_name(name).write_text("x", encoding="utf-8")
    path.with_name(".juesuan-0123456789abcde0.tmp").symlink_to(path)
    path.with_name(".juesuan-0123456789abcde1.tmp").mkdir()
    save(path, SMALL)
    assert sorted(os.listdir(path.parent)) == [
        ".juesuan-0123456789abcde0.tmp", ".juesuan-0123456789abcde1.tmp", ".juesuan-notes.tmp", "0123456789abcdef.tmp",
        "2024.toml"]


@pytest.mark.skipif(not ROOT, reason="only root gives files away")
def test_what_another_user_left_stays(path: Path) -> None:
    file = path.with_name(".juesuan-0123456789abcdef.tmp")
    file.write_text("x", encoding="utf-8")
    os.chown(file, 1234, 2345)
    clear_leftovers(str(path.parent))
    assert file.exists()


def test_a_file_that_is_taken_away_while_it_is_written_is_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, gone = os.replace, []

    def replace(source: str, target: str) -> None:
        if not gone:
            gone.append(source)
            os.unlink(source)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_journal_over_which_a_process_died_is_cleared(path: Path) -> None:
    begun = Path(journal.places(str(path))[0] + ".new")
    begun.write_text("half", encoding="utf-8")
    Session.open(str(path), read_only=True).close()
    assert begun.exists()
    Session.open(str(path)).close()
    assert not begun.exists()
    shutil.rmtree(path.parent)
