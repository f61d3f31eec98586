"""Conditional requests: weak entity tags and 304 answers (RFC 9110, 13.1.2).

A tag hashes the content without the time at which noise was measured, which differs at every
request.  Tags are therefore weak.
"""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed."}}
"""OpenAPI description of a 304 answer."""

REVALIDATED = "private, no-cache"
"""``Cache-Control``: only private caches store the answer, and revalidate it each time."""


def tag(*parts: str) -> str:
    """Weak entity tag of an answer's content."""
    digest = hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()
    return f'W/"{digest[:32]}"'


def unchanged(request: Request, etag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, by weak comparison."""
    asked = request.headers.get("if-none-match", "")
    named = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return "*" in named or etag.removeprefix("W/") in named


def headers(etag: str) -> dict[str, str]:
    """Caching headers of a 200 or 304 answer."""
    return {"ETag": etag, "Cache-Control": REVALIDATED, "Vary": "Accept"}


def nothing_new(etag: str) -> Response:
    """A 304 answer."""
    return Response(status_code=304, headers=headers(etag))
