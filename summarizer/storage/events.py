"""The history of incidents, in the database of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, true
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.usage import DraftCounts
from summarizer.ports.clock import Clock
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.incidents import exact_number, resolved_number
from summarizer.storage.rows import parts

ROWS = select(tables.entries, tables.incidents.c.id.label("incident_id")).outerjoin(
    tables.incidents, tables.incidents.c.number == tables.entries.c.incident
)
"""Entries with the ids of their incidents; ``entry_of`` reads a row."""

_DRAFTERS = (
    select(tables.drafts.c.drafter, func.count())
    .join(
        tables.entries,
        (tables.entries.c.incident == tables.drafts.c.incident)
        & (tables.entries.c.revision == tables.drafts.c.revision),
    )
    .group_by(tables.drafts.c.drafter)
)


def _sums(name: str) -> Select[Any]:
    """Sums of the counts that events carry under a name in their detail."""
    count = func.json_each(tables.entries.c.detail, f"$.{name}").table_valued("key", "value")
    return (
        select(count.c.key, func.sum(count.c.value))
        .select_from(tables.entries)
        .join(count, true())
        .group_by(count.c.key)
    )


class History:
    """The log of events; rows are only ever added.

    An event is recorded inside the ``Store.transaction`` of the change that it reports, so that
    neither is stored without the other.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

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
            detail: plain JSON values by name, never source text.

        Raises:
            NotFoundError: there is no such incident.
        """
        with self._database.writing() as connection:
            row = {
                "at": self._clock.now(),
                "kind": kind.value,
                "incident": None if incident_id is None else exact_number(connection, incident_id),
                "actor": actor,
                "revision": revision,
                "detail": dict(detail),
            }
            added = insert(tables.entries).values(row).returning(tables.entries.c.number)
            number = connection.execute(added).scalar_one()
        return Event(
            number=number,
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
        """Entries with a higher number, oldest first; of some kinds only when any are given, of one
        incident and those merged into it when it is given.

        Numbers become visible in their order: once an entry was seen, none with a lower number
        comes after it, whoever writes.

        The write lock is taken before a number is given out, so that
        numbers are committed in their order.
        """
        query = ROWS.where(tables.entries.c.number > number)
        if kinds:
            query = query.where(tables.entries.c.kind.in_([kind.value for kind in kinds]))
        if incident_id is not None:
            query = query.where(self._here(incident_id))
        return self._entries(query.order_by(tables.entries.c.number).limit(limit))

    def last(self) -> int:
        """Number of the newest entry, 0 before the first."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(tables.entries.c.number))).scalar() or 0

    def of(self, incident_id: str) -> list[Event]:
        """Entries of an incident and of all that were merged into it, oldest first."""
        return self._entries(ROWS.where(self._here(incident_id)).order_by(tables.entries.c.number))

    def newest(
        self, incident_ids: Sequence[str], kinds: Collection[EventKind]
    ) -> dict[IncidentId, Event]:
        """The newest entry of these kinds of exactly each incident; those without one are absent
        from the answer."""
        named = [kind.value for kind in kinds]
        found: dict[IncidentId, Event] = {}
        for part in parts(list(dict.fromkeys(incident_ids))):
            last = (
                select(func.max(tables.entries.c.number))
                .join(tables.incidents, tables.incidents.c.number == tables.entries.c.incident)
                .where(tables.incidents.c.id.in_(part), tables.entries.c.kind.in_(named))
                .group_by(tables.entries.c.incident)
            )
            for entry in self._entries(ROWS.where(tables.entries.c.number.in_(last))):
                if entry.incident_id is not None:
                    found[entry.incident_id] = entry
        return found

    def latest(self, kinds: Collection[EventKind]) -> Event | None:
        """The newest entry of these kinds, of any incident or of none."""
        named = [kind.value for kind in kinds]
        query = ROWS.where(tables.entries.c.kind.in_(named))
        found = self._entries(query.order_by(tables.entries.c.number.desc()).limit(1))
        return found[0] if found else None

    def draft_counts(self, after: int) -> DraftCounts:
        """Counts of all drafts after an event, 0 for all; reads no draft."""
        entries = tables.entries.c
        with self._database.reading() as connection:
            last = connection.scalar(select(func.max(entries.number))) or 0
            new = entries.number.between(after + 1, last)
            drafted = new & (entries.kind == EventKind.DRAFTED.value)
            failed = select(func.count()).where(new, entries.kind == EventKind.DRAFT_FAILED.value)

            def counts(query: Select[Any]) -> dict[str, int]:
                return {row[0]: row[1] for row in connection.execute(query.where(drafted))}

            return DraftCounts(
                last=max(after, last),
                failed=connection.scalar(failed) or 0,
                drafters=counts(_DRAFTERS),
                verdicts=counts(_sums("verdicts")),
                tokens=counts(_sums("tokens")),
            )

    def look(self, actor: str, incident_id: str, number: int) -> None:
        """Note up to which entry somebody has seen an incident; never takes a look back."""
        # Every view of a page looks, and most see nothing new: those don't wait for a writer.
        with self._database.reading() as connection:
            incident = resolved_number(connection, incident_id)
            here = (tables.looks.c.actor == actor) & (tables.looks.c.incident == incident)
            known = connection.scalar(select(tables.looks.c.entry).where(here))
        if known is not None and known >= number:
            return
        with self._database.writing() as connection:
            seen = upsert(tables.looks).values(actor=actor, incident=incident, entry=number)
            connection.execute(
                seen.on_conflict_do_update(
                    index_elements=["actor", "incident"],
                    set_={"entry": func.max(tables.looks.c.entry, number)},
                )
            )

    def looks(self, actor: str) -> dict[IncidentId, int]:
        """Up to which entry somebody has seen each incident that they looked at."""
        query = (
            select(tables.incidents.c.id, tables.looks.c.entry)
            .join(tables.incidents, tables.incidents.c.number == tables.looks.c.incident)
            .where(tables.looks.c.actor == actor)
        )
        with self._database.reading() as connection:
            return {IncidentId(row.id): row.entry for row in connection.execute(query)}

    def _here(self, incident_id: str) -> ColumnElement[bool]:
        """An incident and those that were merged into it."""
        with self._database.reading() as connection:
            number = resolved_number(connection, incident_id)
        return (tables.incidents.c.number == number) | (tables.incidents.c.merged_into == number)

    def _entries(self, query: Select[Any]) -> list[Event]:
        with self._database.reading() as connection:
            return [entry_of(row) for row in connection.execute(query)]


def entry_of(row: Row[Any]) -> Event:
    """A row of ``ROWS`` as the model."""
    return Event(
        number=row.number,
        at=row.at,
        kind=EventKind(row.kind),
        incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        actor=row.actor,
        revision=row.revision,
        detail=row.detail,
    )
