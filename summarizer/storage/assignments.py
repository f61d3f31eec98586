"""Why items are where they are, in the database of the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Row, bindparam, cast, func, select, union_all

from summarizer.domain.assignments import Assignment, Ruling
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, key_of, number_of
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import put
from summarizer.storage.incidents import resolved_number
from summarizer.storage.locks import GROUPING
from summarizer.storage.rows import insert_all, parts

_INTO, _GONE = tables.incidents.alias(), tables.incidents.alias()
_RULINGS = (
    select(tables.rulings, _INTO.c.id.label("incident_id"))
    .join(tables.incidents, tables.incidents.c.number == tables.rulings.c.incident)
    .join(
        _INTO,
        _INTO.c.number == func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number),
    )
    .order_by(tables.rulings.c.number)
)

# Built once: it runs for every item that is put into an incident.
_OF = _RULINGS.where(tables.rulings.c.item.in_(bindparam("items", expanding=True)))
_NUMBER = select(tables.incidents.c.number).where(tables.incidents.c.id == bindparam("id"))
_ON = _RULINGS.where(
    tables.rulings.c.incident.in_(
        union_all(
            select(cast(bindparam("number"), Integer)),
            select(_GONE.c.number).where(_GONE.c.merged_into == bindparam("number")),
        )
    )
)


class Assignments:
    """``Assignments`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, assignments: Sequence[Assignment]) -> None:
        """Store the reasons why items are in their incidents, in place of earlier reasons."""
        rows = [
            {"item": number_of(a.key), "body": json.loads(a.model_dump_json())} for a in assignments
        ]
        if rows:
            with self._database.writing() as connection:
                put(connection, tables.assignments, rows, "item")

    def of(self, items: Sequence[ItemKey]) -> dict[ItemKey, Assignment]:
        """Why each item was put where it was; those put somewhere by hand from the beginning are
        absent from the answer."""
        numbers = [number_of(key) for key in items]
        query = select(tables.assignments)
        with self._database.reading() as connection:
            return {
                key_of(row.item): Assignment.model_validate(row.body)
                for part in parts(numbers)
                for row in connection.execute(query.where(tables.assignments.c.item.in_(part)))
            }

    def rule(self, rulings: Sequence[Ruling]) -> None:
        """Store a ruling of an editor; the newest on an item and an incident counts."""
        with self._database.writing(GROUPING) as connection:
            numbers = {
                id_: resolved_number(connection, id_)
                for id_ in dict.fromkeys(ruling.incident for ruling in rulings)
            }
            rows = [
                {
                    "item": number_of(ruling.item),
                    "incident": numbers[ruling.incident],
                    "belongs": ruling.belongs,
                    "by": ruling.by,
                    "at": ruling.at,
                }
                for ruling in rulings
            ]
            insert_all(connection, tables.rulings, rows)

    def rulings(self, items: Sequence[ItemKey] | None = None) -> list[Ruling]:
        """Rulings that count for these items, or for all, oldest first."""
        holding: dict[tuple[int, str], Row[Any]] = {}
        for row in self._rows(items):
            holding[row.item, row.incident_id] = row
        return [_ruling(row) for row in sorted(holding.values(), key=lambda row: row.number)]

    def rulings_on(self, incident_id: str) -> list[Ruling]:
        """Rulings that count for exactly that incident, with those merged into it."""
        with self._database.reading() as connection:
            number = connection.scalar(_NUMBER, {"id": incident_id})
            if number is None:
                return []
            rows = connection.execute(_ON, {"number": number})
            holding = {row.item: row for row in rows}
        return [_ruling(row) for row in sorted(holding.values(), key=lambda row: row.number)]

    def _rows(self, items: Sequence[ItemKey] | None) -> list[Row[Any]]:
        with self._database.reading() as connection:
            if items is None:
                return list(connection.execute(_RULINGS))
            numbers = [number_of(key) for key in items]
            return [
                row for part in parts(numbers) for row in connection.execute(_OF, {"items": part})
            ]


def _ruling(row: Row[Any]) -> Ruling:
    return Ruling(
        item=key_of(row.item),
        incident=IncidentId(row.incident_id),
        belongs=row.belongs,
        by=row.by,
        at=row.at,
    )
