"""How far the polling of feeds has got, in the database of the store."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema
from summarizer.adapters.sql_database import Database
from summarizer.fetching import FeedState

_FEEDS = schema.feeds
_TOO_LONG = dt.timedelta(days=1)
"""A lease that is over no sooner was taken before the clock was set back."""


class SqlFeedStates:
    """States in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, url: str) -> FeedState | None:
        """See ``FeedStates.get``."""
        with self._database.reading() as connection:
            row = connection.execute(select(_FEEDS).where(_FEEDS.c.url == url)).first()
        return None if row is None else FeedState(**row._mapping)

    def put(self, state: FeedState) -> None:
        """See ``FeedStates.put``."""
        row = state.model_dump()
        with self._database.writing() as connection:
            connection.execute(
                upsert(_FEEDS).values(row).on_conflict_do_update(index_elements=["url"], set_=row)
            )

    def hold(self, url: str, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
        """See ``FeedStates.hold``."""
        lease = {"holder": holder, "lease_until": until}
        first = FeedState(url=url, polled_at=now, next_at=now).model_dump() | lease
        over = (_FEEDS.c.lease_until <= now) | (_FEEDS.c.lease_until > now + _TOO_LONG)
        free = _FEEDS.c.holder.is_(None) | over
        taken = (
            upsert(_FEEDS)
            .values(first)
            .on_conflict_do_update(
                index_elements=["url"], set_=lease, where=free | (_FEEDS.c.holder == holder)
            )
        )
        with self._database.writing() as connection:
            return connection.execute(taken).rowcount == 1

    def let_go(self, url: str, holder: str) -> None:
        """See ``FeedStates.let_go``."""
        mine = (_FEEDS.c.url == url) & (_FEEDS.c.holder == holder)
        with self._database.writing() as connection:
            nobody = update(_FEEDS).where(mine).values(holder=None, lease_until=None)
            connection.execute(nobody)
