"""API keys of programs and editors, their scopes, and the roles that name sets of scopes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from summarizer.domain.model import Model


class Scope(StrEnum):
    """Permission of a key; each scope includes those before it."""

    READ = "read"
    DRAFT = "draft"
    REVIEW = "review"
    SENIOR = "senior"
    ADMIN = "admin"


class Role(StrEnum):
    """Who a key is of, in a newsroom's words: a name for a set of scopes."""

    READER = "reader"
    DRAFTER = "drafter"
    EDITOR = "editor"
    SENIOR_DESK = "senior_desk"
    ADMIN = "admin"


def up_to(scope: Scope) -> frozenset[Scope]:
    """A scope with all scopes that it includes."""
    every = list(Scope)
    return frozenset(every[: every.index(scope) + 1])


ROLES: Mapping[Role, frozenset[Scope]] = {
    role: up_to(scope) for role, scope in zip(Role, Scope, strict=True)
}
"""The scopes of each role."""

ROLE_NAMES: Mapping[Role, str] = {role: role.value.replace("_", " ") for role in Role}
"""Roles in words."""


def role_of(scopes: frozenset[Scope]) -> Role:
    """The highest role all of whose scopes are there; a reader without any."""
    return next((role for role in reversed(Role) if ROLES[role] <= scopes), Role.READER)


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

    @property
    def role(self) -> Role:
        """Whose key it is."""
        return role_of(self.scopes)
