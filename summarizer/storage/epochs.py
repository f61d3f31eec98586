"""Lives of the log of events.

A restored backup gives numbers out again that readers have seen under other events.  So each life
has a random id, which is part of the places that readers keep and of the ids of events.
"""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.locks import LOG

_ROWS, _EVENTS = tables.epochs.c, tables.events.c

EPOCH = (
    select(_ROWS.id)
    .where(_ROWS.first <= _EVENTS.number)
    .order_by(_ROWS.number.desc())
    .limit(1)
    .correlate(tables.events)
    .scalar_subquery()
)
"""Id of the life in which a row of ``events`` was recorded."""

_PRESENT = select(_ROWS.id).order_by(_ROWS.number.desc()).limit(1)


class Epochs:
    """The lives of one log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> str:
        """Id of the present life, 12 hexadecimal digits; made when first asked for."""
        with self._database.reading() as connection:
            found = connection.scalar(_PRESENT)
        if found is None:
            with self._database.writing(LOG) as connection:
                found = present_epoch(connection)
        return str(found)

    def begin(self) -> str:
        """Begin another life with the next event; returns its id."""
        with self._database.writing(LOG) as connection:
            last = connection.scalar(select(func.max(_EVENTS.number))) or 0
            return _begun(connection, last + 1)


def present_epoch(connection: Connection) -> str:
    """Id of the present life, in a transaction that holds ``LOG``; the first one begins here."""
    found = connection.scalar(_PRESENT)
    return _begun(connection, 1) if found is None else str(found)


def _begun(connection: Connection, first: int) -> str:
    id_ = uuid4().hex[:12]
    connection.execute(insert(tables.epochs).values(id=id_, first=first))
    return id_
