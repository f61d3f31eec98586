"""Passages and their vectors in Chroma: a folder, memory, or a Chroma server.

Vectors are made by our own ``Embedder`` and handed over, so that Chroma never fetches a model, and
the collection's name carries the embedder's, so that vectors of two models never meet.  Texts stay
in the store, which holds the truth.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from summarizer.adapters.chroma.headings import ChromaHeadings
from summarizer.domain.items import Passage, PassageId
from summarizer.errors import SettingsError, StorageBusyError, StorageError
from summarizer.ports.models import Embedder

if TYPE_CHECKING:  # importing chromadb takes seconds, which only those who open an index pay
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

BATCH = 2_000
"""Passages in one call, below the 5,461 that Chroma takes."""

LOCK_NAME = "index.lock"

_COUNTER = count(1)

_OPENING = threading.RLock()
"""Held while an index in memory is opened and while any is closed: Chroma counts the users of its
one memory without a lock, and a thread that opens while another closes gets a dead one."""


class ChromaIndex:
    """``PassageIndex`` on Chroma, with cosine similarity.  Open it with one of the class methods.

    A context manager: leaving it releases the folder for other processes.
    """

    def __init__(
        self,
        client: ClientAPI,
        embedder: Embedder,
        where: str,
        *,
        lock: FileLock | None = None,
        suffix: str = "",
    ) -> None:
        self._client = client
        self._embedder = embedder
        self._where = where
        self._lock = lock
        self._name = f"passages-{embedder.name}{suffix}"
        self._headings_name = f"headings-{embedder.name}{suffix}"
        self._headings: ChromaHeadings | None = None
        try:
            with self._translated():
                self._collection = self._open_collection()
                self._look_at_one()
        except StorageError:
            self._close_client()
            raise

    @classmethod
    def persistent(cls, folder: Path, embedder: Embedder, fresh: bool = False) -> Self:
        """Open the index in a folder, made when missing; one process at a time may hold it.

        Args:
            folder: belongs to the index alone.
            embedder: makes the vectors.
            fresh: throw away what the folder holds, readable or not, to rebuild it.

        Raises:
            StorageBusyError: another process, or another index of this one, holds the folder.
            StorageError: the folder cannot be used or is damaged.
        """
        lock = _locked(folder)
        try:
            import chromadb

            generation = _generation(folder, fresh)
            with _translating(f"in {folder}"):
                client = chromadb.PersistentClient(generation, settings=_quiet())
            return cls(client, embedder, f"in {folder}", lock=lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def ephemeral(cls, embedder: Embedder) -> Self:
        """Open an empty index in memory."""
        import chromadb

        with _OPENING:
            client = chromadb.EphemeralClient(settings=_quiet())
            # Chroma keeps one memory a process: without a suffix two indexes would share it.
            return cls(client, embedder, "in memory", suffix=f"-{next(_COUNTER)}")

    @classmethod
    def server(cls, url: str, embedder: Embedder, headers: Mapping[str, str] | None = None) -> Self:
        """Open the index of a Chroma server, which many processes may share.

        Args:
            url: ``http://host:port`` or ``https://host``.
            embedder: makes the vectors.
            headers: sent with each request, such as a token.

        Raises:
            SettingsError: the URL is none.
            StorageError: the server does not answer.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                "The address of the Chroma server cannot be used: write it as http://host:8000."
            )
        import chromadb

        ssl = parts.scheme == "https"
        port = parts.port or (443 if ssl else 8000)
        where = f"at {parts.hostname}:{port}"  # without a password that the URL may hold
        with _translating(where):
            client = chromadb.HttpClient(
                host=parts.hostname,
                port=port,
                ssl=ssl,
                headers=dict(headers or {}),
                settings=_quiet(),
            )
        return cls(client, embedder, where)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; the index is not used after."""
        try:
            with self._translated():
                self._close_client()
        finally:
            if self._lock is not None:
                self._lock.release()

    @property
    def headings(self) -> ChromaHeadings:
        """Vectors of items' headings, which only grouping reads and which are opened for it."""
        if self._headings is None:
            self._headings = ChromaHeadings(
                self._client, self._headings_name, self._embedder.name, self._translated
            )
        return self._headings

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; those that are already there stay as they are."""
        by_id = {passage.id: passage for passage in reversed(passages)}
        for batch in _batches(list(dict.fromkeys(p.id for p in passages))):
            with self._translated():
                known = set(self._collection.get(ids=list(batch), include=[])["ids"])
            new = [id_ for id_ in batch if id_ not in known]
            if new:
                vectors = self._embedder.embed([by_id[id_].text for id_ in new])
                with self._translated():
                    self._collection.add(ids=list(new), embeddings=vectors)

    def ids(self) -> frozenset[PassageId]:
        """Ids of all passages that are indexed."""
        with self._translated():
            return frozenset(map(PassageId, self._collection.get(include=[])["ids"]))

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Forget passages; unknown ids are ignored."""
        for batch in _batches(ids):
            with self._translated():
                self._collection.delete(ids=list(batch))

    def clear(self) -> None:
        """Forget everything that this embedder indexed."""
        with self._translated():
            self._client.delete_collection(self._name)
            self._collection = self._open_collection()
        self.headings.clear()

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; ids that are not indexed are absent from the answer."""
        found: dict[PassageId, NDArray[np.float32]] = {}
        for batch in _batches(list(dict.fromkeys(ids))):
            with self._translated():
                answer = self._collection.get(ids=list(batch), include=["embeddings"])
            rows = np.asarray(answer["embeddings"], dtype=np.float32)
            found.update(zip(map(PassageId, answer["ids"]), rows, strict=True))
        return found

    def rank(self, query: str, ids: Sequence[PassageId]) -> list[tuple[PassageId, float]]:
        """Those of ``ids`` that are indexed, most similar to the query first, with similarity
        from -1 to 1; equal similarities are ordered by id.

        Vectors are fetched by id and compared here: a filtered search in Chroma takes 20 to 60
        times as long as an unfiltered one.
        """
        stored = self.vectors(ids)
        if not stored:
            return []
        similarities = np.stack(list(stored.values())) @ self._embedder.embed([query])[0]
        return _ranked(list(stored), similarities)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """The passages of the whole index nearest to a vector, most similar first."""
        with self._translated():
            wanted = min(limit, self._collection.count())
            if wanted < 1:
                return []
            answer = self._collection.query(
                query_embeddings=[vector], n_results=wanted, include=["distances"]
            )
        distances = np.asarray((answer["distances"] or [[]])[0], dtype=np.float32)
        return _ranked([PassageId(id_) for id_ in answer["ids"][0]], 1 - distances)

    def _close_client(self) -> None:
        from chromadb.api.client import Client

        client = cast(Client, self._client)  # the declared type lacks ``close``
        with _OPENING:
            client.close()
        # Of a server's client, Chroma leaves the HTTP connections open.
        for part in (client, client._admin_client):
            session = getattr(getattr(part, "_server", None), "_session", None)
            if session is not None:
                session.close()

    def _look_at_one(self) -> None:
        """Find out whether the vectors can be read: a folder that lost them still counts them.

        A cut-off file is read as whatever was in memory, but ours all have length 1.
        """
        found = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        lengths = np.linalg.norm(np.asarray(found, dtype=np.float32), axis=-1)
        if len(found) and not np.allclose(lengths, 1, atol=1e-3):
            raise ValueError("a stored vector does not have length 1")

    def _open_collection(self) -> Any:
        # Any: Chroma's own types want its embedding function, which we never use.
        return self._client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with _translating(self._where):
            yield


@contextmanager
def _translating(where: str) -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError, ValueError, RuntimeError, OSError) as error:
        raise StorageError(
            f"The passage index {where} failed ({type(error).__name__}: {error}). "
            "Nothing is lost: `summarizer reindex` rebuilds it from the database."
        ) from error


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK_NAME, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise StorageBusyError(
            f"Another process holds the passage index in {folder}. What was accepted is stored and "
            "will be indexed by the next command. Wait for the other process, or let both use one "
            "Chroma server (SUMMARIZER_CHROMA_URL)."
        ) from error
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    return lock


def _generation(folder: Path, fresh: bool) -> Path:
    """The numbered folder inside that holds the files; a fresh one replaces all others.

    Chroma remembers each path it failed to open until the process ends, so that a rebuilt index
    needs a path of its own.
    """
    numbers = sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdigit())
    if not fresh:
        return folder / str(numbers[-1] if numbers else 1)
    for number in numbers:
        shutil.rmtree(folder / str(number))
    return folder / str(numbers[-1] + 1 if numbers else 1)


def _quiet() -> Settings:
    """Settings that send nothing anywhere and take nothing from the environment's ``.env``."""
    from chromadb.config import Settings

    return Settings(_env_file=None, anonymized_telemetry=False, chroma_otel_collection_endpoint="")


def _batches(ids: Sequence[PassageId]) -> Iterator[Sequence[PassageId]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _ranked(
    ids: Sequence[PassageId], similarities: NDArray[np.float32]
) -> list[tuple[PassageId, float]]:
    pairs = zip(ids, np.clip(similarities, -1, 1).tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
