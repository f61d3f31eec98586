"""The log of calls to models, in the database of the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from summarizer.domain.drafts import CallRecord, Usage
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

    def made(self) -> list[CallRecord]:
        """All calls, in the order in which they ended."""
        with self._database.reading() as connection:
            rows = connection.execute(select(llm_calls).order_by(llm_calls.c.number)).mappings()
            return [_call(dict(row)) for row in rows]

    def record(self, record: CallRecord) -> None:
        """Store a call, usable or not; many may share one hash."""
        row = record.model_dump(exclude={"usage"}) | record.usage.model_dump()

        def stored() -> None:
            with self._database.writing() as connection:
                connection.execute(insert(llm_calls).values(row))

        self._database.repeated(stored)  # the answer is paid for


def _call(row: dict[str, Any]) -> CallRecord:
    usage = Usage(**{name: row.pop(name) for name in Usage.model_fields})
    del row["number"]
    return CallRecord(usage=usage, **row)
