"""The schema that the migrations make, and databases that other versions left."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from summarizer.adapters.clock import SystemClock
from summarizer.domain.jobs import JobStatus
from summarizer.errors import StorageError
from summarizer.storage.database import MOVING, Database
from summarizer.storage.migrations import REVISION
from summarizer.storage.store import Store
from summarizer.storage.tables import metadata
from tests.support.backends import POSTGRESQL
from tests.support.postgresql import PostgresServer

pytestmark = pytest.mark.usefixtures("by_revisions")

NOT_IN_METADATA = re.compile(r"alembic_version|item_texts.*|sqlite_.*")
"""Tables of Alembic, of the full text and of SQLite itself."""


def schema(connection: Connection) -> dict[str, list[str]]:
    """Parts of the statements of SQLite that made the tables and indexes, by name, sorted."""
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index')"
    )
    return {  # a table that was made again has its name quoted, and another order
        name: sorted(
            part.rstrip(" )") for part in " ".join(sql.replace('"', "").split()).split(", ")
        )
        for name, sql in found
        if not NOT_IN_METADATA.fullmatch(name)
    }


def with_revision(path: Path, revision: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.commit()
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.db"
    Store.open(f"sqlite:///{path}", SystemClock()).close()
    return path


@pytest.fixture(params=["sqlite", POSTGRESQL])
def made(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a new database without tables."""
    if request.param == "sqlite":
        yield "sqlite://"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


def test_alembic_finds_no_difference_between_the_migrations_and_the_tables(made: str) -> None:
    database = Database.open(made)
    with database.reading() as connection:
        options = {
            "include_name": lambda name, kind, _: (
                kind != "table" or not NOT_IN_METADATA.fullmatch(name or "")
            ),
            "compare_server_default": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    database.close()
    assert differences == []


def test_the_migrations_make_the_tables_to_the_letter() -> None:
    """Also what Alembic does not compare: conditions of indexes and of rows, kinds of tables."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        wanted = schema(connection)
    engine.dispose()
    database = Database.open("sqlite://")
    with database.reading() as connection:
        made = schema(connection)
    database.close()
    assert made == wanted


@pytest.mark.slow
@pytest.mark.postgresql
def test_partial_indexes_have_their_conditions_on_postgresql_too(postgres_url: str) -> None:
    """Which Alembic does not compare."""
    database = Database.open(postgres_url)
    with database.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%% WHERE %%'"
        )
        conditions = {name: sql.partition(" WHERE ")[2] for name, sql in found}
    database.close()
    assert conditions == {
        "ix_deleted_items_waiting": "(unindexed_at IS NULL)",
        "ix_incidents_merged_into": "(merged_into IS NOT NULL)",
        "ix_items_label": "(label IS NOT NULL)",
        "ix_items_without_incident": "(incident IS NULL)",
        "ix_standings_changed": "(changes <> seen)",
        "uq_jobs_running_whole": "((status = 'running'::text) AND (section IS NULL))",
    }


@pytest.mark.slow
@pytest.mark.postgresql
def test_programs_that_begin_at_once_make_the_tables_once(postgres: PostgresServer) -> None:
    with postgres.database() as url, ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: Store.open(url, SystemClock()), range(4)))
        assert len({store.installation() for store in stores}) == 1
        for store in stores:
            store.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_tables_of_another_program_are_left_alone(postgres: PostgresServer) -> None:
    with postgres.database() as url:
        engine = create_engine(url.replace("://", "+psycopg://"))
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notes (body TEXT)")
        engine.dispose()
        with pytest.raises(StorageError, match="tables of another program"):
            Store.open(url, SystemClock())


def test_the_known_revision_is_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", "summarizer.storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_half_that_another_version_began_to_copy_is_refused(path: Path) -> None:
    assert len(MOVING) <= 32  # what Alembic's column takes on PostgreSQL
    with_revision(path, "moving 0005_index_marks")
    with pytest.raises(StorageError, match="of the version that began it"):
        Database.open(f"sqlite:///{path}", unfinished=True)


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    with_revision(path, "9999_newer")
    with pytest.raises(StorageError, match=r"schema 9999_newer.*Upgrade the program"):
        Store.open(f"sqlite:///{path}", SystemClock())


@pytest.mark.parametrize("revision", ["0001", "0021"])
def test_a_database_of_an_unreleased_program_is_refused(path: Path, revision: str) -> None:
    with_revision(path, revision)
    with pytest.raises(StorageError, match=r"unreleased version.*ingest the sources again"):
        Store.open(f"sqlite:///{path}", SystemClock())


SINCE_0_2_0 = (
    "DROP TABLE presence",
    "DROP TABLE also_in",
    "DROP TABLE reports",
    "DROP TABLE holds",
    "DROP INDEX ix_items_source_id",
    "DROP TABLE epochs",
    "DROP TABLE deleted_items",
    "DROP TABLE deletions",
    "ALTER TABLE incidents DROP COLUMN deleted_at",
    "DROP TABLE installation",
    "DROP TABLE corpus",
    "DROP TABLE word_counts",
    "DROP TABLE postings",
    "DROP INDEX ix_rulings_incident",
    "DROP INDEX ix_items_label",
    "DROP INDEX ix_incidents_merged_into",
    "DROP TABLE standings",
    "DROP TABLE standings_changes",
    "DROP TABLE tasks",
    "ALTER TABLE deliveries ADD COLUMN claimed_until DATETIME",
    "ALTER TABLE jobs ADD COLUMN lease_until DATETIME",
    "DROP INDEX ix_events_kind",
    "DROP INDEX ix_jobs_number",
    "DROP INDEX ix_jobs_asked_by",
    "ALTER TABLE jobs DROP COLUMN number",
    "DROP TABLE index_marks",
    "ALTER TABLE fingerprints DROP COLUMN heading_in",
)
"""What undoes the tables of later versions."""


def as_of_0_2_0(path: Path) -> None:
    """Take a database back to the tables of version 0.2.0."""
    connection = sqlite3.connect(path)
    for statement in SINCE_0_2_0:
        connection.execute(statement)
    connection.commit()
    connection.close()
    with_revision(path, "0001_initial")


def test_a_database_of_version_0_2_0_is_brought_up_to_date_and_gets_an_id(path: Path) -> None:
    as_of_0_2_0(path)
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO incidents (number, id, created_at, merged_into) VALUES (?, ?, ?, ?)",
        [(1, "INC-000001", "2026-05-01", None), (2, "INC-000002", "2026-05-01", 1)],
    )
    connection.commit()
    connection.close()
    ids = []
    for _ in range(2):
        store = Store.open(f"sqlite:///{path}", SystemClock())
        ids.append(store.installation())
        assert [one.incident_id for one in store.standings.marked()] == ["INC-000001"]
        store.close()
    assert ids[0] == ids[1]
    assert re.fullmatch("[0-9a-f]{32}", ids[0])


def test_jobs_of_version_0_2_0_keep_their_order(path: Path) -> None:
    as_of_0_2_0(path)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO incidents VALUES (1, 'INC-000001', '2026-05-01', NULL, NULL)")
    for id_ in ("b", "c", "a"):
        connection.execute(
            "INSERT INTO jobs (id, incident, status, asked_by, created_at, evidence_hash, attempts)"
            " VALUES (?, 1, 'queued', 'Kim', '2026-05-01 12:00:00.000000', 'h', 0)",
            (id_,),
        )
    connection.commit()
    connection.close()
    store = Store.open(f"sqlite:///{path}", SystemClock())
    assert [job.id for job in store.jobs.with_status(JobStatus.QUEUED)] == ["b", "c", "a"]
    store.close()


def test_a_copied_database_gets_an_id_of_its_own_when_its_row_is_deleted(path: Path) -> None:
    def id_() -> str:
        store = Store.open(f"sqlite:///{path}", SystemClock())
        found = store.installation()
        store.close()
        return found

    first = id_()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM installation")
    connection.commit()
    connection.close()
    assert id_() == id_() != first


def test_the_full_text_follows_items_that_are_added_changed_and_removed(path: Path) -> None:
    connection = sqlite3.connect(path)

    def found(word: str) -> list[int]:
        query = "SELECT rowid FROM item_texts WHERE item_texts MATCH ?"
        return [number for (number,) in connection.execute(query, (word,))]

    for number, text in ((1, "The ferry was late."), (2, "A ferry sank.")):
        connection.execute(
            "INSERT INTO items (number, ingested_at, platform, title, text, engagement, extra, "
            "text_key) VALUES (?, '2026-05-01', 'news', '', ?, '{}', '{}', '')",
            (number, text),
        )
    assert found("ferry") == [1, 2]
    connection.execute("UPDATE items SET text = 'The tram was late.' WHERE number = 1")
    connection.execute("DELETE FROM items WHERE number = 2")
    assert (found("ferry"), found("tram")) == ([], [1])
    connection.close()
