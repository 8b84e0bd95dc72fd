"""Foreign files are read in a child process: whatever becomes of it, this one goes on, and says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from juesuan.core.documents import child, inside
from juesuan.core.documents.child import Refused, Unread, read_apart

READERS = '''
import os, resource, signal, sys, time

def echo(data):
    yield {"text": data.decode(), "list": [1, 2.5, True, None, "表"]}

def noisy(data):
    print("on standard output", flush=True)
    os.write(1, b"below it")
    os.write(2, b"on standard error")
    yield "answer"

def aborts(data):
    yield 1
    os.abort()

def crashes(data):
    os.kill(os.getpid(), signal.SIGSEGV)
    yield

def killed(data):
    os.kill(os.getpid(), signal.SIGKILL)
    yield

def loops(data):
    while True:
        pass
    yield

def sleeps(data):
    time.sleep(600)
    yield

def hungry(data):
    yield len(bytearray(1 << 30))

def talkative(data):
    while True:
        yield "x" * 100_000

def cut_off(data):
    inside_out.write(b'["data",[1,')
    inside_out.flush()
    while True:
        pass
    yield

def long_line(data):
    yield "x" * 2_000_000

def nested(data):
    inside_out.write(b"[" * 100_000 + b"\\n")
    inside_out.flush()
    yield

def refuses(data):
    from juesuan.core.documents.inside import Refused
    yield 1
    raise Refused("nothing for us")

def fails(data):
    raise KeyError("tables")
    yield

def panics(data):
    raise BaseException("capacity overflow")
    yield

def leaves(data):
    os._exit(0)
    yield

def needs(data):
    import there_is_no_such_module
    yield

def writes(data):
    try:
        with open(data.decode(), "w") as file:
            file.write("x")
    except OSError as error:
        yield type(error).__name__

def limits(data):
    yield [resource.getrlimit(number) for number in (resource.RLIMIT_CORE, resource.RLIMIT_AS)]
'''
TEACH = """
import os
inside = import_module(order["package"] + ".core.documents.inside")
readers = import_module("readers_of_this_test")
readers.inside_out = os.fdopen(os.dup(1), "wb")
inside._reader = lambda name: getattr(readers, name)
import_module("""


@pytest.fixture(autouse=True)
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "readers_of_this_test.py").write_text(READERS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    before, after = child._START.rsplit("import_module(", 1)
    monkeypatch.setattr(child, "_START", before + TEACH.strip() + after)


def reason(reader: str, data: bytes = b"") -> str:
    with pytest.raises(Unread) as unread:
        list(read_apart(reader, data))
    return unread.value.reason


def test_plain_data_comes_back() -> None:
    assert list(read_apart("echo", "决算".encode())) == [{"text": "决算", "list": [1, 2.5, True, None, "表"]}]


def test_megabytes_go_over_and_come_back() -> None:
    (answer,) = read_apart("echo", b"x" * 5_000_000)
    assert len(answer["text"]) == 5_000_000


def test_what_a_parser_prints_reaches_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(read_apart("noisy", b"")) == ["answer"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("reader", "why"), [
    ("aborts", "broken"), ("crashes", "broken"), ("leaves", "broken"), ("fails", "broken"), ("panics", "broken"),
    ("nested", "broken"), ("hungry", "memory"), ("killed", "memory"), ("needs", "missing")])  # fmt: skip
def test_it_is_told_how_it_ended(reader: str, why: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert reason(reader) == why
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("reader", ["loops", "cut_off"])
def test_an_endless_loop_ends(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.2)
    monkeypatch.setattr(child, "PATIENCE", 600.0)  # so it is the child's own limit
    assert reason(reader) == "time"


def test_a_reader_that_waits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.2)
    assert reason("sleeps") == "time"


def test_a_child_that_never_gets_ready_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(child, "STARTING", 0.2)
    assert reason("echo", b"x" * 1_000_000) == "time"


@pytest.mark.parametrize("reader", ["talkative", "long_line"])
def test_it_may_not_say_without_end(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_SAID", 1_000_000)
    assert reason(reader) == "large"


def test_a_reader_refuses_in_its_own_words() -> None:
    with pytest.raises(Refused, match="nothing for us"):
        list(read_apart("refuses", b""))


def test_it_writes_no_file_and_leaves_no_dump(tmp_path: Path) -> None:
    assert list(read_apart("writes", os.fsencode(tmp_path / "written"))) == ["OSError"]
    assert not (tmp_path / "written").stat().st_size
    ((core, memory),) = read_apart("limits", b"")
    assert max(core) <= 1
    assert max(memory) <= child.MEMORY


def test_there_is_no_child_to_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for executable in ("", None, str(tmp_path / "python")):
        monkeypatch.setattr(sys, "executable", executable)
        assert reason("echo") == "start"


def test_who_stops_listening_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    threads = threading.active_count()
    values = read_apart("talkative", b"")
    next(values)
    values.close()
    assert started[0].returncode == -signal.SIGKILL
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
    assert threading.active_count() <= threads


WITHOUT = "import sys, signal; sys.modules['resource'] = None; del signal.setitimer"


def test_where_nothing_can_be_limited_the_clock_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on Windows."""
    readers = tmp_path / "readers_of_this_test.py"
    readers.write_text(READERS.replace("resource, ", ""), encoding="utf-8")
    monkeypatch.setattr(child, "_START", WITHOUT + child._START)
    assert list(read_apart("echo", b"x")) == [{"text": "x", "list": [1, 2.5, True, None, "表"]}]
    monkeypatch.setattr(child, "SECONDS", 0.2)
    monkeypatch.setattr(child, "PATIENCE", 600.0)
    assert reason("loops") == "time"


def test_limits_that_the_system_does_not_have_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.delattr(signal, "setitimer")
    assert not inside.limit(1, 1)


def test_what_the_environment_says_to_python_is_not_heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != str(tmp_path)] + [str(tmp_path)])
    assert list(read_apart("echo", b"x")) == [{"text": "x", "list": [1, 2.5, True, None, "表"]}]
