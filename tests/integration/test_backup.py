"""Backups made while others write, restored elsewhere, and what readers and receivers notice."""

import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.errors import (
    ConflictError,
    GoneError,
    InputError,
    StorageBusyError,
    StorageError,
)
from summarizer.storage.backup import back_up, finish, put_back, read_manifest
from tests.support.app import an_app, take_in
from tests.support.builders import NOON
from tests.support.cli import done, refused, run
from tests.support.clock import ManualClock
from tests.support.receiver import deliver_due

FILE = "summarizer.db"


def rows(first: int, last: int) -> list[dict[str, str]]:
    return [
        {"text": f"Note {n}: the ferry number {n} left the quay late.", "outlet": f"Paper {n}"}
        for n in range(first, last)
    ]


@pytest.fixture
def live(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(tmp_path / "live", clock) as service:
        take_in(service, *rows(0, 3))
        yield service


def test_a_restored_installation_tells_old_readers_and_no_receivers(
    live: App, tmp_path: Path, clock: ManualClock
) -> None:
    live.webhooks.subscribe("https://hooks.example/x", [EventKind.OPENED], "Kim")
    made = back_up(tmp_path / "live" / FILE, tmp_path / "b.zip", NOON)
    take_in(live, *rows(3, 5))
    history = live.store.history
    lost = history.place(history.last())

    restored = put_back(tmp_path / "b.zip", tmp_path / "new" / FILE, clock, replace=False)
    assert (made.rows["items"], restored.items, restored.paused) == (3, 3, 1)
    with an_app(tmp_path / "new", clock) as service:
        assert service.store.history.last() == made.last_event
        with pytest.raises(GoneError):
            service.store.history.position(lost)
        assert deliver_due(service.webhooks) == []
        assert "backup was restored" in str(service.webhooks.subscriptions()[0].paused_because)
        before = {event.id for event in history.after(0)}
        take_in(service, *rows(5, 6))
        again = service.store.history.after(made.last_event)
        assert again
        assert before.isdisjoint(event.id for event in again)


@pytest.mark.slow
def test_a_backup_is_whole_while_another_process_writes(
    live: App, tmp_path: Path, clock: ManualClock
) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(take_in, live, *rows(10, 60))
        made = [back_up(tmp_path / "live" / FILE, tmp_path / f"{n}.zip", NOON) for n in range(3)]
        assert len(writing.result().accepted) == 50
    for n, one in enumerate(made):
        put_back(tmp_path / f"{n}.zip", tmp_path / str(n) / FILE, clock, replace=False)
        with closing(sqlite3.connect(tmp_path / str(n) / FILE)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM items").fetchone() == (
                one.rows["items"],
            )


def test_search_says_that_the_index_lacks_what_was_restored(
    live: App, tmp_path: Path, elsewhere: Path
) -> None:
    back_up(tmp_path / "live" / FILE, tmp_path / "b.zip", NOON)
    done("restore", str(tmp_path / "b.zip"))
    found = run("search", "late ferries")
    assert found.exit_code == 1
    assert "3 item(s) are not in the vector index" in found.stderr
    done("reindex")
    assert "Note" in done("search", "late ferries")


def test_a_database_is_not_replaced_by_accident_nor_while_it_is_in_use(
    live: App, tmp_path: Path, clock: ManualClock
) -> None:
    database = tmp_path / "live" / FILE
    back_up(database, tmp_path / "b.zip", NOON)
    with pytest.raises(ConflictError, match="--replace"):
        put_back(tmp_path / "b.zip", database, clock, replace=False)
    with pytest.raises(StorageBusyError, match="stop the service"):
        put_back(tmp_path / "b.zip", database, clock, replace=True)
    take_in(live, *rows(3, 4))
    live.close()
    live.store.close()
    put_back(tmp_path / "b.zip", database, clock, replace=True)
    names = sorted(path.name for path in (tmp_path / "live").glob(f"{FILE}*"))
    assert names == [FILE, f"{FILE}.before-20260501T120000"]
    with an_app(tmp_path / "live", clock) as service:
        assert service.store.count_items() == 3


def test_a_damaged_backup_is_refused_and_nothing_is_left(
    live: App, tmp_path: Path, clock: ManualClock
) -> None:
    good = tmp_path / "b.zip"
    back_up(tmp_path / "live" / FILE, good, NOON)
    cut, other = tmp_path / "cut.zip", tmp_path / "other.zip"
    cut.write_bytes(good.read_bytes()[:-200])
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("manifest.json", read_manifest(good).model_dump_json())
        packed.writestr(FILE, b"another")
    for bad in (cut, other, tmp_path / "none.zip", tmp_path / "live" / FILE):
        with pytest.raises(InputError):
            put_back(bad, tmp_path / "new" / FILE, clock, replace=False)
        assert not list((tmp_path / "new").glob("*"))


def test_a_backup_is_written_whole_or_not_at_all(live: App, tmp_path: Path) -> None:
    database = tmp_path / "live" / FILE
    made = tmp_path / "b.zip"
    back_up(database, made, NOON)
    assert made.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="exists already"):
        back_up(database, made, NOON)
    with pytest.raises(InputError, match="There is no database"):
        back_up(tmp_path / "no.db", tmp_path / "c.zip", NOON)
    (tmp_path / "bad.db").write_bytes(b"no database" * 500)
    with pytest.raises(StorageError):
        back_up(tmp_path / "bad.db", tmp_path / "c.zip", NOON)
    assert [p.name for p in tmp_path.glob("*.zip*")] == ["b.zip"]


def test_what_other_means_restored_is_marked(service: App) -> None:
    history = service.store.history
    history.record(EventKind.PAUSED, None, "Kim")
    place = history.place(history.last())
    finish(service.store, NOON)
    with pytest.raises(GoneError):
        history.position(place)


def test_on_postgresql_the_command_names_its_own_tools(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_DATABASE_URL", "postgresql://nobody@nowhere.example/x")
    assert "pg_dump" in str(refused("backup", "b.zip"))
    assert "summarizer restore --finish" in str(refused("restore", "b.zip"))
    assert "--finish" in str(refused("restore"))
