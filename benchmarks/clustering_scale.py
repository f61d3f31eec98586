"""What grouping costs as the store grows: items a second, memory, and the first item of a process.

    python benchmarks/clustering_scale.py [1000 10000 100000]

Everything is real, a database and a Chroma index in a folder, but for the embedding, which costs
the same for every item: vectors are drawn, each near that of its incident.  Items are made by rule:
60 to 120 words drawn by Zipf's law from 60,000, with two names, an age and an address each, five
items an incident.  The store is filled with items whose sender names the incident.  At each size a
new process opens it, puts one new item into an incident, for which it takes up all that is stored,
then 200 more one by one and 200 at once, without their senders' word.  Memory is the most that this
process held above what it held before it opened anything.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.chroma_index import ChromaIndex
from summarizer.adapters.clock import SystemClock
from summarizer.adapters.sql_store import SqlStore
from summarizer.domain import NewItem, PassageId
from summarizer.grouping import Grouper
from summarizer.indexing import heading_id
from summarizer.passages import split
from summarizer.ports import Marks, PassageIndex

SIZES = (1_000, 10_000, 100_000)
VOCABULARY = 60_000
PER_INCIDENT = 5
TIMED = 200
FILLED = 1_000
"""Items that are stored between two rounds of grouping while the store is filled."""

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MEASURE = "--measure"


class Drawn:
    """Stands for the embedding model, which is never asked."""

    name = "drawn"

    def embed(self, texts: Sequence[str]) -> Any:
        """Never called."""
        raise NotImplementedError


class DrawnIndex:
    """The vectors that were drawn, and a real index of headings."""

    def __init__(self, index: ChromaIndex) -> None:
        self.headings = index.headings
        self.drawn: dict[PassageId, NDArray[np.float32]] = {}

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Those of new items, which were not asked for before."""
        return {id_: self.drawn.pop(id_) for id_ in ids}


def item(n: int, labelled: bool) -> tuple[NewItem, NDArray[np.float32]]:
    """An item of an endless stream, five items of one incident in a row."""
    incident = n // PER_INCIDENT
    seeded = np.random.default_rng((11, incident))
    centre, story = seeded.normal(size=384), _words(seeded, 60)
    first, last = seeded.integers(VOCABULARY, size=2)
    seeded = np.random.default_rng((12, n))
    vector = centre + 0.5 * seeded.normal(size=384)
    words = [*seeded.permutation(story)[:40], *_words(seeded, int(seeded.integers(20, 80)))]
    text = f"Mr Na{first:x} La{last:x}, {n % 70 + 18}, of Stannick. " + " ".join(words)
    made = NewItem(
        published_at=START + dt.timedelta(minutes=5 * n),
        title=" ".join(words[:8]),
        text=text,
        url=f"https://outlet-{n % 300}.example/{n}",
        platform="news",
        incident=f"incident {incident}" if labelled else None,
    )
    return made, (vector / np.linalg.norm(vector)).astype(np.float32)


def _words(seeded: np.random.Generator, count: int) -> list[str]:
    numbers = np.minimum(seeded.zipf(1.2, size=count), VOCABULARY)
    return [f"w{number:x}" for number in numbers]


class Stored:
    """A store with its grouper."""

    def __init__(self, store: SqlStore, index: ChromaIndex) -> None:
        self.store = store
        self.index = DrawnIndex(index)
        self.grouper = Grouper(store, cast(PassageIndex, self.index), SystemClock())

    def add(self, numbers: range, labelled: bool) -> None:
        """Store some items."""
        with self.store.transaction():
            for n in numbers:
                new, vector = item(n, labelled)
                kept = self.store.add_item(
                    new, marks=Marks(text=str(n)), ingested_at=START, origin=None, split=split
                )
                self.index.drawn[heading_id(kept.key)] = vector

    def seconds(self) -> float:
        """That it takes to group what waits."""
        started = time.perf_counter()
        self.grouper.assign()
        return time.perf_counter() - started


@contextmanager
def opened(folder: Path) -> Iterator[Stored]:
    """The store in a folder."""
    store = SqlStore.open(f"sqlite:///{folder / 'store.db'}")
    with ChromaIndex.persistent(folder / "index", Drawn()) as index:
        yield Stored(store, index)
    store.close()


def measure(folder: Path, size: int) -> None:
    """Print the row of one size."""
    before = _most_mib()
    with opened(folder) as stored:
        stored.add(range(size, size + 1), labelled=False)
        taken_up = stored.seconds()
        singly = 0.0
        for n in range(size + 1, size + 1 + TIMED):
            stored.add(range(n, n + 1), labelled=False)
            singly += stored.seconds()
        stored.add(range(size + 1 + TIMED, size + 1 + 2 * TIMED), labelled=False)
        at_once = stored.seconds()
    held = _most_mib() - before
    load = os.getloadavg()[0]
    print(
        f"| {size:,} | {TIMED / singly:.0f} | {TIMED / at_once:.0f} | {taken_up:.1f} | {held:,.0f} "
        f"| {load:.1f} |",
        flush=True,
    )


def _most_mib() -> float:
    # Not that of ``resource``, which begins with what the parent held.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(sizes: Sequence[int]) -> None:
    """Fill a store to each size in turn, and have a new process measure it."""
    print("| items stored | singly, items/s | at once, items/s | first item, s | MiB | load |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder, filled = Path(name), 0
        for size in sorted(sizes):
            with opened(folder) as stored:
                for start in range(filled, size, FILLED):
                    stored.add(range(start, min(size, start + FILLED)), labelled=True)
                    stored.grouper.assign()
            subprocess.run([sys.executable, __file__, MEASURE, name, str(size)], check=True)
            filled = size + 1 + 2 * TIMED


if __name__ == "__main__":
    if MEASURE in sys.argv:
        measure(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or SIZES)
