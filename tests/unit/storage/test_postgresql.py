"""PostgreSQL when it cannot be reached, is restarted, or refuses."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from summarizer.errors import StorageBusyError, StorageError
from summarizer.storage import postgresql
from summarizer.storage.database import Database
from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.support.clock import ManualClock
from tests.support.postgresql import PostgresServer, postgres_server

slow = pytest.mark.slow
needs_server = pytest.mark.postgresql


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database.open(postgres_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE counts (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO counts VALUES (1, 0), (2, 0)"))
    yield database
    database.close()


def counted(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(text("SELECT n FROM counts ORDER BY id")))


ADD = text("UPDATE counts SET n = n + 1 WHERE id = :id")
KILL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in tr%'"
)


def test_sqlite_needs_no_driver_of_another_database() -> None:
    script = (
        "import sys, summarizer.app, summarizer.storage.store as s\n"
        "from summarizer.adapters.clock import SystemClock\n"
        "s.Store.open('sqlite://', SystemClock()).close()\n"
        "print([m for m in sys.modules if m.startswith(('psycopg', 'summarizer.storage.post'))])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert found.stdout.decode().strip() == "[]"


def test_without_the_driver_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError, match=r"pip install 'incident-summarizer\[postgresql\]'"):
        Database.open("postgresql://localhost/x")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_server_that_is_not_there_is_reported_at_once_without_the_password(scheme: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"{scheme}://kim:hunter2@127.0.0.1:{held.getsockname()[1]}/news"
        with pytest.raises(StorageBusyError, match=r"news at 127\.0\.0\.1 cannot be") as caught:
            Database.open(url)
    assert "hunter2" not in str(caught.value)


def test_another_driver_is_refused() -> None:
    with pytest.raises(StorageError, match="not postgresql\\+asyncpg"):
        Database.open("postgresql+asyncpg://localhost/x")


@slow
@needs_server
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("/postgres?", "/nothing?"), "createdb"),
        (("//postgres@", "//nobody@"), "SUMMARIZER_DATABASE_URL"),
    ],
)
def test_a_refused_connection_says_what_to_do(postgres: PostgresServer, change, says) -> None:
    with pytest.raises(StorageError, match=says) as caught:
        Database.open(postgres.url().replace(*change))
    assert not isinstance(caught.value, StorageBusyError)


@slow
@needs_server
def test_reads_see_one_state_and_write_nothing(database: Database) -> None:
    with database.reading() as connection, ThreadPoolExecutor(1) as thread:
        before = list(connection.scalars(text("SELECT n FROM counts")))

        def add() -> None:
            with database.writing() as other:
                other.execute(ADD, {"id": 1})

        thread.submit(add).result(30)
        assert list(connection.scalars(text("SELECT n FROM counts"))) == before == [0, 0]
        with pytest.raises(RuntimeError, match="Nothing is written"), database.writing():
            pass
        settings = connection.exec_driver_sql("SHOW transaction_read_only").scalar()
        zone = connection.exec_driver_sql("SHOW timezone").scalar()
    assert (settings, zone) == ("on", "UTC")
    assert counted(database) == [1, 0]


@slow
@needs_server
def test_the_one_character_that_it_does_not_store_is_replaced(database: Database) -> None:
    given = "a\0b 'c' \\ \N{GRINNING FACE}"
    with database.reading() as connection:
        found = connection.scalar(text("SELECT CAST(:given AS text)"), {"given": given})
    assert found == given.replace("\0", "\N{REPLACEMENT CHARACTER}")


@slow
@needs_server
def test_a_lock_that_is_never_released_is_reported(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Store.open(postgres_url, ManualClock())
    monkeypatch.setitem(postgresql._SESSION, "lock_timeout", "50ms")
    impatient = Store.open(postgres_url, ManualClock())
    with patient.transaction():
        patient.create_incident(NOON)
        with pytest.raises(StorageBusyError, match="kept busy by others"):
            impatient.create_incident(NOON)
    assert impatient.create_incident(NOON).id == "INC-000002"
    for store in (patient, impatient):
        store.close()


@slow
@needs_server
def test_work_that_ran_into_a_deadlock_is_done_again(database: Database) -> None:
    both = threading.Barrier(2)

    def crossing(first: int, second: int) -> None:
        tries = iter(range(10))

        def work() -> None:
            with database.writing() as connection:
                connection.execute(ADD, {"id": first})
                if next(tries) == 0:
                    both.wait(30)
                connection.execute(ADD, {"id": second})

        database.repeated(work)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(crossing, 1, 2), threads.submit(crossing, 2, 1)]:
            done.result(60)
    assert counted(database) == [2, 2]


@slow
@needs_server
def test_work_whose_connection_broke_is_done_again_and_stored_once(database: Database) -> None:
    tries = []

    def work() -> None:
        with database.writing() as connection:
            connection.execute(ADD, {"id": 1})
            tries.append(1)
            if len(tries) == 1:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(kill).result(30)
            connection.execute(ADD, {"id": 2})

    def kill() -> None:
        with database.reading() as other:
            other.execute(KILL)

    database.repeated(work)
    assert (len(tries), counted(database)) == (2, [1, 1])


@slow
@needs_server
def test_a_connection_that_broke_at_the_commit_is_reported_and_nothing_repeated(
    database: Database,
) -> None:
    tries = []

    def work() -> None:
        with database.writing() as connection:
            connection.execute(ADD, {"id": 1})
            tries.append(1)
            with ThreadPoolExecutor(1) as thread:
                thread.submit(kill).result(30)

    def kill() -> None:
        with database.reading() as other:
            other.execute(KILL)

    with pytest.raises(StorageError, match="unknown whether a change was stored") as caught:
        database.repeated(work)
    assert not isinstance(caught.value, StorageBusyError)
    assert (len(tries), counted(database)) == (1, [0, 0])


@slow
@needs_server
def test_a_restarted_server_is_waited_for() -> None:
    with postgres_server() as server, server.database("empty") as url:
        store = Store.open(url, ManualClock())
        first = store.create_incident(NOON)
        server.stop()
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(store.create_incident, NOON)
            server.start()
            assert waiting.result(60).id == "INC-000002"
        assert store.incident(first.id) == first
        store.close()
