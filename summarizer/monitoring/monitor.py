"""The monitor: checks newest drafts after every event and records alerts.

It follows the event log and computes outside transactions.  The last event seen of an incident is
stored together with the alerts, so that after a crash the same events are seen again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from summarizer.domain.drafts import Draft
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.incidents import Incident, IncidentId, IncidentSources
from summarizer.domain.items import ItemKey
from summarizer.domain.reviews import REVIEWS
from summarizer.monitoring import alerts
from summarizer.monitoring.alerts import Alert
from summarizer.noise import series
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store

EVIDENCE = frozenset(
    (
        EventKind.ALSO_SHOWN,
        EventKind.DELETED,
        EventKind.DRAFTED,
        EventKind.ITEMS_ADDED,
        EventKind.MERGED,
        EventKind.MOVED,
        EventKind.SHOWN_NO_LONGER,
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
        EventKind.REPORTED,
        EventKind.REPORT_ANSWERED,
        EventKind.UNLOCKED,
    }
)
"""Kinds of event after which an incident may begin or cease to need an editor."""


class _Read(NamedTuple):
    """The state of an incident in one snapshot.

    Args:
        new: its unseen events of ``WATCHED``, oldest first, at least one.
        last: number of its newest event.
        draft: its newest draft; log and sources are read only if there is one.
        log: its events and those of incidents merged into it, oldest first.
    """

    incident: Incident
    new: Sequence[Event]
    last: int
    draft: Draft | None = None
    log: Sequence[Event] = ()
    sources: IncidentSources | None = None


class Monitor:
    """Records alerts on one store; safe in several threads, which take turns, and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._upto = 0

    def wind_down(self) -> None:
        """Leave the rest of the unseen events to the next start."""
        self._stopping.set()

    def catch_up(
        self,
        incident_id: str | None = None,
        draft: Draft | None = None,
        sources: IncidentSources | None = None,
    ) -> None:
        """Process all unseen events, or only those of one incident.

        Don't call it inside a transaction, which would stay open while findings are computed.

        Args:
            incident_id: all incidents if left out.
            draft: its newest revision as the caller knows it; read again if there is a newer one.
            sources: its sources as the caller knows them; read again if its items have changed.

        Raises:
            NotFoundError: there is no such incident.
            StorageError: the database failed; unprocessed events stay unseen.
        """
        with self._turn:
            if incident_id is not None:
                self._look(incident_id, draft, sources)
                return
            last = self._store.history.last()
            for one in self._store.history.unseen_incidents(SYSTEM_ACTOR, WATCHED, self._upto):
                if self._stopping.is_set():
                    return
                self._look(one)
            self._upto = last

    def _look(
        self,
        incident_id: str,
        draft: Draft | None = None,
        sources: IncidentSources | None = None,
    ) -> None:
        """Process the unseen events of an incident.

        Starts again if another event is recorded meanwhile; ends if another process was faster.
        """
        history = self._store.history
        while (read := self._read(incident_id, draft, sources)) is not None:
            found = [*_against_draft(read), *self._reopened(read)]
            with self._store.transaction(LOG):
                if history.last(incident_id) == read.last:
                    alerts.record(self._store, read.incident.id, found)
                    history.mark_seen(SYSTEM_ACTOR, incident_id, read.new[-1].number)
                    if read.draft is not None and any(e.kind in EVIDENCE for e in read.new):
                        self._store.standings.touch(read.incident.id)
                    return

    def _read(
        self, incident_id: str, draft: Draft | None, sources: IncidentSources | None
    ) -> _Read | None:
        """The present state of an incident, ``None`` if it has no unseen events."""
        store, history = self._store, self._store.history
        with store.snapshot():
            new = history.unseen(SYSTEM_ACTOR, WATCHED, incident_id)
            if not new:
                return None
            draft = draft or store.newest_draft(incident_id)
            if draft is None:
                return _Read(store.incident(incident_id), new, history.last(incident_id))
            log = history.of(incident_id)
            sources = self._sources(incident_id, sources)
            if not _is_newest(draft, sources.incident.id, log):
                draft = store.newest_draft(incident_id)
        return _Read(sources.incident, new, log[-1].number, draft, log, sources)

    def _sources(self, incident_id: str, known: IncidentSources | None) -> IncidentSources:
        """The present sources of an incident; the texts of its items never change."""
        if known is None or self._store.incident(incident_id) != known.incident:
            return self._store.sources(incident_id)
        return known

    def _reopened(self, read: _Read) -> list[Alert]:
        """``reopened`` alerts, for items that clustering added after the incident had closed."""
        keys, found = read.incident.item_keys, []
        for event in read.new:
            if event.kind is EventKind.ITEMS_ADDED and event.actor == SYSTEM_ACTOR:
                came = [key for key in event.detail["items"] if key in keys]
                if self._reopens(read.incident, came):
                    found.append(Alert(EventKind.REOPENED, None, {"items": came}))
        return found

    def _reopens(self, incident: Incident, new: Sequence[ItemKey]) -> bool:
        """Whether new items came after an incident had closed.

        All items are loaded only after a gap of ``series.SHORTEST_QUIET`` or more.  Undated items
        neither make a gap nor close one.
        """
        members = [m for found in self._store.outlines.of([incident.id]) for m in found.members]
        dated = [(m.key, m.published_at) for m in members if m.published_at is not None]
        quiet = any(
            late - early >= series.SHORTEST_QUIET
            for (_, early), (key, late) in pairwise(dated)
            if key in new
        )
        return quiet and series.reopened(self._store.items(incident.item_keys), set(new))


def _is_newest(draft: Draft, incident_id: IncidentId, log: Sequence[Event]) -> bool:
    """Whether the log of an incident names no later revision than a draft of it."""
    revisions = (e.revision or 0 for e in log if e.incident_id == incident_id)
    return draft.incident_id == incident_id and max(revisions, default=0) <= draft.revision


def _against_draft(read: _Read) -> list[Alert]:
    """Alerts about the newest draft."""
    if read.draft is None or read.sources is None:
        return []
    findings = alerts.findings(read.draft, read.sources)
    fresh: list[Alert] = []
    if any(event.kind in EVIDENCE for event in read.new):
        fresh = alerts.update(read.draft, findings, read.log)
    return fresh + alerts.clear(read.draft, findings, read.log, fresh)
