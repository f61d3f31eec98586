"""Vectors of items' headings in a Chroma collection of their own.

A filtered search for headings in the collection of passages would take twenty times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.chroma.collection import Collection

HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
"""Parameters of the index.

The search is wider than Chroma's default: neighbours that it misses may differ after a rebuild, and
so would clustering.  ``benchmarks/clustering_restarts.py`` measures the missed share.
"""


class ChromaHeadings:
    """``HeadingIndex`` in one Chroma collection; ``embedder`` names the model of its vectors."""

    def __init__(self, collection: Collection, embedder: str) -> None:
        self._collection = collection
        self._embedder = embedder

    @property
    def embedder(self) -> str:
        """Name of the embedding model."""
        return self._embedder

    @property
    def identity(self) -> str:
        """Id of the collection, another one after it was cleared or lost."""
        return self._collection.identity

    def add(self, numbers: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store vectors of length 1, replacing those of known items."""
        self._collection.put([str(n) for n in numbers], vectors)

    def remove(self, numbers: Sequence[int]) -> None:
        """Delete vectors of items; unknown ones are ignored."""
        self._collection.remove([str(n) for n in numbers])

    def clear(self) -> None:
        """Delete all vectors."""
        self._collection.clear()

    def among(self, numbers: Sequence[int]) -> frozenset[int]:
        """Those of the items that are in the index."""
        return frozenset(map(int, self._collection.among([str(n) for n in numbers])))

    def count(self) -> int:
        """Number of indexed items."""
        return self._collection.count()

    def numbers(self) -> Iterator[int]:
        """Numbers of all indexed items, read a portion at a time."""
        return map(int, self._collection.ids())

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Nearest items with their cosines, most similar first; the search is approximate."""
        ids, cosines = self._collection.nearest(vector, limit)
        return list(zip(map(int, ids), cosines.tolist(), strict=True))
