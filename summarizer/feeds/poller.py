"""Polls feeds: takes in what is new, politely, and goes on where it was after a stop.

Entries are ingested before the state of their feed is written, so that a poll that is killed is
done again, and what it stored is recognised.  Whatever one feed does, the others are polled.
Several processes may poll the same feeds: whoever polls one holds it for the time of a lease.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import tomllib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from pydantic import Field, ValidationError

from summarizer.domain.fetching import FeedState, Fetched, Purpose, Wanted
from summarizer.domain.model import Model
from summarizer.errors import (
    FetchError,
    InputError,
    StorageError,
    SummarizerError,
    UnreachableError,
)
from summarizer.feeds.collect import UrlImporter
from summarizer.feeds.json_mapping import JsonMapping, faults, load_mapping, mapped
from summarizer.ingestion.ingest import report
from summarizer.ingestion.parse import ParseFeed
from summarizer.ingestion.validate import normalised_url
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.ports.web import Fetcher
from summarizer.storage.store import Store

LONGEST_PAUSE = dt.timedelta(days=1)
"""A feed that fails is asked ever more rarely, but once a day for good."""

MOST_ARTICLES = 20
"""Articles that one poll of a feed fetches; the others are left for the next."""

LEASE = dt.timedelta(minutes=5)
"""For how long a feed stays with a process that was killed; renewed before each article, so that
it is longer than any single fetch.  Our choice."""

AFTER_A_FAILURE_S = 60.0
"""Wait before the feeds are looked at again after the database or the index failed."""

log = logging.getLogger("summarizer.feeds")


class Feed(Model):
    """One feed of the file.

    Args:
        url: of RSS, Atom or, with a mapping, JSON.
        outlet: instead of what the feed calls itself.
        platform: instead of ``news``, or of the mapping's.
        every_minutes: time between two polls.
        mapping: of JSON, read from the file that the feed names.
        full_text: fetch the article behind each entry.
    """

    url: str = Field(pattern=r"^https?://")
    outlet: str | None = None
    platform: str | None = None
    every_minutes: float = Field(default=15, ge=1, le=1_440)
    mapping: JsonMapping | None = None
    full_text: bool = False


class Polled(Model):
    """What one poll of a feed did.

    Args:
        articles: pages that were fetched behind entries.
        news: whether the feed had changed at all.
        error: why nothing was taken in, ``None`` when all went well.
    """

    url: str
    news: bool = True
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    articles: int = 0
    error: str | None = None
    next_at: dt.datetime


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """Read a file of feeds: TOML with a ``[[feed]]`` for each; mappings are found beside it.

    Raises:
        InputError: it cannot be read, or a feed in it is wrong or named twice.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("feed")
        if not isinstance(rows, list) or not rows:
            raise ValueError("it holds no [[feed]]")
        feeds = tuple(_feed(row, path.parent) for row in rows)
    except (OSError, ValueError) as error:
        raise InputError(f"The file of feeds {path} cannot be used: {faults(error)}.") from error
    urls = [feed.url for feed in feeds]
    if twice := sorted({url for url in urls if urls.count(url) > 1}):
        raise InputError(f"The file of feeds {path} names {', '.join(twice)} twice.")
    return feeds


def _feed(row: dict[str, object], folder: Path) -> Feed:
    named = row.get("mapping")
    mapping = load_mapping(folder / named) if isinstance(named, str) else named
    try:
        return Feed.model_validate(row | {"mapping": mapping})
    except ValidationError as error:
        raise ValueError(f"{row.get('url', 'a feed without url')}: {faults(error)}") from error


class Poller:
    """Polls feeds on one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        fetcher: Fetcher,
        collector: UrlImporter,
        parse_feed: ParseFeed,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pipeline = pipeline
        self._fetcher = fetcher
        self._collector = collector
        self._parse_feed = parse_feed
        self._clock = clock
        self._name = uuid.uuid4().hex

    def poll_due(self, feeds: Sequence[Feed]) -> Iterator[Polled]:
        """Poll every feed whose time has come, and put what came into incidents.

        What another process polls is left to it.

        Raises:
            StorageError: the database or the index failed.
        """
        came = False
        for feed in feeds:
            if self._is_due(feed) and (polled := self._polled_alone(feed)):
                came = came or polled.accepted > 0
                yield polled
        if came:
            self._pipeline.settle()

    def _is_due(self, feed: Feed) -> bool:
        state = self._store.feeds.get(feed.url)
        return state is None or not _waits_until(state.next_at, self._clock.now())

    def _polled_alone(self, feed: Feed) -> Polled | None:
        """Poll a feed if nobody else does so now, or just did."""
        try:
            if not self._held(feed) or not self._is_due(feed):
                return None
            return self.poll(feed)
        finally:
            self._store.feeds.let_go(feed.url, self._name)

    def _held(self, feed: Feed) -> bool:
        now = self._clock.now()
        return self._store.feeds.hold(feed.url, self._name, now, now + LEASE)

    def next_at(self, feeds: Sequence[Feed]) -> dt.datetime:
        """When the next of them is due; now for one that was never polled, and once its lease is
        over for one that another process polls."""
        states = [self._store.feeds.get(feed.url) for feed in feeds]
        now = self._clock.now()
        times = [max(s.next_at, s.lease_until or s.next_at) if s else now for s in states]
        return min((at if _waits_until(at, now) else now for at in times), default=now)

    def poll(self, feed: Feed) -> Polled:
        """Poll one feed now, due or not; what goes wrong stands in the answer and in its state.

        Raises:
            StorageError: the database failed.
        """
        before = self._store.feeds.get(feed.url)
        try:
            return self._polled(feed, before)
        except StorageError:
            raise
        except SummarizerError as error:
            return self._failed(feed, before, error)
        except Exception as error:  # a feed that trips a parser must not stop the others
            log.exception("feed %s failed", feed.url)
            return self._failed(feed, before, error)

    def _polled(self, feed: Feed, before: FeedState | None) -> Polled:
        wanted = Wanted(
            url=feed.url,
            purpose=Purpose.FEED,
            etag=before.etag if before else None,
            last_modified=before.last_modified if before else None,
        )
        fetched = self._fetcher.fetch(wanted)
        if fetched.not_modified and before:
            state = self._state(feed, before.etag, before.last_modified)
            return Polled(url=feed.url, news=False, next_at=state.next_at)
        found, whole = self._taken(feed, self._rows(feed, fetched))
        state = self._state(feed, *((fetched.etag, fetched.last_modified) if whole else ()))
        return found.model_copy(update={"next_at": state.next_at})

    def _rows(self, feed: Feed, fetched: Fetched) -> list[dict[str, object]]:
        if feed.mapping is not None:
            rows = mapped(fetched.body, feed.mapping)
        else:
            rows = self._parse_feed(fetched.body)
        given = {"outlet": feed.outlet, "platform": feed.platform}
        said = {name: value for name, value in given.items() if value}
        return [row | said | _absolute(row.get("url"), fetched.url) for row in rows]

    def _taken(self, feed: Feed, rows: Sequence[dict[str, object]]) -> tuple[Polled, bool]:
        """What became of the entries, and whether all were dealt with."""
        entries = _Entries()
        wanted = self._with_articles(feed, rows, entries) if feed.full_text else rows
        done = report(self._pipeline.ingest_rows(wanted))
        polled = Polled(
            url=feed.url,
            next_at=self._clock.now(),
            accepted=len(done.accepted),
            duplicates=len(done.duplicates) + entries.known,
            rejected=len(done.rejected),
            articles=entries.articles,
        )
        return polled, entries.whole

    def _with_articles(
        self, feed: Feed, rows: Sequence[dict[str, object]], entries: _Entries
    ) -> Iterator[dict[str, object]]:
        """New entries, each with the page behind it, up to the most that one poll fetches."""
        met: set[str] = set()
        for row in rows:
            url = row.get("url")
            page = _page_of(url)
            if not isinstance(url, str) or page is None:
                yield row  # without a page; or let the ingest say what is wrong with its URL
            elif page in met or self._store.items_by_url(page):
                entries.known += 1
            elif entries.articles >= MOST_ARTICLES or not self._held(feed):
                entries.whole = False  # also where the lease ran out and another polls it now
            else:
                met.add(page)
                entries.articles += 1
                yield self._article(url, row) or row

    def _article(self, url: str, row: dict[str, object]) -> dict[str, object] | None:
        """The page behind an entry; ``None`` when the feed's own words must do."""
        known = {name: value for name, value in row.items() if name not in ("text", "url")}
        try:
            # By the feed's address it is known again, whatever the page redirects to.
            return self._collector.article(url, known) | {"url": url}
        except (FetchError, InputError):
            return None  # the record of the fetch says why

    def _state(
        self, feed: Feed, etag: str | None = None, last_modified: str | None = None
    ) -> FeedState:
        now = self._clock.now()
        state = FeedState(
            url=feed.url,
            etag=etag,
            last_modified=last_modified,
            polled_at=now,
            next_at=now + dt.timedelta(minutes=feed.every_minutes),
        )
        self._store.feeds.put(state)
        return state

    def _failed(self, feed: Feed, before: FeedState | None, error: Exception) -> Polled:
        failures = (before.failures if before else 0) + 1
        pause = dt.timedelta(minutes=feed.every_minutes) * 2 ** min(failures, 16)
        if isinstance(error, UnreachableError) and error.retry_after is not None:
            pause = max(pause, dt.timedelta(seconds=min(error.retry_after, 86_400)))
        now, words = self._clock.now(), str(error) or type(error).__name__
        state = FeedState(
            url=feed.url,
            etag=before.etag if before else None,
            last_modified=before.last_modified if before else None,
            polled_at=now,
            next_at=now + min(pause, LONGEST_PAUSE),
            failures=failures,
            error=words,
        )
        self._store.feeds.put(state)
        return Polled(url=feed.url, news=False, error=words, next_at=state.next_at)


@dataclass
class _Entries:
    """What a poll did with entries before they are ingested."""

    known: int = 0
    articles: int = 0
    whole: bool = True


def _page_of(url: object) -> str | None:
    """The normalised URL of an entry, ``None`` when it has none."""
    try:
        return normalised_url(url) if isinstance(url, str) else None
    except ValueError:
        return None


def _absolute(url: object, base: str) -> dict[str, object]:
    """The address of an entry; feeds may write it as it looks from theirs."""
    if not isinstance(url, str):
        return {}
    try:
        return {"url": urljoin(base, url)}
    except ValueError:  # let the ingest say what is wrong with it
        return {}


def _waits_until(at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a feed waits until then; none does for longer than a day, unless the clock was set
    back meanwhile."""
    return now < at <= now + LONGEST_PAUSE


def poll_for_ever(
    poller: Poller, feeds: Sequence[Feed], clock: Clock, wait: Callable[[float], bool]
) -> Iterator[Polled]:
    """Poll feeds as they become due until ``wait`` answers that it is time to stop.

    Args:
        poller: polls.
        feeds: of the file.
        clock: the time.
        wait: waits that many seconds, 1 at least; ``True`` to stop.
    """
    while True:
        yield from poller.poll_due(feeds)
        left = (poller.next_at(feeds) - clock.now()).total_seconds()
        if wait(max(left, 1.0)):
            return


@contextmanager
def in_background(poller: Poller, feeds: Sequence[Feed], clock: Clock) -> Iterator[None]:
    """Poll feeds in a thread of its own while the block runs; without feeds, do nothing.

    A stop waits for the fetch that is under way.
    """
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                for polled in poll_for_ever(poller, feeds, clock, stop.wait):
                    if polled.error:
                        log.warning("%s: %s", polled.url, polled.error)
                    if stop.is_set():
                        return
            except SummarizerError as error:  # the database or the index: it may come back
                log.error("feeds: %s", error)
                stop.wait(AFTER_A_FAILURE_S)

    thread = threading.Thread(target=run, name="feeds")
    if feeds:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if feeds:
            thread.join()
