"""Vectors of items' headings in a Chroma collection of their own.

A filtered search for headings in the collection of passages would take twenty times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # importing chromadb takes seconds
    from chromadb.api import ClientAPI

HNSW: Any = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
"""Parameters of the index (``Any``, since Chroma's type accepts no plain dictionary).

The search is wider than Chroma's default: neighbours that it misses may differ after a rebuild, and
so would clustering.  ``benchmarks/clustering_restarts.py`` measures the missed share.
"""


class ChromaHeadings:
    """``HeadingIndex`` in one Chroma collection.

    Args:
        client: client of the passage index.
        name: of the collection.
        embedder: name of the embedding model.
        translated: context manager that translates Chroma's errors to ``StorageError``.
    """

    def __init__(
        self,
        client: ClientAPI,
        name: str,
        embedder: str,
        translated: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._client = client
        self._name = name
        self._embedder = embedder
        self._translated = translated
        self._collection = self._open()

    @property
    def embedder(self) -> str:
        """Name of the embedding model."""
        return self._embedder

    def add(self, numbers: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store vectors of length 1, replacing those of known items."""
        with self._translated():
            self._collection.upsert(ids=[str(n) for n in numbers], embeddings=vectors)

    def clear(self) -> None:
        """Delete all vectors."""
        with self._translated():
            self._client.delete_collection(self._name)
        self._collection = self._open()

    def numbers(self) -> frozenset[int]:
        """Numbers of all indexed items."""
        with self._translated():
            return frozenset(map(int, self._collection.get(include=[])["ids"]))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Nearest items with their cosines, most similar first; the search is approximate."""
        with self._translated():
            answer = self._collection.query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
        cosines = 1 - np.asarray(answer["distances"][0], dtype=np.float64)
        return list(zip(map(int, answer["ids"][0]), cosines.tolist(), strict=True))

    def _open(self) -> Any:
        # Any: Chroma's types require an embedding function, which is not used here.
        with self._translated():
            return self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration={"hnsw": HNSW}
            )
