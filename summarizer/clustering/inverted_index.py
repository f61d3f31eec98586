"""Inverted index: the items that contain a word, for sparse candidate retrieval."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np

from summarizer.clustering.fingerprint import Words
from summarizer.clustering.tfidf import Floats, Ints

RARE_WORDS = 40
"""Most words of a query, the rarest first."""

MOST_POSTINGS = 20_000
"""Postings from which a query reads no further word, which bounds its cost."""

MOST_OF_A_WORD = 4_000
"""Most postings of one word, the newest items: a word of more items separates none."""


WORDS_AT_ONCE = 48
"""Words looked up at one time among the earlier items."""

Holding = Callable[[int], Ints]
"""Numbers of the earlier items that contain a word, at least the newest ``MOST_OF_A_WORD``."""

Earlier = Callable[[Sequence[int]], Holding]
"""Looks words up at once, and answers for each of them."""


class Postings:
    """Numbers of the items that contain each word; independent of the order of adding.

    Args:
        earlier: looks up items that were not added here.
    """

    def __init__(self, earlier: Earlier | None = None) -> None:
        self._earlier = earlier
        # Most words occur in one item only, where an array would be ten times as large.
        self._with: dict[int, int | array[int]] = {}

    def add(self, number: int, words: Words) -> None:
        """Add the words of an item."""
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
        """Items by the summed squared rarity of the words that they share with a query.

        Args:
            words: hashes of the query's words.
            rarity: weight of each word, > 0.
            limit: most items returned.

        Returns:
            Item numbers, largest sum first; the lower number first among equals.
        """
        found: list[Ints] = []
        weights: list[Floats] = []
        looked_at = used = 0
        order = np.lexsort((words, -rarity)).tolist()
        earlier: Holding | None = None
        for rank, place in enumerate(order):
            if self._earlier is not None and rank % WORDS_AT_ONCE == 0:
                asked = words[order[rank : rank + WORDS_AT_ONCE]].tolist()
                earlier = self._earlier(asked)
            numbers = self._holding(int(words[place]), earlier)
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

    def _holding(self, word: int, earlier: Holding | None) -> Ints:
        found = self._with.get(word, ())
        here = (found,) if isinstance(found, int) else found
        numbers = np.array(here, dtype=np.int64)
        if earlier is not None:
            numbers = np.concatenate([earlier(word), numbers])
        return numbers if len(numbers) <= MOST_OF_A_WORD else np.sort(numbers)[-MOST_OF_A_WORD:]
