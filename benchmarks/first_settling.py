"""Cost of the first catching up of the index in a process, and of an audit.

    python benchmarks/first_settling.py FOLDER [100000]

Fills a database and a Chroma index in the folder with the same items of one passage each, then
catches up and audits in a new process.  Vectors are random.  A filled folder is reused.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.clock import SystemClock
from summarizer.domain.items import DedupKeys, NewItem
from summarizer.ingestion.index_sync import Indexer
from summarizer.ingestion.passages import split
from summarizer.storage.store import Store

FILLED = 2_000
"""Items per transaction."""

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MEASURE = "--measure"


class Drawn:
    """Placeholder of the embedding model."""

    name = "drawn"

    def embed(self, texts: Sequence[str]) -> Any:
        """A random vector of length 1 for each text."""
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), 384))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / lengths).astype(np.float32)


def fill(folder: Path, size: int) -> None:
    """Store and index items."""
    store = Store.open(f"sqlite:///{folder / 'store.db'}", SystemClock())
    with ChromaIndex.persistent(folder / "index", Drawn()) as index:
        indexer = Indexer(store, index)
        for start in range(0, size, FILLED):
            with store.transaction():
                for n in range(start, min(size, start + FILLED)):
                    item = NewItem(text=f"Item {n} tells of a thing.", platform="news")
                    dedup_keys = DedupKeys(text=str(n))
                    store.add_item(item, dedup_keys=dedup_keys, ingested_at=START, split=split)
            indexer.catch_up()
    store.close()


def measure(folder: Path) -> None:
    """Print time and memory of each."""
    store = Store.open(f"sqlite:///{folder / 'store.db'}", SystemClock())
    with ChromaIndex.persistent(folder / "index", Drawn()) as index:
        indexer = Indexer(store, index)
        for name, work in (("start", indexer.catch_up), ("audit", indexer.audit)):
            before, wall, cpu = _most_mib(), time.perf_counter(), time.process_time()
            found = work()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(
                f"{name}: {cpu:.3f} s CPU, {wall:.3f} s, {_most_mib() - before:,.0f} MiB more than "
                f"{before:,.0f}, load {os.getloadavg()[0]:.1f}; {found}"
            )
    store.close()


def _most_mib() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(folder: Path, size: int) -> None:
    """Fill the folder if necessary, and measure it in a new process."""
    if not (folder / "store.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        fill(folder, size)
    subprocess.run([sys.executable, __file__, MEASURE, str(folder)], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument(MEASURE, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.folder)
    else:
        main(asked.folder, asked.size)
