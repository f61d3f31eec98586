"""Assignment of stored items to incidents, with a stored reason for each.

An ``IncidentAssigner`` holds what it has learned of the newest items between calls, and follows
other processes through the event log.  Where items are, it reads from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.corpus import Corpus
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.online import Alike, ClusterItem, OnlineClusterer, fingerprint_of
from summarizer.clustering.places import BY_EDITORS, StoredPlaces
from summarizer.domain.assignments import Assignment
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, PassageId, SourceItem, key_of, number_of
from summarizer.ingestion.index_sync import heading_id, passages_of
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.storage.locks import GROUPING, LOG
from summarizer.storage.store import Store

FOLLOWED = BY_EDITORS | {
    EventKind.DELETED,
    EventKind.ITEMS_ADDED,
    EventKind.MERGED,
    EventKind.MOVED,
    EventKind.OPENED,
    EventKind.SPLIT,
}
"""Kinds of event that change the decisions on later items."""

ENTRIES = 1_000
"""Events, and fingerprints, read at one time."""

LOT = 10
"""Items in one transaction, which blocks other writers meanwhile, some milliseconds an item."""


MOST_SPARE = 200
"""Most items of an incident beside which others are looked for."""


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
        self._places = StoredPlaces(store)
        self._memory = StoredMemory(store.fingerprints, index.headings, self._places)
        self._corpus: Corpus | None = None
        self._seen = 0
        self._marked = 0

    def assign(
        self,
        is_stopping: Callable[[], bool] = lambda: False,
        after_lot: Callable[[], None] = lambda: None,
    ) -> tuple[int, int]:
        """Assign every item without an incident, in order of time, until ``is_stopping``.

        Other processes may assign at the same time.  ``after_lot`` is called after every ``LOT``.

        Returns:
            Number of assigned items, and of opened incidents.
        """
        assigned = opened = 0
        while True:
            waiting = [] if is_stopping() else self._store.items_without_incident()
            if not waiting:
                return assigned, opened
            vectors = self._vectors(waiting)
            waiting.sort(key=lambda i: (i.seen_at, len(i.key), i.key))
            for start in range(0, len(waiting), LOT):
                if is_stopping():
                    break
                placed, new = self._assign(waiting[start : start + LOT], vectors)
                assigned += placed
                opened += new
                after_lot()

    def _assign(
        self, items: Sequence[SourceItem], vectors: Mapping[PassageId, Vector]
    ) -> tuple[int, int]:
        """Decide on a batch and write it; number of assigned items, and of opened incidents."""
        while True:
            try:
                plan = self._plan(items, vectors)
                if self._store.repeated(partial(self._write_current, plan)):
                    break
            except BaseException:
                self._corpus = None  # it holds decisions that were not stored
                raise
            self._corpus = None
        self._save_learned()
        placements = [step for step in plan if isinstance(step, _Placement)]
        return len(placements), sum(step.decision.incident is None for step in placements)

    def alike(self, own: IncidentId, keys: Sequence[ItemKey]) -> dict[ItemKey, list[Alike]]:
        """Other incidents that stored items of one incident are like, best first.

        Bounded: each item is compared with its nearest ones only, as when it arrived.
        """
        corpus = self._caught_up()
        self._places.forget()
        clusterer = OnlineClusterer(pairs=corpus.pairs, places=self._places)
        spare = min(self._store.incident_size(own)[0], MOST_SPARE)  # its own items are near, too
        found: dict[ItemKey, list[Alike]] = {}
        for key, imprint in zip(keys, self._imprints(keys).values(), strict=True):
            compared = corpus.pairs.compare(imprint, spare)
            found[key] = [] if compared is None else clusterer.alike(compared, own)
        return found

    # --- Decisions ---------------------------------------------------------------------------

    def _plan(
        self, items: Sequence[SourceItem], vectors: Mapping[PassageId, Vector]
    ) -> list[_Placement | _Merge]:
        """Decisions on items, in their order.

        A new incident has the key of its first item as name until it is written.
        """
        corpus = self._caught_up()
        self._places.forget()
        self._places.incidents_of([number_of(item.origin) for item in items])  # all at once
        clusterer = OnlineClusterer(pairs=corpus.pairs, places=self._places)
        elsewhere = self._store.incidents_of([item.key for item in items])
        there = self._store.passage_counts([number_of(item.key) for item in items])
        plan: list[_Placement | _Merge] = []
        for item in items:
            if item.key in elsewhere or number_of(item.key) not in there:
                continue
            vector, compared = vectors[heading_id(item.key)], cluster_item(item)
            with self._store.snapshot():  # one transaction, not one for every question
                decision = self._of_original(item, clusterer) or clusterer.propose(compared, vector)
            incident = decision.incident or item.key
            for gone in decision.merges:
                self._places.merge(gone, incident)
                plan.append(_Merge(gone, incident, item.key))
            clusterer.add(compared, vector, incident)
            corpus.note(number_of(item.key))
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

    def _write_current(self, plan: Sequence[_Placement | _Merge]) -> bool:
        """``_write`` a plan; ``False`` if incidents have changed since it was made."""
        with self._store.transaction(GROUPING, LOG):
            if self._store.history.after(self._seen, 1, FOLLOWED):
                return False
            self._write(plan)
        return True

    def _write(self, plan: Sequence[_Placement | _Merge]) -> None:
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
        moved = self._store.incident(gone).own_keys
        self._store.merge(gone, into)
        detail = {"into": into, "shown_by": step.shown_by, "items": list(moved)}
        self._history.record(EventKind.MERGED, gone, SYSTEM_ACTOR, detail=detail)

    # --- Memory ------------------------------------------------------------------------------

    def _caught_up(self) -> Corpus:
        """What was learned, after it has followed all events since the last call."""
        if self._corpus is None or self._memory.is_lost:
            self._corpus = None
            self._seen = self._store.history.last()  # first: later events are followed again
            self._corpus = self._restored()
            return self._corpus
        keys: dict[ItemKey, None] = {}
        deleted = False
        while entries := self._store.history.after(self._seen, ENTRIES, FOLLOWED):
            keys |= dict.fromkeys(ItemKey(k) for e in entries for k in e.detail.get("items", ()))
            self._seen = entries[-1].number
            deleted = deleted or any(entry.kind is EventKind.DELETED for entry in entries)
        if deleted:  # what was learned holds items that are gone
            self._corpus = None
            return self._caught_up()
        new = [key for key in keys if not self._corpus.knows(number_of(key))]
        self._learn(self._corpus, list(self._store.incidents_of(new)))
        return self._corpus

    def _restored(self) -> Corpus:
        """What was learned of all items in incidents; those after its last block are read."""
        self._memory = StoredMemory(self._store.fingerprints, self._index.headings, self._places)
        corpus = Corpus(self._store.corpus, self._memory)
        self._marked = self._store.index_marks.of(self._memory.collection) or 0
        for keys in self._assigned_between(self._marked, corpus.upto):
            without = self._memory.without_heading([number_of(key) for key in keys])
            self._memory.take_up(self._imprints(list(map(key_of, without))))
        settled = self._store.settled_upto()
        for keys in self._assigned_between(corpus.upto, None):
            self._learn(corpus, keys)
            if not corpus.close_blocks(min(settled, number_of(keys[-1]))):
                return self._restored()
        return corpus

    def _assigned_between(self, after: int, upto: int | None) -> Iterator[list[ItemKey]]:
        """Items in incidents with numbers after one up to one, a portion at a time."""
        while keys := self._store.assigned_after(after, ENTRIES):
            after = number_of(keys[-1])
            keys = [key for key in keys if upto is None or number_of(key) <= upto]
            if not keys:
                return
            yield keys

    def _learn(self, corpus: Corpus, keys: Sequence[ItemKey]) -> None:
        """Learn stored items, in the order of their numbers."""
        ordered = sorted(keys, key=number_of)
        for start in range(0, len(ordered), ENTRIES):
            imprints = self._imprints(ordered[start : start + ENTRIES])
            without = self._memory.without_heading(list(imprints))
            self._memory.take_up({number: imprints[number] for number in without})
            corpus.learn(imprints)

    def _save_learned(self) -> None:
        """Store what was learned of full blocks of items, and which headings are indexed."""
        settled = self._store.settled_upto()  # first: what is settled by others is then learned
        corpus = self._caught_up()
        lowest = self._memory.lowest_without_heading
        indexed = settled if lowest is None else min(settled, lowest - 1)
        if indexed >= self._marked + ENTRIES:
            self._marked = indexed
            self._store.index_marks.advance(self._memory.collection, indexed)
        if not corpus.close_blocks(settled):
            self._corpus = None

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
