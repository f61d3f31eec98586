"""Puts items into incidents as they arrive: words, meaning and time, never meaning alone.

Hundreds of events of one kind read alike, so a fixed cosine of embeddings merges what is distinct
and scores below leaving every item alone.  Here a cosine counts only as far as it exceeds what is
usual among the items so far, and words count beside it, each by how rare it has been so far.  Days
between two items count against them, the more so where items are usually alike, and gently enough
that a strong match is still found a year later.  An incident's score joins its best item with the
mean of its best few, so that one chance resemblance does not chain two incidents.

``OnlineClusterer`` holds what it needs of every item in memory and can be refilled from stored
items, after which it answers as before.  ``evals.clustering`` measures it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from summarizer.assignments import Assignment, Likeness
from summarizer.domain import Model
from summarizer.word_table import Ints, WordTable, content_words, largest

Vector = NDArray[np.float32]


class ClusterItem(Model):
    """What clustering reads of an item.

    Args:
        published_at: when the item became public; ``None`` when unknown, and then time neither
            speaks for nor against any pair it is in.
        text: may repeat the title, or be empty when there is only a title.
        label: the sender's own key of the incident, which overrides everything else.
    """

    key: str
    published_at: dt.datetime | None = None
    title: str = ""
    text: str = ""
    label: str | None = None


class Weights(Model):
    """The one setting for items of every kind.

    Chosen by hill climbing on six labelled sets (5,601 items) and 53 invented items about
    incidents that last for weeks, then rounded.  A setting for the six sets alone scores 0.02
    higher there, and cuts the long incidents into pieces.

    Args:
        meaning: of the cosine of vectors, as far as it exceeds the usual, in the score of two full
            texts.
        words: of the cosine of weighted words in it.
        overlap: of the weight of shared words over all words of the lighter item in it.
        meaning_short: of meaning where either is short, the rest being words: titles share too
            few words to decide.
        usual: how much of the usual cosine is taken off, 0–1.
        decay: taken off for two weeks between the items; grows with the logarithm of the days.
        decay_usual: added to ``decay`` for each unit of the usual cosine.
        threshold: least score at which an item joins.
        best: share of the best item in the score of an incident; the rest is the mean of its
            ``several`` best.
        copy_words: cosine of words from which two items are copies and are joined at once.
    """

    meaning: float = 0.4
    words: float = 0.55
    overlap: float = 0.15
    meaning_short: float = 0.5
    usual: float = 0.85
    decay: float = 0.07
    decay_usual: float = 0.3
    threshold: float = 0.22
    best: float = 0.5
    several: int = 3
    copy_words: float = 0.92


SHORT = 200
"""Characters of text below which an item counts as a title or a post rather than an article."""

MAX_WORDS = 400
"""Content words read of an item: later ones are background that alike incidents share."""

COPY_MIN_WORDS = 12
"""Distinct words below which two equal texts may be chance: "Markets close lower"."""

CANDIDATES = 30
"""Items fetched by words and as many by meaning, to be compared in full."""

PRIOR_USUAL = 0.12
"""Usual cosine before anything was seen: of news items about unlike things."""

PRIOR_ITEMS = 50
"""How many items that first guess is worth."""

LEAD_CHARACTERS = 200
"""Of the text that are embedded behind the title: 500 cost twice the time and measured worse."""


def heading(title: str, text: str) -> str:
    """What of an item is embedded for clustering: its title and the start of its text."""
    lead = " ".join(text[: 2 * LEAD_CHARACTERS].split())
    if len(lead) > LEAD_CHARACTERS:
        lead = lead[: LEAD_CHARACTERS + 1].rpartition(" ")[0] or lead[:LEAD_CHARACTERS]
    return lead if lead.startswith(title) else f"{title}. {lead}".removesuffix(". ")


def _counts(item: ClusterItem) -> Counter[str]:
    text = item.text if item.text.startswith(item.title) else f"{item.title}. {item.text}"
    return Counter(islice(content_words(text), MAX_WORDS))


class _Row(NamedTuple):
    key: str
    day: float
    short: bool
    distinct_words: int


class OnlineClusterer:
    """Assigns items to incidents one by one: ``propose`` asks, ``add`` remembers the decision.

    The same items added in the same order to the same incidents give the same proposals.  An item
    costs one product with all vectors and a look at those that share its rarest words.  Not safe to
    share between threads.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or Weights()
        self._words = WordTable()
        self._vectors: Vector = np.zeros((0, 0), dtype=np.float32)
        self._sum: NDArray[np.float64] = np.zeros(0)
        self._rows: list[_Row] = []
        self._row_of: dict[str, int] = {}
        self._incidents: list[str] = []
        self._labels: dict[str, str] = {}
        self._barred: Mapping[str, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        return key in self._row_of

    def propose(self, item: ClusterItem, vector: Vector) -> Assignment:
        """Where an item that was not added yet belongs.

        Args:
            item: the item.
            vector: of ``heading(item.title, item.text)``, of length 1.
        """
        if item.label is not None:
            known = self._labels.get(item.label)
            reason = f"Its sender put it into {item.label!r}."
            return Assignment(key=item.key, incident=known, score=1, reason=reason)
        if not self._rows:
            return Assignment(key=item.key, incident=None, score=0, reason="It is the first item.")
        counts = _counts(item)
        rows = self._candidates(counts, vector)
        likenesses = self._likenesses(_row(item, counts), counts, vector, rows)
        return self._decide(item.key, rows, likenesses)

    def add(self, item: ClusterItem, vector: Vector, incident: str) -> None:
        """Remember an item as part of an incident; an item that is known is only moved there."""
        if item.key in self._row_of:
            return self.move(item.key, incident)
        if item.label is not None:
            self._labels.setdefault(item.label, incident)
        counts = _counts(item)
        self._row_of[item.key] = len(self._rows)
        self._store_vector(vector)
        self._words.add(counts)
        self._rows.append(_row(item, counts))
        self._incidents.append(incident)
        return None

    def move(self, key: str, incident: str) -> None:
        """Put a known item into another incident; raises ``KeyError`` for an unknown one."""
        self._incidents[self._row_of[key]] = incident

    def bar(self, barred: Mapping[str, frozenset[str]]) -> None:
        """Incidents that items may not be in, by the item's key, in the place of what was known.

        An item that is most like one of these keeps out of the same incidents.
        """
        self._barred = barred

    def merge(self, source: str, target: str) -> None:
        """Put every item and label of one incident into another."""
        self._incidents = [target if name == source else name for name in self._incidents]
        for label, incident in self._labels.items():
            if incident == source:
                self._labels[label] = target

    def _store_vector(self, vector: Vector) -> None:
        used = len(self._rows)
        self._sum = self._sum + vector if used else vector.astype(np.float64)
        if used >= len(self._vectors):
            larger = np.zeros((max(1024, 2 * used), len(vector)), dtype=np.float32)
            larger[:used] = self._vectors[:used].reshape(used, len(vector))
            self._vectors = larger
        self._vectors[used] = vector

    def _candidates(self, counts: Mapping[str, int], vector: Vector) -> Ints:
        alike = self._vectors[: len(self._rows)] @ vector
        by_words = self._words.nearest(counts, CANDIDATES)
        return np.union1d(by_words, largest(alike, CANDIDATES))

    def _likenesses(
        self, row: _Row, counts: Mapping[str, int], vector: Vector, rows: Ints
    ) -> list[Likeness]:
        cosines = (self._vectors[rows] @ vector).astype(np.float64)
        usual = (self._usual(vector[None]) + self._usual(self._vectors[rows])) / 2
        off = self._weights.usual * usual
        words, overlaps = self._words.compare(counts, rows)
        columns = ((cosines - off) / (1 - off), words, overlaps, usual)
        return [
            self._likeness(row, self._rows[r], *values)
            for r, values in zip(rows, np.stack(columns, axis=1).tolist(), strict=True)
        ]

    def _usual(self, vectors: Vector) -> NDArray[np.float64]:
        """Mean cosine of each vector with all items so far."""
        total = vectors.astype(np.float64) @ self._sum + PRIOR_ITEMS * PRIOR_USUAL
        usual: NDArray[np.float64] = total / (len(self._rows) + PRIOR_ITEMS)
        return usual

    def _likeness(
        self, one: _Row, other: _Row, meaning: float, words: float, overlap: float, usual: float
    ) -> Likeness:
        weights = self._weights
        if one.short or other.short:
            score = weights.meaning_short * meaning + (1 - weights.meaning_short) * words
        else:
            score = weights.meaning * meaning + weights.words * words + weights.overlap * overlap
        days = None if math.isnan(one.day + other.day) else abs(one.day - other.day)
        if days is not None:
            decay = weights.decay + weights.decay_usual * usual
            score -= decay * math.log1p(days) / math.log1p(14)
        enough = min(one.distinct_words, other.distinct_words) >= COPY_MIN_WORDS
        if enough and words >= weights.copy_words:
            score = 1.0
        features = {"meaning": meaning, "words": words, "overlap": overlap}
        return Likeness(features=features, days=days, score=score)

    def _decide(self, key: str, rows: Ints, likenesses: Sequence[Likeness]) -> Assignment:
        ranked = sorted(
            zip(rows.tolist(), likenesses, strict=True), key=lambda p: (-p[1].score, p[0])
        )
        found: dict[str, list[tuple[int, Likeness]]] = defaultdict(list)
        barred = self._barred.get(self._rows[ranked[0][0]].key, frozenset())
        for row, likeness in ranked:
            if self._incidents[row] not in barred:
                found[self._incidents[row]].append((row, likeness))
        if not found:
            return Assignment(
                key=key,
                incident=None,
                score=ranked[0][1].score,
                nearest=self._rows[ranked[0][0]].key,
                likeness=ranked[0][1],
                reason="It stands alone: an editor took its nearest out of where it would belong.",
            )
        best = max(found.values(), key=self._incident_score)
        score, (row, likeness) = self._incident_score(best), best[0]
        joins = score >= self._weights.threshold
        return Assignment(
            key=key,
            incident=self._incidents[row] if joins else None,
            score=score,
            nearest=self._rows[row].key,
            likeness=likeness,
            reason=_reason(joins, score, self._weights.threshold, likeness),
        )

    def _incident_score(self, members: Sequence[tuple[int, Likeness]]) -> float:
        """Of an incident whose items are given with the most alike first."""
        scores = [likeness.score for _, likeness in members[: self._weights.several]]
        if scores[0] >= 1:  # a copy belongs where its original is
            return scores[0]
        mean = sum(scores) / len(scores)
        return self._weights.best * scores[0] + (1 - self._weights.best) * mean


def in_time_order(items: Sequence[ClusterItem]) -> list[int]:
    """Positions of the items by publication; an undated one stays behind its predecessor."""
    days: list[float] = []
    for item in items:
        last = days[-1] if days else -math.inf
        days.append(last if item.published_at is None else item.published_at.timestamp())
    return sorted(range(len(items)), key=lambda i: (days[i], i))


def cluster(
    items: Iterable[tuple[ClusterItem, Vector]], weights: Weights | None = None
) -> Iterator[Assignment]:
    """Assign items in the given order; every answer names an incident.

    A new incident is named for the item's label, else for its key.
    """
    clusterer = OnlineClusterer(weights)
    for item, vector in items:
        found = clusterer.propose(item, vector)
        incident = found.incident or item.label or item.key
        clusterer.add(item, vector, incident)
        yield found.model_copy(update={"incident": incident})


def _row(item: ClusterItem, counts: Mapping[str, int]) -> _Row:
    day = math.nan if item.published_at is None else item.published_at.timestamp() / 86_400
    return _Row(item.key, day, len(item.text) < SHORT, len(counts))


def _reason(joins: bool, score: float, threshold: float, likeness: Likeness) -> str:
    verb = "joins its nearest" if joins else "stands alone: too unlike its nearest"
    days = "undated" if likeness.days is None else f"{likeness.days:.0f} days apart"
    return (
        f"It {verb} (score {score:.2f}, needs {threshold:.2f}; meaning "
        f"{likeness.features['meaning']:.2f}, words {likeness.features['words']:.2f}, {days})."
    )
