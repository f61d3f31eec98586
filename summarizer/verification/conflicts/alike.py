"""Pairs of sentences that may give different values, found by an index of their words.

Most sentences of an incident share too little to be compared; only the others are read in pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from summarizer.verification.conflicts import people
from summarizer.verification.conflicts.values import LOOSELY, content_of


def alike(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places of all pairs in which ``values.differing`` can find something, in order.

    Two sentences are compared if each shares enough content words with the other, or if both give
    the age of one person, or if both quote somebody.
    """
    contents = [content_of(text) for text in texts]
    with_word: dict[str, list[int]] = defaultdict(list)
    with_key: dict[Hashable, list[int]] = defaultdict(list)
    found: list[tuple[int, int]] = []
    for place, (text, words) in enumerate(zip(texts, contents, strict=True)):
        shared = Counter(n for word in words for n in with_word[word])
        near = {
            n
            for n, count in shared.items()
            if min(count / len(words), count / len(contents[n])) >= LOOSELY
        }
        keys: list[Hashable] = [*people.aged(text)]
        if people.speech(text) is not None:
            keys.append(None)
        near.update(n for key in keys for n in with_key[key])
        found += ((n, place) for n in near)
        for word in words:
            with_word[word].append(place)
        for key in keys:
            with_key[key].append(place)
    return sorted(found)
