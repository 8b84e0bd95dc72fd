"""The HTML report in a real browser: what it makes of the page, on a screen and on paper.

Nothing here needs the network.
"""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from juesuan.core.compose import compose
from juesuan.core.document import Draft
from juesuan.core.opening import open_report
from juesuan.core.render import export
from juesuan.core.render.html import render

from ...needed import fonts, program
from .documents import EVERYTHING, HOSTILE, document, paragraph

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"]

LOOK = """<script>
const all = query => [...document.querySelectorAll(query)];
const told = {};
told.asked = performance.getEntriesByType('resource').length;
told.sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
told.dead = all('a').filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).length;
told.unnamed = all('td[headers]').filter(td => td.getAttribute('headers').split(' ')
  .some(id => !(document.getElementById(id) || {}).closest?.('table'))).length;
told.ragged = all('table').filter(table => {
  const widths = [...table.rows].map(row => row.getBoundingClientRect());
  return widths.some(box => Math.abs(box.width - widths[0].width) > 1);
}).length;
told.overlapping = all('table').filter(table => {
  const boxes = [...table.querySelectorAll('th, td')].map(cell => cell.getBoundingClientRect());
  const shared = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return boxes.some((a, i) => boxes.slice(i + 1).some(b => shared(a, b)));
}).length;
told.cut = all('td, th').filter(cell => cell.scrollWidth > cell.clientWidth + 1).length;
told.outside = all('svg text').filter(text => {
  const inner = text.getBoundingClientRect(), outer = text.closest('svg').getBoundingClientRect();
  return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 2;
}).length;
told.tags = [...new Set(all('main *').map(element => element.tagName.toLowerCase()))].sort();
told.texts = all('main p').map(p => p.innerText);
document.body.dataset.told = JSON.stringify(told);
</script>"""


def browse(folder: Path, page: str, *flags: str) -> str:
    """What the browser prints when it is shown a page, with a wide font for Latin and one for Chinese."""
    chromium = program("chromium", *NAMES)
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    done = subprocess.run([chromium, *FLAGS, f"--user-data-dir={folder / 'browser'}", *flags, path.as_uri()],
                          check=True, capture_output=True, timeout=120, env=fonts(folder / "fonts", "DejaVu Serif"))
    return done.stdout.decode("utf-8")


def look(folder: Path, page: str, width: int = 1280) -> dict[str, object]:
    """What a script finds out about the page; the page itself forbids all scripts."""
    freed = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", LOOK + "</body>")
    dom = browse(folder, freed, "--dump-dom", f"--window-size={width},900")
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found is not None
    told: dict[str, object] = json.loads(unescape(found[1]))
    return told


def page_of(name: str) -> str:
    report = open_report(EXAMPLES / f"{name}.toml")
    return export("html", compose(report), report).decode("utf-8")


@pytest.mark.parametrize(("name", "width"), [
    *((path.stem, 1280) for path in sorted(EXAMPLES.glob("*.toml"))), ("linfen-2021", 500)])
def test_the_page_is_sound_and_fits_the_screen(name: str, width: int, tmp_path: Path) -> None:
    told = look(tmp_path, page_of(name), width)
    sound = ("asked", "sideways", "dead", "unnamed", "ragged", "overlapping", "cut", "outside")
    assert {key: told[key] for key in sound} == dict.fromkeys(sound, 0)


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    told = look(tmp_path, render(document(*(paragraph(f"甲{text}乙") for text in HOSTILE if "\n" not in text))))
    assert told["tags"] == ["p"]
    shown = [" ".join(text.split()) for text in told["texts"]]  # type: ignore[attr-defined]
    assert all(text.startswith("甲") and text.endswith("乙") for text in shown)
    assert "甲<script>alert(1)</script>乙" in shown


def test_the_page_forbids_scripts(tmp_path: Path) -> None:
    page = render(EVERYTHING).replace("</body>", "<script>document.body.dataset.ran = 1</script></body>")
    assert "data-ran" not in browse(tmp_path, page, "--dump-dom")


def test_on_paper_wide_tables_lie_across_and_heads_are_repeated(tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    browse(tmp_path, page_of("linfen-2021"), f"--print-to-pdf={paper}")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes())
    across = [float(width) > float(height) for width, height in boxes]
    assert not across[0]
    assert 5 <= sum(across) < len(across)
    reader = program("poppler-utils", "pdftotext")
    done = subprocess.run([reader, "-layout", paper, "-"], check=True, capture_output=True)
    pages = done.stdout.decode("utf-8").split("\f")
    within = [page for page in pages if re.search("3010[12]|399 ", page) and "公用经费" in page]
    assert len(within) >= 2, "the head stands above each part of 公开06表"


def test_a_draft_says_so_on_the_screen_and_on_every_printed_page(tmp_path: Path) -> None:
    page = render(compose(open_report(EXAMPLES / "linfen-2021.toml"))._replace(draft=Draft(62, 3)))
    told = look(tmp_path, page, 500)
    assert told["sideways"] == 0
    paper = tmp_path / "page.pdf"
    browse(tmp_path, page, f"--print-to-pdf={paper}")
    reader = program("poppler-utils", "pdftotext")
    done = subprocess.run([reader, "-layout", paper, "-"], check=True, capture_output=True)
    pages = done.stdout.decode("utf-8").removesuffix("\f").split("\f")
    assert len(pages) > 20
    assert all("草稿（待填62项，错误3处）" in "".join(page.split()) for page in pages)
