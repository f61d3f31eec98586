"""An item beside those that came before: what speaks for one incident, and what against it.

Words, names and numbers weigh by how rare they have been so far, a cosine of vectors counts only
as far as it exceeds what is usual.  Nothing here depends on which incident an item is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.item_reading import FIELDS, Reading
from summarizer.word_table import Floats, Ints, WordTable, largest

Vector = NDArray[np.float32]

BY_MEANING = 40
BY_WORDS = 40
BY_NAMES = 15
"""Items fetched by each, to be compared in full."""

USUAL = 0.85
"""How much of the usual cosine is taken off, 0–1."""

PRIOR_USUAL = 0.12
"""Usual cosine before anything was seen: of news items about unlike things."""

PRIOR_ITEMS = 50
"""How many items that first guess is worth."""

COPY_MIN_WORDS = 12
"""Distinct words below which two equal texts may be chance: "Markets close lower"."""

COPY_WORDS = 0.92
"""Cosine of words from which two items are copies."""

NAMES = (
    "meaning",
    "words",
    "overlap",
    "usual",
    "days_apart",
    "weeks_apart",
    "same_day",
    "undated",
    "title",
    "lead",
    "names",
    "shared_names",
    "shared_words",
    "shared_bigrams",
    "bigrams",
    "full_names",
    "lead_names",
    "known_words",
    "numbers",
    "same_age",
    "other_age",
    "same_street",
    "other_street",
    "same_event_day",
    "other_event_day",
    "same_outlet",
    "other_outlet",
)
"""Of the features, in order.  ``same_…`` and ``other_…`` are 1 or 0, and both 0 where an item says
nothing; ``days_apart`` is log(1 + days), ``weeks_apart`` what of it exceeds a week."""

_WEEK = float(np.log(8))


class Comparison:
    """An item beside some rows.

    Args:
        rows: of the items that it was compared with.
        features: one row each, one column for each of ``NAMES``.
        short: whether either of the two is short.
        copy: whether they are copies.
        days: between them, not a number where one is undated.
    """

    def __init__(
        self,
        rows: Ints,
        features: Floats,
        short: NDArray[np.bool_],
        copy: NDArray[np.bool_],
        days: Floats,
    ) -> None:
        self.rows = rows
        self.features = features
        self.short = short
        self.copy = copy
        self.days = days


class PairFeatures:
    """Remembers what is compared of every item, by row, and compares another one with them."""

    def __init__(self) -> None:
        self._tables = {
            name: WordTable(searchable=name in ("known_words", "names")) for name in FIELDS
        }
        self._vectors: Vector = np.zeros((0, 0), dtype=np.float32)
        self._sum: Floats = np.zeros(0)
        self._readings: list[Reading] = []

    def __len__(self) -> int:
        return len(self._readings)

    def add(self, reading: Reading, vector: Vector) -> None:
        """Remember an item, as the next row."""
        used = len(self._readings)
        self._sum = self._sum + vector if used else vector.astype(np.float64)
        if used >= len(self._vectors):
            larger = np.zeros((max(1024, 2 * used), len(vector)), dtype=np.float32)
            larger[:used] = self._vectors[:used].reshape(used, len(vector))
            self._vectors = larger
        self._vectors[used] = vector
        for name, table in self._tables.items():
            table.add(reading.fields[name])
        # The tables hold the words from here on.
        self._readings.append(_without_words(reading))

    def compare(self, reading: Reading, vector: Vector) -> Comparison:
        """An item with those that are most like it in words, names or meaning."""
        alike = self._vectors[: len(self._readings)] @ vector
        rows = np.unique(
            np.concatenate(
                [
                    largest(alike, BY_MEANING),
                    self._tables["known_words"].nearest(reading.fields["known_words"], BY_WORDS),
                    self._tables["names"].nearest(reading.fields["names"], BY_NAMES),
                ]
            )
        )
        others = [self._readings[row] for row in rows]
        columns = self._of_vectors(vector, rows, alike[rows].astype(np.float64))
        columns |= self._of_words(reading, rows)
        days = np.array([_days(reading, other) for other in others])
        columns |= _of_time(days) | _of_slots(reading, others)
        words = np.array([other.distinct for other in others])
        enough = np.minimum(words, reading.distinct) >= COPY_MIN_WORDS
        return Comparison(
            rows=rows,
            features=np.stack([columns[name] for name in NAMES], axis=1),
            short=np.array([reading.short or other.short for other in others]),
            copy=enough & (columns["words"] >= COPY_WORDS),
            days=days,
        )

    def _of_vectors(self, vector: Vector, rows: Ints, cosines: Floats) -> dict[str, Floats]:
        usual = (self._usual(vector[None]) + self._usual(self._vectors[rows])) / 2
        off = USUAL * usual
        return {"meaning": (cosines - off) / (1 - off), "usual": usual}

    def _usual(self, vectors: Vector) -> Floats:
        """Mean cosine of each vector with all items so far."""
        total = vectors.astype(np.float64) @ self._sum + PRIOR_ITEMS * PRIOR_USUAL
        usual: Floats = total / (len(self._readings) + PRIOR_ITEMS)
        return usual

    def _of_words(self, reading: Reading, rows: Ints) -> dict[str, Floats]:
        found = {
            name: table.compare(reading.fields[name], rows) for name, table in self._tables.items()
        }
        columns = {name: compared.cosine for name, compared in found.items()}
        columns["overlap"] = found["words"].overlap
        columns["shared_names"] = np.log1p(found["names"].mass)
        columns["shared_words"] = np.log1p(found["words"].mass)
        columns["shared_bigrams"] = np.log1p(found["bigrams"].mass)
        return columns


def _without_words(reading: Reading) -> Reading:
    return replace(reading, fields={})


def _days(one: Reading, other: Reading) -> float:
    if one.day is None or other.day is None:
        return float("nan")
    return abs(one.day - other.day)


def _of_time(days: Floats) -> dict[str, Floats]:
    undated = np.isnan(days)
    apart = np.log1p(np.where(undated, 0, days))
    return {
        "days_apart": apart,
        "weeks_apart": np.maximum(0, apart - _WEEK),
        "same_day": ((days < 1.5) & ~undated).astype(np.float64),
        "undated": undated.astype(np.float64),
    }


def _of_slots(reading: Reading, others: Sequence[Reading]) -> dict[str, Floats]:
    """Whether two items fill one slot with the same, or with something else."""
    slots: dict[str, tuple[frozenset[Any], list[frozenset[Any]]]] = {
        "age": (reading.ages, [other.ages for other in others]),
        "street": (reading.streets, [other.streets for other in others]),
        "event_day": (reading.days, [other.days for other in others]),
        "outlet": (_known(reading), [_known(other) for other in others]),
    }
    columns: dict[str, Floats] = {}
    for name, (mine, theirs) in slots.items():
        columns[f"same_{name}"] = np.array([float(bool(mine & their)) for their in theirs])
        columns[f"other_{name}"] = np.array(
            [float(bool(mine and their) and not mine & their) for their in theirs]
        )
    return columns


def _known(reading: Reading) -> frozenset[str]:
    return frozenset((reading.host,)) if reading.host else frozenset()
