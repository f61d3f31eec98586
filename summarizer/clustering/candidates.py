"""Fingerprints of earlier items, searched by vector: in memory, or on the store and the index."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from summarizer.clustering import fingerprint
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.places import Places
from summarizer.clustering.tfidf import Ints
from summarizer.ports.index import HeadingIndex
from summarizer.storage.fingerprints import FingerprintStore


class CandidateIndex(Protocol):
    """Fingerprints by item number."""

    def add(self, number: int, imprint: ItemFingerprint) -> None:
        """Add a new item."""
        ...

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """Numbers of the items with the nearest heading vectors, nearest first."""
        ...

    def of(self, numbers: Sequence[int]) -> dict[int, ItemFingerprint]:
        """Fingerprints of the items, in the given order; unknown ones are left out."""
        ...


class InMemory:
    """``CandidateIndex`` in memory, for one run."""

    def __init__(self) -> None:
        self._imprints: dict[int, ItemFingerprint] = {}
        self._vectors = Vectors()

    def add(self, number: int, imprint: ItemFingerprint) -> None:
        """Add a new item."""
        self._imprints[number] = imprint
        self._vectors.add(number, imprint.vector)

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """Numbers of the items with the nearest heading vectors, nearest first."""
        return self._vectors.nearest(vector, limit)

    def of(self, numbers: Sequence[int]) -> dict[int, ItemFingerprint]:
        """Fingerprints of the items, in the given order; unknown ones are left out."""
        return {n: self._imprints[n] for n in numbers if n in self._imprints}


class Vectors:
    """Vectors of items, with exhaustive nearest-neighbour search."""

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
        """Numbers of all items, and the cosine of each with a vector."""
        if not self._numbers:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.array(self._numbers, dtype=np.int64), self._rows[: len(self)] @ vector

    def held(self) -> tuple[list[int], Vector]:
        """Numbers and vectors of all items."""
        return self._numbers, self._rows[: len(self)]


def nearest_first(numbers: Ints, cosines: Vector, limit: int) -> Ints:
    """Numbers with the largest cosines, largest first; the lower number first among equals."""
    # The last bits of a cosine depend on how many are computed at once: rounded, they do not.
    alike = np.round(cosines, 5)
    if len(alike) > limit:
        able = alike >= np.partition(alike, -limit)[-limit]
        numbers, alike = numbers[able], alike[able]
    return numbers[np.lexsort((numbers, -alike))[:limit]]


HELD = 10_000
"""Most fingerprints cached in memory, about 8 KB each."""

LOT = 1_000
"""Headings added to the index at once: each would cost tens of milliseconds alone."""

SPARE = 10
"""Headings fetched beyond the limit, since the index may hold items of a batch that was rolled
back."""


class StoredMemory:
    """``CandidateIndex`` on a store and an index; not thread-safe.

    Args:
        stored: fingerprints.
        headings: vectors of all items but the newest.
        places: the items that are in an incident: only they are candidates.
    """

    def __init__(self, stored: FingerprintStore, headings: HeadingIndex, places: Places) -> None:
        self.version = f"{fingerprint.VERSION} {headings.embedder}"
        self._stored = stored
        self._headings = headings
        self._places = places
        self._collection = headings.identity
        self._held: OrderedDict[int, ItemFingerprint] = OrderedDict()
        self._fresh = Vectors()
        self._unsaved: dict[int, ItemFingerprint] = {}

    def add(self, number: int, imprint: ItemFingerprint) -> None:
        """Add a new item; the next ``save`` stores it."""
        self._unsaved[number] = imprint
        self._hold(number, imprint)
        self._take(number, imprint)

    def save(self) -> None:
        """Store the added fingerprints."""
        self.keep(self._unsaved)
        self._unsaved = {}

    def keep(self, made: Mapping[int, ItemFingerprint]) -> None:
        """Store fingerprints without adding their items to the candidates."""
        self._stored.keep(
            self.version, {number: fingerprint.to_bytes(one) for number, one in made.items()}
        )

    def recall(self, numbers: Sequence[int]) -> dict[int, ItemFingerprint]:
        """Stored fingerprints of the items, by number; missing ones are left out."""
        found = self._stored.of(self.version, numbers)
        return {number: fingerprint.from_bytes(body) for number, body in found.items()}

    def without_heading(self, numbers: Sequence[int]) -> list[int]:
        """Those of the items whose headings are not in the index."""
        indexed = self._stored.headings_in(self._collection, numbers)
        return [number for number in numbers if number not in indexed]

    def take_up(self, known: Mapping[int, ItemFingerprint]) -> None:
        """Add stored items whose headings are not in the index, by number in ascending order."""
        for number, imprint in known.items():
            self._take(number, imprint)

    @property
    def lowest_without_heading(self) -> int | None:
        """Lowest number of an added item whose heading is not in the index yet."""
        return min(self._fresh.held()[0], default=None)

    @property
    def is_lost(self) -> bool:
        """Whether the headings were cleared or lost since this was made."""
        return self._headings.identity != self._collection

    @property
    def collection(self) -> str:
        """Id of the stored headings."""
        return self._collection

    def nearest(self, vector: Vector, limit: int) -> Ints:
        """Numbers of the items with the nearest heading vectors, nearest first."""
        numbers, cosines = self._fresh.cosines(vector)
        near = dict(self._headings.nearest(vector, limit + SPARE))
        for number in numbers.tolist():
            near.pop(number, None)  # another item had that number before a backup was restored
        known = self._places.incidents_of(list(near))
        return nearest_first(
            np.concatenate([numbers, np.array(list(known), dtype=np.int64)]),
            np.concatenate([cosines, np.array([near[n] for n in known], dtype=np.float32)]),
            limit,
        )

    def of(self, numbers: Sequence[int]) -> dict[int, ItemFingerprint]:
        """Fingerprints of the items, in the given order; those in no incident are left out."""
        known = self._places.incidents_of(numbers)
        found: dict[int, ItemFingerprint] = {}
        missing = [n for n in known if n not in self._held]
        read = {n: self._unsaved[n] for n in missing if n in self._unsaved}
        if stored := [n for n in missing if n not in read]:
            read |= self.recall(stored)
        for number in known:
            if number in self._held:
                self._held.move_to_end(number)
                found[number] = self._held[number]
            elif number in read:
                found[number] = read[number]
        for number, imprint in read.items():
            self._hold(number, imprint)
        return found

    def _take(self, number: int, imprint: ItemFingerprint) -> None:
        self._fresh.add(number, imprint.vector)
        if len(self._fresh) >= LOT:
            self.save()
            numbers, vectors = self._fresh.held()
            self._headings.add(numbers, vectors)
            self._stored.note_headings(self._collection, numbers)
            self._fresh = Vectors()

    def _hold(self, number: int, imprint: ItemFingerprint) -> None:
        self._held[number] = imprint
        while len(self._held) > HELD:
            self._held.popitem(last=False)
