"""Real processes: exit codes, locales, a reader that goes away, a full disk, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import EXAMPLE, Run, finish, spawn
from .test_bad_input import BODY, HEAD, write


def test_exit_codes(tmp_path: Path) -> None:
    wrong = write(tmp_path, HEAD + "[vehicles]\nother = -1\n")
    runs = {("check", EXAMPLE): 0, ("check", wrong): 1, ("check", tmp_path / "gone"): 2, ("--help",): 0, (): 2}
    started = {arguments: spawn(*arguments) for arguments in runs}
    for arguments, process in started.items():
        result = finish(process)
        assert result.code == runs[arguments], arguments
        assert "Traceback" not in result.err


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LANG": "zh_CN.GB18030", "LC_ALL": "C.UTF-8"},
    ],
    ids=lambda locale: " ".join(f"{key}={value}" for key, value in locale.items()),
)
def test_any_locale(locale: dict[str, str], tmp_path: Path) -> None:
    """A report is the same bytes; messages are told as well as the locale can, without failing."""
    processes = [
        spawn("export", EXAMPLE, **locale),
        spawn("check", EXAMPLE, **locale),
        spawn("--help", **locale),
        spawn("check", tmp_path / "没有.toml", **locale),
    ]
    report, memo, help, missing = map(finish, processes)
    assert report.code == memo.code == help.code == 0
    assert missing.code == 2
    assert "三明市医疗保障局" in report.out
    for result in (report, memo, help, missing):
        assert "Traceback" not in result.err
    assert b"juesuan" in help.data
    if locale.get("PYTHONIOENCODING") == "gbk":
        assert "完成 100%" in memo.data.decode("gbk")
        assert "编制部门决算" in help.data.decode("gbk")


def test_same_bytes_in_any_surroundings() -> None:
    runs = [
        spawn("export", EXAMPLE, TZ=zone, PYTHONHASHSEED=seed, JUESUAN_LANG=language)
        for zone, seed, language in (("UTC", "1", "en"), ("Asia/Shanghai", "2", "zh_CN"))
    ]
    assert len({finish(process).data for process in runs}) == 1


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"\xb2\xe2.toml")
    with open(name, "wb") as file:
        file.write((HEAD + BODY).encode())
    shown = subprocess.run([sys.executable, "-m", "juesuan", "check", name], capture_output=True, check=False)
    assert shown.returncode == 0
    data = subprocess.run(
        [sys.executable, "-m", "juesuan", "check", "--format", "json", name], capture_output=True, check=False
    )
    assert data.returncode == 0
    assert b"Traceback" not in shown.stderr + data.stderr
    written = subprocess.run(
        [sys.executable, "-m", "juesuan", "export", name, "--out-dir", tmp_path / "o"], capture_output=True, check=False
    )
    assert written.returncode == 0
    assert os.listdir(os.fsencode(tmp_path / "o")) == [b"\xb2\xe2.txt"]


@pytest.mark.parametrize("arguments", [("export", EXAMPLE), ("check", EXAMPLE), ("explain", EXAMPLE, "fiscal.total")])
def test_a_reader_that_goes_away(arguments: tuple[object, ...]) -> None:
    """As in `juesuan … | head -1`: no complaint."""
    process = spawn(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(60) == 0
    process.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [("export", EXAMPLE), ("check", EXAMPLE), ("formats",)])
def test_output_to_a_full_disk(arguments: tuple[object, ...]) -> None:
    command = [sys.executable, "-m", "juesuan", *map(str, arguments)]
    with open("/dev/full", "wb") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 2
    assert result.stderr.decode() == "无法输出：磁盘空间不足\n"
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr


MANY = 4000
"""So many reports take far longer than the test looks away for, on any machine."""


def heed_ctrl_c() -> None:
    """As a shell starts a program that a person looks on: what runs in the background may ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_leaves_only_whole_files(tmp_path: Path) -> None:
    files = [write(tmp_path, EXAMPLE.read_text("utf-8"), "0.toml")]
    for n in range(1, MANY):
        files.append(tmp_path / f"{n}.toml")
        os.link(files[0], files[n])
    out = tmp_path / "out"
    command = [sys.executable, "-m", "juesuan", "export", *map(str, files), "--out-dir", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                               preexec_fn=heed_ctrl_c)
    until = time.monotonic() + 30
    while not (out.exists() and any(name.endswith(".txt") for name in os.listdir(out))):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    try:
        _out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert err.decode().splitlines()[-1] == "已中断"
    written = os.listdir(out)
    assert 0 < len(written) < MANY
    assert all(name.endswith(".txt") for name in written)
    assert len({(out / name).read_bytes() for name in written}) == 1


def test_a_fault_of_ours_is_told_in_one_line() -> None:
    code = (
        "import sys; from juesuan import cli; from juesuan.core import opening\n"
        "def fail(*_): raise KeyError('x')\n"
        "opening.open_report = fail\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    for arguments, expected in ((["check", str(EXAMPLE)], 70), (["export", str(EXAMPLE)], 2)):
        result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False)
        assert result.returncode == expected
        (line,) = result.stderr.decode().splitlines()
        assert "程序内部错误" in line
        assert "KeyError 'x'" in line


STREAMS = {">&-": (1,), "<&-": (0,), "2>&-": (2,), "<&- >&- 2>&-": (0, 1, 2)}
FULL = {">/dev/full": (1,), "2>/dev/full": (2,)}
RESULTS: list[tuple[object, ...]] = [
    ("check", EXAMPLE), ("check", "--format", "json", EXAMPLE), ("export", EXAMPLE, "--to", "docx"), ("--help",),
    ("explain", EXAMPLE, "fiscal.total"), ("doctor", "--no-keys"), ("--version",),
]  # fmt: skip
"""Commands whose result goes to standard output."""

DEEDS: list[tuple[object, ...]] = [
    ("check", "gone.toml"), ("export", EXAMPLE, "-o", "out.txt"), ("edit", EXAMPLE), ("import", EXAMPLE, EXAMPLE),
    ("new", "fujian/final-accounts", "new.toml", "--department", "某局", "--year", "2024"), ("check", "--none"),
    ("merge", EXAMPLE, "-o", "merged.toml"), (),
]  # fmt: skip


def without(
    streams: tuple[int, ...], full: bool, folder: Path, arguments: tuple[object, ...]
) -> subprocess.Popen[bytes]:
    """A process of which some streams are closed, or lead to a full disk."""

    def prepare() -> None:
        os.chdir(folder)
        for number in streams:
            if full:
                os.dup2(os.open("/dev/full", os.O_WRONLY), number)
            else:
                os.close(number)

    command = [sys.executable, "-m", "juesuan", *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            preexec_fn=prepare)


@pytest.mark.parametrize("how", [*STREAMS, *FULL])
def test_closed_streams_and_full_disks_are_no_fault_of_ours(how: str, tmp_path: Path) -> None:
    if how in FULL and not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    streams = STREAMS.get(how) or FULL[how]
    runs = []
    for arguments in (*RESULTS, *DEEDS):
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        runs.append((arguments, without(streams, how in FULL, folder, arguments)))
    for arguments, process in runs:
        out, err = process.communicate(timeout=120)
        assert process.returncode in (0, 1, 2), (arguments, err)
        assert b"Traceback" not in err + out
        assert b"Exception ignored" not in err
        if 1 in streams and arguments in RESULTS:  # nobody can have got the result
            assert process.returncode == 2
            assert 2 in streams or "无法输出" in err.decode()


def test_a_file_never_gets_what_is_meant_for_the_user(tmp_path: Path) -> None:
    """With the streams closed, the next file that is opened would have their numbers."""
    process = without((0, 1, 2), False, tmp_path, ("export", EXAMPLE, "-o", "out.txt"))
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (tmp_path / "out.txt").read_bytes() == finish(spawn("export", EXAMPLE)).data


HOSTILE = os.fsdecode(b"a\x1b]0;X\x07\n\x1b[31mfake: line\xe2\x80\xae\xb2\xe2.toml")


@pytest.mark.parametrize("arguments", [
    ("check", HOSTILE), ("check", "--format", "json", HOSTILE), ("check", "--format", "markdown", HOSTILE),
    ("export", HOSTILE, "-o", HOSTILE + ".txt"), ("export", HOSTILE, HOSTILE, "--out-dir", HOSTILE + "/"),
    ("export", "--to", HOSTILE, HOSTILE), ("export", "--width", HOSTILE, HOSTILE), ("explain", HOSTILE, HOSTILE),
    ("diff", HOSTILE, HOSTILE), ("merge", HOSTILE, "-o", "m.toml"), ("import", HOSTILE, HOSTILE), (HOSTILE,),
    ("merge", "2024.toml", "-o", HOSTILE + "m", "--department", "某局"), ("check", "--" + HOSTILE), ("edit", HOSTILE),
    ("new", "fujian/final-accounts", HOSTILE + "n", "--department", "某局", "--year", "2024"), ("--lang", HOSTILE),
    ("new", HOSTILE, "n.toml", "--department", HOSTILE, "--year", HOSTILE), ("formats", "check", HOSTILE),
    ("new", "new.toml", "--from", HOSTILE), ("check", "--as", HOSTILE, HOSTILE),
    ("check", "--catalogue", HOSTILE, HOSTILE),
    ("formats", "--formats-dir", HOSTILE), ("check", "no" + HOSTILE), ("check", "2024.toml", "extra", "--" + HOSTILE),
])  # fmt: skip
def test_a_name_that_holds_anything_acts_on_no_terminal(
    arguments: tuple[str, ...], tmp_path: Path, juesuan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escapes, line breaks, marks of direction, bytes that are no UTF-8: in our messages and in argparse's own."""
    monkeypatch.chdir(tmp_path)
    for name in (HOSTILE, "2024.toml"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    done = juesuan(*arguments)
    said = done.out + done.err
    assert done.code in (0, 1, 2), said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert not [line for line in said.splitlines() if line.lstrip("\ufffd [31m").startswith("fake")]


def test_what_a_source_can_t_name_is_not_merged(tmp_path: Path, juesuan: Run) -> None:
    (tmp_path / HOSTILE).write_bytes(EXAMPLE.read_bytes())
    done = juesuan("merge", tmp_path / HOSTILE, "-o", tmp_path / "m.toml")
    assert done.code == 1
    assert "请改名" in done.err
    assert not (tmp_path / "m.toml").exists()
