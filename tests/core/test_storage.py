"""Reading and saving: what is refused, and that nothing is ever lost."""

import errno
import os
import signal
import stat
import subprocess
import sys

import pytest
from juesuan.core import disk, storage
from juesuan.core.storage import ChangedOutside, StorageError, newline_of, read_text, save, write_atomic


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "源.toml"
    path.write_bytes(b"old = 1\n")
    return path


def refused(call, *arguments, **options):
    with pytest.raises(StorageError) as caught:
        call(*arguments, **options)
    error = caught.value
    assert error.message
    assert "{" not in error.message
    assert str(error).startswith(error.path)
    return error


def failing(number, text="no"):
    def fail(*arguments, **options):
        raise OSError(number, text)

    return fail


# Reading


def test_a_text_is_read_with_what_is_needed_to_save_it(file):
    file.write_bytes("年 = 1\r\n\r\nb = 2\n".encode())
    stored = read_text(file)
    assert stored.text == "年 = 1\r\n\r\nb = 2\n"
    assert (stored.newline, stored.bom) == ("\r\n", False)
    assert read_text(str(file)) == stored


def test_a_bom_is_accepted_and_remembered(file):
    plain = read_text(file)
    file.write_bytes(b"\xef\xbb\xbfold = 1\n")
    stored = read_text(file)
    assert (stored.text, stored.bom) == ("old = 1\n", True)
    assert stored.digest != plain.digest


def test_an_empty_file_is_a_text(file):
    file.write_bytes(b"")
    assert read_text(file)[:1] + read_text(file)[2:] == ("", "\n", False)


@pytest.mark.parametrize(
    ("text", "newline"), [("", "\n"), ("a", "\n"), ("a\n", "\n"), ("a\r\n", "\r\n"), ("a\r\nb\n", "\n")]
)
def test_the_usual_newline(text, newline):
    assert newline_of(text) == newline


def test_what_is_not_there(tmp_path, file):
    assert refused(read_text, tmp_path / "none.toml").reason == "missing"
    assert refused(read_text, file / "below a file").reason == "missing"
    assert refused(read_text, "").reason == "missing"
    assert refused(read_text, "a\0b").reason == "missing"
    (tmp_path / "link").symlink_to("nowhere")
    assert refused(read_text, tmp_path / "link").reason == "missing"


def test_a_link_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refused(read_text, tmp_path / "a").reason == "failed"
    assert refused(write_atomic, tmp_path / "a", b"x").reason == "failed"
    assert (tmp_path / "a").is_symlink()


def test_a_directory(tmp_path):
    assert refused(read_text, tmp_path).reason == "directory"
    assert refused(write_atomic, tmp_path, b"x").reason == "directory"


def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/null", "/dev/zero"):
        assert refused(read_text, path).reason == "special"
        assert refused(write_atomic, path, b"x").reason == "special"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_file_that_becomes_a_pipe_before_it_is_opened(tmp_path, file, monkeypatch):
    ordinary = os.stat(file)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(disk.os, "stat", lambda path: ordinary)
    assert refused(read_text, pipe).reason == "special"


def test_no_right_to_read(file, monkeypatch):
    monkeypatch.setattr(disk.os, "open", failing(errno.EACCES))
    assert refused(read_text, file).reason == "denied"


def test_a_disk_that_can_not_read(file, monkeypatch):
    monkeypatch.setattr(disk.os, "read", failing(errno.EIO, "Input/output error"))
    error = refused(read_text, file)
    assert error.reason == "failed"
    assert "磁盘读写故障" in error.message


def test_a_large_file_is_refused_before_it_is_read(file, monkeypatch):
    os.truncate(file, disk.LIMIT + 1)
    monkeypatch.setattr(disk.os, "read", failing(errno.EIO))
    error = refused(read_text, file)
    assert error.reason == "large"
    assert "16" in error.message


def test_a_file_that_grows_while_it_is_read_is_refused(file, monkeypatch):
    monkeypatch.setattr(disk.os, "read", lambda fd, size: b" " * size)
    assert refused(read_text, file).reason == "large"


def test_a_file_of_the_greatest_size_is_read(file):
    os.truncate(file, 0)
    file.write_bytes(b" " * disk.LIMIT)
    assert len(read_text(file).text) == disk.LIMIT


def test_gb18030_is_recognized(file):
    file.write_bytes("name = 1\n# 部门决算公开\n".encode("gb18030"))
    error = refused(read_text, file)
    assert (error.reason, error.line) == ("encoding", 2)
    assert "GB18030" in error.message
    assert "UTF-8" in error.message


def test_a_damaged_utf8_text_is_not_taken_for_gb18030(file):
    file.write_bytes("# 部门决算公开情况说明\n".encode() * 3 + "# 三".encode()[:-1] + b"\n")
    error = refused(read_text, file)
    assert (error.reason, error.line) == ("encoding", 4)
    assert "0xE4" in error.message
    assert "GB18030" not in error.message


def test_latin_and_utf16_are_refused(file):
    file.write_bytes("a = 1\nb = 'é'\n".encode("latin-1"))
    assert refused(read_text, file).line == 2
    file.write_bytes("a = 1\n".encode("utf-16"))
    assert "UTF-16" in refused(read_text, file).message


def test_a_nul_byte_is_told_with_its_line(file):
    file.write_bytes(b"a = 1\nb\0 = 2\n")
    error = refused(read_text, file)
    assert (error.reason, error.line) == ("nul", 2)
    assert str(error).startswith(f"{file}:2: ")


# Writing


def test_a_new_file_has_the_mode_of_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["new"]


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_keeps_its_mode(file, mode):
    file.chmod(mode)
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_file_keeps_its_owner_or_at_least_its_group(file, monkeypatch):
    calls = []

    def fchown(fd, user, group):
        calls.append((user, group))
        if user != -1:
            raise PermissionError

    monkeypatch.setattr(disk.os, "fchown", fchown)
    write_atomic(file, b"new")
    status = file.stat()
    assert calls == [(status.st_uid, status.st_gid), (-1, status.st_gid)]
    monkeypatch.setattr(disk.os, "fchown", failing(errno.EPERM))
    write_atomic(file, b"newer")
    assert file.read_bytes() == b"newer"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_root_keeps_the_owner_of_a_file(file):
    os.chown(file, 1234, 2345)
    write_atomic(file, b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 2345)


def test_a_link_is_followed(tmp_path, file):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link"
    link.symlink_to("../源.toml")
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    file.unlink()
    write_atomic(link, b"again")
    assert file.read_bytes() == b"again"
    assert os.listdir(link.parent) == ["link"]


def test_a_name_as_long_as_names_may_be(tmp_path):
    path = tmp_path / ("决" * 85)
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"


def test_a_path_without_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_atomic("here", b"x")
    assert (tmp_path / "here").read_bytes() == b"x"


def test_where_there_is_no_directory(tmp_path, file):
    assert refused(write_atomic, tmp_path / "none" / "x", b"x").reason == "missing"
    assert refused(write_atomic, file / "x", b"x").reason == "missing"
    assert refused(write_atomic, "a\0b", b"x").reason == "missing"


def test_a_protected_file_is_not_replaced(file, monkeypatch):
    monkeypatch.setattr(disk.os, "access", lambda path, mode: False)
    assert refused(write_atomic, file, b"new").reason == "denied"
    assert file.read_bytes() == b"old = 1\n"


def test_bytes_that_the_disk_takes_in_pieces(file, monkeypatch):
    write = os.write
    monkeypatch.setattr(disk.os, "write", lambda fd, data: write(fd, data[:3]))
    write_atomic(file, b"0123456789")
    assert file.read_bytes() == b"0123456789"


STEPS = ["open", "write", "fchown", "chmod", "fsync", "close", "replace"]


@pytest.mark.parametrize("step", [step for step in STEPS if step != "fchown"])  # which may fail
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), PermissionError(13, "no")])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(file, monkeypatch, step, error):
    interrupt(monkeypatch, step, error)
    expected = "denied" if isinstance(error, PermissionError) else "failed"
    assert refused(write_atomic, file, b"new").reason == expected
    monkeypatch.undo()
    assert file.read_bytes() == b"old = 1\n"
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("step", STEPS)
def test_a_write_that_is_interrupted_leaves_the_old_file_and_nothing_else(file, monkeypatch, step):
    interrupt(monkeypatch, step, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write_atomic(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old = 1\n"
    assert os.listdir(file.parent) == [file.name]


def interrupt(monkeypatch, step, error):
    """Have a step of the writing fail, after it has done half of its work."""
    real = getattr(os, step)

    def half(*arguments, **options):
        if step in ("close", "open"):
            real(*arguments, **options)
        elif step == "write":
            real(arguments[0], arguments[1][:2])
        raise error

    monkeypatch.setattr(disk.os, step, half)
    if step == "chmod":
        monkeypatch.setattr(disk.os, "supports_fd", {half})


def test_a_new_file_that_can_not_be_written_is_not_there(tmp_path, monkeypatch):
    interrupt(monkeypatch, "write", OSError(errno.ENOSPC, "No space left on device"))
    assert "磁盘空间不足" in refused(write_atomic, tmp_path / "new", b"data").message
    assert os.listdir(tmp_path) == []


def test_a_directory_that_can_not_be_synchronized_is_no_failure(file, monkeypatch):
    fsync = os.fsync

    def only_files(fd):
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(fd)

    monkeypatch.setattr(disk.os, "fsync", only_files)
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"


def test_file_and_directory_are_synchronized_in_this_order(file, monkeypatch):
    done = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(disk.os, "fsync", lambda fd: (done.append(stat.S_ISDIR(os.fstat(fd).st_mode)), fsync(fd))[1])
    monkeypatch.setattr(disk.os, "replace", lambda *names: (done.append("replace"), replace(*names))[1])
    write_atomic(file, b"new")
    assert done == [False, "replace", True]


def test_a_file_that_another_program_holds_is_tried_again(file, monkeypatch):
    replace, waits = os.replace, []

    def busy(*names):
        if len(waits) < 3:
            raise PermissionError(errno.EACCES, "busy")
        replace(*names)

    monkeypatch.setattr(disk, "_TRIES", 10)
    monkeypatch.setattr(disk.time, "sleep", waits.append)
    monkeypatch.setattr(disk.os, "replace", busy)
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"
    assert waits == sorted(waits)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
def test_a_process_that_is_killed_leaves_the_old_file_whole(file):
    code = (
        "import os, signal, sys; from juesuan.core import disk\n"
        "disk.os.replace = lambda *names: os.kill(os.getpid(), signal.SIGKILL)\n"
        "disk.write_bytes(sys.argv[1], b'new')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code, str(file)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"old = 1\n"


# Saving


def test_to_save_what_was_read_changes_nothing(file):
    for data in (b"a = 1\r\nb = 2\n", b"\xef\xbb\xbfa = 1\n", "中".encode()):
        file.write_bytes(data)
        stored = read_text(file)
        assert save(file, stored.text, stored.digest, bom=stored.bom) == stored.digest
        assert file.read_bytes() == data


def test_the_digest_of_one_save_serves_for_the_next(file):
    digest = save(file, "a = 2\n", read_text(file).digest)
    assert digest == read_text(file).digest
    save(file, "a = 3\n", digest)
    assert file.read_bytes() == b"a = 3\n"


def test_newlines_can_be_made_those_of_the_file(file):
    save(file, "a\nb\r\nc", newline="\r\n")
    assert file.read_bytes() == b"a\r\nb\r\nc"
    save(file, "a\nb\r\nc", newline="\n")
    assert file.read_bytes() == b"a\nb\nc"


def test_a_file_that_changed_outside_is_not_overwritten(file):
    stored = read_text(file)
    file.write_bytes(b"theirs = 1\n")
    error = refused(save, file, "ours = 1\n", stored.digest)
    assert isinstance(error, ChangedOutside)
    assert error.reason == "changed"
    assert file.read_bytes() == b"theirs = 1\n"
    assert os.listdir(file.parent) == [file.name]
    save(file, "ours = 1\n")
    assert file.read_bytes() == b"ours = 1\n"


def test_a_change_at_the_last_moment_is_seen(file, monkeypatch):
    stored, fsync = read_text(file), os.fsync

    def meanwhile(fd):
        fsync(fd)
        file.write_bytes(b"theirs = 1\n")

    monkeypatch.setattr(disk.os, "fsync", meanwhile)
    assert isinstance(refused(save, file, "ours = 1\n", stored.digest), ChangedOutside)
    assert file.read_bytes() == b"theirs = 1\n"
    assert os.listdir(file.parent) == [file.name]


def test_a_file_that_went_away_is_told(file):
    stored = read_text(file)
    file.unlink()
    assert isinstance(refused(save, file, "x", stored.digest), ChangedOutside)
    assert not file.exists()


def test_a_new_file_never_replaces_one(tmp_path, file):
    assert isinstance(refused(save, file, "x", ""), ChangedOutside)
    assert file.read_bytes() == b"old = 1\n"
    save(tmp_path / "new", "x", "")
    assert (tmp_path / "new").read_bytes() == b"x"


def test_half_a_character_can_not_be_saved(file):
    error = refused(save, file, "a\nb\ud800")
    assert (error.reason, error.line) == ("encoding", 2)
    assert file.read_bytes() == b"old = 1\n"


def test_the_digest_is_that_of_sha256(file):
    import hashlib

    assert read_text(file).digest == hashlib.sha256(b"old = 1\n").hexdigest()
    assert storage.digest_of(b"") == hashlib.sha256().hexdigest()
