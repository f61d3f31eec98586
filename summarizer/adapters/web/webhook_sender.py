"""``Sender`` of webhooks over guarded HTTP."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2

from summarizer import __version__
from summarizer.adapters.web import retry_after
from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.http_client import GuardedTransport
from summarizer.domain.webhooks import Answer
from summarizer.errors import AddressRefusedError
from summarizer.ports.clock import Clock
from summarizer.text.normalize import clean

TOTAL_S = 15.0
"""Seconds for one try; Standard Webhooks recommends 15 to 30."""

KEPT = 500
"""Characters of an answer that are stored."""

READ = 4 * KEPT
"""Bytes of an answer that are read: a character has at most four."""


class HttpSender:
    """``Sender`` with one request for each try, without redirects and proxies."""

    def __init__(self, guard: AddressGuard, clock: Clock, total_s: float = TOTAL_S) -> None:
        """Prepare a sender.

        Args:
            guard: checks addresses.
            clock: the time, for dates in ``Retry-After``.
            total_s: seconds for one try, > 0.
        """
        self._guard = guard
        self._clock = clock
        self._total_s = total_s

    def check(self, url: str) -> None:
        """Raise ``AddressRefusedError`` for a forbidden URL, as far as known without a request."""
        self._guard.check_url(url)
        try:
            httpx2.Request("POST", url)
        except (httpx2.InvalidURL, ValueError) as error:
            raise AddressRefusedError(f"That is not a URL: {error}.") from error

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post once; a failure is an ``Answer`` without a status."""
        ours = {"user-agent": f"incident-summarizer/{__version__}", "accept-encoding": "identity"}
        transport = GuardedTransport(self._guard, self._total_s)
        try:
            with (
                httpx2.Client(
                    transport=transport, timeout=self._total_s, trust_env=False
                ) as client,
                client.stream("POST", url, content=body, headers=ours | dict(headers)) as response,
            ):
                said = response.headers.get("retry-after")
                return Answer(
                    status=response.status_code,
                    text=_start(response),
                    retry_after_s=said and retry_after.seconds(said, self._clock.now()),
                )
        except AddressRefusedError as error:
            return Answer(status=None, text=str(error)[:KEPT])
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            return Answer(status=None, text=f"No answer: {error or type(error).__name__}"[:KEPT])


def _start(response: httpx2.Response) -> str:
    """The first characters of a body, complete or not."""
    read = b""
    try:
        for chunk in response.iter_raw():
            read += chunk
            if len(read) >= READ:
                break
    except httpx2.HTTPError:
        pass  # only the status counts, and it was received
    return clean(read[:READ].decode(errors="replace"))[:KEPT]
