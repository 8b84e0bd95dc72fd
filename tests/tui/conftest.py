"""What the tests of the terminal program share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from juesuan.core import i18n

EXAMPLE = Path(__file__).parent.parent.parent / "examples/sanming-2024.toml"


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(i18n.VARIABLE, raising=False)
    monkeypatch.delenv("JUESUAN_FULL_FRAMES", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    i18n.use_language("zh_CN")
    yield
    i18n.use_language(None)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example to change."""
    return Path(shutil.copy(EXAMPLE, tmp_path / "sanming-2024.toml"))
