"""The memory of clustering where a store is: imprints in the database, headings in the index.

Of any number of items a process holds the newest used, and the headings that are too new to be in
the index.  They go there in lots of one size, so that it is built in the same way singly, in
batches or after a restart; until then they are compared one by one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from summarizer import imprints
from summarizer.imprints import Imprint, Vector
from summarizer.item_memory import Vectors, nearest_first
from summarizer.keeping import Headings, Imprints
from summarizer.word_table import Ints

HELD = 10_000
"""Imprints that are held: about 8 KB each."""

LOT = 1_000
"""Headings that go into the index at once: one by one each would cost tens of milliseconds."""

SPARE = 10
"""Headings that are asked for beyond the limit: an item whose grouping was undone may be there."""


class StoredMemory:
    """``ItemMemory`` on a store and an index; one thread at a time."""

    def __init__(self, stored: Imprints, headings: Headings) -> None:
        self._stored = stored
        self._headings = headings
        self._version = f"{imprints.VERSION} {headings.embedder}"
        self._known: set[int] = set()
        self._held: OrderedDict[int, Imprint] = OrderedDict()
        self._fresh = Vectors()

    def add(self, number: int, imprint: Imprint) -> None:
        """See ``ItemMemory.add``."""
        self.keep({number: imprint})
        self._take(number, imprint)

    def keep(self, made: Mapping[int, Imprint]) -> None:
        """Store imprints, without taking them up."""
        self._stored.keep(
            self._version, {number: imprints.to_bytes(one) for number, one in made.items()}
        )

    def recall(self, numbers: Sequence[int]) -> dict[int, Imprint]:
        """Those that are stored of these items."""
        found = self._stored.of(self._version, numbers)
        return {number: imprints.from_bytes(body) for number, body in found.items()}

    def take_up(self, known: Mapping[int, Imprint], indexed: Collection[int] = ()) -> None:
        """Know items that are stored.

        Args:
            known: in the order of their numbers.
            indexed: those whose heading is in the index.
        """
        for number, imprint in known.items():
            if number in indexed:
                self._known.add(number)
            else:
                self._take(number, imprint)

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """See ``ItemMemory.nearest``."""
        found = [
            (number, cosine)
            for number, cosine in self._headings.nearest(vector, limit + SPARE)
            if number in self._known
        ]
        numbers, cosines = self._fresh.cosines(vector)
        return nearest_first(
            np.concatenate([numbers, np.array([n for n, _ in found], dtype=np.int64)]),
            np.concatenate([cosines, np.array([c for _, c in found], dtype=np.float32)]),
            limit,
        )

    def of(self, numbers: Sequence[int]) -> list[Imprint]:
        """See ``ItemMemory.of``."""
        missing = [number for number in numbers if number not in self._held]
        read = self.recall(missing) if missing else {}
        answer: list[Imprint] = []
        for number in numbers:
            if number in self._held:
                self._held.move_to_end(number)
            answer.append(read[number] if number in read else self._held[number])
        for number, imprint in read.items():
            self._hold(number, imprint)
        return answer

    def _take(self, number: int, imprint: Imprint) -> None:
        self._known.add(number)
        self._hold(number, imprint)
        self._fresh.add(number, imprint.vector)
        if len(self._fresh) >= LOT:
            self._headings.add(*self._fresh.held())
            self._fresh = Vectors()

    def _hold(self, number: int, imprint: Imprint) -> None:
        self._held[number] = imprint
        while len(self._held) > HELD:
            self._held.popitem(last=False)
