"""``Idempotency-Key`` on writes: what was done once is answered again and not done again.

The rules of draft-ietf-httpapi-idempotency-key-header.  An answer that says ``no-store`` or sets a
cookie holds a secret, and is not written down: only that the request was done is.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import actor, within_limit
from api.problems import RefusedInputError, answers, problem
from summarizer.app import App
from summarizer.domain.idempotency import LARGEST, Answer, Claimed

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
FIELD = f"header.{HEADER.lower()}"

WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})

NOT_KEPT = frozenset({401, 403, 408, 429})
"""Answers to whoever may not or not yet ask: nothing was tried, and the same may go well later."""

TOLD_AGAIN = ("content-type", "location", "etag", "link")

_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')
"""A string of RFC 8941, or the bare key that many clients send."""

PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A key of your choice, new for each request and sent again with each retry of it. Within "
        "24 hours the same request is not done again: its first answer comes back, marked "
        f"`{REPLAYED}: true`. The key with another request is 422, while the first is under way "
        "409. An answer that held a secret or was larger than 256 KiB is not kept: then 409 says "
        "that the request was done."
    ),
    "schema": {"type": "string", "maxLength": 257, "pattern": r'^"?[A-Za-z0-9._:-]{1,255}"?$'},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}


class Idempotency:
    """Wraps the application, inside of what compresses and hardens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, or answer it as it was answered before."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope.get("method") not in WRITES or HEADER not in headers:
            await self._app(scope, receive, send)
            return
        service: App = scope["app"].state.service
        try:
            owner = await run_in_threadpool(_owner, Request(scope), service)
            if owner is None or not scope["path"].startswith("/v1/"):
                await self._app(scope, receive, send)  # which refuses it, with the reason
                return
            key = _key(headers)
            body = await _body(receive)
            if body is None:
                return
            print_ = _fingerprint(scope, headers, body)
            at = service.clock.now()
            found = await run_in_threadpool(service.store.replies.claim, owner, key, print_, at)
            if found is not None:
                await run_in_threadpool(_limited, Request(scope), service)
                await _again(found, print_)(scope, receive, send)
                return
        except HTTPException as error:
            field = error.field if isinstance(error, RefusedInputError) else None
            refusal = problem(error.status_code, str(error.detail), error.headers, field=field)
            await refusal(scope, receive, send)
            return
        await self._first(service, (owner, key), scope, _replayed(body, receive), send)

    async def _first(
        self, service: App, at: tuple[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        heard = _Heard(send)
        try:
            await self._app(scope, receive, heard)
        except Exception:
            await run_in_threadpool(service.store.replies.release, *at)
            raise
        if heard.status >= 500 or heard.status in NOT_KEPT:
            await run_in_threadpool(service.store.replies.release, *at)
        else:
            await run_in_threadpool(service.store.replies.keep, *at, heard.answer())
        await heard.finish()


class _Heard:
    """Passes an answer on, its end only after it was kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._headers = Headers()
        self._parts: list[bytes] = []
        self._size = 0
        self._last: Message | None = None
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = Headers(raw=message["headers"])
        elif message["type"] == "http.response.body":
            part = message.get("body", b"")
            self._size += len(part)
            if self._size <= LARGEST:
                self._parts.append(part)
            if not message.get("more_body", False):
                self._last = message
                return
        await self._send(message)

    async def finish(self) -> None:
        if self._last is not None:
            await self._send(self._last)

    def answer(self) -> Answer:
        secret = "no-store" in self._headers.get("cache-control", "")
        secret = secret or "set-cookie" in self._headers
        known = {name: self._headers[name] for name in TOLD_AGAIN if name in self._headers}
        body = None if secret or self._size > LARGEST else b"".join(self._parts)
        return Answer(status=self.status, headers=known, body=body)


def document(app: FastAPI) -> None:
    """Let the OpenAPI document say so of every write."""
    whole = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = whole()
            for path, operations in schema["paths"].items():
                for method, operation in operations.items():
                    if path.startswith("/v1/") and method.upper() in WRITES:
                        operation.setdefault("parameters", []).append(PARAMETER)
                        for status, said in answers(409).items():
                            operation["responses"].setdefault(str(status), said)
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


def _owner(request: Request, service: App) -> str | None:
    """Id of the key that asks; ``None`` for whoever may not."""
    try:
        return actor(request, service).id
    except HTTPException:
        return None


def _limited(request: Request, service: App) -> None:
    within_limit(request, actor(request, service), service.clock.now())


def _key(headers: Headers) -> str:
    sent = headers.getlist(HEADER)
    form = _KEY.fullmatch(sent[0].strip()) if len(sent) == 1 else None
    if form is None:
        raise RefusedInputError(
            HTTPStatus.BAD_REQUEST,
            f"{HEADER} is one key of 1 to 255 visible ASCII characters, best a new UUID in quotes.",
            FIELD,
        )
    return form[1] or form[2]


def _fingerprint(scope: Scope, headers: Headers, body: bytes) -> str:
    """Hash of what makes a request this one: target, precondition, body."""
    target = (scope["method"], scope["path"], scope["query_string"].decode("latin-1"))
    said = (*target, headers.get("if-match", ""), headers.get("content-type", ""))
    return hashlib.sha256(repr(said).encode() + body).hexdigest()


async def _body(receive: Receive) -> bytes | None:
    """The whole body; ``None`` when its sender went away."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _again(found: Claimed, fingerprint: str) -> Response:
    if found.fingerprint != fingerprint:
        said = f"This {HEADER} came with another request: choose a new key for each request."
        return problem(422, said, kind="idempotency-key-reused", field=FIELD)
    answer = found.answer
    if answer is None:
        said = "The same request is under way: ask again in a moment, with the same key."
        return problem(409, said, {"Retry-After": "1"}, kind="idempotency-key-in-use")
    if answer.body is None:
        said = (
            f"The request was done before, with status {answer.status}. Its answer held a secret "
            "or was too large to keep: read what it made, or make another with a new key."
        )
        return problem(409, said, kind="answer-not-kept")
    again = Response(answer.body, answer.status, dict(answer.headers))
    again.headers[REPLAYED] = "true"
    return again
