"""Places in a list, as opaque text that a caller hands back for what follows.

A cursor names the last row that was seen, never a count of rows, so that rows which come in
between neither repeat nor hide others.  It carries no secret and grants nothing: whoever forges
one begins elsewhere in a list that they may read anyway.
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
"""Characters of a cursor; ours are below 300."""

LARGEST = 2**63 - 1
"""The largest number that a database takes."""

REFUSED = "The cursor is not one of this list: begin again without it, and send it as it came."


def encoded(place: Model) -> str:
    """A place as URL-safe text."""
    raw = place.model_dump_json(exclude_none=True).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(cursor: str, shape: type[P]) -> P:
    """The place behind a cursor; raises ``InputError`` when it is none of that shape."""
    if len(cursor) > LONGEST:
        raise InputError(REFUSED, field="cursor")
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        return shape.model_validate_json(raw)
    except (binascii.Error, ValueError, ValidationError) as error:
        raise InputError(REFUSED, field="cursor") from error


def query_hash(asked: Any) -> str:
    """A short hash of what a list was asked for, so that a cursor continues no other list."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
