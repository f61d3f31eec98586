"""Who asks, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

LOCAL = "local"
"""Name of whoever asks while the service is open to this machine and no key exists."""


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    DRAFT = "draft"
    REVIEW = "review"
    ADMIN = "admin"


class Actor(BaseModel):
    """Who asks.

    Args:
        name: of the key, as it stands in the history.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    scopes: frozenset[Scope]


def actor(request: Request) -> Actor:
    """Who asks: everything is allowed on a service that is open to this machine alone."""
    return Actor(name=LOCAL, scopes=frozenset(Scope))


def needs(scope: Scope) -> Callable[[Actor], Actor]:
    """A dependency that gives the actor, when they have the scope."""

    def allowed(who: Annotated[Actor, Depends(actor)]) -> Actor:
        return who

    return allowed


Reader = Annotated[Actor, Depends(needs(Scope.READ))]
Drafting = Annotated[Actor, Depends(needs(Scope.DRAFT))]
Reviewer = Annotated[Actor, Depends(needs(Scope.REVIEW))]
Admin = Annotated[Actor, Depends(needs(Scope.ADMIN))]
