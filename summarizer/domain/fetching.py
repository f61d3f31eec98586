"""Requests to the web, their results, and the records of attempts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from summarizer.domain.model import Model


class Purpose(StrEnum):
    """Purpose of a fetch; it decides which content types are accepted."""

    ARTICLE = "article"  # a page named by an editor or a feed
    ITEMS = "items"  # a page, a feed or rows
    FEED = "feed"  # a polled RSS, Atom or JSON feed
    ROBOTS = "robots"  # a site's robots.txt


class FetchOutcome(StrEnum):
    """Outcome of a fetch."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    REFUSED = "refused"  # by our rules or the site's: another attempt changes nothing
    FAILED = "failed"  # no answer, or an error of the site


class Wanted(Model):
    """A request to fetch a URL.

    Args:
        url: http or https.
        etag: ``ETag`` of the version already fetched; with it or ``last_modified`` the site may
            answer "not modified".
        last_modified: ``Last-Modified`` of that version, as the site wrote it.
        tries: number of attempts, including the first, >= 1.
    """

    url: str
    purpose: Purpose
    etag: str | None = None
    last_modified: str | None = None
    tries: int = 1


class Fetched(Model):
    """Response to a fetch.

    Args:
        url: final URL, after redirects.
        not_modified: whether the site has nothing new; ``body`` is then empty.
        media_type: content type in lower case, without parameters; empty when not given.
        charset: character set as the site declared it.
        body: decompressed body.
    """

    url: str
    not_modified: bool = False
    media_type: str = ""
    charset: str | None = None
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.media_type in PAGES


PAGES = frozenset({"text/html", "application/xhtml+xml"})
"""Content types of articles."""


class FetchRecord(Model):
    """One attempt to fetch a URL.

    Args:
        number: from 1, ascending.
        at: aware UTC time at which it began.
        final_url: the last URL requested, after redirects.
        status: HTTP status of the last response, ``None`` without one.
        size: bytes of the body before decompression.
        ms: duration in milliseconds.
        error: description of the failure; ``None`` on success.
    """

    number: int = 0
    at: dt.datetime
    url: str
    final_url: str
    purpose: Purpose
    outcome: FetchOutcome
    status: int | None = None
    size: int = 0
    ms: int = 0
    error: str | None = None


class Article(Model):
    """Text and metadata of an article, extracted from its page.

    Args:
        published_at: time of publication, only when the page states it.
        guessed: values inferred from the page's layout, by field.  A guessed title or outlet is
            also in its own field, since an item needs a name; a guessed author or time is only
            here.
    """

    title: str
    text: str
    author: str | None = None
    outlet: str | None = None
    published_at: str | None = None
    guessed: Mapping[str, str] = Field(default_factory=dict)


class FeedState(Model):
    """Polling state of one feed.

    Args:
        url: URL of the feed.
        etag: ``ETag`` of the last version that was ingested completely.
        polled_at: time of the last poll.
        next_at: earliest time of the next poll.
        failures: consecutive failed polls.
        error: why the last poll failed, ``None`` if it succeeded.
        holder: random name of the poller at work; ``None`` without one.
        lease_until: time from which another poller may take over.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    polled_at: dt.datetime
    next_at: dt.datetime
    failures: int = 0
    error: str | None = None
    holder: str | None = None
    lease_until: dt.datetime | None = None
