"""Feeds that several processes poll, and a worker that polls them itself."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.errors import InputError, StorageBusyError
from summarizer.feeds.poller import LEASE, Feed
from tests.integration.test_polling import entry, rss
from tests.support.app import an_app, autodrafting_rules
from tests.support.builders import NOON
from tests.support.cli import run, started
from tests.support.clock import ManualClock
from tests.support.site import Answer, Site, a_site

TEXTS = (
    "Halden Line cancelled 14 crossings after its crews went on strike on Monday.",
    "Crews of Halden Line went on strike on Monday and 14 crossings were cancelled.",
)
MINUTE = 60.0


FEED = rss(*(entry(n, text) for n, text in enumerate(TEXTS)))


class Two:
    """Two services on one database, and a site with one feed."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.clock = site, ManualClock()
        self.feeds = [Feed(url=site.url("/feed"))]
        self.folder = folder

    @contextmanager
    def opened(self, *, owns_index: bool) -> Iterator[App]:
        chosen = {"allowed_hosts": self.site.host, "fetch_pause_s": 0}
        with an_app(self.folder, self.clock, owns_index=owns_index, **chosen) as service:
            yield service

    def polled(self, service: App) -> int:
        return len(list(service.poller.poll_due(self.feeds)))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with a_site(feed=FEED) as site:
        yield Two(site, tmp_path)


@pytest.fixture
def one(two: Two) -> Iterator[App]:
    with two.opened(owns_index=True) as service:
        yield service


@pytest.fixture
def other(two: Two) -> Iterator[App]:
    with two.opened(owns_index=False) as service:
        yield service


def test_a_feed_that_one_process_polls_is_not_fetched_by_another(two, one, other):
    meanwhile: list[Any] = []

    def answer(handler: Any) -> Answer:
        meanwhile.append((two.polled(other), other.poller.next_at(two.feeds)))
        return FEED

    two.site.answers["/feed"] = answer
    assert two.polled(one) == 1
    assert meanwhile == [(0, NOON + LEASE)]
    assert two.polled(other) == 0
    assert two.site.asked.count("/feed") == 1
    two.clock.advance(15 * MINUTE)
    two.site.answers["/feed"] = FEED
    assert two.polled(other) == 1


def test_one_that_was_polled_while_another_process_waited_for_it_is_left(two, one, other):
    hold = other.poller._store.feeds.hold

    def late(*arguments: Any) -> bool:
        assert two.polled(one) == 1
        return hold(*arguments)

    other.poller._store.feeds.hold = late
    assert two.polled(other) == 0
    assert two.site.asked.count("/feed") == 1


def test_a_feed_whose_process_was_killed_is_polled_once_its_lease_is_over(two, one):
    now = two.clock.now()
    assert one.store.feeds.hold(two.feeds[0].url, "killed", now, now + LEASE)
    assert two.polled(one) == 0
    assert one.poller.next_at(two.feeds) == NOON + LEASE
    two.clock.advance(LEASE.total_seconds())
    assert two.polled(one) == 1


def test_a_feed_that_failed_is_free_again(two, one):
    two.site.answers["/feed"] = Answer(status=500)
    assert two.polled(one) == 1
    state = one.store.feeds.get(two.feeds[0].url)
    assert state is not None and (state.failures, state.holder) == (1, None)


def test_a_poll_that_takes_longer_than_the_lease_keeps_the_feed(two, one, other):
    def slow(handler: Any) -> Answer:
        two.clock.advance(4 * MINUTE)
        assert two.polled(other) == 0
        return Answer(status=404)

    two.feeds = [two.feeds[0].model_copy(update={"full_text": True})]
    two.site.answers |= {"/story/0": slow, "/story/1": slow}
    assert two.polled(one) == 1
    assert two.site.asked.count("/feed") == 1
    assert two.clock.now() - NOON > LEASE


def test_a_poll_that_lost_its_feed_leaves_the_other_articles_to_who_has_it(two, one, other):
    def stuck(handler: Any) -> Answer:
        two.site.answers["/story/0"] = Answer(status=404)
        two.clock.advance(LEASE.total_seconds())
        assert other.store.feeds.hold(
            two.feeds[0].url, "other", two.clock.now(), two.clock.now() + LEASE
        )
        return Answer(status=404)

    two.feeds = [two.feeds[0].model_copy(update={"full_text": True})]
    two.site.answers["/story/0"] = stuck
    assert two.polled(one) == 1
    assert "/story/1" not in two.site.asked


# --- A worker that polls ---------------------------------------------------------------------


@pytest.fixture
def environment(two: Two, tmp_path: Path) -> dict[str, str]:
    """Rules by which everything is drafted at once, and a file of feeds."""
    at_once = {"quiet_s": 0, "least_items": 1, "least_origins": 1, "least_noise": 0}
    rules = autodrafting_rules(tmp_path, **at_once)
    (tmp_path / "feeds.toml").write_text(f"[[feed]]\nurl = '{two.site.url('/feed')}'\n")
    ours = {
        "DATA_DIR": str(tmp_path), "AUTODRAFTING_RULES": str(rules), "DRAFTER": "extractive",
        "ALLOWED_HOSTS": two.site.host, "FETCH_PAUSE_S": "0",
    }  # fmt: skip
    return {f"SUMMARIZER_{name}": value for name, value in ours.items()}


def worker(environment: dict[str, str], *words: str) -> Result:
    feeds = Path(environment["SUMMARIZER_DATA_DIR"]) / "feeds.toml"
    return run("worker", "--feeds", feeds, *words, **environment)


def drafted(two: Two) -> list[str | None]:
    with two.opened(owns_index=False) as service:
        entries = service.store.history.after(0, kinds={EventKind.DRAFTED})
        return [entry.incident_id for entry in entries]


def test_one_process_polls_forms_incidents_and_drafts_them(two, environment):
    done = worker(environment, "--once")
    assert done.exit_code == 0, done.output
    assert "/feed: 2 accepted" in done.output
    assert drafted(two) == ["INC-000001"]
    again = worker(environment, "--once")
    assert "0 drafts were begun" in again.output
    assert two.site.asked.count("/feed") == 1


def test_a_dry_run_polls_nothing(two, environment):
    done = worker(environment, "--dry-run")
    assert isinstance(done.exception, InputError) and "--feeds" in str(done.exception)
    assert two.site.asked == []


def test_a_worker_that_polls_beside_one_that_holds_the_index_says_so_and_fetches_nothing(
    two, one, environment
):
    one.pipeline.probe()
    done = worker(environment, "--once")
    assert isinstance(done.exception, StorageBusyError)
    assert "SUMMARIZER_CHROMA_URL" in str(done.exception)
    assert two.site.asked == []


@pytest.mark.slow
def test_a_worker_polls_and_drafts_until_it_is_stopped(two, environment, tmp_path):
    running = started("worker", "--feeds", tmp_path / "feeds.toml", env=environment)
    while not drafted(two):
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0
    assert drafted(two) == ["INC-000001"]
    assert two.site.asked.count("/feed") == 1
