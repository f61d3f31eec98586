"""Moves an installation from one database to another, of whichever kind, and proves both equal.

Tables are copied in the order of their foreign keys, a batch of rows a transaction.  Until every
table is equal the new database is marked as unfinished, so that no other command opens it; a run
that goes on passes over the tables that are there, and writes the others anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from summarizer.errors import ConflictError
from summarizer.storage import tables
from summarizer.storage.database import MOVING, Database, revision_of, set_revision
from summarizer.storage.dialects import follow_highest, put
from summarizer.storage.full_text import TextIndex
from summarizer.storage.locks import SCHEMA
from summarizer.storage.migrations import REVISION
from summarizer.storage.rows import parts

BATCH = 200
"""Rows of one transaction: some hold whole requests to a model."""

_BYTES = 16
"""Length of a hash."""

ORDER: Sequence[Table] = [
    table for table in tables.metadata.sorted_tables if table not in (tables.tasks, tables.presence)
]
"""Each table after those that it refers to.  The tasks of the embedded queue stay: a job without a
task gets one where it is moved to.  So does who has which page open, for a minute or two."""

FILLED = (tables.epochs, tables.standings_changes)
"""Tables with a row in an empty database; that of the source takes its place."""

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Digest:
    """The content of a table.

    Args:
        rows: their number.
        hash: of all values, in whichever order the rows come.
    """

    rows: int
    hash: str


@dataclass(frozen=True)
class Compared:
    """A table in both databases."""

    table: str
    here: Digest
    there: Digest

    @property
    def equal(self) -> bool:
        """Whether number and content of the rows are the same."""
        return self.here == self.there


def move(
    source: Database, url: str, installation: str, tell: Callable[[str], None]
) -> list[Compared]:
    """Copy all that a database holds into another one, or what of it is missing there.

    A database that holds all of it already is only compared.

    Args:
        source: what is copied, as it is when this begins.
        url: of the other database, empty or with a part of this one.
        installation: id of what is copied.
        tell: is told how far it is.

    Returns:
        Every table, with what it holds in both after the copy.

    Raises:
        ConflictError: the other database holds something else.
        StorageError: one of them failed; the next run goes on.
    """
    target = Database.open(url, unfinished=True)
    try:
        if _begun(target, installation):
            _copy_all(source, target, tell)
            tell("indexing the words of all items")
            TextIndex(target).rebuild()
        tell("comparing")
        # Read anew: what was written to the source since the copy began is seen here.
        found = list(_compared(source, target))
        if all(table.equal for table in found):
            _finish(target)
        return found
    finally:
        target.close()


def _begun(target: Database, installation: str) -> bool:
    """Mark an empty database as begun; returns whether there is something to copy."""
    row = tables.installation
    with target.writing(SCHEMA) as connection:
        found = connection.scalar(select(row.c.id))
        if found not in (None, installation) or (found is None and _holds_rows(connection)):
            raise ConflictError(
                f"The database {target.name} holds another installation, and nothing was changed. "
                "Name an empty database, or the one that a former run has begun to fill."
            )
        if found is None:
            for table in FILLED:
                connection.execute(delete(table))
            connection.execute(insert(row).values(id=installation))
            set_revision(connection, MOVING)
            return True
        return revision_of(connection) == MOVING


def _holds_rows(connection: Connection) -> bool:
    holding = (table for table in ORDER if table not in FILLED)
    return any(connection.execute(select(table).limit(1)).first() for table in holding)


def _copy_all(source: Database, target: Database, tell: Callable[[str], None]) -> None:
    with source.reading() as connection:  # one state, whatever is written meanwhile
        for table in ORDER:
            tell(f"copying {table.name}")
            if _is_whole(connection, target, table):
                continue
            for rows in _read(connection, select(*_unlinked(table))):
                target.repeated(partial(_write, target, table, rows))
            for link in _links(table):
                linked = select(*table.primary_key, link).where(link.is_not(None))
                for rows in _read(connection, linked):
                    target.repeated(partial(_set_link, target, table, link, rows))
        for table in reversed(ORDER):
            _remove_others(connection, target, table)


def _remove_others(connection: Connection, target: Database, table: Table) -> None:
    """Remove rows that a former run copied and that the source has no longer."""
    keys, others = list(table.primary_key), list[Key]()
    count = select(func.count()).select_from(table)
    with target.reading() as there:
        if there.scalar(count) == connection.scalar(count):  # it holds all of the source by now
            return
        for rows in _read(there, select(*keys)):
            copied = [tuple(row.values()) for row in rows]
            kept = {tuple(row) for row in connection.execute(_among(table, keys, copied))}
            others += [key for key in copied if key not in kept]
    for part in parts(others):
        with _writing(target) as there:
            there.execute(delete(table).where(_in(table, part)))


def _is_whole(connection: Connection, target: Database, table: Table) -> bool:
    """Whether a former run has copied a table to its end, and nothing has changed since."""
    with target.reading() as there:
        copied = _digest(there, table)
    return copied.rows > 0 and copied == _digest(connection, table)


def _write(target: Database, table: Table, rows: Sequence[Row]) -> None:
    """Store rows, without links within their table, in place of those with their keys."""
    with _writing(target) as connection:
        put(connection, table, rows, *table.primary_key.columns.keys())


def _set_link(target: Database, table: Table, link: Column[Any], rows: Sequence[Row]) -> None:
    """Set a column that refers to other rows of its table, now that all are there."""
    here = [column == bindparam(f"of_{column.name}") for column in table.primary_key]
    statement = update(table).where(*here, link.is_(None)).values({link: bindparam("link")})
    with _writing(target) as connection:
        connection.execute(
            statement,
            [
                {"link": row.pop(link.name), **{f"of_{name}": row[name] for name in row}}
                for row in map(dict, rows)
            ],
        )


@contextmanager
def _writing(target: Database) -> Iterator[Connection]:
    """A transaction on the new database, while it is unfinished."""
    with target.writing(SCHEMA) as connection:
        if revision_of(connection) != MOVING:
            raise ConflictError(
                f"Another run has finished {target.name} meanwhile. Run the command again: it will "
                "only compare."
            )
        yield connection


def _compared(source: Database, target: Database) -> Iterator[Compared]:
    with source.reading() as here, target.reading() as there:
        for table in ORDER:
            yield Compared(table.name, _digest(here, table), _digest(there, table))


def _digest(connection: Connection, table: Table) -> Digest:
    count = total = 0
    for rows in _read(connection, select(table)):
        count += len(rows)
        for row in rows:
            total += int.from_bytes(hashlib.blake2b(_encoded(row), digest_size=_BYTES).digest())
    return Digest(count, f"{total % 256**_BYTES:0{2 * _BYTES}x}")


def _encoded(row: Mapping[str, Any]) -> bytes:
    """Values as Python has them, whatever the database makes of them."""
    values = {name: _storable(value) for name, value in row.items()}
    return json.dumps(values, sort_keys=True, default=_told).encode()


def _storable(value: Any) -> Any:
    """A text as PostgreSQL stores it, without the one character that it lacks."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _told(value: dt.date | bytes) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()


def _finish(target: Database) -> None:
    """Let new numbers follow the highest, and the other commands in."""
    with target.writing(SCHEMA) as connection:
        if revision_of(connection) == MOVING:
            for table in ORDER:
                follow_highest(connection, table)
            set_revision(connection, REVISION)


def _links(table: Table) -> list[Column[Any]]:
    """Columns that refer to rows of their own table, perhaps to later ones."""
    return [key.parent for key in sorted(table.foreign_keys, key=str) if key.column.table is table]


def _unlinked(table: Table) -> list[Column[Any]]:
    links = _links(table)
    return [column for column in table.columns if column not in links]


def _read(connection: Connection, query: Select[Any]) -> Iterator[list[Row]]:
    """Rows a batch at a time, none of them kept."""
    found = connection.execute(query, execution_options={"yield_per": BATCH}).mappings()
    for part in found.partitions():
        yield [dict(row) for row in part]


def _among(table: Table, columns: Sequence[Column[Any]], keys: Sequence[Key]) -> Select[Any]:
    return select(*columns).where(_in(table, keys))


def _in(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    """Whether a row has one of the keys."""
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    # SQLite would read the whole table for a list of tuples.
    return or_(*(and_(*map(operator.eq, columns, key)) for key in keys))
