"""Steps of drafts are heard of in other processes, also after their connection was lost."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from summarizer.domain.jobs import Job, JobEvent
from summarizer.storage.signals import CHANNEL
from summarizer.storage.store import Store
from tests.support.backends import POSTGRESQL
from tests.support.builders import NOON
from tests.support.clock import ManualClock

LONG = 60
"""Seconds after which a test gives up; it never waits for them to pass."""


class Two:
    """Two stores on one database: one makes steps, the other is told of them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.here, self.there = (Store.open(url, ManualClock()) for _ in range(2))
        self.told: queue.Queue[str | None] = queue.Queue()
        incident = self.there.create_incident(NOON).id
        job = Job(
            id="a" * 32, incident_id=incident, asked_by="Kim", created_at=NOON, evidence_hash="h"
        )
        self.there.jobs.save(job)
        self.here.signals.start(self.told.put)

    def step(self) -> None:
        event = JobEvent(at=NOON, stage="queued", section=None, detail="waits")
        self.there.jobs.add_event("a" * 32, event)

    def is_told(self) -> str | None:
        return self.told.get(timeout=LONG)


@pytest.fixture(params=["file", POSTGRESQL])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    if request.param == "file":
        made = Two(f"sqlite:///{tmp_path / 'x.db'}")
    else:
        made = Two(str(request.getfixturevalue("postgres_url")))
    yield made
    for store in (made.here, made.there):
        store.signals.stop()
        store.close()


def test_who_listens_is_told_at_the_beginning_and_of_each_step_of_another_process(two: Two) -> None:
    assert two.is_told() is None
    for _ in range(3):
        two.step()
        assert two.is_told() in (None, "a" * 32)


def test_steps_that_are_undone_are_told_to_nobody_on_postgresql(two: Two) -> None:
    assert two.is_told() is None
    if two.url.startswith("sqlite"):
        return  # where it is told that the file has changed, and no more
    with pytest.raises(ZeroDivisionError), two.there.transaction():
        two.step()
        raise ZeroDivisionError
    two.step()
    assert two.is_told() == "a" * 32
    assert two.told.empty()


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_lost_connection_is_made_again_and_what_came_meanwhile_is_looked_for(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    two = Two(postgres_url)
    listening = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN {CHANNEL}'"
    )
    try:
        assert two.is_told() is None
        with psycopg.connect(postgres_url, autocommit=True) as other:
            assert other.execute(listening).fetchall() == [(True,)]  # type: ignore[call-overload]
        two.step()
        while two.is_told() is not None:  # a step before the end of the connection was seen
            pass
        two.step()
        assert two.is_told() == "a" * 32
        assert "come late" in caplog.text
    finally:
        for store in (two.here, two.there):
            store.signals.stop()
            store.close()
