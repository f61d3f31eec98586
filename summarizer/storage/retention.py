"""What may go by age: records of work that is over, on which nothing else rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from summarizer.domain.jobs import JobStatus
from summarizer.domain.webhooks import DeliveryStatus
from summarizer.storage import tables
from summarizer.storage.database import Database

_JOBS, _STEPS, _CALLS = tables.jobs.c, tables.job_events.c, tables.llm_calls.c
_SENT = tables.deliveries.c


class Retention:
    """Removes old records of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, before: datetime) -> dict[str, int]:
        """Numbers of the records that ``prune`` would remove, by kind."""
        with self._database.reading() as connection:
            found = {
                name: _count(connection, table, old) for name, (table, old) in _old(before).items()
            }
            return found | {
                "texts of calls to models": _count(connection, tables.llm_calls, _spoken(before))
            }

    def prune(self, before: datetime) -> dict[str, int]:
        """Remove what ended before a time: fetches, steps of drafts, deliveries that are over, and
        the texts of calls to models, whose cost stays; returns their numbers by kind."""
        with self._database.writing() as connection:
            found = self.count(before)
            for table, old in _old(before).values():
                connection.execute(delete(table).where(old))
            emptied = update(tables.llm_calls).where(_spoken(before))
            connection.execute(emptied.values(request="", response=None))
        return found


def _old(before: datetime) -> Mapping[str, tuple[Table, ColumnElement[bool]]]:
    over = [status.value for status in JobStatus if status.is_over]
    ended = select(_JOBS.id).where(_JOBS.status.in_(over), _JOBS.finished_at < before)
    waiting = DeliveryStatus.WAITING.value
    return {
        "fetches": (tables.fetches, tables.fetches.c.at < before),
        "steps of drafts": (tables.job_events, _STEPS.job.in_(ended)),
        "deliveries": (
            tables.deliveries, (_SENT.status != waiting) & (_SENT.answered_at < before)
        ),
    }  # fmt: skip


def _spoken(before: datetime) -> ColumnElement[bool]:
    return (_CALLS.created_at < before) & (_CALLS.request != "")


def _count(connection: Connection, table: Table, old: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(old)) or 0
