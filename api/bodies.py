"""Routes that admit a request before they read its body, and read it within limits.

Nothing of a body is read before the caller is known, within its rate limit and allowed to make the
request.  Then bytes are counted as they come, and JSON is parsed in a thread.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from api import answers
from api.auth import ADMISSIONS
from api.dependencies import app_of
from api.problems import RefusedInputError
from summarizer.text import strict_json

MEBIBYTE = 1024 * 1024

LARGEST_BODY = 256 * 1024
"""Most bytes of a body: the edits of the longest section many times over."""

LARGEST_BODIES = {
    "/v1/items": 16 * MEBIBYTE,
    "/v1/drafts": 16 * MEBIBYTE,
    "/v1/incidents/{incident_id}/items": 16 * MEBIBYTE,
    "/v1/verify": 8 * MEBIBYTE,
    "/v1/session": 4 * 1024,
    "/reports/{incident_id}": 32 * 1024,
}
"""Most bytes of the body where they are others, by path."""

GZIP = 16 + zlib.MAX_WBITS
"""What zlib calls a stream with the head and the end of gzip."""

BODY_S = 120.0
"""Seconds in which a body must have come: 16 MiB at 1.1 megabits a second."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """A route with an admission (``auth.ADMISSIONS``) before its body, and with limits on it."""

    def get_route_handler(self) -> Handler:
        """The handler of the route, behind its admission."""
        handle: Handler = super().get_route_handler()
        calls = [dependency.call for dependency in self.dependant.dependencies]
        admissions = [call for call in calls if call in ADMISSIONS]
        most = LARGEST_BODIES.get(self.path, LARGEST_BODY)
        known = sorted(set(_parameters(self.dependant)))
        strict = self.path.startswith("/v1/")  # a page is opened by links that others have added to

        async def guarded(request: Request) -> Response:
            for admit in admissions:
                await admit(request, app_of(request))
            if strict and request.scope["query_string"]:
                _check_query(request, known)
            if (kept := await answers.again(request)) is not None:
                return kept
            if (other := await run_in_threadpool(_moved, request)) is not None:
                return other
            return await handle(_BoundedRequest(request.scope, request.receive, most))

        return guarded


def _moved(request: Request) -> Response | None:
    """Where a merged incident is read now, if one is asked for by its former id.

    Nobody keeps the answer: a merge can be undone.
    """
    asked = request.path_params.get("incident_id")
    if asked is None or request.method != "GET":
        return None
    found = app_of(request).store.resolved(asked)
    if found == asked:
        return None
    path = request.url.path.replace(f"/incidents/{asked}", f"/incidents/{found}", 1)
    location = str(request.url.replace(path=path))
    return Response(None, 308, {"Location": location, "Cache-Control": "no-store"})


def _parameters(dependant: Dependant) -> Iterator[str]:
    """Names of the query parameters of an endpoint and of what it depends on."""
    yield from (one.alias for one in dependant.query_params)
    for part in dependant.dependencies:
        yield from _parameters(part)


def _check_query(request: Request, known: Sequence[str]) -> None:
    """Refuse a parameter that the route does not know: a misspelt filter would find everything."""
    for name in request.query_params:
        if name not in known:
            near = get_close_matches(name, known, 1)
            advice = f"did you mean {near[0]!r}?" if near else f"it takes {_listed(known)}."
            place = f"query.{name:.100}"
            raise RefusedInputError(422, f"There is no parameter {name!r:.100}: {advice}", place)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


class _BoundedRequest(Request):
    """A request whose body is read within limits, and whose JSON by our rules."""

    def __init__(self, scope: Scope, receive: Receive, most: int) -> None:
        super().__init__(scope, receive)
        self._most = most
        self._read: bytes | None = None

    async def body(self) -> bytes:
        if self._read is None:
            self._check_headers(self.headers)
            try:
                async with asyncio.timeout(BODY_S):
                    self._read = b"".join([chunk async for chunk in self._chunks()])
            except TimeoutError:
                raise RefusedInputError(
                    408, f"The body did not come within {BODY_S:.0f} s: send it faster.", "body"
                ) from None
        return self._read

    async def json(self) -> Any:
        try:
            return await run_in_threadpool(strict_json.loads, await self.body())
        except json.JSONDecodeError:
            raise  # FastAPI says where
        except ValueError as error:
            field = getattr(error, "field", None)
            place = f"body.{field}" if field else "body"
            raise RefusedInputError(422, f"{place}: {error}.", place) from error

    def _check_headers(self, headers: Headers) -> None:
        if _encoding(headers) not in ("identity", "gzip"):
            raise RefusedInputError(
                415, "A body is read plain or as gzip: send it so.", "header.content-encoding"
            )
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > 20 or int(length) > self._most):
            self._refuse()

    async def _chunks(self) -> AsyncIterator[bytes]:
        packed, size = _encoding(self.headers) == "gzip", 0
        reader = zlib.decompressobj(GZIP)
        try:
            async for chunk in self.stream():
                plain = reader.decompress(chunk, self._most + 1 - size) if packed else chunk
                size += len(plain)
                if size > self._most:
                    self._refuse()
                yield plain
        except zlib.error as error:
            raise RefusedInputError(422, f"The body is not gzip: {error}.", "body") from error
        if packed and (not reader.eof or reader.unused_data):
            what = "goes on after its end" if reader.eof else "is cut off"
            raise RefusedInputError(422, f"The gzip of the body {what}.", "body")

    def _refuse(self) -> None:
        raise RefusedInputError(
            413, f"The body is larger than {self._most:,} bytes: send it in parts.", "body"
        )


def _encoding(headers: Headers) -> str:
    return headers.get("content-encoding", "").strip().lower() or "identity"
