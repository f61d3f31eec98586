"""Editors' corrections of incidents: merge, split, move and add items.

Every change is stored with its event and as rulings, which clustering never overrides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from summarizer.domain.assignments import Member, Ruling
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey
from summarizer.errors import ConflictError, InputError, blame_field
from summarizer.ingestion.ingest import IngestReport, Outcome, report
from summarizer.monitoring.monitor import Monitor
from summarizer.ports.clock import Clock
from summarizer.review.holds import HoldDesk
from summarizer.storage.locks import GROUPING
from summarizer.storage.store import Store


class IncidentCuration:
    """Editors' assignment of items to incidents; composed by ``summarizer.app``.

    Args:
        store: of the incidents.
        monitor: checks each changed incident.
        holds: go along with a split, and with a merge undone.
        clock: gives the time of rulings.
    """

    def __init__(self, store: Store, monitor: Monitor, holds: HoldDesk, clock: Clock) -> None:
        self._store = store
        self._holds = holds
        self._monitor = monitor
        self._clock = clock
        self._history = store.history

    def merge(self, source: str, target: str, editor: str) -> Incident:
        """Merge ``source`` into ``target``; the id of ``source`` then redirects to ``target``.

        Raises:
            InputError: both are the same incident.
            NotFoundError: one does not exist.
        """
        with self._store.transaction(GROUPING):
            gone = self._store.incident(source)
            with blame_field("into"):
                merged = self._store.merge(gone.id, target)
            self._rule(merged.own_keys, editor, into=merged.id)
            detail = {"into": merged.id, "items": list(gone.own_keys)}
            self._history.record(EventKind.MERGED, gone.id, editor, None, detail)
        self._monitor.catch_up(merged.id)
        return merged

    def undo_merge(self, gone: str, editor: str) -> Incident:
        """Undo the merge of an incident: it holds its former items again, and its drafts.

        Items that were moved elsewhere since stay there. What was put on hold since the merge
        stays so in both, since the hold was put on its words too.

        Raises:
            ConflictError: it is not merged, none of its items is left there, or no other is.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction(GROUPING):
            into = self._store.incident(gone)
            merges = {m.incident_id: m for m in self.merged_into(into.id)}
            merge = merges.get(IncidentId(gone))
            if merge is None:
                raise ConflictError(f"No merge of {gone} is known that could be undone.")
            former = set(merge.detail["items"])
            keys = [key for key in into.own_keys if key in former]
            if not keys or len(keys) == len(into.own_keys):
                raise ConflictError(f"Nothing would be left in {into.id} or in {gone}.")
            before = [id_ for id_, m in merges.items() if id_ and m.detail["into"] == gone]
            again = self._store.part_again(gone, keys, before)
            self._part(into, keys, again, editor)
            moved = {"items": keys}
            undone = moved | {"into": again.id, "undone": "merge"}
            self._history.record(EventKind.SPLIT, into.id, editor, None, undone)
            back = moved | {"from": into.id}
            self._history.record(EventKind.ITEMS_ADDED, again.id, editor, None, back)
            self._holds.inherit(into, again, editor, since=merge.at)
        for changed in (into.id, again.id):
            self._monitor.catch_up(changed)
        return again

    def merged_into(self, incident_id: str) -> list[Event]:
        """The merges that made an incident and can be undone, newest first."""
        here = self._store.resolved(incident_id)
        newest: dict[IncidentId, Event] = {}
        for event in self._history.of(here):
            gone = event.incident_id
            if event.kind is EventKind.MERGED and gone not in (None, here):
                newest.pop(gone, None)
                newest[gone] = event
        return [event for event in reversed(newest.values()) if "items" in event.detail]

    def split(self, incident_id: str, keys: Sequence[ItemKey], editor: str) -> Incident:
        """Move some items of an incident into a new one, which has the same holds.

        Raises:
            InputError: ``keys`` has none or all of the incident's items, or items of another.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction(GROUPING):
            incident = self._some_of(incident_id, keys)
            new = self._store.create_incident(self._clock.now(), items=keys)
            self._part(incident, keys, new, editor)
            moved = {"items": list(keys)}
            self._history.record(
                EventKind.SPLIT, incident.id, editor, None, moved | {"into": new.id}
            )
            self._history.record(
                EventKind.OPENED, new.id, editor, None, moved | {"from": incident.id}
            )
            self._holds.inherit(incident, new, editor)
        self._monitor.catch_up(incident.id)
        return new

    def move(self, incident_id: str, keys: Sequence[ItemKey], into: str, editor: str) -> Incident:
        """Move some items of an incident into another one and return the latter.

        Raises:
            InputError: ``keys`` has none or all of the incident's items, or items of another; or
                both are the same incident.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction(GROUPING):
            incident = self._some_of(incident_id, keys)
            with blame_field("into"):
                if self._store.incident(into).id == incident.id:
                    raise InputError(f"{into} is {incident.id}: the items are there already.")
            other = self._store.assign(keys, into)
            self._rule(keys, editor, into=other.id, out_of=incident.id)
            moved = {"items": list(keys)}
            self._history.record(
                EventKind.MOVED, incident.id, editor, None, moved | {"into": other.id}
            )
            self._history.record(
                EventKind.ITEMS_ADDED, other.id, editor, None, moved | {"from": incident.id}
            )
        for changed in (incident.id, other.id):
            self._monitor.catch_up(changed)
        return other

    def also_show(
        self, incident_id: str, keys: Sequence[ItemKey], into: str, editor: str
    ) -> Incident:
        """Show some items of an incident in another one as well, and return the latter.

        They stay at home where they are, with the copies that come later.  What is there already
        stays as it is.

        Raises:
            InputError: ``keys`` is empty or has items of another incident; or both are the same.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction(GROUPING):
            incident = self._store.incident(incident_id)
            if strangers := sorted(set(keys) - set(incident.item_keys)):
                raise InputError(
                    f"{incident.id} does not hold {', '.join(strangers)}.", field="items"
                )
            if not keys:
                raise InputError("Name the items to show.", field="items")
            with blame_field("into"):
                other = self._store.resolved(into)
                if other == incident.id:
                    raise InputError(f"{into} is {incident.id}: the items are there already.")
            if new := self._store.also_in.put(keys, other, editor, self._clock.now()):
                detail = {"items": new, "from": incident.id}
                self._history.record(EventKind.ALSO_SHOWN, other, editor, None, detail)
        self._monitor.catch_up(other)
        return self._store.incident(other)

    def show_no_longer(self, incident_id: str, keys: Sequence[ItemKey], editor: str) -> Incident:
        """Take items out of an incident that shows them as well; they stay in their home.

        Raises:
            InputError: one of them is at home there.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction(GROUPING):
            incident = self._store.incident(incident_id)
            if own := sorted(set(keys) & set(incident.own_keys)):
                raise InputError(
                    f"{', '.join(own)} is at home in {incident.id}: move it to another one.",
                    field="items",
                )
            if gone := self._store.also_in.remove(keys, incident.id):
                detail = {"items": gone}
                self._history.record(EventKind.SHOWN_NO_LONGER, incident.id, editor, None, detail)
        self._monitor.catch_up(incident.id)
        return self._store.incident(incident.id)

    def _some_of(self, incident_id: str, keys: Sequence[ItemKey]) -> Incident:
        """The incident; raises ``InputError`` unless it holds these items and at least one more.

        Those that it shows as well are not its own to move.
        """
        incident = self._store.incident(incident_id)
        if guests := sorted(set(keys) & set(incident.guests)):
            raise InputError(
                f"{', '.join(guests)} is at home in another incident, and is moved from there.",
                field="items",
            )
        if strangers := sorted(set(keys) - set(incident.item_keys)):
            raise InputError(f"{incident.id} does not hold {', '.join(strangers)}.", field="items")
        if not keys or set(keys) == set(incident.own_keys):
            raise InputError(
                "Name some of the incident's items, but not all of them.", field="items"
            )
        return incident

    def _part(
        self, incident: Incident, keys: Sequence[ItemKey], new: Incident, editor: str
    ) -> None:
        """Rule that the items of a split stay apart."""
        stay = [key for key in incident.own_keys if key not in set(keys)]
        self._rule(keys, editor, into=new.id, out_of=incident.id)
        self._rule(stay, editor, into=incident.id, out_of=new.id)

    def _rule(
        self,
        keys: Sequence[ItemKey],
        editor: str,
        *,
        into: IncidentId,
        out_of: IncidentId | None = None,
    ) -> None:
        """Store rulings that items belong to ``into`` and not to ``out_of``."""
        places = [(into, True)] + ([(out_of, False)] if out_of else [])
        self._store.assignments.rule(
            [
                Ruling(item=key, incident=id_, belongs=belongs, by=editor, at=self._clock.now())
                for key in keys
                for id_, belongs in places
            ]
        )

    def together(self, keys: Sequence[ItemKey]) -> IncidentId:
        """The incident that has all of these items, else a new one, to which they are moved.

        A new one has the holds of the incidents that they leave, as after a split.
        """
        with self._store.transaction(GROUPING):
            homes = self._store.incidents_of(keys)
            left = [self._store.incident(id_) for id_ in sorted(set(homes.values()))]
            if len(homes) == len(keys) and len(left) == 1:
                return left[0].id
            new = self._store.create_incident(self._clock.now(), items=keys)
            detail = {"items": list(keys)}
            self._history.record(EventKind.OPENED, new.id, SYSTEM_ACTOR, detail=detail)
            for incident in left:
                self._holds.inherit(incident, new, SYSTEM_ACTOR)
        return new.id

    def add_items(
        self,
        incident_id: str,
        ingested: Iterable[Outcome],
        editor: str,
        url: str | None = None,
        *,
        held: bool = True,
    ) -> IngestReport:
        """Ingest source items into one incident, without clustering; settle afterwards.

        Items that are already stored are moved there.

        Args:
            incident_id: of the incident.
            ingested: the unconsumed outcomes of ``Pipeline.ingest`` or ``Pipeline.ingest_rows``.
            editor: who adds them.
            url: address that they were fetched from, for the event.
            held: whether items are moved out of incidents on hold, as editors may.

        Raises:
            InputError: the data cannot be read.
            NotFoundError: there is no such incident.
        """
        incident = self._store.incident(incident_id)
        found = report(ingested)
        keys = dict.fromkeys([*found.keys, *(row.key for row in found.duplicates)])
        with self._store.transaction(GROUPING):
            stay = set() if held else self._held(tuple(keys))
            if moved := [key for key in keys if key not in {*incident.own_keys, *stay}]:
                self._store.assign(moved, incident.id)
                self._rule(moved, editor, into=incident.id)
                detail: dict[str, Any] = {"items": moved} | ({"url": url} if url else {})
                self._history.record(EventKind.ITEMS_ADDED, incident.id, editor, None, detail)
        return found

    def _held(self, keys: Sequence[ItemKey]) -> set[ItemKey]:
        """Those of these items that are in an incident on hold."""
        homes = self._store.incidents_of(keys)
        held = {id_ for id_ in set(homes.values()) if self._holds.of(id_)}
        return {key for key, id_ in homes.items() if id_ in held}

    def members(self, incident_id: str, *, held: bool = False) -> list[Member]:
        """The items of an incident, oldest first, each with its assignment and its ruling, if any.

        Args:
            incident_id: of the incident.
            held: whether an editor reads it, who is told in which other incidents they are: some
                may be withheld from readers.

        Raises:
            NotFoundError: there is no such incident.
        """
        incident = self._store.incident(incident_id)
        assignments = self._store.assignments.of(incident.item_keys)
        ruled = {
            ruling.item: ruling
            for ruling in self._store.assignments.rulings(incident.item_keys)
            if ruling.belongs and ruling.incident == incident.id
        }
        homes = self._store.incidents_of(incident.item_keys)
        shown = self._store.also_in.of(incident.item_keys)
        found = []
        for item in self._store.items(incident.item_keys):
            showings = shown.get(item.key, [])
            has_it = [homes.get(item.key), *(one.incident for one in showings)] if held else []
            found.append(
                Member(
                    item=item,
                    assignment=assignments.get(item.key),
                    ruling=ruled.get(item.key),
                    showing=next((one for one in showings if one.incident == incident.id), None),
                    elsewhere=tuple(id_ for id_ in has_it if id_ and id_ != incident.id),
                )
            )
        return found
