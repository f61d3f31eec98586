"""The monitor: checks newest drafts after every event and records alerts.

It follows the event log and computes outside transactions.  The last event seen of an incident is
stored together with the alerts, so that after a crash the same events are seen again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise

from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.reviews import REVIEWS
from summarizer.monitoring import alerts
from summarizer.monitoring.alerts import Alert
from summarizer.noise import series
from summarizer.storage.store import Store

EVIDENCE = frozenset(
    (
        EventKind.DRAFTED,
        EventKind.ITEMS_ADDED,
        EventKind.MERGED,
        EventKind.MOVED,
        EventKind.SPLIT,
    )
)
"""Kinds of event after which items may contradict a draft."""

WATCHED = (
    EVIDENCE
    | REVIEWS
    | {
        EventKind.ACCEPTED,
        EventKind.EDITED,
        EventKind.LOCKED,
        EventKind.REFUSED,
        EventKind.UNLOCKED,
    }
)
"""Kinds of event after which an incident may begin or cease to need an editor."""


class Monitor:
    """Records alerts on one store; safe in several threads, which take turns, and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = threading.Lock()
        self._upto = 0

    def catch_up(self, incident_id: str | None = None) -> None:
        """Process all unseen events, or only those of one incident.

        Don't call it inside a transaction, which would stay open while findings are computed.

        Raises:
            NotFoundError: there is no such incident.
            StorageError: the database failed; unprocessed events stay unseen.
        """
        with self._turn:
            last = self._store.history.last()
            unseen = self._store.history.unseen(SYSTEM_ACTOR, WATCHED, self._upto, incident_id)
            events: dict[IncidentId, list[Event]] = {}
            for event in unseen:
                incident = self._store.incident(str(event.incident_id)).id
                events.setdefault(incident, []).append(event)
            for incident, new in events.items():
                self._look(incident, new)
            if incident_id is None:
                self._upto = last

    def _look(self, incident_id: IncidentId, new: Sequence[Event]) -> None:
        """Process events of an incident.

        Starts again if another event is recorded meanwhile; ends if another process was faster.
        """
        history, upto = self._store.history, new[-1].number
        while history.seen(SYSTEM_ACTOR, incident_id) < upto:
            last = history.last(incident_id)
            found = self._found(incident_id, new)
            with self._store.transaction():
                if history.last(incident_id) == last:
                    alerts.record(self._store, incident_id, found)
                    history.mark_seen(SYSTEM_ACTOR, incident_id, upto)

    def _found(self, incident_id: IncidentId, new: Sequence[Event]) -> list[Alert]:
        return [*self._against_draft(incident_id, new), *self._reopened(incident_id, new)]

    def _against_draft(self, incident_id: IncidentId, new: Sequence[Event]) -> list[Alert]:
        draft = self._store.newest_draft(incident_id)
        if draft is None:
            return []
        findings = alerts.findings(self._store, draft)
        fresh: list[Alert] = []
        if any(event.kind in EVIDENCE for event in new):
            fresh = alerts.update(self._store, draft, findings)
        return fresh + alerts.clear(self._store, draft, findings, fresh)

    def _reopened(self, incident_id: IncidentId, new: Sequence[Event]) -> list[Alert]:
        """``reopened`` alerts, for items that clustering added after the incident had closed."""
        incident, found = self._store.incident(incident_id), []
        for event in new:
            if event.kind is EventKind.ITEMS_ADDED and event.actor == SYSTEM_ACTOR:
                came = [key for key in event.detail["items"] if key in incident.item_keys]
                if self._reopens(incident.item_keys, came):
                    found.append(Alert(EventKind.REOPENED, None, {"items": came}))
        return found

    def _reopens(self, keys: Sequence[ItemKey], new: Sequence[ItemKey]) -> bool:
        """Whether new items came after an incident had closed.

        All items are loaded only after a gap of ``series.SHORTEST_QUIET`` or more.
        """
        near = {key for pair in pairwise(keys) if pair[1] in new for key in pair}
        seen = {item.key: item.seen_at for item in self._store.items(sorted(near))}
        quiet = any(
            seen[late] - seen[early] >= series.SHORTEST_QUIET
            for early, late in pairwise(keys)
            if late in new
        )
        return quiet and series.reopened(self._store.items(keys), set(new))
