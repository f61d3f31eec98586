"""Answers that are kept as bytes, plain and compressed, so that none is built twice.

What a key says must change with every change of the answer.  An answer that also changes with time
is kept for a moment only.
"""

from __future__ import annotations

import datetime as dt
import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

from fastapi import Request, Response

from api import etags
from api.dependencies import app_of

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of bodies that are kept; above them, those asked for least recently are dropped."""

LEAST_COMPRESSED = 1_000
"""Bytes of the smallest body that is compressed."""

MOMENT = dt.timedelta(seconds=5)
"""Time for which an answer is kept that changes with time: noise fades, states end."""


class Kept(NamedTuple):
    """An answer, and when it was built."""

    body: bytes
    headers: dict[str, str]
    at: dt.datetime


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


def kept(
    request: Request,
    key: Hashable,
    build: Callable[[], Response],
    lasts: dt.timedelta | None = None,
) -> Response:
    """The answer to a request, kept or built now; 304 where the client has it.

    Args:
        request: says whether the answer may be compressed, and which one the client has.
        key: of the answer.
        build: builds it.
        lasts: for how long it is kept at most.
    """
    answers: Answers = request.app.state.answers
    now = app_of(request).clock.now()
    plain = _fresh(answers.get(key), now, lasts)
    if plain is None:
        built = build()
        headers = {k: v for k, v in built.headers.items() if k != "content-length"}
        plain = Kept(bytes(built.body), headers, now)
        answers.put(key, plain)
    etag = plain.headers.get("etag")
    if etag is not None and etags.unchanged(request, etag):
        return etags.nothing_new(etag)
    wants_gzip = "gzip" in request.headers.get("accept-encoding", "")
    if not wants_gzip or len(plain.body) < LEAST_COMPRESSED:
        return Response(plain.body, headers=plain.headers)
    compressed = answers.get((key, "gzip"))
    if compressed is None or compressed.at != plain.at:
        vary = ", ".join(filter(None, (plain.headers.get("vary"), "Accept-Encoding")))
        headers = plain.headers | {"content-encoding": "gzip", "vary": vary}
        compressed = Kept(gzip.compress(plain.body, mtime=0), headers, plain.at)
        answers.put((key, "gzip"), compressed)
    return Response(compressed.body, headers=compressed.headers)


def _fresh(found: Kept | None, now: dt.datetime, lasts: dt.timedelta | None) -> Kept | None:
    """An answer that has not lasted too long; not one of the future, before the clock was set."""
    if found is None or lasts is None or dt.timedelta() <= now - found.at < lasts:
        return found
    return None
