"""Batches of questions to a model, in the database of the store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Row, Select, delete, insert, select, update

from summarizer.domain.batches import WAITING, Batch, BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.storage import tables
from summarizer.storage.database import Database

_BATCHES, _QUESTIONS = tables.message_batches, tables.batch_questions
_AT_ONCE = 500
"""Ids in one query: SQLite limits its variables."""


class Batches:
    """Meets ``batches.Batches``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, server: str, questions: Sequence[BatchedRequest], at: dt.datetime
    ) -> Batch | None:
        """Write down a batch that is about to be sent, of those questions that wait in no other;
        ``None`` when there are none."""
        with self._database.writing() as connection:
            taken: set[str] = set()
            ids = [question.id for question in questions]
            for start in range(0, len(ids), _AT_ONCE):
                here = _QUESTIONS.c.id.in_(ids[start : start + _AT_ONCE])
                waits = select(_QUESTIONS.c.id).where(_QUESTIONS.c.outcome.is_(None), here)
                taken |= set(connection.scalars(waits))
            fresh = {q.id: q for q in questions if q.id not in taken}
            if not fresh:
                return None
            batch = {"server": server, "begun_at": at}
            number = connection.scalar(insert(_BATCHES).values(batch).returning(_BATCHES.c.number))
            rows = [_row(q) | {"batch": number} for q in fresh.values()]
            connection.execute(insert(_QUESTIONS), rows)
            return self._read(select(_BATCHES).where(_BATCHES.c.number == number))[0]

    def sent(self, number: int, batch_id: str) -> None:
        """Write down what the server calls it."""
        self._set(number, {"batch_id": batch_id})

    def drop(self, number: int) -> None:
        """Forget a batch that the server did not take."""
        with self._database.writing() as connection:
            connection.execute(delete(_QUESTIONS).where(_QUESTIONS.c.batch == number))
            connection.execute(delete(_BATCHES).where(_BATCHES.c.number == number))

    def under_way(self, server: str) -> list[Batch]:
        """Batches whose answers are not all stored, oldest first."""
        rows = select(_BATCHES).where(
            _BATCHES.c.server == server, _BATCHES.c.collected_at.is_(None)
        )
        return self._read(rows.order_by(_BATCHES.c.number))

    def waiting(self, number: int) -> list[BatchedRequest]:
        """Its questions without an outcome."""
        mine = (_QUESTIONS.c.batch == number) & _QUESTIONS.c.outcome.is_(None)
        with self._database.reading() as connection:
            return [_held(row) for row in connection.execute(select(_QUESTIONS).where(mine))]

    def settle(self, number: int, question: str, outcome: str) -> None:
        """Write down what became of a question; its request is kept with the answer."""
        mine = (_QUESTIONS.c.batch == number) & (_QUESTIONS.c.id == question)
        with self._database.writing() as connection:
            connection.execute(update(_QUESTIONS).where(mine).values(outcome=outcome, request=None))

    def collected(self, number: int, at: dt.datetime) -> None:
        """Write down that nothing more comes of it."""
        self._set(number, {"collected_at": at})

    def newest(self, limit: int = 20) -> list[Batch]:
        """Batches, newest first."""
        return self._read(select(_BATCHES).order_by(_BATCHES.c.number.desc()).limit(limit))

    def _set(self, number: int, values: dict[str, object]) -> None:
        with self._database.writing() as connection:
            connection.execute(update(_BATCHES).where(_BATCHES.c.number == number).values(values))

    def _read(self, rows: Select[tuple[object, ...]]) -> list[Batch]:
        with self._database.reading() as connection:
            found = []
            for row in connection.execute(rows):
                mine = _QUESTIONS.c.batch == row.number
                outcomes = connection.scalars(select(_QUESTIONS.c.outcome).where(mine))
                counted = Counter(outcome or WAITING for outcome in outcomes)
                found.append(Batch(**row._mapping, outcomes=counted))
            return found


def _row(question: BatchedRequest) -> dict[str, object]:
    return {
        **question.model_dump(exclude={"incident_id", "most"}),
        "incident": question.incident_id,
        "most_sent": question.most.input_tokens,
        "most_written": question.most.output_tokens,
    }


def _held(row: Row[tuple[object, ...]]) -> BatchedRequest:
    return BatchedRequest(
        id=row.id,
        incident_id=IncidentId(row.incident),
        purpose=row.purpose,
        model=row.model,
        request=row.request,
        most=Usage(calls=1, input_tokens=row.most_sent, output_tokens=row.most_written),
    )
