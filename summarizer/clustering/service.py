"""Puts stored items into incidents, and keeps why.

An ``IncidentAssigner`` keeps what it compares of every item, so that no text is read twice and the
next items cost the same however many are stored. What others did in between, editors above all, it
reads off the history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.online import ClusterItem, OnlineClusterer, imprint_of
from summarizer.domain.assignments import Assignment
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey, PassageId, SourceItem, number_of
from summarizer.ingestion.index_sync import heading_id
from summarizer.monitoring import alerts
from summarizer.noise import series
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

BY_EDITORS = frozenset(
    (
        EventKind.EDITED,
        EventKind.LOCKED,
        EventKind.ACCEPTED,
        EventKind.REFUSED,
        EventKind.APPROVED,
        EventKind.CHANGES_REQUESTED,
        EventKind.REJECTED,
        EventKind.WITHDRAWN,
    )
)
"""What editors do to an incident, after which it is never merged away without one."""
ENTRIES = 1_000
"""Entries of the history that are read at one time."""


class IncidentAssigner:
    """Assigns the items of one store; one thread at a time."""

    def __init__(self, store: Store, index: PassageIndex, clock: Clock) -> None:
        self._store = store
        self._index = index
        self._history = store.history
        self._clock = clock
        self._memory = StoredMemory(store.fingerprints, index.headings)
        self._known: OnlineClusterer | None = None
        self._seen = 0
        self._edited: set[str] = set()

    def assign(self) -> tuple[int, int]:
        """Put every indexed item that is in no incident into one; those that wait together go in
        order of time.

        Other processes may do the same at the same time.

        Returns:
            How many items were put somewhere, and how many incidents were opened for them.
        """
        assigned = opened = 0
        while True:
            waiting = self._store.items_without_incident()
            vectors = self._index.vectors([heading_id(item.key) for item in waiting])
            waiting = [item for item in waiting if heading_id(item.key) in vectors]
            if not waiting:
                return assigned, opened
            try:
                self._caught_up()  # what takes long, before others have to wait for us
                with self._store.transaction():
                    placed, new = self._assign(waiting, vectors)
            except BaseException:
                self._known = None  # what was undone in the store is not undone in memory
                raise
            assigned += placed
            opened += new

    def _assign(
        self, waiting: Sequence[SourceItem], vectors: Mapping[PassageId, Vector]
    ) -> tuple[int, int]:
        """Inside a transaction: how many items were put somewhere, how many incidents opened."""
        clusterer = self._caught_up()
        elsewhere = self._store.incidents_of([item.key for item in waiting])
        waiting = [item for item in waiting if item.key not in elsewhere]
        placed: dict[IncidentId, list[ItemKey]] = {}
        fresh: set[IncidentId] = set()
        opened = 0
        for item in sorted(waiting, key=lambda i: (i.seen_at, len(i.key), i.key)):
            vector, compared = vectors[heading_id(item.key)], cluster_item(item)
            found = self._of_original(item) or clusterer.propose(compared, vector)
            incident = self._put(item, found)
            for gone in found.merges:
                # It is told of first: a merge moves what it holds.
                self._told(placed, fresh)
                self._merge(IncidentId(gone), incident, item.key, clusterer)
            clusterer.add(compared, vector, incident)
            placed.setdefault(incident, []).append(item.key)
            if found.incident is None:
                fresh.add(incident)
                opened += 1
        self._told(placed, fresh)
        return len(waiting), opened

    def _told(self, placed: dict[IncidentId, list[ItemKey]], fresh: set[IncidentId]) -> None:
        """Tell where items went since the last time."""
        for incident, keys in placed.items():
            kind = EventKind.OPENED if incident in fresh else EventKind.ITEMS_ADDED
            self._history.record(kind, incident, SYSTEM_ACTOR, detail={"items": keys})
            if incident not in fresh:
                alerts.tell(self._store, incident, SYSTEM_ACTOR)
                if self._reopens(incident, keys):
                    self._history.record(
                        EventKind.REOPENED, incident, SYSTEM_ACTOR, detail={"items": keys}
                    )
        placed.clear()
        fresh.clear()

    def _reopens(self, incident_id: IncidentId, new: Sequence[ItemKey]) -> bool:
        """Whether new items came after an incident had closed.

        Texts are read only where coverage had been quiet for as long as closing takes at least.
        """
        keys = self._store.incident(incident_id).item_keys
        near = {key for pair in pairwise(keys) if pair[1] in new for key in pair}
        seen = {item.key: item.seen_at for item in self._store.items(sorted(near))}
        quiet = any(
            seen[late] - seen[early] >= series.SHORTEST_QUIET
            for early, late in pairwise(keys)
            if late in new
        )
        return quiet and series.reopened(self._store.items(keys), set(new))

    def _put(self, item: SourceItem, found: Assignment) -> IncidentId:
        """Put an item where it belongs, and keep why."""
        if found.incident is not None:
            incident = self._store.assign([item.key], found.incident).id
        else:
            incident = self._store.create_incident(
                self._clock.now(), label=item.incident, items=[item.key]
            ).id
        self._store.assignments.keep([found.model_copy(update={"incident": incident})])
        return incident

    def _merge(
        self, gone: IncidentId, into: IncidentId, shown_by: ItemKey, clusterer: OnlineClusterer
    ) -> None:
        self._store.merge(gone, into)
        clusterer.merge(gone, into)
        self._history.record(
            EventKind.MERGED, gone, SYSTEM_ACTOR, detail={"into": into, "shown_by": shown_by}
        )
        alerts.tell(self._store, into, SYSTEM_ACTOR)

    def _of_original(self, item: SourceItem) -> Assignment | None:
        """Where a copy belongs: where its original is, unless its sender says otherwise.

        An editor who put the original there has the last word.
        """
        found = self._store.incidents_of([item.origin]).get(item.origin)
        if found is None:
            return None
        rulings = self._store.assignments.rulings([item.origin])
        ruled = any(r.belongs and r.incident == found for r in rulings)
        if item.incident is not None and not ruled:
            return None
        by_hand = ", which an editor put there" if ruled else ""
        reason = f"It is a copy of {item.origin}{by_hand}."
        return Assignment(key=item.key, incident=found, score=1, nearest=item.origin, reason=reason)

    # --- Memory ------------------------------------------------------------------------------

    def _caught_up(self) -> OnlineClusterer:
        """The clusterer, with all that has happened to incidents since it was last asked."""
        if self._known is None:
            self._seen = self._store.history.last()  # what comes between is read twice
            self._known = self._remembered()
            return self._known
        told: list[Event] = []
        while entries := self._store.history.after(self._seen, ENTRIES):
            told += entries
            self._seen = entries[-1].number
        self._follow(self._known, told)
        return self._known

    def _follow(self, clusterer: OnlineClusterer, told: Sequence[Event]) -> None:
        for entry in told:
            if entry.kind is EventKind.MERGED and entry.incident_id is not None:
                into = self._store.incident(str(entry.detail["into"])).id
                if into != entry.incident_id:
                    clusterer.merge(entry.incident_id, into)
        keys = list(dict.fromkeys(ItemKey(k) for e in told for k in e.detail.get("items", ())))
        places = self._store.incidents_of(keys)
        for key in keys:
            if key in clusterer and key in places:
                clusterer.move(key, places[key])
        self._remember(clusterer, {k: p for k, p in places.items() if k not in clusterer})
        if any(entry.actor != SYSTEM_ACTOR for entry in told):
            self._edited |= {str(e.incident_id) for e in told if e.kind in BY_EDITORS}
            self._rule(clusterer)

    def _remembered(self) -> OnlineClusterer:
        """A clusterer that knows every item that is in an incident, in order of arrival."""
        incidents = self._all_incidents()
        self._memory = StoredMemory(self._store.fingerprints, self._index.headings)
        clusterer = OnlineClusterer(memory=self._memory)
        incident_of = {key: i.id for i in incidents for key in i.item_keys}
        self._remember(clusterer, incident_of, self._index.headings.numbers())
        ids = [incident.id for incident in incidents]
        self._edited = set(self._store.history.newest(ids, BY_EDITORS))
        self._rule(clusterer)
        return clusterer

    def _remember(
        self,
        clusterer: OnlineClusterer,
        incident_of: Mapping[ItemKey, IncidentId],
        indexed: Collection[int] = (),
    ) -> None:
        keys = {number_of(key): key for key in incident_of}
        numbers = sorted(keys)
        for start in range(0, len(numbers), ENTRIES):
            part = numbers[start : start + ENTRIES]
            imprints = self._imprints([keys[number] for number in part])
            self._memory.take_up(imprints, indexed)
            clusterer.restore(
                [(keys[n], n, imprint, incident_of[keys[n]]) for n, imprint in imprints.items()]
            )

    def _imprints(self, keys: Sequence[ItemKey]) -> dict[int, ItemFingerprint]:
        """Of these items, in their order; of those of which none is stored, it is made and kept."""
        found = self._memory.recall([number_of(key) for key in keys])
        items = self._store.items([key for key in keys if number_of(key) not in found])
        vectors = self._index.vectors([heading_id(item.key) for item in items])
        made = {
            number_of(item.key): imprint_of(cluster_item(item), vectors[heading_id(item.key)])
            for item in items
        }
        self._memory.keep(made)
        found |= made
        return {number_of(key): found[number_of(key)] for key in keys}

    def _rule(self, clusterer: OnlineClusterer) -> None:
        """Where items may not be, and incidents that an editor had a hand in."""
        barred: dict[str, set[str]] = {}
        held: set[str] = set(self._edited)
        for ruling in self._store.assignments.rulings():
            if ruling.belongs:
                held.add(ruling.incident)
            else:
                barred.setdefault(ruling.item, set()).add(ruling.incident)
        clusterer.rule(barred, held)

    def _all_incidents(self) -> list[Incident]:
        found: list[Incident] = []
        while batch := self._store.incidents(limit=1_000, offset=len(found)):
            found += batch
        return found


def cluster_item(item: SourceItem) -> ClusterItem:
    """What clustering reads of a stored item."""
    return ClusterItem(
        key=item.key,
        number=number_of(item.key),
        published_at=item.published_at,
        title=item.title,
        text=item.text,
        url=item.url,
        label=item.incident,
    )
