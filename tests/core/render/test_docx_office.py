"""LibreOffice opens the Word documents of the examples: every figure is there, and the table of
contents tells the pages on which the headings really stand."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import docx
import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Contents, Heading
from juesuan.core.opening import open_report
from juesuan.core.render.docx import render

from .reading_docx import read_docx

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))
FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
NUMBER = re.compile(r"—\s*(\d+)\s*—")


def packed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The pages of every example as LibreOffice prints them, as text."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("needs LibreOffice and pdftotext (Debian: libreoffice-writer, poppler-utils)")
    folder = tmp_path_factory.mktemp("office")
    files = []
    for example in EXAMPLES:
        files.append(folder / f"{example.stem}.docx")
        files[-1].write_bytes(render(compose(open_report(example))))
    subprocess.run([office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
                    "--outdir", folder, *files], capture_output=True, check=True, timeout=600)  # fmt: skip
    if not list(folder.glob("*.pdf")):
        pytest.skip("this LibreOffice has no Writer (Debian: libreoffice-writer)")
    pages = {}
    for file in files:
        made = subprocess.run([reader, "-layout", file.with_suffix(".pdf"), "-"], capture_output=True, check=True)
        pages[file.stem] = made.stdout.decode().split("\f")
    return pages


def has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_figure_is_printed(example: Path, printed: dict[str, list[str]]) -> None:
    wanted = Counter(FIGURE.findall("\n".join(read_docx(render(compose(open_report(example)))))))
    found = Counter(FIGURE.findall("\n".join(printed[example.stem])))
    # A long label may be broken within a number; a figure of money or a share never is.
    missing = {figure: count for figure, count in (wanted - found).items() if "." in figure or len(figure) > 4}
    assert not missing


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_contents_are_right_when_first_seen(example: Path, printed: dict[str, list[str]]) -> None:
    if not has_chinese_font():
        pytest.skip("without a Chinese font lines break elsewhere (Debian: fonts-noto-cjk)")
    numbered = [(int(found[-1]), packed(page)) for page in printed[example.stem] if (found := NUMBER.findall(page))]
    assert [number for number, _page in numbered] == list(range(1, len(numbered) + 1))
    document = compose(open_report(example))
    entries = re.findall(r"^(.+?)(\d+)$", "\n".join(told(render(document))), re.MULTILINE)
    listed = [block for block in document.blocks if isinstance(block, Heading) and block.listed]
    contents = any(isinstance(block, Contents) for block in document.blocks)
    assert len(entries) == len(listed) * contents
    at = 0
    for heading, number in entries:
        where = next(n for n in range(at, len(numbered)) if packed(heading) in numbered[n][1])
        assert numbered[where][0] == int(number), heading
        at = where


def told(data: bytes) -> list[str]:
    """The entries of the table of contents, each with its page."""
    made = docx.Document(io.BytesIO(data))
    return ["".join(node.text or "" for node in p._p.iter() if node.tag.endswith("}t"))
            for p in made.paragraphs if p.style.name.startswith("toc ")]  # fmt: skip
