"""API keys of programs and editors, and their scopes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from summarizer.domain.model import Model


class Scope(StrEnum):
    """Permission of a key; each scope includes those before it."""

    READ = "read"
    DRAFT = "draft"
    REVIEW = "review"
    ADMIN = "admin"


class Key(Model):
    """A key for the HTTP API; its secret is stored only as a hash.

    Args:
        id: public part of the secret, used to look the key up.
        name: name of the editor or program, as shown in the history.
        last_used_at: time of last use, to the minute.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: dt.datetime
    last_used_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
