"""How far the polling of feeds has got, in the database of the store."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema
from summarizer.adapters.sql_database import Database
from summarizer.fetching import FeedState

_FEEDS = schema.feeds


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
