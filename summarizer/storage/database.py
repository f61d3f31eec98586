"""Opens the database, brings its schema up to date and runs transactions on it.

On SQLite a write takes the one lock when it begins, so that what it reads cannot change before it
writes, in this process or another.  On PostgreSQL writes run side by side, and each takes the locks
of what it decides on.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, RootTransaction, Select, func, inspect, select, text
from sqlalchemy.engine import Compiled, make_url
from sqlalchemy.exc import SQLAlchemyError

from summarizer.errors import StorageError
from summarizer.storage.dialects import is_postgresql
from summarizer.storage.locks import SCHEMA, Lock
from summarizer.storage.migrations import REVISION
from summarizer.storage.sqlite import READ_ONLY, Sqlite

if TYPE_CHECKING:
    from summarizer.storage.postgresql import Postgresql

T = TypeVar("T")

_UNRELEASED = re.compile(r"\d{4}")
"""Revisions of the schema before the first release; the released ones carry a name too."""

MOVING = f"moving {REVISION}"
"""The revision of a database that holds a part of another one, which is copied there."""

_MIGRATING = threading.Lock()
"""Alembic holds the migrated database in its modules: one at a time in a process."""


class _Block:
    """A transaction under way in a thread."""

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self.connection = connection
        self.writes = writes
        self._held: set[Lock] = set()

    def take(self, *locks: Lock) -> None:
        """Take locks that are not held yet."""
        wanted = sorted(
            lock
            for lock in {*locks} - self._held
            if not (lock.shared and lock._replace(shared=False) in self._held)
        )
        if wanted and self._held and wanted[0] < max(self._held):
            raise RuntimeError(f"{wanted[0].name!r} must be locked before {max(self._held).name!r}")
        for lock in wanted:
            if is_postgresql(self.connection):
                shared, alone = func.pg_advisory_xact_lock_shared, func.pg_advisory_xact_lock
                self.connection.execute(select((shared if lock.shared else alone)(lock.key)))
            self._held.add(lock)


class Database:
    """One database, shared by the threads of a process."""

    def __init__(self, engine: Sqlite | Postgresql) -> None:
        self._engine = engine
        # Writers of one process queue here, where waking up is prompt, and not in SQLite, which
        # polls.  The one connection of a database in memory is not for two threads at all.
        on_sqlite = isinstance(engine, Sqlite)
        self._write_lock = threading.RLock() if on_sqlite else nullcontext()
        self._read_lock = self._write_lock if engine.in_memory else nullcontext()
        self._local = threading.local()
        self._compiled: dict[Select[Any], Compiled] = {}

    @classmethod
    def open(cls, url: str, *, unfinished: bool = False) -> Database:
        """Open or create a database and bring its schema up to date.

        A file that this process may not write, or in such a directory, is opened for reading.

        Args:
            url: of the database.
            unfinished: open also one that holds only a part of what is copied there.

        Raises:
            StorageError: the URL is not one of SQLite or PostgreSQL, the database cannot be opened
                or is none of this program, or a newer version of the program wrote it.
        """
        database = cls(_engine(url))
        try:
            database._migrate(MOVING if unfinished else REVISION)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def name(self) -> str:
        """Name of the database for messages, without a password."""
        return self._engine.name

    @property
    def is_postgresql(self) -> bool:
        """Whether it is one of PostgreSQL."""
        return not isinstance(self._engine, Sqlite)

    @property
    def answers_at_once(self) -> bool:
        """Whether a small read waits for nobody: a file of SQLite, in which readers never wait."""
        return isinstance(self._engine, Sqlite) and not self._engine.in_memory

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, or the write that is under way.

        Within another block of the same thread it is part of that one.
        """
        if (current := self._current()) is not None:
            with self._translated():
                yield current.connection
            return
        with self._read_lock, self._translated(), self._begun(writes=False) as block:
            yield block.connection

    @contextmanager
    def writing(self, *locks: Lock) -> Iterator[Connection]:
        """A connection that writes; commits at the end, undoes all on an exception.

        Within another write of the same thread it is part of that one.

        Args:
            locks: of what is decided on; they are held until the outermost block ends.

        Raises:
            StorageError: the database can only be read here.
            RuntimeError: the thread is within ``reading``, whose state may be out of date, or holds
                a lock that comes after one of ``locks``.
        """
        if (current := self._current()) is not None:
            if not current.writes:
                raise RuntimeError("Nothing is written within a block that reads.")
            with self._translated():
                current.take(*locks)
                yield current.connection
            return
        if self._engine.read_only:  # SQLite would say so at the first change, after work for it
            raise StorageError(f"The database {self._engine.name} cannot be written: {READ_ONLY}")
        with self._write_lock, self._translated(), self._begun(writes=True) as block:
            block.take(*locks)
            yield block.connection

    @contextmanager
    def writing_at_once(self) -> Iterator[Connection | None]:
        """As ``writing``, for what may be left out: ``None`` where it would wait for another writer
        of SQLite, or where the database can only be read.

        Raises:
            RuntimeError: the thread is within another block.
        """
        if self._current() is not None:
            raise RuntimeError("What may be left out is not written within a block.")
        if not isinstance(self._engine, Sqlite) or isinstance(self._write_lock, nullcontext):
            with self.writing() as connection:
                yield connection
            return
        if self._engine.read_only or not self._write_lock.acquire(blocking=False):
            yield None
            return
        try:
            with self._translated(), self._engine.connected(writes=True) as connection:
                transaction = self._engine.begun_at_once(connection)
                if transaction is None:
                    yield None
                    return
                with transaction:
                    yield connection
        finally:
            self._write_lock.release()

    def first(self, query: Select[Any], bound: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of a query that each request asks, as the driver gives it.

        SQLAlchemy's own way takes 0.2 ms of CPU, six times as long as the driver.

        Args:
            query: a constant of a module, without ``IN``, whose columns need no conversion.
            bound: values of its parameters.
        """
        if self._current() is None:
            errors = (self._engine.engine.dialect.loaded_dbapi.Error, SQLAlchemyError)
            with suppress(*errors), self._read_lock:  # the long way tells errors, and tries again
                return self._first_by_driver(query, bound)
        with self.reading() as connection:
            row = connection.execute(query, bound).first()
        return None if row is None else tuple(row)

    def _first_by_driver(
        self, query: Select[Any], bound: Mapping[str, Any]
    ) -> tuple[Any, ...] | None:
        engine = self._engine.engine
        if query not in self._compiled:
            self._compiled[query] = query.compile(dialect=engine.dialect)
        compiled: Any = self._compiled[query]
        given = compiled.construct_params(bound)
        if compiled.positional:
            given = tuple(given[name] for name in compiled.positiontup)
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(compiled.string, given)
            found = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()  # back into the pool, which ends the transaction
        return None if found is None else tuple(found)

    def repeated(self, work: Callable[[], T]) -> T:
        """Do work that begins no other transaction than its own, again where it can be.

        That is after a conflict with another writer, or a connection lost before the commit; never
        on SQLite, and within a block only as part of that one.
        """
        if isinstance(self._engine, Sqlite) or self._current() is not None:
            return work()
        return self._engine.repeated(work)

    def announced(self, channel: str, stopped: threading.Event) -> Iterator[str | None]:
        """What other processes announce, until ``stopped``; ``None`` where anything may have been.

        Takes a connection of its own.

        Raises:
            StorageError: the connection is lost, and with it what is announced meanwhile.
        """
        with self._translated():
            yield from self._engine.announced(channel, stopped)

    def _current(self) -> _Block | None:
        """The block under way in this thread."""
        found: _Block | None = getattr(self._local, "block", None)
        return found

    @contextmanager
    def _begun(self, *, writes: bool) -> Iterator[_Block]:
        """A new transaction as the block of this thread; undone where it only reads or fails."""
        with self._engine.connected(writes=writes) as connection:
            transaction = connection.begin()
            self._local.block = block = _Block(connection, writes=writes)
            try:
                yield block
            except BaseException:
                transaction.rollback()
                raise
            else:
                self._end(transaction, writes)
            finally:
                self._local.block = None

    def _end(self, transaction: RootTransaction, writes: bool) -> None:
        if not writes:
            transaction.rollback()
            return
        try:
            transaction.commit()
        except SQLAlchemyError as error:
            told = self._engine.translated(error)
            if transaction.connection.invalidated:  # to repeat it might be to do it twice
                raise StorageError(f"{told} It is unknown whether a change was stored.") from error
            raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._engine.translated(error) from error

    def _migrate(self, also: str) -> None:
        with self.reading() as connection:
            if revision_of(connection) in (REVISION, also):
                return
        with self.writing(SCHEMA) as connection:
            current = revision_of(connection)
            if current in (REVISION, also):
                return
            if current is not None and current.startswith("moving "):
                raise StorageError(
                    f"The database {self._engine.name} holds a part of an installation that is "
                    "being moved. Finish that with summarizer migrate, of the version that began "
                    "it, or name another database (SUMMARIZER_DATABASE_URL)."
                )
            if current is None and inspect(connection).get_table_names():
                raise StorageError(
                    f"The database {self._engine.name} has tables of another program. Name another "
                    "one (SUMMARIZER_DATABASE_URL)."
                )
            if current is not None and _UNRELEASED.fullmatch(current):
                raise StorageError(
                    f"The database {self._engine.name} was made by an unreleased version of the "
                    "program. Move it away, or use another data directory, and ingest the sources "
                    "again."
                )
            _upgrade(connection, current, self._engine.name)


def _engine(url: str) -> Sqlite | Postgresql:
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise StorageError(f"{url!r} is not a database URL such as sqlite:///x.db.") from error
    if parsed.get_backend_name() == "sqlite":
        return Sqlite(parsed)
    if parsed.drivername in ("postgresql", "postgresql+psycopg"):
        from summarizer.storage.postgresql import Postgresql

        return Postgresql(parsed)
    raise StorageError(
        f"The store runs on SQLite or PostgreSQL, not {parsed.drivername}: use a URL such as "
        "sqlite:///data/summarizer.db or postgresql://user@host/name."
    )


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema, ``None`` for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def set_revision(connection: Connection, revision: str) -> None:
    """Say which schema a database with tables has."""
    connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


def _upgrade(connection: Connection, current: str | None, name: str) -> None:
    # Imported here: Alembic loads longer than most commands run, and few databases need it.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", "summarizer.storage:migrations")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)

    def upgrade(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)

    if is_postgresql(connection):
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    try:
        with _MIGRATING, EnvironmentContext(config, scripts, fn=upgrade):
            scripts.run_env()
    except CommandError as error:
        raise StorageError(
            f"The database {name} has schema {current}, which this version of the "
            "program does not know. Upgrade the program, or use another data directory."
        ) from error
