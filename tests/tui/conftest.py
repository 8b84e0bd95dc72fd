"""What the tests of the terminal program share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from juesuan.core import i18n
from juesuan.core.views.commands import use_keys

EXAMPLE = Path(__file__).parent.parent.parent / "examples/sanming-2024.toml"


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.delenv(i18n.VARIABLE, raising=False)
    monkeypatch.delenv("JUESUAN_FULL_FRAMES", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name in ("JUESUAN_CONFIG", "JUESUAN_AMBIGUOUS", "JUESUAN_THEME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    i18n.use_language("zh_CN")
    yield
    i18n.use_language(None)
    use_keys({})


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example to change."""
    return Path(shutil.copy(EXAMPLE, tmp_path / "sanming-2024.toml"))
