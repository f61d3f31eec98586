"""The server: one reply of a script for each request, every request kept for assertions."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from summarizer.prompts import estimate_tokens


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Args:
        body: a dict is sent as JSON; in a message with status 200, missing ``usage`` is counted.
        sent: share of the body that is sent before the connection is closed, 0-1.
        held: nothing is sent before the server is closed.
        before: called in the request's own thread before anything is sent.
    """

    status: int = 200
    body: Mapping[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: float = 1.0
    held: bool = False
    before: Callable[[], object] | None = None


@dataclass(frozen=True)
class Recorded:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The body as JSON."""
        parsed: dict[str, Any] = json.loads(self.raw)
        return parsed

    @property
    def turn(self) -> str:
        """Text of the last turn."""
        return str(self.body["messages"][-1]["content"])

    @property
    def prefix(self) -> str:
        """The system blocks as JSON, which is what a server caches."""
        return json.dumps(self.body["system"])


Script = Callable[[Recorded], Reply] | Sequence[Reply]


class MessagesServer:
    """Speaks ``POST /v1/messages`` and ``/v1/messages/count_tokens`` on an ephemeral port.

    Args:
        script: replies in the order of the requests, or what to reply to each.  A request beyond
            the end of the script is answered 418, which no client retries.
    """

    def __init__(self, script: Script) -> None:
        self.requests: list[Recorded] = []
        self._script = script if callable(script) else list(script)
        self._lock = threading.Lock()
        self._cached: set[str] = set()
        self._closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server._answer(self, Recorded(self.path, headers, raw))

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler, request: Recorded) -> None:
        with self._lock:
            self.requests.append(request)
            reply = self._reply(request)
            body = reply.body
            if not isinstance(body, bytes):
                if reply.status == 200 and "content" in body:
                    body = {"usage": self._usage(request, body)} | dict(body)
                body = json.dumps(body).encode()
        if reply.held:
            self._closing.wait()
            handler.close_connection = True
            return
        if reply.before is not None:
            reply.before()
        handler.send_response(reply.status)
        headers = {"content-type": "application/json", "connection": "close"} | dict(reply.headers)
        for name, value in (headers | {"content-length": str(len(body))}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body[: int(len(body) * reply.sent)])
        handler.close_connection = True

    def _reply(self, request: Recorded) -> Reply:
        if request.path == "/v1/messages/count_tokens":
            return Reply(body={"input_tokens": sum(self._tokens(request))})
        if callable(self._script):
            return self._script(request)
        if self._script:
            return self._script.pop(0)
        return Reply(418, {"type": "error", "error": {"type": "unscripted", "message": "No more"}})

    def _usage(self, request: Recorded, message: Mapping[str, Any]) -> dict[str, int]:
        """Tokens as the API counts them: a prefix seen before is read from the cache."""
        prefix, rest = self._tokens(request)
        read = request.prefix in self._cached
        self._cached.add(request.prefix)
        return {
            "input_tokens": rest,
            "cache_read_input_tokens": prefix if read else 0,
            "cache_creation_input_tokens": 0 if read else prefix,
            "output_tokens": sum(estimate_tokens(b.get("text", "")) for b in message["content"]),
        }

    @staticmethod
    def _tokens(request: Recorded) -> tuple[int, int]:
        """Tokens up to the last mark of the cache, and behind it."""
        blocks = request.body.get("system", [])
        marks = [n for n, block in enumerate(blocks, start=1) if "cache_control" in block]
        marked = max(marks, default=0)
        counts = [estimate_tokens(block["text"]) for block in blocks]
        turns = sum(estimate_tokens(turn["content"]) for turn in request.body["messages"])
        return sum(counts[:marked]), sum(counts[marked:]) + turns


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """As the parent's, without its look-up of our own name."""
        socketserver.TCPServer.server_bind(self)
