"""Which items hold a word: the sparse half of finding an item's like."""

from __future__ import annotations

from array import array

import numpy as np

from summarizer.clustering.fingerprint import Words
from summarizer.clustering.tfidf import Floats, Ints

RARE_WORDS = 40
"""Rarest words of a text by which its like are looked up."""

MOST_POSTINGS = 20_000
"""Items that are looked at for one item's rare words, so that a common one costs no more."""

MOST_OF_A_WORD = 4_000
"""Newest items that are kept of one word: what more of them hold tells nothing apart."""


class Postings:
    """Numbers of the items that hold each word.

    An answer depends on what was added, not on the order.
    """

    def __init__(self) -> None:
        # Most words are held by one item alone, for which a list would be ten times as large.
        self._with: dict[int, int | array[int]] = {}

    def add(self, number: int, words: Words) -> None:
        """Note the words of an item."""
        for word in words.tolist():
            found = self._with.get(word)
            if found is None:
                self._with[word] = number
            elif isinstance(found, int):
                self._with[word] = array("q", (found, number))
            else:
                found.append(number)
                if len(found) >= 2 * MOST_OF_A_WORD:
                    found[:] = array("q", sorted(found)[-MOST_OF_A_WORD:])

    def nearest(self, words: Words, rarity: Floats, limit: int) -> Ints:
        """Items that share the rarest words with a text, most first, of equal ones the oldest.

        Args:
            words: of the text.
            rarity: of each word, > 0.
            limit: of the answer.
        """
        found: list[Ints] = []
        weights: list[Floats] = []
        looked_at = used = 0
        for place in np.lexsort((words, -rarity)).tolist():
            numbers = self._holding(int(words[place]))
            if not len(numbers):
                continue
            found.append(numbers)
            weights.append(np.full(len(numbers), rarity[place] ** 2))
            looked_at, used = looked_at + len(numbers), used + 1
            if looked_at >= MOST_POSTINGS or used == RARE_WORDS:
                break
        if not found:
            return np.zeros(0, dtype=np.int64)
        numbers, place_of = np.unique(np.concatenate(found), return_inverse=True)
        shared = np.bincount(place_of, np.concatenate(weights))
        return numbers[np.argsort(-shared, kind="stable")[:limit]]

    def _holding(self, word: int) -> Ints:
        found = self._with.get(word, ())
        if isinstance(found, int):
            return np.array([found])
        numbers = np.array(found, dtype=np.int64)
        return numbers if len(numbers) <= MOST_OF_A_WORD else np.sort(numbers)[-MOST_OF_A_WORD:]
