"""Authentication over HTTP: API keys, and sessions of browsers that signed in with one.

A secret is ``isk_<id>_<random>``: looked up by its id, compared by its hash in constant time, shown
once and never stored.  The random part has 256 bits, so that one round of SHA-256 is enough.  The
service is open until the first key is created; revoking the last key does not open it again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets

from summarizer.domain.api_keys import Key, Scope, up_to
from summarizer.domain.reports import READER
from summarizer.errors import InputError, NotFoundError
from summarizer.ports.clock import Clock
from summarizer.storage.api_keys import Keys

LOCAL = "local"
"""Actor of requests from this machine while the service is open."""

TAKEN = frozenset({LOCAL, READER, "summarizer", "worker"})
"""Reserved actor names: the open service, readers, the program itself, the worker."""

FIRST = "first"
"""Name of the key that the environment gives."""

SESSION = dt.timedelta(hours=12)
"""Duration of a browser session: a working day."""

USE_NOTED = dt.timedelta(minutes=1)
"""Precision of the time of last use; recording every use would turn every read into a write."""

REMEMBERED = dt.timedelta(seconds=2)
"""Time for which a checked secret is not looked up again; one that another process revokes is good
for that long."""

MOST_REMEMBERED = 1_000
"""Checked secrets in memory; above it, all are forgotten."""

_SECRET = re.compile(r"isk_([0-9a-f]{12})_[\w-]{43}", re.ASCII)
_NOBODY = "0" * 64


class ApiKeys:
    """Creates, revokes and checks API keys, and the sessions signed in with them."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._closed = False
        self._checked = _Checked()
        self._signed_in = _Checked()

    @property
    def is_open(self) -> bool:
        """Whether no key was ever created, so that none is required."""
        self._closed = self._closed or bool(self._keys.all())
        return not self._closed

    @property
    def has_key(self) -> bool:
        """Whether there is a key that is not revoked."""
        return any(key.revoked_at is None for key in self._keys.all())

    def create(self, name: str, scope: Scope) -> tuple[Key, str]:
        """Create a key; returns it with its secret, which cannot be shown again.

        Raises:
            InputError: the name is blank, reserved, or the name of another valid key.
        """
        name = name.strip()
        if not name or len(name) > 100 or not name.isprintable():
            raise InputError(
                "A key needs a name of 1 to 100 characters, which the history shows.", field="name"
            )
        if name in TAKEN:
            raise InputError(f"The name {name!r} is reserved: choose another.", field="name")
        if any(key.name == name and key.revoked_at is None for key in self._keys.all()):
            raise InputError(
                f"A key is named {name!r} already: revoke it or choose another name.", field="name"
            )
        id_ = secrets.token_hex(6)
        secret = f"isk_{id_}_{secrets.token_urlsafe(32)}"
        key = Key(id=id_, name=name, scopes=up_to(scope), created_at=self._clock.now())
        self._keys.add(key, _hash(secret))
        return key, secret

    def create_first(self, secret: str) -> bool:
        """Create an admin key named ``first`` with a given secret, if no key was ever created.

        Several processes may do so at once.

        Raises:
            InputError: the secret has not the form of one.
        """
        form = _SECRET.fullmatch(secret)
        if form is None:
            raise InputError(
                "The first key is isk_, 12 hexadecimal digits, _ and 43 letters, digits, - or _ "
                "that nobody can guess: 32 random bytes in URL-safe base64."
            )
        now = self._clock.now()
        key = Key(id=form[1], name=FIRST, scopes=up_to(Scope.ADMIN), created_at=now)
        return self._keys.add_first(key, _hash(secret))

    def keys(self) -> list[Key]:
        """All keys, including revoked ones, oldest first."""
        return self._keys.all()

    def revoke(self, key_id: str) -> Key:
        """Revoke a key and end its sessions.

        Raises:
            NotFoundError: there is no key with that id.
        """
        self._keys.revoke(key_id, self._clock.now())
        self._checked.clear()
        self._signed_in.clear()
        found = self._keys.find(key_id)
        if found is None:
            raise NotFoundError(f"There is no key {key_id!r}: see summarizer keys list.")
        return found[0]

    def remembered(self, secret: str) -> Key | None:
        """The key with that secret, if it was good a moment ago; reads no database."""
        return self._checked.get(secret, self._clock.now())

    def remembered_session(self, token: str) -> Key | None:
        """The key of a session that was good a moment ago; reads no database."""
        return self._signed_in.get(token, self._clock.now())

    def recognise(self, secret: str) -> Key | None:
        """The key with that secret; ``None`` for an unknown or revoked one."""
        return self.remembered(secret) or self._looked_up(secret)

    def _looked_up(self, secret: str) -> Key | None:
        form = _SECRET.fullmatch(secret)
        found = self._keys.find(form[1]) if form else None
        # Compare even without a key, so that response times reveal no valid ids.
        same = hmac.compare_digest(_hash(secret), found[1] if found else _NOBODY)
        if found is None or not same or found[0].revoked_at is not None:
            return None
        key, now = found[0], self._clock.now()
        if key.last_used_at is None or now - key.last_used_at >= USE_NOTED:
            self._keys.used(key.id, now)
        self._checked.put(secret, key, now)
        return key

    def sign_in(self, secret: str) -> tuple[Key, str, dt.datetime] | None:
        """Start a session; returns its key, the token for the cookie, and the end of the session.

        ``None`` for an unknown or revoked secret.
        """
        key = self.recognise(secret)
        if key is None:
            return None
        token, now = secrets.token_urlsafe(32), self._clock.now()
        self._keys.add_session(_hash(token), key.id, now, now + SESSION)
        return key, token, now + SESSION

    def signed_in(self, token: str) -> Key | None:
        """The key of a session; ``None`` for an unknown or ended one."""
        if (known := self.remembered_session(token)) is not None:
            return known
        now = self._clock.now()
        key = self._keys.of_session(_hash(token), now)
        if key is not None:
            self._signed_in.put(token, key, now)
        return key

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._keys.end_session(_hash(token))
        self._signed_in.drop(token)


class _Checked:
    """Secrets that were good a moment ago, by hash; those of keys apart from those of sessions."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Key, dt.datetime]] = {}

    def get(self, secret: str, now: dt.datetime) -> Key | None:
        """The key of a secret that was checked at most ``REMEMBERED`` ago."""
        key, at = self._known.get(_hash(secret), (None, now))
        return key if dt.timedelta() <= now - at < REMEMBERED else None

    def put(self, secret: str, key: Key, at: dt.datetime) -> None:
        """Remember a secret that was good at a time."""
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[_hash(secret)] = key, at

    def drop(self, secret: str) -> None:
        """Forget one secret."""
        self._known.pop(_hash(secret), None)

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
