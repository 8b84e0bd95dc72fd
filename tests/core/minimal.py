"""The minimal format of docs/add-a-province.md, to change in one place and look what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from juesuan.core.format_check import check_format, fault_lines
from juesuan.core.formats import Format, load_format
from juesuan.core.reading import parse_source
from juesuan.core.report import Report

DOCS = Path(__file__).parents[2] / "docs" / "add-a-province.md"

FILES = dict(re.findall(r"^`(\w+\.toml)`\n\n```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL | re.MULTILINE))

LAST = "\n]\n"
"""The end of the blocks of the last section, before which more of them stand."""


def with_block(block: str) -> str:
    """sections.toml with one block more."""
    text = FILES["sections.toml"]
    at = text.rindex(LAST)
    return f"{text[:at]}\n  {block},{text[at:]}"


def sentence(text: str) -> str:
    """A block with one sentence."""
    assert "'''" not in text
    return f"{{ text = '''{text}''' }}"


def write(folder: Path, **files: str) -> Path:
    """The format in a folder; `files` replaces some by their names without ending."""
    own = folder / "shili" / "final-accounts"
    own.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (own / name).write_text(files.get(name.partition(".")[0], text), "utf-8")
    return own


def told(folder: Path, *, trial: bool = False, **files: str) -> list[str]:
    """What `formats check` says of it, without the folder's name."""
    own = write(folder, **files)
    return [line.replace(f"{own}/", "") for line in fault_lines(check_format(str(own), trial=trial))]


def load(folder: Path, **files: str) -> Format:
    write(folder, **files)
    return load_format("shili/final-accounts", str(folder))


ROWS = """[expenditure]
2010301 = { basic = 100000, project = 0 }
2010302 = { basic = 50000.5, project = 200000 }
"""


def report(format: Format, rows: str = ROWS, more: str = "") -> Report:
    """A report in the format, figures in 元."""
    import juesuan.core.formats as formats

    known = formats.load_format
    formats.load_format = lambda id, folder="": format if id == format.id else known(id, folder)  # type: ignore
    try:
        return Report(parse_source(f"""schema = 1
[report]
format = "shili/final-accounts"
year = 2024
department = "某局"
unit = "元"
{rows}
{more}
"""))
    finally:
        formats.load_format = known


def last_sentence(own: Report) -> str:
    """What the last block of the last section says."""
    from juesuan.core.narrative import NOWHERE

    block = own.format.sections[-1].blocks[-1]
    return "".join(run.text for run in own.graph.get((":text", block.id, NOWHERE)) or ())


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)
