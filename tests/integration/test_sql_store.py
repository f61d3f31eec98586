"""The store on real files: schema, faults, threads, processes, a kill."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer.domain.drafts import Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import DedupKeys, ItemKey, NewItem
from summarizer.errors import StorageBusyError, StorageError
from summarizer.ingestion.passages import split
from summarizer.storage import sqlite
from summarizer.storage.database import Database
from summarizer.storage.store import Store
from summarizer.text.text_key import text_key
from tests.support.backends import POSTGRESQL
from tests.support.builders import NOON
from tests.support.clock import ManualClock

INGEST = """
import io, json, sys
from summarizer.adapters.web.html_text import html_to_text
from summarizer.adapters.web.feeds import parse_feed
from summarizer.storage.store import Store
from summarizer.ingestion.ingest import Accepted, ingest
from summarizer.ingestion.parse import parse_rows
from tests.support.clock import ManualClock

store = Store.open(sys.argv[1], ManualClock())
rows = parse_rows(sys.stdin.buffer, parse_feed)
for outcome in ingest(rows, store, ManualClock(), html_to_text):
    print(outcome.key, type(outcome).__name__, flush=True)
"""
LINES = "".join(f'{{"text": "Post number {n} is here."}}\n' for n in range(450)).encode()

pytestmark = pytest.mark.usefixtures("by_revisions")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "x.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{path}", ManualClock())
    yield store
    store.close()


def add(store: Store, text: str) -> ItemKey:
    item = store.add_item(
        NewItem(text=text),
        dedup_keys=DedupKeys(text=text_key(text)),
        ingested_at=NOON,
        split=split,
    )
    return item.key


def ingesting(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", INGEST, f"sqlite:///{path}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_what_was_stored_is_there_when_it_is_opened_again(path: Path, store: Store) -> None:
    key = add(store, "Something happened.")
    incident = store.create_incident(NOON, items=[key])
    store.close()
    again = Store.open(f"sqlite:///{path}", ManualClock(), incident_prefix="CASE")
    assert again.incident(incident.id) == incident
    assert again.create_incident(NOON).id == "CASE-000002"
    again.close()


def test_the_log_is_written_ahead_and_references_are_kept(path: Path, store: Store) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        item = store.add_item(
            NewItem(text="x"), dedup_keys=DedupKeys(text="x"), ingested_at=NOON, split=split
        )
        store.set_origins({item.key: ItemKey("a77")})


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://user:pass@host/db", "SQLite or PostgreSQL"),
        ("sqlite:///{file}/below/x.db", "cannot be made"),
        ("sqlite:///{directory}", "is a directory"),
        ("sqlite:///{file}", "not a database"),
    ],
)
def test_a_place_that_holds_no_database_is_refused(tmp_path: Path, url: str, says: str) -> None:
    file = tmp_path / "file"
    file.write_text("This is a text and no database. " * 100)
    with pytest.raises(StorageError, match=says) as caught:
        Store.open(url.format(file=file, directory=tmp_path), ManualClock())
    assert "user:pass" not in str(caught.value)


def test_a_draft_that_cannot_be_read_is_a_storage_error(path: Path, store: Store) -> None:
    incident = store.create_incident(NOON)
    store.save_draft(a_draft(incident.id))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE drafts SET body = '{}'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="cannot be read by this version"):
        store.newest_draft(incident.id)


def test_a_lock_that_is_never_released_is_reported(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    impatient = Store.open(f"sqlite:///{path}", ManualClock())
    with store.transaction(), pytest.raises(StorageBusyError, match="another process"):
        impatient.create_incident(NOON)
    impatient.close()


def a_draft(incident_id: str) -> Draft:
    return Draft(
        incident_id=incident_id,
        revision=1,
        created_at=NOON,
        drafter="extractive",
        evidence=EvidencePack(items=(), passages=()),
        evidence_hash="h",
        sections=(),
    )


def test_threads_that_open_databases_at_once_each_get_a_whole_one() -> None:
    def tables(n: int) -> int:
        database = Database.open("sqlite://")
        with database.reading() as connection:
            found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")
            count = len(found.all())
        database.close()
        return count

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(tables, range(12)))) == 1


@pytest.mark.parametrize("where", ["file", "memory", POSTGRESQL])
def test_threads_that_write_at_once_lose_nothing(
    path: Path, where: str, request: pytest.FixtureRequest
) -> None:
    urls = {"memory": "sqlite://", "file": f"sqlite:///{path}"}
    store = Store.open(urls.get(where) or request.getfixturevalue("postgres_url"), ManualClock())
    shared = store.create_incident(NOON).id
    together = threading.Barrier(8)

    def work(n: int) -> None:
        together.wait(timeout=30)
        for m in range(10):
            with store.transaction():
                key = add(store, f"Item {m} of thread {n}.")
                store.create_incident(NOON, label=f"label {m}", items=[key])
            store.save_draft(a_draft(shared))
            store.incidents()
            assert store.passages([key])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert [draft.revision for draft in store.drafts(shared)] == list(range(1, 81))
    assert sum(store.passage_counts_after(0, 1_000).values()) == 80
    labelled = [store.incident_by_label(f"label {m}") for m in range(10)]
    assert [len(incident.item_keys) for incident in labelled if incident] == [8] * 10
    assert len(store.incidents()) == 11
    store.close()


@pytest.mark.slow
def test_processes_that_take_in_one_file_at_once_store_each_item_once(path: Path) -> None:
    processes = [ingesting(path) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        printed = list(threads.map(lambda p: p.communicate(LINES, timeout=60)[0], processes))
    assert [process.returncode for process in processes] == [0, 0, 0]
    outcomes = [line.split() for output in printed for line in output.decode().splitlines()]
    accepted = [key for key, kind in outcomes if kind == "Accepted"]
    assert len(outcomes) == 1350
    assert len(accepted) == len(set(accepted)) == 450
    store = Store.open(f"sqlite:///{path}", ManualClock())
    assert len(store.items_without_incident()) == 450
    store.close()


@pytest.mark.slow
def test_a_killed_ingest_has_stored_what_it_reported_and_is_finished_by_the_next(
    path: Path,
) -> None:
    process = ingesting(path)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(LINES[: LINES.index(b"number 250 ")])
    process.stdin.flush()
    reported = [process.stdout.readline().split()[0].decode() for _ in range(200)]
    process.kill()
    process.communicate()
    store = Store.open(f"sqlite:///{path}", ManualClock())
    assert {item.key for item in store.items_without_incident()} == set(reported)
    store.close()
    output, _ = ingesting(path).communicate(LINES, timeout=60)
    assert output.count(b"Duplicate") == 200
    assert output.count(b"Accepted") == 250
