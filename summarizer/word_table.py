"""Words of many texts, each weighing by how few of the texts so far hold it."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RARE_WORDS = 40
"""Rarest words of a text by which its like are looked up."""

MOST_POSTINGS = 20_000
"""Texts that are looked at for one item's rare words, so that a common one costs no more."""

PRIOR_TEXTS = 100
"""Imagined earlier texts without any of the words, so that the first real ones weigh evenly."""

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_STOP = (
    "a about after all also an and any are as at be been before being between but by can could "
    "did do does down each for from had has have he her here his how i if in into is it its "
    "may me might more most must my no nor not of off on or other our out over said say says "
    "shall she should so some than that the their them there these they this those to too "
    "under up us very was we were what when where which who whom whose why will with would "
    "you your"
)
_STOP_WORDS = frozenset(_STOP.split())


def content_words(text: str) -> Iterator[str]:
    """Words that tell what a text is about, lower-cased, plural and possessive endings off."""
    for match in _WORD.finditer(text):
        word = match.group().lower().replace("’", "'").removesuffix("'s")
        word = word.replace("'", "").replace(".", "")
        if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        if word not in _STOP_WORDS:
            yield word


def _dampened(counts: Mapping[str, int]) -> Floats:
    """A word's tenth mention says less than its first."""
    return 1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))


class Compared(NamedTuple):
    """A text beside some others, one value each.

    Args:
        cosine: of weighted words, 0–1.
        overlap: weight of shared words over that of all words of whichever text weighs less, so
            that a short text within a long one scores high.
        mass: weight of shared words, in words that no other text holds.
    """

    cosine: Floats
    overlap: Floats
    mass: Floats


class WordTable:
    """Words of all texts so far and how many texts hold each, with an inverted index if asked for.

    A look-up costs the same however many texts there are: it reads the rarest words' texts, at
    most ``MOST_POSTINGS`` of them, and compares with the given rows alone.
    """

    def __init__(self, searchable: bool = False) -> None:
        self._numbers: dict[str, int] = {}
        self._rows_with: list[array[int]] | None = [] if searchable else None
        self._held_by = np.zeros(1024)
        self._documents: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []

    def add(self, counts: Mapping[str, int]) -> None:
        """Append an item, as the next row."""
        numbers = [self._numbers.setdefault(word, len(self._numbers)) for word in counts]
        while len(self._held_by) < len(self._numbers):
            self._held_by = np.concatenate([self._held_by, np.zeros_like(self._held_by)])
        if self._rows_with is not None:
            new = len(self._numbers) - len(self._rows_with)
            self._rows_with += [array("i") for _ in range(new)]
            for number in numbers:
                self._rows_with[number].append(len(self._documents))
        self._held_by[numbers] += 1
        weights = _dampened(counts).astype(np.float32)
        self._documents.append((np.array(numbers, dtype=np.int32), weights))

    def nearest(self, counts: Mapping[str, int], limit: int) -> Ints:
        """Rows that share the rarest words with an item, most first."""
        if self._rows_with is None:
            raise ValueError("a table that was not made searchable cannot be searched")
        known = [self._numbers[word] for word in counts if word in self._numbers]
        found: list[Ints] = []
        weights: list[Floats] = []
        for number in sorted(known, key=lambda n: (self._held_by[n], n))[:RARE_WORDS]:
            rows = np.array(self._rows_with[number], dtype=np.int64)
            found.append(rows)
            weights.append(np.full(len(rows), float(self._rarity(self._held_by[number])) ** 2))
            if sum(map(len, found)) >= MOST_POSTINGS:
                break
        if not found:
            return np.zeros(0, dtype=np.int64)
        rows, place = np.unique(np.concatenate(found), return_inverse=True)
        shared = np.bincount(place, np.concatenate(weights))
        return rows[np.argsort(-shared, kind="stable")[:limit]]

    def compare(self, counts: Mapping[str, int], rows: Ints) -> Compared:
        """An item with the items in those rows, each word weighing as much as it does now."""
        documents = [self._documents[row] for row in rows]
        owner = np.repeat(np.arange(len(rows)), [len(words) for words, _ in documents])
        words = np.concatenate([words for words, _ in documents])
        rarity = self._rarity(self._held_by[words])
        weight: Floats = np.concatenate([values for _, values in documents]) * rarity
        own, asked = self._weighed(counts, words)

        def sums(values: Floats) -> Floats:
            return np.bincount(owner, values, len(rows)).astype(np.float64)

        products, lengths = sums(weight * rarity * asked), np.sqrt(sums(weight**2))
        shared = sums(rarity * np.sign(asked))
        lighter = np.minimum(sums(rarity), own.sum())
        length = float(np.linalg.norm(_dampened(counts) * own))
        alone = math.log(len(self._documents) + PRIOR_TEXTS)
        return Compared(_share(products, lengths * length), _share(shared, lighter), shared / alone)

    def _weighed(
        self, counts: Mapping[str, int], words: NDArray[np.int32]
    ) -> tuple[Floats, Floats]:
        """How rare an item's words are, and how often it has each of some others."""
        numbers = np.array([self._numbers.get(word, -1) for word in counts], dtype=np.int64)
        held_by = np.where(numbers < 0, 0.0, self._held_by[numbers])
        if not len(numbers):
            return np.zeros(0), np.zeros(len(words))
        order = np.argsort(numbers)
        place = np.minimum(np.searchsorted(numbers, words, sorter=order), len(numbers) - 1)
        there = numbers[order][place] == words
        return self._rarity(held_by), np.where(there, _dampened(counts)[order][place], 0.0)

    def _rarity(self, held_by: Any) -> Any:
        # Any: a number gives a number, an array an array.
        return np.log((len(self._documents) + PRIOR_TEXTS) / (held_by + 1))


def _share(part: Floats, whole: Floats) -> Floats:
    shares = np.zeros(len(part))
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def largest(values: NDArray[np.floating[Any]], limit: int) -> Ints:
    """Positions of the largest values, in ascending order of position."""
    if len(values) > limit:
        return np.sort(np.argpartition(-values, limit)[:limit])
    return np.arange(len(values))
