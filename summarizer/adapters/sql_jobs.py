"""Drafts that were asked for, in the database of the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, func, insert, literal_column, select
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema, sql_rows
from summarizer.adapters.sql_database import Database
from summarizer.domain import IncidentId
from summarizer.errors import NotFoundError
from summarizer.queueing import Job, JobEvent, JobStatus

ROWS = select(schema.jobs, schema.incidents.c.id.label("incident_id")).join(
    schema.incidents, schema.incidents.c.number == schema.jobs.c.incident
)
"""Jobs with the ids of their incidents."""


class SqlJobs:
    """Jobs in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, job: Job) -> None:
        """See ``Jobs.save``."""
        with self._database.writing() as connection:
            row = job.model_dump(exclude={"incident_id"}) | {
                "status": job.status.value,
                "incident": sql_rows.exact_number(connection, job.incident_id),
            }
            kept = upsert(schema.jobs).values(row)
            connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=row))

    def job(self, job_id: str) -> Job:
        """See ``Jobs.job``."""
        with self._database.reading() as connection:
            row = connection.execute(ROWS.where(schema.jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no draft {job_id!r} that was asked for.", field="job_id")
        return job_of(row)

    def with_status(self, *statuses: JobStatus) -> list[Job]:
        """See ``Jobs.with_status``."""
        named = [status.value for status in statuses]
        return self._read(ROWS.where(schema.jobs.c.status.in_(named)))

    def drafting(self, incident_id: IncidentId) -> list[Job]:
        """See ``Jobs.drafting``."""
        target = func.coalesce(schema.incidents.c.merged_into, schema.incidents.c.number)
        wanted = schema.incidents.alias()
        number = select(func.coalesce(wanted.c.merged_into, wanted.c.number)).where(
            wanted.c.id == incident_id
        )
        under_way = schema.jobs.c.status.in_([JobStatus.QUEUED.value, JobStatus.RUNNING.value])
        whole = under_way & schema.jobs.c.section.is_(None)
        return self._read(ROWS.where(whole, target == number.scalar_subquery()))

    def _read(self, rows: Select[Any]) -> list[Job]:
        # In the order of insertion where two have the same time.
        query = rows.order_by(schema.jobs.c.created_at, literal_column("jobs.rowid"))
        with self._database.reading() as connection:
            return [job_of(row) for row in connection.execute(query)]

    def add_event(self, job_id: str, event: JobEvent) -> JobEvent:
        """See ``Jobs.add_event``."""
        last = select(func.max(schema.job_events.c.number)).where(schema.job_events.c.job == job_id)
        with self._database.writing() as connection:
            self.job(job_id)
            number = (connection.execute(last).scalar() or 0) + 1
            numbered = event.model_copy(update={"number": number})
            row = numbered.model_dump() | {"job": job_id}
            connection.execute(insert(schema.job_events).values(row))
        return numbered

    def events(self, job_id: str, after: int = 0) -> list[JobEvent]:
        """See ``Jobs.events``."""
        self.job(job_id)
        query = (
            select(schema.job_events)
            .where(schema.job_events.c.job == job_id, schema.job_events.c.number > after)
            .order_by(schema.job_events.c.number)
        )
        with self._database.reading() as connection:
            return [
                JobEvent.model_validate({k: v for k, v in row._mapping.items() if k != "job"})
                for row in connection.execute(query)
            ]


def job_of(row: Row[Any]) -> Job:
    """A row of ``ROWS`` as the model."""
    fields = {name: value for name, value in row._mapping.items() if name != "incident"}
    return Job.model_validate(fields)
