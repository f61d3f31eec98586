"""Ports for the vector index of passages and headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from summarizer.domain.items import Passage, PassageId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HeadingIndex(Protocol):
    """Nearest-neighbour index of the headings of items that are in an incident."""

    @property
    def embedder(self) -> str:
        """Name of the model that made the vectors."""
        ...

    def add(self, numbers: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store vectors of length 1 by item number, in place of earlier ones of these items."""
        ...

    @property
    def identity(self) -> str:
        """Id of the stored vectors; another one after they were cleared or lost."""
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the vectors of items; unknown ones are ignored."""
        ...

    def clear(self) -> None:
        """Remove all vectors."""
        ...

    def among(self, numbers: Sequence[int]) -> frozenset[int]:
        """Those of the items that are in the index."""
        ...

    def count(self) -> int:
        """Number of items in the index."""
        ...

    def numbers(self) -> Iterator[int]:
        """Numbers of all items in the index, read a portion at a time: slow, for audits."""
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Numbers of the items nearest to a vector with their cosines, most similar first.

        The search may be approximate and miss a few.
        """
        ...


class PassageIndex(Protocol):
    """Vector index of passages, which can be rebuilt from the store."""

    @property
    def headings(self) -> HeadingIndex:
        """Index of the items' headings, stored and cleared together with the passages."""
        ...

    @property
    def identity(self) -> str:
        """Id of the stored vectors; another one after they were cleared or lost."""
        ...

    def add(self, passages: Sequence[Passage]) -> int:
        """Index passages, and say how many were new; those in the index stay unchanged."""
        ...

    def among(self, ids: Sequence[PassageId]) -> frozenset[PassageId]:
        """Those of the ids that are in the index."""
        ...

    def count(self) -> int:
        """Number of passages in the index."""
        ...

    def ids(self) -> Iterator[PassageId]:
        """Ids of all passages in the index, read a portion at a time: slow, for audits."""
        ...

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Remove passages; unknown ids are ignored."""
        ...

    def clear(self) -> None:
        """Remove all passages and headings."""
        ...

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id, without ids that are not in the index."""
        ...

    def rank(
        self, queries: Sequence[str], ids: Sequence[PassageId]
    ) -> list[list[tuple[PassageId, float]]]:
        """For each query, indexed passages among ``ids`` with their cosine, most similar first.

        Equal similarities are ordered by id.
        """
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """Passages of the whole index nearest to a vector with their cosines, most similar
        first."""
        ...
