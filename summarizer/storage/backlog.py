"""Work that waits, counted for monitoring by indexes of what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal, select

from summarizer.domain.jobs import JobStatus
from summarizer.domain.webhooks import DeliveryStatus
from summarizer.storage import tables
from summarizer.storage.database import Database

MOST = 10_000
"""Highest count, so that a long queue takes no longer to count."""

FORGOTTEN = dt.timedelta(days=1)
"""Time after which a feed that is due counts as removed from the file; no wait is longer."""


class Backlog(NamedTuple):
    """Work that waits; no count is above ``MOST``.

    Args:
        unsettled: items without an incident.
        oldest_unsettled: arrival of the first of them.
        unindexed: items after the mark of the index; ``None`` without an index.
        jobs: drafts that are queued or running, by status.
        deliveries: waiting deliveries of webhooks, those of paused webhooks included.
        paused_webhooks: paused webhooks.
        failing_feeds: polled feeds whose last poll failed.
    """

    unsettled: int
    oldest_unsettled: dt.datetime | None
    unindexed: int | None
    jobs: Mapping[JobStatus, int]
    deliveries: int
    paused_webhooks: int
    failing_feeds: int


class OfStart(NamedTuple):
    """What is left of a start; no count is above ``MOST``.

    Args:
        unsettled: its items without an incident.
        unindexed: its items after the mark of the index; ``None`` without an index.
        unchecked: incidents whose standing is out of date.
    """

    unsettled: int
    unindexed: int | None
    unchecked: int


class BacklogReader:
    """Counts on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unindexed(self, index: str) -> int:
        """Number of items after the mark of a vector index."""
        with self._database.reading() as connection:
            return _unindexed(connection, index)

    def of_start(self, upto: int, index: str | None) -> OfStart:
        """Count what is left of a start.

        Args:
            upto: number of the newest item that was there.
            index: identity of the vector index; ``None`` if this process has opened none.
        """
        items, standings = tables.items.c, tables.standings.c
        with self._database.reading() as connection:
            return OfStart(
                unsettled=_count(connection, items.incident.is_(None) & (items.number <= upto)),
                unindexed=None if index is None else _unindexed(connection, index, upto),
                unchecked=_count(connection, standings.seen != standings.changes),
            )

    def at(self, now: dt.datetime, index: str | None) -> Backlog:
        """Count what waits.

        Args:
            now: the time.
            index: identity of the vector index; ``None`` if this process has opened none.
        """
        items, jobs, feeds = tables.items.c, tables.jobs.c, tables.feeds.c
        unsettled = items.incident.is_(None)
        oldest = select(items.ingested_at).where(unsettled).order_by(items.number).limit(1)
        polled = feeds.next_at > now - FORGOTTEN
        with self._database.reading() as connection:
            return Backlog(
                unsettled=_count(connection, unsettled),
                oldest_unsettled=connection.scalar(oldest),
                unindexed=None if index is None else _unindexed(connection, index),
                jobs={
                    status: _count(connection, jobs.status == status.value)
                    for status in (JobStatus.QUEUED, JobStatus.RUNNING)
                },
                deliveries=_count(
                    connection, tables.deliveries.c.status == DeliveryStatus.WAITING.value
                ),
                paused_webhooks=_count(connection, tables.webhooks.c.paused_at.is_not(None)),
                failing_feeds=_count(connection, (feeds.failures > 0) & polled),
            )


def _unindexed(connection: Connection, index: str, upto: int | None = None) -> int:
    marks, number = tables.index_marks.c, tables.items.c.number
    mark = connection.scalar(select(marks.item).where(marks.collection == index))
    after = number > (mark or 0)
    return _count(connection, after if upto is None else after & (number <= upto))


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Number of the rows that meet a condition, up to ``MOST``."""
    found = select(literal(1)).where(condition).limit(MOST).subquery()
    return connection.scalar(select(func.count()).select_from(found)) or 0
