"""Forecasts, in the database of the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update

from summarizer.domain.forecasts import Forecast, NewForecast, Resolution, Status
from summarizer.domain.incidents import IncidentId
from summarizer.errors import NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert
from summarizer.storage.incidents import exact_number, resolved_number

_TABLE = tables.forecasts
_INTO = tables.incidents.alias()
_ROWS = (
    select(_TABLE, _INTO.c.id.label("incident_id"))
    .join(tables.incidents, tables.incidents.c.number == _TABLE.c.incident)
    .join(
        _INTO,
        _INTO.c.number == func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number),
    )
    .order_by(_TABLE.c.number)
)


class Forecasts:
    """``Forecasts`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, found: Sequence[NewForecast]) -> None:
        """Store new forecasts; a forecast of the same incident, words and day stays as it is."""
        if not found:
            return
        with self._database.writing() as connection:
            numbers = {
                id_: exact_number(connection, id_) for id_ in {one.incident_id for one in found}
            }
            rows = [
                one.model_dump(exclude={"incident_id"}) | {"incident": numbers[one.incident_id]}
                for one in found
            ]
            connection.execute(upsert(connection, _TABLE).on_conflict_do_nothing(), rows)

    def forecast(self, number: int) -> Forecast:
        """The forecast with that number."""
        found = self._forecasts(_ROWS.where(_TABLE.c.number == number))
        if not found:
            raise NotFoundError(f"There is no forecast {number}.", field="number")
        return found[0]

    def of(self, incident_id: str) -> list[Forecast]:
        """Forecasts of an incident and of those merged into it, oldest first."""
        with self._database.reading() as connection:
            number = resolved_number(connection, incident_id)
        return self._forecasts(_ROWS.where(_INTO.c.number == number))

    def page(
        self, status: Status | None, today: dt.date, after: int = 0, limit: int | None = None
    ) -> list[Forecast]:
        """Forecasts with a higher number, oldest first, of one status as of a day or of any."""
        query = _ROWS.where(_TABLE.c.number > after)
        if status is not None:
            query = query.where(_is(status, today))
        return self._forecasts(query if limit is None else query.limit(limit))

    def unannounced(self, today: dt.date) -> list[Forecast]:
        """Unresolved forecasts whose day has come and that no event has announced, oldest
        first."""
        has_come = (_TABLE.c.due <= today) & _TABLE.c.due_announced_at.is_(None)
        return self._forecasts(_ROWS.where(has_come, _TABLE.c.resolution.is_(None)))

    def mark_announced(self, numbers: Sequence[int], at: dt.datetime) -> None:
        """Store that an event has announced these forecasts as due."""
        changed = update(_TABLE).where(_TABLE.c.number.in_(numbers)).values(due_announced_at=at)
        with self._database.writing() as connection:
            connection.execute(changed)

    def resolve(self, number: int, resolution: Resolution) -> None:
        """Store an editor's answer, in place of an earlier one."""
        answer = resolution.model_dump(mode="json")
        changed = update(_TABLE).where(_TABLE.c.number == number).values(resolution=answer)
        with self._database.writing() as connection:
            if not connection.execute(changed).rowcount:
                raise NotFoundError(f"There is no forecast {number}.", field="number")

    def _forecasts(self, query: Select[Any]) -> list[Forecast]:
        with self._database.reading() as connection:
            return [_forecast(row) for row in connection.execute(query)]


def _is(status: Status, today: dt.date) -> ColumnElement[bool]:
    answered = _TABLE.c.resolution.is_not(None)
    has_come = _TABLE.c.due <= today
    if status == "resolved":
        return answered
    return ~answered & (has_come if status == "due" else ~has_come)


def _forecast(row: Row[Any]) -> Forecast:
    return Forecast(
        number=row.number,
        incident_id=IncidentId(row.incident_id),
        section=row.section,
        text=row.text,
        probability=row.probability,
        due=row.due,
        criterion=row.criterion,
        revision=row.revision,
        made_at=row.made_at,
        resolution=Resolution.model_validate(row.resolution) if row.resolution else None,
    )
