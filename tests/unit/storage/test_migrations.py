"""The schema that the migrations make, and databases that other versions left."""

import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from summarizer.adapters.clock import SystemClock
from summarizer.errors import StorageError
from summarizer.storage.database import Database
from summarizer.storage.migrations import REVISION
from summarizer.storage.store import Store
from summarizer.storage.tables import metadata

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


def test_alembic_finds_no_difference_between_the_migrations_and_the_tables() -> None:
    database = Database.open("sqlite://")
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


def test_the_known_revision_is_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", "summarizer.storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    with_revision(path, "9999_newer")
    with pytest.raises(StorageError, match=r"schema 9999_newer.*Upgrade the program"):
        Store.open(f"sqlite:///{path}", SystemClock())


@pytest.mark.parametrize("revision", ["0001", "0021"])
def test_a_database_of_an_unreleased_program_is_refused(path: Path, revision: str) -> None:
    with_revision(path, revision)
    with pytest.raises(StorageError, match=r"unreleased version.*ingest the sources again"):
        Store.open(f"sqlite:///{path}", SystemClock())


def test_a_database_of_version_0_2_0_is_brought_up_to_date_and_gets_an_id(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE installation")
    connection.execute("DROP INDEX ix_jobs_number")
    connection.execute("ALTER TABLE jobs DROP COLUMN number")
    connection.commit()
    connection.close()
    with_revision(path, "0001_initial")
    ids = []
    for _ in range(2):
        store = Store.open(f"sqlite:///{path}", SystemClock())
        ids.append(store.installation())
        store.close()
    assert ids[0] == ids[1]
    assert re.fullmatch("[0-9a-f]{32}", ids[0])


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
