"""What is fetched from the web, and what is kept about each attempt: words and ports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from summarizer.domain.model import Model


class Purpose(StrEnum):
    """What a URL is fetched for; it decides which types of content are taken."""

    ARTICLE = "article"  # a page that an editor or a feed names
    ITEMS = "items"  # a page, a feed or rows, whatever the URL leads to
    FEED = "feed"  # RSS, Atom or JSON that is polled
    ROBOTS = "robots"  # a site's rules for programs


class FetchOutcome(StrEnum):
    """How a fetch ended."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    REFUSED = "refused"  # by our rules or the site's: asking again changes nothing
    FAILED = "failed"  # the site did not give it


class Wanted(Model):
    """What to fetch.

    Args:
        url: http or https.
        etag: of what we have already; with it or ``last_modified`` the answer may be "no news".
        last_modified: as the site wrote it.
        tries: attempts in all, the first included, >= 1.
    """

    url: str
    purpose: Purpose
    etag: str | None = None
    last_modified: str | None = None
    tries: int = 1


class Fetched(Model):
    """What came back.

    Args:
        url: where it came from in the end, redirects followed.
        not_modified: there is nothing new; ``body`` is empty.
        media_type: in lower case, without parameters; empty when the site gave none.
        charset: as the site declared it.
        body: decompressed.
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
"""Types of content that articles are."""


class FetchRecord(Model):
    """One attempt to fetch a URL.

    Args:
        number: 1 for the first of the store; grows with every record.
        at: aware UTC time at which it began.
        final_url: the last URL that was asked, redirects followed.
        status: that HTTP gave in the end, ``None`` when nothing answered.
        size: bytes of the body as it was sent, before decompression.
        ms: milliseconds that it took.
        error: what went wrong, in words; ``None`` when nothing did.
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
    """What a page says of itself.

    Args:
        published_at: only when the page states it.
        guessed: what was taken from the looks of the page, by field.  A guessed title or outlet is
            in its field, for an item needs a name; a guessed author or time is nowhere else.
    """

    title: str
    text: str
    author: str | None = None
    outlet: str | None = None
    published_at: str | None = None
    guessed: Mapping[str, str] = Field(default_factory=dict)


class FeedState(Model):
    """How far the polling of one feed has got.

    Args:
        url: of the feed.
        etag: of what was taken in last; ``None`` too when something of it is still to be done.
        polled_at: when it was asked last.
        next_at: not before then is it asked again.
        failures: polls in a row that failed.
        error: why the last one failed, ``None`` when it did not.
        holder: whose poll is under way, a random name; ``None`` while none is.
        lease_until: when others may poll it, if that poll has not ended.
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
