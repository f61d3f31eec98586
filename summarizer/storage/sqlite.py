"""SQLite: WAL mode, in which readers never wait and writers queue."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    QueuePool,
    RootTransaction,
    StaticPool,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from summarizer.errors import StorageBusyError, StorageError

BUSY_SECONDS = 30
"""How long a writer waits for another one; a batch of items holds the lock for well under one."""

LOOK_S = 0.5
"""Wait between two looks whether another process has changed the file."""

CACHED_KIB = 32_768
"""Pages that a connection keeps, at most: a batch of items changes more than SQLite's 2 MiB."""

READ_ONLY = "It or its directory is read-only here: commands that only read work."

_ADVICE = {
    "readonly": READ_ONLY,
    "not a database": "Another program wrote the file, or it is damaged: restore it from a backup, "
    "or name another one (SUMMARIZER_DATA_DIR, SUMMARIZER_DATABASE_URL).",
    "malformed": "The file is damaged: restore it from a backup, or rescue what can be read "
    "(sqlite3 OLD .recover | sqlite3 NEW).",
    "unable to open": "Check that its directory and its files (-wal, -shm) can be read by this "
    "user.",
    "full": "Make room on its disk; nothing of the command was stored.",
}
"""What to do, by a part of SQLite's message."""


class Sqlite:
    """An engine of SQLite.

    Attributes:
        engine: the engine.
        name: of the file, for messages.
        in_memory: whether all threads share one connection.
        read_only: whether the file cannot be written here.
    """

    def __init__(self, url: URL) -> None:
        """Make the engine, and the directory of the file.

        Raises:
            StorageError: the directory cannot be made, or one has the name of the database.
        """
        self.in_memory = url.database in (None, "", ":memory:")
        self.name = "in memory" if self.in_memory else str(url.database)
        if not self.in_memory:
            _check_place(Path(self.name))
        uri = None if self.in_memory else _read_only(Path(self.name))
        self.read_only = uri is not None
        self.engine = _engine(url, self.in_memory, uri)

    def connected(self, *, writes: bool) -> Connection:
        """A connection, whose transaction takes the write lock when it begins if it is to write."""
        return self.engine.connect().execution_options(begin_immediate=writes)

    def begun_at_once(self, connection: Connection) -> RootTransaction | None:
        """A transaction of a connection that writes; ``None`` where another process writes now."""
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            return connection.begin()
        except OperationalError as error:
            if "locked" in str(error.orig):
                return None
            raise
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")

    def announced(self, _channel: str, stopped: threading.Event) -> Iterator[None]:
        """Says when the file was changed; never in memory, where there is no other process."""
        if self.in_memory:
            return
        with closing(self.engine.raw_connection()) as connection:
            connection.detach()
            known = None
            while not stopped.wait(LOOK_S):
                try:
                    (version,) = connection.cursor().execute("PRAGMA data_version").fetchone()
                except sqlite3.Error as error:
                    raise StorageError(f"The database {self.name} failed: {error}.") from error
                if version != known:
                    known = version
                    yield None

    def translated(self, error: SQLAlchemyError) -> StorageError:
        """An exception of SQLAlchemy as ours."""
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        if "locked" in reason:
            return StorageBusyError(
                f"The database {self.name} has been locked by another process for more than "
                f"{BUSY_SECONDS} seconds. End that process or try again."
            )
        advice = next((words for part, words in _ADVICE.items() if part in reason), "")
        return StorageError(f"The database {self.name} failed: {reason}. {advice}".rstrip())


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
        # Deleted and former content is overwritten: what is deleted for good is not in the file.
        kept = f"cache_size=-{CACHED_KIB}"
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", kept):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("begin_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
