"""The history of incidents, in the database of the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema, sql_rows
from summarizer.adapters.sql_database import Database
from summarizer.domain import IncidentId
from summarizer.history import Entry, Happening

ROWS = select(schema.entries, schema.incidents.c.id.label("incident_id")).outerjoin(
    schema.incidents, schema.incidents.c.number == schema.entries.c.incident
)
"""Entries with the ids of their incidents; ``entry_of`` reads a row."""


class SqlHistory:
    """Entries in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: Entry) -> Entry:
        """See ``History.add``."""
        with self._database.writing() as connection:
            id_ = entry.incident_id
            row = {
                "at": entry.at,
                "kind": entry.kind.value,
                "incident": None if id_ is None else sql_rows.exact_number(connection, id_),
                "actor": entry.actor,
                "revision": entry.revision,
                "detail": dict(entry.detail),
            }
            added = insert(schema.entries).values(row).returning(schema.entries.c.number)
            number = connection.execute(added).scalar_one()
        return entry.model_copy(update={"number": number})

    def after(
        self,
        number: int,
        limit: int = 100,
        kinds: Collection[Happening] = (),
        incident_id: str | None = None,
    ) -> list[Entry]:
        """See ``History.after``.  The write lock is taken before a number is given out, so that
        numbers are committed in their order."""
        query = ROWS.where(schema.entries.c.number > number)
        if kinds:
            query = query.where(schema.entries.c.kind.in_([kind.value for kind in kinds]))
        if incident_id is not None:
            query = query.where(self._here(incident_id))
        return self._entries(query.order_by(schema.entries.c.number).limit(limit))

    def last(self) -> int:
        """See ``History.last``."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(schema.entries.c.number))).scalar() or 0

    def of(self, incident_id: str) -> list[Entry]:
        """See ``History.of``."""
        return self._entries(ROWS.where(self._here(incident_id)).order_by(schema.entries.c.number))

    def newest(
        self, incident_ids: Sequence[str], kinds: Collection[Happening]
    ) -> dict[IncidentId, Entry]:
        """See ``History.newest``."""
        named = [kind.value for kind in kinds]
        found: dict[IncidentId, Entry] = {}
        for part in sql_rows.parts(list(dict.fromkeys(incident_ids))):
            last = (
                select(func.max(schema.entries.c.number))
                .join(schema.incidents, schema.incidents.c.number == schema.entries.c.incident)
                .where(schema.incidents.c.id.in_(part), schema.entries.c.kind.in_(named))
                .group_by(schema.entries.c.incident)
            )
            for entry in self._entries(ROWS.where(schema.entries.c.number.in_(last))):
                if entry.incident_id is not None:
                    found[entry.incident_id] = entry
        return found

    def latest(self, kinds: Collection[Happening]) -> Entry | None:
        """See ``History.latest``."""
        named = [kind.value for kind in kinds]
        query = ROWS.where(schema.entries.c.kind.in_(named))
        found = self._entries(query.order_by(schema.entries.c.number.desc()).limit(1))
        return found[0] if found else None

    def look(self, actor: str, incident_id: str, number: int) -> None:
        """See ``History.look``."""
        # Every view of a page looks, and most see nothing new: those don't wait for a writer.
        with self._database.reading() as connection:
            incident = sql_rows.resolved_number(connection, incident_id)
            here = (schema.looks.c.actor == actor) & (schema.looks.c.incident == incident)
            known = connection.scalar(select(schema.looks.c.entry).where(here))
        if known is not None and known >= number:
            return
        with self._database.writing() as connection:
            seen = upsert(schema.looks).values(actor=actor, incident=incident, entry=number)
            connection.execute(
                seen.on_conflict_do_update(
                    index_elements=["actor", "incident"],
                    set_={"entry": func.max(schema.looks.c.entry, number)},
                )
            )

    def looks(self, actor: str) -> dict[IncidentId, int]:
        """See ``History.looks``."""
        query = (
            select(schema.incidents.c.id, schema.looks.c.entry)
            .join(schema.incidents, schema.incidents.c.number == schema.looks.c.incident)
            .where(schema.looks.c.actor == actor)
        )
        with self._database.reading() as connection:
            return {IncidentId(row.id): row.entry for row in connection.execute(query)}

    def _here(self, incident_id: str) -> ColumnElement[bool]:
        """An incident and those that were merged into it."""
        with self._database.reading() as connection:
            number = sql_rows.resolved_number(connection, incident_id)
        return (schema.incidents.c.number == number) | (schema.incidents.c.merged_into == number)

    def _entries(self, query: Select[Any]) -> list[Entry]:
        with self._database.reading() as connection:
            return [entry_of(row) for row in connection.execute(query)]


def entry_of(row: Row[Any]) -> Entry:
    """A row of ``ROWS`` as the model."""
    return Entry(
        number=row.number,
        at=row.at,
        kind=Happening(row.kind),
        incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        actor=row.actor,
        revision=row.revision,
        detail=row.detail,
    )
