"""Middleware for every request: request id, body limit, security headers and one log line.

The log never contains source text, bodies, queries or keys.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import RefusedInputError, problem
from summarizer import telemetry

LARGEST_BODY = 64 * 1024 * 1024
"""Maximum bytes of a body; ten times the daily items of a large newsroom."""

TOO_LARGE = f"The body is larger than {LARGEST_BODY:,} bytes: send it in parts."

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Default security headers; endpoints may set stricter ones."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("summarizer.http")

Observe = Callable[[str, str, int, float], None]
"""Called for every answer with method, route, status and seconds."""


class Hardening:
    """Outermost middleware of the application."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        id_ = asked if _REQUEST_ID.fullmatch(asked) else secrets.token_hex(8)
        with telemetry.request(id_), telemetry.span("request") as span:
            await self._pass(id_, scope, receive, send, span)

    async def _pass(
        self, id_: str, scope: Scope, receive: Receive, send: Send, span: telemetry.Span
    ) -> None:
        headers = Headers(scope=scope)
        began, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = MutableHeaders(scope=message)
                given["X-Request-Id"] = id_
                for name, value in SAFE.items():
                    given.setdefault(name, value)
            await send(message)

        fault: str | None = None
        try:
            if _declared(headers) > LARGEST_BODY:
                await problem(413, TOO_LARGE, field="body")(scope, receive, answer)
            else:
                await self._app(scope, _limited(receive), answer)
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


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """A ``receive`` that raises 413 once the body exceeds ``LARGEST_BODY``."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise RefusedInputError(413, TOO_LARGE, "body")
        return message

    return limited
