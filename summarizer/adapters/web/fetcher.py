"""Fetching from the web, within robots.txt, pauses and limits, and never from private networks.

The only place that retries fetches.  Every attempt is recorded, those for robots.txt too.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from summarizer.adapters.web import retry_after
from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.http_client import GuardedTransport
from summarizer.adapters.web.robots import Robots
from summarizer.domain.fetching import PAGES, Fetched, FetchOutcome, FetchRecord, Purpose, Wanted
from summarizer.domain.model import Model
from summarizer.errors import (
    AddressRefusedError,
    FetchError,
    SummarizerError,
    TooLargeError,
    UnreachableError,
    UnusablePageError,
    WrongTypeError,
)
from summarizer.ports.clock import Clock
from summarizer.storage.feeds import FetchLog

REDIRECTS = 5
"""Most redirects of one fetch; for robots.txt RFC 9309 requires as many."""

FIRST_WAIT_S = 1.0
"""Wait before the second attempt without ``Retry-After``; it doubles with each attempt."""

LONGEST_WAIT_S = 10.0
"""Longest wait between attempts; if the site asks for more, the fetch fails."""

ROBOTS_BYTES = 512 * 1024
"""Bytes read of a robots.txt; RFC 9309 requires at least 500 KiB."""

LATER = frozenset({408, 425, 429})
"""Client errors after which the same request may succeed, as after any server error."""

_DATA = {
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml"),
    *("text/xml", "application/json", "application/feed+json", "application/activity+json"),
    *("application/x-ndjson", "application/jsonl", "text/plain"),
}
TYPES = {
    Purpose.ARTICLE: PAGES,
    Purpose.ITEMS: PAGES | _DATA,
    Purpose.FEED: PAGES | _DATA,  # many feeds are served as HTML
}
"""Accepted content types; any for robots.txt."""

_ACCEPT = {
    Purpose.ARTICLE: "text/html, application/xhtml+xml;q=0.9",
    Purpose.ROBOTS: "text/plain, */*;q=0.1",
}
_ACCEPT_DATA = "application/rss+xml, application/atom+xml, application/json, text/xml;q=0.9"


class FetchLimits(Model):
    """Limits of a fetch.

    Args:
        user_agent: the ``User-Agent`` header.
        total_s: seconds for one attempt with its redirects, without robots.txt and pauses.
        max_bytes: of a body, before and after decompression.
        pause_s: least seconds between two requests to one host; robots.txt may ask for more.
    """

    user_agent: str
    total_s: float = 20
    max_bytes: int = 5_000_000
    pause_s: float = 1


@dataclass
class _Trace:
    """State of an attempt, for its record."""

    url: str
    status: int | None = None
    size: int = 0


class WebFetcher:
    """``Fetcher`` over HTTP; thread-safe."""

    def __init__(
        self,
        guard: AddressGuard,
        limits: FetchLimits,
        log: FetchLog,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare a fetcher; nothing is sent yet.

        Args:
            guard: checks addresses.
            limits: of each fetch.
            log: stores a record of every attempt.
            clock: the time, for records, pauses and dates in ``Retry-After``.
            sleep: waits that many seconds.
        """
        self._guard = guard
        self._limits = limits
        self._log = log
        self._clock = clock
        self._sleep = sleep
        self._robots = Robots(limits.user_agent, self.fetch, clock)
        self._next: dict[str, tuple[datetime, datetime]] = {}  # host: last request, next allowed

    def check(self, url: str) -> None:
        """Raise ``AddressRefusedError`` for a forbidden URL, as far as known without a request."""
        self._guard.check_url(url)

    def fetch(self, wanted: Wanted) -> Fetched:
        """Fetch a URL, with retries.

        Raises:
            AddressRefusedError: the URL leads or redirects to a forbidden address.
            UnusablePageError: robots.txt forbids it, or the size or type is not accepted.
            UnreachableError: the site did not answer in time, failed, or asks to come back later.
            FetchError: the site answered with an error.
        """
        retrying = Retrying(
            stop=stop_after_attempt(wanted.tries),
            wait=_wait,
            retry=retry_if_exception(_is_worth_another),
            sleep=self._sleep,
            reraise=True,
        )
        fetched: Fetched = retrying(self._attempt, wanted)
        return fetched

    def _attempt(self, wanted: Wanted) -> Fetched:
        """Fetch once, and record the attempt even if it fails."""
        began, trace = self._clock.now(), _Trace(wanted.url)
        outcome, error = FetchOutcome.FAILED, "It was interrupted."
        try:
            fetched = self._exchange(wanted, trace)
            outcome = FetchOutcome.NOT_MODIFIED if fetched.not_modified else FetchOutcome.FETCHED
            error = ""
            return fetched
        except (AddressRefusedError, UnusablePageError) as refusal:
            outcome, error = FetchOutcome.REFUSED, str(refusal)
            raise
        except SummarizerError as failure:
            error = str(failure)
            raise
        finally:
            took = (self._clock.now() - began).total_seconds()
            self._log.add(
                FetchRecord(
                    at=began,
                    url=wanted.url,
                    final_url=trace.url,
                    purpose=wanted.purpose,
                    outcome=outcome,
                    status=trace.status,
                    size=trace.size,
                    ms=max(0, round(took * 1_000)),
                    error=error or None,
                )
            )

    def _exchange(self, wanted: Wanted, trace: _Trace) -> Fetched:
        """Follow redirects to the end; pauses do not count towards the time limit."""
        left = self._limits.total_s
        for _ in range(REDIRECTS + 1):
            self._check(wanted.purpose, trace.url)
            began = time.monotonic()
            found = self._hop(wanted, trace, left)
            if isinstance(found, Fetched):
                return found
            trace.url = found
            left -= time.monotonic() - began
        raise FetchError(f"{_host(wanted.url)} redirects more than {REDIRECTS} times.")

    def _hop(self, wanted: Wanted, trace: _Trace, total_s: float) -> Fetched | str:
        """Answer of one URL: a body, or the URL of a redirect."""
        transport = GuardedTransport(self._guard, total_s)
        try:
            with (
                httpx2.Client(transport=transport, trust_env=False, timeout=None) as client,
                client.stream("GET", trace.url, headers=self._headers(wanted)) as response,
            ):
                trace.status = response.status_code
                target = response.headers.get("location") if response.is_redirect else None
                if target is None:
                    return self._answer(response, wanted, trace)
                return _joined(trace.url, target)
        except httpx2.TimeoutException as error:
            raise UnreachableError(f"{_host(trace.url)} did not answer in time.") from error
        except httpx2.TransportError as error:
            raise UnreachableError(f"{_host(trace.url)}: {error}.") from error
        except httpx2.InvalidURL as error:
            raise AddressRefusedError(f"{trace.url!r} is not a URL: {error}.") from error

    def _check(self, purpose: Purpose, url: str) -> None:
        self._guard.check_url(url)
        if purpose is not Purpose.ROBOTS:
            self._robots.check(url)
            self._pause(url)

    def _pause(self, url: str) -> None:
        """Wait until the next request to the host is allowed."""
        host, now = _host(url), self._clock.now()
        asked, after = self._next.get(host, (now, now))
        at = max(now, after) if asked <= now else now  # else the clock was set back
        pause = max(self._limits.pause_s, self._robots.delay(url))
        self._next[host] = now, at + timedelta(seconds=pause)
        if at > now:
            self._sleep((at - now).total_seconds())

    def _headers(self, wanted: Wanted) -> dict[str, str]:
        conditions = {"If-None-Match": wanted.etag, "If-Modified-Since": wanted.last_modified}
        return {
            "User-Agent": self._limits.user_agent,
            "Accept": _ACCEPT.get(wanted.purpose, _ACCEPT_DATA),
            # A single encoding, decoded here with a limit: nested ones multiply a zip bomb.
            "Accept-Encoding": "gzip",
        } | {name: value for name, value in conditions.items() if value}

    def _answer(self, response: httpx2.Response, wanted: Wanted, trace: _Trace) -> Fetched:
        status, conditional = response.status_code, wanted.etag or wanted.last_modified
        if status == 304 and conditional:
            return _fetched(response, trace.url, b"", not_modified=True)
        if status != 200:
            raise self._failure(response, trace.url)
        types = TYPES.get(wanted.purpose)
        if types is not None and (found := _media(response).get_content_type()) not in types:
            raise WrongTypeError(
                f"{trace.url} is {found}: only pages and feeds are read. Submit its text."
            )
        body = self._body(response, wanted, trace)
        return _fetched(response, trace.url, body)

    def _failure(self, response: httpx2.Response, url: str) -> FetchError:
        status = response.status_code
        message = f"{url} answered {status} {response.reason_phrase}".rstrip() + "."
        if status < 500 and status not in LATER:
            return FetchError(message, status)
        asked = response.headers.get("retry-after")
        wait = None if asked is None else retry_after.seconds(asked, self._clock.now())
        if wait:
            message += f" It asks to retry in {wait:.0f} s."
        return UnreachableError(message, status, wait)

    def _body(self, response: httpx2.Response, wanted: Wanted, trace: _Trace) -> bytes:
        robots = wanted.purpose is Purpose.ROBOTS
        most = ROBOTS_BYTES if robots else self._limits.max_bytes
        body = bytearray()
        for piece in _decoded(response, most, trace):
            body += piece
            if len(body) > most:
                if robots:  # the rules up to here apply
                    break
                raise TooLargeError(
                    f"{trace.url} has more than {most:,} bytes, the most that is read."
                )
        return bytes(body[:most])


def _decoded(response: httpx2.Response, most: int, trace: _Trace) -> Iterator[bytes]:
    """The decoded body in pieces of at most ``most`` + 1 bytes."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise WrongTypeError(f"{trace.url} is encoded as {encoding}, which is not accepted.")
    inflate = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    for piece in response.iter_raw():
        trace.size += len(piece)
        if inflate is None:
            yield piece
            continue
        if trace.size > most:  # zlib buffers bytes after the end of the data without a limit
            raise TooLargeError(f"{trace.url} has more than {most:,} bytes.")
        try:
            yield inflate.decompress(piece, most + 1)
        except zlib.error as error:
            raise FetchError(f"{trace.url} sent broken gzip data: {error}.") from error
    if inflate is not None and not inflate.eof:
        raise UnreachableError(f"{trace.url} broke off.")


def _fetched(
    response: httpx2.Response, url: str, body: bytes, *, not_modified: bool = False
) -> Fetched:
    media = _media(response)
    return Fetched(
        url=url,
        not_modified=not_modified,
        media_type=media.get_content_type(),
        charset=media.get_content_charset(),
        body=body,
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
    )


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FetchError(f"{url} redirects to {target!r}, which is not a URL.") from error


def _media(response: httpx2.Response) -> Message:
    parsed = Message()
    parsed["Content-Type"] = response.headers.get("content-type", "application/octet-stream")
    return parsed


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _is_worth_another(error: BaseException) -> bool:
    return isinstance(error, UnreachableError) and (error.retry_after or 0) <= LONGEST_WAIT_S


def _wait(state: RetryCallState) -> float:
    """Seconds before the next attempt: ``Retry-After`` or else doubling, capped."""
    error: Any = state.outcome.exception() if state.outcome else None
    asked: float | None = getattr(error, "retry_after", None)
    wait = FIRST_WAIT_S * 2 ** (state.attempt_number - 1) if asked is None else asked
    return min(wait, LONGEST_WAIT_S)
