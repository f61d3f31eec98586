"""``BacklogReader`` on databases in memory and in a file."""

import pytest

from summarizer.domain.fetching import FeedState
from summarizer.domain.jobs import JobStatus
from summarizer.storage import backlog
from summarizer.storage.backlog import Backlog
from tests.support.builders import NOON, hours, store_item
from tests.unit.storage.test_jobs import a_job
from tests.unit.storage.test_webhooks import a_subscription, due

NOTHING = Backlog(0, None, None, {JobStatus.QUEUED: 0, JobStatus.RUNNING: 0}, 0, 0, 0)


def test_nothing_waits_in_an_empty_store(store):
    assert store.backlog.at(NOON, None) == NOTHING


def test_items_wait_for_the_index_and_for_an_incident(store):
    for text in ("A ferry is late.", "A bridge is shut.", "A tram is stuck."):
        store_item(store, text)
    store.index_marks.advance("now", 1)
    store.index_marks.advance("before it was rebuilt", 3)

    found = store.backlog.at(NOON + hours(1), "now")
    assert (found.unsettled, found.oldest_unsettled, found.unindexed) == (3, NOON, 2)
    assert store.backlog.at(NOON, "never marked").unindexed == 3


def test_jobs_are_counted_until_they_are_over(store):
    store.create_incident(NOON)
    for name, status in enumerate([*JobStatus, JobStatus.QUEUED]):
        store.jobs.save(a_job(str(name), status=status))
    assert store.backlog.at(NOON, None).jobs == {JobStatus.QUEUED: 2, JobStatus.RUNNING: 1}


def test_deliveries_wait_also_for_the_end_of_a_pause(store):
    store.create_incident(NOON)
    store.webhooks.save(a_subscription())
    store.webhooks.save(a_subscription("s2", paused_at=NOON))
    due(store)
    due(store, "s2")
    found = store.backlog.at(NOON, None)
    assert (found.deliveries, found.paused_webhooks) == (2, 1)


@pytest.mark.parametrize(
    ("failures", "due_in", "counted"),
    [(0, 1, 0), (1, 1, 1), (5, 23, 1), (1, -2, 1), (1, -25, 0)],
)
def test_a_feed_fails_until_it_is_polled_no_more(store, failures, due_in, counted):
    state = FeedState(
        url="https://a.example/rss",
        polled_at=NOON,
        next_at=NOON + hours(due_in),
        failures=failures,
    )
    store.feeds.put(state)
    assert store.backlog.at(NOON, None).failing_feeds == counted


def test_counting_ends_at_the_limit(store, monkeypatch):
    monkeypatch.setattr(backlog, "MOST", 2)
    for text in ("A ferry is late.", "A bridge is shut.", "A tram is stuck."):
        store_item(store, text)
    assert store.backlog.at(NOON, None).unsettled == 2
