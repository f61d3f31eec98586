"""Polling of feeds: fetches due feeds and ingests their new entries.

The state of a feed is written after its entries, so that a killed poll is repeated and stored
entries count as duplicates.  A failing feed does not stop the others.  Several processes may poll
the same feeds; each holds a feed by a lease.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
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
from summarizer.ports.queue import Task
from summarizer.ports.web import Fetcher
from summarizer.storage.store import Store

LONGEST_PAUSE = dt.timedelta(days=1)
"""Longest wait between polls of a failing feed; it doubles with each failure."""

NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""When a feed is polled that is gone for good."""

MOST_ARTICLES = 20
"""Most articles fetched in one poll of a feed; the next poll fetches more."""

LEASE = dt.timedelta(minutes=5)
"""Duration of a lease, longer than any single fetch; renewed before each article."""

LOOK_S = 5
"""Seconds between two looks for due feeds."""

log = logging.getLogger("summarizer.feeds")


class Feed(Model):
    """One feed of the feeds file.

    Args:
        url: of RSS, Atom or, with a mapping, JSON.
        outlet: overrides the feed's own title.
        platform: overrides ``news`` or the platform of the mapping.
        every_minutes: minutes between two polls.
        mapping: of JSON, read from the named file.
        full_text: whether to fetch the article of each entry.
    """

    url: str = Field(pattern=r"^https?://")
    outlet: str | None = None
    platform: str | None = None
    every_minutes: float = Field(default=15, ge=1, le=1_440)
    mapping: JsonMapping | None = None
    full_text: bool = False


class Polled(Model):
    """Result of one poll of a feed.

    Args:
        url: of the feed.
        news: whether the feed had changed.
        accepted: number of ingested entries.
        duplicates: number of entries that were stored before.
        rejected: number of invalid entries.
        articles: number of fetched pages of entries.
        error: reason of a failure; ``None`` without one.
        next_at: time of the next poll.
    """

    url: str
    news: bool = True
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    articles: int = 0
    error: str | None = None
    next_at: dt.datetime


def load_feeds(path: Path, check: Callable[[str], None]) -> tuple[Feed, ...]:
    """Read a feeds file: TOML with one ``[[feed]]`` each; mapping files are relative to it.

    Args:
        path: of the file.
        check: raises ``AddressRefusedError`` for a URL that may not be fetched.

    Raises:
        InputError: the file cannot be read, or a feed is wrong, forbidden or listed twice.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("feed")
        if not isinstance(rows, list) or not rows:
            raise ValueError("it has no [[feed]]")
        feeds = tuple(_feed(row, path.parent) for row in rows)
    except (OSError, ValueError) as error:
        raise InputError(f"The file of feeds {path} cannot be used: {faults(error)}.") from error
    urls = [feed.url for feed in feeds]
    for url in urls:
        check(url)
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
        """Poll every due feed, and settle the pipeline if entries were accepted.

        Feeds that another process polls are skipped.

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
        """Poll a feed under a lease; ``None`` if another process polls it or has just done so."""
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
        """Time of the next due poll.

        A feed that was never polled is due now; a feed of another process, when its lease ends.
        """
        states = [self._store.feeds.get(feed.url) for feed in feeds]
        now = self._clock.now()
        times = [max(s.next_at, s.lease_until or s.next_at) if s else now for s in states]
        return min((at if _waits_until(at, now) else now for at in times), default=now)

    def poll(self, feed: Feed) -> Polled:
        """Poll one feed now, due or not; an error is stored in the result and the feed's state.

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
        except Exception as error:  # a feed that breaks a parser must not stop the others
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
        configured = {name: value for name, value in given.items() if value}
        return [row | configured | _absolute(row.get("url"), fetched.url) for row in rows]

    def _taken(self, feed: Feed, rows: Sequence[dict[str, object]]) -> tuple[Polled, bool]:
        """Ingest entries; returns the result, and whether no entry is left for the next poll."""
        entries = _Entries()
        wanted = self._with_articles(feed, rows, entries) if feed.full_text else rows
        done = report(self._pipeline.ingest_rows(wanted))
        for key, note in ((row.key, note) for row in done.accepted for note in row.notes):
            log.warning("%s: item %s: %s", feed.url, key, note)
        polled = Polled(
            url=feed.url,
            next_at=self._clock.now(),
            accepted=len(done.accepted),
            duplicates=len(done.duplicates) + entries.known,
            rejected=len(done.rejected),
            articles=entries.articles,
        )
        return polled, entries.whole

    def _is_known(self, page: str) -> bool:
        """Whether an article is stored, or was deleted and is not wanted."""
        refused = self._store.deletions.refuses_address(page)
        return refused or bool(self._store.items_by_urls([page]))

    def _with_articles(
        self, feed: Feed, rows: Sequence[dict[str, object]], entries: _Entries
    ) -> Iterator[dict[str, object]]:
        """New entries with the text of their pages, at most ``MOST_ARTICLES`` of them."""
        met: set[str] = set()
        for row in rows:
            url = row.get("url")
            page = _page_of(url)
            if not isinstance(url, str) or page is None:
                yield row  # no page to fetch; ingest rejects an invalid URL with its reason
            elif page in met or self._is_known(page):
                entries.known += 1
            elif entries.articles >= MOST_ARTICLES or not self._held(feed):
                entries.whole = False  # also if the lease expired and another process polls it
            else:
                met.add(page)
                entries.articles += 1
                yield self._article(url, row) or row

    def _article(self, url: str, row: dict[str, object]) -> dict[str, object] | None:
        """The article of an entry's page; ``None`` if only the feed's own text can be used."""
        known = {name: value for name, value in row.items() if name not in ("text", "url")}
        try:
            # The feed's own address recognises the entry in later polls, despite redirects.
            return self._collector.article(url, known) | {"url": url}
        except (FetchError, InputError):
            return None  # the log of fetches has the reason

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
        words = str(error) or type(error).__name__
        pause = dt.timedelta(minutes=feed.every_minutes) * 2 ** min(failures, 16)
        if isinstance(error, UnreachableError) and error.retry_after is not None:
            pause = max(pause, dt.timedelta(seconds=min(error.retry_after, 86_400)))
        now = self._clock.now()
        next_at = now + min(pause, LONGEST_PAUSE)
        if isinstance(error, FetchError) and error.status == HTTPStatus.GONE:
            next_at = NEVER
            words += " It is gone for good and is not asked again: take it out of the file."
        state = FeedState(
            url=feed.url,
            etag=before.etag if before else None,
            last_modified=before.last_modified if before else None,
            polled_at=now,
            next_at=next_at,
            failures=failures,
            error=words,
        )
        self._store.feeds.put(state)
        return Polled(url=feed.url, news=False, error=words, next_at=state.next_at)


@dataclass
class _Entries:
    """Counts of a poll before ingestion.

    Args:
        known: entries whose page is stored or was met twice.
        articles: fetched pages.
        whole: whether no entry is left for the next poll.
    """

    known: int = 0
    articles: int = 0
    whole: bool = True


def _page_of(url: object) -> str | None:
    """The normalised URL of an entry; ``None`` without a valid one."""
    try:
        return normalised_url(url) if isinstance(url, str) else None
    except ValueError:
        return None


def _absolute(url: object, base: str) -> dict[str, object]:
    """The absolute URL of an entry, as a field; feeds may give relative ones."""
    if not isinstance(url, str):
        return {}
    try:
        return {"url": urljoin(base, url)}
    except ValueError:  # ingest rejects it with its reason
        return {}


def _waits_until(at: dt.datetime, now: dt.datetime) -> bool:
    """Whether ``at`` is in the future; a wait beyond ``LONGEST_PAUSE`` predates a clock that was
    set back, and is over."""
    return now < at <= now + LONGEST_PAUSE or at == NEVER


def poll_for_ever(
    poller: Poller, feeds: Sequence[Feed], clock: Clock, wait: Callable[[float], bool]
) -> Iterator[Polled]:
    """Poll feeds as they become due, until ``wait`` returns ``True``.

    Args:
        poller: polls the feeds.
        feeds: the feeds.
        clock: the time.
        wait: waits that many seconds (1 or more); returns whether to stop.
    """
    while True:
        yield from poller.poll_due(feeds)
        left = (poller.next_at(feeds) - clock.now()).total_seconds()
        if wait(min(max(left, 1.0), LONGEST_PAUSE.total_seconds())):
            return


def polling(poller: Poller, feeds: Sequence[Feed], stopping: Callable[[], bool]) -> Task:
    """The periodic task that polls feeds as they become due.

    Of the processes with the same feeds one polls at a time; others have a task of their own.
    """
    told = "".join(feed.model_dump_json() for feed in feeds)
    named = hashlib.sha256(told.encode()).hexdigest()[:12]

    def run(_: Mapping[str, str]) -> None:
        for polled in poller.poll_due(feeds):
            if polled.error:
                log.warning("%s: %s", polled.url, polled.error)
            if stopping():
                return

    return Task(f"feeds {named}", run, every=LOOK_S)
