"""A web site on loopback whose answers a test writes down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass(frozen=True)
class Answer:
    """What a path answers with; a ``body`` that is a function writes to the connection itself."""

    body: bytes | str | Callable[[BaseHTTPRequestHandler], None] = b""
    status: int = 200
    type: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Answer | Callable[[BaseHTTPRequestHandler], Answer]


@dataclass
class Site:
    """A running site: paths that it does not know are 404, its robots.txt among them.

    Args:
        answers: by path.
        asked: every path that was asked for, in order.
        headers: those of each request, names in lower case.
    """

    port: int
    answers: dict[str, Answering] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Address and port, as the setting takes them."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """The whole URL of a path."""
        return f"http://{self.host}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = cast(_Server, self.server).site
        site.asked.append(self.path)
        site.headers.append({name.lower(): value for name, value in self.headers.items()})
        answer = site.answers.get(self.path, Answer("not here", 404))
        self._send(answer if isinstance(answer, Answer) else answer(self))

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        self.send_response(answer.status)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if callable(answer.body):
            self.end_headers()
            answer.body(self)
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # who asked may hang up in the middle
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Not a word: tests look at ``Site.asked``."""


@contextmanager
def a_site(**answers: Answering) -> Iterator[Site]:
    """A site on a free port of 127.0.0.1, gone when the block is left.

    Keywords are answers of paths of one word; set others in ``Site.answers``.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = Site(server.server_address[1], {f"/{n}": a for n, a in answers.items()})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
