"""Items that further incidents show, in the database of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from summarizer.domain.assignments import Showing
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, key_of, number_of
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.incidents import resolved_number
from summarizer.storage.locks import GROUPING, LOG
from summarizer.storage.memberships import items_of, showing
from summarizer.storage.rows import insert_all, parts
from summarizer.storage.standings import mark

_ALSO, _ITEMS = tables.also_in.c, tables.items.c
_AT, _SHOWN_IN = tables.incidents.alias(), tables.incidents.alias()


class AlsoIn:
    """Which items are shown in incidents that are not their home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, items: Sequence[ItemKey], incident_id: str, by: str, at: datetime
    ) -> list[ItemKey]:
        """Let an incident show items as well; returns those that it did not have."""
        with self._database.writing(GROUPING, LOG) as connection:
            into = resolved_number(connection, incident_id)
            has = set(connection.scalars(items_of([into])))
            new = [key for key in dict.fromkeys(items) if number_of(key) not in has]
            rows = [{"item": number_of(k), "incident": into, "at": at, "by": by} for k in new]
            insert_all(connection, tables.also_in, rows)
            _mark(connection, new, into)
        return new

    def remove(self, items: Sequence[ItemKey], incident_id: str) -> list[ItemKey]:
        """Let an incident, with those merged into it, no longer show items; returns those that it
        showed."""
        with self._database.writing(GROUPING, LOG) as connection:
            from_ = resolved_number(connection, incident_id)
            group = select(_AT.c.number).where(
                (_AT.c.number == from_) | (_AT.c.merged_into == from_)
            )
            gone = set[ItemKey]()
            for part in parts([number_of(key) for key in items]):
                rows = _ALSO.item.in_(part) & _ALSO.incident.in_(group)
                deleted = delete(tables.also_in).where(rows).returning(_ALSO.item)
                gone.update(map(key_of, connection.scalars(deleted)))
            shown = [key for key in dict.fromkeys(items) if key in gone]
            _mark(connection, shown, from_)
        return shown

    def of(self, items: Sequence[ItemKey]) -> dict[ItemKey, list[Showing]]:
        """Where else items are shown, oldest first; those at home alone are absent."""
        query = (
            select(tables.also_in, _SHOWN_IN.c.id)
            .join(_AT, _AT.c.number == _ALSO.incident)
            .join(_SHOWN_IN, _SHOWN_IN.c.number == func.coalesce(_AT.c.merged_into, _AT.c.number))
            .join(tables.items, _ITEMS.number == _ALSO.item)
            .where(_ITEMS.incident != _SHOWN_IN.c.number)
            .order_by(_ALSO.at, _ALSO.incident)
        )
        found: dict[ItemKey, dict[str, Showing]] = {}
        with self._database.reading() as connection:
            for part in parts([number_of(key) for key in items]):
                for row in connection.execute(query.where(_ALSO.item.in_(part))):
                    key = key_of(row.item)
                    one = Showing(item=key, incident=IncidentId(row.id), by=row.by, at=row.at)
                    found.setdefault(key, {}).setdefault(row.id, one)
        return {key: list(by_incident.values()) for key, by_incident in found.items()}


def _mark(connection: Connection, items: Sequence[ItemKey], incident: int) -> None:
    """Mark the incident as changed, and all that have the items: each names the others."""
    numbers = [number_of(key) for key in items]
    others = showing(connection, numbers)
    for part in parts(numbers):
        homes = select(_ITEMS.incident).where(_ITEMS.number.in_(part)).distinct()
        others |= {one for one in connection.scalars(homes) if one is not None}
    mark(connection, others - {incident})
    if items:
        mark(connection, [incident], items=True)
