"""Holds on incidents, in the database of the store: those that nobody has lifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, or_, select

from summarizer.domain.holds import WITHHOLDING, Hold, HoldKind
from summarizer.domain.incidents import IncidentId
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert
from summarizer.storage.incidents import RESOLVED, exact_number, resolved_number

_HOLDS, _INCIDENTS = tables.holds.c, tables.incidents.c
_ROWS = select(tables.holds, _INCIDENTS.id.label("incident_id")).join(
    tables.incidents, _INCIDENTS.number == _HOLDS.incident
)
_WITHHOLDING = _HOLDS.kind.in_(sorted(kind.value for kind in WITHHOLDING))


class Holds:
    """Holds in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, hold: Hold) -> None:
        """Store a hold, in place of one of its kind on its incident."""
        fields = hold.model_dump(exclude={"incident_id", "kind"})
        with self._database.writing() as connection:
            key = {
                "incident": exact_number(connection, hold.incident_id),
                "kind": hold.kind.value,
            }
            row = upsert(connection, tables.holds).values(**key, **fields)
            connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=fields))

    def remove(self, hold: Hold) -> None:
        """Remove a hold from its incident."""
        with self._database.writing() as connection:
            number = exact_number(connection, hold.incident_id)
            here = (_HOLDS.incident == number) & (_HOLDS.kind == hold.kind.value)
            connection.execute(delete(tables.holds).where(here))

    def of(self, incident_id: str) -> list[Hold]:
        """Holds on an incident and on those merged into it, by kind, that with the latest end
        first; an embargo whose time has come may be among them.

        Raises:
            NotFoundError: there is no such incident.
        """
        with self._database.reading() as connection:
            number = resolved_number(connection, incident_id)
            here = or_(_INCIDENTS.number == number, _INCIDENTS.merged_into == number)
            order = (_HOLDS.kind, _HOLDS.until.desc(), _HOLDS.incident)
            return [_hold(row) for row in connection.execute(_ROWS.where(here).order_by(*order))]

    def standing(self, now: datetime) -> dict[IncidentId, list[Hold]]:
        """All holds in force, by the incident that one reads; few are."""
        into = tables.incidents.alias()
        query = _ROWS.add_columns(into.c.id.label("root")).join(into, into.c.number == RESOLVED)
        lasting = or_(_HOLDS.until.is_(None), _HOLDS.until > now)
        found: dict[IncidentId, list[Hold]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query.where(lasting).order_by(_HOLDS.kind)):
                found.setdefault(IncidentId(row.root), []).append(_hold(row))
        return found

    def over(self, now: datetime) -> list[Hold]:
        """Holds whose time has come."""
        with self._database.reading() as connection:
            return [_hold(row) for row in connection.execute(_ROWS.where(_HOLDS.until <= now))]

    def withheld(self, now: datetime) -> dict[int, IncidentId]:
        """Incidents that readers are not shown, by number, with those merged into each of them."""
        lasting = or_(_HOLDS.until.is_(None), _HOLDS.until > now)
        on = tables.incidents.alias().c
        held = (
            select(func.coalesce(on.merged_into, on.number))
            .join(tables.holds, _HOLDS.incident == on.number)
            .where(_WITHHOLDING, lasting)
        )
        query = select(_INCIDENTS.number, _INCIDENTS.id).where(RESOLVED.in_(held))
        with self._database.reading() as connection:
            # Few are ever held, and most of the time none is.
            if connection.execute(select(_HOLDS.incident).where(_WITHHOLDING).limit(1)).first():
                rows = connection.execute(query)
                return {row.number: IncidentId(row.id) for row in rows}
        return {}


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        incident_id=IncidentId(row.incident_id),
        kind=HoldKind(row.kind),
        reason=row.reason,
        by=row.by,
        at=row.at,
        until=row.until,
    )
