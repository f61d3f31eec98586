"""Compares clusters of labelled items, one by one and in batches with simulated restarts.

    python benchmarks/clustering_restarts.py FILE…

Each FILE is one of ``summarizer eval clustering``.  Its items are stored in a database and a Chroma
index in order of publication, once one by one and once in batches of 700, each followed by a
simulated restart.  Headings are indexed in lots of 100 and few fingerprints are cached, so that
small files exercise both.  "Nearest found" is the index's recall of the 40 and of the 5 nearest
headings at the end of a file.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from evals.datasets import group_of
from evals.suites.clustering.metrics import b_cubed
from evals.suites.clustering.suite import ClusteringRow, read
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.clock import SystemClock
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.clustering import candidates
from summarizer.clustering.fingerprint import Vector
from summarizer.clustering.online import ClusterItem, in_time_order
from summarizer.clustering.service import IncidentAssigner
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, PassageId
from summarizer.ingestion.index_sync import heading, heading_id
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

BATCH = 700
LOT, HELD = 100, 300
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class KnownIndex:
    """An index with precomputed vectors and a real index of headings."""

    def __init__(self, index: ChromaIndex) -> None:
        self.headings = index.headings
        self.known: dict[PassageId, Vector] = {}

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, Vector]:
        """Precomputed vectors by passage id."""
        return {id_: self.known[id_] for id_ in ids}


class Replay:
    """A store and an index with the items added so far."""

    def __init__(self, store: Store, index: ChromaIndex) -> None:
        self.store = store
        self.index = KnownIndex(index)
        self.keys: list[ItemKey] = []
        self._now = UNDATED

    def grouper(self) -> IncidentAssigner:
        """A new assigner without cached state, as after a restart."""
        return IncidentAssigner(self.store, cast(PassageIndex, self.index), SystemClock())

    def add(self, item: ClusterItem, vector: Vector) -> None:
        """Store an item; an undated one gets the time of its predecessor."""
        self._now = item.published_at or self._now
        kept = self.store.add_item(
            NewItem(
                text=item.text,
                title=item.title or None,
                published_at=item.published_at,
                url=item.url,
                platform="news",
            ),
            dedup_keys=DedupKeys(text=str(len(self.keys))),
            ingested_at=self._now,
            split=lambda key, text: (),
        )
        self.keys.append(kept.key)
        self.index.known[heading_id(kept.key)] = vector

    def incidents(self) -> list[str]:
        """Incident of each item, in order of arrival."""
        found = self.store.incidents_of(self.keys)
        return [found[key] for key in self.keys]


@contextmanager
def opened(embedder: MiniLmEmbedder) -> Iterator[Replay]:
    """A store and an index in memory."""
    store = Store.open("sqlite://", SystemClock())
    with ChromaIndex.ephemeral(embedder) as index:
        yield Replay(store, index)
    store.close()


def main(files: Sequence[Path]) -> None:
    """Print one line per file."""
    candidates.LOT, candidates.HELD = LOT, HELD
    embedder = MiniLmEmbedder()
    print(
        "| set | items | F1 in batches | F1 singly | the same incidents | nearest found, 40 | 5 |"
    )
    print("|---|---|---|---|---|---|---|", flush=True)
    for path in files:
        rows = read(path)
        ordered = [rows[n] for n in in_time_order([row.item for row in rows])]
        vectors = embedder.embed([heading(row.item.title, row.item.text) for row in ordered])
        with opened(embedder) as replay:
            batches = _grouped(replay, ordered, vectors, BATCH)
        with opened(embedder) as replay:
            singly = _grouped(replay, ordered, vectors, 1)
            found = [_found(replay, vectors, limit) for limit in (40, 5)]
        gold = [str(row.gold) for row in ordered]
        scores = [f"{b_cubed(gold, incidents).f1:.4f}" for incidents in (batches, singly)]
        same = _as_groups(batches) == _as_groups(singly)
        told = [group_of(path), str(len(rows)), *scores, str(same), *(f"{f:.2%}" for f in found)]
        print(f"| {' | '.join(told)} |", flush=True)


def _grouped(
    replay: Replay, rows: Sequence[ClusteringRow], vectors: NDArray[np.float32], batch: int
) -> list[str]:
    grouper = replay.grouper()
    for start in range(0, len(rows), batch):
        with replay.store.transaction():
            for n in range(start, min(len(rows), start + batch)):
                replay.add(rows[n].item, vectors[n])
        grouper.assign()
        if batch > 1:
            grouper = replay.grouper()
    return replay.incidents()


def _found(replay: Replay, vectors: NDArray[np.float32], limit: int) -> float:
    """Recall of the nearest indexed headings."""
    indexed = vectors[: len(replay.index.headings.numbers())]
    shares: list[float] = []
    for vector in vectors[::10]:
        cosines = indexed @ vector
        wanted = min(limit, len(cosines))
        least = np.partition(cosines, -wanted)[-wanted] - 1e-5
        near = [cosine for _, cosine in replay.index.headings.nearest(vector, limit + 10)]
        shares.append(min(1.0, sum(cosine >= least for cosine in near) / wanted))
    return float(np.mean(shares))


def _as_groups(incidents: Sequence[str]) -> list[int]:
    return [incidents.index(incident) for incident in incidents]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    main(parser.parse_args().files)
