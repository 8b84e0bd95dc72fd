"""The journal: whatever happens to the process or to the journal, what was done is found again."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
from binascii import crc32
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.drafting import journal
from juesuan.core.drafting.journal import Journal, JournalError, left_behind
from juesuan.core.drafting.recent import drafts_left
from juesuan.core.drafting.recovery import recover, recoveries
from juesuan.core.drafting.session import ChangedOutside, Edit, Session
from juesuan.core.storage import digest_of

SMALL = """schema = 1
[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"
unit = "万元"

[expenditure]
2010550 = { basic = 301.82 }   # 事业运行
"""
CELL = ("expenditure", "2010550", "basic")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "work").mkdir()
    file = tmp_path / "work" / "2024.toml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def beside(path: str) -> Path:
    return Path(journal.places(path)[0])


def killed(session: Session) -> None:
    """What a killed process leaves: its files as they are, its lock gone."""
    session.journal.close()
    assert session.lock is not None
    session.lock.release()


def edited(path: str, *values: str) -> Session:
    session = Session.open(path)
    for value in values:
        session.run(f"改{value}", [Edit("cell", CELL, value)])
    return session


def test_nothing_is_written_before_the_first_edit(path: str) -> None:
    session = Session.open(path)
    assert not beside(path).exists()
    session.run("改", [Edit("cell", CELL, "301.82")])
    assert not beside(path).exists()
    session.run("改", [Edit("cell", CELL, "5")])
    assert beside(path).exists()
    session.save()
    assert not beside(path).exists()
    session.undo()
    assert beside(path).exists()
    session.redo()
    session.close()
    assert sorted(os.listdir(os.path.dirname(path))) == ["2024.toml"]


def test_what_was_left_is_offered_and_taken(path: str) -> None:
    first = edited(path, "5", "6", "7")
    first.undo()
    killed(first)
    session = Session.open(path)
    recovery = session.recovery
    assert recovery is not None
    assert recovery.commands == 4
    assert recovery.matches
    assert recovery.left.whole
    assert recovery.left.names == ("改5", "改6", "改7", "改7")
    assert any("301.82" in line and "6.00" in line for line in recovery.lines())
    change = session.recover()
    assert change.cells[CELL][1] == 60000
    assert session.text.text() == first.text.text()
    assert session.dirty
    session.undo()
    assert session.text.text() == SMALL
    session.redo()
    session.save()
    session.close()
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def test_what_was_taken_is_safe_at_once(path: str) -> None:
    killed(edited(path, "5"))
    second = Session.open(path)
    second.recover()
    killed(second)
    third = Session.open(path)
    assert third.recovery is not None
    third.recover()
    assert third.report.value(CELL) == 50000


def test_what_was_left_can_be_given_up(path: str) -> None:
    killed(edited(path, "5"))
    session = Session.open(path)
    session.discard_recovery()
    assert session.recovery is None
    session.close()
    assert Session.open(path).recovery is None


def test_what_nobody_decided_on_is_set_aside(path: str) -> None:
    killed(edited(path, "5"))
    old = beside(path).read_bytes()
    session = Session.open(path)
    session.run("改", [Edit("cell", CELL, "6")])
    assert beside(path).with_name(beside(path).name + "-old").read_bytes() == old
    assert recover(path).left.text == session.text.text()  # type: ignore[union-attr]


OTHER = ("general_budget", "2101501", "project")


def edit_and_die(path: str, cell: tuple[str, str, str], value: str) -> None:
    """Open a file, decide nothing on what was left, edit, and be killed."""
    session = Session.open(path)
    session.run(f"改{value}", [Edit("cell", cell, value)])
    killed(session)


def test_what_nobody_decided_on_stays_however_much_there_is(path: str) -> None:
    for number in range(1, 6):
        edit_and_die(path, CELL, str(number))
    session = Session.open(path)
    assert [each.left.names for each in session.recoveries] == [(f"改{number}",) for number in (5, 4, 3, 2, 1)]
    assert session.recovery is session.recoveries[0]
    session.close()
    assert [each.left.names for each in recoveries(path)] == [(f"改{number}",) for number in (5, 4, 3, 2, 1)]


def test_each_is_decided_on_by_itself_and_what_was_taken_stays(path: str) -> None:
    edit_and_die(path, CELL, "5")
    edit_and_die(path, CELL, "6")
    edit_and_die(path, OTHER, "7")
    session = Session.open(path)
    session.recover()
    session.discard_recovery()
    recovery = session.recovery
    assert recovery is not None
    assert any("301.82 → 5" in line for line in recovery.lines(text=session.text.text()))
    assert not any("7.00" in line for line in recovery.lines(text=session.text.text()))
    session.recover()
    assert session.recovery is None
    assert (session.report.value(CELL), session.report.value(OTHER)) == (50000, 70000)
    session.undo()
    assert (session.report.value(CELL), session.report.value(OTHER)) == (3018200, 70000)
    session.redo()
    killed(session)
    again = Session.open(path)
    assert [each.commands for each in again.recoveries] == [4]
    again.recover()
    assert again.text.text() == session.text.text()
    again.save()
    again.close()
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def test_what_was_left_before_a_save_is_put_into_what_was_saved(path: str) -> None:
    edit_and_die(path, CELL, "5")
    session = Session.open(path)
    session.run("改", [Edit("cell", OTHER, "7")])
    session.save()
    session.close()
    session = Session.open(path)
    assert session.recovery is not None
    assert not any("7.00" in line for line in session.recovery.lines())
    session.recover()
    assert (session.report.value(CELL), session.report.value(OTHER)) == (50000, 70000)
    session.save()
    session.close()
    assert recoveries(path) == []
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]


def test_a_recovery_can_be_decided_on_after_the_first_edit(path: str) -> None:
    for decide in (Session.recover, Session.discard_recovery):
        edit_and_die(path, CELL, "5")
        session = Session.open(path)
        session.run("改", [Edit("cell", OTHER, "7")])
        decide(session)  # it was set aside by the edit
        assert session.report.value(CELL) == (50000 if decide is Session.recover else 3018200)
        assert session.report.value(OTHER) == 70000
        killed(session)
        assert len(recoveries(path)) == 1
        session = Session.open(path)
        session.discard_recovery()
        session.close()


def test_drafts_that_were_set_aside_are_found(path: str) -> None:
    edit_and_die(path, CELL, "5")
    session = Session.open(path)
    session.run("改", [Edit("cell", OTHER, "7")])
    session.save()
    session.close()
    assert [left.names for left in drafts_left([], os.path.dirname(path))] == [("改5",)]


def test_what_cannot_be_entered_is_kept_as_a_note(path: str) -> None:
    session = Session.open(path)
    session.note("行政运行", "12.3.4\u202e")
    killed(session)
    session = Session.open(path)
    assert session.recovery is not None
    assert "12.3.4" in session.recovery.lines()[0]
    session.recover()
    assert "12.3.4" in session.text.text()
    assert session.report.value(CELL) == 3018200


def test_a_journal_that_says_nothing_new_is_cleaned_up(path: str) -> None:
    session = edited(path, "5")
    Path(path).write_text(session.text.text(), encoding="utf-8")  # killed between the save and the cleaning
    killed(session)
    assert Session.open(path).recovery is None
    assert not beside(path).exists()


def test_a_changed_file_is_told_and_not_overwritten(path: str) -> None:
    killed(edited(path, "5"))
    theirs = SMALL.replace("某局", "另一局")
    Path(path).write_text(theirs, encoding="utf-8")
    session = Session.open(path)
    assert session.recovery is not None
    assert not session.recovery.matches
    assert any("另一局" in line for line in session.recovery.lines())
    session.recover()
    with pytest.raises(ChangedOutside):
        session.save()
    assert Path(path).read_text(encoding="utf-8") == theirs
    session.save(overwrite=True)
    assert Path(path).read_text(encoding="utf-8") == SMALL.replace("301.82", "5")


@pytest.mark.parametrize("spoil", [os.unlink, lambda path: Path(path).write_text("no source", encoding="utf-8")])
def test_a_file_that_is_gone_or_broken_is_recovered_whole(path: str, spoil: Any) -> None:
    killed(edited(path, "5"))
    spoil(path)
    recovery = recover(path)
    assert recovery is not None
    assert not recovery.matches
    assert recovery.lines()
    session = recovery.session()
    assert session.report.value(CELL) == 50000
    with pytest.raises(ChangedOutside):
        session.save()
    session.save(overwrite=True)
    assert Path(path).read_text(encoding="utf-8") == SMALL.replace("301.82", "5")


def test_a_session_that_ends_unsaved_leaves_its_edits(path: str) -> None:
    session = edited(path, "5")
    session.close()
    assert recover(path) is not None
    session = Session.open(path)
    session.recover()
    session.close(discard=True)
    assert recover(path) is None


def test_a_reader_is_offered_nothing_and_leaves_everything(path: str) -> None:
    killed(edited(path, "5"))
    before = sorted(os.listdir(os.path.dirname(path)))
    reader = Session.open(path, read_only=True)
    assert reader.recovery is None
    reader.close()
    assert sorted(os.listdir(os.path.dirname(path))) == before


# ── damage ──


def texts(path: str) -> tuple[bytes, list[str]]:
    """A journal of ten commands, and the text after each."""
    session = Session.open(path)
    states = [SMALL]
    for number in range(8):
        session.run("改", [Edit("cell", CELL, str(number))])
        states.append(session.text.text())
    for step in (session.undo, session.redo):
        step()
        states.append(session.text.text())
    killed(session)
    return beside(path).read_bytes(), states


def test_a_journal_cut_at_any_byte_gives_whole_commands(path: str) -> None:
    data, states = texts(path)
    ends = [at for at in range(len(data)) if data[at : at + 1] == b"\n"]
    for cut in range(len(data) + 1):
        beside(path).write_bytes(data[:cut])
        left = left_behind(path)
        whole = sum(end < cut for end in ends) - 1
        if whole < 1:
            assert left is None
        else:
            assert left is not None
            assert left.text == states[whole]
            assert left.commands == whole
            assert left.whole == (data[cut - 1 : cut] == b"\n")


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_damaged_journal_gives_commands_that_were_done(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    path = str(folder / "2024.toml")
    Path(path).write_text(SMALL, encoding="utf-8")
    if not hasattr(test_a_damaged_journal_gives_commands_that_were_done, "made"):
        test_a_damaged_journal_gives_commands_that_were_done.made = texts(path)  # type: ignore[attr-defined]
    good, states = test_a_damaged_journal_gives_commands_that_were_done.made  # type: ignore[attr-defined]
    at = data.draw(st.integers(0, len(good) - 1))
    what = data.draw(st.sampled_from(["byte", "zeros", "drop", "double", "swap"]))
    lines = good.splitlines(keepends=True)
    number = data.draw(st.integers(0, len(lines) - 2))
    bad = {
        "byte": lambda: good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :],
        "zeros": lambda: good[:at] + bytes(len(good) - at),
        "drop": lambda: b"".join(lines[:number] + lines[number + 1 :]),
        "double": lambda: b"".join(lines[: number + 1] + lines[number:]),
        "swap": lambda: b"".join([*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]]),
    }[what]()
    beside(path).write_bytes(bad)
    left = left_behind(path)
    assert left is None or left.text in states
    recover(path)


@pytest.mark.parametrize("data", [b"", b"\n", b"\x00" * 999, b"00000000 {}\n", b"4c0c7ce1 []\n", b"{" * 9999])
def test_what_is_no_journal_is_none(path: str, data: bytes) -> None:
    beside(path).write_bytes(data)
    assert left_behind(path) is None
    assert Session.open(path).recovery is None


def test_what_only_looks_like_a_journal_is_none(path: str, tmp_path: Path) -> None:
    def made(*records: dict[str, Any]) -> None:
        check, lines = 0, b""
        for record in records:
            line, check = journal._line(record, check)
            lines += line
        beside(path).write_bytes(lines)

    head: dict[str, Any] = {"juesuan": 1, "path": path, "digest": "", "text": "abc"}
    step = {"op": "do", "name": "n", "at": 1, "count": 1, "start": 0, "cut": 1, "text": "x"}
    made(head, step)
    assert left_behind(path).text == "xbc"  # type: ignore[union-attr]
    for bad in ({"juesuan": 2}, {"text": None, "juesuan": 3}):
        made({**head, **bad}, step)
        assert left_behind(path) is None
    for bad in ({"start": -1}, {"cut": 4}, {"cut": -1}, {"start": "x"}, {"start": None}, {"at": "later"}):
        made(head, {**step, **bad})
        assert left_behind(path) is None
    made(head, {"op": "do"})
    assert left_behind(path) is None
    beside(path).unlink()
    beside(path).symlink_to(tmp_path)
    assert left_behind(path) is None
    beside(path).unlink()
    os.mkfifo(beside(path))
    assert left_behind(path) is None


# ── disks ──


def test_where_the_directory_takes_no_file_it_lies_in_the_state_directory(path: str, tmp_path: Path) -> None:
    os.makedirs(str(beside(path)) + ".new")  # nothing can be written there
    session = edited(path, "5", "6")
    assert not session.unprotected
    assert [file.parent for file in (tmp_path / "state").rglob("*-journal")] == [tmp_path / "state" / "juesuan"]
    killed(session)
    again = Session.open(path)
    assert again.recovery is not None
    again.recover()
    assert again.report.value(CELL) == 60000
    again.save()
    assert not list((tmp_path / "state").rglob("*journal*"))


def test_the_journal_of_another_file_is_not_taken(path: str, tmp_path: Path) -> None:
    os.makedirs(str(beside(path)) + ".new")
    killed(edited(path, "5"))
    (file,) = (tmp_path / "state" / "juesuan").iterdir()
    other = str(tmp_path / "other.toml")
    os.rename(file, journal.places(other)[1])
    assert left_behind(other) is None


def test_a_full_disk_stops_no_editing(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = edited(path, "5")
    real = os.write

    def half(fd: int, data: Any) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, "No space left")
        return real(fd, bytes(data)[: len(data) // 2])

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        for value in ("6", "7"):
            session.run("改", [Edit("cell", CELL, value)])
            assert "No space left" in session.unprotected
    assert left_behind(path).text == SMALL.replace("301.82", "5")  # type: ignore[union-attr]
    assert session.report.value(CELL) == 70000
    session.run("改", [Edit("cell", CELL, "8")])
    assert not session.unprotected
    killed(session)
    left = left_behind(path)
    assert left is not None
    assert left.text == session.text.text()
    assert left.commands == 4


def test_a_disk_that_is_really_full(tmp_path: Path, path: str) -> None:
    """The system refuses to let files grow: the journal ends before it, and editing goes on."""
    script = """
import resource, signal, sys
from juesuan.core.drafting.session import Session, Edit
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
session = Session.open(sys.argv[1])
session.run("改", [Edit("cell", ("expenditure", "2010550", "basic"), "5")])
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
for number in range(9):
    session.run("改", [Edit("cell", ("expenditure", "2010550", "basic"), str(number))])
print(bool(session.unprotected), session.report.value(("expenditure", "2010550", "basic")))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", script, path], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split()[0] == "True", run.stderr
    left = left_behind(path)
    assert left is not None
    assert left.text == SMALL.replace("301.82", "5")
    assert run.stdout.split()[1] == "80000"


def test_a_journal_that_can_be_put_nowhere_is_an_error(
    path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    os.makedirs(str(beside(path)) + ".new")
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    own = Journal(path, SMALL, digest_of(SMALL.encode()))
    with pytest.raises(JournalError, match=r"."):
        own.write("do", "改", SMALL + "# 1\n")
    os.rmdir(str(beside(path)) + ".new")
    own.write("do", "改", SMALL + "# 2\n")
    own.close()
    assert left_behind(path).text == SMALL + "# 2\n"  # type: ignore[union-attr]


def test_who_may_read_the_source_may_read_the_journal(path: str) -> None:
    os.chmod(path, 0o640)
    edited(path, "5")
    assert beside(path).stat().st_mode & 0o777 == 0o640
    assert not os.path.exists(str(beside(path)) + ".new")


# ── kill ──

CHILD = """
import sys
from binascii import crc32
from juesuan.core.drafting.session import Session, Edit
session = Session.open(sys.argv[1])
if session.recovery is not None:
    session.recover()
start = int(session.text.text().partition("basic = ")[2].partition(" ")[0])
for number in range(start + 1, start + 2000):
    session.run("改", [Edit("cell", ("expenditure", "2010550", "basic"), str(number))])
    if number % 7 == 0:
        session.save()
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def test_what_was_acknowledged_survives_kill(path: str) -> None:
    Path(path).write_text(SMALL.replace("301.82", "0"), encoding="utf-8")
    dice = random.Random(7)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    last = 0
    for _turn in range(8):
        with subprocess.Popen([sys.executable, "-c", CHILD, path], env=environment, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _line in range(dice.randint(1, 25)):
                last = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
            rest = child.stdout.read().split()
            last = int(rest[-1]) if rest and child.wait() else last
        recovery = recover(path)
        text = recovery.left.text if recovery is not None else Path(path).read_text(encoding="utf-8")
        found = int(text.partition("basic = ")[2].partition(" ")[0])
        # The child may have been killed after it had done one more, and before it could say so.
        assert found in (last, last + 1)
        assert recovery is None or recovery.matches


# ── planted ──


def made(*records: str) -> bytes:
    """A journal whose checksums are right, whatever its records are."""
    check, lines = 0, []
    for record in records:
        data = record.encode()
        check = crc32(data, check)
        lines.append(b"%08x %b\n" % (check, data))
    return b"".join(lines)


def step(**other: str) -> str:
    fields = {"op": '"do"', "name": '"n"', "at": "1", "count": "1", "start": "0", "cut": "0",
              "text": '"# x\\n"', **other}
    return "{" + ",".join(f'"{key}":{value}' for key, value in fields.items()) + "}"


def head(file: str, **other: str) -> str:
    fields = {"juesuan": "1", "path": json.dumps(file), "digest": '""', "text": json.dumps(SMALL), **other}
    return "{" + ",".join(f'"{key}":{value}' for key, value in fields.items()) + "}"


WRONG = ["Infinity", "-Infinity", "NaN", "1e300", "-1e300", "1e999", "-1", "9" * 4000, "9" * 5000, "null", "true", "[]",
         "{}", '"x"', "[" * 3000, "0.5"]
BAD_STEPS = [{key: value} for key in ("start", "cut") for value in WRONG] + [
    {key: value} for key in ("at", "count") for value in WRONG if value != "0.5"] + [
    {"text": value} for value in ("1", "null", "[]", '"\\ud800"', '"\\u00"')] + [{"more": "{}"}, {"more": "[0]"}]
BAD_HEADS = [{"text": "1"}, {"text": "null"}, {"text": '"\\udfff"'}, {"path": '"a\\u0000b"'}, {"path": "1"},
             {"path": '"relative"'}, {"path": '"/\\ud800"'}, {"path": json.dumps("/" + "a" * 9999)},
             {"juesuan": "1e300"}, {"juesuan": "[]"}, {"digest": "[]"}]


@pytest.mark.parametrize("data", [
    *(made(head("/x"), step(**bad)) for bad in BAD_STEPS), *(made(head("/x", **bad), step()) for bad in BAD_HEADS),
    made(head("/x", text='"no TOML ="'), step()), made(head("/x"), step(text='"x"')), made("[]", "[]"), b"", b"\0" * 99,
])  # fmt: skip
def test_a_planted_journal_is_set_aside_and_stops_nothing(path: str, data: bytes, tmp_path: Path) -> None:
    beside(path).write_bytes(data)
    in_state = Path(journal.places(path)[1])
    in_state.parent.mkdir(parents=True)
    in_state.write_bytes(data.replace(json.dumps("/x").encode(), json.dumps(path).encode()))
    drafts_left([path], os.path.dirname(path))
    reader = Session.open(path, read_only=True)
    reader.close()
    assert beside(path).read_bytes() == data
    session = Session.open(path)
    assert session.recovery is None
    assert len(session.remarks) >= 1
    assert any(beside(path).name + "-damaged" in remark for remark in session.remarks)
    assert Path(str(beside(path)) + "-damaged").read_bytes() == data
    session.run("改", [Edit("cell", CELL, "5")])
    assert not session.unprotected
    killed(session)
    again = Session.open(path)
    assert again.recovery is not None
    assert again.remarks == []
    assert again.recovery.lines()
    again.close()


@pytest.mark.parametrize("plant", [os.mkdir, os.mkfifo, lambda file: os.symlink("/etc/passwd", file)])
def test_what_is_no_file_is_set_aside(path: str, plant: Any) -> None:
    plant(beside(path))
    session = Session.open(path)
    assert len(session.remarks) == 1
    session.run("改", [Edit("cell", CELL, "5")])
    assert session.journal.file == str(beside(path))
    killed(session)
    assert sorted(os.listdir(os.path.dirname(path))) == sorted(
        ["2024.toml", beside(path).name, beside(path).name + "-damaged"])


def test_a_second_damaged_journal_replaces_none(path: str) -> None:
    for data in (b"one", b"two"):
        beside(path).write_bytes(data)
        Session.open(path).close()
    assert Path(str(beside(path)) + "-damaged").read_bytes() == b"one"
    assert Path(str(beside(path)) + "-damaged-2").read_bytes() == b"two"


def test_a_journal_that_holds_no_source_of_a_file_that_is_gone_is_no_recovery(path: str) -> None:
    os.unlink(path)
    beside(path).write_bytes(made(head(path, text='"x"'), step()))
    assert recover(path) is None
    assert beside(path).exists()


def test_many_large_journals_cost_neither_time_nor_memory(path: str) -> None:
    """They are not all read: what is read before the start screen is bounded, however many there are."""
    folder = Path(path).parent
    filler = made(head("/x", text='"' + "x" * 1_000_000 + '"'), *[step()] * 2)
    for number in range(40):
        file = folder / f".{number}.toml{journal.ENDING}"
        file.write_bytes(filler)
        os.truncate(file, 60_000_000)
    read = 0
    real = os.read

    def counted(fd: int, size: int) -> bytes:
        nonlocal read
        data = real(fd, size)
        read += len(data)
        return data

    unread: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "read", counted)
        found = drafts_left([], str(folder), unread)
    assert read < 200_000_000
    assert len(found) + len(unread) == 40
    assert len(unread) > 30


def test_a_journal_that_takes_long_to_read_back_is_not(path: str) -> None:
    """Each record copies the whole text: a million of them on a text of millions."""
    data = made(head(path, text='"' + "x" * 8_000_000 + '"'), *[step(text='""')] * 3000)
    beside(path).write_bytes(data)
    assert left_behind(path) is None


def test_a_nested_record_is_not_read_into_memory(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(json, "loads", refuse)
    beside(path).write_bytes(made(head(path), "{" + '"a":' + "[" + "{}," * 1000 + "0]}"))
    assert left_behind(path) is None


def test_a_journal_is_begun_anew_before_it_is_long_to_read(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "ANEW", 2000)
    session = edited(path, *map(str, range(60)))
    assert beside(path).stat().st_size < 4000
    killed(session)
    left = left_behind(path)
    assert left is not None
    assert left.text == session.text.text()
    assert left.commands == 60
    again = Session.open(path)
    again.recover()
    again.save()
    again.close()
    assert os.listdir(os.path.dirname(path)) == ["2024.toml"]
