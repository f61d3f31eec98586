"""Deletion of source items: one, those of an incident, or those of a sender."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.domain import erasure, limits
from summarizer.domain.deletions import DeletedItem, Deletion, Hit, Plan
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, key_of, number_of
from summarizer.domain.model import Model
from summarizer.errors import GoneError, InputError, NotFoundError, blame_field
from summarizer.ports.clock import Clock
from summarizer.storage.locks import GROUPING, ITEMS
from summarizer.storage.store import Store


class Deleted(Model):
    """A deletion that was carried out.

    Args:
        plan: what it took.
        waits: why vectors are still in the index; they go by themselves, or with the next command.
    """

    number: int
    plan: Plan
    waits: str | None = None


class SourceDeletion:
    """Deletes items of one store; composed by ``summarizer.app``.

    Args:
        store: of the items.
        erase: carries out what was asked for; returns why something of it waits.
        clock: the time.
    """

    def __init__(self, store: Store, erase: Callable[[], str | None], clock: Clock) -> None:
        self._store = store
        self._erase = erase
        self._clock = clock

    # --- What would go -----------------------------------------------------------------------

    def of_item(self, key: str) -> Plan:
        """What goes with an item.

        Raises:
            GoneError: it was deleted before.
            NotFoundError: there is no such item.
        """
        with blame_field("key"):
            return self._plan([self.checked(key)])

    def checked(self, key: str) -> ItemKey:
        """A key as it is stored; see ``of_item``."""
        item = key_of(number_of(key))
        if known := self._store.deletions.of(item):
            at = f"{known.at:%Y-%m-%d at %H:%M} UTC"
            raise GoneError(f"The item {key} was deleted by {known.by} on {at}.", field="key")
        return item

    def of_incident(self, incident_id: str) -> Plan:
        """What goes with an incident, and with those that were merged into it.

        Raises:
            GoneError: it was deleted before.
            NotFoundError: there is no such incident.
        """
        incident = self._store.incident(incident_id)
        plan = self._plan(incident.own_keys, [incident.id])
        return plan.model_copy(update={"incident": incident.id})

    def of_sender(self, name: str) -> Plan:
        """What goes with all items whose outlet or author has exactly this name.

        Raises:
            NotFoundError: there is none.
        """
        keys = [key_of(number) for number in self._store.erasing.sent_by(name)]
        if not keys:
            raise NotFoundError(
                "No item has this outlet or author: write the name as the items have it.",
                field="sender",
            )
        return self._plan(keys)

    def _plan(self, keys: Sequence[ItemKey], also: Sequence[IncidentId] = ()) -> Plan:
        items = self._store.items(keys)
        homes = self._store.incidents_of(keys)
        revisions: dict[IncidentId, list[int]] = {}
        for id_, revision in self._store.erasing.drafts_with([number_of(key) for key in keys]):
            revisions.setdefault(id_, []).append(revision)
        shown = [one.incident for found in self._store.also_in.of(keys).values() for one in found]
        ids = dict.fromkeys((*also, *homes.values(), *shown, *revisions))
        return Plan(
            items=tuple(
                DeletedItem(
                    key=item.key,
                    incident=homes.get(item.key),
                    name=f"{item.source_name}: {item.heading}",
                )
                for item in items
            ),
            incidents=tuple(
                self._hit(id_, revisions.get(id_, []), set(keys), whole=id_ in also) for id_ in ids
            ),
        )

    def _hit(
        self, id_: IncidentId, revisions: Sequence[int], keys: set[ItemKey], *, whole: bool
    ) -> Hit:
        incident, newest, sentences = self._store.incident(id_), self._store.newest_draft(id_), 0
        goes = whole or (incident.id == id_ and set(incident.item_keys) <= keys)
        if newest is not None and newest.incident_id == id_:
            left, _ = erasure.without(newest, keys)
            shown = sum(len(section.shown) for section in newest.sections)
            sentences = shown - (0 if goes else sum(len(s.shown) for s in left.sections))
        return Hit(incident=id_, revisions=len(revisions), sentences=sentences, goes=goes)

    # --- Deleting ----------------------------------------------------------------------------

    def delete(self, plan: Plan, by: str, why: str) -> Deleted:
        """Delete what a plan names, everywhere; it is done even if this process is killed.

        Args:
            plan: from one of the above.
            by: name of the person or program.
            why: kept with the deletion.

        Raises:
            InputError: there is no reason, or it is too long.
        """
        if not why.strip():
            raise InputError("A deletion needs a reason, which is kept.", field="why")
        limits.checked(why, limits.REASON, "why")
        keys = [item.key for item in plan.items]
        with self._store.transaction(ITEMS, GROUPING):
            incident = None
            if plan.incident is not None:
                keys = list(self._store.incident(plan.incident).own_keys)  # those of now
                incident = self._store.incident_number(plan.incident)
            number = self._store.deletions.request(
                keys, by, why.strip(), self._clock.now(), incident
            )
        return Deleted(number=number, plan=plan, waits=self._erase())

    def allow(self, key: str) -> None:
        """Take rows that equal a deleted item again, which are else refused.

        Raises:
            NotFoundError: no such item was deleted.
        """
        with blame_field("key"):
            item = key_of(number_of(key))
            if self._store.deletions.of(item) is None:
                raise NotFoundError(f"No item {key} was deleted.")
        self._store.deletions.allow(item)

    def deletions(self) -> list[Deletion]:
        """All deletions, oldest first."""
        return self._store.deletions.all()
