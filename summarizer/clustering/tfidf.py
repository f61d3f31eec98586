"""TF-IDF similarity of fingerprints, with document frequencies of all items so far."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from summarizer.clustering.features import FIELDS
from summarizer.clustering.fingerprint import MOST_COUNTED, ItemFingerprint, Words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUCKET_BITS = 24
"""Bits of the hash under which words are counted: 2**24 counters take 64 MiB.  100,000 articles
have about as many distinct words and bigrams; a collision makes a word count as slightly less rare.
"""

PARTS = 64
"""Parts in which the counts are stored, of 256 KiB or less each."""

_LARGE = 255

PRIOR_TEXTS = 100
"""Virtual earlier texts without any words, so that the first real texts weigh evenly."""

_MIXER = np.uint32(2_654_435_761)  # 2**32 over the golden ratio: multiplicative hashing
_SHIFT = np.uint32(32 - BUCKET_BITS)
_SIFT = np.uint32(16)
_DAMPENED = np.concatenate([[0.0], 1 + np.log(np.arange(1, MOST_COUNTED + 1))])
"""Term frequency weight by count: 1 + log(count)."""


class Compared(NamedTuple):
    """Similarity of a text to others in one field, one value for each.

    Args:
        cosine: of TF-IDF weights, 0–1.
        overlap: rarity of the shared words over that of all words of the lighter text, so that a
            short text within a long one scores high, 0–1.
        mass: summed rarity of the shared words, in units of a word that no text contains.
    """

    cosine: Floats
    overlap: Floats
    mass: Floats


class TfIdf:
    """Document frequencies of all texts so far, and similarities weighted by them.

    Attributes:
        texts: number of texts.
    """

    def __init__(self) -> None:
        self.texts = 0
        self._held_by = np.zeros(1 << BUCKET_BITS, dtype=np.int32)

    def add(self, words: Words, texts: int = 1) -> None:
        """Count the words of ``texts`` texts; each text lists a word once."""
        np.add.at(self._held_by, _place(words), 1)
        self.texts += texts

    def remove(self, words: Words, texts: int = 1) -> None:
        """Undo ``add``."""
        np.subtract.at(self._held_by, _place(words), 1)
        self.texts -= texts

    def to_parts(self) -> tuple[int, list[bytes]]:
        """Number of texts, and the counts in parts, which ``from_parts`` reads."""
        return self.texts, [_packed(part) for part in np.split(self._held_by, PARTS)]

    @classmethod
    def from_parts(cls, texts: int, parts: Sequence[bytes]) -> Self:
        """The counts that ``to_parts`` gave."""
        made = cls()
        made.texts = texts
        for counts, part in zip(np.split(made._held_by, PARTS), parts, strict=True):
            _unpack(part, counts)
        return made

    def holders(self, words: Words) -> NDArray[np.int32]:
        """How many texts contain each word, or seem to."""
        found: NDArray[np.int32] = self._held_by[_place(words)]
        return found

    def rarity(self, words: Words) -> Floats:
        """Inverse document frequency of each word: log of all texts over those that contain it."""
        # Common words with one hash would be counted in more texts than there are.
        held_by = np.minimum(self._held_by[_place(words)], self.texts)
        weights: Floats = math.log(self.texts + PRIOR_TEXTS) - np.log(held_by + 1.0)
        return weights

    def compare(
        self, one: ItemFingerprint, others: Sequence[ItemFingerprint]
    ) -> dict[str, Compared]:
        """Similarity of a text to others, by field."""
        words = np.concatenate([other.words for other in others])
        parts = np.array([other.lengths for other in others]).ravel()
        part = np.repeat(np.arange(len(parts)), parts)
        rarity = self.rarity(words)
        weight = _DAMPENED[np.concatenate([other.counts for other in others])] * rarity
        both, place = _shared(words, one.words)
        own_rarity = self.rarity(one.words)
        own_weight = _DAMPENED[one.counts] * own_rarity
        own_parts = np.repeat(np.arange(len(FIELDS)), one.lengths)

        def sums(values: Floats, places: NDArray[Any] = part, groups: int = len(parts)) -> Floats:
            found = np.bincount(places, values, groups).astype(np.float64)
            return found.reshape(-1, len(FIELDS))

        products = sums(weight[both] * own_weight[place], part[both])
        shared = sums(rarity[both], part[both])
        whole = np.sqrt(sums(weight**2) * sums(own_weight**2, own_parts, len(FIELDS)))
        lighter = np.minimum(sums(rarity), sums(own_rarity, own_parts, len(FIELDS)))
        cosine, overlap = _share(products, whole), _share(shared, lighter)
        mass = shared / math.log(self.texts + PRIOR_TEXTS)
        return {
            name: Compared(cosine[:, n], overlap[:, n], mass[:, n]) for n, name in enumerate(FIELDS)
        }


def _packed(counts: NDArray[np.int32]) -> bytes:
    """Counts as compressed bytes: nearly all are small, and the others follow by themselves."""
    large = np.flatnonzero(counts >= _LARGE).astype("<u4")
    small = np.minimum(counts, _LARGE).astype(np.uint8)
    return zlib.compress(
        small.tobytes() + large.tobytes() + counts[large].astype("<u4").tobytes(), level=1
    )


def _unpack(stored: bytes, counts: NDArray[np.int32]) -> None:
    """Fill counts from ``_packed`` ones."""
    plain = zlib.decompress(stored)
    counts[:] = np.frombuffer(plain, np.uint8, len(counts))
    large, values = np.frombuffer(plain, "<u4", offset=len(counts)).reshape(2, -1)
    counts[large] = values


def _place(words: Words) -> NDArray[np.uint32]:
    return (words * _MIXER) >> _SHIFT


def _shared(words: Words, asked: Words) -> tuple[Ints, Ints]:
    """Positions in ``words`` of words that are in ``asked``, and their positions in ``asked``."""
    # A table of the upper bits drops nearly all other words at a fraction of a search's cost.
    possible = np.zeros(1 << 16, dtype=np.bool_)
    possible[asked >> _SIFT] = True
    places = np.flatnonzero(possible[words >> _SIFT])
    order = np.argsort(asked, kind="stable")
    ordered = asked[order]
    found = np.minimum(np.searchsorted(ordered, words[places]), max(len(asked) - 1, 0))
    there = ordered[found] == words[places]
    return places[there], order[found[there]]


def _share(part: Floats, whole: Floats) -> Floats:
    shares = np.zeros_like(part)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
