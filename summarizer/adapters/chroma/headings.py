"""Vectors of items' headings in a collection of Chroma, apart from those of passages.

A search among passages that keeps only headings takes twenty times as long.
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
"""Any: Chroma's type for it takes no plain dictionary.

Searched more widely than Chroma does by itself, as a rebuilt index could decide otherwise where one
missed something.  ``benchmarks/clustering_restarts.py`` says how much is missed.
"""


class ChromaHeadings:
    """``HeadingIndex`` in one collection.

    Args:
        client: of the index that it belongs to.
        name: of the collection.
        embedder: name of the model that makes the vectors.
        translated: makes ``StorageError`` of Chroma's errors.
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
        """See ``HeadingIndex.embedder``."""
        return self._embedder

    def add(self, numbers: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """See ``HeadingIndex.add``."""
        with self._translated():
            self._collection.upsert(ids=[str(n) for n in numbers], embeddings=vectors)

    def clear(self) -> None:
        """See ``HeadingIndex.clear``."""
        with self._translated():
            self._client.delete_collection(self._name)
        self._collection = self._open()

    def numbers(self) -> frozenset[int]:
        """See ``HeadingIndex.numbers``."""
        with self._translated():
            return frozenset(map(int, self._collection.get(include=[])["ids"]))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """See ``HeadingIndex.nearest``."""
        with self._translated():
            answer = self._collection.query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
        cosines = 1 - np.asarray(answer["distances"][0], dtype=np.float64)
        return list(zip(map(int, answer["ids"][0]), cosines.tolist(), strict=True))

    def _open(self) -> Any:
        # Any: Chroma's own types want its embedding function, which we never use.
        with self._translated():
            return self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration={"hnsw": HNSW}
            )
