"""Opens the database, brings its schema up to date and runs transactions on it.

SQLite in WAL mode: readers never wait, writers queue.  A write takes the lock when it begins, so
that what it reads cannot change before it writes, in this process or another.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    QueuePool,
    StaticPool,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from summarizer.errors import StorageBusyError, StorageError
from summarizer.storage.migrations import REVISION

BUSY_SECONDS = 30
"""How long a writer waits for another one; a batch of items holds the lock for well under one."""

_UNRELEASED = re.compile(r"\d{4}")
"""Revisions of the schema before the first release; the released ones carry a name too."""

_ADVICE = {
    "readonly": "It or its directory is read-only here: commands that only read work.",
    "not a database": "Another program wrote the file, or it is damaged: restore it from a backup, "
    "or name another one (SUMMARIZER_DATA_DIR, SUMMARIZER_DATABASE_URL).",
    "malformed": "The file is damaged: restore it from a backup, or rescue what can be read "
    "(sqlite3 OLD .recover | sqlite3 NEW).",
    "unable to open": "Check that its directory and its files (-wal, -shm) can be read by this "
    "user.",
    "full": "Make room on its disk; nothing of the command was stored.",
}
"""What to do, by a part of SQLite's message."""

_MIGRATING = threading.Lock()
"""Alembic holds the migrated database in its modules: one at a time in a process."""


class Database:
    """One SQLite database, shared by the threads of a process."""

    def __init__(
        self, engine: Engine, name: str, *, shared_connection: bool, read_only: bool
    ) -> None:
        self._engine = engine
        self._name = name
        self._read_only = read_only
        # Writers of one process queue here, where waking up is prompt, and not in SQLite, which
        # polls.  The one connection of a database in memory is not for two threads at all.
        self._write_lock = threading.RLock()
        self._read_lock = self._write_lock if shared_connection else nullcontext()
        self._local = threading.local()

    @classmethod
    def open(cls, url: str) -> Database:
        """Open or create a database and bring its schema up to date.

        A file that this process may not write, or in such a directory, is opened for reading.

        Raises:
            StorageError: the URL is not one of SQLite, the file cannot be opened or is no
                database of this program, or a newer version of the program wrote it.
        """
        try:
            parsed = make_url(url)
        except SQLAlchemyError as error:
            raise StorageError(f"{url!r} is not a database URL such as sqlite:///x.db.") from error
        if parsed.get_backend_name() != "sqlite":
            raise StorageError(
                f"The store runs on SQLite only, not {parsed.get_backend_name()}: "
                "use a URL such as sqlite:///data/summarizer.db."
            )
        in_memory = parsed.database in (None, "", ":memory:")
        name = "in memory" if in_memory else str(parsed.database)
        if not in_memory:
            _check_place(Path(name))
        uri = None if in_memory else _read_only(Path(name))
        engine = _engine(parsed, in_memory, uri)
        database = cls(engine, name, shared_connection=in_memory, read_only=uri is not None)
        try:
            database._migrate()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, or the write that is under way.

        Within another block of the same thread it is part of that one.
        """
        if (current := self._current()) is not None:
            with self._translated():
                yield current
            return
        with (
            self._read_lock,
            self._translated(),
            self._engine.connect() as connection,
            self._within(connection),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the write lock; commits at the end, undoes all on an exception.

        Within another write of the same thread it is part of that one.

        Raises:
            StorageError: the database can only be read here.
            RuntimeError: the thread is within ``reading``, whose state may be out of date.
        """
        if (current := self._current()) is not None:
            if not current.get_execution_options().get("begin_immediate"):
                raise RuntimeError("Nothing is written within a block that reads.")
            with self.reading() as connection:
                yield connection
            return
        if self._read_only:  # SQLite would say so at the first change, after the work for it
            raise StorageError(
                f"The database {self._name} cannot be written: {_ADVICE['readonly']}"
            )
        with self._write_lock, self._translated(), self._engine.connect() as connection:
            connection.execution_options(begin_immediate=True)
            with connection.begin(), self._within(connection):
                yield connection

    def _current(self) -> Connection | None:
        """The connection of the block under way in this thread."""
        found: Connection | None = getattr(self._local, "connection", None)
        return found

    @contextmanager
    def _within(self, connection: Connection) -> Iterator[None]:
        self._local.connection = connection
        try:
            yield
        finally:
            self._local.connection = None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
            if "locked" in reason:
                raise StorageBusyError(
                    f"The database {self._name} has been locked by another process for more than "
                    f"{BUSY_SECONDS} seconds. End that process or try again."
                ) from error
            advice = next((words for part, words in _ADVICE.items() if part in reason), "")
            message = f"The database {self._name} failed: {reason}. {advice}".rstrip()
            raise StorageError(message) from error

    def _migrate(self) -> None:
        with self.reading() as connection:
            if _revision(connection) == REVISION:
                return
        with self.writing() as connection:
            current = _revision(connection)
            if current == REVISION:
                return
            if current is None and inspect(connection).get_table_names():
                raise StorageError(
                    f"The database {self._name} has tables of another program. Name another file "
                    "(SUMMARIZER_DATABASE_URL)."
                )
            if current is not None and _UNRELEASED.fullmatch(current):
                raise StorageError(
                    f"The database {self._name} was made by an unreleased version of the program. "
                    "Move it away, or use another data directory, and ingest the sources again."
                )
            _upgrade(connection, current, self._name)


def _revision(connection: Connection) -> str | None:
    """The revision of the schema, ``None`` for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


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

    try:
        with _MIGRATING, EnvironmentContext(config, scripts, fn=upgrade):
            scripts.run_env()
    except CommandError as error:
        raise StorageError(
            f"The database {name} has schema {current}, which this version of the "
            "program does not know. Upgrade the program, or use another data directory."
        ) from error


def _check_place(file: Path) -> None:
    """Make the directory of a database.

    Raises:
        StorageError: it cannot be made, or a directory has the name of the database.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The directory {file.parent} cannot be made: {error.strerror}. Name another one "
            "(SUMMARIZER_DATA_DIR)."
        ) from error
    if file.is_dir():
        raise StorageError(
            f"The database {file} is a directory. Name a file (SUMMARIZER_DATABASE_URL)."
        )


def _read_only(file: Path) -> str | None:
    """SQLite's URI for reading a file that cannot be written here; ``None`` if it can be."""
    if not file.exists() or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        return None
    # Without its log a file is complete.  SQLite needs to be told, since it cannot make the log.
    complete = not os.access(file.parent, os.W_OK) and not Path(f"{file}-wal").exists()
    return f"{file.resolve().as_uri()}?mode=ro" + ("&immutable=1" if complete else "")


def _engine(url: URL, in_memory: bool, uri: str | None) -> Engine:
    connect_args = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    if in_memory:
        engine = create_engine(url, connect_args=connect_args, poolclass=StaticPool)
    elif uri is None:
        engine = create_engine(url, connect_args=connect_args, poolclass=QueuePool, max_overflow=-1)
    else:

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(uri, BUSY_SECONDS, check_same_thread=False, uri=True)

        engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late: only at the first write, after what it read.
        connection.isolation_level = None
        if uri is None:
            connection.execute("PRAGMA journal_mode=WAL")
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("begin_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
