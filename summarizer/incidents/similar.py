"""Incidents that look like the story of one incident: to merge with it, or to move an item to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from summarizer.clustering.likeness import in_common
from summarizer.clustering.online import Alike
from summarizer.domain.assignments import PairScore
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, SourceItem
from summarizer.domain.model import Model
from summarizer.domain.reviews import ReviewState
from summarizer.errors import InputError
from summarizer.incidents.withholding import Withholding
from summarizer.pipeline.standings import StandingKeeper
from summarizer.storage.store import Store

COMPARED = 8
"""Items of an incident that are compared, the oldest and the newest: time stays bounded."""

LEAST = 0.1
"""Least score of an incident that is suggested."""

LIKELY = 0.5
"""Score from which an arriving item would have joined, so that both are likely one story."""

Compare = Callable[[IncidentId, Sequence[ItemKey]], dict[ItemKey, list[Alike]]]


class Similar(Model):
    """An incident that looks like the story of another one.

    Args:
        items: number of its items.
        outlets: names of their sources, sorted.
        score: of its best pair of items, 0–1.
        why: what that pair has in common, in words.
        mine: the item of the incident that one asked for.
        theirs: the most similar item of this incident.
        likeness: similarity of the two, by feature.
    """

    id: IncidentId
    title: str
    items: int
    outlets: tuple[str, ...]
    newest_at: dt.datetime
    revision: int | None
    review: ReviewState
    score: float
    why: tuple[str, ...]
    mine: SourceItem
    theirs: SourceItem
    likeness: PairScore

    @property
    def is_likely(self) -> bool:
        """Whether both are likely one story."""
        return self.score >= LIKELY


class SimilarIncidents:
    """Suggestions on one store; composed by ``summarizer.app``.

    Args:
        store: of the incidents.
        standings: of the incidents.
        withholding: says which of them readers are not shown.
        compare: finds the incidents that items are like.
    """

    def __init__(
        self,
        store: Store,
        standings: StandingKeeper,
        withholding: Withholding,
        compare: Compare,
    ) -> None:
        self._store = store
        self._withholding = withholding
        self._keeper = standings
        self._compare = compare

    def of(
        self,
        incident_id: str,
        items: Sequence[ItemKey] = (),
        limit: int = 6,
        *,
        held: bool = False,
    ) -> tuple[Similar, ...]:
        """Incidents that look like the story of one, best first.

        Args:
            incident_id: of the incident.
            items: only these of its items are compared, at most ``COMPARED``.
            limit: most incidents, > 0.
            held: whether an editor reads it, who is shown what is withheld from readers.

        Raises:
            InputError: the incident does not hold an item.
            NotFoundError: there is no such incident.
            IndexUnreachableError: the server of the index does not answer.
        """
        incident = self._store.incident(incident_id)
        if strangers := sorted(set(items) - set(incident.item_keys)):
            raise InputError(f"{incident.id} does not hold {', '.join(strangers)}.", field="items")
        compared = _ends(items or incident.own_keys)
        best: dict[str, tuple[ItemKey, Alike]] = {}
        without = frozenset() if held else self._withholding.ids()
        for key, alike in self._compare(incident.id, compared).items():
            for one in alike:
                if one.incident in without:
                    continue
                if one.incident not in best or one.score > best[one.incident][1].score:
                    best[one.incident] = key, one
        found = sorted(best.values(), key=lambda pair: (-pair[1].score, pair[1].incident))
        return self._told([pair for pair in found if pair[1].score >= LEAST][:limit])

    def _told(self, found: Sequence[tuple[ItemKey, Alike]]) -> tuple[Similar, ...]:
        standings = self._keeper.current([IncidentId(alike.incident) for _, alike in found])
        outlets = self._store.standings.outlets([one.number for one in standings.values()])
        made = []
        for key, alike in found:
            if (standing := standings.get(IncidentId(alike.incident))) is None:
                continue  # merged away meanwhile
            mine, theirs = self._store.items([key, ItemKey(alike.nearest)])
            made.append(
                Similar(
                    id=standing.incident_id,
                    title=standing.title,
                    items=len(standing.items),
                    outlets=outlets.get(standing.number, ()),
                    newest_at=standing.newest_at,
                    revision=standing.revision,
                    review=standing.review,
                    score=alike.score,
                    why=in_common(mine, theirs),
                    mine=mine,
                    theirs=theirs,
                    likeness=alike.likeness,
                )
            )
        return tuple(made)


def _ends(keys: Sequence[ItemKey]) -> list[ItemKey]:
    """The oldest and the newest items of an incident."""
    half = COMPARED // 2
    return list(keys) if len(keys) <= COMPARED else [*keys[:half], *keys[-half:]]
