"""What every ``Queue`` does, on whatever database."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from summarizer.adapters.clock import SystemClock
from summarizer.adapters.local_queue import LocalQueue
from summarizer.adapters.procrastinate.queue import STALLED, ProcrastinateQueue
from summarizer.ports.queue import Queue, RunAgainError, Task
from summarizer.storage.locks import JOBS
from summarizer.storage.store import Store
from tests.support.backends import POSTGRESQL

LONG = 60
"""Seconds after which a test gives up; none waits for it to pass."""

LEASE = dt.timedelta(seconds=60)  # longer than any test, whatever else the machine does
Open = Callable[..., Queue]


@pytest.fixture(params=["sqlite", POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/queue.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url, SystemClock())
    yield store
    store.close()


@pytest.fixture
def opened(url: str, store: Store) -> Iterator[Open]:
    """Opens queues on one database, as processes do."""
    queues: list[Queue] = []

    def open_queue(workers: int = 1) -> Queue:
        queues.append(
            LocalQueue(store.tasks, SystemClock(), workers, LEASE)
            if url.startswith("sqlite")
            else ProcrastinateQueue(url, store, workers, LEASE)
        )
        return queues[-1]

    yield open_queue
    for queue in queues:
        queue.stop()


class Seen:
    """A task that notes its arguments, and does what a test says."""

    def __init__(self, then: Callable[[str], None] = lambda _: None) -> None:
        self.names: list[str] = []
        self._then = then
        self._more = threading.Condition()

    def run(self, arguments: Mapping[str, str]) -> None:
        name = arguments.get("name", "")
        with self._more:
            self.names.append(name)
            self._more.notify_all()
        self._then(name)

    def wait(self, count: int) -> list[str]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.names) >= count, LONG), self.names
        return self.names


def defer(queue: Queue, name: str, **more: Any) -> bool:
    return queue.defer("note", {"name": name}, **more)


def test_tasks_run_with_their_arguments_in_order_of_priority_then_of_age(opened):
    seen, queue = Seen(), opened()
    queue.add(Task("note", seen.run))
    for name, priority in (("a", 0), ("b", 0), ("c", 5), ("d", -1)):
        assert defer(queue, name, priority=priority)
    queue.start()
    assert seen.wait(4) == ["c", "a", "b", "d"]


def test_a_task_deferred_while_the_queue_runs_is_run_soon(opened):
    seen, queue = Seen(), opened()
    queue.add(Task("note", seen.run))
    queue.start()
    defer(queue, "first")
    seen.wait(1)
    defer(queue, "second")
    assert seen.wait(2) == ["first", "second"]


def test_a_task_is_part_of_the_transaction_in_which_it_is_deferred(opened, store):
    seen, queue = Seen(), opened()
    queue.add(Task("note", seen.run))
    with suppress(ZeroDivisionError), store.transaction(JOBS):
        assert defer(queue, "undone", queueing_lock="undone")
        raise ZeroDivisionError
    assert queue.stored("note") == set()
    with store.transaction(JOBS):
        assert defer(queue, "kept", queueing_lock="kept")
        assert not defer(queue, "twice", queueing_lock="kept")
        assert defer(queue, "also")
    queue.start()
    assert seen.wait(2) == ["kept", "also"]


def test_tasks_with_one_lock_run_one_after_the_other_and_others_beside(opened):
    beside, running, most = threading.Barrier(2), set[str](), []

    def work(name: str) -> None:
        if name.startswith("locked"):
            running.add(name)
            most.append(len(running))
        if name in ("locked 1", "free"):
            beside.wait(LONG)
        running.discard(name)

    seen, queue = Seen(work), opened(workers=3)
    queue.add(Task("note", seen.run))
    for name in ("locked 1", "locked 2", "locked 3"):
        defer(queue, name, lock="one")
    defer(queue, "free")
    queue.start()
    locked = [name for name in seen.wait(4) if name.startswith("locked")]
    assert (locked, most) == (["locked 1", "locked 2", "locked 3"], [1, 1, 1])


def test_a_lock_holds_between_processes(opened):
    go = threading.Event()
    seen = Seen(lambda name: assert_set(go) if name == "first" else None)
    for queue in (queues := [opened(), opened()]):
        queue.add(Task("note", seen.run))
        queue.start()
    defer(queues[0], "first", lock="one")
    seen.wait(1)
    defer(queues[1], "second", lock="one")
    defer(queues[1], "free")
    assert seen.wait(2) == ["first", "free"]
    go.set()
    assert seen.wait(3)[-1] == "second"


def assert_set(event: threading.Event) -> None:
    assert event.wait(LONG)


def test_no_two_tasks_with_one_queueing_lock_wait(opened):
    go = threading.Event()
    seen, queue = Seen(lambda _: assert_set(go)), opened()
    queue.add(Task("note", seen.run))
    queue.start()
    assert defer(queue, "runs", queueing_lock="same")
    seen.wait(1)
    assert defer(queue, "waits", queueing_lock="same")
    assert not defer(queue, "in vain", queueing_lock="same")
    assert queue.stored("note") == {"same"}
    go.set()
    assert seen.wait(2) == ["runs", "waits"]


def test_a_waiting_task_is_cancelled_and_a_running_one_is_not(opened):
    go = threading.Event()
    seen, queue = Seen(lambda _: assert_set(go)), opened()
    queue.add(Task("note", seen.run))
    queue.start()
    defer(queue, "runs", queueing_lock="1")
    seen.wait(1)
    defer(queue, "waits", queueing_lock="2")
    defer(queue, "last")
    assert [queue.cancel(lock) for lock in ("2", "1", "none")] == [True, False, False]
    go.set()
    assert seen.wait(2) == ["runs", "last"]


def test_a_task_does_not_begin_before_its_time(opened):
    seen, queue = Seen(), opened()
    queue.add(Task("note", seen.run))
    now = SystemClock().now()
    defer(queue, "later", at=now + dt.timedelta(seconds=1))
    defer(queue, "never", at=now + dt.timedelta(days=1))
    defer(queue, "now")
    queue.start()
    assert seen.wait(2) == ["now", "later"]
    assert SystemClock().now() >= now + dt.timedelta(seconds=1)


def test_a_task_that_fails_is_run_again_and_given_up_in_the_end(opened):
    def fail(name: str) -> None:
        if name == "fails":
            raise ZeroDivisionError

    seen, queue = Seen(fail), opened()
    queue.add(Task("note", seen.run, runs=2))
    queue.start()
    defer(queue, "fails", queueing_lock="fails")
    defer(queue, "works")
    assert sorted(seen.wait(3)) == ["fails", "fails", "works"]
    while queue.stored("note"):
        pass


def test_a_task_that_asks_for_it_is_run_again(opened):
    def again(_: str) -> None:
        if len(seen.names) == 1:
            raise RunAgainError

    seen, queue = Seen(again), opened()
    queue.add(Task("note", seen.run))
    queue.start()
    defer(queue, "it")
    assert seen.wait(2) == ["it", "it"]


def test_a_periodic_task_runs_in_one_process_at_a_time(opened):
    running, most = list[int](), []

    def work(_: str) -> None:
        running.append(1)
        most.append(len(running))
        running.pop()

    seen = Seen(work)
    for queue in (opened(), opened()):
        queue.add(Task("note", seen.run, every=1))
        queue.start()
    seen.wait(3)
    assert set(most) == {1}


def test_a_periodic_task_does_not_wait_for_a_free_worker(opened):
    go = threading.Event()
    busy, periodic, queue = Seen(lambda _: assert_set(go)), Seen(), opened()
    queue.add(Task("note", busy.run))
    queue.add(Task("look", periodic.run, every=1))
    queue.start()
    defer(queue, "runs")
    busy.wait(1)
    begun = len(periodic.names)
    periodic.wait(begun + 2)
    go.set()


def test_a_periodic_task_goes_on_after_an_error_and_in_another_process_after_a_stop(opened):
    def fail(_: str) -> None:
        raise ZeroDivisionError

    failing, other = Seen(fail), Seen()
    first, second = opened(), opened()
    first.add(Task("look", failing.run, every=1))
    first.start()
    failing.wait(2)
    first.stop()
    second.add(Task("look", other.run, every=1))
    second.start()
    other.wait(2)


def test_a_kind_with_threads_of_its_own_waits_for_no_other_and_no_other_for_it(opened):
    go = threading.Event()
    busy, own, queue = Seen(lambda _: assert_set(go)), Seen(lambda _: assert_set(go)), opened()
    queue.add(Task("note", busy.run))
    queue.add(Task("own", own.run, threads=2))
    for name in ("a", "b", "c"):
        queue.defer("own", {"name": name}, queueing_lock=name)
    defer(queue, "runs")
    queue.start()
    busy.wait(1)
    assert sorted(own.wait(2)) == ["a", "b"]
    assert queue.stored("own") == {"a", "b", "c"}
    go.set()
    assert own.wait(3)[-1] == "c"


def test_a_process_runs_only_what_it_knows(opened):
    seen, other = Seen(), Seen()
    first, second = opened(), opened()
    first.add(Task("note", seen.run))
    second.add(Task("other", other.run))
    first.start()
    defer(first, "mine")
    first.defer("other", {"name": "not mine"}, queueing_lock="kept")
    defer(first, "mine too")
    assert seen.wait(2) == ["mine", "mine too"]
    assert first.stored("other") == {"kept"}
    second.start()
    assert other.wait(1) == ["not mine"]


def test_what_a_stopped_queue_left_is_run_by_another(opened):
    seen, first, second = Seen(), opened(), opened()
    first.add(Task("note", seen.run))
    first.start()
    defer(first, "done")
    seen.wait(1)
    first.stop()
    defer(first, "left")
    second.add(Task("note", seen.run))
    second.start()
    assert seen.wait(2) == ["done", "left"]


def test_stopping_waits_for_what_runs_and_begins_nothing(opened):
    go = threading.Event()
    seen, queue = Seen(lambda _: assert_set(go)), opened()
    queue.add(Task("note", seen.run))
    queue.start()
    defer(queue, "runs")
    defer(queue, "waits", queueing_lock="waits")
    seen.wait(1)
    queue.wind_down()
    stopping = threading.Thread(target=queue.stop)
    stopping.start()
    assert stopping.is_alive()
    go.set()
    stopping.join(LONG)
    assert seen.names == ["runs"]
    assert queue.stored("note") == {"waits"}


# --- On PostgreSQL ---------------------------------------------------------------------------


def test_a_worker_that_dies_while_it_takes_back_tasks_of_others_stops_nobody(postgres_url):
    store, seen = Store.open(postgres_url, SystemClock()), Seen()
    queue = ProcrastinateQueue(postgres_url, store, 1, dt.timedelta(seconds=3))
    queue.add(Task("note", seen.run))
    defer(queue, "of the dead")
    queue.defer(STALLED, {"timestamp": "0"}, lock=STALLED, queueing_lock=STALLED)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    queue.start()
    try:
        assert seen.wait(1) == ["of the dead"]
    finally:
        queue.stop()
        store.close()
