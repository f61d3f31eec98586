"""Features of a pair of items, for predicting whether both report one incident.

Words, names and numbers are weighted by their rarity so far; a cosine of vectors counts only above
the usual cosine.  No feature depends on the incident of an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.clustering.candidates import CandidateIndex, InMemory
from summarizer.clustering.features import FIELDS
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.inverted_index import Earlier, Postings
from summarizer.clustering.tfidf import Floats, Ints, TfIdf

BY_MEANING = 40
"""Candidates fetched by their heading vector."""

SEARCHED = {"known_words": 40, "names": 15}
"""Candidates fetched by the words of each field."""

FINENESS = 2.0**20
"""Scale of the integers in which vectors are summed, so that the sum is independent of order."""

USUAL = 0.85
"""Share of the usual cosine that is subtracted, 0–1."""

PRIOR_USUAL = 0.12
"""Prior of the usual cosine: that of news items about different things."""

PRIOR_ITEMS = 50
"""Weight of the prior, in items."""

COPY_MIN_WORDS = 12
"""Distinct words below which equal texts may be chance: "Markets close lower"."""

COPY_WORDS = 0.92
"""Cosine of words from which two items are copies, 0–1."""

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
    "frame",
    "frame_of_other_lead_names",
    "frame_of_other_numbers",
)
"""Names of the features, in the order of the columns.

``same_…`` and ``other_…`` are 1 or 0, and both 0 where one item has no value; ``days_apart`` is
log(1 + days), ``weeks_apart`` the part of it beyond a week.  ``frame_of_other_…`` is the cosine of
the frames, times the share of the names or numbers that the items do not have in common: near 1 for
two texts of one template.
"""

_WEEK = float(np.log(8))


class Comparison:
    """An item compared with candidates, one row each.

    Args:
        numbers: item numbers of the candidates, ascending.
        features: one column for each of ``NAMES``.
        short: whether either item of the pair is short.
        copy: whether the pair are copies.
        days: between their publications; NaN if either is undated.
    """

    def __init__(
        self,
        numbers: Ints,
        features: Floats,
        short: NDArray[np.bool_],
        copy: NDArray[np.bool_],
        days: Floats,
    ) -> None:
        self.numbers = numbers
        self.features = features
        self.short = short
        self.copy = copy
        self.days = days


class PairFeatures:
    """Compares an item with its nearest earlier items; independent of the order of adding."""

    def __init__(
        self,
        memory: CandidateIndex | None = None,
        *,
        earlier: Earlier | None = None,
        table: TfIdf | None = None,
        vectors: Ints | None = None,
    ) -> None:
        """Begin without any item, or after earlier ones.

        Args:
            memory: of the items.
            earlier: which of the earlier items contain a word.
            table: word counts of the earlier items.
            vectors: sum of the vectors of the earlier items.
        """
        self.table = table or TfIdf()
        self.vectors: Ints = np.zeros(0, dtype=np.int64) if vectors is None else vectors
        self._memory = memory or InMemory()
        self._earlier = earlier
        self._postings = Postings(earlier)

    def add(self, number: int, imprint: ItemFingerprint) -> None:
        """Add an item."""
        self.count([(number, imprint)])
        self._memory.add(number, imprint)

    def count(self, known: Sequence[tuple[int, ItemFingerprint]]) -> None:
        """Add items that the candidate index holds already."""
        if not known:
            return
        total = _summed(known)
        self.vectors = self.vectors + total if self.table.texts else total
        self.table.add(np.concatenate([imprint.words for _, imprint in known]), len(known))
        for number, imprint in known:
            for field in SEARCHED:
                self._postings.add(number, imprint.words_of(field))

    def only(self, known: Sequence[tuple[int, ItemFingerprint]]) -> None:
        """Have these as the added items, which ``without`` has taken out: the others are earlier
        ones now."""
        self._postings = Postings(self._earlier)
        if not known:
            return
        self.vectors = self.vectors + _summed(known)
        self.table.add(np.concatenate([imprint.words for _, imprint in known]), len(known))
        for number, imprint in known:
            for field in SEARCHED:
                self._postings.add(number, imprint.words_of(field))

    def without(self, known: Sequence[tuple[int, ItemFingerprint]]) -> Ints:
        """Take added items out of the word counts; the sum of the vectors without theirs."""
        if not known:
            return self.vectors
        self.table.remove(np.concatenate([imprint.words for _, imprint in known]), len(known))
        return self.vectors - _summed(known)

    def compare(self, imprint: ItemFingerprint, spare: int = 0) -> Comparison | None:
        """Compare an item with its nearest items by words, names and vector, if there are any.

        Args:
            imprint: of the item.
            spare: candidates fetched beyond the limits, where some are known not to count.
        """
        found = [self._memory.nearest(imprint.vector, BY_MEANING + spare)]
        for field, limit in SEARCHED.items():
            words = imprint.words_of(field)
            found.append(self._postings.nearest(words, self.table.rarity(words), limit + spare))
        known = self._memory.of(np.unique(np.concatenate(found)).tolist())
        numbers, others = np.array(list(known), dtype=np.int64), list(known.values())
        if not others:
            return None
        columns = self._of_vectors(imprint, others) | self._of_words(imprint, others)
        days = np.array([_days(imprint, other) for other in others])
        columns |= _of_time(days) | _of_slots(imprint, others)
        words = np.array([other.distinct for other in others])
        enough = np.minimum(words, imprint.distinct) >= COPY_MIN_WORDS
        return Comparison(
            numbers=numbers,
            features=np.stack([columns[name] for name in NAMES], axis=1),
            short=np.array([imprint.short or other.short for other in others]),
            copy=enough & (columns["words"] >= COPY_WORDS),
            days=days,
        )

    def _of_vectors(
        self, imprint: ItemFingerprint, others: Sequence[ItemFingerprint]
    ) -> dict[str, Floats]:
        vector = imprint.vector.astype(np.float64)
        vectors = np.stack([other.vector for other in others]).astype(np.float64)
        usual = (self._usual(vector[None]) + self._usual(vectors)) / 2
        off = USUAL * usual
        return {"meaning": (vectors @ vector - off) / (1 - off), "usual": usual}

    def _usual(self, vectors: Floats) -> Floats:
        """Mean cosine of each vector with all items so far."""
        total = vectors @ (self.vectors / FINENESS) + PRIOR_ITEMS * PRIOR_USUAL
        usual: Floats = total / (self.table.texts + PRIOR_ITEMS)
        return usual

    def _of_words(
        self, imprint: ItemFingerprint, others: Sequence[ItemFingerprint]
    ) -> dict[str, Floats]:
        found = self.table.compare(imprint, others)
        columns = {name: compared.cosine for name, compared in found.items()}
        columns["overlap"] = found["words"].overlap
        columns["shared_names"] = np.log1p(found["names"].mass)
        columns["shared_words"] = np.log1p(found["words"].mass)
        columns["shared_bigrams"] = np.log1p(found["bigrams"].mass)
        for field in ("lead_names", "numbers"):
            differ = _both(field, imprint, others) * (1 - found[field].overlap)
            columns[f"frame_of_other_{field}"] = columns["frame"] * differ
        return columns


def _summed(known: Sequence[tuple[int, ItemFingerprint]]) -> Ints:
    vectors = np.stack([imprint.vector for _, imprint in known]).astype(np.float64)
    total: Ints = np.rint(vectors * FINENESS).astype(np.int64).sum(axis=0)
    return total


def _both(field: str, one: ItemFingerprint, others: Sequence[ItemFingerprint]) -> Floats:
    """1 for each pair in which both items have words of a field."""
    place = FIELDS.index(field)
    theirs = np.array([other.lengths[place] > 0 for other in others], dtype=np.float64)
    return theirs * float(one.lengths[place] > 0)


def _days(one: ItemFingerprint, other: ItemFingerprint) -> float:
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


def _of_slots(imprint: ItemFingerprint, others: Sequence[ItemFingerprint]) -> dict[str, Floats]:
    """Whether the values of a slot (age, street, event day, outlet) overlap or differ."""
    slots: dict[str, tuple[frozenset[Any], list[frozenset[Any]]]] = {
        "age": (imprint.ages, [other.ages for other in others]),
        "street": (imprint.streets, [other.streets for other in others]),
        "event_day": (imprint.days, [other.days for other in others]),
        "outlet": (_known(imprint), [_known(other) for other in others]),
    }
    columns: dict[str, Floats] = {}
    for name, (mine, theirs) in slots.items():
        columns[f"same_{name}"] = np.array([float(bool(mine & their)) for their in theirs])
        columns[f"other_{name}"] = np.array(
            [float(bool(mine and their) and not mine & their) for their in theirs]
        )
    return columns


def _known(imprint: ItemFingerprint) -> frozenset[str]:
    return frozenset((imprint.host,)) if imprint.host else frozenset()
