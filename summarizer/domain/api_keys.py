"""Keys of programs and editors, what they may do, and the port of their store."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from summarizer.domain.model import Model


class Scope(StrEnum):
    """What a key may do; each includes those before it."""

    READ = "read"
    DRAFT = "draft"
    REVIEW = "review"
    ADMIN = "admin"


class Key(Model):
    """Who may use the service over HTTP; the secret itself is kept nowhere.

    Args:
        id: public part of the secret, by which it is found.
        name: of the editor or program, as it stands in the history.
        last_used_at: to the minute.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: dt.datetime
    last_used_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
