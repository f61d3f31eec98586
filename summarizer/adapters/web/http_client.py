"""HTTP to addresses that a guard has checked, and to no others.

A transport for one exchange: the name is looked up once, and the connection is made to the very
address that was checked, while ``Host``, the name in TLS and the certificate stay those of the
URL.  Proxies of the environment are not used: what they connect to cannot be checked.
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
    """Sends requests of one exchange, redirects included, within one limit of time.

    Raises ``AddressRefusedError`` where the guard does, and otherwise what any transport of httpx2
    raises.  Follow redirects by hand and check each URL, or let the client do it: every connection
    is checked here in any case.
    """

    def __init__(
        self, guard: AddressGuard, total_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare an exchange; nothing is sent yet.

        Args:
            guard: decides where connections may go.
            total_s: seconds from now until everything must be over, > 0.
            monotonic: a clock in seconds that never goes back.
        """
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_tls(), network_backend=_Backend(guard, monotonic() + total_s, monotonic)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body is read as it is asked for."""
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
        """Close its connections."""
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
    """Connects to checked addresses; whatever it waits for ends at the deadline."""

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
        """Seconds until this wait, or all of it, must be over."""
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("it took longer than is allowed in all")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline, however small the pieces that come."""

    def __init__(
        self, stream: httpcore2.NetworkStream, remaining: Callable[[float | None], float]
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


@cache
def _tls() -> ssl.SSLContext:
    # One a process: reading the certificates takes longer than many an exchange.
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
