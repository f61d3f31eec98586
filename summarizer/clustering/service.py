"""Assignment of stored items to incidents, with a stored reason for each.

An ``IncidentAssigner`` holds the clusterer between calls, so that each item is read once, and
follows the changes of editors and other processes through the event log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.online import ClusterItem, OnlineClusterer, fingerprint_of
from summarizer.domain.assignments import Assignment
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey, PassageId, SourceItem, number_of
from summarizer.ingestion.index_sync import heading_id, passages_of
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.storage.locks import GROUPING, LOG
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
"""Kinds of event after which only an editor can merge an incident into another one."""

FOLLOWED = BY_EDITORS | {
    EventKind.ITEMS_ADDED,
    EventKind.MERGED,
    EventKind.MOVED,
    EventKind.OPENED,
    EventKind.SPLIT,
}
"""Kinds of event that change the decisions on later items."""

ENTRIES = 1_000
"""Events, and fingerprints, read at one time."""

LOT = 200
"""Items in one transaction, which blocks other writers for tens of milliseconds."""


class _Placement(NamedTuple):
    """Assignment of an item to an incident."""

    item: SourceItem
    incident: str
    decision: Assignment


class _Merge(NamedTuple):
    """Merge of ``gone`` into ``into``, because the item ``shown_by`` fits both."""

    gone: str
    into: str
    shown_by: ItemKey


class IncidentAssigner:
    """Assigns the items of one store; not thread-safe.

    Items are compared outside any transaction.  The decisions are then written in one short
    transaction, or made again if the event log shows that incidents have changed meanwhile.
    """

    def __init__(self, store: Store, index: PassageIndex, clock: Clock) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._history = store.history
        self._memory = StoredMemory(store.fingerprints, index.headings)
        self._known: OnlineClusterer | None = None
        self._seen = 0
        self._edited: set[str] = set()

    def assign(self) -> tuple[int, int]:
        """Assign every item without an incident, in order of time.

        Other processes may assign at the same time.

        Returns:
            Number of assigned items, and of opened incidents.
        """
        assigned = opened = 0
        while True:
            waiting = self._store.items_without_incident()
            if not waiting:
                return assigned, opened
            vectors = self._vectors(waiting)
            waiting.sort(key=lambda i: (i.seen_at, len(i.key), i.key))
            for start in range(0, len(waiting), LOT):
                placed, new = self._assign(waiting[start : start + LOT], vectors)
                assigned += placed
                opened += new

    def _assign(
        self, items: Sequence[SourceItem], vectors: Mapping[PassageId, Vector]
    ) -> tuple[int, int]:
        """Decide on a batch and write it; number of assigned items, and of opened incidents."""
        while True:
            try:
                plan = self._plan(items, vectors)
                ids = self._store.repeated(partial(self._write_current, plan))
                for name, incident in (ids or {}).items():
                    self._caught_up().merge(name, incident)
            except BaseException:
                self._known = None  # it holds decisions that were not stored
                raise
            if ids is not None:
                break
            self._known = None
        placements = [step for step in plan if isinstance(step, _Placement)]
        return len(placements), sum(step.decision.incident is None for step in placements)

    # --- Decisions ---------------------------------------------------------------------------

    def _plan(
        self, items: Sequence[SourceItem], vectors: Mapping[PassageId, Vector]
    ) -> list[_Placement | _Merge]:
        """Decisions on items, in their order.

        A new incident has the key of its first item as name until it is written.
        """
        clusterer = self._caught_up()
        elsewhere = self._store.incidents_of([item.key for item in items])
        plan: list[_Placement | _Merge] = []
        for item in items:
            if item.key in elsewhere:
                continue
            vector, compared = vectors[heading_id(item.key)], cluster_item(item)
            decision = self._of_original(item, clusterer) or clusterer.propose(compared, vector)
            incident = decision.incident or item.key
            for gone in decision.merges:
                clusterer.merge(gone, incident)
                plan.append(_Merge(gone, incident, item.key))
            clusterer.add(compared, vector, incident)
            plan.append(_Placement(item, incident, decision))
        self._memory.save()
        return plan

    def _of_original(self, item: SourceItem, clusterer: OnlineClusterer) -> Assignment | None:
        """Assignment of a copy to the incident of its original; ``None`` for other items.

        The sender's label overrides it, and an editor's ruling on the original overrides the label.
        """
        found = clusterer.incident_of(item.origin)
        if found is None:
            return None
        rulings = self._store.assignments.rulings([item.origin])
        ruled = any(r.belongs and r.incident == found for r in rulings)
        if item.incident is not None and not ruled:
            return None
        by_hand = ", which an editor put there" if ruled else ""
        reason = f"It is a copy of {item.origin}{by_hand}."
        return Assignment(key=item.key, incident=found, score=1, nearest=item.origin, reason=reason)

    # --- Writing -----------------------------------------------------------------------------

    def _write_current(self, plan: Sequence[_Placement | _Merge]) -> dict[str, IncidentId] | None:
        """``_write`` a plan; ``None`` if incidents have changed since it was made."""
        with self._store.transaction(GROUPING, LOG):
            if self._store.history.after(self._seen, 1, FOLLOWED):
                return None
            return self._write(plan)

    def _write(self, plan: Sequence[_Placement | _Merge]) -> dict[str, IncidentId]:
        """Write a plan; returns the ids of opened incidents by their names in the plan."""
        ids: dict[str, IncidentId] = {}
        placed: list[_Placement] = []
        for step in plan:
            if isinstance(step, _Placement):
                placed.append(step)
                continue
            self._write_placed(placed, ids)  # the merge moves these items too
            placed.clear()
            self._write_merge(step, ids)
        self._write_placed(placed, ids)
        return ids

    def _write_placed(self, placed: Sequence[_Placement], ids: dict[str, IncidentId]) -> None:
        into: dict[str, list[_Placement]] = {}
        for step in placed:
            into.setdefault(step.incident, []).append(step)
        for name, steps in into.items():
            keys = [step.item.key for step in steps]
            opens = name not in ids and any(step.decision.incident is None for step in steps)
            if opens:
                label = steps[0].item.incident
                made = self._store.create_incident(self._clock.now(), label=label, items=keys)
                ids[name] = made.id
            else:
                self._store.assign(keys, ids.get(name, name))
            incident = ids.get(name, IncidentId(name))
            self._store.assignments.keep(
                [step.decision.model_copy(update={"incident": incident}) for step in steps]
            )
            kind = EventKind.OPENED if opens else EventKind.ITEMS_ADDED
            self._history.record(kind, incident, SYSTEM_ACTOR, detail={"items": keys})

    def _write_merge(self, step: _Merge, ids: Mapping[str, IncidentId]) -> None:
        gone = ids.get(step.gone, IncidentId(step.gone))
        into = ids.get(step.into, IncidentId(step.into))
        self._store.merge(gone, into)
        detail = {"into": into, "shown_by": step.shown_by}
        self._history.record(EventKind.MERGED, gone, SYSTEM_ACTOR, detail=detail)

    # --- Memory ------------------------------------------------------------------------------

    def _caught_up(self) -> OnlineClusterer:
        """The clusterer, after it has followed all events since the last call."""
        if self._known is None or self._memory.is_lost:
            self._seen = self._store.history.last()  # first: later events are followed again
            self._known = self._remembered()
            return self._known
        events: list[Event] = []
        while entries := self._store.history.after(self._seen, ENTRIES):
            events += entries
            self._seen = entries[-1].number
        self._follow(self._known, events)
        return self._known

    def _follow(self, clusterer: OnlineClusterer, events: Sequence[Event]) -> None:
        for entry in events:
            if entry.kind is EventKind.MERGED and entry.incident_id is not None:
                into = self._store.incident(str(entry.detail["into"])).id
                if into != entry.incident_id:
                    clusterer.merge(entry.incident_id, into)
        keys = list(dict.fromkeys(ItemKey(k) for e in events for k in e.detail.get("items", ())))
        places = self._store.incidents_of(keys)
        for key in keys:
            if key in clusterer and key in places:
                clusterer.move(key, places[key])
        self._remember(clusterer, {k: p for k, p in places.items() if k not in clusterer})
        if any(entry.actor != SYSTEM_ACTOR for entry in events):
            self._edited |= {str(e.incident_id) for e in events if e.kind in BY_EDITORS}
            self._rule(clusterer)

    def _remembered(self) -> OnlineClusterer:
        """A clusterer restored from all assigned items, in order of arrival."""
        incidents = self._all_incidents()
        self._memory = StoredMemory(self._store.fingerprints, self._index.headings)
        clusterer = OnlineClusterer(memory=self._memory)
        incident_of = {key: i.id for i in incidents for key in i.item_keys}
        self._remember(clusterer, incident_of)
        ids = [incident.id for incident in incidents]
        self._edited = set(self._store.history.newest(ids, BY_EDITORS))
        self._rule(clusterer)
        return clusterer

    def _remember(
        self, clusterer: OnlineClusterer, incident_of: Mapping[ItemKey, IncidentId]
    ) -> None:
        keys = {number_of(key): key for key in incident_of}
        numbers = sorted(keys)
        for start in range(0, len(numbers), ENTRIES):
            part = numbers[start : start + ENTRIES]
            imprints = self._imprints([keys[number] for number in part])
            self._memory.take_up(imprints)
            clusterer.restore(
                [(keys[n], n, imprint, incident_of[keys[n]]) for n, imprint in imprints.items()]
            )

    def _imprints(self, keys: Sequence[ItemKey]) -> dict[int, ItemFingerprint]:
        """Fingerprints by item number, in the given order; missing ones are computed and stored."""
        found = self._memory.recall([number_of(key) for key in keys])
        items = self._store.items([key for key in keys if number_of(key) not in found])
        vectors = self._vectors(items)
        made = {
            number_of(item.key): fingerprint_of(cluster_item(item), vectors[heading_id(item.key)])
            for item in items
        }
        self._memory.keep(made)
        found |= made
        return {number_of(key): found[number_of(key)] for key in keys}

    def _vectors(self, items: Sequence[SourceItem]) -> Mapping[PassageId, Vector]:
        """Vectors of the items' headings, made where the index lacks them."""
        ids = [heading_id(item.key) for item in items]
        found = self._index.vectors(ids)
        if missing := [id_ for id_ in ids if id_ not in found]:
            self._index.add(passages_of(self._store, missing))
            found |= self._index.vectors(missing)
        return found

    def _rule(self, clusterer: OnlineClusterer) -> None:
        """Pass the clusterer all rulings, and the incidents that editors have changed."""
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
    """The ``ClusterItem`` of a stored item."""
    return ClusterItem(
        key=item.key,
        number=number_of(item.key),
        published_at=item.published_at,
        title=item.title,
        text=item.text,
        url=item.url,
        label=item.incident,
    )
