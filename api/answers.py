"""Answers that are kept as bytes, plain and compressed, so that none is built twice.

An answer is kept under the request that asked for it, with a mark that changes with every change of
the answer and is found by one small statement, and with the time until which it stands.
"""

from __future__ import annotations

import datetime as dt
import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import NamedTuple

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api import etags
from api.dependencies import app_of
from summarizer.errors import SummarizerError

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of bodies that are kept; above them, those asked for least recently are dropped."""

LEAST_COMPRESSED = 1_000
"""Bytes of the smallest body that is compressed."""

MOMENT = dt.timedelta(seconds=5)
"""Time for which a list stands: noise fades, states end."""

Mark = Callable[[], Hashable]
"""Finds, by one small statement, what changes with every change of an answer."""


class Kept(NamedTuple):
    """An answer, and what tells whether it still stands.

    Args:
        at: time of building.
        until: end of the time for which it stands.
        mark: finds the present mark.
        marked: the mark at which it was built, or an earlier one.
    """

    body: bytes
    headers: dict[str, str]
    at: dt.datetime
    until: dt.datetime
    mark: Mark
    marked: Hashable


class Answers:
    """Answers of one process, in a bounded memory.

    Args:
        most_bytes: of all bodies.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        """The answer with that key, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer, in place of one with that key."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(answer.body) - (len(before.body) if before else 0)
            self._kept[key] = answer
            while self._bytes > self._most_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.body)


async def again(request: Request) -> Response | None:
    """The kept answer to a request, if it still stands."""
    app = app_of(request)
    found = _of(request).get(_line(request)) if request.method == "GET" else None
    # Not either from before the clock was set back.
    if found is None or not found.at <= app.clock.now() < found.until:
        return None
    with suppress(SummarizerError):  # is told when the answer is built
        at_once = app.store.answers_at_once
        present = found.mark() if at_once else await run_in_threadpool(found.mark)
        if present == found.marked:
            return _answer(request, found)
    return None


def keep(
    request: Request,
    build: Callable[[], Response],
    mark: Mark,
    marked: Hashable,
    until: dt.datetime,
) -> Response:
    """Build an answer, and keep it for requests that are like this one.

    Args:
        request: the request; its answer depends on its path, query, ``Accept`` and reader only.
        build: builds the answer.
        mark: finds the mark of the answer.
        marked: the mark that was found before.
        until: end of the time for which the answer stands.
    """
    at, built = app_of(request).clock.now(), build()
    headers = {name: value for name, value in built.headers.items() if name != "content-length"}
    kept = Kept(bytes(built.body), headers, at, until, mark, marked)
    _of(request).put(_line(request), kept)
    return _answer(request, kept)


def _of(request: Request) -> Answers:
    answers: Answers = request.app.state.answers
    return answers


def _line(request: Request) -> Hashable:
    """All of a request on which a kept answer depends."""
    scope, reader = request.scope, getattr(request.state, "reader", None)
    return scope["path"], scope["query_string"], request.headers.get("accept"), reader


def _answer(request: Request, kept: Kept) -> Response:
    """A kept answer, compressed where the client takes it; 304 where the client has it."""
    etag = kept.headers.get("etag")
    if etag is not None and etags.unchanged(request, etag):
        return etags.nothing_new(etag)
    wants_gzip = "gzip" in request.headers.get("accept-encoding", "")
    if not wants_gzip or len(kept.body) < LEAST_COMPRESSED:
        return Response(kept.body, headers=kept.headers)
    key = "gzip", _line(request)
    compressed = _of(request).get(key)
    if compressed is None or (compressed.marked, compressed.at) != (kept.marked, kept.at):
        vary = ", ".join(filter(None, (kept.headers.get("vary"), "Accept-Encoding")))
        headers = kept.headers | {"content-encoding": "gzip", "vary": vary}
        compressed = kept._replace(body=gzip.compress(kept.body, mtime=0), headers=headers)
        _of(request).put(key, compressed)
    return Response(compressed.body, headers=compressed.headers)
