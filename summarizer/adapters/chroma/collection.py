"""One collection of Chroma: opened, read and written in portions that any server takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import IndexUnreachableError, StorageError

if TYPE_CHECKING:  # importing chromadb takes seconds
    from chromadb.api import ClientAPI

Vectors = NDArray[np.float32]

BATCH = 300
"""Most records in one request: the limit of Chroma Cloud; larger ones are no faster."""


class Collection:
    """A collection by its name, made if it is missing.

    Args:
        client: of Chroma.
        name: of the collection.
        hnsw: parameters of the index of vectors (``Any``: Chroma's type takes no plain dictionary).
        where: the place, for errors.
    """

    def __init__(self, client: ClientAPI, name: str, hnsw: Any, where: str) -> None:
        self._client = client
        self._name = name
        self._hnsw = hnsw
        self._where = where
        with translating(where):
            self.batch = min(BATCH, client.get_max_batch_size())
        self._opened = self._open()

    @property
    def identity(self) -> str:
        """Id that Chroma gave the collection when it was made."""
        return str(self._opened.id)

    def clear(self) -> None:
        """Delete the collection, and make an empty one."""
        with translating(self._where):
            self._client.delete_collection(self._name)
        self._opened = self._open()

    def among(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids that are there."""
        return frozenset(
            id_
            for batch in self._batches(ids)
            for id_ in self._ask("get", ids=batch, include=[])["ids"]
        )

    def count(self) -> int:
        """Number of records."""
        return int(self._ask("count"))

    def ids(self) -> Iterator[str]:
        """All ids, read a portion at a time."""
        start = 0
        while found := self._ask("get", limit=self.batch, offset=start, include=[])["ids"]:
            yield from found
            start += len(found)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors by id; unknown ids are left out."""
        found: dict[str, Vectors] = {}
        for batch in self._batches(ids):
            answer = self._ask("get", ids=batch, include=["embeddings"])
            rows = np.asarray(answer["embeddings"], dtype=np.float32)
            found.update(zip(answer["ids"], rows, strict=True))
        return found

    def any_vectors(self, limit: int) -> Vectors:
        """Vectors of some records."""
        answer = self._ask("get", limit=limit, include=["embeddings"])
        return np.asarray(answer["embeddings"], dtype=np.float32)

    def put(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors of length 1, in place of those of known ids."""
        for start in range(0, len(ids), self.batch):
            part = slice(start, start + self.batch)
            self._ask("upsert", ids=list(ids[part]), embeddings=vectors[part])

    def remove(self, ids: Sequence[str]) -> None:
        """Delete records; unknown ids are ignored."""
        for batch in self._batches(ids):
            self._ask("delete", ids=batch)

    def nearest(self, vector: Vectors, limit: int) -> tuple[list[str], NDArray[np.float64]]:
        """Ids nearest to a vector, ``limit`` at most, with cosines; the search is approximate."""
        wanted = min(limit, self.batch)
        if wanted < 1:
            return [], np.zeros(0)
        answer = self._ask(
            "query", query_embeddings=[vector], n_results=wanted, include=["distances"]
        )
        return answer["ids"][0], 1 - np.asarray(answer["distances"][0], dtype=np.float64)

    def _batches(self, ids: Sequence[str]) -> Iterator[list[str]]:
        unique = list(dict.fromkeys(ids))
        for start in range(0, len(unique), self.batch):
            yield unique[start : start + self.batch]

    def _ask(self, method: str, **arguments: object) -> Any:
        """What a method of Chroma's collection answers.

        Raises:
            IndexUnreachableError: somebody deleted the collection.  An empty one has been made, and
                takes the next question.
        """
        from chromadb.errors import NotFoundError

        with translating(self._where):
            try:
                return getattr(self._opened, method)(**arguments)
            except NotFoundError as error:
                self._opened = self._open()
                raise IndexUnreachableError(
                    f"The passage index {self._where} was deleted by another program. It is built "
                    "again from the database: try again."
                ) from error

    def _open(self) -> Any:
        # Any: Chroma's types require an embedding function, which is not used here.
        with translating(self._where):
            return self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration={"hnsw": self._hnsw}
            )


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Raise Chroma's errors as ours."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError, ValueError, RuntimeError, OSError) as error:
        server = "Check that a Chroma server runs there (SUMMARIZER_CHROMA_URL). "
        raise StorageError(
            f"The passage index {where} failed ({type(error).__name__}: {error}). "
            f"{server if where.startswith('at ') else ''}"
            "Nothing is lost: `summarizer reindex` rebuilds it from the database."
        ) from error
