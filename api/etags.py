"""Reads that answer 304 when nothing that they say has changed (RFC 9110, 13.1.2).

Tags are weak: noise is measured at every read, and an answer of which only the moment of measuring
differs says the same.  A tag is a hash of the answer as it would be with that moment left out, so
that each format has tags of its own and whatever else changes in it, changes the tag.
"""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed."}}
"""For the OpenAPI document."""

REVALIDATED = "private, no-cache"
"""May be kept by whoever asked, and is to be asked for again each time."""


def tag(*parts: str) -> str:
    """A weak entity tag of what an answer says."""
    digest = hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()
    return f'W/"{digest[:32]}"'


def unchanged(request: Request, etag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, by weak comparison."""
    asked = request.headers.get("if-none-match", "")
    named = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return "*" in named or etag.removeprefix("W/") in named


def headers(etag: str) -> dict[str, str]:
    """What goes with a tag, on 200 and 304 alike."""
    return {"ETag": etag, "Cache-Control": REVALIDATED, "Vary": "Accept"}


def nothing_new(etag: str) -> Response:
    """304."""
    return Response(status_code=304, headers=headers(etag))
