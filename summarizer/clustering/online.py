"""Online clustering: assigns each arriving item to an incident, or opens a new one.

A fixed cosine threshold on embeddings merges distinct events of one kind.  Therefore
``pair_features`` compares an item with its candidates by words, meaning, people, places and time,
``pair_model`` scores each pair, and an incident's score combines its best pair with the mean of its
best few.  An item that fits two incidents merges them, unless both were edited or labelled, or a
ruling keeps them apart.

Decisions do not depend on the order in which stored items are restored.  The ``clustering`` suite
of the evals measures them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from summarizer.clustering import features, fingerprint, pair_model
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.pair_features import NAMES, Comparison, PairFeatures
from summarizer.clustering.pair_model import PairModel
from summarizer.clustering.places import InMemoryPlaces, Places
from summarizer.clustering.tfidf import Floats, Ints
from summarizer.domain.assignments import Assignment, PairScore
from summarizer.domain.model import Model

CONSIDERED = 20
"""Best-scored pairs that decide on an incident."""

MOST_MERGES = 2
"""Most incidents that one item can merge into its own."""

JOINS = 0.5
"""Score (0–1) from which an item joins an incident."""

UNTOLD = frozenset(("usual", "undated"))
"""Features left out of reasons, since they mean nothing to an editor."""


class ClusterItem(Model):
    """The parts of an item that clustering reads.

    Args:
        key: of the item.
        number: rank among equally good candidates, the lower one first; ``None`` to number items
            as they are added.
        published_at: ``None`` if unknown; time then counts neither for nor against a pair.
        title: may be empty.
        text: may repeat the title, or be empty.
        url: its address; only the host and the words of the path are read.
        label: the sender's own key of the incident, which overrides all scores.
    """

    key: str
    number: int | None = None
    published_at: dt.datetime | None = None
    title: str = ""
    text: str = ""
    url: str | None = None
    label: str | None = None


class Choice(NamedTuple):
    """A decision on an item.

    Args:
        incident: the incident to join; ``None`` for a new one.
        odds: log-odds of the best incident, joined or not.
        pair_odds: log-odds of the best pair with that incident.
        place: row of that pair in the comparison.
        like: number of the incident's pairs, where it adds to the odds; else 0.
        merges: incidents to merge into the joined one.
        barred: whether rulings exclude every candidate incident.
    """

    incident: str | None
    odds: float
    pair_odds: float
    place: int
    like: int = 0
    merges: tuple[str, ...] = ()
    barred: bool = False


class Reached(NamedTuple):
    """A candidate incident.

    Args:
        odds: log-odds that the item belongs to it.
        drawn: ``odds`` plus the bonus for the number of its pairs.
        incident: its id.
        place: row of its best pair in the comparison.
        like: number of its pairs, if that adds a bonus; else 0.
    """

    odds: float
    drawn: float
    incident: str
    place: int
    like: int


class Alike(Model):
    """An incident that an item is like.

    Args:
        score: that the item belongs to it, 0–1; from 0.5 on an arriving item would have joined.
        nearest: key of the most similar item in it.
        likeness: similarity to that item.
    """

    incident: str
    score: float
    nearest: str
    likeness: PairScore


class OnlineClusterer:
    """Assigns items to incidents one by one: ``propose`` decides, ``add`` stores the decision.

    The same items in the same order and incidents give the same proposals.  Not thread-safe.
    """

    def __init__(
        self,
        scorer: PairModel | None = None,
        pairs: PairFeatures | None = None,
        places: Places | None = None,
    ) -> None:
        self.places = places or InMemoryPlaces()
        self._scorer = scorer or pair_model.shipped()
        self._pairs = pairs or PairFeatures()
        self._read: tuple[ClusterItem, ItemFingerprint] | None = None

    def incident_of(self, key: str) -> str | None:
        """The incident of an item; ``None`` for an unknown item."""
        number = self.places.number_of(key)
        return None if number is None else self.places.incidents_of([number])[number]

    def propose(self, item: ClusterItem, vector: Vector) -> Assignment:
        """Decide on an item that was not added yet.

        Args:
            item: the item.
            vector: embedding of ``index_sync.heading(item.title, item.text)``, of length 1.
        """
        if item.label is not None:
            known = self.places.labelled(item.label)
            reason = f"Its sender put it into {item.label!r}."
            return Assignment(key=item.key, incident=known, score=1, reason=reason)
        compared = self._pairs.compare(self._imprint(item, vector))
        if compared is None:
            return Assignment(key=item.key, incident=None, score=0, reason="It is the first item.")
        return self.decide(item.key, compared)

    def add(self, item: ClusterItem, vector: Vector, incident: str) -> None:
        """Add an item to an incident, or move a known item there."""
        number = self.places.number_of(item.key)
        if number is None:
            number = self._pairs.table.texts if item.number is None else item.number
            self._pairs.add(number, self._imprint(item, vector))
        self.places.put(item.key, number, incident, item.label)

    def decide(self, key: str, compared: Comparison) -> Assignment:
        """The decision on a compared item, with its explanation."""
        choice = self.choose(compared)
        likeness = self._likeness(compared, choice)
        joins = choice.incident is not None
        return Assignment(
            key=key,
            incident=choice.incident,
            score=_chance(choice.odds - self._scorer.threshold),
            nearest=self._nearest(compared, choice.place),
            likeness=likeness,
            merges=choice.merges,
            reason=self._reason(joins, choice, likeness, bool(compared.short[choice.place])),
        )

    def choose(self, compared: Comparison) -> Choice:
        """The decision on a compared item, without its explanation."""
        odds = self._scorer.log_odds(compared)
        order = np.argsort(-odds, kind="stable")[:CONSIDERED]
        nearest = int(order[0])
        barred = self.places.barred(self._nearest(compared, nearest))
        reached = self._reached(compared, odds, order, barred)
        if not reached:
            return Choice(None, float(odds[nearest]), float(odds[nearest]), nearest, barred=True)
        best = max(reached, key=lambda one: (one.drawn, -one.place))
        pair_odds = float(odds[best.place])
        if best.drawn < self._scorer.threshold:
            return Choice(None, best.drawn, pair_odds, best.place, best.like)
        incident, merged = self._with_same(best, reached)
        return Choice(incident, best.drawn, pair_odds, best.place, best.like, merged)

    def alike(self, compared: Comparison, own: str) -> list[Alike]:
        """Other incidents that a compared item is like, none of them ruled out, best first."""
        odds = self._scorer.log_odds(compared)
        order = np.argsort(-odds, kind="stable")
        barred = {own, *self.places.barred(self._nearest(compared, int(order[0])))}
        found = self._reached(compared, odds, order, barred)
        found.sort(key=lambda one: (-one.drawn, one.place))
        return [
            Alike(
                incident=one.incident,
                score=_chance(one.drawn - self._scorer.threshold),
                nearest=self._nearest(compared, one.place),
                likeness=self._likeness(
                    compared, Choice(one.incident, one.drawn, float(odds[one.place]), one.place)
                ),
            )
            for one in found
        ]

    def _reached(
        self,
        compared: Comparison,
        odds: Floats,
        order: Ints,
        barred: Collection[str],
    ) -> list[Reached]:
        """Candidate incidents: those of the rows in ``order`` that are not barred."""
        found: dict[str, list[int]] = defaultdict(list)
        incidents = self.places.incidents_of([int(n) for n in compared.numbers[order]])
        for place in order:
            incident = incidents[int(compared.numbers[place])]
            if incident not in barred:
                found[incident].append(int(place))
        reached: list[Reached] = []
        for name, places in found.items():
            value = self._incident_odds([float(odds[place]) for place in places])
            drawn = self._scorer.draw(len(places)) if compared.short[places[0]] else 0.0
            like = len(places) if drawn else 0
            reached.append(Reached(value, value + drawn, name, places[0], like))
        return reached

    def _incident_odds(self, odds: Sequence[float]) -> float:
        """Log-odds of an incident from those of its pairs, given in descending order."""
        if odds[0] >= pair_model.COPY:  # a copy belongs to the incident of its original
            return odds[0]
        few = odds[: self._scorer.several]
        return self._scorer.best * odds[0] + (1 - self._scorer.best) * sum(few) / len(few)

    def _with_same(self, best: Reached, reached: Sequence[Reached]) -> tuple[str, tuple[str, ...]]:
        """The incident that an item joins, and the incidents to merge into it."""
        incident = best.incident
        merged: list[str] = []
        others = sorted(
            (one for one in reached if one is not best), key=lambda one: (-one.odds, one.place)
        )
        for one in others[:MOST_MERGES]:
            other = one.incident
            enough = one.odds >= self._scorer.threshold + self._scorer.merge_margin
            if enough and not self.places.kept_apart([incident, *merged], other):
                stays, goes = sorted((incident, other), key=self._stays)
                small = self.places.size(goes)[0] <= self._scorer.most_merged
                if small and not self.places.is_held(goes):
                    merged.append(goes)
                    incident = stays
        return incident, tuple(merged)

    def _stays(self, incident: str) -> tuple[bool, int, int]:
        """Sort key of a merge, the surviving incident first: held, then larger, then older."""
        count, lowest = self.places.size(incident)
        return not self.places.is_held(incident), -count, lowest

    def _nearest(self, compared: Comparison, place: int) -> str:
        return self.places.key_of(int(compared.numbers[place]))

    def _imprint(self, item: ClusterItem, vector: Vector) -> ItemFingerprint:
        """Fingerprint of an item, computed once for ``propose`` and ``add``."""
        if self._read is None or self._read[0] is not item:
            self._read = item, fingerprint_of(item, vector)
        return self._read[1]

    def _likeness(self, compared: Comparison, choice: Choice) -> PairScore:
        days = float(compared.days[choice.place])
        values = compared.features[choice.place].tolist()
        return PairScore(
            features={name: round(value, 4) for name, value in zip(NAMES, values, strict=True)},
            days=None if math.isnan(days) else days,
            score=_chance(choice.pair_odds - self._scorer.threshold),
        )

    def _reason(self, joins: bool, choice: Choice, likeness: PairScore, short: bool) -> str:
        if choice.barred:
            return "It stands alone: an editor ruled its nearest out of the incidents it fits."
        verb = "joins its nearest" if joins else "stands alone: too unlike its nearest"
        days = "undated" if likeness.days is None else f"{likeness.days:.0f} days apart"
        parts = self._scorer.contributions(likeness.features, short)
        shown = [(name, part) for name, part in parts.items() if name not in UNTOLD]
        for_it = [name.replace("_", " ") for name, part in shown if part > 0.1][:3]
        against = [name.replace("_", " ") for name, part in shown if part < -0.1][:3]
        score = _chance(choice.odds - self._scorer.threshold)
        if choice.like:
            for_it.append(f"{choice.like} of its items are alike")
        why = (
            f"for it: {', '.join(for_it) or 'nothing'}; against: {', '.join(against) or 'nothing'}"
        )
        return f"It {verb} (score {score:.2f}, needs {JOINS:.2f}; {why}; {days})."


def in_time_order(items: Sequence[ClusterItem]) -> list[int]:
    """Positions of the items by publication; an undated item follows its predecessor."""
    days: list[float] = []
    for item in items:
        last = days[-1] if days else -math.inf
        days.append(last if item.published_at is None else item.published_at.timestamp())
    return sorted(range(len(items)), key=lambda i: (days[i], i))


def cluster(
    items: Iterable[tuple[ClusterItem, Vector]], scorer: PairModel | None = None
) -> list[Assignment]:
    """Assign items in the given order, each to the incident that remains after all merges.

    A new incident is named by the item's label, or else by its key.
    """
    clusterer = OnlineClusterer(scorer)
    into: dict[str, str] = {}
    found: list[Assignment] = []
    for item, vector in items:
        assigned = clusterer.propose(item, vector)
        incident = assigned.incident or item.label or item.key
        for gone in assigned.merges:
            clusterer.places.merge(gone, incident)
            into[gone] = incident
        clusterer.add(item, vector, incident)
        found.append(assigned.model_copy(update={"incident": incident}))
    return [one.model_copy(update={"incident": _led(str(one.incident), into)}) for one in found]


def _led(incident: str, into: Mapping[str, str]) -> str:
    """The incident that remains of ``incident`` after all merges."""
    while incident in into:
        incident = into[incident]
    return incident


def fingerprint_of(item: ClusterItem, vector: Vector) -> ItemFingerprint:
    """Fingerprint of an item; ``vector`` is the embedding of its heading."""
    reading = features.read(item.title, item.text, item.url, item.published_at)
    return fingerprint.of(reading, vector, item.label)


def _chance(odds: float) -> float:
    """Probability from log-odds."""
    return 1 / (1 + math.exp(-odds))
