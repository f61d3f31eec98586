"""HTTP server that answers requests by a script and records them for assertions."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from evals.mock_server.batches import BatchDesk
from evals.mock_server.requests import Recorded, Reply
from summarizer.drafting.prompts import estimate_tokens

Script = Callable[[Recorded], Reply] | Sequence[Reply]


class MessagesServer:
    """Server of ``/v1/messages``, ``/v1/messages/count_tokens`` and message batches.

    It listens on an ephemeral port.

    Args:
        script: replies in order of the requests, including those of batches, or a function of the
            request.  Requests beyond the end are answered with 418, which clients do not retry.
        looks: number of retrievals before a batch has ended.
    """

    def __init__(self, script: Script, looks: int = 0) -> None:
        self.requests: list[Recorded] = []
        self.batches = BatchDesk(self._said, looks)
        self._script = script if callable(script) else list(script)
        self._lock = threading.Lock()
        self._cached: set[str] = set()
        self._closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Base URL of the server."""
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

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server._answer(self, Recorded(self.path, headers, raw, self.command))

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler, request: Recorded) -> None:
        with self._lock:
            self.requests.append(request)
            reply = self._reply(request)
            body = reply.body
            if not isinstance(body, bytes):
                body = json.dumps(self._counted(request, reply)).encode()
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
            return Reply(body={"input_tokens": self._sent(request)})
        if request.path.startswith(BatchDesk.PATH):
            return self.batches.reply(request, self.url)
        return self._scripted(request)

    def _sent(self, request: Recorded) -> int:
        prefixes, rest = self._tokens(request)
        return max(prefixes.values(), default=0) + rest

    def _said(self, request: Recorded) -> Reply:
        """Scripted reply to one request of a batch, with usage."""
        reply = self._scripted(request)
        if isinstance(reply.body, bytes):
            raise ValueError("A request of a batch is answered with JSON.")
        return replace(reply, body=self._counted(request, reply))

    def _counted(self, request: Recorded, reply: Reply) -> Mapping[str, Any]:
        body = reply.body
        assert not isinstance(body, bytes)
        if reply.status == 200 and "content" in body:
            return {"usage": self._usage(request, body)} | dict(body)
        return body

    def _scripted(self, request: Recorded) -> Reply:
        if callable(self._script):
            return self._script(request)
        if self._script:
            return self._script.pop(0)
        return Reply(418, {"type": "error", "error": {"type": "unscripted", "message": "No more"}})

    def _usage(self, request: Recorded, message: Mapping[str, Any]) -> dict[str, int]:
        """Usage as the API counts it: the longest known prefix that ends with a cache mark is read,
        the rest up to the last mark is written."""
        prefixes, rest = self._tokens(request)
        read = max((n for prefix, n in prefixes.items() if prefix in self._cached), default=0)
        self._cached |= prefixes.keys()
        return {
            "input_tokens": rest,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": max(prefixes.values(), default=0) - read,
            "output_tokens": sum(estimate_tokens(b.get("text", "")) for b in message["content"]),
        }

    @staticmethod
    def _tokens(request: Recorded) -> tuple[dict[str, int], int]:
        """Tokens of each prefix that ends with a cache mark, and after the last one.

        A response schema is input before the system blocks, so that another one is another prefix.
        """
        body = request.body
        schema = json.dumps(body.get("output_config", {}).get("format") or "")
        text, count = body["model"] + schema, estimate_tokens(schema) if len(schema) > 2 else 0
        prefixes: dict[str, int] = {}
        for block in body.get("system", []):
            text, count = text + block["text"], count + estimate_tokens(block["text"])
            if "cache_control" in block:
                prefixes[text] = count
        turns = sum(estimate_tokens(turn["content"]) for turn in body["messages"])
        return prefixes, count - max(prefixes.values(), default=0) + turns


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without the reverse DNS look-up of the parent class, which may be slow."""
        socketserver.TCPServer.server_bind(self)
