"""Vectors of passages in Chroma: in a folder, in memory, or on a Chroma server.

Vectors come from an ``Embedder``, so that Chroma never downloads a model; the collection's name has
the embedder's name, so that vectors of two models never mix.  On a server it also has the id of the
installation, so that no installation sees the vectors of another.  Texts are in the store only.
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

if TYPE_CHECKING:  # importing chromadb takes seconds, so it is imported when an index is opened
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

BATCH = 2_000
"""Passages in one call; Chroma accepts at most 5,461."""

LOCK_NAME = "index.lock"

OWNER_NAME = "installation"
"""File in the folder of an index with the id of the installation that it belongs to."""

_COUNTER = count(1)

_OPENING = threading.RLock()
"""Held while an index in memory is opened and while any index is closed: Chroma counts the users of
its shared memory without a lock, so that concurrent opening and closing gives a closed client."""


class ChromaIndex:
    """``PassageIndex`` on Chroma, with cosine similarity.  Open it with one of the class methods.

    As a context manager, it releases the folder for other processes.
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
    def persistent(
        cls, folder: Path, embedder: Embedder, fresh: bool = False, owner: str | None = None
    ) -> Self:
        """Open the index in a folder, created if missing; one process at a time may hold it.

        Args:
            folder: used by the index only.
            embedder: makes the vectors.
            fresh: delete the present index, readable or not, to rebuild it.
            owner: id of the installation that the folder must belong to, or will if it has none.

        Raises:
            StorageBusyError: another process, or another index of this process, holds the folder.
            StorageError: the folder cannot be used, is damaged, or belongs to another owner.
        """
        lock = _locked(folder)
        try:
            if owner is not None:
                _claim(folder, owner)
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
            # Chroma has one memory in a process: without a suffix two indexes would share it.
            return cls(client, embedder, "in memory", suffix=f"-{next(_COUNTER)}")

    @classmethod
    def server(
        cls,
        url: str,
        embedder: Embedder,
        installation: str,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Open the index of one installation on a Chroma server, which its processes share.

        Args:
            url: ``http://host:port`` or ``https://host``.
            embedder: makes the vectors.
            installation: id of the installation, part of the collections' names.
            headers: sent with each request, such as a token.

        Raises:
            SettingsError: the URL is invalid.
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
        where = f"at {parts.hostname}:{port}"  # without a password in the URL
        with _translating(where):
            client = chromadb.HttpClient(
                host=parts.hostname,
                port=port,
                ssl=ssl,
                headers=dict(headers or {}),
                settings=_quiet(),
            )
        return cls(client, embedder, where, suffix=f"-{installation}")

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
        """Close the index and release its folder."""
        try:
            with self._translated():
                self._close_client()
        finally:
            if self._lock is not None:
                self._lock.release()

    @property
    def headings(self) -> ChromaHeadings:
        """Index of items' headings, opened at its first use by clustering."""
        if self._headings is None:
            self._headings = ChromaHeadings(
                self._client, self._headings_name, self._embedder.name, self._translated
            )
        return self._headings

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; indexed ones stay as they are."""
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
        """Ids of all indexed passages."""
        with self._translated():
            return frozenset(map(PassageId, self._collection.get(include=[])["ids"]))

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Delete passages; unknown ids are ignored."""
        for batch in _batches(ids):
            with self._translated():
                self._collection.delete(ids=list(batch))

    def clear(self) -> None:
        """Delete all passages and headings of this embedder."""
        with self._translated():
            self._client.delete_collection(self._name)
            self._collection = self._open_collection()
        self.headings.clear()

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; unknown ids are left out."""
        found: dict[PassageId, NDArray[np.float32]] = {}
        for batch in _batches(list(dict.fromkeys(ids))):
            with self._translated():
                answer = self._collection.get(ids=list(batch), include=["embeddings"])
            rows = np.asarray(answer["embeddings"], dtype=np.float32)
            found.update(zip(map(PassageId, answer["ids"]), rows, strict=True))
        return found

    def rank(
        self, queries: Sequence[str], ids: Sequence[PassageId]
    ) -> list[list[tuple[PassageId, float]]]:
        """For each query, indexed passages among ``ids`` with their cosine (-1–1), highest first.

        Equals are ordered by id.  Vectors are fetched by id, once, and compared here, since a
        filtered search in Chroma takes 20 to 60 times as long as an unfiltered one.
        """
        stored = self.vectors(ids)
        if not stored:
            return [[] for _ in queries]
        rows, found = np.stack(list(stored.values())), list(stored)
        return [_ranked(found, rows @ self._embedder.embed([query])[0]) for query in queries]

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """Nearest passages of the whole index with their cosines, most similar first."""
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
        # Chroma leaves the HTTP connections of a server's client open.
        for part in (client, client._admin_client):
            session = getattr(getattr(part, "_server", None), "_session", None)
            if session is not None:
                session.close()

    def _look_at_one(self) -> None:
        """Raise ``ValueError`` if a stored vector does not have length 1.

        Chroma opens a folder with lost or truncated vectors without an error.
        """
        found = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        lengths = np.linalg.norm(np.asarray(found, dtype=np.float32), axis=-1)
        if len(found) and not np.allclose(lengths, 1, atol=1e-3):
            raise ValueError("a stored vector does not have length 1")

    def _open_collection(self) -> Any:
        # Any: Chroma's types require an embedding function, which is not used here.
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
        server = "Check that a Chroma server runs there (SUMMARIZER_CHROMA_URL). "
        raise StorageError(
            f"The passage index {where} failed ({type(error).__name__}: {error}). "
            f"{server if where.startswith('at ') else ''}"
            "Nothing is lost: `summarizer reindex` rebuilds it from the database."
        ) from error


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK_NAME, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise StorageBusyError(
            f"Another process holds the passage index in {folder}. Accepted items are stored, and "
            "the next command will index them. Wait for the other process, or let both use one "
            "Chroma server (SUMMARIZER_CHROMA_URL)."
        ) from error
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    return lock


def _claim(folder: Path, owner: str) -> None:
    """Write the owner's id into a folder without one.

    A folder that version 0.2.0 made has none: the database beside it takes it over.
    """
    file = folder / OWNER_NAME
    try:
        found = file.read_text(encoding="ascii", errors="replace").strip() if file.exists() else ""
        if not found:
            file.write_text(owner, encoding="ascii")
        elif found != owner:
            raise StorageError(
                f"The passage index in {folder} belongs to another database. Name that database "
                f"(SUMMARIZER_DATABASE_URL, SUMMARIZER_DATA_DIR), or move {folder} away: the "
                "next command builds the index of this one."
            )
    except OSError as error:
        raise StorageError(f"The file {file} cannot be used: {error.strerror}.") from error


def _generation(folder: Path, fresh: bool) -> Path:
    """The numbered subfolder of the index; ``fresh`` replaces all others by a new one.

    A rebuilt index needs a new path, since Chroma remembers a path that it failed to open until the
    process ends.
    """
    numbers = sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdigit())
    if not fresh:
        return folder / str(numbers[-1] if numbers else 1)
    for number in numbers:
        shutil.rmtree(folder / str(number))
    return folder / str(numbers[-1] + 1 if numbers else 1)


def _quiet() -> Settings:
    """Settings without telemetry, and without a ``.env`` file."""
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
