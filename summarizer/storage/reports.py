"""Readers' reports, in the database of the store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update

from summarizer.domain.incidents import IncidentId
from summarizer.domain.reports import Report, ReportOutcome
from summarizer.errors import NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.incidents import exact_number, resolved_number

_REPORTS, _INCIDENTS = tables.reports.c, tables.incidents.c
_ROWS = select(tables.reports, _INCIDENTS.id.label("incident_id")).join(
    tables.incidents, _INCIDENTS.number == _REPORTS.incident
)


class Reports:
    """Reports in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, incident_id: str, at: datetime, revision: int, text: str) -> int:
        """Store a report; returns its number."""
        with self._database.writing() as connection:
            number = exact_number(connection, incident_id)
            row = {"incident": number, "at": at, "revision": revision, "text": text}
            made = insert(tables.reports).values(row).returning(_REPORTS.number)
            return int(connection.execute(made).scalar_one())

    def of(self, incident_id: str) -> list[Report]:
        """Reports on an incident and on those merged into it, oldest first.

        Raises:
            NotFoundError: there is no such incident.
        """
        with self._database.reading() as connection:
            number = resolved_number(connection, incident_id)
            here = or_(_INCIDENTS.number == number, _INCIDENTS.merged_into == number)
            rows = connection.execute(_ROWS.where(here).order_by(_REPORTS.number))
            return [_report(row) for row in rows]

    def unanswered(self, incident_id: str) -> int:
        """Number of reports on exactly that incident without an answer."""
        with self._database.reading() as connection:
            here = _REPORTS.incident == exact_number(connection, incident_id)
            waits = select(func.count()).where(here, _REPORTS.outcome.is_(None))
            return connection.scalar(waits) or 0

    def answer(
        self, number: int, outcome: ReportOutcome, by: str, at: datetime, note: str | None
    ) -> None:
        """Store an editor's answer.

        Raises:
            NotFoundError: there is no such report.
        """
        fields = {"outcome": outcome.value, "answered_by": by, "answered_at": at, "note": note}
        with self._database.writing() as connection:
            here = update(tables.reports).where(_REPORTS.number == number)
            if connection.execute(here.values(fields)).rowcount == 0:
                raise NotFoundError(f"There is no report {number}.", field="number")


def _report(row: Row[Any]) -> Report:
    return Report(
        number=row.number,
        incident_id=IncidentId(row.incident_id),
        at=row.at,
        revision=row.revision,
        text=row.text,
        outcome=ReportOutcome(row.outcome) if row.outcome else None,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        note=row.note,
    )
