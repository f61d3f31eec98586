"""Drafts that were asked for, in the database of the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, or_, select

from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.errors import NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert
from summarizer.storage.incidents import exact_number
from summarizer.storage.locks import JOBS
from summarizer.storage.signals import announce

ROWS = select(tables.jobs, tables.incidents.c.id.label("incident_id")).join(
    tables.incidents, tables.incidents.c.number == tables.jobs.c.incident
)
"""Jobs with the ids of their incidents."""

_JOBS = tables.jobs.c
_UNDER_WAY = (
    select(_JOBS.id)
    .join(tables.incidents, tables.incidents.c.number == _JOBS.incident)
    .where(tables.incidents.c.id == bindparam("id"))
    .where(or_(*(_JOBS.status == s.value for s in (JobStatus.QUEUED, JobStatus.RUNNING))))
    .order_by(_JOBS.created_at, _JOBS.number)
    .limit(1)
)


class Jobs:
    """Jobs in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, job: Job) -> None:
        """Store a job, in place of its former state."""
        highest = select(func.coalesce(func.max(tables.jobs.c.number), 0)).scalar_subquery()
        with self._database.writing(JOBS) as connection:
            row = job.model_dump(exclude={"incident_id"}) | {
                "status": job.status.value,
                "incident": exact_number(connection, job.incident_id),
            }
            added = upsert(connection, tables.jobs).values(row | {"number": highest + 1})
            connection.execute(added.on_conflict_do_update(index_elements=["id"], set_=row))

    def job(self, job_id: str) -> Job:
        """The job with that id."""
        with self._database.reading() as connection:
            row = connection.execute(ROWS.where(tables.jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no draft {job_id!r} that was asked for.", field="job_id")
        return job_of(row)

    def with_status(self, *statuses: JobStatus) -> list[Job]:
        """All jobs that have got there, oldest first."""
        named = [status.value for status in statuses]
        return self._read(ROWS.where(tables.jobs.c.status.in_(named)))

    def waiting(self, asked_by: str, limit: int) -> int:
        """Number of the jobs of an actor that have not begun, up to a limit."""
        jobs = tables.jobs.c
        mine = (jobs.status == JobStatus.QUEUED.value) & (jobs.asked_by == asked_by)
        few = select(jobs.id).where(mine).limit(limit).subquery()
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(few)) or 0

    def under_way(self, incident_id: IncidentId) -> str | None:
        """Id of the oldest job of exactly that incident that is queued or running."""
        found = self._database.first(_UNDER_WAY, {"id": incident_id})
        return None if found is None else str(found[0])

    def drafting(self, incident_id: IncidentId) -> list[Job]:
        """Whole drafts that are asked for or being made, of an incident and of those merged into
        it, oldest first."""
        target = func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number)
        wanted = tables.incidents.alias()
        number = select(func.coalesce(wanted.c.merged_into, wanted.c.number)).where(
            wanted.c.id == incident_id
        )
        under_way = tables.jobs.c.status.in_([JobStatus.QUEUED.value, JobStatus.RUNNING.value])
        whole = under_way & tables.jobs.c.section.is_(None)
        return self._read(ROWS.where(whole, target == number.scalar_subquery()))

    def _read(self, rows: Select[Any]) -> list[Job]:
        query = rows.order_by(tables.jobs.c.created_at, tables.jobs.c.number)
        with self._database.reading() as connection:
            return [job_of(row) for row in connection.execute(query)]

    def add_event(self, job_id: str, event: JobEvent) -> JobEvent:
        """Store an event under the job's next number; its own number is ignored."""
        last = select(func.max(tables.job_events.c.number)).where(tables.job_events.c.job == job_id)
        with self._database.writing(JOBS) as connection:
            self.job(job_id)
            number = (connection.execute(last).scalar() or 0) + 1
            numbered = event.model_copy(update={"number": number})
            row = numbered.model_dump() | {"job": job_id}
            connection.execute(insert(tables.job_events).values(row))
            announce(connection, job_id)
        return numbered

    def events(self, job_id: str, after: int = 0) -> list[JobEvent]:
        """The steps of a job with a higher number, in order."""
        self.job(job_id)
        query = (
            select(tables.job_events)
            .where(tables.job_events.c.job == job_id, tables.job_events.c.number > after)
            .order_by(tables.job_events.c.number)
        )
        with self._database.reading() as connection:
            return [
                JobEvent.model_validate({k: v for k, v in row._mapping.items() if k != "job"})
                for row in connection.execute(query)
            ]


def job_of(row: Row[Any]) -> Job:
    """A row of ``ROWS`` as the model."""
    return Job.model_validate({name: getattr(row, name) for name in Job.model_fields})
