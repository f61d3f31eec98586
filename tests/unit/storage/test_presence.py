"""``Presence``: who has an incident open."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from summarizer.storage import tables
from summarizer.storage.presence import LASTS, NOTED
from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.support.clock import ManualClock

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def incident(store: Store) -> str:
    return store.create_incident(NOON).id


def rows(store: Store) -> int:
    with store._database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(tables.presence)) or 0


def test_who_opened_a_page_is_named_until_it_says_nothing_any_more(store, incident):
    store.presence.note(incident, "Kim", NOON)
    store.presence.note(incident, "Ana", NOON + NOTED)
    assert store.presence.of(incident, NOON + NOTED) == ("Ana", "Kim")
    assert store.presence.everywhere(NOON + LASTS - SECOND) == {incident: ("Ana", "Kim")}
    assert store.presence.of(incident, NOON + LASTS) == ("Ana",)
    assert store.presence.everywhere(NOON + LASTS + NOTED) == {}


def test_a_page_that_says_so_again_stays_open(store, incident):
    for n in range(4):
        store.presence.note(incident, "Kim", NOON + n * LASTS / 3)
    assert store.presence.of(incident, NOON + LASTS + SECOND) == ("Kim",)


def test_several_tabs_write_no_more_often_than_one(store, incident):
    store.presence.note(incident, "Kim", NOON)
    store.presence.note(incident, "Kim", NOON + NOTED - SECOND)
    assert store.presence.of(incident, NOON + LASTS) == ()


def test_old_rows_are_removed_with_the_next_one(store, incident):
    for n in range(5):
        store.presence.note(incident, f"Kim {n}", NOON)
    store.presence.note(incident, "Ana", NOON + LASTS)
    assert rows(store) == 1


def test_a_clock_that_is_set_back_leaves_nobody_there_for_ever(store, incident):
    store.presence.note(incident, "Kim", NOON + 10 * LASTS)
    assert store.presence.of(incident, NOON) == ()
    store.presence.note(incident, "Kim", NOON)
    assert store.presence.of(incident, NOON) == ("Kim",)


def test_of_merged_incidents_one_is_open_under_both_ids(store, incident):
    other = store.create_incident(NOON).id
    store.presence.note(other, "Kim", NOON)
    store.merge(incident, other)
    assert store.presence.of(incident, NOON) == ("Kim",)
    store.presence.note(incident, "Ana", NOON)
    assert store.presence.everywhere(NOON) == {other: ("Ana", "Kim")}


def test_an_incident_that_does_not_exist_is_open_to_nobody(store):
    store.presence.note("INC-000099", "Kim", NOON)
    assert store.presence.of("INC-000099", NOON) == ()


def test_neither_the_history_nor_the_standing_of_the_incident_knows_of_it(store, incident):
    before = store.history.last(), store.standings.changes()
    store.presence.note(incident, "Kim", NOON)
    assert (store.history.last(), store.standings.changes()) == before


def test_it_waits_for_no_other_process_that_writes(tmp_path: Path, clock: ManualClock) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store, other = Store.open(url, clock), Store.open(url, clock)
    incident = store.create_incident(NOON).id
    with other.transaction():
        store.presence.note(incident, "Kim", NOON)
    assert store.presence.of(incident, NOON) == ()
    store.presence.note(incident, "Kim", NOON)
    assert other.presence.of(incident, NOON) == ("Kim",)
    store.close()
    other.close()


def test_it_waits_for_no_other_thread_that_writes(tmp_path: Path, clock: ManualClock) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'x.db'}", clock)
    incident = store.create_incident(NOON).id
    writes, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with store.transaction():
            writes.set()
            may_end.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    writes.wait(10)
    store.presence.note(incident, "Kim", NOON)
    assert thread.is_alive()
    may_end.set()
    thread.join()
    assert store.presence.of(incident, NOON) == ()
    store.close()
