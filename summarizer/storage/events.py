"""The history of incidents, in the database of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    cast,
    func,
    insert,
    select,
    true,
)

from summarizer.domain import event_details
from summarizer.domain.events import Cursor, Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.usage import DraftCounts
from summarizer.errors import GoneError
from summarizer.ports.clock import Clock
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import greater, is_postgresql, upsert
from summarizer.storage.epochs import EPOCH, Epochs, present_epoch
from summarizer.storage.incidents import RESOLVED, exact_number, resolved_number, unknown_incident
from summarizer.storage.locks import LOG
from summarizer.storage.rows import parts
from summarizer.storage.standings import mark

PORTION = 1_000
"""Events that ``every`` reads at once."""

_JOINED = tables.events.outerjoin(
    tables.incidents, tables.incidents.c.number == tables.events.c.incident
)
ROWS = select(
    tables.events, tables.incidents.c.id.label("incident_id"), EPOCH.label("epoch")
).select_from(_JOINED)
"""Events with the ids of their incidents; ``event_of`` reads a row."""

_DRAFTERS = (
    select(tables.drafts.c.drafter, func.count())
    .join(
        tables.events,
        (tables.events.c.incident == tables.drafts.c.incident)
        & (tables.events.c.revision == tables.drafts.c.revision),
    )
    .group_by(tables.drafts.c.drafter)
)


def _sums(connection: Connection, name: str) -> Select[Any]:
    """Sums of the counts that events carry under a name in their detail."""
    detail = tables.events.c.detail
    if is_postgresql(connection):
        each = func.json_each_text(detail[name])
    else:
        each = func.json_each(detail, f"$.{name}")
    count = each.table_valued("key", "value")
    return (
        select(count.c.key, func.sum(cast(count.c.value, Integer)))
        .select_from(tables.events)
        .join(count, true())
        .group_by(count.c.key)
    )


_LOOKS = select(func.coalesce(func.sum(tables.last_seen.c.event), 0)).where(
    tables.last_seen.c.actor == bindparam("actor")
)


class History:
    """The log of events; rows are only ever added.

    An event is recorded inside the ``Store.transaction`` of the change that it reports, so that
    neither is stored without the other.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.epochs = Epochs(database)
        """Lives of the log."""

    def record(
        self,
        kind: EventKind,
        incident_id: IncidentId | None,
        actor: str,
        revision: int | None = None,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> Event:
        """Add an event of this moment under the next number.

        Args:
            kind: of the event.
            incident_id: exactly that incident, merged away or not; ``None`` for all incidents.
            actor: name of the editor or program.
            revision: of the draft that was made or is spoken of.
            detail: plain JSON values by name, as ``event_details`` has them; never source text.

        Raises:
            NotFoundError: there is no such incident.
            ValueError: an event of that kind has no such detail.
        """
        event_details.check(kind, detail)
        with self._database.writing(LOG) as connection:
            incident = None if incident_id is None else exact_number(connection, incident_id)
            if incident is not None:
                mark(connection, [incident])
            row = {
                "at": self._clock.now(),
                "kind": kind.value,
                "incident": incident,
                "actor": actor,
                "revision": revision,
                "detail": dict(detail),
            }
            added = insert(tables.events).values(row).returning(tables.events.c.number)
            epoch = present_epoch(connection)
            number = connection.execute(added).scalar_one()
        return Event(
            number=number,
            epoch=epoch,
            at=row["at"],
            kind=kind,
            incident_id=incident_id,
            actor=actor,
            revision=revision,
            detail=detail,
        )

    def after(
        self,
        number: int,
        limit: int = 100,
        kinds: Collection[EventKind] = (),
        incident_id: str | None = None,
    ) -> list[Event]:
        """Events with a higher number, oldest first; of some kinds only when any are given, of one
        incident and those merged into it when it is given.

        Numbers become visible in their order: once an event was seen, none with a lower number
        comes after it, whoever writes.

        A lock is taken before a number is given out and held to the commit, so that numbers are
        committed in their order.
        """
        query = _of_kinds(ROWS.where(tables.events.c.number > number), kinds)
        return self._events(query.order_by(tables.events.c.number).limit(limit), incident_id)

    def every(self, kinds: Collection[EventKind], after: int = 0) -> Iterator[Event]:
        """All events of some kinds with a higher number, oldest first, read a portion at a time."""
        while found := self.after(after, PORTION, kinds):
            yield from found
            after = found[-1].number

    def position(self, cursor: Cursor) -> int:
        """The number of the last event that a reader has seen.

        Raises:
            GoneError: the cursor is of another life of the log, or beyond its end.
        """
        epoch, last = self.epochs.current(), self.last()
        if cursor.epoch in (None, epoch) and cursor.number <= last:
            return cursor.number
        end = Cursor(epoch, last)
        why = f"of a log that ended when a backup was restored; now it is {epoch}"
        if cursor.epoch in (None, epoch):
            why = f"beyond the end of this log, {end}: perhaps a backup was restored"
        raise GoneError(
            f"The place {cursor} is {why}. Read the log again from 0 and drop what you "
            f"have from the old one, or go on from {end} and miss what came in between.",
            field="after",
        )

    def place(self, number: int) -> Cursor:
        """The place after an event, from which a reader goes on."""
        return Cursor(self.epochs.current(), number)

    def last(self, incident_id: str | None = None) -> int:
        """Number of the newest event, of an incident and those merged into it where one is given;
        0 before the first."""
        query = select(func.max(tables.events.c.number))
        with self._database.reading() as connection:
            if incident_id is not None:
                query = query.select_from(_JOINED).where(_here(connection, incident_id))
            return connection.execute(query).scalar() or 0

    def last_before(self, at: datetime) -> int:
        """Number of the newest event before a time, 0 without one; reads the events since then."""
        query = select(tables.events.c.number).where(tables.events.c.at < at)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(tables.events.c.number.desc()).limit(1)) or 0

    def of(self, incident_id: str, kinds: Collection[EventKind] = ()) -> list[Event]:
        """Events of an incident and of all that were merged into it, oldest first; of some kinds
        only when any are given."""
        return self._events(_of_kinds(ROWS, kinds).order_by(tables.events.c.number), incident_id)

    def newest(
        self, incident_ids: Sequence[str], kinds: Collection[EventKind]
    ) -> dict[IncidentId, Event]:
        """The newest event of these kinds of exactly each incident; those without one are absent
        from the answer."""
        named = [kind.value for kind in kinds]
        found: dict[IncidentId, Event] = {}
        for part in parts(list(dict.fromkeys(incident_ids))):
            last = (
                select(func.max(tables.events.c.number))
                .join(tables.incidents, tables.incidents.c.number == tables.events.c.incident)
                .where(tables.incidents.c.id.in_(part), tables.events.c.kind.in_(named))
                .group_by(tables.events.c.incident)
            )
            for event in self._events(ROWS.where(tables.events.c.number.in_(last))):
                if event.incident_id is not None:
                    found[event.incident_id] = event
        return found

    def latest(self, kinds: Collection[EventKind]) -> Event | None:
        """The newest event of these kinds, of any incident or of none."""
        named = [kind.value for kind in kinds]
        query = ROWS.where(tables.events.c.kind.in_(named))
        found = self._events(query.order_by(tables.events.c.number.desc()).limit(1))
        return found[0] if found else None

    def draft_counts(self, after: int) -> DraftCounts:
        """Counts of all drafts after an event, 0 for all; reads no draft."""
        events = tables.events.c
        with self._database.reading() as connection:
            last = connection.scalar(select(func.max(events.number))) or 0
            new = events.number.between(after + 1, last)
            drafted = new & (events.kind == EventKind.DRAFTED.value)
            failed = select(func.count()).where(new, events.kind == EventKind.DRAFT_FAILED.value)

            def counts(query: Select[Any]) -> dict[str, int]:
                return {row[0]: row[1] for row in connection.execute(query.where(drafted))}

            return DraftCounts(
                last=max(after, last),
                failed=connection.scalar(failed) or 0,
                drafters=counts(_DRAFTERS),
                verdicts=counts(_sums(connection, "verdicts")),
                tokens=counts(_sums(connection, "tokens")),
            )

    def mark_seen(self, actor: str, incident_id: str, number: int) -> None:
        """Store which event of an incident an editor has seen last; ignored if an older one."""
        # Every view of a page calls this, and most see nothing new: those wait for no writer.
        seen = tables.last_seen.c
        query = (
            select(RESOLVED, seen.event)
            .select_from(tables.incidents)
            .outerjoin(tables.last_seen, (seen.incident == RESOLVED) & (seen.actor == actor))
            .where(tables.incidents.c.id == incident_id)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            raise unknown_incident(incident_id)
        incident, before = found
        if (before or 0) >= number:
            return
        with self._database.writing() as connection:
            mark = upsert(connection, tables.last_seen).values(
                actor=actor, incident=incident, event=number
            )
            connection.execute(
                mark.on_conflict_do_update(
                    index_elements=["actor", "incident"],
                    set_={"event": greater(tables.last_seen.c.event, number)},
                )
            )

    def unseen(self, actor: str, kinds: Collection[EventKind], incident_id: str) -> list[Event]:
        """Events of these kinds, of an incident and those merged into it, that an actor has not
        marked as seen; oldest first."""
        query = _unseen(ROWS, actor, kinds)
        return self._events(query.order_by(tables.events.c.number), incident_id)

    def unseen_incidents(
        self, actor: str, kinds: Collection[EventKind], after: int = 0
    ) -> list[IncidentId]:
        """Incidents with ``unseen`` events above a number, that with the oldest event first."""
        into = tables.incidents.alias()
        events = _unseen(select(into.c.id).select_from(_JOINED), actor, kinds)
        query = (
            events.join(into, into.c.number == RESOLVED)
            .where(tables.events.c.number > after, into.c.deleted_at.is_(None))
            .group_by(into.c.id)
            .order_by(func.min(tables.events.c.number))
        )
        with self._database.reading() as connection:
            return [IncidentId(id_) for id_ in connection.scalars(query)]

    def last_seen(self, actor: str) -> dict[IncidentId, int]:
        """Number of the last event that an editor has seen, for each incident ever looked at."""
        query = (
            select(tables.incidents.c.id, tables.last_seen.c.event)
            .join(tables.incidents, tables.incidents.c.number == tables.last_seen.c.incident)
            .where(tables.last_seen.c.actor == actor)
        )
        with self._database.reading() as connection:
            return {IncidentId(row.id): row.event for row in connection.execute(query)}

    def looks(self, actor: str) -> int:
        """What grows with each event that an editor is the first time told of: a sum."""
        found = self._database.first(_LOOKS, {"actor": actor})
        return 0 if found is None else int(found[0])

    def _events(self, query: Select[Any], incident_id: str | None = None) -> list[Event]:
        """Events of a query; of an incident and those merged into it where one is given."""
        with self._database.reading() as connection:
            if incident_id is not None:
                query = query.where(_here(connection, incident_id))
            return [event_of(row) for row in connection.execute(query)]


def _of_kinds(query: Select[Any], kinds: Collection[EventKind]) -> Select[Any]:
    return query.where(tables.events.c.kind.in_([kind.value for kind in kinds])) if kinds else query


def _here(connection: Connection, incident_id: str) -> ColumnElement[bool]:
    """An incident and those that were merged into it."""
    number = resolved_number(connection, incident_id)
    return (tables.incidents.c.number == number) | (tables.incidents.c.merged_into == number)


def _unseen(query: Select[Any], actor: str, kinds: Collection[EventKind]) -> Select[Any]:
    """The events of a query from ``_JOINED`` that an actor has not seen."""
    own, into = tables.last_seen.alias(), tables.last_seen.alias()
    number = tables.events.c.number
    return (
        query.outerjoin(own, (own.c.actor == actor) & (own.c.incident == tables.events.c.incident))
        .outerjoin(into, (into.c.actor == actor) & (into.c.incident == RESOLVED))
        .where(tables.events.c.kind.in_([kind.value for kind in kinds]))
        .where(number > func.coalesce(own.c.event, 0), number > func.coalesce(into.c.event, 0))
    )


def event_of(row: Row[Any]) -> Event:
    """A row of ``ROWS`` as the model."""
    return Event(
        number=row.number,
        epoch=row.epoch,
        at=row.at,
        kind=EventKind(row.kind),
        incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        actor=row.actor,
        revision=row.revision,
        detail=row.detail,
    )
