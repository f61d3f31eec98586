"""Who has the page of an incident open, in the database: services of several processes share it.

Nothing rests on it.  So no writer is waited for, and what cannot be written at once is left out:
the page says so again half a minute later.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, select

from summarizer.domain.incidents import IncidentId
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert
from summarizer.storage.incidents import RESOLVED

LASTS = dt.timedelta(seconds=90)
"""Time for which a page counts as open after it said so last: pages say so every 30 seconds."""

NOTED = dt.timedelta(seconds=25)
"""Precision of that time: several tabs of one editor write no more often than one."""

_OPEN, _INCIDENTS = tables.presence.c, tables.incidents.c


class Presence:
    """Who has which incident open."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, incident_id: str, actor: str, now: dt.datetime) -> None:
        """Store that somebody has an incident open, and forget those who have not any more.

        Nothing where another writer is at work, or where there is no such incident.
        """
        query = (
            select(RESOLVED, _OPEN.at)
            .select_from(tables.incidents)
            .outerjoin(tables.presence, (_OPEN.incident == RESOLVED) & (_OPEN.actor == actor))
            .where(_INCIDENTS.id == incident_id, _INCIDENTS.deleted_at.is_(None))
        )
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
        if found is None or (found.at is not None and now - NOTED < found.at <= now):
            return
        with self._database.writing_at_once() as writing:
            if writing is not None:
                writing.execute(delete(tables.presence).where(~_is_open(now)))
                row = upsert(writing, tables.presence).values(
                    incident=found[0], actor=actor, at=now
                )
                key = ["incident", "actor"]
                row = row.on_conflict_do_update(index_elements=key, set_={"at": now})
                writing.execute(row)

    def of(self, incident_id: str, now: dt.datetime) -> tuple[str, ...]:
        """Names of those who have an incident open, sorted."""
        number = select(RESOLVED).where(_INCIDENTS.id == incident_id).scalar_subquery()
        query = select(_OPEN.actor).where(_OPEN.incident == number, _is_open(now))
        with self._database.reading() as connection:
            return tuple(sorted(connection.scalars(query)))

    def everywhere(self, now: dt.datetime) -> dict[IncidentId, tuple[str, ...]]:
        """Names of those who have incidents open, by incident; few are open at a time."""
        query = (
            select(_INCIDENTS.id, _OPEN.actor)
            .join(tables.incidents, _INCIDENTS.number == _OPEN.incident)
            .where(_is_open(now))
            .order_by(_OPEN.actor)
        )
        found: dict[IncidentId, tuple[str, ...]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                id_ = IncidentId(row.id)
                found[id_] = (*found.get(id_, ()), row.actor)
        return found


def _is_open(now: dt.datetime) -> ColumnElement[bool]:
    """Whether a row counts; not one from before the clock was set back."""
    return (_OPEN.at > now - LASTS) & (_OPEN.at <= now)
