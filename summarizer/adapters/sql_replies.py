"""Answers to writes, in the database of the store."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from summarizer.adapters import schema
from summarizer.adapters.sql_database import Database
from summarizer.replies import ABANDONED, KEPT, Answer, Claimed

_ROWS = schema.replies


class SqlReplies:
    """Replies in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, owner: str, key: str, fingerprint: str, at: dt.datetime) -> Claimed | None:
        """See ``Replies.claim``."""
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
        """See ``Replies.keep``."""
        kept = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
        with self._database.writing() as connection:
            connection.execute(update(_ROWS).where(_is(owner, key)).values(kept))

    def release(self, owner: str, key: str) -> None:
        """See ``Replies.release``."""
        free = _is(owner, key) & _ROWS.c.status.is_(None)
        with self._database.writing() as connection:
            connection.execute(delete(_ROWS).where(free))


def _is(owner: str, key: str) -> ColumnElement[bool]:
    return (_ROWS.c.owner == owner) & (_ROWS.c.key == key)
