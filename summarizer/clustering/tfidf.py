"""Words of two texts beside each other, each weighing by how few of the texts so far hold it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from summarizer.clustering.features import FIELDS
from summarizer.clustering.fingerprint import MOST_COUNTED, ItemFingerprint, Words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUCKET_BITS = 24
"""Words are counted in 2 to the power of this many places, 64 MiB, however many there are.  100,000
articles bring about as many different words and pairs of words; one that shares a place counts as a
little less rare than it is."""

PRIOR_TEXTS = 100
"""Imagined earlier texts without any of the words, so that the first real ones weigh evenly."""

_MIXER = np.uint32(2_654_435_761)  # 2**32 over the golden ratio: spreads numbers that are near
_SHIFT = np.uint32(32 - BUCKET_BITS)
_SIFT = np.uint32(16)
_DAMPENED = np.concatenate([[0.0], 1 + np.log(np.arange(1, MOST_COUNTED + 1))])
"""What a word's mentions weigh, by their number: the tenth says less than the first."""


class Compared(NamedTuple):
    """A text beside some others in one field, one value each.

    Args:
        cosine: of weighted words, 0–1.
        overlap: weight of shared words over that of all words of whichever text weighs less, so
            that a short text within a long one scores high.
        mass: weight of shared words, in words that no other text holds.
    """

    cosine: Floats
    overlap: Floats
    mass: Floats


class TfIdf:
    """How many texts hold each word, of all texts so far."""

    def __init__(self) -> None:
        self._texts = 0
        self._held_by = np.zeros(1 << BUCKET_BITS, dtype=np.int32)

    def add(self, words: Words, texts: int = 1) -> None:
        """Count the words of some texts, each once a text."""
        np.add.at(self._held_by, _place(words), 1)
        self._texts += texts

    def rarity(self, words: Words) -> Floats:
        """Weight of each word as of now: log of all texts over those that hold it."""
        # Two common words in one place would be in more texts than there are.
        held_by = np.minimum(self._held_by[_place(words)], self._texts)
        weights: Floats = math.log(self._texts + PRIOR_TEXTS) - np.log(held_by + 1.0)
        return weights

    def compare(
        self, one: ItemFingerprint, others: Sequence[ItemFingerprint]
    ) -> dict[str, Compared]:
        """A text with others, by field."""
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
        mass = shared / math.log(self._texts + PRIOR_TEXTS)
        return {
            name: Compared(cosine[:, n], overlap[:, n], mass[:, n]) for n, name in enumerate(FIELDS)
        }


def _place(words: Words) -> NDArray[np.uint32]:
    return (words * _MIXER) >> _SHIFT


def _shared(words: Words, asked: Words) -> tuple[Ints, Ints]:
    """Places of the words that are asked for, and which of those asked for each is."""
    # A table of the upper bits drops nearly all others at a fraction of a search's cost.
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
