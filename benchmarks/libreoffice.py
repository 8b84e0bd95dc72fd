"""A warm LibreOffice Calc, driven over UNO: how long one edit takes there.

`recalculate` runs this very file with a Python that has UNO (often not the one of the
project), which starts soffice, fills in the sheets that it reads as JSON on standard input,
times the edits inside of the running program, and answers with JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any


def find() -> tuple[str, str] | None:
    """soffice and a Python that can import uno, or None."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return None
    beside = os.path.join(os.path.dirname(os.path.realpath(office)), "python")
    for python in (sys.executable, beside, "/usr/bin/python3", shutil.which("python3") or ""):
        if python and os.path.exists(python):
            tried = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
            if tried.returncode == 0:
                return office, python
    return None


def recalculate(
    sheets: dict[str, list[list[str]]], edits: list[Any], reads: list[Any], rounds: int
) -> dict[str, Any] | None:
    """Edits ((sheet, row, column), two values to set in turn) and cells to read after each, in turn.

    Seconds of every edit with its reads, of a full recalculation, and of a bare call; None where
    there is no LibreOffice with UNO.
    """
    found = find()
    if found is None:
        return None
    office, python = found
    data = json.dumps({"office": office, "sheets": sheets, "edits": edits, "reads": reads, "rounds": rounds})
    done = subprocess.run(
        [python, os.path.abspath(__file__)], input=data.encode(), capture_output=True, check=False, timeout=600
    )
    if done.returncode:
        print(done.stderr.decode(errors="replace")[-500:], file=sys.stderr)
        return None
    answer: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return answer


def _serve() -> None:
    """In the Python that has UNO."""
    data = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"juesuan{os.getpid()}"
        process = subprocess.Popen(
            [data["office"], f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--nologo",
             f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            print(json.dumps(_measure(_connect(pipe), data)))
        finally:
            process.terminate()
            process.wait(30)


def _connect(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.1)
    raise RuntimeError("soffice does not answer")


def _measure(desktop: Any, data: dict[str, Any]) -> dict[str, Any]:
    import uno

    hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,))
    try:
        names = list(data["sheets"])
        for number, name in enumerate(names):
            document.Sheets.insertNewByName(name, number)
        for name, rows in data["sheets"].items():
            area = document.Sheets.getByName(name).getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1)
            area.setFormulaArray(tuple(tuple(row) for row in rows))
        document.calculateAll()

        def at(place: Any) -> Any:
            return document.Sheets.getByName(place[0]).getCellByPosition(place[2], place[1])

        read = [at(place) for place in data["reads"]]
        start = [cell.getValue() for cell in read]
        edits, bare, full = [], [], []
        for turn in range(data["rounds"]):
            for place, values in data["edits"]:
                cell = at(place)
                before = time.perf_counter()
                cell.setValue(values[turn % 2])
                for dependent in read:
                    dependent.getValue()
                edits.append(time.perf_counter() - before)
        for _ in range(20):
            before = time.perf_counter()
            read[0].getValue()
            bare.append(time.perf_counter() - before)
            before = time.perf_counter()
            document.calculateAll()
            full.append(time.perf_counter() - before)
        return {"edits": edits, "bare": bare, "full": full, "start": start, "end": [cell.getValue() for cell in read]}
    finally:
        document.close(True)


if __name__ == "__main__":
    _serve()
