"""HTTP transport that connects only to addresses checked by an ``AddressGuard``.

A host is resolved once, and the connection uses the checked address; the ``Host`` header, SNI and
certificate check use the URL's host.  Proxies of the environment are not used, since their
connections cannot be checked.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

import httpcore2
import httpx2

from summarizer.adapters.web.address_guard import AddressGuard

_ERRORS: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (httpcore2.TimeoutException, httpx2.TimeoutException),
    (httpcore2.NetworkError, httpx2.NetworkError),
    (httpcore2.ProtocolError, httpx2.ProtocolError),
)


class GuardedTransport(httpx2.BaseTransport):
    """Transport for one exchange, redirects included, with one time limit.

    Checks every connection, also after redirects.  Raises ``AddressRefusedError`` for a forbidden
    address, and else the errors of httpx2's transports.
    """

    def __init__(
        self, guard: AddressGuard, total_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare an exchange; nothing is sent yet.

        Args:
            guard: checks addresses.
            total_s: seconds from now until the deadline, > 0.
            monotonic: monotonic clock, in seconds.
        """
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_tls(), network_backend=_Backend(guard, monotonic() + total_s, monotonic)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body of the response is streamed."""
        with _translated():
            response = self._pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=cast(Iterable[bytes], request.stream),
                    extensions=request.extensions,
                )
            )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(cast(Iterable[bytes], response.stream), response.close),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes], close: Callable[[], None]) -> None:
        self._chunks = chunks
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._chunks

    def close(self) -> None:
        self._close()


class _Backend(httpcore2.NetworkBackend):
    """Connects to checked addresses; every wait ends at the deadline."""

    def __init__(
        self, guard: AddressGuard, deadline: float, monotonic: Callable[[], float]
    ) -> None:
        self._guard = guard
        self._deadline = deadline
        self._monotonic = monotonic
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._guard.addresses(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} cannot be found: {error}") from error
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self.remaining(timeout), local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                failure = error
            else:
                return _Stream(stream, self.remaining)
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def remaining(self, timeout: float | None) -> float:
        """Seconds left of a timeout and the deadline; raises ``ReadTimeout`` after it."""
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole exchange took too long")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore2.NetworkStream):
    def __init__(
        self, stream: httpcore2.NetworkStream, remaining: Callable[[float | None], float | None]
    ) -> None:
        self._stream = stream
        self._remaining = remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._remaining(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._remaining)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def timed(
    stream: httpcore2.NetworkStream, remaining: Callable[[float | None], float | None]
) -> httpcore2.NetworkStream:
    """A connection whose waits end at a deadline, however slowly data arrives.

    Args:
        stream: the connection.
        remaining: seconds left of a time limit and the deadline; raises after it.
    """
    return _Stream(stream, remaining)


@cache
def _tls() -> ssl.SSLContext:
    # Cached, since reading the certificates takes longer than many exchanges.
    return httpx2.create_ssl_context()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        for theirs, ours in _ERRORS:
            if isinstance(error, theirs):
                raise ours(str(error) or type(error).__name__) from error
        raise
