"""What clustering keeps of items outside of its process, by the numbers that their keys carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from summarizer.domain import ItemKey


def number_of(key: ItemKey) -> int:
    """The number that a stored item's key carries: 3 of ``a3``."""
    return int(key[1:])


class Imprints(Protocol):
    """What was read off items, in the database of the store.

    Only what has the asked-for version is answered: another reader or another embedding model made
    the rest, and it is replaced when it is kept anew.
    """

    def keep(self, version: str, imprints: Mapping[int, bytes]) -> None:
        """Keep some, in the place of what was known of these items."""
        ...

    def of(self, version: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """Those of these items that have the version, by number."""
        ...


class Headings(Protocol):
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
