"""PostgreSQL 15 or newer, through psycopg 3.

Imported only for a URL of PostgreSQL, since the driver is an extra.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

import tenacity
from sqlalchemy import URL, Connection, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from summarizer.errors import StorageBusyError, StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")

BUSY_SECONDS = 30
"""How long a statement waits for a lock, and a thread for a free connection."""

STATEMENT_SECONDS = 120
"""Longest time of one statement, waiting included; the schema is brought up to date without."""

IDLE_SECONDS = 300
"""Longest time without a statement within a transaction, so that a process that hangs gives its
locks back."""

KEPT, MORE = 5, 15
"""Connections that a process keeps, and how many more it opens when all are in use; PostgreSQL
takes 100 in all unless told otherwise."""

AGAIN_SECONDS = 30
"""How long work is begun anew: about as long as a server takes to restart."""

LOOK_S = 0.5
"""Longest wait for an announcement before a look whether to stop."""

_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""After how many silent seconds, and how often, a connection is tried: one that waits for
announcements would else not notice for hours that a firewall has forgotten it."""

_SESSION = {
    "timezone": "UTC",
    "lock_timeout": f"{BUSY_SECONDS}s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}

_CONFLICTS = {"40001", "40P01"}
"""Serialization failure, deadlock: all of the transaction is undone, and it works the next time."""

_LOST = {"57P01", "57P02", "57P03", "53300"}
"""The server stops, has crashed, starts, or has no connection left; with all of class 08."""

_ADVICE = {
    "25006": "The server is read-only, perhaps a standby: commands that only read work.",
    "42501": "The user of SUMMARIZER_DATABASE_URL must own the database.",
    "53": "Make room on the server; nothing of the command was stored.",
    "57014": f"A statement took more than {STATEMENT_SECONDS} seconds.",
}
"""What to do, by the beginning of a SQLSTATE."""

_PASSING = ("starting up", "shutting down", "too many", "connection slots")
"""Words of a no to a connection that passes."""

_ON_REFUSAL = (
    "Check user, password and name (SUMMARIZER_DATABASE_URL); createdb --encoding UTF8 "
    "--template template0 NAME makes a database."
)


class Postgresql:
    """An engine of PostgreSQL.

    Writes are READ COMMITTED: whoever waited for a lock then sees what its holder has stored, and
    not a state from before.  Reads are REPEATABLE READ and READ ONLY: all of a block see one state.

    Attributes:
        engine: the engine.
        name: of the database and its server, for messages.
    """

    in_memory = False
    read_only = False

    def __init__(self, url: URL) -> None:
        """Make the engine; nothing is connected yet.

        Raises:
            StorageError: the driver is not installed.
        """
        self.name = f"{url.database or ''} at {url.host or url.query.get('host') or 'localhost'}"
        try:
            self.engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                poolclass=QueuePool,
                pool_size=KEPT,
                max_overflow=MORE,
                pool_timeout=BUSY_SECONDS,
                pool_pre_ping=True,
                pool_recycle=1_800,
                connect_args={"connect_timeout": 10, "application_name": "summarizer"}
                | {name: value for name, value in _ALIVE.items() if name not in url.query},
            )
        except ModuleNotFoundError as error:
            raise StorageError(
                "The driver of PostgreSQL is not installed: "
                "pip install 'incident-summarizer[postgresql]'."
            ) from error
        event.listen(self.engine, "connect", _configure)
        self._reached = False

    def connected(self, *, writes: bool) -> Connection:
        """A connection; waits for a server that was reached before and that comes back soon."""
        connect = self.engine.connect
        connection = _retrying(_is_lost)(connect) if self._reached else connect()
        self._reached = True
        if writes:
            return connection.execution_options(isolation_level="READ COMMITTED")
        return connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def repeated(self, work: Callable[[], T]) -> T:
        """Do work again while the database asks for that, or was lost before it was stored."""
        return _retrying(lambda error: isinstance(error, StorageBusyError) and error.is_passing)(
            work
        )

    def announced(self, channel: str, stopped: threading.Event) -> Iterator[str | None]:
        """What is announced on a channel, and ``None`` once announcements come."""
        import psycopg

        with closing(self.engine.raw_connection()) as pooled:
            pooled.detach()  # else it would count among those that statements wait for
            connection: Any = pooled.dbapi_connection
            try:
                connection.autocommit = True
                connection.execute(f"LISTEN {channel}")
                yield None
                while not stopped.is_set():
                    for told in connection.notifies(timeout=LOOK_S):
                        yield told.payload
            except psycopg.Error as error:
                said = " ".join(str(error).split()).rstrip(".")
                raise StorageBusyError(f"The database {self.name} was lost: {said}.") from error

    def translated(self, error: SQLAlchemyError) -> StorageError:
        """An exception of SQLAlchemy as ours, by its SQLSTATE."""
        state = _state(error)
        if state in _CONFLICTS:
            busy = StorageBusyError(
                f"The database {self.name} undid a change, since another one was in its way. "
                "Try again."
            )
            busy.is_passing = True
            return busy
        if _is_lost(error):
            busy = StorageBusyError(
                f"The database {self.name} cannot be reached: {_reason(error)}. Check that the "
                "server runs, or the address (SUMMARIZER_DATABASE_URL)."
            )
            busy.is_passing = True
            return busy
        if state == "55P03" or isinstance(error, PoolTimeoutError):
            return StorageBusyError(
                f"The database {self.name} has been kept busy by others for more than "
                f"{BUSY_SECONDS} seconds. Try again."
            )
        advice = next((words for start, words in _ADVICE.items() if state.startswith(start)), "")
        if _is_refused(error):
            advice = _ON_REFUSAL
        return StorageError(f"The database {self.name} failed: {_reason(error)}. {advice}".rstrip())


def _configure(connection: Any, _record: object) -> None:
    from psycopg.types.string import StrDumperUnknown

    class Printable(StrDumperUnknown):
        """PostgreSQL stores every character but one, which SQLite takes."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, Printable)
    with connection.cursor() as cursor:
        for name, value in _SESSION.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
    connection.commit()


def _state(error: BaseException) -> str:
    """The SQLSTATE of an exception, empty without one."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _is_lost(error: BaseException) -> bool:
    """Whether the server could not be reached, or the connection broke."""
    state = _state(error)
    if state:
        return state in _LOST or state.startswith("08")
    import psycopg

    broken = isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.OperationalError)
    return broken and not _is_refused(error)


def _is_refused(error: BaseException) -> bool:
    """Whether a server says no to a connection, of which the driver tells no SQLSTATE."""
    said = "" if _state(error) else str(getattr(error, "orig", error))
    return any(
        "FATAL" in line and not any(words in line for words in _PASSING)
        for line in said.splitlines()
    )


def _reason(error: SQLAlchemyError) -> str:
    """What the server says, without values of rows."""
    cause = getattr(error, "orig", None) or error
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    return " ".join(said.split()).rstrip(".")


def _retrying(again: Callable[[BaseException], bool]) -> tenacity.Retrying:
    """The one place that decides how often and when something is tried again."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(again),
        wait=tenacity.wait_random_exponential(multiplier=0.05, max=2),
        stop=tenacity.stop_after_delay(AGAIN_SECONDS),
        before_sleep=tenacity.before_sleep_log(log, logging.INFO),
        reraise=True,
    )
