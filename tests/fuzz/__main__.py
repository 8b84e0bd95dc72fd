"""python -m tests.fuzz [--seconds N | --count N] [--seed S] [--replay FILE] [target …]

Each target runs in a process of its own: an input that ends that is found, too. A failing input is made shorter and
written to build/fuzz; once the fault is mended, it belongs into tests/fuzz/seeds/<target>. Exit code 1: failures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from pathlib import Path

from . import campaign
from .apart import LIMIT, TARGETS, at_home, campaign_apart

BUILD = Path("build/fuzz")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=240, help="of time in all (default 240)")
    parser.add_argument("--count", type=int, default=0, help="inputs a target, instead of a time")
    parser.add_argument("--seed", type=int, default=0, help="of the random choices (default 0)")
    parser.add_argument("--replay", type=Path, help="try this one input of the target that is named")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    chosen = [TARGETS[name] for name in options.targets or TARGETS]
    if options.replay:
        return _replay(chosen[0], options.replay)
    print(f"{'target':10} {'tried':>7} {'accepted':>9} {'refused':>8} {'findings':>9} {'slowest':>8} {'failures':>9}",
          flush=True)
    failed = False
    for target in chosen:
        seconds = 0 if options.count else options.seconds / len(chosen)
        failed |= _campaign(target, options.seed, options.count, seconds)
    return int(failed)


def _campaign(target: campaign.Target, seed: int, count: int, seconds: float) -> bool:
    """Run a target in a process, print what was counted and what failed; whether anything did."""
    out = BUILD / target.name
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("failure-*"), *out.glob("died-*")):
        old.unlink()
    ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=campaign_apart, args=(target.name, str(out), seed, count, seconds, theirs))
    process.start()
    theirs.close()
    try:
        counts = ours.recv()
    except EOFError:
        counts = None
    process.join()
    running = out / f"running{target.ending}"
    if counts is None:
        last = out / f"died-{abs(process.exitcode or 0)}{target.ending}"
        if running.exists():
            running.replace(last)
        print(f"{target.name:10} the process ended with {process.exitcode} over {last}", flush=True)
        return True
    running.unlink(missing_ok=True)
    print(f"{target.name:10} {counts.tried:7} {counts.accepted:9} {counts.refused:8} {counts.findings:9} "
          f"{counts.slowest:7.2f}s {len(counts.failures):9}", flush=True)
    for number, failure in enumerate(counts.failures.values(), 1):
        file = out / f"failure-{number}{target.ending}"
        file.write_bytes(failure.data)
        print(f"  {failure.key} ({failure.times} times): {file}")
        print("    " + failure.why.strip().replace("\n", "\n    "), flush=True)
    return bool(counts.failures)


def _replay(target: campaign.Target, file: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="juesuan-fuzz-") as folder:
        at_home(folder)
        outcome = campaign.attempt(target, file.read_bytes(), Path(folder), LIMIT)
    print(outcome.why if isinstance(outcome, campaign.Failure) else outcome)
    return int(isinstance(outcome, campaign.Failure))


if __name__ == "__main__":
    sys.exit(main())
