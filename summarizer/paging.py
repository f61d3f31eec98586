"""Cursors for paging: opaque text that a client sends to get the next page.

A cursor holds the last row of a page, never a count of rows, so that rows added in between neither
repeat nor hide others.  It carries no secret: a forged cursor only starts elsewhere in a list that
its sender may read anyway.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, TypeVar

from pydantic import ValidationError

from summarizer.domain.model import Model
from summarizer.errors import InputError

P = TypeVar("P", bound=Model)

LONGEST = 1_000
"""Most characters of a cursor; valid ones have fewer than 300."""

LARGEST = 2**63 - 1
"""Largest integer of the database."""

REFUSED = "The cursor does not belong to this list or was changed: begin again without it."


def encoded(place: Model) -> str:
    """Encode a position in a list as URL-safe text."""
    raw = place.model_dump_json(exclude_none=True).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(cursor: str, shape: type[P]) -> P:
    """Decode a cursor into a position; raises ``InputError`` when it does not fit ``shape``."""
    if len(cursor) > LONGEST:
        raise InputError(REFUSED, field="cursor")
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        return shape.model_validate_json(raw)
    except (binascii.Error, ValueError, ValidationError) as error:
        raise InputError(REFUSED, field="cursor") from error


def query_hash(asked: Any) -> str:
    """Short hash of a list's query, stored in its cursors so that they fit no other list."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
