"""A short campaign of each target, the same every time; and every input that ever failed."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from . import campaign
from .apart import TARGETS
from .campaign import Outcome, Target, require


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize("name", TARGETS)
def test_some_inputs(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    counts = campaign.run(target, tmp_path, 1, target.count)
    assert counts.tried == target.count == counts.accepted + counts.refused + len(counts.failures)
    assert not counts.failures, "\n".join(failure.why for failure in counts.failures.values())
    assert counts.accepted
    assert counts.refused


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name, target in TARGETS.items()
                                            for seed, _data in campaign.kept(target)])
def test_what_failed_once(name: str, seed: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    outcome = campaign.attempt(target, dict(campaign.kept(target))[seed], tmp_path)
    assert isinstance(outcome, Outcome), outcome.why


def test_a_campaign_is_the_same_every_time() -> None:
    for target in TARGETS.values():
        first, second = (campaign.inputs(target, 3) for _turn in range(2))
        assert [next(first) for _turn in range(60)] == [next(second) for _turn in range(60)]


def test_failures_are_found_counted_and_made_shorter(tmp_path: Path) -> None:
    def tried(data: bytes, folder: Path) -> Outcome:
        (folder / "left").write_bytes(data)
        require(b"7" not in data, "a seven")
        return Outcome(b"5" in data, 2)

    def mutated(random: Random, data: bytes, other: bytes) -> bytes:
        return b"\n".join(b"%d" % random.randrange(30) for _turn in range(6))

    target = Target("numbers", ".txt", lambda: [b"1"], mutated, tried, 0)
    counts = campaign.run(target, tmp_path, 0, 100)
    (failure,) = counts.failures.values()
    assert counts.tried == 100 == counts.accepted + counts.refused + failure.times
    assert counts.findings == 2 * (counts.accepted + counts.refused)
    assert "a seven" in failure.why
    assert campaign.shortened(target, failure, tmp_path) in (b"7", b"17", b"27")
    assert not (tmp_path / "input").exists()
