"""The log of calls to models, in the database of the store."""

from __future__ import annotations

from sqlalchemy import insert, select

from summarizer.domain.drafts import CallRecord
from summarizer.storage.database import Database
from summarizer.storage.tables import llm_calls


class CallLog:
    """Calls to models in a SQLite database: cache, audit log and cost account in one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, request_hash: str) -> str | None:
        """The newest ``response`` recorded without an error under that hash, if there is one."""
        usable = llm_calls.c.error.is_(None) & llm_calls.c.response.is_not(None)
        query = select(llm_calls.c.response).where(llm_calls.c.request_hash == request_hash, usable)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(llm_calls.c.number.desc()).limit(1))

    def record(self, record: CallRecord) -> None:
        """Store a call, usable or not; many may share one hash."""
        row = record.model_dump(exclude={"usage"}) | record.usage.model_dump()
        with self._database.writing() as connection:
            connection.execute(insert(llm_calls).values(row))
