"""Vectors of passages in Chroma: in a folder, in memory, or on a Chroma server.

Vectors come from an ``Embedder``, so that Chroma never downloads a model; the collection's name has
the embedder's name, so that vectors of two models never mix.  On a server it also has the id of the
installation, so that no installation sees the vectors of another.  Texts are in the store only.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from summarizer.adapters.chroma.collection import Collection, translating
from summarizer.adapters.chroma.headings import HNSW, ChromaHeadings
from summarizer.adapters.chroma.server import ServerAccess, connect
from summarizer.domain.items import Passage, PassageId
from summarizer.errors import IndexHeldError, StorageError
from summarizer.ports.models import Embedder

if TYPE_CHECKING:  # importing chromadb takes seconds, so it is imported when an index is opened
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

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
        self._headings_name = f"headings-{embedder.name}{suffix}"
        self._headings: ChromaHeadings | None = None
        try:
            self._passages = Collection(
                client, f"passages-{embedder.name}{suffix}", {"space": "cosine"}, where
            )
            with translating(where):
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
            IndexHeldError: another process, or another index of this process, holds the folder.
            StorageError: the folder cannot be used, is damaged, or belongs to another owner.
        """
        lock = _locked(folder)
        try:
            if owner is not None:
                _claim(folder, owner)
            import chromadb

            generation = _generation(folder, fresh)
            with translating(f"in {folder}"):
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
    def server(cls, access: ServerAccess, embedder: Embedder, installation: str) -> Self:
        """Open the index of one installation on a Chroma server, which its processes share.

        Args:
            access: where the server is.
            embedder: makes the vectors.
            installation: id of the installation, part of the collections' names.

        Raises:
            IndexUnreachableError: the server does not answer.
            SettingsError: it is none, or does not let us in.
        """
        with translating(access.where):
            client = connect(access, _quiet())
        return cls(client, embedder, access.where, suffix=f"-{installation}")

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
            with translating(self._where):
                self._close_client()
        finally:
            if self._lock is not None:
                self._lock.release()

    @property
    def headings(self) -> ChromaHeadings:
        """Index of items' headings, opened at its first use by clustering."""
        if self._headings is None:
            collection = Collection(self._client, self._headings_name, HNSW, self._where)
            self._headings = ChromaHeadings(collection, self._embedder.name)
        return self._headings

    @property
    def identity(self) -> str:
        """Id of the collection, another one after the index was cleared or lost."""
        return self._passages.identity

    def add(self, passages: Sequence[Passage]) -> int:
        """Index passages, and say how many were new; indexed ones stay as they are."""
        by_id = {passage.id: passage for passage in reversed(passages)}
        ids = list(dict.fromkeys(passage.id for passage in passages))
        known = self.among(ids)
        new = [id_ for id_ in ids if id_ not in known]
        for start in range(0, len(new), self._passages.batch):
            part = new[start : start + self._passages.batch]
            self._passages.put(part, self._embedder.embed([by_id[id_].text for id_ in part]))
        return len(new)

    def among(self, ids: Sequence[PassageId]) -> frozenset[PassageId]:
        """Those of the ids that are in the index."""
        return frozenset(map(PassageId, self._passages.among(ids)))

    def count(self) -> int:
        """Number of indexed passages."""
        return self._passages.count()

    def ids(self) -> Iterator[PassageId]:
        """Ids of all indexed passages, read a portion at a time."""
        return map(PassageId, self._passages.ids())

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Delete passages; unknown ids are ignored."""
        self._passages.remove(ids)

    def clear(self) -> None:
        """Delete all passages and headings of this embedder."""
        self._passages.clear()
        self.headings.clear()

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; unknown ids are left out."""
        return {PassageId(id_): row for id_, row in self._passages.vectors(ids).items()}

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
        ids, cosines = self._passages.nearest(vector, limit)
        return _ranked([PassageId(id_) for id_ in ids], cosines.astype(np.float32))

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
        found = self._passages.any_vectors(1)
        lengths = np.linalg.norm(found, axis=-1)
        if len(found) and not np.allclose(lengths, 1, atol=1e-3):
            raise ValueError("a stored vector does not have length 1")


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK_NAME, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexHeldError(
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


def _ranked(
    ids: Sequence[PassageId], similarities: NDArray[np.float32]
) -> list[tuple[PassageId, float]]:
    pairs = zip(ids, np.clip(similarities, -1, 1).tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
