"""Keys of programs and editors, what they may do, and the port of their store."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from summarizer.domain import Model


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


class Keys(Protocol):
    """Who may use the service, and the browsers that signed in with a key.

    Of secrets only hashes come here.
    """

    def add(self, key: Key, secret_hash: str) -> None:
        """Keep a key with the hash of its secret."""
        ...

    def all(self) -> list[Key]:
        """Every key, revoked ones too, oldest first."""
        ...

    def find(self, key_id: str) -> tuple[Key, str] | None:
        """A key and the hash of its secret, revoked or not; ``None`` when there is none."""
        ...

    def used(self, key_id: str, at: datetime) -> None:
        """Note when a key was last used."""
        ...

    def revoke(self, key_id: str, at: datetime) -> None:
        """End a key and the sessions of it; one that is revoked stays as it is."""
        ...

    def add_session(self, token_hash: str, key_id: str, at: datetime, until: datetime) -> None:
        """Keep a session; those that ended before ``at`` are forgotten."""
        ...

    def of_session(self, token_hash: str, at: datetime) -> Key | None:
        """The key of a session that has not ended, ``None`` when there is none."""
        ...

    def end_session(self, token_hash: str) -> None:
        """Forget a session; an unknown one is ignored."""
        ...
