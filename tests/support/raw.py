"""A server on loopback that says exactly the bytes that a test writes down."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"

DRIP_S = 0.01
"""Seconds between two bytes of ``drip``."""


@dataclass
class Raw:
    """A running server.

    Args:
        requests: the first line of each request.
        closing: set when the server ends.
    """

    port: int
    requests: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Said = Callable[[Raw], Iterator[bytes]]


def drip(start: bytes) -> Said:
    """That start, then a byte now and then for ever."""

    def said(raw: Raw) -> Iterator[bytes]:
        yield start
        while not raw.closing.wait(DRIP_S):
            yield b"x"

    return said


def flood(start: bytes) -> Said:
    """That start, then bytes without a pause for ever."""

    def said(raw: Raw) -> Iterator[bytes]:
        yield start
        while not raw.closing.is_set():
            yield b"x" * 65_536

    return said


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    raw: Raw
    said: Said


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        first, length = self.rfile.readline().decode(), 0
        while (header := self.rfile.readline()).strip():
            name, _, value = header.decode().partition(":")
            length = int(value) if name.lower() == "content-length" else length
        self.rfile.read(length)
        self.server.raw.requests.append(first.strip())
        with contextlib.suppress(OSError):  # who asked may hang up
            for piece in self.server.said(self.server.raw):
                self.wfile.write(piece)


@contextmanager
def a_raw_server(said: Said) -> Iterator[Raw]:
    """A server on a free port, gone when the block is left."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.raw, server.said = Raw(server.server_address[1]), said
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.raw
        finally:
            server.raw.closing.set()
            server.shutdown()
            thread.join()
