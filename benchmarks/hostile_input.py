"""Random hostile input through the whole path: ingestion, passages, verification, draft, page.

    python benchmarks/hostile_input.py --inputs 100000 --jobs 2

An input is an item row, a feed entry, a row to verify or an HTTP request.  The run ends at the
first exception, 5xx answer, broken invariant, or step that takes longer than ``--limit`` seconds,
and prints the smallest input that shows it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    """Share the inputs among processes and print what was tried."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="at least so many inputs")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=30, help="seconds that one step may take")
    asked = parser.parse_args()
    started, total = time.perf_counter(), Counter[str]()
    work = partial(attack, asked.inputs // asked.jobs, limit_s=asked.limit)
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        for tried in pool.map(work, range(asked.seed, asked.seed + asked.jobs)):
            total += tried
    print("| input | tried |\n|---|---|")
    for kind, count in sorted(total.items()):
        print(f"| {kind} | {count} |")
    print(f"\n{sum(total.values())} inputs in {time.perf_counter() - started:.0f} s, no fault")


def attack(inputs: int, seed: int, *, limit_s: int) -> Counter[str]:
    """Try that many inputs; how many of each kind were tried."""
    from tests.support.hostile_run import Attack

    run = Attack(limit_s)
    while run.tried.total() < inputs:
        run.series(seed, max(1, min(500, (inputs - run.tried.total()) // 24)))
        seed += 1_000
        print(f"{run.tried.total()} of {inputs}", file=sys.stderr)
    return run.tried


if __name__ == "__main__":
    main()
