"""Keys of the service and sessions of browsers, in the database of the store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from summarizer.domain.api_keys import Key, Scope
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.locks import KEYS

_KEYS, _SESSIONS = tables.api_keys, tables.sessions


class Keys:
    """Keys and sessions in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: Key, secret_hash: str) -> None:
        """Store a key with the hash of its secret."""
        row = key.model_dump() | {
            "scopes": sorted(scope.value for scope in key.scopes),
            "secret_hash": secret_hash,
        }
        with self._database.writing() as connection:
            connection.execute(insert(_KEYS).values(row))

    def add_first(self, key: Key, secret_hash: str) -> bool:
        """Store a key if there is none, revoked ones counted; says whether it was stored."""
        with self._database.writing(KEYS):
            if self.all():
                return False
            self.add(key, secret_hash)
            return True

    def all(self) -> list[Key]:
        """Every key, revoked ones too, oldest first."""
        query = select(_KEYS).order_by(_KEYS.c.created_at, _KEYS.c.id)
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(query)]

    def find(self, key_id: str) -> tuple[Key, str] | None:
        """A key and the hash of its secret, revoked or not; ``None`` when there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(_KEYS).where(_KEYS.c.id == key_id)).first()
        return None if row is None else (_key(row), row.secret_hash)

    def used(self, key_id: str, at: datetime) -> None:
        """Note when a key was last used."""
        with self._database.writing() as connection:
            connection.execute(update(_KEYS).where(_KEYS.c.id == key_id).values(last_used_at=at))

    def revoke(self, key_id: str, at: datetime) -> None:
        """Revoke a key and end its sessions; a revoked key stays as it is."""
        live = (_KEYS.c.id == key_id) & _KEYS.c.revoked_at.is_(None)
        with self._database.writing() as connection:
            connection.execute(update(_KEYS).where(live).values(revoked_at=at))
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key == key_id))

    def add_session(self, token_hash: str, key_id: str, at: datetime, until: datetime) -> None:
        """Store a session, and delete those that ended before ``at``."""
        row = {"token_hash": token_hash, "key": key_id, "created_at": at, "expires_at": until}
        with self._database.writing() as connection:
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.expires_at <= at))
            connection.execute(insert(_SESSIONS).values(row))

    def of_session(self, token_hash: str, at: datetime) -> Key | None:
        """The key of a session that has not ended, ``None`` when there is none."""
        lasting = (_SESSIONS.c.token_hash == token_hash) & (_SESSIONS.c.expires_at > at)
        query = select(_KEYS).join(_SESSIONS, _SESSIONS.c.key == _KEYS.c.id).where(lasting)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _key(row)

    def end_session(self, token_hash: str) -> None:
        """Forget a session; an unknown one is ignored."""
        with self._database.writing() as connection:
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.token_hash == token_hash))


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
