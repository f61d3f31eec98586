"""Writers side by side on SQLite and PostgreSQL: whoever follows misses nothing, and each number is
given once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from summarizer.domain.events import EventKind
from summarizer.storage.store import Store
from tests.support.backends import POSTGRESQL
from tests.support.builders import NOON, a_draft, store_item
from tests.support.clock import ManualClock

WAITS = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture(params=["file", POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'x.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def stores(url: str) -> Iterator[list[Store]]:
    """Two that write and one that reads, as in three processes."""
    stores = [Store.open(url, ManualClock()) for _ in range(3)]
    stores[0].create_incident(NOON)
    yield stores
    for store in stores:
        store.close()


def event(store: Store) -> int:
    return store.history.record(EventKind.EDITED, "INC-000001", "Kim").number


def item(store: Store) -> int:
    return int(store_item(store, "Something happened.").key[1:])


def events_after(store: Store, number: int) -> list[int]:
    return [entry.number for entry in store.history.after(number)]


def items_after(store: Store, number: int) -> list[int]:
    return list(store.passage_counts_after(number, limit=100))


FOLLOWED = pytest.mark.parametrize(
    ("write", "after"), [(event, events_after), (item, items_after)], ids=["log", "items"]
)


def until_over_or_waiting(store: Store, done: Future[int]) -> None:
    """Return when a writer is over or waits for a lock; on SQLite it always waits."""
    with store._database.reading() as connection:
        if connection.dialect.name == "sqlite":
            return
    while not done.done():
        with store._database.reading() as connection:
            if connection.scalar(WAITS):
                return


@FOLLOWED
@pytest.mark.parametrize("number_first", [True, False])
def test_whoever_follows_misses_nothing_of_a_transaction_that_was_open_while_another_began(
    stores: list[Store],
    write: Callable[[Store], int],
    after: Callable[[Store, int], list[int]],
    number_first: bool,
) -> None:
    early, late, reader = stores
    opened, release = threading.Event(), threading.Event()

    def hold() -> int:
        with early.transaction():
            number = write(early) if number_first else 0
            early.api_keys.end_session("none")  # the transaction has begun to write
            opened.set()
            assert release.wait(60)
            return number or write(early)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(hold)
        assert opened.wait(60)
        second = threads.submit(write, late)
        until_over_or_waiting(reader, second)
        seen = after(reader, 0)
        release.set()
        numbers = [first.result(60), second.result(60)]
    seen += after(reader, max(seen, default=0))
    assert sorted(numbers) == seen


def test_writers_get_each_number_of_an_incident_and_of_a_draft_once(stores: list[Store]) -> None:
    shared, each = "INC-000001", 15

    def write(store: Store) -> list[str]:
        made = []
        for n in range(each):
            made.append(store.create_incident(NOON, label=f"label {n}").id)
            made.append(store.create_incident(NOON).id)
            store.save_draft(a_draft(incident_id=shared))
        return made

    with ThreadPoolExecutor(2) as threads:
        ids = [id_ for made in threads.map(write, stores[:2]) for id_ in made]
    counts = Counter(ids)
    assert sorted(counts.values()) == [1] * 2 * each + [2] * each
    assert [d.revision for d in stores[2].drafts(shared)] == list(range(1, 2 * each + 1))


@pytest.mark.slow
@pytest.mark.postgresql
def test_who_ingests_drafts_and_reviews_does_not_wait_for_another(postgres_url: str) -> None:
    busy, free = (Store.open(postgres_url, ManualClock()) for _ in range(2))
    ids = [busy.create_incident(NOON).id for _ in range(2)]
    with busy.transaction():
        item(busy)
        busy.save_draft(a_draft(incident_id=ids[0]))
        with ThreadPoolExecutor(1) as thread:
            assert (
                thread.submit(free.save_draft, a_draft(incident_id=ids[1])).result(30).revision == 1
            )
            assert thread.submit(event, free).result(30)
            assert thread.submit(free.webhooks.with_due, NOON).result(30) == []
    for store in (busy, free):
        store.close()
