"""Ports for the vector index of passages and headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from summarizer.domain.items import Passage, PassageId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HeadingIndex(Protocol):
    """Vectors of the headings of items that are in an incident, to find the nearest of."""

    @property
    def embedder(self) -> str:
        """Name of the model that made the vectors."""
        ...

    def add(self, numbers: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Keep vectors of length 1; those of items that are already there are replaced."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def numbers(self) -> frozenset[int]:
        """Every item that is there."""
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """The items nearest to a vector with their cosines, most similar first; a few of them may
        be missed where there are many."""
        ...


class PassageIndex(Protocol):
    """Passages and their vectors.  The store holds the truth; this can be rebuilt from it."""

    @property
    def headings(self) -> HeadingIndex:
        """Vectors of items' headings, in the same place and forgotten with the rest."""
        ...

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; those that are already there stay as they are."""
        ...

    def ids(self) -> frozenset[PassageId]:
        """Ids of all passages that are indexed."""
        ...

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Forget passages; unknown ids are ignored."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; ids that are not indexed are absent from the answer."""
        ...

    def rank(self, query: str, ids: Sequence[PassageId]) -> list[tuple[PassageId, float]]:
        """Those of ``ids`` that are indexed, most similar to the query first, with similarity
        from -1 to 1; equal similarities are ordered by id."""
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """The passages of the whole index nearest to a vector, most similar first."""
        ...
