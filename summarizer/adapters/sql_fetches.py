"""Records of fetches, in the database of the store."""

from __future__ import annotations

from sqlalchemy import insert, select

from summarizer.adapters import schema
from summarizer.adapters.sql_database import Database
from summarizer.fetching import FetchRecord

_FETCHES = schema.fetches


class SqlFetchLog:
    """Records in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: FetchRecord) -> None:
        """See ``FetchLog.add``."""
        row = record.model_dump(exclude={"number"})
        with self._database.writing() as connection:
            connection.execute(insert(_FETCHES).values(row))

    def newest(self, limit: int = 100, before: int | None = None) -> list[FetchRecord]:
        """See ``FetchLog.newest``."""
        query = select(_FETCHES).order_by(_FETCHES.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(_FETCHES.c.number < before)
        with self._database.reading() as connection:
            return [FetchRecord(**row._mapping) for row in connection.execute(query)]
