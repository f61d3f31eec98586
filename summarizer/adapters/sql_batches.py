"""Batches of questions to a model, in the database of the store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Row, Select, delete, insert, select, update

from summarizer.adapters import schema
from summarizer.adapters.sql_database import Database
from summarizer.batches import WAITING, Batch, Held
from summarizer.domain import IncidentId, Usage

_BATCHES, _QUESTIONS = schema.message_batches, schema.batch_questions
_AT_ONCE = 500
"""Ids in one query: SQLite limits its variables."""


class SqlBatches:
    """Meets ``batches.Batches``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, server: str, questions: Sequence[Held], at: dt.datetime) -> Batch | None:
        """See ``Batches.begin``."""
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
        """See ``Batches.sent``."""
        self._set(number, {"batch_id": batch_id})

    def drop(self, number: int) -> None:
        """See ``Batches.drop``."""
        with self._database.writing() as connection:
            connection.execute(delete(_QUESTIONS).where(_QUESTIONS.c.batch == number))
            connection.execute(delete(_BATCHES).where(_BATCHES.c.number == number))

    def under_way(self, server: str) -> list[Batch]:
        """See ``Batches.under_way``."""
        rows = select(_BATCHES).where(
            _BATCHES.c.server == server, _BATCHES.c.collected_at.is_(None)
        )
        return self._read(rows.order_by(_BATCHES.c.number))

    def waiting(self, number: int) -> list[Held]:
        """See ``Batches.waiting``."""
        mine = (_QUESTIONS.c.batch == number) & _QUESTIONS.c.outcome.is_(None)
        with self._database.reading() as connection:
            return [_held(row) for row in connection.execute(select(_QUESTIONS).where(mine))]

    def settle(self, number: int, question: str, outcome: str) -> None:
        """See ``Batches.settle``."""
        mine = (_QUESTIONS.c.batch == number) & (_QUESTIONS.c.id == question)
        with self._database.writing() as connection:
            connection.execute(update(_QUESTIONS).where(mine).values(outcome=outcome, request=None))

    def collected(self, number: int, at: dt.datetime) -> None:
        """See ``Batches.collected``."""
        self._set(number, {"collected_at": at})

    def newest(self, limit: int = 20) -> list[Batch]:
        """See ``Batches.newest``."""
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


def _row(question: Held) -> dict[str, object]:
    return {
        **question.model_dump(exclude={"incident_id", "most"}),
        "incident": question.incident_id,
        "most_sent": question.most.input_tokens,
        "most_written": question.most.output_tokens,
    }


def _held(row: Row[tuple[object, ...]]) -> Held:
    return Held(
        id=row.id,
        incident_id=IncidentId(row.incident),
        purpose=row.purpose,
        model=row.model,
        request=row.request,
        most=Usage(calls=1, input_tokens=row.most_sent, output_tokens=row.most_written),
    )
