"""What clustering costs as the store grows: items a second, memory, and how long a refill takes.

    python benchmarks/clustering_scale.py [1000 10000 100000]

Items are made by rule: 40 to 160 words drawn by Zipf's law from 60,000, with two names, an age and
a day each, five items an incident.  Their vectors are drawn too, near that of their incident, so
that embedding, which costs the same for every item, is left out.  At each size 200 new items are
proposed and timed; memory is that of the process above its start.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from collections.abc import Iterator

import numpy as np

from summarizer.clustering import ClusterItem, OnlineClusterer, Vector

SIZES = (1_000, 10_000, 100_000)
VOCABULARY = 60_000
PER_INCIDENT = 5
TIMED = 200
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def items(count: int) -> Iterator[tuple[ClusterItem, Vector]]:
    """The first items of an endless, seeded stream, the items of one incident in a row."""
    seeded = np.random.default_rng(11)
    for n in range(count):
        if n % PER_INCIDENT == 0:
            centre = seeded.normal(size=384)
            story = _words(seeded, 60)
            first, last = seeded.integers(VOCABULARY, size=2)
        vector = centre + 0.5 * seeded.normal(size=384)
        fresh = _words(seeded, int(seeded.integers(20, 80)))
        words = [*seeded.permutation(story)[:40], *fresh]
        text = f"Mr Na{first:x} La{last:x}, {n % 70 + 18}, of Stannick. " + " ".join(words)
        yield (
            ClusterItem(
                key=f"a{n}",
                published_at=START + dt.timedelta(minutes=5 * n),
                title=" ".join(words[:8]),
                text=text,
                url=f"https://outlet-{n % 300}.example/{n}",
            ),
            (vector / np.linalg.norm(vector)).astype(np.float32),
        )


def _words(seeded: np.random.Generator, count: int) -> list[str]:
    numbers = np.minimum(seeded.zipf(1.2, size=count), VOCABULARY)
    return [f"w{number:x}" for number in numbers]


def memory_mib() -> float:
    """The most that the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(sizes: tuple[int, ...]) -> None:
    """Print one line a size."""
    base = memory_mib()
    clusterer = OnlineClusterer()
    print("| items stored | proposals a second | refilled so far, s | MiB |")
    print("|---|---|---|---|")
    refilled = 0.0
    stream = items(max(sizes) + TIMED)
    for size in sorted(sizes):
        while len(clusterer) < size:
            item, vector = next(stream)
            started = time.perf_counter()
            clusterer.add(item, vector, f"i{len(clusterer) // PER_INCIDENT}")
            refilled += time.perf_counter() - started
        waiting = [next(stream) for _ in range(TIMED)]
        started = time.perf_counter()
        for item, vector in waiting:
            clusterer.propose(item, vector)
        rate = TIMED / (time.perf_counter() - started)
        for item, vector in waiting:
            clusterer.add(item, vector, f"i{len(clusterer) // PER_INCIDENT}")
        held = memory_mib() - base
        print(f"| {size:,} | {rate:,.0f} | {refilled:.0f} | {held:,.0f} |", flush=True)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
