"""juesuan in one file, for a computer with Python and nothing else: no network, no rights, no pip.

    python3 juesuan.pyz COMMAND …       runs juesuan; the first time, it is unpacked for this user
    python3 juesuan.pyz --unpack DIR    unpacks it into DIR, for good or for several users: DIR/juesuan

Unpacked for a user it lies in ~/.cache/juesuan (or $XDG_CACHE_HOME), a folder for every build.
This file is read by old versions of Python as well, so that they can say what is missing.
"""

import sys

LEAST = (3, 11)
BEGUN = "^begun-|^(.*-[0-9a-f]{12}-[a-z]+-[0-9]{2,4}[a-z0-9_]{8})$"
RUNNING = "^(juesuan-[a-z0-9_]{8})$|^juesuan-run-"
HELD = []
COMMAND = """#!{}
import os
import sys

folder = os.path.dirname(os.path.realpath(__file__))
sys.path[0] = folder
from start import run

run(os.path.join(folder, "lib"))
"""


def main():
    if sys.version_info < LEAST:
        return refuse("需要 Python {}.{} 或更新的版本，这是 {}.{}（juesuan needs Python {}.{} or newer）".format(
            *(LEAST + sys.version_info[:2] + LEAST)))
    import os

    archive = os.path.abspath(sys.argv[0])
    try:
        if sys.argv[1:2] == ["--unpack"]:
            return unpack_for_good(archive, sys.argv[2:])
        library = unpacked(archive)
    except OSError as error:
        return refuse("没有地方解开程序：{}。可以指定一个：python3 {} --unpack 文件夹"
                      "（there is no place to unpack to: name one）".format(error, os.path.basename(archive)))
    run(library)


def refuse(message):
    tell("juesuan: " + message + "\n")
    return 2


def tell(message):
    try:
        sys.stderr.write(message)
    except (AttributeError, OSError):  # it is closed, or goes to a full disk
        return


def run(library):
    """juesuan itself. What else is installed on this computer stands behind what came with it."""
    sys.path[:1] = [library] + native_parts(library)
    from juesuan.cli import main as juesuan

    sys.argv[0] = "juesuan"
    sys.exit(juesuan())


def native_parts(library):
    """The folders of the compiled parts for this Python on this computer."""
    import os

    native = os.path.join(os.path.dirname(library), "native")
    return [folder for folder in (os.path.join(native, name) for name in native_names()) if os.path.isdir(folder)]


def native_names():
    import sysconfig

    return [tag + "-" + sysconfig.get_platform() for tag in (sys.implementation.cache_tag, "abi3")]


def tell_what_is_missing(whole, library):
    """Some parts are compiled for a Python and a computer; without them, the rest runs all the same."""
    import platform

    if any(name.startswith("native/") for name in whole.namelist()) and not native_parts(library):
        tell("juesuan: 这个文件里没有 Python {} 在 {} 上用的编译部分，不能导出 Word、导入 Excel，其他都能用"
                         "（no compiled parts for this Python: no Word, no import of Excel）\n".format(
                             platform.python_version(), platform.machine()))


def unpacked(archive):
    """The folder of the library, unpacked if it is not there yet."""
    import os
    import shutil
    import tempfile
    from zipfile import ZipFile

    with ZipFile(archive) as whole:
        build = whole.read("BUILD").decode("ascii").strip() + "-" + sys.implementation.cache_tag
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        place = os.path.join(cache, "juesuan")
        folder = os.path.join(place, build)
        if is_ours(place) and is_ours(folder):
            return os.path.join(folder, "lib")
        try:
            os.makedirs(place, mode=0o700, exist_ok=True)
            if os.path.lexists(folder) or not is_ours(place):
                tell("juesuan: {} 别的用户能改动，不从那里运行（others may change it: not run from there）\n"
                                 .format(place))
                raise OSError
            clear(place, BEGUN)
            begun = tempfile.mkdtemp(prefix="begun-", dir=place)
            held = hold(begun)
        except OSError:  # no home that can be written to: unpacked for this run alone
            return for_this_run(whole)
        try:
            tell("juesuan: 第一次运行，正在解开程序……（unpacking, the first time only）\n")
            extract(whole, begun)
            os.rename(begun, folder)
            tell_what_is_missing(whole, os.path.join(folder, "lib"))
        except OSError:
            shutil.rmtree(begun, ignore_errors=True)
            if not is_ours(folder):  # else another run was faster
                raise
        finally:
            release(held)
    return os.path.join(folder, "lib")


def for_this_run(whole):
    """The library in a folder that goes with this process."""
    import atexit
    import os
    import shutil
    import tempfile

    clear(tempfile.gettempdir(), RUNNING)
    folder = tempfile.mkdtemp(prefix="juesuan-run-")
    HELD.append(hold(folder))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    extract(whole, folder)
    return os.path.join(folder, "lib")


def is_ours(folder):
    """Is it a folder of this user's that nobody else can write to? What lies in another one is not run."""
    import os
    import stat

    try:
        status = os.lstat(folder)
    except OSError:
        return False
    mine = not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
    return stat.S_ISDIR(status.st_mode) and mine


def hold(folder):
    """A lock on a folder that says, for as long as it is open, that a process lives which needs it."""
    import os

    try:
        import fcntl

        fd = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return -1
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return -1
    return fd


def release(held):
    import os

    if held >= 0:
        os.close(held)


def clear(place, pattern):
    """Take away the folders in which processes of this user died: those that nobody holds."""
    import os
    import re
    import shutil
    import time

    for name in os.listdir(place):
        folder = os.path.join(place, name)
        found = re.match(pattern, name)
        if not found or not is_ours(folder):
            continue
        # Earlier versions held no lock: theirs are left alone while they can still be at work.
        if found.group(1) and time.time() - os.lstat(folder).st_mtime < 24 * 3600:
            continue
        held = hold(folder)
        if held >= 0:
            shutil.rmtree(folder, ignore_errors=True)
            release(held)


def extract(whole, folder):
    """What this Python needs; compiled parts for others stay where they are."""
    wanted = tuple(["lib/"] + ["native/" + name + "/" for name in native_names()])
    whole.extractall(folder, [name for name in whole.namelist() if name.startswith(wanted)])


def unpack_for_good(archive, arguments):
    """Into a folder of the user's choice, with a command to start it by."""
    import os
    from zipfile import ZipFile

    if len(arguments) != 1:
        return refuse("用法：python3 {} --unpack 文件夹（usage: --unpack DIR）".format(os.path.basename(archive)))
    folder = os.path.abspath(arguments[0])
    if os.path.isdir(folder) and os.listdir(folder):
        return refuse("{} 里已有文件，请另取一个文件夹（the folder is not empty）".format(folder))
    os.makedirs(folder, exist_ok=True)
    with ZipFile(archive) as whole:
        extract(whole, folder)
        with open(os.path.join(folder, "start.py"), "wb") as file:
            file.write(whole.read("__main__.py"))
        tell_what_is_missing(whole, os.path.join(folder, "lib"))
    command = os.path.join(folder, "juesuan")
    with open(command, "w", encoding="utf-8") as file:
        file.write(COMMAND.format(sys.executable))
    os.chmod(command, 0o755)
    print(command)
    print("把这个文件夹加进 PATH，或者写全路径运行（add the folder to PATH, or run it by its path）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
