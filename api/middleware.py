"""Middleware for every request: request id, body limit, security headers and one log line.

The log never contains source text, bodies, queries or keys.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from api.rate_limit import Allowance
from summarizer import telemetry

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Default security headers; endpoints may set stricter ones."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

LARGEST_REST = 64 * 1024 * 1024
"""Most bytes of a body that are received and dropped after an answer; else the connection ends."""

log = logging.getLogger("summarizer.http")

Observe = Callable[[str, str, int, float], None]
"""Called for every answer with method, route, status and seconds."""


GONE = 499
"""Status in the log of a request whose client hung up; nginx's number, since HTTP has none."""


class Hardening:
    """Outermost middleware of the application.

    Args:
        app: what handles the requests.
        observe: told of every answer.
        root: path below which a proxy shows the service; taken off the paths of requests, if the
            proxy has not done so, and put before those in ``Location`` and ``Link``.
    """

    def __init__(self, app: ASGIApp, observe: Observe, root: str = "") -> None:
        self._app = app
        self._observe = observe
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._root and f"{scope['path']}/".startswith(f"{self._root}/"):
            scope["path"] = scope["path"].removeprefix(self._root) or "/"
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        id_ = asked if _REQUEST_ID.fullmatch(asked) else secrets.token_hex(8)
        with telemetry.request(id_), telemetry.span("request") as span:
            await self._pass(id_, scope, receive, send, span, unread=not _is_bounded(headers))

    async def _pass(
        self,
        id_: str,
        scope: Scope,
        receive: Receive,
        send: Send,
        span: telemetry.Span,
        *,
        unread: bool,
    ) -> None:
        began, status = time.perf_counter(), 0

        async def counted() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread and bool(message.get("more_body", False))
            return message

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                allowance = scope.get("state", {}).get("allowance")
                message["headers"] = [
                    *_hardened(message.get("headers", ()), id_, self._root),
                    *_limit(allowance),
                ]
                if unread or status == HTTPStatus.REQUEST_TIMEOUT:
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        fault: str | None = None
        try:
            await self._app(scope, counted, answer)
        except ClientDisconnect:
            status = status or GONE
        except Exception as error:  # last handler: answers 500 and logs the error's type
            fault = type(error).__name__
            if not status:
                detail = f"The service failed. Report request {id_} to its operator."
                await problem(500, detail)(scope, receive, answer)
            log.debug("request %s failed", id_, exc_info=True)
        finally:
            record = self._record(scope, id_, status, time.perf_counter() - began, fault)
            for name in ("method", "route", "incident", "status", "fault"):
                if name in record:
                    span.set(name, record[name])

    def _record(
        self, scope: Scope, id_: str, status: int, seconds: float, fault: str | None
    ) -> dict[str, Any]:
        route = getattr(scope.get("route"), "path", "unknown")
        self._observe(scope["method"], route, status, seconds)
        incident = scope.get("path_params", {}).get("incident_id")
        fields = {
            "request": id_,
            "method": scope["method"],
            "route": route,
            "incident": incident,
            "status": status,
            "ms": round(seconds * 1_000),
            "fault": fault,
        }
        level = logging.ERROR if fault else logging.INFO
        record = {name: value for name, value in fields.items() if value is not None}
        log.log(level, json.dumps(record))
        return record


class HeadAsGet:
    """Answers HEAD like GET; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message.get("more_body"):
                raise ClientDisconnect  # a stream without an end is not waited for
            await send(message)

        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, answer)
        finally:
            scope.update({name: asked[name] for name in ("route", "path_params") if name in asked})


_Raw = tuple[bytes, bytes]
"""A header as servers send it: its name in lower case, and its value."""

_SAFE = [(name.lower().encode(), value.encode()) for name, value in SAFE.items()]


def _hardened(headers: Iterable[_Raw], request: str, root: str) -> Iterator[_Raw]:
    """The headers of an answer, below the root, with those of every answer."""
    given = set()
    for name, value in headers:
        given.add(name)
        if name == b"location":
            yield name, (root + _local(value.decode("latin-1"))).encode("latin-1")
        elif name == b"link" and root:
            yield name, value.replace(b"</", f"<{root}/".encode(), 1)
        else:
            yield name, value
    yield from (safe for safe in _SAFE if safe[0] not in given)
    yield b"x-request-id", request.encode()


def _limit(allowance: Allowance | None) -> Iterator[_Raw]:
    """What the key has left of its limit."""
    if allowance is not None and allowance.limit:
        yield b"ratelimit-limit", b"%d" % allowance.limit
        yield b"ratelimit-remaining", b"%d" % allowance.left
        yield b"ratelimit-reset", b"%d" % allowance.reset_s


def _local(location: str) -> str:
    """A URL of this service without its host, which the request may have forged."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/\\")  # browsers read // and /\ as the begin of a host
    return urlunsplit(("", "", path, parts.query, parts.fragment))


def _is_bounded(headers: Headers) -> bool:
    """Whether the rest of a body may come after the answer, which some clients need to read it."""
    length = headers.get("content-length", "0")
    is_short = length.isdigit() and len(length) < 10 and int(length) <= LARGEST_REST
    return is_short and "transfer-encoding" not in headers
