"""Answers to writes, in the database of the store."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from summarizer.domain.idempotency import ABANDONED, KEPT, Answer, Claimed
from summarizer.storage import tables
from summarizer.storage.database import Database

_ROWS = tables.replies


class Replies:
    """Replies in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, owner: str, key: str, fingerprint: str, at: dt.datetime) -> Claimed | None:
        """Take a key for a request that begins now: ``None`` when it was free, and now is not.

        A key is free after ``KEPT``, and one without an answer after ``ABANDONED``; whatever is
        older than ``KEPT`` is forgotten.
        """
        over = _ROWS.c.claimed_at <= at - KEPT
        died = and_(_ROWS.c.status.is_(None), _ROWS.c.claimed_at <= at - ABANDONED)
        mine = {"owner": owner, "key": key, "fingerprint": fingerprint, "claimed_at": at}
        with self._database.writing() as connection:
            connection.execute(delete(_ROWS).where(over | died))
            row = connection.execute(select(_ROWS).where(_is(owner, key))).one_or_none()
            if row is None:
                connection.execute(insert(_ROWS).values(mine))
                return None
        if row.status is None:
            return Claimed(fingerprint=row.fingerprint)
        answer = Answer(status=row.status, headers=row.headers, body=row.body)
        return Claimed(fingerprint=row.fingerprint, answer=answer)

    def keep(self, owner: str, key: str, answer: Answer) -> None:
        """Keep the answer to the request that took the key."""
        kept = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
        with self._database.writing() as connection:
            connection.execute(update(_ROWS).where(_is(owner, key)).values(kept))

    def release(self, owner: str, key: str) -> None:
        """Give a key back, whose request came to nothing."""
        free = _is(owner, key) & _ROWS.c.status.is_(None)
        with self._database.writing() as connection:
            connection.execute(delete(_ROWS).where(free))


def _is(owner: str, key: str) -> ColumnElement[bool]:
    return (_ROWS.c.owner == owner) & (_ROWS.c.key == key)
