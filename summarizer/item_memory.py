"""Where the items that an item can be compared with are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from summarizer.imprints import Imprint, Vector
from summarizer.word_table import Ints


class ItemMemory(Protocol):
    """Imprints by the numbers of their items."""

    def add(self, number: int, imprint: Imprint) -> None:
        """Keep an item that is not known yet."""
        ...

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """Numbers of the items whose headings are nearest to a vector."""
        ...

    def of(self, numbers: Sequence[int]) -> list[Imprint]:
        """The imprints of these items, in that order."""
        ...


class InMemory:
    """All items of one file, for as long as it is worked on."""

    def __init__(self) -> None:
        self._imprints: dict[int, Imprint] = {}
        self._vectors = Vectors()

    def add(self, number: int, imprint: Imprint) -> None:
        """See ``ItemMemory.add``."""
        self._imprints[number] = imprint
        self._vectors.add(number, imprint.vector)

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """See ``ItemMemory.nearest``."""
        return self._vectors.nearest(vector, limit)

    def of(self, numbers: Sequence[int]) -> list[Imprint]:
        """See ``ItemMemory.of``."""
        return [self._imprints[number] for number in numbers]


class Vectors:
    """Vectors of some items, of which the nearest are found by looking at all."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._rows: Vector = np.zeros((0, 0), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, number: int, vector: Vector) -> None:
        """Append an item."""
        used = len(self._numbers)
        if used >= len(self._rows):
            larger = np.zeros((max(1024, 2 * used), len(vector)), dtype=np.float32)
            larger[:used] = self._rows[:used].reshape(used, len(vector))
            self._rows = larger
        self._rows[used] = vector
        self._numbers.append(number)

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """Numbers of the items nearest to a vector, nearest first."""
        return nearest_first(*self.cosines(vector), limit)

    def cosines(self, vector: Vector) -> tuple[Ints, Vector]:
        """All items, and how near each is to a vector."""
        if not self._numbers:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.array(self._numbers, dtype=np.int64), self._rows[: len(self)] @ vector

    def held(self) -> tuple[list[int], Vector]:
        """All items and their vectors."""
        return self._numbers, self._rows[: len(self)]


def nearest_first(numbers: Ints, cosines: Vector, limit: int) -> Ints:
    """The numbers with the largest cosines, largest first, of equal ones the oldest."""
    # The last bits of a cosine depend on how many are computed at once.
    alike = np.round(cosines, 5)
    if len(alike) > limit:
        able = alike >= np.partition(alike, -limit)[-limit]
        numbers, alike = numbers[able], alike[able]
    return numbers[np.lexsort((numbers, -alike))[:limit]]
