"""Tasks of the embedded queue.  On PostgreSQL, Procrastinate has its own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from summarizer.storage.database import Database
from summarizer.storage.locks import JOBS
from summarizer.storage.tables import tasks


class StoredTask(NamedTuple):
    """A task that this process runs; ``runs`` counts this run."""

    number: int
    name: str
    arguments: Mapping[str, str]
    runs: int


class Tasks:
    """Tasks in the database: they wait, or are held by a run until its lease ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, row: Mapping[str, Any]) -> bool:
        """Store a task, unless another one with its queueing lock waits."""
        with self._database.writing(JOBS) as connection:
            if row["queueing_lock"] is not None:
                same = select(tasks.c.number).where(_waiting(row["queueing_lock"]))
                if connection.scalar(same) is not None:
                    return False
            connection.execute(insert(tasks).values(row))
        return True

    def cancel(self, queueing_lock: str) -> bool:
        """Remove a waiting task."""
        with self._database.writing(JOBS) as connection:
            return bool(connection.execute(delete(tasks).where(_waiting(queueing_lock))).rowcount)

    def stored(self, name: str) -> set[str]:
        """Queueing locks of the tasks of that name."""
        query = select(tasks.c.queueing_lock).where(tasks.c.name == name)
        with self._database.reading() as connection:
            return {lock for (lock,) in connection.execute(query) if lock is not None}

    def take(
        self, names: Collection[str], holder: str, now: dt.datetime, until: dt.datetime
    ) -> StoredTask | None:
        """Hold the next task that may run: of the highest priority, then the oldest."""
        other = tasks.alias()
        before = (other.c.priority > tasks.c.priority) | (
            (other.c.priority == tasks.c.priority) & (other.c.number < tasks.c.number)
        )
        locked = select(other.c.number).where(
            other.c.lock == tasks.c.lock, other.c.holder.is_not(None) | before
        )
        ready = tasks.c.holder.is_(None) & (tasks.c.at <= now) & tasks.c.name.in_(names)
        order = tasks.c.priority.desc(), tasks.c.number
        query = select(tasks).where(ready, ~locked.exists()).order_by(*order).limit(1)
        with self._database.reading() as connection:  # nobody waits for a look at an empty queue
            if connection.execute(query).first() is None:
                return None
        with self._database.writing(JOBS) as connection:
            if (row := connection.execute(query).first()) is None:
                return None
            held = {"holder": holder, "lease_until": until, "runs": row.runs + 1}
            connection.execute(update(tasks).where(tasks.c.number == row.number).values(held))
        return StoredTask(row.number, row.name, row.arguments, row.runs + 1)

    def finish(self, holder: str) -> None:
        """Remove the task of a run, if it still holds it."""
        with self._database.writing(JOBS) as connection:
            connection.execute(delete(tasks).where(tasks.c.holder == holder))

    def hand_back(self, holder: str, at: dt.datetime, *, anew: bool = False) -> None:
        """Let the task of a run wait again, if it still holds it; ``anew`` counts no run."""
        with self._database.writing(JOBS) as connection:
            changes = {"at": at} | ({"runs": 0} if anew else {})
            _let_wait(connection, tasks.c.holder == holder, changes)

    def is_held(self, holder: str) -> bool:
        """Whether a run holds its task still."""
        with self._database.reading() as connection:
            held = select(tasks.c.number).where(tasks.c.holder == holder)
            return connection.scalar(held) is not None

    def renew(self, holders: Collection[str], until: dt.datetime) -> None:
        """Prolong the leases of runs."""
        held = update(tasks).where(tasks.c.holder.in_(holders))
        with self._database.writing(JOBS) as connection:
            connection.execute(held.values(lease_until=until))

    def take_back(self, now: dt.datetime, lease: dt.timedelta) -> None:
        """Let tasks wait again whose lease is over.

        A lease beyond ``now + lease`` was taken before the clock was set back, and is over too.
        """
        over = (tasks.c.lease_until <= now) | (tasks.c.lease_until > now + lease)
        with self._database.reading() as connection:
            if connection.execute(select(tasks.c.number).where(over).limit(1)).first() is None:
                return
        with self._database.writing(JOBS) as connection:
            _let_wait(connection, over, {"at": now})


def _waiting(queueing_lock: str) -> Any:
    return (tasks.c.queueing_lock == queueing_lock) & tasks.c.holder.is_(None)


def _let_wait(connection: Any, held: Any, changes: Mapping[str, Any]) -> None:
    """Let held tasks wait; one is removed if another with its queueing lock waits already."""
    other = tasks.alias()
    same = (other.c.queueing_lock == tasks.c.queueing_lock) & other.c.holder.is_(None)
    taken = select(other.c.number).where(same).exists()
    connection.execute(delete(tasks).where(held, taken))
    connection.execute(update(tasks).where(held).values(holder=None, lease_until=None, **changes))
