"""Who may use the service over HTTP: keys, and sessions of browsers that signed in with one.

A secret is ``isk_<id>_<random>``: found by its id, compared by its hash in constant time, shown
once and kept nowhere.  The random part has 256 bits, so that one round of SHA-256 is enough: there
is nothing to guess.  While no key was ever made the service is open; revoking the last one does
not open it again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets

from summarizer.domain.api_keys import Key, Scope
from summarizer.errors import InputError, NotFoundError
from summarizer.ports.clock import Clock
from summarizer.storage.api_keys import Keys

LOCAL = "local"
"""Name of whoever asks while the service is open to this machine and no key exists."""

TAKEN = frozenset({LOCAL, "summarizer", "worker"})
"""Names that the history has for others: the open service, what nobody asked for, the worker."""

SESSION = dt.timedelta(hours=12)
"""How long a browser stays signed in: a working day."""

USE_NOTED = dt.timedelta(minutes=1)
"""How exact the time of last use is: noting every use would make every reader a writer."""

_SECRET = re.compile(r"isk_([0-9a-f]{12})_[\w-]{43}", re.ASCII)
_NOBODY = "0" * 64


class ApiKeys:
    """Makes keys and recognises them."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._closed = False

    @property
    def is_open(self) -> bool:
        """Whether no key was ever made, so that none is asked for."""
        self._closed = self._closed or bool(self._keys.all())
        return not self._closed

    @property
    def has_key(self) -> bool:
        """Whether somebody holds a key that is good."""
        return any(key.revoked_at is None for key in self._keys.all())

    def create(self, name: str, scope: Scope) -> tuple[Key, str]:
        """A new key, and its secret, which nobody can show again.

        Raises:
            InputError: the name is blank, or the history has it for another already: a key that is
                good, or one of ``TAKEN``.
        """
        name = name.strip()
        if not name or len(name) > 100 or not name.isprintable():
            raise InputError(
                "A key needs a name of 1 to 100 characters: it signs the history.", field="name"
            )
        if name in TAKEN:
            raise InputError(
                f"The history has the name {name!r} for others: choose another.", field="name"
            )
        if any(key.name == name and key.revoked_at is None for key in self._keys.all()):
            raise InputError(
                f"There is a key named {name!r}: revoke it first, or choose another.", field="name"
            )
        id_ = secrets.token_hex(6)
        secret = f"isk_{id_}_{secrets.token_urlsafe(32)}"
        key = Key(id=id_, name=name, scopes=up_to(scope), created_at=self._clock.now())
        self._keys.add(key, _hash(secret))
        return key, secret

    def keys(self) -> list[Key]:
        """Every key, revoked ones too, oldest first."""
        return self._keys.all()

    def revoke(self, key_id: str) -> Key:
        """End a key and its sessions, at once.

        Raises:
            NotFoundError: there is no key with that id.
        """
        self._keys.revoke(key_id, self._clock.now())
        found = self._keys.find(key_id)
        if found is None:
            raise NotFoundError(f"There is no key {key_id!r}: see summarizer keys list.")
        return found[0]

    def recognise(self, secret: str) -> Key | None:
        """The key with that secret; ``None`` when there is none or it was revoked."""
        form = _SECRET.fullmatch(secret)
        found = self._keys.find(form[1]) if form else None
        # Compared also when there is nothing to compare with, so that time tells nothing.
        same = hmac.compare_digest(_hash(secret), found[1] if found else _NOBODY)
        if found is None or not same or found[0].revoked_at is not None:
            return None
        key, now = found[0], self._clock.now()
        if key.last_used_at is None or now - key.last_used_at >= USE_NOTED:
            self._keys.used(key.id, now)
        return key

    def sign_in(self, secret: str) -> tuple[Key, str, dt.datetime] | None:
        """A session: whose it is, the token for its cookie, and when it ends; ``None`` when the
        secret is no good."""
        key = self.recognise(secret)
        if key is None:
            return None
        token, now = secrets.token_urlsafe(32), self._clock.now()
        self._keys.add_session(_hash(token), key.id, now, now + SESSION)
        return key, token, now + SESSION

    def signed_in(self, token: str) -> Key | None:
        """Whose session that is; ``None`` when it ended or there is none."""
        return self._keys.of_session(_hash(token), self._clock.now())

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._keys.end_session(_hash(token))


def up_to(scope: Scope) -> frozenset[Scope]:
    """A scope and all that it includes."""
    every = list(Scope)
    return frozenset(every[: every.index(scope) + 1])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
