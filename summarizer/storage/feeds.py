"""Feed states and the log of fetches, in the database of the store."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select, update

from summarizer.domain.fetching import FeedState, FetchRecord
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import put, upsert

_FEEDS = tables.feeds
_TOO_LONG = dt.timedelta(days=1)
"""A lease that is over no sooner was taken before the clock was set back."""


class FeedStates:
    """States in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, url: str) -> FeedState | None:
        """The state of a feed, ``None`` before its first poll."""
        with self._database.reading() as connection:
            row = connection.execute(select(_FEEDS).where(_FEEDS.c.url == url)).first()
        return None if row is None else FeedState(**row._mapping)

    def put(self, state: FeedState) -> None:
        """Store a state in place of the former one, its lease included."""
        row = state.model_dump()
        with self._database.writing() as connection:
            put(connection, _FEEDS, [row], "url")

    def hold(self, url: str, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
        """Have a feed to oneself until then, for longer if one has it already.

        Returns:
            ``False`` when somebody else has it now.
        """
        lease = {"holder": holder, "lease_until": until}
        first = FeedState(url=url, polled_at=now, next_at=now).model_dump() | lease
        over = (_FEEDS.c.lease_until <= now) | (_FEEDS.c.lease_until > now + _TOO_LONG)
        free = _FEEDS.c.holder.is_(None) | over
        with self._database.writing() as connection:
            taken = (
                upsert(connection, _FEEDS)
                .values(first)
                .on_conflict_do_update(
                    index_elements=["url"], set_=lease, where=free | (_FEEDS.c.holder == holder)
                )
                .returning(_FEEDS.c.url)
            )
            # Not by rowcount, which PostgreSQL's driver may not tell for an insert.
            return connection.execute(taken).first() is not None

    def let_go(self, url: str, holder: str) -> None:
        """End that; does nothing where somebody else has the feed."""
        mine = (_FEEDS.c.url == url) & (_FEEDS.c.holder == holder)
        with self._database.writing() as connection:
            nobody = update(_FEEDS).where(mine).values(holder=None, lease_until=None)
            connection.execute(nobody)


_FETCHES = tables.fetches


class FetchLog:
    """Records in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: FetchRecord) -> None:
        """Store a record under the next number."""
        row = record.model_dump(exclude={"number"})
        with self._database.writing() as connection:
            connection.execute(insert(_FETCHES).values(row))

    def newest(self, limit: int = 100, before: int | None = None) -> list[FetchRecord]:
        """Records, newest first; only those with a smaller number than ``before``."""
        query = select(_FETCHES).order_by(_FETCHES.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(_FETCHES.c.number < before)
        with self._database.reading() as connection:
            return [FetchRecord(**row._mapping) for row in connection.execute(query)]
