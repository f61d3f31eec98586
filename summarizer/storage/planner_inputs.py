"""Past drafts, failures and spending, for the planner of drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select

from summarizer.domain.drafts import Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobStatus
from summarizer.domain.usage import DraftUse, Spending, use_of
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.jobs import ROWS, job_of
from summarizer.storage.rows import parts

_TOKENS = ("input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens")


class PlannerRecords:
    """Meets ``autodrafting.Records``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def failed(self, asked_by: str, incident_ids: Sequence[IncidentId]) -> list[Job]:
        """Failed whole drafts of incidents that an actor asked for, oldest first."""
        jobs = tables.jobs
        whole = (jobs.c.asked_by == asked_by) & jobs.c.section.is_(None)
        query = ROWS.where(whole, jobs.c.status == JobStatus.FAILED.value)
        with self._database.reading() as connection:
            found = [
                job_of(row)
                for part in parts(incident_ids)
                for row in connection.execute(query.where(tables.incidents.c.id.in_(part)))
            ]
        return sorted(found, key=lambda job: job.finished_at or job.created_at)

    def newest_over(self, asked_by: str, limit: int) -> list[Job]:
        """Whole drafts that an actor asked for, made or failed, newest first."""
        jobs = tables.jobs
        over = [JobStatus.DONE.value, JobStatus.FAILED.value]
        whole = (jobs.c.asked_by == asked_by) & jobs.c.section.is_(None)
        query = ROWS.where(whole, jobs.c.status.in_(over)).order_by(jobs.c.finished_at.desc())
        with self._database.reading() as connection:
            return [job_of(row) for row in connection.execute(query.limit(limit))]

    def spent(self, since: dt.datetime) -> list[Spending]:
        """Usage of the calls sent after a time, by model."""
        calls = tables.llm_calls
        sums = [func.sum(calls.c[name]).label(name) for name in (*_TOKENS, "calls")]
        query = (
            select(
                calls.c.model,
                calls.c.batched,
                func.min(calls.c.created_at).label("first_at"),
                *sums,
            )
            .where(calls.c.created_at > since)
            .group_by(calls.c.model, calls.c.batched)
        )
        with self._database.reading() as connection:
            return [
                Spending(
                    model=row.model,
                    first_at=row.first_at,
                    batched=row.batched,
                    usage=Usage(**{name: getattr(row, name) for name in (*_TOKENS, "calls")}),
                )
                for row in connection.execute(query)
            ]

    def drafts(self, after: int, model: str | None) -> tuple[int, list[DraftUse]]:
        """Use of the whole drafts by a model that were stored after an event, oldest first.

        Drafts with an answer that an earlier one had paid for are left out.

        Returns:
            The number of the last event, and the drafts.
        """
        events, drafts = tables.events.c, tables.drafts.c
        joined = tables.events.join(
            tables.drafts,
            (drafts.incident == events.incident) & (drafts.revision == events.revision),
        )
        with self._database.reading() as connection:
            last = connection.scalar(select(func.max(events.number))) or 0
            query = (
                select(events.detail)
                .select_from(joined)
                .where(events.number.between(after + 1, last))
                .where(
                    events.kind == EventKind.DRAFTED.value, drafts.model.is_not_distinct_from(model)
                )
                .order_by(events.number)
            )
            found = [use_of(detail) for detail in connection.scalars(query)]
        return max(after, last), [use for use in found if use is not None]

    def answers(self, model: str, purpose: str, limit: int) -> list[int]:
        """Tokens of the newest usable answers of a model for a purpose."""
        calls = tables.llm_calls.c
        usable = (calls.model == model) & (calls.purpose == purpose) & calls.error.is_(None)
        query = select(calls.output_tokens).where(usable).order_by(calls.number.desc())
        with self._database.reading() as connection:
            return list(connection.scalars(query.limit(limit)))

    def in_batches(self, since: dt.datetime) -> list[Spending]:
        """Reserves of the requests that wait in message batches begun after a time, by model."""
        batches, questions = tables.message_batches, tables.batch_requests
        query = (
            select(
                questions.c.model,
                func.min(batches.c.begun_at).label("first_at"),
                func.count().label("calls"),
                func.sum(questions.c.most_sent).label("input_tokens"),
                func.sum(questions.c.most_written).label("output_tokens"),
            )
            .join(batches, batches.c.number == questions.c.batch)
            .where(questions.c.outcome.is_(None), batches.c.begun_at > since)
            .group_by(questions.c.model)
        )
        with self._database.reading() as connection:
            return [
                Spending(
                    model=row.model,
                    first_at=row.first_at,
                    batched=True,
                    usage=Usage(
                        calls=row.calls,
                        input_tokens=row.input_tokens,
                        output_tokens=row.output_tokens,
                    ),
                )
                for row in connection.execute(query)
            ]
