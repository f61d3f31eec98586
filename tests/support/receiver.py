"""A receiver of webhooks on loopback whose answers a test writes down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from summarizer.domain.webhooks import Delivery
from summarizer.webhooks import WebhookService


@dataclass(frozen=True)
class Received:
    """One request as it came; names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[[Received], tuple[int, bytes, dict[str, str]]]


def ok(request: Received) -> tuple[int, bytes, dict[str, str]]:
    return 200, b"thanks", {}


@dataclass
class Receiver:
    """A running receiver.

    Args:
        answer: called for each request; may wait.
        requests: everything that came, in order.
        most_at_once: requests that were under way at one time, at the most.
    """

    port: int
    answer: Answering = ok
    requests: list[Received] = field(default_factory=list)
    most_at_once: int = 0
    under_way: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        """Address and port, as the setting takes them."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast(_Server, self.server).receiver
        body = self.rfile.read(int(self.headers["content-length"]))
        request = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        with receiver.lock:
            receiver.requests.append(request)
            receiver.under_way += 1
            receiver.most_at_once = max(receiver.most_at_once, receiver.under_way)
        status, answer, headers = receiver.answer(request)
        with receiver.lock:
            receiver.under_way -= 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # who sent it may have given up
            super().handle()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A receiver on that port, or on a free one."""
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.receiver = Receiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()


def deliver_due(webhooks: WebhookService) -> list[Delivery]:
    """Try everything that is due once, in this thread; nobody else may deliver meanwhile."""
    webhooks.derive()
    return [done for id_ in webhooks.due() for done in webhooks.deliver(id_)]
