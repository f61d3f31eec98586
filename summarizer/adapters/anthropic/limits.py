"""Limits of an exchange with the model's server: total time, bytes of the answer, one host."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpcore2
import httpx2

from summarizer.adapters.web.http_client import timed

LARGEST_ANSWER = 8 * 1024 * 1024
"""Most bytes of an answer: 64,000 tokens, each of them an escape, many times over."""


class AnswerTooLargeError(httpx2.RequestError):
    """The answer has more bytes than are read, or is compressed although that was not accepted."""


class ForeignHostError(httpx2.RequestError):
    """The server names an address elsewhere, where the key must not go."""


@dataclass(frozen=True)
class Exchange:
    """Limits of one exchange.

    Args:
        ends_at: monotonic time in seconds.
        most: bytes of the answer.
    """

    ends_at: float
    most: int = LARGEST_ANSWER

    @classmethod
    def of(cls, seconds: float, most: int = LARGEST_ANSWER) -> Exchange:
        """An exchange that begins now."""
        return cls(time.monotonic() + seconds, most)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Limit the requests that this thread makes in the block."""
        token = _running.set(self)
        try:
            yield
        finally:
            _running.reset(token)


_running: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def limit(client: httpx2.Client, url: str) -> httpx2.Client:
    """Hold a client to the running exchange, and to the host of that URL."""
    home = _origin(httpx2.URL(url))

    def check(request: httpx2.Request) -> None:
        if _origin(request.url) != home:
            raise ForeignHostError(f"the server leads to {request.url.host}: nothing is sent there")

    client.event_hooks = {"request": [check], "response": [_bound]}
    # httpx2 has no total time limit and takes no network backend, so it is set in its pools, those
    # for proxies too.
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx2.HTTPTransport):
            transport._pool._network_backend = _TimedBackend()
    return client


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _bound(response: httpx2.Response) -> None:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):  # a few bytes could become any number
        raise AnswerTooLargeError(f"the answer is encoded as {encoding!r}, which was not accepted")
    exchange, stream = _running.get(), response.stream
    if exchange is not None and isinstance(stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(stream, exchange.most)


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, most: int) -> None:
        self._stream = stream
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > self._most:
                raise AnswerTooLargeError(f"the answer has more than {self._most:,} bytes")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class _TimedBackend(httpcore2.NetworkBackend):
    """Connections whose waits end with the running exchange, however slowly data arrives."""

    def __init__(self) -> None:
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._plain.connect_tcp(
            host, port, _remaining(timeout), local_address, socket_options
        )
        return timed(stream, _remaining)


def _remaining(timeout: float | None) -> float | None:
    exchange = _running.get()
    if exchange is None:
        return timeout
    left = exchange.ends_at - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the whole answer took too long")
    return left if timeout is None else min(timeout, left)
