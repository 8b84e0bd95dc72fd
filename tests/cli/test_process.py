"""Real processes: exit codes, locales, a reader that goes away, a full disk, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import EXAMPLE, finish, spawn
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
