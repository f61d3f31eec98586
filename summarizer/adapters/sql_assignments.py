"""Why items are where they are, in the database of the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema, sql_rows
from summarizer.adapters.sql_database import Database
from summarizer.assignments import Assignment, Ruling
from summarizer.domain import IncidentId, ItemKey

_INTO = schema.incidents.alias()
_RULINGS = (
    select(schema.rulings, _INTO.c.id.label("incident_id"))
    .join(schema.incidents, schema.incidents.c.number == schema.rulings.c.incident)
    .join(
        _INTO,
        _INTO.c.number == func.coalesce(schema.incidents.c.merged_into, schema.incidents.c.number),
    )
    .order_by(schema.rulings.c.number)
)


class SqlAssignments:
    """``Assignments`` in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, assignments: Sequence[Assignment]) -> None:
        """See ``Assignments.keep``."""
        rows = [
            {"item": sql_rows.number_of(a.key), "body": json.loads(a.model_dump_json())}
            for a in assignments
        ]
        if not rows:
            return
        add = upsert(schema.assignments)
        changed = add.on_conflict_do_update(
            index_elements=["item"], set_={"body": add.excluded.body}
        )
        with self._database.writing() as connection:
            connection.execute(changed, rows)

    def of(self, items: Sequence[ItemKey]) -> dict[ItemKey, Assignment]:
        """See ``Assignments.of``."""
        numbers = [sql_rows.number_of(key) for key in items]
        query = select(schema.assignments)
        with self._database.reading() as connection:
            return {
                sql_rows.key_of(row.item): Assignment.model_validate(row.body)
                for part in sql_rows.parts(numbers)
                for row in connection.execute(query.where(schema.assignments.c.item.in_(part)))
            }

    def rule(self, rulings: Sequence[Ruling]) -> None:
        """See ``Assignments.rule``."""
        with self._database.writing() as connection:
            numbers = {
                id_: sql_rows.resolved_number(connection, id_)
                for id_ in dict.fromkeys(ruling.incident for ruling in rulings)
            }
            rows = [
                {
                    "item": sql_rows.number_of(ruling.item),
                    "incident": numbers[ruling.incident],
                    "belongs": ruling.belongs,
                    "by": ruling.by,
                    "at": ruling.at,
                }
                for ruling in rulings
            ]
            sql_rows.insert_all(connection, schema.rulings, rows)

    def rulings(self, items: Sequence[ItemKey] | None = None) -> list[Ruling]:
        """See ``Assignments.rulings``."""
        holding: dict[tuple[int, str], Row[Any]] = {}
        for row in self._rows(items):
            holding[row.item, row.incident_id] = row
        return [_ruling(row) for row in sorted(holding.values(), key=lambda row: row.number)]

    def _rows(self, items: Sequence[ItemKey] | None) -> list[Row[Any]]:
        with self._database.reading() as connection:
            if items is None:
                return list(connection.execute(_RULINGS))
            numbers = [sql_rows.number_of(key) for key in items]
            return [
                row
                for part in sql_rows.parts(numbers)
                for row in connection.execute(_RULINGS.where(schema.rulings.c.item.in_(part)))
            ]


def _ruling(row: Row[Any]) -> Ruling:
    return Ruling(
        item=sql_rows.key_of(row.item),
        incident=IncidentId(row.incident_id),
        belongs=row.belongs,
        by=row.by,
        at=row.at,
    )
