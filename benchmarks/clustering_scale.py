"""Cost of clustering by size of the store: CPU, items per second, memory, and start of a process.

    python benchmarks/clustering_scale.py [--keep FOLDER] [1000 10000 100000]

Database and Chroma index are real; embedding, whose cost does not depend on the size, is replaced
by random vectors near that of the incident.  Items are generated: 60 to 120 words by Zipf's law
from 60,000, with two names, an age and an address, five items per incident.  The store is filled
with the data that clustering leaves, without clustering.  At each size a new process opens it,
assigns one new item, for which it loads the stored data, then 200 one by one and 200 at once.
CPU time is that of all threads; memory is the peak above the start of the process.  With ``--keep``
the stores are kept in a folder and reused.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.clock import SystemClock
from summarizer.clustering import fingerprint
from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.features import ItemFeatures
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.places import StoredPlaces
from summarizer.clustering.service import IncidentAssigner
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, PassageId, SourceItem, number_of
from summarizer.ingestion.index_sync import heading_id
from summarizer.ingestion.passages import split
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

SIZES = (1_000, 10_000, 100_000)
VOCABULARY = 60_000
PER_INCIDENT = 5
TIMED = 200
FILLED = 1_000
"""Items per transaction while the store is filled."""

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MEASURE = "--measure"


class Drawn:
    """Placeholder of the embedding model, which is never called."""

    name = "drawn"

    def embed(self, texts: Sequence[str]) -> Any:
        """Never called."""
        raise NotImplementedError


class DrawnIndex:
    """An index with random vectors and a real index of headings."""

    def __init__(self, index: ChromaIndex) -> None:
        self.headings = index.headings
        self.drawn: dict[PassageId, NDArray[np.float32]] = {}

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Vectors of new items; each can be read once."""
        return {id_: self.drawn.pop(id_) for id_ in ids}


def item(n: int) -> tuple[NewItem, NDArray[np.float32]]:
    """The generated item with a number; five in a row are of one incident."""
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
    )
    return made, (vector / np.linalg.norm(vector)).astype(np.float32)


def _words(seeded: np.random.Generator, count: int) -> list[str]:
    numbers = np.minimum(seeded.zipf(1.2, size=count), VOCABULARY)
    return [f"w{number:x}" for number in numbers]


class Stored:
    """A store with its incident assigner."""

    def __init__(self, store: Store, index: ChromaIndex) -> None:
        self.store = store
        self.index = DrawnIndex(index)
        self.grouper = IncidentAssigner(store, cast(PassageIndex, self.index), SystemClock())

    def fill(self, numbers: range) -> None:
        """Store items as clustering would have left them."""
        with self.store.transaction():
            of: dict[int, list[ItemKey]] = {}
            made: dict[int, ItemFingerprint] = {}
            for n in numbers:
                new, vector = item(n)
                kept = self._add(n, new)
                of.setdefault(n // PER_INCIDENT, []).append(kept.key)
                made[number_of(kept.key)] = fingerprint.of(_read(n, new), vector)
            for keys in of.values():
                self.store.create_incident(START, items=keys)
            places = StoredPlaces(self.store)
            StoredMemory(self.store.fingerprints, self.index.headings, places).keep(made)
        vectors = np.stack([imprint.vector for imprint in made.values()])
        self.index.headings.add(list(made), vectors)

    def add(self, numbers: range) -> None:
        """Store items without an incident."""
        with self.store.transaction():
            for n in numbers:
                new, vector = item(n)
                self.index.drawn[heading_id(self._add(n, new).key)] = vector

    def _add(self, n: int, new: NewItem) -> SourceItem:
        return self.store.add_item(
            new, dedup_keys=DedupKeys(text=str(n)), ingested_at=START, split=split
        )


def _read(n: int, new: NewItem) -> ItemFeatures:
    """Features of a generated item, without extracting them from its text."""
    words = new.text.lower().split()
    names = Counter(words[1:3])
    fields = {
        "words": Counter(words),
        "known_words": Counter(words),
        "title": Counter(words[7:15]),
        "lead": Counter(words[:60]),
        "bigrams": Counter(f"{one} {other}" for one, other in pairwise(words)),
        "names": names,
        "lead_names": names,
        "full_names": Counter([" ".join(names)]),
        "numbers": Counter([words[3]]),
    }
    return ItemFeatures(
        fields=fields,
        ages=frozenset([words[3]]),
        streets=frozenset(),
        days=frozenset(),
        host=f"outlet-{n % 300}.example",
        day=None if new.published_at is None else new.published_at.timestamp() / 86_400,
        short=False,
        distinct=len(fields["words"]),
    )


@contextmanager
def opened(folder: Path) -> Iterator[Stored]:
    """The store in a folder."""
    store = Store.open(f"sqlite:///{folder / 'store.db'}", SystemClock())
    with ChromaIndex.persistent(folder / "index", Drawn()) as index:
        yield Stored(store, index)
    store.close()


class Took(NamedTuple):
    """Wall time, and CPU time of all threads, in seconds."""

    wall: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """Measure a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def measure(folder: Path, size: int) -> None:
    """Print the row of one size."""
    before = _most_mib()
    with opened(folder) as stored:
        stored.add(range(size, size + 1))
        start = took(stored.grouper.assign)
        singly: list[Took] = []
        for n in range(size + 1, size + 1 + TIMED):
            stored.add(range(n, n + 1))
            singly.append(took(stored.grouper.assign))
        stored.add(range(size + 1 + TIMED, size + 1 + 2 * TIMED))
        at_once = took(stored.grouper.assign)
    cells = (
        f"{size:,}",
        f"{1_000 * sum(one.cpu for one in singly) / TIMED:.0f}",
        f"{1_000 * at_once.cpu / TIMED:.0f}",
        f"{TIMED / sum(one.wall for one in singly):.0f}",
        f"{TIMED / at_once.wall:.0f}",
        f"{start.cpu:.1f}",
        f"{start.wall:.1f}",
        f"{_most_mib() - before:,.0f}",
        f"{os.getloadavg()[0]:.1f}",
    )
    print(f"| {' | '.join(cells)} |", flush=True)


def _most_mib() -> float:
    # ``resource`` reports at least the peak of the parent process.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(sizes: Sequence[int], folder: Path) -> None:
    """Fill a store to each size in turn, and measure a copy of it in a new process."""
    print(
        "| items stored | one by one, CPU ms | 200 at once, CPU ms | one by one, items/s "
        "| 200 at once, items/s | start, CPU s | start, s | MiB | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    filled: Path | None = None
    for size in sorted(sizes):
        kept, copy = folder / str(size), folder / "copy"
        if not kept.exists():
            _fill(kept, filled, size)
        filled = kept
        shutil.copytree(kept, copy)
        subprocess.run([sys.executable, __file__, MEASURE, str(copy), str(size)], check=True)
        shutil.rmtree(copy)


def _fill(folder: Path, smaller: Path | None, size: int) -> None:
    """Fill the store of one size, starting from a smaller one."""
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if smaller is None:
        unfinished.mkdir(parents=True)
    else:
        shutil.copytree(smaller, unfinished)
    start = 0 if smaller is None else int(smaller.name)
    with opened(unfinished) as stored:
        for n in range(start, size, FILLED):
            stored.fill(range(n, min(size, n + FILLED)))
    unfinished.rename(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument(MEASURE, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.sizes[0])
    elif asked.keep:
        main(asked.sizes, asked.keep)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(asked.sizes, Path(name))
